//! What is refused, and damaged blocks.

use super::short;
use crate::common::{memory, values};
use bluegrad::recipe::{Fill, Front, Mixture, Polish, Swap, VoidAndCluster};
use bluegrad::{Config, Error, Generator, Line, Preset, Recipe, Schedule, Shape, Spectral, Stage};

#[test]
fn bad_sizes_are_errors() {
    for (width, height) in [(7, 8), (8, 7), (0, 8), (8, 0), (4097, 8), (8, 4097), (u32::MAX, u32::MAX)] {
        let config = Config::new(Preset::Dither, width, height);
        assert_eq!(config.check(), Err(Error::Size { width, height }));
    }
    let both = Recipe::new(&[Stage::Fill(Fill::new(1.26, 5)), Stage::Spectral(Spectral::PUBLISHED)]);
    let config = Config { recipe: both, ..Config::new(Preset::Dither, 20, 20) };
    assert_eq!(config.check(), Err(Error::TransformSize { width: 20, height: 20 }));
}

/// Every number of every stage just out of its range, and NaN.
#[test]
fn bad_numbers_are_errors() {
    let polish = Polish { steps: 1, ..Polish::PLAIN };
    let front =
        Front { steps: 1, sigma: 1.4, radius: 4, step_size: 0.7, momentum: 0.3, threshold: Schedule::constant(0.5) };
    let swap = Swap { steps: 1, levels: 4, radius: 9, reach: 3, kernel: polish.kernel, taper: 1.0 };
    let fill = Fill::new(1.26, 5);
    let nan = f32::NAN;
    let mixture = |sigma, weight| Mixture::new(&[(sigma, weight)]);
    let constant = Schedule::constant;
    let bad = [
        Stage::Fill(Fill { sigma: 0.49, ..fill }),
        Stage::Fill(Fill { sigma: 4.01, ..fill }),
        Stage::Fill(Fill { sigma: nan, ..fill }),
        Stage::Fill(Fill { radius: 1, ..fill }),
        Stage::Fill(Fill { radius: 17, ..fill }),
        Stage::Fill(Fill { narrow_weight: 1.0, ..fill }),
        Stage::Fill(Fill { disorder: -0.1, ..fill }),
        Stage::Fill(Fill { disorder: 2.6, ..fill }),
        Stage::Fill(Fill { disorder: nan, ..fill }),
        Stage::Fill(Fill { narrow_weight: -0.1, ..fill }),
        Stage::Fill(Fill { narrow_sigma: 1.3, ..fill }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 0.4, initial_fraction: 0.1 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 8.1, initial_fraction: 0.1 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: 0.0 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: 0.51 }),
        Stage::VoidAndCluster(VoidAndCluster { sigma: 1.5, initial_fraction: nan }),
        Stage::Front(Front { sigma: 0.4, ..front }),
        Stage::Front(Front { radius: 0, ..front }),
        Stage::Front(Front { radius: 9, ..front }),
        Stage::Front(Front { step_size: 0.0, ..front }),
        Stage::Front(Front { step_size: 2.1, ..front }),
        Stage::Front(Front { momentum: 1.0, ..front }),
        Stage::Front(Front { threshold: constant(1.1), ..front }),
        Stage::Polish(Polish { radius: 1, ..polish }),
        Stage::Polish(Polish { freeze_above: 0.0, freeze_below: f32::NEG_INFINITY, ..polish }),
        Stage::Polish(Polish { freeze_above: 0.0, freeze_below: -1e30, ..polish }),
        Stage::Polish(Polish { radius: 13, ..polish }),
        Stage::Polish(Polish { kernel: Mixture::NONE, ..polish }),
        Stage::Polish(Polish { kernel: mixture(0.2, 1.0), ..polish }),
        Stage::Polish(Polish { kernel: mixture(1.0, nan), ..polish }),
        Stage::Polish(Polish { ends: mixture(33.0, 1.0), ..polish }),
        Stage::Polish(Polish { ends_inner: 0.08, ..polish }),
        Stage::Polish(Polish { ends_outer: 0.51, ..polish }),
        Stage::Polish(Polish { taper: 8.1, ..polish }),
        Stage::Polish(Polish { band_weight: -1.0, ..polish }),
        Stage::Polish(Polish { band_cutoff: 0.6, ..polish }),
        Stage::Polish(Polish { band_exponent: 0.5, ..polish }),
        Stage::Polish(Polish { grey_sigma: 0.2, ..polish }),
        Stage::Polish(Polish { grey_weight: constant(1025.0), ..polish }),
        Stage::Polish(Polish { step_size: constant(3.6), ..polish }),
        Stage::Polish(Polish { tau: constant(0.0), ..polish }),
        Stage::Polish(Polish { tau: constant(0.07), ..polish }),
        Stage::Polish(Polish { momentum: 1.0, ..polish }),
        Stage::Polish(Polish { freeze_above: 0.6, ..polish }),
        Stage::Polish(Polish { freeze_below: 0.07, freeze_above: 0.07, ..polish }),
        Stage::Swap(Swap { levels: 1, ..swap }),
        Stage::Swap(Swap { levels: 65, ..swap }),
        Stage::Swap(Swap { radius: 13, ..swap }),
        Stage::Swap(Swap { reach: 0, ..swap }),
        Stage::Swap(Swap { reach: 9, ..swap }),
        Stage::Swap(Swap { kernel: Mixture::NONE, ..swap }),
    ];
    for stage in bad {
        let error = Recipe::new(&[stage]).check().unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Number { .. }) && !text.contains('\n') && text.len() < 120, "{stage:?}: {text}");
    }
    for stage in [Stage::Fill(fill), Stage::Front(front), Stage::Polish(polish), Stage::Swap(swap)] {
        assert_eq!(Recipe::new(&[stage]).check(), Ok(()), "{stage:?}");
    }
    for sigma in [0.99, 1.71, nan] {
        assert!(matches!(Recipe::dither(sigma, 40), Err(Error::Number { .. })));
    }
    let full = Recipe::new(&[Stage::Fill(fill); 8]);
    assert!(matches!(full.with_levels(4, 1.26), Err(Error::StageCount { got: 9, most: 8 })));
    let large = Config {
        recipe: Recipe::new(&[Stage::Swap(Swap { levels: 64, ..swap })]),
        ..Config::new(Preset::Dither, 4096, 4096)
    };
    assert!(matches!(large.check(), Err(Error::Number { .. })), "more than the memory of a small machine");
}

