//! What the methods dither to: output colours, and pictures of them.

use super::diffusion::floyd_steinberg;
use super::masks::{Masks, Method};
use super::source::Source;
use crate::failure::{Failure, Result};
use crate::picture;
use bluegrad::Shape;
use bluegrad::dither::tone::light;
use bluegrad::dither::{Mix, Tone, ToneDither};
use png::BitDepth;

/// Number of 16-bit codes.
const CODES: usize = 1 << 16;

/// How all pictures are dithered.
#[derive(Clone, Copy)]
pub(super) struct How {
    pub(super) mix: Mix,
    /// A position of the mask for each channel.
    pub(super) apart: bool,
}

/// Colours that a dithered picture consists of.
pub(super) struct Output {
    /// Name in JSON.
    pub(super) key: &'static str,
    /// Heading on the page.
    pub(super) title: String,
    /// Levels per channel.
    levels: u32,
    channels: usize,
    /// 8-bit sRGB. The index of a colour is its levels in base `levels`, red first.
    pub(super) colors: Vec<[u8; 3]>,
}

impl Output {
    /// Returns 1 and 2 bits per channel.
    pub(super) fn all(channels: usize) -> Vec<Self> {
        [("1-bit", 1), ("2-bit", 2)].map(|(key, bits)| Self::bits(key, bits, channels)).into()
    }

    fn bits(key: &'static str, bits: u32, channels: usize) -> Self {
        let levels = 1_u32 << bits;
        let count = levels.pow(channels as u32);
        // Fits: levels divide 255 evenly.
        let value = |level: u32| (255 / (levels - 1) * (level % levels)) as u8;
        let color = |index: u32| match channels {
            1 => [value(index); 3],
            _ => [value(index / levels / levels), value(index / levels), value(index)],
        };
        let unit = if bits == 1 { "bit" } else { "bits" };
        let title = match channels {
            1 => format!("{bits} {unit}: {count} greys"),
            _ => format!("{bits} {unit} a channel: {count} colours"),
        };
        Self { key, title, levels, channels, colors: (0..count).map(color).collect() }
    }

    /// 16-bit codes of one channel's levels.
    fn codes(&self) -> Vec<u16> {
        // Fits: at most 65535.
        (0..self.levels).map(|level| (65535 / (self.levels - 1) * level) as u16).collect()
    }

    /// Dithers a picture; returns the index of each pixel's colour.
    pub(super) fn dither(&self, source: &Source, method: Method, masks: &Masks, how: How) -> Result<Vec<u8>> {
        debug_assert_eq!(self.channels, source.channels, "outputs are made for the picture");
        let levels = match masks.get(method, source.shape) {
            Some(mask) => {
                let mut positions = vec![0; CODES];
                // Fits: a mask has at most 2^20 pixels.
                Tone::new(&self.codes(), how.mix, mask.thresholds.len() as u32)?.fill::<u16>(&mut positions)?;
                let dither = match source.channels {
                    1 => ToneDither::grey(&mask.thresholds, mask.shape, &positions),
                    _ => ToneDither::rgb(&mask.thresholds, mask.shape, [&positions; 3]),
                }?;
                let dither = if how.apart { dither.channels_apart() } else { dither };
                let mut levels = vec![0; source.codes.len()];
                let length = source.channels * source.shape.width as usize;
                for (y, (row, to)) in (0..).zip(source.codes.chunks(length).zip(levels.chunks_mut(length))) {
                    dither.levels(y, row, to)?;
                }
                levels
            }
            None => self.diffused(source, how.mix),
        };
        let index = |levels: &[u8]| levels.iter().fold(0, |index, level| index * self.levels as u8 + level);
        Ok(levels.chunks(source.channels).map(index).collect())
    }

    /// Returns the levels of error diffusion, channel by channel.
    fn diffused(&self, source: &Source, mix: Mix) -> Vec<u8> {
        let exact = |code: u16| if mix == Mix::Light { unit_light(code) } else { f64::from(code) / 65535.0 };
        let values: Vec<[f64; 1]> = self.codes().into_iter().map(|code| [exact(code)]).collect();
        let mut levels = vec![0; source.codes.len()];
        for channel in 0..source.channels {
            let codes = source.codes[channel..].iter().step_by(source.channels);
            let plane: Vec<[f64; 1]> = codes.map(|code| [exact(*code)]).collect();
            let diffused = floyd_steinberg(&plane, source.shape.width as usize, &values);
            levels[channel..].iter_mut().step_by(source.channels).zip(diffused).for_each(|(to, level)| *to = level);
        }
        levels
    }

    /// Encodes indices of colours as a PNG, in the fewest bits.
    pub(super) fn encode(&self, shape: Shape, indices: &[u8]) -> Result<Vec<u8>> {
        let (bits, depth) = match self.colors.len() {
            0..3 => (1, BitDepth::One),
            3..5 => (2, BitDepth::Two),
            5..17 => (4, BitDepth::Four),
            _ => (8, BitDepth::Eight),
        };
        let pack = |pixels: &[u8]| (0..).zip(pixels).fold(0, |byte, (i, pixel)| byte | pixel << (8 - bits * (i + 1)));
        let row = |row: &[u8]| row.chunks(8 / bits).map(pack).collect::<Vec<u8>>();
        let pixels: Vec<u8> = indices.chunks(shape.width as usize).flat_map(row).collect();
        picture::encode_indexed(shape, depth, self.colors.concat(), &pixels).map_err(Failure::other)
    }
}

/// Linear light of a 16-bit sRGB code, from 0 to 1.
pub(super) fn unit_light(code: u16) -> f64 {
    f64::from(light(code)) / f64::from(u32::MAX)
}
