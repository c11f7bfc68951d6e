//! How blue the binary patterns of a mask are: the naive twin of the core's `measure::patterns`. Any size, brute force.
//!
//! The pattern at grey level `g = k/128` sets the pixels than which fewer than `round(g·n)` pixels are less. Its power P is
//! [`power`] of it: over n·ρ(1 − ρ), ρ its own mean, so that white noise has 1. The blur is
//! `Ĝ(f) = exp(−2π²σ²f²)` on the bins; where the core sums in the spectrum this sums in space, and the other way round.

use crate::dft::{Complex, forward, inverse_real, radial_frequencies};
use crate::measure::{anisotropy, decibels, power, rings, squared_frequency};

/// Deviations of the blurs, pixels.
pub const SIGMAS: [f64; 5] = [1.0, 1.5, 1.9, 2.0, 3.0];
/// The least a level counts for in a mean of dB.
pub const FLOOR: f64 = -100.0;

/// The figures of one level, dB but for [`SimdLevel::rms`]. All NaN if the pattern has one colour only.
#[derive(Clone, Debug, PartialEq)]
pub struct SimdLevel {
    /// `Σ|Ĝ|²·P / Σ|Ĝ|²` without DC, for each of [`SIGMAS`].
    pub hvs_error: [f64; 5],
    /// RMS of the blurred pattern minus its mean.
    pub rms: [f64; 5],
    /// Mean of P over 0 < f ≤ principal/2.
    pub low_frequency: f64,
    /// Mean of P over 0 < f < 0.2.
    pub hard_cut: f64,
    /// Of the pattern.
    pub anisotropy: f64,
    /// Largest P but DC's; no dB.
    pub peak: f64,
    /// Column and row, from 0, of every bin of the full plane that has that power but for rounding.
    pub peak_bins: Vec<(usize, usize)>,
}

/// The figures of all levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Patterns {
    /// k = 1 … 127.
    pub levels: Vec<SimdLevel>,
    /// Mean over the levels, dB.
    pub hvs_error_mean: [f64; 5],
    /// Greatest of the levels, dB.
    pub hvs_error_worst: [f64; 5],
    /// Quadratic mean over k/16.
    pub rms: [f64; 5],
    /// dB of the mean power over k/16.
    pub low_frequency: f64,
    /// Mean over the levels, dB.
    pub hard_cut: f64,
    /// Mean over k/16, dB.
    pub anisotropy: f64,
    /// Mean of the levels' peaks over k = 4, 8 … 124, over k = 32, 36 … 96, and the largest of k = 4, 8 … 124.
    pub peaks: [f64; 3],
}

/// The pattern at k/128, 0 or 1 a pixel.
#[must_use]
pub fn pattern(values: &[f64], k: usize) -> Vec<f64> {
    // round(k·n/128), halves up
    let wanted = (2 * k * values.len() + 128) / 256;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // fewer than `wanted` are less: at most the one that stands at wanted − 1
    values.iter().map(|value| f64::from(u8::from(wanted > 0 && *value <= sorted[wanted - 1]))).collect()
}

/// `|Ĝ|²` of each bin of the full plane, 0 for DC.
fn weights(sigma: f64, width: usize, height: usize) -> Vec<f64> {
    let weight =
        |f: f64| if f > 0.0 { (-4.0 * std::f64::consts::PI.powi(2) * sigma * sigma * f * f).exp() } else { 0.0 };
    radial_frequencies(width, height).into_iter().map(weight).collect()
}

/// The pattern, of 0 and 1, blurred in space: convolved with the inverse transform of Ĝ.
fn blurred(pattern: &[f64], sigma: f64, width: usize, height: usize) -> Vec<f64> {
    let kernel: Vec<Complex> =
        weights(sigma, width, height).iter().map(|weight| Complex::new(weight.sqrt(), 0.0)).collect();
    let kernel = inverse_real(&kernel, width, height);
    let mut sums = vec![0.0; pattern.len()];
    for i in (0..pattern.len()).filter(|i| pattern[*i] > 0.0) {
        for (y, sums) in sums.chunks_exact_mut(width).enumerate() {
            let row = &kernel[(y + height - i / width) % height * width..][..width];
            let (right, left) = row.split_at(width - i % width);
            for (sum, value) in sums.iter_mut().zip(left.iter().chain(right)) {
                *sum += value;
            }
        }
    }
    sums
}

