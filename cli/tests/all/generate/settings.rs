//! Every setting has an effect, and the default that its help says.

use crate::common::Folder;

#[test]
fn every_setting_of_spectral_presets_counts() {
    let folder = Folder::new();
    folder.write("profile.txt", "frequency amplitude\n0.1, 0 # comment\n\n0.3 1\r\n0.5\t0\n");
    let mut masks = Vec::new();
    for options in [
        "",
        "--seed 1",
        "--steps 31",
        "--preset published",
        "--cutoff 0.3",
        "--weights 0.2,0.01,2.2",
        "--profile profile.txt",
        "--profile profile.txt --profile-weight 0.001",
        "--profile profile.txt --weights 0.1,0.01,2.2",
        "--optimizer gradient-descent",
        "--optimizer adam",
        "--step-size 1",
        "--momentum 0.5",
        "--distribution triangular",
        "--ranks binned",
    ] {
        // clap refuses an option that is given twice: --steps 30 is added only without other --steps.
        let steps = if options.contains("--steps") { "" } else { "--steps 30" };
        let preset = if options.contains("--preset") { "" } else { "--preset spectral" };
        folder.good(&format!("generate --size 16 {steps} {preset} {options} --out m.u32"));
        let mask = folder.read("m.u32");
        assert!(!masks.contains(&mask), "{options}");
        masks.push(mask);
    }
}

#[test]
fn every_setting_of_dither_presets_counts() {
    let folder = Folder::new();
    folder.good("generate --size 32 --seed 3 --preset dither-near --out init.u32");
    let mut masks = Vec::new();
    for options in [
        "",
        "--seed 1",
        "--steps 0",
        "--steps 39",
        "--sigma 1.25",
        "--levels 2",
        "--levels 3",
        "--sigma 1.25 --levels 2",
        "--init init.u32",
        "--init init.u32 --levels 2",
        "--preset dither-fast",
        "--preset dither-fast --sigma 1",
        "--preset dither-classic",
        "--preset dither-best",
        "--preset dither-best --steps 150",
        "--preset dither-smooth",
        "--preset dither-near",
        "--preset dither-near --init init.u32",
        "--preset dither-gradient",
        "--preset dither-gradient --steps 500",
        "--preset void-and-cluster",
        "--preset void-and-cluster --sigma 1.9",
        "--preset void-and-cluster --initial-fraction 0.1",
        "--preset void-and-cluster --levels 4",
        "--preset spectral",
        "--preset spectral --init init.u32",
    ] {
        folder.good(&format!("generate --size 32 {options} --out m.u32"));
        let mask = folder.read("m.u32");
        let mut ranks = folder.ranks("m.u32");
        ranks.sort_unstable();
        assert!(ranks.into_iter().eq(0..1024), "{options}");
        assert!(!masks.contains(&mask), "{options}");
        masks.push(mask);
    }
}

#[test]
fn defaults_are_what_the_help_says() {
    let folder = Folder::new();
    for (bare, said) in [
        ("", "--preset dither --size 64 --sigma 1.26 --steps 14 --seed 0"),
        ("--preset dither-fast", "--sigma 1.26 --steps 8"),
        ("--preset void-and-cluster", "--preset void-and-cluster --sigma 1.5 --initial-fraction 0.02"),
    ] {
        folder.good(&format!("generate {bare} --out bare.u32"));
        folder.good(&format!("generate {said} --out said.u32"));
        assert!(folder.read("bare.u32") == folder.read("said.u32"), "{said}");
    }
}

#[test]
fn steps_are_those_of_the_longest_stage() {
    let folder = Folder::new();
    for (options, steps) in [
        ("--steps 7", 4 + 7 + 1),
        ("--preset dither-fast --sigma 1.5 --steps 7", 4 + 7 + 1),
        ("--preset dither-best --steps 7", 4 + 7 + 60 + 1),
        ("--preset dither-smooth --steps 7", 4 + 7 + 24 + 1),
        ("--preset dither-gradient --steps 7", 7 + 80 + 24 + 1),
        ("--preset published --steps 7", 7 + 10 + 1),
        ("--levels 4 --steps 7", 4 + 7 + 64 + 1),
        ("--preset dither-fast --sigma 1.5", 4 + 8 + 1),
    ] {
        let said = folder.good(&format!("generate {options}")).stdout;
        assert!(said.contains(&format!(", {steps} steps in ")), "{options}: {said}");
    }
}

/// `--mix 0.25` is the preset; `--mix 1` is as dark as `spectral`.
#[test]
fn the_mix_darkens_the_mask() {
    let folder = Folder::new();
    let low_power = |options: &str| {
        folder.good(&format!("generate --preset dither-smooth --quiet --out mask.npy{options}"));
        let json = folder.good("measure mask.npy --json").stdout;
        let measured: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        // R = 0.25
        measured[0]["low_power_db"][3].as_f64().expect("a figure")
    };
    let preset = low_power("");
    assert_eq!(low_power(" --mix 0.25"), preset);
    let [lightest, half, odd, dark] = [" --mix 0", " --mix 0.5", " --mix 1 --size 50", " --mix 1"].map(low_power);
    assert!(preset <= lightest && half < preset - 1.0 && odd < half - 10.0, "{lightest}, {half}, {odd}");
    assert!(dark < -58.0, "{dark}");
}
