//! The polish: gradient descent with momentum on the all-threshold energy, all in integers.
//!
//! ```text
//! gradient = M_τ(x) + S + λ·B      M_τ: mean field, S: pair sum, B: low-pass of x (grey term)
//! m = μ·m + gradient;  x −= s·m
//! ```
//!
//! `step.rs` derives the formula from the energy and lists all names with their fixed-point formats; `pairs.rs` does so for S, `grey.rs`
//! for B. s, τ and λ follow their schedules. Ranks are made once, after the last step.
//!
//! In a mask with layers or channels the pair sum of a pixel also takes pixels of other planes (`coupled.rs`); all else is plane by plane.

mod constants;
mod coupled;
mod grey;
mod kernel;
mod law;
mod parameters;
mod passes;
mod step;

use crate::error::Error;
use crate::jobs::{Chunks, Jobs, MAX_SLOTS, Means, Slots, each};
use crate::memory::{Carver, bytes_of};
use crate::pairs::{Links, PaddedRows, Planes, Room};
use crate::shape::Shape;
use crate::simd::SHORTS;
use crate::sort::fixed::{self, COUNTERS};
use constants::Constants;
use grey::{GreyRows, grey_width};
pub(super) use kernel::Tables;
pub use law::Law;
pub use parameters::Polish;
use passes::StepRows;
use step::quantized;

/// Rows of a tile of each pass.
const TILE: usize = 16;

/// Elements of the grey term's rows of one plane: `radius` rows above and below the image, and the rest of the last row's last chunk.
const fn blurred_len(stage: &Polish, shape: Shape) -> usize {
    if stage.has_grey() {
        // the radius of the grey term is at most the kernel's
        (shape.height as usize + 2 * stage.radius as usize) * grey_width(shape) + SHORTS / 2
    } else {
        0
    }
}

pub(super) const fn planes(stage: &Polish, shape: Shape) -> Planes {
    Planes::new(shape, stage.radius as usize)
}

/// Bytes of the planes during steps, or of the sort's counters, whichever is more.
const fn plane_bytes(stage: &Polish, shape: Shape) -> usize {
    let grey = bytes_of::<i16>(shape.planes() * blurred_len(stage, shape));
    let planes = bytes_of::<i16>(planes(stage, shape).len()) + grey;
    let counters = bytes_of::<u32>(COUNTERS);
    if planes > counters { planes } else { counters }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Polish, shape: Shape) -> usize {
    bytes_with(stage, shape, coupled::room(stage, shape))
}

/// Bytes of the work space with room for other taps than those of the stage.
pub(super) const fn bytes_with(stage: &Polish, shape: Shape, room: Room) -> usize {
    bytes_of::<Tables>(1) + room.bytes() + 2 * bytes_of::<i32>(shape.elements()) + plane_bytes(stage, shape)
}

/// Where the taps of a polish come from.
pub(super) trait TapSource {
    /// Room for taps beside those in `tables`.
    fn room(&self) -> Room;
    /// Fills in all taps.
    fn fill(&self, tables: &mut Tables, links: &mut Links<'_>);
}

/// Taps of a polish's own kernel and coupling.
struct OwnTaps<'a> {
    stage: &'a Polish,
    shape: Shape,
}

impl TapSource for OwnTaps<'_> {
    fn room(&self) -> Room {
        coupled::room(self.stage, self.shape)
    }

    fn fill(&self, tables: &mut Tables, links: &mut Links<'_>) {
        let Self { stage, shape } = *self;
        let sums = coupled::Sums::new(stage, shape);
        let centre = tables.fill(stage, &planes(stage, shape).padding, sums.taps, sums.all);
        coupled::fill(stage, shape, tables, centre, links);
    }
}

/// The work space, typed.
struct Work<'a> {
    tables: &'a mut Tables,
    /// Taps into other planes.
    links: Links<'a>,
    /// x, Q24.
    values: &'a mut [i32],
    /// m, Q18; after the last step the order of the sort.
    momentum: &'a mut [i32],
    /// q with its padding, then rows of the grey term; after the last step the counters of the sort.
    planes: &'a mut [u8],
}

impl<'a> Work<'a> {
    fn new(memory: &'a mut [u8], stage: &Polish, shape: Shape, room: Room) -> Option<Self> {
        let (mut memory, elements) = (Carver::new(memory), shape.elements());
        Some(Self {
            tables: memory.one()?,
            links: Links::take(&mut memory, room)?,
            values: memory.take(elements)?,
            momentum: memory.take(elements)?,
            planes: memory.take(plane_bytes(stage, shape))?,
        })
    }

    /// Makes values of ranks, and tables.
    fn start(&mut self, jobs: &dyn Jobs, taps: &impl TapSource, law: Law, shape: Shape, ranks: &mut [u32]) {
        taps.fill(self.tables, &mut self.links);
        let pixels = shape.pixels();
        let mut parts = (Chunks::new(self.values, pixels), Chunks::new(ranks, pixels));
        each(jobs, shape.planes(), &mut parts, |_, (values, ranks)| law::values(law, ranks, values));
        self.momentum.fill(0);
    }

    /// Makes ranks of values, plane by plane.
    fn rank(self, jobs: &dyn Jobs, shape: Shape, ranks: &mut [u32]) -> Option<()> {
        let pixels = shape.pixels();
        let counters: &mut [u32] = bytemuck::try_cast_slice_mut(self.planes).ok()?;
        let used = counters.len().min(MAX_SLOTS * COUNTERS);
        let counters = counters.get_mut(..used)?;
        let order = bytemuck::must_cast_slice_mut(self.momentum);
        let mut parts = (
            Chunks::new(self.values, pixels),
            Chunks::new(order, pixels),
            Chunks::new(ranks, pixels),
            Slots::new(&mut *counters, COUNTERS),
        );
        each(jobs, shape.planes(), &mut parts, |_, (values, order, ranks, mut counters)| {
            let counters = counters.slice().first_chunk_mut();
            debug_assert!(counters.is_some(), "the planes have room for the counters");
            if let Some(counters) = counters {
                fixed::ranks(values, order, counters, ranks);
            }
        });
        // which slots were used depends on the threads
        counters.fill(0);
        Some(())
    }
}

