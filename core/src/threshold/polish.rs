//! The polish: gradient descent with momentum on the all-threshold energy, all in integers.
//!
//! ```text
//! gradient = M_τ(x) + S + λ·B      M_τ: mean field, S: pair sum, B: low-pass of x (grey term)
//! m = μ·m + gradient;  x −= s·m
//! ```
//!
//! `step.rs` derives the formula from the energy and lists all names with their fixed-point formats; `pairs.rs` does so for S, `grey.rs`
//! for B. s, τ and λ follow their schedules. Ranks are made once, after the last step.

mod constants;
mod grey;
mod kernel;
mod law;
mod parameters;
mod passes;
mod step;

use crate::error::Error;
use crate::jobs::{Chunks, Means, each};
use crate::memory::{Carver, bytes_of};
use crate::pairs::{PaddedRows, Padding};
use crate::shape::Shape;
use crate::simd::SHORTS;
use crate::sort::fixed::{self, COUNTERS};
use constants::Constants;
use grey::GreyRows;
use kernel::Tables;
pub use law::Law;
pub use parameters::Polish;
use passes::StepRows;
use step::quantized;

/// Rows of a tile of each pass.
const TILE: usize = 16;

/// Elements of the grey term's rows: whole chunks a row, and `radius` rows above and below the image.
const fn blurred_len(stage: &Polish, shape: Shape, radius: usize) -> usize {
    if stage.has_grey() {
        (shape.height as usize + 2 * radius) * (shape.width as usize).next_multiple_of(SHORTS)
    } else {
        0
    }
}

const fn padding(stage: &Polish, shape: Shape) -> Padding {
    Padding { shape, radius: stage.radius as usize }
}

/// Bytes of the planes during steps, or of the sort's counters, whichever is more.
const fn plane_bytes(stage: &Polish, shape: Shape) -> usize {
    // the radius of the grey term is at most the kernel's
    let grey = bytes_of::<i16>(blurred_len(stage, shape, stage.radius as usize));
    let planes = bytes_of::<i16>(padding(stage, shape).len()) + grey;
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
    /// x, Q24.
    values: &'a mut [i32],
    /// m, Q18; after the last step the order of the sort.
    momentum: &'a mut [i32],
    /// q with its padding, then rows of the grey term; after the last step the counters of the sort.
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

    /// The plane of q, and the rows of the grey term.
    fn planes(planes: &'a mut [u8], stage: &Polish, padding: &Padding) -> Option<(&'a mut [i16], &'a mut [i16])> {
        let mut planes = Carver::new(planes);
        Some((planes.take(padding.len())?, planes.take(blurred_len(stage, padding.shape, padding.radius))?))
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
    let work = Work::new(memory, stage, shape).ok_or(Error::DAMAGED)?;
    let padding = padding(stage, shape);
    if step_index == 0 {
        work.tables.fill(stage, &padding);
        law::values(stage.law, ranks, work.values);
        work.momentum.fill(0);
    }
    let (plane, blurred) = Work::planes(work.planes, stage, &padding).ok_or(Error::DAMAGED)?;
    descend(means, stage, &padding, step_index, work.tables, work.values, work.momentum, plane, blurred);
    if step_index + 1 == stage.steps {
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

/// Runs the three passes of a step, each over tiles of rows: the plane of q, rows of the grey term, and the update of all pixels.
#[allow(clippy::too_many_arguments, reason = "the parts of one work space")]
fn descend(
    means: Means<'_>,
    stage: &Polish,
    padding: &Padding,
    step_index: u32,
    tables: &Tables,
    values: &mut [i32],
    momentum: &mut [i32],
    plane: &mut [i16],
    blurred: &mut [i16],
) {
    let shape = padding.shape;
    let constants = Constants::new(stage, step_index);
    let has_grey = constants.grey_weight.0 != 0;
    let level = means.level;
    let (rows, stride) = (padding.rows(), padding.stride());
    each(means.jobs, rows.div_ceil(TILE), &mut Chunks::new(plane, TILE * stride), |tile, plane| {
        level.run(PaddedRows { padding, values, first: tile * TILE, plane, short: quantized });
    });
    let (grey_radius, width) = (tables.grey_radius(), (shape.width as usize).next_multiple_of(SHORTS));
    if has_grey {
        let rows = shape.height as usize + 2 * grey_radius;
        // empty only in a damaged block: `blurred_len` has room for the radius of the padding, which is no less
        let blurred = blurred.get_mut(..rows * width).unwrap_or_default();
        each(means.jobs, rows.div_ceil(TILE), &mut Chunks::new(blurred, TILE * width), |tile, rows| {
            level.run(GreyRows { padding, tables, plane, first: tile * TILE, rows });
        });
    }
    let weights = tables.weights(&constants);
    let (plane, blurred) = (&*plane, &*blurred);
    let size = TILE * shape.width as usize;
    let mut parts = (Chunks::new(values, size), Chunks::new(momentum, size));
    each(means.jobs, (shape.height as usize).div_ceil(TILE), &mut parts, |tile, (values, momentum)| {
        let blurred = if has_grey { blurred } else { &[] };
        let first = tile * TILE;
        let (constants, weights) = (&constants, &weights);
        level.run(StepRows { padding, tables, constants, weights, plane, blurred, first, values, momentum });
    });
}
