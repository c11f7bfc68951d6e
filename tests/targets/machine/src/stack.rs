//! How deep the stack was: what is below it is painted, and later scanned for paint.

const PAINT: u32 = 0x6275_6C62;
/// What is left bare below the frame that paints: room for an interrupt.
const SLACK: usize = 256;

unsafe extern "C" {
    /// The end of all static memory, from the linker script of `cortex-m-rt` and `riscv-rt`.
    static mut __sheap: u32;
    /// Where the stack begins, and grows down from.
    static _stack_start: u32;
}

/// The words of free memory, from the end of static memory.
fn floor() -> *mut u32 {
    &raw mut __sheap
}

/// Where the stack ends now.
#[inline(always)]
fn pointer() -> usize {
    let pointer: usize;
    // SAFETY: it reads a register.
    unsafe {
        #[cfg(target_arch = "arm")]
        core::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
        #[cfg(target_arch = "riscv32")]
        core::arch::asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}

/// Paints what the stack does not use now.
#[inline(never)]
pub fn paint() {
    let end = pointer() - SLACK;
    let mut at = floor();
    while (at as usize) < end {
        // SAFETY: between static memory and the stack lies free memory: nothing allocates.
        unsafe { at.write_volatile(PAINT) };
        at = at.wrapping_add(1);
    }
}

/// Bytes of stack that were used at most since [`paint`], those of the caller and of `main` with them.
#[must_use]
pub fn used() -> usize {
    let end = (&raw const _stack_start) as usize;
    let mut at = floor();
    // SAFETY: as in `paint`; reading stops at the stack's own words at the latest, for they end before `_stack_start`.
    while (at as usize) < end && unsafe { at.read_volatile() } == PAINT {
        at = at.wrapping_add(1);
    }
    end - at as usize
}
