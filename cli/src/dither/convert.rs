//! Dithered rows as the bytes that a format takes.

use super::Goal;
use super::levels::Tones;
use super::plan::Plan;
use crate::args::Color;
use crate::raster::Rows;
use bluegrad::dither::{BitOrder, Samples, Sink};
use bluegrad::{Dither, Error};

/// Dithers rows to bytes.
pub(super) struct Bytes<'d> {
    dither: Dither<'d>,
    rows: Rows,
    colors: Colors<'d>,
    /// Dithers alpha to two levels; else alpha stays.
    alpha: Option<Dither<'d>>,
    levels: Vec<u8>,
    /// Levels of alpha, and the alpha that is written.
    alphas: Vec<u8>,
    dithered: Vec<u16>,
}

/// What levels stand for.
enum Colors<'d> {
    /// Values of each channel, of one or three, in 16-bit codes and in 8 bits.
    Values { channels: usize, codes: [&'d [u16]; 3], eight: [Vec<u8>; 3] },
    /// Colours of a palette.
    Palette(&'d [Color]),
}

impl<'d> Bytes<'d> {
    pub(super) fn new(dither: Dither<'d>, alpha: Option<Dither<'d>>, goal: &'d Goal, plan: &Plan) -> Self {
        let colors = match goal {
            Goal::Palette(palette) => Colors::Palette(&palette.colors),
            Goal::Tones(Tones { values, .. }) => Colors::Values {
                channels: plan.channels,
                codes: [0, 1, 2].map(|i| &values[i][..]),
                // Exact where 8-bit values are written: they are multiples of 257.
                eight: [0, 1, 2].map(|i| values[i].iter().map(|code| (code / 257) as u8).collect()),
            },
        };
        Self { dither, rows: plan.rows, colors, alpha, levels: Vec::new(), alphas: Vec::new(), dithered: Vec::new() }
    }

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
            Rows::Values { bits, alpha } => self.values(y, samples, if alpha { alphas } else { &[] }, bits, to),
        }
    }

    /// Joins three levels to the index of a colour.
    fn joined(&mut self, y: u32, samples: Samples<'_>, bits: u32, to: &mut [u8]) -> Result<(), Error> {
        let counts = self.dither.levels().map(usize::from);
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
    fn values(&mut self, y: u32, samples: Samples<'_>, alphas: &[u16], bits: u32, to: &mut [u8]) -> Result<(), Error> {
        if let (Colors::Values { eight: [red, green, blue], .. }, 8, []) = (&self.colors, bits, alphas) {
            return self.dither.row(y, samples, Sink::Mapped { to, values: [red, green, blue] });
        }
        // Samples of a pixel that are written, and levels that they are made of.
        let (channels, levels) = match self.colors {
            Colors::Values { channels, .. } => (channels, channels),
            Colors::Palette(_) => (3, 1),
        };
        self.levels.resize(samples.len() / channels * levels, 0);
        self.dither.row(y, samples, Sink::Levels(&mut self.levels))?;
        self.dithered.clear();
        match &self.alpha {
            None => self.dithered.extend(alphas),
            Some(dither) => {
                self.alphas.resize(alphas.len(), 0);
                dither.row(y, Samples::U16(alphas), Sink::Levels(&mut self.alphas))?;
                self.dithered.extend(self.alphas.iter().map(|level| u16::MAX * u16::from(*level)));
            }
        }
        let size = bits as usize / 8;
        let pixels = to.chunks_exact_mut(size * (channels + usize::from(!alphas.is_empty())));
        for (i, (pixel, levels)) in pixels.zip(self.levels.chunks_exact(levels)).enumerate() {
            let codes = match (&self.colors, levels) {
                (Colors::Palette(colors), [index]) => colors[usize::from(*index)].map(|value| 257 * u16::from(value)),
                (Colors::Values { codes: [red, green, blue], .. }, [r, g, b]) => {
                    [red[usize::from(*r)], green[usize::from(*g)], blue[usize::from(*b)]]
                }
                (Colors::Values { codes: [grey, ..], .. }, levels) => [grey[usize::from(levels[0])]; 3],
                (Colors::Palette(_), _) => [0; 3],
            };
            for (to, code) in pixel.chunks_exact_mut(size).zip(codes.iter().take(channels).chain(self.dithered.get(i)))
            {
                match to {
                    // Values of levels are multiples of 257; alpha of 16 bits is rounded.
                    [to] => *to = ((u32::from(*code) + 128) / 257) as u8,
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
