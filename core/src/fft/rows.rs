//! The half of a transform pair between the column passes: rows forward, work on the bins, rows back.
//!
//! Each row tile is a job. Lane 0 of the first tile carries two rows of the spectrum, k = 0 and Nyquist: they are separated before the
//! work and merged after it ([`super::nyquist`]).

use super::Plan;
use super::nyquist::{entangle, untangle};
use super::passes::{rows_forward, rows_inverse};
use crate::jobs::{Chunks, Jobs, Split, each};
use crate::simd::{Kernel, Lanes, Row, SimdLevel, Words};

/// Bins of one row tile.
pub(crate) struct TileBins<'a> {
    /// Index of the tile: its 16 lanes are the vertical frequencies from 16·tile on.
    pub(crate) tile: usize,
    /// Row of each horizontal frequency, from 0 on.
    pub(crate) order: &'a [u16],
    /// Stored bins 2X, one in each lane.
    pub(crate) rows: &'a mut [Row],
    /// Real and imaginary part of the Nyquist row's bins, by horizontal frequency; empty in all tiles but the first.
    pub(crate) nyquist: &'a mut [[f32; 2]],
}

/// Work on the bins of a row tile. `P` is the tile's part of the work's own buffers.
pub(crate) trait BinKernel<P>: Sync {
    /// Does the work. All its functions are `#[inline(always)]`, as with [`Kernel::run`].
    fn run<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>, part: P);
}

impl Plan<'_> {
    /// Cuts the spectrum and the Nyquist row (W bins) into tiles for [`Plan::over_bins`]; `own` cuts the work's own buffers.
    pub(crate) fn bin_parts<'b, S>(
        &self,
        spectrum: &'b mut [Row],
        nyquist: &'b mut [[f32; 2]],
        own: S,
    ) -> (Chunks<'b, Row>, Chunks<'b, [f32; 2]>, S) {
        let rows = self.tile_rows();
        // W bins are one chunk: the first tile gets the whole Nyquist row, the others an empty part.
        debug_assert!(nyquist.len() == rows, "a row tile has W rows, the Nyquist row W bins");
        (Chunks::new(spectrum, rows), Chunks::new(nyquist, rows), own)
    }

    /// Runs `work` on the bins of each row tile, after the rows' transform if `forward`, before its inverse if `BACK`.
    pub(crate) fn over_bins<'a, const BACK: bool, S: Split<'a>, K: BinKernel<S::Part>>(
        &self,
        (level, jobs): (SimdLevel, &dyn Jobs),
        forward: bool,
        parts: &'a mut (Chunks<'_, Row>, Chunks<'_, [f32; 2]>, S),
        work: &K,
    ) {
        each(jobs, self.shape.row_tiles(), parts, |tile, (rows, nyquist, part)| {
            level.run(RowTile::<BACK, _, _> { plan: self, forward, tile, rows, nyquist, part, work });
        });
    }
}

/// One row tile with its work.
struct RowTile<'a, 'p, const BACK: bool, P, K> {
    plan: &'a Plan<'p>,
    forward: bool,
    tile: usize,
    rows: &'a mut [Row],
    nyquist: &'a mut [[f32; 2]],
    part: P,
    work: &'a K,
}

impl<const BACK: bool, P, K: BinKernel<P>> Kernel for RowTile<'_, '_, BACK, P, K> {
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
        work.run::<V>(token, &mut TileBins { tile, order: plan.rows.rows, rows, nyquist }, part);
        if BACK {
            if !nyquist.is_empty() {
                entangle(&plan.rows, rows, nyquist);
            }
            rows_inverse::<V>(token, &plan.rows, rows);
        }
    }
}
