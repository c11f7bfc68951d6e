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
    let note = folder.good(&format!("{MASK} --out mask.csv --distribution gaussian")).stdout;
    assert!(note.contains("ranks have no distribution"), "{note}");
    let note = folder.good(&format!("{MASK} --out mask.u16 --distribution gaussian")).stdout;
    assert!(!note.contains("note:"), "{note}");
}

/// Integers of every format: those of the floats, to the nearest, with the middle of the codes for no noise.
#[test]
fn integers_have_the_distribution() {
    let folder = Folder::new();
    let made =
        |options: &str| folder.good(&format!("generate --size 32 --preset triangular --seed 3 {options}")).stdout;
    assert!(!made("--out mask.f32 --range signed").contains("note:"));
    let noise = floats(&folder.read("mask.f32"));
    assert!(noise.iter().sum::<f32>().abs() < 1e-3 && noise.iter().all(|n| n.abs() < 1.0));
    // of the triangle, (1 + ¼)/2 of the values are below ½: 1 − ½·½·½
    assert_eq!(noise.iter().filter(|n| **n < 0.5).count(), 1024 * 7 / 8);
    let codes =
        |most: f64| -> Vec<u16> { noise.iter().map(|n| (0.5 * most * (f64::from(*n) + 1.0)).round() as u16).collect() };
    let (narrow, wide) = (codes(255.0), codes(65_535.0));
    made("--out mask.u8");
    assert!(folder.read("mask.u8").into_iter().map(u16::from).eq(narrow.iter().copied()));
    made("--out mask.png");
    let (.., pixels) = decoded(&folder.read("mask.png"));
    assert!(pixels.into_iter().map(u16::from).eq(narrow.iter().copied()), "png of 8 bits");
    // a float in between may be rounded to the other side of a code's edge
    let near = |got: &[u16]| got.iter().zip(&wide).all(|(a, b)| a.abs_diff(*b) <= 1);
    made("--out mask.u16");
    let raw = folder.read("mask.u16");
    let raw: Vec<u16> = raw.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    assert!(near(&raw), "raw of 16 bits");
    made("--out mask.png --depth 16");
    let (.., pixels) = decoded(&folder.read("mask.png"));
    assert!(pixels.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).eq(raw.iter().copied()), "png");
    made("--out mask.npy --depth 16");
    let file = folder.read("mask.npy");
    let data = file[file.len() - 2048..].as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    assert!(data.eq(raw.iter().copied()), "npy");
    made("--out mask.h");
    assert!(array(&folder.read_text("mask.h")).2.into_iter().eq(narrow.iter().map(|code| u32::from(*code))));
    is_made_again(&folder.read_text("mask.h"), "mask.h");
    // ranks are ranks
    assert!(made("--out mask.u32").contains("ranks have no distribution"));
    // the preset's masks can be read as uniform ones, and other presets' as triangular ones, with a note
    assert!(!made("--distribution uniform --out mask.u8").contains("note:"));
    assert!((0..=255).all(|code| folder.read("mask.u8").iter().filter(|value| **value == code).count() == 4));
    let note = folder.good("generate --size 32 --distribution triangular --out mask.u8").stdout;
    assert!(note.contains("remapped") && note.contains("--preset triangular"), "{note}");
    let spectral = "generate --size 32 --preset spectral --steps 5 --distribution triangular --out mask.u8";
    assert!(!folder.good(spectral).stdout.contains("note:"));
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

/// Checks that the command in the comment makes the same header.
fn is_made_again(text: &str, name: &str) {
    let command = text.lines().find_map(|line| line.strip_prefix(" *   bluegrad ")).unwrap();
    let folder = Folder::new();
    folder.good(command);
    assert_eq!(folder.read_text(name), text);
}

/// Type, name and values of a header's array.
fn array(text: &str) -> (&str, &str, Vec<u32>) {
    let (_, rest) = text.split_once("static const ").unwrap();
    let (kind, rest) = rest.split_once(' ').unwrap();
    let (name, rest) = rest.split_once('[').unwrap();
    let (_, rest) = rest.split_once("= {").unwrap();
    let (values, _) = rest.split_once('}').unwrap();
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    (kind, name, values.map(|value| value.parse().unwrap()).collect())
}

