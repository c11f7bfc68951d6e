//! One step of a stage of the dither objective, in the buffers of a block.

use crate::error::Error;
use crate::jobs::Means;
use crate::layout::Buffers;
use crate::recipe::{Stage, has};
use crate::shape::Shape;
use crate::threshold::{fill, front, polish, swap, void_and_cluster};
use rand_core::Rng;

/// Does step `index` of a stage; draws come from `rng`.
pub(super) fn step<R: Rng>(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    means: Means<'_>,
    stage: &Stage,
    index: u32,
    rng: &mut R,
) -> Result<(), Error> {
    let Buffers { threshold: memory, ranks, .. } = buffers;
    match stage {
        Stage::Spectral(_) => Some(()),
        Stage::Fill(stage) => fill::step(means.level, stage, shape, index, rng, memory, ranks),
        Stage::VoidAndCluster(_) if !has::VOID_AND_CLUSTER => None,
        Stage::VoidAndCluster(stage) => void_and_cluster::step(means.level, stage, shape, index, rng, memory, ranks),
        Stage::Front(_) if !has::FRONT => None,
        Stage::Front(stage) => return front::step(means, stage, shape, index, memory, ranks),
        Stage::Polish(stage) => return polish::step(means, stage, shape, index, memory, ranks),
        Stage::Swap(_) if !has::SWAP => None,
        Stage::Swap(stage) => swap::step(stage, shape, index, memory, ranks),
    }
    .ok_or(Error::DAMAGED)
}

/// Writes the present values into rows of `shape.width` elements, `stride` apart.
///
/// While a polish runs the values are its own, else `2·(rank + ½)/n − 1`; 1 for a pixel without a rank.
pub(super) fn write_values(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    stage: Option<&Stage>,
    to: &mut [f32],
    stride: usize,
) {
    let to = elements(to, stride, shape.width as usize);
    if let Some(Stage::Polish(stage)) = stage
        && let Some(values) = polish::values(stage, shape, buffers.threshold)
    {
        for (to, value) in to.zip(values) {
            *to = value;
        }
        return;
    }
    let n = shape.pixels() as f64;
    for (to, rank) in to.zip(&*buffers.ranks) {
        *to = (2.0 * (f64::from(*rank) + 0.5) / n - 1.0).min(1.0) as f32;
    }
}

/// Elements of rows of `width`, `stride` apart; the stride is not 0.
pub(super) fn elements(to: &mut [f32], stride: usize, width: usize) -> impl Iterator<Item = &mut f32> {
    debug_assert!(stride >= width && width > 0, "the caller checked the stride");
    to.chunks_mut(stride.max(1)).flat_map(move |row| row.iter_mut().take(width))
}
