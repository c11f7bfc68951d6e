//! Summary of the figures of all grey levels.

use super::levels::FOURTH;
use super::{GreyLevel, LEVELS, SIGMA_COUNT, decibels, levels, levels_scratch_len, mean, total_energy};
use crate::error::Error;
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};

/// Powers below −100 dB count as −100 dB in a mean of dB. Only levels of ordered dither get there: their low frequencies are exactly
/// dark, and the dB of their rounding errors would be arbitrary.
const FLOOR: f64 = 1e-10;

/// Every 8th level is one of the fifteen k/16.
const SIXTEENTH: usize = 8;

/// Structure of the binary patterns: the largest bin of each spectrum, relative to the mean of white noise.
///
/// The n/2 independent bins of noise are exponentially distributed, so the largest is about ln(n/2) + 0.58 with n = W·H: 5 at 16x16, 10
/// at 128x128. Void-and-cluster has 7 to 13 over these sizes. A pattern that repeats has its power in few bins: ordered dither and other
/// lattices have 40 to n. A lattice wins every blur score, so read a blur score beside this figure. The figure grows with the size:
/// compare masks of one size.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Peak {
    /// Mean of the patterns' peaks over the 31 levels k/128, k = 4, 8 … 124.
    pub mean: f64,
    /// Mean over the 17 of those levels with ¼ ≤ g ≤ ¾.
    pub mid: f64,
    /// Largest of the 31.
    pub worst: f64,
    /// Grey level of the largest.
    pub worst_grey: f64,
    /// Frequency of the largest, cycles/pixel: horizontal, from 0 to 1/2; vertical, above −1/2 up to 1/2.
    pub worst_frequency: [f64; 2],
}

/// Quality of a mask's binary patterns, over grey levels. dB relative to white noise of the same variance.
///
/// Blurs are Gaussians of 1, 1.5, 1.9, 2 and 3 pixels, which model the eye.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Patterns {
    /// Error to the eye at each blur: the mean over the 127 levels k/128, in dB.
    pub hvs_error_mean: [f64; SIGMA_COUNT],
    /// Error to the eye at each blur: the worst of the 127 levels, dB.
    pub hvs_error_worst: [f64; SIGMA_COUNT],
    /// Energy of all thresholds at once, at each blur: dB of the mean power.
    pub total_energy: [f64; SIGMA_COUNT],
    /// RMS error of the blurred patterns over the fifteen levels k/16, at each blur; no dB, pixels are 0 or 1. White noise has
    /// `√(680/3840·K)`, K about `1/(4·π·σ²)`.
    pub rms: [f64; SIGMA_COUNT],
    /// Power below half the principal frequency of each pattern: dB of the mean over the fifteen levels k/16.
    pub low_frequency: f64,
    /// Power at f < 0.2 cycles/pixel: mean over the 127 levels of the dB.
    pub hard_cut: f64,
    /// Anisotropy of the patterns: mean over the fifteen levels k/16, dB; 0 is isotropic.
    pub anisotropy: f64,
    /// Largest bins of the patterns' spectra.
    pub peak: Peak,
}

impl Peak {
    /// Peaks of all levels, 1/128 first. A level of one colour does not count.
    pub(super) fn new(levels: &[GreyLevel; LEVELS]) -> Self {
        let mid = |level: &GreyLevel| if (0.25..=0.75).contains(&level.grey) { level.peak } else { f64::NAN };
        let mut peak = Self {
            mean: mean_of(levels, FOURTH, &|level| level.peak),
            mid: mean_of(levels, FOURTH, &mid),
            worst: f64::NAN,
            worst_grey: f64::NAN,
            worst_frequency: [f64::NAN; 2],
        };
        for level in levels.iter().skip(FOURTH - 1).step_by(FOURTH).filter(|level| !level.peak.is_nan()) {
            if peak.worst.is_nan() || level.peak > peak.worst {
                peak.worst = level.peak;
                peak.worst_grey = level.grey;
                peak.worst_frequency = level.peak_frequency;
            }
        }
        peak
    }
}

impl Patterns {
    /// Summarises all levels, 1/128 first, and [`total_energy`]. Levels where a figure is NaN do not count for that figure.
    #[must_use]
    pub fn new(levels: &[GreyLevel; LEVELS], total_energy: [f64; SIGMA_COUNT]) -> Self {
        let mut figures =
            Self { hvs_error_mean: NONE, hvs_error_worst: NONE, total_energy, rms: NONE, ..Self::others(levels) };
        for (i, ((mean, worst), rms)) in
            figures.hvs_error_mean.iter_mut().zip(&mut figures.hvs_error_worst).zip(&mut figures.rms).enumerate()
        {
            let error = |level: &GreyLevel| dark(level.hvs_error.get(i).copied().unwrap_or(f64::NAN));
            *mean = mean_of(levels, 1, &error);
            *worst = levels.iter().map(error).fold(f64::NAN, f64::max);
            let square = |level: &GreyLevel| level.rms.get(i).map_or(f64::NAN, |rms| rms * rms);
            *rms = libm::sqrt(mean_of(levels, SIXTEENTH, &square));
        }
        figures
    }

    /// The figures that do not depend on a sigma.
    fn others(levels: &[GreyLevel; LEVELS]) -> Self {
        Self {
            hvs_error_mean: NONE,
            hvs_error_worst: NONE,
            total_energy: NONE,
            rms: NONE,
            low_frequency: decibels(mean_of(levels, SIXTEENTH, &|level| level.low_frequency)),
            hard_cut: mean_of(levels, 1, &|level| dark(level.hard_cut)),
            anisotropy: mean_of(levels, SIXTEENTH, &|level| level.anisotropy),
            peak: Peak::new(levels),
        }
    }
}

const NONE: [f64; SIGMA_COUNT] = [f64::NAN; SIGMA_COUNT];

/// Mean of a figure over every `every`-th level, NaN left out.
#[inline(never)]
fn mean_of(levels: &[GreyLevel; LEVELS], every: usize, figure: &dyn Fn(&GreyLevel) -> f64) -> f64 {
    mean(&mut levels.iter().skip(every - 1).step_by(every).map(figure).filter(|figure| !figure.is_nan()))
}

/// A power in dB, at least that of [`FLOOR`]; NaN of NaN.
fn dark(power: f64) -> f64 {
    if power.is_nan() { power } else { decibels(power.max(FLOOR)) }
}

/// Measures all grey levels into `to`, 1/128 first, and summarises them.
///
/// Cost: about 15 ms for 64x64, 5 s for 1024x1024, up to four times that for sides that are no power of two. To spread the work over
/// threads, call [`levels`] by parts and [`total_energy`], then [`Patterns::new`].
///
/// `ranks` has W·H elements, each below W·H: from a [`crate::Mask`], or from any values by [`super::ranks`].
/// `scratch` has at least [`levels_scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::Length`].
#[inline(never)]
pub fn patterns(
    ranks: &[u32],
    shape: Shape,
    to: &mut [GreyLevel; LEVELS],
    scratch: &mut [f64],
) -> Result<Patterns, Error> {
    let needed = levels_scratch_len(shape)?;
    if scratch.len() < needed {
        return Err(Error::Length { what: "scratch", needed, got: scratch.len() });
    }
    levels(ranks, shape, 1, to, scratch)?;
    Ok(Patterns::new(to, total_energy(ranks, shape, scratch)?))
}
