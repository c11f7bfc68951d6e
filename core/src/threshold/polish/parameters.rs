//! Parameters of the polish.

use super::law::Law;
use crate::error::{Error, number};
use crate::optimizer::Schedule;
use crate::pairs::{MAX_RADIUS, Mixture};
use crate::threshold::coupling::Coupling;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Gradient descent with momentum on the all-threshold energy, from given ranks.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Polish {
    /// Number of steps.
    pub steps: u32,
    /// Radius R of both kernels, 2 to 12 pixels: taps up to r² ≤ R² + R/2.
    pub radius: u32,
    /// Kernel K of the pair sum.
    pub kernel: Mixture,
    /// Kernel of the darkest and brightest pixels; all weights 0: K for them too.
    pub ends: Mixture,
    /// Pixels whose value is nearer than this to 0 or 1 use the kernel `ends` alone, 0 to below `ends_outer`.
    pub ends_inner: f32,
    /// Pixels whose value is farther than this from 0 and 1 use K alone, 0.001 to 0.5; between both, a linear blend.
    pub ends_outer: f32,
    /// Exponent of both kernels' taper `(1 − r²/(R + 0.7)²)`, 0 to 8.
    pub taper: f32,
    /// Weight of a low-pass added to K with the frequency response `exp(−(f/cutoff)^exponent)`, 0 to 1000.
    pub band_weight: f32,
    /// Cut-off of that low-pass, 0.02 to 0.5 cycles/pixel.
    pub band_cutoff: f32,
    /// Exponent of that low-pass, 1 to 16.
    pub band_exponent: f32,
    /// Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels. The low-pass B of the gradient has √2 times that.
    pub grey_sigma: f32,
    /// Weight λ of the grey term, 0 (no grey term) to 1024.
    ///
    /// Fixed point holds while `λ·|B| < 128`, with B the low-passed x − ½: always up to 256, above that for masks that are already dark
    /// at low frequencies.
    pub grey_weight: Schedule,
    /// Step size s, 0 to 3.5.
    pub step_size: Schedule,
    /// τ, 0.00001 to 0.0624: larger differences of two values count as τ.
    pub tau: Schedule,
    /// Momentum μ, 0 to 0.99.
    pub momentum: f32,
    /// Pixels whose value is below this do not move, 0 to below `freeze_above`.
    pub freeze_below: f32,
    /// Pixels whose value is above this move freely, 0 to 0.5; between both, a linear part of the step. 0: all move freely.
    pub freeze_above: f32,
    /// What the mask is for: thresholds, or triangular noise that is added before rounding.
    pub law: Law,
    /// How the planes of a mask with layers or channels act on each other.
    pub coupling: Coupling,
    /// Weight γ of the pixels near a pixel in near layers, 0 to 4, relative to the spatial kernel. Read only with 2 layers or more.
    pub product_weight: f32,
    /// Standard deviation of that kernel in space, 0.3 to 8 pixels; in time it is 1.4 layers.
    pub product_sigma: f32,
}

impl Polish {
    /// No steps, one Gaussian, no ends, no band, no grey term, nothing frozen: for `..Polish::PLAIN` in a definition.
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
        law: Law::Thresholds,
        coupling: Coupling::PLAIN,
        product_weight: 0.0,
        product_sigma: 1.5,
    };

    /// Whether any step has the grey term.
    #[must_use]
    pub const fn has_grey(&self) -> bool {
        self.grey_weight.start > 0.0 || self.grey_weight.end > 0.0
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
        let checks = [
            self.kernel.check(),
            self.ends.check(),
            number("polish.radius", self.radius as f32, 2.0, MAX_RADIUS as f32, "from 2 to 12 pixels"),
            number("polish.ends_outer", self.ends_outer, 0.001, 0.5, "from 0.001 to 0.5"),
            number("polish.ends_inner", self.ends_inner, 0.0, self.ends_outer - 0.0005, "from 0 to below ends_outer"),
            number("polish.taper", self.taper, 0.0, 8.0, "from 0 to 8"),
            number("polish.band_weight", self.band_weight, 0.0, 1000.0, "from 0 to 1000"),
            number("polish.band_cutoff", self.band_cutoff, 0.02, 0.5, "from 0.02 to 0.5 cycles/pixel"),
            number("polish.band_exponent", self.band_exponent, 1.0, 16.0, "from 1 to 16"),
            number("polish.grey_sigma", self.grey_sigma, 0.3, 8.0, "from 0.3 to 8 pixels"),
            self.grey_weight.check_range("polish.grey_weight", 0.0, 1024.0, "from 0 to 1024"),
            self.step_size.check_range("polish.step_size", 0.0, 3.5, "from 0 to 3.5"),
            self.tau.check_range("polish.tau", 1e-5, 0.0624, "from 0.00001 to 0.0624"),
            number("polish.momentum", self.momentum, 0.0, 0.99, "from 0 to 0.99"),
            number("polish.freeze_above", self.freeze_above, 0.0, 0.5, "from 0 to 0.5"),
            number("polish.freeze_below", self.freeze_below, 0.0, 0.5, "from 0 to 0.5"),
            self.coupling.check(),
            number("polish.product_weight", self.product_weight, 0.0, 4.0, "from 0 to 4"),
            number("polish.product_sigma", self.product_sigma, 0.3, 8.0, "from 0.3 to 8 pixels"),
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
