//! What a run says, writes and keeps to itself.

mod common;

use common::{Folder, without_pictures};

#[test]
fn without_an_option() {
    let folder = Folder::new();
    let run = folder.good("generate --steps 10");
    assert_eq!(folder.list(), ["bluegrad-64x64.png"]);
    assert_eq!(run.stdout.lines().count(), 1);
    for part in ["wrote bluegrad-64x64.png: 64x64, 11 steps in ", "published loss "] {
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
        "--seed 18446744073709551615 --cutoff 0.3 --weights 0.2,0,2",
        "--optimizer adam --step-size 0.01 --momentum 0.8 --ranks binned",
        "--distribution gaussian --sigma 0.4",
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
        folder.good(&format!("generate --size 256 --steps 6 --ranks binned {threads} --out {name}"));
        assert_eq!(folder.read(name), folder.read("one.u32"), "{threads}");
    }
}

#[test]
fn every_setting_counts() {
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
        folder.good(&format!("generate --size 16 {steps} {options} --out m.u32"));
        let mask = folder.read("m.u32");
        assert!(!masks.contains(&mask), "{options}");
        masks.push(mask);
    }
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
fn trace() {
    let folder = Folder::new();
    folder.good("generate --size 16 --steps 30 --trace short.csv --quiet");
    let text = folder.read_text("short.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("step,stage,low_band,smoothness,profile,histogram,total,gradient_norm"));
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect();
    assert!(rows.iter().map(|row| row[0] as usize).eq(1..=31));
    assert!(rows.iter().all(|row| row.len() == 8 && row.iter().all(|number| number.is_finite())));
    assert!(rows.iter().all(|row| (row[2] + row[3] + row[4] + row[5] - row[6]).abs() <= 1e-5 * row[6].max(1.0)));
    assert_eq!(rows[30][1], 1.0);
    assert!(rows[30][6] < rows[0][6]);

    folder.good("generate --size 16 --steps 4500 --trace long.csv --quiet");
    let text = folder.read_text("long.csv");
    assert!((1000..=2002).contains(&text.lines().count()));
    assert!(text.lines().nth(1).unwrap().starts_with("1,0,"));
    assert!(text.lines().last().unwrap().starts_with("4501,1,"));
}

#[test]
fn report() {
    let folder = Folder::new();
    // A name that HTML and the shell must not take literally.
    let page = "it's <b> & \"q\".html";
    let run =
        folder.run(&["generate", "--size", "32", "--steps", "40", "--seed", "5", "--report", page, "--out", "m.png"]);
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
fn the_report_s_command_reproduces_the_mask() {
    let folder = Folder::new();
    folder.write("p.txt", "0.2 0\n0.4 1\n");
    folder.good(
        "generate --width 16 --height 32 --preset published --steps 25 --seed 9 --cutoff 0.35 --weights 0.1,0.02,2 \
         --profile p.txt --profile-weight 0.003 --optimizer heavy-ball --step-size 1.5 --momentum 0.9 --distribution \
         gaussian --sigma 0.5 --ranks binned --range signed --level scalar --out m.f32 --report r.html --trace t.csv",
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
fn presets() {
    let text = Folder::new().good("presets").stdout;
    assert!(text.starts_with("spectral (default)\n"));
    assert!(text.contains("\npublished\n") && text.contains("steps: 100000 + 10"));
}

#[test]
fn help_and_version() {
    let folder = Folder::new();
    assert!(folder.good("--help").stdout.contains("generate"));
    assert!(folder.good("generate --help").stdout.contains("--profile-weight"));
    assert_eq!(folder.good("--version").stdout, format!("bluegrad {}\n", env!("CARGO_PKG_VERSION")));
}
