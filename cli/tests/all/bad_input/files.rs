//! Bad files: masks, profiles, distributions, pictures.

use super::{POWERS, SIDES};
use crate::common::{Folder, png};
use png::{BitDepth, ColorType};

#[test]
fn masks_to_start_from() {
    let folder = Folder::new();
    let bad = |line: &str, status: i32, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    folder.good("generate --width 24 --height 16 --out m.png");
    folder.good("generate --width 24 --height 16 --out m.u32");
    bad("generate --init missing.png", 1, &["missing.png"]);
    bad("generate --init m.jpg", 2, &["m.jpg", ".png", ".npy", ".f32"]);
    bad("generate --init m.png --size 16", 2, &["m.png", "24x16", "16x16"]);
    bad("generate --init m.png --width 16 --height 24", 2, &["m.png", "24x16", "16x24"]);
    bad("generate --init m.u32", 1, &["m.u32", "no square", "--width and --height"]);
    bad("generate --init m.u32 --size 16", 1, &["m.u32", "1536 bytes", "1024"]);
    bad("generate --init m.png --preset void-and-cluster", 2, &["--init", "void-and-cluster", "anew"]);
    bad("generate --init m.png --preset void-and-cluster --levels 4", 2, &["--init", "void-and-cluster"]);
    bad("generate --init m.png --preset spectral", 1, &["m.png", "24x16", POWERS]);
    folder.write("bluegrad-24x16.png", folder.read("m.png"));
    for out in ["", " --out ./bluegrad-24x16.png", " --out o.png --trace ./bluegrad-24x16.png"] {
        bad(&format!("generate --init bluegrad-24x16.png{out}"), 2, &["bluegrad-24x16.png", "overwrite", "--out"]);
    }
    folder.write("none.png", "no picture");
    bad("generate --init none.png", 1, &["none.png", "PNG"]);
    folder.write("cut.png", &folder.read("m.png")[..60]);
    bad("generate --init cut.png", 1, &["cut.png", "PNG"]);
    folder.write("colour.png", png(16, 16, ColorType::Rgb, BitDepth::Eight));
    bad("generate --init colour.png", 1, &["colour.png", "RGB with different channels", "--init-channel"]);
    folder.write("small.u8", [1, 2, 3, 4]);
    bad("generate --init small.u8", 1, &["small.u8", "2x2", SIDES]);
    folder.write("one.u8", [7; 64]);
    bad("generate --init one.u8", 1, &["one.u8", "every pixel is 7"]);
    let mut floats: Vec<u8> = (0..64_u8).flat_map(|i| f32::from(i).to_le_bytes()).collect();
    floats[40..44].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.write("nan.f32", floats);
    bad("generate --init nan.f32", 1, &["nan.f32", "pixel (2, 1) is NaN"]);
}

#[test]
fn profiles() {
    let folder = Folder::new();
    let bad = |text: &str, said: &[&str]| {
        folder.write("p.txt", text);
        folder.bad(&["generate", "--preset", "spectral", "--profile", "p.txt"], 1, &[&["p.txt"], said].concat());
    };
    bad("", &["2 to 32 knots"]);
    bad("# only a comment\n", &["2 to 32 knots"]);
    bad("0.1 1\n", &["2 to 32 knots"]);
    bad("f a\n0.1 1\n0.1 2\n", &["line 3", "rise"]);
    bad("0.1 1\n\n# more\n0.2 x\n", &["line 4", "`x`"]);
    bad("0.1 1\n0.2 NaN\n", &["line 2", "finite"]);
    bad("0.1 1 2\n", &["line 1", "two numbers"]);
    bad("0.1 1\n0.8 1\n", &["0.7072"]);
    bad("0.1 0\n0.2 0\n", &["all zero"]);
    bad("0.1 1\n0.2 -1\n", &["not negative"]);
    let many: String = (0..33).map(|i| format!("{} 1\n", f64::from(i) / 50.0)).collect();
    bad(&many, &["line 33", "too many knots"]);
    folder.write("p.txt", [0xFF, 0xFE, 0, 1]);
    folder.bad(&["generate", "--preset", "spectral", "--profile", "p.txt"], 1, &["p.txt", "UTF-8"]);
    folder.bad(&["generate", "--preset", "spectral", "--profile", "missing.txt"], 1, &["missing.txt"]);
}

#[test]
fn distributions() {
    let folder = Folder::new();
    let bad = |text: &str, said: &[&str]| {
        folder.write("d.txt", text);
        folder.bad(&["generate", "--distribution", "d.txt"], 1, &[&["d.txt"], said].concat());
    };
    bad("", &["0 numbers", "65"]);
    bad("-1 0\n-0.5\n", &["line 2", "must not decrease"]);
    bad("-1\n0 zero 1\n", &["line 2", "`zero`"]);
    let ramp = |count: u32| (0..count).map(|i| format!("{}\n", f64::from(i) / 32.0 - 1.0)).collect::<String>();
    bad(&ramp(64), &["64 numbers", "65"]);
    bad(&ramp(66), &["line 66", "too many"]);
    bad(&ramp(65).replace("-1\n", "-2\n"), &["from -1 to 1"]);
}

