//! Rows of a picture as opaque 8-bit samples, grey or RGB.

use crate::picture::Picture;

/// A picture, converted row by row.
pub(super) struct Samples<'p> {
    picture: &'p Picture,
    /// Samples are RGB; else grey.
    color: bool,
    tone: Tone,
    row: Vec<u8>,
}

impl<'p> Samples<'p> {
    /// Samples in colour, if wanted and there is colour, else in grey; `mixed` as in [`Tone::new`].
    pub(super) fn new(picture: &'p Picture, color: bool, mixed: Option<&Vec<u8>>) -> Self {
        Self { picture, color: color && picture.color, tone: Tone::new(mixed), row: Vec::new() }
    }

    pub(super) fn height(&self) -> u32 {
        self.picture.shape.height
    }

    /// Returns the samples of a row.
    pub(super) fn row(&mut self, y: u32) -> &[u8] {
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
                (false, _) => self.row.push(self.tone.sample(opaque(0))),
                (true, false) => self.row.push(self.tone.sample(self.tone.grey([opaque(0), opaque(1), opaque(2)]))),
                (true, true) => self.row.extend([0, 1, 2].map(|i| self.tone.sample(opaque(i)))),
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

/// Number of 16-bit values.
const VALUES: usize = 1 << 16;

/// Weights of red, green and blue in luminance.
///
/// ITU-R BT.709, which has the primaries of sRGB.
const WEIGHTS: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// Tone curve from 16-bit values to 8-bit samples.
struct Tone {
    /// Sample of each value.
    sample: Vec<u8>,
    /// Linear light of each value; empty without `--linear`.
    light: Vec<f64>,
}

impl Tone {
    /// Without `mixed`, rounds values to 8 bits.
    ///
    /// With `mixed`, the sample values of the dithered picture, chooses the sample for which dithering mixes two of them to the
    /// light of the value.
    fn new(mixed: Option<&Vec<u8>>) -> Self {
        let Some(values) = mixed else {
            return Self { sample: (0..VALUES).map(|value| ((value + 128) / 257) as u8).collect(), light: Vec::new() };
        };
        let light: Vec<f64> = (0..VALUES).map(|value| to_light(value as f64 / 65535.0)).collect();
        let values: Vec<f64> = values.iter().map(|value| light[257 * usize::from(*value)]).collect();
        Self { sample: light.iter().map(|light| mix(*light, &values)).collect(), light }
    }

    /// Returns the sample of a value.
    fn sample(&self, value: u16) -> u8 {
        self.sample[usize::from(value)]
    }

    /// Returns the grey of a colour: luminance with `--linear`, else the same weights on values.
    fn grey(&self, color: [u16; 3]) -> u16 {
        let weighted = |value: &dyn Fn(u16) -> f64| color.iter().zip(WEIGHTS).map(|(c, w)| w * value(*c)).sum::<f64>();
        if self.light.is_empty() {
            weighted(&|value| f64::from(value)).round() as u16
        } else {
            (from_light(weighted(&|value| self.light[usize::from(value)])) * 65535.0).round() as u16
        }
    }
}

/// Returns the sample that dithers to a mean light of `light`.
///
/// The sample is 255·(k + fraction)/(L − 1), where levels k and k + 1 mix to `light`; `values` are the lights of the L levels.
fn mix(light: f64, values: &[f64]) -> u8 {
    let steps = values.len() - 1;
    let above = values.partition_point(|value| *value <= light).clamp(1, steps);
    let (low, high) = (values[above - 1], values[above]);
    let fraction = (light - low) / (high - low);
    (255.0 * ((above - 1) as f64 + fraction) / steps as f64).round() as u8
}

/// Linear light of an sRGB value, both 0 to 1 (IEC 61966-2-1).
fn to_light(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Inverse of [`to_light`].
fn from_light(light: f64) -> f64 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}
