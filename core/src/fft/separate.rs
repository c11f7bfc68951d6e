//! From column tiles to row tiles and back: takes the two real columns of each lane apart, and transposes.
//!
//! A packed column z holds two real columns, `z = a + i·b`: a is column j, b is column j + W/2. With Z, A, B their transforms:
//!
//! ```text
//! separate   2A[k] = Z[k] + conj Z[−k]      2B[k] = −i(Z[k] − conj Z[−k])      the factor 2 stays in what is stored
//! merge       Z[k] = A[k] + i·B[k]          Z[−k] = conj A[k] + i·conj B[k]
//! ```

use super::Plan;
use crate::jobs::Strip;
use crate::simd::{LANES, Lanes, Row};
use bytemuck::Zeroable;

/// Index of no row: reads as zeros, and writes to it are dropped.
const NONE: u16 = u16::MAX;

const ZERO: Row = Row { re: [0.0; LANES], im: [0.0; LANES] };

/// Returns the rows of frequencies k and −k in a column tile, for the 16 values of k in row tile `row_tile`.
///
/// A height of 16 has 8 frequencies; the others are [`NONE`].
#[inline(always)]
fn frequency_rows(plan: &Plan<'_>, row_tile: usize) -> [[u16; LANES]; 2] {
    let (rows, height) = (plan.columns.rows, plan.shape.height as usize);
    let (first, half) = (row_tile * LANES, height / 2);
    debug_assert!(
        first < half && rows.len() == height,
        "a row tile of the plan, whose tables have the shape's lengths"
    );
    let mut found = [[NONE; LANES]; 2];
    let [plus, minus] = &mut found;
    let up = rows.get(first..half).unwrap_or_default();
    // −k is H − k; −0 is 0
    let down = rows.get(half + 1..=(height - first).min(height - 1)).unwrap_or_default();
    let zero = if row_tile == 0 { rows.get(..1) } else { None };
    for (to, row) in plus.iter_mut().zip(up) {
        *to = *row;
    }
    for (to, row) in minus.iter_mut().zip(zero.unwrap_or_default().iter().chain(down.iter().rev())) {
        *to = *row;
    }
    found
}

/// Returns the rows at 16 indices; zeros for [`NONE`], and for any other index past the end, which only a damaged block holds.
#[inline(always)]
fn gather<'a>(columns: &'a [Row], at: &[u16; LANES]) -> [&'a Row; LANES] {
    let mut rows = [&ZERO; LANES];
    for (row, at) in rows.iter_mut().zip(at) {
        *row = columns.get(usize::from(*at)).unwrap_or(&ZERO);
    }
    rows
}

/// Returns the rows from the first of column tile `tile` on: at least 16, or W/2 in an image less than 32 wide.
#[inline(always)]
fn rows_of(rows: &mut [Row], tile: usize) -> &mut [Row] {
    rows.get_mut(tile * LANES..).unwrap_or_default()
}

/// Work space for 16 rows of A and 16 of B, where an image less than 32 wide has fewer.
#[inline(always)]
fn narrow_rows(plan: &Plan<'_>) -> Option<[[Row; LANES]; 2]> {
    if plan.shape.width as usize >= 2 * LANES { None } else { Some([[ZERO; LANES]; 2]) }
}

/// Whether A and B have at least as many rows as [`sixteen`] needs.
fn has_rows(plan: &Plan<'_>, a: usize, b: usize) -> bool {
    let wanted = LANES.min(plan.shape.width as usize / 2);
    a >= wanted && b >= wanted
}

/// Returns the first 16 rows; in a narrow image a copy of the fewer rows, in `narrow`.
#[inline(always)]
fn sixteen<'a>(rows: &'a mut [Row], narrow: Option<&'a mut [Row; LANES]>) -> Option<&'a mut [Row; LANES]> {
    let Some(narrow) = narrow else { return rows.first_chunk_mut() };
    for (to, row) in narrow.iter_mut().zip(&*rows) {
        *to = *row;
    }
    Some(narrow)
}

/// Copies the rows of a narrow image back.
#[inline(always)]
fn put_back(rows: &mut [Row], narrow: &[Row; LANES]) {
    for (row, from) in rows.iter_mut().zip(narrow) {
        *row = *from;
    }
}

