//! Cortex-M: the count comes from SysTick.

use core::sync::atomic::{AtomicU32, Ordering};
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{Peripherals, SYST};
use cortex_m_rt::{ExceptionFrame, exception};

/// Nanoseconds, so instructions, of a tick: both boards, mps2-an386 and mps2-an500, have 25 MHz.
const INSTRUCTIONS_A_TICK: u64 = 40;
const LAST_TICK: u32 = 0x00FF_FFFF;

static WRAPS: AtomicU32 = AtomicU32::new(0);

#[exception]
fn SysTick() {
    // the only writer
    WRAPS.store(WRAPS.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
}

/// Ends, so that an emulator does not run on for ever.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    crate::println!("hard fault at {:#x}", frame.pc());
    crate::exit(1)
}

/// Starts the count.
pub fn start() {
    if let Some(mut peripherals) = Peripherals::take() {
        let timer = &mut peripherals.SYST;
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(LAST_TICK);
        timer.clear_current();
        timer.enable_interrupt();
        timer.enable_counter();
    }
}

/// Instructions since the start, to 40.
#[must_use]
pub fn instructions() -> u64 {
    loop {
        let before = WRAPS.load(Ordering::Relaxed);
        let ticks = LAST_TICK - SYST::get_current();
        if WRAPS.load(Ordering::Relaxed) == before {
            return ((u64::from(before) << 24) + u64::from(ticks)) * INSTRUCTIONS_A_TICK;
        }
    }
}
