//! The pair loss L of a volume for given filters.

use super::decibels;
use super::energy::differences;
use super::volume::Channel;
use crate::error::Error;
use crate::filters::{Axis, FilterKernel, Filters};
use crate::shape::Shape;

/// Elements of scratch that [`pair_loss`] needs: about one per pixel of a plane.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`].
pub const fn pair_loss_scratch_len(shape: Shape) -> Result<usize, Error> {
    if let Err(error) = shape.check() {
        return Err(error);
    }
    Ok(shape.pixels() + shape.width as usize + shape.height as usize + shape.layers as usize)
}

/// Computes the pair loss of one channel of a volume for given filters, dB relative to white noise: lower is better.
///
/// ```text
/// L = 10·log10((ΣK·d̄ − 1/N·Σ_ij K(i−j)·|rank_i − rank_j|) / (K(0)·d̄))
/// ```
///
/// K is the [`FilterKernel`] of the filters on the torus of the volume, and d̄ the mean of |`rank_i` − `rank_j`| over all N² ordered pairs.
/// L is the squared error that the filters leave of all patterns, relative to white noise. Cost: one pass over the volume for each offset
/// where K is not 0, opposite layers together.
///
/// `ranks` are plane by plane, as those of a [`crate::Mask`], each below the pixels of a plane; `scratch` has at least
/// [`pair_loss_scratch_len`]. NaN if all ranks are equal.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`], [`Error::Length`], [`Error::Plane`] if there is no such channel, [`Error::Number`] for filters that
/// [`Filters::check`] refuses, for filters that wrap to nothing around the volume, and for a rank that is too large.
pub fn pair_loss(
    ranks: &[u32],
    shape: Shape,
    channel: u32,
    filters: &Filters,
    scratch: &mut [f64],
) -> Result<f64, Error> {
    let channel = Channel::new(ranks, shape, channel)?;
    let bad = Error::Length { what: "scratch", needed: pair_loss_scratch_len(shape)?, got: scratch.len() };
    filters.check()?;
    let kernel = FilterKernel::new(filters, shape);
    let (counts, rest) = scratch.split_at_mut_checked(shape.pixels()).ok_or(bad)?;
    let (x, rest) = rest.split_at_mut_checked(shape.width as usize).ok_or(bad)?;
    let (y, rest) = rest.split_at_mut_checked(shape.height as usize).ok_or(bad)?;
    let time = rest.get_mut(..shape.layers as usize).ok_or(bad)?;
    for (axis, table) in [(Axis::X, &mut *x), (Axis::Y, &mut *y), (Axis::Time, &mut *time)] {
        for (offset, to) in table.iter_mut().enumerate() {
            *to = kernel.along(axis, offset);
        }
    }
    let (sum, centre) = (kernel.sum(), kernel.centre());
    if !(centre > 0.0 && sum.is_finite()) {
        return Err(Error::Number { what: "the kernel of the filters at 0", value: centre as f32, range: "above 0" });
    }
    let mean = mean_difference(channel, counts)?;
    let layers = shape.layers as usize;
    let mut pairs = 0.0;
    for (d, time) in time.iter().take(layers / 2 + 1).enumerate() {
        // the layers at d and at −d have the same sum
        let both = if d == 0 || 2 * d == layers { 1.0 } else { 2.0 };
        for (dy, y) in y.iter().enumerate() {
            for (dx, x) in x.iter().enumerate() {
                let near = dx == 0 && dy == 0;
                let weight = kernel.combined((x * y, near), (*time, d == 0));
                if weight != 0.0 && !(near && d == 0) {
                    pairs += both * weight * layer_differences(channel, shape, [dx, dy, d]);
                }
            }
        }
    }
    let elements = (shape.pixels() * layers) as f64;
    let white = centre * mean;
    Ok(if white > 0.0 { decibels((sum * mean - pairs / elements) / white) } else { f64::NAN })
}

/// Mean of |`rank_i` − `rank_j`| over all ordered pairs: twice the share of pairs that each threshold separates, summed.
fn mean_difference(channel: Channel<'_>, counts: &mut [f64]) -> Result<f64, Error> {
    counts.fill(0.0);
    let mut elements = 0.0;
    for rank in channel.planes().flatten() {
        let bad = Error::Number { what: "a rank", value: *rank as f32, range: "below the number of pixels" };
        *counts.get_mut(*rank as usize).ok_or(bad)? += 1.0;
        elements += 1.0;
    }
    let (mut below, mut sum) = (0.0, 0.0);
    for count in counts {
        below += *count;
        sum += below * (elements - below);
    }
    debug_assert!(elements > 0.0, "a checked shape has elements");
    Ok(2.0 * sum / (elements * elements))
}

/// `Σ_i |rank_i − rank_{i+d}|` over the volume.
fn layer_differences(channel: Channel<'_>, shape: Shape, [dx, dy, d]: [usize; 3]) -> f64 {
    let layers = (shape.layers as usize).max(1);
    let plane = |layer: usize| channel.plane(layer % layers);
    let sums = (0..layers).map(|layer| differences(plane(layer), plane(layer + d), shape, dx as i64, dy as i64));
    sums.sum::<u64>() as f64
}
