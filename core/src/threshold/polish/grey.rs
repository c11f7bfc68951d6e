//! The grey term's low-pass B: a separable Gaussian of q = x − ½, in 16-bit fixed point.
//!
//! ```text
//! rows:     h = w_0·q/2 + Σ_t w_t·(q_{−t}/2 + q_t/2)       weights Q15, h Q15
//! columns:  B = w_0·h + Σ_t w_t·(h_{−t} + h_t)             weights Q16, B Q16
//! ```
//!
//! q is Q16, so q/2 is q in Q15: halved so that the sum of two fits 16 bits. [`Short::weighted`] drops 15 bits of a product: Q15·Q15
//! becomes Q15, Q15·Q16 becomes Q16. Sums saturate: B reaches ±½ only where all pixels near are alike.

use super::kernel::Tables;
use crate::pairs::Padding;
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, MOST_VECTORS, SHORTS, Short, Words};

/// Elements of a row of h: whole half chunks.
pub(super) const fn grey_width(shape: Shape) -> usize {
    (shape.width as usize).next_multiple_of(SHORTS / 2)
}

/// Makes rows of h, from row `first` on.
pub(super) struct GreyRows<'a> {
    pub(super) padding: &'a Padding,
    pub(super) tables: &'a Tables,
    pub(super) plane: &'a [i16],
    /// Counted from `grey_radius` rows above the image.
    pub(super) first: usize,
    pub(super) rows: &'a mut [i16],
}

impl Kernel for GreyRows<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let width = grey_width(self.padding.shape);
        debug_assert!(self.rows.len().is_multiple_of(width), "whole rows of the plane");
        // saturating: the grey radius is at most the padding's, but it is read from the block, which may be damaged
        let mut row = self.first + self.padding.radius.saturating_sub(self.tables.grey_radius());
        for to in self.rows.chunks_exact_mut(width.max(1)) {
            let mut base = row * self.padding.stride() + self.padding.radius;
            for to in to.chunks_mut(SHORTS) {
                let mut sums = [0; SHORTS];
                blur_row::<V::Short>(token, self.plane, base, self.tables.grey(), &mut sums);
                for (to, sum) in to.iter_mut().zip(sums) {
                    *to = sum;
                }
                base += SHORTS;
            }
            row += 1;
        }
    }
}

/// 32 elements from an index on; zeros if they would pass the end.
#[inline(always)]
fn chunk_at(plane: &[i16], index: usize) -> &[i16; SHORTS] {
    const ZEROS: [i16; SHORTS] = [0; SHORTS];
    plane.get(index..).and_then(<[i16]>::first_chunk).unwrap_or(&ZEROS)
}

/// h of 32 pixels, the first of which is element `base` of the padded plane.
#[inline(always)]
fn blur_row<S: Short>(token: S::Token, plane: &[i16], base: usize, weights: &[[i16; 2]], to: &mut [i16; SHORTS]) {
    let mut first = 0;
    while first * S::LEN < SHORTS {
        let mut sums = [S::splat(token, 0); MOST_VECTORS];
        let mut t = 0;
        for [weight, _] in weights {
            let (left, right) = (chunk_at(plane, base.wrapping_sub(t)), chunk_at(plane, base + t));
            for v in 0..S::VECTORS {
                let right = S::load(token, right, first + v).half();
                let pair = if t == 0 { right } else { right + S::load(token, left, first + v).half() };
                sums[v] = sums[v].saturating_add(pair.weighted(token, *weight));
            }
            t += 1;
        }
        for v in 0..S::VECTORS {
            sums[v].store(to, first + v);
        }
        first += S::VECTORS;
    }
}

/// B of 32 pixels, the first of which is element `base` of the rows of h, `width` elements each.
#[inline(always)]
pub(super) fn blur_column<S: Short>(
    token: S::Token,
    rows: &[i16],
    base: usize,
    width: usize,
    weights: &[[i16; 2]],
    to: &mut [i16; SHORTS],
) {
    let mut first = 0;
    while first * S::LEN < SHORTS {
        let mut sums = [S::splat(token, 0); MOST_VECTORS];
        let mut t = 0;
        for [_, weight] in weights {
            let (above, below) = (chunk_at(rows, base.wrapping_sub(t * width)), chunk_at(rows, base + t * width));
            for v in 0..S::VECTORS {
                let below = S::load(token, below, first + v);
                let pair = if t == 0 { below } else { S::load(token, above, first + v).saturating_add(below) };
                sums[v] = sums[v].saturating_add(pair.weighted(token, *weight));
            }
            t += 1;
        }
        for v in 0..S::VECTORS {
            sums[v].store(to, first + v);
        }
        first += S::VECTORS;
    }
}
