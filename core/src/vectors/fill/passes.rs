//! The passes of a joint fill over its field of `i32` cells, compiled for each SIMD level.

use super::kernel::{Coupled, FACTOR_BITS, NEAR_BITS, SLOPE_BITS, TableLayout};
use super::{NONE_FREE, TAKEN, UNPLACED};
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::{FieldLayout, TILE_ROWS, WINDOW, has_turn};

/// Most dimensions before one.
const MOST_BEFORE: usize = 3;

/// The field of all layers, with the table of a scale.
pub(super) struct Field<'a> {
    pub(super) layout: FieldLayout,
    pub(super) layers: usize,
    /// Layer by layer.
    pub(super) cells: &'a mut [[i32; WINDOW]],
    /// Ranks of the dimensions before, Q16: dimension by dimension, each as `cells`.
    pub(super) before: &'a [[u16; WINDOW]],
    pub(super) table: &'a [i32],
    pub(super) kernel: TableLayout,
    pub(super) coupled: Coupled,
}

impl Field<'_> {
    /// Adds the kernel of an element placed at column x and row y of a layer, and takes its cell.
    #[inline(always)]
    fn add(&mut self, layer: usize, (x, y): (usize, usize)) {
        let (layout, plane) = (self.layout, self.layout.len());
        let all = plane * self.layers;
        let own_line = layer * plane + layout.cells_index(x, y);
        let mut own = [0; MOST_BEFORE];
        let mut c = 0;
        while c < MOST_BEFORE && (c + 1) * all <= self.before.len() {
            own[c] = self.before.get(c * all + own_line).map_or(0, |line| i32::from(line[x % WINDOW]));
            c += 1;
        }
        let (count, coupled) = (c, self.coupled);
        let row_len = self.kernel.kernel.row_len();
        let first_row = self.kernel.kernel.rows_at(&layout, y).0;
        for d in 0..self.kernel.distances {
            // a distance without weights has none at the centre
            let (column, row) = self.kernel.kernel.centre();
            let centre = (row * self.kernel.distances + d) * row_len + WINDOW + column;
            if self.table.get(centre).is_none_or(|weight| *weight == 0) {
                continue;
            }
            let (ahead, behind) = (layer + d, layer + self.layers - d);
            let ahead = if ahead >= self.layers { ahead - self.layers } else { ahead };
            let behind = if behind >= self.layers { behind - self.layers } else { behind };
            // half of the layers forwards and backwards is the same layer
            let targets = if ahead == behind { 1 } else { 2 };
            let mut target = 0;
            while target < targets {
                let to = if target == 0 { ahead } else { behind };
                for overlap in self.kernel.kernel.overlaps(&layout, x) {
                    let base = to * plane + overlap.window * layout.stride;
                    let mut y = first_row;
                    for row in 0..self.kernel.kernel.rows {
                        let at = (row * self.kernel.distances + d) * row_len + overlap.from;
                        let weights = self.table.get(at..).and_then(|table| table.first_chunk::<WINDOW>());
                        if let (Some(weights), Some(cells)) = (weights, self.cells.get_mut(base + y)) {
                            let mut sum = *cells;
                            if count == 0 {
                                for k in 0..WINDOW {
                                    sum[k] = sum[k].wrapping_add(weights[k]);
                                }
                            } else {
                                let mut near = [coupled.reach; WINDOW];
                                let mut c = 0;
                                while c < count {
                                    if let Some(line) = self.before.get(c * all + base + y) {
                                        for k in 0..WINDOW {
                                            near[k] -= (i32::from(line[k]) - own[c]).abs();
                                        }
                                    }
                                    c += 1;
                                }
                                for k in 0..WINDOW {
                                    let near = near[k].max(0) >> NEAR_BITS;
                                    let factor = coupled.base + (near.wrapping_mul(coupled.slope) >> SLOPE_BITS);
                                    sum[k] = sum[k].wrapping_add(weights[k].wrapping_mul(factor) >> FACTOR_BITS);
                                }
                            }
                            *cells = sum;
                        }
                        y = if y + 1 == layout.height { 0 } else { y + 1 };
                    }
                }
                target += 1;
            }
        }
        if let Some(line) = self.cells.get_mut(own_line) {
            line[x % WINDOW] = line[x % WINDOW].wrapping_add(TAKEN);
        }
    }

    /// The argmin of a tile's free cells (tie-break: column, then row): cell, column, row.
    #[inline(always)]
    fn least(&self, layer: usize, (window, tile_row): (usize, usize), offset: usize) -> Option<(i32, usize, usize)> {
        let layout = self.layout;
        let base = layer * layout.len() + window * layout.stride;
        let rows = TILE_ROWS.min(layout.height - tile_row * TILE_ROWS);
        let (mut columns, mut least_rows) = ([i32::MAX; WINDOW], [0_i32; WINDOW]);
        let start = offset + tile_row * TILE_ROWS;
        let torus_row = |y: usize| if y >= layout.height { y - layout.height } else { y };
        for i in 0..rows {
            if let Some(cells) = self.cells.get(base + torus_row(start + i)) {
                for k in 0..WINDOW {
                    least_rows[k] = if cells[k] < columns[k] { i as i32 } else { least_rows[k] };
                    columns[k] = columns[k].min(cells[k]);
                }
            }
        }
        let (mut value, mut column) = (i32::MAX, 0);
        for k in 0..WINDOW {
            if columns[k] < value {
                (value, column) = (columns[k], k);
            }
        }
        if value >= NONE_FREE {
            return None;
        }
        Some((value, window * WINDOW + column, torus_row(start + least_rows[column] as usize)))
    }
}

/// Adds the kernels of all placed elements.
pub(super) struct AddPlaced<'a> {
    pub(super) field: Field<'a>,
    /// Ranks of the dimension, layer by layer.
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) {
        let (width, height) = (self.field.layout.width.max(1), self.field.layout.height.max(1));
        let mut row = 0;
        for ranks in self.ranks.chunks_exact(width) {
            let mut x = 0;
            for rank in ranks {
                if *rank != UNPLACED {
                    self.field.add(row / height, (x, row % height));
                }
                x += 1;
            }
            row += 1;
        }
    }
}

/// Places one element in each tile of a layer; returns how many.
pub(super) struct PlaceLayer<'a> {
    pub(super) field: Field<'a>,
    /// `cell << 32 | pixel` of each placement, with the sign of the cell flipped: negative cells come first.
    pub(super) keys: &'a mut [u64],
    pub(super) layer: usize,
    /// Row where the first tiles begin.
    pub(super) offset: usize,
    /// Number of the round: small tiles take part in some rounds only. None: every tile takes part.
    pub(super) round: Option<u32>,
}

impl Kernel for PlaceLayer<'_> {
    type Output = usize;
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) -> usize {
        let layout = self.field.layout;
        let (tile_rows, mut count) = (layout.height.div_ceil(TILE_ROWS), 0);
        // even rows of tiles, then odd ones
        for parity in 0..2 {
            let mut tile_row = parity;
            while tile_row < tile_rows {
                for window in 0..layout.windows {
                    if !has_turn((layout.width, layout.height), self.round, tile_row, window) {
                        continue;
                    }
                    if let Some((cell, x, y)) = self.field.least(self.layer, (window, tile_row), self.offset)
                        && let Some(key) = self.keys.get_mut(count)
                    {
                        *key = u64::from(cell as u32 ^ 1 << 31) << 32 | (y * layout.width + x) as u64;
                        count += 1;
                        self.field.add(self.layer, (x, y));
                    }
                }
                tile_row += 2;
            }
        }
        count
    }
}
