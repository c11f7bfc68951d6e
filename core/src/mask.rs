//! A finished mask as ranks, integers or floats.

use crate::distribution::{Distribution, Kind};
use crate::error::{Error, length};
use crate::shape::Shape;
use bytemuck::CheckedBitPattern;

/// Range of the floats that a mask is read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, CheckedBitPattern)]
#[repr(u32)]
pub enum Range {
    /// From 0 to less than 1.
    #[default]
    Unit = 0,
    /// From −1 to less than 1.
    Signed = 1,
}

/// A finished mask, or planes or rows of one: the rank, 0 to n − 1, of each pixel of each plane.
///
/// n is the number of pixels of a plane. Each rank occurs once in each plane. All `write` functions write the elements in the order of
/// [`Shape`].
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a> {
    shape: Shape,
    /// Ranks of the first plane, from its first row on, and of the planes after it.
    ranks: &'a [u32],
    /// Number of pixels of a plane of the whole mask, of which this may be one row.
    pixels: usize,
}

impl<'a> Mask<'a> {
    /// A view of ranks, plane by plane. It does not check that each rank occurs once in each plane.
    ///
    /// Planes are layer by layer, and in a layer channel by channel; a plane is row-major.
    ///
    /// # Errors
    /// [`Error::Layers`] for other than 1 to 256 layers or 1 to 4 channels, [`Error::Length`] if there is not one rank per element.
    pub fn new(shape: Shape, ranks: &'a [u32]) -> Result<Self, Error> {
        shape.check_counts()?;
        length("ranks", shape.elements(), ranks.len())?;
        Ok(Self { shape, ranks, pixels: shape.pixels() })
    }