/// Takes the columns of column tile `tile` apart and writes them to all row tiles.
///
/// 2A[k] goes to row j, 2B[k] to row j + W/2 of the row tile that holds k. `spectrum` has two rows of W/2 elements per row tile, of each
/// the group's part. In lane k = 0 A and B are real, so their imaginary parts hold the Nyquist values `2·Re Z[H/2]` and `2·Im Z[H/2]`.
#[inline(always)]
pub(super) fn separate<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    columns: &[Row],
    tile: usize,
    spectrum: &mut Strip<'_, Row>,
) {
    let nyquist = columns.get(plan.columns.row(plan.shape.height as usize / 2)).unwrap_or(&ZERO);
    let mut narrow = narrow_rows(plan);
    for row_tile in 0..plan.shape.row_tiles() {
        let (a_rows, b_rows) = spectrum.pair(2 * row_tile);
        let (a_rows, b_rows) = (rows_of(a_rows, tile), rows_of(b_rows, tile));
        let (a_narrow, b_narrow) = narrow.as_mut().map(|[a, b]| (a, b)).unzip();
        debug_assert!(has_rows(plan, a_rows.len(), b_rows.len()), "two rows of W/2 per row tile");
        let (Some(a), Some(b)) = (sixteen(a_rows, a_narrow), sixteen(b_rows, b_narrow)) else { return };
        let [plus, minus] = frequency_rows(plan, row_tile);
        let (plus, minus) = (gather(columns, &plus), gather(columns, &minus));
        for half in 0..V::chunks() {
            for chunk in 0..V::chunks() {
                let mut block = [V::splat(token, 0.0); LANES];
                let first = half * V::LEN;
                for i in 0..V::LEN {
                    let (z, m) = (plus[(first + i) % LANES], minus[(first + i) % LANES]);
                    block[i] = V::load(token, &z.re, chunk) + V::load(token, &m.re, chunk);
                }
                V::transpose(token, &mut block);
                store_re::<V>(&block, a, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[(first + i) % LANES], minus[(first + i) % LANES]);
                    block[i] = V::load(token, &z.im, chunk) - V::load(token, &m.im, chunk);
                }
                if row_tile == 0 && half == 0 {
                    block[0] = V::load(token, &nyquist.re, chunk) + V::load(token, &nyquist.re, chunk);
                }
                V::transpose(token, &mut block);
                store_im::<V>(&block, a, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[(first + i) % LANES], minus[(first + i) % LANES]);
                    block[i] = V::load(token, &z.im, chunk) + V::load(token, &m.im, chunk);
                }
                V::transpose(token, &mut block);
                store_re::<V>(&block, b, chunk, half);
                for i in 0..V::LEN {
                    let (z, m) = (plus[(first + i) % LANES], minus[(first + i) % LANES]);
                    block[i] = V::load(token, &m.re, chunk) - V::load(token, &z.re, chunk);
                }
                if row_tile == 0 && half == 0 {
                    block[0] = V::load(token, &nyquist.im, chunk) + V::load(token, &nyquist.im, chunk);
                }
                V::transpose(token, &mut block);
                store_im::<V>(&block, b, chunk, half);
            }
        }
        if let Some([a, b]) = &narrow {
            put_back(a_rows, a);
            put_back(b_rows, b);
        }
    }
}

/// Stores vector i of a block in chunk `half` of the real part of row `chunk·LEN + i`.
#[inline(always)]
fn store_re<V: Lanes>(block: &[V; LANES], rows: &mut [Row; LANES], chunk: usize, half: usize) {
    for i in 0..V::LEN {
        if let Some(row) = rows.get_mut(chunk * V::LEN + i) {
            block[i].store(&mut row.re, half);
        }
    }
}

/// As [`store_re`], for the imaginary part.
#[inline(always)]
fn store_im<V: Lanes>(block: &[V; LANES], rows: &mut [Row; LANES], chunk: usize, half: usize) {
    for i in 0..V::LEN {
        if let Some(row) = rows.get_mut(chunk * V::LEN + i) {
            block[i].store(&mut row.im, half);
        }
    }
}

/// Packs A and B of all row tiles into the columns of column tile `tile`: the inverse of [`separate`].
///
/// Zeroes the Nyquist values in `spectrum`, so that lane k = 0 is real again.
#[inline(always)]
pub(super) fn merge<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    spectrum: &mut Strip<'_, Row>,
    tile: usize,
    columns: &mut [Row],
) {
    let height = plan.shape.height as usize;
    let mut narrow = narrow_rows(plan);
    for row_tile in 0..plan.shape.row_tiles() {
        let (a_rows, b_rows) = spectrum.pair(2 * row_tile);
        let (a_rows, b_rows) = (rows_of(a_rows, tile), rows_of(b_rows, tile));
        if row_tile == 0 {
            // the Nyquist values, see `separate`
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
        let (a_narrow, b_narrow) = narrow.as_mut().map(|[a, b]| (a, b)).unzip();
        debug_assert!(has_rows(plan, a_rows.len(), b_rows.len()), "two rows of W/2 per row tile");
        let (Some(a), Some(b)) = (sixteen(a_rows, a_narrow), sixteen(b_rows, b_narrow)) else { return };
        let [plus, minus] = frequency_rows(plan, row_tile);
        for half in 0..V::chunks() {
            for chunk in 0..V::chunks() {
                let first = half * V::LEN;
                let mut block = [V::splat(token, 0.0); LANES];
                for i in 0..V::LEN {
                    let (a, b) = row_pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) - V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &plus, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = row_pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.im, half) + V::load(token, &b.re, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &plus, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = row_pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) + V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &minus, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = row_pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &b.re, half) - V::load(token, &a.im, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &minus, first, chunk);
            }
        }
    }
}

/// Row i of A and of B.
#[inline(always)]
fn row_pair<'a>(a_rows: &'a [Row; LANES], b_rows: &'a [Row; LANES], i: usize) -> (&'a Row, &'a Row) {
    debug_assert!(i < LANES, "a block of LEN x LEN in 16 rows");
    match (a_rows.get(i), b_rows.get(i)) {
        (Some(a), Some(b)) => (a, b),
        _ => (&ZERO, &ZERO),
    }
}

/// Stores vector i of a block in chunk `chunk` of the real part of row `to[first + i]`.
#[inline(always)]
fn scatter_re<V: Lanes>(block: &[V; LANES], columns: &mut [Row], to: &[u16; LANES], first: usize, chunk: usize) {
    for i in 0..V::LEN {
        if let Some(row) = to.get(first + i).and_then(|at| columns.get_mut(usize::from(*at))) {
            block[i].store(&mut row.re, chunk);
        }
    }
}

/// As [`scatter_re`], for the imaginary part.
#[inline(always)]
fn scatter_im<V: Lanes>(block: &[V; LANES], columns: &mut [Row], to: &[u16; LANES], first: usize, chunk: usize) {
    for i in 0..V::LEN {
        if let Some(row) = to.get(first + i).and_then(|at| columns.get_mut(usize::from(*at))) {
            block[i].store(&mut row.im, chunk);
        }
    }
}
