//! Filters as plain data: what a user's renderer does to the noise, in space and in time.
//!
//! A mask that is made for its filters has the least filtered error. The spatial filter h works along rows and along columns, the
//! temporal filter t along layers; layers repeat, as the torus does. All that a mask needs to know of filters is their kernel K, the
//! autocorrelation of what the filters do ([`FilterKernel`]).

mod kernel;

pub(crate) use kernel::Axis;
pub use kernel::FilterKernel;

use crate::error::{Error, number};
use bytemuck::{CheckedBitPattern, NoUninit};

/// Most weights of a filter that a user gives.
pub const MAX_TAPS: usize = 32;

/// Weights of a filter along one axis, in order. Their sum is as given: it counts only where filters are separate.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Taps {
    /// The weights; those from `count` on are not read.
    pub weights: [f32; MAX_TAPS],
    /// Number of weights, 1 to 32.
    pub count: u32,
}

impl Taps {
    /// One weight: no filter.
    pub const ONE: Self = Self::new(&[1.0]);

    /// These weights; more than [`MAX_TAPS`] fail the check.
    #[must_use]
    pub const fn new(weights: &[f32]) -> Self {
        let mut taps = Self { weights: [0.0; MAX_TAPS], count: weights.len() as u32 };
        let mut i = 0;
        while i < weights.len() && i < MAX_TAPS {
            taps.weights[i] = weights[i];
            i += 1;
        }
        taps
    }

    const fn check(&self, count: &'static str, weight: &'static str) -> Result<(), Error> {
        if let Err(error) = number(count, self.count as f32, 1.0, MAX_TAPS as f32, "from 1 to 32") {
            return Err(error);
        }
        let (mut some, mut i) = (false, 0);
        while i < self.count as usize && i < MAX_TAPS {
            let value = self.weights[i];
            // a NaN is in no range; weights that vanish beside 1 would be rounding errors of a kernel
            if let Err(error) = number(weight, value, -1e6, 1e6, "finite, from -1000000 to 1000000") {
                return Err(error);
            }
            some |= value > 1e-6 || value < -1e-6;
            i += 1;
        }
        if some {
            Ok(())
        } else {
            Err(Error::Number { what: weight, value: 0.0, range: "above 0.000001 for some weight" })
        }
    }
}

/// Kind of a spatial filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum SpaceKind {
    /// Gaussian of `sigma` pixels, integrated over each pixel, cut at 4 sigma.
    Gaussian = 0,
    /// Mean of `size` pixels.
    Box = 1,
    /// Mean of two neighbours, `size` times: weights are binomial coefficients.
    Binomial = 2,
    /// The weights of `taps`.
    Taps = 3,
}

/// Spatial filter: the same along rows and along columns.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct SpaceFilter {
    /// Which filter; each reads its own numbers of those below.
    pub kind: SpaceKind,
    /// Standard deviation of the Gaussian, 0.3 to 4 pixels.
    pub sigma: f32,
    /// Pixels of the box, 1 to 32; steps of the binomial filter, 1 to 31.
    pub size: u32,
    /// Weights of the user's own filter.
    pub taps: Taps,
}

impl SpaceFilter {
    const NONE: Self = Self { kind: SpaceKind::Gaussian, sigma: 1.0, size: 1, taps: Taps::ONE };

    /// A Gaussian of `sigma` pixels.
    #[must_use]
    pub const fn gaussian(sigma: f32) -> Self {
        Self { sigma, ..Self::NONE }
    }

    /// The mean of `size` by `size` pixels.
    #[must_use]
    pub const fn mean(size: u32) -> Self {
        Self { kind: SpaceKind::Box, size, ..Self::NONE }
    }

    /// The mean of 2 by 2 pixels, `size` times.
    #[must_use]
    pub const fn binomial(size: u32) -> Self {
        Self { kind: SpaceKind::Binomial, size, ..Self::NONE }
    }

    /// A user's own weights.
    #[must_use]
    pub const fn taps(weights: &[f32]) -> Self {
        Self { kind: SpaceKind::Taps, taps: Taps::new(weights), ..Self::NONE }
    }

    const fn check(&self) -> Result<(), Error> {
        match self.kind {
            SpaceKind::Gaussian => number("filters.space.sigma", self.sigma, 0.3, 4.0, "from 0.3 to 4 pixels"),
            SpaceKind::Box => number("filters.space.size", self.size as f32, 1.0, 32.0, "from 1 to 32 pixels"),
            SpaceKind::Binomial => number("filters.space.size", self.size as f32, 1.0, 31.0, "from 1 to 31 steps"),
            SpaceKind::Taps => self.taps.check("filters.space.taps.count", "filters.space.taps"),
        }
    }
}

