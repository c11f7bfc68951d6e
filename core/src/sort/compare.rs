//! Exact ranks by a counting sort into narrow bins, then by comparisons with the few neighbours that share a bin.
//!
//! ```text
//! bin(x)  = ⌊(x − low)·B/length⌋                                    B bins for n values, so few values share a bin
//! place   = values of lower bins + values before it in its own bin
//! rank    = place + #{later neighbours that are less} − #{earlier neighbours that are greater}
//! out[i]  = what is given for the rank
//! ```
//!
//! A neighbour is at most as many places away as the fullest bin has values, less one: those of other bins are in order already. Without a
//! branch that depends on values, and nothing moves but the value to its place, and what is given back to its pixel. Equal values keep the
//! order of their indices. [`rank`] declines where too many values share a bin, or where one is NaN or infinite.
//!
//! The loops over single pixels are plain functions: compiled for AVX-512 they would gather and scatter, which takes more than twice the
//! time. They store two elements at a time, because stores are what limits them.

use super::Give;
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words};

/// Largest number of values: places and counts are 16 bits.
pub(super) const MOST: usize = 1 << 16;
/// Most places between neighbours that are compared, and elements before and after the values, where there is none to compare with.
const REACH: usize = 32;
/// Values that are compared at a time.
const BLOCK: usize = 256;
/// Largest number of values with a bin each. More values have half as many bins, whose counts stay in the cache.
const BIN_EACH: usize = 1 << 14;
/// Largest number of values whose places stay in the nearest cache.
const CACHED: usize = 1 << 13;

/// Range of the values. Others are in the outermost bins.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) low: f32,
    pub(crate) length: f32,
}

/// Number of bins of n values, a multiple of 4.
const fn bins(n: usize) -> usize {
    let bins = if n > BIN_EACH { n / 2 } else { n };
    bins.next_multiple_of(4)
}

/// Number of elements of [`Space::near`]: whole lines of values.
const fn near_len(n: usize) -> usize {
    n.next_multiple_of(LANES) + 2 * REACH
}

/// Work space.
struct Space<'a> {
    /// The values by their places, [`REACH`] elements on; then, as bits, what is given for each rank.
    near: &'a mut [f32],
    /// Number of values in each bin, then of those in lower bins.
    counts: &'a mut [u16],
    /// Number of values before each value in its bin, modulo 256.
    numbers: &'a mut [u8],
}

impl<'a> Space<'a> {
    /// Cuts the work space for n values.
    fn new(memory: &'a mut [u64], n: usize) -> Option<Self> {
        let (near, rest) = memory.split_at_mut_checked(near_len(n) / 2)?;
        let (counts, rest) = rest.split_at_mut_checked(bins(n) / 4)?;
        let numbers = rest.get_mut(..n.div_ceil(8))?;
        Some(Self {
            near: bytemuck::must_cast_slice_mut(near),
            counts: bytemuck::must_cast_slice_mut(counts),
            numbers: bytemuck::must_cast_slice_mut(numbers).get_mut(..n)?,
        })
    }
}

/// Writes what is given for the rank of each value to `out` and returns true, or declines and returns false.
///
/// `memory` has at least one element a value, and at least 256.
pub(super) fn rank<G: Give>(
    level: SimdLevel,
    values: &[f32],
    span: Span,
    memory: &mut [u64],
    give: &G,
    out: &mut [u32],
) -> bool {
    let n = values.len();
    if n == 0 || n > MOST || out.len() != n {
        return n == 0;
    }
    let Some(Space { near, counts, numbers }) = Space::new(memory, n) else { return false };
    // `out` holds bins, then places, then what is given
    if !level.run(FindBins { values, span, bins: counts.len(), to: out }) {
        return false;
    }
    count(out, counts, numbers);
    let Some(most) = accumulate(counts, n) else { return false };
    if n > CACHED {
        place::<true>(values, counts, numbers, out, near);
    } else {
        place::<false>(values, counts, numbers, out, near);
    }
    let mut ranks = [[0; LANES]; BLOCK / LANES];
    for first in (0..n).step_by(BLOCK) {
        level.run(Compare { near, first, most, ranks: &mut ranks });
        hand_out(&ranks, give, near, first);
    }
    take(bytemuck::must_cast_slice(near), out);
    true
}

/// Finds the bin of each value. Returns false if a value is NaN or infinite.
pub(super) struct FindBins<'a> {
    pub(super) values: &'a [f32],
    pub(super) span: Span,
    pub(super) bins: usize,
    pub(super) to: &'a mut [u32],
}

