//! Exact ranks of a field, and its binned cumulative distribution.
//!
//! Exact: a stable least-significant-digit radix sort, 11 + 11 + 10 bits, of keys in the order of the floats (Knuth, TAOCP
//! vol. 3, 5.2.5). Equal values rank by index, so the result does not depend on the method. Binned: counts in equal bins
//! and a line inside each bin, ranks within about n/1000.

/// Bits of a digit.
const BITS: u32 = 11;
/// Values of a digit.
const DIGITS: usize = 1 << BITS;
/// Counters that a sort needs: of each digit's values.
pub const COUNTERS: usize = 3 * DIGITS;

/// What becomes of a pixel once its rank is known.
pub(crate) trait Sink {
    /// Pixel `index` has rank `rank`.
    fn put(&mut self, index: usize, rank: usize);
}

/// An unsigned key in the order of the floats; −0 counts as 0, NaNs are at the ends.
#[inline(always)]
fn key(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    bits ^ (((bits as i32 >> 31) as u32) | 0x8000_0000)
}

#[inline(always)]
fn digit(key: u32, pass: u32) -> usize {
    (key >> (BITS * pass)) as usize & (DIGITS - 1)
}

/// Ranks `values` exactly and hands each pixel's rank to `sink`. `first` and `second` are work space of one element a value;
/// a pair is (key, index).
pub(crate) fn exact<S: Sink>(
    values: &[f32],
    first: &mut [[u32; 2]],
    second: &mut [[u32; 2]],
    counters: &mut [u32; COUNTERS],
    sink: &mut S,
) {
    let (starts, _) = counters.as_chunks_mut::<DIGITS>();
    let [starts0, starts1, starts2] = starts else { return };
    count(values, starts0, starts1, starts2);
    for (index, value) in values.iter().enumerate() {
        let key = key(*value);
        if let Some(to) = first.get_mut(take(starts0, digit(key, 0))) {
            *to = [key, index as u32];
        }
    }
    for pair in first.iter() {
        if let Some(to) = second.get_mut(take(starts1, digit(pair[0], 1))) {
            *to = *pair;
        }
    }
    for pair in second.iter() {
        sink.put(pair[1] as usize, take(starts2, digit(pair[0], 2)));
    }
}

/// Counts the digits of all keys, then turns counts into starts.
fn count(values: &[f32], counts0: &mut [u32; DIGITS], counts1: &mut [u32; DIGITS], counts2: &mut [u32; DIGITS]) {
    counts0.fill(0);
    counts1.fill(0);
    counts2.fill(0);
    for value in values {
        let key = key(*value);
        counts0[digit(key, 0)] += 1;
        counts1[digit(key, 1)] += 1;
        counts2[digit(key, 2)] += 1;
    }
    let mut sums = [0; 3];
    for i in 0..DIGITS {
        for (sum, counts) in sums.iter_mut().zip([&mut *counts0, &mut *counts1, &mut *counts2]) {
            let count = counts[i];
            counts[i] = *sum;
            *sum += count;
        }
    }
}

/// The next place of a digit.
#[inline(always)]
fn take(starts: &mut [u32; DIGITS], digit: usize) -> usize {
    let start = &mut starts[digit & (DIGITS - 1)];
    let place = *start;
    *start = start.wrapping_add(1);
    place as usize
}

/// Bins of the cumulative distribution.
pub const BINS: usize = 1024;
/// The bins span [−LIMIT, LIMIT]; what lies beyond counts in the outermost.
const LIMIT: f32 = 1.25;
const SCALE: f32 = BINS as f32 / (2.0 * LIMIT);

/// Where a value lies: bin and place inside it, 0 to 1. Adding 2²³ rounds to an integer that stands in the low bits,
/// which no cast does so fast without a branch.
#[inline(always)]
fn place(value: f32) -> (usize, f32) {
    const MAGIC: f32 = 8_388_608.0;
    let p = (value + LIMIT) * SCALE;
    let p = if p > 0.0 { p } else { 0.0 };
    let p = if p < BINS as f32 { p } else { BINS as f32 };
    let shifted = (p - 0.5) + MAGIC;
    let bin = if p < 0.5 { 0 } else { shifted.to_bits() as usize & (2 * BINS - 1) };
    let bin = if bin < BINS { bin } else { BINS - 1 };
    (bin, p - bin as f32)
}

/// The wanted value of each pixel, `targets` at its binned rank. `targets` are the wanted values in rising order, one a
/// pixel; `edges` is work space.
pub(crate) fn binned(
    values: &[f32],
    targets: &[f32],
    edges: &mut [f32; BINS + 1],
    counts: &mut [u32; BINS],
    wanted: &mut [f32],
) {
    counts.fill(0);
    for value in values {
        let (bin, _) = place(*value);
        counts[bin & (BINS - 1)] += 1;
    }
    let last = targets.len().saturating_sub(1);
    let (mut below, mut edge) = (0, 0);
    let target = |below: usize| targets.get(if below < last { below } else { last }).copied().unwrap_or(0.0);
    edges[0] = target(0);
    for count in counts.iter() {
        below += *count as usize;
        edge += 1;
        if let Some(to) = edges.get_mut(edge) {
            *to = target(below);
        }
    }
    for (wanted, value) in wanted.iter_mut().zip(values) {
        let (bin, inside) = place(*value);
        let (lower, upper) = (edges[bin & (BINS - 1)], edges[(bin & (BINS - 1)) + 1]);
        *wanted = lower + (upper - lower) * inside;
    }
}
