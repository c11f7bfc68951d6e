//! Tables of palettes: RGB to 2 to 64 colours.

use crate::border;
use crate::status::*;
use crate::text;
use bluegrad::dither::palette::{Fit, PaletteConfig, build, named, words};
use core::ffi::c_char;
use core::mem::MaybeUninit;

/// Words of a palette's table, of 2 bytes each: 2 to 64 colours, 9, 17 or 33 nodes an axis. 0 for other numbers. 6 colours: 5198 words at 9
/// nodes, 26118 at 17. 17 are enough for most; 33 follow a large palette more closely.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_palette_words(colors: usize, nodes: u32) -> usize {
    words(colors, nodes).unwrap_or(0)
}

/// Builds the table of a palette, for bluegrad_dither: about 0.3 s for 6 colours at 17 nodes. A firmware takes a table that was built
/// before, as a constant array of little-endian words; the same input gives the same words on every machine.
///
/// colors: the colours as the display shows them, 3 bytes of sRGB each; measured ones give the best result. No two may be the same. count:
/// 2 to 64. The output counts them. fit: BLUEGRAD_FIT_NONE: colours that the palette cannot mix become the nearest ones.
/// BLUEGRAD_FIT_PANEL: black becomes the darkest colour of the palette, white the lightest, all between in proportion of light. grain:
/// weight of noise against the error of the mean, 0 to 1: 0 gives exact means; 0.002 is a good choice. nodes: as in
/// bluegrad_palette_words. table: gets the words. length: their number, bluegrad_palette_words.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _COLORS, _SAME_COLORS, _NODES, _NUMBER for the grain, _LENGTH, _OVERLAP.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_palette_build(
    colors: *const u8,
    count: usize,
    fit: MaybeUninit<Fit>,
    grain: f32,
    nodes: u32,
    table: *mut u16,
    length: usize,
) -> bluegrad_status {
    let run = || {
        let fit = border::choice(fit)?;
        border::apart(colors, count.saturating_mul(3), table, length.saturating_mul(2))?;
        // SAFETY: the caller's promise; a colour is three bytes.
        let colors = unsafe { border::slice(colors.cast::<[u8; 3]>(), count) }?;
        let config = PaletteConfig { colors, fit, grain, nodes };
        config.check().map_err(code)?;
        // SAFETY: the caller's promise, and they lie apart.
        build(&config, unsafe { border::slice_mut(table, length) }?).map_err(code)
    };
    of(run())
}

/// Finds a built-in palette: "spectra-6" for instance.
///
/// name: as on the command line, ends with a NUL. shown: NULL, or gets the colours as the device shows them, for bluegrad_palette_build:
/// 3 bytes each, room for 64. nominal: NULL, or gets the colours as the device is sent them. count: gets the number of colours.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE if no palette has that name, and for "web-safe", which has more colours: six
/// even levels of red, green and blue. After an error nothing is written.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_palette_by_name(
    name: *const c_char,
    shown: *mut u8,
    nominal: *mut u8,
    count: *mut usize,
) -> bluegrad_status {
    let run = || {
        if name.is_null() {
            return Err(BLUEGRAD_ERROR_NULL);
        }
        border::check_len(count, 1)?;
        // SAFETY: the caller's promise: it ends with a NUL.
        let found = named::NAMED.iter().find(|palette| unsafe { text::equals(name, palette.name) });
        let palette = found.filter(|palette| palette.levels.is_none()).ok_or(BLUEGRAD_ERROR_UNKNOWN_VALUE)?;
        for (to, colors) in [(shown, palette.shown), (nominal, palette.nominal)] {
            if !to.is_null() {
                // SAFETY: the caller's promise: room for 64 colours.
                let to = unsafe { border::slice_mut(to.cast::<[u8; 3]>(), colors.len()) }?;
                for (to, color) in to.iter_mut().zip(colors) {
                    *to = *color;
                }
            }
        }
        // SAFETY: the caller's promise.
        unsafe { border::write(count, palette.nominal.len()) }
    };
    of(run())
}
