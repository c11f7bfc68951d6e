//! The polish: gradient descent with momentum on the all-threshold energy, all in integers.
//!
//! ```text
//! g = S + M_τ(x) + λ·B          S: the pair sum (`pairs`), M_τ: the mean field, B: low-pass of x (the grey term, ½Σ|Ĝ·X|²)
//! m = μ·m + g;  x −= s·m
//! ```
//!
//! x has 24 fractional bits, m 18, S 13, B 16; q = x in 16 bits. Step size s, τ and λ go by their schedules. Ranks are made once,
//! after the last step.

mod kernel;
mod passes;

use super::order::{self, COUNTERS};
use crate::error::Error;
use crate::jobs::{Chunks, Means, each};
use crate::layout::{MEMORY_ALIGN, cut};
use crate::pairs::{Margin, Rows};
use crate::recipe::Polish;
use crate::shape::Shape;
use crate::simd::SHORTS;
pub(crate) use kernel::Tables;
use passes::{Blur, Constants, Update, quantized};

/// Rows of a tile of each pass.
const TILE: usize = 16;

/// Bytes of each part of the work space.
struct Sizes {
    tables: usize,
    values: usize,
    /// Momentum; after the last step the order of the sort.
    momentum: usize,
    /// The values in 16 bits with their margin, then rows of the grey term; after the last step the counters of the sort.
    planes: usize,
}

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

impl Sizes {
    const fn new(stage: &Polish, shape: Shape) -> Self {
        let plane = 2 * margin(stage, shape).len();
        // its radius is at most the kernel's
        let planes = plane.next_multiple_of(MEMORY_ALIGN) + 2 * blurred_len(stage, shape, stage.radius as usize);
        let counters = 4 * COUNTERS;
        let pixels = (4 * shape.pixels()).next_multiple_of(MEMORY_ALIGN);
        Self {
            tables: size_of::<Tables>().next_multiple_of(MEMORY_ALIGN),
            values: pixels,
            momentum: pixels,
            planes: if planes > counters { planes } else { counters },
        }
    }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Polish, shape: Shape) -> usize {
    let sizes = Sizes::new(stage, shape);
    sizes.tables + sizes.values + sizes.momentum + sizes.planes
}

/// The work space, typed.
struct Work<'a> {
    tables: &'a mut Tables,
    values: &'a mut [i32],
    momentum: &'a mut [i32],
    planes: &'a mut [u8],
}

impl<'a> Work<'a> {
    fn new(memory: &'a mut [u8], stage: &Polish, shape: Shape) -> Option<Self> {
        let sizes = Sizes::new(stage, shape);
        let mut rest = memory;
        let tables = cut::<Tables>(&mut rest, size_of::<Tables>())?.first_mut()?;
        rest = rest.get_mut(sizes.tables - size_of::<Tables>()..)?;
        let values = cut::<i32>(&mut rest, sizes.values)?.get_mut(..shape.pixels())?;
        let momentum = cut::<i32>(&mut rest, sizes.momentum)?.get_mut(..shape.pixels())?;
        let planes = rest.get_mut(..sizes.planes)?;
        Some(Self { tables, values, momentum, planes })
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
        order::values(ranks, work.values);
        work.momentum.fill(0);
    }
    {
        let plane_bytes = (2 * margin.len()).next_multiple_of(MEMORY_ALIGN);
        let (plane, blurred) = work.planes.split_at_mut_checked(plane_bytes).ok_or(Error::DAMAGED)?;
        let plane = bytemuck::try_cast_slice_mut::<u8, i16>(plane).map_err(|_| Error::DAMAGED)?;
        let blurred = bytemuck::try_cast_slice_mut::<u8, i16>(blurred).map_err(|_| Error::DAMAGED)?;
        let plane = plane.get_mut(..margin.len()).ok_or(Error::DAMAGED)?;
        descend(means, stage, &margin, place, work.tables, work.values, work.momentum, plane, blurred);
    }
    if place + 1 == stage.steps {
        let counters = work.planes.get_mut(..4 * COUNTERS).ok_or(Error::DAMAGED)?;
        let counters = bytemuck::try_cast_slice_mut(counters).map_err(|_| Error::DAMAGED)?;
        let order = bytemuck::must_cast_slice_mut(work.momentum);
        order::ranks(work.values, order, counters.first_chunk_mut().ok_or(Error::DAMAGED)?, ranks);
    }
    Ok(())
}

/// The values while a run is in the stage, as f32 in [−1, 1].
pub(crate) fn values<'a>(stage: &Polish, shape: Shape, memory: &'a mut [u8]) -> Option<impl Iterator<Item = f32> + 'a> {
    let work = Work::new(memory, stage, shape)?;
    Some(work.values.iter().map(|value| *value as f32 * (2.0 / order::ONE as f32) - 1.0))
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
