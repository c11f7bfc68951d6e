//! Parameters of void-and-cluster.

use crate::error::{Error, number};
use crate::threshold::PIXELS_A_STEP;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Exact void-and-cluster (Ulichney 1993).
///
/// Takes 8 steps per 1024 pixels of the initial pattern, and one step per 1024 pixels of the mask.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct VoidAndCluster {
    /// Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5.
    pub sigma: f32,
    /// Part of the pixels in the initial random pattern, 0.000001 to 0.5.
    pub initial_fraction: f32,
}

impl VoidAndCluster {
    /// Ulichney's sigma, from a sparse start.
    pub const CLASSIC: Self = Self { sigma: 1.5, initial_fraction: 0.02 };

    pub(crate) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = number("void_and_cluster.sigma", self.sigma, 0.5, 8.0, "from 0.5 to 8 pixels") {
            return Err(error);
        }
        let range = "from 0.000001 to 0.5";
        number("void_and_cluster.initial_fraction", self.initial_fraction, 1e-6, 0.5, range)
    }

    /// Number of steps for so many pixels: to relax the initial pattern, rank it, and fill the rest.
    pub(crate) const fn steps(&self, pixels: usize) -> u32 {
        let initial = self.initial(pixels);
        let relax = (8 * initial).div_ceil(PIXELS_A_STEP);
        (relax + initial.div_ceil(PIXELS_A_STEP) + (pixels - initial).div_ceil(PIXELS_A_STEP)) as u32
    }

    /// Pixels of the initial pattern.
    pub(crate) const fn initial(&self, pixels: usize) -> usize {
        // `ceil` is not const; at most half of the pixels, at least one
        let exact = self.initial_fraction as f64 * pixels as f64;
        let floor = exact as usize;
        let count = if floor as f64 == exact { floor } else { floor + 1 };
        let count = if count > pixels / 2 { pixels / 2 } else { count };
        if count == 0 { 1 } else { count }
    }
}
