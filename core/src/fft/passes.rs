//! Passes of the FFT over a tile of rows, in place.
//!
//! Forward: decimation in frequency, rows in natural order in, in digit-reversed order out ([`Axis::frequency`](super::Axis)). Inverse:
//! decimation in time, the reverse, unscaled. One lane is one signal, so a twiddle factor is one number for all lanes.
//!
//! # Invariants
//!
//! | invariant | checked in |
//! |---|---|
//! | an axis is a power of two from 16 to 4096 | `Shape::check_transform`, called by `Plan::new` |
//! | radices are 8; 4 only in the first pass, the last, or both | `InnerPasses::run` (assertion) |
//! | a pass's blocks have `R` parts and fill the tile | `pass_with_twiddles`, `split_parts` (assertions) |
//! | tables have the lengths of the axis | `Plan::new` (error), `pass_twiddles` (assertion) |
//! | a [`Row`] is two arrays of 16 `f32`, aligned to 64 bytes: each vector load is aligned | `Row`'s type |
//! | a block of memory may be damaged: the *values* of twiddles may be anything | no assertion on them |
//!
//! # What changes the output
//!
//! Bits are part of the promise: the same on every SIMD level, machine and number of threads. So these stay as they are, or the algorithm's
//! version and the golden masks change:
//!
//! - which additions and multiplications make a value, in which order: the radix of each pass ([`Axis`](super::Axis)), the DFTs and the
//!   order of DFT and twiddle factors (`butterfly.rs`);
//! - no fused multiply-add, no reciprocal, no approximate instruction ([`Lanes`] has none);
//! - twiddle factors are rounded once from `libm` in f64, never made by recurrence.
//!
//! # What is free
//!
//! All else, as signals are independent: the order of tiles, blocks, rows `j` and chunks; which passes run together over a part; loads
//! ahead of use; what is inlined, and what is a function of its own ([`Lanes::call`]); loops kept ([`Lanes::chunks`]) or unrolled.
//!
//! # What notices a change
//!
//! - Wrong numbers: `cargo test -p bluegrad-tests --test all fft::` (f64 reference, all sizes, all levels bit for bit, round trips).
//! - Other bits: `cargo test -p bluegrad-tests --test all golden::`.
//! - More instructions: `bench/gauge --check`, lines `fft_pair`, `published` and `spectral`. (Renaming a function alone moves them by up to
//!   0.3 %: the order of symbols decides what the compiler inlines first.)

use super::axis::{AxisTables, Pass, Radix};
use super::butterfly::{ComplexLanes, Dft, Eight, Four, radix_step};
use crate::simd::{Kernel, Lanes, Row, Words};

/// Transforms each lane of a tile forward.
#[inline(always)]
pub(super) fn rows_forward<V: Lanes>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    outer_pass::<V, false>(token, tables, tile);
    inner_passes::<V, false>(token, tables, tile);
}

/// Transforms each lane of a tile back, unscaled.
#[inline(always)]
pub(super) fn rows_inverse<V: Lanes>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    inner_passes::<V, true>(token, tables, tile);
    outer_pass::<V, true>(token, tables, tile);
}

/// Runs the pass over the whole tile as one block: the first forward, the last of the inverse.
#[inline(always)]
pub(super) fn outer_pass<V: Lanes, const INVERSE: bool>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    V::call(token, OuterPass::<INVERSE> { tables, tile });
}

/// Runs all passes but the outer one.
///
/// Part by part, all passes over one before the next: a part is at most an eighth or a quarter of the tile and stays in the cache.
#[inline(always)]
pub(super) fn inner_passes<V: Lanes, const INVERSE: bool>(token: V::Token, tables: &AxisTables<'_>, tile: &mut [Row]) {
    V::call(token, InnerPasses::<INVERSE> { tables, tile });
}

