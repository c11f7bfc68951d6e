//! A recipe: what a run does, as plain data. Presets are constants of it.

use crate::distribution::Distribution;
use crate::error::Error;
use crate::optimizer::{Optimizer, Schedule};
use crate::shape::Shape;
use crate::simd::Level;
use crate::spectral::{MAX_CUTOFF, Profile};
use bytemuck::{CheckedBitPattern, NoUninit};

/// The most stages that a recipe has.
pub const MAX_STAGES: usize = 8;

/// One term of a stage's loss.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Term {
    /// Its factor in the loss; 0 leaves the term out.
    pub weight: f32,
    /// Not 0: at each step the factor is also multiplied by a fresh number from U(0, 1).
    pub randomized: u32,
}

impl Term {
    /// Left out.
    pub const NONE: Self = Self::new(0.0);

    /// A term with a fixed factor.
    #[must_use]
    pub const fn new(weight: f32) -> Self {
        Self { weight, randomized: 0 }
    }

    /// A term whose factor is multiplied by a fresh U(0, 1) at each step.
    #[must_use]
    pub const fn randomized(weight: f32) -> Self {
        Self { weight, randomized: 1 }
    }
}

/// How the histogram term finds the rank of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Ranks {
    /// By sorting: exact.
    Exact = 0,
    /// By a cumulative count in bins, linear inside a bin: ranks within about 1/1000, in a fifth of the time.
    Binned = 1,
}

/// Some steps of one kind. The loss is the sum of the terms; [`crate::spectral`] gives each formula.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Stage {
    /// Steps of the optimiser.
    pub steps: u32,
    /// The rule of a step.
    pub optimizer: Optimizer,
    /// Step size of the spectral terms.
    pub step_size: Schedule,
    /// Step size of the histogram term.
    pub histogram_step_size: Schedule,
    /// Power below the cut-off.
    pub low_band: Term,
    /// Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071.
    pub cutoff: f32,
    /// Differences between the amplitudes of neighbouring bins.
    pub smoothness: Term,
    /// Distance of the amplitudes from the recipe's radial profile.
    pub profile: Term,
    /// Distance of the values from the wanted distribution.
    pub histogram: Term,
    /// How the histogram term ranks.
    pub ranks: Ranks,
    /// After every this many steps the values are replaced by the wanted ones of their exact ranks; 0 = never.
    pub projection_period: u32,
}

/// The weight window of the published notebook, `max(0.7 − fx² − fy², 0)/0.7` with 1 = Nyquist, ends at this frequency
/// in cycles/pixel: √0.7/2.
pub const PUBLISHED_CUTOFF: f32 = 0.418_33;

impl Stage {
    /// The loss of the published notebook and its plain gradient descent: factors 0.1, 0.01 and 2.2, each multiplied by
    /// a fresh U(0, 1) at each step, and a step size of 0.7.
    pub const PUBLISHED: Self = Self {
        steps: 100_000,
        optimizer: Optimizer::GRADIENT_DESCENT,
        step_size: Schedule::constant(0.7),
        histogram_step_size: Schedule::constant(0.7),
        low_band: Term::randomized(0.1),
        cutoff: PUBLISHED_CUTOFF,
        smoothness: Term::randomized(0.01),
        profile: Term::NONE,
        histogram: Term::randomized(2.2),
        ranks: Ranks::Exact,
        projection_period: 0,
    };

    /// A stage that is never run: what the unused places of a recipe hold.
    pub const EMPTY: Self =
        Self { steps: 0, low_band: Term::NONE, smoothness: Term::NONE, histogram: Term::NONE, ..Self::PUBLISHED };

    const fn check(&self) -> Result<(), Error> {
        const WEIGHT: &str = "finite and at least 0";
        let terms = [
            ("low_band.weight", self.low_band.weight),
            ("smoothness.weight", self.smoothness.weight),
            ("profile.weight", self.profile.weight),
            ("histogram.weight", self.histogram.weight),
        ];
        let mut i = 0;
        while i < terms.len() {
            let (what, value) = terms[i];
            if !(value >= 0.0 && value < f32::INFINITY) {
                return Err(Error::Number { what, value, range: WEIGHT });
            }
            i += 1;
        }
        if !(self.cutoff > 0.0 && self.cutoff <= MAX_CUTOFF) {
            let range = "above 0 and at most 0.7071 cycles/pixel";
            return Err(Error::Number { what: "cutoff", value: self.cutoff, range });
        }
        if let Err(error) = self.optimizer.check() {
            return Err(error);
        }
        if let Err(error) = self.step_size.check("step_size") {
            return Err(error);
        }
        self.histogram_step_size.check("histogram_step_size")
    }
}

/// A run: stages one after the other, then a step that ranks the values exactly. Unused places hold [`Stage::EMPTY`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Recipe {
    /// The stages.
    pub stages: [Stage; MAX_STAGES],
    /// How many of them there are, 1 to 8.
    pub stage_count: u32,
    /// What the profile term aims at; read only if a stage gives that term weight.
    pub profile: Profile,
}

