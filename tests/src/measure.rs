//! How blue a grey mask is: the naive twin of the core's measurement. Any size.
//!
//! `P = |X|²/(M·variance)`, variance `(1/M)·Σ (x − mean)²`, DC excluded: white noise has 1 (exactly, the mean over all
//! bins but DC is M/(M − 1)). Decibels are `10·log10` of it. All sums run over the bins of the full plane, so a real
//! image's bins come in pairs of equal power. Which ring a bin is in, and whether `f ≤ R`, is decided in integers.

use crate::dft::{forward, wrapped};

/// The radii R of the grey low power, in thousandths of a cycle/pixel.
pub const RADII: [u32; 6] = [100, 125, 200, 250, 300, 350];
/// Rings per cycle/pixel: ring i holds `i/64 ≤ f < (i + 1)/64`.
pub const RINGS_PER_CYCLE: u32 = 64;
/// Rings that exist: f is at most √½, in ring 45.
pub const RING_COUNT: usize = 46;

/// The fewest bins of a ring that counts for [`anisotropy`].
pub const MIN_ANISOTROPY_BINS: usize = 4;

/// A ring of less mean power, -120 dB, holds rounding only and does not count for [`anisotropy`].
pub const MIN_ANISOTROPY_POWER: f64 = 1e-12;

/// A ring's variance/mean² counts for at least this, -100 dB, in [`anisotropy`].
pub const ANISOTROPY_FLOOR: f64 = 1e-10;

/// The figures of a grey mask, dB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grey {
    /// [`low_power`] for each of [`RADII`].
    pub low_power: [f64; RADII.len()],
    /// [`flatness`].
    pub flatness: f64,
    /// [`anisotropy`].
    pub anisotropy: f64,
}

/// One ring of the spectrum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ring {
    /// Bins of the full plane in it, DC excluded.
    pub bins: usize,
    /// Mean of their P, relative to white; 0 if there is no bin.
    pub mean: f64,
    /// Population variance of their P; 0 if there is no bin.
    pub variance: f64,
}

/// `10·log10(power)`; a power of exactly 0 counts as 1e-30. NaN of NaN.
#[must_use]
pub fn decibels(power: f64) -> f64 {
    10.0 * (if power == 0.0 { 1e-30 } else { power }).log10()
}

/// `P = |X|²/(M·variance)`, W x H, 0 for DC; all 0 for a constant image. The mean is taken off before the transform.
#[must_use]
pub fn power(image: &[f64], width: usize, height: usize) -> Vec<f64> {
    let pixels = image.len() as f64;
    let mean = image.iter().sum::<f64>() / pixels;
    let centred: Vec<f64> = image.iter().map(|x| x - mean).collect();
    let variance = centred.iter().map(|x| x * x).sum::<f64>() / pixels;
    let mut power: Vec<f64> = forward(&centred, width, height)
        .iter()
        .map(|bin| if variance > 0.0 { bin.norm_sqr() / (pixels * variance) } else { 0.0 })
        .collect();
    power[0] = 0.0;
    power
}

/// f² of a bin as an exact fraction: `(u²·H² + v²·W², W²·H²)`, u and v wrapped.
pub(crate) fn squared_frequency(bin: usize, width: usize, height: usize) -> (u128, u128) {
    let u = u128::from(wrapped(bin % width, width).unsigned_abs());
    let v = u128::from(wrapped(bin / width, height).unsigned_abs());
    let (w, h) = (width as u128, height as u128);
    (u * u * h * h + v * v * w * w, w * w * h * h)
}

/// The ring that a bin is in: `⌊64·f⌋`.
#[must_use]
pub fn ring_of(bin: usize, width: usize, height: usize) -> usize {
    let (numerator, denominator) = squared_frequency(bin, width, height);
    (u128::from(RINGS_PER_CYCLE * RINGS_PER_CYCLE) * numerator / denominator).isqrt() as usize
}

