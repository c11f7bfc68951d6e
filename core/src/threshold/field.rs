//! The field of the void fill: kernels on `u16` cells, compiled for each level.

use super::grid::{Grid, Reach, WINDOW};
use crate::simd::{Kernel, Lanes};

/// The field of a placed pixel, and of padding: never free.
pub(super) const TAKEN: u16 = u16::MAX;

/// Rows of a tile.
pub(super) const TILE_ROWS: usize = 16;

type Window = [u16; WINDOW];

/// A row of no free pixel.
const FULL: Window = [TAKEN; WINDOW];

/// Adds the kernel of a pixel at (x, y), saturating.
#[inline(always)]
fn add(grid: &Grid, reach: &Reach, field: &mut [Window], table: &[u16], x: usize, y: usize) {
    let spans = reach.spans(grid, x);
    let mut j = 0;
    while j < reach.rows {
        let row = reach.row_at(grid, y, j) * grid.windows;
        let line = table.get(j * reach.row_len()..).unwrap_or_default();
        for span in spans {
            let mut window = span.first;
            while window < span.end {
                let from = line.get(span.from + (window - span.first) * WINDOW..);
                let from = from.and_then(<[u16]>::first_chunk::<WINDOW>);
                if let (Some(cells), Some(from)) = (field.get_mut(row + window), from) {
                    for i in 0..WINDOW {
                        cells[i] = cells[i].saturating_add(from[i]);
                    }
                }
                window += 1;
            }
        }
        j += 1;
    }
}

/// The least of a window.
#[inline(always)]
fn least(cells: &Window) -> u16 {
    let mut least = TAKEN;
    for i in 0..WINDOW {
        least = least.min(cells[i]);
    }
    least
}

/// The first place of a value in a window, which has it.
#[inline(always)]
fn first(cells: &Window, value: u16) -> usize {
    let mut first = WINDOW as u16;
    for i in 0..WINDOW {
        let here = if cells[i] == value { i as u16 } else { WINDOW as u16 };
        first = first.min(here);
    }
    usize::from(first) % WINDOW
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

/// The least of each window.
pub(super) struct Minima<'a> {
    pub(super) field: &'a [Window],
    pub(super) minima: &'a mut [u16],
}

impl Kernel for Minima<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        self.minima.fill(TAKEN);
        for (cells, minimum) in self.field.iter().zip(self.minima) {
            *minimum = least(cells);
        }
    }
}

/// Places pixels into the least of all, until `until` are placed or nothing is free; gives how many are.
pub(super) struct OneAtATime<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    pub(super) minima: &'a mut [u16],
    pub(super) ranks: &'a mut [u32],
    pub(super) placed: u32,
    pub(super) until: u32,
}

impl Kernel for OneAtATime<'_> {
    type Output = u32;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) -> u32 {
        while self.placed < self.until {
            let Some((x, y)) = self.void() else { break };
            if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
                *rank = self.placed;
            }
            self.placed = self.placed.wrapping_add(1);
            add(&self.grid, &self.reach, self.field, self.table, x, y);
            self.renew(x, y);
        }
        self.placed
    }
}

impl OneAtATime<'_> {
    /// The first of the least.
    #[inline(always)]
    fn void(&self) -> Option<(usize, usize)> {
        let (groups, rest) = self.minima.as_chunks::<WINDOW>();
        let (mut value, mut group) = (TAKEN, 0);
        let mut index = 0;
        for minima in groups {
            let here = least(minima);
            if here < value {
                (value, group) = (here, index);
            }
            index += WINDOW;
        }
        let mut window = if value < TAKEN { group + first(self.minima.get(group..)?.first_chunk()?, value) } else { 0 };
        for minimum in rest {
            if *minimum < value {
                (value, window) = (*minimum, index);
            }
            index += 1;
        }
        if value == TAKEN {
            return None;
        }
        let column = first(self.field.get(window)?, value);
        let windows = self.grid.windows.max(1);
        Some((window % windows * WINDOW + column, window / windows))
    }

    /// The minima of the windows that the kernel of a pixel at (x, y) changed.
    #[inline(always)]
    fn renew(&mut self, x: usize, y: usize) {
        for j in 0..self.reach.rows {
            let row = self.reach.row_at(&self.grid, y, j) * self.grid.windows;
            for span in self.reach.spans(&self.grid, x) {
                for window in row + span.first..row + span.end {
                    if let (Some(cells), Some(minimum)) = (self.field.get(window), self.minima.get_mut(window)) {
                        *minimum = least(cells);
                    }
                }
            }
        }
    }
}

/// Places one pixel in each tile that has a free one; gives how many were placed.
pub(super) struct Sweep<'a> {
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u16],
    /// Field << 32 | position of each placement, in their order.
    pub(super) placements: &'a mut [u64],
    /// The row at which the first tile begins.
    pub(super) offset: usize,
}

impl Kernel for Sweep<'_> {
    type Output = usize;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) -> usize {
        let tile_rows = self.grid.height.div_ceil(TILE_ROWS);
        let mut count = 0;
        for parity in 0..2 {
            let mut tile = parity;
            while tile < tile_rows {
                for window in 0..self.grid.windows {
                    count += self.place(tile, window, count);
                }
                tile += 2;
            }
        }
        count
    }
}

impl Sweep<'_> {
    /// The row of the grid that row `i` of a tile is.
    #[inline(always)]
    fn row(&self, tile: usize, i: usize) -> usize {
        let row = self.offset + tile * TILE_ROWS + i;
        if row >= self.grid.height { row - self.grid.height } else { row }
    }

    /// A row of a tile; the last tile may have fewer.
    #[inline(always)]
    fn cells(&self, tile: usize, window: usize, i: usize) -> &Window {
        if tile * TILE_ROWS + i >= self.grid.height {
            return &FULL;
        }
        self.field.get(self.row(tile, i) * self.grid.windows + window).unwrap_or(&FULL)
    }

    /// Places the first of the least of a tile: its column first, then its row. Gives how many were placed, 0 or 1.
    #[inline(always)]
    fn place(&mut self, tile: usize, window: usize, count: usize) -> usize {
        let mut columns = FULL;
        let mut i = 0;
        while i < TILE_ROWS {
            // four rows at a time, so that the minima stay in registers
            let [a, b] = [self.cells(tile, window, i), self.cells(tile, window, i + 1)];
            let [c, d] = [self.cells(tile, window, i + 2), self.cells(tile, window, i + 3)];
            for k in 0..WINDOW {
                columns[k] = columns[k].min(a[k].min(b[k])).min(c[k].min(d[k]));
            }
            i += 4;
        }
        let value = least(&columns);
        if value == TAKEN {
            return 0;
        }
        let column = first(&columns, value);
        let mut row = 0;
        while row + 1 < TILE_ROWS && self.cells(tile, window, row)[column] != value {
            row += 1;
        }
        let (x, y) = (window * WINDOW + column, self.row(tile, row));
        if let Some(to) = self.placements.get_mut(count) {
            *to = u64::from(value) << 32 | (y * self.grid.width + x) as u64;
        }
        add(&self.grid, &self.reach, self.field, self.table, x, y);
        1
    }
}
