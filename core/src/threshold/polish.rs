//! The polish: gradient descent with momentum on the all-threshold energy, all in integers.
//!
//! ```text
//! g = S + M_τ(x) + λ·B          S: the pair sum (`pairs`), M_τ: the mean field, B: low-pass of x (the grey term, ½Σ|Ĝ·X|²)
//! m = μ·m + g;  x −= s·m
//! ```
//!
//! x has 24 fractional bits, m 18, S 13, B 16; q = x in 16 bits. Step size s, τ and λ go by their schedules. Ranks are made once,
//! after the last step.

mod constants;
mod kernel;
mod parameters;
mod passes;

use crate::error::Error;
use crate::jobs::{Chunks, Means, each};
use crate::memory::{Carver, bytes_of};
use crate::pairs::{Margin, Rows};
use crate::shape::Shape;
use crate::simd::SHORTS;
use crate::sort::fixed::{self, COUNTERS};
use constants::Constants;
use kernel::Tables;
pub use parameters::Polish;
use passes::{Blur, Update, quantized};

/// Rows of a tile of each pass.
const TILE: usize = 16;

/// Elements of the plane of row sums of the grey term: whole chunks a row, and its radius on each side.
const fn blurred_len(stage: &Polish, shape: Shape, radius: usize) -> usize {
    if stage.has_grey() {
        (shape.height as usize + 2 * radius) * (shape.width as usize).next_multiple_of(SHORTS)
    } else {
        0
    }
}

const fn margin(stage: &Polish, shape: Shape) -> Margin {
    Margin { shape, radius: stage.radius as usize }
}

/// Bytes of the planes: of steps, or, if that is more, of the sort's counters.
const fn plane_bytes(stage: &Polish, shape: Shape) -> usize {
    // the radius of the grey term is at most the kernel's
    let grey = bytes_of::<i16>(blurred_len(stage, shape, stage.radius as usize));
    let planes = bytes_of::<i16>(margin(stage, shape).len()) + grey;
    let counters = bytes_of::<u32>(COUNTERS);
    if planes > counters { planes } else { counters }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Polish, shape: Shape) -> usize {
    bytes_of::<Tables>(1) + 2 * bytes_of::<i32>(shape.pixels()) + plane_bytes(stage, shape)
}

/// The work space, typed.
struct Work<'a> {
    tables: &'a mut Tables,
    values: &'a mut [i32],
    /// Momentum; after the last step the order of the sort.
    momentum: &'a mut [i32],
    /// The values in 16 bits with their margin, then rows of the grey term; after the last step the counters of the sort.
    planes: &'a mut [u8],
}

impl<'a> Work<'a> {
    fn new(memory: &'a mut [u8], stage: &Polish, shape: Shape) -> Option<Self> {
        let (mut memory, pixels) = (Carver::new(memory), shape.pixels());
        Some(Self {
            tables: memory.one()?,
            values: memory.take(pixels)?,
            momentum: memory.take(pixels)?,
            planes: memory.take(plane_bytes(stage, shape))?,
        })
    }

    /// The plane with its margin, and the rows of the grey term.
    fn planes(planes: &'a mut [u8], stage: &Polish, margin: &Margin) -> Option<(&'a mut [i16], &'a mut [i16])> {
        let mut planes = Carver::new(planes);
        Some((planes.take(margin.len())?, planes.take(blurred_len(stage, margin.shape, margin.radius))?))
    }
}

/// The `place`-th step; the first starts from `ranks`, the last leaves them there.
pub(crate) fn step(
    means: Means<'_>,
    stage: &Polish,
    shape: Shape,
    place: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    let work = Work::new(memory, stage, shape).ok_or(Error::DAMAGED)?;
    let margin = margin(stage, shape);
    if place == 0 {
        work.tables.fill(stage, &margin);
        fixed::values(ranks, work.values);
        work.momentum.fill(0);
    }
    let (plane, blurred) = Work::planes(work.planes, stage, &margin).ok_or(Error::DAMAGED)?;
    descend(means, stage, &margin, place, work.tables, work.values, work.momentum, plane, blurred);
    if place + 1 == stage.steps {
        let order = bytemuck::must_cast_slice_mut(work.momentum);
        fixed::ranks(work.values, order, Carver::new(work.planes).one().ok_or(Error::DAMAGED)?, ranks);
    }
    Ok(())
}

/// The values while a run is in the stage, as f32 in [−1, 1].
pub(crate) fn values<'a>(stage: &Polish, shape: Shape, memory: &'a mut [u8]) -> Option<impl Iterator<Item = f32> + 'a> {
    let work = Work::new(memory, stage, shape)?;
    Some(work.values.iter().map(|value| *value as f32 * (2.0 / fixed::ONE as f32) - 1.0))
}

/// Margin, grey rows, then sums and update, each as tiles of rows.
#[allow(clippy::too_many_arguments, reason = "the parts of one work space")]
fn descend(
    means: Means<'_>,
    stage: &Polish,
    margin: &Margin,
    place: u32,
    tables: &Tables,
    values: &mut [i32],
    momentum: &mut [i32],
    plane: &mut [i16],
    blurred: &mut [i16],
) {
    let shape = margin.shape;
    let constants = Constants::new(stage, place);
    let grey = constants.grey_weight != 0;
    let level = means.level;
    let (rows, stride) = (margin.rows(), margin.stride());
    each(means.jobs, rows.div_ceil(TILE), &mut Chunks::new(plane, TILE * stride), |tile, plane| {
        level.run(Rows { margin, values, first: tile * TILE, plane, short: quantized });
    });
    let (grey_radius, width) = (tables.grey_radius(), (shape.width as usize).next_multiple_of(SHORTS));
    if grey {
        let rows = shape.height as usize + 2 * grey_radius;
        let blurred = blurred.get_mut(..rows * width).unwrap_or_default();
        each(means.jobs, rows.div_ceil(TILE), &mut Chunks::new(blurred, TILE * width), |tile, rows| {
            level.run(Blur { margin, tables, plane, first: tile * TILE, rows });
        });
    }
    let weights = tables.weights(&constants);
    let (plane, blurred) = (&*plane, &*blurred);
    let size = TILE * shape.width as usize;
    let mut parts = (Chunks::new(values, size), Chunks::new(momentum, size));
    each(means.jobs, (shape.height as usize).div_ceil(TILE), &mut parts, |tile, (values, momentum)| {
        let blurred = if grey { blurred } else { &[] };
        let first = tile * TILE;
        let (constants, weights) = (&constants, &weights);
        level.run(Update { margin, tables, constants, weights, plane, blurred, first, values, momentum });
    });
}
