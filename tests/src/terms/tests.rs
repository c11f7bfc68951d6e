//! Gradients against central differences, and the ground that the terms stand on: quantiles and profile amplitudes.

use super::*;
use crate::noise::uniform_image;
use bluegrad::distribution::TABLE_LEN;
use bluegrad::recipe::PUBLISHED_CUTOFF;
use bluegrad::spectral::Knot;
use core::array::from_fn;

const SHAPES: [(usize, usize); 4] = [(16, 16), (16, 32), (32, 16), (10, 7)];
const STEP: f64 = 1e-3;

fn band_pass() -> Profile {
    let knot = |frequency, amplitude| Knot { frequency, amplitude };
    Profile::new(&[knot(0.05, 0.25), knot(0.2, 0.0), knot(0.4, 2.0), knot(0.6, 0.5)])
}

fn check(name: &str, image: &[f64], term: impl Fn(&[f64]) -> Evaluation) {
    let exact = term(image).gradient;
    let error = relative_error(&exact, &central_differences(image, STEP, |x| term(x).loss));
    assert!(error < 1e-6, "{name}, {} pixels: relative error {error:e}", image.len());
}

#[test]
fn gradients_on_amplitudes_are_the_central_differences() {
    let published = f64::from(PUBLISHED_CUTOFF);
    let cases = [
        (published, Distribution::UNIFORM, Profile::BLUE),
        (0.1, Distribution::UNIFORM, band_pass()),
        (0.7, Distribution::GAUSSIAN, Profile::BLUE),
        (0.7, Distribution::GAUSSIAN, band_pass()),
    ];
    for (seed, (width, height)) in SHAPES.into_iter().enumerate() {
        let image = uniform_image(seed as u64, width * height);
        for (cutoff, distribution, profile) in &cases {
            let objective = Objective::new(width, height, distribution, profile);
            for name in &NAMES[..TERMS - 1] {
                check(name, &image, |x| objective.term(name, x, *cutoff));
            }
        }
    }
}

/// Values that stand apart: each its own target moved by less than half a gap, shuffled, so no step changes a rank.
fn apart(n: usize, targets: &[f64]) -> Vec<f64> {
    let order = ranks(&uniform_image(5, n));
    let jitter = uniform_image(6, n);
    order.iter().zip(jitter).map(|(&rank, jitter)| targets[rank] + 0.3 * jitter / n as f64).collect()
}

#[test]
fn histogram_and_total_gradients_are_the_central_differences() {
    for (width, height) in SHAPES {
        let n = width * height;
        let objective = Objective::new(width, height, &Distribution::UNIFORM, &band_pass());
        let image = apart(n, &objective.targets);
        let h = 1e-4;
        let term = |x: &[f64]| histogram(x, &objective.targets);
        let error = relative_error(&term(&image).gradient, &central_differences(&image, h, |x| term(x).loss));
        assert!(error < 1e-6, "histogram, {width}x{height}: relative error {error:e}");
        let weights = Terms(from_fn(|i| 0.3 / (i + 1) as f64));
        let total = |x: &[f64]| objective.total(x, 0.4, &weights);
        let error = relative_error(&total(&image).gradient, &central_differences(&image, h, |x| total(x).loss));
        assert!(error < 1e-6, "total, {width}x{height}: relative error {error:e}");
    }
}

#[test]
fn the_total_is_the_weighted_sum_of_the_terms() {
    let (width, height, cutoff) = (16, 8, 0.3);
    let image = uniform_image(9, width * height);
    let objective = Objective::new(width, height, &Distribution::TRIANGULAR, &Profile::BLUE);
    let weights = Terms(from_fn(|i| 0.5 + i as f64));
    let parts = NAMES.map(|name| (weights.of(name), objective.term(name, &image, cutoff)));
    let total = objective.total(&image, cutoff, &weights);
    let loss: f64 = parts.iter().map(|(weight, part)| weight * part.loss).sum();
    assert!((total.loss / loss - 1.0).abs() < 1e-13);
    let mut gradient = vec![0.0; image.len()];
    for (weight, part) in &parts {
        add_scaled(&mut gradient, *weight, &part.gradient);
    }
    assert!(relative_error(&total.gradient, &gradient) < 1e-12);
}

#[test]
fn low_band_is_a_quadratic_form_and_zero_has_no_gradient() {
    let image = uniform_image(2, 256);
    let objective = Objective::new(16, 16, &Distribution::UNIFORM, &Profile::BLUE);
    let Evaluation { loss, gradient } = objective.term("low band", &image, 0.4);
    let half: f64 = image.iter().zip(&gradient).map(|(x, g)| 0.5 * x * g).sum();
    assert!((half / loss - 1.0).abs() < 1e-12, "Euler: x·∂L/∂x = 2L");
    let flat = objective.term("smoothness", &[0.0; 256], 0.4);
    assert_eq!(flat, Evaluation { loss: 0.0, gradient: vec![0.0; 256] });
}

