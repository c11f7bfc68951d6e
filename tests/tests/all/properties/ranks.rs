//! Exact and binned ranks of any floats at all, which are put into the block of a run, where its values stand.

use super::{cases, float, level};
use crate::common::{memory, one_stage, values};
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Generator, Layout, Line, Schedule, SimdLevel, Spectral, TermWeight};
use proptest::prelude::*;

const SIDES: [(u32, u32); 6] = [(16, 16), (32, 16), (16, 64), (64, 64), (128, 32), (256, 128)];

/// Takes a run up whose values are those, over and over.
fn with_values<T>(config: &Config, values: &[f32], test: impl FnOnce(Generator<'_>) -> T) -> T {
    let mut lines = memory(config);
    let bytes = Line::as_bytes_mut(&mut lines);
    Generator::init(bytes, config).expect("a valid configuration");
    let layout = Layout::new(config).expect("a valid configuration");
    let start = layout.header + layout.twiddles + layout.orders + layout.targets;
    let floats = bytes[start..start + layout.values].chunks_exact_mut(4);
    floats.zip(values.iter().cycle()).for_each(|(to, value)| to.copy_from_slice(&value.to_ne_bytes()));
    test(Generator::open(bytes).expect("the header is whole"))
}

fn config((width, height): (u32, u32), level: SimdLevel, stage: Spectral) -> Config {
    Config { level, ..one_stage(width, height, stage) }
}

/// Negative NaNs beside numbers that share their cell: each rank still stands once. (A search found that it did not.)
#[test]
fn negative_nans() {
    // few share a cell, or the ranks would be found in another way
    let value = |i: u16| match i {
        10 | 20 => -f32::NAN,
        30 | 40 => f32::INFINITY,
        50 | 60 => 0.5,
        _ => f32::from(i) / 128.0 - 1.0,
    };
    let given: Vec<f32> = (0..256).map(value).collect();
    for level in SimdLevel::ALL.into_iter().filter(|level| level.is_supported()) {
        let config = config((16, 16), level, Spectral { steps: 0, ..Spectral::PUBLISHED });
        let mut ranks = with_values(&config, &given, |mut generator| {
            assert!(generator.step(1).expect("a good block").done);
            generator.mask().expect("done").ranks().to_vec()
        });
        ranks.sort_unstable();
        assert!(ranks.into_iter().eq(0..256), "{}", level.name());
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Each rank once; numbers in their order, −0 as 0, those that are equal by index; what is no number before or behind them.
    #[test]
    fn exact_ranks(
        sides in prop::sample::select(SIDES.to_vec()),
        given in prop::collection::vec(float(), 1..3000),
        level in level(),
    ) {
        let config = config(sides, level, Spectral { steps: 0, ..Spectral::PUBLISHED });
        let (floats, ranks) = with_values(&config, &given, |mut generator| {
            let floats = values(&mut generator);
            assert!(generator.step(1).expect("a good block").done);
            (floats, generator.mask().expect("done").ranks().to_vec())
        });
        let mut order = vec![usize::MAX; ranks.len()];
        for (index, rank) in ranks.iter().enumerate() {
            prop_assert!((*rank as usize) < order.len() && order[*rank as usize] == usize::MAX, "rank {rank} twice");
            order[*rank as usize] = index;
        }
        let numbers: Vec<usize> = order.iter().copied().filter(|index| !floats[*index].is_nan()).collect();
        for pair in numbers.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            prop_assert!(floats[a] < floats[b] || (floats[a] == floats[b] && a < b), "{} before {}", floats[a], floats[b]);
        }
        let first = order.iter().position(|index| !floats[*index].is_nan()).unwrap_or(0);
        prop_assert!(order[first..].iter().take(numbers.len()).eq(&numbers), "no numbers among numbers");
    }

    /// A step that replaces each value by the wanted one of its binned rank, against counts in the 512 bins from −1.25 to 1.25.
    #[test]
    fn binned_ranks(
        sides in prop::sample::select(SIDES.to_vec()),
        given in prop::collection::vec(float(), 1..3000),
        level in level(),
    ) {
        // h = 2·½·(x − t), x −= h
        let stage = Spectral {
            steps: 2,
            low_band: TermWeight::NONE,
            smoothness: TermWeight::NONE,
            histogram: TermWeight::new(0.5),
            histogram_step_size: Schedule::constant(1.0),
            ranks: Ranks::Binned,
            ..Spectral::PUBLISHED
        };
        let given: Vec<f32> = given.into_iter().filter(|value| value.abs() <= 1e3).chain([0.25]).collect();
        let config = config(sides, level, stage);
        // the first step counts its bins anew, the second has the counts of the first step's update
        let seen = with_values(&config, &given, |mut generator| {
            [0, 1, 1].map(|steps| {
                generator.step(steps).expect("a good block");
                values(&mut generator)
            })
        });
        for step in seen.windows(2) {
            let [before, after] = [&step[0], &step[1]];
            let wanted = binned(before, &config);
            for ((x, got), wanted) in before.iter().zip(after).zip(&wanted) {
                // x − (x − t) is off by a rounding of x
                prop_assert!((got - wanted).abs() <= 2e-7 * (x.abs() + 2.0), "{x}: {got}, wanted {wanted}");
            }
        }
    }
}

/// The wanted value of each: that of the values below its bin, and a line from there to that of the values up to its end.
fn binned(values: &[f32], config: &Config) -> Vec<f32> {
    let n = values.len();
    // those of rank i: Q(i/(n − 1))
    let target = |below: usize| config.distribution.quantile(below.min(n - 1) as f64 / (n - 1) as f64) as f32;
    let place = |value: &f32| {
        let place = (value + 1.25) * (512.0 / 2.5);
        place.clamp(0.0, f32::from_bits(512.0_f32.to_bits() - 1))
    };
    let mut below = [0; 513];
    values.iter().for_each(|value| below[place(value) as usize + 1] += 1);
    for bin in 0..512 {
        below[bin + 1] += below[bin];
    }
    let wanted = |value: &f32| {
        let place = place(value);
        let (lower, upper) = (target(below[place as usize]), target(below[place as usize + 1]));
        lower + (upper - lower) * place.fract()
    };
    values.iter().map(wanted).collect()
}
