//! From pointers of C to references and slices. What can be seen of a wrong pointer is an error: NULL, a misaligned address, a
//! length that no memory has. What a pointer points to is the caller's promise.

use crate::status::*;
use bluegrad::MEMORY_ALIGN;
use bytemuck::CheckedBitPattern;
use core::ffi::c_void;
use core::mem::MaybeUninit;

/// Neither NULL nor misaligned.
fn check<T>(pointer: *const T) -> Result<(), bluegrad_status> {
    match pointer {
        pointer if pointer.is_null() => Err(BLUEGRAD_ERROR_NULL),
        pointer if !pointer.is_aligned() => Err(BLUEGRAD_ERROR_MISALIGNED),
        _ => Ok(()),
    }
}

/// An error unless so many elements fit an address space and end before its end, from a pointer that [`check`] takes.
pub(crate) fn check_len<T>(pointer: *const T, len: usize) -> Result<(), bluegrad_status> {
    let bytes = len.checked_mul(size_of::<T>()).filter(|bytes| *bytes <= isize::MAX as usize);
    match bytes.and_then(|bytes| (pointer as usize).checked_add(bytes)) {
        Some(_) => check(pointer),
        None => Err(BLUEGRAD_ERROR_LENGTH),
    }
}

/// What a pointer points to.
///
/// # Safety
/// It is NULL, misaligned, or a `T` that may be read for `'a` while nobody writes there.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T) -> Result<&'a T, bluegrad_status> {
    check(pointer)?;
    // SAFETY: checked, and the caller's promise.
    Ok(unsafe { &*pointer })
}

/// A copy of what a pointer points to, if all its choices are known ones.
///
/// # Safety
/// As [`reference`], for a `T` whose words may have any value.
pub(crate) unsafe fn checked<T: CheckedBitPattern>(pointer: *const T) -> Result<T, bluegrad_status> {
    // SAFETY: the caller's promise; the bits of a T have its size and alignment, and any words are such bits.
    let bits = unsafe { reference(pointer.cast::<T::Bits>()) }?;
    if !T::is_valid_bit_pattern(bits) {
        return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE);
    }
    // SAFETY: these bits are a T.
    Ok(unsafe { pointer.read() })
}

/// The word that C passed as a choice, whatever it is.
pub(crate) const fn word<T>(choice: MaybeUninit<T>) -> u32 {
    const { assert!(size_of::<T>() == size_of::<u32>() && align_of::<T>() == align_of::<u32>()) };
    // SAFETY: a word, and C passed all of it.
    unsafe { choice.as_ptr().cast::<u32>().read() }
}

/// A choice that C passed, if it is a known one.
pub(crate) fn choice<T: CheckedBitPattern<Bits = u32>>(choice: MaybeUninit<T>) -> Result<T, bluegrad_status> {
    bytemuck::checked::try_cast(word(choice)).map_err(|_| BLUEGRAD_ERROR_UNKNOWN_VALUE)
}

/// `len` elements.
///
/// # Safety
/// As [`reference`], for all of them.
pub(crate) unsafe fn slice<'a, T: bytemuck::AnyBitPattern>(
    pointer: *const T,
    len: usize,
) -> Result<&'a [T], bluegrad_status> {
    check_len(pointer, len)?;
    // SAFETY: checked, and the caller's promise; any bytes are a T.
    Ok(unsafe { core::slice::from_raw_parts(pointer, len) })
}

/// `len` elements to write.
///
/// # Safety
/// It is NULL, misaligned, or may be written for `'a` while nobody else reads or writes there.
pub(crate) unsafe fn slice_mut<'a, T: bytemuck::AnyBitPattern + bytemuck::NoUninit>(
    pointer: *mut T,
    len: usize,
) -> Result<&'a mut [T], bluegrad_status> {
    check_len(pointer, len)?;
    // SAFETY: checked, and the caller's promise; any bytes are a T.
    Ok(unsafe { core::slice::from_raw_parts_mut(pointer, len) })
}

/// A block of `needed` bytes from the first multiple of [`MEMORY_ALIGN`] on, in memory at any address.
///
/// # Safety
/// As [`slice_mut`].
pub(crate) unsafe fn block<'a>(
    memory: *mut c_void,
    size: usize,
    needed: usize,
) -> Result<&'a mut [u8], bluegrad_status> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { slice_mut(memory.cast::<u8>(), size) }?;
    let gap = (memory as usize).wrapping_neg() % MEMORY_ALIGN;
    let block = bytes.get_mut(gap..).and_then(|rest| rest.get_mut(..needed));
    block.ok_or(if gap == 0 { BLUEGRAD_ERROR_LENGTH } else { BLUEGRAD_ERROR_ALIGNMENT })
}

/// Writes a result.
///
/// # Safety
/// It is NULL, misaligned, or may be written.
pub(crate) unsafe fn write<T: Copy>(to: *mut T, value: T) -> Result<(), bluegrad_status> {
    check(to)?;
    // SAFETY: checked, and the caller's promise.
    unsafe { to.write(value) };
    Ok(())
}

/// Writes a result that the caller may not want.
///
/// # Safety
/// It is NULL, misaligned, or may be written.
pub(crate) unsafe fn write_if_wanted<T: Copy>(to: *mut T, value: T) -> Result<(), bluegrad_status> {
    if to.is_null() {
        return Ok(());
    }
    // SAFETY: the caller's promise.
    unsafe { write(to, value) }
}

/// An error unless two buffers of so many bytes lie apart.
pub(crate) fn apart<A, B>(a: *const A, a_bytes: usize, b: *const B, b_bytes: usize) -> Result<(), bluegrad_status> {
    let (a, b) = (a as usize, b as usize);
    let overlap = a < b.saturating_add(b_bytes) && b < a.saturating_add(a_bytes);
    if overlap { Err(BLUEGRAD_ERROR_OVERLAP) } else { Ok(()) }
}
