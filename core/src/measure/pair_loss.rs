//! The pair loss L of a volume for given filters.

use super::decibels;
use super::energy::differences;
use super::volume::Channel;
use crate::error::Error;
use crate::shape::Shape;

/// Autocorrelations of the filters of a loss, by the lag from 0; each is symmetric. A lag beyond the last tap has 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairKernel<'a> {
    /// Of the filter along a row, by pixels.
    pub x: &'a [f64],
    /// Of the filter along a column, by pixels.
    pub y: &'a [f64],
    /// Of the filter over time, by layers.
    pub time: &'a [f64],
    /// Filters that act one by one: the weight w of the spatial filter, 1 − w of the temporal filter. `None` for their product.
    pub separate: Option<f64>,
}

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

/// Computes the pair loss of one channel of a volume, dB relative to white noise: lower is better.
///
/// ```text
/// L = 10·log10((ΣK·d̄ − 1/N·Σ_ij K(i−j)·|rank_i − rank_j|) / (K(0)·d̄))
/// product:  K(dx, dy, d) = X(dx)·Y(dy)·T(d)
/// separate: K(dx, dy, d) = w·X(dx)·Y(dy)·[d = 0] + (1 − w)·T(d)·[dx = dy = 0]
/// ```
///
/// K wraps around the volume along all three axes. d̄ is the mean of |`rank_i` − `rank_j`| over all N² ordered pairs. For K the
/// autocorrelation of a filter, L is the squared error, summed over all thresholds, of the filtered pattern about its mean, relative to
/// white noise. Cost: one pass over the volume for each offset, opposite layers together.
///
/// `ranks` are plane by plane, as those of a [`crate::Mask`], each below the pixels of a plane; `scratch` has at least
/// [`pair_loss_scratch_len`]. NaN if all ranks are equal.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`], [`Error::Length`], [`Error::Plane`] if there is no such channel, [`Error::Number`] for taps that
/// are not finite, K(0) not above 0, a weight outside 0 to 1, a rank that is too large.
pub fn pair_loss(
    ranks: &[u32],
    shape: Shape,
    channel: u32,
    kernel: &PairKernel<'_>,
    scratch: &mut [f64],
) -> Result<f64, Error> {
    let channel = Channel::new(ranks, shape, channel)?;
    let bad = Error::Length { what: "scratch", needed: pair_loss_scratch_len(shape)?, got: scratch.len() };
    let taps = kernel.x.iter().chain(kernel.y).chain(kernel.time);
    if let Some(tap) = taps.copied().find(|tap| !tap.is_finite()) {
        return Err(Error::Number { what: "a tap of the kernel", value: tap as f32, range: "finite" });
    }
    if let Some(weight) = kernel.separate.filter(|weight| !(0.0..=1.0).contains(weight)) {
        return Err(Error::Number {
            what: "the weight of the spatial filter",
            value: weight as f32,
            range: "from 0 to 1",
        });
    }
    let (counts, rest) = scratch.split_at_mut_checked(shape.pixels()).ok_or(bad)?;
    let (x, rest) = rest.split_at_mut_checked(shape.width as usize).ok_or(bad)?;
    let (y, rest) = rest.split_at_mut_checked(shape.height as usize).ok_or(bad)?;
    let time = rest.get_mut(..shape.layers as usize).ok_or(bad)?;
    for (around, taps) in [(&mut *x, kernel.x), (&mut *y, kernel.y), (&mut *time, kernel.time)] {
        wrap(taps, around);
    }
    let sums = [&*x, y, time].map(|axis| axis.iter().sum::<f64>());
    let [at_x, at_y, at_time] = [&*x, y, time].map(|axis| axis.first().copied().unwrap_or_default());
    let (sum, centre) = match kernel.separate {
        None => (sums[0] * sums[1] * sums[2], at_x * at_y * at_time),
        Some(w) => (w * sums[0] * sums[1] + (1.0 - w) * sums[2], w * at_x * at_y + (1.0 - w) * at_time),
    };
    if !(centre > 0.0 && sum.is_finite()) {
        return Err(Error::Number { what: "the kernel at 0", value: centre as f32, range: "above 0" });
    }
    let mean = mean_difference(channel, counts)?;
    let layers = shape.layers as usize;
    let mut pairs = 0.0;
    for d in 0..=layers / 2 {
        // the layers at d and at −d have the same sum
        let both = if d == 0 || 2 * d == layers { 1.0 } else { 2.0 };
        let time = time.get(d).copied().unwrap_or_default();
        for (dy, y) in y.iter().enumerate() {
            for (dx, x) in x.iter().enumerate() {
                let near = dx == 0 && dy == 0;
                let weight = match kernel.separate {
                    None => x * y * time,
                    Some(w) if d == 0 => w * x * y + if near { (1.0 - w) * time } else { 0.0 },
                    Some(w) => {
                        if near {
                            (1.0 - w) * time
                        } else {
                            0.0
                        }
                    }
                };
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

/// Wraps symmetric taps, by their lag, around a circle.
fn wrap(taps: &[f64], around: &mut [f64]) {
    around.fill(0.0);
    let side = around.len().max(1);
    for (lag, tap) in taps.iter().enumerate() {
        let ahead = lag % side;
        let behind = (side - ahead) % side;
        if let Some(to) = around.get_mut(ahead) {
            *to += tap;
        }
        if let Some(to) = around.get_mut(behind).filter(|_| lag > 0) {
            *to += tap;
        }
    }
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
