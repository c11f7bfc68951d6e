//! Masks of vectors, each pixel a sample of 1 to 4 components: the pair loss for given filters, and the errors of half-spaces.

use super::decibels;
use crate::error::{Error, length, number};
use crate::filters::{Axis, FilterKernel, Filters};
use crate::shape::Shape;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Half-spaces of [`half_space_errors`].
pub const HALF_SPACES: u32 = 256;

/// Number of blurs of [`half_space_errors`].
pub const HALF_SPACE_SIGMA_COUNT: usize = 3;

/// Standard deviations of the blurs of [`half_space_errors`], pixels.
pub const HALF_SPACE_SIGMAS: [f64; HALF_SPACE_SIGMA_COUNT] = [0.7, 1.0, 1.5];

/// Checks a mask of vectors: a shape of one channel, 1 to 4 components, values that are finite.
fn check(values: &[f32], components: usize, shape: Shape) -> Result<(), Error> {
    shape.check()?;
    if shape.channels != 1 {
        return Err(Error::Layers { layers: shape.layers, channels: shape.channels });
    }
    number("components of a sample", components as f32, 1.0, 4.0, "from 1 to 4")?;
    length("values of the mask", shape.elements() * components, values.len())?;
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::Number { what: "a value of the mask", value: *value, range: "finite" }),
        None => Ok(()),
    }
}

/// Elements of scratch that [`vector_pair_loss`] needs.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`].
pub const fn vector_pair_loss_scratch_len(shape: Shape) -> Result<usize, Error> {
    match shape.check() {
        Ok(()) => Ok(shape.width as usize + shape.height as usize + shape.layers as usize),
        Err(error) => Err(error),
    }
}

/// Computes the pair loss of a mask of vectors for given filters, dB relative to white noise: lower is better.
///
/// ```text
/// L = 10·log10((ΣK·d̄ − 1/N·Σ_ij K(i−j)·|x_i − x_j|) / (K(0)·d̄))
/// ```
///
/// K is the [`FilterKernel`] of the filters on the torus of the mask, and d̄ the mean distance over all ordered pairs of pixels of the first
/// layer: each layer holds the same samples. L is the squared error that the filters leave of the patterns of all half-spaces. Cost: one pass
/// over the mask for each offset where K is not 0, and one over the pairs of a layer.
///
/// `values` are in the order layer, row, column, component. NaN if all samples are equal.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`], [`Error::Length`]; [`Error::Number`] for components, values and filters that are out of range, and
/// for filters that wrap to nothing around the mask.
pub fn vector_pair_loss(
    values: &[f32],
    components: usize,
    shape: Shape,
    filters: &Filters,
    scratch: &mut [f64],
) -> Result<f64, Error> {
    check(values, components, shape)?;
    filters.check()?;
    let bad = Error::Length { what: "scratch", needed: vector_pair_loss_scratch_len(shape)?, got: scratch.len() };
    let (width, height, layers) = (shape.width as usize, shape.height as usize, shape.layers as usize);
    let kernel = FilterKernel::new(filters, shape);
    let (x, rest) = scratch.split_at_mut_checked(width).ok_or(bad)?;
    let (y, rest) = rest.split_at_mut_checked(height).ok_or(bad)?;
    let time = rest.get_mut(..layers).ok_or(bad)?;
    for (axis, table) in [(Axis::X, &mut *x), (Axis::Y, &mut *y), (Axis::Time, &mut *time)] {
        for (offset, to) in table.iter_mut().enumerate() {
            *to = kernel.along(axis, offset);
        }
    }
    let (sum, centre) = (kernel.sum(), kernel.centre());
    if !(centre > 0.0 && sum.is_finite()) {
        return Err(Error::Number { what: "the kernel of the filters at 0", value: centre as f32, range: "above 0" });
    }
    let samples = Samples { values, components, shape };
    let pixels = shape.pixels();
    let mut mean = 0.0;
    for i in 0..pixels {
        let own = samples.at(i);
        // both orders of a pair
        mean += 2.0 * (0..i).map(|j| distance(own, samples.at(j))).sum::<f64>();
    }
    mean /= (pixels * pixels).max(1) as f64;
    let mut pairs = 0.0;
    for (d, time) in time.iter().take(layers / 2 + 1).enumerate() {
        // the layers at d and at −d have the same sum
        let both = if d == 0 || 2 * d == layers { 1.0 } else { 2.0 };
        for (dy, y) in y.iter().enumerate() {
            for (dx, x) in x.iter().enumerate() {
                let near = dx == 0 && dy == 0;
                let weight = kernel.combined((x * y, near), (*time, d == 0));
                if weight != 0.0 && !(near && d == 0) {
                    pairs += both * weight * samples.differences([dx, dy, d]);
                }
            }
        }
    }
    let white = centre * mean;
    Ok(if white > 0.0 { decibels((sum * mean - pairs / shape.elements() as f64) / white) } else { f64::NAN })
}

