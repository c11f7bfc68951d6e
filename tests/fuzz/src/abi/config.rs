//! A configuration as a C program might fill it in: a preset, then whatever is written into it.

use super::statuses::{self, expect};
use super::words::Words;
use crate::number::Number;
use crate::recipes::count;
use arbitrary::Arbitrary;
use bluegrad::recipe::{Powers, StageKind};
use bluegrad::{Config, Distribution, Preset, Recipe, Stage};
use bluegrad_ffi::*;
use std::mem::offset_of;
use std::ptr;

/// The most elements of a mask here.
const MOST_ELEMENTS: u64 = 768;

/// A configuration as C has it: words, whose choices may be unknown.
#[derive(Clone, PartialEq)]
pub(super) struct Given(pub(super) Words<bluegrad_config>);

impl Given {
    pub(super) fn of(config: &bluegrad_config) -> Self {
        let mut given = Self(Words::zeroed());
        // SAFETY: the words of a configuration, which has no gaps.
        unsafe { given.0.pointer_mut().write(*config) };
        given
    }

    pub(super) fn pointer(&self) -> *const bluegrad_config {
        self.0.pointer()
    }

    /// The same, once it is known to be good.
    pub(super) fn valid(&self) -> bluegrad_config {
        // SAFETY: a check has accepted its choices.
        unsafe { self.pointer().read() }
    }

    /// Width (0), height (1), layers (2) or channels (3).
    pub(super) fn side(&self, axis: usize) -> u32 {
        self.0.at(offset_of!(bluegrad_config, shape) + 4 * axis)
    }

    /// Pixels of a plane.
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.side(0)) * u64::from(self.side(1))
    }

    pub(super) fn elements(&self) -> u64 {
        self.pixels().saturating_mul(u64::from(self.side(2)) * u64::from(self.side(3)))
    }

    pub(super) fn start(&self) -> u32 {
        self.0.at(offset_of!(bluegrad_config, start))
    }

    pub(super) fn stage_count(&self) -> u32 {
        self.0.at(offset_of!(bluegrad_config, stage_count))
    }

    pub(super) fn start_mut(&mut self) -> &mut u32 {
        self.0.at_mut(offset_of!(bluegrad_config, start))
    }

    pub(super) fn level_mut(&mut self) -> &mut u32 {
        self.0.at_mut(offset_of!(bluegrad_config, level))
    }

    fn stage(&self, index: usize) -> &[u32] {
        &self.0.words()[offset_of!(bluegrad_config, stages) / 4 + 64 * index..][..64]
    }

    pub(super) fn stage_mut(&mut self, index: usize) -> &mut [u32] {
        &mut self.0.words_mut()[offset_of!(bluegrad_config, stages) / 4 + 64 * index..][..64]
    }
}

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
    Level(u8),
    Family(Number, u8),
    Mix(Number),
    SpaceTime(Number),
    Filtered(Option<(Number, Number, u8)>),
    Levels(u8, Number),
    Refine,
}

/// A configuration.
#[derive(Arbitrary, Debug)]
pub(super) struct Recipes {
    preset: u8,
    width: u8,
    height: u8,
    layers: u8,
    channels: u8,
    seed: u8,
    /// The most steps of each stage that has a number of them.
    steps: u8,
    edits: Vec<Edit>,
}

