//! Histogram: the values against the wanted ones of their ranks.
//!
//! ```text
//! L = Σ_i (x_i − t_i)²      t_i = Q(rank_i/(n − 1)), Q the quantile function of the wanted distribution
//! ∂L/∂x_i = 2·(x_i − t_i)   for the ranks do not change in a small step
//! ```
//!
//! It is no term of the bins: loss and gradient are made in the pass that moves the values (`update.rs`), t by exact ranks here or by
//! binned ranks there. Source: Wronski (2020).

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

struct Wanted<'a> {
    targets: &'a [f32],
    wanted: &'a mut [f32],
}

impl Sink for Wanted<'_> {
    #[inline(always)]
    fn put(&mut self, index: usize, rank: usize) {
        if let (Some(to), Some(target)) = (self.wanted.get_mut(index), self.targets.get(rank)) {
            *to = *target;
        }
    }
}

/// t by exact ranks. `targets`: Q(i/(n − 1)), one a pixel, rising.
pub(crate) fn exact(level: SimdLevel, values: &[f32], targets: &[f32], space: SortSpace<'_>, wanted: &mut [f32]) {
    sort::exact(level, values, space, &mut Wanted { targets, wanted });
}

struct Ranks<'a>(&'a mut [u32]);

impl Sink for Ranks<'_> {
    #[inline(always)]
    fn put(&mut self, index: usize, rank: usize) {
        if let Some(to) = self.0.get_mut(index) {
            *to = rank as u32;
        }
    }
}

/// Replaces each value by the wanted one of its exact rank, and says the ranks.
pub(crate) fn project(level: SimdLevel, values: &mut [f32], targets: &[f32], space: SortSpace<'_>, ranks: &mut [u32]) {
    sort::exact(level, values, space, &mut Ranks(ranks));
    for (value, rank) in values.iter_mut().zip(ranks) {
        if let Some(target) = targets.get(*rank as usize) {
            *value = *target;
        }
    }
}
