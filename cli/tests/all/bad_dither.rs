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
    for bits in ["3", "0", "16", "-1", "two"] {
        bad(&format!("--bits={bits} --out o.png"), &["--bits", bits, "1, 2, 4 or 8"]);
    }
    for levels in ["0", "1", "257", "-2", "4294967296", "few"] {
        bad(&format!("--levels {levels} --out o.png"), &["--levels", levels, "whole number from 2 to 256"]);
    }
    for levels in ["2,3", "2,3,4,5", "32,64,1", "2,,2"] {
        bad(&format!("--levels {levels} --out o.png"), &["--levels", levels, "or three such as 32,64,32"]);
    }
    bad("--bits 1 --levels 2 --out o.png", &["--bits", "--levels"]);
    bad("--bits 1 --values 0,255 --out o.png", &["--bits", "--values"]);
    bad("--levels 2 --values 0,255 --out o.png", &["--levels", "--values"]);
    for values in ["", "0;255", "0,x", "-1,5", "0,70000", "0,255/0,255", "0,1.5"] {
        bad(&format!("--values={values} --out o.png"), &["--values", "rising whole numbers such as 0,80,255"]);
    }
    bad("--values 0,80,80 --out o.png", &["80 follows 80", "above the one before"]);
    bad("--values 255,0 --out o.png", &["0 follows 255"]);
    bad("--values 7 --out o.png", &["1 values: expected 2 to 256"]);
    let many: Vec<String> = (0..257).map(|value| value.to_string()).collect();
    bad(&format!("--values {} --depth 16 --out o.png", many.join(",")), &["257 values: expected 2 to 256"]);
    bad("--values 0,256 --out o.png", &["--values 256", "at most 255", "--depth 16"]);
    for alpha in ["none", "ff", "12345", "1234567", "#gggggg", ""] {
        bad(&format!("--alpha={alpha} --out o.png"), &["--alpha", "keep, dither or a colour such as ffffff"]);
    }
    bad("--alpha keep --out o.pgm", &["--alpha keep or dither", "png", "not with pgm"]);
    for format in ["jpg", "raw3", "c:", "c:png", "c:jpg", "raw1:c", "PNG"] {
        bad(&format!("--format {format} --out o.x"), &["--format", format, "png, pbm", "c:LAYOUT"]);
    }
    bad("--depth 12 --out o.png", &["--depth", "12", "8, 16"]);
    bad("--depth 16 --out o.pbm", &["--depth", "png, pgm and ppm", "not with pbm"]);
    bad("--bit-order first --out o.raw1", &["--bit-order", "msb, lsb"]);
    for format in ["png", "pbm", "xbm", "rgb332", "rgb565le", "c:rgb565be"] {
        bad(&format!("--bit-order lsb --format {format}"), &["--bit-order", "planes and c"]);
    }
    for name in ["1st", "a-b", "", "a b", "é"] {
        folder.bad(&["dither", "in.png", "--out", "o.h", "--name", name], 2, &["--name", "a C identifier"]);
    }
    bad("--name x --out o.png", &["--name", "c and xbm", "not with png"]);
    bad("--bits 2 --out o.pbm", &["pbm holds 2 levels"]);
    bad("--levels 8 --out o.rgb332", &["rgb332 holds 8, 8 and 4 levels"]);
    bad("--bits 2 --out o.raw1", &["raw1 holds at most 2 levels"]);
    bad("--levels 5 --out o.planes", &["planes holds at most 4 levels"]);
    bad("--levels 2,2,2 --out o.pgm", &["pgm holds grey", "one number of levels"]);
    bad("--values 0,9/0,9/0,9 --format c:planes", &["holds grey"]);
    for offset in ["3", "1,2,3", "a,b", "1.5,2", "9223372036854775808,0"] {
        bad(&format!("--offset {offset} --out o.png"), &["--offset", "two whole numbers"]);
    }
    bad("--channels nonsense --out o.png", &["nonsense", "same", "apart"]);
    bad("--mask-width 8 --mask-height 8 --out o.png", &["--mask"]);
    bad("--mask mask.u32 --mask-width 8 --out o.png", &["--mask-height"]);
    for out in ["o.jpg", "o", "png", "o.png.gz"] {
        bad(&format!("--out {out}"), &[out, "the extension must name the format: png, pbm", "--format"]);
    }
    folder.bad(&["dither"], 2, &["IMAGE"]);
}

