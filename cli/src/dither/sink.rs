//! Stands in for the core's sinks.

use crate::raster::ByteOrder;
use bluegrad::dither::{BitOrder, ToneDither};
use bluegrad::{Error, Shape};

#[derive(Clone, Copy, Debug)]
pub(super) enum Samples<'r> {
    U8(&'r [u8]),
    U16(&'r [u16]),
}

impl Samples<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::U8(row) => row.len(),
            Self::U16(row) => row.len(),
        }
    }
}

pub(super) enum Sink<'s> {
    Levels(&'s mut [u8]),
    Mapped { to: &'s mut [u8], values: [&'s [u8]; 3] },
    Packed { to: &'s mut [u8], bits: u32, order: BitOrder },
    Planes { to: [&'s mut [u8]; 2], order: BitOrder },
    Rgb332(&'s mut [u8]),
    Rgb565 { to: &'s mut [u8], order: ByteOrder },
}

#[derive(Clone, Copy)]
pub(super) enum Dither<'m> {
    U8(ToneDither<'m, u8>, usize),
    U16(ToneDither<'m, u16>, usize),
}

impl<'m> Dither<'m> {
    pub(super) fn new(
        thresholds: &'m [u16],
        shape: Shape,
        tables: &'m [Vec<u32>],
        channels: usize,
    ) -> Result<Self, Error> {
        let three = [0, 1, 2].map(|channel| &tables[channel % tables.len()][..]);
        Ok(match (channels, three[0].len()) {
            (1, 256) => Self::U8(ToneDither::grey(thresholds, shape, three[0])?, 1),
            (1, _) => Self::U16(ToneDither::grey(thresholds, shape, three[0])?, 1),
            (_, 256) => Self::U8(ToneDither::rgb(thresholds, shape, three)?, 3),
            _ => Self::U16(ToneDither::rgb(thresholds, shape, three)?, 3),
        })
    }

    pub(super) fn at(self, x: u32, y: u32) -> Self {
        match self {
            Self::U8(dither, channels) => Self::U8(dither.at(x, y), channels),
            Self::U16(dither, channels) => Self::U16(dither.at(x, y), channels),
        }
    }

    pub(super) fn channels_apart(self) -> Self {
        match self {
            Self::U8(dither, channels) => Self::U8(dither.channels_apart(), channels),
            Self::U16(dither, channels) => Self::U16(dither.channels_apart(), channels),
        }
    }

    pub(super) fn row(&self, y: u32, samples: Samples<'_>, sink: Sink<'_>) -> Result<(), Error> {
        let (levels, channels) = match (self, samples) {
            (Self::U8(dither, channels), Samples::U8(row)) => {
                let mut levels = vec![0; row.len()];
                dither.levels(y, row, &mut levels)?;
                (levels, *channels)
            }
            (Self::U16(dither, channels), Samples::U16(row)) => {
                let mut levels = vec![0; row.len()];
                dither.levels(y, row, &mut levels)?;
                (levels, *channels)
            }
            _ => return Ok(()),
        };
        let pack = |to: &mut [u8], bits: u32, order, of: &dyn Fn(u8) -> u8| {
            let per = 8 / bits as usize;
            to.fill(0);
            for (i, level) in levels.iter().enumerate() {
                let at = bits as usize * (i % per);
                let shift = if order == BitOrder::MsbFirst { 8 - bits as usize - at } else { at };
                to[i / per] |= of(*level) << shift;
            }
        };
        match sink {
            Sink::Levels(to) => to.copy_from_slice(&levels),
            Sink::Mapped { to, values } => {
                for (i, (to, level)) in to.iter_mut().zip(&levels).enumerate() {
                    *to = values[i % channels][usize::from(*level)];
                }
            }
            Sink::Packed { to, bits, order } => pack(to, bits, order, &|level| level),
            Sink::Planes { to: [low, high], order } => {
                pack(low, 1, order, &|level| level & 1);
                pack(high, 1, order, &|level| level >> 1 & 1);
            }
            Sink::Rgb332(to) => {
                for (to, [r, g, b]) in to.iter_mut().zip(levels.as_chunks::<3>().0) {
                    *to = r << 5 | g << 2 | b;
                }
            }
            Sink::Rgb565 { to, order } => {
                for (to, [r, g, b]) in to.as_chunks_mut::<2>().0.iter_mut().zip(levels.as_chunks::<3>().0) {
                    let word = u16::from(*r) << 11 | u16::from(*g) << 5 | u16::from(*b);
                    *to = if order == ByteOrder::BigEndian { word.to_be_bytes() } else { word.to_le_bytes() };
                }
            }
        }
        Ok(())
    }
}
