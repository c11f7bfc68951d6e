//! Parameters of the swaps.

use crate::error::{Error, number};
use crate::pairs::{MAX_RADIUS, Mixture};
use bytemuck::{CheckedBitPattern, NoUninit};

/// Swaps of two pixels that lower the energy at the thresholds of a few levels.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Swap {
    /// Number of steps, each a sweep over all pixels. Steps after a sweep without a swap do nothing.
    pub steps: u32,
    /// Output levels of the mask, 2 to 64.
    pub levels: u32,
    /// Radius of the kernel, 1 to 12 pixels.
    pub radius: u32,
    /// The largest distance of two pixels that swap, along each axis: 1 to 8 pixels.
    pub reach: u32,
    /// Kernel K of the energy.
    pub kernel: Mixture,
    /// Exponent of the kernel's taper, 0 to 8, as in a polish.
    pub taper: f32,
}

impl Swap {
    /// No steps, 8 levels, one Gaussian: for `..Swap::PLAIN` in a definition.
    pub const PLAIN: Self =
        Self { steps: 0, levels: 8, radius: 9, reach: 3, kernel: Mixture::new(&[(1.5, 1.0)]), taper: 1.0 };

    pub(crate) const fn check(&self) -> Result<(), Error> {
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
