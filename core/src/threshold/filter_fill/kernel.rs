//! Kernel tables of a filter fill: factors along each axis, in f64, then rounded once.

use super::super::torus::{FieldLayout, KernelLayout, WINDOW, WrappedGaussian};
use super::parameters::{FilterFill, MAX_FILTER_RADIUS};
use crate::error::Error;
use crate::filters::{Axis, Combine, FilterKernel, Filters};
use crate::shape::{MAX_LAYERS, Shape};

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

const _: () = assert!(HEADS[0].radius <= MOST_HEAD_RADIUS && HEADS[1].radius <= MOST_HEAD_RADIUS);

/// Upper end of a cell's noise, as a part of the weight of a kernel's centre.
const NOISE: f64 = 0.0008;

/// Least noise, which breaks ties at random.
const LEAST_NOISE: f64 = 4.0;

/// Numbers of 15 bits: a cell has a bit for whether it is taken.
const NUMBERS: f64 = 32_768.0;

/// The cells of a tile that are free spread over less than so many times the weight of a kernel's centre: over 3 with most filters; wide
/// kernels spread with the square root of their sum, from [`WIDE`] on.
const SPREAD: f64 = 8.0;

/// Sum of the magnitudes of a kernel, its centre 1, from which on it is wide.
const WIDE: f64 = 128.0;

/// Least factor in time, as a part of the factor at 0; smaller ones are dropped.
const LEAST_TIME_FACTOR: f64 = 0.002;

/// Least bin of the spectrum of the factors along an axis, as a part of their sum.
const LEAST_BIN: f64 = -0.002;

/// Layout of a table: for each row of the kernel and each distance in time, the columns between zeros, see [`KernelLayout`].
#[derive(Clone, Copy, Debug)]
pub(super) struct TableLayout {
    pub(super) kernel: KernelLayout,
    /// Distances in time: 0 to half of the layers.
    pub(super) distances: usize,
}

impl TableLayout {
    pub(super) const fn new(radius: usize, shape: Shape) -> Self {
        let kernel = KernelLayout::new(radius, &FieldLayout::new(shape));
        Self { kernel, distances: shape.layers as usize / 2 + 1 }
    }

    /// Weights of a row at all distances.
    pub(super) const fn row(&self) -> usize {
        self.kernel.row_len() * self.distances
    }

    pub(super) const fn len(&self) -> usize {
        self.row() * self.kernel.rows
    }

    /// Elements of the table of reaches: one for each row and column.
    pub(super) const fn reaches(&self) -> usize {
        self.kernel.columns * self.kernel.rows
    }
}

/// A number to a power, with the number's sign.
fn signed_power(value: f64, power: f64) -> f64 {
    let size = libm::pow(value.abs(), power);
    if value < 0.0 { -size } else { size }
}

/// Factors of a kernel in time, by the distance in layers.
pub(super) struct TimeFactors {
    factors: [f64; MAX_LAYERS as usize / 2 + 1],
    /// The largest distance with a factor.
    pub(super) reach: usize,
    /// Layers of the mask.
    layers: usize,
}

impl TimeFactors {
    pub(super) fn new(stage: &FilterFill, filters: &Filters, shape: Shape) -> Self {
        let kernel = FilterKernel::new(filters, shape);
        let (peak, layers) = (kernel.along(Axis::Time, 0), shape.layers as usize);
        let over_space = if Self::point(filters) { kernel.time_over_space() } else { 1.0 };
        let mut factors = [0.0; MAX_LAYERS as usize / 2 + 1];
        let mut reach = 0;
        for (d, to) in factors.iter_mut().enumerate().take(layers / 2 + 1) {
            let tent = if stage.tent > 0 { (1.0 - d as f64 / f64::from(stage.tent)).max(0.0) } else { 1.0 };
            let factor = signed_power(kernel.along(Axis::Time, d) / peak, stage.time_power.into()) * tent;
            if factor.abs() >= LEAST_TIME_FACTOR {
                *to = if d == 0 { factor } else { factor * over_space };
                reach = d;
            }
        }
        Self { factors, reach, layers }
    }

    /// Whether a placement reaches other layers at its own pixel alone.
    pub(super) fn point(filters: &Filters) -> bool {
        filters.combine == Combine::Separate
    }

    /// How often a distance occurs on the circle of layers.
    fn times(&self, d: usize) -> f64 {
        if d == 0 || 2 * d == self.layers { 1.0 } else { 2.0 }
    }

    /// Factors at the distances 0 to `reach`.
    fn all(&self) -> &[f64] {
        self.factors.get(..=self.reach).unwrap_or(&self.factors)
    }
}

/// Most factors along an axis in space.
const MOST_FACTORS: usize = 2 * MAX_FILTER_RADIUS as usize + 1;

/// Factors of a kernel along an axis in space; element i is at offset `i − count/2`.
struct SpaceFactors {
    factors: [f64; MOST_FACTORS],
    count: usize,
}

impl SpaceFactors {
    fn new(head: Option<&Head>, stage: &FilterFill, kernel: &FilterKernel, axis: Axis) -> Self {
        let side = kernel.side(axis).max(1);
        let mut factors = [0.0; MOST_FACTORS];
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
            count = (2 * stage.radius as usize + 1).min(side);
            let peak = kernel.along(axis, 0);
            for (i, to) in factors.iter_mut().enumerate().take(count) {
                let d = i.abs_diff(count / 2) % side;
                *to = signed_power(kernel.along(axis, d) / peak, stage.power.into());
            }
        }
        Self { factors, count }
    }

    fn all(&self) -> &[f64] {
        self.factors.get(..self.count).unwrap_or(&self.factors)
    }

    fn size(&self) -> f64 {
        self.all().iter().map(|factor| factor.abs()).sum()
    }
}