/// The mean of P over the bins that are wanted by the fraction of their f².
fn mean_power(power: &[f64], width: usize, height: usize, wanted: impl Fn(u128, u128) -> bool) -> f64 {
    let inside = |bin: &usize| {
        let (numerator, denominator) = squared_frequency(*bin, width, height);
        wanted(numerator, denominator)
    };
    let chosen: Vec<f64> = (1..power.len()).filter(inside).map(|bin| power[bin]).collect();
    decibels(chosen.iter().sum::<f64>() / chosen.len() as f64)
}

/// One level.
#[must_use]
pub fn level(values: &[f64], width: usize, height: usize, k: usize) -> SimdLevel {
    let pattern = pattern(values, k);
    if pattern.iter().all(|value| *value == pattern[0]) {
        return SimdLevel {
            hvs_error: [f64::NAN; 5],
            rms: [f64::NAN; 5],
            low_frequency: f64::NAN,
            hard_cut: f64::NAN,
            anisotropy: f64::NAN,
            peak: f64::NAN,
            peak_bins: Vec::new(),
        };
    }
    let power = power(&pattern, width, height);
    let hvs_error = SIGMAS.map(|sigma| {
        let weights = weights(sigma, width, height);
        let sum: f64 = weights.iter().zip(&power).map(|(weight, power)| weight * power).sum();
        decibels(sum / weights.iter().sum::<f64>())
    });
    // DC is not in the kernel, so what is blurred has mean 0.
    let square_mean = |values: Vec<f64>| values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64;
    let rms = SIGMAS.map(|sigma| square_mean(blurred(&pattern, sigma, width, height)).sqrt());
    let peak = power[1..].iter().copied().fold(0.0, f64::max);
    let is_peak = |bin: &usize| power[*bin] > (1.0 - 1e-6) * peak;
    // f ≤ √g/2 is f² ≤ g/4
    let minority = k.min(128 - k) as u128;
    SimdLevel {
        hvs_error,
        rms,
        low_frequency: mean_power(&power, width, height, |num, den| 512 * num <= minority * den),
        hard_cut: mean_power(&power, width, height, |num, den| 25 * num < den),
        anisotropy: anisotropy(&rings(&power, width, height)),
        peak,
        peak_bins: (1..power.len()).filter(is_peak).map(|bin| (bin % width, bin / width)).collect(),
    }
}

/// Mean of what is not NaN.
fn mean(figures: &[f64]) -> f64 {
    let present: Vec<f64> = figures.iter().copied().filter(|figure| !figure.is_nan()).collect();
    present.iter().sum::<f64>() / present.len() as f64
}

/// All figures of W x H values of any kind.
#[must_use]
pub fn patterns(values: &[f64], width: usize, height: usize) -> Patterns {
    let levels: Vec<SimdLevel> = (1..128).map(|k| level(values, width, height, k)).collect();
    let all = |figure: &dyn Fn(&SimdLevel) -> f64| levels.iter().map(figure).collect::<Vec<f64>>();
    let fifteen =
        |figure: &dyn Fn(&SimdLevel) -> f64| (1..16).map(|k| figure(&levels[8 * k - 1])).collect::<Vec<f64>>();
    let floored = |db: f64| if db < FLOOR { FLOOR } else { db };
    let each = [0, 1, 2, 3, 4];
    let peaks = |first: usize, last: usize| (first..=last).step_by(4).map(|k| levels[k - 1].peak).collect::<Vec<f64>>();
    let worst = peaks(4, 124).into_iter().fold(f64::NAN, f64::max);
    Patterns {
        hvs_error_mean: each.map(|i| mean(&all(&|level| floored(level.hvs_error[i])))),
        hvs_error_worst: each.map(|i| all(&|level| floored(level.hvs_error[i])).into_iter().fold(f64::NAN, f64::max)),
        rms: each.map(|i| mean(&fifteen(&|level| level.rms[i].powi(2))).sqrt()),
        low_frequency: decibels(mean(&fifteen(&|level| 10_f64.powf(level.low_frequency / 10.0)))),
        hard_cut: mean(&all(&|level| floored(level.hard_cut))),
        anisotropy: mean(&fifteen(&|level| level.anisotropy)),
        peaks: [mean(&peaks(4, 124)), mean(&peaks(32, 96)), worst],
        levels,
    }
}

