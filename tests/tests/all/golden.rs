//! The same bits everywhere: every level of this machine against scalar, and against hashes that are checked in.
//!
//! `golden.txt` holds, a line each: preset or filters, width, height, seed, steps before the ranking, FNV-1a 64 of the ranks as little-endian
//! u32. The height of a volume is followed by its layers and channels: `16x4x2`. A hash changes only with `ALGORITHM_VERSION`.
//! `BLUEGRAD_RECORD=1 cargo test -p bluegrad-tests --test all golden::` writes the file anew; the same run holds the values of the small
//! spectral masks against the independent f64 reference, and the ranks of the small masks of the dither objective against their scalar
//! twin, first.

use crate::common::{self, documented_factors, hash, ranks, values, with_generator};
use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::spectral::Profile;
use bluegrad::{Config, Preset, Recipe, Shape, SimdLevel, Stage};
use bluegrad_tests::noise::to_f64;
use bluegrad_tests::optimize::Run;
use std::fmt::Write;

/// Steps of the first stage of a spectral preset, and of the front.
const STEPS: u32 = 50;
const FRONT_STEPS: u32 = 60;

/// Width, height, layers, channels of the volumes.
const VOLUMES: [[u32; 4]; 4] = [[32, 32, 8, 1], [16, 16, 4, 2], [17, 31, 1, 4], [40, 24, 3, 1]];

/// Masks with layers or channels: of the default preset, whose layers are independent, and of those that are made for layers.
fn volumes() -> Vec<(&'static str, Config)> {
    let mut cases = Vec::new();
    for preset in [Preset::Dither, Preset::SpaceTime, Preset::SpaceTimeWide] {
        for [width, height, layers, channels] in VOLUMES {
            let config = Config { seed: 7, ..Config::new(preset, width, height) };
            cases.push((preset.name(), Config { shape: Shape { layers, channels, ..config.shape }, ..config }));
        }
    }
    cases
}

/// Masks for filters, with the kernels that follow from them.
fn filtered() -> Vec<(&'static str, Config)> {
    let (gauss, cube) = (SpaceFilter::gaussian(1.0), SpaceFilter::mean(3));
    let cases = [
        ("box-3", Filters::product(cube, TimeFilter::NONE), Shape::new(32, 32)),
        ("box-3-ema", Filters::product(cube, TimeFilter::ema(0.1)), Shape::new(16, 16).with_layers(8)),
        (
            "gauss-1-exponential",
            Filters::product(gauss, TimeFilter::exponential(0.1, 0.1)),
            Shape::new(17, 12).with_layers(12),
        ),
    ];
    let config = |filters, shape: Shape| Config {
        recipe: Recipe::filtered(&filters, shape, None).expect("good filters"),
        shape,
        seed: 7,
        ..Config::new(Preset::Dither, shape.width, shape.height)
    };
    cases.map(|(name, filters, shape)| (name, config(filters, shape))).into()
}

fn cases() -> Vec<(&'static str, Config)> {
    let small = [(16, 16), (32, 32), (64, 64), (32, 16), (16, 64)];
    let large = [(128, 128), (256, 256), (512, 512), (256, 64), (64, 512)];
    let odd = [(40, 24), (17, 31), (8, 8), (100, 60), (128, 128)];
    let mut cases = Vec::new();
    let for_layers = |preset: &Preset| matches!(preset, Preset::SpaceTime | Preset::SpaceTimeWide);
    for preset in Preset::ALL.into_iter().filter(|preset| !for_layers(preset)) {
        let spectral = is_spectral(&Config::new(preset, 16, 16));
        let others = if spectral { &large[..] } else { &odd };
        for (width, height) in small.into_iter().chain(others.iter().copied()) {
            for seed in [0, 7] {
                if width * height > if spectral { 16_384 } else { 5000 } && seed > 0 {
                    continue;
                }
                let mut config = Config { seed, ..Config::new(preset, width, height) };
                match &mut config.recipe.stages[0] {
                    Stage::Spectral(stage) => stage.steps = STEPS,
                    Stage::Front(stage) => stage.steps = FRONT_STEPS,
                    _ => {}
                }
                cases.push((preset.name(), config));
            }
        }
    }
    cases.extend(volumes());
    cases.extend(filtered());
    cases
}

