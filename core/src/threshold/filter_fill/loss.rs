//! The error of a mask after filters, by sums over pairs.

use crate::filters::FilterKernel;
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, SimdLevel, Words};

/// Least weight of a pair, as a part of K(0).
const LEAST: f64 = 1e-4;

/// `−Σ K(i − j)·|rank_i − rank_j|` over all elements i and the offsets of half of the pairs: the mean filtered squared error of all patterns,
/// but for a factor and a constant that all masks of a shape and of filters share. One channel.
pub(crate) fn loss(level: SimdLevel, kernel: &FilterKernel, shape: Shape, ranks: &[u32]) -> f64 {
    let (width, height, layers) = (shape.width as usize, shape.height as usize, shape.layers as usize);
    let mut loss = 0.0;
    for d in 0..=layers / 2 {
        for y in 0..height {
            for x in 0..width {
                let weight = kernel.at(x, y, d);
                if weight.abs() > LEAST * kernel.centre() {
                    // layers apart by d and by −d are the same pairs
                    let times = if d == 0 || 2 * d == layers { 0.5 } else { 1.0 };
                    loss -= times * weight * level.run(Differences { shape, ranks, offset: (x, y, d) }) as f64;
                }
            }
        }
    }
    loss
}

/// `Σ |rank_i − rank_j|` over all elements i, with j at an offset.
struct Differences<'a> {
    shape: Shape,
    ranks: &'a [u32],
    offset: (usize, usize, usize),
}

impl Kernel for Differences<'_> {
    type Output = u64;
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) -> u64 {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let (x, y, d) = self.offset;
        let row = |ranks: &'_ [u32], layer: usize, y: usize| -> (usize, usize) {
            let start = ((layer % self.shape.layers.max(1) as usize) * height + y % height.max(1)) * width;
            (start.min(ranks.len()), (start + width).min(ranks.len()))
        };
        let mut sum = 0;
        for layer in 0..self.shape.layers as usize {
            for own in 0..height {
                let (a, b) = (row(self.ranks, layer, own), row(self.ranks, layer + d, own + y));
                let (a, b) =
                    (self.ranks.get(a.0..a.1).unwrap_or_default(), self.ranks.get(b.0..b.1).unwrap_or_default());
                let (ahead, behind) = a.split_at_checked(width - x.min(width)).unwrap_or_default();
                let (start, end) = b.split_at_checked(x.min(width)).unwrap_or_default();
                sum += u64::from(differences(ahead, end)) + u64::from(differences(behind, start));
            }
        }
        sum
    }
}

/// `Σ |a − b|` of one row: ranks of a probe are below 2¹⁰, its rows 2⁵ long.
#[inline(always)]
fn differences(a: &[u32], b: &[u32]) -> u32 {
    let mut sum: u32 = 0;
    for i in 0..a.len().min(b.len()) {
        sum = sum.wrapping_add(a[i].abs_diff(b[i]));
    }
    sum
}
