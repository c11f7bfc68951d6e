//! The parameters of one step in fixed point.

use super::law::Law;
use super::parameters::Polish;
use crate::pairs::GROUP;
use crate::threshold::fixed_point::Q;

/// The largest τ: `GROUP·τ` must fit 15 bits.
const MAX_TAU: Q<16> = Q(4095);

/// Momentum is cut to ±4: its product with the largest step size fits an `i32`.
pub(super) const MAX_MOMENTUM: Q<18> = Q(4 * Q::<18>::ONE.0);

/// The parameters of one step in fixed point. The table in `step.rs` says what each is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants {
    /// τ, from 2⁻¹⁶ to [`MAX_TAU`].
    pub(super) tau: Q<16>,
    /// Bits that `GROUP·tau` leaves free in an `i16`: the largest with `GROUP·tau·2^headroom < 32767`.
    pub(super) headroom: u32,
    /// 1/2τ.
    pub(super) half_reciprocal: Q<4>,
    /// λ.
    pub(super) grey_weight: Q<8>,
    /// μ.
    pub(super) momentum: Q<8>,
    /// s.
    pub(super) step_size: Q<9>,
    /// Values below `freeze` do not move.
    pub(super) freeze: Q<16>,
    /// Slope of the ramp above `freeze`, from no step to the whole step.
    pub(super) thaw: Q<0>,
    /// Values farther than `ends` from both 0 and 1 have the kernel K alone.
    pub(super) ends: Q<16>,
    /// Slope of the ramp from K to the kernel of the ends.
    pub(super) ends_slope: Q<4>,
    pub(super) freezes: bool,
    pub(super) has_ends: bool,
    /// Whether the law is that of added noise.
    pub(super) adds: bool,
}

/// 1/(to − from). Both are 0 in a stage that does not freeze: then the slope of the narrowest ramp, which nothing reads.
fn slope<const N: u32>(from: Q<16>, to: Q<16>) -> Q<N> {
    let width = (to - from).max(Q(1));
    Q::nearest(f64::from(Q::<16>::ONE.0) / f64::from(width.0))
}

impl Constants {
    pub(super) fn new(stage: &Polish, step_index: u32) -> Self {
        let tau = Q::nearest(stage.tau.at(step_index, stage.steps).into()).within(Q(1), MAX_TAU);
        let mut headroom = 0;
        while GROUP * (tau.0 << (headroom + 1)) < i32::from(i16::MAX) {
            headroom += 1;
        }
        let freeze = Q::nearest(stage.freeze_below.into());
        let ends = Q::nearest(stage.ends_outer.into());
        let constants = Self {
            tau,
            headroom,
            half_reciprocal: Q::nearest(f64::from(Q::<16>::HALF.0) / f64::from(tau.0)),
            grey_weight: Q::nearest(stage.grey_weight.at(step_index, stage.steps).into()),
            momentum: Q::nearest(stage.momentum.into()),
            step_size: Q::nearest(stage.step_size.at(step_index, stage.steps).into()),
            freeze,
            thaw: slope(freeze, Q::nearest(stage.freeze_above.into())),
            ends,
            ends_slope: slope(Q::nearest(stage.ends_inner.into()), ends),
            freezes: stage.freeze_above > 0.0,
            has_ends: !stage.ends.is_none(),
            adds: stage.law == Law::Added,
        };
        constants.assert_ranges();
        constants
    }

    /// No product of a step overflows while x is in (−½, 1½), but for that of the grey term (`Polish::grey_weight` says when).
    fn assert_ranges(&self) {
        let fits = |a: i32, b: i32| i64::from(a) * i64::from(b) <= i64::from(i32::MAX);
        let value = Q::<16>::ONE.0 + Q::<16>::HALF.0;
        debug_assert!(
            GROUP * (self.tau.0 << self.headroom) < i32::from(i16::MAX),
            "a group's clamped differences fit 16 bits"
        );
        debug_assert!(fits(self.tau.0, self.tau.0), "(τ − x)² fits: x is cut to 0 … τ");
        let square = self.tau.times::<16, 24>(self.tau);
        debug_assert!(fits(square.0, self.half_reciprocal.0), "the mean field's bend is at most τ/2");
        debug_assert!(fits(MAX_MOMENTUM.0, self.momentum.0), "μ < 1");
        debug_assert!(fits(MAX_MOMENTUM.0, self.step_size.0), "s is at most 3.5");
        debug_assert!(!self.freezes || fits(value, self.thaw.0), "the ramp is at least 0.0005 wide");
        debug_assert!(
            !self.has_ends || fits(Q::<16>::ONE.0 - 1, self.ends_slope.0),
            "the ramp is at least 0.0005 wide"
        );
    }
}
