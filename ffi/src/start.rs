//! Size and start: a run in a block of the caller's memory.
//!
//! bluegrad_memory_size says how large the block must be. The block starts at the first multiple of BLUEGRAD_MEMORY_ALIGN in the memory:
//! malloc(bluegrad_memory_size(&config) + BLUEGRAD_MEMORY_ALIGN) always has room for it. bluegrad_init starts a run from noise,
//! bluegrad_load_* from a given mask, bluegrad_open takes one up from a saved copy of its block. Each gives a generator, which is the
//! block's address: nothing is allocated, and there is nothing to free but the memory.

use crate::border;
use crate::configure::{bluegrad_config, check, read};
use crate::generator::bluegrad_generator;
use crate::region::{self, Region, bluegrad_region};
use crate::status::*;
use bluegrad::recipe::Start;
use bluegrad::{Config, Generator, Layout};
use core::ffi::c_void;

/// Bytes of memory that a run needs, a multiple of BLUEGRAD_MEMORY_ALIGN. 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with _SPECTRAL.
///
/// 0 if the configuration is invalid; bluegrad_config_check says why.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_memory_size(config: *const bluegrad_config) -> usize {
    // SAFETY: the caller's promise.
    let config = unsafe { read(config) }.ok().filter(|config| check(config).is_ok());
    config.and_then(|config| Layout::new(&config).ok()).map_or(0, |layout| layout.bytes())
}

/// Starts a run in a block; gives the number of ties.
type Begin<'a> = &'a dyn Fn(&mut [u8], &Config) -> Result<u32, bluegrad_status>;

/// Starts a run in a block, and writes its address.
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
    let layout = Layout::new(&config).map_err(code)?;
    // SAFETY: the caller's promise.
    let block = unsafe { border::block(memory, size, layout.bytes()) }?;
    let generator = block.as_mut_ptr();
    let begun = begin(block, &config)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(out, generator.cast()) }?;
    Ok(begun)
}

/// Starts a run from noise of the configuration's seed. It takes about as long as a step.
///
/// memory: the block starts at its first multiple of BLUEGRAD_MEMORY_ALIGN, is overwritten, and belongs to the run as long as the run is
/// used. size: bytes of memory, from the block's start on at least bluegrad_memory_size. config: is copied. out: gets the generator, the
/// block's address; NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _LENGTH of the memory, _ALIGNMENT if
/// more bytes or another start would do,
/// _WRONG_START if the configuration starts from a mask; _SIZE, _LAYERS, _FLAT_ONLY, _TRANSFORM_SIZE, _STAGE_COUNT, _STEP_COUNT, _NUMBER,
/// _PROFILE, _NOT_POSITIVE, _REACH, _FEATURE and _DISTRIBUTION_TABLE of the configuration.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_init(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    let begin = |block: &mut [u8], config: &Config| Generator::init(block, config).map(|_| 0).map_err(code);
    // SAFETY: the caller's promise.
    of(unsafe { start(memory, size, config, out, &begin) }.map(drop))
}

/// Starts a run from a given mask: from `value` of each element, of a type `T`.
///
/// # Safety
/// As `start`.
unsafe fn load<T: bytemuck::AnyBitPattern>(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    (values, size, region): (*const T, usize, *const bluegrad_region),
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: impl Fn(&T) -> f32,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        let element = size_of::<T>();
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(values, size / element) }?;
        border::apart(values, size, block.0, block.1)?;
        // SAFETY: the caller's promise.
        let region = unsafe { region::read(region) }?;
        let value = |i: usize| given.get(i).map_or(0.0, &value);
        // SAFETY: the caller's promise.
        unsafe { load_by(block, config, (size, region, element), (ties, out), &value) }
    };
    of(run())
}

