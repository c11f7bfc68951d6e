//! The plane of amplitudes of all bins, with a halo of two bins.
//!
//! Row `l` holds the bins k = 0 … H/2 of horizontal frequency `l`. The halo continues the half spectrum by S(−l, −k) = S(l, k). The
//! plane holds the stored amplitude D = 2S.

use crate::fft::TileBins;
use crate::jobs::Strip;
use crate::shape::Shape;
use crate::simd::{LANES, Lanes};

/// Width of the halo, in bins.
const HALO: usize = 2;

/// Stride of the plane, in floats: 16 to the left, of which the last two are the halo; H/2 + 1 bins; the halo; padding.
pub(crate) const fn stride(shape: Shape) -> usize {
    shape.height as usize / 2 + 2 * LANES
}

/// Length of the plane, in floats. Reads around the Nyquist bin of the last row, 16 floats each, need the last 16.
pub(crate) const fn plane_len(shape: Shape) -> usize {
    (shape.width as usize + 2 * HALO) * stride(shape) + LANES
}

/// Returns the row of the plane that holds horizontal frequency `l`.
#[inline(always)]
pub(crate) const fn plane_row(l: usize) -> usize {
    l + HALO
}

/// Returns the row of horizontal frequency `l`, `stride` floats; empty past the plane. [`column`] gives the index of a bin.
#[inline(always)]
fn row(plane: &[f32], stride: usize, l: usize) -> &[f32] {
    let start = plane_row(l) * stride;
    plane.get(start..start + stride).unwrap_or_default()
}

/// Returns [`row`], mutable.
#[inline(always)]
fn row_mut(plane: &mut [f32], stride: usize, l: usize) -> &mut [f32] {
    let start = plane_row(l) * stride;
    plane.get_mut(start..start + stride).unwrap_or_default()
}

/// Returns the index of bin k in a row of the plane.
#[inline(always)]
pub(crate) const fn column(k: usize) -> usize {
    LANES + k
}

/// Fills the halo, from the bins k = 0 … H/2 of all rows.
#[inline(always)]
fn fill_halo(plane: &mut [f32], shape: Shape) {
    let (width, half, stride) = (shape.width as usize, shape.height as usize / 2, stride(shape));
    for l in 0..width {
        let mirrored = row(plane, stride, if l == 0 { 0 } else { width - l });
        debug_assert!(column(half + HALO) < stride, "a row holds its halo");
        let at = |k: usize| mirrored.get(column(k)).copied().unwrap_or_default();
        let beyond = [
            (column(0) - 1, at(1)),
            (column(0) - 2, at(2)),
            (column(half) + 1, at(half - 1)),
            (column(half) + 2, at(half - 2)),
        ];
        let to = row_mut(plane, stride, l);
        for (index, value) in beyond {
            if let Some(to) = to.get_mut(index) {
                *to = value;
            }
        }
        // At a height of 16 the upper 8 lanes of a tile hold no bin. The stencil reads there and its sum counts 0 times: a NaN in
        // the block's old bytes would make the sum NaN. At larger heights the range ends before its start: nothing is written.
        for to in to.get_mut(column(half + HALO) + 1..column(LANES) + HALO).unwrap_or_default() {
            *to = 0.0;
        }
    }
    // rows −2, −1 and W, W + 1
    let halo = HALO * stride;
    debug_assert!(plane.len() >= halo + (width + HALO) * stride, "the plane has its halo");
    let (before, rest) = plane.split_at_mut_checked(halo).unwrap_or_default();
    let (rows, after) = rest.split_at_mut_checked(width * stride).unwrap_or_default();
    for (to, from) in before.iter_mut().zip(rows.iter().skip((width * stride).saturating_sub(halo))) {
        *to = *from;
    }
    for (to, from) in after.iter_mut().take(halo).zip(&*rows) {
        *to = *from;
    }
}

/// What terms read around a vector of bins.
#[derive(Clone, Copy)]
pub(crate) struct Neighbours<V> {
    /// Amplitudes of the bins themselves.
    pub(crate) own: V,
    /// Sums over the 4 bins beside each, at a distance of 1.
    pub(crate) beside: V,
    /// Sums over the 4 bins at a distance of √2.
    pub(crate) diagonal: V,
    /// Sums over the 4 bins at a distance of 2.
    pub(crate) far: V,
}

/// A row of the plane: the amplitudes of 16 bins and of the two around them on each side.
type PlaneRow = [f32; LANES + 2 * HALO];

/// Slides down the plane, from horizontal frequency 0 on.
pub(crate) struct Window<'a, V> {
    /// Vector of the tile's lanes.
    chunk: usize,
    stride: usize,
    /// Four rows, the third of which is that of the next frequency.
    rows: [&'a PlaneRow; 4],
    /// From the row after these on.
    rest: &'a [f32],
    /// Sums of the bins at k − 1 and k + 1, in the row before the next and in its own.
    pairs: [V; 2],
}

