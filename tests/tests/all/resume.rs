//! Snapshots: a run that is interrupted at every 97th step, its block moved to another address and taken up at another level, comes to
//! the bytes of a straight run; nothing around a block is written to.

use crate::common::{levels, spectral_mut, volumes};
use bluegrad::recipe::{Mixture, Swap};
use bluegrad::{Config, Generator, Jobs, Layout, Line, Preset, Serial, SimdLevel, Stage};

/// Steps from snapshot to snapshot.
const EVERY: u32 = 97;
/// Where a header has its checksum, FNV-1a of what follows, and its level.
const CHECKSUM: usize = 12;
const LEVEL: usize = 44;

/// A block between lines that nobody may change.
struct Moving {
    lines: Vec<Line>,
    first: usize,
}

impl Moving {
    const GUARD: u8 = 0xA5;

    /// `bytes` with `first` lines before them.
    fn new(bytes: &[u8], first: usize) -> Self {
        let mut moving = Self { lines: vec![Line::ZERO; bytes.len() / 64 + first + 2], first };
        Line::as_bytes_mut(&mut moving.lines).fill(Self::GUARD);
        moving.block().copy_from_slice(bytes);
        moving
    }

    fn block(&mut self) -> &mut [u8] {
        let last = self.lines.len() - 2;
        Line::as_bytes_mut(&mut self.lines[self.first..last])
    }

    fn check(&mut self) {
        let (start, all) = (64 * self.first, Line::as_bytes_mut(&mut self.lines));
        let end = all.len() - 128;
        assert!(all[..start].iter().chain(&all[end..]).all(|byte| *byte == Self::GUARD), "wrote outside of the block");
    }
}

/// The block as one that a run at `level` left. A level is no input of `open`: it stands in the block, and a machine that lacks it
/// takes the best that it has.
fn at_level(block: &mut [u8], level: SimdLevel) {
    let word = |block: &[u8], at: usize| u32::from_ne_bytes(block[at..at + 4].try_into().expect("four bytes"));
    let add = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let (stored, mut sum) = (word(block, CHECKSUM), 0x811C_9DC5);
    let sums = block[CHECKSUM + 4..bluegrad::layout::HEADER_BYTES].iter().map(|byte| {
        sum = add(sum, byte);
        sum
    });
    let last = sums.into_iter().position(|sum| sum == stored).expect("a good checksum");
    block[LEVEL..LEVEL + 4].copy_from_slice(&(level as u32).to_ne_bytes());
    let sum = block[CHECKSUM + 4..=CHECKSUM + 4 + last].iter().fold(0x811C_9DC5, add);
    block[CHECKSUM..CHECKSUM + 4].copy_from_slice(&sum.to_ne_bytes());
}

/// The bytes of a block after its last step, without its level.
fn straight(config: &Config, jobs: &dyn Jobs) -> Vec<u8> {
    let bytes = vec![0; Layout::new(config).expect("a valid configuration").bytes()];
    let mut memory = Moving::new(&bytes, 1);
    let mut generator = Generator::init(memory.block(), config).expect("a valid configuration");
    assert!(generator.step_on(u32::MAX, jobs).expect("a good block").done);
    memory.check();
    at_level(memory.block(), SimdLevel::Scalar);
    memory.block().to_vec()
}

/// The same with a snapshot after every few steps: moved, and from level to level.
fn interrupted(config: &Config, every: u32) -> Vec<u8> {
    let levels = levels();
    let bytes = vec![0; Layout::new(config).expect("a valid configuration").bytes()];
    let mut memory = Moving::new(&bytes, 1);
    Generator::init(memory.block(), config).expect("a valid configuration");
    for turn in 0.. {
        let level = levels[turn % levels.len()];
        let mut copy = Moving::new(memory.block(), 1 + turn % 7);
        at_level(copy.block(), level);
        let mut generator = Generator::open(copy.block()).expect("a snapshot");
        assert_eq!(generator.report().level, level);
        let done = generator.step(every).expect("a good block").done;
        copy.check();
        memory.check();
        memory = copy;
        if done {
            break;
        }
    }
    at_level(memory.block(), SimdLevel::Scalar);
    memory.block().to_vec()
}

