//! Points into the order of their cells: a stable counting sort, tile by tile.

use super::Position;
use super::grid::Grid;
use super::layout::Buffers;
use crate::error::Error;
use crate::jobs::{Chunks, Means, Segments, each};
use core::ops::Range;

/// Where the points of a tile's rows of cells may be, in the order before the sort.
struct Sources<'a> {
    grid: &'a Grid,
    /// End of each row before; none if the points may be anywhere.
    row_ends: &'a [u32],
    /// Rows of cells of a tile.
    tile_rows: usize,
    positions: &'a [Position],
    velocities: &'a [[i32; 2]],
}

impl Sources<'_> {
    /// Calls `each(cell, position, velocity)` for the points of a tile, in their order before; cells are counted from the tile's first.
    ///
    /// A step moves a point by less than a row, so points come from the tile's rows and one more on either side.
    #[inline(always)]
    fn each(&self, tile: usize, mut each: impl FnMut(usize, Position, [i32; 2])) {
        let Grid { rows, columns, .. } = *self.grid;
        let (first, end) = (tile * self.tile_rows, ((tile + 1) * self.tile_rows).min(rows));
        let all = 0..self.positions.len();
        let ranges = if self.row_ends.is_empty() {
            [all, 0..0, 0..0]
        } else {
            // around the torus: the last row before the first tile, the first row after the last
            let around = if end == rows { self.rows(0, 1) } else { 0..0 };
            let last = if first == 0 { self.rows(rows - 1, rows) } else { 0..0 };
            [around, self.rows(first.saturating_sub(1), (end + 1).min(rows)), last]
        };
        for range in ranges {
            let positions = self.positions.get(range.clone()).unwrap_or_default();
            let velocities = self.velocities.get(range).unwrap_or_default();
            for (position, velocity) in positions.iter().zip(velocities) {
                let [x, y] = *position;
                let row = self.grid.row(y);
                if row >= first && row < end {
                    each((row - first) * columns + self.grid.column(x), *position, *velocity);
                }
            }
        }
    }

    /// The points that were in rows `first` to `end`.
    fn rows(&self, first: usize, end: usize) -> Range<usize> {
        let at = |row: usize| match row.checked_sub(1) {
            Some(row) => self.row_ends.get(row).copied().unwrap_or_default() as usize,
            None => 0,
        };
        at(first)..at(end)
    }
}

/// Sorts points, velocities and 16-bit coordinates by cells into the buffers for the points after a step, and writes the end of each cell.
///
/// The points are in the buffers of `Buffers::moved` if `flip`. `near`: the step before had the same grid, and left `ends`.
pub(super) fn by_cells(
    buffers: &mut Buffers<'_>,
    grid: &Grid,
    flip: bool,
    near: bool,
    means: Means<'_>,
) -> Result<(), Error> {
    let Buffers { positions, moved, velocities, moving, xs, ys, ends, row_ends, tile_ends, tile_counts, .. } = buffers;
    let (from, to) = if flip { (&**moved, &mut **positions) } else { (&**positions, &mut **moved) };
    let (from_velocities, to_velocities) =
        if flip { (&**moving, &mut **velocities) } else { (&**velocities, &mut **moving) };
    let (points, columns) = (from.len(), grid.columns.max(1));
    let ends = ends.get_mut(..grid.cells()).ok_or(Error::DAMAGED_POINTS)?;
    let tile_rows = if near { grid.tile_rows() } else { grid.rows }.max(1);
    let tiles = grid.rows.div_ceil(tile_rows);
    // one tile has all points
    let row_ends = if tiles > 1 { row_ends.get_mut(..grid.rows).ok_or(Error::DAMAGED_POINTS)? } else { &mut [] };
    for (to, cells) in row_ends.iter_mut().zip(ends.chunks_exact(columns)) {
        *to = cells.last().copied().unwrap_or_default();
    }
    let sources = Sources { grid, row_ends, tile_rows, positions: from, velocities: from_velocities };

    // the start of each cell, counted from the first of its tile
    let mut parts = (Chunks::new(&mut *ends, tile_rows * columns), Chunks::new(tile_counts, 1));
    each(means.jobs, tiles, &mut parts, |tile, (starts, count)| {
        starts.fill(0);
        sources.each(tile, |cell, _, _| {
            if let Some(start) = starts.get_mut(cell) {
                *start += 1;
            }
        });
        let mut sum = 0;
        for start in starts {
            sum += core::mem::replace(start, sum);
        }
        if let Some(count) = count.first_mut() {
            *count = sum;
        }
    });
    let mut sum = 0_u32;
    for (end, count) in tile_ends.iter_mut().zip(tile_counts.iter()).take(tiles) {
        sum = sum.wrapping_add(*count);
        *end = sum;
    }
    let tile_ends = &**tile_ends;
    let segments = |len| (len, tile_ends.get(..tiles).unwrap_or_default());
    let (stride, tile_end) = segments(points);
    let xs = xs.get_mut(..points).ok_or(Error::DAMAGED_POINTS)?;
    let ys = ys.get_mut(..points).ok_or(Error::DAMAGED_POINTS)?;
    let mut parts = (
        Chunks::new(&mut *ends, tile_rows * columns),
        Segments::new(to, stride, tile_end, tiles).ok_or(Error::DAMAGED_POINTS)?,
        Segments::new(to_velocities, stride, tile_end, tiles).ok_or(Error::DAMAGED_POINTS)?,
        Segments::new(xs, stride, tile_end, tiles).ok_or(Error::DAMAGED_POINTS)?,
        Segments::new(ys, stride, tile_end, tiles).ok_or(Error::DAMAGED_POINTS)?,
    );
    each(means.jobs, tiles, &mut parts, |tile, (ends, mut to, mut velocities, mut xs, mut ys)| {
        let (to, velocities, xs, ys) = (to.row(0), velocities.row(0), xs.row(0), ys.row(0));
        sources.each(tile, |cell, position, velocity| {
            let Some(end) = ends.get_mut(cell) else { return };
            let at = *end as usize;
            *end += 1;
            if let (Some(to), Some(to_velocity)) = (to.get_mut(at), velocities.get_mut(at))
                && let (Some(x), Some(y)) = (xs.get_mut(at), ys.get_mut(at))
            {
                (*to, *to_velocity) = (position, velocity);
                (*x, *y) = (grid.short(position[0]), grid.short(position[1]));
            }
        });
        let before = tile.checked_sub(1).and_then(|tile| tile_ends.get(tile)).copied().unwrap_or_default();
        for end in ends {
            *end = end.wrapping_add(before);
        }
    });
    Ok(())
}
