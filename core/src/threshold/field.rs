//! The field of the void fill: kernels on `u16` cells, compiled for each level.

use super::bounds::{Bounds, Cells, TILE_ROWS, Tile, column_least, first, first_row, least};
use super::grid::{Grid, Reach, WINDOW};
use crate::simd::{Kernel, Lanes, Short, Words};

/// The field of a placed pixel, and of padding: never free.
pub(super) const TAKEN: u16 = u16::MAX;

type Window = [u16; WINDOW];

/// A row of no free pixel.
const FULL: Window = [TAKEN; WINDOW];

/// Adds the kernel of a pixel at (x, y), saturating.
#[inline(always)]
fn add(grid: &Grid, reach: &Reach, field: &mut [Window], table: &[u16], x: usize, y: usize) {
    reach.add(
        grid,
        field,
        table,
        (x, y),
        #[inline(always)]
        |cells, from, _| {
            // copies: the compiler must see that the two do not overlap
            let (mut sum, from) = (*cells, *from);
            for i in 0..WINDOW {
                sum[i] = sum[i].saturating_add(from[i]);
            }
            *cells = sum;
        },
    );
}

/// Adds the kernels of all pixels that have ranks.
pub(super) struct SpreadPlaced<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    pub(super) ranks: &'a [u32],
}

impl Kernel for SpreadPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut y = 0;
        for row in self.ranks.chunks_exact(self.grid.width.max(1)) {
            let mut x = 0;
            for rank in row {
                if *rank != u32::MAX {
                    add(&self.grid, &self.reach, self.field, self.table, x, y);
                }
                x += 1;
            }
            y += 1;
        }
    }
}

/// The cells of a field, whose padding is taken; tiles begin at row `offset`.
struct Field<'a> {
    field: &'a [Window],
    grid: Grid,
    offset: usize,
}

impl Field<'_> {
    /// The row of the grid that row `i` of a tile is.
    #[inline(always)]
    fn place(&self, tile_row: usize, i: usize) -> usize {
        let row = self.offset + tile_row * TILE_ROWS + i;
        if row >= self.grid.height { row - self.grid.height } else { row }
    }
}

impl Cells<u16> for Field<'_> {
    /// A tile that neither wraps nor has fewer rows.
    #[inline(always)]
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<u16>> {
        let first = self.place(tile_row, 0);
        if (tile_row + 1) * TILE_ROWS > self.grid.height {
            return None;
        }
        self.grid.strip(self.field, window).get(first..).and_then(<[Window]>::first_chunk)
    }

    #[inline(always)]
    fn part(&self, tile_row: usize, window: usize) -> Tile<u16> {
        let strip = self.grid.strip(self.field, window);
        let mut tile = [FULL; TILE_ROWS];
        for (i, to) in tile.iter_mut().enumerate() {
            if tile_row * TILE_ROWS + i < self.grid.height {
                *to = strip.get(self.place(tile_row, i)).copied().unwrap_or(FULL);
            }
        }
        tile
    }

    #[inline(always)]
    fn value(&self, cell: u16) -> u16 {
        cell
    }
}

/// Makes the bounds of all tiles.
pub(super) struct MakeBounds<'a> {
    pub(super) grid: Grid,
    pub(super) field: &'a [Window],
    pub(super) bounds: Bounds<'a, u16>,
}

impl Kernel for MakeBounds<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) {
        self.bounds.make(&Field { field: self.field, grid: self.grid, offset: 0 }, &self.grid);
    }
}

/// Places pixels into the least of all, until `until` are placed or nothing is free; gives how many are.
pub(super) struct OneAtATime<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    pub(super) bounds: Bounds<'a, u16>,
    pub(super) ranks: &'a mut [u32],
    pub(super) placed: u32,
    pub(super) until: u32,
}

impl Kernel for OneAtATime<'_> {
    type Output = u32;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> u32 {
        while self.placed < self.until {
            let field = Field { field: self.field, grid: self.grid, offset: 0 };
            let Some((x, y)) = self.bounds.first_least::<V::Short>(token, &field, &self.grid) else { break };
            if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
                *rank = self.placed;
            }
            self.placed = self.placed.wrapping_add(1);
            add(&self.grid, &self.reach, self.field, self.table, x, y);
        }
        self.placed
    }
}

/// The key of a tile in which nothing is placed.
const NONE: u32 = u32::MAX;

/// Rows of tiles that take turns in a sweep, at most.
const TOGETHER: usize = 8;

/// Places one pixel in each tile that has a free one; gives how many were placed.
pub(super) struct Sweep<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    /// Field << 16 | index of each placement, in their order; and their positions. Room for one a tile.
    pub(super) keys: &'a mut [u32],
    pub(super) positions: &'a mut [u32],
    /// The row at which the first tile begins.
    pub(super) offset: usize,
    /// The number of the sweep: tiles smaller than the largest have their turn in some sweeps only. None: every tile has.
    pub(super) turn: Option<u32>,
}

