//! Options of `dither`, in the order of its help.

use super::{from_to, side, whole};
use crate::c_header;
use crate::format;
use crate::image::{Channel, OptionNames, Reading, Slices};
use crate::raster::{self, Choice};
use bluegrad::Shape;
use bluegrad::dither::palette::named::NAMED;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const PICTURE: &str = "Picture";
const LEVELS: &str = "Levels";
const PALETTE: &str = "Palette";
const MASK: &str = "Mask";
const OUTPUT: &str = "Output";

#[derive(Debug, Args)]
pub(crate) struct DitherArgs {
    /// Pictures: PNG of any kind, row by row; JPEG, WebP, GIF, TIFF, BMP, PBM, PGM and PPM, known by their content. - is standard
    /// input
    #[arg(required = true, value_name = "IMAGE")]
    pub(crate) images: Vec<PathBuf>,

    /// Convert a colour picture to grey first: 0.2126 R + 0.7152 G + 0.0722 B
    #[arg(help_heading = PICTURE, long)]
    pub(crate) grey: bool,
    /// Transparency. A colour, such as ffffff: the picture is laid over that colour. keep: alpha passes unchanged (PNG). dither:
    /// alpha becomes 0 or 1 by the mask (PNG)
    #[arg(help_heading = PICTURE, long, value_name = "keep|dither|HEX", value_parser = alpha, default_value = "ffffff")]
    pub(crate) alpha: AlphaName,

    /// Bits per channel of the result: 1, 2, 4 or 8 bits are 2, 4, 16 or 256 levels [default: 1]
    #[arg(help_heading = LEVELS, long, value_name = "BITS", value_parser = bits, allow_hyphen_values = true, conflicts_with_all = ["levels", "values"])]
    pub(crate) bits: Option<u32>,
    /// Levels per channel of the result, 2 to 256, instead of --bits: one number, or three for red, green and blue
    #[arg(help_heading = LEVELS, long, value_name = "N|R,G,B", value_parser = levels, allow_hyphen_values = true, conflicts_with = "values")]
    pub(crate) levels: Option<Levels>,
    /// Values of the levels, rising, 2 to 256 of them: 0 to 255, or to 65535 with --depth 16. Three lists for red, green and blue have /
    /// between them
    #[arg(help_heading = LEVELS, long, value_name = "V,V,...", value_parser = values, allow_hyphen_values = true)]
    pub(crate) values: Option<Values>,
    /// Dither in linear light (sRGB), so that areas keep their brightness on a display or in print with sharp dots.
    /// Without this option, sample values are dithered as they are, as most programs do, and dark greys come out lighter
    #[arg(help_heading = LEVELS, long)]
    pub(crate) linear: bool,

