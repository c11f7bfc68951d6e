//! Traces, reports, and the command in a report.

use crate::common::{Folder, without_pictures};
use bluegrad::Losses;

#[test]
fn trace_of_losses() {
    let folder = Folder::new();
    folder.good("generate --preset spectral --size 16 --steps 30 --trace short.csv --quiet");
    let text = folder.read_text("short.csv");
    let mut lines = text.lines();
    let terms = Losses::NAMES.map(|name| name.replace(' ', "_")).join(",");
    assert!(terms.starts_with("low_band,smoothness,"), "{terms}");
    assert_eq!(lines.next(), Some(format!("step,stage,{terms},total,gradient_norm").as_str()));
    let total = 2 + Losses::NAMES.len();
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    assert!(rows.iter().map(|row| row[0] as usize).eq(1..=31));
    assert!(rows.iter().all(|row| row.len() == total + 2 && row.iter().all(|number| number.is_finite())));
    assert!(
        rows.iter().all(|row| (row[2..total].iter().sum::<f64>() - row[total]).abs() <= 1e-5 * row[total].max(1.0))
    );
    assert_eq!(rows[30][1], 1.0);
    assert!(rows[30][total] < rows[0][total]);

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
    assert!(rows.iter().map(|row| row[0].parse::<usize>().unwrap()).eq(1..=19));
    let kinds: Vec<&str> = rows.chunk_by(|a, b| a[2] == b[2]).map(|chunk| chunk[0][2]).collect();
    assert_eq!(kinds, ["fill", "polish", "ranks"]);
    let energies: Vec<f64> = rows.iter().map(|row| row[3].parse().unwrap()).collect();
    assert!(energies.iter().all(|energy| (-20.0..-5.0).contains(energy)), "{energies:?}");
    // A polish lowers the energy; the ranking does not change it.
    assert!(energies[17] < energies[3] - 0.2 && energies[18] == energies[17], "{energies:?}");

    // White noise is 0 dB, up to the variance of one sample; the noise is a hash of the pixel.
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

    // A long run records some steps, and the end of each stage.
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
    // A name with characters that HTML and the shell interpret.
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
    // Pictures: the mask, its spectrum, five patterns with spectra, the colour scale.
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
