//! How good a mask is, as numbers: any mask of any size from 8x8, in f64, on the caller's scratch. No hot path.
//!
//! All figures are relative to white noise of the same variance: 0 dB = white, lower is better. f is the radial frequency in
//! cycles/pixel. First [`power_spectrum`], then [`quality`] and [`rings`] read it.

mod dft;

use crate::error::Error;
use crate::mask::length;
use crate::shape::{MAX_SIDE, Shape};
use dft::Line;

/// The smallest side of a mask that can be measured.
pub const MIN_SIDE: u32 = 8;

/// Radii R of [`Quality::low_power`], cycles/pixel, whole thousandths.
pub const LOW_POWER_RADII: [f64; 6] = [0.1, 0.125, 0.2, 0.25, 0.3, 0.35];

/// Rings of the radial profile, 1/64 cycle/pixel wide, up to the corner of the spectrum.
pub const RINGS: usize = 46;

/// Rings in a cycle/pixel.
const RINGS_PER_CYCLE: u64 = 64;

/// A ring of fewer bins says nothing about its variance: the two of a conjugate pair are always alike.
const MIN_ANISOTROPY_BINS: u32 = 4;

/// Figures of the grey mask itself, dB. A figure is NaN where the mask is too small to have a bin for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Mean power over 0 < f ≤ R, at each R of [`LOW_POWER_RADII`].
    pub low_power: [f64; LOW_POWER_RADII.len()],
    /// Standard deviation of the ring means in dB, over the rings whose middle has 0.35 < f < 0.5.
    pub flatness: f64,
    /// Mean of variance/mean² in dB, over the rings whose middle has 0.35 < f < 0.7; 0 = one isotropic periodogram.
    pub anisotropy: f64,
}

/// One ring of the radial profile (RAPSD, Ulichney 1987): i/64 ≤ f < (i + 1)/64, without DC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ring {
    /// Mean power relative to white; 0 if the ring has no bin.
    pub mean: f64,
    /// Variance/mean² of its bins; 0 if it has no power.
    pub anisotropy: f64,
    /// Bins of the full spectrum.
    pub bins: u32,
}

/// Whether a mask of that shape can be measured: each side from 8 to 4096.
///
/// # Errors
/// [`Error::MeasureSize`].
pub const fn check(shape: Shape) -> Result<(), Error> {
    let Shape { width, height } = shape;
    if width < MIN_SIDE || height < MIN_SIDE || width > MAX_SIDE || height > MAX_SIDE {
        return Err(Error::MeasureSize { width, height });
    }
    Ok(())
}

/// Elements of the half spectrum: H rows of floor(W/2) + 1.
#[must_use]
pub const fn power_len(shape: Shape) -> usize {
    shape.height as usize * (shape.width as usize / 2 + 1)
}

/// Elements of scratch that [`power_spectrum`] needs.
///
/// # Errors
/// [`Error::MeasureSize`].
pub const fn scratch_len(shape: Shape) -> Result<usize, Error> {
    if let Err(error) = check(shape) {
        return Err(error);
    }
    Ok(2 * power_len(shape) + Line::scratch_len(shape.width as usize) + Line::scratch_len(shape.height as usize))
}

/// The power spectrum `|X|²/(M·σ²)`, X the unnormalised DFT of the values and σ² their variance, in the order of `numpy.fft.rfft2`: row
/// v = 0 … H − 1, column u = 0 … floor(W/2). DC is 0, and so is all of it if the values are all alike.
///
/// `values` has W·H elements, `power` [`power_len`], `scratch` at least [`scratch_len`].
///
/// # Errors
/// [`Error::MeasureSize`], [`Error::Length`], [`Error::Number`] if a value is not finite.
pub fn power_spectrum(values: &[f32], shape: Shape, power: &mut [f64], scratch: &mut [f64]) -> Result<(), Error> {
    let needed = scratch_len(shape)?;
    length("values", shape.pixels(), values.len())?;
    length("power spectrum", power_len(shape), power.len())?;
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::Number { what: "a value of the mask", value: *value, range: "finite" });
    }
    let got = scratch.len();
    let bad = Error::Length { what: "scratch", needed, got };
    let (spectrum, rest) = scratch.split_at_mut_checked(2 * power_len(shape)).ok_or(bad)?;
    let (row, rest) = rest.split_at_mut_checked(Line::scratch_len(shape.width as usize)).ok_or(bad)?;
    let column = rest.get_mut(..Line::scratch_len(shape.height as usize)).ok_or(bad)?;
    let (spectrum, _) = spectrum.as_chunks_mut::<2>();

    let n = shape.pixels() as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / n;
    let energy = values.iter().map(|value| (f64::from(*value) - mean) * (f64::from(*value) - mean)).sum::<f64>();
    let half = shape.width as usize / 2 + 1;
    let mut line = Line::new(shape.width as usize, row);
    for (from, to) in values.chunks_exact((shape.width as usize).max(1)).zip(spectrum.chunks_exact_mut(half)) {
        line.transform(|i| [from.get(i).map_or(0.0, |value| f64::from(*value) - mean), 0.0]);
        to.copy_from_slice(line.output().get(..half).unwrap_or_default());
    }
    let mut line = Line::new(shape.height as usize, column);
    for u in 0..half {
        line.transform(|v| spectrum.get(v * half + u).copied().unwrap_or_default());
        for (v, [re, im]) in line.output().iter().enumerate() {
            if let Some(to) = power.get_mut(v * half + u) {
                *to = if energy > 0.0 && u + v > 0 { (re * re + im * im) / energy } else { 0.0 };
            }
        }
    }
    Ok(())
}

