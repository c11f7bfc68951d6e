//! Sums over pairs of pixels within a truncated radial kernel on the torus, in 16-bit fixed point.
//!
//! ```text
//! S_i = −Σ_j K(i−j) clamp((q_i − q_j)/τ, −1, 1) = Σ_groups K/τ · Σ_taps [clamp(q_j, q_i − τ, q_i + τ) − q_i]
//! ```
//!
//! A plane of q repeats the torus around its edges, so that a neighbour is an offset ([`Padding`]). Taps of one radius share a weight:
//! their clamped differences add up in 16 bits, and each group of up to eight takes one rounding product ([`Taps`]). Cost: three
//! operations per tap. Taps into other planes of a volume are groups of the same kind ([`Links`]).
//!
//! | number | format | range |
//! |---|---|---|
//! | q, τ | Q16 | any `i16`; τ from 1 to 4095 |
//! | sum of a group's clamped differences | Q16 | ± 8·τ: below 2¹⁵ |
//! | the sum times 2^headroom | Q(16 + headroom) | below 2¹⁵: headroom is the largest that keeps it there |
//! | weight K/τ ([`pair_weight`]) | Q(12 − headroom) | 0 to 2¹⁴ − 1 |
//! | product, less [`PRODUCT_BITS`] | Q28 → Q13 | |
//! | S | Q13 | ±1 as K's sum is 1; wraps only for kernels whose weights saturate |
//!
//! Differences and sums wrap in 16 bits, so partial sums may leave the range; the total of a group does not.

mod links;
mod mixture;
mod padding;
mod planes;
mod taps;

pub(crate) use links::{Linking, Links, Room};
pub(crate) use mixture::taper;
pub use mixture::{GAUSSIANS, Mixture};
pub(crate) use padding::{PaddedRows, Padding};
pub(crate) use planes::{Place, Planes};
pub(crate) use taps::{PerGroup, Taps};

use crate::simd::{MOST_VECTORS, SHORTS, Short};
use core::ops::Range;

/// The largest radius of a kernel of pair sums, pixels.
pub const MAX_RADIUS: u32 = 12;

/// Groups of eight taps within the largest radius, 50, and of four, 20, each rounded up.
pub(crate) const EIGHTS: usize = 56;
pub(crate) const FOURS: usize = 24;

/// Taps of the larger groups: `GROUP·τ` fits 15 bits for every τ of the polish.
pub(crate) const GROUP: i32 = 8;

/// Fractional bits of values and of τ.
const VALUE_BITS: u32 = 16;

/// Fractional bits of a pair sum.
const SUM_BITS: u32 = 13;

/// Bits that the rounding product [`Short::weighted`] drops.
const PRODUCT_BITS: u32 = 15;

/// The largest weight that [`Short::weight`] takes.
const MAX_WEIGHT: f64 = 16_383.0;

/// The weight of a tap: K/τ in Q(12 − headroom), so that its product with a group's sum is a pair sum; `tau` is Q16.
///
/// At most [`MAX_WEIGHT`], which is K = 1/8 or more. From radius 3 on no Gaussian has K = 1/8 beside its centre. At radius 2 the steepest
/// tapers pass it by less than 1 %, and their nearest taps saturate; radius 1, where K is up to 1/5, is no valid stage.
pub(crate) fn pair_weight(kernel: f64, tau: i32, headroom: u32) -> i16 {
    // K·2^(12 − headroom)/(tau·2⁻¹⁶), where 12 = SUM_BITS + PRODUCT_BITS − VALUE_BITS
    const FORMAT: u32 = SUM_BITS + PRODUCT_BITS - VALUE_BITS;
    debug_assert!(tau > 0 && headroom < i16::BITS, "Constants::new keeps τ from 1 to 4095");
    let scale = f64::from(1 << (FORMAT + VALUE_BITS)) / f64::from(tau << headroom);
    libm::round(kernel * scale).clamp(0.0, MAX_WEIGHT) as i16
}

/// The weights of a group in both sums, ready for [`Short::weighted_by`].
type Weights<S> = [<S as Short>::Weight; 2];

/// Pair sums of one step.
pub(crate) struct PairSums<'a, S: Short> {
    /// Taps in the plane itself.
    pub(crate) eights: &'a [[i32; 8]],
    pub(crate) fours: &'a [[i32; 4]],
    /// From [`pair_weight`].
    pub(crate) weights: PerGroup<Weights<S>>,
    /// τ, Q16.
    pub(crate) tau: i16,
    /// The largest with `8·tau·2^headroom < 32767`.
    pub(crate) headroom: u32,
    /// Taps into other planes.
    pub(crate) links: &'a Links<'a>,
    /// Where the plane of the pixels is.
    pub(crate) place: Place,
}

