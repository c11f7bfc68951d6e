//! The passes of a filter fill over its field of `u16` cells, compiled for each SIMD level.

use super::kernel::TableLayout;
use super::{NO_CELL, Placement, Planes};
use crate::jobs::Ring;
use crate::shape::{MAX_LAYERS, Shape};
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::argmin::{TILE_ROWS, first_equal, has_turn, minimum};
use crate::threshold::torus::WINDOW;

/// 32 cells of a row of a plane.
///
/// The lowest bit of a cell is set if the cell is taken, or past the last column. All that cells grow by is even.
pub(super) type Line = [u16; WINDOW];

/// The lowest bit.
pub(super) const TAKEN: u16 = 1;

/// A kernel table.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) layout: TableLayout,
    pub(super) weights: &'a [u16],
    /// For each row and column, the number of distances with weights there and farther from the centre.
    pub(super) reaches: &'a [u8],
    /// Whether it reaches other layers at the same pixel alone.
    pub(super) point: bool,
}

impl Table<'_> {
    /// Number of distances of all weights.
    #[inline(always)]
    fn distances(&self) -> usize {
        let (column, row) = self.layout.kernel.centre();
        self.reaches.get(row * self.layout.kernel.columns + column).map_or(0, |reach| usize::from(*reach))
    }
}

/// Rows of the field that wrap around the torus.
pub(super) trait Rows {
    /// The lines of a row, of all planes.
    fn row(&mut self, y: usize) -> &mut [Line];
}

/// The whole field.
struct Whole<'a> {
    field: &'a mut [Line],
    row: usize,
}

impl Rows for Whole<'_> {
    #[inline(always)]
    fn row(&mut self, y: usize) -> &mut [Line] {
        self.field.get_mut(y * self.row..(y + 1) * self.row).unwrap_or_default()
    }
}

impl Rows for Ring<'_, Line> {
    #[inline(always)]
    fn row(&mut self, y: usize) -> &mut [Line] {
        Ring::row(self, y)
    }
}

/// Most distances in time.
const DISTANCES: usize = MAX_LAYERS as usize / 2 + 1;

/// No plane.
const NONE: u32 = u32::MAX;

/// The planes that a kernel placed in a plane reaches: ahead and behind, by distance.
struct Reached {
    planes: [[u32; 2]; DISTANCES],
    count: usize,
}

impl Reached {
    /// No planes.
    const EMPTY: Self = Self { planes: [[NONE; 2]; DISTANCES], count: 0 };

    #[inline(always)]
    fn set(&mut self, shape: Shape, table: &Table<'_>, plane: usize) {
        let (channels, count, layers) = (shape.channels as usize, shape.planes(), shape.layers as usize);
        // the block may be damaged
        self.count = table.distances().min(layers / 2 + 1);
        let (mut ahead, mut behind) = (plane, plane);
        for (d, to) in self.planes.iter_mut().enumerate().take(self.count) {
            // half of the layers forwards and backwards is the same layer
            *to = [ahead as u32, if d == 0 || 2 * d == layers { NONE } else { behind as u32 }];
            ahead = if ahead + channels >= count { ahead + channels - count } else { ahead + channels };
            behind = if behind < channels { behind + count - channels } else { behind - channels };
        }
    }

    /// The planes at the first `count` distances.
    #[inline(always)]
    fn within(&self, count: usize) -> &[[u32; 2]] {
        self.planes.get(..count.min(self.count)).unwrap_or_default()
    }
}

/// Adds 32 weights to a line; no line past the last.
#[inline(always)]
fn add_line(lines: &mut [Line], index: u32, weights: Line) {
    if let Some(line) = lines.get_mut(index as usize) {
        // a copy: the compiler must see that source and target do not overlap
        let mut sum = *line;
        for i in 0..WINDOW {
            sum[i] = sum[i].wrapping_add(weights[i]);
        }
        *line = sum;
    }
}

