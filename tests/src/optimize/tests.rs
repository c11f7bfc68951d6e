//! The rules on cases that can be worked out by hand, and the figures that are published for whole runs.

use super::*;
use crate::noise::{Noise, uniform_image};

const CUTOFF: f64 = bluegrad::recipe::PUBLISHED_CUTOFF as f64;

fn random_factors(seed: u64, steps: usize) -> Vec<Terms> {
    let mut noise = Noise::new(seed);
    let mut draw = || noise.unit();
    (0..steps).map(|_| Terms(core::array::from_fn(|_| draw()))).collect()
}

fn gradients(spectral: f64, histogram: f64) -> Gradients {
    Gradients { losses: Terms::default(), spectral: vec![spectral], histogram: vec![histogram] }
}

#[test]
fn rules_by_hand() {
    let run = |rule: &Optimizer, steps: &[(f64, f64)]| {
        let (mut image, mut memory) = ([1.0], Memory::new(1));
        for &(spectral, histogram) in steps {
            apply(&mut image, &mut memory, rule, &gradients(spectral, histogram), (0.5, 0.25));
        }
        image[0]
    };
    assert_eq!(run(&Optimizer::GRADIENT_DESCENT, &[(1.0, 2.0), (0.0, 1.0)]), 1.0 - 1.0 - 0.25);
    assert_eq!(run(&Optimizer::heavy_ball(0.5), &[(1.0, 2.0), (0.0, 1.0)]), 1.0 - 1.0 - 0.75);
    // Adam's first step is s whatever the gradient's size; a second with the same gradient is one more.
    let step = run(&Optimizer::ADAM, &[(3.0, -2.0)]);
    assert!((step - 0.5).abs() < 1e-8, "{step}");
    let step = run(&Optimizer::ADAM, &[(-300.0, 2.0), (-300.0, 2.0)]);
    assert!((step - 2.0).abs() < 1e-8, "{step}");
    // Two different gradients g1 = 1, g2 = 3, by the formulas.
    let (b1, b2) = (f64::from(0.9_f32), f64::from(0.999_f32));
    let mean = (b1 * (1.0 - b1) + (1.0 - b1) * 3.0) / (1.0 - b1 * b1);
    let square = (b2 * (1.0 - b2) + (1.0 - b2) * 9.0) / (1.0 - b2 * b2);
    let step = run(&Optimizer::ADAM, &[(1.0, 0.0), (2.0, 2.0)]);
    assert!((step - (0.5 - 0.5 * mean / square.sqrt())).abs() < 1e-7, "{step}");
}

#[test]
fn schedules_by_hand() {
    let at = |schedule: Schedule| [0, 1, 2].map(|step| schedule_value(&schedule, step, 3));
    assert_eq!(at(Schedule::constant(0.5)), [0.5; 3]);
    assert_eq!(at(Schedule::linear(1.0, 0.0)), [1.0, 0.5, 0.0]);
    assert_eq!(at(Schedule::geometric(4.0, 0.25)), [4.0, 1.0, 0.25]);
    assert_eq!(at(Schedule::geometric(4.0, 0.0)), [4.0, 2.0, 0.0]);
    assert_eq!(schedule_value(&Schedule::linear(3.0, 1.0), 0, 1), 3.0);
}

#[test]
fn projections_come_when_they_should() {
    let stage = Spectral { steps: 6, projection_period: 3, ..Spectral::PUBLISHED };
    let mut run = Run::new(16, 16, &uniform_image(3, 256), &Distribution::TRIANGULAR, &Profile::BLUE);
    for step in 0..stage.steps {
        run.step(&stage, step, &Terms::ONES);
        let mut sorted = run.image.clone();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(sorted == run.objective.targets, step % 3 == 2, "after step {step}");
    }
}

#[test]
fn factors_scale_randomized_terms_only_and_run_on_between_stages() {
    let (start, distribution) = (uniform_image(4, 128), Distribution::UNIFORM);
    let steps = |steps| Spectral { steps, ..Spectral::PUBLISHED };
    let factors = random_factors(8, 7);
    let run = |stages: &[Spectral], factors: &[Terms]| {
        run_recipe(16, 8, &start, &distribution, &Recipe::spectral(stages), factors)
    };
    // Gradient descent has no memory and a constant step: 3 and 4 steps are 7.
    assert_eq!(run(&[steps(3), steps(4)], &factors), run(&[steps(7)], &factors));
    assert_ne!(run(&[steps(7)], &[]), run(&[steps(7)], &factors));
    let fixed = Spectral {
        low_band: TermWeight::new(0.1),
        smoothness: TermWeight::new(0.01),
        histogram: TermWeight::new(2.2),
        ..steps(7)
    };
    assert_eq!(run(&[fixed], &factors), run(&[steps(7)], &[]));
}

/// 64x64 from U(−1, 1): the published loss at the start is 32.37 for one seed, and the method goes down from there.
#[test]
fn the_published_trajectory_decreases() {
    let mut run = Run::new(64, 64, &uniform_image(1, 4096), &Distribution::UNIFORM, &Profile::BLUE);
    let factors = random_factors(2, 300);
    let stage = Spectral { steps: 300, ..Spectral::PUBLISHED };
    let losses: Vec<f64> = run.stage(&stage, &factors).iter().map(|l| Terms::PUBLISHED.dot(l)).collect();
    assert!((28.0..37.0).contains(&losses[0]), "start {}", losses[0]);
    let mean = |range: std::ops::Range<usize>| losses[range].iter().sum::<f64>() / 50.0;
    let means = [mean(0..50), mean(50..100), mean(100..150), mean(150..200), mean(200..250), mean(250..300)];
    assert!(means.windows(2).all(|pair| pair[1] < pair[0]), "means of 50 steps {means:?}");
    assert!(means[5] < 0.03 * losses[0], "means of 50 steps {means:?}");
}

/// The design's figures for the heavy ball, one seed: μ = 0.9, h = 0.05, step 2: total 0.0457 at step 500.
#[test]
fn the_heavy_ball_reaches_the_figures_of_the_design() {
    let stage = Spectral {
        steps: 500,
        optimizer: Optimizer::heavy_ball(0.9),
        step_size: Schedule::constant(2.0),
        histogram_step_size: Schedule::constant(0.05),
        low_band: TermWeight::new(0.1),
        smoothness: TermWeight::new(0.01),
        histogram: TermWeight::new(2.2),
        ..Spectral::PUBLISHED
    };
    let mut run = Run::new(64, 64, &uniform_image(1, 4096), &Distribution::UNIFORM, &Profile::BLUE);
    run.stage(&stage, &[]);
    let total = Terms::PUBLISHED.dot(&run.losses(CUTOFF));
    assert!((total / 0.0457 - 1.0).abs() < 0.1, "total {total}");
}