/// `index..index + len`, or none if the end overflows. Where `usize` has 64 bits the compiler drops that check.
#[inline(always)]
fn range(index: u32, len: usize) -> Option<Range<usize>> {
    Some(index as usize..(index as usize).checked_add(len)?)
}

/// 32 elements from an index on; none if they would pass the end.
#[inline(always)]
pub(crate) fn chunk_at(plane: &[i16], index: u32) -> Option<&[i16; SHORTS]> {
    plane.get(range(index, SHORTS)?)?.first_chunk()
}

/// `BLOCKS` times 32 elements from an index on, as [`chunk_at`].
#[inline(always)]
fn blocks_at<const BLOCKS: usize>(plane: &[i16], index: u32) -> Option<&[[i16; SHORTS]; BLOCKS]> {
    plane.get(range(index, BLOCKS * SHORTS)?)?.as_chunks().0.first_chunk()
}

/// Some vectors of pixels of a chunk, while groups of taps are added to their sums.
///
/// Two blocks of 32 pixels at a time halve the scalar work (indices, loop ends). Tried at AVX-512 and AVX2 with fewer instructions or
/// less work for the port of minima, none of it faster: every third minimum by comparison and selection; rows of one length, so that
/// offsets need no base and no length is loaded; 2^headroom folded into the weights of the groups where it fits.
struct Chunk<'a, S: Short, const BLOCKS: usize> {
    token: S::Token,
    plane: &'a [i16],
    /// The first vector of a block.
    first: usize,
    q: [S; MOST_VECTORS],
    /// q − τ and q + τ.
    low: [S; MOST_VECTORS],
    high: [S; MOST_VECTORS],
    /// 2^headroom.
    scale: S,
}

/// Vector `v` of the vectors that are summed at a time, from some blocks.
#[inline(always)]
fn load<S: Short, const BLOCKS: usize>(token: S::Token, blocks: &[[i16; SHORTS]; BLOCKS], first: usize, v: usize) -> S {
    S::load(token, &blocks[v / S::VECTORS], first + v % S::VECTORS)
}

impl<'a, S: Short, const BLOCKS: usize> Chunk<'a, S, BLOCKS> {
    /// Vectors from vector `first` on of the blocks `centre` of a plane, with `turn` added.
    #[inline(always)]
    fn new(
        sums: &PairSums<'_, S>,
        token: S::Token,
        plane: &'a [i16],
        centre: &[[i16; SHORTS]; BLOCKS],
        first: usize,
        turn: i16,
    ) -> Self {
        let (zero, tau, turn) = (S::splat(token, 0), S::splat(token, sums.tau), S::splat(token, turn));
        let scale = S::splat(token, 1_i16.wrapping_shl(sums.headroom));
        let mut chunk = Self {
            token,
            plane,
            first,
            q: [zero; MOST_VECTORS],
            low: [zero; MOST_VECTORS],
            high: [zero; MOST_VECTORS],
            scale,
        };
        for v in 0..BLOCKS * S::VECTORS {
            chunk.q[v] = load::<S, BLOCKS>(token, centre, first, v) + turn;
            chunk.low[v] = chunk.q[v].saturating_sub(tau);
            chunk.high[v] = chunk.q[v].saturating_add(tau);
        }
        chunk
    }

    /// −`COUNT`·q: what the sum of a group starts from.
    #[inline(always)]
    fn start<const COUNT: usize>(&self) -> [S; MOST_VECTORS] {
        let mut start = self.q;
        for v in 0..BLOCKS * S::VECTORS {
            start[v] = self.q[v] * S::splat(self.token, -(COUNT as i16));
        }
        start
    }

