//! The stages of the dither objective, as plain data. [`crate::threshold`] gives each formula.

use crate::error::Error;
use crate::optimizer::Schedule;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Gaussians in a [`Mixture`].
pub const GAUSSIANS: usize = 3;

/// The largest radius of a [`Polish`], pixels.
pub const MAX_RADIUS: u32 = 12;

/// Weighted Gaussians: `Σ_j (weight_j/sigma_j²)·exp(−r²/2sigma_j²)`.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Mixture {
    /// Standard deviations, pixels.
    pub sigma: [f32; GAUSSIANS],
    /// Weights; 0 leaves a Gaussian out.
    pub weight: [f32; GAUSSIANS],
}

impl Mixture {
    /// No Gaussian.
    pub const NONE: Self = Self { sigma: [1.0; GAUSSIANS], weight: [0.0; GAUSSIANS] };

    /// Gaussians given as (sigma, weight); those past the third are left out.
    #[must_use]
    pub const fn new(gaussians: &[(f32, f32)]) -> Self {
        let mut mixture = Self::NONE;
        let mut i = 0;
        while i < gaussians.len() && i < GAUSSIANS {
            (mixture.sigma[i], mixture.weight[i]) = gaussians[i];
            i += 1;
        }
        mixture
    }

    /// Whether it has no Gaussian.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.weight[0] == 0.0 && self.weight[1] == 0.0 && self.weight[2] == 0.0
    }

    const fn check(&self) -> Result<(), Error> {
        let mut i = 0;
        while i < GAUSSIANS {
            if let Err(error) = number("kernel.weight", self.weight[i], 0.0, 1e6, "from 0 to 1000000") {
                return Err(error);
            }
            if let Err(error) = number("kernel.sigma", self.sigma[i], 0.3, 32.0, "from 0.3 to 32 pixels") {
                return Err(error);
            }
            i += 1;
        }
        Ok(())
    }
}

/// Places all pixels one after the other, each into the emptiest place that is left: integer void fill. It takes a step for
/// each 1024 pixels.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Fill {
    /// Standard deviation of the Gaussian that a placed pixel spreads, from a tenth of the pixels on; 0.5 to 4 pixels. On a mask of n
    /// pixels it is multiplied by `1 + 20/n`.
    pub sigma: f32,
    /// How far it reaches, 2 to 16 pixels.
    pub radius: u32,
    /// A second Gaussian is taken away from it: its weight, 0 to less than 1 …
    pub narrow_weight: f32,
    /// … and its standard deviation, 0.3 pixels to less than `sigma`.
    pub narrow_sigma: f32,
    /// Not 0: the emptiest place of the whole mask each time, not of a tile of it.
    pub exact: u32,
    /// Noise in the choice of each pixel's place, as a multiple of the usual: 0 to 2.5. Less makes sparse patterns more even and more
    /// like a lattice; with 0, which leaves ties alone to chance, masks of 16 and 32 pixels are ordered dithers.
    pub disorder: f32,
}

impl Fill {
    /// Placed tile by tile, with one Gaussian.
    #[must_use]
    pub const fn new(sigma: f32, radius: u32) -> Self {
        Self { sigma, radius, narrow_weight: 0.0, narrow_sigma: 0.5, exact: 0, disorder: 1.0 }
    }

    pub(super) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = number("fill.sigma", self.sigma, 0.5, 4.0, "from 0.5 to 4 pixels") {
            return Err(error);
        }
        if let Err(error) = number("fill.radius", self.radius as f32, 2.0, 16.0, "from 2 to 16 pixels") {
            return Err(error);
        }
        if let Err(error) = number("fill.narrow_weight", self.narrow_weight, 0.0, 0.99, "from 0 to 0.99") {
            return Err(error);
        }
        if let Err(error) = number("fill.disorder", self.disorder, 0.0, 2.5, "from 0 to 2.5") {
            return Err(error);
        }
        number("fill.narrow_sigma", self.narrow_sigma, 0.3, self.sigma, "from 0.3 pixels to the fill's sigma")
    }
}

/// Exact void-and-cluster (Ulichney 1993). It takes 8 steps for each 1024 pixels of the initial pattern, and one more for each
/// 1024 pixels.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct VoidAndCluster {
    /// Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5.
    pub sigma: f32,
    /// Part of the pixels that the initial random pattern has, above 0 and at most 0.5.
    pub initial_fraction: f32,
}

impl VoidAndCluster {
    /// Ulichney's sigma, from a sparse start.
    pub const CLASSIC: Self = Self { sigma: 1.5, initial_fraction: 0.02 };

