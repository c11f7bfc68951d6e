//! What the methods dither to: even levels or a palette, and pictures of them.

use super::diffusion::floyd_steinberg;
use super::masks::{Mask, Masks, Method};
use super::source::Source;
use crate::failure::{Failure, Result};
use crate::picture;
use bluegrad::dither::palette::named::Named;
use bluegrad::dither::palette::{Fit, Palette, PaletteConfig, build};
use bluegrad::dither::{Levels, Mix, Samples, Sink, Thresholds, Tone, light};
use bluegrad::{Dither, Shape};
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
pub(super) struct Output<'p> {
    /// Name in JSON.
    pub(super) key: &'static str,
    /// Heading on the page.
    pub(super) title: String,
    /// 8-bit sRGB.
    pub(super) colors: Vec<[u8; 3]>,
    pub(super) kind: Kind<'p>,
}

/// What a pixel's channels become.
pub(super) enum Kind<'p> {
    /// Even levels of each channel. The index of a colour is its levels in base `levels`, red first.
    Levels { levels: u32, channels: usize },
    /// The picture is fitted to the palette: black becomes its darkest colour, white its lightest, all between in proportion in light.
    Palette { table: &'p [u16], ends: [[f64; 3]; 2], purpose: &'static str },
}

/// A built-in palette with its table.
pub(super) struct Built {
    named: &'static Named,
    /// Empty for a palette that is even levels.
    table: Vec<u16>,
}

impl Built {
    pub(super) fn new(named: &'static Named) -> Result<Self> {
        let mut table = Vec::new();
        if named.levels.is_none() {
            let config = PaletteConfig { fit: Fit::Panel, ..PaletteConfig::new(named.shown) };
            table.resize(config.words()?, 0);
            build(&config, &mut table)?;
        }
        Ok(Self { named, table })
    }

    fn output(&self, channels: usize) -> Output<'_> {
        let Named { name, purpose, shown, levels, .. } = *self.named;
        if let Some([levels, ..]) = levels {
            let output = Output::levels(name, levels, channels);
            return Output { title: format!("{name}: {} colours", output.colors.len()), ..output };
        }
        let luminance =
            |color: &[u8; 3]| color.iter().zip(LUMINANCE).map(|(code, weight)| weight * light_of(*code)).sum::<f64>();
        let by_light = |a: &&[u8; 3], b: &&[u8; 3]| luminance(a).total_cmp(&luminance(b));
        let [darkest, lightest] = [shown.iter().min_by(by_light), shown.iter().max_by(by_light)];
        let ends = [darkest, lightest].map(|color| color.map_or([0.0; 3], |color| color.map(light_of)));
        let title = format!("{name}: {} colours", shown.len());
        Output { key: name, title, colors: shown.to_vec(), kind: Kind::Palette { table: &self.table, ends, purpose } }
    }
}

/// Luminance of red, green and blue light (ITU-R BT.709).
pub(super) const LUMINANCE: [f64; 3] = [0.2126, 0.7152, 0.0722];

impl<'p> Output<'p> {
    /// Returns 1 and 2 bits per channel, and the palette.
    pub(super) fn all(channels: usize, palette: &'p Built) -> Vec<Self> {
        let bits = |key, bits: u32| {
            let output = Self::levels(key, 1 << bits, channels);
            let unit = if bits == 1 { "bit" } else { "bits" };
            let title = match channels {
                1 => format!("{bits} {unit}: {} greys", output.colors.len()),
                _ => format!("{bits} {unit} a channel: {} colours", output.colors.len()),
            };
            Self { title, ..output }
        };
        vec![bits("1-bit", 1), bits("2-bit", 2), palette.output(channels)]
    }

    /// Even levels, without a title; they divide 255.
    fn levels(key: &'static str, levels: u32, channels: usize) -> Self {
        // Fits: at most 255.
        let value = |level: u32| (255 / (levels - 1) * (level % levels)) as u8;
        let color = |index: u32| match channels {
            1 => [value(index); 3],
            _ => [value(index / levels / levels), value(index / levels), value(index)],
        };
        let colors = (0..levels.pow(channels as u32)).map(color).collect();
        Self { key, title: String::new(), colors, kind: Kind::Levels { levels, channels } }
    }

    /// Returns the light that the dithered picture is to have, a plane per channel.
    pub(super) fn wanted(&self, source: &Source) -> Vec<Vec<f64>> {
        let plane = |channel: usize| {
            let channel = channel.min(source.channels - 1);
            source.codes[channel..].iter().step_by(source.channels).map(|code| unit_light(*code))
        };
        match &self.kind {
            Kind::Levels { channels, .. } => (0..*channels).map(|channel| plane(channel).collect()).collect(),
            Kind::Palette { ends: [black, white], .. } => {
                let fitted = |i: usize| plane(i).map(move |light| black[i] + (white[i] - black[i]) * light).collect();
                (0..3).map(fitted).collect()
            }
        }
    }

