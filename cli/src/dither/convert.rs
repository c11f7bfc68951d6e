//! Dithered rows as the bytes that a format takes.

use crate::raster::Rows;
use bluegrad::dither::{BitOrder, Samples, Sink};
use bluegrad::{Dither, Error};

/// Dithers rows to bytes.
pub(super) struct Bytes<'d> {
    pub(super) dither: Dither<'d>,
    pub(super) rows: Rows,
    pub(super) channels: usize,
    /// Values of the levels of each channel, 16-bit codes.
    pub(super) values: [&'d [u16]; 3],
    /// The same in 8 bits.
    pub(super) eight: [Vec<u8>; 3],
    /// Dithers alpha to two levels; else alpha stays.
    pub(super) alpha: Option<Dither<'d>>,
    pub(super) levels: Vec<u8>,
    pub(super) alphas: Vec<u8>,
}

impl Bytes<'_> {
    /// Fills a row; `alphas` is one 16-bit alpha for each pixel, if the format has alpha.
    pub(super) fn row(&mut self, y: u32, samples: Samples<'_>, alphas: &[u16], to: &mut [u8]) -> Result<(), Error> {
        match self.rows {
            Rows::Packed { bits, order } => self.dither.row(y, samples, Sink::Packed { to, bits, order }),
            Rows::Planes { order } => {
                let (low, high) = to.split_at_mut(to.len() / 2);
                self.dither.row(y, samples, Sink::Planes { to: [low, high], order })
            }
            Rows::Rgb332 => self.dither.row(y, samples, Sink::Rgb332(to)),
            Rows::Rgb565(order) => self.dither.row(y, samples, Sink::Rgb565 { to, order }),
            Rows::Joined { bits } => self.joined(y, samples, bits, to),
            Rows::Values { bits: 8, alpha: false } => {
                let [red, green, blue] = &self.eight;
                self.dither.row(y, samples, Sink::Mapped { to, values: [red, green, blue] })
            }
            Rows::Values { bits, alpha } => self.with_alpha(y, samples, if alpha { alphas } else { &[] }, bits, to),
        }
    }

    /// Joins three levels to the index of a colour.
    fn joined(&mut self, y: u32, samples: Samples<'_>, bits: u32, to: &mut [u8]) -> Result<(), Error> {
        let counts = self.values.map(<[u16]>::len);
        if counts == [2; 3] {
            self.levels.resize(samples.len().div_ceil(8), 0);
            let order = BitOrder::MsbFirst;
            self.dither.row(y, samples, Sink::Packed { to: &mut self.levels, bits: 1, order })?;
            spread(&self.levels, to);
            return Ok(());
        }
        self.levels.resize(samples.len(), 0);
        self.dither.row(y, samples, Sink::Levels(&mut self.levels))?;
        let [_, green, blue] = counts;
        // Fits: there are at most 256 colours.
        let index = |[r, g, b]: &[u8; 3]| ((usize::from(*r) * green + usize::from(*g)) * blue + usize::from(*b)) as u8;
        let pixels = self.levels.as_chunks::<3>().0;
        if bits == 8 {
            to.iter_mut().zip(pixels).for_each(|(to, pixel)| *to = index(pixel));
        } else {
            for (to, pair) in to.iter_mut().zip(pixels.chunks(2)) {
                *to = pair.iter().map(index).zip([4, 0]).fold(0, |byte, (index, shift)| byte | index << shift);
            }
        }
        Ok(())
    }

    /// Writes values of 8 or 16 bits, each pixel with its alpha, if there is alpha.
    fn with_alpha(
        &mut self,
        y: u32,
        samples: Samples<'_>,
        alphas: &[u16],
        bits: u32,
        to: &mut [u8],
    ) -> Result<(), Error> {
        self.levels.resize(samples.len(), 0);
        self.dither.row(y, samples, Sink::Levels(&mut self.levels))?;
        if let Some(dither) = &self.alpha {
            self.alphas.resize(alphas.len(), 0);
            dither.row(y, Samples::U16(alphas), Sink::Levels(&mut self.alphas))?;
        }
        let size = bits as usize / 8;
        let pixel_bytes = size * (self.channels + usize::from(!alphas.is_empty()));
        for (i, (pixel, levels)) in
            to.chunks_exact_mut(pixel_bytes).zip(self.levels.chunks_exact(self.channels)).enumerate()
        {
            let colors = levels.iter().zip(self.values).map(|(level, values)| values[usize::from(*level)]);
            let alpha = alphas
                .get(i)
                .map(|alpha| if self.alpha.is_some() { u16::from(self.alphas[i]) * 65535 } else { *alpha });
            for (to, code) in pixel.chunks_exact_mut(size).zip(colors.chain(alpha)) {
                match to {
                    // Values of levels are multiples of 257; alpha of 16 bits is rounded.
                    [to] => *to = ((u32::from(code) + 128) / 257) as u8,
                    _ => to.copy_from_slice(&code.to_be_bytes()),
                }
            }
        }
        Ok(())
    }
}

/// Spreads groups of 3 bits over groups of 4, highest bits first: three channels of two levels as an index of 4 bits.
fn spread(bits: &[u8], to: &mut [u8]) {
    for (to, bits) in to.chunks_mut(4).zip(bits.chunks(3)) {
        let byte = |i: usize| u32::from(bits.get(i).copied().unwrap_or_default());
        let x = byte(0) << 16 | byte(1) << 8 | byte(2);
        let x = x << 4 & 0x0FFF_0000 | x & 0x0000_0FFF;
        let x = x << 2 & 0x3F00_3F00 | x & 0x003F_003F;
        let x = x << 1 & 0x7070_7070 | x & 0x0707_0707;
        to.copy_from_slice(&x.to_be_bytes()[..to.len()]);
    }
}
