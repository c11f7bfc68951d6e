//! Dithers rows of 8-bit grey or RGB to 2 … 256 levels by a mask, in exact integer arithmetic.
//!
//! A sample v of 0 … 255 becomes one of L levels, by the threshold t of the mask's pixel over the sample:
//!
//! ```text
//! level = floor((v·(L − 1) + t)/255)    t = floor(255·(rank + ½)/n), 0 … 254    ranks 0 … n − 1
//! ```
//!
//! - v = 0 is always level 0 and v = 255 always level L − 1: black and white have no dots.
//! - L = 2 is plain thresholding: white where v ≥ 255 − t.
//! - v·(L − 1) is an integer, so the floor in t changes no level, and 8 bits hold t: 8-bit samples gain nothing from a finer mask.
//! - Over the whole mask, the levels of one v sum to floor(n·v·(L − 1)/255 + ½), the nearest integer to the exact sum. The mean is off by
//!   at most 1/(2n) of a level.
//!
//! The mask is stored as 8-bit texels m, its usual form ([`Mask::write_u8`], a C header, a PNG). A texel counts as rank m of 256:
//! t = floor(255·(m + ½)/256) = m − \[m ≥ 128\]. Where all 256 texels are equally frequent, the mean is off by at most 1/512 of a level:
//! at L = 2, half of one of 255 grey values. [`texels`] and [`texel`] make texels with the t of the exact formula.
//!
//! Samples are used as they are. In sRGB, the space of most pictures, a dithered grey looks lighter than the grey itself where dots mix as
//! light. [`ToneDither`] keeps the brightness; it takes samples of 8 and 16 bits and any output values.
//!
//! ```
//! use bluegrad::{Shape, dither::{BitOrder, Dither}};
//!
//! // In a real program a generator's texels, or the array of a C header.
//! let texels = [0, 128, 192, 64];
//! let dither = Dither::grey(&texels, Shape::new(2, 2), 2)?;
//! // Row 0 of a picture that is 10 pixels wide: one byte, and two bits of the next.
//! let mut line = [0_u8; 2];
//! dither.pack(0, &[0, 32, 64, 96, 128, 160, 192, 224, 255, 255], &mut line, BitOrder::MsbFirst)?;
//! assert_eq!(line, [0b0000_0101, 0b1100_0000]);
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! Source: Ulichney, Digital Halftoning (1987), ch. 5, ordered dithering; his "The void-and-cluster method for dither array
//! generation" (1993) for levels in between.

mod bits;
pub mod palette;
mod runs;
mod tiled;
pub mod tone;

pub use bits::BitOrder;
pub use tone::{Mix, Tone, ToneDither};

use crate::error::{Error, length};
use crate::mask::Mask;
use crate::shape::{MAX_SIDE, Shape};
use bits::{bits_of, packed_len};
use tiled::Tiled;

/// Fractional bits of [`Dither`]'s step. With 24 bits `level·step` fits a `u32`, and every value is rounded correctly.
const STEP_BITS: u32 = 24;

/// Dithers rows: a mask, its offset, and the number of levels. Cheap to copy.
///
/// A row is `width` grey samples, or `3·width` interleaved RGB samples. Row y = 0 is the top of the picture. The mask repeats in both
/// directions. Calls for a row do not panic; their only error is a buffer of a wrong length.
#[derive(Clone, Copy, Debug)]
pub struct Dither<'m> {
    mask: Tiled<'m, u8>,
    levels: u16,
    /// ceil(255·2^24/(L − 1)): the 8-bit value of one level, Q24.
    step: u32,
}

impl<'m> Dither<'m> {
    /// Dithers grey samples to `levels` levels, 2 to 256.
    ///
    /// `texels` are the mask's, row-major. Its shape may be any from 1x1 to 4096x4096.
    ///
    /// # Errors
    /// [`Error::DitherSize`], [`Error::Levels`], [`Error::Length`] unless there is one texel per pixel of the mask.
    pub fn grey(texels: &'m [u8], shape: Shape, levels: u32) -> Result<Self, Error> {
        Self::new(texels, shape, levels, false)
    }

    /// Dithers interleaved RGB samples, each channel to `levels` levels.
    ///
    /// All three channels have the same threshold, as in most programs that dither by a mask, so a grey pixel stays grey.
    /// [`Self::channels_apart`] gives that up for less noise in brightness.
    ///
    /// # Errors
    /// Those of [`Self::grey`].
    pub fn rgb(texels: &'m [u8], shape: Shape, levels: u32) -> Result<Self, Error> {
        Self::new(texels, shape, levels, true)
    }

