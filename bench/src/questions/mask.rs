//! Makes masks of several seeds, and means of their figures.

use bluegrad::measure::{GreyLevel, LEVELS, LOW_POWER_RADII, Patterns, Quality, RINGS, Ring, SIGMAS};
use bluegrad::{Config, Distribution, Error, Generator, Line, Losses, Preset, Range, Recipe, Shape, Spectral, measure};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Default number of seeds.
pub const SEEDS: u64 = 8;

/// Default side, in pixels.
pub const SIDE: u32 = 64;

/// Recipe of ranked white noise.
pub const WHITE: Recipe = Recipe::spectral(&[Spectral::EMPTY]);

/// Returns the configuration of a recipe at the default size.
#[must_use]
pub const fn config(recipe: Recipe) -> Config {
    Config { recipe, ..Config::new(Preset::Dither, SIDE, SIDE) }
}

/// A mask with all of its figures.
#[derive(Debug)]
pub struct Figures {
    /// Figures of the values.
    pub grey: Quality,
    /// Radial profile of the power of the values.
    pub rings: [Ring; RINGS],
    /// Power spectrum of the values: H rows of W/2 + 1.
    pub power: Vec<f64>,
    /// Figures of the binary patterns.
    pub patterns: Patterns,
    /// Figures of each level k/128, from k = 1.
    pub levels: [GreyLevel; LEVELS],
    /// Losses before the last step that does not rank.
    pub losses: Losses,
}

/// The figures of several seeds.
#[derive(Debug)]
pub struct Masks(pub Vec<Figures>);

impl Masks {
    /// Makes masks of seeds 0 … `seeds` − 1; the values have the distribution of the configuration.
    ///
    /// # Errors
    /// Errors of the library for the configuration.
    pub fn make(config: &Config, seeds: u64) -> Result<Self, String> {
        Self::remapped(config, seeds, &config.distribution)
    }

    /// Like [`Masks::make`], with ranks mapped to another distribution at the end.
    ///
    /// # Errors
    /// Errors of the library for the configuration.
    pub fn remapped(config: &Config, seeds: u64, distribution: &Distribution) -> Result<Self, String> {
        each_seed(seeds, |seed| figures(&Config { seed, ..*config }, distribution)).map(Self)
    }

    /// Returns the mean of a figure.
    #[must_use]
    pub fn mean(&self, figure: impl Fn(&Figures) -> f64) -> f64 {
        self.0.iter().map(figure).sum::<f64>() / self.0.len() as f64
    }

    /// Power of the values at 0 < f ≤ `radius`, in dB.
    #[must_use]
    pub fn full(&self, radius: f64) -> f64 {
        let place = place(&LOW_POWER_RADII, radius);
        self.mean(|figures| figures.grey.low_power[place])
    }

    /// HVS error, mean of 127 levels, in dB.
    #[must_use]
    pub fn hvs(&self, sigma: f64) -> f64 {
        let place = place(&SIGMAS, sigma);
        self.mean(|figures| figures.patterns.hvs_error_mean[place])
    }

    /// HVS error at the thresholds of `levels` levels, in dB.
    ///
    /// `levels` divides 128.
    #[must_use]
    pub fn hvs_of_levels(&self, sigma: f64, levels: usize) -> f64 {
        let (place, step) = (place(&SIGMAS, sigma), (LEVELS + 1) / levels);
        self.mean(|figures| {
            let errors = figures.levels.iter().skip(step - 1).step_by(step).map(|level| level.hvs_error[place]);
            errors.map(measure::decibels).sum::<f64>() / (levels - 1) as f64
        })
    }

    /// Peak of the patterns, in multiples of white noise's mean bin: mean and worst of 31 levels.
    #[must_use]
    pub fn peaks(&self) -> [f64; 2] {
        [self.mean(|figures| figures.patterns.peak.mean), self.mean(|figures| figures.patterns.peak.worst)]
    }

    /// Mean peak at the thresholds of `levels` levels, a divisor of 128.
    #[must_use]
    pub fn peak_of_levels(&self, levels: usize) -> f64 {
        let step = (LEVELS + 1) / levels;
        self.mean(|figures| {
            let peaks = figures.levels.iter().skip(step - 1).step_by(step).map(|level| level.peak);
            peaks.sum::<f64>() / (levels - 1) as f64
        })
    }

    /// RMS of the blurred patterns, x 1e-3.
    #[must_use]
    pub fn rms(&self, sigma: f64) -> f64 {
        let place = place(&SIGMAS, sigma);
        1e3 * self.mean(|figures| figures.patterns.rms[place])
    }

    /// `LFthr`, dB.
    #[must_use]
    pub fn low_frequency(&self) -> f64 {
        self.mean(|figures| figures.patterns.low_frequency)
    }

    /// Flatness of the values' spectrum, dB.
    #[must_use]
    pub fn flatness(&self) -> f64 {
        self.mean(|figures| figures.grey.flatness)
    }

    /// Anisotropy of the values' spectrum, dB.
    #[must_use]
    pub fn anisotropy(&self) -> f64 {
        self.mean(|figures| figures.grey.anisotropy)
    }
}

fn place(of: &[f64], value: f64) -> usize {
    of.iter().position(|one| *one == value).expect("a radius or sigma that the library measures")
}

/// Runs work for seeds 0 … `seeds` − 1 on all CPUs; results in the order of the seeds.
///
/// # Errors
/// Errors of the work.
pub fn each_seed<T: Send>(seeds: u64, work: impl Fn(u64) -> Result<T, Error> + Send + Sync) -> Result<Vec<T>, String> {
    (0..seeds).into_par_iter().map(work).collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn figures(config: &Config, distribution: &Distribution) -> Result<Figures, Error> {
    let shape = config.shape;
    let mut memory = crate::run::memory(config)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), config)?;
    let steps = generator.report().steps;
    let losses = generator.step(steps - 1)?.losses;
    generator.step(1)?;
    let mask = generator.mask()?;
    let mut values = vec![0.0; shape.pixels()];
    mask.write_f32_as(&mut values, Range::Signed, distribution)?;
    measured(mask.ranks(), &values, shape, losses)
}

fn measured(ranks: &[u32], values: &[f32], shape: Shape, losses: Losses) -> Result<Figures, Error> {
    let scratch = measure::scratch_len(shape)?.max(measure::levels_scratch_len(shape)?);
    let mut scratch = vec![0.0; scratch];
    let mut power = vec![0.0; measure::power_len(shape)];
    measure::power_spectrum(values, shape, &mut power, &mut scratch)?;
    let mut levels = [GreyLevel::default(); LEVELS];
    let patterns = measure::patterns(ranks, shape, &mut levels, &mut scratch)?;
    let (grey, rings) = (measure::quality(&power, shape)?, measure::rings(&power, shape)?);
    Ok(Figures { grey, rings, power, patterns, levels, losses })
}