/// The energy of every threshold between two pixels of the sorted values, over that of white noise, dB: in the spectrum,
/// `Σ_t Σ_f |Ĝ|²·|B_t|²` over `Σ_t n·ρ_t(1 − ρ_t)·n/(n − 1)·Σ_f |Ĝ|²`, f without DC.
#[must_use]
pub fn total_energy(values: &[f64], width: usize, height: usize) -> [f64; 5] {
    let n = values.len();
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let all_weights = SIGMAS.map(|sigma| weights(sigma, width, height));
    let (mut sums, mut white) = ([0.0; 5], [0.0; 5]);
    for last in &sorted[..n - 1] {
        let pattern: Vec<f64> = values.iter().map(|value| f64::from(u8::from(value <= last))).collect();
        let density = pattern.iter().sum::<f64>() / n as f64;
        let spectrum = forward(&pattern, width, height);
        for (i, weights) in all_weights.iter().enumerate() {
            sums[i] += weights.iter().zip(&spectrum).map(|(weight, bin)| weight * bin.norm_sqr()).sum::<f64>();
            let per_bin = n as f64 * density * (1.0 - density) * n as f64 / (n - 1) as f64;
            white[i] += per_bin * weights.iter().sum::<f64>();
        }
    }
    [0, 1, 2, 3, 4].map(|i| decibels(sums[i] / white[i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::uniform_image;

    #[test]
    fn patterns_are_nested_and_have_their_density() {
        let values = uniform_image(3, 15 * 9);
        let mut before = vec![0.0; values.len()];
        for k in 1..128 {
            let pattern = pattern(&values, k);
            assert_eq!(pattern.iter().sum::<f64>(), (k as f64 * 135.0 / 128.0 + 0.5).floor(), "{k}");
            assert!(pattern.iter().zip(&before).all(|(now, before)| now >= before), "{k}");
            before = pattern;
        }
    }

    #[test]
    fn white_noise_is_at_zero() {
        let (mut figures, mut rms) = (Vec::new(), [0.0; 5]);
        for seed in 0..4 {
            let values = uniform_image(seed, 32 * 32);
            let patterns = patterns(&values, 32, 32);
            figures.push([patterns.hvs_error_mean[1], patterns.low_frequency, patterns.hard_cut]);
            rms = [0, 1, 2, 3, 4].map(|i| rms[i] + patterns.rms[i] / 4.0);
        }
        for i in 0..3 {
            let mean = mean(&figures.iter().map(|figures| figures[i]).collect::<Vec<_>>());
            assert!(mean.abs() < 0.5, "{i}: {mean}");
        }
        // √(Σ_k (k/16)(1 − k/16)/15 · K(0)), K(0) = 1/4πσ²
        for (rms, sigma) in rms.iter().zip(SIGMAS) {
            let expected = (680.0 / 3840.0 / (4.0 * std::f64::consts::PI * sigma * sigma)).sqrt();
            assert!((rms / expected - 1.0).abs() < 0.1, "{sigma}: {rms}, expected {expected}");
        }
    }

    /// At g = ½ a chequerboard has all its power in one bin, (½, ½).
    #[test]
    fn a_chequerboard_is_one_bin() {
        let values: Vec<f64> = (0..256).map(|i| f64::from((i % 16 + i / 16) % 2)).collect();
        let level = level(&values, 16, 16, 64);
        assert!(level.low_frequency < -250.0 && level.hard_cut < -250.0);
        let weight = |f2: f64| (-4.0 * std::f64::consts::PI.powi(2) * f2).exp();
        let all: f64 = radial_frequencies(16, 16).iter().skip(1).map(|f| weight(f * f)).sum();
        assert!((level.hvs_error[0] - decibels(256.0 * weight(0.5) / all)).abs() < 1e-9);
        assert!((level.rms[0] - 0.5 * weight(0.5).sqrt()).abs() < 1e-12);
        assert!((level.peak - 256.0).abs() < 1e-9 && level.peak_bins == [(8, 8)], "{level:?}");
    }
}
