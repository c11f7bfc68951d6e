//! The passes of a step, compiled for each level: rows of the grey term, sums and update.

use super::constants::Constants;
use super::kernel::Tables;
use crate::pairs::{Each, Margin, Sums};
use crate::simd::{Kernel, Lanes, MOST_BLOCKS, MOST_VECTORS, SHORTS, Short, Words};

/// `q = sat16((x + 128 − 2²³) >> 8)`: 16 bits around 0.
#[inline(always)]
pub(super) fn quantized(value: i32) -> i16 {
    (value.wrapping_add(128 - (1 << 23)) >> 8).clamp(-32_768, 32_767) as i16
}

/// Rows `first` and on of the grey term: the low-pass along x.
pub(super) struct Blur<'a> {
    pub(super) margin: &'a Margin,
    pub(super) tables: &'a Tables,
    pub(super) plane: &'a [i16],
    /// Counted from `grey_radius` rows above the image.
    pub(super) first: usize,
    pub(super) rows: &'a mut [i16],
}

impl Kernel for Blur<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let width = (self.margin.shape.width as usize).next_multiple_of(SHORTS);
        debug_assert!(self.rows.len().is_multiple_of(width), "whole rows of the plane");
        let skip = self.margin.radius.saturating_sub(self.tables.grey_radius());
        let mut row = self.first + skip;
        for to in self.rows.chunks_exact_mut(width.max(1)) {
            let mut base = row * self.margin.stride() + self.margin.radius;
            for to in to.as_chunks_mut::<SHORTS>().0 {
                blur::<V::Short>(token, self.plane, base, self.tables.grey(), to);
                base += SHORTS;
            }
            row += 1;
        }
    }
}

/// 32 elements from an index on; zeros past the end.
#[inline(always)]
fn chunk_at(plane: &[i16], index: usize) -> &[i16; SHORTS] {
    const NOTHING: [i16; SHORTS] = [0; SHORTS];
    plane.get(index..).and_then(<[i16]>::first_chunk).unwrap_or(&NOTHING)
}

/// `h = Σ_t w_t·(q_{−t}/2 + q_t/2)`.
#[inline(always)]
fn blur<S: Short>(token: S::Token, plane: &[i16], base: usize, weights: &[[i16; 2]], to: &mut [i16; SHORTS]) {
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

/// The low-pass along y of 32 pixels: `B = Σ_t w_t·(h_{−t} + h_t)`, `base` the chunk's own element.
#[inline(always)]
fn blur_column<S: Short>(
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

/// Sums and update of the rows from `first` on.
pub(super) struct Update<'a> {
    pub(super) margin: &'a Margin,
    pub(super) tables: &'a Tables,
    pub(super) constants: &'a Constants,
    /// Of each group, in both sums.
    pub(super) weights: &'a Each<[i16; 2]>,
    pub(super) plane: &'a [i16],
    /// Rows of the grey term; empty without it.
    pub(super) blurred: &'a [i16],
    pub(super) first: usize,
    pub(super) values: &'a mut [i32],
    pub(super) momentum: &'a mut [i32],
}

impl Kernel for Update<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let width = self.margin.shape.width as usize;
        let whole = width.next_multiple_of(SHORTS);
        let grey_radius = self.tables.grey_radius();
        let sums = Sums::<V::Short> {
            taps: self.tables.taps(),
            weights: Sums::<V::Short>::weights(token, self.weights),
            tau: self.constants.tau as i16,
            shift: self.constants.shift,
        };
        let mut y = self.first;
        for (values, momentum) in
            self.values.chunks_exact_mut(width.max(1)).zip(self.momentum.chunks_exact_mut(width.max(1)))
        {
            let mut x = 0;
            let two = SHORTS * V::Short::BLOCKS;
            for (values, momentum) in values.chunks_mut(two).zip(momentum.chunks_mut(two)) {
                let (mut sum, mut ends) = ([[0; SHORTS]; MOST_BLOCKS], [[0; SHORTS]; MOST_BLOCKS]);
                let base = self.margin.row(y) + x;
                if values.len() > SHORTS {
                    sums.of_some::<2>(token, self.constants.has_ends, self.plane, base, [&mut sum, &mut ends]);
                } else if let ([sum, ..], [ends, ..]) = (sum.as_chunks_mut().0, ends.as_chunks_mut().0) {
                    sums.of_some::<1>(token, self.constants.has_ends, self.plane, base, [sum, ends]);
                }
                let parts = values.chunks_mut(SHORTS).zip(momentum.chunks_mut(SHORTS));
                for ((values, momentum), (sum, ends)) in parts.zip(sum.iter().zip(&ends)) {
                    let mut grey = [0; SHORTS];
                    if !self.blurred.is_empty() {
                        let own = (y + grey_radius) * whole + x;
                        blur_column::<V::Short>(token, self.blurred, own, whole, self.tables.grey(), &mut grey);
                    }
                    let seen = Seen { sum, ends, grey: &grey };
                    if let (Ok(values), Ok(momentum)) = (values.try_into(), momentum.try_into()) {
                        V::call(token, Move { seen: &seen, constants: self.constants, values, momentum });
                    } else {
                        seen.update_some::<V>(token, self.constants, values, momentum);
                    }
                    x += SHORTS;
                }
            }
            y += 1;
        }
    }
}

