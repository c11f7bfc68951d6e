//! Stages of the dither objective with any numbers, on sides from 8 to 70 that are multiples of nothing: each rank once, the same on
//! every level, and those of the twin.

use super::cases;
use crate::common::{levels, ranks};
use bluegrad::recipe::{Coupling, Fill, Front, Mixture, Polish, Swap, VoidAndCluster};
use bluegrad::{Config, Preset, Recipe, Schedule, Shape, Stage};
use bluegrad_tests::threshold::recipe;
use proptest::prelude::*;

fn kernel() -> impl Strategy<Value = Mixture> {
    ((0.3_f32..8.0, 0.1_f32..4.0), (0.3_f32..32.0, 0.0_f32..4.0))
        .prop_map(|(first, second)| Mixture::new(&[first, second]))
}

fn schedule(range: std::ops::Range<f32>) -> impl Strategy<Value = Schedule> {
    (range.clone(), range, 0..3).prop_map(|(start, end, curve)| match curve {
        0 => Schedule::constant(start),
        1 => Schedule::linear(start, end),
        _ => Schedule::geometric(start, end),
    })
}

fn coupling() -> impl Strategy<Value = Coupling> {
    (0.0_f32..=1.0, 0.0_f32..=4.0, 1_u32..=16, kernel()).prop_map(
        |(channel_weight, time_weight, time_radius, time_kernel)| Coupling {
            channel_weight,
            time_weight,
            time_radius,
            time_kernel,
        },
    )
}

fn fill() -> impl Strategy<Value = Stage> {
    let numbers = (0.5_f32..4.0, 2_u32..=16, 0.0_f32..0.99, any::<bool>(), 0.0_f32..=2.5);
    (numbers, coupling()).prop_map(|((sigma, radius, narrow_weight, exact, disorder), coupling)| {
        let narrow_sigma = 0.6 * sigma;
        Stage::Fill(Fill { sigma, radius, narrow_weight, narrow_sigma, exact: exact.into(), disorder, coupling })
    })
}

fn void_and_cluster() -> impl Strategy<Value = Stage> {
    (0.5_f32..8.0, 1e-6_f32..0.5)
        .prop_map(|(sigma, initial_fraction)| Stage::VoidAndCluster(VoidAndCluster { sigma, initial_fraction }))
}

fn front() -> impl Strategy<Value = Stage> {
    (1_u32..6, 0.5_f32..4.0, 1_u32..=8, 1e-6_f32..2.0, 0.0_f32..0.99, schedule(0.0..1.0)).prop_map(
        |(steps, sigma, radius, step_size, momentum, threshold)| {
            Stage::Front(Front { steps, sigma, radius, step_size, momentum, threshold })
        },
    )
}

fn polish() -> impl Strategy<Value = Stage> {
    let kernels = (2_u32..=12, kernel(), prop::option::of(kernel()), 0.0_f32..8.0);
    let numbers = (schedule(0.0..3.5), schedule(1e-5..0.0624), 0.0_f32..0.99, prop::option::of(0.001_f32..0.5));
    let grey = prop::option::of((0.3_f32..8.0, schedule(0.0..256.0)));
    (1_u32..4, kernels, numbers, grey).prop_map(|(steps, (radius, kernel, ends, taper), numbers, grey)| {
        let (step_size, tau, momentum, freeze) = numbers;
        let freeze_above = freeze.unwrap_or(0.0);
        let (grey_sigma, grey_weight) = grey.unwrap_or((1.0, Schedule::constant(0.0)));
        let ends = ends.unwrap_or(Mixture::NONE);
        let freeze_below = (0.5 * freeze_above).min((freeze_above - 0.0005).max(0.0));
        let (own, room) = (Polish { steps, radius, kernel, ends, taper, ..Polish::PLAIN }, Polish::PLAIN);
        Stage::Polish(Polish {
            step_size,
            tau,
            momentum,
            grey_sigma,
            grey_weight,
            freeze_below,
            freeze_above,
            ends_inner: room.ends_inner,
            ..own
        })
    })
}

fn swap() -> impl Strategy<Value = Stage> {
    (1_u32..3, 2_u32..=64, 1_u32..=12, 1_u32..=3, kernel(), 0.0_f32..8.0).prop_map(
        |(steps, levels, radius, reach, kernel, taper)| {
            Stage::Swap(Swap { steps, levels, radius, reach, kernel, taper })
        },
    )
}

/// A run of these stages from a seed.
fn config(stages: &[Stage], (width, height): (u32, u32), seed: u64) -> Config {
    Config { recipe: Recipe::new(stages), seed, ..Config::new(Preset::Dither, width, height) }
}

/// The ranks, which are those of every level, each once.
fn same_everywhere(config: &Config) -> Result<Vec<u32>, TestCaseError> {
    let [first, others @ ..] = &levels()[..] else { panic!("there is always scalar") };
    let run = |level| ranks(&Config { level, ..*config }).map_err(|error| TestCaseError::fail(error.to_string()));
    let expected = run(*first)?;
    for level in others {
        prop_assert!(run(*level)? == expected, "{} differs from {}", level.name(), first.name());
    }
    let mut sorted = expected.clone();
    sorted.sort_unstable();
    prop_assert!(sorted.into_iter().eq(0..expected.len() as u32), "each rank once");
    Ok(expected)
}

fn sides() -> impl Strategy<Value = (u32, u32)> {
    (8_u32..=70, 8_u32..=70)
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn fills(stage in prop_oneof![fill(), void_and_cluster()], sides in sides(), seed in any::<u64>()) {
        let config = config(&[stage], sides, seed);
        prop_assert!(same_everywhere(&config)? == recipe::run(&config, None), "the twin has other ranks");
    }

    #[test]
    fn fills_of_volumes(
        stage in fill(),
        (width, height) in (8_u32..=33, 8_u32..=33),
        (layers, channels) in (1_u32..=5, 1_u32..=3),
        seed in any::<u64>(),
    ) {
        let config = config(&[stage], (width, height), seed);
        let config = Config { shape: Shape { layers, channels, ..config.shape }, ..config };
        let mut expected = recipe::run(&config, None);
        for level in levels() {
            let ranks = ranks(&Config { level, ..config }).expect("valid");
            prop_assert!(ranks == expected, "{}: the twin has other ranks", level.name());
        }
        for plane in expected.chunks_mut(config.shape.pixels()) {
            plane.sort_unstable();
            prop_assert!(plane.iter().copied().eq(0..config.shape.pixels() as u32), "each rank once in each plane");
        }
    }

    #[test]
    fn descents(stage in prop_oneof![front(), polish()], sides in sides(), seed in any::<u64>()) {
        let config = config(&[stage], sides, seed);
        prop_assert!(same_everywhere(&config)? == recipe::run(&config, None), "the twin has other ranks");
    }

    #[test]
    fn stages_in_any_order(
        stages in prop::collection::vec(prop_oneof![fill(), void_and_cluster(), front(), polish(), swap()], 1..5),
        (width, height) in (8_u32..=33, 8_u32..=33),
        seed in any::<u64>(),
    ) {
        let config = config(&stages, (width, height), seed);
        let ranks = same_everywhere(&config)?;
        if !stages.iter().any(|stage| matches!(stage, Stage::Swap(_))) {
            prop_assert!(ranks == recipe::run(&config, None), "the twin has other ranks");
        }
    }
}
