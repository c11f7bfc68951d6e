//! Batches of sweeps over large masks: several sweeps over a part of the field, while it is in the cache, then over the next.
//!
//! The result is that of the sweeps one after the other. A sweep places pixels in every other row of tiles, the even ones, then in the odd
//! ones; in each row of tiles from left to right, beginning with window `2·number of the sweep`, the odd rows a window later. A kernel
//! reaches at most half a window and half the rows of two tiles. So all that matters is the order of tiles less than 32 rows and two windows
//! apart.
//!
//! ```text
//! rows ──▶   segment 0                segment 1
//!          \  sweep 7  /\  seam 1  /\  sweep 7  /\  seam 0
//!           \  ...    /  \        /  \  ...    /
//!            sweep 0      sweep 0     sweep 0
//! ```
//!
//! First each segment of rows takes all sweeps: fewer rows of tiles with each sweep, so that a segment needs nothing of the others. Then each
//! seam takes them in the rows that are left. Segments are jobs, and so are seams. In each, a sweep follows the one before at a distance of
//! two windows: it begins two windows further right, four windows later. So eight sweeps work on 16 windows at a time.

use super::passes::{CELL_SHIFT, CellRow, NONE, Tiles};
use crate::jobs::{Band, Bands, Means, Ring, Rings, each};
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, Short, Words};
use crate::threshold::argmin::TILE_ROWS;
use crate::threshold::placements::pixel;
use crate::threshold::torus::{FieldLayout, KernelLayout, WINDOW};

/// Sweeps of a batch.
pub(super) const BATCH: usize = 8;

/// Rows of two rows of tiles, an even and an odd one.
const PAIR: usize = 2 * TILE_ROWS;

/// Rows of a segment, at least: eight sweeps take away up to 408 rows at one end and 376 at the other.
const LEAST_ROWS: usize = 896;

/// Segments of a mask, at most.
const MOST_SEGMENTS: usize = 4;

/// Windows, at least.
const LEAST_WINDOWS: usize = 28;

/// Windows by which each sweep begins further right than the one before.
const SHIFT: u32 = 2;

/// Windows that a sweep has done before the next begins.
const LAG: usize = 4;

/// Counters of a batch's ranking: one for each value of a cell.
pub(super) const COUNTERS: usize = 1 << 16;

/// How batches divide a field.
#[derive(Clone, Copy)]
pub(super) struct Segments {
    count: usize,
    /// Rows of a segment, whole pairs.
    rows: usize,
}

/// Whether this build has batches.
const HAS_BATCHES: bool = cfg!(feature = "large");

/// Whether a mask needs batches, which this build leaves out.
pub(crate) const fn is_left_out(shape: Shape) -> bool {
    !HAS_BATCHES && Segments::of(shape).is_some()
}

impl Segments {
    /// None for masks that take one sweep at a time.
    pub(super) const fn new(shape: Shape) -> Option<Self> {
        if HAS_BATCHES { Self::of(shape) } else { None }
    }

    /// None for a side below 896, or no multiple of 32, or planes.
    const fn of(shape: Shape) -> Option<Self> {
        let (width, height) = (shape.width as usize, shape.height as usize);
        let large = width >= LEAST_WINDOWS * WINDOW && height >= LEAST_ROWS;
        if shape.planes() > 1 || !large || width % WINDOW != 0 || height % PAIR != 0 {
            return None;
        }
        let mut count = MOST_SEGMENTS;
        while count > 1 && (height / count < LEAST_ROWS || height % (count * PAIR) != 0) {
            count /= 2;
        }
        Some(Self { count, rows: height / count })
    }
}

/// Rows of tiles of one sweep in a segment or a seam: `evens` even ones from row `even` on, `odds` odd ones from row `odd` on.
#[derive(Clone, Copy, Default)]
struct Run {
    even: usize,
    evens: usize,
    odd: usize,
    odds: usize,
}

