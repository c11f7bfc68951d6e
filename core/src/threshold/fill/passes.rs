//! The passes of the void fill over its field of `u16` cells, compiled for each SIMD level.

use crate::simd::{Kernel, Lanes, Short, Words};
use crate::threshold::argmin::{Bounds, Cells, TILE_ROWS, Tile, column_least, first, first_row, least};
use crate::threshold::grid::{Grid, Reach, WINDOW};

/// The cell of a placed pixel, and of padding: never free.
pub(super) const TAKEN: u16 = u16::MAX;

pub(super) type Window = [u16; WINDOW];

/// 32 cells without a free one.
const FULL: Window = [TAKEN; WINDOW];

/// Adds the kernel of a pixel placed at (x, y), saturating.
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

/// Adds the kernels of all placed pixels.
pub(super) struct AddPlaced<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        debug_assert!(self.grid.width > 0, "a mask has columns");
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

/// A field whose first tile begins at row `offset`; its padding is [`TAKEN`].
struct Field<'a> {
    field: &'a [Window],
    grid: Grid,
    offset: usize,
}

impl Field<'_> {
    /// The row of the grid of row `i` of a tile.
    #[inline(always)]
    fn grid_row(&self, tile_row: usize, i: usize) -> usize {
        let row = self.offset + tile_row * TILE_ROWS + i;
        if row >= self.grid.height { row - self.grid.height } else { row }
    }
}

impl Cells<u16> for Field<'_> {
    /// A tile that has all its rows and does not wrap around the torus.
    #[inline(always)]
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<u16>> {
        let first = self.grid_row(tile_row, 0);
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
                debug_assert!(self.grid_row(tile_row, i) < strip.len(), "offset is a row of the grid");
                *to = strip.get(self.grid_row(tile_row, i)).copied().unwrap_or(FULL);
            }
        }
        tile
    }

    #[inline(always)]
    fn value(&self, cell: u16) -> u16 {
        cell
    }
}

/// Sets the bounds of all tiles, for [`OneAtATime`].
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

/// Places pixels one at a time into the least cell, until `until` are placed or none is free. Returns the number placed.
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
            // always there: a free cell is a pixel, unless the block is damaged
            if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
                *rank = self.placed;
            }
            self.placed = self.placed.wrapping_add(1);
            add(&self.grid, &self.reach, self.field, self.table, x, y);
        }
        self.placed
    }
}

/// Low bits of a key, for the index of a placement; the cell stands above.
pub(super) const INDEX_BITS: u32 = 16;

/// Key of a tile in which no pixel was placed.
const NONE: u32 = u32::MAX;

/// The most rows of tiles that are interleaved in a sweep.
const TOGETHER: usize = 8;

/// Places one pixel in each tile that has a free one. Returns the number placed.
pub(super) struct Sweep<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    /// Of each placement in order: `cell << INDEX_BITS | index`, and the index of its pixel. One element a tile.
    pub(super) keys: &'a mut [u32],
    pub(super) positions: &'a mut [u32],
    /// The row where the first tile begins.
    pub(super) offset: usize,
    /// The number of the sweep: tiles smaller than the largest take part in some sweeps only. None: every tile takes part.
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
                let together = self.interleaved(tile, tile_rows);
                for window in 0..self.grid.windows {
                    for i in 0..together {
                        let number = number + i * self.grid.windows + window;
                        self.place_pixel::<V::Short>(token, tile + 2 * i, window, number);
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
    /// Number of rows of tiles, every other one from `tile_row` on, whose kernels do not overlap: 1 to [`TOGETHER`].
    ///
    /// Their tiles are interleaved with the same result as one row after the other, and the search in one tile need not wait for the
    /// kernel that is added in another (saves a tenth of the fill at 1024x1024).
    #[inline(always)]
    fn interleaved(&self, tile_row: usize, tile_rows: usize) -> usize {
        let radius = self.reach.rows / 2;
        let mut together = if radius > TILE_ROWS { 1 } else { (tile_rows - tile_row).div_ceil(2).min(TOGETHER) };
        while together > 1 {
            // rows from the end of the last tile around the torus to the first
            let end = ((tile_row + 2 * together - 1) * TILE_ROWS).min(self.grid.height);
            if self.grid.height - end + tile_row * TILE_ROWS >= radius {
                break;
            }
            together -= 1;
        }
        together
    }

    /// Places a pixel into the least cell of a tile that has its turn (tie-break: column, then row). Key and pixel index become element
    /// `number`; the key is [`NONE`] if no pixel is placed.
    #[inline(always)]
    fn place_pixel<S: Short>(&mut self, token: S::Token, tile_row: usize, window: usize, number: usize) {
        debug_assert!(number < self.keys.len() && number < self.positions.len(), "one element a tile");
        let (Some(key), Some(position)) = (self.keys.get_mut(number), self.positions.get_mut(number)) else { return };
        *key = NONE;
        if !has_turn(&self.grid, self.turn, tile_row, window) {
            return;
        }
        let field = Field { field: self.field, grid: self.grid, offset: self.offset };
        let mut copy = None;
        let tile = field.tile(tile_row, window, &mut copy);
        let columns = column_least(&field, tile);
        let value = least(&columns);
        if value == TAKEN {
            return;
        }
        let column = first::<_, S>(token, &columns, value);
        let row = first_row(&field, tile, column, value);
        let (x, y) = (window * WINDOW + column, field.grid_row(tile_row, row));
        (*key, *position) = (u32::from(value), (y * self.grid.width + x) as u32);
        add(&self.grid, &self.reach, self.field, self.table, x, y);
    }

    /// Removes tiles without a placement from keys and positions, and adds to each key its index. Returns the number of placements.
    #[inline(always)]
    fn gather(&mut self, tiles: usize) -> usize {
        let mut count = 0;
        debug_assert!(tiles <= self.keys.len() && tiles <= self.positions.len(), "one element a tile");
        for number in 0..tiles {
            let (Some(&key), Some(&position)) = (self.keys.get(number), self.positions.get(number)) else { break };
            if key != NONE
                && let (Some(to), Some(position_to)) = (self.keys.get_mut(count), self.positions.get_mut(count))
            {
                (*to, *position_to) = (key << INDEX_BITS | count as u32, position);
                count += 1;
            }
        }
        count
    }
}

/// Whether a tile takes part in a sweep: a share of the sweeps equal to its area over the largest tile's.
#[inline(always)]
fn has_turn(grid: &Grid, sweep: Option<u32>, tile_row: usize, window: usize) -> bool {
    let Some(sweep) = sweep else { return true };
    let Grid { width, height, .. } = *grid;
    debug_assert!(width > 0 && height > 0, "a mask has pixels");
    let most = (width.min(WINDOW) * height.min(TILE_ROWS)).max(1) as u64;
    let area = (width - window * WINDOW).min(WINDOW) * (height - tile_row * TILE_ROWS).min(TILE_ROWS);
    let turns = |sweeps: u64| sweeps * area as u64 / most;
    area as u64 == most || turns(u64::from(sweep) + 1) > turns(sweep.into())
}

/// Ranks a few placements: each follows as many as have a lesser key.
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