/// Kind of a temporal filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum TimeKind {
    /// No filter: each layer for itself.
    None = 0,
    /// Exponential moving average: `alpha` of each new layer.
    Ema = 1,
    /// Exponential moving average that starts anew at each layer with probability `beta` (FAST: Donnelly et al. 2024).
    Exponential = 2,
    /// Gaussian of `sigma` layers, integrated over each layer, cut at 4 sigma.
    Gaussian = 3,
    /// Mean of `size` layers.
    Box = 4,
    /// The weights of `taps`.
    Taps = 5,
}

/// Temporal filter, along layers.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct TimeFilter {
    /// Which filter; each reads its own numbers of those below.
    pub kind: TimeKind,
    /// Part of a new layer in the exponential average, above 0 (from 0.001) to 1.
    pub alpha: f32,
    /// Probability that the exponential average starts anew at a layer, above 0 (from 0.001) to 1.
    pub beta: f32,
    /// Standard deviation of the Gaussian, 0.3 to 8 layers.
    pub sigma: f32,
    /// Layers of the box, 1 to 64.
    pub size: u32,
    /// Weights of the user's own filter.
    pub taps: Taps,
}

impl TimeFilter {
    /// No filter in time.
    pub const NONE: Self = Self { kind: TimeKind::None, alpha: 1.0, beta: 1.0, sigma: 1.0, size: 1, taps: Taps::ONE };

    /// The exponential moving average with `alpha` of each new layer.
    #[must_use]
    pub const fn ema(alpha: f32) -> Self {
        Self { kind: TimeKind::Ema, alpha, ..Self::NONE }
    }

    /// An exponential moving average that starts anew at each layer with probability `beta`.
    #[must_use]
    pub const fn exponential(alpha: f32, beta: f32) -> Self {
        Self { kind: TimeKind::Exponential, alpha, beta, ..Self::NONE }
    }

    /// A Gaussian of `sigma` layers.
    #[must_use]
    pub const fn gaussian(sigma: f32) -> Self {
        Self { kind: TimeKind::Gaussian, sigma, ..Self::NONE }
    }

    /// The mean of `size` layers.
    #[must_use]
    pub const fn mean(size: u32) -> Self {
        Self { kind: TimeKind::Box, size, ..Self::NONE }
    }

    /// A user's own weights.
    #[must_use]
    pub const fn taps(weights: &[f32]) -> Self {
        Self { kind: TimeKind::Taps, taps: Taps::new(weights), ..Self::NONE }
    }

    const fn check(&self) -> Result<(), Error> {
        const PART: &str = "above 0 and at most 1, from 0.001 on";
        match self.kind {
            TimeKind::None => Ok(()),
            TimeKind::Ema => number("filters.time.alpha", self.alpha, 0.001, 1.0, PART),
            TimeKind::Exponential => match number("filters.time.alpha", self.alpha, 0.001, 1.0, PART) {
                Ok(()) => number("filters.time.beta", self.beta, 0.001, 1.0, PART),
                error => error,
            },
            TimeKind::Gaussian => number("filters.time.sigma", self.sigma, 0.3, 8.0, "from 0.3 to 8 layers"),
            TimeKind::Box => number("filters.time.size", self.size as f32, 1.0, 64.0, "from 1 to 64 layers"),
            TimeKind::Taps => self.taps.check("filters.time.taps.count", "filters.time.taps"),
        }
    }
}

/// How the filters in space and in time go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Combine {
    /// One after the other: what counts is the error after both.
    Product = 0,
    /// Each for itself: what counts is the error after the one, times `weight`, and that after the other, times 1 − `weight`.
    Separate = 1,
}

/// Filters that a mask is made for.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Filters {
    /// Along rows and along columns.
    pub space: SpaceFilter,
    /// Along layers.
    pub time: TimeFilter,
    /// How the two go together.
    pub combine: Combine,
    /// Weight of space where filters are separate, 0.01 to 1.
    pub weight: f32,
}

impl Filters {
    /// A Gaussian of 1 pixel, and no filter in time.
    pub const GAUSSIAN: Self = Self::product(SpaceFilter::gaussian(1.0), TimeFilter::NONE);

    /// Both filters, one after the other.
    #[must_use]
    pub const fn product(space: SpaceFilter, time: TimeFilter) -> Self {
        Self { space, time, combine: Combine::Product, weight: 0.5 }
    }

    /// Each filter for itself; `weight` is that of space.
    #[must_use]
    pub const fn separate(space: SpaceFilter, time: TimeFilter, weight: f32) -> Self {
        Self { space, time, combine: Combine::Separate, weight }
    }

    /// Whether every number that the filters read is in its range.
    ///
    /// # Errors
    /// [`Error::Number`].
    pub const fn check(&self) -> Result<(), Error> {
        if let Err(error) = self.space.check() {
            return Err(error);
        }
        if let Err(error) = self.time.check() {
            return Err(error);
        }
        match self.combine {
            Combine::Product => Ok(()),
            Combine::Separate => number("filters.weight", self.weight, 0.01, 1.0, "from 0.01 to 1"),
        }
    }
}