#[test]
fn pictures() {
    let folder = Folder::new();
    let bad = |bytes: &[u8], said: &[&str]| {
        folder.write("in.png", bytes);
        folder.bad(&["dither", "in.png", "--out", "o.png"], 1, &[&["in.png"], said].concat());
    };
    let good = picture();
    bad(b"", &["the file is empty"]);
    bad(b"no picture", &["not a picture", "PNG, JPEG"]);
    bad(b"\xFF\xD8\xFF\xE0 a JPEG", &["JPEG"]);
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
    let mut wide = good_header(u32::MAX >> 1, 1);
    bad(&wide, &["2147483647x1", "134217728 pixels"]);
    wide.truncate(30);
    bad(&wide, &["truncated PNG"]);
    folder.bad(&["dither", "missing.png", "--out", "o.png"], 1, &["missing.png"]);
    folder.bad(&["dither", ".", "--out", "o.png"], 1, &["bluegrad: .: "]);
}

/// A PNG of which only the header says this size.
fn good_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    let mut writer = ::png::Encoder::new(&mut header, width, height).write_header().unwrap();
    writer.write_chunk(::png::chunk::IDAT, b"none").unwrap();
    drop(writer);
    header
}

/// Damaged pictures of other formats, and headers that promise too many pixels.
#[cfg(feature = "formats")]
#[test]
fn other_pictures() {
    let folder = Folder::new();
    let bad = |bytes: &[u8], said: &[&str]| {
        folder.write("in", bytes);
        folder.bad(&["dither", "in", "--out", "o.png"], 1, &[&["in: "], said].concat());
    };
    let mut jpeg = Vec::new();
    let pixels: Vec<u8> = (0..64 * 64).map(|i| (i * 7 % 256) as u8).collect();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut jpeg);
    encoder.encode(&pixels, 64, 64, image::ExtendedColorType::L8).unwrap();
    let scan = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    for length in [3, 30, scan, scan + 4, scan + 200, jpeg.len() / 2, jpeg.len() - 1] {
        bad(&jpeg[..length], &["JPEG"]);
    }
    // A thumbnail's end is not the picture's.
    let thumbnail = [&b"\xFF\xE1\0\x0AExif\0\0\xFF\xD9"[..], &jpeg[2..jpeg.len() - 2]].concat();
    bad(&[&jpeg[..2], &thumbnail].concat(), &["truncated JPEG"]);
    let large = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap() + 5;
    let mut header = jpeg.clone();
    header[large..large + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    bad(&header, &["65535x65535", "134217728 pixels"]);
    bad(b"P6\n65536 32768\n255\n", &["65536x32768", "134217728 pixels"]);
    bad(b"P6\n0 5\n255\n", &[]);
    bad(b"P5\n4 4\n255\nabc", &["PNM"]);
    bad(b"P5\n4 4\n70000\nabc", &["PNM"]);
    bad(b"GIF89a\xFF\xFF\xFF\xFF\0\0\0", &[]);
    bad(b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\0\0\x01\0\0\0\x01\0\x01\0\x18\0\0\0\0\0", &[]);
    bad(b"RIFF\x10\0\0\0WEBPVP8 ", &["WebP"]);
    bad(b"II\x2A\0\x08\0\0\0", &["TIFF"]);
    let mut tiff = std::io::Cursor::new(Vec::new());
    let floats: Vec<u8> = [0.5_f32; 12].iter().flat_map(|value| value.to_ne_bytes()).collect();
    let encoder = image::codecs::tiff::TiffEncoder::new(&mut tiff);
    image::ImageEncoder::write_image(encoder, &floats, 2, 2, image::ExtendedColorType::Rgb32F).unwrap();
    bad(&tiff.into_inner(), &["TIFF of floats", "8 or 16 bits"]);
    // Formats that the crate knows and this program does not read.
    bad(b"\0\0\x01\0 an icon", &["not a picture", "PNG, JPEG"]);
    bad(b"#?RADIANCE\n", &["not a picture"]);
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
    folder.bad(&["dither", "mask.u32", "--out", "o.png"], 1, &["mask.u32", "not a picture"]);
    assert_eq!(folder.read("o.png"), b"before");
}
