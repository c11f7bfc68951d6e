//! The front: gradient descent from any order, behind a rising threshold T. Pixels below T move to their local ranks.
//!
//! ```text
//! less_i = Σ_j K(i−j)·[min(x_j, T) < min(x_i, T)]                    local rank: weight of the lesser neighbours
//! gradient = 2·(x_i − less_i) − K(0)  below T,    T − less_i  above
//! m = μ·m + gradient;  x −= s·m;  then x becomes the value of its exact rank
//! ```
//!
//! K is a Gaussian over a square window, with sum 1.
//!
//! | name | meaning | format |
//! |---|---|---|
//! | `value` | x | Q24 |
//! | plane | min(x, T) − ½, by which pixels are compared | Q16, `i16` |
//! | K, `less` | weights, and sums of weights | Q16, `u16` |
//! | `threshold` | T | Q16 |
//! | `gradient` | | Q24 |
//! | `momentum` | m, cut to ±64 | Q24 |
//! | μ | | Q8 |
//! | s | | Q10 |
//!
//! Products with μ and s are 64 bits wide: they cannot overflow.

mod parameters;

pub use parameters::Front;

use crate::error::Error;
use crate::jobs::{Chunks, Means, each};
use crate::memory::{Carver, bytes_of};
use crate::pairs::{PaddedRows, Padding, chunk_at};
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, MOST_VECTORS, SHORTS, Short, Words};
use crate::sort::fixed::{self, COUNTERS};
use crate::threshold::fixed_point::Q;
use bytemuck::{Pod, Zeroable};

/// Number of taps of the largest window, without the centre.
const MAX_TAPS: usize = 17 * 17 - 1;

/// Rows per tile of each pass.
const TILE: usize = 16;

/// Values and momentum are cut to ±64.
const LIMIT: Q<24> = Q(64 * Q::<24>::ONE.0);

/// One in Q16.
const ONE_Q16: f64 = Q::<16>::ONE.0 as f64;

/// Tables that all steps of a stage share.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct FrontTables {
    /// Offset of each tap in the padded plane.
    offsets: [i32; MAX_TAPS],
    /// K of each tap, Q16, as the bits of a `u16`.
    weights: [i16; MAX_TAPS],
    /// Number of taps.
    count: u32,
    /// K(0), Q16.
    centre: i32,
    padding: [u32; 14],
}

impl FrontTables {
    fn fill(&mut self, stage: &Front, padding: &Padding) {
        *self = Self::zeroed();
        let radius = stage.radius as i32;
        let scale = -1.0 / (2.0 * f64::from(stage.sigma) * f64::from(stage.sigma));
        let at = |dx: i32, dy: i32| libm::exp(f64::from(dx * dx + dy * dy) * scale);
        let mut sum = 0.0;
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                sum += at(dx, dy);
            }
        }
        let weight = |dx, dy| libm::round(ONE_Q16 * at(dx, dy) / sum) as i32;
        self.centre = weight(0, 0);
        let mut taps = self.offsets.iter_mut().zip(&mut self.weights);
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                if (dx, dy) == (0, 0) {
                    continue;
                }
                let tap = taps.next();
                debug_assert!(tap.is_some(), "MAX_TAPS is the window of the largest radius");
                if let Some((offset, to)) = tap {
                    *offset = dy * padding.stride() as i32 + dx;
                    *to = weight(dx, dy) as u16 as i16;
                    self.count += 1;
                }
            }
        }
    }
}

const fn padding(stage: &Front, shape: Shape) -> Padding {
    Padding { shape, radius: stage.radius as usize }
}

/// The work space, typed.
struct FrontSpace<'a> {
    tables: &'a mut FrontTables,
    values: &'a mut [i32],
    momentum: &'a mut [i32],
    order: &'a mut [u32],
    counters: &'a mut [u32; COUNTERS],
    plane: &'a mut [i16],
}

impl<'a> FrontSpace<'a> {
    fn new(memory: &'a mut [u8], padding: &Padding) -> Option<Self> {
        let (mut memory, pixels) = (Carver::new(memory), padding.shape.pixels());
        Some(Self {
            tables: memory.one()?,
            values: memory.take(pixels)?,
            momentum: memory.take(pixels)?,
            order: memory.take(pixels)?,
            counters: memory.one()?,
            plane: memory.take(padding.len())?,
        })
    }
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Front, shape: Shape) -> usize {
    let words = bytes_of::<i32>(shape.pixels());
    bytes_of::<FrontTables>(1) + 3 * words + bytes_of::<u32>(COUNTERS) + bytes_of::<i16>(padding(stage, shape).len())
}

