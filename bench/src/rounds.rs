//! Times contenders in turn.
//!
//! In each round every contender runs one batch, so that a slow phase of the machine slows all of them. Results are medians over
//! many rounds.

use std::time::{Duration, Instant};

/// Work that can be timed.
pub trait Contender {
    /// Returns the time of `count` units of work.
    ///
    /// One untimed unit before warms the caches.
    fn time(&mut self, count: u32) -> Duration;
}

/// Returns the time of `count` calls.
pub fn time_calls(count: u32, mut call: impl FnMut()) -> Duration {
    let begin = Instant::now();
    for _ in 0..count {
        call();
    }
    begin.elapsed()
}

/// First quartile, median, third quartile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// First quartile.
    pub lower: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub upper: f64,
}

impl Quartiles {
    /// Returns the quartiles of values, interpolated linearly; NaN without values.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |fraction: f64| {
            let place = fraction * values.len().saturating_sub(1) as f64;
            let (below, inside) = (place.floor() as usize, place.fract());
            let value = |i: usize| values.get(i).or(values.last()).copied().unwrap_or(f64::NAN);
            value(below) + (value(below + 1) - value(below)) * inside
        };
        Self { lower: at(0.25), median: at(0.5), upper: at(0.75) }
    }
}

/// Times of one contender, one per round, in µs per unit.
pub type Times = Vec<f64>;

/// Times each contender for `rounds` rounds, in batches of about `batch`.
///
/// The first contender of a round changes from round to round, so that no contender always follows the same other.
pub fn measure(contenders: &mut [Box<dyn Contender + '_>], rounds: u32, batch: Duration) -> Vec<Times> {
    let counts: Vec<u32> = contenders.iter_mut().map(|contender| units(&mut **contender, batch)).collect();
    let mut times = vec![Times::new(); contenders.len()];
    for round in 0..rounds as usize {
        for turn in 0..contenders.len() {
            let i = (round + turn) % contenders.len();
            let time = contenders[i].time(counts[i]);
            times[i].push(time.as_secs_f64() * 1e6 / f64::from(counts[i]));
        }
    }
    times
}

/// Returns the number of units that take about `batch`.
///
/// By the fastest of a few trials; at least 1.
fn units(contender: &mut dyn Contender, batch: Duration) -> u32 {
    if contender.time(1) >= batch {
        return 1;
    }
    let tries = (0..5).map(|_| contender.time(3));
    let unit = tries.min().unwrap_or_default().as_secs_f64() / 3.0;
    (batch.as_secs_f64() / unit.max(1e-9)).ceil().clamp(1.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use super::{Contender, Quartiles, measure};
    use std::time::Duration;

    #[test]
    fn quartiles_of_five() {
        let quartiles = Quartiles::of(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(quartiles, Quartiles { lower: 2.0, median: 3.0, upper: 4.0 });
    }

    #[test]
    fn quartiles_between_neighbours() {
        let quartiles = Quartiles::of(vec![0.0, 1.0]);
        assert_eq!(quartiles, Quartiles { lower: 0.25, median: 0.5, upper: 0.75 });
        assert!(Quartiles::of(Vec::new()).median.is_nan());
    }

    struct Fixed(Duration);

    impl Contender for Fixed {
        fn time(&mut self, count: u32) -> Duration {
            self.0 * count
        }
    }

    #[test]
    fn every_contender_runs_in_every_round() {
        let mut contenders: Vec<Box<dyn Contender>> =
            vec![Box::new(Fixed(Duration::from_micros(10))), Box::new(Fixed(Duration::from_millis(5)))];
        let times = measure(&mut contenders, 7, Duration::from_micros(500));
        assert_eq!(times, [vec![10.0; 7], vec![5000.0; 7]]);
    }
}
