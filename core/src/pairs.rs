//! Sums over pairs of pixels within a truncated radial kernel on the torus, in 16-bit fixed point.
//!
//! ```text
//! S_i = −Σ_j K(i−j) clamp((q_i − q_j)/τ, −1, 1)
//! ```
//!
//! q: 16-bit values with a margin that repeats the torus, so that a neighbour is an offset ([`Margin`]). Taps of one radius share a
//! weight: their clamped differences add up in 16 bits, and each group takes one rounding product ([`Taps`]). Three operations a tap.

mod mixture;

pub(crate) use mixture::taper;
pub use mixture::{GAUSSIANS, Mixture};

use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, MOST_VECTORS, SHORTS, Short, Words};
use bytemuck::{Pod, Zeroable};
use core::ops::Range;

/// The largest radius of a kernel of pair sums, pixels.
pub const MAX_RADIUS: u32 = 12;

/// Groups of eight taps within the largest radius, 50, and of four, 20, each rounded up.
pub(crate) const EIGHTS: usize = 56;
pub(crate) const FOURS: usize = 24;

/// Taps of the larger groups: their sum of clamped differences fits 16 bits.
pub(crate) const GROUP: i32 = 8;

/// A plane of 16-bit values with a margin of the torus's repetition on each side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margin {
    pub(crate) shape: Shape,
    pub(crate) radius: usize,
}

impl Margin {
    /// Elements of a row: whole chunks of pixels, and the margin on either side.
    pub(crate) const fn stride(&self) -> usize {
        ((self.shape.width as usize).next_multiple_of(SHORTS) + 2 * self.radius).next_multiple_of(SHORTS)
    }

    /// Rows.
    pub(crate) const fn rows(&self) -> usize {
        self.shape.height as usize + 2 * self.radius
    }

    /// Elements; one chunk more than the rows, so that a chunk can be read at every pixel.
    pub(crate) const fn len(&self) -> usize {
        self.rows() * self.stride() + SHORTS
    }

    /// The element of pixel (0, y).
    pub(crate) const fn row(&self, y: usize) -> usize {
        (y + self.radius) * self.stride() + self.radius
    }

    /// The row of the image that row `row` repeats.
    pub(crate) const fn image_row(&self, row: usize) -> usize {
        let height = if self.shape.height == 0 { 1 } else { self.shape.height as usize };
        // radius may be more than the height
        (row + height * self.radius - self.radius) % height
    }

    /// Fills the margin left and right of a row whose pixels are in place.
    #[inline(always)]
    pub(crate) fn close(&self, row: &mut [i16]) {
        let (width, radius) = (self.shape.width as usize, self.radius);
        // from the pixels outwards, so that what is read is there already
        for i in 0..radius {
            if let Some(value) = row.get(radius + i).copied()
                && let Some(to) = row.get_mut(radius + width + i)
            {
                *to = value;
            }
        }
        for i in (0..radius).rev() {
            if let Some(value) = row.get(i + width).copied()
                && let Some(to) = row.get_mut(i)
            {
                *to = value;
            }
        }
    }
}

/// Makes rows `first` and on of a plane with its margin, from words of 24 fractional bits.
pub(crate) struct Rows<'a, F> {
    pub(crate) margin: &'a Margin,
    pub(crate) values: &'a [i32],
    pub(crate) first: usize,
    pub(crate) plane: &'a mut [i16],
    /// What a value becomes.
    pub(crate) short: F,
}

impl<F: Fn(i32) -> i16> Kernel for Rows<'_, F> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let (width, radius) = (self.margin.shape.width as usize, self.margin.radius);
        let mut row = self.first;
        for to in self.plane.chunks_exact_mut(self.margin.stride().max(1)) {
            let from = self.margin.image_row(row) * width;
            let from = self.values.get(from..from + width).unwrap_or_default();
            if let Some(pixels) = to.get_mut(radius..radius + from.len()) {
                for i in 0..pixels.len().min(from.len()) {
                    pixels[i] = (self.short)(from[i]);
                }
            }
            self.margin.close(to);
            row += 1;
        }
    }
}

/// A number for each group of eight, and for each of four.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Each<T> {
    pub(crate) eights: [T; EIGHTS],
    pub(crate) fours: [T; FOURS],
}

/// The taps of a kernel. By the symmetry of the square the taps of a radius are a multiple of four: they make groups of eight,
/// and one of four if four are left. The order of the groups does not matter, for their sums wrap.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Taps {
    eights: [[i32; 8]; EIGHTS],
    fours: [[i32; 4]; FOURS],
    /// dx² + dy² of each group; 0 for none.
    eight_squares: [u32; EIGHTS],
    four_squares: [u32; FOURS],
}

