//! Whole steps of a generator in the midst of a run.

use crate::rounds::Contender;
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Error, Generator, Level, Line, Preset};
use std::time::{Duration, Instant};

/// Steps before the first that is timed: the values are no noise any more, and still move.
const START: u32 = 300;
/// Steps that are timed before the run goes back to [`START`].
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
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Published, Self::PublishedBinned, Self::Spectral];

    /// For a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "`published` step, exact ranks",
            Self::PublishedBinned => "`published` step, binned ranks",
            Self::Spectral => "`spectral` step",
        }
    }

    /// For the path of a criterion benchmark.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::PublishedBinned => "published_binned",
            Self::Spectral => "spectral",
        }
    }

    /// The configuration of an N x N run.
    #[must_use]
    pub const fn config(self, side: u32, level: Level) -> Config {
        let preset = match self {
            Self::Published | Self::PublishedBinned => Preset::Published,
            Self::Spectral => Preset::Spectral,
        };
        let mut config = Config::new(preset, side, side);
        config.level = level;
        if matches!(self, Self::PublishedBinned) {
            config.recipe.stages[0].ranks = Ranks::Binned;
        }
        config
    }
}

/// A run that goes back to its step 300 before each batch of steps, so that every batch does the same work.
#[derive(Debug)]
pub struct Run {
    memory: Vec<Line>,
    start: Vec<Line>,
}

impl Run {
    /// An N x N run at a level, checked: its first steps give the same bits as at the scalar level, and by step 300 the loss
    /// has fallen.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn new(kind: Kind, side: u32, level: Level) -> Result<Self, String> {
        let wrong = |error: Error| format!("{}: {error}", kind.name());
        if first_values(kind, side, level).map_err(wrong)? != first_values(kind, side, Level::Scalar).map_err(wrong)? {
            return Err(format!("{}: {} and scalar differ", kind.name(), level.name()));
        }
        let config = kind.config(side, level);
        let mut memory = memory(&config).map_err(wrong)?;
        let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config).map_err(wrong)?;
        let first = generator.step(1).map_err(wrong)?.losses.total();
        let report = generator.step(START - 1).map_err(wrong)?;
        let last = report.losses.total();
        let falls = last < 0.5 * first;
        if report.done || !falls {
            return Err(format!("{}: the loss went from {first} to {last} in {START} steps", kind.name()));
        }
        let start = memory.clone();
        Ok(Self { memory, start })
    }
}

impl Contender for Run {
    fn time(&mut self, count: u32) -> Duration {
        let mut sum = Duration::ZERO;
        let mut left = count;
        while left > 0 {
            let batch = left.min(SPAN);
            self.memory.copy_from_slice(&self.start);
            let mut generator = Generator::open(Line::as_bytes_mut(&mut self.memory)).expect("a snapshot of a run");
            generator.step(1).expect("a sound block");
            let begin = Instant::now();
            let report = generator.step(batch);
            sum += begin.elapsed();
            assert!(report.is_ok_and(|report| !report.done), "a run that ends while it is timed");
            left -= batch;
        }
        sum
    }
}

fn memory(config: &Config) -> Result<Vec<Line>, Error> {
    Ok(vec![Line::ZERO; bluegrad::Layout::new(config)?.lines()])
}

/// The bits of all values after three steps.
fn first_values(kind: Kind, side: u32, level: Level) -> Result<Vec<u32>, Error> {
    let config = kind.config(side, level);
    let mut memory = memory(&config)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(3)?;
    let mut values = vec![0.0; config.shape.pixels()];
    generator.write_values(&mut values)?;
    Ok(values.into_iter().map(f32::to_bits).collect())
}
