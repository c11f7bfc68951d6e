//! Versions of header, library and algorithm; sizes of structs; SIMD level of this CPU.
//!
//! bluegrad_sizeof_* are for languages that do not read this header: what sizeof says in C, in bytes, as the library was compiled.
//!
//! The same configuration and the same algorithm version give the same bytes on every machine. A program that stores seeds rather than
//! masks stores the algorithm version with them.

use crate::configure::{bluegrad_config, bluegrad_stage};
use crate::dither::bluegrad_dither;
use crate::measure::{bluegrad_quality, bluegrad_volume_quality};
use crate::region::bluegrad_region;
use crate::step::bluegrad_jobs;
use crate::text::{self, Texts, texts_of};
use bluegrad::recipe::Powers;
use bluegrad::{ALGORITHM_VERSION, Distribution, Filters, Losses, Report, Shape, SimdLevel};
use core::ffi::c_char;

static NAMES: Texts<{ SimdLevel::ALL.len() }, 16> = texts_of!(SimdLevel::ALL, SimdLevel::name);

/// Major part of the version of this header.
pub const BLUEGRAD_VERSION_MAJOR: u32 = 0;
/// Minor part of the version of this header.
pub const BLUEGRAD_VERSION_MINOR: u32 = 1;
/// Patch part of the version of this header.
pub const BLUEGRAD_VERSION_PATCH: u32 = 0;
/// The version of this header: major*65536 + minor*256 + patch.
pub const BLUEGRAD_VERSION: u32 = 256;

const _: () = {
    let packed = (BLUEGRAD_VERSION_MAJOR << 16) | (BLUEGRAD_VERSION_MINOR << 8) | BLUEGRAD_VERSION_PATCH;
    assert!(BLUEGRAD_VERSION == packed);
};

/// The version of the library that is linked, packed as BLUEGRAD_VERSION: major*65536 + minor*256 + patch. While major is 0 a
/// program must see the same major and minor number here as in the header that it was compiled with. May be called from any
/// thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_version() -> u32 {
    BLUEGRAD_VERSION
}

/// The algorithm version of the library that is linked, see BLUEGRAD_ALGORITHM_VERSION. Store it beside a seed where the same mask
/// must come again later. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_algorithm_version() -> u32 {
    ALGORITHM_VERSION
}

/// The name of the best instruction set that both this CPU and this build have: "scalar", "sse2", "sse4.2", "avx2", "avx512",
/// "neon" or "simd128". It changes the speed only, never a byte of a result. The text is static. May be called from any thread at
/// any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_simd_level() -> *const c_char {
    let best = SimdLevel::detect();
    let number = SimdLevel::ALL.iter().position(|level| *level == best);
    debug_assert!(number.is_some(), "the list has every level");
    text::at(&NAMES, number.unwrap_or_default() as u32)
}

/// sizeof(bluegrad_config), bytes: the struct_size of bluegrad_config and bluegrad_config_default too. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_config() -> usize {
    size_of::<bluegrad_config>()
}

/// sizeof(bluegrad_dither), bytes: the struct_size of bluegrad_dither and bluegrad_dither_default too. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_dither() -> usize {
    size_of::<bluegrad_dither>()
}

/// sizeof(bluegrad_stage), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_stage() -> usize {
    size_of::<bluegrad_stage>()
}

/// sizeof(bluegrad_shape), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_shape() -> usize {
    size_of::<Shape>()
}

/// sizeof(bluegrad_distribution), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_distribution() -> usize {
    size_of::<Distribution>()
}

/// sizeof(bluegrad_filters), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_filters() -> usize {
    size_of::<Filters>()
}

/// sizeof(bluegrad_powers), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_powers() -> usize {
    size_of::<Powers>()
}

/// sizeof(bluegrad_region), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_region() -> usize {
    size_of::<bluegrad_region>()
}

/// sizeof(bluegrad_jobs), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_jobs() -> usize {
    size_of::<bluegrad_jobs>()
}

/// sizeof(bluegrad_report), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_report() -> usize {
    size_of::<Report>()
}

/// sizeof(bluegrad_losses), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_losses() -> usize {
    size_of::<Losses>()
}

/// sizeof(bluegrad_quality), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_quality() -> usize {
    size_of::<bluegrad_quality>()
}

/// sizeof(bluegrad_volume_quality), bytes. May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_sizeof_volume_quality() -> usize {
    size_of::<bluegrad_volume_quality>()
}
