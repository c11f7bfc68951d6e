//! The law of a polish: what its mask is for, and so what its energy judges.
//!
//! # Added noise
//!
//! n = 2x − 1 is triangular in (−1, 1); a picture g is shown as round(g + n). Over all g, two pixels whose noise differs by `d = n_i − n_j`
//! differ on average by ψ(d) after rounding, squared:
//!
//! ```text
//! ψ(d)  = ∫₀¹ (round(g + d) − round(g))² dg        d² at the integers, linear between them
//! ψ′(d) = sgn(d) + sgn(d − 1) + sgn(d + 1)
//! E     = −½ Σ_ij K(i−j) ψ(n_i − n_j) + Σ_i n_i²    the blurred error of round(g + n) over all g
//! ```
//!
//! With the soft sign c(d) = clamp(d/τ, −1, 1), τ twice that of x, the gradient is
//!
//! ```text
//! S_i    = −Σ_j K(i−j) [c(d) + c(d − 1) + c(d + 1)]
//! M_τ(n) = 2n + [(τ − 1 − n)₊³ − (τ − 1 + n)₊³]/6τ
//! ```
//!
//! because the mean of ψ′ over triangular neighbours is 2n, and because c is sgn averaged over ±τ. In x: 2n = 2·`line`, and the cubes are
//! 4/3·near³/2τ.
//!
//! q = x − ½ in Q16 is n in Q15, so n ± 1 is q with its upper bit turned. For n ≥ 0 the neighbours are on both sides of n − 1, and all are
//! above n + 1 − 2: c(d + 1) = 1. For n < 0 it is the other way round. So two pair sums make S: of q, and of q turned; and K's total stands
//! for the third. (Wrong only where n is within τ of 0 and a neighbour within τ of the far end: one pair in 2/τ³.)

use crate::distribution::Distribution;
use crate::pairs::chunk_at;
use crate::simd::{MOST_BLOCKS, SHORTS, Short};
use crate::sort::fixed;
use bytemuck::{CheckedBitPattern, NoUninit};

/// What a mask is for, by which a polish judges it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Law {
    /// Thresholds, and every use but the other one: a pattern is `value > t`.
    #[default]
    Thresholds = 0,
    /// Triangular noise n in (−1, 1) that is added to a picture before rounding: a pattern is `round(g + n)`.
    Added = 1,
}

/// What is added to q for the second pair sum: ±1 in n.
pub(super) const TURN: i16 = i16::MIN;

/// Computes the value of each rank, x in Q24: uniform, or of the triangular distribution.
pub(super) fn values(law: Law, ranks: &[u32], values: &mut [i32]) {
    if law == Law::Thresholds {
        return fixed::values(ranks, values);
    }
    let pixels = ranks.len() as f64;
    for (value, rank) in values.iter_mut().zip(ranks) {
        let n = Distribution::TRIANGULAR.quantile((f64::from(*rank) + 0.5) / pixels);
        *value = libm::round(f64::from(fixed::ONE / 2) * (n + 1.0)) as i32;
    }
}

/// Adds to the pair sums those of q turned, and the total that stands for the third sign.
#[inline(always)]
pub(super) fn join<S: Short>(
    token: S::Token,
    plane: &[i16],
    base: usize,
    totals: [i16; 2],
    turned: &[[[i16; SHORTS]; MOST_BLOCKS]; 2],
    to: &mut [[[i16; SHORTS]; MOST_BLOCKS]; 2],
) {
    let zero = S::splat(token, 0);
    for ((to, turned), total) in to.iter_mut().zip(turned).zip(totals) {
        let (once, twice) = (S::splat(token, total), S::splat(token, total.wrapping_mul(2)));
        let mut base = base as u32;
        for (to, turned) in to.iter_mut().zip(turned) {
            // past the end only for a second block that there is not
            if let Some(q) = chunk_at(plane, base) {
                for v in 0..SHORTS / S::LEN {
                    let third = S::load(token, q, v).if_less(zero, twice) - once;
                    (S::load(token, to, v) + S::load(token, turned, v) + third).store(to, v);
                }
            }
            base = base.wrapping_add(SHORTS as u32);
        }
    }
}
