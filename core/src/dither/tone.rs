//! Positions of samples among the output values, in code values or in light, so that means are exact.
//!
//! A table holds the position P(v) of each input v among the output values: the level below as an integer, and a fraction, Q8.24.
//! A mask of n pixels holds 16-bit thresholds:
//!
//! ```text
//! T(r) = floor((2r + 1)·2^15/n)        r: the pixel's rank, 0 … n − 1
//! level = (P(v) + T·2^8) >> 24         modulo 2^32; high ranks go up first
//! ```
//!
//! The fraction is rounded so that an exact number c of a tile's pixels go up. With x(v) the input and `y_k` the output values, in code
//! values or in light, and `y_k ≤ x(v) < y_{k+1}`:
//!
//! ```text
//! a = x(v) − y_k    d = y_{k+1} − y_k    c = floor(n·a/d + ½)
//! P(v) = k·2^24                                      c = 0
//!        k·2^24 + (2^16 − T(n − c))·2^8              else; T(0) counts as 0, so c = n gives the level above
//! ```
//!
//! - Inputs below the first output value take the first, inputs above the last take the last.
//! - An input that equals an output value has no dots. Positions never fall as v rises.
//! - For n up to 65536, exactly c pixels of a tile go up: the mean is off by at most 1/(2n) of a step between output values.
//! - For larger n, up to 2^24, several ranks share a threshold: the mean is off by at most 1/(2n) + 2^-16 of a step.
//!
//! Three forms, for the memory that there is:
//!
//! - [`Tone::fill`]: a position for each of 256 or 65536 inputs, exact.
//! - [`Tone::fill_pairs`]: 16-bit inputs by 256 positions with slopes, 2 KiB, for output values of 8 bits.
//! - [`Tone::two_levels`]: for two output values, 8-bit texels that hold the tone, exact; rows need no table.

use super::light::Linear;
use super::thresholds::threshold;
use crate::error::{Error, length};
use crate::mask::Mask;
use crate::shape::MAX_SIDE;
use bytemuck::CheckedBitPattern;

/// Quantity in which neighbouring output values mix to the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, CheckedBitPattern)]
#[repr(u32)]
pub enum Mix {
    /// Code values: means of samples are right.
    #[default]
    Codes = 0,
    /// Linear light of sRGB: dots look as bright as the grey that they stand for.
    Light = 1,
}

/// Samples that a table of positions is for, u8 or u16.
///
/// A sample of 8 bits stands for 257 times its value on 16 bits.
pub trait Sample: sealed::Table {}

impl Sample for u8 {}
impl Sample for u16 {}

mod sealed {
    /// A table with one element per value of the type.
    pub trait Table {
        /// Number of values.
        const VALUES: usize;
        /// Steps of the 16-bit code per step of the value.
        const STEP: usize;
    }

    impl Table for u8 {
        const VALUES: usize = 256;
        const STEP: usize = 257;
    }

    impl Table for u16 {
        const VALUES: usize = 65536;
        const STEP: usize = 1;
    }
}

/// Output values, and how they mix: what makes a table of positions.
#[derive(Clone, Copy, Debug)]
pub struct Tone<'v> {
    values: &'v [u16],
    mix: Mix,
    pixels: u32,
}

impl<'v> Tone<'v> {
    /// Checks 2 to 256 rising output values, 16-bit codes, for a mask of `pixels` pixels.
    ///
    /// `pixels` is 1 to 2^24. Where each value of a mask occurs m times, the mask counts as one of n/m pixels.
    ///
    /// # Errors
    /// [`Error::Levels`], [`Error::Values`] unless each value is above the one before, [`Error::Number`] for `pixels`.
    pub fn new(values: &'v [u16], mix: Mix, pixels: u32) -> Result<Self, Error> {
        if !(2..=256).contains(&values.len()) {
            return Err(Error::Levels { got: values.len().try_into().unwrap_or(u32::MAX) });
        }
        for (pair, index) in values.windows(2).zip(1..) {
            if let [before, value] = *pair
                && before >= value
            {
                return Err(Error::Values { index, value });
            }
        }
        if !(1..=MAX_SIDE * MAX_SIDE).contains(&pixels) {
            return Err(Error::Number {
                what: "pixels of the mask",
                value: pixels as f32,
                range: "from 1 to 16777216",
            });
        }
        Ok(Self { values, mix, pixels })
    }

    /// Writes the position of every input of type `S` among the output values, Q8.24: 256 or 65536 positions.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one position per value of `S`.
    pub fn fill<S: Sample>(&self, positions: &mut [u32]) -> Result<(), Error> {
        length("positions", S::VALUES, positions.len())?;
        self.walk(positions.iter_mut().zip((0..=u16::MAX).step_by(S::STEP)), |to, level, a, d| {
            *to = (level << 24) + self.fraction(a, d);
        });
        Ok(())
    }

