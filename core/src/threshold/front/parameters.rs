//! Parameters of the front.

use crate::error::{Error, number};
use crate::optimizer::Schedule;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Pure gradient descent from any ranks: pixels below a rising threshold move to their local ranks.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Front {
    /// Number of steps; each ends with exact ranks.
    pub steps: u32,
    /// Standard deviation of the kernel, 0.5 to 4 pixels.
    pub sigma: f32,
    /// Radius of the kernel's square window, 1 to 8 pixels.
    pub radius: u32,
    /// Step size s, 0.000001 to 2.
    pub step_size: f32,
    /// Momentum μ, 0 to 0.99.
    pub momentum: f32,
    /// Threshold T, 0 to 1.
    pub threshold: Schedule,
}

impl Front {
    /// The parameters of the preset `dither-gradient` with no steps: for `..Front::PLAIN` in a definition.
    pub const PLAIN: Self = Self {
        steps: 0,
        sigma: 1.43,
        radius: 4,
        step_size: 0.7,
        momentum: 0.3,
        threshold: Schedule::linear(0.01, 1.0),
    };

    pub(crate) const fn check(&self) -> Result<(), Error> {
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
        self.threshold.check_range("front.threshold", 0.0, 1.0, "from 0 to 1")
    }
}
