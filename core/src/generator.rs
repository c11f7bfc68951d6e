//! The generator: init, step, read. Its state is the caller's block of memory; nothing else has state.

mod header;
#[cfg(feature = "alloc")]
mod owned;
mod spectral;
mod start;
mod state;
mod values;

use crate::error::{Error, length};
use crate::jobs::{Jobs, Means, Serial};
use crate::layout::{Buffers, Layout};
use crate::mask::Mask;
use crate::memory::MEMORY_ALIGN;
use crate::recipe::{AllStages, Config, Spectral, Stage, Stages};
use crate::simd::SimdLevel;
use crate::spectral::Losses;
pub use header::ALGORITHM_VERSION;
use header::{Header, Progress};
#[cfg(feature = "alloc")]
pub use owned::{OwnedGenerator, mask};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;
use spectral::Factors;

/// Progress of a run, and what its last step saw.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
#[non_exhaustive]
pub struct Report {
    /// Stage of the last step, counted from 0; the number of stages for the step that ranks.
    pub stage: u32,
    /// Steps done.
    pub step: u32,
    /// Steps in all: those of the stages, and one that ranks.
    pub steps: u32,
    /// Losses before the last step; after the ranking those of the first spectral stage's terms at the final values. 0 for stages that
    /// are not spectral.
    pub losses: Losses,
    /// Euclidean norm of the gradient of the last spectral step, weights and random factors in it; 0 after the ranking and for other
    /// stages.
    pub gradient_norm: f32,
    /// SIMD level that the run has.
    pub level: SimdLevel,
    /// Whether the mask is ready.
    pub done: bool,
    /// 0. Room for later versions, and no gap whose bytes C would see undefined.
    reserved: [u8; 27],
}

const _: () = assert!(size_of::<Report>() == 5 * 4 + size_of::<Losses>() + 1 + 27);

/// A run in the caller's memory.
///
/// ```
/// use bluegrad::{Config, Generator, Layout, Line, Preset};
///
/// const CONFIG: Config = Config::new(Preset::Dither, 32, 32);
/// const LAYOUT: Layout = match Layout::new(&CONFIG) {
///     Ok(layout) => layout,
///     Err(_) => panic!("checked when compiled"),
/// };
/// let mut memory = [Line::ZERO; LAYOUT.lines()];
///
/// let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &CONFIG)?;
/// while !generator.step(100)?.done {}
/// let mut texture = [0; 32 * 32];
/// generator.mask()?.write_u8(&mut texture)?;
/// assert_eq!(texture.iter().filter(|value| **value == 7).count(), 4);
/// # Ok::<(), bluegrad::Error>(())
/// ```
///
/// The block holds no pointer: a copy of its bytes is a snapshot, and [`Generator::open`] goes on from it, at another address
/// or on another machine of the same endianness and [`crate::ALGORITHM_VERSION`].
#[derive(Debug)]
pub struct Generator<'m> {
    memory: &'m mut [u8],
    run: Run,
}

/// What is known of a run besides its block.
#[derive(Clone, Copy, Debug)]
struct Run {
    config: Config,
    layout: Layout,
    progress: Progress,
    level: SimdLevel,
}

impl Run {
    fn report(&self) -> Report {
        let steps = self.config.recipe.steps(self.config.shape.elements()).unwrap_or(u32::MAX);
        let Progress { step, stage, losses, gradient_norm, .. } = self.progress;
        let (done, level) = (step >= steps, self.level);
        Report { stage, step, steps, losses, gradient_norm, level, done, reserved: [0; 27] }
    }

    /// The finished mask in the run's block.
    fn mask<'a>(&self, block: &'a [u8]) -> Result<Mask<'a>, Error> {
        let report = self.report();
        if !report.done {
            return Err(Error::NotDone { step: report.step, steps: report.steps });
        }
        Mask::new(self.config.shape, self.layout.ranks(block)?)
    }
}

impl<'m> Generator<'m> {
    /// Reopens a run from its block, or from a copy of the block's bytes.
    ///
    /// A SIMD level that this CPU lacks becomes the best that it has.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`], [`Error::NotAGenerator`], and [`Error::Feature`] for a stage that this build leaves out.
    pub fn open(memory: &'m mut [u8]) -> Result<Self, Error> {
        block(memory, size_of::<Header>())?;
        let (config, progress) = Header::read(memory)?;
        let layout = saved_layout(&config)?;
        let memory = block(memory, layout.bytes())?;
        let level = config.level.resolve().unwrap_or_else(|_| SimdLevel::detect());
        Ok(Self { memory, run: Run { config, layout, progress, level } })
    }

