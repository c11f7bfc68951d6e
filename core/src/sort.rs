//! Ranks and sorts, all there are: exact ranks of floats and of fixed-point values, binned ranks, and sorts that cannot panic.
//!
//! Ranks of fixed-point values: [`fixed`]; of the noise or the mask that a run starts from: [`start`]. Exact ranks of floats come from a bitmap of occupied cells ([`bitmap`]): a rank is a count of bits. Where that does not pay – too many
//! values in one cell, or a very large field – a radix sort ([`radix`]) takes over. Both give the same ranks: equal values rank
//! by index. Binned ranks ([`binned`]) come from counts in equal bins and a line inside each bin, within about n/1000.

pub(crate) mod binned;
mod bitmap;
pub(crate) mod counting;
pub(crate) mod fixed;
#[cfg(feature = "measure")]
pub(crate) mod heap;
#[cfg(feature = "measure")]
pub(crate) mod indices;
mod radix;
pub(crate) mod start;

use crate::simd::SimdLevel;

pub(crate) use radix::COUNTERS;

/// What becomes of a pixel once its rank is known.
pub(crate) trait Sink {
    /// Pixel `index` has rank `rank`. Of several calls for one pixel the last counts.
    fn put(&mut self, index: usize, rank: usize);
}

/// Work space of [`exact`]: two buffers of one element a value, and counters.
pub(crate) struct SortSpace<'a> {
    pub(crate) first: &'a mut [u64],
    pub(crate) second: &'a mut [u64],
    pub(crate) counters: &'a mut [u32; COUNTERS],
}

/// Ranks `values` exactly and hands each pixel's rank to `sink`.
pub(crate) fn exact<S: Sink>(level: SimdLevel, values: &[f32], space: SortSpace<'_>, sink: &mut S) {
    let SortSpace { first, second, counters } = space;
    if !bitmap::rank(level, values, first, second, sink) {
        radix::rank(values, first, second, counters, sink);
    }
}

/// An unsigned key in the order of the floats; −0 counts as 0, and any NaN is behind all numbers: its sign may differ from level to level.
#[inline(always)]
pub(crate) fn key(value: f32) -> u32 {
    let bits = if value.is_nan() { f32::NAN.to_bits() } else { (value + 0.0).to_bits() };
    bits ^ (((bits as i32 >> 31) as u32) | 0x8000_0000)
}

/// Key and index in one number, which sorts by key and then by index.
#[inline(always)]
fn keyed(value: f32, index: usize) -> u64 {
    u64::from(key(value)) << 32 | index as u64
}
