//! Versions of header, library and algorithm; SIMD level of this CPU.
//!
//! The same configuration and the same algorithm version give the same bytes on every machine. A program that stores seeds rather than
//! masks stores the algorithm version with them.

use crate::text::{self, Texts, texts_of};
use bluegrad::{ALGORITHM_VERSION, SimdLevel};
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
