//! Start of a run.

use super::Position;
use super::grid::side;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// The golden ratio's fraction, Q32.
const GOLDEN: u32 = 0x9E37_79B9;

/// Width of the square in which a point is moved, mean distances, Q1.
const JITTER: u64 = 3;

/// Writes a lattice of `count` points, moved as a whole and each by itself at random.
///
/// Point i is at `(i/N, i·golden ratio)`, which is even enough that few steps remain, and moved far enough that nothing of the lattice does.
/// Draws of 32 bits: two for the lattice, then two for each point.
pub(super) fn scatter(seed: u64, count: u32, positions: &mut [Position]) {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let offset = [rng.next_u32(), rng.next_u32()];
    let side = side(count).max(1);
    // 2³² a side of the torus; the mean distance is 2¹⁶/side of it
    let width = (JITTER << 47) / side;
    // 30 bits: the product fits 64 for one point too
    let mut jitter = || ((u64::from(rng.next_u32() >> 2) * width) >> 30) as u32;
    for (i, to) in (0_u32..).zip(positions) {
        let x = ((u64::from(i) << 32) / u64::from(count.max(1))) as u32;
        let y = i.wrapping_mul(GOLDEN);
        *to = [offset[0].wrapping_add(x).wrapping_add(jitter()), offset[1].wrapping_add(y).wrapping_add(jitter())];
    }
}
