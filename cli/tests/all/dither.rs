//! `bluegrad dither`: decoded results against the formula.

use crate::common::{Folder, png as blank_png};
use png::{BitDepth, ColorType};
use std::io::Cursor;

pub(crate) const WIDTH: usize = 37;
pub(crate) const HEIGHT: usize = 23;
const MASK: &str = "generate --width 32 --height 16 --steps 20 --out mask.u32";
/// Options for a mask file that does not say its shape.
pub(crate) const BY_MASK: &str = "--mask mask.u32 --mask-width 32 --mask-height 16";
pub(crate) const N: u64 = 32 * 16;

/// Encodes samples of the given kind.
pub(crate) fn encoded(color: ColorType, depth: BitDepth, extra: &[(&str, &[u8])], data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    for (name, chunk) in extra {
        match *name {
            "palette" => encoder.set_palette(chunk.to_vec()),
            _ => encoder.set_trns(chunk.to_vec()),
        }
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

pub(crate) fn grey(data: &[u8]) -> Vec<u8> {
    encoded(ColorType::Grayscale, BitDepth::Eight, &[], data)
}

pub(crate) fn rgb(data: &[u8]) -> Vec<u8> {
    encoded(ColorType::Rgb, BitDepth::Eight, &[], data)
}

/// Returns samples without a pattern, black and white included.
pub(crate) fn samples(channels: usize) -> Vec<u8> {
    (0..WIDTH * HEIGHT * channels).map(|i| if i % 13 == 5 { 255 } else { (i * 101 % 256) as u8 }).collect()
}

/// A folder with the mask and this picture, `in.png`.
pub(crate) fn folder(picture: &[u8]) -> (Folder, Vec<u32>) {
    let folder = Folder::new();
    folder.good(MASK);
    folder.write("in.png", picture);
    let ranks = folder.ranks("mask.u32");
    (folder, ranks)
}

/// Returns the kind of a picture and its 8-bit samples; a palette becomes RGB.
pub(crate) fn decoded(png: &[u8]) -> (ColorType, BitDepth, Vec<u8>) {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let info = reader.info();
    let kind = (info.color_type, info.bit_depth);
    assert_eq!((info.width, info.height), (WIDTH as u32, HEIGHT as u32));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    (kind.0, kind.1, pixels)
}

/// 8-bit value of a level, round(255·level/(L − 1)).
pub(crate) fn value(level: u64, levels: u64) -> u64 {
    (2 * 255 * level + levels - 1) / (2 * (levels - 1))
}

/// Returns every dithered sample by the formula; samples are 16-bit codes.
fn expected_codes(codes: &[u16], channels: usize, levels: u64, ranks: &[u32], offsets: [[usize; 2]; 3]) -> Vec<u8> {
    let one = |(i, code): (usize, &u16)| {
        let [dx, dy] = offsets[i % channels];
        let (x, y) = ((i / channels % WIDTH + dx) % 32, (i / channels / WIDTH + dy) % 16);
        let (rank, code) = (u64::from(ranks[y * 32 + x]), u64::from(*code));
        let low = (0..levels).rev().find(|level| 257 * value(*level, levels) <= code).unwrap();
        if low == levels - 1 {
            return 255;
        }
        let [below, above] = [low, low + 1].map(|level| 257 * value(level, levels));
        // (code − below)/(above − below) + (rank + ½)/n ≥ 1
        let up = (code - below) * 2 * N + (above - below) * (2 * rank + 1) >= (above - below) * 2 * N;
        value(low + u64::from(up), levels) as u8
    };
    codes.iter().enumerate().map(one).collect()
}

/// [`expected_codes`] of 8-bit samples.
fn expected(samples: &[u8], channels: usize, levels: u64, ranks: &[u32], offsets: [[usize; 2]; 3]) -> Vec<u8> {
    let codes: Vec<u16> = samples.iter().map(|v| 257 * u16::from(*v)).collect();
    expected_codes(&codes, channels, levels, ranks, offsets)
}

#[test]
fn grey_is_written_in_so_many_bits() {
    let (folder, ranks) = folder(&grey(&samples(1)));
    let kinds = [
        ("", 2, ColorType::Grayscale, BitDepth::One),
        ("--bits 1 --offset 5,-3", 2, ColorType::Grayscale, BitDepth::One),
        ("--bits 2 --offset=-27,1000000013", 4, ColorType::Grayscale, BitDepth::Two),
        ("--bits 4 --offset 9223372036854775807,-9223372036854775808", 16, ColorType::Grayscale, BitDepth::Four),
        ("--levels 3", 3, ColorType::Indexed, BitDepth::Two),
        ("--levels 11", 11, ColorType::Indexed, BitDepth::Four),
        ("--levels 17", 17, ColorType::Grayscale, BitDepth::Eight),
        ("--levels 256", 256, ColorType::Grayscale, BitDepth::Eight),
    ];
    let offsets = [[0, 0], [5, 13], [5, 13], [31, 0], [0, 0], [0, 0], [0, 0], [0, 0]];
    for ((options, levels, color, depth), offset) in kinds.into_iter().zip(offsets) {
        folder.good(&format!("dither in.png {BY_MASK} {options} --out out.png"));
        let (got_color, got_depth, pixels) = decoded(&folder.read("out.png"));
        assert_eq!((got_color, got_depth), (color, depth), "{options}");
        let values = expected(&samples(1), 1, levels, &ranks, [offset; 3]);
        if color == ColorType::Indexed {
            assert!(pixels.into_iter().eq(values.into_iter().flat_map(|value| [value; 3])), "{options}");
        } else {
            assert!(pixels == values, "{options}");
        }
    }
}

#[test]
fn colour_has_a_palette_while_there_is_room() {
    let (folder, ranks) = folder(&rgb(&samples(3)));
    for (levels, color, depth) in [
        (2, ColorType::Indexed, BitDepth::Four),
        (3, ColorType::Indexed, BitDepth::Eight),
        (6, ColorType::Indexed, BitDepth::Eight),
        (7, ColorType::Rgb, BitDepth::Eight),
        (256, ColorType::Rgb, BitDepth::Eight),
    ] {
        for (channels, offsets) in [("same", [[7, 1]; 3]), ("apart", [[7, 1], [17, 6], [28, 11]])] {
            folder.good(&format!(
                "dither in.png {BY_MASK} --levels {levels} --channels {channels} --offset 7,1 --out out.png"
            ));
            let (got_color, got_depth, pixels) = decoded(&folder.read("out.png"));
            assert_eq!((got_color, got_depth), (color, depth), "{levels} levels");
            assert!(pixels == expected(&samples(3), 3, levels, &ranks, offsets), "{levels} levels, {channels}");
        }
    }
    folder.good(&format!("dither in.png {BY_MASK} --bits 2 --out bits.png"));
    folder.good(&format!("dither in.png {BY_MASK} --levels 4 --out levels.png"));
    assert_eq!(folder.read("bits.png"), folder.read("levels.png"));
}

/// Every kind of PNG is dithered as it looks.
#[test]
fn every_kind_of_picture() {
    let (folder, ranks) = folder(&[]);
    let dithered = |picture: &[u8], options: &str| {
        folder.write("in.png", picture);
        folder.good(&format!("dither in.png {BY_MASK} --bits 4 {options} --out out.png"));
        folder.read("out.png")
    };
    let plain = samples(1);
    // 16-bit samples are not rounded to 8 bits.
    let codes: Vec<u16> = plain.iter().map(|v| (257 * u16::from(*v)).saturating_add(100)).collect();
    let bytes = |codes: &[u16]| codes.iter().flat_map(|code| code.to_be_bytes()).collect::<Vec<u8>>();
    let deep = dithered(&encoded(ColorType::Grayscale, BitDepth::Sixteen, &[], &bytes(&codes)), "");
    assert_eq!(decoded(&deep).2, expected_codes(&codes, 1, 16, &ranks, [[0; 2]; 3]));
    assert_ne!(deep, dithered(&grey(&plain), ""));
    let wide: Vec<u16> = samples(3).iter().map(|v| 257 * u16::from(*v)).collect();
    let deep = encoded(ColorType::Rgb, BitDepth::Sixteen, &[], &bytes(&wide));
    assert_eq!(dithered(&deep, ""), dithered(&rgb(&samples(3)), ""));

    // Alpha a adds 65535·(1 − a/255) of white.
    let over = |v: u8, a: u8| {
        let [v, a] = [v, a].map(u64::from);
        ((257 * v * a + 65535 * (255 - a) + 127) / 255) as u16
    };
    let alpha: Vec<u8> = plain.iter().enumerate().map(|(i, _)| [0, 255, 51, 204][i % 4]).collect();
    let with_alpha: Vec<u8> = plain.iter().zip(&alpha).flat_map(|(v, a)| [*v, *a]).collect();
    let flat: Vec<u16> = plain.iter().zip(&alpha).map(|(v, a)| over(*v, *a)).collect();
    assert_eq!(
        dithered(&encoded(ColorType::GrayscaleAlpha, BitDepth::Eight, &[], &with_alpha), ""),
        dithered(&encoded(ColorType::Grayscale, BitDepth::Sixteen, &[], &bytes(&flat)), "")
    );

    let indices: Vec<u8> = (0..WIDTH * HEIGHT).map(|i| (i % 3) as u8).collect();
    let colors = [[10, 20, 30], [200, 100, 50], [0, 0, 0]];
    let shown: Vec<u8> = indices.iter().flat_map(|i| [colors[0], colors[1], [255; 3]][usize::from(*i)]).collect();
    let palette = [("palette", colors.as_flattened()), ("transparent", &[255, 255, 0])];
    assert_eq!(
        dithered(&encoded(ColorType::Indexed, BitDepth::Eight, &palette, &indices), ""),
        dithered(&rgb(&shown), "")
    );

    let bits = blank_png(WIDTH as u32, HEIGHT as u32, ColorType::Grayscale, BitDepth::One);
    let (.., pixels) = decoded(&bits);
    assert_eq!(dithered(&bits, ""), dithered(&grey(&pixels), ""));
}

#[test]
fn colours_become_grey() {
    let color = [200, 90, 30];
    let (folder, _) = folder(&rgb(&color.repeat(WIDTH * HEIGHT)));
    let light = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    let weighted = |value: &dyn Fn(f64) -> f64| {
        color.iter().zip([0.2126, 0.7152, 0.0722]).map(|(c, w)| w * value(f64::from(*c) / 255.0)).sum::<f64>()
    };
    for (options, share) in [("", weighted(&|v| v)), ("--linear", weighted(&light))] {
        folder.good(&format!("dither in.png --grey {options} --out out.png"));
        let (color, depth, pixels) = decoded(&folder.read("out.png"));
        assert_eq!((color, depth), (ColorType::Grayscale, BitDepth::One));
        let white = pixels.iter().filter(|value| **value == 255).count() as f64 / (WIDTH * HEIGHT) as f64;
        assert!((white - share).abs() < 0.02, "{options}: {white} white, wanted {share}");
    }
}

#[test]
fn linear_light_keeps_the_brightness() {
    let light = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    for levels in [2, 3, 16, 255, 256] {
        for v in [0, 30, 128, 200, 255] {
            let (folder, _) = folder(&grey(&[v; WIDTH * HEIGHT]));
            folder.good(&format!("dither in.png --linear --levels {levels} --out out.png"));
            let (color, _, pixels) = decoded(&folder.read("out.png"));
            let step = if color == ColorType::Indexed { 3 } else { 1 };
            let all: Vec<f64> = pixels.into_iter().step_by(step).map(light).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            assert!((mean - light(v)).abs() < 0.02, "{v} to {levels} levels: {mean}, wanted {}", light(v));
        }
    }
}

/// A grey flat of 64x64 pixels, 16 bits.
pub(crate) fn flat(code: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Sixteen);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&code.to_be_bytes().repeat(64 * 64)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Sum of the 8-bit samples of a dithered flat.
pub(crate) fn sum(png: &[u8]) -> u64 {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels.len(), 64 * 64);
    pixels.into_iter().map(u64::from).sum()
}

/// 16 bits to 8 are dithered: half a pixel of the mask's 4096 is .00012 of a code value.
#[test]
fn a_flat_of_16_bits_keeps_its_mean() {
    let folder = Folder::new();
    // 127.75·257 = 32831.75, which no code is: the codes next to it.
    for code in [32831, 32832, 1, 65534] {
        folder.write("in.png", flat(code));
        folder.good("dither in.png --levels 256 --out out.png");
        let (mean, wanted) = (sum(&folder.read("out.png")) as f64 / 4096.0, f64::from(code) / 257.0);
        assert!((mean - wanted).abs() < 0.0002, "{code}: {mean}, wanted {wanted}");
    }
}

/// The darkest greys have the coverage of their light, within half a pixel of 4096.
#[test]
fn dark_greys_in_linear_light() {
    let folder = Folder::new();
    for v in 1..=16 {
        folder.write("in.png", flat(257 * v));
        folder.good("dither in.png --linear --bits 1 --out out.png");
        let x = f64::from(v) / 255.0;
        let light = if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) };
        let (white, wanted) = (sum(&folder.read("out.png")) / 255, 4096.0 * light);
        assert!((white as f64 - wanted).abs() <= 0.5001, "{v}: {white} pixels, wanted {wanted}");
    }
}

