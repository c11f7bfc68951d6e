//! Void fill with the kernel of filters: each element goes where the filtered error of all patterns grows least.
//!
//! ```text
//! cell(p) = noise(p) + Σ_placed F(p − q)                          next element of a tile: the argmin of its free cells
//! F = peak·(Kx·Ky/K(0))^p · (Kt/Kt(0))^pt                         product filters
//! F = peak·(Kx·Ky/K(0))^p at d = 0, peak·r·(Kt/Kt(0))^pt at x = y = 0         separate filters, r = (1 − w)·Kt(0)/(w·Kx(0)·Ky(0))
//! ```
//!
//! The kernels of placed elements reach into all layers of their channel; channels are independent. Cells are sums modulo 2¹⁵: free cells
//! grow together, and those of a tile spread over less ([`kernel::fill_table`]). They are compared by what they are above a level that
//! grows with the mean cell. The sixteenth bit of a cell says whether it is taken.
//!
//! Three scales: while few elements are placed, Gaussians of 8 and then of 3 pixels take the place of the kernel in space. Each scale starts
//! with a new field.
//!
//! A round places one element in each tile of 32 x 16 pixels of each plane; planes follow each other in a random order, a few at a time
//! ([`BLOCKS`]), and tiles begin at a random row. Rows of tiles whose kernels do not overlap are independent: the jobs of a round. Then the
//! placements of each plane, sorted by their cells, get the plane's next ranks.
//!
//! The field holds 32 cells of a row, a line of memory, of all planes side by side: what a placement adds to lies close together.

mod kernel;
mod loss;
mod parameters;
mod passes;

pub(crate) use loss::loss;
pub use parameters::{FilterFill, MAX_FILTER_RADIUS};

use super::argmin::TILE_ROWS;
use super::torus::{FieldLayout, KernelLayout, WINDOW};
use super::{PIXELS_A_STEP, placements};
use crate::error::Error;
use crate::filters::Filters;
use crate::jobs::{Chunks, Means, Rings, Serial, each};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};
use core::ops::Range;
use kernel::{HEADS, MOST_HEAD_RADIUS, TableLayout, TimeFactors};
use passes::{AddPlaced, Line, PlaceRow, TAKEN, Table};
use rand_core::Rng;

/// Rank of an element that is not placed yet.
const UNPLACED: u32 = u32::MAX;

/// How far below the mean cell free cells are compared from: a third of all numbers. Voids are shallower than heaps are high.
const BELOW: i64 = (1 << 15) / 3;

/// Blocks of planes of a round. In each block, all planes place elements in one row of tiles before the next row begins: the more planes, the
/// more uneven is the field meanwhile (all planes in one block cost 0.05 to 0.08 dB), and the larger are jobs.
const BLOCKS: usize = 16;

/// Lines that a job adds at most where the host's threads would be no help: waking them takes longer.
const FEW_LINES: usize = 8192;

/// Scales of a fill.
const SCALES: u32 = HEADS.len() as u32 + 1;

/// Layout of the field: rows of all planes.
#[derive(Clone, Copy, Debug)]
struct Planes {
    shape: Shape,
    /// One plane.
    layout: FieldLayout,
    /// Lines of a row of all planes.
    row: usize,
    /// Rows of tiles.
    tile_rows: usize,
}

impl Planes {
    const fn new(shape: Shape) -> Self {
        let layout = FieldLayout::new(shape);
        // an odd number of lines: else the rows of a kernel share few cache sets
        let row = (layout.windows * shape.planes()) | 1;
        Self { shape, layout, row, tile_rows: layout.height.div_ceil(TILE_ROWS) }
    }

    /// Lines of the field.
    const fn len(&self) -> usize {
        self.row * self.layout.height
    }

    /// Placements of one row of tiles, at most: one for each tile of each plane.
    const fn placements_a_row(&self) -> usize {
        self.shape.planes() * self.layout.windows
    }

    /// Cells of the largest tile.
    const fn tile(&self) -> usize {
        let columns = if self.layout.width < WINDOW { self.layout.width } else { WINDOW };
        columns * if self.layout.height < TILE_ROWS { self.layout.height } else { TILE_ROWS }
    }
}

/// Progress of the fill.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
struct Progress {
    /// Elements placed.
    placed: u32,
    /// Index of the scale.
    scale: u32,
    /// Not 0: the scale has its table and field.
    made: u32,
    /// Number of rounds so far.
    rounds: u32,
    /// Sum of the weights that a placement adds.
    sum: i32,
    padding: [u32; 11],
}

