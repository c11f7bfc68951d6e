//! Quality figures of a mask of any shape and of point sets, in f64, on the caller's scratch. Not a hot path.
//!
//! All figures are relative to white noise of the same variance: 0 dB is white, lower is better. f is the radial frequency in
//! cycles/pixel; DC never counts.
//!
//! - The grey mask itself: [`power_spectrum`], then [`quality`] and [`rings`] of the spectrum.
//! - The binary patterns that flat areas are dithered to: [`patterns`] for all grey levels, [`pattern_power_spectrum`] for one.
//!   They take a mask as ranks; [`ranks`] makes ranks from values of any kind. [`Peak`] tells noise from a lattice. The errors to the
//!   eye do not: a lattice has the lowest.
//! - Masks of layers and channels, as ranks plane by plane: [`space_time`] for the errors in space and over time, [`frame_variances`] for
//!   the error of accumulated frames (FAST's published test), [`summed_error`] for channels together, [`pair_loss`] for given
//!   filters. [`plane_peak`] and [`PlanePeaks`] tell noise from lattices in every plane. [`layer_ranks`] makes ranks from values.
//! - Masks of vectors, as values: [`vector_pair_loss`] for given filters, [`half_space_errors`] for FAST's published test.
//! - Point sets: [`point_quality`], [`radial_power`] and [`point_errors`].

mod dft;
mod energy;
mod frames;
mod levels;
mod pair_loss;
mod pattern;
mod patterns;
mod plane;
mod planes;
mod points;
mod rings;
mod space_time;
mod vectors;
mod volume;

use crate::error::{Error, length};
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};
use plane::Plane;
use rings::{Bin, RingSums, anisotropy, bin_of, bins, within};

pub use energy::{energy_scratch_len, total_energy};
pub use frames::{
    Average, FRAME_ALPHA, FRAME_SIGMA, FRAME_THRESHOLDS, FrameErrors, FrameTest, MOST_TAPS, frame_taps,
    frame_variances, frames_scratch_len,
};
pub use levels::{GreyLevel, LEVELS, levels, levels_scratch_len};
pub use pair_loss::{pair_loss, pair_loss_scratch_len};
pub use pattern::{pattern_power_spectrum, ranks, threshold};
pub use patterns::{Patterns, Peak, patterns};
pub use planes::{PlanePeaks, plane_peak};
pub use points::{
    MOST_MEASURED_POINTS, PointErrors, PointQuality, point_errors, point_quality, point_rings, point_scratch_len,
    radial_power,
};
pub use rings::{RINGS, Ring, rings};
pub use space_time::{
    ACCUMULATION_COUNT, ACCUMULATIONS, SPACE_SIGMA_COUNT, SPACE_SIGMAS, SpaceTime, TIME_SIGMA_COUNT, TIME_SIGMAS,
    space_time, space_time_scratch_len, summed_error,
};
pub use vectors::{
    HALF_SPACE_SIGMA_COUNT, HALF_SPACE_SIGMAS, HALF_SPACES, HalfSpace, HalfSpacePower, half_space_errors,
    half_space_powers, half_space_scratch_len, vector_pair_loss, vector_pair_loss_scratch_len,
};
pub use volume::layer_ranks;

/// Radii of a quality's low power: 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35 cycles/pixel.
pub const LOW_POWER_COUNT: usize = 6;

/// Gaussian blurs that model the eye: standard deviations of 1, 1.5, 1.9, 2 and 3 pixels.
pub const SIGMA_COUNT: usize = 5;

/// Radii R of [`Quality::low_power`], cycles/pixel, whole thousandths.
pub const LOW_POWER_RADII: [f64; LOW_POWER_COUNT] = [0.1, 0.125, 0.2, 0.25, 0.3, 0.35];

/// Standard deviations of the Gaussian blurs that model the eye (HVS: human visual system), pixels.
pub const SIGMAS: [f64; SIGMA_COUNT] = [1.0, 1.5, 1.9, 2.0, 3.0];

/// Quality of the grey mask itself, dB relative to white noise. A figure without a bin, on a small mask, is NaN.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Quality {
    /// Mean power over 0 < f ≤ R, at R = 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35 cycles/pixel.
    pub low_power: [f64; LOW_POWER_COUNT],
    /// Standard deviation of the ring means in dB, over rings whose middle has 0.35 < f < 0.5.
    pub flatness: f64,
    /// Mean of variance/mean² in dB, over rings whose middle has 0.35 < f < 0.7 and whose mean is above −120 dB. An isotropic
    /// periodogram has 0 dB.
    pub anisotropy: f64,
}

