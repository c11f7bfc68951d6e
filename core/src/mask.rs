//! What leaves: a finished mask as ranks, integers or floats.

use crate::distribution::{Distribution, Kind};
use crate::error::Error;
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

/// A finished mask: the rank, 0 to n−1, of each of its n pixels; each rank stands once. Row-major.
#[derive(Clone, Copy, Debug)]
pub struct Mask<'a> {
    shape: Shape,
    ranks: &'a [u32],
    /// n of the whole mask, of which this may be one row.
    pixels: usize,
}

impl<'a> Mask<'a> {
    /// A view of ranks, one a pixel. That each stands once is the caller's affair.
    ///
    /// # Errors
    /// [`Error::Layers`], [`Error::Length`] if there is not one rank a pixel.
    pub fn new(shape: Shape, ranks: &'a [u32]) -> Result<Self, Error> {
        shape.check_flat()?;
        length("ranks", shape.pixels(), ranks.len())?;
        Ok(Self { shape, ranks, pixels: shape.pixels() })
    }

    /// Width and height.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The ranks themselves.
    #[must_use]
    pub fn ranks(&self) -> &'a [u32] {
        self.ranks
    }

    /// Its rows from the top, each as a mask of one row whose ranks and values are those of the whole: for buffers whose rows do
    /// not follow each other without a gap.
    pub fn rows(&self) -> impl Iterator<Item = Self> + use<'a> {
        let shape = Shape { height: 1, ..self.shape };
        let pixels = self.pixels;
        self.ranks.chunks(shape.pixels().max(1)).map(move |ranks| Self { shape, ranks, pixels })
    }

    /// The pixels of the whole mask, n: the ranks are below it.
    pub(crate) fn pixels(&self) -> usize {
        self.pixels
    }

    /// The ranks as 16-bit numbers.
    ///
    /// # Errors
    /// [`Error::TooManyPixels`] past 65 536 pixels, [`Error::Length`] if `to` is not one element a pixel.
    pub fn write_ranks_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        const MOST: usize = 1 << 16;
        if self.pixels > MOST {
            return Err(Error::TooManyPixels { pixels: self.pixels, most: MOST });
        }
        self.write(to, |rank, _| rank as u16)
    }

    /// 8-bit values `floor(256·rank/n)`: each of the 256 equally often where 256 divides n.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element a pixel.
    pub fn write_u8(&self, to: &mut [u8]) -> Result<(), Error> {
        self.write(to, |rank, n| (256 * rank / n) as u8)
    }

    /// 16-bit values `floor(65536·rank/n)`.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element a pixel.
    pub fn write_u16(&self, to: &mut [u16]) -> Result<(), Error> {
        self.write(to, |rank, n| (65536 * rank / n) as u16)
    }

    /// Uniform floats: `u = (rank + ½)/n`, or `2u − 1`; never the upper end of the range.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element a pixel.
    pub fn write_f32(&self, to: &mut [f32], range: Range) -> Result<(), Error> {
        self.write_f32_as(to, range, &Distribution::UNIFORM)
    }

    /// Floats of a distribution: `Q((rank + ½)/n)`, in [−1, 1) or, as `(Q + 1)/2`, in [0, 1).
    ///
    /// # Errors
    /// [`Error::Length`] if `to` is not one element a pixel, and those of [`Distribution::check`].
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

    /// `value(rank, n)` of each pixel.
    fn write<T>(&self, to: &mut [T], value: impl Fn(u64, u64) -> T) -> Result<(), Error> {
        length("mask", self.ranks.len(), to.len())?;
        let n = (self.pixels as u64).max(1);
        for (to, rank) in to.iter_mut().zip(self.ranks) {
            *to = value(u64::from(*rank), n);
        }
        Ok(())
    }
}

/// A buffer must have one element a pixel.
pub(crate) fn length(what: &'static str, needed: usize, got: usize) -> Result<(), Error> {
    if needed == got { Ok(()) } else { Err(Error::Length { what, needed, got }) }
}
