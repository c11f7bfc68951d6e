//! Indices of `f64` in the order of their values.

use super::counting::scatter;

/// Number of values of a digit: 8 bits.
const DIGITS: usize = 256;

/// Returns an unsigned key in the order of the floats; −0 counts as 0.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    bits ^ (((bits as i64 >> 63) as u64) | 1 << 63)
}

/// Writes the indices of `values` to `order`, by rising value, equal ones by index.
///
/// `spare` is work space of the same length. A stable radix sort, least significant digit first. A digit that is the same in all keys takes
/// no pass: values of 8 bits need two or three of the eight passes.
pub(crate) fn sort(values: &[f64], order: &mut [u32], spare: &mut [u32]) {
    debug_assert!(values.len() == order.len() && values.len() == spare.len(), "one element a value");
    for (index, to) in (0..).zip(order.iter_mut()) {
        *to = index;
    }
    let at = |index: u32| values.get(index as usize).map_or(0, |value| key(*value));
    let first = at(0);
    let differ = values.iter().fold(0, |differ, value| differ | (key(*value) ^ first));
    let (mut from, mut to) = (order, spare);
    let mut swapped = false;
    for shift in (0..64).step_by(8).filter(|shift| (differ >> shift) as u8 != 0) {
        scatter(&mut [0; DIGITS], from, to, |index| (at(index) >> shift) as u8 as usize);
        core::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
    if swapped {
        // an odd number of passes: the sorted list, `from`, is `spare`
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    }
}