/// Bytes past the header changed at random, at every stage: an error or a wrong mask, never a panic or an endless run.
#[test]
fn a_damaged_block_never_panics() {
    for preset in Preset::ALL {
        let Some(config) = short(preset, 24, 20) else { continue };
        let recipe = config.recipe.with_levels(4, 1.26).expect("room");
        run_damaged(&Config { recipe, ..config });
    }
    for (layers, channels) in [(5, 1), (1, 3), (2, 2)] {
        let config = short(Preset::SpaceTime, 12, 20).expect("a fill and a polish");
        run_damaged(&Config { shape: Shape { layers, channels, ..config.shape }, ..config });
    }
}

fn run_damaged(config: &Config) {
    let mut random = 0x1234_5678_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(random) * below as u64) >> 32) as usize
    };
    for _ in 0..60 {
        let mut block = memory(config);
        let bytes = Line::as_bytes_mut(&mut block);
        let mut generator = Generator::init(bytes, config).expect("valid");
        let steps = generator.report().steps;
        generator.step(next(steps as usize) as u32).expect("a good block");
        let bytes = Line::as_bytes_mut(&mut block);
        let start = bluegrad::layout::HEADER_BYTES;
        for _ in 0..1 + next(200) {
            let place = start + next(bytes.len() - start);
            bytes[place] = next(256) as u8;
        }
        let mut generator = Generator::open(bytes).expect("the header is whole");
        while !generator.step(50).is_ok_and(|report| report.done) {}
        let mut texels = vec![0; config.shape.elements()];
        generator.mask().expect("done").write_u8(&mut texels).expect("the right length");
        values(&mut generator);
    }
}