#[derive(Clone, Copy)]
struct Samples<'a> {
    values: &'a [f32],
    components: usize,
    shape: Shape,
}

impl<'a> Samples<'a> {
    fn at(&self, index: usize) -> &'a [f32] {
        let first = index * self.components;
        self.values.get(first..first + self.components).unwrap_or_default()
    }

    /// `Σ_i |x_i − x_{i+d}|` over the mask.
    fn differences(&self, [dx, dy, d]: [usize; 3]) -> f64 {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let (height, layers) = (height.max(1), (self.shape.layers as usize).max(1));
        let mut sum = 0.0;
        for row in 0..layers * height {
            let (layer, y) = (row / height, row % height);
            let other = (layer + d) % layers * height + (y + dy) % height;
            for x in 0..width {
                let to = if x + dx < width { x + dx } else { x + dx - width };
                sum += distance(self.at(row * width + x), self.at(other * width + to));
            }
        }
        sum
    }
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let mut square = 0.0;
    for (a, b) in a.iter().zip(b) {
        let difference = f64::from(*a) - f64::from(*b);
        square += difference * difference;
    }
    libm::sqrt(square)
}

/// A half of a space: the samples x with `normal·x < offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfSpace {
    /// Its normal; components that samples lack are not read.
    pub normal: [f64; 4],
    /// Where it ends along the normal.
    pub offset: f64,
}

/// Variances of a blurred pattern, for each of [`HALF_SPACE_SIGMAS`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HalfSpacePower {
    /// Of the mask's pattern.
    pub mask: f64,
    /// Expected of the same samples in a random order.
    pub white: f64,
}

/// Elements of scratch that [`half_space_errors`] needs: about two per pixel.
///
/// # Errors
/// [`Error::Size`], [`Error::NotFlat`].
pub const fn half_space_scratch_len(shape: Shape) -> Result<usize, Error> {
    match super::check(shape) {
        Ok(()) => Ok(2 * shape.pixels() + shape.width as usize + shape.height as usize),
        Err(error) => Err(error),
    }
}

