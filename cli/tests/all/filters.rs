//! `bluegrad generate` of masks for filters.

use crate::common::Folder;
use bluegrad::recipe::Powers;
use bluegrad::{Config, Filters, Generator, Layout, Line, Preset, Recipe, Shape, SimdLevel, SpaceFilter, TimeFilter};

/// Masks for filters: each kind of filter by name and by weights, alone and together.
#[test]
fn filters() {
    let folder = Folder::new();
    folder.write("taps.txt", "# a tent\n1 2, 3\n2 1\n");
    // Mean square of the frame at grey 1/2 after a box of 3 pixels.
    let error = |options: &str| {
        folder.good(&format!("generate --size 32 --out m.u32 {options}"));
        let ranks = folder.ranks("m.u32");
        let mut sorted = ranks.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..1024), "{options}");
        let set = |x: usize, y: usize| f64::from(u8::from(ranks[y % 32 * 32 + x % 32] < 512));
        let mean = |i: usize| (0..9).map(|j| set(i % 32 + j % 3, i / 32 + j / 3)).sum::<f64>() / 9.0;
        (0..1024).map(|i| (mean(i) - 0.5).powi(2)).sum::<f64>() / 1024.0
    };
    let own = error("--space-filter box:3");
    for other in ["--space-filter gauss:1.4", "--preset dither", "--space-filter box:5"] {
        assert!(own < error(other), "{other}");
    }
    for options in [
        "--space-filter gauss:1 --time-filter ema:.1",
        "--space-filter box:3 --time-filter exponential:.2,.1",
        "--space-filter binomial:2 --time-filter gauss:1",
        "--space-filter taps.txt --time-filter box:2",
        "--time-filter taps.txt --channels 2",
        "--space-filter gauss:1 --time-filter ema:.2 --separate 0.5 --steps 3",
        "--space-filter gauss:0.8 --time-filter none",
    ] {
        let line = format!("generate --size 16 --layers 4 {options}");
        let said = folder.good(&format!("{line} --out a.u32")).stdout;
        assert!(said.contains("16x16 with 4 layers") && said.contains("filter"), "{said}");
        let ranks = folder.ranks("a.u32");
        let counted = |rank: u32| ranks.iter().filter(|other| **other == rank).count();
        assert!((0..256).all(|rank| counted(rank) == ranks.len() / 256), "{options}");
        // The command of a header makes the same mask.
        folder.good(&format!("{line} --out m.h --depth 32"));
        let text = folder.read_text("m.h");
        let command = text.lines().find_map(|line| line.strip_prefix(" *   bluegrad ")).unwrap();
        std::fs::remove_file(folder.file("m.h")).unwrap();
        folder.good(command);
        assert_eq!(folder.read_text("m.h"), text);
    }
    // A start that is refined for filters.
    folder.good("generate --init a.u32 --layers 4 --space-filter gauss:1 --time-filter ema:.1 --out b.u32");
    assert_ne!(folder.ranks("a.u32"), folder.ranks("b.u32"));
}

/// `--steps` are those of the polish.
#[test]
fn steps() {
    let folder = Folder::new();
    let steps = |option: &str| -> u32 {
        let said = folder.good(&format!("generate --size 16 --space-filter box:3 {option} --out m.png")).stdout;
        let (before, _) = said.split_once(" steps").unwrap();
        before.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    assert_eq!(steps("--steps 5"), steps("--steps 0") + 5);
    assert_eq!(steps(""), steps("--steps 24"));
}

/// Of weights nothing is known in advance: probes find the powers of the fill, in space as over time.
#[test]
fn weights_are_probed() {
    let folder = Folder::new();
    let taps = [1.0, 4.0, 6.0, 4.0, 1.0];
    folder.write("taps.txt", "1 4 6 4 1");
    let shape = Shape::new(16, 16).with_layers(4);
    for (options, filters) in [
        ("--space-filter taps.txt", Filters::product(SpaceFilter::taps(&taps), TimeFilter::NONE)),
        ("--time-filter taps.txt", Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::taps(&taps))),
    ] {
        let mut memory = vec![Line::ZERO; Powers::probe_bytes(shape).div_ceil(64)];
        let powers = Powers::probe(&filters, shape, SimdLevel::Auto, Line::as_bytes_mut(&mut memory)).unwrap();
        assert_ne!(powers, Powers::of(&filters), "the probe finds nothing new");
        let config = Config { shape, ..Config::new(Preset::Dither, 16, 16) };
        let config = Config { recipe: Recipe::filtered(&filters, shape, Some(powers)).unwrap(), ..config };
        let mut memory = vec![Line::ZERO; Layout::new(&config).unwrap().lines()];
        let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config).unwrap();
        generator.step(u32::MAX).unwrap();
        folder.good(&format!("generate --size 16 --layers 4 {options} --out m.u32"));
        assert_eq!(folder.ranks("m.u32"), generator.mask().unwrap().ranks(), "{options}");
    }
}