#[test]
fn pictures() {
    let folder = Folder::new();
    let bad = |bytes: &[u8], said: &[&str]| {
        folder.write("m.png", bytes);
        folder.bad(&["measure", "m.png"], 1, &[&["m.png"], said].concat());
    };
    let grey = png(16, 16, ColorType::Grayscale, BitDepth::Eight);
    bad(b"", &["empty"]);
    bad(b"no picture", &["PNG"]);
    for length in [8, 20, 33, grey.len() / 2, grey.len() - 13] {
        bad(&grey[..length], &["PNG"]);
    }
    let mut damaged = grey.clone();
    damaged[50] ^= 1;
    bad(&damaged, &["damaged PNG"]);
    for (color, depth, name) in [(ColorType::Rgb, BitDepth::Eight, "RGB"), (ColorType::Rgba, BitDepth::Sixteen, "RGBA")]
    {
        folder.write("m.png", png(16, 16, color, depth));
        let said = format!("{name} with different channels");
        folder.bad(&["measure", "m.png", "--slice", "0"], 1, &["m.png", &said, "--channel"]);
    }
    bad(&png(1, 1, ColorType::Grayscale, BitDepth::Eight), &["1x1", "from 8 to 4096"]);
    bad(&png(8, 4097, ColorType::Grayscale, BitDepth::One), &["8x4097", "from 8 to 4096"]);
    folder.bad(&["measure", "missing.png"], 1, &["missing.png"]);
    folder.bad(&["measure", "m.jpg"], 2, &["m.jpg", ".png", ".npy", ".f32"]);
    folder.bad(&["measure", "m.csv"], 2, &["m.csv", ".png"]);
    folder.bad(&["measure", "two\nlines.png"], 1, &["two lines.png"]);
}

#[test]
fn raw_files() {
    let folder = Folder::new();
    let bad = |name: &str, length: usize, more: &[&str], said: &[&str]| {
        folder.write(name, vec![1; length]);
        folder.bad(&[&["measure", name], more].concat(), 1, &[&[name], said].concat());
    };
    bad("m.u8", 0, &[], &["empty"]);
    bad("m.u8", 1, &[], &["1x1", "from 8 to 4096"]);
    bad("m.u8", 200, &[], &["no square", "--width and --height"]);
    bad("m.u16", 201, &[], &["no square"]);
    bad("m.u8", 256, &["--width", "16", "--height", "17"], &["256 bytes", "272"]);
    bad("m.u8", 256, &["--width", "256", "--height", "1"], &["256x1", "from 8 to 4096"]);
    bad("m.u8", 256, &["--width", "4294967295", "--height", "4294967295"], &["from 8 to 4096"]);
    bad("m.u8", 256, &[], &["every pixel is 1"]);
    let mut floats = vec![0; 4 * 64];
    floats[36..40].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.write("m.f32", floats);
    folder.bad(&["measure", "m.f32"], 1, &["m.f32", "pixel (1, 1) is NaN"]);
    folder.bad(&["measure", "m.f32", "--width", "8"], 2, &["--height"]);
}

#[test]
fn arrays() {
    let folder = Folder::new();
    let bad = |header: &str, data: usize, said: &[&str]| {
        let length = (header.len() as u16).to_le_bytes();
        folder.write("m.npy", [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &vec![1; data]].concat());
        folder.bad(&["measure", "m.npy"], 1, &[&["m.npy"], said].concat());
    };
    let header = |descr: &str, order: &str, shape: &str| {
        format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n")
    };
    bad(&header("|u1", "False", "(8, 8)"), 63, &["64 bytes", "not 63"]);
    bad(&header("|u1", "False", "(8, 8)"), 65, &["64 bytes", "not 65"]);
    bad(&header("|u1", "True", "(8, 8)"), 64, &["column-major"]);
    bad(&header(">f4", "False", "(8, 8)"), 256, &[">f4", "<f4"]);
    bad(&header("<i4", "False", "(8, 8)"), 256, &["<i4", "<f4"]);
    bad(&header("|u1", "False", "(64,)"), 64, &["(64,)", "two dimensions"]);
    bad(&header("|u1", "False", "(8, 8, 5)"), 320, &["m.npy"]);
    bad(&header("|u1", "False", "(8, 8, 8, 5)"), 2560, &["two dimensions"]);
    bad(&header("|u1", "False", "(2, 2)"), 4, &["2x2", "from 8 to 4096"]);
    bad(&header("|u1", "False", "(8, 99999999999)"), 64, &["two dimensions"]);
    bad(&header("<f8", "False", "(4096, 4096)"), 4, &["134217728 bytes"]);
    for damaged in
        ["", "{", "{'descr'", "{'descr': }", "{'shape': (8, 8", "''", "{'descr': '|u1', 'fortran_order': False}"]
    {
        bad(damaged, 64, &["damaged .npy"]);
    }
    for bytes in
        [&b"\x93NUMPY"[..], b"\x93NUMPY\x01\0", b"\x93NUMPY\x01\0\xFF\xFF{}", b"\x93NUMPY\x02\0\xFF\xFF\xFF\xFF{}"]
    {
        folder.write("m.npy", bytes);
        folder.bad(&["measure", "m.npy"], 1, &["truncated"]);
    }
    folder.write("m.npy", b"\x93NUMPY\x09\0\0\0");
    folder.bad(&["measure", "m.npy"], 1, &["unknown version"]);
    folder.write("m.npy", b"something else");
    folder.bad(&["measure", "m.npy"], 1, &["not a .npy file"]);
}
