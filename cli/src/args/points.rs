//! Options of `points`, in the order of its help.

use super::{from_to, level, name_in, number, whole};
use bluegrad::SimdLevel;
use bluegrad::points::{MAX_SIGMA, MIN_SIGMA, PointConfig, PointPreset};
use clap::Args;
use clap::builder::TypedValueParser;
use std::path::PathBuf;

const SET: &str = "Set";
const OUTPUT: &str = "Output";

#[derive(Debug, Args)]
pub(crate) struct PointsArgs {
    /// Number of points, 1 to 4194304: the set has exactly as many
    #[arg(help_heading = SET, long, value_name = "N", value_parser = whole::<u32>, allow_hyphen_values = true)]
    count: u32,
    /// Seed of the random numbers; the same seed gives the same set on every machine
    #[arg(help_heading = SET, long, value_name = "S", value_parser = whole::<u64>, allow_hyphen_values = true, default_value_t = 0)]
    seed: u64,
    /// fast, default, sharp or best: default for sampling, sharp for stippling and placement, fast in a third of the time, best in
    /// 2.5 times the time
    #[arg(help_heading = SET, long, value_name = "NAME", value_parser = preset(), hide_possible_values = true, default_value = PointPreset::Default.name())]
    preset: PointPreset,
    /// Width of the kernel in mean distances, 0.68 to 0.95, in place of the preset's: low for points far apart, high for a flat
    /// spectrum
    #[arg(help_heading = SET, long, value_name = "F", value_parser = sigma, allow_hyphen_values = true)]
    sigma: Option<f32>,

    /// File, by its extension: .npy of shape (N, 2), .csv, .ply, .svg, .h, or .png for a preview
    #[arg(help_heading = OUTPUT, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Bits of a coordinate: 24 are floats in [0, 1), 32 are whole numbers in units of 2^-32 [default: 24]
    #[arg(help_heading = OUTPUT, long, value_name = "24|32", value_parser = ["24", "32"], hide_possible_values = true)]
    pub(crate) depth: Option<String>,
    /// Fail if the file exists
    #[arg(help_heading = OUTPUT, long)]
    pub(crate) no_clobber: bool,
    /// Number of threads, 1 to 1024; the set does not depend on it [default: all cores from 16384 points on, else 1]
    #[arg(help_heading = OUTPUT, long, value_name = "N", value_parser = from_to(1, 1024), allow_hyphen_values = true)]
    pub(crate) threads: Option<u32>,
    /// Instruction set: auto, scalar, sse2, sse4.2, avx2, avx512, neon or simd128; the set does not depend on it
    #[arg(help_heading = OUTPUT, long, value_name = "NAME", value_parser = level(), hide_possible_values = true, default_value = SimdLevel::Auto.name())]
    level: SimdLevel,
}

fn preset() -> impl TypedValueParser<Value = PointPreset> {
    name_in(PointPreset::ALL, PointPreset::name, PointPreset::from_name)
}

fn sigma(text: &str) -> Result<f32, String> {
    let sigma = number(text)?;
    let good = (MIN_SIGMA..=MAX_SIGMA).contains(&sigma);
    if good { Ok(sigma) } else { Err(format!("it must be from {MIN_SIGMA} to {MAX_SIGMA}")) }
}

impl PointsArgs {
    /// The configuration, not yet checked.
    pub(crate) fn config(&self) -> PointConfig {
        PointConfig {
            seed: self.seed,
            preset: self.preset,
            sigma: self.sigma.unwrap_or(0.0),
            level: self.level,
            ..PointConfig::new(self.count)
        }
    }

    /// The command that makes the set again.
    pub(crate) fn command(&self) -> String {
        let sigma = self.sigma.map_or(String::new(), |sigma| format!(" --sigma {sigma}"));
        format!("bluegrad points --count {} --seed {} --preset {}{sigma}", self.count, self.seed, self.preset.name())
    }
}
