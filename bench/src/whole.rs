//! Whole masks, timed from nothing to ranks, with memory allocated before.

use crate::pair::levels;
use crate::rounds::{Contender, time_calls};
use crate::run::{Pool, memory, pool};
use bluegrad::{Config, Error, Generator, Line, Serial};
use rayon::ThreadPool;
use std::time::Duration;

/// Largest mask with an untimed warm-up, pixels: a larger mask fills the caches itself.
const WARMED: usize = 64 * 64;

/// Largest mask that is checked at every level, pixels; larger masks are checked at one other level.
const CHECKED_EVERYWHERE: usize = 128 * 128;

/// Makes the mask of a configuration, repeatedly in the same memory.
#[derive(Debug)]
pub struct Whole {
    config: Config,
    memory: Vec<Line>,
    /// Threads of the run, if more than one.
    pool: Option<ThreadPool>,
}

impl Whole {
    /// A mask on one thread, not checked.
    ///
    /// # Errors
    /// Errors of [`bluegrad::Layout::new`].
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self { config: *config, memory: memory(config)?, pool: None })
    }

    /// The mask on several threads.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub fn on_threads(self, threads: usize) -> Result<Self, String> {
        Ok(Self { pool: Some(pool(threads)?), ..self })
    }

    /// Makes the mask.
    ///
    /// # Errors
    /// Errors of [`Generator::init`] and [`Generator::step`].
    pub fn make(&mut self) -> Result<(), Error> {
        let Self { config, memory, pool } = self;
        let mut generator = Generator::init(Line::as_bytes_mut(memory), config)?;
        match pool {
            None => generator.step_on(u32::MAX, &Serial)?,
            Some(pool) => pool.install(|| generator.step_on(u32::MAX, &Pool))?,
        };
        Ok(())
    }

    /// Returns the ranks of the mask.
    ///
    /// # Errors
    /// Errors of [`Whole::make`].
    pub fn ranks(&mut self) -> Result<Vec<u32>, Error> {
        self.make()?;
        Ok(Generator::open(Line::as_bytes_mut(&mut self.memory))?.mask()?.ranks().to_vec())
    }

    /// Returns the contender, after a check.
    ///
    /// The mask must have each rank once and be the same at other levels.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn checked(mut self) -> Result<Self, String> {
        let wrong = |error: Error| error.to_string();
        let level = self.config.level.resolve().map_err(wrong)?;
        let ranks = self.ranks().map_err(wrong)?;
        if !is_permutation(&ranks) {
            return Err("a rank stands twice".into());
        }
        let others: Vec<_> = levels().filter(|other| *other != level).collect();
        let few = if ranks.len() <= CHECKED_EVERYWHERE { others.len() } else { 1 };
        for other in others.into_iter().rev().take(few) {
            if Self::new(&Config { level: other, ..self.config }).and_then(|mut whole| whole.ranks()).map_err(wrong)?
                != ranks
            {
                return Err(format!("{} and {} differ", level.name(), other.name()));
            }
        }
        Ok(self)
    }
}

impl Contender for Whole {
    /// # Panics
    /// If the mask cannot be made.
    fn time(&mut self, count: u32) -> Duration {
        let warm = self.config.shape.pixels() <= WARMED;
        let mut make = || self.make().expect("a mask that was made before");
        if warm {
            make();
        }
        time_calls(count, make)
    }
}

/// Whether each of 0 … n − 1 occurs once.
#[must_use]
pub fn is_permutation(ranks: &[u32]) -> bool {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    sorted.iter().copied().eq(0..ranks.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::{Whole, is_permutation};
    use bluegrad::{Config, Preset};

    #[test]
    fn permutations() {
        assert!(is_permutation(&[2, 0, 1]));
        assert!(!is_permutation(&[2, 0, 2]) && !is_permutation(&[1, 2, 3]));
    }

    #[test]
    fn threads_make_the_same_mask() {
        let config = Config::new(Preset::DitherFast, 48, 40);
        let new = || Whole::new(&config).expect("a sound configuration");
        let mut two = new().on_threads(2).and_then(Whole::checked).expect("right on two threads");
        assert_eq!(new().ranks(), two.ranks());
    }
}
