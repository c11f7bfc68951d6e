//! Points: sets of an exact number of points, evenly spread, that tile.
//!
//! As for masks: size, init, step, read. The block of a set starts at the first multiple of BLUEGRAD_MEMORY_ALIGN in the memory.
//! docs/points.md has figures of each preset.

use crate::border;
use crate::status::*;
use crate::step::{bluegrad_jobs, read as read_jobs};
use bluegrad::measure::{PointQuality, point_quality, point_scratch_len};
use bluegrad::points::{POINTS_HEADER_BYTES, PointConfig, PointLayout, PointReport, Points};
use bluegrad::{Error, MEMORY_ALIGN, SimdLevel};
use core::ffi::c_void;

/// A point set in a block of the caller's memory: the address of that block.
///
/// The block holds no pointer. A copy of its bytes is a snapshot, which bluegrad_points_open reopens at any address. There is nothing to
/// free. One thread at a time uses a set, for reading too; different sets are independent.
pub struct bluegrad_points {
    _opaque: [u8; 0],
}

/// Fills in `count` points of the default preset with seed 0.
///
/// config: gets the defaults; then change any field.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_config_default(config: *mut PointConfig, count: u32) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { border::write(config, PointConfig::new(count)) })
}

/// The configuration behind a pointer; its level is a cap.
///
/// # Safety
/// NULL, misaligned, or a configuration whose words may have any value.
unsafe fn read(config: *const PointConfig) -> Result<PointConfig, bluegrad_status> {
    // SAFETY: the caller's promise.
    let config: PointConfig = unsafe { border::checked(config) }?;
    Ok(PointConfig { level: SimdLevel::at_most(config.level), ..config })
}

/// Bytes of memory that a set needs, a multiple of BLUEGRAD_MEMORY_ALIGN: 1024 points 43 KB, a million 40 MB.
///
/// 0 if the configuration is invalid. May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_memory_size(config: *const PointConfig) -> usize {
    // SAFETY: the caller's promise.
    let layout = unsafe { read(config) }.and_then(|config| PointLayout::new(&config).map_err(code));
    layout.map_or(0, |layout| layout.bytes())
}

/// Starts a set.
///
/// memory: the block starts at its first multiple of BLUEGRAD_MEMORY_ALIGN, is overwritten, and belongs to the set as long as the set is
/// used. size: bytes of memory, from the block's start on at least bluegrad_points_memory_size. config: is copied. out: gets the set,
/// the block's address; NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _POINT_COUNT, _NUMBER for sigma, _RESERVED, _LENGTH of the memory, _ALIGNMENT
/// if more bytes or another start would do.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_init(
    memory: *mut c_void,
    size: usize,
    config: *const PointConfig,
    out: *mut *mut bluegrad_points,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        let config = unsafe { read(config) }?;
        let layout = PointLayout::new(&config).map_err(code)?;
        // SAFETY: the caller's promise.
        let block = unsafe { border::block(memory, size, layout.bytes()) }?;
        let points = block.as_mut_ptr();
        Points::init(block, &config).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, points.cast()) }
    };
    of(run())
}

/// Takes a set up from a copy of its block.
///
/// memory: a copy of a block's bytes, at a multiple of BLUEGRAD_MEMORY_ALIGN. size: its bytes. out: gets the set; NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _LENGTH, _NOT_POINTS.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_open(
    memory: *mut c_void,
    size: usize,
    out: *mut *mut bluegrad_points,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        let block = unsafe { border::slice_mut(memory.cast::<u8>(), size) }?;
        Points::open(block).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, memory.cast()) }
    };
    of(run())
}

/// The set behind a pointer.
///
/// # Safety
/// NULL, misaligned, or the start of a block that `bluegrad_points_init` or `_open` accepted and that nobody else uses for `'a`.
unsafe fn open<'a>(points: *const bluegrad_points) -> Result<Points<'a>, bluegrad_status> {
    let start = points.cast::<u8>().cast_mut();
    if !start.is_null() && !(start as usize).is_multiple_of(MEMORY_ALIGN) {
        return Err(BLUEGRAD_ERROR_ALIGNMENT);
    }
    // SAFETY: the caller's promise: each block is at least that long.
    let header = unsafe { border::slice(start.cast_const(), POINTS_HEADER_BYTES) }?;
    let bytes = Points::layout_of(header).map_err(code)?.bytes();
    // SAFETY: the header is whole, so it is the one that was accepted with a block of at least this length.
    Points::open(unsafe { border::slice_mut(start, bytes) }?).map_err(code)
}