/// A placement of a round.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct Placement {
    /// What the cell is above the level; [`NO_CELL`] if the tile had no free cell or no turn.
    cell: u32,
    /// Pixel index in the plane.
    pixel: u32,
}

/// Cell of a tile without a placement.
const NO_CELL: u32 = u32::MAX;

/// Layout of the largest kernel table.
const fn table_layout(stage: &FilterFill, shape: Shape) -> TableLayout {
    let radius = if stage.radius as usize > MOST_HEAD_RADIUS { stage.radius as usize } else { MOST_HEAD_RADIUS };
    TableLayout::new(radius, shape)
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &FilterFill, shape: Shape) -> usize {
    let planes = Planes::new(shape);
    let (count, tiles) = (shape.planes(), planes.layout.windows * planes.tile_rows);
    bytes_of::<Progress>(1)
        + bytes_of::<Line>(planes.len())
        + bytes_of::<u16>(table_layout(stage, shape).len())
        + bytes_of::<u8>(table_layout(stage, shape).reaches())
        + bytes_of::<Placement>(planes.placements_a_row() * planes.tile_rows)
        + 2 * bytes_of::<u64>(tiles)
        + 2 * bytes_of::<u32>(count)
}

/// The work space, typed.
struct Space<'a> {
    state: &'a mut Progress,
    field: &'a mut [Line],
    table: &'a mut [u16],
    /// For each row and column of the kernel, the number of distances with weights there and farther from the centre.
    reaches: &'a mut [u8],
    /// Placements of a round: by row of tiles, then by plane, then by tile.
    placements: &'a mut [Placement],
    /// Placements of a plane, `cell << 32 | pixel`.
    keys: &'a mut [u64],
    /// Work space to sort `keys`.
    sorted: &'a mut [u64],
    /// Elements placed in each plane.
    counts: &'a mut [u32],
    /// Order of the planes in a round.
    order: &'a mut [u32],
}

impl<'a> Space<'a> {
    fn new(memory: &'a mut [u8], stage: &FilterFill, planes: &Planes) -> Option<Self> {
        let (mut memory, tiles) = (Carver::new(memory), planes.layout.windows * planes.tile_rows);
        let count = planes.shape.planes();
        Some(Self {
            state: memory.one()?,
            field: memory.take(planes.len())?,
            table: memory.take(table_layout(stage, planes.shape).len())?,
            reaches: memory.take(table_layout(stage, planes.shape).reaches())?,
            placements: memory.take(planes.placements_a_row() * planes.tile_rows)?,
            keys: memory.take(tiles)?,
            sorted: memory.take(tiles)?,
            counts: memory.take(count)?,
            order: memory.take(count)?,
        })
    }
}

/// Whether the kernel of a stage is positive definite on a shape.
///
/// # Errors
/// [`Error::NotPositive`].
pub(crate) fn check_kernel(stage: &FilterFill, filters: &Filters, shape: Shape) -> Result<(), Error> {
    kernel::check(stage, filters, shape)
}

/// Takes one step: places elements until at least `(step_index + 1)·PIXELS_A_STEP` have ranks. None if the work space is too small.
pub(crate) fn step<R: Rng>(
    means: Means<'_>,
    (stage, filters): (&FilterFill, &Filters),
    shape: Shape,
    step_index: u32,
    rng: &mut R,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Option<()> {
    let planes = Planes::new(shape);
    let work = Space::new(memory, stage, &planes)?;
    if step_index == 0 {
        *work.state = Progress::zeroed();
        work.counts.fill(0);
        ranks.fill(UNPLACED);
    }
    let wanted = shape.elements().min((step_index as usize + 1).saturating_mul(PIXELS_A_STEP)) as u32;
    let mut run = Run { means, planes, stage, filters, work, ranks, table: TableLayout::new(0, shape) };
    run.until(wanted, rng);
    Some(())
}

struct Run<'a> {
    means: Means<'a>,
    planes: Planes,
    stage: &'a FilterFill,
    filters: &'a Filters,
    work: Space<'a>,
    ranks: &'a mut [u32],
    table: TableLayout,
}

