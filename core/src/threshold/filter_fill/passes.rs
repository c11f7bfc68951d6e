//! The passes of a filter fill over its field of `u16` cells, compiled for each SIMD level.

use super::kernel::TableLayout;
use super::{NO_CELL, Placement, Planes};
use crate::jobs::Ring;
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::argmin::{TILE_ROWS, Tile, first_equal, has_turn, minimum};
use crate::threshold::torus::WINDOW;

/// 32 cells of a row of a plane.
pub(super) type Line = [u16; WINDOW];

/// A kernel table.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) layout: TableLayout,
    pub(super) weights: &'a [u16],
    /// Layers that each row of the kernel reaches to either side.
    pub(super) reaches: &'a [u32],
    /// Whether it reaches other layers at the same pixel alone.
    pub(super) point: bool,
}

/// Rows of the field that wrap around the torus.
pub(super) trait Rows {
    /// The lines of a row, of all planes.
    fn lines(&mut self, y: usize) -> &mut [Line];
    /// The bits of a row, a word a line.
    fn taken(&mut self, y: usize) -> &mut [u32];
}

/// The whole field.
struct Whole<'a> {
    field: &'a mut [Line],
    taken: &'a mut [u32],
    row: usize,
}

impl Rows for Whole<'_> {
    #[inline(always)]
    fn lines(&mut self, y: usize) -> &mut [Line] {
        self.field.get_mut(y * self.row..(y + 1) * self.row).unwrap_or_default()
    }

    #[inline(always)]
    fn taken(&mut self, y: usize) -> &mut [u32] {
        self.taken.get_mut(y * self.row..(y + 1) * self.row).unwrap_or_default()
    }
}

/// The rows that a row of tiles reaches.
pub(super) struct Part<'a> {
    pub(super) field: Ring<'a, Line>,
    pub(super) taken: Ring<'a, u32>,
}

impl Rows for Part<'_> {
    #[inline(always)]
    fn lines(&mut self, y: usize) -> &mut [Line] {
        self.field.row(y)
    }

    #[inline(always)]
    fn taken(&mut self, y: usize) -> &mut [u32] {
        self.taken.row(y)
    }
}

/// Adds 32 weights to a line.
#[inline(always)]
fn add_line(lines: &mut [Line], index: usize, weights: &Line) {
    debug_assert!(index < lines.len(), "a line a plane");
    if let Some(line) = lines.get_mut(index) {
        // copies: the compiler must see that source and target do not overlap
        let (mut sum, weights) = (*line, *weights);
        for i in 0..WINDOW {
            sum[i] = sum[i].wrapping_add(weights[i]);
        }
        *line = sum;
    }
}

/// Planes at each distance from a plane: forwards and backwards from it.
#[derive(Clone, Copy)]
struct Neighbours {
    channels: usize,
    planes: usize,
    ahead: usize,
    behind: usize,
}

impl Neighbours {
    #[inline(always)]
    fn step(&mut self) {
        let Self { channels, planes, .. } = *self;
        self.ahead += channels;
        self.ahead = if self.ahead >= planes { self.ahead - planes } else { self.ahead };
        self.behind = if self.behind < channels { self.behind + planes } else { self.behind } - channels;
    }
}

/// Adds the kernel of an element placed at column x and row y of a plane, and takes its cell.
#[inline(always)]
fn add(planes: &Planes, table: &Table<'_>, field: &mut impl Rows, plane: usize, x: usize, y: usize) {
    let (kernel, count, layers) = (&table.layout.kernel, planes.shape.planes(), planes.shape.layers as usize);
    let channels = planes.shape.channels as usize;
    let (start, _) = kernel.rows_at(&planes.layout, y);
    let mut to = start;
    let rows = table.weights.chunks_exact(table.layout.row().max(1)).take(kernel.rows);
    for (row, reach) in rows.zip(table.reaches) {
        // never more than half of the layers, but the block may be damaged
        let reach = if table.point { 0 } else { (*reach as usize).min(layers / 2) };
        // half of the layers forwards and backwards is the same layer
        let both = if 2 * reach == layers { reach } else { reach + 1 };
        let lines = field.lines(to);
        for overlap in kernel.overlaps(&planes.layout, x) {
            let Some(lines) = lines.get_mut(overlap.window * count..(overlap.window + 1) * count) else { continue };
            let weights =
                |d: usize| row.get(d * kernel.row_len() + overlap.from..).and_then(<[u16]>::first_chunk::<WINDOW>);
            let mut at = Neighbours { channels, planes: count, ahead: plane, behind: plane };
            if let Some(weights) = weights(0) {
                add_line(lines, plane, weights);
            }
            for d in 1..both {
                at.step();
                if let Some(weights) = weights(d) {
                    add_line(lines, at.ahead, weights);
                    add_line(lines, at.behind, weights);
                }
            }
            if both == reach && reach > 0 {
                at.step();
                if let Some(weights) = weights(reach) {
                    add_line(lines, at.ahead, weights);
                }
            }
        }
        to = if to + 1 == planes.layout.height { 0 } else { to + 1 };
    }
    if table.point {
        add_point(planes, table, field.lines(y), plane, x);
    }
    if let Some(bits) = field.taken(y).get_mut(x / WINDOW * count + plane) {
        *bits |= 1 << (x % WINDOW);
    }
}