impl Kernel for FindBins<'_> {
    type Output = bool;
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> bool {
        let bins = self.bins as f32;
        let (low, scale) = (V::splat(token, self.span.low), V::splat(token, bins / self.span.length));
        // the float below the number of bins, which truncates to the last bin
        let (zero, last) = (V::splat(token, 0.0), V::splat(token, f32::from_bits(bins.to_bits() - 1)));
        let (one, infinite) = (V::splat(token, 1.0), V::splat(token, f32::INFINITY));
        let mut infinities = [0.0; LANES];
        let (values, last_values) = self.values.as_chunks::<LANES>();
        let (to, last_to) = bytemuck::must_cast_slice_mut::<u32, i32>(self.to).as_chunks_mut::<LANES>();
        let (mut line, mut line_to) = ([self.span.low; LANES], [0; LANES]);
        for (line, value) in line.iter_mut().zip(last_values) {
            *line = *value;
        }
        for chunk in 0..V::CHUNKS {
            let mut found = zero;
            for (values, to) in values.iter().zip(&mut *to).chain([(&line, &mut line_to)]) {
                let x = V::load(token, values, chunk);
                found = x.abs().select_less(infinite, found, one);
                let p = (x - low) * scale;
                let p = p.select_less(last, p, last);
                zero.select_less(p, p, zero).split_integer(to, chunk);
            }
            found.store(&mut infinities, chunk);
        }
        for (to, bin) in last_to.iter_mut().zip(line_to) {
            *to = bin;
        }
        infinities == [0.0; LANES]
    }
}

/// Joins two words, which are then stored at once.
#[inline(always)]
pub(super) fn pair(a: u32, b: u32) -> [u32; 2] {
    let (a, b) = (u64::from(a), u64::from(b));
    bytemuck::must_cast(if cfg!(target_endian = "little") { a | b << 32 } else { b | a << 32 })
}

/// Counts the values of each bin, and numbers them.
#[inline(never)]
fn count(bins: &[u32], counts: &mut [u16], numbers: &mut [u8]) {
    counts.fill(0);
    let mut number = |bin: u32| {
        debug_assert!((bin as usize) < counts.len(), "values beyond the span are in the outermost bins");
        let count = counts.get_mut(bin as usize)?;
        let number = *count as u8;
        *count = count.wrapping_add(1);
        Some(number)
    };
    let ((eights, last), (to, last_to)) = (bins.as_chunks::<8>(), numbers.as_chunks_mut::<8>());
    for (bins, to) in eights.iter().zip(to) {
        let mut word = 0;
        for (i, bin) in bins.iter().enumerate() {
            let Some(number) = number(*bin) else { return };
            word |= u64::from(number) << (8 * i);
        }
        *to = word.to_le_bytes();
    }
    for (bin, to) in last.iter().zip(last_to) {
        let Some(number) = number(*bin) else { return };
        *to = number;
    }
}

/// Turns each count into the first place of its bin. Returns the largest count; `None` if it is too large.
///
/// Four counts at a time: their product with a one in each 16 bits has their sums. A place of 2¹⁶ spoils others, but has no value, nor
/// have the places after it.
#[inline(never)]
fn accumulate(counts: &mut [u16], n: usize) -> Option<usize> {
    const ONES: u64 = 0x0001_0001_0001_0001;
    let most = counts.iter().fold(0, |most, count| if *count > most { *count } else { most });
    let mut below = 0_u64;
    for counts in counts.as_chunks_mut::<4>().0 {
        let [a, b, c, d] = counts.map(u64::from);
        let sums = (a | b << 16 | c << 32 | d << 48).wrapping_mul(ONES);
        let starts = (sums << 16).wrapping_add(below.wrapping_mul(ONES));
        *counts = if cfg!(target_endian = "little") {
            bytemuck::must_cast(starts)
        } else {
            [starts as u16, (starts >> 16) as u16, (starts >> 32) as u16, (starts >> 48) as u16]
        };
        below += sums >> 48;
    }
    // 2¹⁶ values in one bin count as none, which the sum tells
    (below == n as u64 && usize::from(most) <= REACH + 1).then_some(most.into())
}

/// Moves each value to its place, and turns bins into places.
///
/// `LOAD`: loads what was there before. A load that misses the cache does not wait for those before it, and a store does.
#[inline(never)]
fn place<const LOAD: bool>(values: &[f32], starts: &[u16], numbers: &[u8], cells: &mut [u32], near: &mut [f32]) {
    let Some((head, rest)) = near.split_at_mut_checked(REACH) else { return };
    let Some((near, tail)) = rest.split_at_mut_checked(values.len()) else { return };
    head.fill(f32::NEG_INFINITY);
    tail.fill(f32::INFINITY);
    let mut loaded = 0;
    let mut put = |bin: u32, number: u8, value: f32| {
        let place = u32::from(*starts.get(bin as usize)?) + u32::from(number);
        let to = near.get_mut(place as usize)?;
        if LOAD {
            loaded ^= to.to_bits();
        }
        *to = value;
        Some(place)
    };
    let ((values, last_values), (numbers, last_numbers)) = (values.as_chunks::<8>(), numbers.as_chunks::<8>());
    let (cells, last_cells) = cells.as_chunks_mut::<8>();
    for ((cells, values), numbers) in cells.iter_mut().zip(values).zip(numbers) {
        for (i, cells) in cells.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let Some(a) = put(cells[0], numbers[2 * i], values[2 * i]) else { return };
            let Some(b) = put(cells[1], numbers[2 * i + 1], values[2 * i + 1]) else { return };
            *cells = pair(a, b);
        }
    }
    for ((cell, value), number) in last_cells.iter_mut().zip(last_values).zip(last_numbers) {
        let Some(place) = put(*cell, *number, *value) else { return };
        *cell = place;
    }
    core::hint::black_box(loaded);
}