/// Grey low power in dB: `10·log10` of the mean of P over the bins of the full plane with `0 < f ≤ R`, R in thousandths
/// of a cycle/pixel. NaN if there is no such bin.
#[must_use]
pub fn low_power(power: &[f64], width: usize, height: usize, radius: u32) -> f64 {
    let (mut sum, mut bins) = (0.0, 0);
    for (bin, &p) in power.iter().enumerate().skip(1) {
        let (numerator, denominator) = squared_frequency(bin, width, height);
        if 1_000_000 * numerator <= u128::from(radius) * u128::from(radius) * denominator {
            sum += p;
            bins += 1;
        }
    }
    decibels(sum / f64::from(bins))
}

/// Every ring, [`RING_COUNT`] of them, from [`power`].
#[must_use]
pub fn rings(power: &[f64], width: usize, height: usize) -> Vec<Ring> {
    let mut members = vec![Vec::new(); RING_COUNT];
    for (bin, &p) in power.iter().enumerate().skip(1) {
        members[ring_of(bin, width, height)].push(p);
    }
    members.iter().map(|powers| ring(powers)).collect()
}

fn ring(powers: &[f64]) -> Ring {
    if powers.is_empty() {
        return Ring::default();
    }
    let (mean, variance) = mean_and_variance(powers);
    Ring { bins: powers.len(), mean, variance }
}

/// Mean and population variance, in two passes.
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count)
}

/// Whether a ring's centre, `(i + ½)/64`, lies strictly between two frequencies in thousandths of a cycle/pixel.
const fn centre_within(ring: usize, low: usize, high: usize) -> bool {
    let centre = 1000 * (2 * ring + 1);
    centre > 128 * low && centre < 128 * high
}

/// Flatness in dB: population standard deviation of `10·log10(ring mean)` over the rings that hold a bin and whose
/// centre lies in (0.35, 0.5) cycles/pixel: i = 22 … 31. NaN if no ring does.
#[must_use]
pub fn flatness(rings: &[Ring]) -> f64 {
    let chosen = rings.iter().enumerate().filter(|&(i, ring)| centre_within(i, 350, 500) && ring.bins > 0);
    let means: Vec<f64> = chosen.map(|(_, ring)| decibels(ring.mean)).collect();
    mean_and_variance(&means).1.sqrt()
}

/// Anisotropy in dB: mean of `10·log10(variance/mean²)` over the rings of at least [`MIN_ANISOTROPY_BINS`], with power,
/// whose centre lies in (0.35, 0.7) cycles/pixel: i = 22 … 44. NaN if there is no such ring. A ring that holds one
/// conjugate pair and no more has no variance but rounding's, and would spoil the mean: it happens where a mask is not
/// square (16x32, 16x64).
#[must_use]
pub fn anisotropy(rings: &[Ring]) -> f64 {
    let counts = |ring: &Ring| ring.bins >= MIN_ANISOTROPY_BINS && ring.mean > MIN_ANISOTROPY_POWER;
    let chosen = rings.iter().enumerate().filter(|&(i, ring)| centre_within(i, 350, 700) && counts(ring));
    let ratio = |ring: &Ring| (ring.variance / (ring.mean * ring.mean)).max(ANISOTROPY_FLOOR);
    let ratios: Vec<f64> = chosen.map(|(_, ring)| decibels(ratio(ring))).collect();
    mean_and_variance(&ratios).0
}

