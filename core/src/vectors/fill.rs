//! Joint fill: ranks of each dimension, filled one after the other, each blue where the dimensions before it are alike.
//!
//! ```text
//! cell(p) = noise(p) + Σ_placed F(p − q)·w(p, q)                      next element of a tile: the argmin of its free cells
//! F = peak·(Kx·Ky/K(0))^power·(Kt/Kt(0))^time_power                   product filters; separate ones as a filter fill has them
//! w = 1                                                              first dimension
//! w = 1 − coupling + coupling/m·max(0, 1 − Σ_c |u_c(p) − u_c(q)|/s)     others; u_c: ranks of the dimensions before, in [0, 1)
//! ```
//!
//! m is the mean of the triangle max(0, …) over random pairs, so that w has mean 1. A half-space of samples is a slab of nearby ranks in any
//! direction: with coupling, pixels with near samples avoid each other. s is `reach` for the second dimension, 1.4 times that for others.
//!
//! Three scales, as a filter fill: Gaussians of 8 and of 3 pixels until 1/512 and 1/48 of the elements are placed, then F. A round places
//! one element in each tile of 32 x 16 pixels of each layer, layers in a random order, tiles from a random row on. The placements of a layer,
//! sorted by (cell, pixel), get its next ranks. Cells are `i32`; a taken cell has [`TAKEN`] added, which no sum reaches.

mod kernel;
mod passes;

use super::Space;
use crate::error::{Error, number};
use crate::filters::{FilterKernel, Filters};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::threshold::{FieldLayout, PIXELS_A_STEP, TILE_ROWS, WINDOW, rank_placements};
use bytemuck::{CheckedBitPattern, NoUninit, Pod, Zeroable};
use kernel::{Coupled, HEADS, MOST_HEAD_RADIUS, TableLayout};
use passes::{AddPlaced, Field, PlaceLayer};
use rand_core::Rng;

/// Rank of an element that is not placed yet.
pub(super) const UNPLACED: u32 = u32::MAX;

/// Largest radius of a joint fill, pixels.
pub const MAX_JOINT_RADIUS: u32 = 32;

/// Parameters of a joint fill.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct JointFill {
    /// Exponent of the kernel in space, 0.5 to 8.
    pub power: f32,
    /// Exponent of the kernel in time, 0.5 to 8.
    pub time_power: f32,
    /// Radius of the kernel in space, 1 to 32 pixels.
    pub radius: u32,
    /// Noise in the choice of each element, as a multiple of 0.0008 of a kernel's peak: 0 to 1000.
    pub disorder: f32,
    /// Part of the kernel that pixels with near ranks share, 0 to 0.9.
    pub coupling: f32,
    /// Largest difference of ranks that is near, as a part of all ranks: 0.05 to 0.7.
    pub reach: f32,
}

impl JointFill {
    /// For Gaussian filters of about a pixel, without a filter in time.
    pub const PLAIN: Self = Self { power: 1.6, time_power: 1.0, radius: 7, disorder: 60.0, coupling: 0.4, reach: 0.35 };

    /// Number of steps: each places 1024 elements of a dimension.
    pub(super) const fn steps(space: Space, shape: Shape) -> u32 {
        (space.dimensions() * shape.elements().div_ceil(PIXELS_A_STEP)) as u32
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        number("fill.power", self.power, 0.5, 8.0, "from 0.5 to 8")?;
        number("fill.time_power", self.time_power, 0.5, 8.0, "from 0.5 to 8")?;
        number("fill.radius", self.radius as f32, 1.0, MAX_JOINT_RADIUS as f32, "from 1 to 32 pixels")?;
        number("fill.disorder", self.disorder, 0.0, 1000.0, "from 0 to 1000")?;
        number("fill.coupling", self.coupling, 0.0, 0.9, "from 0 to 0.9")?;
        number("fill.reach", self.reach, 0.05, 0.7, "from 0.05 to 0.7")
    }
}

/// Added to the cell of a placed element.
const TAKEN: i32 = 1 << 29;

/// Cells from which on none is free.
const NONE_FREE: i32 = 1 << 28;

/// Progress of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
struct Progress {
    placed: u32,
    scale: u32,
    /// Not 0: the scale has its table and field.
    made: u32,
    rounds: u32,
    padding: [u32; 12],
}

/// Lines of 32 cells of a layer.
const fn lines(shape: Shape) -> usize {
    FieldLayout::new(shape).len()
}

/// Tiles of a layer.
const fn tiles(shape: Shape) -> usize {
    FieldLayout::new(shape).windows * (shape.height as usize).div_ceil(TILE_ROWS)
}

const fn table_layout(fill: &JointFill, shape: Shape) -> TableLayout {
    let radius = if fill.radius as usize > MOST_HEAD_RADIUS { fill.radius as usize } else { MOST_HEAD_RADIUS };
    TableLayout::new(radius, shape)
}

