//! Error to the eye of a volume's patterns, in space, over time, and of accumulated frames: all thresholds together.

use super::volume::{Channel, Stamp, squares};
use super::{decibels, threshold};
use crate::error::Error;
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};

/// Blurs in space: Gaussians of 1, 1.5 and 3 pixels.
pub const SPACE_SIGMA_COUNT: usize = 3;

/// Blurs over time: Gaussians of 0.7, 1, 1.5 and 2.5 frames.
pub const TIME_SIGMA_COUNT: usize = 4;

/// Accumulations of frames, each with a blur in space.
pub const ACCUMULATION_COUNT: usize = 4;

/// Standard deviations of the Gaussian blurs in space, pixels.
pub const SPACE_SIGMAS: [f64; SPACE_SIGMA_COUNT] = [1.0, 1.5, 3.0];

/// Standard deviations of the Gaussian blurs over time, frames.
pub const TIME_SIGMAS: [f64; TIME_SIGMA_COUNT] = [0.7, 1.0, 1.5, 2.5];

/// Accumulations, as of temporal anti-aliasing (TAA): weight α of a new frame; standard deviation of the Gaussian blur in space, pixels.
pub const ACCUMULATIONS: [[f64; 2]; ACCUMULATION_COUNT] = [[0.2, 1.0], [0.1, 1.0], [0.2, 1.5], [0.1, 1.5]];

/// Thresholds are k/64, k = 1 … 63.
const STEPS: u32 = 64;

/// Error to the eye of one channel of a volume, dB relative to white noise of the same variance: lower is better.
///
/// Each figure is the mean over the thresholds k/64, weighted by g(1 − g): the middle greys count most, because their patterns have the
/// most variance. NaN where the mask has too few layers, or one colour only.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct SpaceTime {
    /// Each layer by itself, blurred in space by 1, 1.5 and 3 pixels: mean over the layers.
    pub space: [f64; SPACE_SIGMA_COUNT],
    /// Each pixel by itself, blurred over time by 0.7, 1, 1.5 and 2.5 frames: mean over the pixels.
    pub time: [f64; TIME_SIGMA_COUNT],
    /// Frames accumulated exponentially, then blurred in space: α and pixels 0.2, 1; 0.1, 1; 0.2, 1.5; 0.1, 1.5.
    pub accumulated: [f64; ACCUMULATION_COUNT],
}

/// Elements of scratch that [`space_time`] and [`summed_error`] need: about one per element of a channel.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`].
pub const fn space_time_scratch_len(shape: Shape) -> Result<usize, Error> {
    if let Err(error) = shape.check() {
        return Err(error);
    }
    // the planes, one plane that accumulates, the widest filter
    Ok(shape.pixels() * (shape.layers as usize + 1) + Stamp::scratch_len(shape, taps(SPACE_SIGMAS[2])))
}

/// Computes the errors of one channel of a volume, in space and over time. Layers follow each other in a circle.
///
/// With the pattern `b_g` = [rank < g·n] at g = k/64, D its transform over the axes that are filtered (space: each layer; time: each
/// pixel; accumulated: all three), divided by the root of their number of elements, and H the filter:
///
/// ```text
/// 10·log10( Σ_g Σ_f |H(f)|²·|D_g(f)|² / (Σ_g g(1 − g) · Σ_f |H(f)|²) )
/// space:       |H|² = exp(−4π²σ²(u² + v²)), without u = v = 0
/// time:        |H|² = exp(−4π²σ²w²), without w = 0
/// accumulated: |H|² = α²/(1 − 2(1 − α)·cos 2πw + (1 − α)²) · exp(−4π²σ²(u² + v²)), without u = v = 0
/// ```
///
/// u, v in cycles/pixel, w in cycles/frame. The filters without their mean leave the variance over pixels of each layer, or over the
/// frames of each pixel. g is the share of set pixels, where rounding or ties make it differ from k/64. In space the taps are
/// cut at 5 standard deviations, at least 8 pixels: the error is below 0.001 dB. Cost: about a second for 128x128x64.
///
/// `ranks` are plane by plane, as those of a [`crate::Mask`]; `scratch` has at least [`space_time_scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`], [`Error::Length`], [`Error::Plane`] if there is no such channel.
pub fn space_time(ranks: &[u32], shape: Shape, channel: u32, scratch: &mut [f64]) -> Result<SpaceTime, Error> {
    let channel = Channel::new(ranks, shape, channel)?;
    let mut figures = SpaceTime {
        space: [f64::NAN; SPACE_SIGMA_COUNT],
        time: [f64::NAN; TIME_SIGMA_COUNT],
        accumulated: [f64::NAN; ACCUMULATION_COUNT],
    };
    let variance = variance(channel, shape);
    figures.time = over_time(channel, shape, variance, scratch)?;
    let layers = f64::from(shape.layers);
    for (sigma, figure) in SPACE_SIGMAS.into_iter().zip(&mut figures.space) {
        let mut accumulated = [0.0; ACCUMULATION_COUNT];
        let blurred = Blurred { channels: [Some(channel), None, None, None], sigma };
        let sum = blurred.of_all_thresholds(shape, scratch, &mut |fields, grey, average| {
            for ([alpha, wanted], sum) in ACCUMULATIONS.into_iter().zip(&mut accumulated) {
                if wanted == sigma {
                    *sum += accumulate(fields, grey, average, alpha);
                }
            }
        })?;
        let white = variance * weights(shape, sigma);
        *figure = decibels(sum / (layers * white));
        for (([alpha, wanted], sum), figure) in ACCUMULATIONS.into_iter().zip(accumulated).zip(&mut figures.accumulated)
        {
            if wanted == sigma {
                *figure = decibels(sum / (white * accumulation_weights(shape, alpha)));
            }
        }
    }
    Ok(figures)
}

