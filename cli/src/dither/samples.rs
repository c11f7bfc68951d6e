//! Rows of a picture as opaque 16-bit samples, grey or RGB.

use crate::picture::Picture;
use bluegrad::dither::{Mix, light};

/// A picture, converted row by row.
pub(super) struct Samples<'p> {
    picture: &'p Picture,
    /// Samples are RGB; else grey.
    color: bool,
    /// Linear light of each code, where colours become grey by luminance; else empty.
    light: Vec<u32>,
    row: Vec<u16>,
}

impl<'p> Samples<'p> {
    /// Samples in colour, if wanted and there is colour, else in grey: luminance with [`Mix::Light`], else the same weights on codes.
    pub(super) fn new(picture: &'p Picture, color: bool, mix: Mix) -> Self {
        let luminance = picture.color && !color && mix == Mix::Light;
        let light = if luminance { (0..=u16::MAX).map(light).collect() } else { Vec::new() };
        Self { picture, color: color && picture.color, light, row: Vec::new() }
    }

    pub(super) fn height(&self) -> u32 {
        self.picture.shape.height
    }

    /// Returns the samples of a row.
    pub(super) fn row(&mut self, y: u32) -> &[u16] {
        let Picture { shape, color, alpha, sixteen, bytes } = self.picture;
        let channels = if *color { 3 } else { 1 };
        let samples = channels + usize::from(*alpha);
        let size = samples * if *sixteen { 2 } else { 1 };
        let length = size * shape.width as usize;
        let row = bytes.chunks_exact(length).nth(y as usize).unwrap_or_default();
        self.row.clear();
        for pixel in row.chunks_exact(size) {
            let value = |i: usize| match sixteen {
                true => u16::from_be_bytes([pixel[2 * i], pixel[2 * i + 1]]),
                false => 257 * u16::from(pixel[i]),
            };
            let opaque = |i: usize| if *alpha { on_white(value(i), value(channels)) } else { value(i) };
            match (*color, self.color) {
                (false, _) => self.row.push(opaque(0)),
                (true, false) => self.row.push(grey([opaque(0), opaque(1), opaque(2)], &self.light)),
                (true, true) => self.row.extend([0, 1, 2].map(opaque)),
            }
        }
        &self.row
    }
}

/// Blends a value with white, in sample values, as most viewers do.
fn on_white(value: u16, alpha: u16) -> u16 {
    let (value, alpha) = (u64::from(value), u64::from(alpha));
    // Fits: a mean of two 16-bit values.
    ((value * alpha + 65535 * (65535 - alpha) + 32767) / 65535) as u16
}

/// Weights of red, green and blue in luminance, in units of 1/10000.
///
/// ITU-R BT.709, which has the primaries of sRGB.
const WEIGHTS: [u64; 3] = [2126, 7152, 722];

/// Returns the grey code of a colour; `light` as in [`Samples`].
fn grey(color: [u16; 3], light: &[u32]) -> u16 {
    let weighted = |exact: &dyn Fn(u16) -> u64| {
        (color.iter().zip(WEIGHTS).map(|(code, weight)| weight * exact(*code)).sum::<u64>() + 5000) / 10000
    };
    if light.is_empty() {
        // Fits: a mean of 16-bit codes.
        return weighted(&u64::from) as u16;
    }
    let exact = |code: u16| u64::from(light[usize::from(code)]);
    let luminance = weighted(&exact);
    // The nearest code; light rises with the code, and the lightest is at least the luminance.
    let above = light.partition_point(|light| u64::from(*light) < luminance) as u16;
    let below = above.saturating_sub(1);
    if luminance - exact(below).min(luminance) < exact(above) - luminance { below } else { above }
}
