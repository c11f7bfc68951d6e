//! Runs of the dither objective through the generator: starts, threads, snapshots, swaps, memory, and what is refused.

mod common;

use bluegrad::recipe::{Fill, Front, Mixture, Polish, Start, Swap, VoidAndCluster};
use bluegrad::{
    Config, Error, Generator, Jobs, Layout, Level, Line, Preset, Recipe, Schedule, Serial, Spectral, Stage,
};
use bluegrad_tests::threshold::kernel::{groups, radial};
use common::{memory, ranks, values, with_generator};

/// The presets of the dither objective, with few enough steps for a test.
fn short(preset: Preset, width: u32, height: u32) -> Option<Config> {
    let mut config = Config { seed: 11, ..Config::new(preset, width, height) };
    for stage in &mut config.recipe.stages {
        match stage {
            Stage::Front(front) => front.steps = 30,
            Stage::Polish(polish) => polish.steps = polish.steps.min(30),
            _ => {}
        }
    }
    config.recipe.stages()[0].as_spectral().is_none().then_some(config)
}

fn is_permutation(ranks: &[u32]) -> bool {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    sorted.iter().copied().eq(0..ranks.len() as u32)
}

#[test]
fn every_size_has_each_rank_once_and_each_level_equally_often() {
    for (width, height) in [(8, 8), (10, 10), (17, 31), (40, 24), (64, 64), (9, 200), (128, 16)] {
        for preset in Preset::ALL {
            let Some(config) = short(preset, width, height) else { continue };
            let what = format!("{} {width}x{height}", preset.name());
            with_generator(&config, |mut generator| {
                while !generator.step(7).expect("a good block").done {}
                let mask = generator.mask().expect("done");
                assert!(is_permutation(mask.ranks()), "{what}");
                let mut texels = vec![0; (width * height) as usize];
                mask.write_u8(&mut texels).expect("the right length");
                let mut counts = [0_usize; 256];
                texels.iter().for_each(|texel| counts[usize::from(*texel)] += 1);
                let (least, most) = (counts.iter().min().expect("256"), counts.iter().max().expect("256"));
                let divides = texels.len().is_multiple_of(256);
                assert!(most - least <= usize::from(!divides), "{what}: levels {least} to {most} times");
            });
        }
    }
}

/// The largest sides, each with the shortest other, and one large square.
#[test]
fn long_masks_are_made() {
    for (width, height) in [(4096, 8), (8, 4096), (1000, 300)] {
        let config = Config::new(Preset::DitherFast, width, height);
        assert!(is_permutation(&ranks(&config).expect("valid")), "{width}x{height}");
    }
}

/// Hands the tiles to two threads, every other one, backwards.
struct TwoThreads;

impl Jobs for TwoThreads {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        std::thread::scope(|scope| {
            scope.spawn(|| (0..tiles).rev().filter(|index| index % 2 == 1).for_each(tile));
            (0..tiles).rev().filter(|index| index % 2 == 0).for_each(tile);
        });
    }
}

#[test]
fn threads_change_no_bit() {
    for (width, height) in [(64, 100), (33, 47)] {
        for preset in Preset::ALL {
            let Some(config) = short(preset, width, height) else { continue };
            let run = |jobs: &dyn Jobs| {
                with_generator(&config, |mut generator| {
                    while !generator.step_on(9, jobs).expect("a good block").done {}
                    generator.mask().expect("done").ranks().to_vec()
                })
            };
            assert!(run(&Serial) == run(&TwoThreads), "{} {width}x{height}", preset.name());
        }
    }
}

/// After every few steps the block is copied elsewhere and the copy goes on.
#[test]
fn a_snapshot_goes_on_with_the_same_bits() {
    for preset in Preset::ALL {
        let Some(config) = short(preset, 40, 36) else { continue };
        let straight = ranks(&config).expect("valid");
        let mut block = memory(&config);
        Generator::init(Line::as_bytes_mut(&mut block), &config).expect("valid");
        loop {
            let mut copy = block.clone();
            let mut generator = Generator::open(Line::as_bytes_mut(&mut copy)).expect("a copy of a good block");
            let report = generator.step(3).expect("a good block");
            block = copy;
            if report.done {
                break;
            }
        }
        let generator = Generator::open(Line::as_bytes_mut(&mut block)).expect("a good block");
        assert!(generator.mask().expect("done").ranks() == straight, "{}", preset.name());
    }
}

