//! The run behind a pointer.

use crate::border;
use crate::status::*;
use bluegrad::layout::HEADER_BYTES;
use bluegrad::{Generator, MEMORY_ALIGN};

/// A run in a block of the caller's memory, and the address of that block. The block holds no pointer: a copy of its bytes is a
/// snapshot, and bluegrad_open takes the run up there, at another address or on another machine of the same endianness and
/// algorithm version. There is nothing to free: a run is given up by using its memory for something else.
///
/// A generator belongs to one thread at a time, for reading too; different generators are independent.
pub struct bluegrad_generator {
    _opaque: [u8; 0],
}

/// The run behind a pointer.
///
/// # Safety
/// NULL, misaligned, or the start of a block that `bluegrad_init`, `_load_*` or `_open` accepted and that nobody else uses for `'a`.
pub(crate) unsafe fn open<'a>(generator: *const bluegrad_generator) -> Result<Generator<'a>, bluegrad_status> {
    let start = generator.cast::<u8>().cast_mut();
    if !start.is_null() && !(start as usize).is_multiple_of(MEMORY_ALIGN) {
        return Err(BLUEGRAD_ERROR_ALIGNMENT);
    }
    // SAFETY: the caller's promise: each block is at least that long.
    let header = unsafe { border::slice(start.cast_const(), HEADER_BYTES) }?;
    let bytes = Generator::layout_of(header).map_err(code)?.bytes();
    // SAFETY: the header is whole, so it is the one that was accepted with a block of at least this length.
    Generator::open(unsafe { border::slice_mut(start, bytes) }?).map_err(code)
}