fn is_spectral(config: &Config) -> bool {
    config.recipe.stages()[0].as_spectral().is_some()
}

fn line(name: &str, config: &Config, hash: u64) -> String {
    let (shape, seed) = (config.shape, config.seed);
    let steps = config.recipe.steps(shape.elements()).expect("few") - 1;
    let planes = if shape.is_flat() { String::new() } else { format!("x{}x{}", shape.layers, shape.channels) };
    format!("{name} {} {}{planes} {seed} {steps} {hash:016x}", shape.width, shape.height)
}

/// Every preset, 16 to 512 and rectangles, on every level: the bits of scalar, and those that are checked in.
#[test]
fn every_level_gives_the_recorded_bits() {
    common::print_levels();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden.txt");
    let record = std::env::var_os("BLUEGRAD_RECORD").is_some();
    let mut text = format!("version {}\n", bluegrad::ALGORITHM_VERSION);
    for (name, config) in cases() {
        let scalar = ranks(&Config { level: SimdLevel::Scalar, ..config }).expect("a valid configuration");
        for level in common::levels().into_iter().filter(|level| *level != SimdLevel::Scalar) {
            let other = ranks(&Config { level, ..config }).expect("a level of this machine");
            assert!(other == scalar, "{} differs from scalar: {}", level.name(), line(name, &config, 0));
        }
        writeln!(text, "{}", line(name, &config, hash(&scalar))).expect("a string");
    }
    if record {
        small_masks_follow_the_reference();
        small_masks_are_the_twins();
        std::fs::write(path, &text).expect("the file can be written");
    }
    let golden = std::fs::read_to_string(path).expect("golden.txt is checked in");
    assert_eq!(text, golden);
}

/// Every step of the small golden masks, taken from the generator's own values, agrees with the f64 reference in every pixel but
/// the few whose ranks are too close for f32. (From the start's values alone both agree to 3e-8 until the first such swap, which
/// then grows: the run is chaotic.)
#[test]
fn small_masks_follow_the_reference() {
    for (name, config) in cases() {
        if config.shape.pixels() > 1024 || !is_spectral(&config) {
            continue;
        }
        with_generator(&config, |mut generator| {
            let start = to_f64(&values(&mut generator));
            let (width, height) = (config.shape.width as usize, config.shape.height as usize);
            let mut run = Run::new(width, height, &start, &config.distribution, &Profile::BLUE);
            let (mut total, mut swapped) = (0, 0);
            for stage in config.recipe.stages().iter().filter_map(Stage::as_spectral) {
                run.start_stage();
                for step in 0..stage.steps {
                    run.image = to_f64(&values(&mut generator));
                    run.step(stage, step, &documented_factors(config.seed, total, stage));
                    generator.step(1).expect("a good block");
                    let off = |(a, b): &(f32, &f64)| (f64::from(*a) - **b).abs() > 2e-5;
                    swapped += values(&mut generator).into_iter().zip(&run.image).filter(off).count();
                    total += 1;
                }
            }
            let line = line(name, &config, 0);
            assert!(swapped <= width * height / 50, "{line}: {swapped} pixels off in {total} steps");
        });
    }
}

/// The small golden masks of the dither objective, made by the scalar twin.
#[test]
fn small_masks_are_the_twins() {
    for (name, config) in cases() {
        let small = config.shape.pixels() <= 1024 && config.shape.elements() <= 3000;
        if small && !is_spectral(&config) {
            let twin = bluegrad_tests::threshold::recipe::run(&config, None);
            assert!(ranks(&config).expect("valid") == twin, "{}", line(name, &config, 0));
        }
    }
}