/// The same for every type of values: `value(i)` is that of the element i in memory, of which there are `size` bytes.
///
/// # Safety
/// As `start`.
unsafe fn load_by(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    (size, region, element): (usize, bluegrad_region, usize),
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: &dyn Fn(usize) -> f32,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, 0) }?;
    let begin = |block: &mut [u8], config: &Config| {
        check(config).map_err(code)?;
        if config.recipe.start != Start::Mask {
            return Err(BLUEGRAD_ERROR_WRONG_START);
        }
        let (shape, count) = (config.shape, config.shape.elements());
        let region = Region::new(region, shape, element)?;
        if region.layers.len() * region.channels.len() < shape.planes() {
            return Err(BLUEGRAD_ERROR_PLANE);
        }
        if size < region.size {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        // sizes of elements are powers of two
        let shift = element.trailing_zeros();
        let (channels, height) = (region.channels.len(), shape.height as usize);
        let row = shape.width as usize * channels;
        let apart = |i: usize| {
            // here the compiler must see that nothing is divided by 0
            let (row, height, channels) = (row.max(1), height.max(1), channels.max(1));
            let (layer, y, pixel, channel) = (i / row / height, i / row % height, i % row / channels, i % channels);
            let first = layer * region.layer_stride + y * region.row_stride + pixel * region.pixel_stride;
            value((first >> shift) + channel)
        };
        // without a gap an element's index is that of its place
        let value = if region.size == count * element { value } else { &apart };
        Generator::init_with_mask_by(block, config, count, value).map(|(_, ties)| ties).map_err(code)
    };
    // SAFETY: the caller's promise.
    let counted = unsafe { start(block.0, block.1, config, out, &begin) }?;
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, counted) }
}

/// Starts a run from a given mask of 8-bit values, to refine it. The configuration starts from a mask (bluegrad_config_refine).
///
/// Only the order of the values in each channel of each layer counts; the seed breaks ties at random.
///
/// values: one for each element, in the order layer, row, column, channel, not in the run's memory. values_size: bytes there, at least
/// those from the first element to the end of the last, as in bluegrad_read_u8. region: the distance of pixels, rows and layers; NULL: no gaps.
/// ties: gets the sum, over the channels of all layers, of the number of pixels minus the number of distinct values; may be NULL. memory,
/// size, config and out: as in bluegrad_init.
/// Errors: those of bluegrad_init, where _WRONG_START means a start from noise; _STARTS_TWICE; _PLANE of a region that is not the whole
/// mask, _STRIDE; _LENGTH of the values too; _OVERLAP.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u8(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u8,
    values_size: usize,
    region: *const bluegrad_region,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, values_size, region), (ties, out), |value| f32::from(*value)) }
}

/// Starts a run from a given mask of 16-bit values. Otherwise as bluegrad_load_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u16(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u16,
    values_size: usize,
    region: *const bluegrad_region,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, values_size, region), (ties, out), |value| f32::from(*value)) }
}

/// Starts a run from a given mask of floats; BLUEGRAD_ERROR_NUMBER if one is not finite. Otherwise as bluegrad_load_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_f32(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const f32,
    values_size: usize,
    region: *const bluegrad_region,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, values_size, region), (ties, out), |value| *value) }
}

/// Starts a run from the ranks of a mask, those of bluegrad_read_ranks for instance. Otherwise as bluegrad_load_u8.
///
/// Only the order counts, so any numbers below 2^24 are exact; larger numbers are rounded to the nearest float.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_ranks(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u32,
    values_size: usize,
    region: *const bluegrad_region,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, values_size, region), (ties, out), |value| *value as f32) }
}

/// Reopens a run from its block, or from a copy of the block's bytes. Nothing is written to the block.
///
/// A SIMD level that this CPU lacks becomes the best that it has.
///
/// memory: starts at a multiple of BLUEGRAD_MEMORY_ALIGN. size: bytes of memory, at least those of the run. out: gets the generator, NULL
/// after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED of out, _ALIGNMENT, _LENGTH, _NOT_A_GENERATOR, _FEATURE. A damaged header is found; other
/// damage leads to a wrong mask or an error, and nothing worse.
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
