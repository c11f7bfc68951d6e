//! Passes over a tile of rows: decimation in frequency forward (natural order in, digit-reversed out), decimation in
//! time back (the reverse). One lane is one signal, so a twiddle is one number for all lanes.

use super::axis::{AxisTables, Pass, Radix};
use super::butterfly::{Complex, Dft, Eight, Four};
use crate::simd::{Kernel, Lanes, Row, Words};

/// Forward transform of each lane of a tile.
#[inline(always)]
pub(super) fn rows_forward<V: Lanes>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    first::<V, false>(token, tables, tile);
    rest::<V, false>(token, tables, tile);
}

/// Inverse transform of each lane of a tile, unscaled.
#[inline(always)]
pub(super) fn rows_inverse<V: Lanes>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    rest::<V, true>(token, tables, tile);
    first::<V, true>(token, tables, tile);
}

/// The first forward pass, or the last of the inverse.
#[inline(always)]
pub(super) fn first<V: Lanes, const INVERSE: bool>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    V::call(token, First::<INVERSE> { tables, tile });
}

/// The other passes, each part of the tile to its end before the next: a part stays in L1.
#[inline(always)]
pub(super) fn rest<V: Lanes, const INVERSE: bool>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    V::call(token, Rest::<INVERSE> { tables, tile });
}

struct First<'a, 't, const INVERSE: bool> {
    tables: &'a AxisTables<'t>,
    tile: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel for First<'_, '_, INVERSE> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        debug_assert!(!self.tables.passes.is_empty(), "the shortest axis, of 16, has two passes");
        let Some(pass) = self.tables.passes.first() else { return };
        match pass.radix {
            Radix::Four => blocks::<V, Four, 4, 6, INVERSE>(token, self.tables, pass, self.tile),
            Radix::Eight => blocks::<V, Eight, 8, 14, INVERSE>(token, self.tables, pass, self.tile),
        }
    }
}

struct Rest<'a, 't, const INVERSE: bool> {
    tables: &'a AxisTables<'t>,
    tile: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel for Rest<'_, '_, INVERSE> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        debug_assert!(!self.tables.passes.is_empty(), "the shortest axis, of 16, has two passes");
        let Some((first, rest)) = self.tables.passes.split_first() else { return };
        debug_assert!(first.part() > 0 && self.tile.len().is_multiple_of(first.part()), "whole parts");
        for part in self.tile.chunks_exact_mut(first.part().max(1)) {
            for i in 0..rest.len() {
                let Some(pass) = rest.get(if INVERSE { rest.len() - 1 - i } else { i }) else { return };
                match (pass.radix, pass.part()) {
                    (Radix::Eight, 1) => last::<V, Eight, 8, 14, INVERSE>(token, part),
                    (Radix::Eight, _) => blocks::<V, Eight, 8, 14, INVERSE>(token, self.tables, pass, part),
                    (Radix::Four, rows) => {
                        debug_assert!(
                            rows == 1,
                            "a pass of radix 4 is the first or the last, whose parts are single rows"
                        );
                        last::<V, Four, 4, 6, INVERSE>(token, part);
                    }
                }
            }
        }
    }
}

/// The pass whose blocks are `R` neighbouring rows: no twiddles.
#[inline(always)]
fn last<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
    token: V::Token,
    tile: &mut [Row],
) {
    let (blocks, odd) = tile.as_chunks_mut::<R>();
    debug_assert!(odd.is_empty(), "the radices of an axis divide its length");
    for block in blocks {
        for chunk in 0..V::chunks() {
            let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
            for q in 0..R {
                x[q] = Complex::load::<INVERSE>(token, &block[q], chunk);
            }
            let y = D::dft(token, x);
            for q in 0..R {
                y[q].store::<INVERSE>(&mut block[q], chunk);
            }
        }
    }
}

/// A pass with twiddles, in place.
#[inline(always)]
fn blocks<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
    token: V::Token,
    tables: &AxisTables<'_>,
    pass: &Pass,
    tile: &mut [Row],
) {
    let part = pass.part().max(1);
    let twiddles = pass_twiddles::<T>(tables, pass);
    debug_assert!(pass.block == R * part && tile.len().is_multiple_of(pass.block), "whole blocks of R parts");
    debug_assert!(twiddles.len() >= part, "a part of several rows has twiddles for each");
    for block in tile.chunks_exact_mut(pass.block.max(1)) {
        let parts = split::<R>(block, part);
        for j in 0..part {
            let Some(twiddle) = twiddles.get(j) else { return };
            for chunk in 0..V::chunks() {
                let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let Some(row) = parts[q].get(j) else { return };
                    x[q] = Complex::load::<INVERSE>(token, row, chunk);
                }
                let y = turned::<V, D, R, T, INVERSE>(token, x, twiddle, j);
                for q in 0..R {
                    let Some(row) = parts[q].get_mut(j) else { return };
                    y[q].store::<INVERSE>(row, chunk);
                }
            }
        }
    }
}

/// DFT and twiddles of row `j`: the twiddles after the DFT when going forward, before it when going back. Row 0 has none.
#[inline(always)]
pub(super) fn turned<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
    token: V::Token,
    x: [Complex<V>; R],
    twiddle: &[f32; T],
    j: usize,
) -> [Complex<V>; R] {
    let mut z = if INVERSE { x } else { D::dft(token, x) };
    if j > 0 {
        for q in 1..R {
            z[q] = z[q].times(token, twiddle[2 * q - 2], twiddle[2 * q - 1]);
        }
    }
    if INVERSE { D::dft(token, z) } else { z }
}

/// The twiddles of a pass, one array a row of a part.
#[inline(always)]
pub(super) fn pass_twiddles<'a, const T: usize>(tables: &AxisTables<'a>, pass: &Pass) -> &'a [[f32; T]] {
    debug_assert!(T == 2 * (pass.radix.size() - 1), "T belongs to the pass's radix");
    debug_assert!(pass.twiddles + pass.twiddle_len() <= tables.twiddles.len(), "Plan::new checks the tables' lengths");
    match tables.twiddles.get(pass.twiddles..) {
        Some(rest) => rest.as_chunks::<T>().0,
        None => &[],
    }
}

/// A block as its `R` parts of `part` rows each.
#[inline(always)]
pub(super) fn split<const R: usize>(block: &mut [Row], part: usize) -> [&mut [Row]; R] {
    debug_assert!(block.is_empty() || block.len() == R * part, "R parts make the block");
    let mut rest = block;
    core::array::from_fn(|_| {
        let (head, tail) = core::mem::take(&mut rest).split_at_mut_checked(part).unwrap_or_default();
        rest = tail;
        head
    })
}
