//! What a run does, as plain data: stages, recipes, configurations, presets.

mod filtered;
mod mix;
mod preset;
mod stage;
mod stages;

pub use crate::pairs::{GAUSSIANS, MAX_RADIUS, Mixture};
pub use crate::spectral::parameters::{PUBLISHED_CUTOFF, Ranks, TermWeight};
pub use filtered::{FILTER_STEPS, Powers};
pub use preset::{DITHER_SIGMAS, DITHER_STEPS, Preset, SPACE_TIME_WEIGHTS};
pub use stage::*;
pub use stages::{AllStages, DitherStages, SpectralStages, Stages};

use crate::distribution::Distribution;
use crate::error::Error;
use crate::filters::Filters;
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::spectral::Profile;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Most stages of a run.
pub const MAX_STAGES: usize = 8;

/// What the first stage starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
pub enum Start {
    /// Noise of the seed. A fill and void-and-cluster make their own order of the pixels and ignore it.
    #[default]
    Noise = 0,
    /// A given mask, to refine it. No stage may be a fill or void-and-cluster.
    Mask = 1,
}

/// A run: stages one after the other, then a step that ranks the values exactly. Unused elements hold [`Stage::EMPTY`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Recipe {
    /// The stages.
    pub stages: [Stage; MAX_STAGES],
    /// Number of stages, 1 to 8.
    pub stage_count: u32,
    /// What the first stage starts from.
    pub start: Start,
    /// Target of the profile term; read only if a stage gives that term weight.
    pub profile: Profile,
    /// Filters that the mask is made for; read only if a stage says so ([`Stage::uses_filters`]).
    pub filters: Filters,
}

impl Recipe {
    /// A recipe of these stages. More than [`MAX_STAGES`] fail its check.
    #[must_use]
    pub const fn new(stages: &[Stage]) -> Self {
        let stage_count = stages.len() as u32;
        let mut recipe = Self {
            stages: [Stage::EMPTY; MAX_STAGES],
            stage_count,
            start: Start::Noise,
            profile: Profile::BLUE,
            filters: Filters::GAUSSIAN,
        };
        let mut i = 0;
        while i < stages.len() && i < MAX_STAGES {
            recipe.stages[i] = stages[i];
            i += 1;
        }
        recipe
    }

    /// A recipe of the spectral objective alone.
    #[must_use]
    pub const fn spectral(stages: &[Spectral]) -> Self {
        let mut recipe = Self::new(&[]);
        recipe.stage_count = stages.len() as u32;
        let mut i = 0;
        while i < stages.len() && i < MAX_STAGES {
            recipe.stages[i] = Stage::Spectral(stages[i]);
            i += 1;
        }
        recipe
    }

