//! Make: a whole mask by one call, in scratch memory at any address.
//!
//! bluegrad_make_memory_size says how much scratch memory a mask of a preset needs, and malloc's will do. For slices of a frame, other
//! recipes, layers, channels and saved runs there are the calls below: configure, init, step, read.
//!
//! bluegrad_make_dither_* and bluegrad_make_spectral_* make the presets of one family with the code of that family alone: a program that
//! calls no others, and is linked with the option that drops unused sections (-Wl,--gc-sections), is smaller.

use crate::border;
use crate::status::*;
use bluegrad::recipe::{AllStages, DitherStages, SpectralStages, Stages};
use bluegrad::{Config, Error, Generator, Layout, MEMORY_ALIGN, Mask, Preset, Range};
use core::ffi::c_void;
use core::mem::MaybeUninit;

/// What the caller asks for.
#[derive(Clone, Copy)]
struct Wanted {
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
}

impl Wanted {
    fn config(self) -> Result<(Config, Layout), bluegrad_status> {
        let preset = border::choice(self.preset)?;
        let config = Config { seed: self.seed, ..Config::new(preset, self.width, self.height) };
        let layout = Layout::new(&config).map_err(code)?;
        Ok((config, layout))
    }
}

/// Writes a finished mask into a slice of one element each.
type Write<'a, T> = &'a dyn Fn(&Mask<'_>, &mut [T]) -> Result<(), Error>;

/// Makes a mask in the caller's memory with the code of a set of stages, and writes the mask.
///
/// # Safety
/// Each pointer is NULL, misaligned, or as the functions' descriptions say.
unsafe fn make<S: Stages, T: bytemuck::Pod>(
    (memory, memory_size): (*mut c_void, usize),
    wanted: Wanted,
    (to, size): (*mut T, usize),
    write: Write<'_, T>,
) -> bluegrad_status {
    let run = || {
        let (config, layout) = wanted.config()?;
        let count = config.shape.elements();
        if size < count * size_of::<T>() {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        border::apart(to, size, memory, memory_size)?;
        // SAFETY: the caller's promise.
        let block = unsafe { border::block(memory, memory_size, layout.bytes()) };
        // SAFETY: the caller's promise, and apart from the memory.
        let to = unsafe { border::slice_mut(to, count) }?;
        // of memory at any address all that can be wrong is the size
        let block =
            block.map_err(|status| if status == BLUEGRAD_ERROR_ALIGNMENT { BLUEGRAD_ERROR_LENGTH } else { status })?;
        let generator = Generator::run::<S>(block, &config).map_err(code)?;
        write(&generator.mask().map_err(code)?, to).map_err(code)
    };
    of(run())
}

/// Bytes of scratch memory that bluegrad_make_* needs, wherever the memory starts. 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with
/// _SPECTRAL.
///
/// 0 for an unknown preset, and for a width or height that no mask of the preset has; bluegrad_make_* says why.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_make_memory_size(preset: MaybeUninit<Preset>, width: u32, height: u32) -> usize {
    let config = Wanted { preset, width, height, seed: 0 }.config();
    config.map_or(0, |(_, layout)| layout.bytes() + MEMORY_ALIGN - 1)
}

/// Makes a mask of a preset as 8-bit values floor(256*rank/n), n = width*height: each of the 256 equally often where 256 divides n.
///
/// memory: scratch, at any address; it is overwritten, and free again after the call. memory_size: its bytes, at least
/// bluegrad_make_memory_size. preset: one of BLUEGRAD_PRESET_*. width, height: 8 to 4096; of BLUEGRAD_PRESET_SPECTRAL and _PUBLISHED powers
/// of two from 16. seed: any number; another seed gives another mask. to: gets the values, row by row, not in the memory. size: bytes at
/// `to`, at least width*height.
/// Errors: BLUEGRAD_ERROR_UNKNOWN_VALUE of the preset, _SIZE, _TRANSFORM_SIZE, _NULL, _MISALIGNED of `to`, _LENGTH of either buffer,
/// _OVERLAP. An error leaves `to` as it is.
/// May be called from any thread, with different memory at the same time. The floating-point environment must round to nearest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_u8(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u8,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<AllStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_u8(to)) }
}

/// Makes a mask of a preset as 16-bit values floor(65536*rank/n). size: at least 2*width*height. Otherwise as bluegrad_make_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_u16(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u16,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<AllStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_u16(to)) }
}

/// Makes a mask of a preset as uniform floats (rank + 1/2)/n, below 1. size: at least 4*width*height. Otherwise as bluegrad_make_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_f32(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut f32,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe {
        make::<AllStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_f32(to, Range::Unit))
    }
}

/// Makes a mask of a preset as ranks, each number from 0 to n - 1 once. size: at least 4*width*height. Otherwise as bluegrad_make_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_ranks(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u32,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<AllStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_ranks(to)) }
}

/// Makes a mask as bluegrad_make_u8 does, for the presets of fill and polish alone: BLUEGRAD_PRESET_DITHER, _DITHER_FAST, _DITHER_CLASSIC, _DITHER_BEST,
/// _DITHER_SMOOTH, _DITHER_NEAR, _TRIANGULAR, _SPACE_TIME and _SPACE_TIME_WIDE.
///
/// Parameters and errors: as bluegrad_make_u8, and BLUEGRAD_ERROR_FEATURE for another preset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_dither_u8(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u8,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<DitherStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_u8(to)) }
}

/// Makes a mask as bluegrad_make_ranks does, for the presets of bluegrad_make_dither_u8. Parameters and errors: as there, for 32-bit ranks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_dither_ranks(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u32,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<DitherStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_ranks(to)) }
}

/// Makes a mask as bluegrad_make_u8 does, for the presets of the spectral objective: BLUEGRAD_PRESET_SPECTRAL and _PUBLISHED.
///
/// Parameters and errors: as bluegrad_make_u8, and BLUEGRAD_ERROR_FEATURE for another preset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_spectral_u8(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u8,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<SpectralStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_u8(to)) }
}

/// Makes a mask as bluegrad_make_ranks does, for the presets of bluegrad_make_spectral_u8. Parameters and errors: as there, for 32-bit ranks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_make_spectral_ranks(
    memory: *mut c_void,
    memory_size: usize,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
    seed: u64,
    to: *mut u32,
    size: usize,
) -> bluegrad_status {
    let wanted = Wanted { preset, width, height, seed };
    // SAFETY: the caller's promise.
    unsafe { make::<SpectralStages, _>((memory, memory_size), wanted, (to, size), &|mask, to| mask.write_ranks(to)) }
}