/// Computes the ranks of the values at a block's places.
struct Compare<'a> {
    near: &'a [f32],
    first: usize,
    /// Number of values in the fullest bin.
    most: usize,
    ranks: &'a mut [[i32; LANES]; BLOCK / LANES],
}

impl Kernel for Compare<'_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let mut first = self.first;
        for ranks in self.ranks {
            let window = self.near.get(first..).and_then(<[f32]>::first_chunk::<{ REACH + LANES + REACH }>);
            // past the last place
            let Some(window) = window else { return };
            let Some(values) = window.get(REACH..).and_then(<[f32]>::first_chunk) else { return };
            let (mut own, mut counts) = ([V::splat(token, 0.0); LANES], [V::count_from(token, 0); LANES]);
            for chunk in 0..V::CHUNKS {
                own[chunk] = V::load(token, values, chunk);
                counts[chunk] = V::count_from(token, (first + chunk * V::LEN) as i32);
            }
            let after = window[REACH + 1..].windows(LANES);
            let before = window[..REACH + LANES - 1].windows(LANES).rev();
            for (after, before) in after.zip(before).take(self.most.saturating_sub(1)) {
                let (Some(after), Some(before)) = (after.first_chunk(), before.first_chunk()) else { return };
                for chunk in 0..V::CHUNKS {
                    counts[chunk] = V::load(token, after, chunk).count_less(own[chunk], counts[chunk]);
                    counts[chunk] = own[chunk].discount_less(V::load(token, before, chunk), counts[chunk]);
                }
            }
            for chunk in 0..V::CHUNKS {
                V::store_count(counts[chunk], ranks, chunk);
            }
            first += LANES;
        }
    }
}

/// Gives for the ranks of a block. What is given lies [`REACH`] elements before the value of the same place: no later block needs
/// those.
#[inline(never)]
fn hand_out<G: Give>(ranks: &[[i32; LANES]; BLOCK / LANES], give: &G, near: &mut [f32], first: usize) {
    let ranks: &[u32] = bytemuck::must_cast_slice(ranks.as_flattened());
    let to = bytemuck::must_cast_slice_mut::<f32, u32>(near).get_mut(first..).unwrap_or_default();
    for (ranks, to) in ranks.as_chunks::<2>().0.iter().zip(to.as_chunks_mut::<2>().0) {
        *to = pair(give.give(ranks[0] as usize), give.give(ranks[1] as usize));
    }
}

/// Takes what is given at each place.
#[inline(never)]
pub(super) fn take(given: &[u32], places: &mut [u32]) {
    let (pairs, last) = places.as_chunks_mut::<2>();
    for places in pairs {
        let (Some(a), Some(b)) = (given.get(places[0] as usize), given.get(places[1] as usize)) else { return };
        *places = pair(*a, *b);
    }
    for place in last {
        let Some(given) = given.get(*place as usize) else { return };
        *place = *given;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    struct Rank;

    impl Give for Rank {
        fn give(&self, rank: usize) -> u32 {
            rank as u32
        }
    }

    fn ranks(values: &[f32]) -> Option<Vec<u32>> {
        let (mut memory, mut out) = (vec![u64::MAX; values.len().max(256)], vec![0; values.len()]);
        let span = Span { low: -1.25, length: 2.5 };
        rank(SimdLevel::detect(), values, span, &mut memory, &Rank, &mut out).then_some(out)
    }

    /// A decline would cost time and change no rank: no other test would notice.
    #[test]
    fn even_values_are_ranked_without_another_sort() {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(3);
        for n in [16, 256, 1000, 4096, 16384, MOST] {
            // ties, and some values beyond the span
            let values: Vec<f32> =
                (0..n).map(|_| (rng.next_u32() >> 12) as f32 / 524_288.0 * 1.2502 - 1.2502).collect();
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
            let mut wanted = vec![0; n];
            for (rank, index) in order.into_iter().enumerate() {
                wanted[index] = rank as u32;
            }
            assert!(ranks(&values) == Some(wanted), "{n} values");
        }
    }

    #[test]
    fn equal_and_infinite_values_are_declined() {
        assert_eq!(ranks(&[0.5; 64]), None);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(ranks(&[0.0, bad, 0.25, -0.5]), None);
        }
    }
}
