//! One step of one pixel in fixed point, and where its formula comes from.
//!
//! # From the energy to the step
//!
//! 1. **Energy.** The blurred error of the pattern `1[x > t]` over all thresholds t, with K the square of the blur, sum 1:
//!
//!    ```text
//!    E = ∫₀¹ ‖G * (1[x > t] − (1 − t))‖² dt = −½ Σ_ij K(i−j) |x_i − x_j| + Σ_i (x_i² − x_i + ⅓)
//!    ```
//!
//!    from `∫ 1[x_i > t]·1[x_j > t] dt = min(x_i, x_j) = ½(x_i + x_j − |x_i − x_j|)` and `∫ (1 − t)·1[x_i > t] dt = x_i − ½x_i²`.
//! 2. **Gradient.** Each pair stands in the sum twice:
//!
//!    ```text
//!    ∂E/∂x_i = −Σ_j K(i−j) sign(x_i − x_j) + (2x_i − 1)
//!    ```
//!
//! 3. **Soft sign.** Steps are finite, so the kink of |d| is rounded off over ±τ (Huber). τ falls over the stage:
//!
//!    ```text
//!    S_i = −Σ_j K(i−j) clamp((x_i − x_j)/τ, −1, 1)
//!    ```
//!
//! 4. **Mean field.** Over neighbours with uniform values the hard pair sum is −(2x − 1) on average, so the two terms cancel and uniform
//!    values stay uniform. For the soft sum to cancel too, its own average takes the place of `2x − 1`:
//!
//!    ```text
//!    M_τ(x) = ∫₀¹ clamp((x − y)/τ, −1, 1) dy = (2x − 1) + [(τ − x)₊² − (τ − (1 − x))₊²]/2τ
//!               line                        + bend, where x is nearer than τ to 0 or to 1
//!    ```
//!
//! 5. **Grey term.** λ·B with B the low-passed x − ½: the gradient of `½λ·Σ|Ĝ·X|²`, the low frequencies of the grey mask itself.
//! 6. **Heavy ball.** `gradient = bend + line + pair sum + grey`, then `m = μ·m + gradient` and `x −= s·m`.
//!
//! # Formats
//!
//! Qn has n fractional bits. [`Q`] carries n in its type, so each shift follows from the formats of its operands and its result. An
//! arrow in the table is a shift: Q28 → Q18 drops 10 bits and rounds down, Q13 → Q18 adds 5.
//!
//! | name | meaning | format | magnitude below | made in |
//! |---|---|---|---|---|
//! | `x` | value, uniform in [0, 1) at the start and at the end | Q24 | 1½ if the step is stable | here |
//! | `x16` | the upper bits of x | Q16 | 1½ | here |
//! | q | x − ½ to the nearest, saturated: what the neighbours of a pixel are read from | Q16 | ½ | [`quantized`] |
//! | `tau` | τ | Q16 | 1/16 | `constants.rs` |
//! | `near_0`, `near_1` | (τ − x)₊ and (τ − (1 − x))₊, at most τ | Q16 | 1/16 | here |
//! | their squares | | Q16·Q16 = Q32 → Q24 | 1/256 | here |
//! | `half_reciprocal` | 1/2τ | Q4 | 2¹⁵ | `constants.rs` |
//! | `bend` | curved part of the mean field | Q24·Q4 = Q28 → Q18 | 1/32 | here |
//! | `line` | straight part of the mean field, 2x − 1 | Q24 → Q18 | 2 | here |
//! | `pair_sum` | S with the kernel K, or between K and the kernel of the ends | Q13 → Q18 | 4 | `pairs.rs` |
//! | `low_pass` | B, x − ½ blurred | Q16 | ½ | `grey.rs` |
//! | `grey_weight` | λ | Q8 | 1024 | `constants.rs` |
//! | `grey` | λ·B | Q16·Q8 = Q24 → Q18 | 128 | here |
//! | `momentum` | m, cut to ±4 | Q18 | 4 | here |
//! | μ | decay of the momentum | Q8; with m Q26 → Q18 | 1 | `constants.rs` |
//! | `step_size` | s | Q9; with m Q27 → Q24 | 3½ | `constants.rs` |
//! | `step` | s·m | Q24; with `share` Q24 → Q16, Q16·Q8 = Q24 | 14 | here |
//! | `share` | part of a ramp that x has climbed; of two pair sums Q13·Q8 = Q21 → Q13 | Q8 | 1 | here |
//! | `ends_slope` | 1/width of the ramp to the ends | Q4; with a distance Q20 → Q8 | 2¹¹ | `constants.rs` |
//! | `thaw` | 1/width of the ramp above `freeze` | Q0; with a distance Q16 → Q8 | 2¹¹ | `constants.rs` |
//!
//! # Range
//!
//! The magnitudes make every product fit 32 bits: `Constants::new` asserts that for each step, except for λ·B, of which
//! [`Polish::grey_weight`](super::Polish::grey_weight) gives the range. The gradient is below 2⁹ in Q18 whatever its inputs: four terms,
//! each an `i32` shifted right by at least 6 or an `i16` shifted left by 5. Nothing keeps x in (−½, 1½) when a recipe's step size is not
//! stable: what may leave the range wraps on purpose, with the same result on every machine.

