//! Dithers 8- and 16-bit samples to any output values, with exact means in code values or in light.
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
//! ```
//! use bluegrad::{Shape, dither::{Mix, Tone, ToneDither}};
//!
//! let mut positions = [0; 65536];
//! // Black, a dark grey and white, mixed as light; a mask of 4 pixels.
//! Tone::new(&[0, 20000, 65535], Mix::Light, 4)?.fill::<u16>(&mut positions)?;
//! let thresholds = [8192, 40960, 57344, 24576];
//! let dither = ToneDither::<u16>::grey(&thresholds, Shape::new(2, 2), &positions)?;
//! let mut levels = [0; 6];
//! dither.levels(0, &[0, 9000, 15000, 20000, 50000, 65535], &mut levels)?;
//! assert_eq!(levels, [0, 0, 0, 1, 1, 2]);
//! # Ok::<(), bluegrad::Error>(())
//! ```

use super::bits::{BitOrder, bits_of, packed_len};
use super::tiled::Tiled;
use crate::error::{Error, length};
use crate::mask::Mask;
use crate::shape::{MAX_SIDE, Shape};

/// Quantity in which neighbouring output values mix to the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mix {
    /// Code values: means of samples are right.
    #[default]
    Codes,
    /// Linear light of sRGB: dots look as bright as the grey that they stand for.
    Light,
}

/// Type of input samples, u8 or u16.
///
/// A sample of 8 bits stands for 257 times its value on 16 bits.
pub trait Sample: Copy + sealed::Table {}

impl Sample for u8 {}
impl Sample for u16 {}

mod sealed {
    /// A table with one element per value of the type.
    pub trait Table: Sized {
        /// Number of values.
        const VALUES: usize;
        /// Steps of the 16-bit code per step of the value.
        const STEP: usize;
        /// Positions of all values.
        type Positions: 'static;

        /// The slice as a table, if the slice has [`Self::VALUES`] elements.
        fn table(positions: &[u32]) -> Option<&Self::Positions>;

        /// The position of a value.
        fn position(self, table: &Self::Positions) -> u32;
    }

    macro_rules! table {
        ($sample:ty, $step:expr) => {
            impl Table for $sample {
                const VALUES: usize = <$sample>::MAX as usize + 1;
                const STEP: usize = $step;
                type Positions = [u32; <$sample>::MAX as usize + 1];

                fn table(positions: &[u32]) -> Option<&Self::Positions> {
                    positions.try_into().ok()
                }

                #[inline]
                fn position(self, table: &Self::Positions) -> u32 {
                    // in bounds for every value of the type, so without a check
                    table[usize::from(self)]
                }
            }
        };
    }

    table!(u8, 257);
    table!(u16, 1);
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
        let [first, second, rest @ ..] = self.values else {
            debug_assert!(false, "Tone::new wants two values");
            return Ok(());
        };
        let mut linear = Linear::default();
        let mut exact = |code: u16| u64::from(if self.mix == Mix::Light { linear.light(code) } else { code.into() });
        let last = rest.last().unwrap_or(second);
        let mut higher = rest.iter();
        let (mut level, mut below, mut above) = (0_u32, exact(*first), exact(*second));
        for (to, code) in positions.iter_mut().zip((0..=u16::MAX).step_by(S::STEP)) {
            let input = exact(code.clamp(*first, *last));
            while input >= above {
                level += 1;
                below = above;
                // Past the last value the step is never used: the input equals the last value.
                above = higher.next().map_or(u64::MAX, |value| exact(*value));
            }
            *to = (level << 24) + self.fraction(input - below, above - below);
        }
        Ok(())
    }

    /// Returns the fraction, Q24, under which round(n·a/d) of n pixels go up; at most 2^24.
    fn fraction(&self, a: u64, d: u64) -> u32 {
        debug_assert!(a < d, "the input is below the value above it");
        let n = u64::from(self.pixels);
        if a == 0 {
            return 0;
        }
        // at most 2·2^32·2^24 + 2^32
        let up = (2 * a * n + d) / (2 * d.max(1));
        match n.saturating_sub(up) {
            0 => 1 << 24,
            rank if rank == n => 0,
            // at most n − 1, which is below 2^24; the threshold is at most 65535
            rank => (65536 - u32::from(threshold(2 * rank as u32 + 1, 2 * self.pixels))) << 8,
        }
    }
}