impl Run<'_> {
    fn until<R: Rng>(&mut self, wanted: u32, rng: &mut R) {
        while self.work.state.placed < wanted {
            let scale = self.work.state.scale;
            if scale >= SCALES {
                return self.place_the_rest();
            }
            let head = HEADS.get(scale as usize);
            let elements = self.planes.shape.elements();
            let until = head.map_or(elements, |head| libm::ceil(head.until * elements as f64) as usize) as u32;
            if self.work.state.placed >= until {
                self.next_scale();
                continue;
            }
            let radius = head.map_or(self.stage.radius as usize, |head| head.radius);
            self.table = TableLayout::new(radius, self.planes.shape);
            if self.work.state.made == 0 {
                self.make(rng);
            }
            let before = self.work.state.placed;
            while self.work.state.placed < wanted.min(until) {
                let before = self.work.state.placed;
                self.round(false, rng);
                if self.work.state.placed == before {
                    // the tiles with free cells may all have missed their turn
                    self.round(true, rng);
                }
                if self.work.state.placed == before {
                    break;
                }
            }
            if self.work.state.placed == before {
                self.next_scale();
            }
        }
    }

    fn next_scale(&mut self) {
        self.work.state.scale = self.work.state.scale.wrapping_add(1);
        self.work.state.made = 0;
    }

    /// Ranks the elements that no scale placed, by index. There are some in a damaged block alone.
    fn place_the_rest(&mut self) {
        let pixels = self.planes.shape.pixels().max(1);
        for (ranks, count) in self.ranks.chunks_mut(pixels).zip(self.work.counts.iter_mut()) {
            for rank in ranks.iter_mut().filter(|rank| **rank == UNPLACED) {
                *rank = *count;
                *count = count.wrapping_add(1);
            }
        }
        self.work.state.placed = u32::MAX;
    }

    /// Makes the kernel table and the field of a scale.
    fn make<R: Rng>(&mut self, rng: &mut R) {
        let (planes, filters) = (&self.planes, self.filters);
        let Space { state, field, table, reaches, .. } = &mut self.work;
        state.made = 1;
        let (Some(table), Some(reaches)) = (table.get_mut(..self.table.len()), reaches.get_mut(..self.table.reaches()))
        else {
            return;
        };
        let head = HEADS.get(state.scale as usize);
        let scaled = kernel::fill_table(head, (self.stage, filters), planes.shape, &self.table, table, reaches);
        state.sum = scaled.sum;
        let (count, width) = (planes.shape.planes().max(1), planes.layout.width);
        // columns past the last are never free
        field.fill([TAKEN; WINDOW]);
        for row in field.chunks_mut(planes.row.max(1)) {
            for plane in 0..count {
                for (window, line) in row.iter_mut().skip(plane).step_by(count).enumerate() {
                    let columns = width.saturating_sub(window * WINDOW).min(WINDOW);
                    for four in line.get_mut(..columns).unwrap_or_default().chunks_mut(4) {
                        for (to, byte) in four.iter_mut().zip(rng.next_u32().to_le_bytes()) {
                            *to = ((u32::from(byte) * scaled.noise) >> 8 << 1) as u16;
                        }
                    }
                }
            }
        }
        let table = Table { layout: self.table, weights: table, reaches, point: TimeFactors::point(filters) };
        self.means.level.run(AddPlaced { planes, field, table, ranks: self.ranks });
    }

    /// Places and ranks one element in each tile that takes part in this round, or in all tiles.
    fn round<R: Rng>(&mut self, all: bool, rng: &mut R) {
        // a draw is a uniform number in Q32
        let mut below = |count: usize| ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize;
        let offset = below(self.planes.layout.height);
        shuffle(self.work.order, &mut below);
        let round = if all { None } else { Some(self.work.state.rounds) };
        self.work.state.rounds = self.work.state.rounds.wrapping_add(1);
        let classes = Classes::new(&self.planes, self.table.kernel);
        let count = self.planes.shape.planes();
        let (sum, placed) = (i64::from(self.work.state.sum), i64::from(self.work.state.placed));
        let level = sum * placed / (self.planes.shape.elements() as i64).max(1) - BELOW;
        let most = count.div_ceil(BLOCKS).max(1);
        for first in (0..count).step_by(most) {
            let block = first..count.min(first + most);
            // each plane of this round places an element in each tile
            let grown = sum * first as i64 / ((count * self.planes.tile()) as i64).max(1);
            let turn = Turn { offset, round, lowest: ((level + grown) as u16) << 1 };
            for class in 0..classes.count {
                self.place(&block, (class, classes.apart, classes.together), turn);
            }
            for tile_row in classes.count * classes.together..self.planes.tile_rows {
                self.place(&block, (tile_row, classes.apart, 1), turn);
            }
        }
        self.rank();
    }

    /// Places elements in a block of planes, in `together` rows of tiles from row `first` on, `apart` rows apart: a job a row.
    fn place(&mut self, block: &Range<usize>, (first, apart, together): (usize, usize, usize), turn: Turn) {
        let Self { planes, table: layout, .. } = *self;
        let Turn { offset, round: turn, lowest } = turn;
        let (above, height) = (layout.kernel.rows / 2, planes.layout.height);
        let start = offset + first * TILE_ROWS + height - above;
        let (step, count) = (apart * TILE_ROWS, TILE_ROWS + layout.kernel.rows - 1);
        let rows = Rings::new(self.work.field, (planes.row, height), start, step, count);
        let a_row = planes.placements_a_row();
        let placements = self.work.placements.get_mut(first * a_row..).unwrap_or_default();
        let mut parts = (rows, Chunks::new(placements, apart * a_row));
        let order = self.work.order.get(block.clone()).unwrap_or_default();
        let (weights, reaches, level) = (&*self.work.table, &*self.work.reaches, self.means.level);
        let point = TimeFactors::point(self.filters);
        let lines = block.len() * planes.layout.windows * layout.kernel.rows * layout.distances;
        let jobs = if lines < FEW_LINES { &Serial } else { self.means.jobs };
        each(jobs, together, &mut parts, |job, (field, placements)| {
            let tile_row = first + job * apart;
            let table = Table { layout, weights, reaches, point };
            let placements = placements.get_mut(..a_row).unwrap_or_default();
            level.run(PlaceRow { planes: &planes, field, table, placements, order, tile_row, offset, turn, lowest });
        });
    }

    /// Ranks the placements of a round, plane by plane.
    fn rank(&mut self) {
        let Space { state, placements, keys, sorted, counts, .. } = &mut self.work;
        let (pixels, windows) = (self.planes.shape.pixels().max(1), self.planes.layout.windows);
        let a_row = self.planes.placements_a_row().max(1);
        for (plane, (ranks, placed)) in self.ranks.chunks_mut(pixels).zip(counts.iter_mut()).enumerate() {
            let mut count = 0;
            for row in placements.chunks(a_row) {
                for placement in row.iter().skip(plane * windows).take(windows) {
                    if placement.cell != NO_CELL
                        && let Some(key) = keys.get_mut(count)
                    {
                        *key = u64::from(placement.cell) << 32 | u64::from(placement.pixel);
                        count += 1;
                    }
                }
            }
            let (Some(keys), Some(sorted)) = (keys.get_mut(..count), sorted.get_mut(..count)) else { return };
            let first = *placed;
            *placed = first.wrapping_add(count as u32);
            state.placed = state.placed.wrapping_add(count as u32);
            placements::rank(self.means.level, keys, sorted, 0, first, ranks);
        }
    }
}

