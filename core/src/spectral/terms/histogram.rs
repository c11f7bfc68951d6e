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
use crate::jobs::Means;
use crate::sort::kept::{self, Cache};
use crate::sort::{self, Rank, SortSpace};

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

/// Writes t of each pixel to `wanted`, by exact ranks. `targets[i]` is Q(i/(n − 1)).
pub(crate) fn exact(
    means: Means<'_>,
    values: &[f32],
    targets: &[f32],
    space: SortSpace<'_>,
    cache: Option<Cache<'_>>,
    wanted: &mut [f32],
) {
    kept::wanted(means, values, targets, space, cache, wanted);
}

/// Replaces each value by the target of its exact rank; writes the ranks.
pub(crate) fn project(means: Means<'_>, values: &mut [f32], targets: &[f32], space: SortSpace<'_>, ranks: &mut [u32]) {
    sort::exact(means, values, space, &Rank, ranks);
    debug_assert!(values.len() == targets.len(), "one target a pixel, so one for each rank");
    for (value, rank) in values.iter_mut().zip(ranks) {
        if let Some(target) = targets.get(*rank as usize) {
            *value = *target;
        }
    }
}
