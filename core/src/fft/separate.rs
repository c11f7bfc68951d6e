//! From column tiles to row tiles and back: the step that takes the two real columns of a lane apart while it turns columns
//! into rows.

use super::Plan;
use crate::jobs::Strip;
use crate::simd::{LANES, Lanes, Row};
use bytemuck::Zeroable;

/// The rows `k` and `−k` of a column tile for the 16 frequencies of row tile `group`.
#[inline(always)]
fn frequency_rows(plan: &Plan<'_>, group: usize) -> ([usize; LANES], [usize; LANES]) {
    let mut rows = ([0; LANES], [0; LANES]);
    for i in 0..LANES {
        let k = group * LANES + i;
        rows.0[i] = plan.columns.row(k);
        rows.1[i] = plan.columns.mirrored(k);
    }
    rows
}

/// Takes the two real columns of each lane apart and transposes: with Z the transform of a packed column,
/// `A[k] = Z[k] + conj Z[−k]` (column j) and `B[k] = −i(Z[k] − conj Z[−k])` (column j + W/2) go to rows j and j + W/2 of
/// the row tile that holds k; the factor 2 stays. Of the spectrum it has rows of W/2, two a row tile: the
/// group's of each, of which `tile` takes 16. In lane k = 0 both are real: the imaginary parts take the Nyquist
/// values, `2·Re Z[H/2]` and `2·Im Z[H/2]`.
#[inline(always)]
pub(super) fn separate<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    columns: &[Row],
    tile: usize,
    spectrum: &mut Strip<'_, Row>,
) {
    let height = plan.shape.height as usize;
    let zero = Row::zeroed();
    let nyquist = columns.get(plan.columns.row(height / 2)).unwrap_or(&zero);
    for group in 0..plan.shape.row_tiles() {
        let (a_rows, b_rows) = spectrum.pair(2 * group);
        let (a_rows, b_rows) = (rows_of(a_rows, tile), rows_of(b_rows, tile));
        let (at, mirrored) = frequency_rows(plan, group);
        let mut plus = [&zero; LANES];
        let mut minus = [&zero; LANES];
        for i in 0..LANES {
            plus[i] = columns.get(at[i]).unwrap_or(&zero);
            minus[i] = columns.get(mirrored[i]).unwrap_or(&zero);
        }
        for half in 0..V::CHUNKS {
            for chunk in 0..V::CHUNKS {
                let mut block = [V::splat(token, 0.0); LANES];
                let first = half * V::LEN;
                for i in 0..V::LEN {
                    let (z, m) = (plus[first + i], minus[first + i]);
                    block[i] = V::load(token, &z.re, chunk) + V::load(token, &m.re, chunk);
                }
                V::transpose(token, &mut block);
                store_re::<V>(&block, a_rows, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[first + i], minus[first + i]);
                    block[i] = V::load(token, &z.im, chunk) - V::load(token, &m.im, chunk);
                }
                if group == 0 && half == 0 {
                    block[0] = V::load(token, &nyquist.re, chunk) + V::load(token, &nyquist.re, chunk);
                }
                V::transpose(token, &mut block);
                store_im::<V>(&block, a_rows, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[first + i], minus[first + i]);
                    block[i] = V::load(token, &z.im, chunk) + V::load(token, &m.im, chunk);
                }
                V::transpose(token, &mut block);
                store_re::<V>(&block, b_rows, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[first + i], minus[first + i]);
                    block[i] = V::load(token, &m.re, chunk) - V::load(token, &z.re, chunk);
                }
                if group == 0 && half == 0 {
                    block[0] = V::load(token, &nyquist.im, chunk) + V::load(token, &nyquist.im, chunk);
                }
                V::transpose(token, &mut block);
                store_im::<V>(&block, b_rows, chunk, half);
            }
        }
    }
}

/// The 16 rows, or fewer, of a tile of a group.
#[inline(always)]
fn rows_of(rows: &mut [Row], tile: usize) -> &mut [Row] {
    let end = (tile + 1) * LANES;
    rows.get_mut(tile * LANES..if end < rows.len() { end } else { rows.len() }).unwrap_or_default()
}

