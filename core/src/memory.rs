//! The caller's block of memory: alignment, and cutting into typed buffers.

use bytemuck::Pod;

/// Required alignment of a block and of each buffer in it, in bytes.
pub const MEMORY_ALIGN: usize = 64;

/// 64 aligned bytes: `[Line; N]` is a block of memory with the right alignment.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
pub struct Line([u8; MEMORY_ALIGN]);

impl Line {
    /// All zeros.
    pub const ZERO: Self = Self([0; MEMORY_ALIGN]);

    /// Returns lines as bytes, to read.
    #[must_use]
    pub fn as_bytes(lines: &[Self]) -> &[u8] {
        bytemuck::must_cast_slice(lines)
    }

    /// Returns lines as bytes.
    #[must_use]
    pub fn as_bytes_mut(lines: &mut [Self]) -> &mut [u8] {
        bytemuck::must_cast_slice_mut(lines)
    }
}

/// Bytes of a buffer of `count` elements in a block, rounded up to a multiple of [`MEMORY_ALIGN`].
pub(crate) const fn bytes_of<T>(count: usize) -> usize {
    (count * size_of::<T>()).next_multiple_of(MEMORY_ALIGN)
}

/// Cuts a block of memory into typed buffers, front to back.
///
/// The size of a block is the sum of [`bytes_of`] its buffers, so `None` means that the block is too short or misaligned.
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
/// Checksum of a block's header: FNV-1a, 32 bits.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
