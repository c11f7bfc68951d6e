//! Swaps of two pixels that lower the energy at the thresholds of few levels.
//!
//! Let v be the level of each pixel, `floor(L·rank/n)`. Up to a constant, the energy at the L − 1 thresholds between levels is
//! `−½ Σ_ij K(i−j)·|v_i − v_j|`. A swap of p and q, of levels a and b, changes the energy by
//!
//! ```text
//! ΔE = F(p; a→b) + F(q; b→a) + 2·(K(0) − K(p−q))·|a − b|,     F(p; a→b) = Σ_j K(p−j)·(|a − v_j| − |b − v_j|)
//! ```
//!
//! which is exact in integer weights. The stage keeps `D(p, c) = Σ_j K(p−j)·|c − v_j|` for all levels c, so a candidate costs four look-ups.
//! A step is a sweep: each pixel in turn takes the best swap with a later pixel within reach, if a swap lowers E.

mod parameters;

pub use parameters::Swap;

use crate::memory::{Carver, bytes_of};
use crate::pairs::{MAX_RADIUS, taper};
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};

/// Sum of the kernel's weights before rounding.
const SUM: f64 = 1_048_576.0;

/// Side of the kernel table.
const SIDE: usize = 2 * MAX_RADIUS as usize + 1;
/// Side of the table of offsets within the largest reach.
const NEAR: usize = 2 * MAX_REACH as usize + 1;

/// The largest reach of a swap, pixels.
const MAX_REACH: i32 = 8;

/// Kernel tables, and whether sweeps still find swaps.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct SwapState {
    /// K at each offset: see [`kernel_index`].
    kernel: [i32; SIDE * SIDE],
    /// K summed over the wraps of the torus, at each offset within [`MAX_REACH`].
    near: [i32; NEAR * NEAR],
    /// Not 0: a sweep found no swap, so later ones find none either.
    settled: u32,
    padding: [u32; 13],
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Swap, shape: Shape) -> usize {
    let pixels = shape.pixels();
    bytes_of::<SwapState>(1) + bytes_of::<u8>(pixels) + bytes_of::<i32>(pixels * stage.levels as usize)
}

/// Takes one step, from `ranks` to `ranks`. None if the work space is too small.
pub(crate) fn step(stage: &Swap, shape: Shape, step_index: u32, memory: &mut [u8], ranks: &mut [u32]) -> Option<()> {
    let mut memory = Carver::new(memory);
    let state: &mut SwapState = memory.one()?;
    let levels = memory.take(shape.pixels())?;
    let sums = memory.take(shape.pixels() * stage.levels as usize)?;
    if step_index == 0 {
        state.fill(stage, shape);
    }
    let mut work = Sweep { stage, shape, state, levels, sums, ranks };
    if step_index == 0 {
        work.start();
    }
    if work.state.settled == 0 {
        work.state.settled = u32::from(work.sweep() == 0);
    }
    Some(())
}

impl SwapState {
    fn fill(&mut self, stage: &Swap, shape: Shape) {
        *self = Self::zeroed();
        let radius = stage.radius as i32;
        let most = radius * radius + radius / 2;
        let at = |square: i32| {
            let square = f64::from(square);
            stage.kernel.at(square) * taper(square, stage.radius, stage.taper)
        };
        let offsets = (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)));
        let inside = offsets.filter(|(dx, dy)| dx * dx + dy * dy <= most);
        let sum: f64 = inside.clone().map(|(dx, dy)| at(dx * dx + dy * dy)).sum();
        for (dx, dy) in inside {
            debug_assert!(radius <= MAX_RADIUS as i32, "Swap::check");
            if let Some(to) = self.kernel.get_mut(kernel_index(dx, dy)) {
                *to = libm::round(SUM * at(dx * dx + dy * dy) / sum) as i32;
            }
        }
        let (width, height) = sides(shape);
        let reach = -MAX_REACH..=MAX_REACH;
        let near_offsets = reach.clone().flat_map(|dy| reach.clone().map(move |dx| (dx, dy)));
        for ((dx, dy), to) in near_offsets.zip(&mut self.near) {
            // `sides` are at least 1, but the compiler does not see it here
            let wraps = |distance: i32, side: i32| distance.rem_euclid(side.max(1)) == 0;
            let same = |(x, y): &(i32, i32)| wraps(x - dx, width) && wraps(y - dy, height);
            let offsets = (-radius..=radius).flat_map(|y| (-radius..=radius).map(move |x| (x, y)));
            *to = offsets.filter(same).filter_map(|(x, y)| self.kernel.get(kernel_index(x, y))).sum();
        }
    }

    /// Returns K at an offset within [`MAX_REACH`], summed over the wraps of the torus.
    fn near(&self, dx: i32, dy: i32) -> i64 {
        debug_assert!(dx.abs() <= MAX_REACH && dy.abs() <= MAX_REACH, "sweeps keep to the reach");
        let index = (dy + MAX_REACH) * NEAR as i32 + dx + MAX_REACH;
        self.near.get(index as usize).copied().map_or(0, i64::from)
    }

    /// Returns K at an offset within the radius.
    fn at(&self, dx: i32, dy: i32) -> i32 {
        debug_assert!(kernel_index(dx, dy) < self.kernel.len(), "the radius is at most MAX_RADIUS");
        self.kernel.get(kernel_index(dx, dy)).copied().unwrap_or(0)
    }
}