impl Recipes {
    /// The struct.
    pub(super) fn make(&self) -> Given {
        let mut config = Given(Words::zeroed());
        let preset = u32::from(self.preset) % (Preset::ALL.len() as u32 + 1);
        // SAFETY: a struct of this size, to write.
        let status = unsafe {
            bluegrad_config_default(
                config.0.pointer_mut(),
                SIZE,
                super::choice(preset),
                side(self.width),
                side(self.height),
            )
        };
        assert_eq!(status, if preset < Preset::ALL.len() as u32 { BLUEGRAD_OK } else { BLUEGRAD_ERROR_UNKNOWN_VALUE });
        *config.0.at_mut(offset_of!(bluegrad_config, seed)) = self.seed.into();
        *config.0.at_mut(offset_of!(bluegrad_config, shape.layers)) = count(self.layers);
        *config.0.at_mut(offset_of!(bluegrad_config, shape.channels)) = count(self.channels);
        for edit in self.edits.iter().take(24) {
            edit.apply(&mut config);
        }
        for stage in 0..8 {
            // in each kind but these the first parameter is the number of steps
            let words = config.stage_mut(stage);
            if ![StageKind::Fill, StageKind::VoidAndCluster, StageKind::FilterFill]
                .map(|kind| kind as u32)
                .contains(&words[0])
            {
                words[1] = words[1].min((self.steps % 12).into());
            }
        }
        if config.elements() > MOST_ELEMENTS && self.width % 8 != 7 {
            *config.0.at_mut(offset_of!(bluegrad_config, shape.width)) = 16;
            *config.0.at_mut(offset_of!(bluegrad_config, shape.height)) = 12;
            *config.0.at_mut(offset_of!(bluegrad_config, shape.layers)) = 1 + u32::from(self.layers / 128);
            *config.0.at_mut(offset_of!(bluegrad_config, shape.channels)) = 1 + u32::from(self.channels / 128);
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
    fn apply(&self, config: &mut Given) {
        match *self {
            Self::Word(index, number) => {
                let words = config.0.words_mut();
                let index = usize::from(index) % words.len();
                words[index] = number.word();
            }
            Self::Stage(stage, word, number) => {
                config.stage_mut(usize::from(stage % 8))[1 + usize::from(word % 63)] = number.word();
            }
            Self::Default(stage, kind) => {
                // SAFETY: a stage, to write.
                let status = unsafe {
                    let to = config.stage_mut(usize::from(stage % 8)).as_mut_ptr().cast();
                    bluegrad_stage_default(to, super::choice(u32::from(kind % 12)))
                };
                let known = bytemuck::checked::try_cast::<u32, StageKind>(u32::from(kind % 12)).is_ok();
                assert_eq!(status, if known { BLUEGRAD_OK } else { BLUEGRAD_ERROR_UNKNOWN_VALUE });
            }
            Self::Count(count) => *config.0.at_mut(offset_of!(bluegrad_config, stage_count)) = u32::from(count % 10),
            Self::Start(start) => *config.start_mut() = u32::from(start % 3),
            Self::Level(level) => *config.level_mut() = u32::from(level % 34),
            _ => self.call(config),
        }
    }

    /// The functions that change a configuration: one that failed has changed nothing.
    fn call(&self, config: &mut Given) {
        let before = config.clone();
        let to = config.0.pointer_mut();
        // SAFETY (all): a configuration, to read and write.
        let status = match *self {
            Self::Family(sigma, steps) => unsafe { bluegrad_config_dither(to, sigma.float(), steps.into()) },
            Self::Mix(mix) => unsafe { bluegrad_config_mix(to, mix.float()) },
            Self::Filtered(powers) => unsafe {
                let powers = powers.map(|(space, time, tent)| Powers {
                    space: space.float(),
                    time: time.float(),
                    tent: tent.into(),
                });
                bluegrad_config_filtered(to, powers.as_ref().map_or(ptr::null(), ptr::from_ref))
            },
            Self::SpaceTime(weight) => unsafe { bluegrad_config_space_time(to, weight.float()) },
            Self::Levels(levels, sigma) => unsafe { bluegrad_config_levels(to, levels.into(), sigma.float()) },
            _ => unsafe { bluegrad_config_refine(to) },
        };
        expect("bluegrad_config_*", status, statuses::EDIT);
        if status != BLUEGRAD_OK {
            assert!(*config == before, "changed in spite of {status}");
        }
    }
}

/// Whether a configuration is good, by the function that says so: with an explanation, and as the size of the memory says too.
pub(super) fn check(config: &Given) -> i32 {
    let mut text = [b'x'; 128];
    let config = config.pointer();
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
    assert!(size.is_multiple_of(bluegrad::MEMORY_ALIGN));
    status
}

/// The core's form of a good one, for what steps cost: read from its words again, not through the functions under test.
pub(super) fn core(config: &bluegrad_config) -> Config {
    let given = Given::of(config);
    let stage = |index: usize| {
        let words = given.stage(index).first_chunk().expect("a stage of C has room for one of the core");
        Stage::from_words(words).expect("a check has accepted it")
    };
    let stages: Vec<Stage> = (0..config.stage_count as usize).map(stage).collect();
    Config {
        shape: config.shape,
        seed: config.seed,
        level: bluegrad::SimdLevel::Auto,
        distribution: Distribution::UNIFORM,
        recipe: Recipe::new(&stages),
    }
}