/// Returns floor(2^16·numerator/denominator), at most 65535.
///
/// For rank r of n: `threshold(2·r + 1, 2·n)`.
#[must_use]
pub const fn threshold(numerator: u32, denominator: u32) -> u16 {
    let denominator = if denominator == 0 { 1 } else { denominator };
    let threshold = ((numerator as u64) << 16) / denominator as u64;
    if threshold < 65535 { threshold as u16 } else { 65535 }
}

/// Writes the thresholds of a mask, floor((2·rank + 1)·2^15/n), one per pixel.
///
/// # Errors
/// [`Error::Length`] if `to` is not one element per pixel.
pub fn thresholds(mask: &Mask<'_>, to: &mut [u16]) -> Result<(), Error> {
    let ranks = mask.ranks();
    length("thresholds", ranks.len(), to.len())?;
    // at most 2^24 pixels: the shape of a mask is checked
    let pixels = mask.pixels() as u32;
    for (to, rank) in to.iter_mut().zip(ranks) {
        *to = threshold(2 * rank + 1, 2 * pixels);
    }
    Ok(())
}

/// Dithers rows of samples through tables of positions. Cheap to copy.
///
/// Rows, offsets and errors are those of [`super::Dither`]. `S` is the type of the samples, u8 or u16.
#[derive(Clone, Copy)]
pub struct ToneDither<'m, S: Sample> {
    mask: Tiled<'m, u16>,
    positions: [&'m S::Positions; 3],
    levels: u16,
}

impl<'m, S: Sample> ToneDither<'m, S> {
    /// Dithers grey samples: thresholds of a mask, row-major, and the positions of [`Tone::fill`].
    ///
    /// # Errors
    /// [`Error::DitherSize`], [`Error::Length`] unless there is one threshold per pixel and one position per value of `S`.
    pub fn grey(thresholds: &'m [u16], shape: Shape, positions: &'m [u32]) -> Result<Self, Error> {
        Self::new(thresholds, shape, [positions; 3], false)
    }

    /// Dithers interleaved RGB samples, each channel through positions of its own.
    ///
    /// # Errors
    /// Those of [`Self::grey`].
    pub fn rgb(thresholds: &'m [u16], shape: Shape, positions: [&'m [u32]; 3]) -> Result<Self, Error> {
        Self::new(thresholds, shape, positions, true)
    }

    fn new(thresholds: &'m [u16], shape: Shape, positions: [&'m [u32]; 3], rgb: bool) -> Result<Self, Error> {
        let mask = Tiled::new("thresholds of the mask", thresholds, shape, rgb)?;
        let table = |positions: &'m [u32]| {
            let wrong = Error::Length { what: "positions", needed: S::VALUES, got: positions.len() };
            S::table(positions).ok_or(wrong)
        };
        let [red, green, blue] = positions;
        // The largest input has the last level, without a fraction. At most 255.
        let levels =
            positions.iter().filter_map(|positions| positions.last()).fold(0, |most, p| most.max(p >> 24)) as u16 + 1;
        Ok(Self { mask, positions: [table(red)?, table(green)?, table(blue)?], levels })
    }

    /// Moves the mask: its pixel (x, y), wrapped, is over pixel (0, 0) of the picture.
    #[must_use]
    pub fn at(self, x: u32, y: u32) -> Self {
        Self { mask: self.mask.at(x, y), ..self }
    }

    /// Moves the mask by a further (x, y) for each channel of RGB, on top of [`Self::at`].
    #[must_use]
    pub fn channel_offsets(self, offsets: [[u32; 2]; 3]) -> Self {
        Self { mask: self.mask.channel_offsets(offsets), ..self }
    }

    /// Moves the mask by one third of its sides for green and by two thirds for blue.
    #[must_use]
    pub fn channels_apart(self) -> Self {
        Self { mask: self.mask.channels_apart(), ..self }
    }

    /// Bits per sample that [`Self::pack`] writes: the fewest of 1, 2, 4 and 8 that hold every level.
    #[must_use]
    pub fn bits(&self) -> u32 {
        bits_of(self.levels)
    }

    /// Bytes that [`Self::pack`] writes for a row of `samples` samples.
    #[must_use]
    pub fn packed_len(&self, samples: usize) -> usize {
        packed_len(samples, self.bits())
    }

    /// Dithers row y to levels: indices of output values, one byte per sample.
    ///
    /// # Errors
    /// [`Error::Length`] unless `to` is as long as `row`, and a row of RGB a multiple of three.
    pub fn levels(&self, y: u32, row: &[S], to: &mut [u8]) -> Result<(), Error> {
        self.mask.check_row(row.len())?;
        length("row of levels", row.len(), to.len())?;
        self.mask.row(0, y, row, to, &self.level());
        Ok(())
    }

    /// Dithers row y to levels of [`Self::bits`] bits, sample after sample. Unused bits of the last byte are 0.
    ///
    /// # Errors
    /// [`Error::Length`] unless `to` has [`Self::packed_len`] bytes, and a row of RGB a multiple of three samples.
    pub fn pack(&self, y: u32, row: &[S], to: &mut [u8], order: BitOrder) -> Result<(), Error> {
        self.mask.check_row(row.len())?;
        length("packed row", self.packed_len(row.len()), to.len())?;
        self.mask.pack(y, row, to, (self.bits(), order), &self.level());
        Ok(())
    }

    /// Returns, for each channel, the function from a sample and its threshold to the level.
    fn level(&self) -> [impl Fn(S, u16) -> u8 + use<'m, S>; 3] {
        self.positions.map(|table| {
            move |sample: S, threshold| (sample.position(table).wrapping_add(u32::from(threshold) << 8) >> 24) as u8
        })
    }
}

