//! Ranks of the placements of a round.
//!
//! A placement is a key: the upper 32 bits say what it is ranked by, the lower 32 bits are its pixel's index.

use crate::simd::{Kernel, Lanes, SimdLevel, Words};
use crate::sort::counting::scatter;

/// Most placements that are ranked by comparing all pairs; more are ranked by a radix sort.
const FEW: usize = 64;

/// Index of a placement's pixel.
#[inline(always)]
pub(super) const fn pixel(key: u64) -> usize {
    key as u32 as usize
}

/// Gives the pixels of placements the ranks from `first` on, in rising order of their keys.
///
/// The lowest `sorted_bits` bits, a multiple of 8, need no sort: keys that differ there alone come in rising order. `work` is as long as
/// `keys`; the order of `keys` changes.
pub(crate) fn rank(
    level: SimdLevel,
    keys: &mut [u64],
    work: &mut [u64],
    sorted_bits: u32,
    first: u32,
    ranks: &mut [u32],
) {
    if keys.len() <= FEW {
        return level.run(RankFew { keys, first, ranks });
    }
    debug_assert!(keys.len() == work.len(), "work space for all keys");
    let any = keys.first().copied().unwrap_or_default();
    let differ = keys.iter().fold(0, |bits, key| bits | (key ^ any));
    let (mut from, mut to) = (keys, work);
    let mut counters = [0; 256];
    for shift in (sorted_bits..u64::BITS).step_by(8) {
        // a digit that all keys share needs no pass
        if (differ >> shift) as u8 != 0 {
            scatter(&mut counters, from, to, |key| usize::from((key >> shift) as u8));
            (from, to) = (to, from);
        }
    }
    for (rank, key) in (first..).zip(&*from) {
        if let Some(to) = ranks.get_mut(pixel(*key)) {
            *to = rank;
        }
    }
}

/// Ranks a few placements: the rank is the number of lesser keys.
struct RankFew<'a> {
    keys: &'a [u64],
    first: u32,
    ranks: &'a mut [u32],
}

impl Kernel for RankFew<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        for own in self.keys {
            let mut before = 0;
            for key in self.keys {
                before += u32::from(key < own);
            }
            if let Some(rank) = self.ranks.get_mut(pixel(*own)) {
                *rank = self.first.wrapping_add(before);
            }
        }
    }
}
