//! Exact ranks of more values than [`compare`] takes: split into buckets of neighbouring values, which are ranked one by one in the cache.
//!
//! | loop over | does |
//! |---|---|
//! | tiles of 2¹⁶ values | splits the tile's values by bucket, in their order, and keeps the place of each in the tile |
//! | buckets | joins the bucket's parts of all tiles, ranks them, and puts back what is given for each rank |
//! | tiles | takes what is given at the place of each value |
//!
//! Each loop is one for the host's threads. In a bucket that [`compare`] declines the radix sort ranks. [`rank`] declines where a bucket is
//! more than four times as full as it would be if the values spread over the span, or where a value is NaN or infinite.

use super::compare::{self, FindBins, Span, pair};
use super::{COUNTERS, Give, radix};
use crate::jobs::{Chunks, Means, Segment, Segments, Slots, each};

/// Values of a tile.
const TILE: usize = 1 << 16;
/// Most tiles: a side is at most 4096.
const MOST_TILES: usize = (1 << 24) / TILE;
/// How many times as full as others a bucket may be.
const FULL: usize = 4;

/// Number of buckets of n values: of 4096 values each, but no more than there can be streams into a cache.
const fn buckets(n: usize) -> usize {
    match n / 4096 {
        few if few <= 256 => few,
        _ if n <= 1 << 22 => 256,
        _ => 512,
    }
}

/// Elements of the work space of a bucket: values and what they get, 32 bits each, and the work space of the radix sort, which is the
/// larger one.
const fn room(most: usize) -> usize {
    3 * most + COUNTERS / 2
}

/// Writes what is given for the rank of each value to `out` and returns true, or declines and returns false.
///
/// `first` and `second` have one element per value; the number of values is a multiple of 2¹⁶.
pub(super) fn rank<G: Give + Sync>(
    means: Means<'_>,
    values: &[f32],
    span: Span,
    (first, second): (&mut [u64], &mut [u64]),
    give: &G,
    out: &mut [u32],
) -> bool {
    let n = values.len();
    let (tiles, buckets) = (n / TILE, buckets(n));
    if tiles > MOST_TILES || !n.is_multiple_of(TILE) || out.len() != n {
        return false;
    }
    let most = FULL * (n / buckets.max(1));
    // the values by tile and bucket; the ends of the buckets in each tile; the first rank of each bucket
    let Some((split, rest)) = first.split_at_mut_checked(n / 2) else { return false };
    let Some((ends, rest)) = rest.split_at_mut_checked((tiles * buckets).div_ceil(2)) else { return false };
    let Some(firsts) = rest.get_mut(..buckets.div_ceil(2)) else { return false };
    if second.len() < room(most) {
        return false;
    }
    let split: &mut [f32] = bytemuck::must_cast_slice_mut(split);
    let ends: &mut [u32] = bytemuck::must_cast_slice_mut(ends);
    let firsts: &mut [u32] = bytemuck::must_cast_slice_mut(firsts);

    let mut finite = [false; MOST_TILES];
    let mut parts =
        (Chunks::new(out, TILE), Chunks::new(split, TILE), Chunks::new(ends, buckets), Chunks::new(&mut finite, 1));
    each(means.jobs, tiles, &mut parts, |tile, (cells, split, ends, finite)| {
        let values = values.get(tile * TILE..(tile + 1) * TILE).unwrap_or_default();
        let all = means.level.run(FindBins { values, span, bins: buckets, to: cells });
        split_tile(values, cells, split, ends);
        finite.fill(all);
    });
    if !finite.iter().take(tiles).all(|finite| *finite) || !add_up(ends, buckets, firsts, most) {
        return false;
    }
    let (ends, firsts) = (&*ends, &*firsts);
    let Some(segments) = Segments::new(split, TILE, ends, buckets) else { return false };
    let mut parts = (segments, Slots::new(second, room(most)));
    each(means.jobs, buckets, &mut parts, |bucket, (mut segments, mut slot)| {
        let length = span.length / buckets as f32;
        let span = Span { low: span.low + length * bucket as f32, length };
        let give = Above { give, first: firsts.get(bucket).map_or(0, |first| *first as usize) };
        let Some((joined, memory)) = slot.slice().split_at_mut_checked(most) else { return };
        let (values, given) = joined.split_at_mut(most / 2);
        let (values, given) = (bytemuck::must_cast_slice_mut(values), bytemuck::must_cast_slice_mut(given));
        let len = join(&mut segments, tiles, values);
        let (Some(values), Some(given)) = (values.get(..len), given.get_mut(..len)) else { return };
        if !compare::rank(means.level, values, span, memory, &give, given) {
            #[cfg(test)]
            tests::DECLINED.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
            let Some((counters, memory)) = memory.split_at_mut_checked(COUNTERS / 2) else { return };
            let Some((first, memory)) = memory.split_at_mut_checked(len) else { return };
            let Some(second) = memory.get_mut(..len) else { return };
            let Some(counters) = bytemuck::must_cast_slice_mut(counters).first_chunk_mut() else { return };
            radix::rank(values, first, second, counters, &give, given);
        }
        put_back(&mut segments, tiles, given);
    });
    let given: &[u32] = bytemuck::must_cast_slice(split);
    each(means.jobs, tiles, &mut Chunks::new(out, TILE), |tile, cells| {
        let given = given.get(tile * TILE..(tile + 1) * TILE).unwrap_or_default();
        compare::take(given, cells);
    });
    true
}

