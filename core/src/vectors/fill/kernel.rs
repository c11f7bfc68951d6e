//! Kernel tables of a joint fill, in f64, rounded once; and the numbers of its coupling.

use super::{JointFill, MAX_JOINT_RADIUS};
use crate::filters::{Axis, Combine, FilterKernel, Filters};
use crate::shape::Shape;
use crate::threshold::{FieldLayout, KernelLayout, WINDOW, WrappedGaussian};

/// A scale whose kernel in space is a Gaussian.
pub(super) struct Head {
    /// Part of the elements that is placed when the scale ends.
    pub(super) until: f64,
    pub(super) radius: usize,
    sigma: f64,
}

/// Scales before the one with the filters' own kernel.
pub(super) const HEADS: [Head; 2] =
    [Head { until: 1.0 / 512.0, radius: 24, sigma: 8.0 }, Head { until: 1.0 / 48.0, radius: 12, sigma: 3.0 }];

pub(super) const MOST_HEAD_RADIUS: usize = 24;

/// Weight of a kernel's centre: times the largest w it fits 31 bits with [`FACTOR_BITS`] to spare.
pub(super) const PEAK: f64 = 4000.0;

/// Noise of disorder 1, as a part of the peak.
const NOISE: f64 = 0.0008;

/// Least factor in time; smaller ones are dropped.
const LEAST_TIME_FACTOR: f64 = 0.002;

/// Fractional bits of w.
pub(super) const FACTOR_BITS: u32 = 14;

/// Bits that are dropped of differences of ranks, Q16, before their product with the slope.
pub(super) const NEAR_BITS: u32 = 4;

/// Fractional bits of the slope beyond those of w.
pub(super) const SLOPE_BITS: u32 = 8;

/// Layout of a table: for each row and each distance in time, the columns between zeros, see [`KernelLayout`].
#[derive(Clone, Copy, Debug)]
pub(super) struct TableLayout {
    pub(super) kernel: KernelLayout,
    /// Distances in time: 0 to half of the layers.
    pub(super) distances: usize,
}

impl TableLayout {
    pub(super) const fn new(radius: usize, shape: Shape) -> Self {
        Self { kernel: KernelLayout::new(radius, &FieldLayout::new(shape)), distances: shape.layers as usize / 2 + 1 }
    }

    pub(super) const fn len(&self) -> usize {
        self.kernel.len() * self.distances
    }
}

/// The weights w of pairs, in integers: `w = (base + ((max(0, reach − Σ|Δ|) >> NEAR_BITS)·slope >> SLOPE_BITS))/2^FACTOR_BITS`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coupled {
    /// s, Q16.
    pub(super) reach: i32,
    pub(super) base: i32,
    pub(super) slope: i32,
}

impl Coupled {
    /// For the dimension with index `before`, so many are before it.
    pub(super) fn new(fill: &JointFill, before: usize) -> Self {
        let one = f64::from(1 << FACTOR_BITS);
        if before == 0 || fill.coupling <= 0.0 {
            return Self { reach: 0, base: one as i32, slope: 0 };
        }
        let widened = if before > 1 { 1.4 } else { 1.0 };
        let reach = f64::from(fill.reach) * widened;
        let coupling = f64::from(fill.coupling);
        // w is at most 30: cells stay below 2^31
        let rise = (coupling / mean_triangle(reach, before)).min(30.0);
        let steps = reach * 65536.0 / f64::from(1 << NEAR_BITS);
        Self {
            reach: libm::round(reach * 65536.0) as i32,
            base: libm::round(one * (1.0 - coupling)) as i32,
            slope: libm::round(one * f64::from(1 << SLOPE_BITS) * rise / steps) as i32,
        }
    }
}

/// Mean of `max(0, 1 − Σ|Δ|/s)` over random pairs of `count` ranks, 1 to 3, s ≤ 1.
///
/// |Δ| has the density 2(1 − t). The sum of two has 4(t − t² + t³/6) for t ≤ 1, that of three 8(t²/2 − t³/2 + t⁴/8 − t⁵/120), and
/// `∫(1 − t/s)·t^k = s^(k+1)/((k+1)(k+2))`.
fn mean_triangle(s: f64, count: usize) -> f64 {
    match count {
        1 => s - s * s / 3.0,
        2 => 4.0 * s * s * (1.0 / 6.0 - s / 12.0 + s * s / 120.0),
        _ => 8.0 * s * s * s * (1.0 / 24.0 - s / 40.0 + s * s / 240.0 - s * s * s / 5040.0),
    }
}

/// Upper end of a cell's noise.
pub(super) fn noise(fill: &JointFill) -> u32 {
    libm::round(NOISE * PEAK * f64::from(fill.disorder)).max(4.0) as u32
}

/// A number to a power, with the number's sign.
fn signed_power(value: f64, power: f64) -> f64 {
    let size = libm::pow(value.abs(), power);
    if value < 0.0 { -size } else { size }
}

/// Factors along an axis in space; element i is at offset `i − count/2`.
struct Factors {
    factors: [f64; 2 * MAX_JOINT_RADIUS as usize + 1],
    count: usize,
}

impl Factors {
    fn new(head: Option<&Head>, fill: &JointFill, kernel: &FilterKernel, axis: Axis) -> Self {
        let side = kernel.side(axis).max(1);
        let mut factors = [0.0; 2 * MAX_JOINT_RADIUS as usize + 1];
        let count;
        if let Some(head) = head {
            let gaussian = WrappedGaussian::new(head.sigma, head.radius, side);
            let values = gaussian.values();
            count = values.len();
            let peak = values.get(count / 2).copied().unwrap_or(1.0);
            for (to, value) in factors.iter_mut().zip(values) {
                *to = value / peak;
            }
        } else {
            count = (2 * fill.radius as usize + 1).min(side);
            let peak = kernel.along(axis, 0);
            for (i, to) in factors.iter_mut().enumerate().take(count) {
                let d = i.abs_diff(count / 2) % side;
                *to = signed_power(kernel.along(axis, d) / peak, fill.power.into());
            }
        }
        Self { factors, count }
    }

    fn all(&self) -> &[f64] {
        self.factors.get(..self.count).unwrap_or(&self.factors)
    }
}

/// Fills the table of a scale.
pub(super) fn fill_table(
    head: Option<&Head>,
    fill: &JointFill,
    filters: &Filters,
    kernel: &FilterKernel,
    layout: &TableLayout,
    table: &mut [i32],
) {
    let (x, y) = (Factors::new(head, fill, kernel, Axis::X), Factors::new(head, fill, kernel, Axis::Y));
    let separate = filters.combine == Combine::Separate;
    let over_space = if separate { kernel.time_over_space() } else { 1.0 };
    let time_peak = kernel.along(Axis::Time, 0);
    table.fill(0);
    let row_len = layout.kernel.row_len().max(1);
    for d in 0..layout.distances {
        let factor = signed_power(kernel.along(Axis::Time, d) / time_peak, fill.time_power.into());
        if factor.abs() < LEAST_TIME_FACTOR {
            continue;
        }
        let factor = if d == 0 { factor } else { factor * over_space };
        let rows = table.chunks_exact_mut(row_len).skip(d).step_by(layout.distances.max(1));
        for ((j, y), row) in y.all().iter().enumerate().zip(rows) {
            for ((i, x), to) in x.all().iter().enumerate().zip(row.iter_mut().skip(WINDOW)) {
                if !separate || d == 0 || (i, j) == layout.kernel.centre() {
                    *to = libm::round(PEAK * (x * y) * factor) as i32;
                }
            }
        }
    }
}
