//! Start of a run: from noise, or from a given mask.

use super::header::Progress;
use super::{Generator, Run, block, state, unit};
use crate::error::{Error, length};
use crate::layout::Layout;
use crate::recipe::{AllStages, Config, Stage, Stages, Start};
use crate::sort::start;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

impl<'m> Generator<'m> {
    /// Starts a run from noise of the configuration's seed.
    ///
    /// `memory` starts at a multiple of 64 and has at least [`Layout::bytes`] bytes, which are overwritten.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`], [`Error::Level`], and those of [`Config::check`].
    pub fn init(memory: &'m mut [u8], config: &Config) -> Result<Self, Error> {
        Self::init_with_rng(memory, config, &mut Xoshiro128PlusPlus::seed_from_u64(config.seed))
    }

    /// Starts a run from noise of the caller's random numbers.
    ///
    /// One draw of 32 bits per pixel, plane by plane, row by row: `u = (bits >> 8)·2⁻²⁴` becomes the value Q(u) of the wanted distribution.
    ///
    /// # Errors
    /// As [`Generator::init`].
    pub fn init_with_rng<R: Rng>(memory: &'m mut [u8], config: &Config, rng: &mut R) -> Result<Self, Error> {
        Self::from_noise::<AllStages, R>(memory, config, rng)
    }

    /// The same with the code of a set of stages.
    pub(super) fn from_noise<S: Stages, R: Rng>(
        memory: &'m mut [u8],
        config: &Config,
        rng: &mut R,
    ) -> Result<Self, Error> {
        if config.recipe.start != Start::Noise {
            return Err(Error::WrongStart);
        }
        let mut generator = Self::start::<S>(memory, config)?;
        let (buffers, config) = generator.buffers()?;
        if S::SPECTRAL && config.recipe.is_spectral() {
            for value in buffers.values.iter_mut() {
                *value = config.distribution.quantile(f64::from(unit(rng))) as f32;
            }
            generator.run.progress.state = state::VALUES;
        } else {
            if !config.recipe.stages().first().is_some_and(Stage::makes_order) {
                for ranks in buffers.ranks.chunks_exact_mut(config.shape.pixels().max(1)) {
                    start::from_noise(rng, buffers.threshold, ranks).ok_or(Error::DAMAGED)?;
                }
            }
            generator.run.progress.state = state::RANKS;
        }
        generator.save()?;
        Ok(generator)
    }

    /// Starts a run from a given mask, to refine it: a value of each element, of which only the order in a plane counts.
    ///
    /// Values are in the order of [`Shape`](crate::Shape). The seed breaks ties at random. Also returns the number of ties: in each plane
    /// the number of pixels minus the number of distinct values.
    ///
    /// # Errors
    /// [`Error::WrongStart`] if the recipe does not start from a mask ([`crate::Recipe::refining`] makes one that does),
    /// [`Error::Length`], [`Error::Number`] for a value that is not finite, and those of [`Generator::init`].
    pub fn init_with_mask(memory: &'m mut [u8], config: &Config, values: &[f32]) -> Result<(Self, u32), Error> {
        Self::init_with_mask_by(memory, config, values.len(), |i| values.get(i).copied().unwrap_or_default())
    }

    /// Starts a run from a given mask of any type: `value(i)` of each element i below `len`, without a copy of the mask.
    ///
    /// `value` is called several times for an element. Otherwise as [`Generator::init_with_mask`].
    ///
    /// # Errors
    /// As [`Generator::init_with_mask`].
    pub fn init_with_mask_by(
        memory: &'m mut [u8],
        config: &Config,
        len: usize,
        value: impl Fn(usize) -> f32,
    ) -> Result<(Self, u32), Error> {
        Self::init_with_values(memory, config, len, &value)
    }

    /// One copy of the code for values of every type.
    fn init_with_values(
        memory: &'m mut [u8],
        config: &Config,
        len: usize,
        value: &dyn Fn(usize) -> f32,
    ) -> Result<(Self, u32), Error> {
        if config.recipe.start != Start::Mask {
            return Err(Error::WrongStart);
        }
        length("values of the mask", config.shape.elements(), len)?;
        if let Some(value) = (0..len).map(value).find(|value| !value.is_finite()) {
            return Err(Error::Number { what: "a value of the mask", value, range: "finite" });
        }
        let mut generator = Self::start::<AllStages>(memory, config)?;
        let (buffers, config) = generator.buffers()?;
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(config.seed);
        let (pixels, channels) = (config.shape.pixels().max(1), config.shape.channels.max(1) as usize);
        let mut ties = 0;
        for (plane, ranks) in buffers.ranks.chunks_exact_mut(pixels).enumerate() {
            let first = plane / channels * pixels * channels + plane % channels;
            let value = |i: usize| value(first + i * channels);
            ties += start::from_values(value, rng, buffers.threshold, ranks).ok_or(Error::DAMAGED)?;
        }
        generator.run.progress.state = state::RANKS;
        generator.save()?;
        Ok((generator, ties))
    }

    /// Lays out a block and fills its tables; the state is still missing.
    fn start<S: Stages>(memory: &'m mut [u8], config: &Config) -> Result<Self, Error> {
        let layout = Layout::new(config)?;
        config.recipe.check_filters_of::<S>(config.shape)?;
        let level = config.level.resolve()?;
        let memory = block(memory, layout.bytes())?;
        // padding and work space count too: the block's bytes depend on the configuration and the steps alone
        memory.fill(0);
        let progress = Progress::default();
        let mut generator = Self { memory, run: Run { config: *config, layout, progress, level } };
        let (buffers, config) = generator.buffers()?;
        if S::SPECTRAL && config.recipe.is_spectral() {
            crate::fft::Plan::fill_tables(config.shape, buffers.twiddles, buffers.orders)?;
            config.distribution.fill_targets(buffers.targets);
            crate::spectral::terms::profile::fill_plane(
                &config.recipe.profile,
                config.shape,
                buffers.targets,
                buffers.profile,
            );
        }
        Ok(generator)
    }
}