    #[arg(help_heading = PALETTE, long, value_name = "NAME|HEX,...|FILE", help = format!(
        "Colours of the result, 2 to 64, mixed in linear light: colours such as 000000,ffffff,ff0000, a file (GIMP .gpl, .hex, JASC .pal, a \
         PNG with a palette), or one of {}",
        NAMED.map(|palette| palette.name).join(", ")
    ), conflicts_with_all = ["bits", "levels", "values", "linear", "channels"])]
    pub(crate) palette: Option<String>,
    /// Colours as the panel shows them, measured: one for each colour of --palette. These are mixed, those are written
    /// [default: those of a built-in palette; else the palette itself]
    #[arg(help_heading = PALETTE, long, value_name = "HEX,...", value_parser = shown, requires = "palette")]
    pub(crate) shown: Option<Colors>,
    /// Range of the picture. panel: black and white of the picture become the darkest and the lightest colour. none: as it is
    /// [default: none]
    #[arg(help_heading = PALETTE, long, value_name = "HOW", requires = "palette")]
    pub(crate) fit: Option<FitName>,
    /// Weight of low grain against exact colours, 0 to 1; 0: exact means of all colours that the palette can mix [default: 0.002]
    #[arg(help_heading = PALETTE, long, value_name = "X", value_parser = grain, allow_hyphen_values = true, requires = "palette")]
    pub(crate) grain: Option<f32>,
    /// Nodes of the colour table along each axis: 9, 17 or 33 [default: 17]
    #[arg(help_heading = PALETTE, long, value_name = "N", value_parser = nodes, allow_hyphen_values = true, requires = "palette")]
    pub(crate) nodes: Option<u32>,
    /// Colours in the file: those of --palette, or those of --shown, for a preview
    #[arg(help_heading = PALETTE, long, value_name = "WHICH", requires = "palette", default_value = "nominal")]
    pub(crate) output_colors: OutputColors,

    #[arg(help_heading = MASK, long, value_name = "FILE", help = format!(
        "Mask from 1x1 to 4096x4096 pixels: {}. Only the order of the values counts: the mask may have any range and \
         distribution [default: a mask of the preset dither, with --frame of space-time, 128x128 for pictures above 256 pixels, else 64x64]",
        format::readable()
    ))]
    pub(crate) mask: Option<PathBuf>,
    /// Width of a raw mask in pixels [default: a raw mask is square]
    #[arg(help_heading = MASK, long, value_name = "W", value_parser = side, allow_hyphen_values = true, requires_all = ["mask", "mask_height"])]
    pub(crate) mask_width: Option<u32>,
    /// Height of a raw mask in pixels
    #[arg(help_heading = MASK, long, value_name = "H", value_parser = side, allow_hyphen_values = true, requires_all = ["mask", "mask_width"])]
    pub(crate) mask_height: Option<u32>,
    /// Channel of a mask that is a PNG in colour [default: all channels must be equal]
    #[arg(help_heading = MASK, long, value_name = "CHANNEL", requires = "mask")]
    pub(crate) mask_channel: Option<Channel>,
    /// Slices of a mask's file: N from top to bottom, or 8x4 across and down; --mask-width and --mask-height are of one slice
    #[arg(help_heading = MASK, long, value_name = "N|WxH", requires = "mask", allow_hyphen_values = true)]
    pub(crate) mask_slices: Option<Slices>,
    /// Slice of the mask's file, counted from 0 [default: 0]
    #[arg(help_heading = MASK, long, value_name = "K", requires = "mask", value_parser = whole::<u32>, allow_hyphen_values = true)]
    pub(crate) mask_slice: Option<u32>,
    /// Number of the picture in a sequence, counted from 0: it takes layer K modulo the number of layers of the mask, and several
    /// pictures take the layers after it. When all layers are used, they come again at another offset. Without --mask the mask has 16
    /// layers
    #[arg(help_heading = MASK, long, value_name = "K", value_parser = whole::<u32>, allow_hyphen_values = true, conflicts_with = "mask_slice")]
    pub(crate) frame: Option<u32>,
    /// Mask pixel at the picture's top left corner; the mask repeats, so any whole numbers are valid
    #[arg(help_heading = MASK, long, value_name = "X,Y", value_parser = offset, allow_hyphen_values = true, default_value = "0,0")]
    pub(crate) offset: [i64; 2],
    /// Position of the mask for red, green and blue. same: one position, greys stay grey. apart: a position for each channel,
    /// greys become a mix of coloured pixels with less grain
    #[arg(help_heading = MASK, long, value_name = "HOW", default_value = "same")]
    pub(crate) channels: ChannelsName,

    /// File of the dithered picture; - is standard output
    /// [default: NAME-dithered.png in the current folder, for a picture NAME.jpg; standard output for standard input]
    #[arg(help_heading = OUTPUT, long, value_name = "FILE", conflicts_with = "out_dir")]
    pub(crate) out: Option<PathBuf>,
    /// Folder of the dithered pictures, NAME.png for a picture NAME.jpg
    #[arg(help_heading = OUTPUT, long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
    #[arg(help_heading = OUTPUT, long, value_name = "FORMAT", value_parser = Choice::parse, help = format!(
        "Format of the result: {} [default: as the extension of --out says, else png]",
        raster::help()
    ))]
    pub(crate) format: Option<Choice>,
    /// Bits of a sample in PNG, PGM and PPM [default: the fewest that hold all levels in PNG, 8 in PGM and PPM]
    #[arg(help_heading = OUTPUT, long, value_name = "BITS")]
    pub(crate) depth: Option<SampleDepth>,
    /// Place of the first pixel in a byte of raw, planes and C: its highest bits or its lowest [default: msb]
    #[arg(help_heading = OUTPUT, long, value_name = "ORDER")]
    pub(crate) bit_order: Option<OrderName>,
    /// Name of the C or XBM array [default: from the name of the file]
    #[arg(help_heading = OUTPUT, long, value_name = "NAME", value_parser = identifier)]
    pub(crate) name: Option<String>,
    /// Let the result replace the picture that it is made of
    #[arg(help_heading = OUTPUT, long, conflicts_with = "no_clobber")]
    pub(crate) force: bool,
    /// Replace no file
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) no_clobber: bool,
    /// Print nothing but errors
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) quiet: bool,
}

impl DitherArgs {
    /// How `--mask` is read.
    pub(crate) fn reading(&self) -> Reading {
        const OPTIONS: OptionNames = OptionNames {
            raw_shape: "--mask-width and --mask-height",
            channel: "--mask-channel",
            slices: "--mask-slices",
            slice: "--mask-slice",
        };
        Reading {
            raw_shape: self.mask_width.zip(self.mask_height).map(|(width, height)| Shape::new(width, height)),
            channel: self.mask_channel,
            all_channels: None,
            different_channels: false,
            slices: self.mask_slices,
            slice: self.mask_slice,
            options: &OPTIONS,
            check: bluegrad::dither::check,
        }
    }
}

