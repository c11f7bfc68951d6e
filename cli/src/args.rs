//! Options and help of every command.

mod dither;
mod gallery;
mod generate;
mod masks;
mod points;

pub(crate) use dither::{
    AlphaName, ChannelsName, Color, Colors, DitherArgs, FitName, Levels, OrderName, OutputColors, SampleDepth, Values,
    color, colors,
};
pub(crate) use gallery::GalleryArgs;
pub(crate) use generate::GenerateArgs;
pub(crate) use masks::MaskFiles;
pub(crate) use points::PointsArgs;

use bluegrad::optimizer::Method;
use bluegrad::{Preset, Range, SimdLevel};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
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
    /// Make a point set: an exact number of evenly spread points that tile
    Points(PointsArgs),
    /// List the presets, with the use of each
    Presets,
    /// Measure masks of any origin: dithering error, spectrum, histogram
    Measure(MeasureArgs),
    /// Dither pictures to few levels or to a palette with a mask
    Dither(Box<DitherArgs>),
    /// Compare 2 to 8 masks side by side, as a table and as a page of pictures
    Compare(CompareArgs),
    /// Show pictures dithered by well-known masks and by bluegrad's, with figures, on one page
    Gallery(GalleryArgs),
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
    /// Also measure the loss for this filter in space, as in `generate` [default with --time-filter: gauss:1]
    #[arg(long, value_name = "FILTER|FILE")]
    pub(crate) space_filter: Option<String>,
    /// Also measure the loss for this filter over frames, as in `generate` [default with --space-filter: none]
    #[arg(long, value_name = "FILTER|FILE")]
    pub(crate) time_filter: Option<String>,
    /// Loss of each of the two filters by itself, with weight W for space and 1 - W for time
    #[arg(long, value_name = "W", value_parser = number, allow_hyphen_values = true)]
    pub(crate) separate: Option<f32>,
    /// The files are sets of points: .npy of shape (N, 2), .csv, .ply or .svg as `points` writes them
    #[arg(long, conflicts_with_all = ["width", "height", "channel", "slices", "slice", "each_slice", "space_filter", "time_filter", "separate"])]
    pub(crate) points: bool,
    /// Only the first N points of each set
    #[arg(long, value_name = "N", value_parser = whole::<u32>, allow_hyphen_values = true, requires = "points")]
    pub(crate) prefix: Option<u32>,
    /// Print JSON: an array with one object per file
    #[arg(long)]
    pub(crate) json: bool,
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

/// Returns clap's message as one line, with what would be right.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")).collect();
    let said = said.join(" ").replace(" tip: ", "; ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    // clap's message about an unknown name says what is right only where a similar name exists.
    let advice = match error.kind() {
        ErrorKind::UnknownArgument if !said.contains("; ") => "; --help lists the options",
        ErrorKind::InvalidSubcommand if !said.contains("; ") => "; --help lists the commands",
        _ => "",
    };
    format!("{said}{advice}")
}
