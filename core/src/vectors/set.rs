//! Sets of samples: N points that are spread evenly over a space, each axis of its cube stratified.
//!
//! ```text
//! u_c(i) = (rank of (2³¹ + a_c·i mod 2³²) among all i, + ½)/N          a_c = ⌊2³²·g^−(c+1)⌋, g^(D+1) = g + 1
//! ```
//!
//! D is the number of dimensions. For D = 1, g is the golden ratio and the order of the set does not matter: it is `(i + ½)/N`. The sequence
//! is the additive recurrence of Roberts (2018) with the roots that generalise the golden ratio; its ranks take each of N strata of each axis
//! once, so that each component of a mask on a cube is a mask with exact ranks by itself.

use super::{Sample, Space};
use crate::error::{Error, length};
use crate::sort::counting::scatter;

/// Most samples of a set: the pixels of the largest mask.
pub const MAX_SAMPLES: usize = 1 << 24;

/// Bytes of a digit of the sort.
const DIGITS: u32 = 4;

/// The factors a of the recurrence, Q32.
fn factors(dimensions: usize) -> [u32; 4] {
    // g = (1 + g)^(1/(D + 1)) contracts by more than 3 a step
    let mut root = 1.5;
    for _ in 0..48 {
        root = libm::pow(1.0 + root, 1.0 / (dimensions as f64 + 1.0));
    }
    let mut power = 1.0;
    core::array::from_fn(|_| {
        power /= root;
        (power * 4_294_967_296.0) as u32
    })
}

/// Makes the set of samples of a space: as many as `samples` has room for, 1 to 2²⁴.
///
/// `scratch` has twice as many elements. For a list, the set is that of the cube.
///
/// # Errors
/// [`Error::Length`] for a set that is empty or too large, and for scratch of another length.
pub fn samples(space: Space, samples: &mut [Sample], scratch: &mut [u64]) -> Result<(), Error> {
    let count = samples.len();
    if count == 0 || count > MAX_SAMPLES {
        return Err(Error::Length { what: "samples, of which there may be 1 to 16777216", needed: 1, got: count });
    }
    length("scratch", 2 * count, scratch.len())?;
    let (mut keys, mut work) = scratch.split_at_mut(count);
    let dimensions = space.dimensions();
    let factors = factors(dimensions);
    let stratum = |rank: usize| (rank as f64 + 0.5) / count as f64;
    for (axis, factor) in factors.iter().enumerate().take(dimensions) {
        for (i, key) in (0_u32..).zip(keys.iter_mut()) {
            let place = if dimensions == 1 { i << 8 } else { factor.wrapping_mul(i).wrapping_add(1 << 31) };
            *key = u64::from(place) << 32 | u64::from(i);
        }
        let mut counters = [0; 256];
        for digit in 0..DIGITS {
            let shift = u32::BITS + 8 * digit;
            scatter(&mut counters, keys, work, |key| usize::from((key >> shift) as u8));
            (keys, work) = (work, keys);
        }
        for (rank, key) in keys.iter().enumerate() {
            // coordinates of the cube wait in the samples as ranks, which have 24 bits, and so are exact
            if let Some(to) = samples.get_mut(*key as u32 as usize).and_then(|sample| sample.get_mut(axis)) {
                *to = rank as f32;
            }
        }
    }
    for sample in samples {
        *sample = space.map(sample.map(|rank| stratum(rank as usize)));
    }
    Ok(())
}
