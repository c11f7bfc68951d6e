//! Smoothness: differences between the amplitudes of neighbouring bins.
//!
//! `L = (1/M)·Σ_k lap² + gx² + gy²`, lap = (5-point Laplacian of S)/5, gx and gy = backward differences of S over 2, periodic,
//! over all bins, DC too. With Δ the Laplacian, `∂L/∂S = (2/M)·T`, `T = ΔΔS/25 − ΔS/4`: one stencil of 13 bins,
//! 1.8 in the middle, −0.57 beside, 0.08 on the diagonals, 0.04 two away. L is quadratic in S, so `L = (1/M)·Σ S·T`.
//!
//! The amplitudes stand in a plane in natural order, one row a horizontal frequency, with a border of two bins: the
//! neighbours beyond the half spectrum are mirrored, S(−l, −k) = S(l, k).

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
        let mut rows = [&[0.0; LANES + 2 * BORDER]; 5];
        let mut start = l * stride + column(group * LANES) - BORDER;
        for to in &mut rows {
            *to = plane.get(start..)?.first_chunk()?;
            start += stride;
        }
        Some(Self { rows })
    }

    /// 16 bins of row `l + dl`, moved by `dk`.
    #[inline(always)]
    fn at<V: Lanes>(&self, token: V::Token, dl: usize, dk: usize, chunk: usize) -> V {
        match self.rows[dl].get(dk..).and_then(|from| from.first_chunk()) {
            Some(from) => V::load(token, from, chunk),
            None => V::splat(token, 0.0),
        }
    }

    /// S and T of 16 bins.
    #[inline(always)]
    pub(crate) fn amplitude_and_stencil<V: Lanes>(&self, token: V::Token, chunk: usize) -> (V, V) {
        let middle: V = self.at(token, 2, 2, chunk);
        let beside = (self.at::<V>(token, 2, 1, chunk) + self.at(token, 2, 3, chunk))
            + (self.at::<V>(token, 1, 2, chunk) + self.at(token, 3, 2, chunk));
        let diagonal = (self.at::<V>(token, 1, 1, chunk) + self.at(token, 1, 3, chunk))
            + (self.at::<V>(token, 3, 1, chunk) + self.at(token, 3, 3, chunk));
        let far = (self.at::<V>(token, 2, 0, chunk) + self.at(token, 2, 4, chunk))
            + (self.at::<V>(token, 0, 2, chunk) + self.at(token, 4, 2, chunk));
        let centre = middle * V::splat(token, 1.8) - beside * V::splat(token, 0.57);
        (middle, centre + (diagonal * V::splat(token, 0.08) + far * V::splat(token, 0.04)))
    }
}