/// Computes the variances of the pattern of one half-space, blurred by Gaussians.
///
/// ```text
/// mask    variance over pixels of h * [normal·x < offset]                 h: the Gaussian up to 4 σ on the torus, sum 1
/// white   g·(1 − g)·(Σh² − 1/n)·n/(n − 1)                                g: part of the samples in the half-space, n pixels
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::NotFlat`], [`Error::Length`], [`Error::Number`].
pub fn half_space_powers(
    values: &[f32],
    components: usize,
    shape: Shape,
    half: HalfSpace,
    scratch: &mut [f64],
) -> Result<[HalfSpacePower; HALF_SPACE_SIGMA_COUNT], Error> {
    let bad = Error::Length { what: "scratch", needed: half_space_scratch_len(shape)?, got: scratch.len() };
    check(values, components, shape)?;
    let (width, pixels) = ((shape.width as usize).max(1), shape.pixels());
    let (pattern, rest) = scratch.split_at_mut_checked(pixels).ok_or(bad)?;
    let (rows, rest) = rest.split_at_mut_checked(pixels).ok_or(bad)?;
    let (x, rest) = rest.split_at_mut_checked(width).ok_or(bad)?;
    let y = rest.get_mut(..shape.height as usize).ok_or(bad)?;
    let mut inside = 0.0;
    for (to, sample) in pattern.iter_mut().zip(values.chunks_exact(components)) {
        let along: f64 = sample.iter().zip(half.normal).map(|(value, normal)| f64::from(*value) * normal).sum();
        *to = f64::from(u8::from(along < half.offset));
        inside += *to;
    }
    let n = pixels as f64;
    let part = inside / n;
    let mut powers = [HalfSpacePower::default(); HALF_SPACE_SIGMA_COUNT];
    for (power, sigma) in powers.iter_mut().zip(HALF_SPACE_SIGMAS) {
        let squares = gaussian(sigma, x) * gaussian(sigma, y);
        for (to, row) in rows.chunks_exact_mut(width).zip(pattern.chunks_exact(width)) {
            blur(to, x, |i| row.get(i).copied().unwrap_or_default());
        }
        let mut variance = 0.0;
        for column in 0..width {
            for i in 0..y.len() {
                let at = |row: usize| rows.get(row * width + column).copied().unwrap_or_default();
                let value = weighted(y, i, at) - part;
                variance += value * value;
            }
        }
        power.mask = variance / n;
        power.white = part * (1.0 - part) * (squares - 1.0 / n) * n / (n - 1.0);
    }
    Ok(powers)
}

/// Fills a circle with the taps of a Gaussian by their offset, sum 1; returns the sum of their squares.
fn gaussian(sigma: f64, circle: &mut [f64]) -> f64 {
    circle.fill(0.0);
    let (radius, side) = (libm::ceil(4.0 * sigma) as usize, circle.len().max(1));
    let mut sum = 0.0;
    for d in 0..=radius {
        let weight = libm::exp(-((d * d) as f64) / (2.0 * sigma * sigma));
        for offset in [d % side, (side - d % side) % side] {
            if let Some(to) = circle.get_mut(offset) {
                // the centre is both
                let weight = if d == 0 { 0.5 * weight } else { weight };
                *to += weight;
                sum += weight;
            }
        }
    }
    let mut squares = 0.0;
    for to in circle {
        *to /= sum;
        squares += *to * *to;
    }
    squares
}

/// `Σ_d taps(d)·at(i + d)` on a circle.
fn weighted(taps: &[f64], i: usize, at: impl Fn(usize) -> f64) -> f64 {
    let side = taps.len();
    let mut sum = 0.0;
    for (d, tap) in taps.iter().enumerate().filter(|(_, tap)| **tap != 0.0) {
        sum += tap * at(if i + d < side { i + d } else { i + d - side });
    }
    sum
}

fn blur(to: &mut [f64], taps: &[f64], at: impl Fn(usize) -> f64) {
    for (i, to) in to.iter_mut().enumerate() {
        *to = weighted(taps, i, &at);
    }
}

/// Computes the errors of 256 random half-spaces, dB relative to the same samples in a random order, for each of [`HALF_SPACE_SIGMAS`].
///
/// The test of FAST's vector textures: normals uniform on the sphere. Of directions, half-spaces end at the origin. Else at offsets uniform
/// in ±√C half widths around the middle, C components; normals are in half widths of each component too. Lower is better; NaN if no
/// half-space divides the samples.
///
/// # Errors
/// As [`half_space_powers`].
pub fn half_space_errors(
    values: &[f32],
    components: usize,
    shape: Shape,
    directions: bool,
    scratch: &mut [f64],
) -> Result<[f64; HALF_SPACE_SIGMA_COUNT], Error> {
    half_space_scratch_len(shape)?;
    check(values, components, shape)?;
    let (mut middles, mut halves) = ([0.0; 4], [1.0; 4]);
    if !directions {
        for (c, (middle, half)) in middles.iter_mut().zip(&mut halves).enumerate().take(components) {
            let column = || values.iter().skip(c).step_by(components).map(|value| f64::from(*value));
            let (low, high) = (column().fold(f64::MAX, f64::min), column().fold(f64::MIN, f64::max));
            *middle = 0.5 * (low + high);
            *half = (0.5 * (high - low)).max(1e-30);
        }
    }
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(0);
    // in (−1, 1)
    let mut symmetric = || (f64::from(rng.next_u32()) + 0.5) / 2_147_483_648.0 - 1.0;
    let mut sums = [HalfSpacePower::default(); HALF_SPACE_SIGMA_COUNT];
    for _ in 0..HALF_SPACES {
        let mut half = HalfSpace { normal: [0.0; 4], offset: 0.0 };
        loop {
            for component in half.normal.iter_mut().take(components) {
                *component = symmetric();
            }
            let square: f64 = half.normal.iter().map(|component| component * component).sum();
            if square <= 1.0 && square > 1e-4 {
                let length = libm::sqrt(square);
                half.normal = half.normal.map(|component| component / length);
                break;
            }
        }
        if !directions {
            half.offset = symmetric() * libm::sqrt(components as f64);
        }
        for (component, (middle, width)) in half.normal.iter_mut().zip(middles.iter().zip(halves)) {
            *component /= width;
            half.offset += *component * middle;
        }
        let powers = half_space_powers(values, components, shape, half, scratch)?;
        for (sum, power) in sums.iter_mut().zip(powers) {
            sum.mask += power.mask;
            sum.white += power.white;
        }
    }
    Ok(sums.map(|sum| if sum.white > 0.0 { decibels(sum.mask / sum.white) } else { f64::NAN }))
}
