//! How blue the patterns of a volume are: the naive twin of the core's measures of layers and channels. Any size, brute force.
//!
//! A volume is its layers, each `width * height` ranks from 0 to n − 1, n the pixels of a layer.

use crate::dft::{Complex, forward, root_of_unity, wrapped};
use crate::measure::decibels;
use std::f64::consts::PI;

/// Deviations of the blurs in space, pixels.
pub const SPACE: [f64; 3] = [1.0, 1.5, 3.0];
/// Deviations of the blurs over time, frames.
pub const TIME: [f64; 4] = [0.7, 1.0, 1.5, 2.5];
/// Accumulations: α, and the deviation of the blur in space.
pub const ACCUMULATIONS: [(f64, f64); 4] = [(0.2, 1.0), (0.1, 1.0), (0.2, 1.5), (0.1, 1.5)];

/// One channel of a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Width of a layer.
    pub width: usize,
    /// Height of a layer.
    pub height: usize,
    /// Ranks of each layer.
    pub layers: Vec<Vec<u32>>,
}

/// Mean of the squared deviations from the mean.
fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64
}

impl Volume {
    /// The patterns 1 where a rank is below `threshold`.
    fn pattern(&self, threshold: f64) -> Vec<Vec<f64>> {
        let layer =
            |ranks: &Vec<u32>| ranks.iter().map(|rank| f64::from(u8::from(f64::from(*rank) < threshold))).collect();
        self.layers.iter().map(layer).collect()
    }

    fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// One layer filtered by the taps along both axes, on the torus.
    fn filtered(&self, layer: &[f64], x: &[f64], y: &[f64]) -> Vec<f64> {
        let (width, height) = (self.width, self.height);
        let at = |i: usize| {
            let mut sum = 0.0;
            for (dy, y) in y.iter().enumerate() {
                for (dx, x) in x.iter().enumerate() {
                    sum += x * y * layer[(i / width + dy) % height * width + (i % width + dx) % width];
                }
            }
            sum
        };
        (0..self.pixels()).map(at).collect()
    }

    /// FAST's test: the variance of each accumulated frame, the mean over the thresholds t, −1 to 1; `weights(k)` are those of the
    /// frames k, k − 1 … 0.
    #[must_use]
    pub fn frames(&self, thresholds: &[f64], space: &[f64], weights: &dyn Fn(usize) -> Vec<f64>) -> Vec<f64> {
        let sum: f64 = space.iter().sum();
        let space: Vec<f64> = space.iter().map(|tap| tap / sum).collect();
        let n = self.pixels() as f64;
        let mut means = vec![0.0; self.layers.len()];
        for t in thresholds {
            let below = |rank: &u32| f64::from(u8::from((2.0 * f64::from(*rank) + 1.0) / n - 1.0 < *t));
            let blurred: Vec<Vec<f64>> = self
                .layers
                .iter()
                .map(|ranks| self.filtered(&ranks.iter().map(below).collect::<Vec<_>>(), &space, &space))
                .collect();
            for (k, mean) in means.iter_mut().enumerate() {
                let mut average = vec![0.0; self.pixels()];
                for (weight, frame) in weights(k).iter().zip(blurred[..=k].iter().rev()) {
                    for (average, value) in average.iter_mut().zip(frame) {
                        *average += weight * value;
                    }
                }
                *mean += variance(&average) / thresholds.len() as f64;
            }
        }
        means
    }

    /// All bins of the 3-D transform, layer by layer, over the root of their number.
    fn spectrum(&self, pattern: &[Vec<f64>]) -> Vec<Vec<Complex>> {
        let planes: Vec<Vec<Complex>> = pattern.iter().map(|layer| forward(layer, self.width, self.height)).collect();
        let count = planes.len();
        let scale = 1.0 / ((count * self.pixels()) as f64).sqrt();
        let bin = |w: usize, i: usize| {
            let terms = planes.iter().enumerate().map(|(t, plane)| plane[i] * root_of_unity(w * t % count, count));
            terms.fold(Complex::default(), |sum, term| sum + term).scale(scale)
        };
        (0..count).map(|w| (0..self.pixels()).map(|i| bin(w, i)).collect()).collect()
    }