#[test]
fn c_header() {
    for (options, kind, value) in [
        ("", "uint8_t", &(|rank: &u32| u32::from(eight(rank))) as &dyn Fn(&u32) -> u32),
        ("--depth 8", "uint8_t", &|rank: &u32| u32::from(eight(rank))),
        ("--depth 16", "uint16_t", &|rank: &u32| u32::from(sixteen(rank))),
        ("--depth 32", "uint32_t", &|rank: &u32| *rank),
    ] {
        let (bytes, ranks) = made("mask.h", options);
        let text = String::from_utf8(bytes).unwrap();
        let declaration = format!("static const {kind} bluegrad_mask[BLUEGRAD_MASK_HEIGHT * BLUEGRAD_MASK_WIDTH] = {{");
        for line in [
            "#ifndef BLUEGRAD_MASK_H",
            "#include <stdint.h>",
            "#define BLUEGRAD_MASK_WIDTH 32",
            "#define BLUEGRAD_MASK_HEIGHT 16",
            &declaration,
            "#endif",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}");
        }
        assert_eq!(array(&text), (kind, "bluegrad_mask", ranks.iter().map(value).collect()));
        is_made_again(&text, "mask.h");
    }
}

#[test]
fn names_of_c_headers() {
    for (file, options, name) in [
        ("bluegrad-32x16.h", "", "bluegrad_32x16"),
        ("32x16.H", "", "bluegrad_32x16"),
        ("blue_noise.h", "", "bluegrad_blue_noise"),
        ("mask.h", "--name Blue", "Blue"),
    ] {
        let (bytes, _) = made(file, options);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(array(&text).1, name);
        let macros = name.to_ascii_uppercase();
        for part in ["#ifndef {}_H", "#define {}_WIDTH 32", "[{}_HEIGHT * {}_WIDTH]"] {
            let part = part.replace("{}", &macros);
            assert!(text.contains(&part), "{part}");
        }
        is_made_again(&text, file);
    }
}

#[test]
fn arrays_of_ranks() {
    let (bytes, ranks) = made("mask.npy", "--depth 32");
    assert!(bytes.ends_with(&ranks.iter().flat_map(|rank| rank.to_le_bytes()).collect::<Vec<_>>()));
    assert!(String::from_utf8_lossy(&bytes).contains("'descr': '<u4'"));
}

/// Headers under a C compiler, which Rust needs as a linker.
#[cfg(target_os = "linux")]
mod compiled {
    use super::{Folder, N, array};
    use bluegrad::Shape;
    use bluegrad::dither::{Dither, Levels, Samples, Sink, Thresholds, texel};
    use std::process::{Command, Output};

    const STRICT: [&str; 5] = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wundef"];

    fn compile(folder: &Folder, compiler: &str, options: &[&str]) -> Output {
        let mut command = Command::new(compiler);
        command.current_dir(folder.path()).args(STRICT).args(options).output().unwrap()
    }