/// What the planes of a block have in common in a round.
#[derive(Clone, Copy)]
struct Turn {
    /// Row where the first tiles begin.
    offset: usize,
    /// Number of the round; none if all tiles take part.
    round: Option<u32>,
    /// What free cells are compared from: an even number.
    lowest: u16,
}

/// A random order of all indices (Fisher and Yates).
fn shuffle(order: &mut [u32], below: &mut impl FnMut(usize) -> usize) {
    for (index, to) in order.iter_mut().enumerate() {
        *to = index as u32;
    }
    for last in (1..order.len()).rev() {
        let other = below(last + 1);
        debug_assert!(other <= last, "below its limit");
        if let (Some(&a), Some(&b)) = (order.get(other), order.get(last)) {
            (order[other], order[last]) = (b, a);
        }
    }
}

/// Rows of tiles that are worked on at a time: rows `class + i·apart` for i below `together`, for each class below `count`. The other
/// rows follow one by one.
struct Classes {
    count: usize,
    apart: usize,
    together: usize,
}

impl Classes {
    fn new(planes: &Planes, kernel: KernelLayout) -> Self {
        // what kernels of two rows need between them
        let between = kernel.rows.saturating_sub(1);
        // no more than a plane has; the compiler sees that nothing is divided by 0
        let apart = (1 + between.div_ceil(TILE_ROWS)).clamp(1, 1 << 16);
        let room = planes.layout.height.saturating_sub(TILE_ROWS + between);
        let together = (1 + room / (apart * TILE_ROWS)).min(planes.tile_rows.div_ceil(apart));
        Self { count: apart.min(planes.tile_rows), apart, together }
    }
}
