//! Versions, and the instruction set that is used.

use crate::text::c_text;
use bluegrad::SimdLevel;
use core::ffi::c_char;

/// Major part of the version of this header.
pub const BLUEGRAD_VERSION_MAJOR: u32 = 0;
/// Minor part of it.
pub const BLUEGRAD_VERSION_MINOR: u32 = 1;
/// Patch part of it.
pub const BLUEGRAD_VERSION_PATCH: u32 = 0;
/// The version of this header: major*65536 + minor*256 + patch.
pub const BLUEGRAD_VERSION: u32 = 256;

const _: () = {
    let packed = (BLUEGRAD_VERSION_MAJOR << 16) | (BLUEGRAD_VERSION_MINOR << 8) | BLUEGRAD_VERSION_PATCH;
    assert!(BLUEGRAD_VERSION == packed);
};

/// The algorithm version of this header: the same configuration and the same number give the same mask, byte for byte, on every
/// machine.
pub const BLUEGRAD_ALGORITHM_VERSION: u32 = 3;

const _: () = assert!(BLUEGRAD_ALGORITHM_VERSION == bluegrad::ALGORITHM_VERSION);

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
    BLUEGRAD_ALGORITHM_VERSION
}

/// The name of the best instruction set that both this CPU and this build have: "scalar", "sse2", "sse4.2", "avx2", "avx512",
/// "neon" or "simd128". It changes the speed only, never a byte of a result. The text is static. May be called from any thread at
/// any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_simd_level() -> *const c_char {
    match SimdLevel::detect() {
        SimdLevel::Sse2 => c_text!(SimdLevel::Sse2.name()),
        SimdLevel::Sse42 => c_text!(SimdLevel::Sse42.name()),
        SimdLevel::Avx2 => c_text!(SimdLevel::Avx2.name()),
        SimdLevel::Avx512 => c_text!(SimdLevel::Avx512.name()),
        SimdLevel::Neon => c_text!(SimdLevel::Neon.name()),
        SimdLevel::Simd128 => c_text!(SimdLevel::Simd128.name()),
        _ => c_text!(SimdLevel::Scalar.name()),
    }
}
