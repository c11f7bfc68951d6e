//! Measure: the quality of any mask.
//!
//! The figures are those of the command line's `measure`, in f64, on scratch memory of the caller's. Read them together: a lattice has
//! the least error to the eye, and its peak gives it away. docs/questions.md explains each.

use crate::border;
use crate::status::*;
use bluegrad::filters::Filters;
use bluegrad::measure::{
    self, Average, FRAME_ALPHA, FRAME_THRESHOLDS, FrameErrors, FrameTest, GreyLevel, LEVELS, Patterns, Peak,
    PlanePeaks, Quality, SPACE_SIGMA_COUNT, SpaceTime, levels_scratch_len, power_len, power_spectrum, quality,
    scratch_len,
};
use bluegrad::shape::MAX_CHANNELS;
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

/// Quality of one channel of a mask with layers: in space, over time, and in frames that are accumulated.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_channel_quality {
    /// Errors to the eye, dB.
    pub space_time: SpaceTime,
    /// Errors of frames by FAST's published test: a Gaussian blur of 1.3435 pixels, 0.1 of each new frame.
    pub frames: FrameErrors,
}

/// Quality of a mask with layers or channels. A figure is NaN where the mask has too few of them.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_volume_quality {
    /// Each channel for itself.
    pub channels: [bluegrad_channel_quality; MAX_CHANNELS as usize],
    /// Error to the eye of the sum of all channels at equal levels, as in a neutral grey, blurred by 1, 1.5 and 3 pixels: dB relative to
    /// independent white noise in each.
    pub summed: [f64; SPACE_SIGMA_COUNT],
    /// Structure of every channel of every layer: it tells noise from a lattice.
    pub peaks: PlanePeaks,
    /// 0. Room for later versions.
    pub reserved: [f64; 3],
}

/// Taps along an axis of the blur of the frames.
const TAPS: usize = 9;

/// Elements of scratch: ranks plane by plane, variances of frames, peaks of planes, and what the measures work in.
fn volume_lens(shape: Shape) -> Result<[usize; 4], Error> {
    let (frames, time) = (measure::frames_scratch_len(shape, TAPS)?, measure::space_time_scratch_len(shape)?);
    let peaks = size_of::<Peak>() / size_of::<f64>() * shape.planes();
    let work = frames.max(time).max(levels_scratch_len(shape.plane())?);
    Ok([shape.elements().div_ceil(2), shape.layers as usize, peaks, work])
}

/// Bytes of scratch that bluegrad_measure_volume needs; 0 for a shape that no mask has, and for NULL. 64x64x16: 1 MB.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_measure_volume_memory_size(shape: *const Shape) -> usize {
    // SAFETY: the caller's promise.
    let lens = unsafe { border::reference(shape) }.ok().and_then(|shape| volume_lens(*shape).ok());
    lens.map_or(0, |lens| size_of::<f64>() * lens.iter().sum::<usize>())
}

/// Measures any mask with layers or channels. No hot path: 128x128x64 takes some seconds. bluegrad_measure has more figures of one plane.
///
/// ranks: one for each element, in the order layer, row, column, channel, each below width*height: those of bluegrad_read_ranks, or for
/// each element how many others of its layer and channel have a smaller value. shape: any that a mask has. scratch: aligned for double.
/// size: its bytes, at least bluegrad_measure_volume_memory_size. out: gets the figures.
/// Errors: BLUEGRAD_ERROR_SIZE, _LAYERS, _NULL, _MISALIGNED, _LENGTH, _NUMBER for a rank that is too large, _OVERLAP of ranks and scratch.
/// May be called from any thread, with different scratch at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_measure_volume(
    ranks: *const u32,
    shape: *const Shape,
    scratch: *mut c_void,
    size: usize,
    out: *mut bluegrad_volume_quality,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let shape = *unsafe { border::reference(shape) }?;
        let lens = volume_lens(shape).map_err(code)?;
        if size < size_of::<f64>() * lens.iter().sum::<usize>() {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(ranks, shape.elements()) }?;
        border::apart(ranks, size_of_val(given), scratch, size)?;
        // SAFETY: the caller's promise. Before the work, so that a bad pointer wastes none.
        unsafe { border::write(out, Zeroable::zeroed()) }?;
        // SAFETY: the caller's promise.
        let scratch = unsafe { border::slice_mut(scratch.cast::<f64>(), size / size_of::<f64>()) }?;
        let figures = volume_figures(given, shape, scratch, lens).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, figures) }
    };
    of(run())
}

