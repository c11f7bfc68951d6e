//! From column tiles to row tiles and back: the step that takes the two real columns of a lane apart while it turns columns
//! into rows.

use super::Plan;
use crate::jobs::Strip;
use crate::simd::{LANES, Lanes, Row};
use bytemuck::Zeroable;

/// No row: what reads it finds nothing, what writes it writes nothing.
const NONE: u16 = u16::MAX;

const ZERO: Row = Row { re: [0.0; LANES], im: [0.0; LANES] };

/// The rows `k` and `−k` of a column tile for the 16 frequencies of row tile `group`; a height of 16 has only 8.
#[inline(always)]
fn frequency_rows(plan: &Plan<'_>, group: usize) -> [[u16; LANES]; 2] {
    let (rows, height) = (plan.columns.rows, plan.shape.height as usize);
    let (first, half) = (group * LANES, height / 2);
    debug_assert!(
        first < half && rows.len() == height,
        "a row tile of the plan, whose tables have the shape's lengths"
    );
    let mut found = [[NONE; LANES]; 2];
    let [plus, minus] = &mut found;
    let up = rows.get(first..half).unwrap_or_default();
    // −k is H − k, and 0 itself
    let down = rows.get(half + 1..=(height - first).min(height - 1)).unwrap_or_default();
    let zero = if group == 0 { rows.get(..1) } else { None };
    for (to, row) in plus.iter_mut().zip(up) {
        *to = *row;
    }
    for (to, row) in minus.iter_mut().zip(zero.unwrap_or_default().iter().chain(down.iter().rev())) {
        *to = *row;
    }
    found
}

/// Those rows; zeros for [`NONE`], and in a damaged block for any that is not there.
#[inline(always)]
fn rows_at<'a>(columns: &'a [Row], at: &[u16; LANES]) -> [&'a Row; LANES] {
    let mut rows = [&ZERO; LANES];
    for (row, at) in rows.iter_mut().zip(at) {
        *row = columns.get(usize::from(*at)).unwrap_or(&ZERO);
    }
    rows
}

/// The 16 rows of a tile of a group, or the fewer of a narrow image.
#[inline(always)]
fn rows_of(rows: &mut [Row], tile: usize) -> &mut [Row] {
    rows.get_mut(tile * LANES..).unwrap_or_default()
}

/// Room for the 16 rows of a and of b where there are fewer: in narrow images.
#[inline(always)]
fn space(plan: &Plan<'_>) -> Option<[[Row; LANES]; 2]> {
    if plan.shape.width as usize >= 2 * LANES { None } else { Some([[ZERO; LANES]; 2]) }
}

/// Whether both halves of a tile have their rows: 16, or half the width of a narrow image.
fn has_rows(plan: &Plan<'_>, a: usize, b: usize) -> bool {
    let wanted = LANES.min(plan.shape.width as usize / 2);
    a >= wanted && b >= wanted
}

/// Those rows, 16 in any case: of fewer a copy in `space`.
#[inline(always)]
fn sixteen<'a>(rows: &'a mut [Row], space: Option<&'a mut [Row; LANES]>) -> Option<&'a mut [Row; LANES]> {
    let Some(space) = space else { return rows.first_chunk_mut() };
    for (to, row) in space.iter_mut().zip(&*rows) {
        *to = *row;
    }
    Some(space)
}

