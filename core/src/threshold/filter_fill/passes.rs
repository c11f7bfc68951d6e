//! The passes of a filter fill over its field of `i32` cells, compiled for each SIMD level.

use super::kernel::TableLayout;
use super::{CELLS, NO_CELL, PLACED, Placement, Planes};
use crate::jobs::Ring;
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::argmin::{TILE_ROWS, first_equal, has_turn, minimum};
use crate::threshold::torus::WINDOW;

/// Added to a cell so that no cell is negative.
const LEVEL: i32 = 1 << 29;

/// Free cells are below, placed ones above.
const FREE: i32 = 1 << 29;

/// A kernel table.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) layout: TableLayout,
    pub(super) cells: &'a [i32],
    /// Layers that each row of the kernel reaches to either side.
    pub(super) reaches: &'a [u32],
    /// Whether it reaches other layers at the same pixel alone.
    pub(super) point: bool,
}

/// Rows of the field that wrap around the torus.
pub(super) trait Rows {
    /// The cells of a row, of all planes.
    fn row(&mut self, y: usize) -> &mut [i32];
}

/// The whole field.
struct Whole<'a> {
    field: &'a mut [i32],
    row: usize,
}

impl Rows for Whole<'_> {
    #[inline(always)]
    fn row(&mut self, y: usize) -> &mut [i32] {
        self.field.get_mut(y * self.row..(y + 1) * self.row).unwrap_or_default()
    }
}

impl Rows for Ring<'_, i32> {
    #[inline(always)]
    fn row(&mut self, y: usize) -> &mut [i32] {
        Ring::row(self, y)
    }
}

/// A run of columns of a placement: the first cell in a row of a layer and in the table, and the number of cells.
#[derive(Clone, Copy)]
struct Run {
    at: usize,
    from: usize,
    count: usize,
}

/// Adds a run of a row of the table to a row of some layers, layer by layer with the cells of the table at its distance.
#[inline(always)]
fn add_layers<'a, const COUNT: usize>(
    layers: impl Iterator<Item = &'a mut [i32]>,
    distances: impl Iterator<Item = &'a [i32]>,
    run: Run,
) {
    for (cells, table) in layers.zip(distances) {
        let mut done = 0;
        while done < run.count {
            // always there: a row has room after its last pixel, and the table has zeros
            if let Some(cells) = cells.get_mut(run.at + done..).and_then(<[i32]>::first_chunk_mut::<COUNT>)
                && let Some(table) = table.get(run.from + done..).and_then(<[i32]>::first_chunk::<COUNT>)
            {
                // copies: the compiler must see that source and target do not overlap
                let (mut sum, from) = (*cells, *table);
                for i in 0..COUNT {
                    sum[i] = sum[i].wrapping_add(from[i]);
                }
                *cells = sum;
            }
            done += COUNT;
        }
    }
}

/// Adds a run of a row of the table to a row of the layers that the kernel reaches, forwards and backwards.
#[inline(always)]
fn add_run<const COUNT: usize>(
    planes: &Planes,
    table: &Table<'_>,
    cells: &mut [i32],
    row: &[i32],
    (plane, reach): (usize, usize),
    run: Run,
) {
    let (layers, channels) = (planes.shape.layers as usize, (planes.shape.channels as usize).max(1));
    let (layer, size) = (plane / channels, planes.stride * channels);
    let run = Run { at: run.at + plane % channels * planes.stride, ..run };
    let Some((before, from)) =
        cells.get_mut(..layers * size).and_then(|cells| cells.split_at_mut_checked(layer * size))
    else {
        return;
    };
    let distances = |first: usize, end: usize| {
        let cells = row.get(first * table.layout.columns..end * table.layout.columns).unwrap_or_default();
        cells.chunks_exact(table.layout.columns.max(1))
    };
    let size = size.max(1);
    let (ahead, behind) = (layers - layer, layer);
    add_layers::<COUNT>(from.chunks_exact_mut(size), distances(0, (reach + 1).min(ahead)), run);
    if reach + 1 > ahead {
        add_layers::<COUNT>(before.chunks_exact_mut(size), distances(ahead, reach + 1), run);
    }
    // half of the layers further forwards and backwards is the same layer
    let end = if 2 * reach == layers { reach } else { reach + 1 };
    add_layers::<COUNT>(before.chunks_exact_mut(size).rev(), distances(1.min(end), end.min(behind + 1)), run);
    if end > behind + 1 {
        add_layers::<COUNT>(from.chunks_exact_mut(size).rev(), distances(behind + 1, end), run);
    }
}

