//! A firmware that makes its own blue-noise mask when it starts, in static memory, and dithers by it for a display of 1 bit a pixel; and two
//! that hold a mask as a constant, one for a display of 1 bit, one for a panel of six colours. Where the emulator's lines go, a real one
//! would have its display and its log. On the building machine the latter two show the same picture.

#![no_std]

mod display;
#[cfg(target_os = "none")]
mod make;
mod tables;

pub use display::{show, show_colors};
#[cfg(target_os = "none")]
pub use make::make;
pub use tables::{PALETTE, TEXELS};
