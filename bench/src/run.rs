//! Whole steps of a generator in the midst of a run.

use crate::rounds::Contender;
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Error, Generator, Jobs, Layout, Level, Line, Preset, Serial, Shape, Term};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::time::{Duration, Instant};

/// Steps before the first that is timed: the values are no noise any more, and still move.
const START: u32 = 300;
/// The most steps that are timed before the run goes back to its start.
const SPAN: u32 = 300;

/// Which step is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the preset `published`: three terms, exact ranks.
    Published,
    /// The same with the histogram by bins.
    PublishedBinned,
    /// Of the preset `spectral`.
    Spectral,
    /// The histogram term of `published` alone, exact ranks: no transform.
    Rank,
    /// The histogram term of `published` alone, by bins.
    Histogram,
}

impl Kind {
    /// Whole steps of presets.
    pub const STEPS: [Self; 3] = [Self::Published, Self::PublishedBinned, Self::Spectral];

    /// For a table.
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

    /// For the path of a criterion benchmark, and for an argument.
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

    /// The kind of that [`Kind::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [Self::Published, Self::PublishedBinned, Self::Spectral, Self::Rank, Self::Histogram];
        all.into_iter().find(|kind| kind.id() == id)
    }

    /// The configuration of a run.
    #[must_use]
    pub const fn config(self, shape: Shape, level: Level) -> Config {
        let preset = if matches!(self, Self::Spectral) { Preset::Spectral } else { Preset::Published };
        let mut config = Config::new(preset, shape.width, shape.height);
        config.level = level;
        let Some(stage) = config.recipe.stages[0].as_spectral_mut() else { return config };
        if matches!(self, Self::PublishedBinned | Self::Histogram) {
            stage.ranks = Ranks::Binned;
        }
        if matches!(self, Self::Rank | Self::Histogram) {
            stage.low_band = Term::NONE;
            stage.smoothness = Term::NONE;
        }
        config
    }
}

/// A run that goes back to its start before each batch of steps, so that every batch does the same work.
#[derive(Debug)]
pub struct Run {
    memory: Vec<Line>,
    start: Vec<Line>,
    /// The host's threads, if it has more than one.
    pool: Option<ThreadPool>,
}

/// The pool of threads that it is called on runs tiles.
struct Pool;

impl Jobs for Pool {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        (0..tiles).into_par_iter().for_each(tile);
    }
}

impl Run {
    /// A run at a level that is timed from its step 300 on, checked: its first steps give the same bits as at the scalar
    /// level, and by then the loss has fallen.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn new(kind: Kind, shape: Shape, level: Level) -> Result<Self, String> {
        Self::from(START, kind, shape, level)
    }

    /// As [`Run::new`], but from step `start` on.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn from(start: u32, kind: Kind, shape: Shape, level: Level) -> Result<Self, String> {
        let wrong = |error: Error| format!("{}: {error}", kind.name());
        let steps = start.min(3);
        let (at_level, scalar) = (values(kind, shape, level, steps), values(kind, shape, Level::Scalar, steps));
        if at_level.map_err(wrong)? != scalar.map_err(wrong)? {
            return Err(format!("{}: {} and scalar differ", kind.name(), level.name()));
        }
        let config = kind.config(shape, level);
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
        Ok(Self { memory, start, pool: None })
    }

    /// The same run on several threads.
    ///
    /// # Errors
    /// Says why they cannot be started.
    pub fn on_threads(self, threads: usize) -> Result<Self, String> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(Self { pool: Some(pool.map_err(|error| error.to_string())?), ..self })
    }
}

impl Contender for Run {
    fn time(&mut self, count: u32) -> Duration {
        let Self { memory, start, pool } = self;
        match pool {
            None => time(memory, start, &Serial, count),
            Some(pool) => pool.install(|| time(memory, start, &Pool, count)),
        }
    }
}

/// The time of `count` steps from a snapshot on, in `memory`.
fn time(memory: &mut [Line], start: &[Line], jobs: &dyn Jobs, count: u32) -> Duration {
    let mut sum = Duration::ZERO;
    let mut left = count;
    while left > 0 {
        let batch = left.min(SPAN);
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

/// A block for a configuration.
///
/// # Errors
/// Those of [`Layout::new`].
pub fn memory(config: &Config) -> Result<Vec<Line>, Error> {
    Ok(vec![Line::ZERO; Layout::new(config)?.lines()])
}

/// The bits of all values after some steps.
fn values(kind: Kind, shape: Shape, level: Level, steps: u32) -> Result<Vec<u32>, Error> {
    let config = kind.config(shape, level);
    let mut memory = memory(&config)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(steps)?;
    let mut values = vec![0.0; config.shape.pixels()];
    generator.write_values(&mut values)?;
    Ok(values.into_iter().map(f32::to_bits).collect())
}