/// What 32 pixels see: pair sums (2¹³) with K and with the ends' kernel, and the low-pass (2¹⁶).
struct Seen<'a> {
    sum: &'a [i16; SHORTS],
    ends: &'a [i16; SHORTS],
    grey: &'a [i16; SHORTS],
}

/// Gradient, momentum and step of 32 pixels.
struct Move<'a> {
    seen: &'a Seen<'a>,
    constants: &'a Constants,
    values: &'a mut [i32; SHORTS],
    momentum: &'a mut [i32; SHORTS],
}

impl Kernel for Move<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { seen, constants, values, momentum } = self;
        match (constants.has_ends, constants.freezes) {
            (true, true) => seen.update::<true, true>(*constants, values, momentum),
            (true, false) => seen.update::<true, false>(*constants, values, momentum),
            (false, true) => seen.update::<false, true>(*constants, values, momentum),
            (false, false) => seen.update::<false, false>(*constants, values, momentum),
        }
    }
}

impl Seen<'_> {
    #[inline(always)]
    fn update<const ENDS: bool, const FREEZES: bool>(
        &self,
        c: Constants,
        values: &mut [i32; SHORTS],
        momentum: &mut [i32; SHORTS],
    ) {
        // copies: the compiler must see that nothing overlaps
        let (sums, end_sums, greys) = (*self.sum, *self.ends, *self.grey);
        let (mut x, mut m) = (*values, *momentum);
        for i in 0..SHORTS {
            let rank = x[i] >> 8;
            let mut sum = i32::from(sums[i]);
            if ENDS {
                let near = c.ends - rank.min(65_536 - rank);
                let share = (near.wrapping_mul(c.ends_slope) >> 12).clamp(0, 256);
                sum += (i32::from(end_sums[i]) - sum).wrapping_mul(share) >> 8;
            }
            // not `clamp`, which holds that its ends are in order
            let low = (c.tau - rank).max(0).min(c.tau);
            let high = (c.tau - ((1_i32 << 24).wrapping_sub(x[i]) >> 8)).max(0).min(c.tau);
            let squares = (low.wrapping_mul(low) >> 8) - (high.wrapping_mul(high) >> 8);
            let parabola = squares.wrapping_mul(c.reciprocal) >> 10;
            let line = x[i].wrapping_mul(2).wrapping_sub(1 << 24) >> 6;
            let grey = i32::from(greys[i]).wrapping_mul(c.grey_weight) >> 6;
            let gradient = parabola.wrapping_add(line).wrapping_add(sum << 5).wrapping_add(grey);
            let velocity = (m[i].wrapping_mul(c.momentum) >> 8).wrapping_add(gradient);
            m[i] = velocity.clamp(-(1 << 20), 1 << 20);
            let mut way = m[i].wrapping_mul(c.step_size) >> 3;
            if FREEZES {
                let share = ((rank - c.freeze).wrapping_mul(c.thaw) >> 8).clamp(0, 256);
                way = (way >> 8).wrapping_mul(share);
            }
            x[i] = x[i].wrapping_sub(way);
        }
        (*values, *momentum) = (x, m);
    }

    /// As [`Move`], of the fewer pixels at the end of a row.
    #[inline(always)]
    fn update_some<V: Lanes>(&self, token: V::Token, constants: &Constants, values: &mut [i32], momentum: &mut [i32]) {
        let (mut all_values, mut all_momentum) = ([0; SHORTS], [0; SHORTS]);
        for i in 0..values.len().min(momentum.len()).min(SHORTS) {
            (all_values[i], all_momentum[i]) = (values[i], momentum[i]);
        }
        V::call(token, Move { seen: self, constants, values: &mut all_values, momentum: &mut all_momentum });
        for i in 0..values.len().min(momentum.len()).min(SHORTS) {
            (values[i], momentum[i]) = (all_values[i], all_momentum[i]);
        }
    }
}