    pub(super) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = number("void_and_cluster.sigma", self.sigma, 0.5, 8.0, "from 0.5 to 8 pixels") {
            return Err(error);
        }
        let range = "from 0.000001 to 0.5";
        number("void_and_cluster.initial_fraction", self.initial_fraction, 1e-6, 0.5, range)
    }

    /// Pixels of the initial pattern.
    pub(crate) const fn initial(&self, pixels: usize) -> usize {
        // ceil, which `const` has not; no more than half and at least one
        let exact = self.initial_fraction as f64 * pixels as f64;
        let floor = exact as usize;
        let count = if floor as f64 == exact { floor } else { floor + 1 };
        let count = if count > pixels / 2 { pixels / 2 } else { count };
        if count == 0 { 1 } else { count }
    }
}

/// Pure gradient descent from any ranks: a threshold moves up, and the pixels below it move to their local ranks.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Front {
    /// Steps; each ends with exact ranks.
    pub steps: u32,
    /// Standard deviation of the kernel, 0.5 to 4 pixels.
    pub sigma: f32,
    /// How far it reaches, 1 to 8 pixels.
    pub radius: u32,
    /// Step size, above 0 and at most 2.
    pub step_size: f32,
    /// Momentum, 0 to less than 1.
    pub momentum: f32,
    /// The threshold, 0 to 1.
    pub threshold: Schedule,
}

impl Front {
    pub(super) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = number("front.sigma", self.sigma, 0.5, 4.0, "from 0.5 to 4 pixels") {
            return Err(error);
        }
        if let Err(error) = number("front.radius", self.radius as f32, 1.0, 8.0, "from 1 to 8 pixels") {
            return Err(error);
        }
        if let Err(error) = number("front.step_size", self.step_size, 1e-6, 2.0, "from 0.000001 to 2") {
            return Err(error);
        }
        if let Err(error) = number("front.momentum", self.momentum, 0.0, 0.99, "from 0 to 0.99") {
            return Err(error);
        }
        schedule("front.threshold", &self.threshold, 0.0, 1.0, "from 0 to 1")
    }
}

/// Gradient descent with momentum on the all-threshold energy, from given ranks.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Polish {
    /// Steps.
    pub steps: u32,
    /// How far the kernel reaches, 1 to 12 pixels.
    pub radius: u32,
    /// The kernel K.
    pub kernel: Mixture,
    /// The kernel of the darkest and brightest pixels; [`Mixture::NONE`]: K too.
    pub ends: Mixture,
    /// Ranks nearer to an end than this, as a part of all, have the kernel `ends` alone …
    pub ends_inner: f32,
    /// … and those farther than this have K alone; linear between.
    pub ends_outer: f32,
    /// Exponent of the kernels' taper `(1 − r²/(R + 0.7)²)`, 0 to 8.
    pub taper: f32,
    /// Weight of a low-pass added to K, whose frequency response is `exp(−(f/cutoff)^exponent)`; 0 to 1000.
    pub band_weight: f32,
    /// Its cut-off, 0.02 to 0.5 cycles/pixel.
    pub band_cutoff: f32,
    /// Its exponent, 1 to 16.
    pub band_exponent: f32,
    /// Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels; its low-pass has √2 times that.
    pub grey_sigma: f32,
    /// Weight λ of the grey term, up to 1024; 0: left out. Fixed point holds while `λ·|B| < 128`, B the low-passed values around
    /// 0: always up to 256, above that for masks that are dark already.
    pub grey_weight: Schedule,
    /// Step size, up to 3.5.
    pub step_size: Schedule,
    /// τ: differences larger than this are clamped; up to 0.0624.
    pub tau: Schedule,
    /// Momentum μ, 0 to less than 1.
    pub momentum: f32,
    /// Pixels below this part of the ranks keep their places …
    pub freeze_below: f32,
    /// … and those above this move freely; 0: all move.
    pub freeze_above: f32,
}

impl Polish {
    /// No step; the rest of a definition by `..Polish::PLAIN`: no ends, no band, no grey term, nothing frozen.
    pub const PLAIN: Self = Self {
        steps: 0,
        radius: 9,
        kernel: Mixture::new(&[(1.5, 1.0)]),
        ends: Mixture::NONE,
        ends_inner: 0.005,
        ends_outer: 0.08,
        taper: 1.0,
        band_weight: 0.0,
        band_cutoff: 0.2,
        band_exponent: 4.0,
        grey_sigma: 1.0,
        grey_weight: Schedule::constant(0.0),
        step_size: Schedule::constant(0.5),
        tau: Schedule::constant(0.01),
        momentum: 0.5,
        freeze_below: 0.0,
        freeze_above: 0.0,
    };

