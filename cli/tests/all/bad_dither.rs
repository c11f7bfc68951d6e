//! Bad input to `bluegrad dither`: one line, and no file left behind.

use crate::common::{Folder, png};
use png::{BitDepth, ColorType};

fn picture() -> Vec<u8> {
    png(37, 23, ColorType::Grayscale, BitDepth::Eight)
}

/// A folder with a good picture, `in.png`, and mask, `mask.u32`.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("in.png", picture());
    folder.good("generate --width 32 --height 16 --steps 5 --out mask.u32");
    folder
}

#[test]
fn options() {
    let folder = folder();
    let bad = |options: &str, said: &[&str]| {
        let line = format!("dither in.png {options}");
        folder.bad(&line.split_whitespace().collect::<Vec<_>>(), 2, said);
    };
    for bits in ["3", "0", "8", "-1", "two"] {
        bad(&format!("--bits={bits} --out o.png"), &["--bits", bits, "1, 2, 4"]);
    }
    for levels in ["0", "1", "257", "-2", "4294967296", "few"] {
        bad(&format!("--levels {levels} --out o.png"), &["--levels", levels, "whole number from 2 to 256"]);
    }
    bad("--bits 1 --levels 2 --out o.png", &["--bits", "--levels"]);
    for offset in ["3", "1,2,3", "a,b", "1.5,2", "9223372036854775808,0"] {
        bad(&format!("--offset {offset} --out o.png"), &["--offset", "two whole numbers"]);
    }
    bad("--channels nonsense --out o.png", &["nonsense", "same", "apart"]);
    bad("--mask-width 8 --mask-height 8 --out o.png", &["--mask"]);
    bad("--mask mask.u32 --mask-width 8 --out o.png", &["--mask-height"]);
    for out in ["o.jpg", "o", "png", "o.png.gz"] {
        bad(&format!("--out {out}"), &[out, ".png"]);
    }
    folder.bad(&["dither"], 2, &["IMAGE.png"]);
}

#[test]
fn pictures() {
    let folder = Folder::new();
    let bad = |bytes: &[u8], said: &[&str]| {
        folder.write("in.png", bytes);
        folder.bad(&["dither", "in.png", "--out", "o.png"], 1, &[&["in.png"], said].concat());
    };
    let good = picture();
    bad(b"", &["not a PNG"]);
    bad(b"no picture", &["not a PNG"]);
    bad(b"\xFF\xD8\xFF\xE0 a JPEG", &["not a PNG", "convert"]);
    for length in [8, 20, 33, good.len() / 2, good.len() - 13] {
        bad(&good[..length], &["PNG"]);
    }
    let mut damaged = good;
    damaged[50] ^= 1;
    bad(&damaged, &["damaged PNG"]);
    // Only the header says this size.
    let mut header = Vec::new();
    let mut writer = ::png::Encoder::new(&mut header, 65_536, 65_536).write_header().unwrap();
    writer.write_chunk(::png::chunk::IDAT, b"none").unwrap();
    drop(writer);
    bad(&header, &["65536x65536", "134217728 pixels"]);
    folder.bad(&["dither", "missing.png", "--out", "o.png"], 1, &["missing.png"]);
    folder.bad(&["dither", ".", "--out", "o.png"], 1, &["bluegrad: .: "]);
}

#[test]
fn masks() {
    let folder = folder();
    let bad = |mask: &str, status: i32, said: &[&str]| {
        folder.bad(&["dither", "in.png", "--mask", mask, "--out", "o.png"], status, &[&[mask], said].concat());
    };
    bad("missing.png", 1, &[]);
    bad("mask.jpg", 2, &[".png", ".npy", ".u8"]);
    bad("mask.u32", 1, &["no square", "--mask-width and --mask-height"]);
    folder.write("m.u8", "");
    bad("m.u8", 1, &["empty"]);
    folder.write("m.u8", [7; 64]);
    bad("m.u8", 1, &["every pixel is 7"]);
    folder.write("m.png", png(16, 16, ColorType::Rgb, BitDepth::Eight));
    bad("m.png", 1, &["RGB with different channels", "--mask-channel"]);
    folder.write("m.png", png(1, 4097, ColorType::Grayscale, BitDepth::One));
    bad("m.png", 1, &["1x4097", "from 1 to 4096"]);
    let floats: Vec<u8> = [0.0, 1.0, f32::INFINITY, 2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    folder.write("m.f32", floats);
    bad("m.f32", 1, &["pixel (0, 1) is inf", "finite"]);
    let raw = ["dither", "in.png", "--mask", "mask.u32", "--out", "o.png"];
    folder.bad(&[&raw[..], &["--mask-width", "16", "--mask-height", "16"]].concat(), 1, &["2048 bytes", "1024"]);
    folder.bad(&[&raw[..], &["--mask-width", "0", "--mask-height", "16"]].concat(), 1, &["0x16", "from 1 to 4096"]);
}

#[test]
fn output_files_that_cannot_be_written() {
    let folder = folder();
    std::fs::create_dir(folder.file("folder.png")).unwrap();
    let bad = |out: &str, said: &[&str]| folder.bad(&["dither", "in.png", "--out", out], 1, &[&[out], said].concat());
    bad("missing/o.png", &["folder missing does not exist"]);
    bad("folder.png", &["not a regular file"]);
    #[cfg(target_os = "linux")]
    bad("/proc/o.png", &["cannot write to the folder"]);
    // An existing file stays when the picture cannot be read.
    folder.write("o.png", "before");
    folder.bad(&["dither", "mask.u32", "--out", "o.png"], 1, &["mask.u32", "not a PNG"]);
    assert_eq!(folder.read("o.png"), b"before");
}
