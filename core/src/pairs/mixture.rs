//! Kernels as weighted Gaussians.

use crate::error::{Error, number};
use bytemuck::{CheckedBitPattern, NoUninit};

/// Gaussians in a mixture.
pub const GAUSSIANS: usize = 3;

/// Kernel of weighted Gaussians: the sum of `weight/sigma²·exp(−r²/(2·sigma²))` over them.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Mixture {
    /// Standard deviations, 0.3 to 32 pixels; 1 for Gaussians left out.
    pub sigma: [f32; GAUSSIANS],
    /// Weights, 0 to 1000000; 0 leaves a Gaussian out.
    pub weight: [f32; GAUSSIANS],
}

impl Mixture {
    /// No Gaussian: 0 everywhere.
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

    /// Whether all weights are 0.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.weight[0] == 0.0 && self.weight[1] == 0.0 && self.weight[2] == 0.0
    }

    /// The sum at a squared distance, pixels².
    pub(crate) fn at(&self, square: f64) -> f64 {
        let mut sum = 0.0;
        for j in 0..GAUSSIANS {
            let (sigma, weight) = (f64::from(self.sigma[j]), f64::from(self.weight[j]));
            if weight > 0.0 {
                let variance = sigma * sigma;
                sum += weight / variance * libm::exp(-square / (2.0 * variance));
            }
        }
        sum
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
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

/// The taper of a truncated kernel, `(1 − r²/(R + 0.7)²)^exponent`, at a squared distance r².
pub(crate) fn taper(square: f64, radius: u32, exponent: f32) -> f64 {
    let edge = f64::from(radius) + 0.7;
    libm::pow(1.0 - square / (edge * edge), f64::from(exponent))
}
