//! Steps of a generator in the middle of a run.

use crate::rounds::Contender;
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Error, Generator, Jobs, Layout, Line, Preset, Serial, Shape, SimdLevel, TermWeight};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::time::{Duration, Instant};

/// Steps before the first timed step: the values are no longer noise, and still move.
const START: u32 = 300;
/// Largest number of timed steps before the run restarts.
const SPAN: u32 = 300;

/// Kind of the timed step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A step of the preset `published`: three terms, exact ranks.
    Published,
    /// A step of `published` with binned ranks.
    PublishedBinned,
    /// A step of the preset `spectral`.
    Spectral,
    /// The histogram term of `published` alone, exact ranks: no transform.
    Rank,
    /// The histogram term of `published` alone, binned ranks.
    Histogram,
}

impl Kind {
    /// Kinds that are whole steps of a preset.
    pub const STEPS: [Self; 3] = [Self::Published, Self::PublishedBinned, Self::Spectral];

    /// Name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "`published` step, exact ranks",
            Self::PublishedBinned => "`published` step, binned ranks",
            Self::Spectral => "`spectral` step",
            Self::Rank => "histogram term, exact ranks",
            Self::Histogram => "histogram term, binned ranks",
        }
    }

    /// Name in paths of criterion benchmarks and in arguments.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::PublishedBinned => "published_binned",
            Self::Spectral => "spectral",
            Self::Rank => "rank",
            Self::Histogram => "histogram",
        }
    }

    /// Returns the kind with an [`Kind::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [Self::Published, Self::PublishedBinned, Self::Spectral, Self::Rank, Self::Histogram];
        all.into_iter().find(|kind| kind.id() == id)
    }

    /// Returns the configuration of a run.
    #[must_use]
    pub const fn config(self, shape: Shape, level: SimdLevel) -> Config {
        let preset = if matches!(self, Self::Spectral) { Preset::Spectral } else { Preset::Published };
        let mut config = Config::new(preset, shape.width, shape.height);
        config.level = level;
        let Some(stage) = config.recipe.stages[0].as_spectral_mut() else { return config };
        if matches!(self, Self::PublishedBinned | Self::Histogram) {
            stage.ranks = Ranks::Binned;
        }
        if matches!(self, Self::Rank | Self::Histogram) {
            stage.low_band = TermWeight::NONE;
            stage.smoothness = TermWeight::NONE;
        }
        config
    }
}

/// A run that goes back to its start before each batch.
///
/// So all batches do the same work.
#[derive(Debug)]
pub struct Run {
    memory: Vec<Line>,
    start: Vec<Line>,
    /// Largest number of timed steps before the run goes back.
    span: u32,
    /// Threads of the run, if more than one.
    pool: Option<ThreadPool>,
}

/// Runs tiles on the current rayon pool.
pub(crate) struct Pool;

impl Jobs for Pool {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        (0..tiles).into_par_iter().for_each(tile);
    }
}

/// Starts a pool of `threads` threads.
///
/// # Errors
/// The threads cannot be started.
pub(crate) fn pool(threads: usize) -> Result<ThreadPool, String> {
    ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| error.to_string())
}

impl Run {
    /// A run that is timed from step 300 on, checked.
    ///
    /// Check: the first steps give the same bits as at the scalar level, and the loss has fallen by step 300.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn new(kind: Kind, shape: Shape, level: SimdLevel) -> Result<Self, String> {
        Self::from(START, kind, shape, level)
    }

    /// Like [`Run::new`], timed from step `start` on.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn from(start: u32, kind: Kind, shape: Shape, level: SimdLevel) -> Result<Self, String> {
        let wrong = |error: Error| format!("{}: {error}", kind.name());
        let steps = start.min(3);
        let config = kind.config(shape, level);
        check_level(&config, steps).map_err(|why| format!("{}: {why}", kind.name()))?;
        let mut memory = memory(&config).map_err(wrong)?;
        let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config).map_err(wrong)?;
        let first = generator.step(1).map_err(wrong)?.losses.total();
        let report = generator.step(start.saturating_sub(1)).map_err(wrong)?;
        let last = report.losses.total();
        let falls = last < 0.5 * first || start < START;
        if report.done || !falls {
            return Err(format!("{}: the loss went from {first} to {last} in {start} steps", kind.name()));
        }
        let start = memory.clone();
        Ok(Self { memory, start, span: SPAN, pool: None })
    }

    /// Any run, timed for up to `span` steps after `start + 1`.
    ///
    /// Check: up to there, the run gives the same bits as at the scalar level.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn within(config: &Config, start: u32, span: u32) -> Result<Self, String> {
        let wrong = |error: Error| error.to_string();
        check_level(config, start + 1)?;
        let mut memory = memory(config).map_err(wrong)?;
        let report = Generator::init(Line::as_bytes_mut(&mut memory), config).and_then(|mut run| run.step(start));
        if report.map_err(wrong)?.steps <= start + 1 + span {
            return Err("it ends while it is timed".into());
        }
        let start = memory.clone();
        Ok(Self { memory, start, span, pool: None })
    }

    /// The run on several threads.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub fn on_threads(self, threads: usize) -> Result<Self, String> {
        Ok(Self { pool: Some(pool(threads)?), ..self })
    }
}

impl Contender for Run {
    fn time(&mut self, count: u32) -> Duration {
        let Self { memory, start, span, pool } = self;
        match pool {
            None => time(memory, start, *span, &Serial, count),
            Some(pool) => pool.install(|| time(memory, start, *span, &Pool, count)),
        }
    }
}

/// Returns the time of `count` steps from a snapshot on.
///
/// One untimed step comes first.
fn time(memory: &mut [Line], start: &[Line], span: u32, jobs: &dyn Jobs, count: u32) -> Duration {
    let mut sum = Duration::ZERO;
    let mut left = count;
    while left > 0 {
        let batch = left.min(span);
        memory.copy_from_slice(start);
        let mut generator = Generator::open(Line::as_bytes_mut(memory)).expect("a snapshot of a run");
        generator.step_on(1, jobs).expect("a sound block");
        let begin = Instant::now();
        let report = generator.step_on(batch, jobs);
        sum += begin.elapsed();
        assert!(report.is_ok_and(|report| !report.done), "a run that ends while it is timed");
        left -= batch;
    }
    sum
}

/// Allocates the block of a configuration.
///
/// # Errors
/// Errors of [`Layout::new`].
pub fn memory(config: &Config) -> Result<Vec<Line>, Error> {
    Ok(vec![Line::ZERO; Layout::new(config)?.lines()])
}

/// Whether a run gives the same bits as at the scalar level.
fn check_level(config: &Config, steps: u32) -> Result<(), String> {
    let scalar = values(&Config { level: SimdLevel::Scalar, ..*config }, steps);
    let at_level = values(config, steps).map_err(|error| error.to_string())?;
    if at_level != scalar.map_err(|error| error.to_string())? {
        return Err(format!("{} and scalar differ", config.level.name()));
    }
    Ok(())
}

/// Returns the bits of all values after some steps.
fn values(config: &Config, steps: u32) -> Result<Vec<u32>, Error> {
    let mut memory = memory(config)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), config)?;
    generator.step(steps)?;
    let mut values = vec![0.0; config.shape.pixels()];
    generator.write_values(&mut values)?;
    Ok(values.into_iter().map(f32::to_bits).collect())
}