/// First and last even row of tiles of each sweep in a segment of `rows` rows from row `start` on.
fn ends(start: usize, rows: usize, offsets: &[u32; BATCH]) -> [(usize, usize); BATCH] {
    // kernels of two segments stay apart
    let (mut first, mut last) = (start, start + rows - PAIR - TILE_ROWS);
    offsets.map(|offset| {
        first += (offset as usize).wrapping_sub(first) % PAIR;
        last -= last.wrapping_sub(offset as usize) % PAIR;
        let ends = (first, last);
        (first, last) = (first + TILE_ROWS, last - TILE_ROWS);
        ends
    })
}

/// The rows of tiles of a segment.
fn segment(start: usize, rows: usize, offsets: &[u32; BATCH]) -> [Run; BATCH] {
    ends(start, rows, offsets).map(|(first, last)| {
        let pairs = (last - first) / PAIR;
        Run { even: first, evens: pairs + 1, odd: first + TILE_ROWS, odds: pairs }
    })
}

/// The rows of tiles of the seam between a segment and the one before.
fn seam(start: usize, rows: usize, offsets: &[u32; BATCH]) -> [Run; BATCH] {
    let (before, after) = (ends(start - rows, rows, offsets), ends(start, rows, offsets));
    let mut runs = [Run::default(); BATCH];
    for ((run, (_, last)), (first, _)) in runs.iter_mut().zip(before).zip(after) {
        let pairs = (first - last) / PAIR;
        *run = Run { even: last + PAIR, evens: pairs - 1, odd: last + TILE_ROWS, odds: pairs };
    }
    runs
}

/// A batch of sweeps.
pub(super) struct Batch<'a> {
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) segments: Segments,
    pub(super) field: &'a mut [CellRow],
    pub(super) table: &'a [u16],
    /// Key of each placement, see [`Tiles::place`]: by the row where its tile begins, 16 to an element; by sweep; by window.
    pub(super) keys: &'a mut [u64],
    /// Row where the first tile of each sweep begins.
    pub(super) offsets: [u32; BATCH],
    /// Number of the first sweep.
    pub(super) turn: u32,
}