/// Does up to `steps` more steps, fewer if the set is done. Not to call again cancels the run.
///
/// points: the set. jobs: threads of the host, or NULL: the points are the same. out: gets the progress, or NULL.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_POINTS.
/// May be called from any thread, for different sets at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_step(
    points: *mut bluegrad_points,
    steps: u32,
    jobs: *const bluegrad_jobs,
    out: *mut PointReport,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(points) }?;
        // SAFETY: the caller's promise.
        let jobs = unsafe { read_jobs(jobs) }?;
        // SAFETY: the caller's promise. Before the steps, so that a misaligned pointer wastes none.
        unsafe { border::write_if_wanted(out, opened.report()) }?;
        let done = match jobs {
            Some(jobs) => opened.step_on(steps, &jobs),
            None => opened.step(steps),
        };
        let report = done.map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write_if_wanted(out, report) }
    };
    of(run())
}

/// Writes the points as they are now: x and y of each, in units of 2^-32 of the torus.
///
/// points: the set. to: 2 numbers a point. size: its bytes, 8 a point.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_POINTS, _LENGTH, _OVERLAP with the block.
/// May be called from any thread, for different sets at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_read_u32(
    points: *const bluegrad_points,
    to: *mut u32,
    size: usize,
) -> bluegrad_status {
    let write = |set: &Points<'_>, to: &mut [[u32; 2]]| {
        for (to, position) in to.iter_mut().zip(set.positions()) {
            *to = *position;
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    of(unsafe { read_into(points, to.cast(), size, &write) })
}

/// Writes the points as they are now: x and y of each in [0, 1), multiples of 2^-24.
///
/// As bluegrad_points_read_u32.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_read_f32(
    points: *const bluegrad_points,
    to: *mut f32,
    size: usize,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { read_into(points, to.cast::<[f32; 2]>(), size, &|set, to| set.write_f32(to)) })
}

/// Writes the points of a set to elements, one a point.
type Write<'a, T> = &'a dyn Fn(&Points<'_>, &mut [T]) -> Result<(), Error>;

/// Writes the points into a buffer of 8 bytes a point.
///
/// # Safety
/// As the functions' descriptions say.
unsafe fn read_into<T: bytemuck::Pod>(
    points: *const bluegrad_points,
    to: *mut T,
    size: usize,
    write: Write<'_, T>,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    let set = unsafe { open(points) }?;
    let count = set.positions().len();
    if size != count * size_of::<T>() {
        return Err(BLUEGRAD_ERROR_LENGTH);
    }
    border::apart(to, size, points, set.block().len())?;
    // SAFETY: the caller's promise.
    let to = unsafe { border::slice_mut(to, count) }?;
    write(&set, to).map_err(code)
}

/// Bytes of scratch that bluegrad_points_measure needs; 0 unless count is from 2 to 131072.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_points_measure_memory_size(count: u32) -> usize {
    point_scratch_len(count as usize).map_or(0, |len| size_of::<f64>() * len)
}

/// Measures any point set. No hot path: 1024 points take some 20 ms, 16384 and more several seconds.
///
/// positions: x and y of each point, in units of 2^-32 of the torus. count: points, 2 to 131072. scratch: aligned for double. size: its bytes, at
/// least bluegrad_points_measure_memory_size. out: gets the figures.
/// Errors: BLUEGRAD_ERROR_POINT_COUNT, _NULL, _MISALIGNED, _LENGTH, _OVERLAP of positions and scratch.
/// May be called from any thread, with different scratch at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_points_measure(
    positions: *const u32,
    count: u32,
    scratch: *mut c_void,
    size: usize,
    out: *mut PointQuality,
) -> bluegrad_status {
    let run = || {
        let needed = size_of::<f64>() * point_scratch_len(count as usize).map_err(code)?;
        if size < needed {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(positions.cast::<[u32; 2]>(), count as usize) }?;
        border::apart(positions, size_of_val(given), scratch, size)?;
        // SAFETY: the caller's promise. Before the work, so that a bad pointer wastes none.
        unsafe { border::write(out, bytemuck::Zeroable::zeroed()) }?;
        // SAFETY: the caller's promise.
        let scratch = unsafe { border::slice_mut(scratch.cast::<f64>(), size / size_of::<f64>()) }?;
        let figures = point_quality(given, scratch).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, figures) }
    };
    of(run())
}

/// sizeof(bluegrad_point_config), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_point_config() -> usize {
    size_of::<PointConfig>()
}

/// sizeof(bluegrad_point_report), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_point_report() -> usize {
    size_of::<PointReport>()
}

/// sizeof(bluegrad_point_quality), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_point_quality() -> usize {
    size_of::<PointQuality>()
}
