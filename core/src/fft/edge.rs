//! Lane 0 of tile 0 carries two rows of the spectrum, k = 0 and Nyquist (k = H/2), as the real and imaginary part of its
//! signal. Before the spectrum is read they are taken apart, and put together again before the inverse.

use super::axis::AxisTables;
use crate::simd::Row;

/// The two rows in lane 0 at a frequency: with Z its transform, `z = Z[l]` and `m = Z[−l]`, row 0 is
/// `(Z[l] + conj Z[−l])/2` and Nyquist is `−i(Z[l] − conj Z[−l])/2`.
#[inline(always)]
pub(super) fn split(z: &Row, m: &Row) -> ([f32; 2], [f32; 2]) {
    let zero = [0.5 * (z.re[0] + m.re[0]), 0.5 * (z.im[0] - m.im[0])];
    let half = [0.5 * (z.im[0] + m.im[0]), 0.5 * (m.re[0] - z.re[0])];
    (zero, half)
}

/// Takes lane 0 of a transformed row tile apart: row 0 is written in its place, Nyquist to `nyquist` (real and imaginary
/// part of each of the W rows, in the tile's order).
pub(super) fn untangle(rows: &AxisTables<'_>, tile: &mut [Row], nyquist: &mut [[f32; 2]]) {
    for l in 0..=rows.axis.len() / 2 {
        let (i, j) = (rows.row(l), rows.mirrored(l));
        let (Some(z), Some(m)) = (tile.get(i), tile.get(j)) else { return };
        let (zero, half) = split(z, m);
        // l and −l are conjugates of each other
        for (place, sign) in [(i, 1.0), (j, -1.0)] {
            if let (Some(row), Some(to)) = (tile.get_mut(place), nyquist.get_mut(place)) {
                (row.re[0], row.im[0]) = (zero[0], sign * zero[1]);
                *to = [half[0], sign * half[1]];
            }
            if i == j {
                break;
            }
        }
    }
}

/// The inverse of [`untangle`]: `Z = row 0 + i·Nyquist`.
pub(super) fn entangle(tile: &mut [Row], nyquist: &[[f32; 2]]) {
    for (row, half) in tile.iter_mut().zip(nyquist) {
        row.re[0] -= half[1];
        row.im[0] += half[0];
    }
}