use super::constants::{Constants, MAX_MOMENTUM};
use crate::threshold::fixed_point::Q;

/// q = x − ½ to the nearest in Q16, saturated, of x in Q24.
#[inline(always)]
pub(super) fn quantized(x: i32) -> i16 {
    let q: Q<16> = Q::<24>(x).wrapping_sub(Q::HALF).round_to();
    q.0.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

/// What the pixels around one contribute to its gradient.
#[derive(Clone, Copy)]
pub(super) struct Surroundings {
    /// S with the kernel K.
    pub(super) pair_sum: Q<13>,
    /// S with the kernel of the ends.
    pub(super) end_sum: Q<13>,
    /// B, 0 without the grey term.
    pub(super) low_pass: Q<16>,
}

/// The gradient of the energy at a pixel of value `x`: mean field, pair sum and grey term.
#[inline(always)]
fn gradient<const ADDS: bool, const ENDS: bool>(x: Q<24>, around: Surroundings, c: &Constants) -> Q<18> {
    let x16: Q<16> = x.to();
    let near_0 = (c.tau - x16).within(Q::ZERO, c.tau);
    let near_1 = (c.tau - Q::ONE.wrapping_sub(x).to()).within(Q::ZERO, c.tau);
    let line: Q<18> = x.wrapping_add(x).wrapping_sub(Q::ONE).to();
    let (bend, line) = if ADDS {
        (added_bend(near_0, c) - added_bend(near_1, c), line + line)
    } else {
        let squares: Q<24> = near_0.times::<16, 24>(near_0) - near_1.times(near_1);
        (squares.times::<4, 18>(c.half_reciprocal), line)
    };
    let pair_sum: Q<18> = if ENDS { blended(x16, around, c) } else { around.pair_sum }.to();
    let grey: Q<18> = around.low_pass.times(c.grey_weight);
    bend + line + pair_sum + grey
}

/// The bend of added noise at one end: 4/3·near³/2τ.
#[inline(always)]
fn added_bend(near: Q<16>, c: &Constants) -> Q<18> {
    const FOUR_THIRDS: Q<8> = Q(341);
    let square: Q<18> = near.times::<16, 24>(near).times(c.half_reciprocal);
    square.times(near.times::<8, 16>(FOUR_THIRDS))
}

/// The pair sum between that with K and that with the kernel of the ends, by the distance of x from 0 and 1.
#[inline(always)]
fn blended(x16: Q<16>, around: Surroundings, c: &Constants) -> Q<13> {
    let Surroundings { pair_sum, end_sum, .. } = around;
    let distance = x16.min(Q::ONE - x16);
    let share: Q<8> = (c.ends - distance).times::<4, 8>(c.ends_slope).within(Q::ZERO, Q::ONE);
    pair_sum + (end_sum - pair_sum).times(share)
}

/// One step of momentum and value of a pixel: m = μ·m + gradient, x −= s·m.
#[inline(always)]
pub(super) fn step<const ADDS: bool, const ENDS: bool, const FREEZES: bool>(
    x: Q<24>,
    momentum: Q<18>,
    around: Surroundings,
    c: &Constants,
) -> (Q<24>, Q<18>) {
    let momentum = momentum.times::<8, 18>(c.momentum) + gradient::<ADDS, ENDS>(x, around, c);
    let momentum = momentum.within(Q(-MAX_MOMENTUM.0), MAX_MOMENTUM);
    let mut step: Q<24> = momentum.times(c.step_size);
    if FREEZES {
        let share: Q<8> = (x.to() - c.freeze).times::<0, 8>(c.thaw).within(Q::ZERO, Q::ONE);
        step = step.to::<16>().times(share);
    }
    (x.wrapping_sub(step), momentum)
}