/// Checks that a flat mask of this shape can be measured: each side from 8 to 4096 pixels.
///
/// # Errors
/// [`Error::Size`], [`Error::NotFlat`].
pub const fn check(shape: Shape) -> Result<(), Error> {
    if let Err(error) = shape.check_flat() {
        return Err(error);
    }
    shape.check()
}

/// Elements of the half spectrum: H rows of floor(W/2) + 1.
#[must_use]
pub const fn power_len(shape: Shape) -> usize {
    shape.height as usize * (shape.width as usize / 2 + 1)
}

/// Elements of scratch that [`power_spectrum`] needs.
///
/// # Errors
/// [`Error::Size`].
pub const fn scratch_len(shape: Shape) -> Result<usize, Error> {
    if let Err(error) = check(shape) {
        return Err(error);
    }
    Ok(Plane::scratch_len(shape, shape.width as usize / 2 + 1))
}

/// Computes the power spectrum `|X|²/(M·σ²)`: X the unnormalised DFT of the M values, σ² their variance.
///
/// In the order of `numpy.fft.rfft2`: row v = 0 … H − 1, column u = 0 … floor(W/2). DC is 0; if all values are equal, all bins are 0.
///
/// `values` has W·H elements, `power` [`power_len`], `scratch` at least [`scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::Length`], [`Error::Number`] if a value is not finite.
pub fn power_spectrum(values: &[f32], shape: Shape, power: &mut [f64], scratch: &mut [f64]) -> Result<(), Error> {
    let needed = scratch_len(shape)?;
    length("values", shape.pixels(), values.len())?;
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::Number { what: "a value of the mask", value: *value, range: "finite" });
    }
    if scratch.len() < needed {
        return Err(Error::Length { what: "scratch", needed, got: scratch.len() });
    }
    half_spectrum(&|i| values.get(i).map_or(0.0, |value| f64::from(*value)), shape, power, scratch)
}

/// Computes the power spectrum of `value(i)` of each pixel i.
fn half_spectrum(
    value: &dyn Fn(usize) -> f64,
    shape: Shape,
    power: &mut [f64],
    scratch: &mut [f64],
) -> Result<(), Error> {
    length("power spectrum", power_len(shape), power.len())?;
    let half = shape.width as usize / 2 + 1;
    let mut plane = Plane::new(shape, half, scratch)?;
    let pixels = shape.pixels();
    let mean = (0..pixels).map(value).sum::<f64>() / pixels as f64;
    let energy = (0..pixels).map(|i| (value(i) - mean) * (value(i) - mean)).sum::<f64>();
    plane.transform(&|i| [value(i) - mean, 0.0]);
    for (v, row) in power.chunks_exact_mut(half).enumerate() {
        for (u, to) in row.iter_mut().enumerate() {
            let [re, im] = plane.bin(u, v);
            *to = if energy > 0.0 && u + v > 0 { (re * re + im * im) / energy } else { 0.0 };
        }
    }
    Ok(())
}

/// Computes the figures of a power spectrum.
///
/// # Errors
/// [`Error::Size`], [`Error::Length`].
pub fn quality(power: &[f64], shape: Shape) -> Result<Quality, Error> {
    let rings = rings(power, shape)?;
    let low_power = LOW_POWER_RADII.map(|radius| {
        // in integers: a bin exactly on the circle is inside
        let radius = libm::round(1000.0 * radius) as u64;
        let inside = |bin: &Bin| u128::from(bin.num) * 1_000_000 <= u128::from(radius * radius) * u128::from(bin.den);
        let (mut sum, mut count) = (0.0, 0.0);
        for bin in bins(power, shape).filter(inside) {
            sum += f64::from(bin.count) * bin.power;
            count += f64::from(bin.count);
        }
        if count > 0.0 { decibels(sum / count) } else { f64::NAN }
    });
    let flat = || (0..).zip(&rings).filter(|(i, ring)| within(*i, 0.35, 0.5) && ring.bins > 0);
    let level = mean(&mut flat().map(|(_, ring)| decibels(ring.mean)));
    let square = |ring: &Ring| (decibels(ring.mean) - level) * (decibels(ring.mean) - level);
    let variance = mean(&mut flat().map(|(_, ring)| square(ring)));
    Ok(Quality { low_power, flatness: libm::sqrt(variance), anisotropy: anisotropy(&rings) })
}

/// Mean of some values; NaN of none.
fn mean(values: &mut dyn Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { f64::NAN }
}

/// 10·log10 of a power, at least −300 dB; NaN of NaN.
#[must_use]
#[inline(never)]
pub fn decibels(power: f64) -> f64 {
    10.0 * libm::log10(if power < 1e-30 { 1e-30 } else { power })
}