    /// `10·log10(Σ_g Σ_f weight·|D|² / Σ_g g(1 − g)·Σ_f weight)` over g = k/64; `weight(u, v, w)` of signed frequencies.
    fn error(&self, spectra: &[(f64, Vec<Vec<Complex>>)], weight: &dyn Fn(f64, f64, f64) -> f64) -> f64 {
        let frequency = |i: usize, side: usize| wrapped(i, side) as f64 / side as f64;
        let (mut sum, mut white) = (0.0, 0.0);
        for (variance, spectrum) in spectra {
            for (w, plane) in spectrum.iter().enumerate() {
                for (i, bin) in plane.iter().enumerate() {
                    let (u, v) = (frequency(i % self.width, self.width), frequency(i / self.width, self.height));
                    let weight = weight(u, v, frequency(w, spectrum.len()));
                    sum += weight * bin.norm_sqr();
                    white += weight * variance;
                }
            }
        }
        decibels(sum / white)
    }

    /// The patterns' spectra at k/64, each with its g(1 − g).
    fn spectra(&self) -> Vec<(f64, Vec<Vec<Complex>>)> {
        let of = |k: usize| {
            let pattern = self.pattern((k as f64 / 64.0 * self.pixels() as f64 + 0.5).floor());
            let density = pattern.iter().flatten().sum::<f64>() / (pattern.len() * self.pixels()) as f64;
            (density * (1.0 - density), self.spectrum(&pattern))
        };
        (1..64).map(of).collect()
    }

    /// Errors in space, over time, and accumulated, dB.
    #[must_use]
    pub fn space_time(&self) -> ([f64; 3], [f64; 4], [f64; 4]) {
        let spectra = self.spectra();
        let gauss = |sigma: f64, f2: f64| (-4.0 * PI * PI * sigma * sigma * f2).exp();
        let space = |u: f64, v: f64, sigma: f64| if u == 0.0 && v == 0.0 { 0.0 } else { gauss(sigma, u * u + v * v) };
        let time = |w: f64, alpha: f64| {
            alpha * alpha / (1.0 - 2.0 * (1.0 - alpha) * (2.0 * PI * w).cos() + (1.0 - alpha) * (1.0 - alpha))
        };
        (
            SPACE.map(|sigma| self.error(&spectra, &|u, v, _| space(u, v, sigma))),
            TIME.map(|sigma| self.error(&spectra, &|_, _, w| if w == 0.0 { 0.0 } else { gauss(sigma, w * w) })),
            ACCUMULATIONS.map(|(alpha, sigma)| self.error(&spectra, &|u, v, w| time(w, alpha) * space(u, v, sigma))),
        )
    }

    /// The squared error of all thresholds after the filters, over that of white noise, dB: x, y and time one after the other, or
    /// with `separate` the weighted sum of the errors of space alone and of time alone.
    #[must_use]
    pub fn filtered_error(&self, [x, y, time]: [&[f64]; 3], separate: Option<f64>) -> f64 {
        let parts: Vec<(f64, [&[f64]; 3])> = match separate {
            None => vec![(1.0, [x, y, time])],
            Some(w) => vec![(w, [x, y, &[1.0]]), (1.0 - w, [&[1.0], &[1.0], time])],
        };
        let (mut error, mut white) = (0.0, 0.0);
        for threshold in 1..self.pixels() {
            let pattern = self.pattern(threshold as f64);
            let density = pattern.iter().flatten().sum::<f64>() / (pattern.len() * self.pixels()) as f64;
            let about: Vec<Vec<f64>> =
                pattern.iter().map(|layer| layer.iter().map(|x| x - density).collect()).collect();
            for (weight, [x, y, time]) in &parts {
                let blurred: Vec<Vec<f64>> = about.iter().map(|layer| self.filtered(layer, x, y)).collect();
                for k in 0..blurred.len() {
                    let mut sums = vec![0.0; self.pixels()];
                    for (d, tap) in time.iter().enumerate() {
                        for (sum, value) in sums.iter_mut().zip(&blurred[(k + d) % blurred.len()]) {
                            *sum += tap * value;
                        }
                    }
                    error += weight * sums.iter().map(|sum| sum * sum).sum::<f64>();
                }
                // K(0) of the filters wrapped around the torus
                let centre: f64 = [(x, self.width), (y, self.height), (time, blurred.len())]
                    .iter()
                    .map(|(taps, side)| {
                        let mut around = vec![0.0; *side];
                        for (i, tap) in taps.iter().enumerate() {
                            around[i % side] += tap;
                        }
                        around.iter().map(|tap| tap * tap).sum::<f64>()
                    })
                    .product();
                white += weight * centre * density * (1.0 - density) * (pattern.len() * self.pixels()) as f64;
            }
        }
        decibels(error / white)
    }
}

