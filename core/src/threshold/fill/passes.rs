//! The passes of the void fill over its field of `u16` cells, compiled for each SIMD level.

use crate::simd::{Kernel, Lanes, Short, Words};
use crate::threshold::argmin::{
    Cells, LowerBounds, TILE_ROWS, Tile, column_minima, first_equal, first_row, has_turn, minimum,
};
use crate::threshold::torus::{Field, FieldLayout, KernelLayout, WINDOW};

/// Cell of a placed pixel and of padding.
pub(super) const TAKEN: u16 = u16::MAX;

pub(super) type CellRow = [u16; WINDOW];

/// 32 cells without a free one.
const FULL: CellRow = [TAKEN; WINDOW];

/// Adds the kernel of a pixel placed at (x, y), saturating.
#[inline(always)]
pub(super) fn add(
    layout: &FieldLayout,
    kernel: &KernelLayout,
    field: &mut (impl Field<u16> + ?Sized),
    table: &[u16],
    x: usize,
    y: usize,
) {
    kernel.add(
        layout,
        field,
        table,
        (x, y),
        #[inline(always)]
        |cells, from, _| {
            // copies: the compiler must see that source and target do not overlap
            let (mut sum, from) = (*cells, *from);
            for i in 0..WINDOW {
                sum[i] = sum[i].saturating_add(from[i]);
            }
            *cells = sum;
        },
    );
}

/// Windows of noise that are drawn at a time.
pub(super) const NOISE_WINDOWS: usize = 16;

/// Starts a few windows of a row of the field with noise: a byte is a uniform number in Q8.
pub(super) struct Noise<'a> {
    pub(super) layout: FieldLayout,
    pub(super) field: &'a mut [CellRow],
    pub(super) y: usize,
    /// First window.
    pub(super) window: usize,
    pub(super) bytes: &'a [[u8; WINDOW]],
    pub(super) noise: u16,
}

impl Kernel for Noise<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut x = self.window * WINDOW;
        for bytes in self.bytes {
            // at most 4096
            let pixels = (self.layout.width - x) as u16;
            let mut cells = [0; WINDOW];
            for i in 0..WINDOW {
                // byte·noise/256 as the upper half of a product
                let noise = ((u32::from(u16::from(bytes[i]) << 8) * u32::from(self.noise)) >> 16) as u16;
                cells[i] = if (i as u16) < pixels { noise } else { TAKEN };
            }
            let index = self.layout.cells_index(x, self.y);
            debug_assert!(index < self.field.len() && x < self.layout.width, "the field has a cell a pixel");
            if let Some(to) = self.field.get_mut(index) {
                *to = cells;
            }
            x += WINDOW;
        }
    }
}

/// Adds the kernels of all placed pixels.
pub(super) struct AddPlaced<'a> {
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) field: &'a mut [CellRow],
    pub(super) table: &'a [u16],
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        debug_assert!(self.layout.width > 0, "a mask has columns");
        let mut y = 0;
        for row in self.ranks.chunks_exact(self.layout.width.max(1)) {
            let mut x = 0;
            for rank in row {
                if *rank != u32::MAX {
                    add(&self.layout, &self.kernel, self.field, self.table, x, y);
                }
                x += 1;
            }
            y += 1;
        }
    }
}

/// A field whose first tile begins at row `offset`. Its padding is [`TAKEN`].
struct ShiftedField<'a, F: ?Sized> {
    field: &'a F,
    layout: FieldLayout,
    offset: usize,
}

impl<F: ?Sized> ShiftedField<'_, F> {
    /// Returns the field row of row `i` of a tile.
    #[inline(always)]
    fn torus_row(&self, tile_row: usize, i: usize) -> usize {
        let row = self.offset + tile_row * TILE_ROWS + i;
        if row >= self.layout.height { row - self.layout.height } else { row }
    }
}

