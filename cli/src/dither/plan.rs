//! What one picture becomes: samples, tables, and the bytes of its rows.

use super::Goal;
use super::levels::{Rules, Tones, even};
use super::palette::Palette;
use super::samples::Wanted;
use crate::args::{AlphaName, Color, DitherArgs, OrderName, SampleDepth};
use crate::raster::{Choice, Kind, Layout, Rows};
use crate::source::Pixel;
use bluegrad::dither::{BitOrder, ByteOrder, Mix};

/// Largest number of colours in the palette of a PNG.
const MOST_COLORS: usize = 256;

/// The plan of one picture.
pub(super) struct Plan {
    pub(super) wanted: Wanted,
    /// Samples of a pixel of the result, without alpha: 1 for grey and indices, else 3.
    pub(super) channels: usize,
    pub(super) rows: Rows,
    /// Colours of the indices that rows hold; else empty.
    pub(super) colors: Vec<Color>,
    /// What the result is, in words.
    pub(super) kind: String,
}

impl Plan {
    pub(super) fn new(args: &DitherArgs, choice: Choice, goal: &Goal, pixel: Pixel) -> Self {
        match goal {
            Goal::Tones(tones) => Self::of_tones(args, choice, tones, pixel),
            Goal::Palette(palette) => Self::of_palette(args, choice, palette, pixel),
        }
    }

    fn of_tones(args: &DitherArgs, choice: Choice, tones: &Tones, pixel: Pixel) -> Self {
        let rules = Rules::of(choice);
        let tinted = matches!(args.alpha, AlphaName::Over([r, g, b]) if r != g || g != b) && pixel.alpha;
        let color = tones.apart || (!rules.grey && !args.grey && (pixel.color || tinted));
        let channels = if color { 3 } else { 1 };
        let mix = if args.linear { Mix::Light } else { Mix::Codes };
        let wanted = Wanted { channels, grey: args.grey || !color, alpha: args.alpha, mix };
        let (rows, colors) = rows(args, choice, tones, channels, wanted.keeps_alpha(pixel));
        let levels = [0, 1, 2].map(|i| tones.values[i].len());
        let levels = match levels {
            [grey, ..] if channels == 1 => format!("{grey} levels of grey"),
            [red, green, blue] if red == green && green == blue => format!("{red} levels of red, green and blue"),
            [red, green, blue] => format!("{red}, {green} and {blue} levels of red, green and blue"),
        };
        Self { wanted, channels, rows, colors, kind: words(&levels, channels, rows, wanted, pixel) }
    }

    fn of_palette(args: &DitherArgs, choice: Choice, palette: &Palette, pixel: Pixel) -> Self {
        let wanted = Wanted { channels: 3, grey: args.grey, alpha: args.alpha, mix: Mix::Codes };
        let alpha = wanted.keeps_alpha(pixel);
        let (bits, order) = (fewest(palette.colors.len()), order(args));
        let rows = match (choice.format.kind, choice.layout) {
            (Kind::Raw(Layout::Bits(bits)), _) | (Kind::C, Some(Layout::Bits(bits))) => Rows::Packed { bits, order },
            (Kind::Raw(Layout::Planes), _) | (Kind::C, Some(Layout::Planes)) => Rows::Planes { order },
            (Kind::C, _) => Rows::Packed { bits, order },
            (Kind::Png, _) if !alpha && args.depth.is_none() => Rows::Packed { bits, order: BitOrder::MsbFirst },
            _ => Rows::Values { bits: depth(args), alpha },
        };
        let (channels, colors) = match rows {
            Rows::Values { .. } => (3, Vec::new()),
            _ => (1, palette.colors.clone()),
        };
        let count = format!("{} colours", palette.colors.len());
        Self { wanted, channels, rows, colors, kind: words(&count, channels, rows, wanted, pixel) }
    }
}

/// Order of the pixels in a byte.
fn order(args: &DitherArgs) -> BitOrder {
    if args.bit_order == Some(OrderName::Lsb) { BitOrder::LsbFirst } else { BitOrder::MsbFirst }
}

