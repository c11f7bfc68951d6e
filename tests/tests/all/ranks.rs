//! Exact ranks against a sort by value and index: values that spread, that crowd, that tie, and fields of every size class.

use crate::common::{self, memory, one_stage, values};
use bluegrad::{Config, Distribution, Generator, Line, SimdLevel, Spectral};

/// The ranks of a run without a step, so of its start values, and those by a stable sort of the same values.
fn check(what: &str, config: &Config) {
    let mut lines = memory(config);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut lines), config).expect("a valid configuration");
    let start = values(&mut generator);
    assert!(generator.step(1).expect("a good block").done);
    let mut order: Vec<usize> = (0..start.len()).collect();
    order.sort_by(|a, b| start[*a].total_cmp(&start[*b]));
    let ranks = generator.mask().expect("done").ranks();
    let wrong = order.iter().enumerate().find(|(rank, index)| ranks[**index] as usize != *rank);
    assert!(wrong.is_none(), "{what}, {}: {wrong:?}", config.level.name());
}

fn config(width: u32, height: u32, distribution: Distribution, level: SimdLevel) -> Config {
    let stage = Spectral { steps: 0, ..Spectral::PUBLISHED };
    Config { distribution, level, seed: 21, ..one_stage(width, height, stage) }
}

/// A share of the values in a narrow band, the rest spread: some bins crowded, or most, or all.
fn crowded(share: usize, width: f32) -> Distribution {
    let table = std::array::from_fn(|i| match i {
        0 => -1.0,
        64 => 1.0,
        i if i <= share => -0.5 * width + width * i as f32 / 64.0,
        i => 0.5 * width + (1.0 - 0.5 * width) * (i - share) as f32 / (65 - share) as f32,
    });
    Distribution::from_table(table)
}

#[test]
fn values_that_spread() {
    for level in common::levels() {
        for (width, height) in [(16, 16), (16, 32), (64, 64), (256, 128), (512, 512)] {
            for distribution in [Distribution::UNIFORM, Distribution::TRIANGULAR, Distribution::GAUSSIAN] {
                check("spread", &config(width, height, distribution, level));
            }
        }
    }
}

/// From a few crowded bins to so many values in one that the radix sort takes over: for the mask, or for a bucket of a large one.
#[test]
fn values_that_crowd() {
    for level in common::levels() {
        for (width, height) in [(16, 16), (64, 64), (128, 256)] {
            for share in [1, 4, 16, 40, 60] {
                for band in [0.3, 1e-2, 1e-4, 1e-6] {
                    let what = format!("{width}x{height}, {share}/64 within {band}");
                    check(&what, &config(width, height, crowded(share, band), level));
                }
            }
        }
    }
    for (share, band) in [(1, 1e-6), (4, 1e-4), (16, 0.3), (60, 1e-2)] {
        let what = format!("512x256, {share}/64 within {band}");
        check(&what, &config(512, 256, crowded(share, band), SimdLevel::Auto));
    }
}

/// All values but two alike, as far as floats tell.
#[test]
fn values_that_tie() {
    let steps = std::array::from_fn(|i| if i < 32 { -1.0 } else { 1.0 });
    for level in common::levels() {
        check("ties", &config(64, 32, Distribution::from_table(steps), level));
    }
    check("ties", &config(512, 256, Distribution::from_table(steps), SimdLevel::Auto));
}

/// The largest field of one tile, the smallest of two, and one whose buckets are larger than others'.
#[test]
fn large_fields() {
    check("2^16", &config(256, 256, Distribution::UNIFORM, SimdLevel::Auto));
    check("2^17", &config(512, 256, Distribution::GAUSSIAN, SimdLevel::Auto));
    check("2^21", &config(2048, 1024, Distribution::UNIFORM, SimdLevel::Auto));
}