/// Adds the kernel of an element placed at column x and row y of a plane, and takes its cell.
#[inline(always)]
fn add(
    planes: &Planes,
    table: &Table<'_>,
    field: &mut impl Rows,
    (plane, reached): (usize, &Reached),
    (x, y): (usize, usize),
) {
    let (kernel, count) = (&table.layout.kernel, planes.shape.planes());
    let most = if table.point { 1 } else { DISTANCES };
    for overlap in kernel.overlaps(&planes.layout, x) {
        // the column of the window that is next to the centre
        let next = kernel.centre().0.max(overlap.from.saturating_sub(WINDOW)).min(overlap.from.saturating_sub(1));
        let reaches = table.reaches.get(next..).unwrap_or_default();
        let (first, mut to) = (overlap.window * count, kernel.rows_at(&planes.layout, y).0);
        for row in 0..kernel.rows {
            let distances = reaches.get(row * kernel.columns).map_or(0, |reach| usize::from(*reach)).min(most);
            if let Some(lines) = field.row(to).get_mut(first..first + count) {
                let mut weights = table.weights.get(row * table.layout.row() + overlap.from..).unwrap_or_default();
                for at in reached.within(distances) {
                    let Some(line) = weights.first_chunk().copied() else { break };
                    add_line(lines, at[0], line);
                    add_line(lines, at[1], line);
                    weights = weights.get(kernel.row_len()..).unwrap_or_default();
                }
            }
            to = if to + 1 == planes.layout.height { 0 } else { to + 1 };
        }
    }
    let (first, column) = (x / WINDOW * count, x % WINDOW);
    let Some(lines) = field.row(y).get_mut(first..first + count) else { return };
    if table.point {
        let (own, row) = kernel.centre();
        let first = row * table.layout.row() + WINDOW + own;
        let weights = table.weights.get(first..).unwrap_or_default().iter().step_by(kernel.row_len().max(1));
        for (at, weight) in reached.within(DISTANCES).iter().zip(weights).skip(1) {
            for plane in at {
                if let Some(line) = lines.get_mut(*plane as usize) {
                    line[column] = line[column].wrapping_add(*weight);
                }
            }
        }
    }
    if let Some(line) = lines.get_mut(plane) {
        line[column] |= TAKEN;
    }
}

/// Adds the kernels of all placed elements.
pub(super) struct AddPlaced<'a> {
    pub(super) planes: &'a Planes,
    pub(super) field: &'a mut [Line],
    pub(super) table: Table<'a>,
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut field = Whole { field: self.field, row: self.planes.row };
        let (mut plane, mut reached) = (0, Reached::EMPTY);
        for ranks in self.ranks.chunks_exact(self.planes.layout.pixels().max(1)) {
            reached.set(self.planes.shape, &self.table, plane);
            let mut y = 0;
            for row in ranks.chunks_exact(self.planes.layout.width.max(1)) {
                let mut x = 0;
                for rank in row {
                    if *rank != super::UNPLACED {
                        add(self.planes, &self.table, &mut field, (plane, &reached), (x, y));
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
    pub(super) field: Ring<'f, Line>,
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
    /// What free cells are compared from: an even number.
    pub(super) lowest: u16,
}

impl Kernel for PlaceRow<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let windows = self.planes.layout.windows;
        let mut reached = Reached::EMPTY;
        for plane in self.order {
            let plane = *plane as usize;
            reached.set(self.planes.shape, &self.table, plane);
            for window in 0..windows {
                if let Some(placement) = self.placements.get_mut(plane * windows + window) {
                    placement.cell = NO_CELL;
                }
                let sides = (self.planes.layout.width, self.planes.layout.height);
                if has_turn(sides, self.turn, self.tile_row, window) {
                    self.place::<V>(token, (plane, &reached), window);
                }
            }
        }
    }
}

impl PlaceRow<'_, '_> {
    /// Places an element into the argmin of a tile's free cells (tie-break: column, then row).
    #[inline(always)]
    fn place<V: Lanes>(&mut self, token: V::Token, (plane, reached): (usize, &Reached), window: usize) {
        let (layout, lowest) = (self.planes.layout, self.lowest);
        let rows = TILE_ROWS.min(layout.height - self.tile_row * TILE_ROWS);
        let index = window * self.planes.shape.planes() + plane;
        let first = self.offset + self.tile_row * TILE_ROWS;
        let torus_row = |i: usize| if first + i >= layout.height { first + i - layout.height } else { first + i };
        // of each column, the least cell and the first row that has it
        let (mut columns, mut least_rows) = ([u16::MAX; WINDOW], [0_u16; WINDOW]);
        for i in 0..rows {
            if let Some(cells) = self.field.row(torus_row(i)).get(index) {
                for k in 0..WINDOW {
                    // all bits of a taken cell
                    let cell = cells[k].wrapping_sub(lowest) | (cells[k] & TAKEN).wrapping_neg();
                    least_rows[k] = if cell < columns[k] { i as u16 } else { least_rows[k] };
                    columns[k] = columns[k].min(cell);
                }
            }
        }
        let value = minimum(&columns);
        if value == u16::MAX {
            return;
        }
        let column = first_equal::<_, V::Short>(token, &columns, value);
        let (x, y) = (window * WINDOW + column, torus_row(least_rows[column].into()));
        if let Some(to) = self.placements.get_mut(plane * layout.windows + window) {
            *to = Placement { cell: value.into(), pixel: (y * layout.width + x) as u32 };
        }
        add(self.planes, &self.table, &mut self.field, (plane, reached), (x, y));
    }
}
