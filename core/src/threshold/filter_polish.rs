//! Polish with the kernel of filters: gradient descent with momentum on the error after the filters.
//!
//! The steps are those of the [`polish`](super::polish); the taps are those of K itself, into the layers that K reaches. Taps of one weight by
//! symmetry are a class. Classes are taken from the heaviest on until they hold [`FilterPolish::share`] of the sum of K: a kernel without
//! its tail would make the mask worse than before. All weights are divided by the sum of those taken.
//!
//! τ is in units of `1/n_eff`: two values that differ by more are in order by themselves.

mod taps;

use super::polish::{self, Polish};
use crate::error::{Error, number};
use crate::filters::{FilterKernel, Filters};
use crate::jobs::Means;
use crate::optimizer::Schedule;
use crate::pairs::{MAX_RADIUS, Room};
use crate::shape::{MAX_LAYERS, Shape};
use bytemuck::{CheckedBitPattern, NoUninit};
use taps::FilterTaps;

/// Gradient descent with momentum on the error after the recipe's filters, from given ranks.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct FilterPolish {
    /// Number of steps.
    pub steps: u32,
    /// Radius of the taps in space, 1 to 12 pixels along each axis.
    pub radius: u32,
    /// Radius of the taps in time, 0 to 128 layers.
    pub time_radius: u32,
    /// Least part of the kernel's sum that the taps hold, 0.5 to 1.
    pub share: f32,
    /// Step size s, 0 to 3.5.
    pub step_size: Schedule,
    /// τ as a multiple of `1/n_eff`, 0.001 to 10.
    pub tau: Schedule,
    /// Momentum μ, 0 to 0.99.
    pub momentum: f32,
}

impl FilterPolish {
    /// Twelve steps, taps of up to 12 pixels in the layer itself.
    pub const PLAIN: Self = Self {
        steps: 12,
        radius: 6,
        time_radius: 0,
        share: 0.97,
        step_size: Schedule::constant(0.4),
        tau: Schedule::geometric(1.3, 0.1),
        momentum: 0.73,
    };

    pub(crate) const fn check(&self) -> Result<(), Error> {
        let layers = MAX_LAYERS as f32 / 2.0;
        let checks = [
            number("filter_polish.radius", self.radius as f32, 1.0, MAX_RADIUS as f32, "from 1 to 12 pixels"),
            number("filter_polish.time_radius", self.time_radius as f32, 0.0, layers, "from 0 to 128 layers"),
            number("filter_polish.share", self.share, 0.5, 1.0, "from 0.5 to 1"),
            self.step_size.check_range("filter_polish.step_size", 0.0, 3.5, "from 0 to 3.5"),
            self.tau.check_range("filter_polish.tau", 0.001, 10.0, "from 0.001 to 10"),
            number("filter_polish.momentum", self.momentum, 0.0, 0.99, "from 0 to 0.99"),
        ];
        let mut i = 0;
        while i < checks.len() {
            if checks[i].is_err() {
                return checks[i];
            }
            i += 1;
        }
        Ok(())
    }

    /// The polish that takes the steps, but for its taps and τ.
    const fn steps_of(&self) -> Polish {
        let Self { steps, radius, step_size, momentum, .. } = *self;
        Polish { steps, radius, step_size, momentum, ..Polish::PLAIN }
    }

    /// The polish that takes the steps, but for its taps.
    fn polish(&self, kernel: &FilterKernel) -> Polish {
        let unit = kernel.centre() / kernel.sum();
        let tau = |value: f32| (f64::from(value) * unit) as f32;
        let tau = Schedule { start: tau(self.tau.start), end: tau(self.tau.end), ..self.tau };
        Polish { tau, ..self.steps_of() }
    }

    const fn room(&self, shape: Shape) -> Room {
        taps::room(self, shape)
    }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &FilterPolish, shape: Shape) -> usize {
    polish::bytes_with(&stage.steps_of(), shape, stage.room(shape))
}

/// Whether the taps of a stage hold enough of the kernel.
///
/// # Errors
/// [`Error::Reach`].
pub(crate) fn check_kernel(stage: &FilterPolish, filters: &Filters, shape: Shape) -> Result<(), Error> {
    let kernel = FilterKernel::new(filters, shape);
    if stage.steps == 0 || FilterTaps::new(stage, &kernel, shape).holds_share() { Ok(()) } else { Err(Error::Reach) }
}

/// Takes one step. The first starts from `ranks`, the last leaves its result there.
pub(crate) fn step(
    means: Means<'_>,
    (stage, filters): (&FilterPolish, &Filters),
    shape: Shape,
    step_index: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    let kernel = FilterKernel::new(filters, shape);
    let taps = taps::Source { stage, kernel: &kernel, shape };
    polish::step_with(means, &stage.polish(&kernel), &taps, shape, step_index, memory, ranks)
}

/// As [`polish::values`].
pub(crate) fn values<'a>(
    stage: &FilterPolish,
    shape: Shape,
    memory: &'a mut [u8],
) -> Option<impl Iterator<Item = f32> + 'a> {
    polish::values_with(&stage.steps_of(), shape, stage.room(shape), memory)
}

/// The least radii of a polish whose taps hold enough of the kernel; none if no polish of the engine does.
pub(crate) fn radii(stage: &FilterPolish, filters: &Filters, shape: Shape) -> Option<(u32, u32)> {
    let kernel = FilterKernel::new(filters, shape);
    let widest = FilterPolish { radius: MAX_RADIUS, time_radius: shape.layers / 2, ..*stage };
    FilterTaps::new(&widest, &kernel, shape).radii()
}