#[test]
fn slices_of_steps_change_no_bit() {
    for preset in Preset::ALL {
        let Some(config) = short(preset, 48, 40) else { continue };
        let straight = ranks(&config).expect("valid");
        with_generator(&config, |mut generator| {
            while !generator.step(1).expect("a good block").done {
                // asked for in between, it changes nothing
                values(&mut generator);
            }
            assert!(generator.mask().expect("done").ranks() == straight, "{}", preset.name());
        });
    }
}

/// A level that a given mask has is refined: its order goes in, ties in the order of the seed.
#[test]
fn a_given_mask_is_refined() {
    let config = Config::new(Preset::Dither, 32, 24);
    let refine = Config { recipe: config.recipe.refining(), ..config };
    assert_eq!(refine.recipe.stage_count, 1, "without the fill");
    let n = config.shape.pixels();
    let mut block = memory(&refine);
    let mut run = |values: &[f32], config: &Config| {
        let (mut generator, ties) =
            Generator::init_with_mask(Line::as_bytes_mut(&mut block), config, values).expect("a good mask");
        let mut start = vec![0.0; n];
        generator.write_values(&mut start).expect("the right length");
        while !generator.step(100).expect("a good block").done {}
        (start, ties, generator.mask().expect("done").ranks().to_vec())
    };
    // distinct values keep their order, whatever their scale
    let distinct: Vec<f32> = (0..n).map(|i| ((i * 37) % n) as f32 * -1e30).collect();
    let (start, ties, made) = run(&distinct, &refine);
    assert_eq!(ties, 0);
    for i in 1..n {
        assert_eq!(distinct[i] < distinct[i - 1], start[i] < start[i - 1], "pixel {i}");
    }
    assert!(is_permutation(&made) && made == run(&distinct, &refine).2);
    // all alike: a random order of the seed
    let (flat, ties, made) = run(&vec![0.25; n], &refine);
    assert_eq!(ties, n as u32 - 1);
    assert!(is_permutation(&made));
    let (other, ..) = run(&vec![0.25; n], &Config { seed: 1, ..refine });
    assert!(flat != other, "another seed, another order");
    // four levels: ties within each
    let coarse: Vec<f32> = (0..n).map(|i| (i % 4) as f32).collect();
    let (start, ties, _) = run(&coarse, &refine);
    assert_eq!(ties as usize, n - 4);
    for (value, level) in start.iter().zip(&coarse) {
        assert!((value - (level / 2.0 - 0.75)).abs() <= 0.25, "{value} of level {level}");
    }
}

#[test]
fn a_spectral_recipe_refines_a_mask_too() {
    let config = Config::new(Preset::Spectral, 32, 32);
    let mut recipe = config.recipe.refining();
    recipe.stages[0].as_spectral_mut().expect("spectral").steps = 0;
    let config = Config { recipe, ..config };
    let given = ranks(&Config::new(Preset::Dither, 32, 32)).expect("valid");
    let values: Vec<f32> = given.iter().map(|rank| *rank as f32).collect();
    let mut block = memory(&config);
    let (mut generator, ties) =
        Generator::init_with_mask(Line::as_bytes_mut(&mut block), &config, &values).expect("a good mask");
    assert!(generator.step(1).expect("a good block").done && ties == 0);
    assert_eq!(generator.mask().expect("done").ranks(), given);
}

/// Stages of both objectives in one recipe: the order goes from one to the other.
#[test]
fn objectives_follow_one_another() {
    let Stage::Polish(polish) = Preset::Dither.recipe().stages[1] else { panic!("a polish") };
    let still = Spectral { steps: 3, step_size: Schedule::constant(0.0), ..Spectral::PUBLISHED };
    let still = Spectral { histogram_step_size: Schedule::constant(0.0), ..still };
    let whole = [Stage::Fill(Fill::new(1.26, 5)), Stage::Spectral(still), Stage::Polish(polish)];
    let without = [whole[0], whole[2]];
    let config = Config::new(Preset::Spectral, 32, 32);
    let [a, b] = [&whole[..], &without].map(|stages| Config { recipe: Recipe::new(stages), ..config });
    assert!(ranks(&a).expect("valid") == ranks(&b).expect("valid"), "a stage that does not move anything");
}

