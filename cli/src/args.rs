//! Options and help of every command.

mod generate;
mod masks;

pub(crate) use generate::GenerateArgs;
pub(crate) use masks::MaskFiles;

use crate::format;
use crate::image::{Channel, OptionNames, Reading, Slices};
use bluegrad::optimizer::Method;
use bluegrad::{Preset, Range, Shape, SimdLevel};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;
use std::str::FromStr;

/// Makes tileable blue-noise masks by gradient descent and measures how good a mask is.
#[derive(Debug, Parser)]
#[command(name = "bluegrad", version, subcommand_required = true, arg_required_else_help = false)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a mask; without options, a 64x64 mask in bluegrad-64x64.png
    Generate(Box<GenerateArgs>),
    /// List the presets, with the use of each
    Presets,
    /// Measure masks of any origin: dithering error, spectrum, histogram
    Measure(MeasureArgs),
    /// Dither a picture to few levels with a mask
    Dither(DitherArgs),
    /// Compare 2 to 8 masks side by side, as a table and as a page of pictures
    Compare(CompareArgs),
    /// Print the script that completes commands and options in a shell
    Completions(CompletionsArgs),
    /// Print a man page, or write all man pages
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell whose script is printed. For bash: eval "$(bluegrad completions bash)"
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Command whose page is printed [default: the page of the program]
    #[arg(value_name = "COMMAND", conflicts_with = "out_dir")]
    pub(crate) command: Option<String>,
    /// Write all pages into this folder, as bluegrad.1, bluegrad-generate.1 and so on
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct MeasureArgs {
    #[command(flatten)]
    pub(crate) masks: MaskFiles,
    /// Print JSON: an array with one object per file
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DitherArgs {
    /// PNG of any kind: grey, colour or palette, 1 to 16 bits. Transparent pixels are blended with white
    #[arg(value_name = "IMAGE.png")]
    pub(crate) image: PathBuf,
    /// Bits per channel of the result: 1, 2 or 4 bits are 2, 4 or 16 levels [default: 1]
    #[arg(long, value_name = "BITS", conflicts_with = "levels")]
    pub(crate) bits: Option<SampleBits>,
    /// Levels per channel of the result, 2 to 256, instead of --bits
    #[arg(long, value_name = "N", value_parser = from_to(2, 256), allow_hyphen_values = true)]
    pub(crate) levels: Option<u32>,
    #[arg(long, value_name = "FILE", help = format!(
        "Mask from 1x1 to 4096x4096 pixels: {}. Only the order of the values counts: the mask may have any range and \
         distribution [default: a 64x64 mask of the default preset]",
        format::readable()
    ))]
    pub(crate) mask: Option<PathBuf>,
    /// Width of a raw mask in pixels [default: a raw mask is square]
    #[arg(long, value_name = "W", value_parser = side, allow_hyphen_values = true, requires_all = ["mask", "mask_height"])]
    pub(crate) mask_width: Option<u32>,
    /// Height of a raw mask in pixels
    #[arg(long, value_name = "H", value_parser = side, allow_hyphen_values = true, requires_all = ["mask", "mask_width"])]
    pub(crate) mask_height: Option<u32>,
    /// Channel of a mask that is a PNG in colour [default: all channels must be equal]
    #[arg(long, value_name = "CHANNEL", requires = "mask")]
    pub(crate) mask_channel: Option<Channel>,
    /// Slices of a mask's file: N from top to bottom, or 8x4 across and down; --mask-width and --mask-height are of one slice
    #[arg(long, value_name = "N|WxH", requires = "mask", allow_hyphen_values = true)]
    pub(crate) mask_slices: Option<Slices>,
    /// Slice of the mask's file, counted from 0 [default: 0]
    #[arg(long, value_name = "K", requires = "mask", value_parser = whole::<u32>, allow_hyphen_values = true)]
    pub(crate) mask_slice: Option<u32>,
    /// Mask pixel at the picture's top left corner; the mask repeats, so any whole numbers are valid
    #[arg(long, value_name = "X,Y", value_parser = offset, allow_hyphen_values = true, default_value = "0,0")]
    pub(crate) offset: [i64; 2],
    /// Convert a colour picture to grey first: 0.2126 R + 0.7152 G + 0.0722 B
    #[arg(long)]
    pub(crate) grey: bool,
    /// Dither in linear light (sRGB), so that areas keep their brightness on a display or in print with sharp dots.
    /// Without this option, sample values are dithered as they are, as most programs do, and dark greys come out lighter
    #[arg(long)]
    pub(crate) linear: bool,
    /// Position of the mask for red, green and blue. same: one position, greys stay grey. apart: a position for each channel,
    /// greys become a mix of coloured pixels with less grain
    #[arg(long, value_name = "HOW", default_value = "same")]
    pub(crate) channels: ChannelsName,
    /// File of the dithered picture: a grey, palette or 8-bit RGB PNG, the smallest kind that holds all levels
    /// [default: NAME-dithered.png in the current folder, for a picture NAME.png]
    #[arg(long, value_name = "FILE.png")]
    pub(crate) out: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long)]
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
            slices: self.mask_slices,
            slice: self.mask_slice,
            options: &OPTIONS,
            check: bluegrad::dither::check,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) masks: MaskFiles,
    /// Print JSON: each mask as in `measure --json`, and the best masks for each figure
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write an HTML page with dithered grey, spectra and figures of all masks
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
}

