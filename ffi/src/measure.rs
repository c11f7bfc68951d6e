//! Measure: the quality of any mask.
//!
//! The figures are those of the command line's `measure`, in f64, on scratch memory of the caller's. Read them together: a lattice has
//! the least error to the eye, and its peak gives it away. docs/questions.md explains each.

use crate::border;
use crate::status::*;
use bluegrad::measure::{
    self, GreyLevel, LEVELS, Patterns, Quality, levels_scratch_len, power_len, power_spectrum, quality, scratch_len,
};
use bluegrad::{Error, Shape};
use bytemuck::{Pod, Zeroable};
use core::ffi::c_void;

/// Quality of a mask, dB relative to white noise of the same variance unless said otherwise: 0 is white, lower is better.
///
/// A figure is NaN where the mask is too small to have it. f is the radial frequency in cycles/pixel.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_quality {
    /// The grey mask itself.
    pub grey: Quality,
    /// Its binary patterns, as when dithering.
    pub patterns: Patterns,
    /// 0. Room for later versions.
    pub reserved: [f64; 3],
}

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
    Ok(bluegrad_quality { grey, patterns, reserved: [0.0; 3] })
}