impl Batch<'_> {
    /// Places a pixel in each tile that has its turn and a free one, sweep after sweep.
    pub(super) fn place(&mut self, means: Means<'_>) {
        self.pass(means, false);
        self.pass(means, true);
    }

    /// The window where a sweep begins its even rows of tiles.
    fn begin(&self, sweep: usize) -> usize {
        debug_assert!(self.layout.windows > 0, "a mask has columns");
        let sweep = self.turn.wrapping_add(sweep as u32);
        sweep.wrapping_mul(SHIFT) as usize % self.layout.windows.max(1)
    }

    /// Places pixels in all segments, or in all seams: a job each.
    fn pass(&mut self, means: Means<'_>, seams: bool) {
        let Segments { count, rows } = self.segments;
        let (layout, kernel, table) = (self.layout, self.kernel, self.table);
        let offsets = self.offsets;
        let begins = core::array::from_fn(|sweep| self.begin(sweep));
        let height = layout.height;
        // kernels of the first segment begin at row 0; seams are in the middle of their parts
        let (start, to_seam) = (TILE_ROWS, height + TILE_ROWS - rows / 2);
        let (first_row, first_keys) = if seams { (to_seam, to_seam) } else { (0, start) };
        let wrap = |row| if row < height { row } else { row - height };
        let field = Bands::new(self.field, (layout.stride, height), wrap(first_row), (rows, rows));
        let (a_row, rows_of_keys) = (BATCH * layout.windows, height / TILE_ROWS);
        let first_keys = wrap(first_keys) / TILE_ROWS;
        let keys = Rings::new(self.keys, (a_row, rows_of_keys), first_keys, rows / TILE_ROWS, rows / TILE_ROWS);
        each(means.jobs, count, &mut (field, keys), |index, (mut field, keys)| {
            let start = height + start + index * rows;
            let runs = if seams { seam(start, rows, &offsets) } else { segment(start, rows, &offsets) };
            let tiles = Tiles { layout, kernel, field: &mut field, table };
            means.level.run(PlaceRuns { tiles, keys, runs, begins });
        });
    }

    /// Gives the placements the ranks from `first` on, sweep by sweep, by cells, then in the order of the sweep. Returns their number.
    ///
    /// `counters`: one for each value of a cell.
    pub(super) fn rank(&self, first: u32, counters: &mut [u32], ranks: &mut [u32]) -> u32 {
        counters.fill(0);
        let mut rank = first;
        for (sweep, offset) in self.offsets.iter().enumerate() {
            let (mut least, mut most) = (usize::MAX, 0);
            self.each_placement(sweep, *offset, |cell, _| {
                (least, most) = (cell.min(least), cell.max(most));
                if let Some(counter) = counters.get_mut(cell) {
                    *counter += 1;
                }
            });
            let Some(counters) = counters.get_mut(least..=most) else { continue };
            for counter in &mut *counters {
                rank = rank.wrapping_add(core::mem::replace(counter, rank));
            }
            self.each_placement(sweep, *offset, |cell, pixel| {
                if let Some(counter) = counters.get_mut(cell - least)
                    && let Some(to) = ranks.get_mut(pixel)
                {
                    *to = *counter;
                    *counter = counter.wrapping_add(1);
                }
            });
            counters.fill(0);
        }
        rank.wrapping_sub(first)
    }

    /// Calls `each(cell, pixel)` for the placements of a sweep in its order: even rows of tiles, then odd ones.
    #[inline(always)]
    fn each_placement(&self, sweep: usize, offset: u32, mut each: impl FnMut(usize, usize)) {
        let (height, windows) = (self.layout.height, self.layout.windows);
        let begin = self.begin(sweep);
        for parity in 0..2 {
            let begin = if begin + parity < windows { begin + parity } else { 0 };
            let mut row = offset as usize + parity * TILE_ROWS;
            for _ in 0..height / PAIR {
                row = if row < height { row } else { row - height };
                let at = (row / TILE_ROWS * BATCH + sweep) * windows;
                debug_assert!(at + windows <= self.keys.len(), "a key for each tile of each sweep");
                let keys = self.keys.get(at..at + windows).unwrap_or_default();
                let (left, right) = keys.split_at_checked(begin).unwrap_or_default();
                for key in right.iter().chain(left) {
                    if *key != NONE {
                        each((key >> CELL_SHIFT) as usize, pixel(*key));
                    }
                }
                row += PAIR;
            }
        }
    }
}

/// Places the pixels of a segment or a seam.
struct PlaceRuns<'a, 'f> {
    tiles: Tiles<'a, Band<'f, CellRow>>,
    keys: Ring<'f, u64>,
    runs: [Run; BATCH],
    /// Window where each sweep begins.
    begins: [usize; BATCH],
}

impl Kernel for PlaceRuns<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let windows = self.tiles.layout.windows;
        let mut time = 0;
        while time < windows + 2 + LAG * (BATCH - 1) {
            let mut sweep = 0;
            while sweep < BATCH && time >= LAG * sweep {
                let done = time - LAG * sweep;
                if done < windows {
                    self.window::<V::Short>(token, sweep, done, false);
                }
                // the even rows are done in this window and its neighbours
                if done >= 2 && done < windows + 2 {
                    self.window::<V::Short>(token, sweep, done - 1, true);
                }
                sweep += 1;
            }
            time += 1;
        }
    }
}

