//! How blue a picture is after noise is added and the sum rounded to integers: the naive judge, by sums over pixels.

use crate::measure::decibels;

/// Greys between two integers.
const GREYS: u32 = 64;

/// The error round(g + n) − g at each pixel.
fn errors(noise: &[f64], grey: f64) -> Vec<f64> {
    noise.iter().map(|n| (grey + n).round() - grey).collect()
}

/// A Gaussian blur on the torus, of the sum 1, along one axis: `index(line, place)` is a pixel.
fn blur(values: &[f64], lines: usize, length: usize, sigma: f64, index: impl Fn(usize, usize) -> usize) -> Vec<f64> {
    let reach = (5.0 * sigma).ceil() as i64;
    let taps: Vec<f64> = (-reach..=reach).map(|d| (-((d * d) as f64) / (2.0 * sigma * sigma)).exp()).collect();
    let sum: f64 = taps.iter().sum();
    let mut blurred = vec![0.0; values.len()];
    for line in 0..lines {
        for place in 0..length {
            let tap = |(d, tap): (i64, &f64)| {
                let other = (place as i64 + d).rem_euclid(length as i64) as usize;
                tap / sum * values[index(line, other)]
            };
            blurred[index(line, place)] = (-reach..).zip(&taps).map(tap).sum();
        }
    }
    blurred
}

/// Variance of the errors after a blur of `sigma` pixels, mean over the greys, dB relative to white noise whose errors have the
/// variance ¼, as those of white triangular noise do at every grey.
#[must_use]
pub fn error(noise: &[f64], width: usize, height: usize, sigma: f64) -> f64 {
    let blurred = |values: &[f64]| {
        let rows = blur(values, height, width, sigma, |line, place| line * width + place);
        blur(&rows, width, height, sigma, |line, place| place * width + line)
    };
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>()
    };
    // white: each pixel's error spreads as the blur of one pixel does
    let mut one = vec![0.0; width * height];
    one[0] = 1.0;
    let white = 0.25 * noise.len() as f64 * variance(&blurred(&one));
    let sum: f64 =
        (0..GREYS).map(|k| variance(&blurred(&errors(noise, (f64::from(k) + 0.5) / f64::from(GREYS))))).sum();
    decibels(sum / f64::from(GREYS) / white)
}