    /// Layout of the run in a block, from the block's first [`crate::layout::HEADER_BYTES`] bytes: how long the block is.
    ///
    /// # Errors
    /// [`Error::NotAGenerator`], [`Error::Feature`].
    pub fn layout_of(block: &[u8]) -> Result<Layout, Error> {
        let (config, _) = Header::read(block)?;
        saved_layout(&config)
    }

    /// Does up to `steps` more steps, fewer if the run ends. Not to call again cancels the run.
    ///
    /// # Errors
    /// [`Error::NotAGenerator`] if the block was damaged.
    pub fn step(&mut self, steps: u32) -> Result<Report, Error> {
        self.step_on(steps, &Serial)
    }

    /// Does up to `steps` more steps on the host's threads, with the same bytes as [`Generator::step`].
    ///
    /// Exact ranks of up to 65536 pixels, and stages that place or swap pixels, use one thread. The rest of a step uses up to one thread
    /// per tile: a spectral stage has about a tile per 32 columns, 32 rows or 4096 pixels; a polish and a front have a tile per 16 rows;
    /// the fill of a flat mask of 1792 rows or more has two, from 3584 rows on four.
    ///
    /// # Errors
    /// As [`Generator::step`].
    pub fn step_on(&mut self, steps: u32, jobs: &dyn Jobs) -> Result<Report, Error> {
        self.advance::<AllStages, _>(steps, jobs, None::<&mut Xoshiro128PlusPlus>)
    }

    /// Does up to `steps` more steps with the caller's random numbers.
    ///
    /// Draws of 32 bits: in a spectral step one per randomised term, in the order of [`Losses::NAMES`]; in a fill one
    /// per four pixels of a row where a scale begins, and one per sweep; in void-and-cluster one per pixel of the initial pattern.
    ///
    /// # Errors
    /// As [`Generator::step`].
    pub fn step_with_rng<R: Rng>(&mut self, steps: u32, rng: &mut R) -> Result<Report, Error> {
        self.advance::<AllStages, _>(steps, &Serial, Some(rng))
    }

    fn advance<S: Stages, R: Rng>(
        &mut self,
        steps: u32,
        jobs: &dyn Jobs,
        mut rng: Option<&mut R>,
    ) -> Result<Report, Error> {
        let mut checked = false;
        for _ in 0..steps {
            let step = self.run.progress.step;
            let Some((stage, index)) = self.stage_of(step) else {
                if !self.report().done {
                    self.rank::<S>(jobs)?;
                }
                break;
            };
            self.prepare::<S>(stage, index, jobs)?;
            let means = Means { level: self.run.level, jobs };
            let (mut buffers, config) = self.buffers()?;
            let stage_data = config.recipe.stages().get(stage as usize).copied().unwrap_or(Stage::EMPTY);
            let mut stream = factor_stream(config.seed, step);
            let mut progress = Progress { step: step + 1, stage, state: state::RANKS, ..Progress::default() };
            match (&stage_data, &mut rng) {
                (Stage::Spectral(data), rng) if S::SPECTRAL => {
                    let factors = match rng {
                        Some(rng) => Factors::draw(data, *rng),
                        None => Factors::draw(data, &mut stream),
                    };
                    let seen = spectral::step(&mut buffers, config.shape, means, data, index, &factors, &mut checked)?;
                    (progress.losses, progress.gradient_norm) = (seen.losses, seen.gradient_norm);
                    progress.state = state::VALUES;
                }
                (data, Some(rng)) => data.step::<S, _>(
                    (config.shape, &config.recipe.filters),
                    means,
                    index,
                    *rng,
                    buffers.threshold,
                    buffers.ranks,
                )?,
                (data, None) => {
                    data.step::<S, _>(
                        (config.shape, &config.recipe.filters),
                        means,
                        index,
                        &mut stream,
                        buffers.threshold,
                        buffers.ranks,
                    )?;
                }
            }
            self.run.progress = progress;
        }
        self.save()?;
        Ok(self.report())
    }

