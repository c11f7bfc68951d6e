//! The dither objective in integers: the plain scalar twin of a generator, written from the formulas. Every stage takes
//! the shape, the seed, the number of the run's first step (for the random draws) and, where it does not start from
//! nothing, ranks; it gives ranks: pixel p = y·W + x has `ranks[p]` of 0..n, n = W·H.
//!
//! | module | holds |
//! |---|---|
//! | [`kernel`] | tables of truncated kernels: on the torus, by taps, of a band |
//! | [`fill`] | void fill over six scales of density |
//! | [`filters`] | kernels of filters in f64; fill and polish with them |
//! | [`void_and_cluster`] | the method of Ulichney 1993, exact minima and maxima |
//! | [`polish`] | steps of gradient descent on the all-threshold energy, in fixed point |
//! | [`front`] | the same energy with a threshold that moves from dark to light, from any start |
//! | [`recipe`] | a whole recipe, its stages filled from the core's plain data |
//! | [`energy`] | that energy and its gradients in f64, which the integers stand for |
//!
//! Every table is computed in f64 through `libm` and rounded once, halves away from zero. Parameters are f32, widened
//! before use. `>>` on signed numbers is arithmetic (it rounds down).

pub mod energy;
pub mod fill;
pub mod filters;
pub mod front;
pub mod kernel;
pub mod polish;
pub mod recipe;
pub mod void_and_cluster;

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// The random draws of one step of a run.
#[derive(Clone, Debug)]
pub struct Draws(Xoshiro128PlusPlus);

impl Draws {
    /// The stream of step `step` of the run, counted from 0 over all stages: xoshiro128++ seeded by
    /// `seed + 0xD1342543DE82EF95·(step + 1)`.
    #[must_use]
    pub fn of_step(seed: u64, step: u64) -> Self {
        let stride = 0xD134_2543_DE82_EF95_u64;
        Self(Xoshiro128PlusPlus::seed_from_u64(seed.wrapping_add(stride.wrapping_mul(step + 1))))
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number of 0..count: `draw·count >> 32`.
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.next_u32()) * count as u64) >> 32) as usize
    }
}

/// Ranks of the noise that a run without a fill starts from: by the upper 23 bits of one draw a pixel.
#[must_use]
pub fn noise_ranks(pixels: usize, seed: u64) -> Vec<u32> {
    noise_of_planes(pixels, 1, seed)
}

/// As [`noise_ranks`], of several planes one after the other, from one stream.
#[must_use]
pub fn noise_of_planes(pixels: usize, planes: usize, seed: u64) -> Vec<u32> {
    let mut stream = Xoshiro128PlusPlus::seed_from_u64(seed);
    let mut keys = || (0..pixels).map(|_| (stream.next_u32() >> 9) as i32).collect::<Vec<_>>();
    (0..planes).flat_map(|_| ranks_of_keys(&keys())).collect()
}

/// What values in Q24 are ranked by: 24 bits from −1/16 on.
#[must_use]
pub fn keys_of_values(values: &[i32]) -> Vec<i32> {
    values.iter().map(|x| x.saturating_add(1 << 20).clamp(0, (1 << 25) - 1) >> 1).collect()
}

/// The pixels of each tile, 32 columns of 16 rows: tiles row by row from row `offset` on, which wraps; in each tile column by
/// column. The last tile of each row is narrower, those of the last row are lower.
#[must_use]
pub fn in_tiles(width: usize, height: usize, offset: usize) -> Vec<Vec<usize>> {
    let mut tiles = Vec::new();
    for top in (0..height).step_by(16) {
        for left in (0..width).step_by(32) {
            let columns = left..width.min(left + 32);
            let rows = top..height.min(top + 16);
            tiles.push(columns.flat_map(|x| rows.clone().map(move |i| (offset + i) % height * width + x)).collect());
        }
    }
    tiles
}

/// Ranks by (key, position).
#[must_use]
pub fn ranks_of_keys(keys: &[i32]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    // The sort is stable, so positions stay in order among equals.
    order.sort_by_key(|&p| keys[p]);
    ranks_of_order(&order)
}

/// `ranks[order[r]] = r`.
fn ranks_of_order(order: &[usize]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, &p) in order.iter().enumerate() {
        ranks[p] = rank as u32;
    }
    ranks
}

/// Values of ranks in Q24: `floor((2·rank + 1)·2²³/n)`, the middles of n equal parts of [0, 1].
#[must_use]
pub fn values_of_ranks(ranks: &[u32]) -> Vec<i32> {
    let n = ranks.len() as u64;
    ranks.iter().map(|&rank| (((2 * u64::from(rank) + 1) << 23) / n) as i32).collect()
}

/// An image that is read at any offset up to a margin: a copy with so many more pixels of the torus on each side.
struct Torus<T> {
    margin: usize,
    stride: usize,
    values: Vec<T>,
}

impl<T: Copy> Torus<T> {
    fn new(width: usize, height: usize, margin: usize, values: &[T]) -> Self {
        let at = |side: usize, i: usize| (i as i64 - margin as i64).rem_euclid(side as i64) as usize;
        let stride = width + 2 * margin;
        let rows = (0..height + 2 * margin).map(|y| at(height, y) * width);
        let values = rows.flat_map(|row| (0..stride).map(move |x| values[row + at(width, x)])).collect();
        Self { margin, stride, values }
    }

    /// The value at (x + dx, y + dy).
    fn at(&self, (x, y): (usize, usize), (dx, dy): (i32, i32)) -> T {
        let row = (y + self.margin).wrapping_add_signed(dy as isize);
        self.values[row * self.stride + (x + self.margin).wrapping_add_signed(dx as isize)]
    }
}

/// `round(value)`, halves away from zero, as an integer.
fn round(value: f64) -> i32 {
    libm::round(value) as i32
}

/// `ceil(fraction·n)`.
fn ceil_fraction(fraction: f64, n: usize) -> usize {
    libm::ceil(fraction * n as f64) as usize
}

#[cfg(test)]
mod tests;
