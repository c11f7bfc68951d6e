//! Layout of the caller's block for a point set.

use super::Position;
use super::config::PointConfig;
use super::grid::{Grid, MOST_TILES};
use crate::error::Error;
use crate::jobs::MAX_SLOTS;
use crate::memory::{Carver, MEMORY_ALIGN, bytes_of};
use crate::simd::SHORTS;

/// Size of the header at the start of a block, in bytes.
pub const POINTS_HEADER_BYTES: usize = 128;

/// Size of the block of a point set: 36 bytes a point, the cells, and work space for the threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointLayout {
    count: usize,
    /// Cells of the finest grid.
    cells: usize,
    /// Rows of the finest grid.
    rows: usize,
    /// Elements of a tile's work space: 16-bit coordinates of the points around a row, one axis.
    band: usize,
    /// Starts of a row's columns in that.
    strips: usize,
    /// Tiles that work at a time.
    slots: usize,
}

/// The buffers of a block, typed.
pub(super) struct Buffers<'m> {
    /// Points before a step, and the buffer for those after it; every other step the other way round.
    pub(super) positions: &'m mut [Position],
    pub(super) moved: &'m mut [Position],
    pub(super) velocities: &'m mut [[i32; 2]],
    pub(super) moving: &'m mut [[i32; 2]],
    /// Coordinates in 16 bits, in the order of the cells.
    pub(super) xs: &'m mut [i16],
    pub(super) ys: &'m mut [i16],
    /// End of each cell.
    pub(super) ends: &'m mut [u32],
    /// End of each row of the step before.
    pub(super) row_ends: &'m mut [u32],
    /// End of each tile's points, and their number.
    pub(super) tile_ends: &'m mut [u32],
    pub(super) tile_counts: &'m mut [u32],
    /// Work space of tiles: both axes of `band`.
    pub(super) bands: &'m mut [i16],
    pub(super) strips: &'m mut [u32],
    /// Elements of one tile's `bands` and `strips`.
    pub(super) slot: [usize; 2],
}

impl PointLayout {
    /// Returns the layout of a configuration.
    ///
    /// # Errors
    /// Those of [`PointConfig::check`].
    pub const fn new(config: &PointConfig) -> Result<Self, Error> {
        if let Err(error) = config.check() {
            return Err(error);
        }
        let mut layout = Self { count: config.count as usize, cells: 0, rows: 0, band: 0, strips: 0, slots: 1 };
        let stages = config.stages();
        let mut i = 0;
        while i < stages.len() {
            let grid = Grid::new(config.count, stages[i].sigma);
            let tiles = grid.rows.div_ceil(if grid.tile_rows() == 0 { 1 } else { grid.tile_rows() });
            layout.cells = most(layout.cells, grid.cells());
            layout.rows = most(layout.rows, grid.rows);
            layout.band = most(layout.band, grid.band(config.count).next_multiple_of(SHORTS) + SHORTS);
            layout.strips = most(layout.strips, grid.strips() + 1);
            layout.slots = most(layout.slots, if tiles > MAX_SLOTS { MAX_SLOTS } else { tiles });
            i += 1;
        }
        Ok(layout)
    }

    /// Size of the block in bytes, a multiple of 64.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        POINTS_HEADER_BYTES
            + 2 * (bytes_of::<Position>(self.count) + bytes_of::<[i32; 2]>(self.count))
            + 2 * bytes_of::<i16>(self.shorts())
            + bytes_of::<u32>(self.cells)
            + bytes_of::<u32>(self.rows)
            + 2 * bytes_of::<u32>(MOST_TILES)
            + bytes_of::<i16>(2 * self.band * self.slots)
            + bytes_of::<u32>(self.strips * self.slots)
    }

    /// Size of the block in [`crate::Line`]s: `static mut MEMORY: [Line; LAYOUT.lines()]`.
    #[must_use]
    pub const fn lines(&self) -> usize {
        self.bytes() / MEMORY_ALIGN
    }

    /// Elements of 16-bit coordinates: a copy of 8 reads past the last.
    const fn shorts(&self) -> usize {
        self.count + COPY
    }

    /// The points of a block, after an odd number of steps if `flip`.
    pub(super) fn positions<'m>(&self, memory: &'m [u8], flip: bool) -> &'m [Position] {
        let start = POINTS_HEADER_BYTES + if flip { bytes_of::<Position>(self.count) } else { 0 };
        let bytes = memory.get(start..).and_then(|rest| rest.get(..self.count * size_of::<Position>()));
        bytemuck::try_cast_slice(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

/// Coordinates that are copied at a time.
pub(super) const COPY: usize = 8;

const fn most(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

impl<'m> Buffers<'m> {
    /// Cuts a block into its buffers. `None` if it is too short or misaligned.
    pub(super) fn new(memory: &'m mut [u8], layout: &PointLayout) -> Option<Self> {
        let mut memory = Carver::new(memory);
        memory.take::<u8>(POINTS_HEADER_BYTES)?;
        Some(Self {
            positions: memory.take(layout.count)?,
            moved: memory.take(layout.count)?,
            velocities: memory.take(layout.count)?,
            moving: memory.take(layout.count)?,
            xs: memory.take(layout.shorts())?,
            ys: memory.take(layout.shorts())?,
            ends: memory.take(layout.cells)?,
            row_ends: memory.take(layout.rows)?,
            tile_ends: memory.take(MOST_TILES)?,
            tile_counts: memory.take(MOST_TILES)?,
            bands: memory.take(2 * layout.band * layout.slots)?,
            strips: memory.take(layout.strips * layout.slots)?,
            slot: [2 * layout.band, layout.strips],
        })
    }
}
