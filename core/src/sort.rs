//! Ranks and sorts: the only ones of the core. None can panic; equal values rank by index.
//!
//! | file | gives | method |
//! |---|---|---|
//! | `compare` | exact ranks of up to 2¹⁶ floats | narrow bins, then comparisons of neighbours; declines where too many values share a bin |
//! | `bitmap` | the same of more floats | bitmap of occupied cells; declines where too many values share a cell, or past 2²⁰ values |
//! | `radix` | the same ranks | radix sort, where both decline |
//! | `binned` | ranks of floats within about n/1000 | counts in equal bins, linear inside a bin |
//! | `fixed` | exact ranks of fixed-point values, and the values of ranks | radix sort |
//! | `start` | ranks of the noise or the mask that a run starts from | radix sort |
//! | `indices`, `heap` | sorted indices of f64, f64 sorted in place | radix sort, heap sort |
//! | `counting` | one pass of a radix sort | counting sort |

pub(crate) mod binned;
mod bitmap;
mod compare;
pub(crate) mod counting;
pub(crate) mod fixed;
#[cfg(feature = "measure")]
pub(crate) mod heap;
#[cfg(feature = "measure")]
pub(crate) mod indices;
mod radix;
pub(crate) mod start;

use crate::simd::SimdLevel;
use compare::Span;

pub(crate) use radix::COUNTERS;

/// Values of a run are in [−LIMIT, LIMIT], but for few.
const LIMIT: f32 = 1.25;

/// What a pixel gets for its rank.
pub(crate) trait Give {
    /// Returns a word for a rank.
    fn give(&self, rank: usize) -> u32;
}

/// Work space of [`exact`]: two buffers of one element per value, and counters.
pub(crate) struct SortSpace<'a> {
    pub(crate) first: &'a mut [u64],
    pub(crate) second: &'a mut [u64],
    pub(crate) counters: &'a mut [u32; COUNTERS],
}

/// Ranks `values` exactly, and writes what is given for each rank to `out`, one word a value.
pub(crate) fn exact<G: Give>(level: SimdLevel, values: &[f32], space: SortSpace<'_>, give: &G, out: &mut [u32]) {
    let SortSpace { first, second, counters } = space;
    let span = Span { low: -LIMIT, length: 2.0 * LIMIT };
    if compare::rank(level, values, span, second, give, out) {
        return;
    }
    let sink = &mut Sink { give, out };
    if values.len() <= compare::MOST || !bitmap::rank(level, values, first, second, sink) {
        radix::rank(values, first, second, counters, sink);
    }
}

/// Writes what is given for a rank.
struct Sink<'a, G> {
    give: &'a G,
    out: &'a mut [u32],
}

impl<G: Give> Sink<'_, G> {
    /// Takes the rank of pixel `index`. Of several calls for one pixel the last counts.
    #[inline(always)]
    fn put(&mut self, index: usize, rank: usize) {
        debug_assert!(index < self.out.len(), "one word a pixel");
        if let Some(to) = self.out.get_mut(index) {
            *to = self.give.give(rank);
        }
    }
}

/// Returns an unsigned key in the order of the floats.
///
/// −0 counts as 0. Any NaN counts as the same NaN, above all numbers: the sign of a NaN may differ between SIMD levels.
#[inline(always)]
pub(crate) fn key(value: f32) -> u32 {
    let bits = if value.is_nan() { f32::NAN.to_bits() } else { (value + 0.0).to_bits() };
    bits ^ (((bits as i32 >> 31) as u32) | 0x8000_0000)
}

/// Returns key and index in one number, which sorts by key, then by index.
#[inline(always)]
fn keyed(value: f32, index: usize) -> u64 {
    u64::from(key(value)) << 32 | index as u64
}