/// Takes one step, from `ranks` to `ranks`.
pub(crate) fn step(
    means: Means<'_>,
    stage: &Front,
    shape: Shape,
    step_index: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    let padding = padding(stage, shape);
    let FrontSpace { tables, values, momentum, order, counters, plane } =
        FrontSpace::new(memory, &padding).ok_or(Error::DAMAGED)?;
    if step_index == 0 {
        tables.fill(stage, &padding);
        momentum.fill(0);
    }
    fixed::values(ranks, values);
    let constants = FrontConstants::new(stage, step_index);
    // in range: x is the value of a rank, in [0, 1)
    let cut = |x: i32| (Q::<24>(x).to::<16>().min(constants.threshold) - Q::HALF).0 as i16;
    let (rows, stride) = (padding.rows(), padding.stride());
    each(means.jobs, rows.div_ceil(TILE), &mut Chunks::new(plane, TILE * stride), |tile, plane| {
        let (padding, first) = (&padding, tile * TILE);
        means.level.run(PaddedRows { padding, values, first, plane, short: cut });
    });
    let (tables, plane) = (&*tables, &*plane);
    let size = TILE * shape.width as usize;
    let mut parts = (Chunks::new(values, size), Chunks::new(momentum, size));
    each(means.jobs, (shape.height as usize).div_ceil(TILE), &mut parts, |tile, (values, momentum)| {
        let (padding, first) = (&padding, tile * TILE);
        means.level.run(StepRows { padding, tables, constants, plane, first, values, momentum });
    });
    fixed::ranks(values, order, counters, ranks);
    Ok(())
}

/// Parameters of one step in fixed point.
#[derive(Clone, Copy)]
struct FrontConstants {
    /// T.
    threshold: Q<16>,
    /// μ.
    momentum: Q<8>,
    /// s.
    step_size: Q<10>,
}

impl FrontConstants {
    fn new(stage: &Front, step_index: u32) -> Self {
        let threshold = Q::nearest(stage.threshold.at(step_index, stage.steps).into());
        Self {
            threshold: threshold.within(Q(1), Q::ONE),
            momentum: Q::nearest(stage.momentum.into()),
            step_size: Q::nearest(stage.step_size.into()),
        }
    }

    /// Returns value and momentum of a pixel after one step. `less` is the weight of its lesser neighbours.
    #[inline(always)]
    fn step(&self, x: Q<24>, momentum: Q<24>, less: Q<16>, centre: Q<16>) -> (Q<24>, Q<24>) {
        let less: Q<24> = less.to();
        let gradient = if x.to::<16>().0 < self.threshold.0 {
            let above = x.wrapping_sub(less);
            above.wrapping_add(above).wrapping_sub(centre.to())
        } else {
            self.threshold.to::<24>() - less
        };
        let velocity = momentum.wide_times::<8, 24>(self.momentum) + i64::from(gradient.0);
        let momentum = Q::saturated(velocity, LIMIT);
        let step = momentum.wide_times::<10, 24>(self.step_size);
        (Q::saturated(i64::from(x.0) - step, LIMIT), momentum)
    }
}

/// Steps the rows of pixels from row `first` on.
struct StepRows<'a> {
    padding: &'a Padding,
    tables: &'a FrontTables,
    constants: FrontConstants,
    plane: &'a [i16],
    first: usize,
    values: &'a mut [i32],
    momentum: &'a mut [i32],
}

impl Kernel for StepRows<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        debug_assert!(self.padding.shape.width > 0, "a mask has columns");
        let width = (self.padding.shape.width as usize).max(1);
        let mut y = self.first;
        for (values, momentum) in self.values.chunks_exact_mut(width).zip(self.momentum.chunks_exact_mut(width)) {
            let mut x = 0;
            for (values, momentum) in values.chunks_mut(SHORTS).zip(momentum.chunks_mut(SHORTS)) {
                let mut less = [0; SHORTS];
                less_than::<V::Short>(token, self.tables, self.plane, self.padding.row(y) + x, &mut less);
                for ((value, momentum), less) in values.iter_mut().zip(momentum).zip(less) {
                    let less = Q(i32::from(less as u16));
                    let (x, m) = self.constants.step(Q(*value), Q(*momentum), less, Q(self.tables.centre));
                    (*value, *momentum) = (x.0, m.0);
                }
                x += SHORTS;
            }
            y += 1;
        }
    }
}

/// Sums the weights of the lesser neighbours of the 32 pixels from element `base` of the plane on: Q16, as the bits of a `u16`.
#[inline(always)]
fn less_than<S: Short>(token: S::Token, tables: &FrontTables, plane: &[i16], base: usize, to: &mut [i16; SHORTS]) {
    let base = base as u32;
    let centre = chunk_at(plane, base);
    debug_assert!(centre.is_some(), "the plane has one chunk more than its rows");
    let Some(centre) = centre else { return };
    let mut chunk = 0;
    while chunk * S::LEN < SHORTS {
        let mut sum = [S::splat(token, 0); MOST_VECTORS];
        let mut q = sum;
        for v in 0..S::VECTORS {
            q[v] = S::load(token, centre, chunk + v);
        }
        let taps = tables.offsets.iter().zip(&tables.weights);
        for (offset, weight) in taps.take(tables.count as usize) {
            // always there: a tap reaches no further than the padding. Offsets come from the block, which may be damaged
            if let Some(neighbour) = chunk_at(plane, base.wrapping_add_signed(*offset)) {
                let weight = S::splat(token, *weight);
                for v in 0..S::VECTORS {
                    sum[v] = sum[v] + S::load(token, neighbour, chunk + v).if_less(q[v], weight);
                }
            }
        }
        for v in 0..S::VECTORS {
            sum[v].store(to, chunk + v);
        }
        chunk += S::VECTORS;
    }
}