impl Kernel for Sweep<'_> {
    type Output = usize;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> usize {
        let tile_rows = self.grid.height.div_ceil(TILE_ROWS);
        let mut number = 0;
        for parity in 0..2 {
            let mut tile = parity;
            while tile < tile_rows {
                let together = self.together(tile, tile_rows);
                for window in 0..self.grid.windows {
                    for i in 0..together {
                        self.place::<V::Short>(token, tile + 2 * i, window, number + i * self.grid.windows + window);
                    }
                }
                number += together * self.grid.windows;
                tile += 2 * together;
            }
        }
        self.gather(number)
    }
}

impl Sweep<'_> {
    /// How many rows of tiles, every other one from `tile_row` on, do not reach into each other: 1 to [`TOGETHER`]. Their tiles take
    /// turns, which is the same as one row after the other: the search in one tile need not wait for the kernel that is added in another
    /// (a tenth of the fill at 1024x1024).
    #[inline(always)]
    fn together(&self, tile_row: usize, tile_rows: usize) -> usize {
        let radius = self.reach.rows / 2;
        let mut together = if radius > TILE_ROWS { 1 } else { (tile_rows - tile_row).div_ceil(2).min(TOGETHER) };
        while together > 1 {
            // from the end of the last around the torus to the first
            let end = ((tile_row + 2 * together - 1) * TILE_ROWS).min(self.grid.height);
            if self.grid.height - end + tile_row * TILE_ROWS >= radius {
                break;
            }
            together -= 1;
        }
        together
    }

    /// Places the first of the least of a tile, if it has its turn: its column first, then its row. Key and position go to where the
    /// tile has its number, [`NONE`] if nothing is placed.
    #[inline(always)]
    fn place<S: Short>(&mut self, token: S::Token, tile_row: usize, window: usize, number: usize) {
        let (Some(key), Some(position)) = (self.keys.get_mut(number), self.positions.get_mut(number)) else { return };
        *key = NONE;
        if !has_turn(&self.grid, self.turn, tile_row, window) {
            return;
        }
        let field = Field { field: self.field, grid: self.grid, offset: self.offset };
        let copy;
        let tile = match field.whole(tile_row, window) {
            Some(tile) => tile,
            None => {
                copy = field.part(tile_row, window);
                &copy
            }
        };
        let columns = column_least(&field, tile);
        let value = least(&columns);
        if value == TAKEN {
            return;
        }
        let column = first::<_, S>(token, &columns, value);
        let row = first_row(&field, tile, column, value);
        let (x, y) = (window * WINDOW + column, field.place(tile_row, row));
        (*key, *position) = (u32::from(value), (y * self.grid.width + x) as u32);
        add(&self.grid, &self.reach, self.field, self.table, x, y);
    }

    /// Closes the gaps in the keys and positions of so many tiles, and gives the keys their indices. Gives how many are left.
    #[inline(always)]
    fn gather(&mut self, tiles: usize) -> usize {
        let mut count = 0;
        for number in 0..tiles {
            let (Some(&key), Some(&position)) = (self.keys.get(number), self.positions.get(number)) else { break };
            if key != NONE
                && let (Some(to), Some(place)) = (self.keys.get_mut(count), self.positions.get_mut(count))
            {
                (*to, *place) = (key << 16 | count as u32, position);
                count += 1;
            }
        }
        count
    }
}

/// Whether a tile has its turn in a sweep: as often as its area is part of the largest tile's.
#[inline(always)]
fn has_turn(grid: &Grid, sweep: Option<u32>, tile_row: usize, window: usize) -> bool {
    let Some(sweep) = sweep else { return true };
    let Grid { width, height, .. } = *grid;
    let most = (width.min(WINDOW) * height.min(TILE_ROWS)).max(1) as u64;
    let area = (width - window * WINDOW).min(WINDOW) * (height - tile_row * TILE_ROWS).min(TILE_ROWS);
    let turns = |sweeps: u64| sweeps * area as u64 / most;
    area as u64 == most || turns(u64::from(sweep) + 1) > turns(sweep.into())
}

/// Hands out the ranks of a few placements: each has as many before it as have a lesser key.
pub(super) struct RankFew<'a> {
    pub(super) keys: &'a [u32],
    pub(super) positions: &'a [u32],
    pub(super) placed: u32,
    pub(super) ranks: &'a mut [u32],
}

impl Kernel for RankFew<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        for (own, position) in self.keys.iter().zip(self.positions) {
            let mut before = 0;
            for key in self.keys {
                before += u32::from(key < own);
            }
            if let Some(rank) = self.ranks.get_mut(*position as usize) {
                *rank = self.placed.wrapping_add(before);
            }
        }
    }
}
