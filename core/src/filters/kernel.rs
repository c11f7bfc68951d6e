//! Kernels of filters: the autocorrelation of what they do, on the torus.
//!
//! ```text
//! A_h(d) = Σ_i h_i·h_(i+d)                       autocorrelation of a filter; Kx, Ky, Kt are its sums over the wraps of an axis
//! K = Kx(x)·Ky(y)·Kt(d)                          product
//! K = w·Kx(x)·Ky(y)·[d = 0] + (1 − w)·Kt(d)·[x = y = 0]      separate
//! n_eff = ΣK/K(0)                                number of elements that a filtered value is a mean of
//! ```
//!
//! The exponential average has weights α·q^j, q = 1 − α, so `A(d) = c·q^d` with `c = α/(2 − α)`. After a start m layers ago the weights
//! are `α·q^j` for j < m − 1 and `q^(m−1)` for the first layer; m is geometric, `P(m) = β·p^(m−1)`, p = 1 − β. The mean over m is
//!
//! ```text
//! A(0) = c + β·(1 − c)/(1 − p·q²)        A(d) = (p·q)^d·(c + β·c·q/(1 − p·q²))      d ≥ 1
//! ```
//!
//! All in f64, sums in the order of the offsets.

use super::{Combine, Filters, SpaceFilter, SpaceKind, Taps, TimeFilter, TimeKind};
use crate::shape::Shape;

/// Most weights of a filter: a Gaussian of 8 layers.
const MOST_WEIGHTS: usize = 65;

/// Weights of a filter along one axis.
struct Weights {
    weights: [f64; MOST_WEIGHTS],
    count: usize,
}

impl Weights {
    fn new(count: usize, weight: impl Fn(usize) -> f64) -> Self {
        debug_assert!(count <= MOST_WEIGHTS, "Filters::check bounds every filter");
        let mut weights = [0.0; MOST_WEIGHTS];
        for (i, to) in weights.iter_mut().enumerate().take(count) {
            *to = weight(i);
        }
        Self { weights, count: count.min(MOST_WEIGHTS) }
    }

    /// The same weights with the sum 1.
    fn normalized(mut self) -> Self {
        let sum: f64 = self.weights.iter().sum();
        debug_assert!(sum > 0.0, "no filter of this module sums to 0");
        for weight in &mut self.weights {
            *weight /= sum;
        }
        self
    }

    fn mean(size: u32) -> Self {
        Self::new(size as usize, |_| 1.0).normalized()
    }

    /// The integral of a Gaussian over each pixel, in units of `1/(1 − the part that is cut off)`.
    fn gaussian(sigma: f32) -> Self {
        let scale = f64::from(sigma) * core::f64::consts::SQRT_2;
        let radius = libm::floor(4.0 * f64::from(sigma) + 0.5);
        let weight = |i: usize| {
            let d = (i as f64 - radius).abs();
            libm::erfc((d - 0.5) / scale) - libm::erfc((d + 0.5) / scale)
        };
        Self::new(2 * radius as usize + 1, weight).normalized()
    }

    fn binomial(size: u32) -> Self {
        let mut all = Self::new(1, |_| 1.0);
        for _ in 0..(size as usize).min(MOST_WEIGHTS - 1) {
            let mut before = 0.0;
            for weight in &mut all.weights {
                let own = *weight;
                *weight = 0.5 * (before + own);
                before = own;
            }
            all.count += 1;
        }
        all
    }

    fn taps(taps: &Taps) -> Self {
        let weight = |i: usize| taps.weights.get(i).copied().unwrap_or_default().into();
        Self::new((taps.count as usize).min(taps.weights.len()), weight)
    }
}

/// Autocorrelation of a filter along one axis: `line[|d|] + amplitude·ratio^|d|`.
#[derive(Clone, Copy, Debug)]
struct Autocorrelation {
    line: [f64; MOST_WEIGHTS],
    count: usize,
    amplitude: f64,
    ratio: f64,
}

impl Autocorrelation {
    fn of(filter: &Weights) -> Self {
        let mut line = [0.0; MOST_WEIGHTS];
        for (d, to) in line.iter_mut().enumerate().take(filter.count) {
            *to = filter.weights.iter().zip(filter.weights.iter().skip(d)).map(|(a, b)| a * b).sum();
        }
        Self { line, count: filter.count, amplitude: 0.0, ratio: 0.0 }
    }

    /// `peak` at 0, `amplitude·ratio^d` elsewhere.
    fn exponential(peak: f64, amplitude: f64, ratio: f64) -> Self {
        let mut line = [0.0; MOST_WEIGHTS];
        line[0] = peak - amplitude;
        Self { line, count: 1, amplitude, ratio }
    }

    fn space(filter: &SpaceFilter) -> Self {
        Self::of(&match filter.kind {
            SpaceKind::Gaussian => Weights::gaussian(filter.sigma),
            SpaceKind::Box => Weights::mean(filter.size),
            SpaceKind::Binomial => Weights::binomial(filter.size),
            SpaceKind::Taps => Weights::taps(&filter.taps),
        })
    }

    fn time(filter: &TimeFilter) -> Self {
        let alpha = f64::from(filter.alpha);
        let (c, q) = (alpha / (2.0 - alpha), 1.0 - alpha);
        Self::of(&match filter.kind {
            TimeKind::None => Weights::mean(1),
            TimeKind::Ema => return Self::exponential(c, c, q),
            TimeKind::Exponential => {
                let beta = f64::from(filter.beta);
                let p = 1.0 - beta;
                let starts = beta / (1.0 - p * q * q);
                return Self::exponential(c + starts * (1.0 - c), c + starts * c * q, p * q);
            }
            TimeKind::Gaussian => Weights::gaussian(filter.sigma),
            TimeKind::Box => Weights::mean(filter.size),
            TimeKind::Taps => Weights::taps(&filter.taps),
        })
    }