impl Taps {
    /// All taps with `dx² + dy² ≤ R² + R/2`, but for the centre; of each radius by row, then column.
    pub(crate) fn fill(&mut self, margin: &Margin) {
        *self = Self::zeroed();
        let radius = margin.radius as i32;
        let (mut eights, mut fours) = (0, 0);
        for square in 1..=radius * radius + radius / 2 {
            let mut offsets = [0; 8];
            let mut count = 0;
            for dy in -radius..=radius {
                let Some(dx) = root(square - dy * dy).filter(|dx| *dx <= radius) else { continue };
                for dx in if dx == 0 { [Some(0), None] } else { [Some(-dx), Some(dx)] }.into_iter().flatten() {
                    if let Some(to) = offsets.get_mut(count) {
                        *to = dy * margin.stride() as i32 + dx;
                    }
                    count += 1;
                    if count == 8 {
                        put(&mut self.eights, &mut self.eight_squares, &mut eights, &offsets, square);
                        count = 0;
                    }
                }
            }
            if let (4, Some(offsets)) = (count, offsets.first_chunk()) {
                put(&mut self.fours, &mut self.four_squares, &mut fours, offsets, square);
            }
        }
    }

    /// dx² + dy² of each group; 0 where there is none.
    pub(crate) fn squares(&self) -> Each<u32> {
        Each { eights: self.eight_squares, fours: self.four_squares }
    }
}

/// The whole root of a square number.
fn root(square: i32) -> Option<i32> {
    let root = square.checked_isqrt()?;
    (root * root == square).then_some(root)
}

fn put<const COUNT: usize>(
    groups: &mut [[i32; COUNT]],
    squares: &mut [u32],
    index: &mut usize,
    offsets: &[i32; COUNT],
    square: i32,
) {
    if let (Some(group), Some(to)) = (groups.get_mut(*index), squares.get_mut(*index)) {
        (*group, *to) = (*offsets, square as u32);
    }
    *index += 1;
}

/// A group's weights in both sums, ready to multiply with.
type Weights<S> = [<S as Short>::Weight; 2];

/// What the sums of one step are made with.
pub(crate) struct Sums<'a, S: Short> {
    pub(crate) taps: &'a Taps,
    /// `K·2²⁸/(τ·2^shift)`, from 0 to 2¹⁴ − 1.
    pub(crate) weights: Each<Weights<S>>,
    /// τ·2¹⁶, 1 to 4095.
    pub(crate) tau: i16,
    /// The largest with `8·τ·2^shift < 32767`, τ as above.
    pub(crate) shift: u32,
}

/// `index..index + len`. Where `usize` has 64 bits the sum with a 32-bit index cannot overflow, and the compiler drops the check.
#[inline(always)]
fn range(index: u32, len: usize) -> Option<Range<usize>> {
    Some(index as usize..(index as usize).checked_add(len)?)
}

/// 32 elements from an index on.
#[inline(always)]
pub(crate) fn chunk_at(plane: &[i16], index: u32) -> Option<&[i16; SHORTS]> {
    plane.get(range(index, SHORTS)?)?.first_chunk()
}

/// `BLOCKS` times 32 elements from an index on, as [`chunk_at`].
#[inline(always)]
fn blocks_at<const BLOCKS: usize>(plane: &[i16], index: u32) -> Option<&[[i16; SHORTS]; BLOCKS]> {
    plane.get(range(index, BLOCKS * SHORTS)?)?.as_chunks().0.first_chunk()
}

/// What the groups of a chunk add to. (Tried at AVX-512 and AVX2, all fewer instructions or less work for the unit of minima, none
/// faster: every third minimum by comparison and selection; lines of one length, so that offsets need no base and no length is
/// loaded; the scale in the weights of the groups that it fits.) With two blocks of 32 pixels at a time the work that is no vector's is half.
struct Chunk<'a, S: Short, const BLOCKS: usize> {
    token: S::Token,
    plane: &'a [i16],
    base: u32,
    /// The first vector of a block.
    first: usize,
    low: [S; MOST_VECTORS],
    high: [S; MOST_VECTORS],
    scale: S,
}

/// Vector `v` of those that a pass over some blocks holds.
#[inline(always)]
fn load<S: Short, const BLOCKS: usize>(token: S::Token, blocks: &[[i16; SHORTS]; BLOCKS], first: usize, v: usize) -> S {
    S::load(token, &blocks[v / S::VECTORS], first + v % S::VECTORS)
}

