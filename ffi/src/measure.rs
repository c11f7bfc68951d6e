//! How good a mask is.

use crate::border;
use crate::status::*;
use bluegrad::measure::{
    self, GreyLevel, LEVELS, LOW_POWER_RADII, SIGMAS, levels_scratch_len, power_len, power_spectrum, quality,
    scratch_len,
};
use bluegrad::{Error, Shape};
use bytemuck::{Pod, Zeroable};
use core::ffi::c_void;

/// How good a mask is, dB relative to white noise of the same variance unless said otherwise: 0 = white, lower is better. A figure is
/// NaN where the mask is too small to have it. f is the radial frequency in cycles/pixel.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_quality {
    /// As a dither mask: mean over the 127 grey levels k/128 of the error that an eye sees, a Gaussian blur of 1, 1.5, 1.9, 2 and 3
    /// pixels.
    pub hvs_error_mean: [f64; 5],
    /// The same for the worst level.
    pub hvs_error_worst: [f64; 5],
    /// Energy of all thresholds at once, at the same blurs.
    pub total_energy: [f64; 5],
    /// RMS error of the blurred binary patterns over the levels k/16, at the same blurs; no dB, pixels are 0 or 1.
    pub rms: [f64; 5],
    /// Mean power below half the principal frequency of each pattern, over the levels k/16.
    pub low_frequency: f64,
    /// Mean over the 127 levels of the power at f < 0.2.
    pub hard_cut: f64,
    /// Anisotropy of the patterns, mean over the levels k/16; 0 = isotropic.
    pub pattern_anisotropy: f64,
    /// As a grey mask: mean power over 0 < f <= 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35.
    pub low_power: [f64; 6],
    /// Deviation of its radial power over 0.35 < f < 0.5, dB; 0 = flat.
    pub flatness: f64,
    /// Its anisotropy over 0.35 < f < 0.7; 0 = isotropic.
    pub anisotropy: f64,
    /// Structure of the patterns: their largest bin but DC, in units of white noise's mean power, no dB. Mean over the 31 grey
    /// levels k/128, k = 4, 8 ... 124. White noise 5 to 10 from 16x16 to 128x128, void-and-cluster 7 to 13; a lattice, which has the
    /// least error to the eye, 40 and more, up to width*height. Compare masks of one size.
    pub peak_mean: f64,
    /// Mean over the 17 of them from 1/4 to 3/4.
    pub peak_mid: f64,
    /// The worst of the 31.
    pub peak_worst: f64,
    /// The worst one's grey level.
    pub peak_worst_grey: f64,
    /// The frequency of its largest bin, cycles/pixel: horizontal, from 0 to 1/2; vertical, above -1/2 up to 1/2.
    pub peak_worst_frequency: [f64; 2],
    /// 0: room for later versions.
    pub reserved: [f64; 3],
}

const _: () = assert!(SIGMAS.len() == 5 && LOW_POWER_RADII.len() == 6);

/// Elements of scratch: the power spectrum, the values, and what the measures work in.
fn lens(shape: Shape) -> Result<[usize; 3], Error> {
    let (grey, patterns) = (scratch_len(shape)?, levels_scratch_len(shape)?);
    // the measure of all thresholds takes one a pixel
    Ok([power_len(shape), shape.pixels().div_ceil(2), grey.max(patterns).max(shape.pixels())])
}

/// Bytes of scratch that bluegrad_measure needs; 0 unless width and height are each from 8 to 4096. 64x64: 0.1 MB.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_measure_memory_size(width: u32, height: u32) -> usize {
    lens(Shape::new(width, height)).map_or(0, |lens| size_of::<f64>() * lens.iter().sum::<usize>())
}

/// Measures any mask. No hot path: 64x64 takes some 20 ms, 1024x1024 several seconds, sides that are no power of two up to four times
/// that. It uses up to 32 KiB of stack.
///
/// ranks: width*height, row by row, each below that: those of bluegrad_read_ranks, or for each pixel of any mask how many others have a
/// smaller value. width, height: 8 to 4096 each. scratch: aligned for double. size: its bytes, at least bluegrad_measure_memory_size.
/// out: gets the figures.
/// Errors: BLUEGRAD_ERROR_SIZE, _NULL, _MISALIGNED, _LENGTH, _NUMBER for a rank that is too large, _OVERLAP of ranks and scratch.
/// May be called from any thread, with different scratch at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_measure(
    ranks: *const u32,
    width: u32,
    height: u32,
    scratch: *mut c_void,
    size: usize,
    out: *mut bluegrad_quality,
) -> bluegrad_status {
    let run = || {
        let shape = Shape::new(width, height);
        let lens = lens(shape).map_err(code)?;
        if size < size_of::<f64>() * lens.iter().sum::<usize>() {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(ranks, shape.pixels()) }?;
        border::apart(ranks, size_of_val(given), scratch, size)?;
        // SAFETY: the caller's promise. Before the work, so that a bad pointer wastes none.
        unsafe { border::write(out, Zeroable::zeroed()) }?;
        // SAFETY: the caller's promise.
        let scratch = unsafe { border::slice_mut(scratch.cast::<f64>(), size / size_of::<f64>()) }?;
        let figures = figures(given, shape, scratch, lens).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, figures) }
    };
    of(run())
}

fn figures(ranks: &[u32], shape: Shape, scratch: &mut [f64], lens: [usize; 3]) -> Result<bluegrad_quality, Error> {
    let n = shape.pixels();
    if let Some(rank) = ranks.iter().find(|rank| **rank as usize >= n) {
        return Err(Error::Number { what: "a rank", value: *rank as f32, range: "below the number of pixels" });
    }
    let bad = Error::Length { what: "scratch", needed: lens.iter().sum(), got: scratch.len() };
    let [power_len, values_len, _] = lens;
    let (power, rest) = scratch.split_at_mut_checked(power_len).ok_or(bad)?;
    let (values, scratch) = rest.split_at_mut_checked(values_len).ok_or(bad)?;
    let values: &mut [f32] = bytemuck::must_cast_slice_mut(values);
    let values = values.get_mut(..n).ok_or(bad)?;
    for (value, rank) in values.iter_mut().zip(ranks) {
        *value = ((f64::from(*rank) + 0.5) / n as f64) as f32;
    }
    power_spectrum(values, shape, power, scratch)?;
    let grey = quality(power, shape)?;
    let patterns = measure::patterns(ranks, shape, &mut [GreyLevel::default(); LEVELS], scratch)?;
    Ok(bluegrad_quality {
        hvs_error_mean: patterns.hvs_error_mean,
        hvs_error_worst: patterns.hvs_error_worst,
        total_energy: patterns.total_energy,
        rms: patterns.rms,
        low_frequency: patterns.low_frequency,
        hard_cut: patterns.hard_cut,
        pattern_anisotropy: patterns.anisotropy,
        low_power: grey.low_power,
        flatness: grey.flatness,
        anisotropy: grey.anisotropy,
        peak_mean: patterns.peak.mean,
        peak_mid: patterns.peak.mid,
        peak_worst: patterns.peak.worst,
        peak_worst_grey: patterns.peak.worst_grey,
        peak_worst_frequency: patterns.peak.worst_frequency,
        reserved: [0.0; 3],
    })
}