struct OuterPass<'a, 't, const INVERSE: bool> {
    tables: &'a AxisTables<'t>,
    tile: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel for OuterPass<'_, '_, INVERSE> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        debug_assert!(!self.tables.passes.is_empty(), "the shortest axis, of 16, has two passes");
        let Some(pass) = self.tables.passes.first() else { return };
        match pass.radix {
            Radix::Four => pass_with_twiddles::<V, Four, 4, 6, INVERSE>(token, self.tables, pass, self.tile),
            Radix::Eight => pass_with_twiddles::<V, Eight, 8, 14, INVERSE>(token, self.tables, pass, self.tile),
        }
    }
}

struct InnerPasses<'a, 't, const INVERSE: bool> {
    tables: &'a AxisTables<'t>,
    tile: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel for InnerPasses<'_, '_, INVERSE> {
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
                    (Radix::Eight, 1) => pass_without_twiddles::<V, Eight, 8, 14, INVERSE>(token, part),
                    (Radix::Eight, _) => pass_with_twiddles::<V, Eight, 8, 14, INVERSE>(token, self.tables, pass, part),
                    (Radix::Four, rows) => {
                        debug_assert!(rows == 1, "an inner pass of radix 4 is the last: its parts are single rows");
                        pass_without_twiddles::<V, Four, 4, 6, INVERSE>(token, part);
                    }
                }
            }
        }
    }
}

/// Runs the pass whose blocks are `R` neighbouring rows, without twiddle factors: they are all 1.
#[inline(always)]
fn pass_without_twiddles<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
    token: V::Token,
    tile: &mut [Row],
) {
    let (blocks, odd) = tile.as_chunks_mut::<R>();
    debug_assert!(odd.is_empty(), "the radices of an axis divide its length");
    for block in blocks {
        for chunk in 0..V::chunks() {
            let mut x = [ComplexLanes { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
            for q in 0..R {
                x[q] = ComplexLanes::load::<INVERSE>(token, &block[q], chunk);
            }
            let y = D::dft(token, x);
            for q in 0..R {
                y[q].store::<INVERSE>(&mut block[q], chunk);
            }
        }
    }
}

/// Runs a pass with twiddle factors.
#[inline(always)]
fn pass_with_twiddles<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
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
        let parts = split_parts::<R>(block, part);
        for j in 0..part {
            let Some(twiddle) = twiddles.get(j) else { return };
            for chunk in 0..V::chunks() {
                let mut x = [ComplexLanes { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let Some(row) = parts[q].get(j) else { return };
                    x[q] = ComplexLanes::load::<INVERSE>(token, row, chunk);
                }
                let y = radix_step::<V, D, R, T, INVERSE>(token, x, twiddle, j);
                for q in 0..R {
                    let Some(row) = parts[q].get_mut(j) else { return };
                    y[q].store::<INVERSE>(row, chunk);
                }
            }
        }
    }
}

/// Returns the twiddle factors of a pass: for each row of a part, `R − 1` complex numbers.
#[inline(always)]
pub(super) fn pass_twiddles<'a, const T: usize>(tables: &AxisTables<'a>, pass: &Pass) -> &'a [[f32; T]] {
    debug_assert!(T == 2 * (pass.radix.size() - 1), "T belongs to the pass's radix");
    debug_assert!(pass.twiddles + pass.twiddle_len() <= tables.twiddles.len(), "Plan::new checks the tables' lengths");
    match tables.twiddles.get(pass.twiddles..) {
        Some(rest) => rest.as_chunks::<T>().0,
        None => &[],
    }
}

/// Splits a block into its `R` parts of `part` rows.
#[inline(always)]
pub(super) fn split_parts<const R: usize>(block: &mut [Row], part: usize) -> [&mut [Row]; R] {
    debug_assert!(block.is_empty() || block.len() == R * part, "R parts make the block");
    let mut rest = block;
    core::array::from_fn(|_| {
        let (head, tail) = core::mem::take(&mut rest).split_at_mut_checked(part).unwrap_or_default();
        rest = tail;
        head
    })
}
