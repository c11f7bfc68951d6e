//! The plane of amplitudes: every bin's, in natural order, with its neighbours around it.
//!
//! One row a horizontal frequency, with a border of two bins: the neighbours beyond the half spectrum are mirrored, S(−l, −k) = S(l, k).
//! What stands in the plane is the stored amplitude D = 2S.

use crate::fft::{Plan, TileBins};
use crate::jobs::Strip;
use crate::shape::Shape;
use crate::simd::{LANES, Lanes};

/// Bins around the plane.
const BORDER: usize = 2;

/// Floats from one row of the plane to the next: 16 to the left (the border is their end), H/2 + 1 bins, the border.
pub(crate) const fn stride(shape: Shape) -> usize {
    shape.height as usize / 2 + 2 * LANES
}

/// Floats of the plane; the bins around the Nyquist bin of the last row are read 16 at a time too.
pub(crate) const fn plane_len(shape: Shape) -> usize {
    (shape.width as usize + 2 * BORDER) * stride(shape) + LANES
}

/// Which row of the plane holds horizontal frequency `l`.
#[inline(always)]
pub(crate) const fn plane_row(l: usize) -> usize {
    l + BORDER
}

/// The row of horizontal frequency `l`, from its left margin on.
#[inline(always)]
pub(crate) fn row(plane: &[f32], stride: usize, l: usize) -> &[f32] {
    let start = plane_row(l) * stride;
    plane.get(start..start + stride).unwrap_or_default()
}

/// As [`row`], to write.
#[inline(always)]
pub(crate) fn row_mut(plane: &mut [f32], stride: usize, l: usize) -> &mut [f32] {
    let start = plane_row(l) * stride;
    plane.get_mut(start..start + stride).unwrap_or_default()
}

/// Where the bin k stands in a row.
#[inline(always)]
pub(crate) const fn column(k: usize) -> usize {
    LANES + k
}

/// Fills the border once all bins k = 0 … H/2 are written.
#[inline(always)]
pub(crate) fn fill_border(plane: &mut [f32], shape: Shape) {
    let (width, half, stride) = (shape.width as usize, shape.height as usize / 2, stride(shape));
    for l in 0..width {
        let mirrored = row(plane, stride, if l == 0 { 0 } else { width - l });
        let at = |k: usize| mirrored.get(column(k)).copied().unwrap_or(0.0);
        let beyond = [
            (column(0) - 1, at(1)),
            (column(0) - 2, at(2)),
            (column(half) + 1, at(half - 1)),
            (column(half) + 2, at(half - 2)),
        ];
        let to = row_mut(plane, stride, l);
        for (place, value) in beyond {
            if let Some(to) = to.get_mut(place) {
                *to = value;
            }
        }
        // at a height of 16 a tile's upper lanes have no bins: their neighbours are read and count 0 times, so they must be numbers
        for to in to.get_mut(column(half + BORDER) + 1..column(LANES) + BORDER).unwrap_or_default() {
            *to = 0.0;
        }
    }
    // rows −2, −1 and W, W + 1
    let border = BORDER * stride;
    debug_assert!(plane.len() >= border + (width + BORDER) * stride, "the plane has its border");
    let (before, rest) = plane.split_at_mut_checked(border).unwrap_or_default();
    let (rows, after) = rest.split_at_mut_checked(width * stride).unwrap_or_default();
    for (to, from) in before.iter_mut().zip(rows.iter().skip((width * stride).saturating_sub(border))) {
        *to = *from;
    }
    for (to, from) in after.iter_mut().take(border).zip(&*rows) {
        *to = *from;
    }
}

/// The five rows of the plane around a frequency, 20 bins of each: 16 and the border.
pub(crate) struct Neighbours<'a> {
    rows: [&'a [f32; LANES + 2 * BORDER]; 5],
}

impl<'a> Neighbours<'a> {
    /// Around row `l` and the bins of row tile `group`.
    #[inline(always)]
    pub(crate) fn new(plane: &'a [f32], stride: usize, l: usize, group: usize) -> Option<Self> {
        // row by row off the front, not five offsets: one comparison a row, and none for the end of each
        let (above, rest) = plane.get(l * stride + column(group * LANES) - BORDER..)?.split_at_checked(stride)?;
        let (before, rest) = rest.split_at_checked(stride)?;
        let (own, rest) = rest.split_at_checked(stride)?;
        let (after, below) = rest.split_at_checked(stride)?;
        let first = |row: &'a [f32]| row.first_chunk();
        Some(Self { rows: [first(above)?, first(before)?, first(own)?, first(after)?, first(below)?] })
    }

    /// 16 bins of row `l + dl − 2`, moved by `dk − 2`.
    #[inline(always)]
    pub(super) fn at<V: Lanes>(&self, token: V::Token, dl: usize, dk: usize, chunk: usize) -> V {
        match self.rows[dl].get(dk..).and_then(|from| from.first_chunk()) {
            Some(from) => V::load(token, from, chunk),
            None => V::splat(token, 0.0),
        }
    }

    /// The amplitudes of the 16 bins themselves.
    #[inline(always)]
    pub(super) fn amplitude<V: Lanes>(&self, token: V::Token, chunk: usize) -> V {
        self.at(token, 2, 2, chunk)
    }
}

/// |z|² of 16 bins.
#[inline(always)]
pub(super) fn powers(bins: &[[f32; 2]; LANES]) -> [f32; LANES] {
    let mut powers = [0.0; LANES];
    for i in 0..LANES {
        let [re, im] = bins[i];
        powers[i] = re * re + im * im;
    }
    powers
}

/// Writes the amplitudes of a tile to its strip of the plane.
#[inline(always)]
pub(super) fn write_tile<V: Lanes>(token: V::Token, bins: &TileBins<'_>, plane: &mut Strip<'_, f32>) {
    for (row, l) in bins.rows.iter().zip(bins.frequencies) {
        let Some(to) = plane.row(plane_row(usize::from(*l))).first_chunk_mut() else { return };
        for chunk in 0..V::chunks() {
            let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
            (re * re + im * im).sqrt().store(to, chunk);
        }
    }
}

/// Writes the amplitudes of the Nyquist row, 16 rows at a time: its bins lie one a row, but the roots are a vector's (a scalar root
/// costs a change between instruction encodings on x86).
#[inline(always)]
pub(super) fn write_nyquist<V: Lanes>(token: V::Token, plan: &Plan<'_>, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    let (stride, half) = (stride(plan.shape), plan.shape.height as usize / 2);
    let (nyquist, _) = nyquist.as_chunks::<LANES>();
    let (frequencies, _) = plan.rows.frequencies.as_chunks::<LANES>();
    for (bins, frequencies) in nyquist.iter().zip(frequencies) {
        let mut amplitudes = [0.0; LANES];
        let powers = powers(bins);
        for chunk in 0..V::chunks() {
            V::load(token, &powers, chunk).sqrt().store(&mut amplitudes, chunk);
        }
        for i in 0..LANES {
            let to = row_mut(plane, stride, usize::from(frequencies[i]));
            if let Some(to) = to.get_mut(column(half)) {
                *to = amplitudes[i];
            }
        }
    }
}
