//! Size and start: a run in a block of the caller's memory.
//!
//! bluegrad_memory_size says how large the block must be; it must start at a multiple of BLUEGRAD_MEMORY_ALIGN. bluegrad_init starts a
//! run from noise, bluegrad_load_* from a given mask, bluegrad_open takes one up from a saved copy of its block. Each gives a generator,
//! which is the block's address: nothing is allocated, and there is nothing to free.

use crate::border;
use crate::configure::{bluegrad_config, read};
use crate::generator::bluegrad_generator;
use crate::status::*;
use bluegrad::{Error, Generator, Layout};
use core::ffi::c_void;

/// Bytes of memory that a generator of this configuration needs, a multiple of BLUEGRAD_MEMORY_ALIGN; 0 if the configuration is
/// invalid (bluegrad_config_check says why). 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with _SPECTRAL.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_memory_size(config: *const bluegrad_config) -> usize {
    // SAFETY: the caller's promise.
    let config = unsafe { read(config) };
    config.ok().and_then(|config| Layout::new(&config).ok()).map_or(0, |layout| layout.bytes())
}

/// What is done with a block and a configuration.
type Begin<'a> = &'a dyn Fn(&mut [u8], &bluegrad::Config) -> Result<u32, Error>;

/// Starts a run in a block, and says where.
///
/// # Safety
/// Each pointer is NULL, misaligned, or as the functions' descriptions say.
unsafe fn start(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut *mut bluegrad_generator,
    begin: Begin<'_>,
) -> Result<u32, bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { border::write(out, core::ptr::null_mut()) }?;
    // SAFETY: the caller's promise.
    let config = unsafe { read(config) }?;
    // SAFETY: the caller's promise.
    let block = unsafe { border::slice_mut(memory.cast::<u8>(), size) }?;
    let begun = begin(block, &config).map_err(code)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(out, memory.cast()) }?;
    Ok(begun)
}

/// Starts a run from noise of the configuration's seed. It takes about as long as a step.
///
/// memory: a block that starts at a multiple of BLUEGRAD_MEMORY_ALIGN; what it held is overwritten. It belongs to the run until that is
/// given up. size: its bytes, at least bluegrad_memory_size. config: is copied. out: gets the generator, NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _ALIGNMENT and _LENGTH of the memory,
/// _WRONG_START if the configuration starts from a mask; _SIZE, _LAYERS, _TRANSFORM_SIZE, _STAGE_COUNT, _STEP_COUNT, _NUMBER, _PROFILE, _FEATURE
/// and _DISTRIBUTION_TABLE of the configuration.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_init(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { start(memory, size, config, out, &|block, config| Generator::init(block, config).map(|_| 0)) }
        .map(drop))
}

/// Starts a run from a given mask: from `value` of each pixel's element, of a type `T`.
///
/// # Safety
/// As `start`.
unsafe fn load<T: bytemuck::AnyBitPattern>(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    (values, count): (*const T, usize),
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: impl Fn(&T) -> f32,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(values, count) }?;
        border::apart(values, size_of_val(given), block.0, block.1)?;
        // SAFETY: the caller's promise.
        unsafe { load_by(block, config, count, (ties, out), &|i| given.get(i).map_or(0.0, &value)) }
    };
    of(run())
}

/// The same for every type of values: `value(i)` of each of `count` pixels.
///
/// # Safety
/// As `start`.
unsafe fn load_by(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    count: usize,
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: &dyn Fn(usize) -> f32,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, 0) }?;
    let begin = |block: &mut [u8], config: &bluegrad::Config| {
        Generator::init_with_mask_by(block, config, count, value).map(|(_, ties)| ties)
    };
    // SAFETY: the caller's promise.
    let counted = unsafe { start(block.0, block.1, config, out, &begin) }?;
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, counted) }
}

/// Starts a run from a given mask of 8-bit values, to refine it: as bluegrad_init, for configurations with BLUEGRAD_START_MASK
/// (bluegrad_config_refine). Only the order of the values counts; pixels of equal values are put in a random order of the seed.
///
/// values: width*height of them, row by row, apart from the memory. count: their number. ties: gets how many pixels have a value that
/// another has, less one for each such value; may be NULL. The other parameters are those of bluegrad_init.
/// Errors: those of bluegrad_init but that _WRONG_START means a start from noise; _LENGTH of the values, _STARTS_TWICE, _OVERLAP.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u8(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u8,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| f32::from(*value)) }
}

/// As bluegrad_load_u8, from 16-bit values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u16(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u16,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| f32::from(*value)) }
}

/// As bluegrad_load_u8, from floats; BLUEGRAD_ERROR_NUMBER if one is not finite.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_f32(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const f32,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| *value) }
}

/// As bluegrad_load_u8, from ranks as bluegrad_read_ranks gives them, 0 to width*height - 1; any others below 2^24 will do too, for
/// only their order counts. Those from 2^24 on are taken as the nearest float.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_ranks(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u32,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| *value as f32) }
}

/// Takes up a run from a block that bluegrad_init, bluegrad_load_* and bluegrad_step left, or from a copy of its bytes. Nothing is
/// written to the block. A level that this CPU lacks becomes the best that it has.
///
/// memory: starts at a multiple of BLUEGRAD_MEMORY_ALIGN. size: its bytes, at least those that the run had. out: gets the generator,
/// NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED of out, _ALIGNMENT, _LENGTH, _NOT_A_GENERATOR, _FEATURE. Damage to the header is found; damage to what
/// follows makes a wrong mask or an error, and nothing worse.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_open(
    memory: *mut c_void,
    size: usize,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        Generator::open(unsafe { border::slice_mut(memory.cast::<u8>(), size) }?).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, memory.cast()) }
    };
    of(run())
}