/// Adds the kernel of an element placed at column x and row y of a plane.
#[inline(always)]
fn add(planes: &Planes, table: &Table<'_>, field: &mut impl Rows, plane: usize, x: usize, y: usize) {
    let (width, height) = (planes.width(), planes.height());
    let kernel = &table.layout.kernel;
    let (left, above) = kernel.centre();
    let at = if x < left { x + width - left } else { x - left };
    let inside = kernel.columns.min(width - at);
    let runs = [Run { at, from: 0, count: inside }, Run { at: 0, from: inside, count: kernel.columns - inside }];
    let mut to = if y < above { y + height - above } else { y - above };
    let rows = table.cells.chunks_exact(table.layout.row().max(1)).take(kernel.rows);
    for (row, reach) in rows.zip(table.reaches) {
        // never more than half of the layers, but the block may be damaged
        let reach = if table.point { 0 } else { (*reach as usize).min(planes.shape.layers as usize / 2) };
        let cells = field.row(to);
        for run in runs {
            match run.count {
                0 => (),
                1..=CELLS => add_run::<CELLS>(planes, table, cells, row, (plane, reach), run),
                _ => add_run::<{ 2 * CELLS }>(planes, table, cells, row, (plane, reach), run),
            }
        }
        to = if to + 1 == height { 0 } else { to + 1 };
    }
    let cells = field.row(y);
    if table.point {
        add_point(planes, table, cells, plane, x);
    }
    if let Some(cell) = cells.get_mut(plane * planes.stride + x) {
        *cell = cell.wrapping_add(PLACED);
    }
}

/// Adds the temporal part of a kernel that reaches other layers at the same pixel alone.
#[inline(always)]
fn add_point(planes: &Planes, table: &Table<'_>, cells: &mut [i32], plane: usize, x: usize) {
    let (layers, channels, count) =
        (planes.shape.layers as usize, planes.shape.channels as usize, planes.shape.planes());
    let (column, row) = table.layout.kernel.centre();
    let (mut ahead, mut behind) = (plane, plane);
    let reach = table.reaches.get(row).map_or(0, |reach| *reach as usize).min(layers / 2);
    for d in 1..=reach {
        ahead = if ahead + channels >= count { ahead + channels - count } else { ahead + channels };
        behind = if behind < channels { behind + count - channels } else { behind - channels };
        let index = row * table.layout.row() + d * table.layout.columns + column;
        let weight = table.cells.get(index).copied().unwrap_or_default();
        if let Some(cell) = cells.get_mut(ahead * planes.stride + x) {
            *cell = cell.wrapping_add(weight);
        }
        if 2 * d != layers
            && let Some(cell) = cells.get_mut(behind * planes.stride + x)
        {
            *cell = cell.wrapping_add(weight);
        }
    }
}

/// Adds the kernels of all placed elements.
pub(super) struct AddPlaced<'a> {
    pub(super) planes: &'a Planes,
    pub(super) field: &'a mut [i32],
    pub(super) table: Table<'a>,
    pub(super) ranks: &'a [u32],
}

impl Kernel for AddPlaced<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut field = Whole { field: self.field, row: self.planes.row };
        let mut plane = 0;
        for ranks in self.ranks.chunks_exact(self.planes.shape.pixels().max(1)) {
            let mut y = 0;
            for row in ranks.chunks_exact(self.planes.width().max(1)) {
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
    pub(super) field: Ring<'f, i32>,
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
}

impl Kernel for PlaceRow<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let (planes, windows) = (*self.planes, self.planes.windows);
        for plane in self.order {
            let plane = *plane as usize;
            for window in 0..windows {
                if let Some(placement) = self.placements.get_mut(plane * windows + window) {
                    placement.cell = NO_CELL;
                }
                let (width, height) = (planes.width(), planes.height());
                if has_turn((width, height), self.turn, self.tile_row, window) {
                    self.place::<V>(token, plane, window);
                }
            }
        }
    }
}

impl PlaceRow<'_, '_> {
    /// The torus row of row `i` of a tile.
    #[inline(always)]
    fn torus_row(&self, i: usize) -> usize {
        let row = self.offset + self.tile_row * TILE_ROWS + i;
        if row >= self.planes.height() { row - self.planes.height() } else { row }
    }

    /// Places an element into the argmin of a tile's free cells (tie-break: column, then row).
    #[inline(always)]
    fn place<V: Lanes>(&mut self, token: V::Token, plane: usize, window: usize) {
        let (width, height) = (self.planes.width(), self.planes.height());
        let rows = TILE_ROWS.min(height - self.tile_row * TILE_ROWS);
        let at = plane * self.planes.stride + window * WINDOW;
        let mut columns = [i32::MAX; WINDOW];
        for i in 0..rows {
            let y = self.torus_row(i);
            // always there: a plane's row is whole tiles
            if let Some(cells) = self.field.row(y).get(at..at + WINDOW)
                && let Some(cells) = cells.first_chunk::<WINDOW>()
            {
                for k in 0..WINDOW {
                    columns[k] = columns[k].min(cells[k]);
                }
            }
        }
        for k in width - window * WINDOW..WINDOW {
            columns[k] = i32::MAX;
        }
        let value = minimum(&columns);
        if value >= FREE {
            return;
        }
        let column = first_equal::<_, V::Short>(token, &columns, value);
        let mut first = 0;
        for i in (0..rows).rev() {
            let y = self.torus_row(i);
            if self.field.row(y).get(at + column) == Some(&value) {
                first = i;
            }
        }
        let (x, y) = (window * WINDOW + column, self.torus_row(first));
        if let Some(to) = self.placements.get_mut(plane * self.planes.windows + window) {
            *to = Placement { cell: value.wrapping_add(LEVEL) as u32, pixel: (y * width + x) as u32 };
        }
        add(self.planes, &self.table, &mut self.field, plane, x, y);
    }
}