/// The energy at the thresholds between L levels, `−½ ΣK|v_i − v_j|`, by the definition.
fn energy(ranks: &[u32], width: usize, height: usize, swap: &Swap) -> f64 {
    use bluegrad_tests::threshold::kernel::Component;
    let n = width * height;
    let level = |p: usize| (u64::from(swap.levels) * u64::from(ranks[p]) / n as u64) as f64;
    let pairs = swap.kernel.sigma.into_iter().zip(swap.kernel.weight).filter(|(_, weight)| *weight > 0.0);
    let mixture: Vec<Component> = pairs.map(|(sigma, weight)| Component { sigma, weight }).collect();
    let (_, weights) = radial(swap.radius as usize, &mixture, swap.taper, None);
    let mut sum = 0.0;
    for (group, weight) in groups(swap.radius as usize).iter().zip(weights) {
        for (dx, dy) in &group.taps {
            for p in 0..n {
                let x = (p as i32 % width as i32 + dx).rem_euclid(width as i32);
                let y = (p as i32 / width as i32 + dy).rem_euclid(height as i32);
                sum += weight * (level(p) - level((y * width as i32 + x) as usize)).abs();
            }
        }
    }
    -0.5 * sum
}

/// Each sweep lowers the energy of the definition until none does, also on a torus smaller than the kernel.
#[test]
fn swaps_lower_the_energy_of_few_levels() {
    for (width, height) in [(32, 32), (17, 31), (8, 10)] {
        for levels in [2, 4, 16] {
            let recipe = Preset::Dither.recipe().with_levels(levels, 1.26).expect("room");
            let config = Config { recipe, ..Config::new(Preset::Dither, width, height) };
            let Stage::Swap(swap) = recipe.stages[2] else { panic!("a swap") };
            let (width, height) = (width as usize, height as usize);
            let before = ranks(&Config { recipe: Preset::Dither.recipe(), ..config }).expect("valid");
            let once = Stage::Swap(Swap { steps: 1, ..swap });
            let once = Recipe::new(&[recipe.stages[0], recipe.stages[1], once]);
            let once = ranks(&Config { recipe: once, ..config }).expect("valid");
            let after = ranks(&config).expect("valid");
            assert!(is_permutation(&after), "{levels} levels of {width}x{height}");
            let energies = [&before, &once, &after].map(|ranks| energy(ranks, width, height, &swap));
            let first =
                if (width, height) == (32, 32) { energies[1] < energies[0] } else { energies[1] <= energies[0] };
            assert!(first && energies[2] <= energies[1], "{levels} levels of {width}x{height}: {energies:?}");
            // settled: no swap of neighbours lowers it, by the definition
            let mut best = 0.0_f64;
            for p in 0..width * height {
                for (dx, dy) in [(1, 0), (0, 1), (1, 1), (3, 2)] {
                    let q = (p / width + dy) % height * width + (p + dx) % width;
                    if width * height > 400 && p % 7 > 0 {
                        continue;
                    }
                    let mut swapped = after.clone();
                    swapped.swap(p, q);
                    best = best.min(energy(&swapped, width, height, &swap) - energies[2]);
                }
            }
            assert!(best > -1e-3, "{levels} levels of {width}x{height}: a swap would gain {best}");
        }
    }
}

#[test]
fn memory_is_small() {
    let bytes = |preset, side| Layout::new(&Config::new(preset, side, side)).expect("valid").bytes();
    assert!(bytes(Preset::Dither, 64) <= 96 * 1024, "{}", bytes(Preset::Dither, 64));
    assert!(bytes(Preset::Dither, 32) <= 40 * 1024, "{}", bytes(Preset::Dither, 32));
    for preset in Preset::ALL {
        println!("{}: {} bytes at 64x64", preset.name(), bytes(preset, 64));
    }
}

#[test]
fn values_are_shown_while_a_run_goes() {
    with_generator(&Config { seed: 3, ..Config::new(Preset::Dither, 64, 64) }, |mut generator| {
        generator.step(1).expect("a good block");
        let free = values(&mut generator).iter().filter(|value| **value == 1.0).count();
        assert!((2048..=3072).contains(&free), "the first step places 1024 and a sweep at most: {free} are left");
        generator.step(20).expect("a good block");
        let values = values(&mut generator);
        assert!(values.iter().all(|value| (-1.2..1.2).contains(value)));
        assert!(values.iter().sum::<f32>().abs() < 100.0);
    });
}