/// Computes the error of the sum of all channels where they have equal levels, as in a neutral grey: at each of [`SPACE_SIGMAS`], dB.
///
/// As [`SpaceTime::space`], of the sum of the channels' patterns; 0 is channels of independent white noise. Independent masks have the
/// mean of their own errors.
///
/// # Errors
/// As [`space_time`].
pub fn summed_error(ranks: &[u32], shape: Shape, scratch: &mut [f64]) -> Result<[f64; SPACE_SIGMA_COUNT], Error> {
    let mut channels = [None; crate::shape::MAX_CHANNELS as usize];
    let mut variances = 0.0;
    for (index, to) in (0..shape.channels).zip(&mut channels) {
        let channel = Channel::new(ranks, shape, index)?;
        variances += variance(channel, shape);
        *to = Some(channel);
    }
    let mut figures = [f64::NAN; SPACE_SIGMA_COUNT];
    for (sigma, figure) in SPACE_SIGMAS.into_iter().zip(&mut figures) {
        let sum = Blurred { channels, sigma }.of_all_thresholds(shape, scratch, &mut |_, _, _| ())?;
        *figure = decibels(sum / (f64::from(shape.layers) * variances * weights(shape, sigma)));
    }
    Ok(figures)
}

/// Sum over the thresholds of g(1 − g); NaN if it is 0.
fn variance(channel: Channel<'_>, shape: Shape) -> f64 {
    let densities = (1..STEPS).map(|k| channel.density(at(shape, k)));
    let sum: f64 = densities.map(|density| density * (1.0 - density)).sum();
    if sum > 0.0 { sum } else { f64::NAN }
}

/// Threshold k/64.
fn at(shape: Shape, k: u32) -> u32 {
    threshold(shape, f64::from(k) / f64::from(STEPS))
}

/// Taps of a Gaussian along an axis.
const fn taps(sigma: f64) -> usize {
    let reach = if sigma > 1.6 { 5.0 * sigma } else { 8.0 };
    2 * reach as usize + 1
}

/// `exp(−2π²σ²f²)` of bin i of so many.
fn transfer(sigma: f64, i: usize, side: usize) -> f64 {
    debug_assert!(i < side, "a bin of the axis");
    let f = i.min(side.saturating_sub(i)) as f64 / side as f64;
    libm::exp(-2.0 * core::f64::consts::PI * core::f64::consts::PI * sigma * sigma * f * f)
}

/// `cos(2π·i·j/side)`, reduced in integers.
fn cosine(i: usize, j: usize, side: usize) -> f64 {
    libm::cos(2.0 * core::f64::consts::PI * (i * j % side.max(1)) as f64 / side as f64)
}

/// `Σ_f |H(f)|²` over the bins of a plane without u = v = 0.
fn weights(shape: Shape, sigma: f64) -> f64 {
    let axis = |side: usize| {
        let squares = (0..side).map(|i| transfer(sigma, i, side) * transfer(sigma, i, side));
        squares.sum::<f64>()
    };
    axis(shape.width as usize) * axis(shape.height as usize) - 1.0
}

/// `Σ_w |H(w)|²` of the exponential average around the circle of layers: the squares of `α(1 − α)^k/(1 − (1 − α)^L)`, L times.
fn accumulation_weights(shape: Shape, alpha: f64) -> f64 {
    let keep = 1.0 - alpha;
    let around = libm::pow(keep, f64::from(shape.layers));
    let squares = alpha * alpha * (1.0 - around * around) / ((1.0 - keep * keep) * (1.0 - around) * (1.0 - around));
    f64::from(shape.layers) * squares
}

/// Sum over frames of the squared deviations of the exponential average, in its steady state around the circle of layers.
fn accumulate(fields: &[f64], grey: f64, average: &mut [f64], alpha: f64) -> f64 {
    let planes = fields.chunks_exact(average.len().max(1));
    average.fill(0.0);
    let mut around = 1.0;
    for field in planes.clone() {
        around *= 1.0 - alpha;
        for (average, m) in average.iter_mut().zip(field) {
            *average = (1.0 - alpha) * *average + alpha * m;
        }
    }
    for average in &mut *average {
        *average /= 1.0 - around;
    }
    planes.map(|field| squares(average, grey, field, |average, m| (1.0 - alpha) * average + alpha * m)).sum()
}

