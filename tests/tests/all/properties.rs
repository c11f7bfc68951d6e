//! Properties that hold for any input, on cases that proptest draws from a fixed seed and shrinks where one fails. A case that failed
//! once is kept in `proptest-regressions` and tried first from then on.

mod dither;
mod fft;
mod masks;
mod ranks;
mod stages;

use crate::common;
use bluegrad::SimdLevel;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};

/// So many cases, the same in every run; with `BLUEGRAD_PROPERTIES=SEED` ten times as many of another seed.
fn cases(cases: u32) -> ProptestConfig {
    const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/properties.txt");
    let other = std::env::var("BLUEGRAD_PROPERTIES").ok().map(|seed| seed.parse().expect("a seed: a whole number"));
    ProptestConfig {
        cases: if other.is_some() { 10 * cases } else { cases },
        rng_seed: RngSeed::Fixed(other.unwrap_or(6)),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(KEPT))),
        ..ProptestConfig::default()
    }
}

/// A level of this machine.
fn level() -> impl Strategy<Value = SimdLevel> {
    proptest::sample::select(common::levels())
}

/// Any floats: of a narrow band, of all magnitudes, infinite, no numbers.
fn float() -> impl Strategy<Value = f32> {
    prop_oneof![
        12 => -1.3_f32..1.3,
        2 => 0.1_f32..0.100_01,
        1 => prop::sample::select(vec![0.0_f32, -0.0, 1.0, -1.0, 1.25, -1.25, f32::MIN_POSITIVE, 1e-45, -1e-45]),
        1 => prop::sample::select(vec![f32::MAX, f32::MIN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, -f32::NAN]),
        1 => any::<u32>().prop_map(f32::from_bits),
    ]
}