/// Adds the temporal part of a kernel that reaches other layers at the same pixel alone.
#[inline(always)]
fn add_point(planes: &Planes, table: &Table<'_>, lines: &mut [Line], plane: usize, x: usize) {
    let (count, layers) = (planes.shape.planes(), planes.shape.layers as usize);
    let (window, column) = (x / WINDOW, x % WINDOW);
    let Some(lines) = lines.get_mut(window * count..(window + 1) * count) else { return };
    let mut grow = |plane: usize, weight: u16| {
        if let Some(line) = lines.get_mut(plane) {
            line[column] = line[column].wrapping_add(weight);
        }
    };
    let (at, row) = table.layout.kernel.centre();
    let first = row * table.layout.row() + WINDOW + at;
    let mut neighbours =
        Neighbours { channels: planes.shape.channels as usize, planes: count, ahead: plane, behind: plane };
    let reach = table.reaches.get(row).map_or(0, |reach| *reach as usize).min(layers / 2);
    for d in 1..=reach {
        neighbours.step();
        let weight = table.weights.get(first + d * table.layout.kernel.row_len()).copied().unwrap_or_default();
        grow(neighbours.ahead, weight);
        if 2 * d != layers {
            grow(neighbours.behind, weight);
        }
    }
}

/// Adds the kernels of all placed elements.
pub(super) struct AddPlaced<'a> {
    pub(super) planes: &'a Planes,
    pub(super) field: &'a mut [Line],
    pub(super) taken: &'a mut [u32],
    pub(super) table: Table<'a>,
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut field = Whole { field: self.field, taken: self.taken, row: self.planes.row };
        let mut plane = 0;
        for ranks in self.ranks.chunks_exact(self.planes.layout.pixels().max(1)) {
            let mut y = 0;
            for row in ranks.chunks_exact(self.planes.layout.width.max(1)) {
                let mut x = 0;
                for rank in row {
                    if *rank != super::UNPLACED {
                        add(self.planes, &self.table, &mut field, plane, x, y);
                    }
                    x += 1;
                }
                y += 1;
            }
            plane += 1;
        }
    }
}

/// Places one element in each tile of a row of tiles, in all planes.
pub(super) struct PlaceRow<'a, 'f> {
    pub(super) planes: &'a Planes,
    pub(super) field: Part<'f>,
    pub(super) table: Table<'a>,
    /// By plane, then by tile.
    pub(super) placements: &'a mut [Placement],
    /// Order of the planes.
    pub(super) order: &'a [u32],
    pub(super) tile_row: usize,
    /// Row where the first tiles begin.
    pub(super) offset: usize,
    /// Number of the round: small tiles take part in some rounds only. None: every tile takes part.
    pub(super) turn: Option<u32>,
    /// What free cells are compared from, modulo 2¹⁶.
    pub(super) lowest: u16,
}

impl Kernel for PlaceRow<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let windows = self.planes.layout.windows;
        for plane in self.order {
            let plane = *plane as usize;
            for window in 0..windows {
                if let Some(placement) = self.placements.get_mut(plane * windows + window) {
                    placement.cell = NO_CELL;
                }
                let sides = (self.planes.layout.width, self.planes.layout.height);
                if has_turn(sides, self.turn, self.tile_row, window) {
                    self.place::<V>(token, plane, window);
                }
            }
        }
    }
}

/// A word as 32 cells, all bits of a cell set where the bit is.
#[inline(always)]
fn spread(bits: u32) -> Line {
    let (low, high) = (bits as u16, (bits >> 16) as u16);
    let mut cells = [0; WINDOW];
    for k in 0..WINDOW / 2 {
        cells[k] = if low & (1 << k) == 0 { 0 } else { u16::MAX };
        cells[k + WINDOW / 2] = if high & (1 << k) == 0 { 0 } else { u16::MAX };
    }
    cells
}

impl PlaceRow<'_, '_> {
    /// Places an element into the argmin of a tile's free cells (tie-break: column, then row).
    #[inline(always)]
    fn place<V: Lanes>(&mut self, token: V::Token, plane: usize, window: usize) {
        let (layout, planes) = (self.planes.layout, self.planes.shape.planes());
        let rows = TILE_ROWS.min(layout.height - self.tile_row * TILE_ROWS);
        let index = window * planes + plane;
        let first = self.offset + self.tile_row * TILE_ROWS;
        let torus_row = |i: usize| if first + i >= layout.height { first + i - layout.height } else { first + i };
        let mut tile: Tile<u16> = [[u16::MAX; WINDOW]; TILE_ROWS];
        let mut columns = [u16::MAX; WINDOW];
        for (i, to) in tile.iter_mut().enumerate().take(rows) {
            let y = torus_row(i);
            if let Some(bits) = self.field.taken(y).get(index).copied()
                && let Some(cells) = self.field.lines(y).get(index)
            {
                let taken = spread(bits);
                for k in 0..WINDOW {
                    to[k] = cells[k].wrapping_sub(self.lowest) | taken[k];
                    columns[k] = columns[k].min(to[k]);
                }
            }
        }
        let value = minimum(&columns);
        if value == u16::MAX {
            return;
        }
        let column = first_equal::<_, V::Short>(token, &columns, value);
        let mut row = 0;
        for (i, cells) in tile.iter().enumerate().rev() {
            row = if cells[column] == value { i } else { row };
        }
        let (x, y) = (window * WINDOW + column, torus_row(row));
        if let Some(to) = self.placements.get_mut(plane * layout.windows + window) {
            *to = Placement { cell: value.into(), pixel: (y * layout.width + x) as u32 };
        }
        add(self.planes, &self.table, &mut self.field, plane, x, y);
    }
}
