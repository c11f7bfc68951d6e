//! The present values of a run, into rows.

use crate::distribution::Distribution;
use crate::layout::Buffers;
use crate::recipe::Stage;
use crate::shape::Shape;
use crate::threshold::{filter_polish, polish};

/// Writes the present values into rows, `stride` elements apart.
///
/// While a polish runs the values are its own, else `Q((rank + ½)/n)` of the distribution; 1 for a pixel without a rank.
pub(super) fn write_present(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    distribution: &Distribution,
    stage: Option<&Stage>,
    to: &mut [f32],
    stride: usize,
) {
    if let Some(Stage::Polish(stage)) = stage
        && let Some(values) = polish::values(stage, shape, buffers.threshold)
    {
        return write(shape, values, to, stride);
    }
    if let Some(Stage::FilterPolish(stage)) = stage
        && let Some(values) = filter_polish::values(stage, shape, buffers.threshold)
    {
        return write(shape, values, to, stride);
    }
    let n = shape.pixels() as f64;
    let value = |rank: &u32| distribution.quantile((f64::from(*rank) + 0.5) / n) as f32;
    write(shape, buffers.ranks.iter().map(value), to, stride);
}

/// Writes values, given plane by plane, into rows of all channels, `stride` elements apart.
pub(super) fn write(shape: Shape, mut values: impl Iterator<Item = f32>, to: &mut [f32], stride: usize) {
    let (width, height, channels) = (shape.width as usize, shape.height as usize, shape.channels as usize);
    debug_assert!(stride >= width * channels, "the caller checked the stride");
    for layer in 0..shape.layers as usize {
        for channel in 0..channels {
            for y in 0..height {
                let row = to.get_mut((layer * height + y) * stride..).unwrap_or_default();
                let elements = row.iter_mut().skip(channel).step_by(channels.max(1)).take(width);
                for to in elements {
                    *to = values.next().unwrap_or_default();
                }
            }
        }
    }
}
