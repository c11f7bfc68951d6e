//! The family between dithering and a dark grey mask: one number, and both figures follow it.

use crate::common::{self, ranks};
use bluegrad::measure::{self, GreyLevel, LEVELS, Patterns, Quality, levels_scratch_len, power_len, scratch_len};
use bluegrad::recipe::{Mixture, Polish};
use bluegrad::{Config, Error, Preset, Recipe, Shape, Stage};
use std::time::Instant;

const MIXES: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

fn config(mix: f32, width: u32, height: u32, seed: u64) -> Config {
    Config {
        recipe: Recipe::dither_mix(mix).expect("in range"),
        seed,
        ..Config::new(Preset::DitherSmooth, width, height)
    }
}

fn polishes(mix: f32) -> Vec<Polish> {
    let recipe = Recipe::dither_mix(mix).expect("in range");
    let polish = |stage: &Stage| if let Stage::Polish(polish) = stage { Some(*polish) } else { None };
    recipe.stages().iter().filter_map(polish).collect()
}

/// The grey mask of exact ranks, or of `levels` values.
fn grey(ranks: &[u32], shape: Shape, levels: u32) -> Quality {
    let n = ranks.len() as u64;
    let values: Vec<f32> = ranks.iter().map(|rank| (u64::from(*rank) * u64::from(levels) / n) as f32).collect();
    let (mut power, mut scratch) = (vec![0.0; power_len(shape)], vec![0.0; scratch_len(shape).expect("a good size")]);
    measure::power_spectrum(&values, shape, &mut power, &mut scratch).expect("the right lengths");
    measure::quality(&power, shape).expect("the right length")
}

/// Its patterns, without the energy of all thresholds.
fn patterns(ranks: &[u32], shape: Shape) -> Patterns {
    let mut levels = [GreyLevel::default(); LEVELS];
    let mut scratch = vec![0.0; levels_scratch_len(shape).expect("a good size")];
    measure::levels(ranks, shape, 1, &mut levels, &mut scratch).expect("the right lengths");
    Patterns::new(&levels, [f64::NAN; measure::SIGMAS.len()])
}

/// Power up to 0.25 cycles/pixel, and HVS errors at sigma 2 and 3.
#[test]
fn a_mix_trades_dithering_for_darkness() {
    for seed in 0..3 {
        let figures = MIXES.map(|mix| {
            let config = config(mix, 64, 64, seed);
            let ranks = ranks(&config).expect("a valid configuration");
            let hvs = patterns(&ranks, config.shape).hvs_error_mean;
            (grey(&ranks, config.shape, 4096).low_power[3], hvs[3], hvs[4])
        });
        for (mix, pair) in MIXES.iter().zip(figures.windows(2)) {
            assert!(pair[1].0 < pair[0].0, "seed {seed}: darker past {mix}: {figures:?}");
            assert!(pair[1].1 > pair[0].1, "seed {seed}: HVS error at 2 past {mix}: {figures:?}");
            assert!(pair[1].2 > pair[0].2, "seed {seed}: HVS error at 3 past {mix}: {figures:?}");
        }
    }
}

/// At 1 the low frequencies are where the spectral preset's 8-bit form is, on any size, and it dithers much better.
#[test]
fn the_darkest_mix_is_dark_on_any_size() {
    for (width, height) in [(64, 64), (100, 60), (48, 80)] {
        let dark = config(1.0, width, height, 4);
        let ranks = ranks(&dark).expect("a valid configuration");
        let quality = grey(&ranks, dark.shape, width * height);
        assert!(quality.low_power[1] < -54.0 && quality.low_power[3] < -46.0, "{width}x{height}: {quality:?}");
        let hvs = patterns(&ranks, dark.shape).hvs_error_mean;
        assert!(hvs[1] < -9.5, "{width}x{height}: {hvs:?}");
        let eight = grey(&ranks, dark.shape, 256);
        assert!(eight.low_power[1] < -46.9, "{width}x{height}, 8 bits: {eight:?}");
    }
    let spectral = Config { seed: 4, ..Config::new(Preset::Spectral, 64, 64) };
    let ranks = ranks(&spectral).expect("a valid configuration");
    assert!(grey(&ranks, spectral.shape, 256).low_power[1] > -48.5);
    assert!(patterns(&ranks, spectral.shape).hvs_error_mean[1] > -3.0);
}

/// A spectral stage after a polish starts from its ranks: without a step it changes nothing, with its steps the patterns stay.
#[test]
fn darkened_masks_are_as_dark_as_the_spectral_preset() {
    let plain = config(1.0, 64, 64, 7);
    let dark = Config { recipe: plain.recipe.darkened().expect("room for one more"), ..plain };
    let ranks = [plain, dark].map(|config| ranks(&config).expect("a valid configuration"));
    let [before, after] = ranks.each_ref().map(|ranks| patterns(ranks, plain.shape).hvs_error_mean);
    let quality = grey(&ranks[1], plain.shape, 4096);
    assert!(quality.low_power[1] < -60.0 && quality.low_power[3] < -60.0, "{quality:?}");
    for (i, most) in [(0, 0.1), (1, 0.2), (3, 0.4), (4, 0.7)] {
        assert!(after[i] < before[i] + most, "{after:?}, before {before:?}");
    }
    let mut still = dark;
    still.recipe.stages[4].as_spectral_mut().expect("the last stage").steps = 0;
    assert_eq!(common::ranks(&still).expect("a valid configuration"), ranks[0]);
    assert!(Config { shape: Shape::new(100, 60), ..dark }.check().is_err());
    let mut full = plain.recipe;
    full.stage_count = 8;
    assert_eq!(full.darkened(), Err(Error::StageCount { got: 9, most: 8 }));
}

