//! Bad options, alone and together, and bad output files.

use super::{POWERS, SIDES};
use crate::common::Folder;

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
    bad("generate --levels -2", &["--levels", "from 2 to 64"]);
    bad("generate --preset triangular --levels 4", &["--levels", "triangular", "dither, dither-fast"]);
    bad("generate --levels 2.5", &["--levels", "from 2 to 64"]);
    bad("generate --sigma fine", &["--sigma", "fine", "expected a number"]);
}

#[test]
fn numbers_of_all_presets() {
    let folder = Folder::new();
    let bad = |option: &str, value: &str, said: &[&str]| folder.bad(&["generate", option, value], 2, said);
    bad("--steps", "-1", &["--steps", "whole number from 0 to 2^32 - 1"]);
    bad("--steps", "4294967295", &["too many steps"]);
    bad("--seed", "18446744073709551616", &["--seed", "whole number from 0 to 2^64 - 1"]);
    for threads in ["0", "-1", "1025", "two"] {
        bad("--threads", threads, &["--threads", "whole number from 1 to 1024"]);
    }
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
    bad("--depth", &["nonsense", "8", "16", "32"]);
    bad("--distribution", &["nonsense", "uniform", "triangular", "gaussian", "65 quantiles"]);
    bad("--out", &["nonsense", ".png", ".npy", ".u8", ".u16", ".u32", ".f32", ".h", ".csv"]);
    folder.bad(&["generate", "--out", "m.jpg"], 2, &["m.jpg", ".png"]);
    folder.bad(&["generate", "--nonsense"], 2, &["--nonsense", "--help lists the options"]);
    folder.bad(&["generate", "--sead", "3"], 2, &["--sead' found; a similar argument exists: '--seed'"]);
    folder.bad(&["nonsense"], 2, &["nonsense", "--help lists the commands"]);
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
    bad("generate --out m.u8 --depth 8", &["--depth 8", ".png, .npy, .h only", ".u8"]);
    bad("generate --out m.png --depth 32", &["--depth 32", ".npy, .h only"]);
    bad("generate --out m.png --name mask", &["--name", ".h only"]);
    bad("generate --name mask", &["--name", ".h only"]);
    for name in ["int", "2d", "_a", "a-b", "a__b", "", "size_t"] {
        bad(
            &format!("generate --out m.h --name={name}"),
            &["--name", if name.contains(['i', '_']) { "C" } else { "letter" }],
        );
    }
    bad("generate --out m.png --range signed", &["--range", "floats"]);
    bad("generate --out m.npy --depth 16 --range signed", &["--range", "floats"]);
    bad("generate --gaussian-sigma 0.5", &["--gaussian-sigma", "--distribution gaussian"]);
    bad("generate --preset published --momentum 0.5", &["--momentum", "heavy-ball"]);
    bad("generate --out a.csv --trace a.csv", &["a.csv", "twice"]);
    bad("generate --report a.html --trace ./a.html", &["a.html", "twice"]);
    for report in ["m.png", "report", "html"] {
        bad(&format!("generate --report {report}"), &[report, "name a file that ends in .html"]);
    }
}

#[test]
fn output_files_that_cannot_be_written() {
    let folder = Folder::new();
    for kind in ["png", "html", "csv"] {
        std::fs::create_dir(folder.file(&format!("folder.{kind}"))).unwrap();
    }
    folder.write("file", "");
    // A check after this many steps would never end.
    let steps = ["generate", "--steps", "4000000000", "--quiet"];
    let bad = |more: &[&str], said: &[&str]| folder.bad(&[&steps[..], more].concat(), 1, said);
    for (option, kind) in [("--out", "png"), ("--report", "html"), ("--trace", "csv")] {
        let [missing, file, folder] = ["missing/m", "file/m", "folder"].map(|name| format!("{name}.{kind}"));
        bad(&[option, &missing], &[&missing, "folder missing does not exist"]);
        bad(&[option, &file], &[&file]);
        bad(&[option, &folder], &[&folder, "not a regular file"]);
    }
    bad(&["--out", "m.png", "--trace", "missing/t.csv"], &["missing/t.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn folders_that_nobody_can_write_to() {
    // Tests may run as root, who can write to any folder but those of /proc.
    let folder = Folder::new();
    folder.bad(
        &["generate", "--steps", "4000000000", "--out", "/proc/m.png"],
        1,
        &["/proc/m.png", "cannot write to the folder"],
    );
}

#[test]
fn a_run_that_diverges() {
    let folder = Folder::new();
    let generate = ["generate", "--preset", "spectral", "--size", "16", "--step-size", "1e6"];
    folder.bad(&generate, 1, &["diverged", "--step-size"]);
}