#[test]
fn wrong_starts_are_errors() {
    let config = Config::new(Preset::Dither, 16, 16);
    let refine = Config { recipe: config.recipe.refining(), ..config };
    let mut block = memory(&refine);
    block.resize(block.len().max(memory(&config).len()), Line::ZERO);
    let block = Line::as_bytes_mut(&mut block);
    assert_eq!(Generator::init(block, &refine).unwrap_err(), Error::WrongStart);
    assert_eq!(Generator::init_with_mask(block, &config, &[0.0; 256]).unwrap_err(), Error::WrongStart);
    let length = Generator::init_with_mask(block, &refine, &[0.0; 255]).unwrap_err();
    assert_eq!(length.to_string(), "values of the mask: 255 given, 256 needed");
    let mut values = [0.0; 256];
    values[9] = f32::NAN;
    assert!(matches!(Generator::init_with_mask(block, &refine, &values), Err(Error::Number { .. })));
    let twice = Config { recipe: Recipe { start: Start::Mask, ..config.recipe }, ..config };
    assert_eq!(twice.check(), Err(Error::StartsTwice { stage: 0 }));
    let nothing = Preset::VoidAndCluster.recipe().refining();
    assert!(matches!(nothing.check(), Err(Error::StageCount { got: 0, .. })));
    let mut generator = Generator::init(block, &config).expect("valid");
    assert_eq!(generator.evaluate(&Spectral::PUBLISHED).unwrap_err(), Error::NotSpectral);
}

#[test]
fn bad_sizes_are_errors() {
    for (width, height) in [(7, 8), (8, 7), (0, 8), (8, 0), (4097, 8), (8, 4097), (u32::MAX, u32::MAX)] {
        let config = Config::new(Preset::Dither, width, height);
        assert_eq!(config.check(), Err(Error::Size { width, height }));
    }
    let both = Recipe::new(&[Stage::Fill(Fill::new(1.26, 5)), Stage::Spectral(Spectral::PUBLISHED)]);
    let config = Config { recipe: both, ..Config::new(Preset::Dither, 20, 20) };
    assert_eq!(config.check(), Err(Error::TransformSize { width: 20, height: 20 }));
}