    fn good(folder: &Folder, compiler: &str, options: &[&str]) {
        let output = compile(folder, compiler, options);
        assert!(output.status.success(), "{compiler} {options:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Writes three headers and a program that uses all of them, one twice; file names and options are awkward.
    fn headers(folder: &Folder) {
        folder.good("generate --width 32 --height 16 --steps 1 --out start.png");
        let start = "start*/* */a.png";
        std::fs::create_dir_all(folder.file("start*/* *")).unwrap();
        folder.write(start, folder.read("start.png"));
        let init = ["generate", "--init", start, "--seed", "3", "--steps", "1", "--out", "a.h", "--quiet"];
        assert_eq!(folder.run(&init).status, Some(0));
        folder.good("generate --size 32 --steps 1 --depth 16 --out b.h");
        folder.good("generate --size 16 --steps 1 --depth 32 --out c.h --name blue_ranks");
        let program = "\
#include \"a.h\"
#include \"b.h\"
#include \"a.h\"
#include \"c.h\"
int main(void) {
  return sizeof bluegrad_a == 512 && sizeof bluegrad_b == 2 * BLUEGRAD_B_WIDTH * BLUEGRAD_B_HEIGHT && BLUEGRAD_A_WIDTH == 32
    && sizeof blue_ranks == 4 * BLUE_RANKS_WIDTH * BLUE_RANKS_HEIGHT && bluegrad_a[0] + bluegrad_b[0] + blue_ranks[0] > 0 ? 0 : 1;
}
";
        folder.write("m.c", program);
        folder.write("m.cpp", program);
    }

    #[test]
    fn several_in_one_unit() {
        let folder = Folder::new();
        headers(&folder);
        for standard in ["-std=c89", "-std=c99", "-std=c11"] {
            good(&folder, "cc", &[standard, "-o", "m", "m.c"]);
            assert!(Command::new(folder.file("m")).status().unwrap().success(), "{standard}");
        }
        // The awkward name in the comment is the name of a file: a shell reads the command as it was.
        let text = folder.read_text("a.h");
        let command = text.lines().find_map(|line| line.strip_prefix(" *   bluegrad ")).unwrap();
        let shell = format!("for word in {command}; do printf '%s\\n' \"$word\"; done");
        let words = Command::new("sh").args(["-c", &shell]).output().unwrap().stdout;
        assert!(String::from_utf8(words).unwrap().lines().any(|word| word == "start*/* */a.png"), "{command}");
    }

    #[test]
    fn several_in_one_unit_of_cpp() {
        if Command::new("c++").arg("--version").output().is_err() {
            assert!(std::env::var_os("CI").is_none(), "c++ is needed where CI is set");
            return;
        }
        let folder = Folder::new();
        headers(&folder);
        for standard in ["-std=c++11", "-std=c++17"] {
            good(&folder, "c++", &[standard, "-o", "m", "m.cpp"]);
        }
    }

    #[test]
    fn masks_of_one_name_are_an_error() {
        let folder = Folder::new();
        folder.good("generate --size 16 --steps 1 --out a-b.h");
        folder.good("generate --size 16 --steps 1 --seed 1 --out a_b.h");
        folder.write("m.c", "#include \"a-b.h\"\n#include \"a_b.h\"\n");
        let output = compile(&folder, "cc", &["-fsyntax-only", "m.c"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("two masks are called bluegrad_a_b"), "{said}");
    }

    /// The comment's expression gives the levels of `bluegrad::dither` for every sample and pixel.
    #[test]
    fn the_comment_says_which_pixels_are_white() {
        for (depth, of) in [("8", 1 << 8), ("16", 1 << 16), ("32", N as u32)] {
            let folder = Folder::new();
            folder.good(&format!("{} --depth {depth} --out m.h", super::MASK));
            let text = folder.read_text("m.h");
            let expression = text.lines().skip_while(|line| !line.ends_with("becomes white where")).nth(1).unwrap();
            let expression = expression.strip_prefix(" *   ").unwrap();
            folder.write(
                "m.c",
                format!(
                    "\
#include <stdio.h>
#include \"m.h\"
int main(void) {{
  for (int v = 0; v < 256; v++)
    for (int i = 0; i < BLUEGRAD_M_WIDTH * BLUEGRAD_M_HEIGHT; i++) {{
      int value = bluegrad_m[i];
      putchar({expression} ? '1' : '0');
    }}
  return 0;
}}
"
                ),
            );
            good(&folder, "cc", &["-std=c99", "-o", "m", "m.c"]);
            let bits = Command::new(folder.file("m")).output().unwrap().stdout;

            let texels: Vec<u8> = array(&text).2.iter().map(|value| texel(2 * value + 1, 2 * of)).collect();
            let mask = Thresholds::U8(&texels);
            let dither = Dither::grey(mask, Shape::new(32, 16), Levels::Even([2])).unwrap();
            let mut expected = Vec::new();
            for v in 0..=255 {
                for y in 0..16 {
                    let mut row = [0; 32];
                    dither.row(y, Samples::U8(&[v; 32]), Sink::Levels(&mut row)).unwrap();
                    expected.extend(row.map(|level| b'0' + level));
                }
            }
            assert!(bits == expected, "{expression}");
        }
    }
}