/// Takes one step. The first starts from `ranks`, the last leaves its result there.
pub(crate) fn step(
    means: Means<'_>,
    stage: &Polish,
    shape: Shape,
    step_index: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    step_with(means, stage, &OwnTaps { stage, shape }, shape, step_index, memory, ranks)
}

/// Takes one step with other taps than those of the stage.
pub(super) fn step_with(
    means: Means<'_>,
    stage: &Polish,
    taps: &impl TapSource,
    shape: Shape,
    step_index: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    let mut work = Work::new(memory, stage, shape, taps.room()).ok_or(Error::DAMAGED)?;
    if step_index == 0 {
        work.start(means.jobs, taps, stage.law, shape, ranks);
    }
    work.descend(means, stage, shape, step_index).ok_or(Error::DAMAGED)?;
    if step_index + 1 == stage.steps {
        work.rank(means.jobs, shape, ranks).ok_or(Error::DAMAGED)?;
    }
    Ok(())
}

/// The values while a run is in the stage, as f32 in [−1, 1], plane after plane.
pub(crate) fn values<'a>(stage: &Polish, shape: Shape, memory: &'a mut [u8]) -> Option<impl Iterator<Item = f32> + 'a> {
    values_with(stage, shape, coupled::room(stage, shape), memory)
}

/// As [`values`], of a polish with other taps than its own.
pub(super) fn values_with<'a>(
    stage: &Polish,
    shape: Shape,
    room: Room,
    memory: &'a mut [u8],
) -> Option<impl Iterator<Item = f32> + use<'a>> {
    let work = Work::new(memory, stage, shape, room)?;
    Some(work.values.iter().map(|value| *value as f32 * (2.0 / fixed::ONE as f32) - 1.0))
}

impl Work<'_> {
    /// Runs the three passes of a step, each over tiles of rows of all planes: q, rows of the grey term, and the update of all pixels.
    fn descend(&mut self, means: Means<'_>, stage: &Polish, shape: Shape, step_index: u32) -> Option<()> {
        let planes = planes(stage, shape);
        let padding = &planes.padding;
        let mut memory = Carver::new(self.planes);
        let q: &mut [i16] = memory.take(planes.len())?;
        let blurred: &mut [i16] = memory.take(shape.planes() * blurred_len(stage, shape))?;
        let constants = Constants::new(stage, step_index);
        let (level, jobs, pixels) = (means.level, means.jobs, shape.pixels());
        let (rows, stride) = (padding.rows(), padding.stride());
        let tiles = rows.div_ceil(TILE);
        let values = &*self.values;
        let mut parts = Chunks::of_planes(q, padding.len(), rows * stride, TILE * stride);
        each(jobs, shape.planes() * tiles, &mut parts, |tile, plane| {
            let (index, first) = place(tile, tiles);
            let values = part(values, index, pixels);
            level.run(PaddedRows { padding, values, first, plane, short: quantized });
        });
        let tables = &*self.tables;
        // the minimum: it is read from the block, which may be damaged
        let (grey_radius, width) = (tables.grey_radius().min(stage.radius as usize), grey_width(shape));
        let has_grey = constants.grey_weight.0 != 0;
        if has_grey {
            let rows = shape.height as usize + 2 * grey_radius;
            let tiles = rows.div_ceil(TILE);
            let mut parts = Chunks::of_planes(blurred, blurred_len(stage, shape), rows * width, TILE * width);
            each(jobs, shape.planes() * tiles, &mut parts, |tile, rows| {
                let (index, first) = place(tile, tiles);
                let plane = part(q, index, padding.len());
                level.run(GreyRows { padding, tables, plane, first, rows });
            });
        }
        let weights = tables.weights(&constants);
        self.links.weigh(constants.tau.0, constants.headroom);
        let (q, blurred, links) = (&*q, &*blurred, &self.links);
        let tiles = (shape.height as usize).div_ceil(TILE);
        let size = TILE * shape.width as usize;
        let mut parts = (
            Chunks::of_planes(self.values, pixels, pixels, size),
            Chunks::of_planes(self.momentum, pixels, pixels, size),
        );
        each(jobs, shape.planes() * tiles, &mut parts, |tile, (values, momentum)| {
            let (plane, first) = place(tile, tiles);
            let blurred = if has_grey { part(blurred, plane, blurred_len(stage, shape)) } else { &[] };
            let (planes, constants, weights) = (&planes, &constants, &weights);
            level.run(StepRows {
                planes,
                plane,
                tables,
                links,
                constants,
                weights,
                q,
                blurred,
                first,
                values,
                momentum,
            });
        });
        Some(())
    }
}

/// The plane of a tile and the tile's first row, where a plane has `tiles` tiles.
fn place(tile: usize, tiles: usize) -> (usize, usize) {
    debug_assert!(tiles > 0, "a plane has rows");
    let tiles = tiles.max(1);
    (tile / tiles, tile % tiles * TILE)
}

/// Part `index` of parts of `size` elements.
fn part<T>(slice: &[T], index: usize, size: usize) -> &[T] {
    slice.chunks_exact(size.max(1)).nth(index).unwrap_or_default()
}