impl Recipe {
    /// A recipe of these stages; those past [`MAX_STAGES`] make it fail its check.
    #[must_use]
    pub const fn new(stages: &[Stage]) -> Self {
        let mut recipe =
            Self { stages: [Stage::EMPTY; MAX_STAGES], stage_count: stages.len() as u32, profile: Profile::BLUE };
        let mut i = 0;
        while i < stages.len() && i < MAX_STAGES {
            recipe.stages[i] = stages[i];
            i += 1;
        }
        recipe
    }

    /// The stages that are used.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        self.stages.get(..self.stage_count as usize).unwrap_or(&self.stages)
    }

    /// All steps of all stages, and one that ranks.
    ///
    /// # Errors
    /// [`Error::StepCount`] if a `u32` cannot count them.
    pub const fn steps(&self) -> Result<u32, Error> {
        let mut steps: u32 = 1;
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            steps = match steps.checked_add(self.stages[i].steps) {
                Some(sum) => sum,
                None => return Err(Error::StepCount),
            };
            i += 1;
        }
        Ok(steps)
    }

    /// Whether every number is in its range.
    ///
    /// # Errors
    /// Those of [`Error`] that name stages, numbers, steps and the profile.
    pub const fn check(&self) -> Result<(), Error> {
        if self.stage_count == 0 || self.stage_count as usize > MAX_STAGES {
            return Err(Error::StageCount { got: self.stage_count, most: MAX_STAGES as u32 });
        }
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if let Err(error) = self.stages[i].check() {
                return Err(error);
            }
            i += 1;
        }
        if let Err(error) = self.steps() {
            return Err(error);
        }
        if self.uses_profile() { self.profile.check() } else { Ok(()) }
    }

    /// Whether some stage has the profile term.
    pub(crate) const fn uses_profile(&self) -> bool {
        let mut i = 0;
        while i < self.stage_count as usize && i < MAX_STAGES {
            if self.stages[i].profile.weight > 0.0 {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// A recipe that comes with the library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Preset {
    /// The whole-mask objective by the heavy ball, in milliseconds: a grey mask that is itself blue.
    #[default]
    Spectral = 0,
    /// The published method with its constants: 100 000 steps of randomised gradient descent, ten on the histogram alone.
    Published = 1,
}

impl Preset {
    /// Every preset, the default first.
    pub const ALL: [Self; 2] = [Self::Spectral, Self::Published];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spectral => "spectral",
            Self::Published => "published",
        }
    }

    /// One line: what it is for.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Spectral => {
                "screen-space noise: the grey mask itself is blue; heavy ball, below the published loss in milliseconds"
            }
            Self::Published => {
                "the published method, constant for constant: 100 000 randomised steps, to compare against"
            }
        }
    }

    /// The preset of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Its recipe.
    #[must_use]
    pub const fn recipe(self) -> Recipe {
        match self {
            Self::Spectral => Recipe::new(&[SPECTRAL]),
            Self::Published => Recipe::new(&[Stage::PUBLISHED, PUBLISHED_END]),
        }
    }
}

/// The notebook's last ten steps: its histogram term alone, at 0.1.
const PUBLISHED_END: Stage = Stage {
    steps: 10,
    histogram_step_size: Schedule::constant(0.1),
    low_band: Term::NONE,
    smoothness: Term::NONE,
    ..Stage::PUBLISHED
};

/// The published loss with all random factors 1, by the heavy ball.
const SPECTRAL: Stage = Stage {
    steps: 500,
    optimizer: Optimizer::heavy_ball(0.97),
    step_size: Schedule::constant(2.0),
    histogram_step_size: Schedule::constant(0.02),
    low_band: Term::new(0.1),
    smoothness: Term::new(0.01),
    histogram: Term::new(2.2),
    ..Stage::PUBLISHED
};

/// All that a run depends on: the same configuration and [`crate::ALGORITHM_VERSION`] give the same bytes everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Config {
    /// Width and height of the mask.
    pub shape: Shape,
    /// Seed of the start noise and of the random factors.
    pub seed: u64,
    /// The instruction set to use; it changes the speed only.
    pub level: Level,
    /// The distribution that the values are to have.
    pub distribution: Distribution,
    /// What to do.
    pub recipe: Recipe,
}

impl Config {
    /// A preset with seed 0, the best level and uniform values.
    #[must_use]
    pub const fn new(preset: Preset, width: u32, height: u32) -> Self {
        Self {
            shape: Shape::new(width, height),
            seed: 0,
            level: Level::Auto,
            distribution: Distribution::UNIFORM,
            recipe: preset.recipe(),
        }
    }

    /// Whether a generator can run it on any machine; a level that this CPU lacks is found by [`crate::Generator::init`].
    ///
    /// # Errors
    /// Those of [`Shape::check`], [`Distribution::check`] and [`Recipe::check`].
    pub const fn check(&self) -> Result<(), Error> {
        if let Err(error) = self.shape.check() {
            return Err(error);
        }
        if let Err(error) = self.distribution.check() {
            return Err(error);
        }
        self.recipe.check()
    }
}
