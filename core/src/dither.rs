//! Dithers rows of 8-bit, 16-bit or float samples by a mask, in exact integer arithmetic.
//!
//! [`Levels`] says what samples become:
//!
//! - [`Levels::Even`]: L even levels from black to white, 2 to 256, in code values. No table.
//! - [`Levels::Table`] and [`Levels::Pairs`]: any rising output values, mixed in code values or in light ([`Tone`]).
//! - [`palette::Palette`]: RGB to 2 to 64 colours.
//!
//! [`Sink`] says in which form they leave: levels, values, packed bits, planes, RGB332, RGB565. Black and white, and every input that
//! equals an output value, have no dots.
//!
//! # Even levels
//!
//! A sample v of 0 … 255 becomes one of L levels, by the threshold t of the mask's pixel over the sample:
//!
//! ```text
//! level = floor((v·(L − 1) + t)/255)    t = floor(255·(rank + ½)/n), 0 … 254    ranks 0 … n − 1
//! ```
//!
//! - L = 2 is plain thresholding: white where v ≥ 255 − t.
//! - v·(L − 1) is an integer, so the floor in t changes no level, and 8 bits hold t: 8-bit samples gain nothing from a finer mask.
//! - Over the whole mask, the levels of one v sum to floor(n·v·(L − 1)/255 + ½), the nearest integer to the exact sum. The mean is off by
//!   at most 1/(2n) of a level.
//!
//! 8-bit thresholds are stored as texels m, the usual form of a mask ([`Mask::write_u8`](crate::Mask::write_u8), a C header, a PNG). A
//! texel counts as rank m of 256: t = floor(255·(m + ½)/256) = m − \[m ≥ 128\]. Where all 256 texels are equally frequent, the mean is off
//! by at most 1/512 of a level: at L = 2, half of one of 255 grey values. [`texels`] and [`texel`] make texels with the t of the exact
//! formula.
//!
//! Samples of 16 bits, and 8-bit samples under 16-bit thresholds T = floor((2·rank + 1)·2^15/n) ([`thresholds`]):
//!
//! ```text
//! level = floor((P + T·2^8 + h)/2^24)    P = floor(2^24·v·(L − 1)/65535)    h = 0 if n divides 2^15, else 2^7
//! ```
//!
//! The mean is off by at most 1.001/(2n) of a level where n is a power of two up to 65536, and by 1/(2n) + 2^-17 for other n.
//!
//! # Code values and light
//!
//! Even levels take samples as they are. In sRGB, the space of most pictures, a dithered grey looks lighter than the grey itself where dots
//! mix as light. [`Mix::Light`] keeps the brightness: [`Tone::two_levels`] for two levels, tables for more.
//!
//! ```
//! use bluegrad::{Dither, Shape, dither::{BitOrder, Levels, Samples, Sink, Thresholds}};
//!
//! // In a real program a generator's texels, or the array of a C header.
//! let mask = Thresholds::U8(&[0, 128, 192, 64]);
//! let dither = Dither::grey(mask, Shape::new(2, 2), Levels::Even([2]))?;
//! // Row 0 of a picture that is 10 pixels wide: one byte, and two bits of the next.
//! let row = Samples::U8(&[0, 32, 64, 96, 128, 160, 192, 224, 255, 255]);
//! let mut line = [0_u8; 2];
//! dither.row(0, row, Sink::Packed { to: &mut line, bits: 1, order: BitOrder::MsbFirst })?;
//! assert_eq!(line, [0b0000_0101, 0b1100_0000]);
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! ```
//! use bluegrad::{Dither, Shape, dither::{Levels, Mix, Samples, Sink, Thresholds, Tone}};
//!
//! let mut positions = [0; 65536];
//! // Black, a dark grey and white, mixed as light; a mask of 4 pixels.
//! Tone::new(&[0, 20000, 65535], Mix::Light, 4)?.fill::<u16>(&mut positions)?;
//! let mask = Thresholds::U16(&[8192, 40960, 57344, 24576]);
//! let dither = Dither::grey(mask, Shape::new(2, 2), Levels::Table([&positions]))?;
//! let mut levels = [0; 6];
//! dither.row(0, Samples::U16(&[0, 9000, 15000, 20000, 50000, 65535]), Sink::Levels(&mut levels))?;
//! assert_eq!(levels, [0, 0, 0, 1, 1, 2]);
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! Source: Ulichney, Digital Halftoning (1987), ch. 5, ordered dithering; his "The void-and-cluster method for dither array
//! generation" (1993) for levels in between.

mod bits;
mod levels;
mod light;
pub mod palette;
mod rows;
mod samples;
mod sink;
mod thresholds;
mod tiled;
mod tone;

pub use bits::BitOrder;
pub use levels::Levels;
pub use light::light;
pub use samples::Samples;
pub use sink::{ByteOrder, Sink};
pub use thresholds::{Thresholds, texel, texels, threshold, thresholds};
pub use tone::{Mix, Sample, Tone, TwoLevels};

use crate::error::{Error, length};
use crate::shape::{MAX_SIDE, Shape};
use crate::simd::SimdLevel;
use bits::{bits_of, packed_len};
use levels::Map;
use palette::Palette;
use rows::{PaletteRow, Row};
use sink::Form;
use tiled::Tiled;

/// Dithers rows: a mask, its offset, and what samples become.
///
/// A row is `width` grey samples, or `3·width` interleaved RGB samples. Row y = 0 is the top of the picture. The mask repeats in both
/// directions. Calls for a row do not panic; their errors are buffers of a wrong length, and forms that the levels do not have.
#[derive(Clone, Copy, Debug)]
pub struct Dither<'m> {
    mask: Tiled<'m>,
    levels: Channels<'m>,
    form: Form,
    simd: SimdLevel,
}

/// What samples become, by the channels of a row.
#[derive(Clone, Copy, Debug)]
enum Channels<'m> {
    Grey(Map<'m, 1>),
    Rgb(Map<'m, 3>),
    Palette(Palette<'m>),
}

impl<'m> Dither<'m> {
    /// Dithers grey samples.
    ///
    /// The shape of the mask may be any from 1x1 to 4096x4096; the thresholds are row-major.
    ///
    /// # Errors
    /// [`Error::DitherSize`], [`Error::Levels`], [`Error::Length`] unless there is one threshold per pixel of the mask and tables have
    /// their lengths.
    pub fn grey(mask: Thresholds<'m>, shape: Shape, levels: Levels<'m, 1>) -> Result<Self, Error> {
        let mask = Tiled::new(mask, shape)?;
        let (map, [most]) = levels.check(mask.fine_pixels())?;
        let form = Form { levels: [most; 3], channels: 1, palette: false };
        Ok(Self { mask, levels: Channels::Grey(map), form, simd: SimdLevel::Auto })
    }

    /// Dithers interleaved RGB samples, each channel to levels of its own.
    ///
    /// All three channels have the same threshold, as in most programs that dither by a mask, so a grey pixel stays grey.
    /// [`Self::channels_apart`] gives that up for less noise in brightness.
    ///
    /// # Errors
    /// Those of [`Self::grey`].
    pub fn rgb(mask: Thresholds<'m>, shape: Shape, levels: Levels<'m, 3>) -> Result<Self, Error> {
        let mask = Tiled::new(mask, shape)?;
        let (map, levels) = levels.check(mask.fine_pixels())?;
        let form = Form { levels, channels: 3, palette: false };
        Ok(Self { mask, levels: Channels::Rgb(map), form, simd: SimdLevel::Auto })
    }

    /// Dithers interleaved RGB samples to the colours of a palette: one level per pixel, the index of its colour.
    ///
    /// Samples of 16 bits and floats are rounded to 8 bits. Offsets of channels have no effect: a pixel has one threshold.
    ///
    /// # Errors
    /// [`Error::DitherSize`], [`Error::Length`] unless there is one threshold per pixel of the mask.
    pub fn palette(mask: Thresholds<'m>, shape: Shape, palette: Palette<'m>) -> Result<Self, Error> {
        // at most 64
        let form = Form { levels: [palette.colors() as u16; 3], channels: 1, palette: true };
        Ok(Self { mask: Tiled::new(mask, shape)?, levels: Channels::Palette(palette), form, simd: SimdLevel::Auto })
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

    /// Chooses the instruction set; every choice gives the same bytes. Without this call, the best that the CPU has.
    #[must_use]
    pub fn simd(self, simd: SimdLevel) -> Self {
        Self { simd, ..self }
    }

    /// Returns the number of levels of each channel; of grey three times the same.
    #[must_use]
    pub const fn levels(&self) -> [u16; 3] {
        self.form.levels
    }

    /// Returns the fewest of 1, 2, 4 and 8 bits that hold every level, for [`Sink::Packed`].
    #[must_use]
    pub fn bits(&self) -> u32 {
        bits_of(self.form.most())
    }

    /// Returns the bytes of [`Sink::Packed`] for a row of `samples` samples, at [`Self::bits`].
    #[must_use]
    pub fn packed_len(&self, samples: usize) -> usize {
        packed_len(self.levels_of(samples), self.bits())
    }

    /// Dithers row y into a sink.
    ///
    /// # Errors
    /// [`Error::Length`] unless the sink has the row's length, a row of RGB is a multiple of three, and the table, if there is one, has a
    /// position per value of the samples; [`Error::Sink`] for a form that the levels do not have. Nothing is written then.
    pub fn row(&self, y: u32, samples: Samples<'_>, mut sink: Sink<'_>) -> Result<(), Error> {
        let count = samples.len();
        match count % 3 {
            rest if rest > 0 && !matches!(self.levels, Channels::Grey(_)) => {
                return length("row of RGB, three samples a pixel", count + 3 - rest, count);
            }
            _ => {}
        }
        sink.check(&self.form, self.levels_of(count))?;
        let Self { mask, form, simd, .. } = self;
        match &self.levels {
            Channels::Grey(map) => {
                map.check(samples)?;
                simd.run(Row { mask: *mask, map, form, y, samples, sink: &mut sink });
            }
            Channels::Rgb(map) => {
                map.check(samples)?;
                simd.run(Row { mask: *mask, map, form, y, samples, sink: &mut sink });
            }
            Channels::Palette(palette) => {
                simd.run(PaletteRow { mask: *mask, palette, form, y, samples, sink: &mut sink });
            }
        }
        Ok(())
    }

    /// Returns the levels of a row of so many samples.
    fn levels_of(&self, samples: usize) -> usize {
        if self.form.palette { samples / 3 } else { samples }
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
