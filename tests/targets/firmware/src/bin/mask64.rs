//! A 64x64 mask for dithering.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod program;

/// Pixels of a row, and rows.
#[cfg(target_os = "none")]
const SIDE: usize = 64;

/// There is nothing to do where there is an operating system.
#[cfg(not(target_os = "none"))]
fn main() {}
