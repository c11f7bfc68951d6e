//! Ranks of fixed-point values (Q24), and values of ranks.

use super::counting::{count, take};

/// 1 in Q24, the format of values.
pub(crate) const ONE: i32 = 1 << 24;

/// Bits per digit of the sort.
const DIGIT: u32 = 12;

/// Number of counters of the sort.
pub(crate) const COUNTERS: usize = 1 << DIGIT;

/// Returns the value of a rank, `(2·rank + 1)/2n` in Q24, rounded down.
#[inline(always)]
pub(crate) fn value(rank: u32, pixels: usize) -> i32 {
    debug_assert!(pixels > 0, "the number of pixels of a mask");
    ((2 * u64::from(rank) + 1) * (1 << 23) / (pixels as u64).max(1)) as i32
}

/// Returns the 24-bit sort key of a value: Q23 from −1/16 to 2 − 1/16. A value outside has the key of the nearest end.
#[inline(always)]
fn key(value: i32) -> usize {
    (value.clamp(-(1 << 20), (1 << 25) - 1 - (1 << 20)) + (1 << 20)) as usize >> 1
}

/// Computes the value of each rank.
pub(crate) fn values(ranks: &[u32], values: &mut [i32]) {
    let pixels = ranks.len();
    for (value, rank) in values.iter_mut().zip(ranks) {
        *value = self::value(*rank, pixels);
    }
}

/// Ranks values by a radix sort of two digits, equal ones by index. `order` is work space of one element per value.
pub(crate) fn ranks(values: &[i32], order: &mut [u32], counters: &mut [u32; COUNTERS], ranks: &mut [u32]) {
    debug_assert!(values.len() == order.len() && values.len() == ranks.len(), "one element a value");
    let digit = |value: i32, shift: u32| (key(value) >> shift) & (COUNTERS - 1);
    count(counters, values.iter().map(|value| digit(*value, 0)));
    for (index, value) in (0..).zip(values) {
        if let Some(to) = order.get_mut(take(counters, digit(*value, 0))) {
            *to = index;
        }
    }
    count(counters, values.iter().map(|value| digit(*value, DIGIT)));
    for index in order {
        // `order` holds each index once, written above
        let value = values.get(*index as usize).copied().unwrap_or_default();
        let rank = take(counters, digit(value, DIGIT));
        if let Some(to) = ranks.get_mut(*index as usize) {
            *to = rank as u32;
        }
    }
}
