//! Runs of the dither objective through the generator: starts, threads, snapshots, swaps, memory, and what is refused.

mod errors;
mod lattices;
mod starts;
mod swaps;

use crate::common::{memory, ranks, values, with_generator};
use bluegrad::{Config, Generator, Jobs, Layout, Line, Preset, Serial, SimdLevel, Stage};

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

#[test]
fn memory_is_small() {
    let bytes = |preset, side| Layout::new(&Config::new(preset, side, side)).expect("valid").bytes();
    assert!(bytes(Preset::Dither, 64) <= 81 * 1024, "{}", bytes(Preset::Dither, 64));
    assert!(bytes(Preset::Dither, 32) <= 35 * 1024, "{}", bytes(Preset::Dither, 32));
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
fn levels_can_be_asked_for() {
    let config = Config::new(Preset::Dither, 24, 24);
    let scalar = ranks(&Config { level: SimdLevel::Scalar, ..config }).expect("valid");
    assert_eq!(ranks(&config).expect("valid"), scalar);
}