#[test]
fn the_quarter_is_the_smooth_preset() {
    assert_eq!(Recipe::dither_mix(0.25), Ok(Preset::DitherSmooth.recipe()));
    assert!(polishes(0.0).iter().all(|polish| !polish.has_grey()));
    assert_eq!((polishes(0.25).len(), polishes(0.26).len()), (2, 3));
}

/// Also between the places where the family is fixed: numbers in range, and step sizes that a heavy ball bears at low
/// frequencies, where the grey term's curvature is λ.
#[test]
fn every_mix_is_valid_and_stable() {
    for percent in 0..=100 {
        let mix = percent as f32 / 100.0;
        assert_eq!(config(mix, 8, 9, 0).check(), Ok(()), "{mix}");
        for polish in polishes(mix) {
            for place in 0..polish.steps {
                let speed = polish.step_size.at(place, polish.steps) * polish.grey_weight.at(place, polish.steps);
                assert!(speed < 2.0 * (1.0 + polish.momentum), "{mix}, step {place} of {polish:?}");
            }
        }
    }
}

#[test]
fn a_mix_out_of_range_is_refused() {
    for mix in [-0.001, 1.001, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = Recipe::dither_mix(mix).expect_err("out of range");
        assert!(matches!(error, Error::Number { what: "mix", .. }), "{error:?}");
        assert!(error.to_string().contains("from 0 (dithering) to 1"), "{error}");
    }
    let polish = |weight| Polish {
        steps: 1,
        kernel: Mixture::new(&[(1.5, 1.0)]),
        grey_weight: bluegrad::Schedule::constant(weight),
        ..Polish::PLAIN
    };
    assert_eq!(Recipe::new(&[Stage::Polish(polish(1024.0))]).check(), Ok(()));
    assert!(Recipe::new(&[Stage::Polish(polish(1024.1))]).check().is_err());
}

/// The figures of `docs/mix.md` are those of today's masks; with `BLUEGRAD_RECORD=1` the table is written anew, times and all:
/// `cargo test --release -p bluegrad-tests --test all mix:: -- --ignored`.
#[test]
#[ignore = "for an optimised build, whose times are worth something; .ci/nightly runs it"]
fn the_page_has_these_figures() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/mix.md");
    let page = std::fs::read_to_string(path).expect("the page is checked in");
    let mixes = [0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0];
    let mix = |mix: f32| (mix.to_string(), Recipe::dither_mix(mix).expect("in range"));
    let darkened = Recipe::dither_mix(1.0).and_then(|recipe| recipe.darkened()).expect("room for one more");
    let others = [("1, darkened".to_string(), darkened), ("`spectral`".to_string(), Preset::Spectral.recipe())];
    let rows = mixes.map(mix).into_iter().chain(others).map(|(name, recipe)| row(&name, &recipe));
    let rows: Vec<(String, f64)> = rows.collect();
    let start = page.find("| 0 |").expect("a row of the mix 0");
    let end = start + page[start..].find("\n\n").expect("text behind the table");
    if std::env::var_os("BLUEGRAD_RECORD").is_some() {
        let rows: Vec<String> = rows.iter().map(|(figures, time)| format!("{figures} {time:.1} |")).collect();
        let page = [&page[..start], &rows.join("\n"), &page[end..]].concat();
        std::fs::write(path, page).expect("the page can be written");
        return;
    }
    let recorded: Vec<&str> = page[start..end].lines().collect();
    assert_eq!(recorded.len(), rows.len(), "rows of docs/mix.md");
    for ((figures, _), line) in rows.iter().zip(recorded) {
        assert!(line.starts_with(figures), "docs/mix.md has\n{line}\nand its figures are\n{figures}");
    }
}

/// A line of the table without its time, and that: milliseconds, the least of all seeds.
fn row(name: &str, recipe: &Recipe) -> (String, f64) {
    const SEEDS: u32 = 8;
    let (mut sums, mut least) = ([0.0; 11], f64::INFINITY);
    for seed in 0..SEEDS {
        let config = Config { recipe: *recipe, seed: u64::from(seed), ..Config::new(Preset::Dither, 64, 64) };
        let start = Instant::now();
        let ranks = ranks(&config).expect("a valid configuration");
        least = least.min(1e3 * start.elapsed().as_secs_f64());
        let (exact, eight) = (grey(&ranks, config.shape, 4096).low_power, grey(&ranks, config.shape, 256).low_power);
        let patterns = patterns(&ranks, config.shape);
        let hvs = patterns.hvs_error_mean;
        let figures = [exact[1], exact[3], exact[5], eight[1], eight[3], hvs[0], hvs[1], hvs[3], hvs[4]];
        let figures = figures.into_iter().chain([patterns.low_frequency, 1e3 * patterns.rms[1]]);
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure / f64::from(SEEDS));
    }
    let [a, b, c, d, e, f, g, h, i, j, k] = sums;
    let dark = format!("{a:.1} / {b:.1} / {c:.1} | {d:.1} / {e:.1}");
    let line = format!("| {name} | {dark} | {f:.2} / {g:.2} / {h:.2} / {i:.2} | {j:.1} | {k:.1} |");
    (line.replace('-', "−"), least)
}
