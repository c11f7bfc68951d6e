//! Parameters of a stage of the spectral objective.

use crate::optimizer::{Optimizer, Schedule};
use bytemuck::{CheckedBitPattern, NoUninit};

/// One term of a stage's loss.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct TermWeight {
    /// Factor in the loss, at least 0; 0 leaves the term out.
    pub weight: f32,
    /// Not 0: each step multiplies the factor by a fresh random number from 0 to 1.
    pub randomized: u32,
}

impl TermWeight {
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

/// Method by which the histogram term ranks the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Ranks {
    /// Exact, by sorting.
    Exact = 0,
    /// By counting in bins, linear inside a bin: within about 1/1000, in a fifth of the time.
    Binned = 1,
}

/// Steps of the spectral objective: the grey mask itself becomes blue. Sides are powers of two, 16 to 4096.
///
/// The loss is the sum of the terms; the core's module `spectral` has the formula of each.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Spectral {
    /// Number of steps.
    pub steps: u32,
    /// Rule of a step.
    pub optimizer: Optimizer,
    /// Step size of the spectral terms, at least 0.
    pub step_size: Schedule,
    /// Step size of the histogram term, at least 0.
    pub histogram_step_size: Schedule,
    /// Power below the cut-off.
    pub low_band: TermWeight,
    /// Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071.
    pub cutoff: f32,
    /// Differences between the amplitudes of neighbouring bins.
    pub smoothness: TermWeight,
    /// Distance of the amplitudes from the run's radial profile.
    pub profile: TermWeight,
    /// Distance of the values from the wanted distribution.
    pub histogram: TermWeight,
    /// Method of the histogram term's ranks.
    pub ranks: Ranks,
    /// Period, in steps, at which the values are replaced by the wanted values of their exact ranks; 0: never.
    pub projection_period: u32,
}

/// The weight window of the published notebook, `max(0.7 − fx² − fy², 0)/0.7` with 1 = Nyquist, ends at this frequency
/// in cycles/pixel: √0.7/2.
pub const PUBLISHED_CUTOFF: f32 = 0.418_33;

impl Spectral {
    /// The loss of the published notebook and its plain gradient descent: factors 0.1, 0.01 and 2.2, each multiplied by
    /// a fresh U(0, 1) at each step, and a step size of 0.7.
    pub const PUBLISHED: Self = Self {
        steps: 100_000,
        optimizer: Optimizer::GRADIENT_DESCENT,
        step_size: Schedule::constant(0.7),
        histogram_step_size: Schedule::constant(0.7),
        low_band: TermWeight::randomized(0.1),
        cutoff: PUBLISHED_CUTOFF,
        smoothness: TermWeight::randomized(0.01),
        profile: TermWeight::NONE,
        histogram: TermWeight::randomized(2.2),
        ranks: Ranks::Exact,
        projection_period: 0,
    };

    /// No step and no term.
    pub const EMPTY: Self = Self {
        steps: 0,
        low_band: TermWeight::NONE,
        smoothness: TermWeight::NONE,
        histogram: TermWeight::NONE,
        ..Self::PUBLISHED
    };
}