/// Elements of scratch: ranks of a channel plane by plane, and what the pair loss works in.
fn pair_loss_lens(shape: Shape) -> Result<[usize; 2], Error> {
    let work = measure::pair_loss_scratch_len(shape)?;
    Ok([shape.with_channels(1).elements().div_ceil(2), work])
}

/// Bytes of scratch that bluegrad_pair_loss needs; 0 for a shape that no mask has, and for NULL. 64x64x16: 0.3 MB.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_pair_loss_memory_size(shape: *const Shape) -> usize {
    // SAFETY: the caller's promise.
    let lens = unsafe { border::reference(shape) }.ok().and_then(|shape| pair_loss_lens(*shape).ok());
    lens.map_or(0, |lens| size_of::<f64>() * lens.iter().sum::<usize>())
}

/// Measures the squared error that given filters leave of all patterns of a mask, dB relative to white noise: lower is better.
///
/// It is the pair loss that masks for filters are made to lower, so it tells whether a mask suits a renderer:
/// 10*log10((sum(K)*m - 1/N*sum over pairs of K(i-j)*|rank_i - rank_j|)/(K(0)*m)), K the autocorrelation of the filters around the
/// mask's torus, m the mean of |rank_i - rank_j| over all N^2 pairs of pixels of all layers. Each weight of K costs a pass over the
/// mask: a Gaussian of 1 pixel takes 1 ms at 64x64, and 0.1 s at 64x64x16 with an exponential average over layers.
///
/// ranks, shape: as in bluegrad_measure_volume; 1 layer for a flat mask. channel: the one to measure, from 0. filters: &config.filters,
/// for instance. scratch: aligned for double. size: its bytes, at least bluegrad_pair_loss_memory_size. out: gets the loss, NaN if all
/// ranks are equal.
/// Errors: BLUEGRAD_ERROR_SIZE, _LAYERS, _NULL, _MISALIGNED, _LENGTH, _UNKNOWN_VALUE of the filters, _PLANE for a channel that the mask
/// does not have, _NUMBER for filters out of range, for filters that wrap to nothing around the mask, and for a rank that is too large;
/// _OVERLAP of ranks and scratch.
/// May be called from any thread, with different scratch at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_pair_loss(
    ranks: *const u32,
    shape: *const Shape,
    channel: u32,
    filters: *const Filters,
    scratch: *mut c_void,
    size: usize,
    out: *mut f64,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let shape = *unsafe { border::reference(shape) }?;
        let lens = pair_loss_lens(shape).map_err(code)?;
        // SAFETY: the caller's promise; any words are the bits of filters.
        let filters = unsafe { border::checked(filters) }?;
        if channel >= shape.channels {
            return Err(BLUEGRAD_ERROR_PLANE);
        }
        if size < size_of::<f64>() * lens.iter().sum::<usize>() {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(ranks, shape.elements()) }?;
        border::apart(ranks, size_of_val(given), scratch, size)?;
        // SAFETY: the caller's promise. Before the work, so that a bad pointer wastes none.
        unsafe { border::write(out, f64::NAN) }?;
        // SAFETY: the caller's promise.
        let scratch = unsafe { border::slice_mut(scratch.cast::<f64>(), size / size_of::<f64>()) }?;
        let loss = channel_pair_loss(given, (shape, channel), &filters, scratch, lens).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, loss) }
    };
    of(run())
}

/// An error unless each rank is below the number of pixels.
fn check_ranks(ranks: &[u32], pixels: usize) -> Result<(), Error> {
    match ranks.iter().find(|rank| **rank as usize >= pixels) {
        Some(rank) => Err(Error::Number { what: "a rank", value: *rank as f32, range: "below the number of pixels" }),
        None => Ok(()),
    }
}