/// What is in a block behind its header: the ranks, and whatever else a run leaves.
fn check(what: &str, config: &Config) {
    let steps = config.recipe.steps(config.shape.elements()).expect("few");
    // a stage of few steps is interrupted at each
    let every = if steps > 2 * EVERY { EVERY } else { 1 };
    let expected = straight(&Config { level: SimdLevel::Scalar, ..*config }, &Serial);
    assert!(interrupted(config, every) == expected, "{what}: {steps} steps, a snapshot at every {every}");
    for level in levels() {
        let other = straight(&Config { level, ..*config }, &Backwards);
        assert!(other == expected, "{what}: {steps} steps at {}", level.name());
    }
}

/// Runs the tiles from the last to the first.
struct Backwards;

impl Jobs for Backwards {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        (0..tiles).rev().for_each(tile);
    }
}

/// More than twice 97 steps of each stage that has a number of them; one step for 1024 pixels of the others.
fn long(mut config: Config) -> Config {
    for stage in &mut config.recipe.stages {
        match stage {
            Stage::Front(front) => front.steps = 230,
            Stage::Polish(polish) => polish.steps = 230,
            _ => {}
        }
    }
    Config { seed: 3, ..config }
}

#[test]
fn spectral_runs() {
    for preset in [Preset::Spectral, Preset::Published] {
        let mut config = Config { seed: 9, ..Config::new(preset, 32, 64) };
        spectral_mut(&mut config).steps = 300;
        check(preset.name(), &config);
    }
}

#[test]
fn fills_polishes_and_fronts() {
    for preset in [Preset::Dither, Preset::DitherClassic, Preset::DitherSmooth, Preset::DitherGradient] {
        check(preset.name(), &long(Config::new(preset, 40, 33)));
    }
}

/// 240 steps and more of a stage whose steps are 1024 pixels each.
#[test]
fn long_fills() {
    for preset in [Preset::DitherFast, Preset::VoidAndCluster] {
        let mut config = Config { seed: 1, ..Config::new(preset, 512, 480) };
        config.recipe.stage_count = 1;
        check(preset.name(), &config);
    }
}

/// A step of void-and-cluster, of a swap: a snapshot after each.
#[test]
fn short_runs() {
    check("void-and-cluster", &Config::new(Preset::VoidAndCluster, 70, 61));
    let kernel = Mixture::new(&[(1.5, 1.0)]);
    let mut config = Config::new(Preset::DitherFast, 27, 24);
    config.recipe.stages[1] = Stage::Swap(Swap { steps: 9, levels: 6, radius: 5, reach: 2, kernel, taper: 1.0 });
    check("swap", &config);
}

/// Layers and channels: a snapshot after each step.
#[test]
fn runs_of_volumes() {
    for (what, config) in volumes() {
        check(what, &config);
    }
}

/// A level that no machine has with this one, or none at all: the best one is taken, or the block is damaged.
#[test]
fn levels_that_are_not_here() {
    let config = long(Config::new(Preset::Dither, 16, 16));
    let expected = straight(&Config { level: SimdLevel::Scalar, ..config }, &Serial);
    for level in SimdLevel::ALL.into_iter().filter(|level| !level.is_supported()) {
        let bytes = vec![0; expected.len()];
        let mut memory = Moving::new(&bytes, 1);
        Generator::init(memory.block(), &config).expect("a valid configuration").step(97).expect("a good block");
        at_level(memory.block(), level);
        let mut generator = Generator::open(memory.block()).expect("a block of another machine");
        assert_eq!(generator.report().level, SimdLevel::detect());
        assert!(generator.step(u32::MAX).expect("a good block").done);
        memory.check();
        at_level(memory.block(), SimdLevel::Scalar);
        assert!(memory.block() == expected, "{}", level.name());
    }
}
