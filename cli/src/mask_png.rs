//! Decodes the PNG of a mask in memory: grey, one channel of several, several channels that are equal, or all channels.

use crate::image::{Atlas, Reading, Slices};
use crate::picture::why;
use bluegrad::Shape;
use png::{BitDepth, ColorType, Decoder, Transformations};
use std::io::Cursor;

/// Names of red, green, blue and alpha on the command line.
const CHANNELS: [&str; 4] = ["r", "g", "b", "a"];

/// Decoded samples, interleaved.
struct Samples {
    bytes: Vec<u8>,
    /// Samples of a pixel: 1 grey, 2 grey with alpha, 3 RGB, 4 RGBA.
    channels: usize,
    /// Samples have 16 bits, big-endian; else 8.
    sixteen: bool,
}

impl Samples {
    /// Returns the indices of the channels that are read; `None` if one channel is.
    fn kept(&self, reading: &Reading) -> Option<Vec<usize>> {
        reading.all_channels.filter(|_| self.channels > 1)?;
        if !reading.different_channels {
            return Some((0..self.channels).collect());
        }
        let kept: Vec<usize> = (0..self.channels).filter(|index| !self.is_constant(*index)).collect();
        Some(kept).filter(|kept| kept.len() > 1 && !(self.has_color() && self.is_grey()))
    }

    /// Returns all samples, row by row.
    fn all(&self) -> impl Iterator<Item = u16> {
        let size = if self.sixteen { 2 } else { 1 };
        self.bytes.chunks_exact(size).map(|sample| match *sample {
            [high, low] => u16::from_be_bytes([high, low]),
            [byte, ..] => u16::from(byte),
            [] => 0,
        })
    }

    /// Returns a channel, row by row.
    fn channel(&self, index: usize) -> impl Iterator<Item = u16> {
        self.all().skip(index).step_by(self.channels)
    }

    fn has_color(&self) -> bool {
        self.channels >= 3
    }

    /// Whether red, green and blue are equal.
    fn is_grey(&self) -> bool {
        self.channel(0).eq(self.channel(1)) && self.channel(0).eq(self.channel(2))
    }

    fn has_alpha(&self) -> bool {
        self.channels.is_multiple_of(2)
    }

    fn is_constant(&self, index: usize) -> bool {
        let mut samples = self.channel(index);
        let first = samples.next();
        samples.all(|sample| Some(sample) == first)
    }
}

/// Decodes a PNG of any kind; the shape is checked before pixels are decoded.
pub(crate) fn decode(bytes: &[u8], reading: &Reading) -> Result<Atlas, String> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    // 1, 2 and 4 bits become bytes, stretched to 0..=255; palettes become RGB, and a transparent colour becomes alpha.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(why)?;
    let info = reader.info();
    let slices = reading.slices.unwrap_or(Slices::ONE);
    let shape = Shape::new(info.width, info.height);
    let slice = reading.check(shape, slices)?;
    let is_grey = matches!(info.color_type, ColorType::Grayscale | ColorType::GrayscaleAlpha);
    let kind = match info.color_type {
        ColorType::Grayscale => "grey with a transparent grey",
        ColorType::GrayscaleAlpha => "grey with alpha",
        ColorType::Indexed => "paletted",
        ColorType::Rgb => "RGB",
        ColorType::Rgba => "RGBA",
    };
    // Levels of a packed grey stay as they are; a palette's colours have 8 bits.
    let levels = if info.color_type == ColorType::Indexed { 256 } else { 1_u32 << (info.bit_depth as u32) };
    let size = reader.output_buffer_size().ok_or("the PNG is too large")?;
    let mut bytes = vec![0; size];
    reader.next_frame(&mut bytes).map_err(why)?;
    let (color_type, depth) = reader.output_color_type();
    let samples = Samples { bytes, channels: color_type.samples(), sixteen: depth == BitDepth::Sixteen };

    let mut assumed = Vec::new();
    if let Some(kept) = samples.kept(reading) {
        // A PNG has at most 4 channels.
        let slice = reading.check(shape.with_channels(kept.len() as u32), slices)?;
        if kept.len() < samples.channels {
            let names: Vec<&str> = kept.iter().map(|index| CHANNELS[*index]).collect();
            assumed.push(format!("{kind}, channels {} are read; the others are constant", names.join(", ")));
        }
        let all = samples.all().enumerate();
        let values = all.filter(|(i, _)| kept.contains(&(i % samples.channels))).map(|(_, sample)| f64::from(sample));
        let values = values.collect();
        let levels = Some(if samples.sixteen { 1 << 16 } else { 1 << 8 });
        return Ok(Atlas { values, levels, slices, slice, assumed });
    }
    let channel = match reading.channel {
        Some(channel) => channel.index(samples.channels).ok_or_else(|| {
            format!("the PNG has no alpha: give {} r, g or b, or leave it out", reading.options.channel)
        })?,
        None => {
            assumed.extend(assumption(&samples, kind, reading)?);
            0
        }
    };
    let step =
        if is_grey && levels < 256 && !(samples.has_alpha() && channel > 0) { 255 / (levels - 1) as u16 } else { 1 };
    let levels = if step == 1 { levels.max(256) } else { levels };
    let values = samples.channel(channel).map(|sample| f64::from(sample / step)).collect();
    Ok(Atlas { values, levels: Some(u64::from(levels)), slices, slice, assumed })
}

/// Says how a picture that is not plain grey is read as grey; refuses a picture whose channels of colour differ.
fn assumption(samples: &Samples, kind: &str, reading: &Reading) -> Result<Option<String>, String> {
    let option = reading.options.channel;
    let alpha = samples.channels - 1;
    let alpha_varies = samples.has_alpha() && !samples.is_constant(alpha);
    if samples.has_color() && !samples.is_grey() {
        let varying: Vec<&str> =
            (0..samples.channels).filter(|index| !samples.is_constant(*index)).map(|index| CHANNELS[index]).collect();
        return Err(format!("{kind} with different channels: a mask is one channel; give {option} {}", or(&varying)));
    }
    if alpha_varies && samples.is_constant(0) {
        return Err(format!("{kind} of one colour with different alpha: give {option} a to read alpha"));
    }
    let colors = if samples.has_color() { " with equal channels" } else { "" };
    Ok(match (samples.channels, alpha_varies) {
        (1, _) => None,
        (_, true) => {
            Some(format!("{kind}{colors}, read as grey; its alpha differs and is ignored, {option} a reads it"))
        }
        (3, _) => Some(format!("{kind}{colors}, read as grey")),
        (2, false) => Some(format!("{kind}, read without alpha, which is constant")),
        (_, false) => Some(format!("{kind}{colors}, read as grey without alpha, which is constant")),
    })
}

/// Returns a list such as `r, g or b`.
fn or(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        names => names.join(""),
    }
}
