//! A configuration as a C program might fill it in: a preset, then whatever is written into it.

use super::statuses::{self, expect};
use crate::number::Number;
use arbitrary::Arbitrary;
use bluegrad::{Config, Distribution, Recipe, Shape, Stage};
use bluegrad_ffi::*;
use std::ptr;

/// The most pixels of a mask here.
const MOST_PIXELS: u32 = 640;

/// What a program does to a configuration.
#[derive(Arbitrary, Debug)]
enum Edit {
    /// Any word of the struct.
    Word(u16, Number),
    /// A word of a stage.
    Stage(u8, u8, Number),
    /// A stage of a kind, as it comes.
    Default(u8, u8),
    Count(u8),
    Start(u8),
    SimdLevel(u8),
    Family(Number, u8),
    Mix(Number),
    Levels(u8, Number),
    Refine,
}

/// A configuration.
#[derive(Arbitrary, Debug)]
pub(super) struct Recipes {
    preset: u8,
    width: u8,
    height: u8,
    seed: u8,
    /// The most steps of each stage that has a number of them.
    steps: u8,
    edits: Vec<Edit>,
}

impl Recipes {
    /// The struct.
    pub(super) fn make(&self) -> bluegrad_config {
        let mut config = bytemuck::Zeroable::zeroed();
        let preset = u32::from(self.preset % 11);
        // SAFETY: a struct of this size, to write.
        let status =
            unsafe { bluegrad_config_default(&raw mut config, SIZE, preset, side(self.width), side(self.height)) };
        assert_eq!(status, if preset < 10 { BLUEGRAD_OK } else { BLUEGRAD_ERROR_UNKNOWN_VALUE });
        config.seed = self.seed.into();
        for edit in self.edits.iter().take(24) {
            edit.apply(&mut config);
        }
        for stage in &mut config.stages {
            if !matches!(stage.kind, BLUEGRAD_STAGE_FILL | BLUEGRAD_STAGE_VOID_AND_CLUSTER) {
                // SAFETY: the union is words; in each of these kinds the first are the steps.
                let steps = unsafe { &mut stage.data.words[0] };
                *steps = (*steps).min((self.steps % 12).into());
            }
        }
        if config.width.saturating_mul(config.height) > MOST_PIXELS && self.width % 8 != 7 {
            (config.width, config.height) = (16, 32);
        }
        config
    }
}

/// Sides of every sort: powers of two, awkward ones, too small, too large.
fn side(byte: u8) -> u32 {
    match byte {
        0..64 => 16,
        64..96 => 32,
        96..200 => 8 + u32::from(byte) % 20,
        200..250 => byte.into(),
        250..253 => 0,
        253 => 4097,
        254 => 1 << 20,
        255 => u32::MAX,
    }
}

pub(super) const SIZE: u32 = size_of::<bluegrad_config>() as u32;

impl Edit {
    fn apply(&self, config: &mut bluegrad_config) {
        match *self {
            Self::Word(index, number) => {
                let words: &mut [u32] = bytemuck::cast_slice_mut(bytemuck::bytes_of_mut(config));
                let index = usize::from(index) % words.len();
                words[index] = number.word();
            }
            Self::Stage(stage, word, number) => {
                let stage = &mut config.stages[usize::from(stage % 8)];
                // SAFETY: the union is words.
                unsafe { stage.data.words[usize::from(word % 63)] = number.word() };
            }
            Self::Default(stage, kind) => {
                // SAFETY: a stage, to write.
                let status = unsafe {
                    bluegrad_stage_default(&raw mut config.stages[usize::from(stage % 8)], u32::from(kind % 7))
                };
                assert_eq!(status, if kind % 7 < 6 { BLUEGRAD_OK } else { BLUEGRAD_ERROR_UNKNOWN_VALUE });
            }
            Self::Count(count) => config.stage_count = u32::from(count % 10),
            Self::Start(start) => config.start = u32::from(start % 3),
            Self::SimdLevel(level) => config.level = u32::from(level % 34),
            _ => self.call(config),
        }
    }

    /// The functions that change a configuration: one that failed has changed nothing.
    fn call(&self, config: &mut bluegrad_config) {
        let before = *config;
        let to = &raw mut *config;
        // SAFETY (all): a configuration, to read and write.
        let status = match *self {
            Self::Family(sigma, steps) => unsafe { bluegrad_config_dither(to, sigma.float(), steps.into()) },
            Self::Mix(mix) => unsafe { bluegrad_config_mix(to, mix.float()) },
            Self::Levels(levels, sigma) => unsafe { bluegrad_config_levels(to, levels.into(), sigma.float()) },
            _ => unsafe { bluegrad_config_refine(to) },
        };
        expect("bluegrad_config_*", status, statuses::EDIT);
        if status != BLUEGRAD_OK {
            assert!(bytemuck::bytes_of(config) == bytemuck::bytes_of(&before), "changed in spite of {status}");
        }
    }
}

/// Whether a configuration is good, by the function that says so: with an explanation, and as the size of the memory says too.
pub(super) fn check(config: &bluegrad_config) -> i32 {
    let mut text = [b'x'; 128];
    // SAFETY: a configuration and a text of that length.
    let status = unsafe { bluegrad_config_check(config, text.as_mut_ptr().cast(), text.len()) };
    expect("bluegrad_config_check", status, statuses::CONFIG);
    let end = text.iter().position(|byte| *byte == 0).expect("128 bytes hold every line");
    assert!(end > 0 && text[end..].iter().all(|byte| *byte == 0), "zeros to the end");
    assert!(text[..end].iter().all(|byte| (b' '..=b'~').contains(byte)), "one line of plain text");
    assert_eq!(status == BLUEGRAD_OK, &text[..end] == b"ok");
    // SAFETY: as above.
    let (silent, size) = unsafe { (bluegrad_config_check(config, ptr::null_mut(), 0), bluegrad_memory_size(config)) };
    assert_eq!(silent, status);
    assert!(size > 0 || status != BLUEGRAD_OK, "no memory for a good configuration");
    assert!(size == 0 || status == BLUEGRAD_OK, "memory in spite of {status}");
    assert!(size.is_multiple_of(BLUEGRAD_MEMORY_ALIGN));
    status
}

/// The core's form of a good one, for what steps cost: read from its words again, not through the functions under test.
pub(super) fn core(config: &bluegrad_config) -> Config {
    let stage = |from: &bluegrad_stage| {
        // SAFETY: the union is words.
        let words = unsafe { from.data.words };
        match from.kind {
            BLUEGRAD_STAGE_SPECTRAL => Stage::Spectral(take(&words)),
            BLUEGRAD_STAGE_FILL => Stage::Fill(take(&words)),
            BLUEGRAD_STAGE_VOID_AND_CLUSTER => Stage::VoidAndCluster(take(&words)),
            BLUEGRAD_STAGE_FRONT => Stage::Front(take(&words)),
            BLUEGRAD_STAGE_POLISH => Stage::Polish(take(&words)),
            _ => Stage::Swap(take(&words)),
        }
    };
    let stages: Vec<Stage> = config.stages.iter().take(config.stage_count as usize).map(stage).collect();
    Config {
        shape: Shape::new(config.width, config.height),
        seed: config.seed,
        level: bluegrad::SimdLevel::Auto,
        distribution: Distribution::UNIFORM,
        recipe: Recipe::new(&stages),
    }
}

fn take<T: bytemuck::CheckedBitPattern>(words: &[u32]) -> T {
    bytemuck::checked::pod_read_unaligned(&bytemuck::must_cast_slice(words)[..size_of::<T>()])
}