/// Fractional bits of [`Linear`]'s arithmetic: products of two numbers up to 1 fit a `u128`.
const BITS: u32 = 60;

/// Returns the linear light of a 16-bit sRGB code, in units of 1/(2^32 − 1), correctly rounded.
///
/// With x = code/65535 (IEC 61966-2-1): x/12.92 for x ≤ 0.04045, else ((x + 0.055)/1.055)^2.4. The test compares all 65536 codes with
/// exact integers.
#[must_use]
pub fn light(code: u16) -> u32 {
    Linear::default().light(code)
}

/// Computes [`light`]; the root of one code is the first guess of the next.
struct Linear {
    /// Fifth root in Q60, above 0.
    root: u128,
}

impl Default for Linear {
    fn default() -> Self {
        Self { root: 1 << BITS }
    }
}

impl Linear {
    fn light(&mut self, code: u16) -> u32 {
        let x = u64::from(code);
        // 0.04045·65535 = 2650.9
        if code <= 2650 {
            // (2^32 − 1)/65535 = 65537, so light = 65537·x/12.92, which never ends in one half: 323 = 1292/4 is odd
            return ((x * 65537 * 25 * 2 + 323) / (2 * 323)) as u32;
        }
        // z = (x/65535 + 0.055)/1.055, at most 1; light = z²·⁵√(z²)
        let z = (u128::from(1000 * x + 55 * 65535) << BITS) / (1055 * 65535);
        let square = (z * z) >> BITS;
        let light = (square * self.fifth_root(square)) >> BITS;
        // at most 2^32 − 1 + ½
        ((light * u128::from(u32::MAX) + (1 << (BITS - 1))) >> BITS) as u32
    }

    /// Newton's method for r⁵ = s, both Q60, s from 2^-8 to 1.
    fn fifth_root(&mut self, s: u128) -> u128 {
        let step = |r: u128| {
            let square = (r * r) >> BITS;
            (4 * r + (s << BITS) / ((square * square) >> BITS).max(1)) / 5
        };
        // From any guess the first step ends at or above the root; from there the steps fall until rounding stops them.
        let mut root = step(self.root);
        loop {
            let next = step(root);
            if next >= root {
                break;
            }
            root = next;
        }
        self.root = root;
        root
    }
}