    /// Before the first step of a stage, moves the state to the buffer that the stage works in.
    fn prepare<S: Stages>(&mut self, stage: u32, index: u32, jobs: &dyn Jobs) -> Result<(), Error> {
        if index > 0 || !S::SPECTRAL {
            return Ok(());
        }
        let (level, state) = (self.run.level, self.run.progress.state);
        let (mut buffers, config) = self.buffers()?;
        let spectral = config.recipe.stages().get(stage as usize).is_some_and(|stage| stage.as_spectral().is_some());
        match (state, spectral) {
            (state::VALUES, false) => spectral::project(&mut buffers, Means { level, jobs }),
            (state::RANKS, true) => {
                spectral::take_ranks(&mut buffers);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The last step: exact ranks.
    fn rank<S: Stages>(&mut self, jobs: &dyn Jobs) -> Result<(), Error> {
        let (level, state) = (self.run.level, self.run.progress.state);
        let first = self.run.config.recipe.stages().iter().find_map(Stage::as_spectral).copied();
        let (mut buffers, _) = self.buffers()?;
        let mut losses = Losses::default();
        if let Some(first) = first
            && S::SPECTRAL
        {
            if state == state::VALUES {
                spectral::project(&mut buffers, Means { level, jobs })?;
            } else {
                spectral::take_ranks(&mut buffers);
            }
            losses = self.evaluate(&first)?;
        }
        let stage = self.run.config.recipe.stage_count;
        let step = self.run.progress.step + 1;
        self.run.progress = Progress { step, stage, losses, gradient_norm: 0.0, state: state::RANKS };
        Ok(())
    }

    /// Stage of a step, and the step's index within that stage; `None` for the step that ranks.
    fn stage_of(&self, step: u32) -> Option<(u32, u32)> {
        let mut index = step;
        for (stage, data) in (0..).zip(self.run.config.recipe.stages()) {
            let steps = data.steps(self.run.config.shape.elements());
            if index < steps {
                return Some((stage, index));
            }
            index -= steps;
        }
        None
    }

    /// Starts a run from noise and does all its steps, with the code of a set of stages alone: a small program.
    ///
    /// ```
    /// use bluegrad::recipe::DitherStages;
    /// use bluegrad::{Config, Error, Generator, Layout, Line, Preset};
    ///
    /// let config = Config::new(Preset::Dither, 32, 32);
    /// let mut memory = vec![Line::ZERO; Layout::new(&config)?.lines()];
    /// let generator = Generator::run::<DitherStages>(Line::as_bytes_mut(&mut memory), &config)?;
    /// assert_eq!(generator.mask()?.shape(), config.shape);
    ///
    /// let spectral = Config::new(Preset::Spectral, 32, 32);
    /// let error = Generator::run::<DitherStages>(Line::as_bytes_mut(&mut memory), &spectral).unwrap_err();
    /// assert_eq!(error, Error::LeftOut("spectral"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Generator::init`] and [`Generator::step`], and [`Error::LeftOut`] for a stage that is not in the set.
    pub fn run<S: Stages>(memory: &'m mut [u8], config: &Config) -> Result<Self, Error> {
        config.check()?;
        if let Some(stage) = config.recipe.stages().iter().find(|stage| !stage.is_in::<S>()) {
            return Err(Error::LeftOut(stage.name()));
        }
        let mut generator =
            Self::from_noise::<S, _>(memory, config, &mut Xoshiro128PlusPlus::seed_from_u64(config.seed))?;
        generator.advance::<S, _>(u32::MAX, &Serial, None::<&mut Xoshiro128PlusPlus>)?;
        Ok(generator)
    }

    /// Losses of the terms of any spectral stage at the present values. The run goes on unchanged.
    ///
    /// While a stage of the dither objective runs, the values are those that the last spectral stage left.
    ///
    /// # Errors
    /// [`Error::NotSpectral`] if the recipe has no spectral stage, [`Error::Number`] for a stage with a number out of its range,
    /// [`Error::Profile`] for a profile term if no stage of the recipe has one, and [`Error::NotAGenerator`].
    pub fn evaluate(&mut self, stage: &Spectral) -> Result<Losses, Error> {
        let level = self.run.level;
        if !self.run.config.recipe.is_spectral() {
            return Err(Error::NotSpectral);
        }
        stage.check()?;
        if stage.profile.weight > 0.0 && !self.run.config.recipe.uses_profile() {
            return Err(Error::Profile("no stage of the recipe has the term"));
        }
        let (mut buffers, config) = self.buffers()?;
        spectral::evaluate(&mut buffers, config.shape, level, stage)
    }

    /// Progress of the run.
    #[must_use]
    pub fn report(&self) -> Report {
        self.run.report()
    }

    /// Configuration of the run.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.run.config
    }

    /// The finished mask.
    ///
    /// # Errors
    /// [`Error::NotDone`] before the last step.
    pub fn mask(&self) -> Result<Mask<'_>, Error> {
        self.run.mask(self.memory)
    }

    /// Writes the present values, in [−1, 1], in the order of [`Shape`](crate::Shape). After the last step they are the wanted values of
    /// the final ranks.
    ///
    /// While a stage places pixels, a pixel without a rank is 1.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn write_values(&mut self, to: &mut [f32]) -> Result<(), Error> {
        let shape = self.run.config.shape;
        length("values", shape.elements(), to.len())?;
        let (width, height, channels) = (shape.width as usize, shape.height as usize, shape.channels as usize);
        let place =
            |layer, channel, y| Some(((layer as usize * height + y as usize) * width) * channels + channel as usize);
        self.write_value_rows(to, channels, place)
    }

