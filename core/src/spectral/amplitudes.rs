//! The plane of amplitudes of all bins, with a halo of two bins.
//!
//! Row `l` holds the bins k = 0 … H/2 of horizontal frequency `l`. The halo continues the half spectrum by S(−l, −k) = S(l, k). The
//! plane holds the stored amplitude D = 2S.

use crate::fft::{Plan, TileBins};
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

/// 16 bins of one horizontal frequency with the two bins around them on each side: 5 rows of 20 amplitudes.
pub(crate) struct Neighbours<'a> {
    rows: [&'a [f32; LANES + 2 * HALO]; 5],
}

impl<'a> Neighbours<'a> {
    /// Returns the bins of horizontal frequency `l` in row tile `tile`; `None` past the plane, which may be empty.
    #[inline(always)]
    pub(crate) fn new(plane: &'a [f32], stride: usize, l: usize, tile: usize) -> Option<Self> {
        // Rows are split off one after the other: five offsets into the plane would each take a range check of seven instructions.
        let (above, rest) = plane.get(l * stride + column(tile * LANES) - HALO..)?.split_at_checked(stride)?;
        let (before, rest) = rest.split_at_checked(stride)?;
        let (own, rest) = rest.split_at_checked(stride)?;
        let (after, below) = rest.split_at_checked(stride)?;
        let first = |row: &'a [f32]| row.first_chunk();
        Some(Self { rows: [first(above)?, first(before)?, first(own)?, first(after)?, first(below)?] })
    }

    /// Returns the amplitudes at an offset of (`dl` − 2, `dk` − 2) from each bin; both are 0 to 4.
    #[inline(always)]
    pub(super) fn at<V: Lanes>(&self, token: V::Token, dl: usize, dk: usize, chunk: usize) -> V {
        debug_assert!(dl <= 2 * HALO && dk <= 2 * HALO, "an offset within the halo");
        match self.rows[dl].get(dk..).and_then(|from| from.first_chunk()) {
            Some(from) => V::load(token, from, chunk),
            None => V::splat(token, 0.0),
        }
    }

    /// Returns the amplitudes of the bins themselves.
    #[inline(always)]
    pub(super) fn amplitude<V: Lanes>(&self, token: V::Token, chunk: usize) -> V {
        self.at(token, 2, 2, chunk)
    }
}

/// Returns |z|² of 16 bins.
#[inline(always)]
pub(super) fn powers(bins: &[[f32; 2]; LANES]) -> [f32; LANES] {
    let mut powers = [0.0; LANES];
    for i in 0..LANES {
        let [re, im] = bins[i];
        powers[i] = re * re + im * im;
    }
    powers
}

/// Writes the amplitudes of a row tile to its strip of the plane.
#[inline(always)]
pub(super) fn write_tile<V: Lanes>(token: V::Token, bins: &TileBins<'_>, plane: &mut Strip<'_, f32>) {
    for (row, l) in bins.rows.iter().zip(bins.frequencies) {
        // not asserted: the table of frequencies is in the block, which may be damaged
        let Some(to) = plane.row(plane_row(usize::from(*l))).first_chunk_mut() else { return };
        for chunk in 0..V::chunks() {
            let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
            (re * re + im * im).sqrt().store(to, chunk);
        }
    }
}

/// Completes the plane once all tiles are written: the Nyquist bins and the halo.
#[inline(always)]
pub(super) fn complete<V: Lanes>(token: V::Token, plan: &Plan<'_>, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    write_nyquist::<V>(token, plan, nyquist, plane);
    fill_halo(plane, plan.shape);
}

/// Writes the amplitudes of the Nyquist bins (k = H/2), 16 rows of the plane at a time.
///
/// The bins lie in one column. Their roots are still taken as vectors: a scalar root costs a change of instruction encoding on x86.
#[inline(always)]
fn write_nyquist<V: Lanes>(token: V::Token, plan: &Plan<'_>, nyquist: &[[f32; 2]], plane: &mut [f32]) {
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
