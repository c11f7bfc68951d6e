//! The command `dither`: a picture in few levels.

mod samples;

use crate::args::{ChannelsName, DitherArgs, SampleBits};
use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, ShapeRules};
use crate::output::{self, Target};
use crate::picture::{self, Picture};
use crate::resources::allocate;
use bluegrad::dither::{self, BitOrder, Levels, Mix, Sink, Tone, threshold, thresholds};
use bluegrad::{Config, Dither, Generator, Layout, Line, Preset, Shape};
use png::BitDepth;
use samples::Samples;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Side of the mask without `--mask`, in pixels.
const DEFAULT_SIDE: u32 = 64;

/// Largest number of colours in a palette.
const MOST_COLORS: u32 = 256;

/// Number of 16-bit codes.
const CODES: usize = 1 << 16;

/// A mask as thresholds.
struct Thresholds {
    shape: Shape,
    by_order: ByOrder,
    /// Size and origin of the mask, for the user.
    name: String,
}

/// Dithers one picture.
pub(crate) fn run(args: &DitherArgs) -> Result<()> {
    let levels = args.levels.unwrap_or_else(|| args.bits.unwrap_or(SampleBits::One).levels());
    let target = target(args)?;
    let picture = read_picture(&args.image)?;
    let mask = match &args.mask {
        Some(path) => read_mask(path, args)?,
        None => default_mask()?,
    };

    // Fits: values are at most 255.
    let values: Vec<u8> =
        (0..levels).map(|level| ((2 * 255 * level + levels - 1) / (2 * (levels - 1))) as u8).collect();
    let codes: Vec<u16> = values.iter().map(|value| 257 * u16::from(*value)).collect();
    let mix = if args.linear { Mix::Light } else { Mix::Codes };
    let ByOrder { thresholds, pixels } = &mask.by_order;
    let mut positions = vec![0; CODES];
    Tone::new(&codes, mix, *pixels)?.fill::<u16>(&mut positions)?;

    let color = picture.color && !args.grey;
    let dither = if color {
        Dither::rgb(dither::Thresholds::U16(thresholds), mask.shape, Levels::Table([&positions; 3]))
    } else {
        Dither::grey(dither::Thresholds::U16(thresholds), mask.shape, Levels::Table([&positions]))
    }?;
    let [x, y] = args.offset;
    // Fits: a remainder is less than a side.
    let dither = dither.at(x.rem_euclid(mask.shape.width.into()) as u32, y.rem_euclid(mask.shape.height.into()) as u32);
    let dither = if args.channels == ChannelsName::Apart { dither.channels_apart() } else { dither };

    let shape = picture.shape;
    let samples = Samples::new(&picture, color, mix);
    let (png, kind) =
        if color { rgb(&dither, &values, samples, shape) } else { grey(&dither, &values, samples, shape) }?;
    output::write_all(&[(&target, png)])?;
    if args.quiet {
        return Ok(());
    }
    let (out, Shape { width, height, .. }) = (target.path().display(), shape);
    output::print(&format!("wrote {out}: {width}x{height}, {kind}; mask {}\n", mask.name))
}

/// Returns the output file.
fn target(args: &DitherArgs) -> Result<Target> {
    let named = || {
        let mut name = args.image.file_stem().unwrap_or_default().to_os_string();
        name.push("-dithered.png");
        name.into()
    };
    let out: PathBuf = args.out.clone().unwrap_or_else(named);
    let shown = out.display();
    if !out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        return Err(Failure::usage(format_args!(
            "{shown}: the picture is written as a PNG; name a file that ends in .png"
        )));
    }
    Target::new(&out)
}

fn read_picture(path: &Path) -> Result<Picture> {
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    picture::decode(BufReader::new(file)).map_err(|why| Failure::file(path, why))
}

/// Makes the mask of the default preset.
fn default_mask() -> Result<Thresholds> {
    let config = Config::new(Preset::default(), DEFAULT_SIDE, DEFAULT_SIDE);
    let mut memory = allocate(&Layout::new(&config)?)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(u32::MAX)?;
    let mask = generator.mask()?;
    let mut by_order = ByOrder { thresholds: vec![0; config.shape.pixels()], pixels: DEFAULT_SIDE * DEFAULT_SIDE };
    thresholds(&mask, &mut by_order.thresholds)?;
    let name = format!("{DEFAULT_SIDE}x{DEFAULT_SIDE}, preset {}", Preset::default().name());
    Ok(Thresholds { shape: config.shape, by_order, name })
}

fn read_mask(path: &Path, args: &DitherArgs) -> Result<Thresholds> {
    let raw_shape = args.mask_width.zip(args.mask_height).map(|(width, height)| Shape::new(width, height));
    let rules = ShapeRules { raw_shape, shape_options: "--mask-width and --mask-height", check: dither::check };
    let image = format::load(path, &rules)?;
    image.span().map_err(|why| Failure::file(path, why))?;
    let Shape { width, height, .. } = image.shape;
    let name = format!("{width}x{height}, {}", path.display());
    Ok(Thresholds { shape: image.shape, by_order: thresholds_by_order(&image), name })
}