impl<F: Field<u16> + ?Sized> Cells<u16> for ShiftedField<'_, F> {
    /// A tile that has all its rows and does not wrap around the torus.
    #[inline(always)]
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<u16>> {
        if (tile_row + 1) * TILE_ROWS > self.layout.height {
            return None;
        }
        self.field.rows(&self.layout, window, self.torus_row(tile_row, 0), TILE_ROWS).first_chunk()
    }

    #[inline(always)]
    fn part(&self, tile_row: usize, window: usize) -> Tile<u16> {
        let mut tile = [FULL; TILE_ROWS];
        for (i, to) in tile.iter_mut().enumerate() {
            if tile_row * TILE_ROWS + i < self.layout.height {
                let row = self.field.rows(&self.layout, window, self.torus_row(tile_row, i), 1);
                debug_assert!(!row.is_empty(), "offset is a row of the field");
                *to = row.first().copied().unwrap_or(FULL);
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
    pub(super) layout: FieldLayout,
    pub(super) field: &'a [CellRow],
    pub(super) bounds: LowerBounds<'a, u16>,
}

impl Kernel for MakeBounds<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) {
        self.bounds.make(&ShiftedField { field: self.field, layout: self.layout, offset: 0 }, &self.layout);
    }
}

/// Places pixels one at a time into the argmin, until `until` are placed or none is free.
///
/// Returns the number placed and the index of the last pixel.
pub(super) struct OneAtATime<'a> {
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) field: &'a mut [CellRow],
    pub(super) table: &'a [u16],
    pub(super) bounds: LowerBounds<'a, u16>,
    pub(super) ranks: &'a mut [u32],
    pub(super) placed: u32,
    pub(super) until: u32,
}

impl Kernel for OneAtATime<'_> {
    type Output = (u32, u32);
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> (u32, u32) {
        let mut last = 0;
        while self.placed < self.until {
            let field = ShiftedField { field: self.field, layout: self.layout, offset: 0 };
            let Some((x, y)) = self.bounds.argmin::<V::Short>(token, &field, &self.layout) else { break };
            // a free cell of the padding: the block is damaged
            if x >= self.layout.width {
                break;
            }
            last = y * self.layout.width + x;
            // always there: a free cell is a pixel, unless the block is damaged
            if let Some(rank) = self.ranks.get_mut(last) {
                *rank = self.placed;
            }
            self.placed = self.placed.wrapping_add(1);
            add(&self.layout, &self.kernel, self.field, self.table, x, y);
        }
        (self.placed, last as u32)
    }
}

/// Bits of a key below the cell: the number of the placement, which breaks ties, above its pixel's index.
pub(super) const CELL_SHIFT: u32 = 48;

/// Bits below the number of a placement.
const NUMBER_SHIFT: u32 = 32;

/// Key of a tile in which no pixel was placed.
pub(super) const NONE: u64 = u64::MAX;

/// Most rows of tiles that a sweep interleaves.
const TOGETHER: usize = 8;

/// A field, or a part of one, in whose tiles pixels are placed.
pub(super) struct Tiles<'a, F: ?Sized> {
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) field: &'a mut F,
    pub(super) table: &'a [u16],
}

impl<F: Field<u16> + ?Sized> Tiles<'_, F> {
    /// Places a pixel into the argmin of a tile (tie-break: column, then row). Tiles begin at row `offset`.
    ///
    /// Returns the placement, without its number; [`NONE`] if no pixel is placed.
    #[inline(always)]
    pub(super) fn place<S: Short>(&mut self, token: S::Token, offset: usize, tile_row: usize, window: usize) -> u64 {
        let field = ShiftedField { field: &*self.field, layout: self.layout, offset };
        let mut copy = None;
        let tile = field.tile(tile_row, window, &mut copy);
        let columns = column_minima(&field, tile);
        let value = minimum(&columns);
        if value == TAKEN {
            return NONE;
        }
        let column = first_equal::<_, S>(token, &columns, value);
        let row = first_row(&field, tile, column, value);
        let (x, y) = (window * WINDOW + column, field.torus_row(tile_row, row));
        // a free cell of the padding: the block is damaged
        if x >= self.layout.width {
            return NONE;
        }
        add(&self.layout, &self.kernel, self.field, self.table, x, y);
        u64::from(value) << CELL_SHIFT | (y * self.layout.width + x) as u64
    }
}

