//! RISC-V counts instructions itself.

/// Starts the count: it always runs.
pub fn start() {}

/// Instructions since the start.
#[must_use]
pub fn instructions() -> u64 {
    riscv::register::minstret::read64()
}