/// Stores vector i of a block as chunk `half` of the real part of row `chunk·LEN + i`.
#[inline(always)]
fn store_re<V: Lanes>(block: &[V; LANES], rows: &mut [Row], chunk: usize, half: usize) {
    for i in 0..V::LEN {
        if let Some(row) = rows.get_mut(chunk * V::LEN + i) {
            block[i].store(&mut row.re, half);
        }
    }
}

/// As [`store_re`], of the imaginary part.
#[inline(always)]
fn store_im<V: Lanes>(block: &[V; LANES], rows: &mut [Row], chunk: usize, half: usize) {
    for i in 0..V::LEN {
        if let Some(row) = rows.get_mut(chunk * V::LEN + i) {
            block[i].store(&mut row.im, half);
        }
    }
}

/// The inverse of [`separate`]: `Z[k] = A[k] + i·B[k]` and `Z[−k] = conj A[k] + i·conj B[k]`, back in columns. It zeroes
/// the Nyquist values in `spectrum` as it takes them.
#[inline(always)]
pub(super) fn merge<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    spectrum: &mut Strip<'_, Row>,
    tile: usize,
    columns: &mut [Row],
) {
    let height = plan.shape.height as usize;
    for group in 0..plan.shape.row_tiles() {
        let (a_rows, b_rows) = spectrum.pair(2 * group);
        let (a_rows, b_rows) = (rows_of(a_rows, tile), rows_of(b_rows, tile));
        if group == 0 {
            // lane k = 0: both parts of the Nyquist values are real signals
            let mut nyquist = Row::zeroed();
            for i in 0..LANES {
                if let (Some(a), Some(b)) = (a_rows.get_mut(i), b_rows.get_mut(i)) {
                    nyquist.re[i] = core::mem::take(&mut a.im[0]);
                    nyquist.im[i] = core::mem::take(&mut b.im[0]);
                }
            }
            if let Some(row) = columns.get_mut(plan.columns.row(height / 2)) {
                *row = nyquist;
            }
        }
        let (at, mirrored) = frequency_rows(plan, group);
        for half in 0..V::CHUNKS {
            for chunk in 0..V::CHUNKS {
                let rows = (half * V::LEN, height / 2 - group * LANES);
                let mut block = [V::splat(token, 0.0); LANES];
                for i in 0..V::LEN {
                    let (a, b) = pair(a_rows, b_rows, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) - V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &at, rows, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a_rows, b_rows, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.im, half) + V::load(token, &b.re, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &at, rows, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a_rows, b_rows, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) + V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &mirrored, rows, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a_rows, b_rows, chunk * V::LEN + i);
                    block[i] = V::load(token, &b.re, half) - V::load(token, &a.im, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &mirrored, rows, chunk);
            }
        }
    }
}

/// Row i of both halves; zeros past the end.
#[inline(always)]
fn pair<'a>(a_rows: &'a [Row], b_rows: &'a [Row], i: usize) -> (&'a Row, &'a Row) {
    const ZERO: Row = Row { re: [0.0; LANES], im: [0.0; LANES] };
    match (a_rows.get(i), b_rows.get(i)) {
        (Some(a), Some(b)) => (a, b),
        _ => (&ZERO, &ZERO),
    }
}

/// Stores vector i of a block as chunk `chunk` of the real part of row `to[first + i]`, for those below `count`.
#[inline(always)]
fn scatter_re<V: Lanes>(
    block: &[V; LANES],
    columns: &mut [Row],
    to: &[usize; LANES],
    (first, count): (usize, usize),
    chunk: usize,
) {
    for i in 0..V::LEN {
        if first + i < count
            && let Some(row) = columns.get_mut(to[first + i])
        {
            block[i].store(&mut row.re, chunk);
        }
    }
}

/// As [`scatter_re`], of the imaginary part.
#[inline(always)]
fn scatter_im<V: Lanes>(
    block: &[V; LANES],
    columns: &mut [Row],
    to: &[usize; LANES],
    (first, count): (usize, usize),
    chunk: usize,
) {
    for i in 0..V::LEN {
        if first + i < count
            && let Some(row) = columns.get_mut(to[first + i])
        {
            block[i].store(&mut row.im, chunk);
        }
    }
}
