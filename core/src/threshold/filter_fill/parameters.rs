//! Parameters of the filter fill.

use crate::error::{Error, number};
use crate::threshold::PIXELS_A_STEP;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Largest radius of a filter fill, pixels.
pub const MAX_FILTER_RADIUS: u32 = 32;

/// Void fill with the kernel of the recipe's filters: places all elements, each where the filtered error grows least.
///
/// One step places 1024 elements. The kernel is `(Kx·Ky/K(0))^power · (Kt/Kt(0))^time_power`: sharper than the filters' own, since a fill
/// looks at one element at a time.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct FilterFill {
    /// Exponent p of the kernel in space, 0.5 to 8.
    pub power: f32,
    /// Exponent pt of the kernel in time, 0.5 to 8.
    pub time_power: f32,
    /// Layers where a tent over the kernel in time ends, 2 to 128; 0 for no tent. A short tent is fast.
    pub tent: u32,
    /// Radius of the kernel in space, 1 to 32 pixels.
    pub radius: u32,
    /// Noise in the choice of each element, as a multiple of the usual noise: 0 to 1000.
    pub disorder: f32,
}

impl FilterFill {
    /// For Gaussian filters of up to a pixel in space and of about a layer in time.
    pub const PLAIN: Self = Self { power: 1.5, time_power: 1.6, tent: 0, radius: 7, disorder: 1.0 };

    /// Number of steps for so many elements.
    pub(crate) const fn steps(elements: usize) -> u32 {
        elements.div_ceil(PIXELS_A_STEP) as u32
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
        let checks = [
            number("filter_fill.power", self.power, 0.5, 8.0, "from 0.5 to 8"),
            number("filter_fill.time_power", self.time_power, 0.5, 8.0, "from 0.5 to 8"),
            number("filter_fill.radius", self.radius as f32, 1.0, MAX_FILTER_RADIUS as f32, "from 1 to 32 pixels"),
            number("filter_fill.disorder", self.disorder, 0.0, 1000.0, "from 0 to 1000"),
        ];
        let mut i = 0;
        while i < checks.len() {
            if checks[i].is_err() {
                return checks[i];
            }
            i += 1;
        }
        if self.tent == 0 {
            return Ok(());
        }
        number("filter_fill.tent", self.tent as f32, 2.0, 128.0, "0, or from 2 to 128 layers")
    }
}
