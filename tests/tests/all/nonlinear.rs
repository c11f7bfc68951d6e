//! What `docs/choosing.md` advises: which preset for noise that passes through a function, and how noise moves from frame to
//! frame. The page blurs in the spectrum; here the blur is a sum in space.

use crate::common;
use bluegrad::{Config, Preset};
use bluegrad_tests::measure::decibels;
use bluegrad_tests::noise::Noise;
use std::f64::consts::PI;

const SIDE: usize = 64;
const N: usize = SIDE * SIDE;
const SEEDS: u64 = 3;
const SIGMA: f64 = 1.5;

/// What a program does with a value of the mask.
type Function = fn(f64) -> f64;

/// The values (rank + ½)/n of a mask of each seed.
fn masks(preset: Preset) -> Vec<Vec<f64>> {
    let mask = |seed| {
        let config = Config { seed, ..Config::new(preset, SIDE as u32, SIDE as u32) };
        let ranks = common::ranks(&config).expect("a valid configuration");
        ranks.iter().map(|rank| (f64::from(*rank) + 0.5) / N as f64).collect()
    };
    (0..SEEDS).map(mask).collect()
}

/// A row of the blur: the Gaussian at distances 0 … 63 on the torus, of sum 1.
fn gaussian() -> Vec<f64> {
    let row: Vec<f64> = (0..SIDE).map(|x| (-0.5 * (x.min(SIDE - x) as f64 / SIGMA).powi(2)).exp()).collect();
    let sum: f64 = row.iter().sum();
    row.iter().map(|weight| weight / sum).collect()
}

fn blurred(image: &[f64]) -> Vec<f64> {
    let weights = gaussian();
    let along = |image: &[f64], at: &dyn Fn(usize, usize) -> usize| -> Vec<f64> {
        (0..N).map(|i| (0..SIDE).map(|d| weights[d] * image[at(i, d)]).sum()).collect()
    };
    let rows = along(image, &|i, d| i / SIDE * SIDE + (i + d) % SIDE);
    along(&rows, &|i, d| (i + d * SIDE) % N)
}

fn mean_square(image: &[f64]) -> f64 {
    image.iter().map(|x| x * x).sum::<f64>() / N as f64
}

/// Power of f(u) after the blur against white noise of the same variance, dB: the mean over the masks.
fn after_blur(masks: &[Vec<f64>], function: Function) -> f64 {
    // of white noise: the sum of the kernel's squares, without DC's share
    let white = gaussian().iter().map(|weight| weight * weight).sum::<f64>().powi(2) - 1.0 / N as f64;
    let figure = |mask: &Vec<f64>| {
        let values: Vec<f64> = mask.iter().map(|u| function(*u)).collect();
        let mean = values.iter().sum::<f64>() / N as f64;
        let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
        decibels(mean_square(&blurred(&centred)) / (mean_square(&centred) * white))
    };
    masks.iter().map(figure).sum::<f64>() / masks.len() as f64
}

/// `spectral` is ahead by 25 dB or more for the identity, and by 5 where noise that spans 64 levels is rounded. `dither` and
/// `dither-smooth` are ahead by 5 dB or more for each function that is far from linear, and by 3 where noise that spans 4 levels
/// is rounded.
#[test]
fn dither_is_for_nonlinear_uses_and_spectral_for_linear_ones() {
    let [dither, smooth, spectral] = [Preset::Dither, Preset::DitherSmooth, Preset::Spectral].map(masks);
    let uses: [(&str, Function, f64); 9] = [
        ("u", |u| u, -25.0),
        ("u²", |u| u * u, 5.0),
        ("exp(−3u)", |u| (-3.0 * u).exp(), 5.0),
        ("step at .3", |u| f64::from(u > 0.3), 5.0),
        ("ramp from .3 to .5", |u| ((u - 0.3) / 0.2).clamp(0.0, 1.0), 5.0),
        ("cos 2πu", |u| (2.0 * PI * u).cos(), 5.0),
        ("cos πu", |u| (PI * u).cos(), 5.0),
        ("round(4u)", |u| (4.0 * u).round(), 3.0),
        ("round(64u)", |u| (64.0 * u).round(), -5.0),
    ];
    for (name, function, margin) in uses {
        let [dither, smooth, spectral] = [&dither, &smooth, &spectral].map(|masks| after_blur(masks, function));
        println!("{name}: dither {dither:.1}, dither-smooth {smooth:.1}, spectral {spectral:.1} dB");
        for own in [dither, smooth] {
            // a negative margin: `spectral` is ahead by as much
            let ahead = if margin > 0.0 { spectral - own > margin } else { spectral - own < margin };
            assert!(ahead, "{name}: {own:.1} and {spectral:.1} dB, not {margin} apart");
        }
    }
}

/// The ramp from 0 to 1 along x.
fn ramp(i: usize) -> f64 {
    ((i % SIDE) as f64 + 0.5) / SIDE as f64
}

/// RMS of the mean of 16 frames less the ramp, then of one frame less the ramp after the blur.
fn animation(masks: &[Vec<f64>], mut frame: impl FnMut(&[f64], u32) -> Vec<f64>) -> [f64; 2] {
    let mut squares = [0.0; 2];
    for mask in masks {
        let mut mean = vec![0.0; N];
        for t in 0..16 {
            let values = frame(mask, t);
            let error: Vec<f64> = (0..N).map(|i| f64::from(values[i] < ramp(i)) - ramp(i)).collect();
            squares[1] += mean_square(&blurred(&error)) / 16.0;
            for (mean, error) in mean.iter_mut().zip(&error) {
                *mean += error / 16.0;
            }
        }
        squares[0] += mean_square(&mean);
    }
    squares.map(|square| (square / masks.len() as f64).sqrt())
}

/// At each pixel the mean of 16 frames is 2.5 times nearer or more; each frame is noisier, by 40 % at most.
#[test]
fn the_golden_ratio_converges_where_offsets_do_not() {
    let masks = masks(Preset::Dither);
    let golden = animation(&masks, |mask, t| {
        mask.iter().map(|u| (u + f64::from(t) * 0.618_033_988_749_894_9).fract()).collect()
    });
    let mut noise = Noise::new(1);
    let random = animation(&masks, |mask, _| {
        let offset = [noise.bits(), noise.bits()].map(|bits| (bits % SIDE as u64) as usize);
        (0..N).map(|i| mask[(i / SIDE + offset[1]) % SIDE * SIDE + (i + offset[0]) % SIDE]).collect()
    });
    println!("golden ratio {golden:.4?}, random offsets {random:.4?}");
    // independent frames: g(1 − g) has the mean 1/6
    assert!((random[0] - (1.0_f64 / 6.0 / 16.0).sqrt()).abs() < 0.005, "{random:?}");
    assert!(2.5 * golden[0] < random[0], "{golden:?} {random:?}");
    assert!(1.1 * random[1] < golden[1] && golden[1] < 1.4 * random[1], "{golden:?} {random:?}");
}
