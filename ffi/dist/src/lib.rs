//! The libraries that C links: the functions of `bluegrad-ffi`, and what a program without Rust's `std` must bring.

// Of the profile `dev`, which unwinds for the tests' sake, it is linted only: there `std` brings the panic handler.
#![cfg_attr(panic = "abort", no_std)]
#![allow(unsafe_code, reason = "the panic handler of the link proof")]

pub use bluegrad_ffi::*;

/// Nothing panics: `ffi/prove` links a program that would not link if something could.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(feature = "prove")]
    {
        unsafe extern "C" {
            /// Defined nowhere.
            fn bluegrad_a_panic_path_survives() -> !;
        }
        // SAFETY: a program with this call in it does not link.
        unsafe { bluegrad_a_panic_path_survives() }
    }
    #[cfg(not(feature = "prove"))]
    loop {}
}
