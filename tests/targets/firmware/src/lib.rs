//! A firmware that makes its own blue-noise mask when it starts, in static memory, and dithers by it for a display of 1 bit a pixel.
//! Where the emulator's lines go, a real one would have its display and its log.

#![no_std]

#[cfg(target_os = "none")]
mod display;
#[cfg(target_os = "none")]
mod make;

#[cfg(target_os = "none")]
pub use display::show;
#[cfg(target_os = "none")]
pub use make::make;
