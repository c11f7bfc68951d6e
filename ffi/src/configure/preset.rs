//! Names of the presets.

use crate::border;
use crate::status::*;
use crate::text::{self, Texts, texts_of};
use bluegrad::Preset;
use core::ffi::c_char;
use core::mem::MaybeUninit;

static NAMES: Texts<{ Preset::ALL.len() }, 32> = texts_of!(Preset::ALL, Preset::name);

static PURPOSES: Texts<{ Preset::ALL.len() }, 128> = texts_of!(Preset::ALL, Preset::purpose);

/// Name of a preset, "dither" for instance, as on the command line. NULL for a number that is no preset, so that a loop from 0 to the
/// first NULL lists the presets of the library that is linked. The text is static.
///
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_preset_name(preset: MaybeUninit<Preset>) -> *const c_char {
    text::at(&NAMES, border::word(preset))
}

/// What a preset is for, in one line of English; NULL for a number that is no preset. The text is static.
///
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_preset_purpose(preset: MaybeUninit<Preset>) -> *const c_char {
    text::at(&PURPOSES, border::word(preset))
}

/// Finds the preset of a name, "dither" for instance.
///
/// name: ends with a NUL. out: gets the preset.
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE if no preset has that name.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_preset_by_name(name: *const c_char, out: *mut Preset) -> bluegrad_status {
    if name.is_null() {
        return BLUEGRAD_ERROR_NULL;
    }
    // SAFETY: the caller's promise: it ends with a NUL.
    let found = Preset::ALL.into_iter().find(|preset| unsafe { text::equals(name, preset.name()) });
    let Some(preset) = found else { return BLUEGRAD_ERROR_UNKNOWN_VALUE };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, preset) })
}
