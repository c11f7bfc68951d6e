//! Each term's value and every partial derivative against the f64 reference and its central differences.

use crate::common::{self, values, with_generator};
use bluegrad::recipe::Ranks;
use bluegrad::spectral::{Knot, Profile};
use bluegrad::{Config, Distribution, Losses, Optimizer, Recipe, Schedule, Spectral, TermWeight};
use bluegrad_tests::noise::to_f64;
use bluegrad_tests::terms::{self, NAMES, Objective, TERMS, Terms};

/// Each partial derivative by central differences, which cost two transforms a pixel.
const SMALL: [(u32, u32); 3] = [(16, 16), (32, 16), (16, 32)];
/// By the reference's analytic gradient, whose own tests hold it against central differences.
const LARGE: [(u32, u32); 4] = [(16, 64), (64, 32), (128, 64), (16, 256)];

const KNOTS: [Knot; 3] = [
    Knot { frequency: 0.1, amplitude: 0.2 },
    Knot { frequency: 0.3, amplitude: 0.1 },
    Knot { frequency: 0.5, amplitude: 1.5 },
];

/// One step of plain descent with step size 1, no term yet: `x' = x − ∂L/∂x`.
const BARE: Spectral = Spectral {
    steps: 1,
    optimizer: Optimizer::GRADIENT_DESCENT,
    step_size: Schedule::constant(1.0),
    histogram_step_size: Schedule::constant(1.0),
    cutoff: 0.37,
    ..Spectral::EMPTY
};

fn config(width: u32, height: u32, stage: Spectral, distribution: Distribution) -> Config {
    let recipe = Recipe { profile: Profile::new(&KNOTS), ..Recipe::spectral(&[stage]) };
    Config { recipe, distribution, seed: 11, ..Config::new(bluegrad::Preset::Spectral, width, height) }
}

/// The values before the step, the loss there, and the gradient that the step took.
fn step(config: &Config) -> (Vec<f64>, f64, Vec<f64>) {
    with_generator(config, |mut generator| {
        let before = values(&mut generator);
        let report = generator.step(1).expect("a good block");
        let after = values(&mut generator);
        let gradient: Vec<f64> = before.iter().zip(&after).map(|(x, y)| f64::from(*x) - f64::from(*y)).collect();
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        assert!((norm - f64::from(report.gradient_norm)).abs() < 1e-4 * norm + 1e-5, "gradient norm");
        (to_f64(&before), f64::from(report.losses.total()), gradient)
    })
}

fn scaled(factor: f64, values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| factor * value).collect()
}

/// By central differences where that is quick, else as given.
fn derivatives(x: &[f64], value: impl Fn(&[f64]) -> f64, analytic: impl FnOnce() -> Vec<f64>) -> Vec<f64> {
    if x.len() <= 512 { terms::central_differences(x, 1e-4, value) } else { analytic() }
}

/// Value within 1e-5, gradient within what rounding x' = x − g costs.
fn compare(what: &str, (loss, gradient): (f64, &[f64]), (expected, derivatives): (f64, &[f64])) {
    assert!((loss - expected).abs() < 1e-5 * expected.abs() + 1e-7, "{what}: loss {loss}, reference {expected}");
    let scale = derivatives.iter().map(|d| d.abs()).fold(0.0, f64::max);
    for (i, (g, d)) in gradient.iter().zip(derivatives).enumerate() {
        assert!((g - d).abs() < 2e-5 * scale + 3e-7, "{what}, pixel {i}: {g}, reference {d}");
    }
}

/// A stage of one term alone.
fn alone(name: &str, weight: f32) -> Spectral {
    let mut stage = BARE;
    let index = NAMES.iter().position(|own| *own == name).expect("a term");
    *terms::weights(&mut stage)[index] = TermWeight::new(weight);
    stage
}

/// All but the histogram, each alone.
#[test]
fn terms_on_amplitudes() {
    // the weight brings gradients near 1, so that the rounding of x' does not drown them
    let weight = 4.0_f32;
    for name in &NAMES[..TERMS - 1] {
        for (width, height) in SMALL.into_iter().chain(LARGE) {
            for distribution in [Distribution::UNIFORM, Distribution::TRIANGULAR] {
                let (x, loss, gradient) = step(&config(width, height, alone(name, weight), distribution));
                let objective = Objective::new(width as usize, height as usize, &distribution, &Profile::new(&KNOTS));
                let term = |x: &[f64]| objective.term(name, x, f64::from(BARE.cutoff));
                let value = |x: &[f64]| f64::from(weight) * term(x).loss;
                let derivatives = derivatives(&x, value, || scaled(f64::from(weight), &term(&x).gradient));
                compare(&format!("{name}, {width}x{height}"), (loss, &gradient), (value(&x), &derivatives));
            }
        }
    }
}