    /// Returns width, height, layers and channels.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Returns the ranks, plane by plane. Of a row of several channels, [`Mask::write_ranks`] has them side by side.
    #[must_use]
    pub fn ranks(&self) -> &'a [u32] {
        self.ranks
    }

    /// Returns one layer, with all its channels.
    ///
    /// # Errors
    /// [`Error::Plane`].
    pub fn layer(&self, layer: u32) -> Result<Self, Error> {
        self.channels_of(layer, 0, self.shape.channels)
    }

    /// Returns one channel of one layer: a flat mask.
    ///
    /// # Errors
    /// [`Error::Plane`].
    pub fn plane(&self, layer: u32, channel: u32) -> Result<Self, Error> {
        self.channels_of(layer, channel, 1)
    }

    /// Returns some channels of one layer: `channels` of them, from `channel` on.
    ///
    /// # Errors
    /// [`Error::Plane`].
    pub fn channels_of(&self, layer: u32, channel: u32, channels: u32) -> Result<Self, Error> {
        let Shape { layers, channels: all, height, .. } = self.shape;
        // a part of a plane has no planes after it
        let whole = self.shape.pixels() == self.pixels || height == 0;
        let some = channels > 0 && channels <= all.saturating_sub(channel);
        if layer >= layers || !some || !whole {
            return Err(Error::Plane { layer, channel });
        }
        let (first, len) = (self.shape.plane_index(layer, channel) * self.pixels, channels as usize * self.pixels);
        let shape = Shape { layers: 1, channels, ..self.shape };
        Ok(Self { shape, ranks: self.ranks.get(first..first + len).unwrap_or_default(), ..*self })
    }

    /// Iterates over the rows of all layers, each as a mask of one row of all channels, with the ranks of the whole mask.
    ///
    /// For buffers whose stride is more than a row.
    pub fn rows(&self) -> impl Iterator<Item = Self> + use<'a> {
        let (mask, whole) = (*self, self.shape);
        let shape = Shape { height: 1, layers: 1, ..whole };
        let (width, height) = (whole.width as usize, whole.height as usize);
        (0..whole.layers).flat_map(move |layer| {
            let first = whole.plane_index(layer, 0) * mask.pixels;
            let row = move |y: usize| mask.ranks.get(first + y * width..).unwrap_or_default();
            // of one channel a row's ranks are its own; of several they stand a plane apart
            let len = width + (whole.channels.saturating_sub(1) as usize).saturating_mul(mask.pixels);
            (0..height).map(move |y| Self { shape, ranks: row(y).get(..len).unwrap_or_default(), pixels: mask.pixels })
        })
    }

    /// Iterates over the rows of all layers in parts of at most `pixels` pixels, each as a mask of one row.
    ///
    /// For buffers whose pixels lie apart: a part at a time fits a small buffer.
    pub fn row_parts(&self, pixels: usize) -> impl Iterator<Item = Self> + use<'a> {
        let most = pixels.max(1);
        self.rows().flat_map(move |row| {
            let width = row.shape.width as usize;
            (0..width).step_by(most).map(move |x| {
                let len = most.min(width - x);
                let ranks = row.ranks.get(x..x + len + row.ranks.len().saturating_sub(width)).unwrap_or_default();
                Self { shape: Shape { width: len as u32, ..row.shape }, ranks, ..row }
            })
        })
    }

    /// Returns n, the number of pixels of a plane of the whole mask. Ranks are below n.
    pub(crate) fn pixels(&self) -> usize {
        self.pixels
    }

    /// Writes the ranks.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per element of the mask.
    pub fn write_ranks(&self, to: &mut [u32]) -> Result<(), Error> {
        self.write("ranks", to, |rank, _| rank as u32)
    }

    /// Writes the ranks as 16-bit integers.
    ///
    /// # Errors
    /// [`Error::TooManyPixels`] above 65 536 pixels a plane, [`Error::Length`] if `to` is not one element per element of the mask.
    pub fn write_ranks_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        const MOST: usize = 1 << 16;
        if self.pixels > MOST {
            return Err(Error::TooManyPixels { pixels: self.pixels, most: MOST });
        }
        self.write("ranks", to, |rank, _| rank as u16)
    }

    /// Writes 8-bit values `floor(256·rank/n)`. Each value is equally frequent where 256 divides n.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per element of the mask.
    pub fn write_u8(&self, to: &mut [u8]) -> Result<(), Error> {
        self.write("mask", to, |rank, n| (256 * rank / n) as u8)
    }

    /// Writes 16-bit values `floor(65536·rank/n)`.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per element of the mask.
    pub fn write_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        self.write("mask", to, |rank, n| (65536 * rank / n) as u16)
    }

    /// Writes 8-bit values of a distribution: `255·(Q((rank + ½)/n) + 1)/2` to the nearest; uniform as [`Mask::write_u8`].
    ///
    /// Q is the quantile function of the distribution. A value v stands for `2·v/255 − 1`, which is 0 in the mean if the distribution is
    /// symmetric: what a texture read as [0, 1] gives, times 2, less 1.
    ///
    /// # Errors
    /// As [`Mask::write_f32_as`].
    pub fn write_u8_as(&self, to: &mut [u8], distribution: &Distribution) -> Result<(), Error> {
        if distribution.kind == Kind::Uniform {
            return self.write_u8(to);
        }
        self.write_nearest(to, 255.0, distribution, |code| code as u8)
    }

    /// Writes 16-bit values of a distribution: `65535·(Q((rank + ½)/n) + 1)/2` to the nearest; uniform as [`Mask::write_u16`].
    ///
    /// # Errors
    /// As [`Mask::write_f32_as`].
    pub fn write_u16_as(&self, to: &mut [u16], distribution: &Distribution) -> Result<(), Error> {
        if distribution.kind == Kind::Uniform {
            return self.write_u16(to);
        }
        self.write_nearest(to, 65_535.0, distribution, |code| code as u16)
    }

    /// Writes integers from 0 to `most` of a distribution.
    fn write_nearest<T>(
        &self,
        to: &mut [T],
        most: f64,
        distribution: &Distribution,
        integer: impl Fn(f64) -> T,
    ) -> Result<(), Error> {
        distribution.check()?;
        self.write("mask", to, |rank, n| {
            let value = distribution.quantile((rank as f64 + 0.5) / n as f64);
            integer(libm::round(0.5 * most * (value + 1.0)))
        })
    }

    /// Writes uniform floats: `u = (rank + ½)/n`, or `2u − 1`; always below the upper end of the range.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per element of the mask.
    pub fn write_f32(&self, to: &mut [f32], range: Range) -> Result<(), Error> {
        self.write_f32_as(to, range, &Distribution::UNIFORM)
    }

    /// Writes floats of a distribution: `Q((rank + ½)/n)` in [−1, 1), or `(Q + 1)/2` in [0, 1).
    ///
    /// Q is the quantile function of the distribution.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per pixel, and those of [`Distribution::check`].
    pub fn write_f32_as(&self, to: &mut [f32], range: Range, distribution: &Distribution) -> Result<(), Error> {
        distribution.check()?;
        // The largest f32 below 1.
        const BELOW_ONE: f32 = 1.0 - f32::EPSILON / 2.0;
        self.write("mask", to, |rank, n| {
            let u = (rank as f64 + 0.5) / n as f64;
            let value = match (distribution.kind, range) {
                (Kind::Uniform, Range::Unit) => u,
                (_, Range::Unit) => 0.5 * (distribution.quantile(u) + 1.0),
                (_, Range::Signed) => distribution.quantile(u),
            };
            (value as f32).min(BELOW_ONE)
        })
    }

    /// Writes `value(rank, n)` of each element.
    pub(crate) fn write<T>(
        &self,
        what: &'static str,
        to: &mut [T],
        value: impl Fn(u64, u64) -> T,
    ) -> Result<(), Error> {
        let Shape { width, height, layers, channels } = self.shape;
        length(what, self.shape.elements(), to.len())?;
        // a caller's mask may have no pixels, and then nothing is written
        let n = (self.pixels as u64).max(1);
        let (width, channels) = (width as usize, channels as usize);
        let mut rows = to.chunks_exact_mut((width * channels).max(1));
        for layer in 0..layers as usize {
            for y in 0..height as usize {
                let Some(row) = rows.next() else { return Ok(()) };
                for channel in 0..channels {
                    let first = (layer * channels + channel) * self.pixels + y * width;
                    let ranks = self.ranks.get(first..first + width).unwrap_or_default();
                    for (to, rank) in row.iter_mut().skip(channel).step_by(channels.max(1)).zip(ranks) {
                        *to = value(u64::from(*rank), n);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Values in a `Vec`.
#[cfg(feature = "alloc")]
impl Mask<'_> {
    /// Returns what [`Mask::write_u8`] writes.
    #[must_use]
    pub fn to_u8(&self) -> alloc::vec::Vec<u8> {
        self.values(|mask, to| mask.write_u8(to))
    }

    /// Returns what [`Mask::write_u16`] writes.
    #[must_use]
    pub fn to_u16(&self) -> alloc::vec::Vec<u16> {
        self.values(|mask, to| mask.write_u16(to))
    }

    /// Returns what [`Mask::write_f32`] writes.
    #[must_use]
    pub fn to_f32(&self, range: Range) -> alloc::vec::Vec<f32> {
        self.values(|mask, to| mask.write_f32(to, range))
    }

    /// Returns what [`Mask::write_ranks`] writes.
    #[must_use]
    pub fn to_ranks(&self) -> alloc::vec::Vec<u32> {
        self.values(|mask, to| mask.write_ranks(to))
    }

    fn values<T: Copy + Default>(
        &self,
        write: impl FnOnce(&Self, &mut [T]) -> Result<(), Error>,
    ) -> alloc::vec::Vec<T> {
        let mut values = alloc::vec![T::default(); self.shape().elements()];
        let written = write(self, &mut values);
        debug_assert!(written.is_ok(), "the length is that of the mask");
        values
    }
}
