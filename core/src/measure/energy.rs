//! Blurred error of all thresholds at once, without a transform.

use super::{SIGMA_COUNT, SIGMAS, check, decibels};
use crate::error::{Error, length};
use crate::shape::Shape;
use crate::sort::heap;

/// Radius of the kernels: five standard deviations (√2·3 pixels) of the widest, whose tail beyond is 1e-6.
const REACH: i64 = 22;

/// Elements of scratch that [`total_energy`] needs: one a pixel.
///
/// # Errors
/// [`Error::Size`].
pub const fn energy_scratch_len(shape: Shape) -> Result<usize, Error> {
    match check(shape) {
        Err(error) => Err(error),
        Ok(()) => Ok(shape.pixels()),
    }
}

/// Computes the energy of all n − 1 thresholds, dB relative to white noise, at each of [`SIGMAS`].
///
/// With the Gaussian G and the pattern `b_t = 1[rank < t]` of mean `ρ_t`:
///
/// ```text
/// E = Σ_t ‖G * (b_t − ρ_t)‖² = Σ_t n·ρ_t(1 − ρ_t) − ½ Σ_ij K(i−j)·|rank_i − rank_j|,   K = G * G, sum 1
/// white: Σ_t n·ρ_t(1 − ρ_t) · (n·K(0) − 1)/(n − 1)
/// ```
///
/// K is a Gaussian of standard deviation √2·σ on the torus, summed over its wraps. Unlike the mean of the levels' dB this is a mean of
/// powers: the middle greys count most, because their patterns have the most variance.
///
/// `ranks` has W·H elements, `scratch` at least as many. NaN if all ranks are equal.
///
/// # Errors
/// [`Error::Size`], [`Error::Length`].
#[inline(never)]
pub fn total_energy(ranks: &[u32], shape: Shape, scratch: &mut [f64]) -> Result<[f64; SIGMA_COUNT], Error> {
    let needed = energy_scratch_len(shape)?;
    length("ranks", shape.pixels(), ranks.len())?;
    let got = scratch.len();
    let sorted = scratch.get_mut(..needed).ok_or(Error::Length { what: "scratch", needed, got })?;
    let n = needed as f64;
    let variance = all_pairs(ranks, sorted) / (2.0 * n);
    let (mut pairs, mut centre) = ([0.0; SIGMA_COUNT], [0.0; SIGMA_COUNT]);
    let kernels = SIGMAS.map(Kernel::new);
    // at least 8 by the check above, which the compiler does not see at the division
    let (width, height) = (i64::from(shape.width).max(1), i64::from(shape.height).max(1));
    for dy in 0..=REACH {
        // offsets (dx, dy) and (−dx, −dy) have the same sum: one of them, counted twice
        for dx in if dy == 0 { 0 } else { -REACH }..=REACH {
            let twice = if dx == 0 && dy == 0 { 1.0 } else { 2.0 };
            let home = dx % width == 0 && dy % height == 0;
            let differences = if home { 0.0 } else { differences(ranks, ranks, shape, dx, dy) as f64 };
            for ((pairs, centre), kernel) in pairs.iter_mut().zip(&mut centre).zip(&kernels) {
                let weight = twice * kernel.at(dx) * kernel.at(dy);
                *pairs += weight * differences;
                *centre += if home { weight } else { 0.0 };
            }
        }
    }
    let mut figures = [f64::NAN; SIGMA_COUNT];
    for ((figure, pairs), centre) in figures.iter_mut().zip(pairs).zip(centre) {
        let white = variance * (n * centre - 1.0) / (n - 1.0);
        if white > 0.0 {
            *figure = decibels((variance - 0.5 * pairs) / white);
        }
    }
    Ok(figures)
}

/// One axis of K.
struct Kernel {
    taps: [f64; REACH as usize + 1],
}

impl Kernel {
    fn new(sigma: f64) -> Self {
        let mut taps = [0.0; REACH as usize + 1];
        let mut sum = 0.0;
        for (i, tap) in taps.iter_mut().enumerate() {
            // of variance 2σ²
            *tap = libm::exp(-((i * i) as f64) / (4.0 * sigma * sigma));
            sum += if i == 0 { *tap } else { 2.0 * *tap };
        }
        Self { taps: taps.map(|tap| tap / sum) }
    }

    fn at(&self, d: i64) -> f64 {
        debug_assert!(d.abs() <= REACH, "offsets keep to the reach");
        self.taps.get(d.unsigned_abs() as usize).copied().unwrap_or(0.0)
    }
}

/// `Σ_ij |rank_i − rank_j|` over all ordered pairs: the i-th smallest rank is the larger of i pairs, the smaller of n − 1 − i.
fn all_pairs(ranks: &[u32], sorted: &mut [f64]) -> f64 {
    for (to, rank) in sorted.iter_mut().zip(ranks) {
        *to = f64::from(*rank);
    }
    heap::sort(sorted);
    let n = sorted.len() as f64;
    sorted.iter().enumerate().map(|(i, rank)| 2.0 * (2.0 * i as f64 - n + 1.0) * rank).sum()
}

/// `Σ_i |a_i − b_{i+d}|` on the torus, of two planes of ranks.
pub(super) fn differences(a: &[u32], b: &[u32], shape: Shape, dx: i64, dy: i64) -> u64 {
    debug_assert!(a.len() == shape.pixels() && b.len() == a.len(), "the callers check the shape and the length");
    let (width, height) = ((shape.width as usize).max(1), (shape.height as usize).max(1));
    let (dx, dy) = (dx.rem_euclid(width as i64) as usize, dy.rem_euclid(height as i64) as usize);
    let others = b.chunks_exact(width).cycle().skip(dy).take(height);
    let sum = |a: &[u32], b: &[u32]| a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
    a.chunks_exact(width)
        .zip(others)
        .map(|(row, other)| {
            let (wrapped, ahead) = other.split_at_checked(dx).unwrap_or_default();
            let (near, far) = row.split_at_checked(width - dx).unwrap_or_default();
            sum(near, ahead) + sum(far, wrapped)
        })
        .sum()
}
