//! The work space of the fill: progress, fields, kernel tables, bounds, placements.

use super::Fill;
use super::couple::TIME_TAPS;
use super::passes::CellRow;
use super::scale::TABLE;
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::threshold::argmin::{block_count, group_count, tile_count};
use crate::threshold::torus::{FieldLayout, KernelLayout};
use bytemuck::{Pod, Zeroable};

/// Progress of the fill.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct FillProgress {
    /// Pixels placed in all planes.
    pub(super) placed: u32,
    /// Index of the scale in [`TABLE`].
    pub(super) scale: u32,
    /// Not 0: the scale has its tables and fields.
    pub(super) made: u32,
    padding: [u32; 13],
}

/// Progress of the fill of one plane.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct PlaneProgress {
    /// Pixels placed.
    pub(super) placed: u32,
    /// Number of sweeps so far.
    pub(super) sweeps: u32,
}

/// The planes of a volume in the work space: sizes, all per plane.
pub(super) struct PlaneSizes {
    pub(super) planes: usize,
    /// Elements of a plane's field. Planes of a volume are 64 bytes further apart than their fields need: at a distance of a power of two
    /// the cells of one pixel in all layers would share a cache set.
    pub(super) field: usize,
    /// Groups of tiles.
    pub(super) groups: usize,
    /// Blocks of groups.
    pub(super) blocks: usize,
    /// Placements of a sweep.
    pub(super) tiles: usize,
}

impl PlaneSizes {
    pub(super) const fn new(shape: Shape, layout: &FieldLayout) -> Self {
        let (planes, tiles) = (shape.planes(), tile_count(layout));
        let groups = group_count(tiles);
        Self { planes, field: layout.len() + (planes > 1) as usize, groups, blocks: block_count(groups), tiles }
    }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Fill, shape: Shape) -> usize {
    let layout = FieldLayout::new(shape);
    let PlaneSizes { planes, field, groups, blocks, tiles } = PlaneSizes::new(shape, &layout);
    let tables = bytes_of::<u16>(table_len(stage, &layout)) + bytes_of::<u16>(channel_table_len(stage, shape, &layout));
    let bounds =
        bytes_of::<CellRow>(planes * groups) + bytes_of::<u16>(planes * groups) + bytes_of::<u16>(planes * blocks);
    let placements = 2 * bytes_of::<u64>(tiles);
    let progress = bytes_of::<FillProgress>(1) + bytes_of::<PlaneProgress>(planes) + bytes_of::<u32>(planes);
    progress + bytes_of::<CellRow>(planes * field) + tables + bytes_of::<u16>(TIME_TAPS) + bounds + placements
}

/// Cells of the kernel table, enough for every scale.
const fn table_len(stage: &Fill, layout: &FieldLayout) -> usize {
    let (mut most, mut i) = (0, 0);
    while i < TABLE.len() {
        let len = KernelLayout::new(TABLE[i].radius(stage), layout).len();
        most = if len > most { len } else { most };
        i += 1;
    }
    most
}

/// Cells of the table of the other channels: none if channels do not act on each other.
const fn channel_table_len(stage: &Fill, shape: Shape, layout: &FieldLayout) -> usize {
    if shape.channels > 1 && stage.coupling.channel_weight > 0.0 { table_len(stage, layout) } else { 0 }
}

/// The work space, typed.
pub(super) struct FillSpace<'a> {
    pub(super) state: &'a mut FillProgress,
    pub(super) planes: &'a mut [PlaneProgress],
    /// Planes in the order of a round.
    pub(super) turns: &'a mut [u32],
    /// Fields, plane after plane.
    pub(super) fields: &'a mut [CellRow],
    pub(super) table: &'a mut [u16],
    /// Kernel that a placed pixel adds to the other channels of its layer.
    pub(super) channel_table: &'a mut [u16],
    /// Weights that a placed pixel adds to its own place in other layers, by the distance in layers less 1.
    pub(super) time_taps: &'a mut [u16],
    /// Lower bounds, plane after plane.
    pub(super) bounds: &'a mut [CellRow],
    pub(super) groups: &'a mut [u16],
    pub(super) blocks: &'a mut [u16],
    /// Placements of a sweep, see [`Sweep::keys`](super::passes::Sweep).
    pub(super) keys: &'a mut [u64],
    /// Work space to sort `keys`.
    pub(super) sorted: &'a mut [u64],
}

impl<'a> FillSpace<'a> {
    pub(super) fn new(memory: &'a mut [u8], stage: &Fill, shape: Shape, layout: &FieldLayout) -> Option<Self> {
        let PlaneSizes { planes, field, groups, blocks, tiles } = PlaneSizes::new(shape, layout);
        let mut memory = Carver::new(memory);
        Some(Self {
            state: memory.one()?,
            planes: memory.take(planes)?,
            turns: memory.take(planes)?,
            fields: memory.take(planes * field)?,
            table: memory.take(table_len(stage, layout))?,
            channel_table: memory.take(channel_table_len(stage, shape, layout))?,
            time_taps: memory.take(TIME_TAPS)?,
            bounds: memory.take(planes * groups)?,
            groups: memory.take(planes * groups)?,
            blocks: memory.take(planes * blocks)?,
            keys: memory.take(tiles)?,
            sorted: memory.take(tiles)?,
        })
    }
}