/// What [`sixteen`] copied goes back.
#[inline(always)]
fn put_back(rows: &mut [Row], space: &[Row; LANES]) {
    for (row, from) in rows.iter_mut().zip(space) {
        *row = *from;
    }
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
    let nyquist = columns.get(plan.columns.row(plan.shape.height as usize / 2)).unwrap_or(&ZERO);
    let mut space = space(plan);
    for group in 0..plan.shape.row_tiles() {
        let (a_rows, b_rows) = spectrum.pair(2 * group);
        let (a_rows, b_rows) = (rows_of(a_rows, tile), rows_of(b_rows, tile));
        let (a_space, b_space) = space.as_mut().map(|[a, b]| (a, b)).unzip();
        debug_assert!(has_rows(plan, a_rows.len(), b_rows.len()), "the spectrum has all its rows");
        let (Some(a), Some(b)) = (sixteen(a_rows, a_space), sixteen(b_rows, b_space)) else { return };
        let [plus, minus] = frequency_rows(plan, group);
        let (plus, minus) = (rows_at(columns, &plus), rows_at(columns, &minus));
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
                if group == 0 && half == 0 {
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
                if group == 0 && half == 0 {
                    block[0] = V::load(token, &nyquist.im, chunk) + V::load(token, &nyquist.im, chunk);
                }
                V::transpose(token, &mut block);
                store_im::<V>(&block, b, chunk, half);
            }
        }
        if let Some([a, b]) = &space {
            put_back(a_rows, a);
            put_back(b_rows, b);
        }
    }
}

/// Stores vector i of a block as chunk `half` of the real part of row `chunk·LEN + i`.
#[inline(always)]
fn store_re<V: Lanes>(block: &[V; LANES], rows: &mut [Row; LANES], chunk: usize, half: usize) {
    for i in 0..V::LEN {
        if let Some(row) = rows.get_mut(chunk * V::LEN + i) {
            block[i].store(&mut row.re, half);
        }
    }
}

/// As [`store_re`], of the imaginary part.
#[inline(always)]
fn store_im<V: Lanes>(block: &[V; LANES], rows: &mut [Row; LANES], chunk: usize, half: usize) {
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
    let mut space = space(plan);
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
        let (a_space, b_space) = space.as_mut().map(|[a, b]| (a, b)).unzip();
        debug_assert!(has_rows(plan, a_rows.len(), b_rows.len()), "the spectrum has all its rows");
        let (Some(a), Some(b)) = (sixteen(a_rows, a_space), sixteen(b_rows, b_space)) else { return };
        let [at, mirrored] = frequency_rows(plan, group);
        for half in 0..V::chunks() {
            for chunk in 0..V::chunks() {
                let first = half * V::LEN;
                let mut block = [V::splat(token, 0.0); LANES];
                for i in 0..V::LEN {
                    let (a, b) = pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) - V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &at, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.im, half) + V::load(token, &b.re, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &at, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &a.re, half) + V::load(token, &b.im, half);
                }
                V::transpose(token, &mut block);
                scatter_re::<V>(&block, columns, &mirrored, first, chunk);
                for i in 0..V::LEN {
                    let (a, b) = pair(a, b, chunk * V::LEN + i);
                    block[i] = V::load(token, &b.re, half) - V::load(token, &a.im, half);
                }
                V::transpose(token, &mut block);
                scatter_im::<V>(&block, columns, &mirrored, first, chunk);
            }
        }
    }
}

/// Row i of both halves; zeros past the end.
#[inline(always)]
fn pair<'a>(a_rows: &'a [Row; LANES], b_rows: &'a [Row; LANES], i: usize) -> (&'a Row, &'a Row) {
    match (a_rows.get(i), b_rows.get(i)) {
        (Some(a), Some(b)) => (a, b),
        _ => (&ZERO, &ZERO),
    }
}

/// Stores vector i of a block as chunk `chunk` of the real part of row `to[first + i]`.
#[inline(always)]
fn scatter_re<V: Lanes>(block: &[V; LANES], columns: &mut [Row], to: &[u16; LANES], first: usize, chunk: usize) {
    for i in 0..V::LEN {
        if let Some(row) = to.get(first + i).and_then(|at| columns.get_mut(usize::from(*at))) {
            block[i].store(&mut row.re, chunk);
        }
    }
}

/// As [`scatter_re`], of the imaginary part.
#[inline(always)]
fn scatter_im<V: Lanes>(block: &[V; LANES], columns: &mut [Row], to: &[u16; LANES], first: usize, chunk: usize) {
    for i in 0..V::LEN {
        if let Some(row) = to.get(first + i).and_then(|at| columns.get_mut(usize::from(*at))) {
            block[i].store(&mut row.im, chunk);
        }
    }
}
