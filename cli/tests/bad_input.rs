//! Bad input: one line that says what is wrong and what would be right, an exit status, and no file left behind.

mod common;

use common::{Folder, png};
use png::{BitDepth, ColorType};

const SIDES: &str = "from 8 to 4096";
const POWERS: &str = "power of two from 16 to 4096";

#[test]
fn sizes() {
    let folder = Folder::new();
    for size in ["0", "1", "7", "4097", "8192", "4294967295"] {
        folder.bad(&["generate", "--size", size], 2, &[SIDES, &format!("{size}x{size}")]);
    }
    for size in ["0", "8", "15", "48", "8192"] {
        let generate = ["generate", "--preset", "spectral", "--size", size];
        folder.bad(&generate, 2, &[POWERS, &format!("{size}x{size}")]);
    }
    for preset in ["spectral", "published"] {
        let generate = ["generate", "--preset", preset, "--width", "17", "--height", "31"];
        folder.bad(&generate, 2, &[POWERS, "17x31"]);
    }
    folder.bad(&["generate", "--width", "64", "--height", "0"], 2, &[SIDES, "64x0"]);
    folder.bad(&["generate", "--width", "64"], 2, &["--height"]);
    folder.bad(&["generate", "--size", "64", "--width", "64", "--height", "64"], 2, &["--size", "--width"]);
    for size in ["64x64", "-64", "4294967296", "big"] {
        folder.bad(&["generate", "--size", size], 2, &["--size", "whole number of pixels"]);
    }
}

#[test]
fn numbers_of_spectral_presets() {
    let folder = Folder::new();
    let bad = |option: &str, value: &str, said: &[&str]| {
        folder.bad(&["generate", "--preset", "spectral", option, value], 2, said);
    };
    for weights in ["NaN,1,1", "1,inf,1", "1,1,-1", "1,1,1e39", "-1,1,1"] {
        bad("--weights", weights, &["finite and at least 0"]);
    }
    for weights in ["1,1", "1,1,1,1", "a,b,c", ""] {
        bad("--weights", weights, &["three numbers"]);
    }
    for cutoff in ["0", "-0.1", "0.70711", "NaN", "inf"] {
        bad("--cutoff", cutoff, &["above 0 and at most 0.7071"]);
    }
    for weight in ["NaN", "inf", "-1"] {
        bad("--profile-weight", weight, &["finite and at least 0"]);
        bad("--step-size", weight, &["finite and at least 0"]);
    }
    for momentum in ["1", "-0.1", "NaN"] {
        bad("--momentum", momentum, &["from 0 to less than 1"]);
    }
}

#[test]
fn numbers_of_dither_presets() {
    let folder = Folder::new();
    let bad = |line: &str, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), 2, said);
    for sigma in ["0.9", "1.71", "0", "-1.3", "nan", "inf"] {
        for preset in ["dither", "dither-fast"] {
            bad(&format!("generate --preset {preset} --sigma {sigma}"), &["sigma", "from 1 to 1.7"]);
        }
    }
    for mix in ["-0.1", "1.01", "nan"] {
        bad(&format!("generate --preset dither-smooth --mix {mix}"), &["mix", "from 0 (dithering) to 1"]);
    }
    for preset in ["dither", "dither-best", "void-and-cluster", "spectral"] {
        bad(&format!("generate --preset {preset} --mix 0.5"), &["--mix", preset, "dither-smooth"]);
    }
    for sigma in ["0.49", "8.1", "nan"] {
        bad(&format!("generate --preset void-and-cluster --sigma {sigma}"), &["sigma", "from 0.5 to 8"]);
    }
    for fraction in ["0", "0.6", "-0.1", "nan"] {
        let line = format!("generate --preset void-and-cluster --initial-fraction {fraction}");
        bad(&line, &["initial_fraction", "to 0.5"]);
    }
    for levels in ["0", "1", "65", "4294967295"] {
        for preset in ["dither", "dither-best", "void-and-cluster"] {
            bad(&format!("generate --preset {preset} --levels {levels}"), &["levels", "from 2 to 64"]);
        }
    }
    bad("generate --levels -2", &["--levels"]);
    bad("generate --levels 2.5", &["--levels"]);
    bad("generate --sigma fine", &["--sigma", "fine"]);
}