/// What a table's weights are scaled by, and with it the noise.
#[derive(Clone, Copy)]
pub(super) struct Scaled {
    /// Sum of all weights that a placement adds.
    pub(super) sum: i32,
    /// Factor of a cell's noise, which is `factor·random byte/256`.
    pub(super) noise: u32,
}

/// Fills the table of a scale, and for each of its rows and columns the number of distances with weights there and farther out.
///
/// Weights are modulo 2¹⁵, in the upper bits.
pub(super) fn fill_table(
    head: Option<&Head>,
    (stage, filters): (&FilterFill, &Filters),
    shape: Shape,
    layout: &TableLayout,
    table: &mut [u16],
    reaches: &mut [u8],
) -> Scaled {
    let time = &TimeFactors::new(stage, filters, shape);
    let kernel = FilterKernel::new(filters, shape);
    let factors = |axis| SpaceFactors::new(head, stage, &kernel, axis);
    let (x, y) = (factors(Axis::X), factors(Axis::Y));
    let space = x.size() * y.size();
    let layers: f64 = time.all().iter().enumerate().map(|(d, factor)| time.times(d) * factor.abs()).sum();
    let point = TimeFactors::point(filters);
    let spread = if point {
        // placements at the same pixel of other layers need not avoid each other
        (SPREAD * libm::sqrt((space / WIDE).max(1.0))).max(2.0 * layers)
    } else {
        SPREAD * libm::sqrt((space * layers / WIDE).max(1.0))
    };
    let peak = NUMBERS / spread;
    table.fill(0);
    reaches.fill(0);
    let mut sum = 0.0;
    let rows = table.chunks_exact_mut(layout.row().max(1)).zip(reaches.chunks_exact_mut(layout.kernel.columns.max(1)));
    for ((j, y), (row, reaches)) in y.all().iter().enumerate().zip(rows) {
        let distances = row.chunks_exact_mut(layout.kernel.row_len().max(1));
        for ((d, time_factor), cells) in time.all().iter().enumerate().zip(distances) {
            let columns = x.all().iter().zip(cells.iter_mut().skip(WINDOW)).zip(reaches.iter_mut());
            for (i, ((x, to), reach)) in columns.enumerate() {
                if !point || d == 0 || (i, j) == layout.kernel.centre() {
                    let weight = libm::round(peak * (x * y) * time_factor);
                    sum += time.times(d) * weight;
                    // the lowest bit of a cell is not the sum's
                    *to = (weight as i32 as u16) << 1;
                    *reach = if *to == 0 { *reach } else { d as u8 + 1 };
                }
            }
        }
        widen(reaches, layout.kernel.centre().0);
    }
    let noise = libm::round(NOISE * peak * f64::from(stage.disorder)).max(LEAST_NOISE);
    Scaled { sum: sum as i32, noise: noise as u32 }
}

/// Turns the number of distances that have weights at each column into that from this column on outwards, away from the centre.
fn widen(reaches: &mut [u8], centre: usize) {
    let Some((left, right)) = reaches.split_at_mut_checked(centre) else { return };
    let mut most = 0;
    for reach in left {
        most = most.max(*reach);
        *reach = most;
    }
    let left = most;
    most = 0;
    for reach in right.iter_mut().rev() {
        most = most.max(*reach);
        *reach = most;
    }
    if let Some(reach) = right.first_mut() {
        *reach = left.max(*reach);
    }
}

/// Whether the factors along each axis have a spectrum without negative bins.
pub(super) fn check(stage: &FilterFill, filters: &Filters, shape: Shape) -> Result<(), Error> {
    let kernel = FilterKernel::new(filters, shape);
    for (axis, what) in [(Axis::X, "along rows"), (Axis::Y, "along columns")] {
        let factors = SpaceFactors::new(None, stage, &kernel, axis);
        let half = factors.count / 2;
        let at = |d: usize| {
            let one = |i: usize| factors.all().get(i).copied().unwrap_or_default();
            if d == 0 { one(half) } else { half.checked_sub(d).map_or(0.0, one) + one(half + d) }
        };
        positive(at, half, kernel.side(axis), what)?;
    }
    let mut time = TimeFactors::new(stage, filters, shape);
    if TimeFactors::point(filters) {
        // the centre is not there to be placed again, so its weight is free
        let most = time.all().iter().skip(1).fold(0.0, |most: f64, factor| most.max(factor.abs()));
        if let Some(first) = time.factors.first_mut()
            && most > 0.0
        {
            *first = kernel.time_over_space();
        }
    }
    positive(|d| time.times(d) * time.all().get(d).copied().unwrap_or_default(), time.reach, time.layers, "in time")
}

/// Whether no bin of a spectrum on a circle is negative: `Σ_d at(d)·cos(2π·d·k/side)`.
fn positive(at: impl Fn(usize) -> f64, reach: usize, side: usize, what: &'static str) -> Result<(), Error> {
    let size: f64 = (0..=reach).map(|d| at(d).abs()).sum();
    let mut least = 0.0_f64;
    for k in 0..=side / 2 {
        let cosine = libm::cos(core::f64::consts::TAU * k as f64 / side.max(1) as f64);
        // cos((d + 1)·θ) = 2·cos θ·cos(d·θ) − cos((d − 1)·θ)
        let (mut before, mut now, mut bin) = (cosine, 1.0, 0.0);
        for d in 0..=reach {
            bin += at(d) * now;
            (before, now) = (now, 2.0 * cosine * now - before);
        }
        least = least.min(bin);
    }
    if least >= LEAST_BIN * size { Ok(()) } else { Err(Error::NotPositive { what, least: (least / size) as f32 }) }
}
