//! Masks with layers and channels, judged by the errors that they are made to be low in.

use crate::common::ranks;
use bluegrad::measure::{self, SpaceTime, space_time_scratch_len};
use bluegrad::{Config, Error, Preset, Recipe, Shape};

fn made(recipe: Recipe, shape: Shape) -> Vec<u32> {
    ranks(&Config { recipe, shape, ..Config::new(Preset::Dither, 8, 8) }).expect("valid")
}

/// The eleven errors, those in space first.
fn errors(ranks: &[u32], shape: Shape, channel: u32) -> Vec<f64> {
    let mut scratch = vec![0.0; space_time_scratch_len(shape).expect("a good shape")];
    let SpaceTime { space, time, accumulated } =
        measure::space_time(ranks, shape, channel, &mut scratch).expect("ranks of the shape");
    space.into_iter().chain(time).chain(accumulated).collect()
}

fn below(what: &str, errors: &[f64], most: &[f64]) {
    assert!(
        errors.iter().zip(most).all(|(error, most)| error < most),
        "{what}: {errors:.2?}, expected below {most:.2?}"
    );
}

/// Void-and-cluster by the rule of spatio-temporal blue noise (Wolfe et al. 2022), sigma 1.5 pixels and frames, layers ranked by themselves:
/// means of four seeds, which scatter by .01.
const VOID_AND_CLUSTER: [f64; 11] = [-8.21, -12.37, -15.15, -2.64, -4.37, -6.10, -7.20, -10.48, -11.06, -13.19, -13.42];

#[test]
fn space_time_is_ahead_of_void_and_cluster() {
    let shape = Shape::new(64, 64).with_layers(16);
    below("space-time", &errors(&made(Preset::SpaceTime.recipe(), shape), shape, 0), &VOID_AND_CLUSTER);
}

/// The published textures of spatio-temporal blue noise, 128x128x64; their errors accumulated are known for 0.2 and 1 pixel only.
const PUBLISHED: [f64; 8] = [-6.22, -10.55, -13.75, -2.79, -4.70, -6.88, -8.54, -9.82];

#[test]
fn space_time_wide_is_ahead_of_the_published_textures() {
    let shape = Shape::new(64, 64).with_layers(64);
    below("space-time-wide", &errors(&made(Preset::SpaceTimeWide.recipe(), shape), shape, 0), &PUBLISHED);
}

/// More weight of time: less error over time, more in space.
#[test]
fn the_weight_trades_space_for_time() {
    let shape = Shape::new(32, 32).with_layers(16);
    let of = |weight| errors(&made(Recipe::space_time(weight).expect("in range"), shape), shape, 0);
    let all = [0.02, 0.1, 0.28, 0.6, 1.0].map(of);
    for pair in all.windows(2) {
        let [less, more] = pair else { panic!("pairs") };
        below("time", &more[3..7], &less[3..7]);
        below("space", &less[..3], &more[..3]);
    }
    assert_eq!(Recipe::space_time(0.28), Ok(Preset::SpaceTime.recipe()));
    for weight in [0.0, 0.019, 1.01, f32::NAN] {
        let error = Recipe::space_time(weight).expect_err("out of range");
        assert!(matches!(error, Error::Number { .. }) && !error.to_string().contains('\n'), "{error}");
    }
}

/// Four channels at equal levels, as in a neutral grey, have less error together than independent masks, and each alone hardly more.
#[test]
fn channels_have_less_error_together() {
    let (flat, shape) = (Shape::new(64, 64), Shape::new(64, 64).with_channels(4));
    let alone = errors(&made(Preset::Dither.recipe(), flat), flat, 0);
    let four = made(Preset::Dither.recipe(), shape);
    let mut scratch = vec![0.0; space_time_scratch_len(shape).expect("a good shape")];
    let together = measure::summed_error(&four, shape, &mut scratch).expect("ranks of the shape");
    below("together", &together, &[alone[0] - 1.1, alone[1] - 1.1, alone[2] - 0.9]);
    for channel in 0..4 {
        below("each", &errors(&four, shape, channel)[..3], &[alone[0] + 0.15, alone[1] + 0.2, alone[2] + 0.5]);
    }
}