/// Every number of every stage just out of its range, and NaN.
#[test]
fn bad_numbers_are_errors() {
    let polish = Polish { steps: 1, ..Polish::PLAIN };
    let front =
        Front { steps: 1, sigma: 1.4, radius: 4, step_size: 0.7, momentum: 0.3, threshold: Schedule::constant(0.5) };
    let swap = Swap { steps: 1, levels: 4, radius: 9, reach: 3, kernel: polish.kernel, taper: 1.0 };
    let fill = Fill::new(1.26, 5);
    let nan = f32::NAN;
    let mixture = |sigma, weight| Mixture::new(&[(sigma, weight)]);
    let constant = Schedule::constant;
    let bad = [
        Stage::Fill(Fill { sigma: 0.49, ..fill }),
        Stage::Fill(Fill { sigma: 4.01, ..fill }),
        Stage::Fill(Fill { sigma: nan, ..fill }),
        Stage::Fill(Fill { radius: 1, ..fill }),
        Stage::Fill(Fill { radius: 17, ..fill }),
        Stage::Fill(Fill { narrow_weight: 1.0, ..fill }),
        Stage::Fill(Fill { narrow_weight: -0.1, ..fill }),
        Stage::Fill(Fill { narrow_sigma: 1.3, ..fill }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 0.4, initial_fraction: 0.1 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 8.1, initial_fraction: 0.1 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: 0.0 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: 0.51 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: nan }),
        Stage::Front(Front { sigma: 0.4, ..front }),
        Stage::Front(Front { radius: 0, ..front }),
        Stage::Front(Front { radius: 9, ..front }),
        Stage::Front(Front { step_size: 0.0, ..front }),
        Stage::Front(Front { step_size: 2.1, ..front }),
        Stage::Front(Front { momentum: 1.0, ..front }),
        Stage::Front(Front { threshold: constant(1.1), ..front }),
        Stage::Polish(Polish { radius: 0, ..polish }),
        Stage::Polish(Polish { radius: 13, ..polish }),
        Stage::Polish(Polish { kernel: Mixture::NONE, ..polish }),
        Stage::Polish(Polish { kernel: mixture(0.2, 1.0), ..polish }),
        Stage::Polish(Polish { kernel: mixture(1.0, nan), ..polish }),
        Stage::Polish(Polish { ends: mixture(33.0, 1.0), ..polish }),
        Stage::Polish(Polish { ends_inner: 0.08, ..polish }),
        Stage::Polish(Polish { ends_outer: 0.51, ..polish }),
        Stage::Polish(Polish { taper: 8.1, ..polish }),
        Stage::Polish(Polish { band_weight: -1.0, ..polish }),
        Stage::Polish(Polish { band_cutoff: 0.6, ..polish }),
        Stage::Polish(Polish { band_exponent: 0.5, ..polish }),
        Stage::Polish(Polish { grey_sigma: 0.2, ..polish }),
        Stage::Polish(Polish { grey_weight: constant(1025.0), ..polish }),
        Stage::Polish(Polish { step_size: constant(3.6), ..polish }),
        Stage::Polish(Polish { tau: constant(0.0), ..polish }),
        Stage::Polish(Polish { tau: constant(0.07), ..polish }),
        Stage::Polish(Polish { momentum: 1.0, ..polish }),
        Stage::Polish(Polish { freeze_above: 0.6, ..polish }),
        Stage::Polish(Polish { freeze_below: 0.07, freeze_above: 0.07, ..polish }),
        Stage::Swap(Swap { levels: 1, ..swap }),
        Stage::Swap(Swap { levels: 65, ..swap }),
        Stage::Swap(Swap { radius: 13, ..swap }),
        Stage::Swap(Swap { reach: 0, ..swap }),
        Stage::Swap(Swap { reach: 9, ..swap }),
        Stage::Swap(Swap { kernel: Mixture::NONE, ..swap }),
    ];
    for stage in bad {
        let error = Recipe::new(&[stage]).check().unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Number { .. }) && !text.contains('\n') && text.len() < 120, "{stage:?}: {text}");
    }
    for stage in [Stage::Fill(fill), Stage::Front(front), Stage::Polish(polish), Stage::Swap(swap)] {
        assert_eq!(Recipe::new(&[stage]).check(), Ok(()), "{stage:?}");
    }
    for sigma in [0.99, 1.71, nan] {
        assert!(matches!(Recipe::dither(sigma, 40), Err(Error::Number { .. })));
    }
    let full = Recipe::new(&[Stage::Fill(fill); 8]);
    assert!(matches!(full.with_levels(4, 1.26), Err(Error::StageCount { got: 9, most: 8 })));
    let large = Config {
        recipe: Recipe::new(&[Stage::Swap(Swap { levels: 64, ..swap })]),
        ..Config::new(Preset::Dither, 4096, 4096)
    };
    assert!(matches!(large.check(), Err(Error::Number { .. })), "more than the memory of a small machine");
}

/// Bytes past the header changed at random, at every stage: an error or a wrong mask, never a panic or an endless run.
#[test]
fn a_damaged_block_never_panics() {
    for preset in Preset::ALL {
        let Some(config) = short(preset, 24, 20) else { continue };
        let recipe = config.recipe.with_levels(4, 1.26).expect("room");
        let config = Config { recipe, ..config };
        let mut random = 0x1234_5678_u32;
        let mut next = |below: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((u64::from(random) * below as u64) >> 32) as usize
        };
        for _ in 0..60 {
            let mut block = memory(&config);
            let bytes = Line::as_bytes_mut(&mut block);
            let mut generator = Generator::init(bytes, &config).expect("valid");
            let steps = generator.report().steps;
            generator.step(next(steps as usize) as u32).expect("a good block");
            let bytes = Line::as_bytes_mut(&mut block);
            let start = bluegrad::layout::HEADER_BYTES;
            for _ in 0..1 + next(200) {
                let place = start + next(bytes.len() - start);
                bytes[place] = next(256) as u8;
            }
            let mut generator = Generator::open(bytes).expect("the header is whole");
            while !generator.step(50).is_ok_and(|report| report.done) {}
            let mut texels = vec![0; 24 * 20];
            generator.mask().expect("done").write_u8(&mut texels).expect("the right length");
            values(&mut generator);
        }
    }
}

#[test]
fn levels_can_be_asked_for() {
    let config = Config::new(Preset::Dither, 24, 24);
    let scalar = ranks(&Config { level: Level::Scalar, ..config }).expect("valid");
    assert_eq!(ranks(&config).expect("valid"), scalar);
}
