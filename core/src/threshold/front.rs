//! The front: pure gradient descent from any order. A threshold T moves up; pixels below it move to their local ranks.
//!
//! ```text
//! lt_i = Σ_j K(i−j)·[min(x_j, T) < min(x_i, T)]
//! g = 2·(x_i − lt_i) − K(0)  below T,    T − lt_i  above
//! m = μ·m + g;  x −= s·m;  then x is replaced by the value of its exact rank
//! ```
//!
//! K: a Gaussian over a square window, in 16-bit weights that add up to 2¹⁶; x has 24 fractional bits, comparisons are of the upper 16.

mod parameters;

pub use parameters::Front;

use crate::error::Error;
use crate::jobs::{Chunks, Means, each};
use crate::memory::{Carver, bytes_of};
use crate::pairs::{PaddedRows, Padding, chunk_at};
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, MOST_VECTORS, SHORTS, Short, Words};
use crate::sort::fixed::{self, COUNTERS};
use bytemuck::{Pod, Zeroable};

/// Taps of the largest window, the centre not counted.
const MAX_TAPS: usize = 17 * 17 - 1;

/// Rows of a tile of each pass.
const TILE: usize = 16;

/// What all steps of a stage share.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
struct Tables {
    /// Offsets in the padding's plane.
    offsets: [i32; MAX_TAPS],
    /// `u16` bits.
    weights: [i16; MAX_TAPS],
    count: u32,
    /// K(0)·2¹⁶.
    centre: i32,
    padding: [u32; 14],
}

impl Tables {
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
        let weight = |dx, dy| libm::round(65_536.0 * at(dx, dy) / sum) as i32;
        self.centre = weight(0, 0);
        let mut places = self.offsets.iter_mut().zip(&mut self.weights);
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                if (dx, dy) == (0, 0) {
                    continue;
                }
                if let Some((offset, to)) = places.next() {
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
struct Work<'a> {
    tables: &'a mut Tables,
    values: &'a mut [i32],
    momentum: &'a mut [i32],
    order: &'a mut [u32],
    counters: &'a mut [u32; COUNTERS],
    plane: &'a mut [i16],
}

impl<'a> Work<'a> {
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
    bytes_of::<Tables>(1) + 3 * words + bytes_of::<u32>(COUNTERS) + bytes_of::<i16>(padding(stage, shape).len())
}

/// The `place`-th step, from `ranks` to `ranks`.
pub(crate) fn step(
    means: Means<'_>,
    stage: &Front,
    shape: Shape,
    place: u32,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Result<(), Error> {
    let padding = padding(stage, shape);
    let Work { tables, values, momentum, order, counters, plane } =
        Work::new(memory, &padding).ok_or(Error::DAMAGED)?;
    if place == 0 {
        tables.fill(stage, &padding);
        momentum.fill(0);
    }
    fixed::values(ranks, values);
    let threshold = libm::round(f64::from(stage.threshold.at(place, stage.steps)) * 65_536.0) as i32;
    let constants = Constants {
        threshold: threshold.clamp(1, 65_536),
        momentum: libm::round(f64::from(stage.momentum) * 256.0) as i64,
        step_size: libm::round(f64::from(stage.step_size) * 1024.0) as i64,
    };
    // min(x, T) in 16 bits around 0
    let cut = |value: i32| ((value >> 8).min(constants.threshold) - 32_768) as i16;
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
        means.level.run(Move { padding, tables, constants, plane, first, values, momentum });
    });
    fixed::ranks(values, order, counters, ranks);
    Ok(())
}

/// A step's numbers in fixed point.
#[derive(Clone, Copy)]
struct Constants {
    /// T·2¹⁶.
    threshold: i32,
    /// μ·2⁸.
    momentum: i64,
    /// s·2¹⁰.
    step_size: i64,
}

/// Gradient and update of rows `first` and on.
struct Move<'a> {
    padding: &'a Padding,
    tables: &'a Tables,
    constants: Constants,
    plane: &'a [i16],
    first: usize,
    values: &'a mut [i32],
    momentum: &'a mut [i32],
}

impl Kernel for Move<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let width = (self.padding.shape.width as usize).max(1);
        let mut y = self.first;
        for (values, momentum) in self.values.chunks_exact_mut(width).zip(self.momentum.chunks_exact_mut(width)) {
            let mut x = 0;
            for (values, momentum) in values.chunks_mut(SHORTS).zip(momentum.chunks_mut(SHORTS)) {
                let mut less = [0; SHORTS];
                less_than::<V::Short>(token, self.tables, self.plane, self.padding.row(y) + x, &mut less);
                for ((value, momentum), less) in values.iter_mut().zip(momentum).zip(less) {
                    let local = i32::from(less as u16) << 8;
                    let below = *value >> 8 < self.constants.threshold;
                    let gradient = if below {
                        let above = value.wrapping_sub(local).wrapping_mul(2);
                        above.wrapping_sub(self.tables.centre << 8)
                    } else {
                        (self.constants.threshold << 8) - local
                    };
                    let velocity = ((i64::from(*momentum) * self.constants.momentum) >> 8) + i64::from(gradient);
                    *momentum = velocity.clamp(-(1 << 30), 1 << 30) as i32;
                    let way = (i64::from(*momentum) * self.constants.step_size) >> 10;
                    *value = (i64::from(*value) - way).clamp(-(1 << 30), 1 << 30) as i32;
                }
                x += SHORTS;
            }
            y += 1;
        }
    }
}

/// The weights of the neighbours that are less, `u16` bits, of the 32 pixels from element `base` on.
#[inline(always)]
fn less_than<S: Short>(token: S::Token, tables: &Tables, plane: &[i16], base: usize, to: &mut [i16; SHORTS]) {
    let base = base as u32;
    let Some(centre) = chunk_at(plane, base) else { return };
    let mut chunk = 0;
    while chunk * S::LEN < SHORTS {
        let mut sum = [S::splat(token, 0); MOST_VECTORS];
        let mut q = sum;
        for v in 0..S::VECTORS {
            q[v] = S::load(token, centre, chunk + v);
        }
        let taps = tables.offsets.iter().zip(&tables.weights);
        for (offset, weight) in taps.take(tables.count as usize) {
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
