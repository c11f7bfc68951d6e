//! libplacebo's masks through its C interface, declared in <libplacebo/dither.h>: void-and-cluster, N x N floats in [0, 1), N a
//! power of two up to 256. It draws from C's `rand`, so `srand` before a call makes a mask that is the same each time.

use super::Masks;
use super::library::{open, symbol};
use std::ffi::{CStr, c_char, c_int, c_uint};

/// "no larger than 256", says its header.
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
            // 0 and 1 are the same seed to glibc
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
