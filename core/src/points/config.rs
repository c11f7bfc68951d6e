//! What a run of a point set depends on, and its stages.

use crate::error::{Error, number};
use crate::simd::SimdLevel;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Most points of a set: 4194304.
pub const MAX_POINTS: u32 = 1 << 22;

/// Least `sigma`.
pub const MIN_SIGMA: f32 = 0.68;

/// Largest `sigma`.
pub const MAX_SIGMA: f32 = 0.95;

/// How long a run takes, and what its set is good for. Figures in `docs/points.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
pub enum PointPreset {
    /// 24 steps: a third of the time of the default, 14 dB more power at low frequencies.
    Fast = 0,
    /// 64 steps: no power at low frequencies, a flat spectrum above them. Sampling and integration.
    #[default]
    Default = 1,
    /// 64 steps: as the default at low frequencies, with points further apart. Stippling, placement of objects.
    Sharp = 2,
    /// 160 steps: the least power at low frequencies, points further apart than those of the default.
    Best = 3,
}

impl PointPreset {
    /// Every preset.
    pub const ALL: [Self; 4] = [Self::Fast, Self::Default, Self::Sharp, Self::Best];

    /// Returns its name: `fast`, `default`, `sharp`, `best`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Default => "default",
            Self::Sharp => "sharp",
            Self::Best => "best",
        }
    }

    /// Returns the preset of a name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

/// All that a point set depends on. The same configuration and version give the same bytes everywhere.
#[derive(Clone, Copy, Debug, PartialEq, CheckedBitPattern)]
#[repr(C)]
pub struct PointConfig {
    /// Seed of all that is random.
    pub seed: u64,
    /// Number of points, 1 to 4194304.
    pub count: u32,
    /// Steps, and their widths of the kernel.
    pub preset: PointPreset,
    /// Width of the kernel in mean distances, 0.68 to 0.95: low for points far apart, high for a flat spectrum. 0: what the preset has.
    pub sigma: f32,
    /// SIMD level to use. It changes the speed only.
    pub level: SimdLevel,
    /// 0. Room for later versions.
    pub reserved: [u32; 8],
}

impl PointConfig {
    /// `count` points of [`PointPreset::Default`], with seed 0 and the best SIMD level.
    #[must_use]
    pub const fn new(count: u32) -> Self {
        Self { seed: 0, count, preset: PointPreset::Default, sigma: 0.0, level: SimdLevel::Auto, reserved: [0; 8] }
    }

    /// Checks that a run can be made. A SIMD level that this CPU lacks is found by [`super::Points::init`].
    ///
    /// # Errors
    /// [`Error::PointCount`], [`Error::Number`], [`Error::Reserved`].
    pub const fn check(&self) -> Result<(), Error> {
        if self.count == 0 || self.count > MAX_POINTS {
            return Err(Error::PointCount { got: self.count });
        }
        let mut i = 0;
        while i < self.reserved.len() {
            if self.reserved[i] != 0 {
                return Err(Error::Reserved);
            }
            i += 1;
        }
        if self.sigma == 0.0 {
            return Ok(());
        }
        number("sigma of the points", self.sigma, MIN_SIGMA, MAX_SIGMA, "from 0.68 to 0.95, or 0 for the preset's")
    }

    /// The run's two stages.
    pub(super) const fn stages(&self) -> [Stage; 2] {
        if self.sigma == 0.0 {
            return match self.preset {
                PointPreset::Fast => [Stage::new(16, 0.86, 0.44, 0.55), Stage::new(8, 0.91, 0.43, 0.32)],
                PointPreset::Default => [Stage::new(44, 0.88, 0.37, 0.82), Stage::new(20, 1.0, 0.38, 0.35)],
                PointPreset::Sharp => [Stage::new(53, 0.78, 0.5, 0.87), Stage::new(11, 0.93, 0.36, 0.65)],
                PointPreset::Best => [Stage::new(130, 0.84, 0.4, 0.9), Stage::new(30, 0.95, 0.4, 0.5)],
            };
        }
        let sigma = self.sigma as f64;
        let last = if sigma + 0.14 < 1.0 { sigma + 0.14 } else { 1.0 };
        match self.preset {
            PointPreset::Fast => [Stage::new(16, sigma, 0.44, 0.6), Stage::new(8, last, 0.4, 0.35)],
            PointPreset::Default | PointPreset::Sharp => {
                [Stage::new(48, sigma, 0.4, 0.84), Stage::new(16, last, 0.38, 0.4)]
            }
            PointPreset::Best => [Stage::new(130, sigma, 0.4, 0.9), Stage::new(30, last, 0.38, 0.5)],
        }
    }
}

/// Steps of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    pub(super) steps: u32,
    /// Width of the kernel in mean distances, Q16.
    pub(super) sigma: u32,
    /// Q16.
    pub(super) step_size: u32,
    /// Q16.
    pub(super) momentum: u32,
}

impl Stage {
    const fn new(steps: u32, sigma: f64, step_size: f64, momentum: f64) -> Self {
        Self { steps, sigma: q16(sigma), step_size: q16(step_size), momentum: q16(momentum) }
    }
}

/// The nearest number with 16 fractional bits.
const fn q16(value: f64) -> u32 {
    (value * 65536.0 + 0.5) as u32
}

/// Steps of all stages.
pub(super) fn steps(stages: &[Stage; 2]) -> u32 {
    stages[0].steps + stages[1].steps
}

/// Stage of a step, and the step's index within that stage; `None` after the last.
pub(super) fn stage_of(stages: &[Stage; 2], step: u32) -> Option<(Stage, u32)> {
    let [first, last] = stages;
    match step.checked_sub(first.steps) {
        None => Some((*first, step)),
        Some(step) if step < last.steps => Some((*last, step)),
        Some(_) => None,
    }
}