/// Returns the bytes of a row, and the colours of indices.
fn rows(args: &DitherArgs, choice: Choice, tones: &Tones, channels: usize, alpha: bool) -> (Rows, Vec<Color>) {
    let order = order(args);
    let counts = [0, 1, 2].map(|i| tones.values[i].len());
    let layout = |layout| match layout {
        Layout::Bits(bits) => Rows::Packed { bits, order },
        Layout::Planes => Rows::Planes { order },
        Layout::Rgb332 => Rows::Rgb332,
        Layout::Rgb565(order) => Rows::Rgb565(order),
    };
    let rows = match (choice.format.kind, choice.layout) {
        (Kind::Png, _) => return png(args, tones, channels, alpha),
        (Kind::Pgm | Kind::Ppm, _) => Rows::Values { bits: depth(args), alpha: false },
        (Kind::Pbm, _) => Rows::Packed { bits: 1, order: BitOrder::MsbFirst },
        (Kind::Xbm, _) => Rows::Packed { bits: 1, order: BitOrder::LsbFirst },
        (Kind::Raw(raw), _) | (Kind::C, Some(raw)) => layout(raw),
        (Kind::C, None) if channels == 3 && counts == [8, 8, 4] => Rows::Rgb332,
        (Kind::C, None) if channels == 3 && counts == [32, 64, 32] => Rows::Rgb565(ByteOrder::LittleEndian),
        (Kind::C, None) => Rows::Packed { bits: fewest(counts.into_iter().max().unwrap_or_default()), order },
    };
    (rows, Vec::new())
}

/// Returns the smallest kind of PNG that holds all levels.
fn png(args: &DitherArgs, tones: &Tones, channels: usize, alpha: bool) -> (Rows, Vec<Color>) {
    let values = (Rows::Values { bits: depth(args), alpha }, Vec::new());
    if alpha || args.depth.is_some() {
        return values;
    }
    // Exact: without --depth 16 values are 8-bit.
    let eight = |channel: usize| tones.values[channel].iter().map(|code| (code / 257) as u8);
    let order = BitOrder::MsbFirst;
    if channels == 1 {
        let bits = fewest(tones.values[0].len());
        if bits == 8 {
            return values;
        }
        let colors = if tones.values[0] == even::<255, 257>(1 << bits) {
            Vec::new()
        } else {
            eight(0).map(|v| [v; 3]).collect()
        };
        return (Rows::Packed { bits, order }, colors);
    }
    let count: usize = tones.values.iter().map(Vec::len).product();
    if count > MOST_COLORS {
        return values;
    }
    let colors = eight(0).flat_map(|r| eight(1).flat_map(move |g| eight(2).map(move |b| [r, g, b])));
    (Rows::Joined { bits: if count <= 16 { 4 } else { 8 } }, colors.collect())
}

/// Bits of a value.
fn depth(args: &DitherArgs) -> u32 {
    if args.depth == Some(SampleDepth::Sixteen) { 16 } else { 8 }
}

/// The fewest of 1, 2, 4 and 8 bits that hold so many levels.
fn fewest(levels: usize) -> u32 {
    match levels {
        ..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    }
}

/// Says what the result is.
fn words(levels: &str, channels: usize, rows: Rows, wanted: Wanted, pixel: Pixel) -> String {
    let alpha = match wanted.alpha {
        _ if !wanted.keeps_alpha(pixel) => "",
        AlphaName::Dither => " with alpha of 0 or 1",
        _ => " with alpha",
    };
    let samples = channels as u32 + u32::from(!alpha.is_empty());
    let order = |order| if order == BitOrder::MsbFirst { "" } else { ", lowest bits first" };
    let bits = match rows {
        Rows::Packed { bits, order: o } => format!("{}{}", plural(bits * channels as u32), order(o)),
        Rows::Joined { bits } => plural(bits),
        Rows::Planes { order: o } => format!("two planes of 1 bit a pixel{}", order(o)),
        Rows::Rgb332 => "8 bits a pixel, rrrgggbb".to_string(),
        Rows::Rgb565(ByteOrder::LittleEndian) => "16 bits a pixel, rrrrrggggggbbbbb, low byte first".to_string(),
        Rows::Rgb565(ByteOrder::BigEndian) => "16 bits a pixel, rrrrrggggggbbbbb, high byte first".to_string(),
        Rows::Values { bits, .. } => plural(bits * samples),
    };
    format!("{levels}{alpha}, {bits}")
}

fn plural(bits: u32) -> String {
    format!("{bits} bit{} a pixel", if bits == 1 { "" } else { "s" })
}