/// Bytes of the work space.
pub(super) const fn bytes(fill: &JointFill, space: Space, shape: Shape) -> usize {
    let (layers, tiles) = (shape.layers as usize, tiles(shape));
    bytes_of::<Progress>(1)
        + bytes_of::<[i32; WINDOW]>(lines(shape) * layers)
        + bytes_of::<[u16; WINDOW]>(lines(shape) * layers * (space.dimensions() - 1))
        + bytes_of::<i32>(table_layout(fill, shape).len())
        + 2 * bytes_of::<u64>(tiles)
        + 2 * bytes_of::<u32>(layers)
}

struct Work<'a> {
    state: &'a mut Progress,
    field: &'a mut [[i32; WINDOW]],
    /// Ranks of the dimensions before, Q16: dimension by dimension, each as the field.
    before: &'a mut [[u16; WINDOW]],
    table: &'a mut [i32],
    keys: &'a mut [u64],
    sorted: &'a mut [u64],
    /// Elements placed in each layer.
    counts: &'a mut [u32],
    /// Order of the layers in a round.
    order: &'a mut [u32],
}

impl<'a> Work<'a> {
    fn new(memory: &'a mut [u8], fill: &JointFill, space: Space, shape: Shape) -> Option<Self> {
        let mut memory = Carver::new(memory);
        let (layers, tiles) = (shape.layers as usize, tiles(shape));
        Some(Self {
            state: memory.one()?,
            field: memory.take(lines(shape) * layers)?,
            before: memory.take(lines(shape) * layers * (space.dimensions() - 1))?,
            table: memory.take(table_layout(fill, shape).len())?,
            keys: memory.take(tiles)?,
            sorted: memory.take(tiles)?,
            counts: memory.take(layers)?,
            order: memory.take(layers)?,
        })
    }
}

/// What a fill is made for.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) fill: &'a JointFill,
    pub(super) filters: &'a Filters,
    pub(super) space: Space,
    pub(super) shape: Shape,
    pub(super) level: SimdLevel,
}

/// Takes one step. `ranks` has the elements of each dimension, dimension by dimension. None if memory is too small.
pub(super) fn step<R: Rng>(task: Task<'_>, step: u32, rng: &mut R, memory: &mut [u8], ranks: &mut [u32]) -> Option<()> {
    let elements = task.shape.elements();
    let steps = elements.div_ceil(PIXELS_A_STEP).max(1);
    let (dimension, step) = (step as usize / steps, step as usize % steps);
    let work = Work::new(memory, task.fill, task.space, task.shape)?;
    let (done, ranks) = ranks.split_at_mut_checked(dimension * elements)?;
    let ranks = ranks.get_mut(..elements)?;
    if step == 0 {
        *work.state = Progress::zeroed();
        work.counts.fill(0);
        ranks.fill(UNPLACED);
        if let Some(last) = dimension.checked_sub(1) {
            let lines = lines(task.shape) * task.shape.layers as usize;
            let from = done.get(last * elements..)?;
            keep(task.shape, from, work.before.get_mut(last * lines..)?);
        }
    }
    let wanted = elements.min((step + 1).saturating_mul(PIXELS_A_STEP)) as u32;
    let table = TableLayout::new(0, task.shape);
    let coupled = Coupled::new(task.fill, dimension);
    Run { task, kernel: FilterKernel::new(task.filters, task.shape), work, ranks, table, dimension, coupled }
        .until(wanted, rng);
    Some(())
}

/// Keeps the ranks of a dimension as Q16, in the layout of the field.
fn keep(shape: Shape, ranks: &[u32], to: &mut [[u16; WINDOW]]) {
    let layout = FieldLayout::new(shape);
    let pixels = shape.pixels().max(1);
    for (ranks, to) in ranks.chunks_exact(pixels).zip(to.chunks_mut(layout.len().max(1))) {
        for (y, row) in ranks.chunks_exact(layout.width.max(1)).enumerate() {
            for (window, columns) in row.chunks(WINDOW).enumerate() {
                if let Some(line) = to.get_mut(window * layout.stride + y) {
                    for (to, rank) in line.iter_mut().zip(columns) {
                        *to = (((u64::from(*rank) << 16) + (1 << 15)) / pixels as u64) as u16;
                    }
                }
            }
        }
    }
}

struct Run<'a> {
    task: Task<'a>,
    kernel: FilterKernel,
    work: Work<'a>,
    ranks: &'a mut [u32],
    table: TableLayout,
    dimension: usize,
    coupled: Coupled,
}

