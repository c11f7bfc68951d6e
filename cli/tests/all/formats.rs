//! Every file format holds the ranks of the mask.

use crate::common::Folder;
use std::io::Cursor;

const MASK: &str = "generate --width 32 --height 16 --steps 20 --seed 7";
const N: u64 = 32 * 16;

/// Returns a file of the mask, and its ranks.
fn made(name: &str, options: &str) -> (Vec<u8>, Vec<u32>) {
    let folder = Folder::new();
    folder.good(&format!("{MASK} --out ranks.u32"));
    folder.good(&format!("{MASK} --out {name} {options}"));
    let ranks = folder.ranks("ranks.u32");
    let mut sorted = ranks.clone();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..N as u32));
    (folder.read(name), ranks)
}

fn eight(rank: &u32) -> u8 {
    (256 * u64::from(*rank) / N) as u8
}

fn sixteen(rank: &u32) -> u16 {
    (65536 * u64::from(*rank) / N) as u16
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn decoded(png: &[u8]) -> (png::OutputInfo, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info, pixels)
}

#[test]
fn png_of_8_bits() {
    let (bytes, ranks) = made("mask.png", "");
    let (info, pixels) = decoded(&bytes);
    assert_eq!((info.width, info.height, info.color_type), (32, 16, png::ColorType::Grayscale));
    assert_eq!(info.bit_depth, png::BitDepth::Eight);
    assert!(pixels.iter().copied().eq(ranks.iter().map(eight)));
}

#[test]
fn png_of_16_bits() {
    let (bytes, ranks) = made("mask.png", "--depth 16");
    let (info, pixels) = decoded(&bytes);
    assert_eq!(info.bit_depth, png::BitDepth::Sixteen);
    assert!(pixels.into_iter().eq(ranks.iter().flat_map(|rank| sixteen(rank).to_be_bytes())));
}

#[test]
fn raw_integers() {
    let (bytes, ranks) = made("mask.u8", "");
    assert!(bytes.into_iter().eq(ranks.iter().map(eight)));
    let (bytes, ranks) = made("mask.U16", "");
    assert!(bytes.into_iter().eq(ranks.iter().flat_map(|rank| sixteen(rank).to_le_bytes())));
}

#[test]
fn raw_floats() {
    let unit = |rank: &u32| ((f64::from(*rank) + 0.5) / N as f64) as f32;
    let (bytes, ranks) = made("mask.f32", "");
    assert!(floats(&bytes).into_iter().eq(ranks.iter().map(unit)));
    let (bytes, ranks) = made("mask.f32", "--range signed");
    assert!(floats(&bytes).into_iter().eq(ranks.iter().map(|rank| 2.0 * unit(rank) - 1.0)));
}

#[test]
fn floats_have_the_distribution() {
    let folder = Folder::new();
    let steep: String = (0..65).map(|i| format!("{}\n", (f64::from(i) / 32.0 - 1.0).powi(3))).collect();
    folder.write("steep.txt", format!("# cubes\n{steep}"));
    for (name, most_near_zero) in [("triangular", 0.45), ("gaussian", 0.57), ("steep.txt", 0.64)] {
        folder.good(&format!("{MASK} --out mask.f32 --range signed --distribution {name}"));
        let values = floats(&folder.read("mask.f32"));
        let near = values.iter().filter(|value| value.abs() < 0.2605).count() as f64 / values.len() as f64;
        assert!((near - most_near_zero).abs() < 0.015, "{name}: {near}");
        assert!(values.iter().all(|value| (-1.0..1.0).contains(value)));
    }
    let note = folder.good(&format!("{MASK} --out mask.png --distribution gaussian")).stdout;
    assert!(note.contains("evenly spread"), "{note}");
}

#[test]
fn npy() {
    for (options, descr, size) in [("", "<f4", 4), ("--depth 8", "|u1", 1), ("--depth 16", "<u2", 2)] {
        let (bytes, ranks) = made("mask.npy", options);
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\0");
        let length = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!(length % 64, 0);
        let header = std::str::from_utf8(&bytes[10..length]).unwrap();
        let expected = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (16, 32), }}");
        assert_eq!(header.trim_end(), expected);
        assert!(header.ends_with('\n'));
        let data = &bytes[length..];
        assert_eq!(data.len(), size * N as usize);
        match size {
            1 => assert!(data.iter().copied().eq(ranks.iter().map(eight))),
            2 => assert!(data.iter().copied().eq(ranks.iter().flat_map(|rank| sixteen(rank).to_le_bytes()))),
            _ => assert!(floats(data).iter().zip(&ranks).all(|(value, rank)| (value * N as f32) as u32 == *rank)),
        }
    }
}

#[test]
fn csv_holds_the_ranks() {
    let (bytes, ranks) = made("mask.csv", "");
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count(), 16);
    assert!(text.lines().all(|line| line.split(',').count() == 32));
    assert!(text.lines().flat_map(|line| line.split(',')).map(|rank| rank.parse::<u32>().unwrap()).eq(ranks));
}

#[test]
fn c_header() {
    let (bytes, ranks) = made("mask.h", "");
    let text = String::from_utf8(bytes).unwrap();
    for line in [
        "#ifndef BLUEGRAD_MASK_H",
        "#include <stdint.h>",
        "#define BLUEGRAD_MASK_WIDTH 32",
        "#define BLUEGRAD_MASK_HEIGHT 16",
        "static const uint8_t bluegrad_mask[BLUEGRAD_MASK_HEIGHT * BLUEGRAD_MASK_WIDTH] = {",
        "#endif",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}");
    }
    let (_, rest) = text.split_once("= {").unwrap();
    let (values, _) = rest.split_once('}').unwrap();
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    assert!(values.map(|value| value.parse::<u8>().unwrap()).eq(ranks.iter().map(eight)));

    // The command in the comment makes the same file.
    let command = text.lines().find_map(|line| line.strip_prefix("//   bluegrad ")).unwrap();
    let folder = Folder::new();
    folder.good(command);
    assert_eq!(folder.read_text("mask.h"), text);
}