    /// Whether some step has the grey term.
    #[must_use]
    pub const fn has_grey(&self) -> bool {
        self.grey_weight.start > 0.0 || self.grey_weight.end > 0.0
    }

    pub(super) const fn check(&self) -> Result<(), Error> {
        let checks = [
            self.kernel.check(),
            self.ends.check(),
            number("polish.radius", self.radius as f32, 1.0, MAX_RADIUS as f32, "from 1 to 12 pixels"),
            number("polish.ends_outer", self.ends_outer, 0.001, 0.5, "from 0.001 to 0.5"),
            number("polish.ends_inner", self.ends_inner, 0.0, self.ends_outer - 0.0005, "from 0 to below ends_outer"),
            number("polish.taper", self.taper, 0.0, 8.0, "from 0 to 8"),
            number("polish.band_weight", self.band_weight, 0.0, 1000.0, "from 0 to 1000"),
            number("polish.band_cutoff", self.band_cutoff, 0.02, 0.5, "from 0.02 to 0.5 cycles/pixel"),
            number("polish.band_exponent", self.band_exponent, 1.0, 16.0, "from 1 to 16"),
            number("polish.grey_sigma", self.grey_sigma, 0.3, 8.0, "from 0.3 to 8 pixels"),
            schedule("polish.grey_weight", &self.grey_weight, 0.0, 1024.0, "from 0 to 1024"),
            schedule("polish.step_size", &self.step_size, 0.0, 3.5, "from 0 to 3.5"),
            schedule("polish.tau", &self.tau, 1e-5, 0.0624, "from 0.00001 to 0.0624"),
            number("polish.momentum", self.momentum, 0.0, 0.99, "from 0 to 0.99"),
            number("polish.freeze_above", self.freeze_above, 0.0, 0.5, "from 0 to 0.5"),
        ];
        let mut i = 0;
        while i < checks.len() {
            if checks[i].is_err() {
                return checks[i];
            }
            i += 1;
        }
        if self.kernel.is_none() && self.band_weight == 0.0 {
            return Err(Error::Number { what: "polish.kernel's weights", value: 0.0, range: "not all 0" });
        }
        if self.freeze_above > 0.0 {
            let most = self.freeze_above - 0.0005;
            return number("polish.freeze_below", self.freeze_below, 0.0, most, "from 0 to below freeze_above");
        }
        Ok(())
    }
}

/// For masks of few levels: swaps of two pixels that lower the energy at the thresholds of those levels alone.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Swap {
    /// Steps, each a sweep over all pixels; those after a sweep without a swap do nothing.
    pub steps: u32,
    /// Levels that the mask is for, 2 to 64.
    pub levels: u32,
    /// How far the kernel reaches, 1 to 12 pixels.
    pub radius: u32,
    /// How far apart two pixels that swap may be along each axis, 1 to 8 pixels.
    pub reach: u32,
    /// The kernel K.
    pub kernel: Mixture,
    /// Exponent of its taper, as in [`Polish`].
    pub taper: f32,
}

impl Swap {
    pub(super) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = self.kernel.check() {
            return Err(error);
        }
        if self.kernel.is_none() {
            return Err(Error::Number { what: "swap.kernel's weights", value: 0.0, range: "not all 0" });
        }
        if let Err(error) = number("swap.levels", self.levels as f32, 2.0, 64.0, "from 2 to 64") {
            return Err(error);
        }
        if let Err(error) = number("swap.radius", self.radius as f32, 1.0, MAX_RADIUS as f32, "from 1 to 12 pixels") {
            return Err(error);
        }
        if let Err(error) = number("swap.reach", self.reach as f32, 1.0, 8.0, "from 1 to 8 pixels") {
            return Err(error);
        }
        number("swap.taper", self.taper, 0.0, 8.0, "from 0 to 8")
    }
}

/// A number within limits; a NaN is not.
const fn number(what: &'static str, value: f32, least: f32, most: f32, range: &'static str) -> Result<(), Error> {
    if value >= least && value <= most { Ok(()) } else { Err(Error::Number { what, value, range }) }
}

/// Both ends of a schedule within limits.
const fn schedule(
    what: &'static str,
    schedule: &Schedule,
    least: f32,
    most: f32,
    range: &'static str,
) -> Result<(), Error> {
    match number(what, schedule.start, least, most, range) {
        Ok(()) => number(what, schedule.end, least, most, range),
        error => error,
    }
}