/// One bin of a half spectrum.
struct Bin {
    power: f64,
    /// How often it stands in the full spectrum.
    count: u32,
    /// f² = num/den, exactly.
    num: u64,
    den: u64,
}

/// All bins but DC.
fn bins(power: &[f64], shape: Shape) -> impl Iterator<Item = Bin> {
    let (width, height) = (u64::from(shape.width), u64::from(shape.height));
    let half = width / 2 + 1;
    (0..).zip(power).skip(1).map(move |(i, power)| {
        let (v, u) = (i / half, i % half);
        let v = v.min(height - v);
        let count = if u == 0 || 2 * u == width { 1 } else { 2 };
        let num = u * u * height * height + v * v * width * width;
        Bin { power: *power, count, num, den: width * width * height * height }
    })
}

/// The radial profile of a power spectrum.
///
/// # Errors
/// [`Error::MeasureSize`], [`Error::Length`].
pub fn rings(power: &[f64], shape: Shape) -> Result<[Ring; RINGS], Error> {
    check(shape)?;
    length("power spectrum", power_len(shape), power.len())?;
    let mut sums = [(0.0, 0.0, 0); RINGS];
    for bin in bins(power, shape) {
        // floor(64·f), in integers
        let ring = (RINGS_PER_CYCLE * RINGS_PER_CYCLE * bin.num / bin.den).isqrt() as usize;
        if let Some((sum, squares, bins)) = sums.get_mut(ring) {
            *sum += f64::from(bin.count) * bin.power;
            *squares += f64::from(bin.count) * bin.power * bin.power;
            *bins += bin.count;
        }
    }
    Ok(sums.map(|(sum, squares, bins)| {
        let count = f64::from(bins.max(1));
        let mean = sum / count;
        let anisotropy = if mean > 0.0 { (squares / count / (mean * mean) - 1.0).max(0.0) } else { 0.0 };
        Ring { mean, anisotropy, bins }
    }))
}

/// The figures of a power spectrum.
///
/// # Errors
/// [`Error::MeasureSize`], [`Error::Length`].
pub fn quality(power: &[f64], shape: Shape) -> Result<Quality, Error> {
    let rings = rings(power, shape)?;
    let low_power = LOW_POWER_RADII.map(|radius| {
        // in integers, so that a bin on the circle itself is inside
        let radius = libm::round(1000.0 * radius) as u128;
        let inside = |bin: &Bin| u128::from(bin.num) * 1_000_000 <= radius * radius * u128::from(bin.den);
        let (mut sum, mut count) = (0.0, 0.0);
        for bin in bins(power, shape).filter(inside) {
            sum += f64::from(bin.count) * bin.power;
            count += f64::from(bin.count);
        }
        if count > 0.0 { decibels(sum / count) } else { f64::NAN }
    });
    // the middle of ring i is (2i + 1)/128
    let within = |i: usize, from: f64, to: f64| {
        let middle = (2 * i + 1) as f64 / (2 * RINGS_PER_CYCLE) as f64;
        from < middle && middle < to
    };
    let flat = || (0..).zip(&rings).filter(|(i, ring)| within(*i, 0.35, 0.5) && ring.bins > 0);
    let level = mean(flat().map(|(_, ring)| decibels(ring.mean)));
    let variance = mean(flat().map(|(_, ring)| (decibels(ring.mean) - level) * (decibels(ring.mean) - level)));
    let wide = (0..).zip(&rings).filter(|(i, ring)| within(*i, 0.35, 0.7) && ring.bins >= MIN_ANISOTROPY_BINS);
    let anisotropy = mean(wide.map(|(_, ring)| decibels(ring.anisotropy)));
    Ok(Quality { low_power, flatness: libm::sqrt(variance), anisotropy })
}

/// NaN of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { f64::NAN }
}

/// 10·log10 of a power; no less than −300.
#[must_use]
pub fn decibels(power: f64) -> f64 {
    10.0 * libm::log10(power.max(1e-30))
}