/// Returns width and height, at least 1, because they are divisors.
fn sides(shape: Shape) -> (i32, i32) {
    debug_assert!(shape.pixels() > 0, "a mask has pixels");
    ((shape.width as i32).max(1), (shape.height as i32).max(1))
}

/// Swaps two elements. (`slice::swap` panics on indices that the compiler cannot prove.)
fn exchange<T: Copy>(elements: &mut [T], p: usize, q: usize) {
    debug_assert!(p < elements.len() && q < elements.len(), "both are pixels");
    let (Some(a), Some(b)) = (elements.get(p).copied(), elements.get(q).copied()) else { return };
    for (index, element) in [(p, b), (q, a)] {
        if let Some(to) = elements.get_mut(index) {
            *to = element;
        }
    }
}

/// Index of offset (dx, dy) in the kernel table.
fn kernel_index(dx: i32, dy: i32) -> usize {
    ((dy + MAX_RADIUS as i32) * SIDE as i32 + dx + MAX_RADIUS as i32) as usize
}

struct Sweep<'a> {
    stage: &'a Swap,
    shape: Shape,
    state: &'a mut SwapState,
    levels: &'a mut [u8],
    /// D(p, c): one element per level, pixel after pixel.
    sums: &'a mut [i32],
    ranks: &'a mut [u32],
}

impl Sweep<'_> {
    /// Computes levels and D from the ranks.
    fn start(&mut self) {
        debug_assert!(
            self.ranks.len() == self.shape.pixels() && self.stage.levels <= 256,
            "one rank a pixel; Swap::check"
        );
        let n = (self.shape.pixels() as u64).max(1);
        for (level, rank) in self.levels.iter_mut().zip(&*self.ranks) {
            *level = (u64::from(self.stage.levels) * u64::from(*rank) / n).min(255) as u8;
        }
        self.sums.fill(0);
        for p in 0..self.shape.pixels() {
            // `from` none: D does not hold the pixel yet
            let level = self.level(p);
            self.change_level(p, None, level);
        }
    }

    fn level(&self, p: usize) -> i32 {
        debug_assert!(p < self.levels.len(), "p is a pixel");
        self.levels.get(p).copied().map_or(0, i32::from)
    }

    /// Returns the pixel at an offset from p.
    fn at(&self, p: usize, dx: i32, dy: i32) -> usize {
        let (width, height) = sides(self.shape);
        let (x, y) = (p as i32 % width, p as i32 / width);
        ((y + dy).rem_euclid(height) * width + (x + dx).rem_euclid(width)) as usize
    }

    /// Updates D for a new level of pixel p: adds `K·(|c − to| − |c − from|)` to the pixels around it.
    fn change_level(&mut self, p: usize, from: Option<i32>, to: i32) {
        let radius = self.stage.radius as i32;
        let levels = self.stage.levels as usize;
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let weight = self.state.at(dx, dy);
                let j = self.at(p, dx, dy);
                if weight == 0 {
                    continue;
                }
                debug_assert!((j + 1) * levels <= self.sums.len(), "one element per pixel and level");
                for (c, sum) in (0..).zip(self.sums.get_mut(j * levels..(j + 1) * levels).unwrap_or_default()) {
                    let before = from.map_or(0, |from| i32::abs(c - from));
                    *sum = sum.wrapping_add(weight.wrapping_mul(i32::abs(c - to) - before));
                }
            }
        }
    }

    /// Returns D(p, c); 0 for a level that only a damaged block has.
    fn sum(&self, p: usize, c: i32) -> i64 {
        self.sums.get(p * self.stage.levels as usize + c as usize).copied().map_or(0, i64::from)
    }

    /// Returns ΔE of a swap of p with the pixel q at offset (dx, dy), times the sum of the weights.
    fn difference(&self, p: usize, q: usize, dx: i32, dy: i32) -> i64 {
        let (a, b) = (self.level(p), self.level(q));
        let moves = self.sum(p, a) - self.sum(p, b) + self.sum(q, b) - self.sum(q, a);
        moves + 2 * (self.state.near(0, 0) - self.state.near(dx, dy)) * i64::from((a - b).abs())
    }

    /// Takes the best swap of each pixel in turn. Returns the number of swaps.
    fn sweep(&mut self) -> u32 {
        debug_assert!(self.stage.reach as i32 <= MAX_REACH, "Swap::check");
        let reach = (self.stage.reach as i32).min(MAX_REACH);
        let mut swaps = 0;
        for p in 0..self.shape.pixels() {
            let mut best = (0, p);
            for dy in 0..=reach {
                // only offsets after (0, 0): a pair is tried once, in the turn of its first pixel
                for dx in if dy == 0 { 1..=reach } else { -reach..=reach } {
                    let q = self.at(p, dx, dy);
                    if self.level(p) != self.level(q) {
                        let difference = self.difference(p, q, dx, dy);
                        if difference < best.0 {
                            best = (difference, q);
                        }
                    }
                }
            }
            if best.0 < 0 {
                self.swap(p, best.1);
                swaps += 1;
            }
        }
        swaps
    }

    fn swap(&mut self, p: usize, q: usize) {
        let (a, b) = (self.level(p), self.level(q));
        self.change_level(p, Some(a), b);
        self.change_level(q, Some(b), a);
        exchange(self.levels, p, q);
        exchange(self.ranks, p, q);
    }
}
