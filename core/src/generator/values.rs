//! The present values of a run, into rows.

use crate::layout::Buffers;
use crate::recipe::Stage;
use crate::shape::Shape;
use crate::threshold::polish;

/// Writes the present values into rows of `shape.width` elements, `stride` apart.
///
/// While a polish runs the values are its own, else `2·(rank + ½)/n − 1`; 1 for a pixel without a rank.
pub(super) fn write(buffers: &mut Buffers<'_>, shape: Shape, stage: Option<&Stage>, to: &mut [f32], stride: usize) {
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
