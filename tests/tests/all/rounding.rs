//! Masks as triangular noise that is added before rounding, by an independent judge.

use crate::common::ranks;
use bluegrad::{Config, Distribution, Mask, Preset, Range};
use bluegrad_tests::noise::Noise;
use bluegrad_tests::rounding::error;

const SIGMAS: [f64; 3] = [1.0, 1.5, 3.0];
const SIDE: usize = 64;

/// Errors of a preset's masks as triangular noise, mean of some seeds.
fn errors(preset: Preset, seeds: u64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for seed in 0..seeds {
        let config = Config { seed, ..Config::new(preset, SIDE as u32, SIDE as u32) };
        let ranks = ranks(&config).expect("valid");
        let mask = Mask::new(config.shape, &ranks).expect("one rank a pixel");
        let mut noise = vec![0.0; SIDE * SIDE];
        mask.write_f32_as(&mut noise, Range::Signed, &Distribution::TRIANGULAR).expect("the right length");
        let noise: Vec<f64> = noise.into_iter().map(f64::from).collect();
        for (sum, sigma) in sums.iter_mut().zip(SIGMAS) {
            *sum += error(&noise, SIDE, SIDE, sigma) / seeds as f64;
        }
    }
    println!("{}: {sums:.2?}", preset.name());
    sums
}

#[test]
fn white_noise_is_at_0_db() {
    let mut noise = Noise::new(3);
    let noise: Vec<f64> = (0..SIDE * SIDE).map(|_| noise.unit() + noise.unit() - 1.0).collect();
    for (sigma, most) in SIGMAS.into_iter().zip([0.3, 0.4, 0.8]) {
        let error = error(&noise, SIDE, SIDE, sigma);
        assert!(error.abs() < most, "σ {sigma}: {error} dB");
    }
}

/// The preset is ahead of a remapped mask by what docs/choosing.md says.
#[test]
fn triangular_masks_are_as_blue_as_promised() {
    let (own, remapped) = (errors(Preset::Triangular, 4), errors(Preset::Dither, 2));
    for ((own, most), sigma) in own.into_iter().zip([-9.7, -13.9, -18.3]).zip(SIGMAS) {
        assert!(own <= most, "σ {sigma}: {own} dB, promised {most}");
    }
    for ((remapped, expected), sigma) in remapped.into_iter().zip([-9.1, -12.8, -17.7]).zip(SIGMAS) {
        assert!((remapped - expected).abs() < 0.25, "σ {sigma}: remapped {remapped} dB, expected {expected}");
    }
}
