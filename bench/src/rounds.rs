//! Timing contenders in turn: in each round every one of them does a batch, so that what slows the machine for a while
//! slows them all; what counts is the medians over many rounds.

use std::time::{Duration, Instant};

/// Something whose work can be timed.
pub trait Contender {
    /// The time of `count` units of work, after one that is not timed and warms the caches.
    fn time(&mut self, count: u32) -> Duration;
}

/// The time of `count` calls.
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
    /// A quarter of the values is below.
    pub lower: f64,
    /// Half of the values is below.
    pub median: f64,
    /// Three quarters of the values are below.
    pub upper: f64,
}

impl Quartiles {
    /// Of some values, linear between neighbours; NaN if there are none.
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

/// Times of one contender, µs a unit of work, one a round.
pub type Times = Vec<f64>;

/// Times each contender for `rounds` rounds, in batches of about `batch`. The contender that begins a round moves on from
/// round to round, so that none always follows the same one.
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

/// Units of work that take about `batch`, from the fastest of a few tries; one if one takes as long.
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
