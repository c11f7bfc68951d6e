//! The presets and their names.

use crate::border;
use crate::status::*;
use crate::text::{c_text, equals};
use bluegrad::Preset;
use core::ffi::c_char;

/// A configuration that comes with the library: one of BLUEGRAD_PRESET_*.
///
/// One question decides: does the picture depend on the noise linearly? If not (dithering, ambient occlusion, shadows, stochastic
/// transparency, importance sampling), take BLUEGRAD_PRESET_DITHER or BLUEGRAD_PRESET_DITHER_SMOOTH. If so (noise that is added over 16
/// output levels or more, small offsets), take BLUEGRAD_PRESET_SPECTRAL, whose thresholded patterns are nearly white.
/// In an animation add the golden ratio, 0.618034, to each value in [0, 1), modulo 1, each frame, rather than move the mask by an
/// offset. Figures: docs/choosing.md.
pub type bluegrad_preset = u32;

/// Dithering and every nonlinear use: each thresholded pattern is blue. 64x64 in about a millisecond.
pub const BLUEGRAD_PRESET_DITHER: bluegrad_preset = 0;
/// The same with about half of the polish, for load time within a frame.
pub const BLUEGRAD_PRESET_DITHER_FAST: bluegrad_preset = 1;
/// Dithering, ahead of void-and-cluster in each of its own strongholds.
pub const BLUEGRAD_PRESET_DITHER_CLASSIC: bluegrad_preset = 2;
/// Dithering, six times the time for the last tenths of a decibel.
pub const BLUEGRAD_PRESET_DITHER_BEST: bluegrad_preset = 3;
/// Nonlinear and linear uses of one mask: the patterns are blue, and the grey mask is dark at low frequencies.
pub const BLUEGRAD_PRESET_DITHER_SMOOTH: bluegrad_preset = 4;
/// Dithering that is looked at closely: the least error at the finest blur.
pub const BLUEGRAD_PRESET_DITHER_NEAR: bluegrad_preset = 5;
/// Dithering by gradient descent alone, from noise.
pub const BLUEGRAD_PRESET_DITHER_GRADIENT: bluegrad_preset = 6;
/// Ulichney's void-and-cluster (1993), exact.
pub const BLUEGRAD_PRESET_VOID_AND_CLUSTER: bluegrad_preset = 7;
/// Noise that enters linearly: the grey mask itself is blue, its patterns are nearly white. Sides are powers of two from 16.
pub const BLUEGRAD_PRESET_SPECTRAL: bluegrad_preset = 8;
/// The published gradient-descent method, constant for constant: 100 000 steps. Sides are powers of two from 16.
pub const BLUEGRAD_PRESET_PUBLISHED: bluegrad_preset = 9;
/// Presets of this header: they count from 0.
pub const BLUEGRAD_PRESET_COUNT: bluegrad_preset = 10;

const _: () = {
    assert!(BLUEGRAD_PRESET_COUNT as usize == Preset::ALL.len());
    let mut i = 0;
    while i < Preset::ALL.len() {
        assert!(Preset::ALL[i] as usize == i);
        i += 1;
    }
};

/// The preset of a number.
pub(crate) fn preset(number: bluegrad_preset) -> Result<Preset, bluegrad_status> {
    Preset::ALL.get(number as usize).copied().ok_or(BLUEGRAD_ERROR_UNKNOWN_VALUE)
}

/// A C string of each preset.
macro_rules! of_each {
    ($preset:expr, $text:ident) => {
        match $preset {
            Ok(Preset::Dither) => c_text!(Preset::Dither.$text()),
            Ok(Preset::DitherFast) => c_text!(Preset::DitherFast.$text()),
            Ok(Preset::DitherClassic) => c_text!(Preset::DitherClassic.$text()),
            Ok(Preset::DitherBest) => c_text!(Preset::DitherBest.$text()),
            Ok(Preset::DitherSmooth) => c_text!(Preset::DitherSmooth.$text()),
            Ok(Preset::DitherNear) => c_text!(Preset::DitherNear.$text()),
            Ok(Preset::DitherGradient) => c_text!(Preset::DitherGradient.$text()),
            Ok(Preset::VoidAndCluster) => c_text!(Preset::VoidAndCluster.$text()),
            Ok(Preset::Spectral) => c_text!(Preset::Spectral.$text()),
            Ok(Preset::Published) => c_text!(Preset::Published.$text()),
            _ => core::ptr::null(),
        }
    };
}

/// The name of a preset, "dither" for instance, as the command line has it; NULL for a number that is none, so that a loop from 0
/// to the first NULL lists those of the library that is linked. The text is static. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_preset_name(preset: bluegrad_preset) -> *const c_char {
    of_each!(self::preset(preset), name)
}

/// One line of English: what a preset is for; NULL for a number that is none. The text is static. May be called from any thread at
/// any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_preset_purpose(preset: bluegrad_preset) -> *const c_char {
    of_each!(self::preset(preset), purpose)
}

/// Finds the preset of a name, "dither" for instance.
///
/// name: ends with a NUL. out: gets the preset.
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE if no preset has that name.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_preset_by_name(name: *const c_char, out: *mut bluegrad_preset) -> bluegrad_status {
    if name.is_null() {
        return BLUEGRAD_ERROR_NULL;
    }
    // SAFETY: the caller's promise: it ends with a NUL.
    let found = Preset::ALL.into_iter().find(|preset| unsafe { equals(name, preset.name()) });
    let Some(preset) = found else { return BLUEGRAD_ERROR_UNKNOWN_VALUE };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, preset as u32) })
}