#[test]
fn numbers_of_all_presets() {
    let folder = Folder::new();
    let bad = |option: &str, value: &str, said: &[&str]| folder.bad(&["generate", option, value], 2, said);
    bad("--steps", "-1", &["--steps"]);
    bad("--steps", "4294967295", &["too many steps"]);
    bad("--seed", "18446744073709551616", &["--seed"]);
    folder.bad(&["generate", "--distribution", "gaussian", "--gaussian-sigma", "0.1"], 2, &["from 0.15 to 2"]);
}

#[test]
fn options_of_other_presets() {
    let folder = Folder::new();
    folder.write("p.txt", "0.1 0\n0.4 1\n");
    let bad = |line: &str, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), 2, said);
    for option in [
        "--cutoff 0.3",
        "--weights 1,1,1",
        "--profile p.txt",
        "--profile-weight 0.1",
        "--optimizer adam",
        "--step-size 1",
        "--momentum 0.5",
        "--ranks binned",
    ] {
        let (name, _) = option.split_once(' ').unwrap();
        for preset in ["", "--preset dither-best ", "--preset dither-gradient ", "--preset void-and-cluster "] {
            let named = preset.split(' ').nth(1).unwrap_or("dither");
            let name = format!("{name}: the preset {named} ");
            bad(&format!("generate {preset}{option}"), &[&name, "--preset spectral, published"]);
        }
    }
    for preset in ["spectral", "published"] {
        let bad = |option: &str, said: &str| {
            let (name, _) = option.split_once(' ').unwrap();
            bad(&format!("generate --preset {preset} {option}"), &[name, preset, said]);
        };
        bad("--sigma 1.3", "dither, dither-fast or void-and-cluster");
        bad("--levels 4", "dither, dither-fast, dither-classic");
        bad("--initial-fraction 0.1", "--preset void-and-cluster");
    }
    for preset in ["dither-classic", "dither-best", "dither-smooth", "dither-near", "dither-gradient"] {
        let line = format!("generate --preset {preset} --sigma 1.3");
        bad(&line, &["--sigma", preset, "dither, dither-fast or void-and-cluster"]);
    }
    bad("generate --initial-fraction 0.1", &["--initial-fraction", "--preset void-and-cluster"]);
    bad("generate --preset void-and-cluster --steps 5", &["--steps", "void-and-cluster", "every pixel"]);
}

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
    for out in ["", " --out ./bluegrad-24x16.png", " --out o.png --report ./bluegrad-24x16.png"] {
        bad(&format!("generate --init bluegrad-24x16.png{out}"), 2, &["bluegrad-24x16.png", "overwritten", "--out"]);
    }
    folder.write("none.png", "no picture");
    bad("generate --init none.png", 1, &["none.png", "PNG"]);
    folder.write("cut.png", &folder.read("m.png")[..60]);
    bad("generate --init cut.png", 1, &["cut.png", "PNG"]);
    folder.write("colour.png", png(16, 16, ColorType::Rgb, BitDepth::Eight));
    bad("generate --init colour.png", 1, &["colour.png", "convert it to grey"]);
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
fn names() {
    let folder = Folder::new();
    let bad = |option: &str, said: &[&str]| folder.bad(&["generate", option, "nonsense"], 2, said);
    bad("--preset", &["nonsense", "dither", "dither-best", "void-and-cluster", "spectral", "published"]);
    bad("--level", &["nonsense", "scalar", "sse2", "avx512", "neon"]);
    bad("--init", &["nonsense", ".png", ".npy", ".u8", ".u16", ".u32", ".f32"]);
    bad("--optimizer", &["nonsense", "gradient-descent", "heavy-ball", "adam"]);
    bad("--threads", &["nonsense"]);
    bad("--ranks", &["nonsense", "exact", "binned"]);
    bad("--range", &["nonsense", "unit", "signed"]);
    bad("--depth", &["nonsense", "8", "16"]);
    bad("--distribution", &["nonsense", "uniform", "triangular", "gaussian", "65 quantiles"]);
    bad("--out", &["nonsense", ".png", ".npy", ".u8", ".u16", ".u32", ".f32", ".h", ".csv"]);
    folder.bad(&["generate", "--out", "m.jpg"], 2, &["m.jpg", ".png"]);
    folder.bad(&["generate", "--nonsense"], 2, &["--nonsense"]);
    folder.bad(&["nonsense"], 2, &["nonsense"]);
    folder.bad(&[], 2, &["generate", "presets", "measure"]);
    folder.bad(&["measure"], 2, &["FILE"]);
}

