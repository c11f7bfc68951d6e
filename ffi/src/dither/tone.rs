//! Tables of tones: positions of samples among any output values.

use crate::border;
use crate::status::*;
use bluegrad::dither::{Mix, Tone};
use core::mem::MaybeUninit;

/// The tone of C.
///
/// # Safety
/// `values` is NULL, misaligned or readable.
unsafe fn tone<'a>(
    values: *const u16,
    count: usize,
    mix: MaybeUninit<Mix>,
    pixels: u32,
) -> Result<Tone<'a>, bluegrad_status> {
    let mix = border::choice(mix)?;
    // SAFETY: the caller's promise.
    Tone::new(unsafe { border::slice(values, count) }?, mix, pixels).map_err(code)
}

/// Makes a table for BLUEGRAD_LEVELS_TABLE: the position of every input among the output values.
///
/// values: output values as 16-bit codes, each above the one before; an 8-bit code counts 257 times. count: 2 to 256. mix:
/// BLUEGRAD_MIX_CODES: means of codes are right; BLUEGRAD_MIX_LIGHT: means of sRGB light. pixels: width*height of the mask for 16-bit
/// thresholds, 256 for 8-bit texels; the counts of pixels are exact for it. table: gets the table, 256 words for 8-bit samples, 65536 for
/// 16-bit samples and floats. length: its words.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _LEVELS for the count, _VALUES that do not rise, _NUMBER for pixels outside
/// 1 to 2^24, _LENGTH, _OVERLAP.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_tone_fill(
    values: *const u16,
    count: usize,
    mix: MaybeUninit<Mix>,
    pixels: u32,
    table: *mut u32,
    length: usize,
) -> bluegrad_status {
    let run = || {
        border::apart(values, count.saturating_mul(2), table, length.saturating_mul(4))?;
        // SAFETY: the caller's promise.
        let tone = unsafe { tone(values, count, mix, pixels) }?;
        // SAFETY: the caller's promise, and they lie apart.
        let table = unsafe { border::slice_mut(table, length) }?;
        if length == 256 { tone.fill::<u8>(table) } else { tone.fill::<u16>(table) }.map_err(code)
    };
    of(run())
}

/// Makes a table of 512 words for BLUEGRAD_LEVELS_PAIRS: 256 positions with slopes, for 16-bit samples where 256 KiB are too much.
///
/// values: as in bluegrad_tone_fill, and multiples of 257, or BLUEGRAD_ERROR_NUMBER. pairs: gets 512 words. Its means are off by at most
/// 1.001/(2*pixels) of a step in codes for a power of two of pixels, by up to .01 of a step more in light. The others, errors and threads:
/// as bluegrad_tone_fill.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_tone_fill_pairs(
    values: *const u16,
    count: usize,
    mix: MaybeUninit<Mix>,
    pixels: u32,
    pairs: *mut u32,
) -> bluegrad_status {
    let run = || {
        border::apart(values, count.saturating_mul(2), pairs, 512 * 4)?;
        // SAFETY: the caller's promise.
        let tone = unsafe { tone(values, count, mix, pixels) }?;
        // SAFETY: the caller's promise, and they lie apart; a pair is two words.
        tone.fill_pairs(unsafe { border::slice_mut(pairs.cast(), 256) }?).map_err(code)
    };
    of(run())
}
