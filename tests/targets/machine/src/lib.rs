//! What a program without an operating system needs under an emulator: lines out and an exit by semihosting, a count of instructions,
//! and how much of the stack was used.
//!
//! Instructions, not cycles: QEMU with `-icount shift=0` lets one nanosecond of its clock pass for each.

#![no_std]

#[cfg(all(target_arch = "arm", target_os = "none"))]
mod arm;
#[cfg(all(target_arch = "riscv32", target_os = "none"))]
mod riscv;
#[cfg(target_os = "none")]
mod stack;

#[cfg(all(target_arch = "arm", target_os = "none"))]
pub use arm::{instructions, start};
#[cfg(all(target_arch = "riscv32", target_os = "none"))]
pub use riscv::{instructions, start};
#[cfg(target_os = "none")]
pub use semihosting::{print, println, process::exit};
#[cfg(target_os = "none")]
pub use stack::{paint, used};

/// Says where and ends with status 1.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    if let Some(place) = info.location() {
        println!("panic: {}:{}", place.file(), place.line());
    }
    exit(1)
}
