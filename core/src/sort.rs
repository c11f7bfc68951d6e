//! Ranks and sorts: the only ones of the core. None can panic; equal values rank by index.
//!
//! | file | gives | method |
//! |---|---|---|
//! | `compare` | exact ranks of up to 2¹⁶ floats | narrow bins, then comparisons of neighbours; declines where too many values share a bin |
//! | `buckets` | the same of more floats | buckets, each by `compare`; declines where too many values share a bucket |
//! | `kept` | wanted values of exact ranks, step after step | the order of the step before, repaired; declines where it changed much |
//! | `radix` | the same ranks | radix sort, where the others decline |
//! | `binned` | ranks of floats within about n/1000 | counts in equal bins, linear inside a bin |
//! | `fixed` | exact ranks of fixed-point values, and the values of ranks | radix sort |
//! | `start` | ranks of the noise or the mask that a run starts from | radix sort |
//! | `indices`, `heap` | sorted indices of f64, f64 sorted in place | radix sort, heap sort |
//! | `counting` | one pass of a radix sort | counting sort |

pub(crate) mod binned;
mod buckets;
mod compare;
pub(crate) mod counting;
pub(crate) mod fixed;
#[cfg(feature = "measure")]
pub(crate) mod heap;
#[cfg(feature = "measure")]
pub(crate) mod indices;
pub(crate) mod kept;
mod radix;
pub(crate) mod start;

use crate::jobs::Means;
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words};
use compare::Span;

pub(crate) use radix::COUNTERS;

/// Magnitude that few values exceed: of most steps, and of early steps of a run that overshoots.
const LIMITS: [f32; 2] = [1.25, 2.0];

/// Range of nearly all values. Wider than needed costs comparisons; values beyond share the outermost bins.
fn span(level: SimdLevel, values: &[f32]) -> Span {
    let limit = level.run(Magnitude { values }).clamp(LIMITS[0], LIMITS[1]);
    Span { low: -limit, length: 2.0 * limit }
}

/// Finds the largest magnitude: a NaN's is the largest of all.
struct Magnitude<'a> {
    values: &'a [f32],
}

impl Kernel for Magnitude<'_> {
    type Output = f32;
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) -> f32 {
        // magnitudes as integers, whose order is the same; values after the last whole line are left out, as few values may be beyond
        let mut most = [0; LANES];
        for values in self.values.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                let magnitude = (values[i].to_bits() & (u32::MAX >> 1)) as i32;
                most[i] = if magnitude > most[i] { magnitude } else { most[i] };
            }
        }
        let mut largest = 0;
        for magnitude in most {
            largest = if magnitude > largest { magnitude } else { largest };
        }
        f32::from_bits(largest as u32)
    }
}

/// What a pixel gets for its rank.
pub(crate) trait Give {
    /// Returns a word for a rank.
    fn give(&self, rank: usize) -> u32;
}

/// Gives the rank itself.
pub(crate) struct Rank;

impl Give for Rank {
    #[inline(always)]
    fn give(&self, rank: usize) -> u32 {
        rank as u32
    }
}

/// Work space of [`exact`]: two buffers of one element per value, and counters.
pub(crate) struct SortSpace<'a> {
    pub(crate) first: &'a mut [u64],
    pub(crate) second: &'a mut [u64],
    pub(crate) counters: &'a mut [u32; COUNTERS],
}

/// Ranks `values` exactly, and writes what is given for each rank to `out`, one word a value.
pub(crate) fn exact<G: Give + Sync>(means: Means<'_>, values: &[f32], space: SortSpace<'_>, give: &G, out: &mut [u32]) {
    let SortSpace { first, second, counters } = space;
    let span = span(means.level, values);
    let ranked = if values.len() <= compare::MOST {
        compare::rank(means.level, values, span, second, give, out)
    } else {
        buckets::rank(means, values, span, (first, second), give, out)
    };
    if !ranked {
        radix::rank(values, first, second, counters, give, out);
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
