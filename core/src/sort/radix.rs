//! Exact ranks by a stable radix sort of the floats' bits, least significant digit first (Knuth, TAOCP vol. 3, 5.2.5).
//!
//! Three digits of 11, 11 and 10 bits, counted in one pass over the values. The time does not depend on the values.

use super::{Give, Sink, keyed};

/// Bits of a digit.
const BITS: u32 = 11;
/// Number of values of a digit.
const DIGITS: usize = 1 << BITS;
/// Number of counters: one for each value of each digit.
pub(crate) const COUNTERS: usize = 3 * DIGITS;

/// Digit `pass` of the key, which is the upper half of `keyed`.
#[inline(always)]
fn digit(keyed: u64, pass: u32) -> usize {
    (keyed >> (32 + BITS * pass)) as usize & (DIGITS - 1)
}

/// Ranks `values`. `first` and `second` are work space of one element per value.
pub(super) fn rank<G: Give>(
    values: &[f32],
    first: &mut [u64],
    second: &mut [u64],
    counters: &mut [u32; COUNTERS],
    sink: &mut Sink<'_, G>,
) {
    debug_assert!(first.len() == values.len() && second.len() == values.len(), "one element a value");
    const { assert!(COUNTERS == 3 * DIGITS) };
    let (starts, _) = counters.as_chunks_mut::<DIGITS>();
    let [starts0, starts1, starts2] = starts else { return };
    for starts in [&mut *starts0, &mut *starts1, &mut *starts2] {
        starts.fill(0);
    }
    for (index, value) in values.iter().enumerate() {
        let keyed = keyed(*value, index);
        starts0[digit(keyed, 0)] += 1;
        starts1[digit(keyed, 1)] += 1;
        starts2[digit(keyed, 2)] += 1;
    }
    for starts in [&mut *starts0, &mut *starts1, &mut *starts2] {
        let mut sum = 0;
        for start in starts {
            let count = *start;
            *start = sum;
            sum += count;
        }
    }
    for (index, value) in values.iter().enumerate() {
        let keyed = keyed(*value, index);
        if let Some(to) = first.get_mut(take(starts0, digit(keyed, 0))) {
            *to = keyed;
        }
    }
    for keyed in first.iter().take(values.len()) {
        if let Some(to) = second.get_mut(take(starts1, digit(*keyed, 1))) {
            *to = *keyed;
        }
    }
    for keyed in second.iter().take(values.len()) {
        sink.put(*keyed as u32 as usize, take(starts2, digit(*keyed, 2)));
    }
}

/// Returns the next position of a digit.
///
/// Apart from `counting::take`: with an array of known length the remainder proves the index, without a branch.
#[inline(always)]
fn take(starts: &mut [u32; DIGITS], digit: usize) -> usize {
    let start = &mut starts[digit & (DIGITS - 1)];
    let position = *start;
    *start = start.wrapping_add(1);
    position as usize
}