/// Gives for ranks that count from `first`.
struct Above<'a, G> {
    give: &'a G,
    first: usize,
}

impl<G: Give> Give for Above<'_, G> {
    #[inline(always)]
    fn give(&self, rank: usize) -> u32 {
        self.give.give(self.first + rank)
    }
}

/// Splits a tile's values by bucket. Turns the bucket of each into its place; writes where each bucket ends.
#[inline(never)]
fn split_tile(values: &[f32], cells: &mut [u32], split: &mut [f32], ends: &mut [u32]) {
    ends.fill(0);
    for bucket in &*cells {
        debug_assert!((*bucket as usize) < ends.len(), "values beyond the span are in the outermost buckets");
        let Some(count) = ends.get_mut(*bucket as usize) else { return };
        *count += 1;
    }
    let mut sum = 0;
    for end in &mut *ends {
        sum += core::mem::replace(end, sum);
    }
    // brings the tile into the cache line by line: what is stored next comes in the order of the values
    split.fill(0.0);
    let mut put = |bucket: u32, value: f32| {
        let end = ends.get_mut(bucket as usize)?;
        let place = *end;
        *split.get_mut(place as usize)? = value;
        *end = place + 1;
        Some(place)
    };
    for (cells, values) in cells.as_chunks_mut::<2>().0.iter_mut().zip(values.as_chunks::<2>().0) {
        let (Some(a), Some(b)) = (put(cells[0], values[0]), put(cells[1], values[1])) else { return };
        *cells = pair(a, b);
    }
}

/// Computes the first rank of each bucket. Returns false if a bucket has more than `most` values.
fn add_up(ends: &[u32], buckets: usize, firsts: &mut [u32], most: usize) -> bool {
    firsts.fill(0);
    for ends in ends.chunks_exact(buckets.max(1)) {
        let mut start = 0;
        for (count, end) in firsts.iter_mut().zip(ends) {
            *count += end - start;
            start = *end;
        }
    }
    let (mut sum, mut fullest) = (0, 0);
    for count in firsts {
        fullest = fullest.max(*count);
        sum += core::mem::replace(count, sum);
    }
    fullest as usize <= most
}

/// Joins a bucket's values of all tiles; returns how many there are.
fn join(segments: &mut Segment<'_, f32>, tiles: usize, to: &mut [f32]) -> usize {
    let mut len = 0;
    for tile in 0..tiles {
        let from = segments.row(tile);
        let to = to.get_mut(len..len + from.len()).unwrap_or_default();
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
        len += to.len();
    }
    len
}

/// The inverse of [`join`].
fn put_back(segments: &mut Segment<'_, f32>, tiles: usize, mut from: &[u32]) {
    for tile in 0..tiles {
        let to: &mut [u32] = bytemuck::must_cast_slice_mut(segments.row(tile));
        let (head, tail) = from.split_at_checked(to.len()).unwrap_or_default();
        for (to, from) in to.iter_mut().zip(head) {
            *to = *from;
        }
        from = tail;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::jobs::Serial;
    use crate::simd::SimdLevel;
    use crate::sort::{self, Rank};
    use core::sync::atomic::{AtomicU32, Ordering};
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    /// Number of buckets that the radix sort ranked.
    pub(super) static DECLINED: AtomicU32 = AtomicU32::new(0);

    /// Ranks values; returns how many buckets the radix sort ranked, and `None` if it ranked all values.
    fn declined(values: &[f32]) -> Option<u32> {
        let n = values.len();
        let (mut first, mut second, mut out) = (vec![u64::MAX; n], vec![u64::MAX; n], vec![0; n]);
        let level = SimdLevel::detect();
        DECLINED.store(0, Ordering::Relaxed);
        let span = sort::span(level, values);
        let ranked = rank(Means { level, jobs: &Serial }, values, span, (&mut first, &mut second), &Rank, &mut out);
        ranked.then(|| {
            let mut order: Vec<u32> = (0..n as u32).collect();
            order.sort_by_key(|i| sort::keyed(values[*i as usize], *i as usize));
            assert!(order.iter().zip(0..).all(|(index, rank)| out[*index as usize] == rank), "exact ranks");
            DECLINED.load(Ordering::Relaxed)
        })
    }

    /// A decline would cost time and change no rank: no other test would notice. One test, because the counter is one.
    #[test]
    fn even_values_need_no_other_sort_and_crowded_ones_do() {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(5);
        for n in [2 * TILE, 3 * TILE, 16 * TILE] {
            let mut values: Vec<f32> = (0..n).map(|_| (rng.next_u32() >> 8) as f32 / 8_388_608.0 * 1.3 - 1.3).collect();
            // a wider span than most values need, as in a run that overshoots; the outermost buckets are empty
            for factor in [1.0, 0.9, 1.4] {
                let values: Vec<f32> = values.iter().map(|value| value * factor).collect();
                assert_eq!(declined(&values), Some(0), "{n} values times {factor}");
            }
            for value in &mut values[..2000] {
                *value = 0.001;
            }
            assert_eq!(declined(&values), Some(1), "{n} values, some alike");
            values[n / 2..].fill(0.001);
            assert_eq!(declined(&values), None, "{n} values, half alike");
        }
    }
}