impl Run<'_> {
    fn until<R: Rng>(&mut self, wanted: u32, rng: &mut R) {
        while self.work.state.placed < wanted {
            let scale = self.work.state.scale;
            if scale as usize > HEADS.len() {
                return self.place_the_rest();
            }
            let head = HEADS.get(scale as usize);
            let elements = self.task.shape.elements();
            let until = head.map_or(elements, |head| libm::ceil(head.until * elements as f64) as usize) as u32;
            if self.work.state.placed >= until {
                self.next_scale();
                continue;
            }
            self.table =
                TableLayout::new(head.map_or(self.task.fill.radius as usize, |head| head.radius), self.task.shape);
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
        let pixels = self.task.shape.pixels().max(1);
        for (ranks, count) in self.ranks.chunks_mut(pixels).zip(self.work.counts.iter_mut()) {
            for rank in ranks.iter_mut().filter(|rank| **rank == UNPLACED) {
                *rank = *count;
                *count = count.wrapping_add(1);
            }
        }
        self.work.state.placed = u32::MAX;
    }

    /// Makes the table and the field of a scale: one draw for four cells of a row, padding too.
    fn make<R: Rng>(&mut self, rng: &mut R) {
        let Task { fill, filters, shape, level, .. } = self.task;
        self.work.state.made = 1;
        let head = HEADS.get(self.work.state.scale as usize);
        let noise = kernel::noise(fill);
        if let Some(table) = self.work.table.get_mut(..self.table.len()) {
            kernel::fill_table(head, fill, filters, &self.kernel, &self.table, table);
        }
        let layout = FieldLayout::new(shape);
        for (index, line) in self.work.field.iter_mut().enumerate() {
            let window = index / layout.stride.max(1) % layout.windows.max(1);
            for (column, four) in (window * WINDOW..).step_by(4).zip(line.chunks_mut(4)) {
                for ((x, to), byte) in (column..).zip(four).zip(rng.next_u32().to_le_bytes()) {
                    // columns past the last are never free
                    *to = if x < layout.width { ((u32::from(byte) * noise) >> 8) as i32 } else { TAKEN };
                }
            }
        }
        let ranks = &*self.ranks;
        level.run(AddPlaced {
            field: field(&mut self.work, &self.task, self.table, self.coupled, self.dimension),
            ranks,
        });
    }

    /// Places and ranks one element in each tile that takes part in this round, or in all tiles.
    fn round<R: Rng>(&mut self, all: bool, rng: &mut R) {
        let shape = self.task.shape;
        // a draw is a uniform number in Q32
        let mut below = |count: usize| ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize;
        let offset = below(shape.height as usize);
        for (index, to) in self.work.order.iter_mut().enumerate() {
            *to = index as u32;
        }
        for last in (1..self.work.order.len()).rev() {
            let other = below(last + 1);
            if let (Some(&a), Some(&b)) = (self.work.order.get(other), self.work.order.get(last)) {
                (self.work.order[other], self.work.order[last]) = (b, a);
            }
        }
        let round = if all { None } else { Some(self.work.state.rounds) };
        self.work.state.rounds = self.work.state.rounds.wrapping_add(1);
        for turn in 0..shape.layers as usize {
            let layer = self.work.order.get(turn).copied().unwrap_or_default() as usize;
            self.place(layer, offset, round);
        }
    }

    fn place(&mut self, layer: usize, offset: usize, round: Option<u32>) {
        let Task { shape, level, .. } = self.task;
        let mut keys = core::mem::take(&mut self.work.keys);
        let field = field(&mut self.work, &self.task, self.table, self.coupled, self.dimension);
        let count = level.run(PlaceLayer { field, keys: &mut *keys, layer, offset, round });
        let pixels = shape.pixels();
        if let (Some(placed), Some(sorted), Some(ranks), Some(count_of)) = (
            keys.get_mut(..count),
            self.work.sorted.get_mut(..count),
            self.ranks.get_mut(layer * pixels..).and_then(|ranks| ranks.get_mut(..pixels)),
            self.work.counts.get_mut(layer),
        ) {
            let first = *count_of;
            *count_of = first.wrapping_add(count as u32);
            self.work.state.placed = self.work.state.placed.wrapping_add(count as u32);
            rank_placements(level, placed, sorted, 0, first, ranks);
        }
        core::mem::swap(&mut self.work.keys, &mut keys);
    }
}

/// The field with the table of a scale.
fn field<'a>(
    work: &'a mut Work<'_>,
    task: &Task<'_>,
    table: TableLayout,
    coupled: Coupled,
    dimension: usize,
) -> Field<'a> {
    let layout = FieldLayout::new(task.shape);
    let all = layout.len() * task.shape.layers as usize;
    Field {
        layout,
        layers: task.shape.layers as usize,
        cells: &mut *work.field,
        before: work.before.get(..dimension * all).unwrap_or_default(),
        table: &*work.table,
        kernel: table,
        coupled,
    }
}