    /// Writes the present values into rows that lie anywhere. Other elements are left alone.
    ///
    /// `place(layer, channel, y)` is the index of the first element of a row of a plane, and `None` leaves the row out. From element to
    /// element of a row the index grows by `step`.
    ///
    /// # Errors
    /// [`Error::Length`] if `to` ends before a row does. Nothing is written then.
    pub fn write_value_rows(
        &mut self,
        to: &mut [f32],
        step: usize,
        place: impl Fn(u32, u32, u32) -> Option<usize>,
    ) -> Result<(), Error> {
        let rows = values::Rows { shape: self.run.config.shape, step, place: &place };
        let (needed, got) = (rows.needed(), to.len());
        if got < needed {
            return Err(Error::Length { what: "rows of values", needed, got });
        }
        let done = self.report().done;
        let Progress { step, stage, state, .. } = self.run.progress;
        let (mut buffers, config) = self.buffers()?;
        if state == state::VALUES || (done && config.recipe.is_spectral()) {
            rows.write(buffers.values.iter().copied(), to);
            return Ok(());
        }
        // before its first step a stage has no values of its own
        let stage = if done || step == 0 { None } else { config.recipe.stages().get(stage as usize) };
        values::write_present(&mut buffers, &config.distribution, stage, to, &rows);
        Ok(())
    }

    /// The block. A copy of its bytes is a snapshot, which [`Generator::open`] reopens.
    #[must_use]
    pub fn block(&self) -> &[u8] {
        self.memory
    }

    fn buffers(&mut self) -> Result<(Buffers<'_>, &Config), Error> {
        let buffers = Buffers::new(self.memory, &self.run.layout);
        Ok((buffers.ok_or(Error::DAMAGED)?, &self.run.config))
    }

    fn save(&mut self) -> Result<(), Error> {
        Header::write(self.memory, &self.run.config, &self.run.progress)
    }
}

/// Layout of a saved configuration. It passed the check when the run began, so an error is damage.
fn saved_layout(config: &Config) -> Result<Layout, Error> {
    Layout::new(config).map_err(|error| match error {
        Error::Feature(_) => error,
        _ => Error::NotAGenerator("its configuration is damaged"),
    })
}

/// The first `needed` bytes of a block, if it is aligned and long enough.
fn block(memory: &mut [u8], needed: usize) -> Result<&mut [u8], Error> {
    let got = memory.len();
    if memory.as_ptr().align_offset(MEMORY_ALIGN) != 0 {
        return Err(Error::Alignment);
    }
    memory.get_mut(..needed).ok_or(Error::Length { what: "block of memory, bytes", needed, got })
}

/// Random numbers of one step. Each step has its own stream, so a snapshot holds no state of a random generator.
fn factor_stream(seed: u64, step: u32) -> Xoshiro128PlusPlus {
    // an odd constant unrelated to SplitMix64's, which expands this seed
    const STRIDE: u64 = 0xD134_2543_DE82_EF95;
    Xoshiro128PlusPlus::seed_from_u64(seed.wrapping_add(STRIDE.wrapping_mul(u64::from(step) + 1)))
}

/// Draws u in [0, 1), a multiple of 2⁻²⁴.
fn unit<R: Rng>(rng: &mut R) -> f32 {
    (rng.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
}