    /// The sum over all offsets that fall on `d`, `0 ≤ d < side`, on a circle.
    fn wrapped(&self, d: usize, side: usize) -> f64 {
        debug_assert!(d < side, "an offset on the circle");
        let side = side.max(1);
        let line = self.line.get(..self.count).unwrap_or(&self.line);
        let behind = side.saturating_sub(d);
        let ahead: f64 = line.iter().skip(d).step_by(side).sum();
        let mut sum = ahead + line.iter().skip(behind).step_by(side).sum::<f64>();
        if self.amplitude != 0.0 {
            let power = |d: usize| libm::pow(self.ratio, d as f64);
            sum += self.amplitude * (power(d) + power(behind)) / (1.0 - power(side));
        }
        sum
    }

    /// The sum over a circle.
    fn sum(&self, side: usize) -> f64 {
        (0..side).map(|d| self.wrapped(d, side)).sum()
    }

    /// The sum of magnitudes over a circle.
    fn absolute_sum(&self, side: usize) -> f64 {
        (0..side).map(|d| self.wrapped(d, side).abs()).sum()
    }
}

/// Axis of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Along a row.
    X,
    /// Along a column.
    Y,
    /// Along layers.
    Time,
}

/// Kernel K of filters on the torus of a shape: the weight of pairs of elements in the filtered error.
///
/// Only elements of one channel are pairs.
#[derive(Clone, Copy, Debug)]
pub struct FilterKernel {
    space: Autocorrelation,
    time: Autocorrelation,
    shape: Shape,
    combine: Combine,
    weight: f64,
}

impl FilterKernel {
    /// The kernel of filters that pass [`Filters::check`], on a shape that passes [`Shape::check`].
    #[must_use]
    pub fn new(filters: &Filters, shape: Shape) -> Self {
        Self {
            space: Autocorrelation::space(&filters.space),
            time: Autocorrelation::time(&filters.time),
            shape,
            combine: filters.combine,
            weight: f64::from(filters.weight),
        }
    }

    /// Number of offsets along an axis.
    pub(crate) const fn side(&self, axis: Axis) -> usize {
        match axis {
            Axis::X => self.shape.width as usize,
            Axis::Y => self.shape.height as usize,
            Axis::Time => self.shape.layers as usize,
        }
    }

    /// Kx, Ky or Kt at an offset, `0 ≤ d < side`.
    pub(crate) fn along(&self, axis: Axis, d: usize) -> f64 {
        match axis {
            Axis::X | Axis::Y => self.space.wrapped(d, self.side(axis)),
            Axis::Time => self.time.wrapped(d, self.side(axis)),
        }
    }

    /// Kx or Ky on an endless line, at an offset.
    pub(crate) fn on_a_line(&self, d: usize) -> f64 {
        self.space.line.get(d).copied().unwrap_or_default()
    }

    /// K of parts along the axes: Kx·Ky, whether x = y = 0, Kt, and whether d = 0.
    pub(crate) fn combined(&self, (space, same_pixel): (f64, bool), (time, same_layer): (f64, bool)) -> f64 {
        match self.combine {
            Combine::Product => space * time,
            Combine::Separate => {
                let space = if same_layer { self.weight * space } else { 0.0 };
                let time = if same_pixel { (1.0 - self.weight) * time } else { 0.0 };
                space + time
            }
        }
    }

    /// K at an offset: pixels along x and y, each below its side, and layers.
    #[must_use]
    pub fn at(&self, x: usize, y: usize, layers: usize) -> f64 {
        let space = self.along(Axis::X, x) * self.along(Axis::Y, y);
        self.combined((space, x == 0 && y == 0), (self.along(Axis::Time, layers), layers == 0))
    }

    /// K at the offset 0.
    #[must_use]
    pub fn centre(&self) -> f64 {
        self.at(0, 0, 0)
    }

    /// The sum of K over all offsets.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let [x, y, time] = [(&self.space, Axis::X), (&self.space, Axis::Y), (&self.time, Axis::Time)]
            .map(|(along, axis)| along.sum(self.side(axis)));
        self.combined((x * y, true), (time, true))
    }

    /// The sum of the magnitudes of K along the axes.
    pub(crate) fn absolute_sum(&self) -> f64 {
        let [x, y, time] = [(&self.space, Axis::X), (&self.space, Axis::Y), (&self.time, Axis::Time)]
            .map(|(along, axis)| along.absolute_sum(self.side(axis)));
        self.combined((x * y, true), (time, true))
    }

    /// The largest offset whose part of the peak, to a power, is at least `least`.
    pub(crate) fn radius_of_power(&self, power: f64, least: f64) -> usize {
        let peak = self.on_a_line(0);
        let reaches = |d: &usize| libm::pow((self.on_a_line(*d) / peak).abs(), power) >= least;
        (0..MOST_WEIGHTS).rev().find(reaches).unwrap_or_default()
    }

    /// `(1 − w)·Kt(0)/(w·Kx(0)·Ky(0))`: the temporal part of separate filters, relative to the spatial part.
    pub(crate) fn time_over_space(&self) -> f64 {
        let space = self.along(Axis::X, 0) * self.along(Axis::Y, 0);
        (1.0 - self.weight) * self.along(Axis::Time, 0) / (self.weight * space)
    }
}