    /// Writes 256 pairs of position and slope, for 16-bit inputs: v = 257·i + j lies at `position[i] + (slope[i]·j >> 8)`, Q8.24.
    ///
    /// With [`Mix::Codes`] the mean is off by at most 1.001/(2n) of a step where n is a
    /// power of two up to 65536, by 1/(2n) + 2^-17 for other n. With [`Mix::Light`] it is off by less than 0.01 of a step more.
    ///
    /// # Errors
    /// [`Error::Length`] unless there are 256 pairs, [`Error::Number`] unless all output values are multiples of 257.
    pub fn fill_pairs(&self, pairs: &mut [[u32; 2]]) -> Result<(), Error> {
        length("pairs of position and slope", 256, pairs.len())?;
        if let Some(value) = self.values.iter().find(|value| !value.is_multiple_of(257)) {
            let range = "a multiple of 257, as 8-bit codes are, for pairs";
            return Err(Error::Number { what: "output value", value: f32::from(*value), range });
        }
        let half = half_threshold(self.pixels as usize);
        self.walk(pairs.iter_mut().zip((0..=u16::MAX).step_by(257)), |to, level, a, d| {
            // a < d ≤ 2^32: the quotient is below 2^24, and the threshold's half below 2^8
            *to = [(level << 24) + ((a << 24) / d.max(1)) as u32 + half, 0];
        });
        let mut above = None;
        for [position, slope] in pairs.iter_mut().rev() {
            let step = above.map_or(0, |above: u32| above.saturating_sub(*position));
            above = Some(*position);
            // step·256/257, rounded down: never past the next position; at most one level, so slope·256 fits
            *slope = (u64::from(step) * 256 / 257) as u32;
        }
        Ok(())
    }

    /// Prepares texels that hold this tone of two output values; rows then need no table.
    ///
    /// # Errors
    /// [`Error::Levels`] unless the tone has two output values.
    pub fn two_levels(&self) -> Result<TwoLevels, Error> {
        if self.values.len() != 2 {
            return Err(Error::Levels { got: self.values.len() as u32 });
        }
        let mut ups = [0; 256];
        self.walk(ups.iter_mut().zip((0..=u16::MAX).step_by(257)), |to, level, a, d| {
            *to = if level > 0 { self.pixels } else { self.up(a, d) as u32 };
        });
        Ok(TwoLevels { ups, pixels: self.pixels })
    }

    /// Calls `write(to, k, a, d)` for rising codes: the level below, the distance from it, and the step, as in the module's formulas.
    fn walk<'t, T: 't>(
        &self,
        codes: impl Iterator<Item = (&'t mut T, u16)>,
        mut write: impl FnMut(&mut T, u32, u64, u64),
    ) {
        let [first, second, rest @ ..] = self.values else {
            debug_assert!(false, "Tone::new wants two values");
            return;
        };
        let mut linear = Linear::default();
        let mut exact = |code: u16| u64::from(if self.mix == Mix::Light { linear.light(code) } else { code.into() });
        let last = rest.last().unwrap_or(second);
        let mut higher = rest.iter();
        let (mut level, mut below, mut above) = (0_u32, exact(*first), exact(*second));
        for (to, code) in codes {
            // not with `clamp`, which panics where the ends do not rise
            let input = exact(code.max(*first).min(*last));
            while input >= above {
                level += 1;
                below = above;
                // Past the last value the step is never used: the input equals the last value.
                above = higher.next().map_or(u64::MAX, |value| exact(*value));
            }
            write(to, level, input - below, above - below);
        }
    }

    /// Returns the number of pixels that go up, round(n·a/d).
    fn up(&self, a: u64, d: u64) -> u64 {
        debug_assert!(a < d, "the input is below the value above it");
        // at most 2·2^32·2^24 + 2^32 where a > 0; past the last value d may be 2^64 − 1, and a is 0
        if a == 0 { 0 } else { (2 * a * u64::from(self.pixels) + d) / (2 * d).max(1) }
    }

    /// Returns the fraction, Q24, under which [`Self::up`] of n pixels go up; at most 2^24.
    fn fraction(&self, a: u64, d: u64) -> u32 {
        let n = u64::from(self.pixels);
        match n.saturating_sub(self.up(a, d)) {
            0 => 1 << 24,
            rank if rank == n => 0,
            // at most n − 1, which is below 2^24; the threshold is at most 65535
            rank => (65536 - u32::from(threshold(2 * rank as u32 + 1, 2 * self.pixels))) << 8,
        }
    }
}

/// Texels under which 8-bit samples become two even levels exactly as the ranks do through a tone.
///
/// With c(v) as in a [`Tone`]: rank r goes up from the least v with c(v) ≥ n − r, and the texel holds 255 − v. So dithering in light is as fast as
/// plain thresholding.
#[derive(Clone, Copy, Debug)]
pub struct TwoLevels {
    /// Pixels that go up, for each input.
    ups: [u32; 256],
    pixels: u32,
}

impl TwoLevels {
    /// Writes the texels of a mask, or of some of its rows, one per pixel.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per pixel, or if the tone is for a mask of another size.
    pub fn texels(&self, mask: &Mask<'_>, to: &mut [u8]) -> Result<(), Error> {
        length("pixels of the tone", mask.pixels(), self.pixels as usize)?;
        mask.write("texels", to, |rank, _| {
            let wanted = self.pixels.saturating_sub(rank as u32);
            // from 1, as input 0 is at most the first value, to 255, as input 255 is at least the last
            let least = self.ups.partition_point(|up| *up < wanted).clamp(1, 255) as u8;
            let threshold = 255 - least;
            threshold + (threshold >> 7)
        })
    }
}

/// Returns what the rounding down of thresholds takes from each, Q24: half a threshold, or nothing where (2r + 1)·2^15/n is whole.
///
/// Added to positions that are not rounded for a mask, so that as many pixels go up as without the rounding.
pub(super) const fn half_threshold(pixels: usize) -> u32 {
    if 32768_usize.is_multiple_of(if pixels == 0 { 1 } else { pixels }) { 0 } else { 128 }
}