/// All figures of a grey mask: W x H values of any scale and offset.
#[must_use]
pub fn grey(image: &[f64], width: usize, height: usize) -> Grey {
    let power = power(image, width, height);
    let rings = rings(&power, width, height);
    Grey {
        low_power: RADII.map(|radius| low_power(&power, width, height, radius)),
        flatness: flatness(&rings),
        anisotropy: anisotropy(&rings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dft::radial_frequencies;
    use crate::noise::uniform_image;
    use std::f64::consts::TAU;

    #[test]
    fn white_noise_is_at_zero() {
        let (mut low, mut flat, mut anisotropic) = ([0.0; RADII.len()], 0.0, 0.0);
        for seed in 0..8 {
            let figures = grey(&uniform_image(seed, 128 * 128), 128, 128);
            for (sum, one) in low.iter_mut().zip(figures.low_power) {
                *sum += one / 8.0;
            }
            flat += figures.flatness / 8.0;
            anisotropic += figures.anisotropy / 8.0;
        }
        assert!(low.iter().all(|db| db.abs() < 0.3), "{low:?}");
        // A ring has some 300 to 500 bins, in pairs: 4.34 dB/√200 = 0.3 dB.
        assert!((0.15..0.5).contains(&flat), "{flat}");
        assert!(anisotropic.abs() < 0.3, "{anisotropic}");
    }

    #[test]
    fn the_mean_power_is_that_of_parseval_whatever_the_scale() {
        let image = uniform_image(1, 20 * 15);
        let moved: Vec<f64> = image.iter().map(|x| 100.0 + 7.0 * x).collect();
        let (p, q) = (power(&image, 20, 15), power(&moved, 20, 15));
        assert!((p.iter().sum::<f64>() / 300.0 - 1.0).abs() < 1e-12);
        assert!(p.iter().zip(&q).all(|(p, q)| (p - q).abs() < 1e-10));
        assert_eq!(power(&[3.0; 64], 8, 8), [0.0; 64]);
    }

    #[test]
    fn one_wave_is_in_one_ring() {
        // f = √(4² + 6²)/32 = 0.2253, ring 14: two conjugate bins share the total of M.
        let wave = |i: usize| (TAU * (4 * (i % 32) + 6 * (i / 32)) as f64 / 32.0).cos();
        let image: Vec<f64> = (0..1024).map(wave).collect();
        let power = power(&image, 32, 32);
        let rings = rings(&power, 32, 32);
        let sum: f64 = rings[14].mean * rings[14].bins as f64;
        assert!((sum - 1024.0).abs() < 1e-9, "{sum}");
        assert!(rings.iter().enumerate().all(|(i, ring)| i == 14 || ring.mean < 1e-20));
        let inside = (1..1024).filter(|&bin| radial_frequencies(32, 32)[bin] <= 0.25).count();
        let expected = 10.0 * (1024.0 / inside as f64).log10();
        assert!((low_power(&power, 32, 32, 250) - expected).abs() < 1e-9);
        assert!(low_power(&power, 32, 32, 200) < -200.0);
    }

    #[test]
    fn rings_hold_every_bin_once_and_keep_their_borders() {
        for (width, height) in [(16, 16), (64, 32), (10, 20), (50, 50)] {
            let frequencies = radial_frequencies(width, height);
            let counts = rings(&vec![1.0; width * height], width, height);
            assert_eq!(counts.iter().map(|ring| ring.bins).sum::<usize>(), width * height - 1);
            for (bin, f) in frequencies.into_iter().enumerate() {
                let ring = ring_of(bin, width, height) as f64;
                assert!(ring <= 64.0 * f + 1e-9 && 64.0 * f < ring + 1.0 + 1e-9);
            }
        }
        // f = 3/16 = 12/64 begins ring 12; 3-4-5 triangles reach f = 1/10 and ½ exactly.
        assert_eq!((ring_of(3, 16, 16), ring_of(3 * 10 + 4, 10, 10), ring_of(8, 16, 16)), (12, 32, 32));
        let mut one = vec![0.0; 2500];
        one[3 * 50 + 4] = 1.0;
        assert!(low_power(&one, 50, 50, 100).is_finite() && low_power(&one, 50, 50, 100) > -30.0);
        assert!(low_power(&one, 50, 50, 99) < -290.0);
    }

    #[test]
    fn the_chosen_rings() {
        let chosen = |low, high| (0..RING_COUNT).filter(|&i| centre_within(i, low, high)).collect::<Vec<_>>();
        assert_eq!(chosen(350, 500), (22..=31).collect::<Vec<_>>());
        assert_eq!(chosen(350, 700), (22..=44).collect::<Vec<_>>());
    }
}
