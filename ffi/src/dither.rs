//! Apply: dither rows of pixels with a mask.
//!
//! bluegrad_dither_default describes the mask, the levels and the offset; then each row of a picture is one call: to levels, to 8-bit
//! values, or to packed bits. The rows are independent of each other, so they may be spread over threads.

use crate::border;
use crate::status::*;
use bluegrad::dither::BitOrder;
use bluegrad::{Dither, Shape};
use bytemuck::Zeroable;
use core::mem::MaybeUninit;

/// A mask, the levels to dither to and where the mask lies: all that a row needs. Filled in by bluegrad_dither_default, then free to
/// edit; nothing to free.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct bluegrad_dither {
    /// sizeof(bluegrad_dither): another size is answered as in bluegrad_config.
    pub struct_size: u32,
    /// 1: a row is grey samples; 3: interleaved RGB.
    pub channels: u32,
    /// The mask as 8-bit texels, width*height, row by row without a gap: of bluegrad_read_dither_texels or bluegrad_read_u8. They are
    /// read at each call.
    pub texels: *const u8,
    /// Width of the mask, 1 to 4096 pixels.
    pub width: u32,
    /// Height of the mask, 1 to 4096 pixels.
    pub height: u32,
    /// Levels to dither to, 2 to 256.
    pub levels: u32,
    /// Pixel of the mask that lies over the picture's first: another one gives another frame's noise. It wraps.
    pub x: u32,
    /// As x, downwards.
    pub y: u32,
    /// (x, y) that is added for red, green and blue. All 0: grey stays grey. (0, 0), (width/3, height/3), (2*width/3, 2*height/3): less
    /// noise in the brightness.
    pub channel_offsets: [[u32; 2]; 3],
    /// 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
    pub reserved: [u32; 5],
}

/// Fills in a dither: grey, no offsets. Nothing is checked but the pointer and the size; the calls with rows check the rest.
///
/// out: gets it. struct_size: sizeof(bluegrad_dither). texels, width, height, levels: see bluegrad_dither.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_default(
    out: *mut bluegrad_dither,
    struct_size: u32,
    texels: *const u8,
    width: u32,
    height: u32,
    levels: u32,
) -> bluegrad_status {
    if struct_size as usize != size_of::<bluegrad_dither>() {
        return BLUEGRAD_ERROR_STRUCT_SIZE;
    }
    let (x, y, channel_offsets, reserved) = Zeroable::zeroed();
    let dither =
        bluegrad_dither { struct_size, channels: 1, texels, width, height, levels, x, y, channel_offsets, reserved };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, dither) })
}

/// The core's form of it, and its texels.
///
/// # Safety
/// NULL, misaligned, or readable as far as its `struct_size` says, and its texels readable.
unsafe fn read<'a>(dither: *const bluegrad_dither) -> Result<(Dither<'a>, &'a [u8]), bluegrad_status> {
    // SAFETY: the caller's promise; a dither of any version begins with this word.
    let size = *unsafe { border::reference(dither.cast::<u32>()) }?;
    if size as usize != size_of::<bluegrad_dither>() {
        return Err(BLUEGRAD_ERROR_STRUCT_SIZE);
    }
    // SAFETY: the caller's promise, and the size is this version's.
    let dither = unsafe { border::reference(dither) }?;
    if dither.reserved.iter().any(|word| *word != 0) {
        return Err(BLUEGRAD_ERROR_RESERVED);
    }
    let shape = Shape::new(dither.width, dither.height);
    bluegrad::dither::check(shape).map_err(code)?;
    // SAFETY: the caller's promise.
    let texels = unsafe { border::slice(dither.texels, shape.pixels()) }?;
    let made = match dither.channels {
        1 => Dither::grey(texels, shape, dither.levels),
        3 => Dither::rgb(texels, shape, dither.levels),
        _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
    };
    Ok((made.map_err(code)?.at(dither.x, dither.y).channel_offsets(dither.channel_offsets), texels))
}

/// The dither and the rows of a call.
///
/// # Safety
/// `dither` as [`read`] wants it; each other pointer is NULL, misaligned or valid for its length.
unsafe fn rows<'a>(
    dither: *const bluegrad_dither,
    (row, samples): (*const u8, usize),
    (to, size): (*mut u8, usize),
) -> Result<(Dither<'a>, &'a [u8], &'a mut [u8]), bluegrad_status> {
    // SAFETY: the caller's promise.
    let (dither, texels) = unsafe { read(dither) }?;
    border::apart(row, samples, to, size)?;
    border::apart(texels.as_ptr(), texels.len(), to, size)?;
    // SAFETY: the caller's promise, and they lie apart.
    unsafe { Ok((dither, border::slice(row, samples)?, border::slice_mut(to, size)?)) }
}

/// Dithers a row of 8-bit samples to levels, 0 to levels - 1, one byte for each sample.
///
/// dither: see there. y: the row's number in the picture, from the top. row: its samples, of RGB interleaved. samples: their number, of RGB
/// a multiple of three. to: gets as many levels; it must not overlap the row or the texels.
/// A sample v under a texel t becomes floor((v*(levels - 1) + t')/255), t' = t - (t >= 128): black and white stay as they are.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _DITHER_SIZE, _LEVELS, _UNKNOWN_VALUE for the channels, _LENGTH,
/// _OVERLAP of `to` and the row or the texels.
/// May be called from any thread, for several rows at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_levels(
    dither: *const bluegrad_dither,
    y: u32,
    row: *const u8,
    samples: usize,
    to: *mut u8,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let (dither, row, to) = unsafe { rows(dither, (row, samples), (to, samples)) }?;
        dither.levels(y, row, to).map_err(code)
    };
    of(run())
}

/// Dithers a row to the 8-bit values of the levels, round(255*level/(levels - 1)). Parameters, errors and threads: as
/// bluegrad_dither_levels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_values(
    dither: *const bluegrad_dither,
    y: u32,
    row: *const u8,
    samples: usize,
    to: *mut u8,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let (dither, row, to) = unsafe { rows(dither, (row, samples), (to, samples)) }?;
        dither.values(y, row, to).map_err(code)
    };
    of(run())
}

/// Bytes of a packed row of so many samples: 1, 2, 4 or 8 bits for each, the fewest that hold every level; 0 if the dither is invalid.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_packed_size(dither: *const bluegrad_dither, samples: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe { read(dither) }.map_or(0, |(dither, _)| dither.packed_len(samples))
}

/// Dithers a row to packed levels, sample after sample; the bits that the last byte has left are 0.
///
/// size: bytes of `to`, exactly bluegrad_dither_packed_size. order: one of BLUEGRAD_BIT_ORDER_*. The others, errors and threads: as
/// bluegrad_dither_levels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_pack(
    dither: *const bluegrad_dither,
    y: u32,
    row: *const u8,
    samples: usize,
    to: *mut u8,
    size: usize,
    order: MaybeUninit<BitOrder>,
) -> bluegrad_status {
    let run = || {
        let order = border::choice(order)?;
        // SAFETY: the caller's promise.
        let (dither, row, to) = unsafe { rows(dither, (row, samples), (to, size)) }?;
        dither.pack(y, row, to, order).map_err(code)
    };
    of(run())
}
