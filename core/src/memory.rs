//! The caller's block of memory: its alignment, and cutting it into typed buffers.

use bytemuck::Pod;

/// Required alignment of a block of memory, in bytes; each buffer in a block starts at a multiple of it.
pub const MEMORY_ALIGN: usize = 64;

/// 64 bytes that start at a multiple of 64: `[Line; N]` is a block of memory with the right alignment.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
pub struct Line([u8; MEMORY_ALIGN]);

impl Line {
    /// All zeros.
    pub const ZERO: Self = Self([0; MEMORY_ALIGN]);

    /// The bytes of lines.
    #[must_use]
    pub fn as_bytes_mut(lines: &mut [Self]) -> &mut [u8] {
        bytemuck::must_cast_slice_mut(lines)
    }
}

/// Bytes that a buffer of `count` elements takes in a block: up to the next multiple of [`MEMORY_ALIGN`].
pub(crate) const fn bytes_of<T>(count: usize) -> usize {
    (count * size_of::<T>()).next_multiple_of(MEMORY_ALIGN)
}

/// Cuts a block of memory into typed buffers, front to back.
///
/// Lengths come from the functions that make the size of the block ([`bytes_of`]), so `None` means a block that is too short or
/// misaligned.
pub(crate) struct Carver<'m> {
    rest: &'m mut [u8],
}

impl<'m> Carver<'m> {
    pub(crate) fn new(memory: &'m mut [u8]) -> Self {
        Self { rest: memory }
    }

    /// Cuts off `count` elements and the padding after them: [`bytes_of`] bytes.
    pub(crate) fn take<T: Pod>(&mut self, count: usize) -> Option<&'m mut [T]> {
        let (head, tail) = core::mem::take(&mut self.rest).split_at_mut_checked(bytes_of::<T>(count))?;
        self.rest = tail;
        bytemuck::try_cast_slice_mut(head.get_mut(..count * size_of::<T>())?).ok()
    }

    /// Cuts off one element and the padding after it.
    pub(crate) fn one<T: Pod>(&mut self) -> Option<&'m mut T> {
        self.take(1)?.first_mut()
    }
}