#[test]
fn bad_filters() {
    let folder = Folder::new();
    let bad = |line: &str, status, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    for (filter, said) in [
        ("gauss:0", "from 0.3 to 4"),
        ("gauss:nan", "from 0.3 to 4"),
        ("gauss:wide", "expected numbers"),
        ("box:0", "from 1 to 32"),
        ("box:33", "from 1 to 32"),
        ("box:-1", "expected numbers"),
        ("binomial:0", "from 1 to 31"),
        ("blur:1", "gauss:SIGMA, box:PIXELS, binomial:STEPS or a file"),
        ("missing.txt", "or a file of weights"),
    ] {
        bad(&format!("generate --space-filter {filter}"), 2, &["--space-filter", filter, said]);
    }
    for (filter, said) in [
        ("ema:0", "above 0 and at most 1"),
        ("ema:1.01", "above 0 and at most 1"),
        ("exponential:.1", "expected numbers"),
        ("exponential:.1,0", "above 0 and at most 1"),
        ("gauss:0", "layers"),
        ("box:0", "from 1 to"),
        ("blur", "ema:ALPHA, exponential:ALPHA,BETA, gauss:SIGMA, box:LAYERS, none or a file"),
    ] {
        bad(&format!("generate --layers 4 --time-filter {filter}"), 2, &["--time-filter", filter, said]);
    }
    for (text, said) in [
        ("", "no numbers: a filter has 1 to 32 weights"),
        ("# none\n", "no numbers"),
        ("1 nan 1", "line 1: `nan` is not a finite number"),
        ("1\ninf", "line 2: `inf`"),
        ("1 two", "`two` is not a finite number"),
        ("0 0 0", "some weight"),
        (&"1 ".repeat(33), "33 numbers: a filter has 1 to 32"),
    ] {
        folder.write("taps.txt", text);
        bad("generate --space-filter taps.txt", 1, &["taps.txt", said]);
        bad("generate --layers 2 --time-filter taps.txt", 1, &["taps.txt", said]);
    }
    bad("generate --time-filter ema:.1", 2, &["--time-filter", "--layers 2 or more"]);
    bad("generate --separate .5", 2, &["--separate", "--space-filter and --time-filter"]);
    for one in ["--space-filter gauss:1", "--time-filter ema:.1", "--space-filter gauss:1 --time-filter none"] {
        bad(&format!("generate --layers 2 --separate .5 {one}"), 2, &["--separate", "two filters"]);
    }
    for weight in ["0", "1.1", "nan"] {
        let line = format!("generate --layers 2 --space-filter gauss:1 --time-filter ema:.1 --separate {weight}");
        bad(&line, 2, &["--separate", "from 0.01 to 1"]);
    }
    bad("generate --space-filter box:3 --preset dither", 2, &["--space-filter", "--preset"]);
    for option in ["--sigma 1.2", "--mix 0.5", "--beta 0.1", "--levels 4", "--cutoff 0.2", "--initial-fraction 0.1"] {
        let name = option.split(' ').next().unwrap();
        bad(&format!("generate --layers 2 --space-filter box:3 {option}"), 2, &[name, "option of presets"]);
    }
}
