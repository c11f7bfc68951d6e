//! Output and messages of `bluegrad generate`.

mod pages;
mod refine;
mod settings;

use crate::common::Folder;

#[test]
fn without_an_option() {
    let folder = Folder::new();
    let run = folder.good("generate");
    assert_eq!(folder.list(), ["bluegrad-64x64.png"]);
    assert_eq!(run.stdout.lines().count(), 1);
    assert!(run.stdout.starts_with("wrote bluegrad-64x64.png: 64x64, dither, 19 steps in "), "{}", run.stdout);
    assert!(!run.stdout.contains("loss") && run.stdout.trim_end().ends_with('s'), "{}", run.stdout);
}

#[test]
fn a_spectral_run_says_its_loss() {
    let run = Folder::new().good("generate --preset spectral --steps 10");
    assert_eq!(run.stdout.lines().count(), 1);
    for part in ["wrote bluegrad-64x64.png: 64x64, spectral, 11 steps in ", "published loss "] {
        assert!(run.stdout.contains(part), "{}", run.stdout);
    }
}

#[test]
fn quiet_is_silent() {
    let folder = Folder::new();
    let run = folder.good("generate --quiet --size 16 --steps 5 --out m.f32 --report r.html --trace t.csv");
    assert_eq!(run.stdout, "");
    assert_eq!(folder.list(), ["m.f32", "r.html", "t.csv"]);
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    for options in [
        "--preset spectral",
        "--preset published",
        "--preset spectral --seed 18446744073709551615 --cutoff 0.3 --weights 0.2,0,2",
        "--preset spectral --optimizer adam --step-size 0.01 --momentum 0.8 --ranks binned",
        "--preset spectral --distribution gaussian --gaussian-sigma 0.4",
        "",
        "--seed 18446744073709551615 --sigma 1.7 --levels 5",
        "--preset dither-best",
        "--preset dither-gradient",
    ] {
        let folder = Folder::new();
        for (name, level) in [("a.u32", "auto"), ("b.u32", "auto"), ("scalar.u32", "scalar")] {
            folder.good(&format!("generate --size 32 --steps 30 {options} --level {level} --out {name}"));
        }
        assert_eq!(folder.read("a.u32"), folder.read("b.u32"), "{options}");
        assert_eq!(folder.read("a.u32"), folder.read("scalar.u32"), "{options}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new();
    for (name, threads) in
        [("one.u32", "--threads 1"), ("two.u32", "--threads 2"), ("nine.u32", "--threads 9"), ("auto.u32", "")]
    {
        folder.good(&format!("generate --preset spectral --size 256 --steps 6 --ranks binned {threads} --out {name}"));
        assert_eq!(folder.read(name), folder.read("one.u32"), "{threads}");
        folder.good(&format!("generate --size 512 --steps 6 {threads} --out dither-{name}"));
        assert_eq!(folder.read(&format!("dither-{name}")), folder.read("dither-one.u32"), "{threads}");
    }
}

#[test]
fn any_sides() {
    let folder = Folder::new();
    for (width, height) in [(17, 31), (8, 8), (9, 100), (101, 8)] {
        for preset in
            ["dither", "dither-classic", "dither-gradient --steps 50", "void-and-cluster", "dither --levels 6"]
        {
            folder.good(&format!("generate --width {width} --height {height} --preset {preset} --out m.u32"));
            let mut ranks = folder.ranks("m.u32");
            ranks.sort_unstable();
            assert!(ranks.into_iter().eq(0..width * height), "{width}x{height} {preset}");
        }
    }
    let run = folder.good("generate --width 17 --height 31 --report r.html --trace t.csv");
    assert!(run.stdout.contains("bluegrad-17x31.png, r.html, t.csv: 17x31"), "{}", run.stdout);
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = Folder::new();
    folder.write("m.u8", vec![0; 100_000]);
    folder.good("generate --size 16 --steps 2 --out m.u8");
    assert_eq!(folder.read("m.u8").len(), 256);
    assert_eq!(folder.list(), ["m.u8"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_the_umask_counts() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    std::fs::create_dir(folder.file("elsewhere")).unwrap();
    folder.write("elsewhere/m.u8", "old");
    symlink("elsewhere/m.u8", folder.file("m.u8")).unwrap();
    folder.good("generate --size 16 --steps 2 --out m.u8");
    assert!(folder.file("m.u8").is_symlink());
    assert_eq!(folder.read("elsewhere/m.u8").len(), 256);
    // The same permissions as a file that the test creates.
    folder.write("plain", "");
    let mode = |name| std::fs::metadata(folder.file(name)).unwrap().permissions().mode();
    assert_eq!(mode("elsewhere/m.u8"), mode("plain"));
}

#[test]
fn presets() {
    let text = Folder::new().good("presets").stdout;
    assert!(text.starts_with("dither (default)\n"));
    assert_eq!(text.matches("(default)").count(), 1);
    for part in [
        "at 64x64: void fill (4 steps), polish (14 steps), exact ranks (1 step); 19 in all",
        "\nvoid-and-cluster\n",
        "\nspectral\n",
        "\npublished\n",
        "(100000 steps)",
        "\n    noise that enters linearly, ",
        "\nIn an animation, add 0.618034 to each value, modulo 1, ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn help_and_version() {
    let folder = Folder::new();
    assert!(folder.good("--help").stdout.contains("generate"));
    let help = folder.good("generate --help").stdout;
    let places: Vec<usize> = ["\nMask:", "\nDither presets:", "\nSpectral presets:", "\nOutput:"]
        .map(|part| help.find(part).unwrap())
        .into();
    assert!(places.is_sorted(), "{help}");
    for option in ["--init", "--sigma", "--levels", "--initial-fraction", "--gaussian-sigma", "--profile-weight"] {
        assert!(help.contains(&format!("{option} <")), "{option}");
    }
    assert_eq!(folder.good("--version").stdout, format!("bluegrad {}\n", env!("CARGO_PKG_VERSION")));
}