#[test]
fn profile_aims_have_the_power_of_the_targets() {
    for distribution in [Distribution::UNIFORM, Distribution::TRIANGULAR, Distribution::GAUSSIAN] {
        let targets = targets(&distribution, 512);
        let aims = profile_aims(16, 32, &band_pass(), &targets);
        // Parseval: what any image with these values has outside DC, whatever their places.
        let spectrum = forward(&apart(512, &targets), 16, 32);
        let moved: f64 = spectrum.iter().skip(1).map(|bin| bin.norm_sqr()).sum();
        let aimed: f64 = aims.iter().map(|aim| aim * aim).sum();
        assert!((aimed / moved - 1.0).abs() < 1e-2, "{aimed} and {moved}");
        let spectrum = forward(&targets, 16, 32);
        let power: f64 = spectrum.iter().skip(1).map(|bin| bin.norm_sqr()).sum();
        assert!((aimed / power - 1.0).abs() < 1e-12 && aims[0] == 0.0);
    }
}

#[test]
fn ranks_go_by_value_then_index() {
    assert_eq!(ranks(&[0.5, -1.0, 0.5, 0.0, -0.0, 2.0, -1.0]), [4, 0, 5, 2, 3, 6, 1]);
    let image = uniform_image(1, 100);
    let (ranks, targets) = (ranks(&image), targets(&Distribution::UNIFORM, 100));
    assert_eq!((targets[0], targets[99]), (-1.0, 1.0));
    let mut sorted = image.clone();
    sorted.sort_by(f64::total_cmp);
    assert!(image.iter().zip(ranks).all(|(&x, rank)| sorted[rank] == x));
    // The term is the distance of the sorted values from the targets.
    let direct: f64 = sorted.iter().zip(&targets).map(|(x, t)| (x - t) * (x - t)).sum();
    assert!((histogram(&image, &targets).loss / direct - 1.0).abs() < 1e-13);
}

/// Distribution function of a truncated Gaussian on [−1, 1] by Simpson's rule.
fn gaussian_cdf(sigma: f64, x: f64) -> f64 {
    let integral = |end: f64| {
        let (steps, density) = (2000, |x: f64| (-0.5 * (x / sigma).powi(2)).exp());
        let h = (end + 1.0) / f64::from(steps);
        let inner: f64 = (1..steps).map(|i| f64::from(2 + 2 * (i % 2)) * density(-1.0 + h * f64::from(i))).sum();
        h / 3.0 * (density(-1.0) + inner + density(end))
    };
    integral(x) / integral(1.0)
}

#[test]
fn quantiles_invert_the_distribution_functions() {
    for i in 0..=200 {
        let u = f64::from(i) / 200.0;
        assert_eq!(Distribution::UNIFORM.quantile(u), 2.0 * u - 1.0);
        let x = Distribution::TRIANGULAR.quantile(u);
        let cdf = if x < 0.0 { 0.5 * (1.0 + x) * (1.0 + x) } else { 1.0 - 0.5 * (1.0 - x) * (1.0 - x) };
        assert!((cdf - u).abs() < 1e-15, "triangular {u}");
        for sigma in [0.15_f32, 1.0 / 3.0, 2.0] {
            let distribution = Distribution { sigma, ..Distribution::GAUSSIAN };
            let cdf = gaussian_cdf(f64::from(sigma), distribution.quantile(u));
            assert!((cdf - u).abs() < 1e-10, "Gaussian {sigma} {u}: {cdf}");
        }
        let mut table = [0.0; TABLE_LEN];
        for (j, q) in table.iter_mut().enumerate() {
            *q = (j as f32 / 32.0 - 1.0).powi(3);
        }
        let place = u * 64.0;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let part = place - place.floor();
        let wanted = f64::from(table[low]) * (1.0 - part) + f64::from(table[high]) * part;
        assert!((Distribution::from_table(table).quantile(u) - wanted).abs() < 1e-14, "table {u}");
    }
}

#[test]
fn profile_amplitudes_are_linear_between_knots() {
    let profile = band_pass();
    let knots = &profile.knots[..profile.knot_count as usize];
    for i in 0..=800 {
        let f = f64::from(i) / 1000.0;
        let last = knots[knots.len() - 1];
        let outside = if f <= f64::from(knots[0].frequency) { knots[0] } else { last };
        let mut wanted = f64::from(outside.amplitude);
        for pair in knots.windows(2) {
            let [a, b] = pair else { unreachable!("windows of two") };
            let (f0, f1) = (f64::from(a.frequency), f64::from(b.frequency));
            if (f0..=f1).contains(&f) {
                let toward = (f - f0) / (f1 - f0);
                wanted = f64::from(a.amplitude) * (1.0 - toward) + f64::from(b.amplitude) * toward;
            }
        }
        assert!((profile.amplitude(f) - wanted).abs() < 1e-14, "{f}: {} and {wanted}", profile.amplitude(f));
    }
}