/// Thresholds by the order of a mask's values.
pub(crate) struct ByOrder {
    /// One per pixel.
    pub(crate) thresholds: Vec<u16>,
    /// Pixels of the least mask with as many thresholds, each as frequent.
    pixels: u32,
}

/// Returns thresholds from the order of the values; equal values share the mean of their ranks.
///
/// So a mask of any distribution gives evenly spread thresholds. Values must be finite.
pub(crate) fn thresholds_by_order(image: &Image) -> ByOrder {
    // + 0.0 turns −0.0 into 0.0: total_cmp would tell them apart.
    let value = |index: &u32| image.values[*index as usize] + 0.0;
    // Fits: a mask has at most 2²⁴ pixels.
    let n = image.values.len() as u32;
    let mut order: Vec<u32> = (0..n).collect();
    order.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut thresholds = vec![0; image.values.len()];
    let (mut below, mut common) = (0, 0);
    for alike in order.chunk_by(|a, b| value(a) == value(b)) {
        let count = alike.len() as u32;
        let shared = threshold(2 * below + count, 2 * n);
        alike.iter().for_each(|index| thresholds[*index as usize] = shared);
        below += count;
        common = greatest_common_divisor(common, count);
    }
    // Where each value occurs m times, counts of pixels are multiples of m.
    ByOrder { thresholds, pixels: n / common.max(1) }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Encodes a grey picture: packed grey if the levels use all values of a depth, else a palette, or 8 bits.
fn grey(dither: &Dither<'_>, values: &[u8], samples: Samples<'_>, shape: Shape) -> Result<(Vec<u8>, String)> {
    let (levels, width) = (values.len(), shape.width as usize);
    let (bits, depth) = match dither.bits() {
        1 => (1, BitDepth::One),
        2 => (2, BitDepth::Two),
        4 => (4, BitDepth::Four),
        _ => (8, BitDepth::Eight),
    };
    let kind = format!("{levels} levels of grey, {bits} bit{} a pixel", if bits == 1 { "" } else { "s" });
    if bits == 8 {
        let pixels = rows(samples, width, |y, row, to| output_values(dither, values, y, row, to))?;
        return Ok((picture::encode_grey(shape, depth, &pixels).map_err(Failure::other)?, kind));
    }
    let length = dither.packed_len(width);
    let pixels = rows(samples, length, |y, row, to| {
        dither.row(y, dither::Samples::U16(row), Sink::Packed { to, bits, order: BitOrder::MsbFirst })
    })?;
    let png = if levels == 1 << bits {
        picture::encode_grey(shape, depth, &pixels)
    } else {
        picture::encode_indexed(shape, depth, values.iter().flat_map(|value| [*value; 3]).collect(), &pixels)
    };
    Ok((png.map_err(Failure::other)?, kind))
}

/// Encodes a colour picture: a palette of up to 256 colours, else 8-bit RGB.
fn rgb(dither: &Dither<'_>, values: &[u8], samples: Samples<'_>, shape: Shape) -> Result<(Vec<u8>, String)> {
    let (levels, width) = (values.len() as u32, shape.width as usize);
    let colors = levels.pow(3);
    if colors > MOST_COLORS {
        let pixels = rows(samples, 3 * width, |y, row, to| output_values(dither, values, y, row, to))?;
        let png = picture::encode_rgb(shape, &pixels).map_err(Failure::other)?;
        return Ok((png, format!("{levels} levels of red, green and blue, 24 bits a pixel")));
    }
    let (bits, depth) = if colors <= 16 { (4, BitDepth::Four) } else { (8, BitDepth::Eight) };
    let mut split = vec![0; 3 * width];
    let pixels = rows(samples, (width * bits).div_ceil(8), |y, row, to| {
        dither.row(y, dither::Samples::U16(row), Sink::Levels(&mut split))?;
        for (x, level) in split.as_chunks::<3>().0.iter().enumerate() {
            // Fits: there are at most 256 colours.
            let index = level.iter().fold(0, |index, level| index * levels + u32::from(*level)) as u8;
            to[x * bits / 8] |= index << (8 - bits - x * bits % 8);
        }
        Ok(())
    })?;
    let palette =
        values.iter().flat_map(|r| values.iter().flat_map(move |g| values.iter().flat_map(move |b| [*r, *g, *b])));
    let png = picture::encode_indexed(shape, depth, palette.collect(), &pixels).map_err(Failure::other)?;
    Ok((png, format!("{levels} levels of red, green and blue, {bits} bits a pixel")))
}

/// Dithers a row to output values.
fn output_values(
    dither: &Dither<'_>,
    values: &[u8],
    y: u32,
    row: &[u16],
    to: &mut [u8],
) -> std::result::Result<(), bluegrad::Error> {
    dither.row(y, dither::Samples::U16(row), Sink::Mapped { to, values: [values; 3] })
}

/// Fills rows of `length` bytes each, zeroed before.
fn rows(
    mut samples: Samples<'_>,
    length: usize,
    mut row: impl FnMut(u32, &[u16], &mut [u8]) -> std::result::Result<(), bluegrad::Error>,
) -> Result<Vec<u8>> {
    let mut pixels = vec![0; length * samples.height() as usize];
    for (y, to) in (0..).zip(pixels.chunks_exact_mut(length)) {
        row(y, samples.row(y), to)?;
    }
    Ok(pixels)
}
