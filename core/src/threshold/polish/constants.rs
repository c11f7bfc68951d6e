//! A step's numbers in fixed point.

use super::parameters::Polish;
use crate::pairs::GROUP;

/// A step's numbers in fixed point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants {
    /// τ·2¹⁶, 1 to 4095.
    pub(super) tau: i32,
    /// The largest with `8·tau·2^shift < 32767`.
    pub(super) shift: u32,
    /// round(2¹⁹/tau): what the mean field's parabola is multiplied by.
    pub(super) reciprocal: i32,
    /// λ·2⁸.
    pub(super) grey_weight: i32,
    /// μ·2⁸.
    pub(super) momentum: i32,
    /// s·2⁹.
    pub(super) step_size: i32,
    /// Below this part of the ranks, 2¹⁶, pixels do not move; 2⁸ times what a rank above it is moved by.
    pub(super) freeze: i32,
    pub(super) thaw: i32,
    /// Farther than this from the ends, 2¹⁶, K alone counts; 2¹² times what a rank nearer has of the ends' kernel.
    pub(super) ends: i32,
    pub(super) ends_slope: i32,
    pub(super) freezes: bool,
    pub(super) has_ends: bool,
}

/// Nearest integer of a number in range.
fn fixed(value: f32, one: f64) -> i32 {
    libm::round(f64::from(value) * one) as i32
}

impl Constants {
    pub(super) fn new(stage: &Polish, place: u32) -> Self {
        let tau = fixed(stage.tau.at(place, stage.steps), 65_536.0).clamp(1, 4095);
        let mut shift = 0;
        while GROUP * (tau << (shift + 1)) < 32_767 {
            shift += 1;
        }
        let (below, above) = (fixed(stage.freeze_below, 65_536.0), fixed(stage.freeze_above, 65_536.0));
        let (inner, outer) = (fixed(stage.ends_inner, 65_536.0), fixed(stage.ends_outer, 65_536.0));
        Self {
            tau,
            shift,
            reciprocal: libm::round(f64::from(1 << 19) / f64::from(tau)) as i32,
            grey_weight: fixed(stage.grey_weight.at(place, stage.steps), 256.0),
            momentum: fixed(stage.momentum, 256.0),
            step_size: fixed(stage.step_size.at(place, stage.steps), 512.0),
            freeze: below,
            thaw: libm::round(65_536.0 / f64::from((above - below).max(1))) as i32,
            ends: outer,
            ends_slope: libm::round(f64::from(1 << 20) / f64::from((outer - inner).max(1))) as i32,
            freezes: stage.freeze_above > 0.0,
            has_ends: !stage.ends.is_none(),
        }
    }
}
