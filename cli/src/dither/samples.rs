//! Rows of a picture as samples to dither, opaque or with alpha beside them.

use crate::args::AlphaName;
use crate::source::{Pixel, Row};
use bluegrad::dither::{Mix, Samples, light};

/// What becomes of the pixels of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Samples of a pixel, 1 or 3.
    pub(crate) channels: usize,
    /// Colours become grey.
    pub(crate) grey: bool,
    pub(crate) alpha: AlphaName,
    pub(crate) mix: Mix,
}

impl Wanted {
    /// Whether alpha is written, not laid over a colour.
    pub(crate) fn keeps_alpha(self, pixel: Pixel) -> bool {
        pixel.alpha && !matches!(self.alpha, AlphaName::Over(_))
    }

    /// Whether samples stay those of the file.
    fn is_plain(self, pixel: Pixel) -> bool {
        !(pixel.alpha || (pixel.color && self.grey))
    }

    /// Whether samples have 8 bits: nothing is computed that would round them.
    pub(crate) fn eight(self, pixel: Pixel) -> bool {
        !pixel.sixteen && self.is_plain(pixel)
    }
}

/// Converts rows.
pub(crate) struct Converter {
    pixel: Pixel,
    wanted: Wanted,
    /// Linear light of each code, where light is mixed; else empty.
    light: Vec<u32>,
    bytes: Vec<u8>,
    codes: Vec<u16>,
    alphas: Vec<u16>,
}

impl Converter {
    pub(crate) fn new(pixel: Pixel, wanted: Wanted) -> Self {
        let mixes = (pixel.color && wanted.grey) || (pixel.alpha && !wanted.keeps_alpha(pixel));
        let light = if mixes && wanted.mix == Mix::Light { (0..=u16::MAX).map(light).collect() } else { Vec::new() };
        Self { pixel, wanted, light, bytes: Vec::new(), codes: Vec::new(), alphas: Vec::new() }
    }

    /// Returns the samples of a row, and its alpha where alpha is kept.
    pub(crate) fn row<'r>(&'r mut self, row: Row<'r>) -> (Samples<'r>, &'r [u16]) {
        let Self { pixel, wanted, .. } = *self;
        let three = wanted.channels == 3;
        let stays = wanted.is_plain(pixel) && pixel.color == three;
        match row {
            Row::U8(row) if stays => (Samples::U8(row), &[]),
            Row::U16(row) if stays => (Samples::U16(row), &[]),
            Row::U8(row) if wanted.eight(pixel) => {
                self.bytes.clear();
                self.bytes.extend(row.iter().flat_map(|value| [*value; 3]));
                (Samples::U8(&self.bytes), &[])
            }
            // The common case of the next one, without its choices in each pixel.
            Row::U8(row) if !pixel.alpha && !three && self.light.is_empty() => {
                self.codes.clear();
                let pixels = row.as_chunks::<3>().0;
                self.codes.extend(pixels.iter().map(|color| weighted(color.map(|value| 257 * u32::from(value)))));
                (Samples::U16(&self.codes), &[])
            }
            Row::U8(row) => {
                self.convert(row, |value| 257 * u16::from(value));
                (Samples::U16(&self.codes), &self.alphas)
            }
            Row::U16(row) => {
                self.convert(row, |code| code);
                (Samples::U16(&self.codes), &self.alphas)
            }
        }
    }

    fn convert<T: Copy>(&mut self, row: &[T], code: impl Fn(T) -> u16) {
        self.codes.clear();
        self.alphas.clear();
        let Self { pixel, wanted, light, codes, alphas, .. } = self;
        let over = match wanted.alpha {
            AlphaName::Over(color) if pixel.alpha => Some(color.map(|value| 257 * u16::from(value))),
            _ => None,
        };
        for samples in row.chunks_exact(pixel.samples()) {
            let value = |i: usize| code(samples[i]);
            let mut color = if pixel.color { [0, 1, 2].map(value) } else { [value(0); 3] };
            if pixel.alpha {
                let alpha = value(samples.len() - 1);
                match over {
                    Some(below) => color = [0, 1, 2].map(|i| blend(color[i], below[i], alpha, light)),
                    None => alphas.push(alpha),
                }
            }
            match (wanted.channels, wanted.grey) {
                (3, false) => codes.extend(color),
                (3, true) => codes.extend([grey(color, light); 3]),
                _ => codes.push(if color == [color[0]; 3] { color[0] } else { grey(color, light) }),
            }
        }
    }
}

/// Returns `code` over `below`, mixed in light if `light` is the table, else in code values, as most viewers do.
fn blend(code: u16, below: u16, alpha: u16, light: &[u32]) -> u16 {
    const OPAQUE: u64 = 65535;
    let alpha = u64::from(alpha);
    let mix = |code: u64, below: u64| (code * alpha + below * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE;
    match alpha {
        0 => below,
        OPAQUE => code,
        // Fits: a mean of two 16-bit codes.
        _ if light.is_empty() => mix(code.into(), below.into()) as u16,
        _ => nearest(mix(light[usize::from(code)].into(), light[usize::from(below)].into()), light),
    }
}

/// Weights of red, green and blue in luminance, in units of 1/10000.
///
/// ITU-R BT.709, which has the primaries of sRGB.
const WEIGHTS: [u32; 3] = [2126, 7152, 722];

/// Returns the grey code of a colour: luminance if `light` is the table, else the same weights on codes.
fn grey(color: [u16; 3], light: &[u32]) -> u16 {
    if light.is_empty() {
        return weighted(color.map(u32::from));
    }
    let lights = color.map(|code| u64::from(light[usize::from(code)]));
    let sum: u64 = lights.into_iter().zip(WEIGHTS).map(|(light, weight)| u64::from(weight) * light).sum();
    nearest((sum + 5000) / 10000, light)
}

/// Returns the weighted mean of 16-bit codes.
fn weighted([red, green, blue]: [u32; 3]) -> u16 {
    // Fits: at most 65535·10000 + 5000, and the mean of 16-bit codes has 16 bits.
    ((WEIGHTS[0] * red + WEIGHTS[1] * green + WEIGHTS[2] * blue + 5000) / 10000) as u16
}

/// Returns the code whose light is nearest; light rises with the code, and the lightest is at least `wanted`.
fn nearest(wanted: u64, light: &[u32]) -> u16 {
    let exact = |code: u16| u64::from(light[usize::from(code)]);
    let above = light.partition_point(|light| u64::from(*light) < wanted) as u16;
    let below = above.saturating_sub(1);
    if wanted - exact(below).min(wanted) < exact(above) - wanted { below } else { above }
}