/// Error in space of the sum of channels at equal levels, dB relative to independent white noise.
#[must_use]
pub fn summed(channels: &[Volume]) -> [f64; 3] {
    let first = &channels[0];
    let mut spectra: Vec<(f64, Vec<Vec<Complex>>)> = Vec::new();
    for channel in channels {
        for (k, (variance, spectrum)) in channel.spectra().into_iter().enumerate() {
            match spectra.get_mut(k) {
                None => spectra.push((variance, spectrum)),
                Some((sum, all)) => {
                    *sum += variance;
                    for (a, b) in all.iter_mut().flatten().zip(spectrum.into_iter().flatten()) {
                        *a = *a + b;
                    }
                }
            }
        }
    }
    SPACE.map(|sigma| {
        let weight = |u: f64, v: f64, _: f64| {
            if u == 0.0 && v == 0.0 { 0.0 } else { (-4.0 * PI * PI * sigma * sigma * (u * u + v * v)).exp() }
        };
        first.error(&spectra, &weight)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    fn white(seed: u64, width: usize, height: usize, layers: usize) -> Volume {
        let mut noise = Noise::new(seed);
        let mut layer = || {
            let keys: Vec<u64> = (0..width * height).map(|_| noise.bits()).collect();
            let mut order: Vec<usize> = (0..keys.len()).collect();
            order.sort_by_key(|i| keys[*i]);
            let mut ranks = vec![0; keys.len()];
            (0..).zip(order).for_each(|(rank, i)| ranks[i] = rank);
            ranks
        };
        Volume { width, height, layers: (0..layers).map(|_| layer()).collect() }
    }

    /// The mean of white noise over seeds is 0 dB; the figures are means of powers, so powers are averaged.
    #[test]
    fn white_noise_is_at_zero() {
        let mut sums = [0.0; 12];
        for seed in 0..6 {
            let volume = white(seed, 16, 16, 8);
            let (space, time, accumulated) = volume.space_time();
            let filters = [&[1.0, 2.0, 1.0][..], &[1.0, 2.0, 1.0], &[1.0, 0.5]];
            let loss = volume.filtered_error(filters, None);
            for (sum, db) in sums.iter_mut().zip(space.into_iter().chain(time).chain(accumulated).chain([loss])) {
                *sum += 10.0_f64.powf(db / 10.0) / 6.0;
            }
        }
        assert!(sums.iter().all(|mean| decibels(*mean).abs() < 0.35), "{sums:?}");
    }

    /// One frame of white noise: the variance is the mean of g(1 − g), a sixth, times the squares of the taps.
    #[test]
    fn frames_of_white_noise() {
        let thresholds: Vec<f64> = (0..32).map(|s| (2.0 * f64::from(s) + 1.0) / 32.0 - 1.0).collect();
        let ema = |k: usize| {
            let mut weights: Vec<f64> = (0..=k).map(|j| 0.25 * 0.75_f64.powi(j as i32)).collect();
            weights[k] /= 0.25;
            weights
        };
        let variances = white(3, 32, 32, 12).frames(&thresholds, &[1.0, 1.0], &ema);
        assert!((variances[0] * 24.0 - 1.0).abs() < 0.1, "{variances:?}");
        // the steady state of α: α/(2 − α)
        assert!((variances[11] * 24.0 * 7.0 - 1.0).abs() < 0.15, "{variances:?}");
    }
}
