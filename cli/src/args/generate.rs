//! Options of `generate`, in the order of its help.

use super::{OptimizerName, RangeName, RanksName, Weights, from_to, level, number, preset, side, weights, whole};
use crate::c_header;
use crate::format::{self, Depth};
use crate::image::{Channel, Slices};
use bluegrad::shape::{MAX_CHANNELS, MAX_LAYERS};
use bluegrad::{Preset, SimdLevel};
use clap::Args;
use std::path::PathBuf;

const MASK: &str = "Mask";
const LAYERS: &str = "Layers and channels";
const DITHER: &str = "Dither presets";
const SPECTRAL: &str = "Spectral presets";
const OUTPUT: &str = "Output";
const LONG_RUNS: &str = "Long runs";

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// Recipe of the mask, by its use: dither for noise that passes a threshold or a curve, spectral for noise that is only
    /// added, space-time for frames. `bluegrad presets` lists all [default: dither, with --layers space-time]
    #[arg(help_heading = MASK, long, value_name = "NAME", value_parser = preset(), hide_possible_values = true)]
    preset: Option<Preset>,
    /// Width and height in pixels, 8 to 4096; spectral and published: a power of two from 16 to 4096 [default: 64]
    #[arg(help_heading = MASK, long, value_name = "N", value_parser = side, allow_hyphen_values = true, conflicts_with_all = ["width", "height"])]
    pub(crate) size: Option<u32>,
    /// Width in pixels, for a mask that is not square
    #[arg(help_heading = MASK, long, value_name = "W", value_parser = side, allow_hyphen_values = true, requires = "height")]
    pub(crate) width: Option<u32>,
    /// Height in pixels, for a mask that is not square
    #[arg(help_heading = MASK, long, value_name = "H", value_parser = side, allow_hyphen_values = true, requires = "width")]
    pub(crate) height: Option<u32>,
    /// Seed of the random numbers; the same seed gives the same mask on every machine
    #[arg(help_heading = MASK, long, value_name = "S", value_parser = whole::<u64>, allow_hyphen_values = true, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Steps of the preset's longest stage: the polish (dither presets), the front (dither-gradient) or the gradient descent
    /// (spectral, published). void-and-cluster has no such stage
    #[arg(help_heading = MASK, long, value_name = "N", value_parser = whole::<u32>, allow_hyphen_values = true)]
    pub(crate) steps: Option<u32>,
    #[arg(help_heading = MASK, long, value_name = "FILE", help = format!(
        "Mask to refine, instead of a start from nothing: {}. Only the order of the values counts. The result has the size of this \
         mask; a raw file is square unless --width and --height are given. With --layers or --channels all layers and channels of the \
         file are read",
        format::readable()
    ))]
    pub(crate) init: Option<PathBuf>,
    /// Channel of --init, a PNG in colour [default: all channels must be equal]
    #[arg(help_heading = MASK, long, value_name = "CHANNEL", requires = "init")]
    pub(crate) init_channel: Option<Channel>,
    /// Slices of the file of --init: N from top to bottom, or 8x4 across and down; the size options are of one slice
    #[arg(help_heading = MASK, long, value_name = "N|WxH", requires = "init", allow_hyphen_values = true)]
    pub(crate) init_slices: Option<Slices>,
    /// Slice of --init, counted from 0 [default: 0]
    #[arg(help_heading = MASK, long, value_name = "K", requires = "init", value_parser = whole::<u32>, allow_hyphen_values = true)]
    pub(crate) init_slice: Option<u32>,
    /// Distribution of the values: uniform, triangular, gaussian, or a text file of 65 quantiles from -1 to 1. A value v of 8 bits
    /// stands for 2v/255 - 1, of 16 for 2v/65535 - 1; 32 bits and .csv hold ranks. triangular: better made by --preset triangular
    /// [default: triangular with that preset, else uniform]
    #[arg(help_heading = MASK, long, value_name = "NAME|FILE")]
    pub(crate) distribution: Option<String>,
    /// Standard deviation for --distribution gaussian, before its cut at -1 and 1; 0.15 to 2 [default: 1/3]
    #[arg(help_heading = MASK, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) gaussian_sigma: Option<f32>,

    /// Layers, 1 to 256: slices in time, a mask for each frame; in a file layer by layer [default: 1]
    #[arg(help_heading = LAYERS, long, value_name = "N", value_parser = from_to(1, MAX_LAYERS), allow_hyphen_values = true)]
    pub(crate) layers: Option<u32>,
    /// Channels, 1 to 4: masks in the channels of a pixel, made together [default: 1]
    #[arg(help_heading = LAYERS, long, value_name = "N", value_parser = from_to(1, MAX_CHANNELS), allow_hyphen_values = true)]
    pub(crate) channels: Option<u32>,
    /// Make the mask for this filter in space, instead of a preset: gauss:SIGMA, box:PIXELS, binomial:STEPS, or a text file of up to 32
    /// weights, the same along both axes [default: gauss:1, if there is a filter over frames]
    #[arg(help_heading = LAYERS, long, value_name = "FILTER|FILE", conflicts_with = "preset")]
    pub(crate) space_filter: Option<String>,
    /// Make the mask for this filter over frames: ema:ALPHA, an exponential moving average; exponential:ALPHA,BETA, one that starts anew
    /// with probability BETA, so that the first frames count; gauss:SIGMA, box:LAYERS, none, or a text file of up to 32 weights
    /// [default: none]
    #[arg(help_heading = LAYERS, long, value_name = "FILTER|FILE", conflicts_with = "preset")]
    pub(crate) time_filter: Option<String>,
    /// Make the mask for each of the two filters by itself, with weight W for space and 1 - W for time; without --separate for both, one
    /// after the other
    #[arg(help_heading = LAYERS, long, value_name = "W", value_parser = number, allow_hyphen_values = true)]
    pub(crate) separate: Option<f32>,
    /// space-time: weight of time, 0.02 (the least) to 1 (as much time as space) [default: 0.28]
    #[arg(help_heading = LAYERS, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) beta: Option<f32>,

    /// Fineness of the patterns, in pixels. dither, dither-fast: 1.0 (near viewing) to 1.7 (far viewing) [default: 1.26].
    /// void-and-cluster: sigma of its Gaussian, 0.5 to 8 [default: 1.5]. Other presets have no --sigma
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) sigma: Option<f32>,
    /// dither-smooth: balance from 0 (least dithering error) to 1 (least low-frequency power of the grey mask, as low as
    /// spectral reaches if both sides are powers of two from 16) [default: 0.25]
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) mix: Option<f32>,
    /// Optimise for a use with L levels, 2 to 64: a last stage swaps pixels, which makes the patterns at these levels better
    /// and all other patterns worse
    #[arg(help_heading = DITHER, long, value_name = "L", value_parser = from_to(2, 64), allow_hyphen_values = true)]
    pub(crate) levels: Option<u32>,
    /// void-and-cluster: fraction of pixels in the initial random pattern, at most 0.5 [default: 0.02]
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) initial_fraction: Option<f32>,

    /// Cut-off of the low band in cycles/pixel, above 0 and at most 0.7071 [default: 0.41833]
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) cutoff: Option<f32>,
    /// Weights of the low-band, smoothness and histogram terms of the loss [default: 0.1,0.01,2.2]
    #[arg(help_heading = SPECTRAL, long, value_name = "LOW,SMOOTH,HIST", value_parser = weights, allow_hyphen_values = true)]
    pub(crate) weights: Option<Weights>,
    /// Target radial profile: a text file of lines `frequency amplitude`, frequency in cycles/pixel, amplitude in any unit.
    /// Replaces the low-band and smoothness terms, unless --weights is given too
    #[arg(help_heading = SPECTRAL, long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Weight of the profile term [default with --profile: 0.01]
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) profile_weight: Option<f32>,
    /// Optimiser of the first stage [default: heavy-ball; published: gradient-descent]
    #[arg(help_heading = SPECTRAL, long, value_name = "NAME")]
    pub(crate) optimizer: Option<OptimizerName>,
    /// Step size at the start of the first stage; the step size of the histogram term is scaled by the same factor
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) step_size: Option<f32>,
    /// Momentum of heavy-ball, or first momentum of adam: at least 0 and below 1
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) momentum: Option<f32>,
    /// Ranks in the histogram term: exact, or by bins of values [default: exact]
    #[arg(help_heading = SPECTRAL, long, value_name = "HOW")]
    pub(crate) ranks: Option<RanksName>,

    #[arg(help_heading = OUTPUT, long, value_name = "FILE", help = format!(
        "File of the mask; the extension names the format: {}. A number in the name, mask_%d.png or mask_%03d.png, writes a file for each \
         layer [default: bluegrad-WxH.png, with layers bluegrad-WxHxN.npy]",
        format::writable()
    ))]
    pub(crate) out: Option<PathBuf>,
    /// Write all layers into one PNG below each other, the first at the top: W pixels wide and N times H high
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) atlas: bool,
    /// Bits per pixel; 32 bits hold the ranks, for .npy and .h only [default: 8 for .png and .h, floats for .npy]
    #[arg(help_heading = OUTPUT, long, value_name = "BITS")]
    pub(crate) depth: Option<Depth>,
    #[arg(help_heading = OUTPUT, long, value_name = "NAME", value_parser = c_name, allow_hyphen_values = true,
        help = "Name of the array of a .h, and in capitals of its macros, such as NAME_WIDTH, NAME_HEIGHT and NAME_H [default: bluegrad_ and \
                the name of the file: mask.h has bluegrad_mask]")]
    pub(crate) name: Option<String>,
    /// Range of floats: unit is [0, 1), signed is [-1, 1) [default: unit]
    #[arg(help_heading = OUTPUT, long, value_name = "RANGE")]
    pub(crate) range: Option<RangeName>,
    /// Also write an HTML page with the mask, its spectrum, its figures and its settings
    #[arg(help_heading = OUTPUT, long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Also write a table of the run: the losses (spectral, published) or the energy over all thresholds (other presets) by
    /// step
    #[arg(help_heading = OUTPUT, long, value_name = "FILE.csv")]
    pub(crate) trace: Option<PathBuf>,
    /// Number of threads, 1 to 1024; the mask does not depend on it [default: all cores from 512x512 pixels of all
    /// layers (spectral, published: 1024x1024) on, else 1]
    #[arg(help_heading = OUTPUT, long, value_name = "N", value_parser = from_to(1, 1024), allow_hyphen_values = true)]
    pub(crate) threads: Option<u32>,
    /// Instruction set: auto, scalar, sse2, sse4.2, avx2, avx512, neon or simd128; the mask does not depend on it
    #[arg(help_heading = OUTPUT, long, value_name = "NAME", value_parser = level(), hide_possible_values = true, default_value = SimdLevel::Auto.name())]
    pub(crate) level: SimdLevel,
    /// Print nothing but errors
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) quiet: bool,

    /// Save the run to this file when Ctrl-C or SIGTERM stops it, and every --snapshot-every seconds. The file must not exist
    /// yet, unless --resume names it too; it is removed once the mask is written. Size: about 20 bytes per pixel (dither
    /// presets) or 43 (spectral, published), more with --levels
    #[arg(help_heading = LONG_RUNS, long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Seconds between snapshots, 1 to 86400 [default: 60]
    #[arg(help_heading = LONG_RUNS, long, value_name = "S", value_parser = from_to(1, 86_400), requires = "snapshot", allow_hyphen_values = true)]
    pub(crate) snapshot_every: Option<u32>,
    /// Continue the run in this snapshot; the mask is the same as without the stop. Repeat the options of the run; threads and
    /// output files may differ, and --level is the snapshot's. --report and --trace cover only the steps done now
    #[arg(help_heading = LONG_RUNS, long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
}

impl GenerateArgs {
    /// The preset that is named, or that layers have by default.
    pub(crate) fn preset(&self) -> Preset {
        let layers = self.layers.is_some_and(|layers| layers > 1);
        self.preset.unwrap_or(if layers { Preset::SpaceTime } else { Preset::default() })
    }

    /// Whether the mask is made for filters.
    pub(crate) fn has_filters(&self) -> bool {
        self.space_filter.is_some() || self.time_filter.is_some()
    }

    /// What the mask is made by: the preset, or its filters.
    pub(crate) fn recipe_name(&self) -> String {
        match (&self.space_filter, &self.time_filter) {
            (None, None) => self.preset().name().to_string(),
            (Some(filter), None) | (None, Some(filter)) => format!("filter {filter}"),
            (Some(space), Some(time)) => format!("filters {space} and {time}"),
        }
    }
}

fn c_name(name: &str) -> Result<String, String> {
    c_header::check_name(name).map(|()| name.to_string())
}
