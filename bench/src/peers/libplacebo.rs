//! Masks of libplacebo (void-and-cluster), through its C interface <libplacebo/dither.h>.
//!
//! A mask has N x N floats in [0, 1), N a power of two up to 256. libplacebo uses `rand` of C, so `srand` before a call fixes the
//! mask.

use super::Masks;
use super::library::{open, symbol};
use std::ffi::{CStr, c_char, c_int, c_uint};

/// Largest side: "no larger than 256", says the header.
const LARGEST: u32 = 256;

pub(super) fn masks() -> Result<Masks, String> {
    let library = open(&["libplacebo.so".into(), "libplacebo.so.208".into()])?;
    // SAFETY: the declarations of libplacebo's config.h and dither.h, and of C's stdlib.h, which it depends on.
    let (version, generate, srand) = unsafe {
        let version: unsafe extern "C" fn() -> *const c_char = symbol(library, "pl_version")?;
        let generate: unsafe extern "C" fn(*mut f32, c_int) = symbol(library, "pl_generate_blue_noise")?;
        let srand: unsafe extern "C" fn(c_uint) = symbol(library, "srand")?;
        (version, generate, srand)
    };
    // SAFETY: it takes nothing and gives a constant string that ends with 0.
    let version = unsafe { CStr::from_ptr(version()) }.to_string_lossy().into_owned();
    let make = move |seed: u32, side: u32| {
        let mut mask = vec![0.0; side as usize * side as usize];
        // SAFETY: `Masks::make` has checked that the side is a power of two up to 256; the array has side·side floats. `rand`
        // is called by nobody else: the masks are made on one thread.
        unsafe {
            // glibc treats seeds 0 and 1 alike
            srand(seed.wrapping_add(1));
            generate(mask.as_mut_ptr(), side as c_int);
        }
        mask
    };
    Ok(Masks {
        about: format!("{version}, `pl_generate_blue_noise`, `srand(seed + 1)` before each"),
        largest: LARGEST,
        make: Box::new(make),
    })
}
