//! The options of `generate`, by the headings of its help.

use super::{OptimizerName, RangeName, RanksName, Weights, from_to, level, number, preset, side, weights, whole};
use crate::format::{self, Depth};
use bluegrad::{Preset, SimdLevel};
use clap::Args;
use std::path::PathBuf;

const MASK: &str = "Mask";
const DITHER: &str = "Dither presets";
const SPECTRAL: &str = "Spectral presets";
const OUTPUT: &str = "Output";
const LONG_RUNS: &str = "Long runs";

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// What the mask is for and how it is made: dither for noise that passes a threshold or a curve, spectral for noise that is
    /// only added; `bluegrad presets` lists them
    #[arg(help_heading = MASK, long, value_name = "NAME", value_parser = preset, default_value = Preset::default().name())]
    pub(crate) preset: Preset,
    /// Width and height in pixels: any from 8 to 4096; of a spectral preset a power of two from 16 to 4096 [default: 64]
    #[arg(help_heading = MASK, long, value_name = "N", value_parser = side, allow_hyphen_values = true, conflicts_with_all = ["width", "height"])]
    pub(crate) size: Option<u32>,
    /// Width in pixels, of a mask that is not square
    #[arg(help_heading = MASK, long, value_name = "W", value_parser = side, allow_hyphen_values = true, requires = "height")]
    pub(crate) width: Option<u32>,
    /// Height in pixels, of a mask that is not square
    #[arg(help_heading = MASK, long, value_name = "H", value_parser = side, allow_hyphen_values = true, requires = "width")]
    pub(crate) height: Option<u32>,
    /// Seed of the random numbers; the same seed gives the same mask on every machine
    #[arg(help_heading = MASK, long, value_name = "S", value_parser = whole::<u64>, allow_hyphen_values = true, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Steps of the preset's longest stage: of its polish (dither presets), its front (dither-gradient) or its optimiser
    /// (spectral presets); void-and-cluster has none to set
    #[arg(help_heading = MASK, long, value_name = "N", value_parser = whole::<u32>, allow_hyphen_values = true)]
    pub(crate) steps: Option<u32>,
    #[arg(help_heading = MASK, long, value_name = "FILE", help = format!(
        "Refine this mask instead of starting from noise: {}. Only the order of its values counts. The new mask has its size; a \
         raw file is square unless --size, or --width and --height, say otherwise",
        format::readable()
    ))]
    pub(crate) init: Option<PathBuf>,
    /// Distribution of the values: uniform, triangular, gaussian, or a file of 65 quantiles from -1 to 1. Floats have it;
    /// integers hold the ranks, evenly spread
    #[arg(help_heading = MASK, long, value_name = "NAME|FILE", default_value = "uniform")]
    pub(crate) distribution: String,
    /// Standard deviation of --distribution gaussian before it is cut off at -1 and 1, from 0.15 to 2 [default: 1/3]
    #[arg(help_heading = MASK, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) gaussian_sigma: Option<f32>,

    /// How fine the patterns are, in pixels. dither and dither-fast: from 1.0, for near viewing, to 1.7, for far viewing
    /// [default: 1.26]; void-and-cluster: sigma of its Gaussian, from 0.5 to 8 [default: 1.5]; the others have their own
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) sigma: Option<f32>,
    /// dither-smooth: from 0, the best dithering, to 1, a grey mask as dark at low frequencies as the preset spectral makes it
    /// (where both sides are powers of two from 16; else nearly so); 0.25 is dither-smooth itself
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) mix: Option<f32>,
    /// For a mask that will be used with so few levels, 2 to 64: a last stage swaps pixels so that these patterns get
    /// better, and all between them worse
    #[arg(help_heading = DITHER, long, value_name = "L", value_parser = from_to(2, 64), allow_hyphen_values = true)]
    pub(crate) levels: Option<u32>,
    /// void-and-cluster: part of the pixels that its initial random pattern has, at most 0.5 [default: 0.02]
    #[arg(help_heading = DITHER, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) initial_fraction: Option<f32>,

    /// Cut-off of the low band in cycles/pixel, above 0 and at most 0.7071
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) cutoff: Option<f32>,
    /// Weights of the loss's terms: low band, smoothness, histogram
    #[arg(help_heading = SPECTRAL, long, value_name = "LOW,SMOOTH,HIST", value_parser = weights, allow_hyphen_values = true)]
    pub(crate) weights: Option<Weights>,
    /// Aim at the radial profile in this file: lines of `frequency amplitude` in cycles/pixel and any unit; takes the
    /// place of the low-band and smoothness terms unless --weights asks for them
    #[arg(help_heading = SPECTRAL, long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Weight of the profile term [default with --profile: 0.01]
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) profile_weight: Option<f32>,
    /// Optimiser of the first stage
    #[arg(help_heading = SPECTRAL, long, value_name = "NAME")]
    pub(crate) optimizer: Option<OptimizerName>,
    /// Step size at the start of the first stage; that of the histogram term keeps its proportion to it
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) step_size: Option<f32>,
    /// Momentum of the heavy ball, first momentum of Adam: from 0 to less than 1
    #[arg(help_heading = SPECTRAL, long, value_name = "F", value_parser = number, allow_hyphen_values = true)]
    pub(crate) momentum: Option<f32>,
    /// How the histogram term finds ranks
    #[arg(help_heading = SPECTRAL, long, value_name = "HOW")]
    pub(crate) ranks: Option<RanksName>,

    #[arg(help_heading = OUTPUT, long, value_name = "FILE", help = format!(
        "File of the mask; the extension names the format: {} [default: bluegrad-WxH.png]",
        format::writable()
    ))]
    pub(crate) out: Option<PathBuf>,
    /// Bits of a .png's (8 unless given) or a .npy's (floats unless given) pixels
    #[arg(help_heading = OUTPUT, long, value_name = "BITS")]
    pub(crate) depth: Option<Depth>,
    /// Range of floats: unit is [0, 1), signed is [-1, 1) [default: unit]
    #[arg(help_heading = OUTPUT, long, value_name = "RANGE")]
    pub(crate) range: Option<RangeName>,
    /// Write a page that shows the mask, its spectrum, its figures and how it came about
    #[arg(help_heading = OUTPUT, long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Write the run as a table: the losses of a spectral preset, the energy over all thresholds of any other
    #[arg(help_heading = OUTPUT, long, value_name = "FILE.csv")]
    pub(crate) trace: Option<PathBuf>,
    /// Threads to work with; the mask is the same with any number [default: all cores from 512x512 pixels on, of a spectral preset from 1024x1024, else 1]
    #[arg(help_heading = OUTPUT, long, value_name = "N", value_parser = from_to(1, 1024), allow_hyphen_values = true)]
    pub(crate) threads: Option<u32>,
    /// Instruction set: auto, scalar, sse2, sse4.2, avx2, avx512, neon or simd128; the mask is the same with each
    #[arg(help_heading = OUTPUT, long, value_name = "NAME", value_parser = level, default_value = SimdLevel::Auto.name())]
    pub(crate) level: SimdLevel,
    /// Print nothing but errors
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) quiet: bool,

    /// Keep the run in this file: when Ctrl-C or SIGTERM stops it, and every --snapshot-every seconds. It must not exist yet,
    /// unless --resume names it too, and is removed when the mask is written. About 20 bytes a pixel
    /// of a dither preset, 43 of spectral, more with --levels
    #[arg(help_heading = LONG_RUNS, long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Seconds between two snapshots, 1 to 86400 [default: 60]
    #[arg(help_heading = LONG_RUNS, long, value_name = "S", value_parser = from_to(1, 86_400), requires = "snapshot", allow_hyphen_values = true)]
    pub(crate) snapshot_every: Option<u32>,
    /// Go on from a file of --snapshot, to the same mask as without a stop. The options that the mask depends on must be given
    /// again as they were; --level is the file's. --report and --trace show only the part of the run that is done now
    #[arg(help_heading = LONG_RUNS, long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
}
