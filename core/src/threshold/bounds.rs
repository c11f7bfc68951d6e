//! The least cell of a field, found without looking at all of it.
//!
//! Each tile, 32 columns of 16 rows, has a lower bound of its cells, and each group of 32 tiles one of those. Cells that grow leave
//! the bounds valid: they are renewed only when a tile is the best candidate. Where cells shrink, the tiles that changed are renewed
//! at once. Of equal cells the first counts: in the first tile, there in the first column, there in the first row.

use super::grid::{Grid, WINDOW};
use crate::simd::{SHORTS, Short};

/// Rows of a tile.
pub(super) const TILE_ROWS: usize = 16;

/// A cell: an unsigned number.
pub(super) trait Cell: Copy + Ord {
    const MOST: Self;

    /// 32 words, and the word that those have which stand for a cell of that value.
    fn shorts(cells: &[Self; WINDOW], value: Self) -> ([i16; SHORTS], i16);
}

const _: () = assert!(SHORTS == WINDOW);

impl Cell for u16 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn shorts(cells: &[Self; WINDOW], value: Self) -> ([i16; SHORTS], i16) {
        let mut shorts = [0; SHORTS];
        for i in 0..SHORTS {
            shorts[i] = cells[i] as i16;
        }
        (shorts, value as i16)
    }
}

impl Cell for u32 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn shorts(cells: &[Self; WINDOW], value: Self) -> ([i16; SHORTS], i16) {
        let mut shorts = [0; SHORTS];
        for i in 0..SHORTS {
            shorts[i] = i16::from(cells[i] == value);
        }
        (shorts, 1)
    }
}

/// The cells of a tile.
pub(super) type Tile<T> = [[T; WINDOW]; TILE_ROWS];

/// Where the cells are read from.
pub(super) trait Cells<T> {
    /// A tile that lies in the field as it is.
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<T>>;
    /// A copy of any other; what is none to be found there is [`Cell::MOST`] as a value.
    fn part(&self, tile_row: usize, window: usize) -> Tile<T>;
    /// What a cell counts as.
    fn value(&self, cell: T) -> T;
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

/// The first place of a value among 32 cells, which have it. (Left to the compiler this was half the time of a search.)
#[inline(always)]
pub(super) fn first<T: Cell, S: Short>(token: S::Token, cells: &[T; WINDOW], value: T) -> usize {
    let (shorts, short) = T::shorts(cells, value);
    let (short, mut hits, mut chunk) = (S::splat(token, short), 0, 0);
    while chunk * S::LEN < SHORTS {
        hits |= S::load(token, &shorts, chunk).equal_bits(short) << (chunk * S::LEN);
        chunk += 1;
    }
    hits.trailing_zeros() as usize % WINDOW
}

/// The least of each column of a tile.
#[inline(always)]
pub(super) fn column_least<T: Cell>(cells: &impl Cells<T>, tile: &Tile<T>) -> [T; WINDOW] {
    let mut columns = [T::MOST; WINDOW];
    let mut i = 0;
    while i < TILE_ROWS {
        // four rows at a time, so that what is least so far stays in registers
        let (a, b, c, d) = (&tile[i], &tile[i + 1], &tile[i + 2], &tile[i + 3]);
        for k in 0..WINDOW {
            let (a, b) = (cells.value(a[k]), cells.value(b[k]));
            let (c, d) = (cells.value(c[k]), cells.value(d[k]));
            columns[k] = columns[k].min(a.min(b)).min(c.min(d));
        }
        i += 4;
    }
    columns
}

/// The first row of a tile that has a value in a column, which has it.
#[inline(always)]
pub(super) fn first_row<T: Cell>(cells: &impl Cells<T>, tile: &Tile<T>, column: usize, value: T) -> usize {
    // every row is looked at, for which is the first cannot be predicted; from both halves at once, for each waits for the one before
    let (mut upper, mut lower) = (TILE_ROWS, TILE_ROWS);
    let mut row = TILE_ROWS / 2;
    while row > 0 {
        row -= 1;
        if cells.value(tile[row][column % WINDOW]) == value {
            upper = row;
        }
        if cells.value(tile[row + TILE_ROWS / 2][column % WINDOW]) == value {
            lower = row + TILE_ROWS / 2;
        }
    }
    upper.min(lower).min(TILE_ROWS - 1)
}

/// The least cell of a tile.
#[inline(always)]
fn tile_least<T: Cell>(cells: &impl Cells<T>, tile_row: usize, window: usize) -> T {
    let copy;
    let tile = match cells.whole(tile_row, window) {
        Some(tile) => tile,
        None => {
            copy = cells.part(tile_row, window);
            &copy
        }
    };
    least(&column_least(cells, tile))
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
                bounds[i] = if tile < count { tile_least(cells, tile / windows, tile % windows) } else { T::MOST };
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
        let value = tile_least(cells, tile_row, window);
        if let Some(bounds) = self.tiles.get_mut(tile / WINDOW) {
            bounds[tile % WINDOW] = value;
        }
        if let Some(group) = self.groups.get_mut(tile / WINDOW) {
            *group = value.min(*group);
        }
    }

    /// Column and row of the first of the least cells; none if that is [`Cell::MOST`].
    #[inline(always)]
    pub(super) fn first_least<S: Short>(
        &mut self,
        token: S::Token,
        cells: &impl Cells<T>,
        grid: &Grid,
    ) -> Option<(usize, usize)> {
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
            let place = first::<T, S>(token, bounds, value);
            let (tile_row, window) = ((best * WINDOW + place) / windows, (best * WINDOW + place) % windows);
            let copy;
            let tile = match cells.whole(tile_row, window) {
                Some(tile) => tile,
                None => {
                    copy = cells.part(tile_row, window);
                    &copy
                }
            };
            let columns = column_least(cells, tile);
            let actual = least(&columns);
            if actual == value {
                let column = first::<T, S>(token, &columns, value);
                let row = first_row(cells, tile, column, value);
                return Some((window * WINDOW + column, tile_row * TILE_ROWS + row));
            }
            bounds[place] = actual;
            *group = least(bounds);
        }
    }
}