    /// The recipe that refines a given mask: from [`Start::Mask`], without fill and void-and-cluster.
    #[must_use]
    pub const fn refining(&self) -> Self {
        let mut recipe = Self { profile: self.profile, filters: self.filters, start: Start::Mask, ..Self::new(&[]) };
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if !self.stages[i].makes_order() && (recipe.stage_count as usize) < MAX_STAGES {
                recipe.stages[recipe.stage_count as usize] = self.stages[i];
                recipe.stage_count += 1;
            }
            i += 1;
        }
        recipe
    }

    /// Stages in use.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        self.stages.get(..self.stage_count as usize).unwrap_or(&self.stages)
    }

    /// Steps of all stages on a mask of `elements` elements, plus one that ranks.
    ///
    /// # Errors
    /// [`Error::StepCount`] if a `u32` cannot count them.
    #[inline(never)]
    pub const fn steps(&self, elements: usize) -> Result<u32, Error> {
        let mut steps: u32 = 1;
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            steps = match steps.checked_add(self.stages[i].steps(elements)) {
                Some(sum) => sum,
                None => return Err(Error::StepCount),
            };
            i += 1;
        }
        Ok(steps)
    }

    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// Those of [`Error`] that name stages, numbers and the profile.
    pub const fn check(&self) -> Result<(), Error> {
        if self.stage_count == 0 || self.stage_count as usize > MAX_STAGES {
            return Err(Error::StageCount { got: self.stage_count, most: MAX_STAGES as u32 });
        }
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if let Err(error) = self.stages[i].check() {
                return Err(error);
            }
            if matches!(self.start, Start::Mask) && self.stages[i].makes_order() {
                return Err(Error::StartsTwice { stage: i as u32 });
            }
            i += 1;
        }
        if self.uses_filters()
            && let Err(error) = self.filters.check()
        {
            return Err(error);
        }
        if self.uses_profile() { self.profile.check() } else { Ok(()) }
    }

    /// Checks what the stages make of the filters on a shape, which no constant function can.
    ///
    /// # Errors
    /// [`Error::NotPositive`].
    pub fn check_filters(&self, shape: Shape) -> Result<(), Error> {
        self.check_filters_of::<AllStages>(shape)
    }

    /// The same for stages of a set.
    pub(crate) fn check_filters_of<S: Stages>(&self, shape: Shape) -> Result<(), Error> {
        self.stages().iter().try_for_each(|stage| stage.check_filters::<S>(&self.filters, shape))
    }

    /// Whether a stage reads the filters.
    pub(crate) const fn uses_filters(&self) -> bool {
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if self.stages[i].uses_filters() {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether a stage is spectral.
    pub(crate) const fn is_spectral(&self) -> bool {
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if AllStages::SPECTRAL && self.stages[i].as_spectral().is_some() {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Whether a stage has the profile term.
    pub(crate) const fn uses_profile(&self) -> bool {
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if let Stage::Spectral(stage) = &self.stages[i]
                && stage.profile.weight > 0.0
            {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// All that a run depends on. The same configuration and [`crate::ALGORITHM_VERSION`] give the same bytes everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Config {
    /// Width, height, layers and channels of the mask.
    pub shape: Shape,
    /// Seed of all that is random.
    pub seed: u64,
    /// SIMD level to use. It changes the speed only.
    pub level: SimdLevel,
    /// Distribution of the values: of spectral stages, and of the final ranks in [`crate::Generator::write_values`].
    pub distribution: Distribution,
    /// Stages of the run.
    pub recipe: Recipe,
}

impl Config {
    /// A preset with seed 0, the best SIMD level and the preset's distribution of values: uniform, but for [`Preset::Triangular`].
    #[must_use]
    pub const fn new(preset: Preset, width: u32, height: u32) -> Self {
        Self {
            shape: Shape::new(width, height),
            seed: 0,
            level: SimdLevel::Auto,
            distribution: preset.distribution(),
            recipe: preset.recipe(),
        }
    }

    /// Checks that a generator can run it. A SIMD level that this CPU lacks is found by [`crate::Generator::init`].
    ///
    /// # Errors
    /// Those of [`Shape::check`] or, if a stage is spectral, [`Shape::check_transform`], of [`Distribution::check`] and
    /// [`Recipe::check`], [`Error::FlatOnly`] for a mask with layers or channels, and [`Error::StepCount`].
    pub const fn check(&self) -> Result<(), Error> {
        let flat = self.recipe.is_spectral() && self.shape.is_flat();
        let shape = if flat { self.shape.check_transform() } else { self.shape.check() };
        if let Err(error) = shape {
            return Err(error);
        }
        if let Err(error) = self.distribution.check() {
            return Err(error);
        }
        if let Err(error) = self.recipe.check() {
            return Err(error);
        }
        let mut i = 0;
        while i < self.recipe.stage_count as usize && i < MAX_STAGES {
            if let Err(error) = self.recipe.stages[i].check_shape(self.shape) {
                return Err(error);
            }
            i += 1;
        }
        match self.recipe.steps(self.shape.elements()) {
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