    /// Returns the picture that the dithered one is to look like, in 8-bit RGB.
    pub(super) fn shown(&self, source: &Source) -> Vec<u8> {
        let planes = self.wanted(source);
        let borders: Vec<f64> = (0..255).map(|code| 0.5 * (light_of(code) + light_of(code + 1))).collect();
        // Fits: there are 255 borders.
        let code = |light: f64| borders.partition_point(|border| *border <= light) as u8;
        let pixel = |i: usize| (0..3).map(move |channel| (channel, i));
        let channel = |channel: usize| channel.min(planes.len() - 1);
        (0..source.shape.pixels()).flat_map(pixel).map(|(c, i)| code(planes[channel(c)][i])).collect()
    }

    /// Dithers a picture; returns the index of each pixel's colour.
    pub(super) fn dither(&self, source: &Source, method: Method, masks: &Masks, how: How) -> Result<Vec<u8>> {
        let mask = masks.get(method, source.shape);
        let width = source.shape.width as usize;
        match (&self.kind, mask) {
            (Kind::Levels { levels, .. }, mask) => {
                let split = match mask {
                    Some(mask) => masked(source, &mask, &even(*levels), how)?,
                    None => diffused(source, &even(*levels), how.mix),
                };
                let index = |split: &[u8]| split.iter().fold(0, |index, level| index * *levels as u8 + level);
                Ok(split.chunks(source.channels).map(index).collect())
            }
            (Kind::Palette { table, .. }, Some(mask)) => {
                let palette = Palette::new(table)?;
                let dither = Dither::palette(Thresholds::U16(&mask.thresholds), mask.shape, palette)?;
                let pixels = source.rgb();
                let mut indices = vec![0; source.shape.pixels()];
                for (y, (row, to)) in (0..).zip(pixels.chunks(3 * width).zip(indices.chunks_mut(width))) {
                    dither.row(y, Samples::U8(row), Sink::Levels(to))?;
                }
                Ok(indices)
            }
            (Kind::Palette { .. }, None) => {
                let planes = self.wanted(source);
                let pixels: Vec<[f64; 3]> =
                    (0..source.shape.pixels()).map(|i| [planes[0][i], planes[1][i], planes[2][i]]).collect();
                let colors: Vec<[f64; 3]> = self.colors.iter().map(|color| color.map(light_of)).collect();
                Ok(floyd_steinberg(&pixels, width, &colors))
            }
        }
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

/// Returns even levels as 16-bit codes.
fn even(levels: u32) -> Vec<u16> {
    // Fits: at most 65535.
    (0..levels).map(|level| (65535 / (levels - 1) * level) as u16).collect()
}

/// Dithers each channel to levels by a mask.
fn masked(source: &Source, mask: &Mask, codes: &[u16], how: How) -> Result<Vec<u8>> {
    let mut positions = vec![0; CODES];
    // Fits: a mask has at most 2^20 pixels.
    Tone::new(codes, how.mix, mask.thresholds.len() as u32)?.fill::<u16>(&mut positions)?;
    let thresholds = Thresholds::U16(&mask.thresholds);
    let dither = match source.channels {
        1 => Dither::grey(thresholds, mask.shape, Levels::Table([&positions])),
        _ => Dither::rgb(thresholds, mask.shape, Levels::Table([&positions; 3])),
    }?;
    let dither = if how.apart { dither.channels_apart() } else { dither };
    let mut levels = vec![0; source.codes.len()];
    let length = source.channels * source.shape.width as usize;
    for (y, (row, to)) in (0..).zip(source.codes.chunks(length).zip(levels.chunks_mut(length))) {
        dither.row(y, Samples::U16(row), Sink::Levels(to))?;
    }
    Ok(levels)
}

/// Diffuses errors in each channel.
fn diffused(source: &Source, codes: &[u16], mix: Mix) -> Vec<u8> {
    let exact = |code: u16| if mix == Mix::Light { unit_light(code) } else { f64::from(code) / 65535.0 };
    let values: Vec<[f64; 1]> = codes.iter().map(|code| [exact(*code)]).collect();
    let mut levels = vec![0; source.codes.len()];
    for channel in 0..source.channels {
        let codes = source.codes[channel..].iter().step_by(source.channels);
        let plane: Vec<[f64; 1]> = codes.map(|code| [exact(*code)]).collect();
        let diffused = floyd_steinberg(&plane, source.shape.width as usize, &values);
        levels[channel..].iter_mut().step_by(source.channels).zip(diffused).for_each(|(to, level)| *to = level);
    }
    levels
}

/// Linear light of a 16-bit sRGB code, from 0 to 1.
pub(super) fn unit_light(code: u16) -> f64 {
    f64::from(light(code)) / f64::from(u32::MAX)
}

/// Linear light of an 8-bit sRGB code, from 0 to 1.
pub(super) fn light_of(code: u8) -> f64 {
    unit_light(257 * u16::from(code))
}