/// Copies a channel out of a layer in the order of C.
fn copy_channel(layer: &[u32], channel: usize, channels: usize, plane: &mut [u32]) {
    for (to, from) in plane.iter_mut().zip(layer.iter().skip(channel).step_by(channels.max(1))) {
        *to = *from;
    }
}

fn channel_pair_loss(
    given: &[u32],
    (shape, channel): (Shape, u32),
    filters: &Filters,
    scratch: &mut [f64],
    lens: [usize; 2],
) -> Result<f64, Error> {
    let bad = Error::Length { what: "scratch", needed: lens.iter().sum(), got: scratch.len() };
    let (ranks, work) = scratch.split_at_mut_checked(lens[0]).ok_or(bad)?;
    let (alone, channels) = (shape.with_channels(1), shape.channels.max(1) as usize);
    let ranks = bytemuck::must_cast_slice_mut(ranks).get_mut(..alone.elements()).ok_or(bad)?;
    let pixels = shape.pixels().max(1);
    for (plane, layer) in ranks.chunks_mut(pixels).zip(given.chunks((pixels * channels).max(1))) {
        copy_channel(layer, channel as usize, channels, plane);
    }
    measure::pair_loss(ranks, alone, 0, filters, work)
}

fn volume_figures(
    given: &[u32],
    shape: Shape,
    scratch: &mut [f64],
    lens: [usize; 4],
) -> Result<bluegrad_volume_quality, Error> {
    check_ranks(given, shape.pixels())?;
    let bad = Error::Length { what: "scratch", needed: lens.iter().sum(), got: scratch.len() };
    let [ranks_len, variances_len, peaks_len, _] = lens;
    let (ranks, rest) = scratch.split_at_mut_checked(ranks_len).ok_or(bad)?;
    let (variances, rest) = rest.split_at_mut_checked(variances_len).ok_or(bad)?;
    let (peaks, work) = rest.split_at_mut_checked(peaks_len).ok_or(bad)?;
    let ranks = bytemuck::must_cast_slice_mut(ranks).get_mut(..given.len()).ok_or(bad)?;
    let (pixels, channels) = (shape.pixels().max(1), shape.channels.max(1) as usize);
    let layer = (pixels * channels).max(1);
    for (planes, layer) in ranks.chunks_mut(layer).zip(given.chunks(layer)) {
        for (channel, plane) in planes.chunks_mut(pixels).enumerate() {
            copy_channel(layer, channel, channels, plane);
        }
    }
    let ranks = &*ranks;
    let mut figures = bluegrad_volume_quality {
        channels: [bluegrad_channel_quality {
            space_time: SpaceTime { space: [f64::NAN; 3], time: [f64::NAN; 4], accumulated: [f64::NAN; 4] },
            frames: FrameErrors::new(&[]),
        }; MAX_CHANNELS as usize],
        summed: measure::summed_error(ranks, shape, work)?,
        peaks: PlanePeaks::new(&[]),
        reserved: [0.0; 3],
    };
    let taps: [f64; TAPS] = measure::frame_taps();
    let test = FrameTest { space: &taps, time: Average::Exponential(FRAME_ALPHA), seed: 0 };
    for (channel, figures) in (0..shape.channels).zip(&mut figures.channels) {
        figures.space_time = measure::space_time(ranks, shape, channel, work)?;
        measure::frame_variances(ranks, shape, channel, &test, 0..FRAME_THRESHOLDS, variances, work)?;
        figures.frames = FrameErrors::new(variances);
    }
    let peaks: &mut [Peak] = bytemuck::try_cast_slice_mut(peaks).map_err(|_| bad)?;
    for (peak, plane) in peaks.iter_mut().zip(ranks.chunks(pixels)) {
        *peak = measure::plane_peak(plane, shape.plane(), work)?;
    }
    figures.peaks = PlanePeaks::new(peaks);
    Ok(figures)
}

fn figures(ranks: &[u32], shape: Shape, scratch: &mut [f64], lens: [usize; 3]) -> Result<bluegrad_quality, Error> {
    let n = shape.pixels();
    check_ranks(ranks, n)?;
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
