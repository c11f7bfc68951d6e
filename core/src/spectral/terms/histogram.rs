//! Histogram: distance of the values from the wanted distribution.
//!
//! ```text
//! L = Σ_i (x_i − t_i)²      t_i = Q(rank_i/(n − 1)), Q the quantile function of the wanted distribution
//! ∂L/∂x_i = 2·(x_i − t_i)   ranks are constant in a small step
//! ```
//!
//! Loss and gradient are computed in the pass over the values (`update.rs`). The wanted values t come from exact ranks ([`exact`]) or, in
//! that pass, from binned ranks (`sort/binned.rs`). Source: Wronski (2020).

use super::Term;
use crate::simd::SimdLevel;
use crate::sort::{self, Sink, SortSpace};

/// The term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Histogram;

impl Term for Histogram {
    const NAME: &'static str = "histogram";
    const WEIGHT: &'static str = "histogram.weight";

    fn scale(_: usize) -> f64 {
        1.0
    }
}

/// Writes the wanted value of each pixel.
struct WriteWanted<'a> {
    targets: &'a [f32],
    wanted: &'a mut [f32],
}

impl Sink for WriteWanted<'_> {
    #[inline(always)]
    fn put(&mut self, index: usize, rank: usize) {
        debug_assert!(index < self.wanted.len(), "one wanted value a pixel");
        // A rank of n has no target: the sort may give it to a pixel that it ranks again later.
        if let (Some(to), Some(target)) = (self.wanted.get_mut(index), self.targets.get(rank)) {
            *to = *target;
        }
    }
}

/// Writes t of each pixel to `wanted`, by exact ranks. `targets[i]` is Q(i/(n − 1)).
pub(crate) fn exact(level: SimdLevel, values: &[f32], targets: &[f32], space: SortSpace<'_>, wanted: &mut [f32]) {
    sort::exact(level, values, space, &mut WriteWanted { targets, wanted });
}

/// Writes the rank of each pixel.
struct WriteRanks<'a>(&'a mut [u32]);

impl Sink for WriteRanks<'_> {
    #[inline(always)]
    fn put(&mut self, index: usize, rank: usize) {
        debug_assert!(index < self.0.len(), "one rank a pixel");
        if let Some(to) = self.0.get_mut(index) {
            *to = rank as u32;
        }
    }
}

/// Replaces each value by the target of its exact rank; writes the ranks.
pub(crate) fn project(level: SimdLevel, values: &mut [f32], targets: &[f32], space: SortSpace<'_>, ranks: &mut [u32]) {
    sort::exact(level, values, space, &mut WriteRanks(ranks));
    debug_assert!(values.len() == targets.len(), "one target a pixel, so one for each rank");
    for (value, rank) in values.iter_mut().zip(ranks) {
        if let Some(target) = targets.get(*rank as usize) {
            *value = *target;
        }
    }
}
