//! The golden cases behind a C ABI, one at a time, so that the caller can time them: for `main.c` and for `wasm.mjs`.

#![no_std]

use bluegrad::SimdLevel;
use bluegrad_cases::{COUNT, Case, MEMORY};
use core::fmt::{self, Write};

/// How many cases there are.
#[unsafe(no_mangle)]
pub extern "C" fn cases_count() -> usize {
    COUNT
}

/// Bytes that [`cases_run`] wants, at a multiple of 64.
#[unsafe(no_mangle)]
pub extern "C" fn cases_memory() -> usize {
    MEMORY
}

/// Whether this machine has the level that the core numbers so.
#[unsafe(no_mangle)]
pub extern "C" fn cases_has_level(level: u32) -> bool {
    level_of(level).is_some_and(SimdLevel::is_supported)
}

/// Runs a case at a level and writes its line; gives its length, 0 if it could not be run or the line has no room.
///
/// # Safety
/// `memory` starts [`cases_memory`] bytes, and `line` so many as `room` says, which nobody else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cases_run(index: usize, level: u32, memory: *mut u8, line: *mut u8, room: usize) -> usize {
    // SAFETY: the caller's promise.
    let (memory, line) =
        unsafe { (core::slice::from_raw_parts_mut(memory, MEMORY), core::slice::from_raw_parts_mut(line, room)) };
    let mut text = Text { line, len: 0 };
    let outcome = level_of(level).map(|level| Case::new(index).run(level, memory));
    match outcome {
        Some(Ok(outcome)) if write!(text, "{outcome}").is_ok() => text.len,
        _ => 0,
    }
}

fn level_of(number: u32) -> Option<SimdLevel> {
    SimdLevel::ALL.into_iter().find(|level| *level as u32 == number)
}

/// Text in a buffer of fixed length.
struct Text<'a> {
    line: &'a mut [u8],
    len: usize,
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.line.get_mut(self.len..self.len + text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
