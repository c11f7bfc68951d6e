//! The dither objective's stages against their scalar twin, rank for rank, on every level and on awkward sizes.

use crate::common::{levels, memory, ranks, values};
use bluegrad::recipe::{Coupling, Fill, Front, Law, Mixture, Polish, VoidAndCluster};
use bluegrad::{Config, Generator, Line, Preset, Recipe, Schedule, Shape, Stage};
use bluegrad_tests::threshold::{fill::first_pixels, recipe};

/// Sides that are no multiple of a tile, less than a kernel, or both.
const SIZES: [(u32, u32); 13] = [
    (8, 8),
    (10, 10),
    (20, 20),
    (40, 40),
    (100, 60),
    (48, 32),
    (17, 31),
    (31, 17),
    (8, 70),
    (70, 8),
    (33, 16),
    (64, 64),
    (128, 32),
];

fn config(stages: &[Stage], width: u32, height: u32, seed: u64) -> Config {
    Config { recipe: Recipe::new(stages), seed, ..Config::new(Preset::Dither, width, height) }
}

/// Core and twin, on every level of this machine.
fn compare(what: &str, config: &Config) {
    let expected = recipe::run(config, None);
    for level in levels() {
        let got = ranks(&Config { level, ..*config }).expect("a valid configuration");
        let differ = got.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert_eq!(differ, 0, "{what}, {:?}, {}: so many pixels differ", config.shape, level.name());
    }
}

/// A polish with everything in it.
fn full_polish(steps: u32) -> Polish {
    let Stage::Polish(classic) = Preset::DitherClassic.recipe().stages[1] else { panic!("a polish") };
    Polish { steps, freeze_below: 0.033, freeze_above: 0.07, ..classic }
}

const FRONT: Front =
    Front { steps: 12, sigma: 1.42, radius: 4, step_size: 0.7, momentum: 0.3, threshold: Schedule::linear(0.2, 1.0) };

#[test]
fn fills_are_the_twins() {
    let narrow = Fill { narrow_weight: 0.11, narrow_sigma: 1.0, ..Fill::new(1.4, 6) };
    for (seed, (width, height)) in (0..).zip(SIZES) {
        let even = Fill { disorder: 0.0, ..Fill::new(1.26, 5) };
        for fill in [Fill::new(1.26, 5), even, narrow, Fill { exact: 1, disorder: 2.5, ..narrow }] {
            compare("fill", &config(&[Stage::Fill(fill)], width, height, seed));
        }
    }
}

/// The least mask whose sweeps are taken in batches, until a few batches are done with the fill's own kernel, the widest there is.
#[test]
fn fills_of_large_masks_begin_as_the_twins() {
    let fill = Fill { radius: 16, sigma: 4.0, ..Fill::PLAIN };
    let config = config(&[Stage::Fill(fill)], 896, 896, 3);
    let mut memory = memory(&config);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config).expect("valid");
    let steps = 120;
    assert_eq!(generator.step(steps).expect("a good block").step, steps);
    let values = values(&mut generator);
    let expected = first_pixels(&recipe::fill(&fill), config.shape, config.seed, steps as usize);
    let free = values.iter().filter(|value| **value == 1.0).count();
    assert_eq!(expected.len() + free, values.len());
    assert!(expected.is_sorted_by(|p, q| values[*p] < values[*q]));
}

/// Planes that act on each other, weakly and so strongly that cells saturate: layers fewer than the taps in time reach, channels, both.
#[test]
fn fills_of_volumes_are_the_twins() {
    let narrow = Fill { narrow_weight: 0.11, narrow_sigma: 1.0, ..Fill::new(1.4, 6) };
    let weak = Coupling {
        channel_weight: 0.1,
        time_weight: 0.28,
        time_radius: 4,
        time_kernel: Mixture::new(&[(1.5, 1.0), (1.05, 0.07)]),
    };
    let strong =
        Coupling { channel_weight: 1.0, time_weight: 4.0, time_radius: 16, time_kernel: Mixture::new(&[(3.0, 1.0)]) };
    let fills = [
        Fill { coupling: weak, ..Fill::new(1.4, 5) },
        Fill { coupling: strong, ..narrow },
        Fill { coupling: weak, exact: 1, disorder: 2.5, ..narrow },
        Fill::new(1.26, 5),
    ];
    let counts = [(1, 2), (1, 3), (1, 4), (2, 1), (3, 1), (8, 1), (2, 3), (3, 2), (8, 4)];
    for (seed, ((width, height), (layers, channels))) in (0..).zip(SIZES.into_iter().cycle().zip(counts)) {
        for fill in fills {
            let flat = config(&[Stage::Fill(fill)], width, height, seed);
            let shape = Shape { layers, channels, ..flat.shape };
            compare("fill", &Config { shape, ..flat });
        }
    }
}