/// An 8-bit RGB colour.
pub(crate) type Color = [u8; 3];

/// Values of `--alpha`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlphaName {
    Keep,
    Dither,
    Over(Color),
}

/// Value of `--levels`: the number of levels of each channel, and whether the channels were given apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Levels(pub(crate) [u32; 3], pub(crate) bool);

/// Value of `--values`: one list for all channels, or three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values(pub(crate) Vec<Vec<u16>>);

/// Values of `--depth`: bits of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SampleDepth {
    #[value(name = "8")]
    Eight,
    #[value(name = "16")]
    Sixteen,
}

/// Value of `--shown`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Colors(pub(crate) Vec<Color>);

/// Values of `--channels`: position of the mask for red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChannelsName {
    Same,
    Apart,
}

/// Values of `--bit-order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderName {
    Msb,
    Lsb,
}

/// Values of `--fit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FitName {
    None,
    Panel,
}

/// Values of `--output-colors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputColors {
    Nominal,
    Shown,
}

/// Parses a colour of 6 or 3 hexadecimal digits, with or without # before.
pub(crate) fn color(text: &str) -> Option<Color> {
    let text = text.trim();
    let digits: Vec<u8> = text
        .strip_prefix('#')
        .unwrap_or(text)
        .chars()
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect::<Option<_>>()?;
    match digits[..] {
        [r, g, b] => Some([r, g, b].map(|digit| 17 * digit)),
        [a, b, c, d, e, f] => Some([16 * a + b, 16 * c + d, 16 * e + f]),
        _ => None,
    }
}

/// Parses colours with commas between them.
pub(crate) fn colors(text: &str) -> Option<Vec<Color>> {
    text.split(',').map(color).collect()
}

fn shown(text: &str) -> Result<Colors, String> {
    colors(text)
        .map(Colors)
        .ok_or_else(|| "expected colours with commas between them, such as 1a1a1a,dcdcdc".to_string())
}

fn alpha(text: &str) -> Result<AlphaName, String> {
    match text {
        "keep" => Ok(AlphaName::Keep),
        "dither" => Ok(AlphaName::Dither),
        _ => color(text)
            .map(AlphaName::Over)
            .ok_or_else(|| "expected keep, dither or a colour such as ffffff".to_string()),
    }
}

fn bits(text: &str) -> Result<u32, String> {
    match text {
        "1" | "2" | "4" | "8" => Ok(1 << text.parse::<u32>().unwrap_or_default()),
        _ => Err("expected 1, 2, 4 or 8".to_string()),
    }
}

fn levels(text: &str) -> Result<Levels, String> {
    let number = from_to(2, 256);
    let numbers: Option<Vec<u32>> = text.split(',').map(|part| number(part.trim()).ok()).collect();
    match numbers.as_deref() {
        Some([all]) => Ok(Levels([*all; 3], false)),
        Some([red, green, blue]) => Ok(Levels([*red, *green, *blue], true)),
        _ => Err("expected a whole number from 2 to 256, or three such as 32,64,32".to_string()),
    }
}

fn values(text: &str) -> Result<Values, String> {
    const SHAPE: &str = "expected rising whole numbers such as 0,80,255, or three such lists with / between them";
    let list = |list: &str| list.split(',').map(|value| value.trim().parse::<u16>().ok()).collect::<Option<Vec<u16>>>();
    let lists: Vec<Vec<u16>> = text.split('/').map(list).collect::<Option<_>>().ok_or(SHAPE)?;
    if !matches!(lists.len(), 1 | 3) {
        return Err(SHAPE.to_string());
    }
    for list in &lists {
        if let Some(pair) = list.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(format!("{} follows {}: each value must be above the one before", pair[1], pair[0]));
        }
        if !(2..=256).contains(&list.len()) {
            return Err(format!("{} values: expected 2 to 256", list.len()));
        }
    }
    Ok(Values(lists))
}

fn grain(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a number from 0 to 1".to_string())
}

fn nodes(text: &str) -> Result<u32, String> {
    match text {
        "9" | "17" | "33" => text.parse().map_err(|_| String::new()),
        _ => Err("expected 9, 17 or 33".to_string()),
    }
}

fn identifier(text: &str) -> Result<String, String> {
    c_header::check_name(text).map(|()| text.to_string())
}

fn offset(text: &str) -> Result<[i64; 2], String> {
    let numbers: Option<Vec<i64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x, y]) => Ok([*x, *y]),
        _ => Err("expected two whole numbers with a comma between them, such as 3,-5".to_string()),
    }
}