/// Takes the planes of one threshold, a value near their mean, and a plane of work space.
type Visit<'a> = dyn FnMut(&[f64], f64, &mut [f64]) + 'a;

/// The sum of some channels, blurred in space.
struct Blurred<'a> {
    channels: [Option<Channel<'a>>; crate::shape::MAX_CHANNELS as usize],
    sigma: f64,
}

impl Blurred<'_> {
    /// Sum of the squared deviations over the pixels of all layers and over all thresholds.
    ///
    /// Calls `visit` at each threshold.
    fn of_all_thresholds(&self, shape: Shape, scratch: &mut [f64], visit: &mut Visit<'_>) -> Result<f64, Error> {
        let pixels = shape.pixels();
        let bad = Error::Length { what: "scratch", needed: space_time_scratch_len(shape)?, got: scratch.len() };
        let (fields, rest) = scratch.split_at_mut_checked(pixels * shape.layers as usize).ok_or(bad)?;
        let (average, rest) = rest.split_at_mut_checked(pixels).ok_or(bad)?;
        let taps = taps(self.sigma);
        let tap = |i: usize, side: usize| {
            // the transform of all bins: the taps around the circle if it is shorter than the filter
            let distance = if taps >= side { i } else { i.abs_diff(taps / 2) };
            let bins = (0..side).map(|u| transfer(self.sigma, u, side) * cosine(u, distance, side));
            if i < side { bins.sum::<f64>() / side as f64 } else { 0.0 }
        };
        let stamp = Stamp::new(shape, taps, &tap, rest)?;
        fields.fill(0.0);
        let (mut before, mut sum) = (0, 0.0);
        for k in 1..STEPS {
            let below = at(shape, k);
            let mut mean = 0.0;
            for channel in self.channels.iter().flatten() {
                mean += f64::from(k) / f64::from(STEPS);
                for (plane, field) in channel.planes().zip(fields.chunks_exact_mut(pixels.max(1))) {
                    stamp.add(plane, before, below, field);
                }
            }
            before = below;
            for field in fields.chunks_exact(pixels.max(1)) {
                sum += squares(average, mean, field, |_, m| m);
            }
            visit(fields, mean, average);
        }
        Ok(sum)
    }
}

/// [`SpaceTime::time`] by pairs of layers: with the number q of thresholds at or below a rank, a pixel's patterns at layers s and t
/// differ at `|q_s − q_t|` thresholds, and with K the autocorrelation of the filter without its mean, `ΣK` = 0,
///
/// ```text
/// Σ_g Σ_w |H|²·|D_g|² = −½ Σ_st K(s − t)·|q_s − q_t|
/// ```
fn over_time(
    channel: Channel<'_>,
    shape: Shape,
    variance: f64,
    scratch: &mut [f64],
) -> Result<[f64; TIME_SIGMA_COUNT], Error> {
    let (pixels, layers) = (shape.pixels(), shape.layers as usize);
    let bad = Error::Length { what: "scratch", needed: space_time_scratch_len(shape)?, got: scratch.len() };
    let counts = scratch.get_mut(..pixels * layers).ok_or(bad)?;
    counts.fill(0.0);
    for k in 1..STEPS {
        let below = at(shape, k);
        for (plane, counts) in channel.planes().zip(counts.chunks_exact_mut(pixels.max(1))) {
            for (count, rank) in counts.iter_mut().zip(plane) {
                *count += f64::from(u8::from(*rank >= below));
            }
        }
    }
    let (mut pairs, mut filters) = ([0.0; TIME_SIGMA_COUNT], [0.0; TIME_SIGMA_COUNT]);
    let planes = || counts.chunks_exact(pixels.max(1));
    for d in 1..=layers / 2 {
        // whole numbers: exact in any order
        let others = planes().cycle().skip(d).take(layers);
        let sum: f64 = planes().zip(others).map(|(a, b)| differences(a, b)).sum();
        let both = if 2 * d == layers { 1.0 } else { 2.0 };
        for (sigma, pairs) in TIME_SIGMAS.into_iter().zip(&mut pairs) {
            let square = |w| transfer(sigma, w, layers) * transfer(sigma, w, layers);
            let bins = (1..layers).map(|w| square(w) * cosine(w, d, layers));
            *pairs += both * bins.sum::<f64>() / layers as f64 * sum;
        }
    }
    for (sigma, filter) in TIME_SIGMAS.into_iter().zip(&mut filters) {
        *filter = (1..layers).map(|w| transfer(sigma, w, layers) * transfer(sigma, w, layers)).sum();
    }
    let mut figures = [f64::NAN; TIME_SIGMA_COUNT];
    for ((figure, pairs), filter) in figures.iter_mut().zip(pairs).zip(filters) {
        let white = variance * filter * pixels as f64;
        if white > 0.0 {
            *figure = decibels(-0.5 * pairs / white);
        }
    }
    Ok(figures)
}

/// Sum of the differences of whole numbers.
fn differences(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += libm::fabs(a - b);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| libm::fabs(a - b)).sum();
    sums.iter().sum::<f64>() + rest
}