#[test]
fn void_and_cluster_is_the_twins() {
    for (seed, (width, height)) in (7..).zip(SIZES) {
        for (sigma, initial_fraction) in [(1.5, 0.02), (1.0, 0.1), (3.3, 0.5), (8.0, 0.001)] {
            let stage = VoidAndCluster { sigma, initial_fraction };
            compare("void-and-cluster", &config(&[Stage::VoidAndCluster(stage)], width, height, seed));
        }
    }
}

#[test]
fn polishes_are_the_twins() {
    let Stage::Polish(family) = Recipe::dither(1.1, 3).expect("in range").stages[1] else { panic!("a polish") };
    let bare = Polish { steps: 3, radius: 12, kernel: Mixture::new(&[(3.0, 1.0)]), ..Polish::PLAIN };
    let small = Polish { steps: 2, radius: 2, ..full_polish(2) };
    let unstable = Polish { momentum: 0.99, step_size: Schedule::constant(3.5), ..full_polish(9) };
    let added = Polish { law: Law::Added, step_size: Schedule::constant(0.2), ..full_polish(3) };
    let unstable_added = Polish { law: Law::Added, ..unstable };
    for (seed, (width, height)) in (0..).zip(SIZES) {
        for polish in [family, bare, small, full_polish(3), unstable, added, unstable_added] {
            // from noise, where gradients are large
            compare("polish", &config(&[Stage::Polish(polish)], width, height, seed));
        }
    }
}

/// Polishes of volumes: with every family of taps, alone and together, layers less than the kernels reach, and sums that saturate.
#[test]
fn polishes_of_volumes_are_the_twins() {
    let time_kernel = Mixture::new(&[(1.6, 1.0), (3.0, 0.3)]);
    let coupling = Coupling { channel_weight: 0.1, time_weight: 0.1, time_radius: 4, time_kernel };
    let small = Polish { steps: 2, radius: 3, ..full_polish(2) };
    let all = Polish { coupling, product_weight: 0.12, product_sigma: 1.5, ..small };
    let time = Polish { ends: Mixture::NONE, product_weight: 0.0, ..all };
    let heavy = Coupling { channel_weight: 1.0, time_weight: 4.0, time_radius: 1, time_kernel };
    let heavy = Polish { coupling: heavy, product_weight: 0.0, radius: 2, ..small };
    let far = Polish { coupling: Coupling { time_radius: 16, ..coupling }, radius: 2, ..all };
    let shapes = [(1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1), (5, 3), (8, 1), (11, 2)];
    for ((seed, (layers, channels)), (width, height)) in (0..).zip(shapes).zip(SIZES.into_iter().cycle()) {
        let size = if layers * channels > 4 { (17, 10) } else { (width.min(40), height.min(40)) };
        let shape = Shape::new(size.0, size.1).with_layers(layers).with_channels(channels);
        let added = Polish { law: Law::Added, step_size: Schedule::constant(0.2), ..all };
        for polish in [all, time, heavy, far, added, Polish { coupling: Coupling::PLAIN, ..small }] {
            compare("polish", &Config { shape, ..config(&[Stage::Polish(polish)], 8, 8, seed) });
        }
    }
}

#[test]
fn fronts_are_the_twins() {
    let wide = Front { sigma: 4.0, radius: 8, momentum: 0.99, step_size: 2.0, ..FRONT };
    for (seed, (width, height)) in (0..).zip(SIZES) {
        for front in [FRONT, Front { radius: 1, ..FRONT }, wide] {
            compare("front", &config(&[Stage::Front(front)], width, height, seed));
        }
    }
}

/// Weights of the grey term that fixed point may not hold from noise: both wrap alike.
#[test]
fn mixes_are_the_twins() {
    for (seed, (width, height)) in (0..).zip(SIZES) {
        for mix in [0.0, 0.6, 1.0] {
            let mut config = Config {
                recipe: Recipe::dither_mix(mix).expect("in range"),
                seed,
                ..Config::new(Preset::Dither, width, height)
            };
            for stage in &mut config.recipe.stages {
                if let Stage::Polish(polish) = stage {
                    polish.steps = polish.steps.min(4);
                }
            }
            compare("mix", &config);
            // without the fill, from noise
            config.recipe = Recipe::new(&config.recipe.stages()[1..]);
            compare("mix from noise", &config);
        }
    }
}

/// Each preset whole; the front's steps are cut, for the twin takes its time.
#[test]
fn presets_are_the_twins() {
    for preset in Preset::ALL {
        let mut config = Config { seed: 5, ..Config::new(preset, 64, 48) };
        if config.recipe.stages().iter().any(|stage| stage.as_spectral().is_some()) {
            continue;
        }
        for stage in &mut config.recipe.stages {
            if let Stage::Front(front) = stage {
                front.steps = 60;
            }
        }
        compare(preset.name(), &config);
    }
}
