//! A mask applied to rows: every result against the formula, in integers wide enough to forget about them.

mod errors;
mod palette;
mod rows;
mod sinks;
mod texels;
mod tones;

use bluegrad::dither::{BitOrder, Levels, Samples, Sink, Thresholds};
use bluegrad::{Dither, Error, Shape};

const SHAPE: Shape = Shape::new(7, 5);

/// Texels without a pattern, 0 and 255 among them.
fn texels() -> Vec<u8> {
    let mut texels: Vec<u8> = (0..SHAPE.pixels()).map(|i| (i * 151 % 256) as u8).collect();
    texels[34] = 255;
    texels
}

/// A row of samples without a pattern, 0 and 255 among them.
fn samples(length: usize) -> Vec<u8> {
    (0..length).map(|i| if i % 11 == 3 { 255 } else { (i * 97 % 256) as u8 }).collect()
}

/// Grey of 8 bits to even levels, under texels.
pub(crate) fn even_grey(texels: &[u8], shape: Shape, levels: u32) -> Result<Dither<'_>, Error> {
    Dither::grey(Thresholds::U8(texels), shape, Levels::Even([levels]))
}

/// RGB of 8 bits to even levels, under texels.
pub(crate) fn even_rgb(texels: &[u8], shape: Shape, levels: u32) -> Result<Dither<'_>, Error> {
    Dither::rgb(Thresholds::U8(texels), shape, Levels::Even([levels; 3]))
}

/// Samples of the three types.
pub(crate) trait Row {
    fn samples(&self) -> Samples<'_>;
}

impl Row for [u8] {
    fn samples(&self) -> Samples<'_> {
        Samples::U8(self)
    }
}

impl Row for [u16] {
    fn samples(&self) -> Samples<'_> {
        Samples::U16(self)
    }
}

impl Row for [f32] {
    fn samples(&self) -> Samples<'_> {
        Samples::F32(self)
    }
}

/// Rows to the plain sinks.
pub(crate) trait Rows {
    fn to_levels<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8]) -> Result<(), Error>;
    fn to_values<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8]) -> Result<(), Error>;
    fn to_packed<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8], order: BitOrder) -> Result<(), Error>;
}

impl Rows for Dither<'_> {
    fn to_levels<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8]) -> Result<(), Error> {
        self.row(y, row.samples(), Sink::Levels(to))
    }
    fn to_values<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8]) -> Result<(), Error> {
        self.row(y, row.samples(), Sink::Values(to))
    }
    fn to_packed<R: Row + ?Sized>(&self, y: u32, row: &R, to: &mut [u8], order: BitOrder) -> Result<(), Error> {
        self.row(y, row.samples(), Sink::Packed { to, bits: self.bits(), order })
    }
}

/// The level of a sample whose mask has u = numerator/denominator there: floor(v·(L − 1)/255 + u), by no division but this.
fn level(v: u8, levels: u32, numerator: i64, denominator: i64) -> u8 {
    let exact = i64::from(v) * i64::from(levels - 1) * denominator + 255 * numerator;
    u8::try_from(exact.div_euclid(255 * denominator)).expect("a level")
}

/// The level of a sample under an 8-bit texel, which is rank m of 256.
fn level_of_texel(v: u8, levels: u32, texel: u8) -> u8 {
    level(v, levels, 2 * i64::from(texel) + 1, 512)
}
