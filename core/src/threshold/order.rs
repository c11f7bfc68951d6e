//! From fixed-point values to ranks and back.

use crate::memory::{Carver, bytes_of};
use crate::rank::key as float_key;
use rand_core::Rng;

/// One in the fixed-point format of values: x in [0, 1) is x·2²⁴.
pub(crate) const ONE: i32 = 1 << 24;

/// Bits of a digit of the sort.
const DIGIT: u32 = 12;

/// Counters of the sort.
pub(crate) const COUNTERS: usize = 1 << DIGIT;

/// The value of a rank: the middle of its place, `(2·rank + 1)/2n`.
#[inline(always)]
pub(crate) fn value(rank: u32, pixels: usize) -> i32 {
    ((2 * u64::from(rank) + 1) * (1 << 23) / (pixels as u64).max(1)) as i32
}

/// What values are sorted by: 24 bits for −1/16 ≤ x < 2 − 1/16; what lies outside counts as the nearest end.
#[inline(always)]
fn key(value: i32) -> usize {
    (value.clamp(-(1 << 20), (1 << 25) - 1 - (1 << 20)) + (1 << 20)) as usize >> 1
}

/// The values of ranks.
pub(crate) fn values(ranks: &[u32], values: &mut [i32]) {
    let pixels = ranks.len();
    for (value, rank) in values.iter_mut().zip(ranks) {
        *value = self::value(*rank, pixels);
    }
}

/// The ranks of values, equal ones by position: a radix sort by two digits. `order` has one element a value.
pub(crate) fn ranks(values: &[i32], order: &mut [u32], counters: &mut [u32; COUNTERS], ranks: &mut [u32]) {
    let digit = |value: i32, shift: u32| (key(value) >> shift) & (COUNTERS - 1);
    count(counters, values.iter().map(|value| digit(*value, 0)));
    for (index, value) in (0..).zip(values) {
        if let Some(to) = order.get_mut(take(counters, digit(*value, 0))) {
            *to = index;
        }
    }
    count(counters, values.iter().map(|value| digit(*value, DIGIT)));
    for index in order {
        let value = values.get(*index as usize).copied().unwrap_or_default();
        let rank = take(counters, digit(value, DIGIT));
        if let Some(to) = ranks.get_mut(*index as usize) {
            *to = rank as u32;
        }
    }
}

/// Counters become the first place of each digit.
fn count(counters: &mut [u32; COUNTERS], digits: impl Iterator<Item = usize>) {
    counters.fill(0);
    for digit in digits {
        if let Some(counter) = counters.get_mut(digit) {
            *counter += 1;
        }
    }
    let mut sum = 0;
    for counter in counters {
        sum += core::mem::replace(counter, sum);
    }
}

/// The next place of a digit.
#[inline(always)]
fn take(counters: &mut [u32; COUNTERS], digit: usize) -> usize {
    match counters.get_mut(digit) {
        Some(counter) => {
            *counter += 1;
            *counter as usize - 1
        }
        None => 0,
    }
}

/// Bytes of the work space of [`from_noise`] and [`from_values`].
pub(crate) const fn bytes(pixels: usize) -> usize {
    2 * bytes_of::<u32>(pixels) + bytes_of::<u32>(COUNTERS)
}

/// Values, order and counters of a work space.
fn work(memory: &mut [u8], pixels: usize) -> Option<(&mut [i32], &mut [u32], &mut [u32; COUNTERS])> {
    let mut memory = Carver::new(memory);
    Some((memory.take(pixels)?, memory.take(pixels)?, memory.one()?))
}

/// Ranks of noise: one draw a pixel, row by row, of which the upper 23 bits count; equal ones by position. (A draw's upper 24 bits are
/// the value, and the sort's key has no room for the lowest of them.) None if the work space is too small.
pub(crate) fn from_noise<R: Rng>(rng: &mut R, memory: &mut [u8], ranks: &mut [u32]) -> Option<()> {
    let (values, order, counters) = work(memory, ranks.len())?;
    for value in values.iter_mut() {
        *value = (rng.next_u32() >> 8) as i32;
    }
    self::ranks(values, order, counters, ranks);
    Some(())
}

/// Bits of a digit of the sort of floats: three make 32.
const FLOAT_DIGIT: u32 = 11;

/// Ranks of given values, `value(i)` each, equal ones in the order of `rng`'s noise. Gives the number of pixels whose value an
/// earlier one has too.
pub(crate) fn from_values<R: Rng>(
    value: impl Fn(usize) -> f32,
    rng: &mut R,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Option<u32> {
    from_noise(rng, memory, ranks)?;
    let (first, second, counters) = work(memory, ranks.len())?;
    let first: &mut [u32] = bytemuck::must_cast_slice_mut(first);
    invert(ranks, first);
    let at = |index: u32| value(index as usize);
    let digit = |index: u32, shift: u32| ((float_key(at(index)) >> shift) & ((1 << FLOAT_DIGIT) - 1)) as usize;
    for shift in [0, FLOAT_DIGIT] {
        let (from, to) = if shift == 0 { (&*first, &mut *second) } else { (&*second, &mut *first) };
        count(counters, from.iter().map(|index| digit(*index, shift)));
        for index in from {
            if let Some(to) = to.get_mut(take(counters, digit(*index, shift))) {
                *to = *index;
            }
        }
    }
    count(counters, first.iter().map(|index| digit(*index, 2 * FLOAT_DIGIT)));
    for index in &*first {
        let rank = take(counters, digit(*index, 2 * FLOAT_DIGIT));
        if let Some(to) = ranks.get_mut(*index as usize) {
            *to = rank as u32;
        }
    }
    invert(ranks, first);
    let ties = first.windows(2).filter(|pair| matches!(pair, [a, b] if at(*a) == at(*b)));
    Some(ties.count() as u32)
}

/// The index that has each rank.
fn invert(ranks: &[u32], indices: &mut [u32]) {
    for (index, rank) in (0..).zip(ranks) {
        if let Some(to) = indices.get_mut(*rank as usize) {
            *to = index;
        }
    }
}