impl<'a, V: Lanes> Window<'a, V> {
    /// Starts before the bins of vector `chunk` in row tile `tile`; `None` if the plane is empty.
    #[inline(always)]
    pub(crate) fn new(token: V::Token, plane: &'a [f32], shape: Shape, tile: usize, chunk: usize) -> Option<Self> {
        let stride = stride(shape);
        let rest = plane.get(column(tile * LANES) - HALO..)?;
        let (first, rest) = rest.split_at_checked(stride)?;
        let (before, rest) = rest.split_at_checked(stride)?;
        let (own, rest) = rest.split_at_checked(stride)?;
        let (after, rest) = rest.split_at_checked(stride)?;
        let rows: [&PlaneRow; 4] =
            [first.first_chunk()?, before.first_chunk()?, own.first_chunk()?, after.first_chunk()?];
        let pairs = [rows[1], rows[2]].map(
            #[inline(always)]
            |row| at::<V>(token, row, 1, chunk) + at(token, row, 3, chunk),
        );
        Some(Self { chunk, stride, rows, rest, pairs })
    }

    /// Returns what is around the bins of the next horizontal frequency; `None` past the plane.
    #[inline(always)]
    pub(crate) fn next(&mut self, token: V::Token) -> Option<Neighbours<V>> {
        let Self { chunk, .. } = *self;
        let last: &PlaneRow = self.rest.first_chunk()?;
        let [first, before, own, after] = self.rows;
        let pair_after = at::<V>(token, after, 1, chunk) + at(token, after, 3, chunk);
        let neighbours = Neighbours {
            own: at(token, own, 2, chunk),
            beside: self.pairs[1] + (at::<V>(token, before, 2, chunk) + at(token, after, 2, chunk)),
            diagonal: self.pairs[0] + pair_after,
            far: (at::<V>(token, own, 0, chunk) + at(token, own, 4, chunk))
                + (at::<V>(token, first, 2, chunk) + at(token, last, 2, chunk)),
        };
        self.rows = [before, own, after, last];
        self.pairs = [self.pairs[1], pair_after];
        // empty past the last row
        self.rest = self.rest.get(self.stride..).unwrap_or_default();
        Some(neighbours)
    }
}

/// Returns the amplitudes at an offset of `dk` − 2 from each bin of a vector, `dk` from 0 to 4.
#[inline(always)]
fn at<V: Lanes>(token: V::Token, row: &PlaneRow, dk: usize, chunk: usize) -> V {
    debug_assert!(dk <= 2 * HALO, "an offset within the halo");
    match row.get(dk..).and_then(|from| from.first_chunk()) {
        Some(from) => V::load(token, from, chunk),
        None => V::splat(token, 0.0),
    }
}

/// Returns |z|² of bins.
#[inline(always)]
pub(super) fn powers<V: Lanes>(token: V::Token, bins: &[[f32; 2]; LANES], chunk: usize) -> V {
    let (re, im) = V::load_pairs(token, bins, chunk);
    re * re + im * im
}

/// Writes the amplitudes of a row tile to its strip of the plane.
#[inline(always)]
pub(super) fn write_tile<V: Lanes>(token: V::Token, bins: &TileBins<'_>, plane: &mut Strip<'_, f32>) {
    for (l, row) in bins.order.iter().enumerate() {
        // not asserted: the table of rows is in the block, which may be damaged
        let Some(row) = bins.rows.get(usize::from(*row)) else { return };
        let Some(to) = plane.row(plane_row(l)).first_chunk_mut() else { return };
        for chunk in 0..V::chunks() {
            let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
            (re * re + im * im).sqrt().store(to, chunk);
        }
    }
}

/// Completes the plane once all tiles are written: the Nyquist bins and the halo.
#[inline(always)]
pub(super) fn complete<V: Lanes>(token: V::Token, shape: Shape, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    write_nyquist::<V>(token, shape, nyquist, plane);
    fill_halo(plane, shape);
}

/// Writes the amplitudes of the Nyquist bins (k = H/2), 16 rows of the plane at a time.
///
/// The bins lie in one column. Their roots are still taken as vectors: a scalar root costs a change of instruction encoding on x86.
#[inline(always)]
fn write_nyquist<V: Lanes>(token: V::Token, shape: Shape, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    let (stride, half) = (stride(shape), shape.height as usize / 2);
    for (tile, bins) in nyquist.as_chunks::<LANES>().0.iter().enumerate() {
        let mut amplitudes = [0.0; LANES];
        for chunk in 0..V::chunks() {
            powers::<V>(token, bins, chunk).sqrt().store(&mut amplitudes, chunk);
        }
        for i in 0..LANES {
            if let Some(to) = row_mut(plane, stride, tile * LANES + i).get_mut(column(half)) {
                *to = amplitudes[i];
            }
        }
    }
}
