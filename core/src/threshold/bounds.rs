//! The least cell of a field, found without looking at all of it.
//!
//! Each tile, 32 columns of 16 rows, has a lower bound of its cells, and each group of 32 tiles one of those. Cells that grow leave
//! the bounds valid: they are renewed only when a tile is the best candidate. Where cells shrink, the tiles that changed are renewed
//! at once. Of equal cells the first counts: in the first tile, there in the first column, there in the first row.

use super::grid::{Grid, WINDOW};

/// Rows of a tile.
pub(super) const TILE_ROWS: usize = 16;

/// A cell: an unsigned number.
pub(super) trait Cell: Copy + Ord {
    const MOST: Self;
}

impl Cell for u16 {
    const MOST: Self = Self::MAX;
}

impl Cell for u32 {
    const MOST: Self = Self::MAX;
}

/// Where the cells are read from.
pub(super) trait Cells<T> {
    /// Row `i` of a tile in the window's columns; what is none to be found there is [`Cell::MOST`].
    fn row(&self, tile_row: usize, window: usize, i: usize) -> [T; WINDOW];
    /// The cell of that row in column `column` of the window.
    fn cell(&self, tile_row: usize, window: usize, i: usize, column: usize) -> T;
}

/// The least of 32 cells.
#[inline(always)]
pub(super) fn least<T: Cell>(cells: &[T; WINDOW]) -> T {
    let mut least = T::MOST;
    for i in 0..WINDOW {
        least = least.min(cells[i]);
    }
    least
}

/// The first place of a value among 32 cells, which have it.
#[inline(always)]
pub(super) fn first<T: Cell>(cells: &[T; WINDOW], value: T) -> usize {
    let mut hits = [0_u8; WINDOW];
    for i in 0..WINDOW {
        hits[i] = u8::from(cells[i] == value);
    }
    // the first byte that is set
    let [low, high] = *hits.as_chunks::<16>().0 else { return 0 };
    let (low, high) = (u128::from_le_bytes(low), u128::from_le_bytes(high));
    let zeros = if low == 0 { 128 + high.trailing_zeros() } else { low.trailing_zeros() };
    (zeros / 8) as usize % WINDOW
}

/// The least of each column of a tile.
#[inline(always)]
pub(super) fn column_least<T: Cell>(cells: &impl Cells<T>, tile_row: usize, window: usize) -> [T; WINDOW] {
    let mut columns = [T::MOST; WINDOW];
    let mut i = 0;
    while i < TILE_ROWS {
        // four rows at a time, so that what is least so far stays in registers
        let (a, b) = (cells.row(tile_row, window, i), cells.row(tile_row, window, i + 1));
        let (c, d) = (cells.row(tile_row, window, i + 2), cells.row(tile_row, window, i + 3));
        for k in 0..WINDOW {
            columns[k] = columns[k].min(a[k].min(b[k])).min(c[k].min(d[k]));
        }
        i += 4;
    }
    columns
}

/// The first row of a tile that has a value in a column, which has it.
#[inline(always)]
pub(super) fn first_row<T: Cell>(
    cells: &impl Cells<T>,
    tile_row: usize,
    window: usize,
    column: usize,
    value: T,
) -> usize {
    let (mut row, mut found) = (TILE_ROWS, 0);
    while row > 0 {
        row -= 1;
        // every row is looked at: which is the first cannot be predicted
        if cells.cell(tile_row, window, row, column) == value {
            found = row;
        }
    }
    found
}

/// Bounds of each tile and of each group.
pub(super) struct Bounds<'a, T> {
    pub(super) tiles: &'a mut [[T; WINDOW]],
    pub(super) groups: &'a mut [T],
}

/// Tiles of a field.
pub(super) const fn tiles(grid: &Grid) -> usize {
    grid.windows * grid.height.div_ceil(TILE_ROWS)
}

/// Groups of so many tiles.
pub(super) const fn groups(tiles: usize) -> usize {
    tiles.div_ceil(WINDOW)
}

impl<T: Cell> Bounds<'_, T> {
    /// Bounds of all tiles.
    #[inline(always)]
    pub(super) fn make(&mut self, cells: &impl Cells<T>, grid: &Grid) {
        let (count, windows) = (tiles(grid), grid.windows.max(1));
        for (group, bounds) in self.tiles.iter_mut().enumerate() {
            for i in 0..WINDOW {
                let tile = group * WINDOW + i;
                bounds[i] =
                    if tile < count { least(&column_least(cells, tile / windows, tile % windows)) } else { T::MOST };
            }
            if let Some(to) = self.groups.get_mut(group) {
                *to = least(bounds);
            }
        }
    }

    /// The bound of a tile whose cells shrank.
    #[inline(always)]
    pub(super) fn lower(&mut self, cells: &impl Cells<T>, grid: &Grid, tile_row: usize, window: usize) {
        let tile = tile_row * grid.windows + window;
        let value = least(&column_least(cells, tile_row, window));
        if let Some(bounds) = self.tiles.get_mut(tile / WINDOW) {
            bounds[tile % WINDOW] = value;
        }
        if let Some(group) = self.groups.get_mut(tile / WINDOW) {
            *group = value.min(*group);
        }
    }

    /// Column and row of the first of the least cells; none if that is [`Cell::MOST`].
    #[inline(always)]
    pub(super) fn first_least(&mut self, cells: &impl Cells<T>, grid: &Grid) -> Option<(usize, usize)> {
        let windows = grid.windows.max(1);
        loop {
            let (mut value, mut best) = (T::MOST, 0);
            for (group, bound) in self.groups.iter().enumerate() {
                (value, best) = if *bound < value { (*bound, group) } else { (value, best) };
            }
            let (bounds, group) = (self.tiles.get_mut(best)?, self.groups.get_mut(best)?);
            let bound = least(bounds);
            if bound != value {
                // the group's bound was too low
                *group = bound;
                continue;
            }
            if value == T::MOST {
                return None;
            }
            let place = first(bounds, value);
            let (tile_row, window) = ((best * WINDOW + place) / windows, (best * WINDOW + place) % windows);
            let columns = column_least(cells, tile_row, window);
            let actual = least(&columns);
            if actual == value {
                let column = first(&columns, value);
                let row = first_row(cells, tile_row, window, column, value);
                return Some((window * WINDOW + column, tile_row * TILE_ROWS + row));
            }
            bounds[place] = actual;
            *group = least(bounds);
        }
    }
}
