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

/// A finished mask: the rank, 0 to n − 1, of each of its n pixels, row-major.
///
/// Each rank occurs once.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a> {
    shape: Shape,
    ranks: &'a [u32],
    /// Number of pixels of the whole mask, of which this may be one row.
    pixels: usize,
}

impl<'a> Mask<'a> {
    /// A view of ranks, one per pixel. It does not check that each rank occurs once.
    ///
    /// # Errors
    /// [`Error::Layers`], [`Error::Length`] if there is not one rank per pixel.
    pub fn new(shape: Shape, ranks: &'a [u32]) -> Result<Self, Error> {
        shape.check_flat()?;
        length("ranks", shape.pixels(), ranks.len())?;
        Ok(Self { shape, ranks, pixels: shape.pixels() })
    }

    /// Returns width and height.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Returns the ranks.
    #[must_use]
    pub fn ranks(&self) -> &'a [u32] {
        self.ranks
    }

    /// Iterates over the rows from the top, each as a mask of one row with the ranks of the whole mask.
    ///
    /// For buffers whose stride is more than the width.
    pub fn rows(&self) -> impl Iterator<Item = Self> + use<'a> {
        let shape = Shape { height: 1, ..self.shape };
        let pixels = self.pixels;
        self.ranks.chunks(shape.pixels().max(1)).map(move |ranks| Self { shape, ranks, pixels })
    }

    /// Returns n, the number of pixels of the whole mask. Ranks are below n.
    pub(crate) fn pixels(&self) -> usize {
        self.pixels
    }

    /// Writes the ranks as 16-bit integers.
    ///
    /// # Errors
    /// [`Error::TooManyPixels`] above 65 536 pixels, [`Error::Length`] if `to` is not one element per pixel.
    pub fn write_ranks_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        const MOST: usize = 1 << 16;
        if self.pixels > MOST {
            return Err(Error::TooManyPixels { pixels: self.pixels, most: MOST });
        }
        self.write(to, |rank, _| rank as u16)
    }

    /// Writes 8-bit values `floor(256·rank/n)`. Each value is equally frequent where 256 divides n.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per pixel.
    pub fn write_u8(&self, to: &mut [u8]) -> Result<(), Error> {
        self.write(to, |rank, n| (256 * rank / n) as u8)
    }

    /// Writes 16-bit values `floor(65536·rank/n)`.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per pixel.
    pub fn write_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        self.write(to, |rank, n| (65536 * rank / n) as u16)
    }

    /// Writes uniform floats: `u = (rank + ½)/n`, or `2u − 1`; always below the upper end of the range.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element per pixel.
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
        self.write(to, |rank, n| {
            let u = (rank as f64 + 0.5) / n as f64;
            let value = match (distribution.kind, range) {
                (Kind::Uniform, Range::Unit) => u,
                (_, Range::Unit) => 0.5 * (distribution.quantile(u) + 1.0),
                (_, Range::Signed) => distribution.quantile(u),
            };
            (value as f32).min(BELOW_ONE)
        })
    }

    /// Writes `value(rank, n)` of each pixel.
    fn write<T>(&self, to: &mut [T], value: impl Fn(u64, u64) -> T) -> Result<(), Error> {
        length("mask", self.ranks.len(), to.len())?;
        // a caller's mask may have no pixels, and then nothing is written
        let n = (self.pixels as u64).max(1);
        for (to, rank) in to.iter_mut().zip(self.ranks) {
            *to = value(u64::from(*rank), n);
        }
        Ok(())
    }
}
