//! Ranks that a run starts from: of noise, or of given values.

use super::counting::{count, scatter, take};
use super::fixed::{self, COUNTERS};
use super::key as float_key;
use crate::memory::{Carver, bytes_of};
use rand_core::Rng;

/// Bytes of the work space of [`from_noise`] and [`from_values`].
pub(crate) const fn bytes(pixels: usize) -> usize {
    2 * bytes_of::<u32>(pixels) + bytes_of::<u32>(COUNTERS)
}

/// Cuts a work space into values, order and counters.
fn work(memory: &mut [u8], pixels: usize) -> Option<(&mut [i32], &mut [u32], &mut [u32; COUNTERS])> {
    let mut memory = Carver::new(memory);
    Some((memory.take(pixels)?, memory.take(pixels)?, memory.one()?))
}

/// Computes ranks of noise, one draw per pixel, row by row. None if the work space is too small.
///
/// A draw's upper 24 bits are the value, of which the sort's key has the upper 23. Equal keys rank by index.
pub(crate) fn from_noise<R: Rng>(rng: &mut R, memory: &mut [u8], ranks: &mut [u32]) -> Option<()> {
    let (values, order, counters) = work(memory, ranks.len())?;
    for value in values.iter_mut() {
        *value = (rng.next_u32() >> 8) as i32;
    }
    fixed::ranks(values, order, counters, ranks);
    Some(())
}

/// Bits per digit of the sort of floats: three digits make 32 bits.
const FLOAT_DIGIT: u32 = 11;

/// Ranks given values, equal ones in the order of `rng`'s noise. None if the work space is too small.
///
/// `value(i)` is the value of pixel i. Returns the number of pixels minus the number of distinct values.
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
    scatter(counters, first, second, |index| digit(index, 0));
    scatter(counters, second, first, |index| digit(index, FLOAT_DIGIT));
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

/// Writes the index of each rank.
fn invert(ranks: &[u32], indices: &mut [u32]) {
    debug_assert!(ranks.len() == indices.len(), "one index a rank");
    for (index, rank) in (0..).zip(ranks) {
        debug_assert!((*rank as usize) < indices.len(), "ranks were made by a sort of as many values");
        if let Some(to) = indices.get_mut(*rank as usize) {
            *to = index;
        }
    }
}