/// For uniform values `targets` is linspace(−1, 1, n); the derivative holds the ranks, so the difference must be small.
#[test]
fn histogram_by_exact_ranks() {
    for (width, height) in SMALL {
        for distribution in [Distribution::UNIFORM, Distribution::GAUSSIAN] {
            let stage = Spectral { histogram: TermWeight::new(0.5), ..BARE };
            let (x, loss, gradient) = step(&config(width, height, stage, distribution));
            let targets = terms::targets(&distribution, x.len());
            let value = |x: &[f64]| 0.5 * terms::histogram(x, &targets).loss;
            let derivatives = terms::central_differences(&x, 1e-9, value);
            let analytic = terms::histogram(&x, &targets).gradient;
            compare("histogram", (loss, &gradient), (value(&x), &scaled(0.5, &analytic)));
            for (g, d) in gradient.iter().zip(&derivatives) {
                assert!((g - d).abs() < 1e-4, "{g}, by central differences {d}");
            }
        }
    }
}

/// Binned ranks: the wanted values within 2/1000 of those of exact ranks.
#[test]
fn histogram_by_bins() {
    for (width, height) in [(32, 32), (64, 64), (128, 64)] {
        for distribution in [Distribution::UNIFORM, Distribution::TRIANGULAR, Distribution::GAUSSIAN] {
            let stage = Spectral { histogram: TermWeight::new(0.5), ..BARE };
            let (_, exact_loss, exact) = step(&config(width, height, stage, distribution));
            let stage = Spectral { ranks: Ranks::Binned, ..stage };
            let (_, loss, binned) = step(&config(width, height, stage, distribution));
            let n = f64::from(width * height);
            let rms = (exact.iter().zip(&binned).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / n).sqrt();
            // a rank is off by up to one part in n, and a Gaussian's tails stretch it
            assert!(rms < 1e-3 + 2.0 / n, "{width}x{height} {:?}: RMS {rms:.1e}", distribution.kind);
            assert!((loss - exact_loss).abs() < 0.05 * exact_loss + 1e-3, "{loss} and {exact_loss}");
        }
    }
}

/// All terms at once; the report's parts are weighted, and `evaluate` says the same without a step.
#[test]
fn all_terms_together() {
    let mut stage = BARE;
    let mut weights = Terms::default();
    for (i, weight) in terms::weights(&mut stage).into_iter().enumerate() {
        *weight = TermWeight::new(1.5 / (i + 1) as f32);
        weights.0[i] = f64::from(weight.weight);
    }
    let config = config(32, 32, stage, Distribution::TRIANGULAR);
    let (x, loss, gradient) = step(&config);
    let objective = Objective::new(32, 32, &Distribution::TRIANGULAR, &Profile::new(&KNOTS));
    let total = objective.total(&x, f64::from(0.37_f32), &weights);
    compare("total", (loss, &gradient), (total.loss, &total.gradient));

    with_generator(&config, |mut generator| {
        let evaluated = generator.evaluate(&stage).expect("a good block");
        let reported = generator.step(1).expect("a good block").losses;
        let near = |a: f32, b: f32| (a - b).abs() < 1e-5 * b;
        assert_eq!(Losses::NAMES, NAMES);
        for ((name, evaluated), (_, reported)) in evaluated.iter().zip(reported.iter()) {
            assert!(reported > 0.0 && near(evaluated, reported), "{name}: {evaluated}, in the step {reported}");
        }
        assert!(evaluated.by_term[Losses::NAMES.len()..].iter().all(|loss| *loss == 0.0));
    });
}

/// |X| has no gradient at 0: a flat image must not make NaNs.
#[test]
fn zero_amplitudes_have_no_gradient() {
    struct Zero;
    impl rand_core::TryRng for Zero {
        type Error = core::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(1 << 31)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(1 << 63)
        }
        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
            to.fill(0);
            Ok(())
        }
    }
    let mut stage = BARE;
    let weights = terms::weights(&mut stage);
    for weight in weights.into_iter().take(TERMS - 1) {
        *weight = TermWeight::new(1.0);
    }
    let config = config(16, 16, stage, Distribution::UNIFORM);
    let mut memory = common::memory(&config);
    let memory = bluegrad::Line::as_bytes_mut(&mut memory);
    let mut generator = bluegrad::Generator::init_with_rng(memory, &config, &mut Zero).expect("a valid configuration");
    generator.step(1).expect("a good block");
    assert!(values(&mut generator).iter().all(|value| *value == 0.0));
}
