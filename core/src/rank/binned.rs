//! Binned ranks: counts in equal bins, and a line inside each bin.
//!
//! A value's bin and its place in it, 0 to 1, give the wanted value at its rank by one look-up. The pass that moves the values looks
//! up with the edges, and counts the moved values for the next step.

use crate::simd::{Kernel, LANES, Lanes, Level};
use bytemuck::{Pod, Zeroable};

/// Bins.
pub(crate) const BINS: usize = 512;
/// The bins span [−LIMIT, LIMIT]; what lies beyond counts in the outermost.
const LIMIT: f32 = 1.25;
const SCALE: f32 = BINS as f32 / (2.0 * LIMIT);

/// Counts of the present values, and what the counts before them said.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Bins {
    /// Values in each bin.
    pub(crate) counts: [u32; BINS],
    /// Of each bin the wanted value at its lower edge, and from there to the upper.
    pub(crate) edges: [[f32; 2]; BINS],
}

/// Bins of 16 values, and their places inside.
struct Places {
    bins: [i32; LANES],
    inside: [f32; LANES],
}

impl Places {
    #[inline(always)]
    fn find<V: Lanes>(token: V::Token, values: &[f32; LANES]) -> Self {
        let mut places = Self { bins: [0; LANES], inside: [0.0; LANES] };
        // one float below BINS, so that it truncates to the last bin
        let last = V::splat(token, f32::from_bits((BINS as f32).to_bits() - 1));
        let zero = V::splat(token, 0.0);
        for chunk in 0..V::CHUNKS {
            let p = (V::load(token, values, chunk) + V::splat(token, LIMIT)) * V::splat(token, SCALE);
            // a NaN becomes the last
            let p = p.select_less(last, p, last);
            let p = zero.select_less(p, p, zero);
            p.split_integer(&mut places.bins, chunk).store(&mut places.inside, chunk);
        }
        places
    }
}

impl Bins {
    /// Counts all values anew.
    pub(crate) fn count(&mut self, level: Level, values: &[f32]) {
        self.counts.fill(0);
        level.run(Count { values, bins: self });
    }

    /// The edges from the counts, which become 0. `targets` are the wanted values in rising order, one a pixel.
    pub(crate) fn take_edges(&mut self, targets: &[f32]) {
        let last = targets.len().saturating_sub(1);
        let target = |below: usize| targets.get(if below < last { below } else { last }).copied().unwrap_or(0.0);
        let (mut below, mut lower) = (0, target(0));
        for (count, edge) in self.counts.iter_mut().zip(&mut self.edges) {
            below += core::mem::take(count) as usize;
            let upper = target(below);
            *edge = [lower, upper - lower];
            lower = upper;
        }
    }

    /// The wanted values of 16 values.
    #[inline(always)]
    pub(crate) fn wanted<V: Lanes>(&self, token: V::Token, values: &[f32; LANES]) -> [f32; LANES] {
        let mut wanted = [0.0; LANES];
        let places = Places::find::<V>(token, values);
        for i in 0..LANES {
            let [lower, difference] = self.edges[places.bins[i] as usize % BINS];
            wanted[i] = lower + difference * places.inside[i];
        }
        wanted
    }

    /// Counts 16 values.
    #[inline(always)]
    pub(crate) fn add<V: Lanes>(&mut self, token: V::Token, values: &[f32; LANES]) {
        for bin in Places::find::<V>(token, values).bins {
            self.counts[bin as usize % BINS] += 1;
        }
    }
}

struct Count<'a> {
    values: &'a [f32],
    bins: &'a mut Bins,
}

impl Kernel for Count<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let (values, _) = self.values.as_chunks::<LANES>();
        for values in values {
            self.bins.add::<V>(token, values);
        }
    }
}
