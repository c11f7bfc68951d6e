//! Texts that end with a NUL, and texts put together in the caller's buffer.

use core::ffi::c_char;

/// `COUNT` texts, each ended by a NUL, of at most `BYTES` bytes with it.
pub(crate) type Texts<const COUNT: usize, const BYTES: usize> = [[u8; BYTES]; COUNT];

/// Texts as C strings. Used where a constant is made: a text that is too long does not compile.
pub(crate) const fn terminated_all<const COUNT: usize, const BYTES: usize>(
    texts: &[&str; COUNT],
) -> Texts<COUNT, BYTES> {
    let mut all = [[0; BYTES]; COUNT];
    let mut i = 0;
    while i < COUNT {
        assert!(texts[i].len() < BYTES, "a text and its NUL fit");
        let mut j = 0;
        while j < texts[i].len() {
            all[i][j] = texts[i].as_bytes()[j];
            j += 1;
        }
        i += 1;
    }
    all
}

/// The text that a `const fn` gives of each element of an array, as C strings.
macro_rules! texts_of {
    ($all:expr, $text:path) => {{
        let mut texts = [""; $all.len()];
        let mut i = 0;
        while i < texts.len() {
            texts[i] = $text($all[i]);
            i += 1;
        }
        $crate::text::terminated_all(&texts)
    }};
}
pub(crate) use texts_of;

/// The text of a number, NULL past the last.
pub(crate) fn at<const BYTES: usize>(texts: &'static [[u8; BYTES]], number: u32) -> *const c_char {
    texts.get(number as usize).map_or(core::ptr::null(), |text| text.as_ptr().cast())
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
