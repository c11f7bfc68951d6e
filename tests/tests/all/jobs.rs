//! The host's threads: the same bits for any number of them, and for hosts that do less, more or other than they should.

use crate::common::{self, memory, spectral_mut};
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Generator, Jobs, Line, Preset, Serial, Spectral, Stage, TermWeight};
use std::sync::atomic::{AtomicU32, Ordering};

/// As many threads as said, each taking the next tile.
struct Threads(u32);

impl Jobs for Threads {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        let next = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.0 {
                scope.spawn(|| {
                    while let index @ 0.. = next.fetch_add(1, Ordering::Relaxed)
                        && index < tiles
                    {
                        tile(index);
                    }
                });
            }
        });
    }
}

/// Calls nothing.
struct Lazy;

impl Jobs for Lazy {
    fn run(&self, _: u32, _: &(dyn Fn(u32) + Sync)) {}
}

/// Calls one index over and over, more often than there are tiles, from two threads.
struct Confused;

impl Jobs for Confused {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..tiles + 3).for_each(|_| tile(u32::MAX)));
            }
        });
    }
}

/// Every term and both kinds of ranks.
fn config(width: u32, height: u32) -> Config {
    let mut config = Config { seed: 5, ..Config::new(Preset::Spectral, width, height) };
    spectral_mut(&mut config).steps = 4;
    config.recipe.stages[1] = Stage::Spectral(Spectral {
        steps: 4,
        ranks: Ranks::Binned,
        profile: TermWeight::new(0.01),
        ..Spectral::PUBLISHED
    });
    config.recipe.stages[2] =
        Stage::Spectral(Spectral { steps: 2, smoothness: TermWeight::NONE, ..Spectral::PUBLISHED });
    config.recipe.stage_count = 3;
    config
}

/// The values' bits, the losses and the ranks at the end of a run.
fn run(config: &Config, jobs: &dyn Jobs) -> (Vec<u32>, Vec<u32>, bluegrad::Report) {
    let mut lines = memory(config);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut lines), config).expect("a valid configuration");
    let report = generator.step_on(10, jobs).expect("a good block");
    let values = common::bits(&common::values(&mut generator));
    assert!(generator.step_on(1, jobs).expect("a good block").done);
    (values, generator.mask().expect("done").ranks().to_vec(), report)
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for (width, height) in [(16, 16), (64, 64), (256, 128), (32, 1024), (1024, 512)] {
        let config = config(width, height);
        let expected = run(&config, &Serial);
        for threads in [1, 2, 3, 7, 20] {
            assert!(run(&config, &Threads(threads)) == expected, "{width}x{height} on {threads} threads");
        }
    }
}

/// Layers and channels, from the first step to the last: the whole block.
#[test]
fn volumes_on_threads() {
    let run = |config: &Config, jobs: &dyn Jobs| {
        let mut lines = memory(config);
        let mut generator = Generator::init(Line::as_bytes_mut(&mut lines), config).expect("a valid configuration");
        while !generator.step_on(1, jobs).expect("a good block").done {}
        Line::as_bytes_mut(&mut lines).to_vec()
    };
    for (what, config) in common::volumes() {
        let expected = run(&config, &Serial);
        let hosts: [&dyn Jobs; 4] = [&Threads(2), &Threads(5), &Lazy, &Confused];
        for (index, jobs) in hosts.into_iter().enumerate() {
            assert!(run(&config, jobs) == expected, "{what} on host {index}");
        }
    }
}

#[test]
fn a_host_that_errs_changes_nothing() {
    let config = config(256, 64);
    let expected = run(&config, &Serial);
    assert!(run(&config, &Lazy) == expected, "a host that runs no tile");
    assert!(run(&config, &Confused) == expected, "a host that calls with the wrong index, too often");
}