impl<S: Short, const BLOCKS: usize> Chunk<'_, S, BLOCKS> {
    /// Adds groups of `COUNT` taps; `start` is −COUNT·q.
    #[inline(always)]
    fn add<const COUNT: usize, const TWO: bool>(
        &self,
        groups: &[[i32; COUNT]],
        squares: &[u32],
        weights: &[Weights<S>],
        start: [S; MOST_VECTORS],
        sums: &mut [[S; MOST_VECTORS]; 2],
    ) {
        for ((offsets, square), weights) in groups.iter().zip(squares).zip(weights) {
            if *square == 0 {
                break;
            }
            let mut sum = start;
            for i in 0..COUNT {
                if let Some(neighbour) = blocks_at::<BLOCKS>(self.plane, self.base.wrapping_add_signed(offsets[i])) {
                    for v in 0..BLOCKS * S::VECTORS {
                        let value = load(self.token, neighbour, self.first, v);
                        sum[v] = sum[v] + S::max(value, self.low[v]).min(self.high[v]);
                    }
                }
            }
            // where registers are few they are for what each tap needs: the sums stay in memory
            let sums = if BLOCKS * S::VECTORS > 2 { core::hint::black_box(&mut *sums) } else { &mut *sums };
            for v in 0..BLOCKS * S::VECTORS {
                let difference = sum[v] * self.scale;
                let part = difference.weighted_by(self.token, &weights[0]);
                sums[0][v] = sums[0][v] + part;
                if TWO {
                    let part = difference.weighted_by(self.token, &weights[1]);
                    sums[1][v] = sums[1][v] + part;
                }
            }
        }
    }
}

impl<S: Short> Sums<'_, S> {
    /// Makes the weights of a step ready.
    #[inline(always)]
    pub(crate) fn weights(token: S::Token, weights: &Each<[i16; 2]>) -> Each<Weights<S>> {
        let none = [S::weight(token, 0); 2];
        let mut ready = Each { eights: [none; EIGHTS], fours: [none; FOURS] };
        for i in 0..EIGHTS {
            ready.eights[i] = [S::weight(token, weights.eights[i][0]), S::weight(token, weights.eights[i][1])];
        }
        for i in 0..FOURS {
            ready.fours[i] = [S::weight(token, weights.fours[i][0]), S::weight(token, weights.fours[i][1])];
        }
        ready
    }

    /// As [`Sums::of`].
    #[inline(always)]
    pub(crate) fn of_some<const BLOCKS: usize>(
        &self,
        token: S::Token,
        two: bool,
        plane: &[i16],
        base: usize,
        to: [&mut [[i16; SHORTS]; BLOCKS]; 2],
    ) {
        if two {
            self.of::<true, BLOCKS>(token, plane, base, to);
        } else {
            self.of::<false, BLOCKS>(token, plane, base, to);
        }
    }

    /// The two sums S·2¹³ of the pixels from element `base` of `plane` on, 32 a block; the second only if `TWO`. Two blocks where
    /// [`Short::VECTORS`] are one block.
    #[inline(always)]
    fn of<const TWO: bool, const BLOCKS: usize>(
        &self,
        token: S::Token,
        plane: &[i16],
        base: usize,
        to: [&mut [[i16; SHORTS]; BLOCKS]; 2],
    ) {
        let base = base as u32;
        let Some(centre) = blocks_at::<BLOCKS>(plane, base) else { return };
        let zero = S::splat(token, 0);
        let tau = S::splat(token, self.tau);
        let scale = S::splat(token, 1_i16.wrapping_shl(self.shift));
        let [one, two] = to;
        let mut first = 0;
        while first * S::LEN < SHORTS {
            let (mut low, mut high) = ([zero; MOST_VECTORS], [zero; MOST_VECTORS]);
            let (mut four, mut eight) = (low, low);
            for v in 0..BLOCKS * S::VECTORS {
                let q: S = load(token, centre, first, v);
                low[v] = q.saturating_sub(tau);
                high[v] = q.saturating_add(tau);
                four[v] = q * S::splat(token, -4);
                eight[v] = four[v] + four[v];
            }
            let mut sums = [[zero; MOST_VECTORS]; 2];
            let chunk = Chunk::<S, BLOCKS> { token, plane, base, first, low, high, scale };
            let (taps, weights) = (self.taps, &self.weights);
            chunk.add::<8, TWO>(&taps.eights, &taps.eight_squares, &weights.eights, eight, &mut sums);
            chunk.add::<4, TWO>(&taps.fours, &taps.four_squares, &weights.fours, four, &mut sums);
            for v in 0..BLOCKS * S::VECTORS {
                let (block, vector) = (v / S::VECTORS, first + v % S::VECTORS);
                sums[0][v].store(&mut one[block], vector);
                if TWO {
                    sums[1][v].store(&mut two[block], vector);
                }
            }
            first += S::VECTORS;
        }
    }
}
