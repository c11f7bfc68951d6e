//! Row k = 0 and the Nyquist row k = H/2 of the spectrum, which share lane 0 of row tile 0.
//!
//! Both rows are transforms of real signals, so they travel as real and imaginary part of one signal: `Z = X₀ + i·X_Nyquist`. Before the
//! bins are read [`untangle`] takes Z apart; before the inverse [`entangle`] puts it together.

use super::axis::AxisTables;
use crate::simd::Row;

/// Returns the bins l of row 0 and of the Nyquist row, from rows `z` (frequency l) and `m` (−l) of tile 0.
///
/// `X₀[l] = (Z[l] + conj Z[−l])/2` and `X_Nyquist[l] = −i(Z[l] − conj Z[−l])/2`.
#[inline(always)]
pub(super) fn untangled(z: &Row, m: &Row) -> ([f32; 2], [f32; 2]) {
    let zero = [0.5 * (z.re[0] + m.re[0]), 0.5 * (z.im[0] - m.im[0])];
    let nyquist = [0.5 * (z.im[0] + m.im[0]), 0.5 * (m.re[0] - z.re[0])];
    (zero, nyquist)
}

/// Takes lane 0 of transformed row tile 0 apart, into row 0 in the lane and the Nyquist row in `nyquist`: W bins by frequency.
pub(super) fn untangle(rows: &AxisTables<'_>, tile: &mut [Row], nyquist: &mut [[f32; 2]]) {
    let width = rows.axis.len();
    for l in 0..=width / 2 {
        let mirrored = if l == 0 { 0 } else { width - l };
        let (i, j) = (rows.row(l), rows.row(mirrored));
        // no assertion: the table of rows is in the block, which may be damaged
        let (Some(z), Some(m)) = (tile.get(i), tile.get(j)) else { return };
        let (zero, at_nyquist) = untangled(z, m);
        // both rows are transforms of real signals: bins l and −l are conjugates
        for (index, l, sign) in [(i, l, 1.0), (j, mirrored, -1.0)] {
            if let (Some(row), Some(to)) = (tile.get_mut(index), nyquist.get_mut(l)) {
                (row.re[0], row.im[0]) = (zero[0], sign * zero[1]);
                *to = [at_nyquist[0], sign * at_nyquist[1]];
            }
            if i == j {
                break;
            }
        }
    }
}

/// Puts row 0 and the Nyquist row together in lane 0: the inverse of [`untangle`].
pub(super) fn entangle(rows: &AxisTables<'_>, tile: &mut [Row], nyquist: &[[f32; 2]]) {
    for (row, bin) in rows.rows.iter().zip(nyquist) {
        if let Some(row) = tile.get_mut(usize::from(*row)) {
            entangle_bin(row, *bin);
        }
    }
}

/// Puts a bin of the Nyquist row to the bin of row 0 that has its frequency.
#[inline(always)]
pub(super) fn entangle_bin(row: &mut Row, bin: [f32; 2]) {
    row.re[0] -= bin[1];
    row.im[0] += bin[0];
}