/// Weights of the three terms of the published loss (`--weights`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights {
    pub(crate) low_band: f32,
    pub(crate) smoothness: f32,
    pub(crate) histogram: f32,
}

/// Values of `--optimizer`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OptimizerName {
    GradientDescent,
    HeavyBall,
    Adam,
}

impl OptimizerName {
    pub(crate) const fn method(self) -> Method {
        match self {
            Self::GradientDescent => Method::GradientDescent,
            Self::HeavyBall => Method::HeavyBall,
            Self::Adam => Method::Adam,
        }
    }
}

/// Values of `--ranks`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RanksName {
    Exact,
    Binned,
}

/// Values of `--range`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RangeName {
    Unit,
    Signed,
}

impl RangeName {
    pub(crate) const fn range(self) -> Range {
        match self {
            Self::Unit => Range::Unit,
            Self::Signed => Range::Signed,
        }
    }
}

/// Values of `dither --bits`: bits per channel.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SampleBits {
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
    #[value(name = "4")]
    Four,
}

impl SampleBits {
    /// Number of levels.
    pub(crate) const fn levels(self) -> u32 {
        match self {
            Self::One => 2,
            Self::Two => 4,
            Self::Four => 16,
        }
    }
}

/// Values of `dither --channels`: position of the mask for red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChannelsName {
    Same,
    Apart,
}

/// Returns a value's name on the command line.
pub(crate) fn name_of<T: ValueEnum>(value: T) -> String {
    value.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

fn number(text: &str) -> Result<f32, String> {
    text.parse().map_err(|_| "expected a number".to_string())
}

fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to 2^{} - 1", 8 * size_of::<T>()))
}

fn from_to(least: u32, most: u32) -> impl Fn(&str) -> Result<u32, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
    }
}

fn side(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "expected a whole number of pixels".to_string())
}

fn offset(text: &str) -> Result<[i64; 2], String> {
    let numbers: Option<Vec<i64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x, y]) => Ok([*x, *y]),
        _ => Err("expected two whole numbers with a comma between them, such as 3,-5".to_string()),
    }
}

/// Parses a name of a list, which completions know. Help texts have the names in their own words.
fn name_in<T: Clone + Send + Sync + 'static>(
    all: impl IntoIterator<Item = T>,
    name: fn(T) -> &'static str,
    of: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    let names: Vec<&str> = all.into_iter().map(name).collect();
    PossibleValuesParser::new(names).try_map(move |name| of(&name).ok_or("no such name"))
}

fn preset() -> impl TypedValueParser<Value = Preset> {
    name_in(Preset::ALL, Preset::name, Preset::from_name)
}

fn level() -> impl TypedValueParser<Value = SimdLevel> {
    name_in(SimdLevel::ALL, SimdLevel::name, SimdLevel::from_name)
}

fn weights(text: &str) -> Result<Weights, String> {
    const SHAPE: &str = "expected three numbers with commas between them, such as 0.1,0.01,2.2";
    let numbers: Vec<f32> =
        text.split(',').map(|number| number.trim().parse().map_err(|_| SHAPE.to_string())).collect::<Result<_, _>>()?;
    let [low_band, smoothness, histogram] = numbers[..] else { return Err(SHAPE.to_string()) };
    match numbers.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        Some(weight) => Err(format!("{weight} is not a weight: weights must be finite and at least 0")),
        None => Ok(Weights { low_band, smoothness, histogram }),
    }
}