impl PlaceRuns<'_, '_> {
    /// Places a pixel in each tile of the even or odd rows of tiles of a sweep, in one window, the number of windows after its first.
    #[inline(always)]
    fn window<S: Short>(&mut self, token: S::Token, sweep: usize, ahead: usize, odd: bool) {
        let FieldLayout { height, windows, .. } = self.tiles.layout;
        let run = self.runs[sweep];
        let window = self.begins[sweep] + ahead;
        let window = if window < windows { window } else { window - windows };
        let (mut row, mut pairs) = if odd { (run.odd, run.odds) } else { (run.even, run.evens) };
        while pairs > 0 {
            while row >= height {
                row -= height;
            }
            let key = self.tiles.place::<S>(token, row, 0, window);
            let keys = self.keys.row(row / TILE_ROWS);
            debug_assert!(sweep * windows + window < keys.len(), "a key for each tile of each sweep");
            if let Some(to) = keys.get_mut(sweep * windows + window) {
                *to = key;
            }
            row += PAIR;
            pairs -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::jobs::Jobs;
    use crate::simd::SimdLevel;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    /// A thread for each job, the last first.
    struct Threads;

    impl Jobs for Threads {
        fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
            std::thread::scope(|scope| (0..tiles).rev().for_each(|index| drop(scope.spawn(move || tile(index)))));
        }
    }

    /// The sweeps of a batch one after the other.
    struct Sequence<'a> {
        tiles: Tiles<'a, [CellRow]>,
        offsets: [u32; BATCH],
        turn: usize,
    }

    impl Kernel for Sequence<'_> {
        type Output = Vec<u64>;
        const WORDS: Words = Words::Any;

        #[inline(always)]
        fn run<V: Lanes>(mut self, token: V::Token) -> Vec<u64> {
            let FieldLayout { windows, height, .. } = self.tiles.layout;
            let mut placements = Vec::new();
            for (sweep, offset) in (self.turn..).zip(self.offsets) {
                for tile_row in (0..height / TILE_ROWS).step_by(2).chain((1..height / TILE_ROWS).step_by(2)) {
                    for window in 0..windows {
                        let window = (2 * sweep + tile_row % 2 + window) % windows;
                        placements.push(self.tiles.place::<V::Short>(token, offset as usize, tile_row, window));
                    }
                }
            }
            placements
        }
    }

    /// Fields of one, two and four segments, most of whose cells are taken in places.
    #[test]
    fn a_batch_is_its_sweeps_one_after_the_other() {
        // a build without them refuses such masks
        if !HAS_BATCHES {
            return;
        }
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(5);
        for (height, count, radius) in [(896, 1, 16), (928, 1, 5), (1792, 2, 16), (3584, 4, 16)] {
            let shape = Shape::new(896, height);
            let layout = FieldLayout::new(shape).apart(3);
            let kernel = KernelLayout::new(radius, &layout);
            let segments = Segments::new(shape).expect("a large mask");
            assert_eq!(segments.count, count);
            let table: Vec<u16> = (0..kernel.len()).map(|_| rng.next_u32() as u16 >> 6).collect();
            let noise = |_| core::array::from_fn(|_| (rng.next_u32() as u16).saturating_mul(2));
            let mut field: Vec<CellRow> = (0..layout.len()).map(noise).collect();
            let mut expected = field.clone();
            let offsets = core::array::from_fn(|_| rng.next_u32() % height);
            let (level, turn) = (SimdLevel::detect(), rng.next_u32() >> 8);
            let mut keys = vec![0; BATCH * layout.windows * (height as usize / TILE_ROWS)];
            let mut batch =
                Batch { layout, kernel, segments, field: &mut field, table: &table, keys: &mut keys, offsets, turn };
            batch.place(Means { level, jobs: &Threads });
            let mut placements = Vec::new();
            for (sweep, offset) in offsets.into_iter().enumerate() {
                batch.each_placement(sweep, offset, |cell, pixel| placements.push((cell, pixel)));
            }
            let tiles = Tiles { layout, kernel, field: &mut expected[..], table: &table };
            let sequence = level.run(Sequence { tiles, offsets, turn: turn as usize });
            let sequence = sequence.into_iter().filter(|key| *key != NONE);
            assert!(sequence.map(|key| ((key >> CELL_SHIFT) as usize, pixel(key))).eq(placements));
            assert!(field == expected, "{height} rows");
        }
    }
}