    fn new(texels: &'m [u8], shape: Shape, levels: u32, rgb: bool) -> Result<Self, Error> {
        check(shape)?;
        if !(2..=256).contains(&levels) {
            return Err(Error::Levels { got: levels });
        }
        let mask = Tiled::new("texels of the mask", texels, shape, rgb)?;
        let step = (255_u32 << STEP_BITS).div_ceil(levels - 1);
        // at most 256, as checked
        Ok(Self { mask, levels: levels as u16, step })
    }

    /// Moves the mask: its pixel (x, y), wrapped, is over pixel (0, 0) of the picture.
    ///
    /// For another frame's noise, or for a picture that comes in parts.
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
    ///
    /// The channels' noise is then hardly correlated: brightness has less noise, and greys are mixed from coloured dots.
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

    /// Dithers row y to levels, 0 to L − 1, one byte per sample.
    ///
    /// # Errors
    /// [`Error::Length`] unless `to` is as long as `row`, and a row of RGB a multiple of three.
    pub fn levels(&self, y: u32, row: &[u8], to: &mut [u8]) -> Result<(), Error> {
        self.mask.check_row(row.len())?;
        length("row of levels", row.len(), to.len())?;
        self.mask.row(0, y, row, to, &[self.level(); 3]);
        Ok(())
    }

    /// Dithers row y to 8-bit values, round(255·level/(L − 1)), halves up, one per sample.
    ///
    /// # Errors
    /// [`Error::Length`] unless `to` is as long as `row`, and a row of RGB a multiple of three.
    pub fn values(&self, y: u32, row: &[u8], to: &mut [u8]) -> Result<(), Error> {
        self.mask.check_row(row.len())?;
        length("row of values", row.len(), to.len())?;
        let level = self.level();
        self.mask.row(0, y, row, to, &[|sample, texel| self.value(level(sample, texel)); 3]);
        Ok(())
    }

    /// Dithers row y to levels of [`Self::bits`] bits, sample after sample. Unused bits of the last byte are 0.
    ///
    /// # Errors
    /// [`Error::Length`] unless `to` has [`Self::packed_len`] bytes, and a row of RGB a multiple of three samples.
    pub fn pack(&self, y: u32, row: &[u8], to: &mut [u8], order: BitOrder) -> Result<(), Error> {
        self.mask.check_row(row.len())?;
        length("packed row", self.packed_len(row.len()), to.len())?;
        self.mask.pack(y, row, to, (self.bits(), order), &[self.level(); 3]);
        Ok(())
    }

    /// Returns the 8-bit value of a level, round(255·level/(L − 1)), halves up; 255 above the last level.
    #[must_use]
    pub fn value(&self, level: u8) -> u8 {
        let level = u32::from(level).min(u32::from(self.levels) - 1);
        // at most 255·2^24 + 255 + 2^23, which fits
        ((level * self.step + (1 << (STEP_BITS - 1))) >> STEP_BITS) as u8
    }

    /// Returns the function from a sample and its texel to the level.
    fn level(&self) -> impl Fn(u8, u8) -> u8 + Copy + use<> {
        let steps = self.levels - 1;
        move |sample, texel| {
            let threshold = texel - (texel >> 7);
            // floor(sum/255): exact up to 255·255 + 254, the largest sum, and without overflow of 16 bits
            let sum = u16::from(sample) * steps + u16::from(threshold);
            ((sum + 1 + (sum >> 8)) >> 8) as u8
        }
    }
}

/// Checks the shape of a mask for dithering: each side from 1 to 4096.
///
/// # Errors
/// [`Error::DitherSize`].
pub const fn check(shape: Shape) -> Result<(), Error> {
    let Shape { width, height, .. } = shape;
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
        return Err(Error::DitherSize { width, height });
    }
    Ok(())
}

/// Returns the texel with threshold t = floor(255·numerator/denominator), at most 254.
///
/// For rank r of n: `texel(2·r + 1, 2·n)`. For a 16-bit value m: `texel(2·m + 1, 1 << 17)`.
#[must_use]
pub const fn texel(numerator: u32, denominator: u32) -> u8 {
    texel_of(numerator as u64, denominator as u64)
}

/// [`texel`] with arguments up to 2^56.
const fn texel_of(numerator: u64, denominator: u64) -> u8 {
    let denominator = if denominator == 0 { 1 } else { denominator };
    let threshold = 255 * numerator / denominator;
    let threshold = if threshold < 254 { threshold as u8 } else { 254 };
    threshold + (threshold >> 7)
}

/// Writes texels that dither exactly as the ranks would, one per pixel.
///
/// # Errors
/// [`Error::Length`] if `to` is not one element per pixel.
pub fn texels(mask: &Mask<'_>, to: &mut [u8]) -> Result<(), Error> {
    let ranks = mask.ranks();
    length("texels", ranks.len(), to.len())?;
    for (to, rank) in to.iter_mut().zip(ranks) {
        *to = texel_of(2 * u64::from(*rank) + 1, 2 * mask.pixels() as u64);
    }
    Ok(())
}
