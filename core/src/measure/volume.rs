//! One channel of a volume: its planes, and its patterns blurred while the threshold rises.

use super::ranks;
use crate::error::{Error, length};
use crate::shape::Shape;

/// Computes ranks of one channel of a volume of any values, ties allowed.
///
/// The rank is the number of elements, in all layers, with a smaller value, divided by the number of layers and rounded down: from 0 to
/// n − 1, n the pixels of a plane. A mask whose layers have exact histograms gets the ranks that each layer has by itself. A mask whose
/// layers differ keeps the difference, because renderers compare all layers with one threshold.
///
/// `values`, `order` (scratch) and `ranks` have one element per pixel of each layer.
///
/// # Errors
/// [`Error::Length`], [`Error::Number`] if a value is not finite or there is no layer.
pub fn layer_ranks(values: &[f64], layers: u32, order: &mut [u32], to: &mut [u32]) -> Result<(), Error> {
    if layers == 0 {
        return Err(Error::Number { what: "the number of layers", value: 0.0, range: "from 1" });
    }
    ranks(values, order, to)?;
    for rank in to {
        *rank /= layers;
    }
    Ok(())
}

/// The planes of one channel, a plane per layer.
#[derive(Clone, Copy)]
pub(super) struct Channel<'a> {
    ranks: &'a [u32],
    shape: Shape,
    channel: usize,
}

impl<'a> Channel<'a> {
    /// A channel of ranks that are plane by plane, as those of a [`crate::Mask`].
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Layers`], [`Error::Length`], [`Error::Plane`] if there is no such channel.
    pub(super) fn new(ranks: &'a [u32], shape: Shape, channel: u32) -> Result<Self, Error> {
        shape.check()?;
        length("ranks", shape.elements(), ranks.len())?;
        if channel >= shape.channels {
            return Err(Error::Plane { layer: 0, channel });
        }
        Ok(Self { ranks, shape, channel: channel as usize })
    }

    /// The plane of a layer.
    pub(super) fn plane(self, layer: usize) -> &'a [u32] {
        let first = (layer * self.shape.channels as usize + self.channel) * self.shape.pixels();
        let plane = self.ranks.get(first..first + self.shape.pixels());
        debug_assert!(plane.is_some(), "`new` checks the length, and callers count the layers");
        plane.unwrap_or_default()
    }

    /// The plane of each layer.
    pub(super) fn planes(self) -> impl Iterator<Item = &'a [u32]> {
        (0..self.shape.layers as usize).map(move |layer| self.plane(layer))
    }

    /// Share of the elements of all layers with a rank below a threshold.
    pub(super) fn density(self, threshold: u32) -> f64 {
        let below = |plane: &[u32]| plane.iter().filter(|rank| **rank < threshold).count();
        let set: usize = self.planes().map(below).sum();
        debug_assert!(self.shape.layers > 0, "`new` checks the shape");
        set as f64 / (self.shape.pixels() * self.shape.layers as usize).max(1) as f64
    }
}

/// A separable spatial filter that adds the pixels of a pattern one after the other.
///
/// Patterns are nested: while the threshold rises over all of them, each pixel adds the filter once. The result is shifted by the first
/// tap: no figure depends on the shift.
pub(super) struct Stamp<'a> {
    width: usize,
    x: &'a [f64],
    y: &'a [f64],
}

impl<'a> Stamp<'a> {
    /// Elements of scratch.
    pub(super) const fn scratch_len(shape: Shape, taps: usize) -> usize {
        let (width, height) = (shape.width as usize, shape.height as usize);
        (if taps < width { taps } else { width }) + (if taps < height { taps } else { height })
    }

    /// A filter of `taps` taps along either axis, tap i of an axis of so many pixels `tap(i, side)`; taps beyond a side wrap around it.
    ///
    /// # Errors
    /// [`Error::Length`] if the scratch is shorter than [`Stamp::scratch_len`].
    pub(super) fn new(
        shape: Shape,
        taps: usize,
        tap: &dyn Fn(usize, usize) -> f64,
        scratch: &'a mut [f64],
    ) -> Result<Self, Error> {
        let (width, height) = (shape.width as usize, shape.height as usize);
        let bad = Error::Length { what: "scratch", needed: Self::scratch_len(shape, taps), got: scratch.len() };
        let (x, rest) = scratch.split_at_mut_checked(taps.min(width)).ok_or(bad)?;
        let y = rest.get_mut(..taps.min(height)).ok_or(bad)?;
        for (table, side) in [(&mut *x, width), (&mut *y, height)] {
            for (first, to) in table.iter_mut().enumerate() {
                *to = (first..taps).step_by(side.max(1)).map(|i| tap(i, side)).sum();
            }
        }
        Ok(Self { width, x, y })
    }

    /// Adds to `field` the filter at each pixel of a plane whose rank is in a range.
    pub(super) fn add(&self, plane: &[u32], from: u32, below: u32, field: &mut [f64]) {
        let count = below.saturating_sub(from);
        if count == 0 {
            return;
        }
        for (y, row) in plane.chunks_exact(self.width.max(1)).enumerate() {
            for (x, rank) in row.iter().enumerate() {
                if rank.wrapping_sub(from) < count {
                    self.add_at(x, y, field);
                }
            }
        }
    }

    fn add_at(&self, x: usize, y: usize, field: &mut [f64]) {
        let (above, below) = field.split_at_mut_checked(y * self.width).unwrap_or_default();
        let rows = below.chunks_exact_mut(self.width.max(1)).chain(above.chunks_exact_mut(self.width.max(1)));
        for (row, weight) in rows.zip(self.y) {
            let (wrapped, ahead) = row.split_at_mut_checked(x).unwrap_or_default();
            let (near, far) = self.x.split_at_checked(ahead.len()).unwrap_or((self.x, &[]));
            for (to, tap) in ahead.iter_mut().zip(near) {
                *to += weight * tap;
            }
            for (to, tap) in wrapped.iter_mut().zip(far) {
                *to += weight * tap;
            }
        }
    }
}

/// Lanes of a sum: a fixed number, so that vectors of any width give the same bits.
const LANES: usize = 8;

/// Sum of squared deviations from the mean, of `value(a)` of each element of a plane, which is left in `to`.
///
/// `about` is near the mean: it keeps the sum of squares short of digits that cancel.
pub(super) fn squares(to: &mut [f64], about: f64, from: &[f64], value: impl Fn(f64, f64) -> f64) -> f64 {
    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let count = to.len() as f64;
    let (to, to_rest) = to.as_chunks_mut::<LANES>();
    let (from, from_rest) = from.as_chunks::<LANES>();
    let add = |sum: &mut f64, square: &mut f64, to: &mut f64, from: f64| {
        *to = value(*to, from);
        *sum += *to - about;
        *square += (*to - about) * (*to - about);
    };
    for (to, from) in to.iter_mut().zip(from) {
        for (((sum, square), to), from) in sums.iter_mut().zip(&mut squares).zip(to).zip(from) {
            add(sum, square, to, *from);
        }
    }
    for (((sum, square), to), from) in sums.iter_mut().zip(&mut squares).zip(to_rest).zip(from_rest) {
        add(sum, square, to, *from);
    }
    let (sum, square): (f64, f64) = (sums.iter().sum(), squares.iter().sum());
    square - sum * sum / count.max(1.0)
}
