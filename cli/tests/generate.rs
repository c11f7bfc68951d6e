//! What a run says, writes and keeps to itself.

mod common;

use common::{Folder, without_pictures};

#[test]
fn without_an_option() {
    let folder = Folder::new();
    let run = folder.good("generate");
    assert_eq!(folder.list(), ["bluegrad-64x64.png"]);
    assert_eq!(run.stdout.lines().count(), 1);
    assert!(run.stdout.starts_with("wrote bluegrad-64x64.png: 64x64, dither, 45 steps in "), "{}", run.stdout);
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
        // A later option overrides: --steps 30 stands first only where the options have none of their own.
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
        ("", "--preset dither --size 64 --sigma 1.26 --steps 40 --seed 0"),
        ("--preset dither-fast", "--sigma 1.26 --steps 12"),
        ("--preset void-and-cluster", "--preset void-and-cluster --sigma 1.5 --initial-fraction 0.02"),
    ] {
        folder.good(&format!("generate {bare} --out bare.u32"));
        folder.good(&format!("generate {said} --out said.u32"));
        assert_eq!(folder.read("bare.u32"), folder.read("said.u32"), "{said}");
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
        ("--preset dither-fast --sigma 1.5", 4 + 12 + 1),
    ] {
        let said = folder.good(&format!("generate {options}")).stdout;
        assert!(said.contains(&format!(", {steps} steps in ")), "{options}: {said}");
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
fn refining_a_mask() {
    let folder = Folder::new();
    folder.good("generate --width 24 --height 40 --preset void-and-cluster --out given.npy --trace whole.csv");
    let energies = |name: &str| -> Vec<f64> {
        let text = folder.read_text(name);
        text.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().parse().unwrap_or(f64::NAN)).collect()
    };
    // The size is the file's, and nothing is lost where no step follows.
    let run = folder.good("generate --init given.npy --steps 0 --out same.npy --trace t.csv");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert_eq!(folder.read("same.npy"), folder.read("given.npy"));
    // What the refining starts from is the given mask.
    let given = energies("whole.csv").pop().unwrap();
    let run = energies("t.csv");
    assert!(run.len() == 2 && run.iter().all(|energy| (energy - given).abs() < 1e-9), "{run:?}, not {given}");
    folder.good("generate --init given.npy --preset dither-best --out better.npy --trace t.csv");
    let run = energies("t.csv");
    assert!((run[0] - given).abs() < 1e-9 && *run.last().unwrap() < given, "{run:?}, not from {given}");
    // A size that agrees may be given; each format will do, and only the order counts.
    folder.good("generate --init given.npy --width 24 --height 40 --out a.u32");
    for name in ["given.u32", "given.u16", "given.f32"] {
        folder.good(&format!("generate --init given.npy --steps 0 --out {name}"));
        folder.good(&format!("generate --init {name} --width 24 --height 40 --out b.u32"));
        assert_eq!(folder.read("a.u32"), folder.read("b.u32"), "{name}");
    }
}

#[test]
fn ties_of_a_given_mask_are_told() {
    let folder = Folder::new();
    // 64 values: 10 once, the others twice or more.
    let values: Vec<u8> = (0..64).map(|i| if i < 10 { i } else { 100 + i % 20 }).collect();
    folder.write("m.u8", &values);
    let run = folder.good("generate --init m.u8 --seed 9 --steps 0 --out a.u32");
    let note = "note: 54 of 64 pixels share their value with another; ties were put in an order of seed 9";
    assert_eq!(run.stdout.lines().nth(1), Some(note), "{}", run.stdout);
    // In the order of the values, and among ties in that of the seed.
    let ranks = folder.ranks("a.u32");
    let mut pairs: Vec<(u32, u8)> = ranks.iter().copied().zip(values.iter().copied()).collect();
    pairs.sort_unstable();
    assert!(pairs.is_sorted_by_key(|(_, value)| *value));
    folder.good("generate --init m.u8 --seed 10 --steps 0 --out b.u32");
    assert_ne!(folder.read("a.u32"), folder.read("b.u32"));
    // f32 does not tell these apart, f64 and the command do.
    let close: Vec<u8> = (0..64_u32).flat_map(|i| (i * 37 % 64 + 16_777_216 * 8).to_le_bytes()).collect();
    folder.write("close.u32", close);
    let run = folder.good("generate --init close.u32 --steps 0 --out c.u32");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(folder.ranks("c.u32").into_iter().eq((0..64).map(|i| i * 37 % 64)));
    assert_eq!(folder.good("generate --init m.u8 --quiet --out d.u32").stdout, "");
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
    // As a file that is created in the plain way.
    folder.write("plain", "");
    let mode = |name| std::fs::metadata(folder.file(name)).unwrap().permissions().mode();
    assert_eq!(mode("elsewhere/m.u8"), mode("plain"));
}