#[test]
fn a_level_that_this_machine_lacks() {
    let absent = if cfg!(target_arch = "x86_64") { "neon" } else { "avx2" };
    Folder::new().bad(&["generate", "--level", absent], 2, &[absent, "auto"]);
}

#[test]
fn options_that_do_not_go_together() {
    let folder = Folder::new();
    let bad = |line: &str, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), 2, said);
    bad("generate --out m.u8 --depth 8", &["--depth", ".png and .npy"]);
    bad("generate --out m.png --range signed", &["--range", "floats"]);
    bad("generate --out m.npy --depth 16 --range signed", &["--range", "floats"]);
    bad("generate --gaussian-sigma 0.5", &["--gaussian-sigma", "--distribution gaussian"]);
    bad("generate --preset published --momentum 0.5", &["--momentum", "heavy-ball"]);
    bad("generate --out a.csv --trace a.csv", &["a.csv", "twice"]);
    bad("generate --report a.html --trace ./a.html", &["a.html", "twice"]);
}

#[test]
fn places_that_cannot_be_written() {
    let folder = Folder::new();
    std::fs::create_dir(folder.file("folder.png")).unwrap();
    folder.write("file", "");
    // So many steps that a check after the run would be noticed.
    let steps = ["generate", "--steps", "4000000000", "--quiet"];
    let bad = |more: &[&str], said: &[&str]| folder.bad(&[&steps[..], more].concat(), 1, said);
    for option in ["--out", "--report", "--trace"] {
        bad(&[option, "missing/m.png"], &["missing/m.png", "folder missing does not exist"]);
        bad(&[option, "file/m.png"], &["file/m.png"]);
        bad(&[option, "folder.png"], &["folder.png", "no regular file"]);
    }
    bad(&["--out", "m.png", "--trace", "missing/t.csv"], &["missing/t.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn folders_that_nobody_can_write_to() {
    // Not even root, who may write to any folder of a plain file system.
    let folder = Folder::new();
    folder.bad(
        &["generate", "--steps", "4000000000", "--out", "/proc/m.png"],
        1,
        &["/proc/m.png", "cannot be written"],
    );
}

#[test]
fn a_run_that_diverges() {
    let folder = Folder::new();
    let generate = ["generate", "--preset", "spectral", "--size", "16", "--step-size", "1e6"];
    folder.bad(&generate, 1, &["diverged", "--step-size"]);
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
    bad("-1 0\n-0.5\n", &["line 2", "never fall"]);
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
    bad(&png(16, 16, ColorType::Indexed, BitDepth::Eight), &["paletted", "convert it to grey"]);
    bad(&png(16, 16, ColorType::Rgb, BitDepth::Eight), &["in colour", "convert it to grey"]);
    bad(&png(16, 16, ColorType::Rgba, BitDepth::Sixteen), &["in colour", "convert it to grey"]);
    bad(&png(16, 16, ColorType::GrayscaleAlpha, BitDepth::Eight), &["alpha", "convert it to grey"]);
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
    bad(&header("|u1", "False", "(8, 8, 3)"), 192, &["two dimensions"]);
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
