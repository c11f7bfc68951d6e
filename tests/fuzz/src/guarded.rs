//! Memory of an exact length at an exact alignment, whose surroundings are known.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::slice;

const GUARD: u8 = 0xA5;
/// What a block must start at a multiple of.
const ALIGN: usize = 64;

/// Bytes between guards. Without guards behind them the allocation ends with them, so that the sanitizer sees a read past them too.
pub struct Guarded {
    start: *mut u8,
    layout: Layout,
    before: usize,
    len: usize,
}

impl Guarded {
    /// `len` bytes that start `offset` bytes past a multiple of 64; with `behind`, 64 bytes follow that no call may change.
    #[must_use]
    pub fn new(len: usize, offset: usize, behind: bool) -> Self {
        let before = ALIGN + offset % ALIGN;
        let size = before + len + if behind { ALIGN } else { 0 };
        let layout = Layout::from_size_align(size, ALIGN).expect("sizes here are small");
        // SAFETY: the size is not 0.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        // SAFETY: so many bytes are there.
        unsafe { start.write_bytes(GUARD, size) };
        Self { start, layout, before, len }
    }

    /// The first of them.
    #[must_use]
    pub fn pointer<T>(&self) -> *mut T {
        self.start.wrapping_add(self.before).cast()
    }

    /// Them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: they are there, written to, and the caller's as long as this lives.
        unsafe { slice::from_raw_parts(self.pointer(), self.len) }
    }

    /// Them, to change.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.pointer(), self.len) }
    }

    /// Panics if something around them was written to.
    pub fn check(&self) {
        // SAFETY: as above.
        let all = unsafe { slice::from_raw_parts(self.start, self.layout.size()) };
        let around = all[..self.before].iter().chain(&all[self.before + self.len..]);
        assert!(around.into_iter().all(|byte| *byte == GUARD), "wrote outside of a buffer of {} bytes", self.len);
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: of `new`.
        unsafe { dealloc(self.start, self.layout) };
    }
}