/// Every format and distribution of a mask gives the same picture.
///
/// Only the order of its values counts.
#[test]
fn every_format_of_a_mask() {
    let (folder, ranks) = folder(&grey(&samples(1)));
    let same = |mask: &str, options: &str, shape: &str, distribution: &str| {
        let run = format!("generate --width 32 --height 16 --steps 20 {distribution}");
        folder.good(&format!("{run} --out mask.u32"));
        folder.good(&format!("{run} --out {mask} {options}"));
        folder.good(&format!("dither in.png {BY_MASK} --bits 2 --out by-ranks.png"));
        folder.good(&format!("dither in.png --mask {mask} {shape} --bits 2 --out out.png"));
        assert!(folder.read("out.png") == folder.read("by-ranks.png"), "{mask} {options} {distribution}");
    };
    let raw = "--mask-width 32 --mask-height 16";
    same("mask.u16", "", raw, "");
    same("mask.f32", "--range signed", raw, "--distribution gaussian");
    same("mask.f32", "", raw, "--distribution triangular");
    same("mask.npy", "", "", "");
    same("mask.npy", "--depth 16", "", "");
    same("mask.png", "--depth 16", "", "");
    // 8 bits hold every second rank: two ranks share a value, and their threshold is the mean.
    folder.good("generate --width 32 --height 16 --steps 20 --out mask.png");
    folder.good("dither in.png --mask mask.png --bits 2 --out out.png");
    let pairs: Vec<u32> = ranks.iter().map(|rank| rank / 2).collect();
    let (.., pixels) = decoded(&folder.read("out.png"));
    for (i, (value, v)) in pixels.iter().zip(samples(1)).enumerate() {
        let pair = u64::from(pairs[i / WIDTH % 16 * 32 + i % WIDTH % 32]);
        let level = (u64::from(v) * 3 * 512 + 255 * (2 * pair + 1)) / (255 * 512);
        assert_eq!(u64::from(*value), 85 * level, "pixel {i}");
    }
    // Bayer's 2x2 mask: dither takes masks that are too small for measure.
    folder.write("bayer.u8", [0, 2, 3, 1]);
    folder.write("in.png", grey(&[96; WIDTH * HEIGHT]));
    folder.good("dither in.png --mask bayer.u8 --out out.png");
    let (.., pixels) = decoded(&folder.read("out.png"));
    // 96/255 + (rank + ½)/4 reaches 1 for the ranks 2 and 3 only: at (1, 0) and (0, 1).
    let white = |i: usize| i % WIDTH % 2 != i / WIDTH % 2;
    assert!(pixels.iter().enumerate().all(|(i, value)| (*value == 255) == white(i)));
}

#[test]
fn without_a_mask() {
    let (folder, _) = folder(&grey(&samples(1)));
    let run = folder.good("dither in.png --out out.png");
    assert_eq!(run.stdout.lines().count(), 1);
    for part in ["wrote out.png", "37x23", "2 levels", "1 bit a pixel", "mask 64x64"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    folder.good("generate --out default.u32");
    assert_eq!(folder.good("dither in.png --mask default.u32 --out other.PNG --quiet").stdout, "");
    assert_eq!(folder.read("out.png"), folder.read("other.PNG"));
    // The result is in the current folder, not in the folder of the picture.
    std::fs::create_dir(folder.file("elsewhere")).unwrap();
    std::fs::copy(folder.file("in.png"), folder.file("elsewhere/a.b.png")).unwrap();
    let run = folder.good("dither elsewhere/a.b.png");
    assert!(run.stdout.starts_with("wrote a.b-dithered.png: 37x23, "), "{}", run.stdout);
    assert_eq!(folder.read("a.b-dithered.png"), folder.read("out.png"));
    // The result may replace the picture.
    folder.good("dither in.png --force --out in.png");
    assert_eq!(folder.read("in.png"), folder.read("out.png"));
}