    /// Adds a group of `COUNT` taps, by their offsets from element `base` of the plane on; `start` is [`Chunk::start`].
    #[inline(always)]
    fn add<const COUNT: usize, const TWO: bool>(
        &self,
        base: u32,
        offsets: &[i32; COUNT],
        weights: &Weights<S>,
        start: &[S; MOST_VECTORS],
        sums: &mut [[S; MOST_VECTORS]; 2],
    ) {
        let mut sum = *start;
        for i in 0..COUNT {
            // always there: a tap reaches no further than the padding. Offsets come from the block, which may be damaged
            if let Some(neighbour) = blocks_at::<BLOCKS>(self.plane, base.wrapping_add_signed(offsets[i])) {
                for v in 0..BLOCKS * S::VECTORS {
                    let value = load(self.token, neighbour, self.first, v);
                    sum[v] = sum[v] + S::max(value, self.low[v]).min(self.high[v]);
                }
            }
        }
        // keeps the sums in memory where registers are few: each tap needs them for values, limits and the group's sum
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

    /// Adds the groups of a kernel in the plane itself.
    #[inline(always)]
    fn add_all<const COUNT: usize, const TWO: bool>(
        &self,
        base: u32,
        groups: &[[i32; COUNT]],
        weights: &[Weights<S>],
        sums: &mut [[S; MOST_VECTORS]; 2],
    ) {
        let start = self.start::<COUNT>();
        for (offsets, weights) in groups.iter().zip(weights) {
            self.add::<COUNT, TWO>(base, offsets, weights, &start, sums);
        }
    }
}

impl<S: Short> PairSums<'_, S> {
    /// Weights ready for many products.
    #[inline(always)]
    pub(crate) fn weights(token: S::Token, weights: &PerGroup<[i16; 2]>) -> PerGroup<Weights<S>> {
        let none = [S::weight(token, 0); 2];
        let mut ready = PerGroup { eights: [none; EIGHTS], fours: [none; FOURS] };
        for i in 0..EIGHTS {
            ready.eights[i] = [S::weight(token, weights.eights[i][0]), S::weight(token, weights.eights[i][1])];
        }
        for i in 0..FOURS {
            ready.fours[i] = [S::weight(token, weights.fours[i][0]), S::weight(token, weights.fours[i][1])];
        }
        ready
    }

    /// Two pair sums (Q13) of the pixels from element `base` of `planes` on, 32 a block; the second only if `two`. Two blocks only where
    /// [`Short::VECTORS`] are one block. `turn` is added to the q of these pixels, not to their neighbours', and wraps.
    #[inline(always)]
    pub(crate) fn of_some<const BLOCKS: usize>(
        &self,
        token: S::Token,
        two: bool,
        planes: &[i16],
        base: usize,
        turn: i16,
        to: [&mut [[i16; SHORTS]; BLOCKS]; 2],
    ) {
        if two {
            self.of::<true, BLOCKS>(token, planes, base as u32, turn, to);
        } else {
            self.of::<false, BLOCKS>(token, planes, base as u32, turn, to);
        }
    }

    #[inline(always)]
    fn of<const TWO: bool, const BLOCKS: usize>(
        &self,
        token: S::Token,
        planes: &[i16],
        base: u32,
        turn: i16,
        [one, two]: [&mut [[i16; SHORTS]; BLOCKS]; 2],
    ) {
        let centre = blocks_at::<BLOCKS>(planes, base);
        debug_assert!(centre.is_some(), "the plane has one chunk more than its rows");
        let Some(centre) = centre else { return };
        let mut first = 0;
        while first * S::LEN < SHORTS {
            let chunk = Chunk::new(self, token, planes, centre, first, turn);
            let mut sums = [[S::splat(token, 0); MOST_VECTORS]; 2];
            chunk.add_all::<8, TWO>(base, self.eights, &self.weights.eights, &mut sums);
            chunk.add_all::<4, TWO>(base, self.fours, &self.weights.fours, &mut sums);
            for v in 0..BLOCKS * S::VECTORS {
                let (block, vector) = (v / S::VECTORS, first + v % S::VECTORS);
                sums[0][v].store(&mut one[block], vector);
                if TWO {
                    sums[1][v].store(&mut two[block], vector);
                }
            }
            first += S::VECTORS;
        }
        if !self.links.is_empty() {
            self.link::<TWO, BLOCKS>(token, planes, base, centre, turn, [one, two]);
        }
    }

    /// Adds the taps into other planes: a second pass, so that flat masks do not pay for it.
    #[inline(always)]
    fn link<const TWO: bool, const BLOCKS: usize>(
        &self,
        token: S::Token,
        planes: &[i16],
        base: u32,
        centre: &[[i16; SHORTS]; BLOCKS],
        turn: i16,
        [one, two]: [&mut [[i16; SHORTS]; BLOCKS]; 2],
    ) {
        let mut first = 0;
        while first * S::LEN < SHORTS {
            let chunk = Chunk::new(self, token, planes, centre, first, turn);
            let mut sums = [[S::splat(token, 0); MOST_VECTORS]; 2];
            for v in 0..BLOCKS * S::VECTORS {
                sums[0][v] = load(token, one, first, v);
                if TWO {
                    sums[1][v] = load(token, two, first, v);
                }
            }
            self.links.add::<S, TWO, BLOCKS>(&chunk, self.place, base, &mut sums);
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