/// Places one pixel in each tile that has a free one. Returns the number placed.
pub(super) struct Sweep<'a> {
    pub(super) tiles: Tiles<'a, [CellRow]>,
    /// Key of each placement: cell (16 bits), number of the placement (16 bits), pixel index. One element per tile.
    pub(super) keys: &'a mut [u64],
    /// Row where the first tile begins.
    pub(super) offset: usize,
    /// Number of the sweep: small tiles take part in some sweeps only. None: every tile takes part.
    pub(super) turn: Option<u32>,
}

impl Kernel for Sweep<'_> {
    type Output = usize;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> usize {
        let (height, windows) = (self.tiles.layout.height, self.tiles.layout.windows);
        let tile_rows = height.div_ceil(TILE_ROWS);
        let mut number = 0;
        for parity in 0..2 {
            let mut tile = parity;
            while tile < tile_rows {
                let together = self.interleaved(tile, tile_rows);
                for window in 0..windows {
                    for i in 0..together {
                        self.place_pixel::<V::Short>(token, tile + 2 * i, window, number + i * windows + window);
                    }
                }
                number += together * windows;
                tile += 2 * together;
            }
        }
        self.gather(number)
    }
}

impl Sweep<'_> {
    /// Returns how many rows of tiles, every other one from `tile_row` on, have kernels that do not overlap: 1 to [`TOGETHER`].
    ///
    /// The sweep interleaves the tiles of these rows, with the same result as row after row. So the search in one tile need not wait for the
    /// kernel added in the tile before (saves a tenth of the fill at 1024x1024).
    #[inline(always)]
    fn interleaved(&self, tile_row: usize, tile_rows: usize) -> usize {
        let (radius, height) = (self.tiles.kernel.rows / 2, self.tiles.layout.height);
        let mut together = if radius > TILE_ROWS { 1 } else { (tile_rows - tile_row).div_ceil(2).min(TOGETHER) };
        while together > 1 {
            // rows from the end of the last tile, around the torus, to the first tile
            let end = ((tile_row + 2 * together - 1) * TILE_ROWS).min(height);
            if height - end + tile_row * TILE_ROWS >= radius {
                break;
            }
            together -= 1;
        }
        together
    }

    /// Places a pixel in a tile that has its turn, and writes element `number` of the keys.
    #[inline(always)]
    fn place_pixel<S: Short>(&mut self, token: S::Token, tile_row: usize, window: usize, number: usize) {
        let size = (self.tiles.layout.width, self.tiles.layout.height);
        let key = if has_turn(size, self.turn, tile_row, window) {
            self.tiles.place::<S>(token, self.offset, tile_row, window)
        } else {
            NONE
        };
        debug_assert!(number < self.keys.len(), "one element a tile");
        if let Some(to) = self.keys.get_mut(number) {
            *to = key;
        }
    }

    /// Removes tiles without a placement, and numbers the placements. Returns how many there are.
    #[inline(always)]
    fn gather(&mut self, tiles: usize) -> usize {
        let mut count = 0;
        debug_assert!(tiles <= self.keys.len(), "one element a tile");
        for number in 0..tiles {
            let Some(&key) = self.keys.get(number) else { break };
            if key != NONE
                && let Some(to) = self.keys.get_mut(count)
            {
                // a mask has less than 2¹⁶ tiles
                *to = key | (count as u64) << NUMBER_SHIFT;
                count += 1;
            }
        }
        count
    }
}
