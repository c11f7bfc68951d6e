//! Texts that end with a NUL, and texts put together in the caller's buffer.

use core::ffi::c_char;

/// A `&'static str` constant as a C string.
macro_rules! c_text {
    ($text:expr) => {{
        const TEXT: &str = $text;
        static BYTES: [u8; TEXT.len() + 1] = $crate::text::terminated(TEXT);
        BYTES.as_ptr().cast::<core::ffi::c_char>()
    }};
}
pub(crate) use c_text;

/// The bytes of a text and a NUL; `N` is one more than its length.
pub(crate) const fn terminated<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < text.len() && i < N {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}

/// Writes pieces one after the other, cut off where the buffer ends but for its NUL.
pub(crate) fn write(to: &mut [u8], pieces: &[&[u8]]) {
    let room = to.len().saturating_sub(1);
    let mut bytes = pieces.iter().copied().flatten().copied().take(room);
    for byte in to {
        *byte = bytes.next().unwrap_or(0);
    }
}

/// Whether a C string is `text`.
///
/// # Safety
/// `string` ends with a NUL.
pub(crate) unsafe fn equals(string: *const c_char, text: &str) -> bool {
    let mut at = string;
    for byte in text.bytes() {
        // SAFETY: no byte before this one was the NUL, for no text has one.
        if unsafe { at.read() } as u8 != byte {
            return false;
        }
        at = at.wrapping_add(1);
    }
    // SAFETY: as above.
    unsafe { at.read() == 0 }
}
