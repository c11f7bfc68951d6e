//! Binned ranks: counts in equal bins, linear interpolation inside a bin.
//!
//! The wanted value of a pixel is the target at its rank, interpolated between the targets at its bin's edges. The pass that updates the
//! values looks up wanted values ([`Edges::want`]) and counts the updated values for the next step ([`Space::count`]).

use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words};
use bytemuck::{Pod, Zeroable};

/// Number of bins.
pub(crate) const BINS: usize = 512;
/// The bins span [−LIMIT, LIMIT]. Values beyond it count in the outermost bins.
const LIMIT: f32 = 1.25;
const SCALE: f32 = BINS as f32 / (2.0 * LIMIT);

/// Lines of 16 values per block. All bins of a block are found before the table is read: bins then come from memory, which is faster than
/// lane by lane out of a vector.
pub(crate) const BLOCK: usize = 16;

/// Number of a tile's values in each bin.
pub(crate) type Counts = [u32; BINS];

/// Wanted values at the edges of the bins.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct Edges([Edge; BINS]);

/// Wanted value at the lower edge of a bin, and that at the upper edge minus that at the lower. One load finds both.
type Edge = [f32; 2];

/// Work space of a block. Callers keep it from block to block: clearing it costs as much as using it.
#[repr(align(64))]
pub(crate) struct Space {
    /// The bin of each value.
    bins: [[i32; LANES]; BLOCK],
    /// Position of each value in its bin, 0 to 1.
    inside: [[f32; LANES]; BLOCK],
    /// Edges of each value's bin.
    edges: [[Edge; LANES]; BLOCK],
}

impl Space {
    pub(crate) const NEW: Self =
        Self { bins: [[0; LANES]; BLOCK], inside: [[0.0; LANES]; BLOCK], edges: [[[0.0; 2]; LANES]; BLOCK] };

    /// Finds bins and positions of a block.
    #[inline(always)]
    fn find<V: Lanes>(&mut self, token: V::Token, lines: &[[f32; LANES]]) {
        for ((line, bins), inside) in lines.iter().zip(&mut self.bins).zip(&mut self.inside) {
            for chunk in 0..V::CHUNKS {
                position(token, V::load(token, line, chunk)).split_integer(bins, chunk).store(inside, chunk);
            }
        }
    }

    /// Counts up to [`BLOCK`] lines.
    #[inline(always)]
    pub(crate) fn count<V: Lanes>(&mut self, token: V::Token, lines: &[[f32; LANES]], counts: &mut Counts) {
        debug_assert!(lines.len() <= BLOCK, "a block of lines");
        for (line, bins) in lines.iter().zip(&mut self.bins) {
            for chunk in 0..V::CHUNKS {
                position(token, V::load(token, line, chunk)).split_integer(bins, chunk);
            }
        }
        count_bins(self.bins.get(..lines.len()).unwrap_or_default(), counts);
    }
}

/// Returns the bin of each value, plus the value's position in it, 0 to 1.
#[inline(always)]
fn position<V: Lanes>(token: V::Token, values: V) -> V {
    // the float below BINS, which truncates to the last bin
    let last = V::splat(token, f32::from_bits((BINS as f32).to_bits() - 1));
    let zero = V::splat(token, 0.0);
    let p = (values + V::splat(token, LIMIT)) * V::splat(token, SCALE);
    // in this order a NaN is in the last bin: it is not less than `last`
    let p = p.select_less(last, p, last);
    zero.select_less(p, p, zero)
}

impl Edges {
    /// Computes the edges from the counts of all tiles, and zeroes the counts.
    ///
    /// `targets` are the wanted values in rising order, one per pixel.
    pub(crate) fn take(&mut self, counts: &mut [Counts], targets: &[f32]) {
        debug_assert!(!targets.is_empty(), "one target a pixel");
        // Tile by tile, in the counts of the first: bin by bin, each count would come from another page of memory.
        let Some((sum, others)) = counts.split_first_mut() else { return };
        for counts in others {
            for (sum, count) in sum.iter_mut().zip(counts) {
                // wraps only with the counts of a damaged block
                *sum = core::mem::take(count).wrapping_add(*sum);
            }
        }
        let last = targets.len().saturating_sub(1);
        let target = |below: usize| targets.get(if below < last { below } else { last }).copied().unwrap_or(0.0);
        let (mut below, mut lower) = (0_u32, target(0));
        for i in 0..BINS {
            below = core::mem::take(&mut sum[i]).wrapping_add(below);
            let upper = target(below as usize);
            self.0[i] = [lower, upper - lower];
            lower = upper;
        }
    }

    /// Looks up the wanted values of up to [`BLOCK`] lines.
    #[inline(always)]
    pub(crate) fn want<V: Lanes>(
        &self,
        token: V::Token,
        lines: &[[f32; LANES]],
        space: &mut Space,
        wanted: &mut [[f32; LANES]; BLOCK],
    ) {
        space.find::<V>(token, lines);
        look_up(&space.bins, self, &mut space.edges);
        for (i, wanted) in wanted.iter_mut().enumerate() {
            for chunk in 0..V::CHUNKS {
                let inside = V::load(token, &space.inside[i], chunk);
                let (lower, difference) = V::load_pairs(token, &space.edges[i], chunk);
                (lower + difference * inside).store(wanted, chunk);
            }
        }
    }
}

/// Looks up the edges of bins.
///
/// A function of its own, compiled without the level's instructions, with which the compiler would gather.
#[inline(never)]
fn look_up(bins: &[[i32; LANES]; BLOCK], edges: &Edges, to: &mut [[Edge; LANES]; BLOCK]) {
    for (bin, to) in bins.as_flattened().iter().zip(to.as_flattened_mut()) {
        *to = edges.0[*bin as usize % BINS];
    }
}

/// Counts bins. A function of its own, as [`look_up`].
#[inline(never)]
fn count_bins(bins: &[[i32; LANES]], counts: &mut Counts) {
    for bin in bins.as_flattened() {
        counts[*bin as usize % BINS] += 1;
    }
}

/// Counts all values anew, in the counts of the first tile.
pub(crate) fn count(level: SimdLevel, values: &[f32], counts: &mut [Counts]) {
    counts.fill([0; BINS]);
    if let Some(counts) = counts.first_mut() {
        level.run(CountAll { values, counts });
    }
}

struct CountAll<'a> {
    values: &'a [f32],
    counts: &'a mut Counts,
}

impl Kernel for CountAll<'_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let (values, _) = self.values.as_chunks::<LANES>();
        let mut space = Space::NEW;
        for lines in values.chunks(BLOCK) {
            space.count::<V>(token, lines, self.counts);
        }
    }
}