#[test]
fn trace_of_losses() {
    let folder = Folder::new();
    folder.good("generate --preset spectral --size 16 --steps 30 --trace short.csv --quiet");
    let text = folder.read_text("short.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("step,stage,low_band,smoothness,profile,histogram,total,gradient_norm"));
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    assert!(rows.iter().map(|row| row[0] as usize).eq(1..=31));
    assert!(rows.iter().all(|row| row.len() == 8 && row.iter().all(|number| number.is_finite())));
    assert!(rows.iter().all(|row| (row[2] + row[3] + row[4] + row[5] - row[6]).abs() <= 1e-5 * row[6].max(1.0)));
    assert_eq!(rows[30][1], 1.0);
    assert!(rows[30][6] < rows[0][6]);

    folder.good("generate --preset spectral --size 16 --steps 4500 --trace long.csv --quiet");
    let text = folder.read_text("long.csv");
    assert!((1000..=2002).contains(&text.lines().count()));
    assert!(text.lines().nth(1).unwrap().starts_with("1,0,"));
    assert!(text.lines().last().unwrap().starts_with("4501,1,"));
}

#[test]
fn trace_of_energies() {
    let folder = Folder::new();
    folder.good("generate --trace t.csv --quiet");
    let text = folder.read_text("t.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("step,stage,kind,energy_db"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!(rows.iter().map(|row| row[0].parse::<usize>().unwrap()).eq(1..=45));
    let kinds: Vec<&str> = rows.chunk_by(|a, b| a[2] == b[2]).map(|chunk| chunk[0][2]).collect();
    assert_eq!(kinds, ["fill", "polish", "ranks"]);
    let energies: Vec<f64> = rows.iter().map(|row| row[3].parse().unwrap()).collect();
    assert!(energies.iter().all(|energy| (-20.0..-5.0).contains(energy)), "{energies:?}");
    // A polish is there to lower it, and the ranking changes nothing.
    assert!(energies[43] < energies[3] - 0.2 && energies[44] == energies[43], "{energies:?}");

    // White noise is 0 dB, give or take what a sample of it may be; here by a mixer of bits.
    let mixed = |i: u32| {
        let i = (i ^ (i >> 16)).wrapping_mul(0x85EB_CA6B);
        let i = (i ^ (i >> 13)).wrapping_mul(0xC2B2_AE35);
        (i ^ (i >> 16)).to_le_bytes()
    };
    let noise: Vec<u8> = (1..=64 * 64).flat_map(mixed).collect();
    folder.write("noise.u32", noise);
    folder.good("generate --init noise.u32 --steps 0 --trace t.csv --quiet");
    let text = folder.read_text("t.csv");
    let energy: f64 = text.lines().nth(1).unwrap().strip_prefix("0,0,init,").unwrap().parse().unwrap();
    assert!(energy.abs() < 1.0, "{energy}");

    // Of a long run not every step, but the end of each stage.
    folder.good("generate --size 256 --preset dither-gradient --steps 400 --trace t.csv --quiet");
    let text = folder.read_text("t.csv");
    assert!((200..250).contains(&text.lines().count()), "{}", text.lines().count());
    for end in ["\n400,0,front,", "\n480,1,polish,", "\n504,2,polish,", "\n505,3,ranks,"] {
        assert!(text.contains(end), "{end}");
    }
}

#[test]
fn report() {
    let folder = Folder::new();
    // A name that HTML and the shell must not take literally.
    let page = "it's <b> & \"q\".html";
    let run = folder.run(&[
        "generate", "--preset", "spectral", "--size", "32", "--steps", "40", "--seed", "5", "--report", page, "--out",
        "m.png",
    ]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    let text = folder.read_text(page);
    let first = ["The mask", "Tiled 2 × 2", "Power spectrum", "Radial profile", "Histogram", "Loss"];
    for title in first.into_iter().chain(["Dithered grey", "Radial profiles of dithered grey", "Error to the eye"]) {
        assert!(text.contains(&format!("<h2>{title}</h2>")), "{title}");
    }
    // The mask, its spectrum, five levels with theirs, a scale of colours.
    assert_eq!(text.matches("data:image/png;base64,").count(), 2 + 2 * 5 + 1);
    assert_eq!(text.matches("role=\"img\"").count(), 6 + 2);
    assert_eq!(text.matches("<svg ").count(), text.matches("</svg>").count());
    for unit in ["cycles/pixel", "dB relative to white", "pixels in each", ">step", "loss, all factors 1"] {
        assert!(text.contains(unit), "{unit}");
    }
    let bare = without_pictures(&text);
    assert!(!bare.contains("http") && !bare.contains("NaN"));
    assert_eq!(bare.matches("src=").count(), bare.matches("src=\"data:\"").count());
    let (_, command) = text.split_once("<pre><code>").unwrap();
    let (command, _) = command.split_once("</code>").unwrap();
    assert_eq!(
        command,
        r"bluegrad generate --size 32 --preset spectral --seed 5 --steps 40 --out m.png --report 'it'\''s &lt;b&gt; &amp; &quot;q&quot;.html'"
    );
}

#[test]
fn report_of_a_dither_run() {
    let folder = Folder::new();
    for (options, titles) in [
        ("--levels 4 --sigma 1.5", &["Stage 1: void fill", "Stage 2: polish", "Stage 3: swaps for few levels"][..]),
        ("--preset dither-best", &["Stage 1: void fill", "Stage 2: polish", "Stage 3: polish"]),
        ("--preset dither-gradient", &["Stage 1: descent behind a front", "Stage 2: polish", "Stage 3: polish"]),
        ("--preset void-and-cluster", &["Stage 1: void-and-cluster"]),
    ] {
        folder.good(&format!("generate --width 17 --height 31 {options} --report r.html --out m.png"));
        let text = without_pictures(&folder.read_text("r.html"));
        for title in titles.iter().chain(&["The mask", "Tiled 2 × 2", "Power spectrum", "Energy"]) {
            assert!(text.contains(&format!("<h2>{title}</h2>")), "{title}");
        }
        assert!(text.contains("energy, dB relative to white"));
        for wrong in ["loss", "NaN", "http", "0.0000"] {
            assert!(!text.contains(wrong), "{options}: {wrong}");
        }
    }
}

#[test]
fn the_report_s_command_reproduces_the_mask() {
    let folder = Folder::new();
    folder.write("p.txt", "0.2 0\n0.4 1\n");
    folder.good(
        "generate --width 16 --height 32 --preset published --steps 25 --seed 9 --cutoff 0.35 --weights 0.1,0.02,2 \
         --profile p.txt --profile-weight 0.003 --optimizer heavy-ball --step-size 1.5 --momentum 0.9 --distribution \
         gaussian --gaussian-sigma 0.5 --ranks binned --range signed --level scalar --out m.f32 --report r.html --trace t.csv",
    );
    let (mask, page, trace) = (folder.read("m.f32"), folder.read_text("r.html"), folder.read("t.csv"));
    let (_, command) = page.split_once("<pre><code>bluegrad ").unwrap();
    let (command, _) = command.split_once("</code>").unwrap();
    for name in ["m.f32", "r.html", "t.csv"] {
        std::fs::remove_file(folder.file(name)).unwrap();
    }
    folder.good(command);
    assert_eq!(folder.read("m.f32"), mask);
    assert_eq!(folder.read("t.csv"), trace);
    assert_eq!(folder.list(), ["m.f32", "p.txt", "r.html", "t.csv"]);
}

#[test]
fn the_report_s_command_reproduces_a_dither_mask() {
    let folder = Folder::new();
    folder.good("generate --width 24 --height 40 --out given.png");
    for options in [
        "--init given.png --preset dither-fast --sigma 1.1 --levels 7 --steps 20 --seed 4",
        "--preset void-and-cluster --sigma 1.8 --initial-fraction 0.07 --width 24 --height 40 --levels 3",
    ] {
        folder.good(&format!("generate {options} --out m.u32 --report r.html"));
        let (mask, page) = (folder.read("m.u32"), folder.read_text("r.html"));
        let (_, command) = page.split_once("<pre><code>bluegrad ").unwrap();
        let (command, _) = command.split_once("</code>").unwrap();
        std::fs::remove_file(folder.file("m.u32")).unwrap();
        folder.good(command);
        assert_eq!(folder.read("m.u32"), mask);
    }
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

/// From the best dithering to the darkest mask: the mix goes on where its preset is, and its end is as dark as `spectral`.
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
