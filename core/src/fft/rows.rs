//! Row tiles between the column transforms: rows forward, work on the bins, rows back.
//!
//! The half of a transform pair that the spectral objective drives. A job is a tile of rows; lane 0 of the first tile, which holds two
//! rows of the spectrum, is taken apart before the work and put together after it.

use super::Plan;
use super::edge::{entangle, untangle};
use super::passes::{rows_forward, rows_inverse};
use crate::jobs::{Chunks, Jobs, Split, each};
use crate::simd::{Kernel, Lanes, Row, SimdLevel, Words};

/// The bins of a row tile.
pub(crate) struct TileBins<'a> {
    /// The tile: its lanes hold the vertical frequencies from 16·tile on.
    pub(crate) tile: usize,
    /// The horizontal frequency of each row.
    pub(crate) frequencies: &'a [u16],
    /// The stored bins 2X, a lane each.
    pub(crate) rows: &'a mut [Row],
    /// The bins of the Nyquist row, one for each row, real and imaginary part; empty but for the first tile.
    pub(crate) nyquist: &'a mut [[f32; 2]],
}

/// Work on the bins of a row tile, with the tile's part of some buffers.
pub(crate) trait BinKernel<P>: Sync {
    /// The work. As with [`Kernel::run`], all of it is `#[inline(always)]`.
    fn run<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>, part: P);
}

impl Plan<'_> {
    /// The parts of [`Plan::over_bins`]: of the spectrum, of the Nyquist row (W bins), and of the work's own buffers.
    pub(crate) fn bin_parts<'b, S>(
        &self,
        spectrum: &'b mut [Row],
        nyquist: &'b mut [[f32; 2]],
        own: S,
    ) -> (Chunks<'b, Row>, Chunks<'b, [f32; 2]>, S) {
        let rows = self.tile_rows();
        // the first tile has all of the Nyquist row
        (Chunks::new(spectrum, rows), Chunks::new(nyquist, rows), own)
    }

    /// Runs `work` on the bins of each row tile: before it the rows' transform if `forward`, after it their inverse if `BACK`.
    pub(crate) fn over_bins<'a, const BACK: bool, S: Split<'a>, K: BinKernel<S::Part>>(
        &self,
        (level, jobs): (SimdLevel, &dyn Jobs),
        forward: bool,
        parts: &'a mut (Chunks<'_, Row>, Chunks<'_, [f32; 2]>, S),
        work: &K,
    ) {
        each(jobs, self.shape.row_tiles(), parts, |tile, (rows, nyquist, part)| {
            level.run(Tile::<BACK, _, _> { plan: self, forward, tile, rows, nyquist, part, work });
        });
    }
}

/// One row tile.
struct Tile<'a, 'p, const BACK: bool, P, K> {
    plan: &'a Plan<'p>,
    forward: bool,
    tile: usize,
    rows: &'a mut [Row],
    nyquist: &'a mut [[f32; 2]],
    part: P,
    work: &'a K,
}

impl<const BACK: bool, P, K: BinKernel<P>> Kernel for Tile<'_, '_, BACK, P, K> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let Self { plan, forward, tile, rows, nyquist, part, work } = self;
        if forward {
            rows_forward::<V>(token, &plan.rows, rows);
            if !nyquist.is_empty() {
                untangle(&plan.rows, rows, nyquist);
            }
        }
        work.run::<V>(token, &mut TileBins { tile, frequencies: plan.rows.frequencies, rows, nyquist }, part);
        if BACK {
            if !nyquist.is_empty() {
                entangle(rows, nyquist);
            }
            rows_inverse::<V>(token, &plan.rows, rows);
        }
    }
}
