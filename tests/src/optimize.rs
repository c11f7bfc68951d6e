//! A whole run in f64: the twin of a generator, from the rules of [`bluegrad::optimizer`] and [`bluegrad::recipe`].
//!
//! With `s` and `h` the step sizes of the spectral terms and of the histogram term, `∇spectral` the gradient of the
//! weighted low-band, smoothness and profile terms together, and `∇histogram` that of the weighted histogram term:
//!
//! ```text
//! gradient descent   x -= s·∇spectral + h·∇histogram
//! heavy ball         v = μ·v + s·∇spectral + h·∇histogram;  x -= v
//! Adam               g = ∇spectral + (h/s)·∇histogram
//!                    m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²
//!                    x -= s·(m/(1 − β1^t))/(√(v/(1 − β2^t)) + ε),  t = 1 at the first step of a stage
//! ```
//!
//! Decisions where the design is silent: m, v and t start anew in each stage; a projection leaves m and v as they are;
//! the losses of a step are those before it; with s = 0 Adam does not move.

use crate::terms::{self, Gradients, Objective, Terms, ranks};
use bluegrad::optimizer::{Curve, Method};
use bluegrad::spectral::Profile;
use bluegrad::{Distribution, Optimizer, Recipe, Schedule, Spectral, Stage, TermWeight};

/// The value of a schedule at `step` of `steps`, not rounded to f32: with `f = step/(steps − 1)` (0 if there is one
/// step) `start`, `start + (end − start)·f` or `start·(end/start)^f`, the last linear where an end is 0.
#[must_use]
pub fn schedule_value(schedule: &Schedule, step: u32, steps: u32) -> f64 {
    let (start, end) = (f64::from(schedule.start), f64::from(schedule.end));
    let f = if steps > 1 { f64::from(step) / f64::from(steps - 1) } else { 0.0 };
    match schedule.curve {
        Curve::Constant => start,
        Curve::Geometric if start != 0.0 && end != 0.0 => start.powf(1.0 - f) * end.powf(f),
        _ => (1.0 - f) * start + f * end,
    }
}

/// The weights of a stage at one step: each term's weight, times its random factor where the term is randomized (the
/// factor of one that is not is ignored).
#[must_use]
pub fn step_weights(stage: &Spectral, factors: &Terms) -> Terms {
    let mut stage = *stage;
    let mut weights = *factors;
    for (weight, TermWeight { weight: own, randomized }) in weights.0.iter_mut().zip(terms::weights(&mut stage)) {
        *weight = f64::from(*own) * if *randomized != 0 { *weight } else { 1.0 };
    }
    weights
}

/// The exact rank projection: `x_i = targets[rank_i]`, W x H values in place.
pub fn project(image: &mut [f64], targets: &[f64]) {
    let ranks = ranks(image);
    for (value, rank) in image.iter_mut().zip(ranks) {
        *value = targets[rank];
    }
}

/// What an optimiser remembers between steps of one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// The velocity v of the heavy ball or the first moment m of Adam, W x H.
    pub first: Vec<f64>,
    /// The second moment v of Adam, W x H.
    pub second: Vec<f64>,
    /// Steps that were taken.
    pub steps: i32,
}

impl Memory {
    /// Nothing yet, for M pixels.
    #[must_use]
    pub fn new(pixels: usize) -> Self {
        Self { first: vec![0.0; pixels], second: vec![0.0; pixels], steps: 0 }
    }
}

/// One step of an optimiser on `image`, by the rules at the top. `s` and `h` are the step sizes of `gradients.spectral`
/// and `gradients.histogram`.
pub fn apply(image: &mut [f64], memory: &mut Memory, rule: &Optimizer, gradients: &Gradients, (s, h): (f64, f64)) {
    memory.steps += 1;
    let (beta1, beta2) = (f64::from(rule.momentum), f64::from(rule.second_momentum));
    for (i, x) in image.iter_mut().enumerate() {
        let (spectral, histogram) = (gradients.spectral[i], gradients.histogram[i]);
        let (first, second) = (&mut memory.first[i], &mut memory.second[i]);
        match rule.method {
            Method::GradientDescent => *x -= s * spectral + h * histogram,
            Method::HeavyBall => {
                *first = beta1 * *first + s * spectral + h * histogram;
                *x -= *first;
            }
            Method::Adam => {
                let g = spectral + if s > 0.0 { h / s } else { 0.0 } * histogram;
                *first = beta1 * *first + (1.0 - beta1) * g;
                *second = beta2 * *second + (1.0 - beta2) * g * g;
                let mean = *first / (1.0 - beta1.powi(memory.steps));
                let square = *second / (1.0 - beta2.powi(memory.steps));
                *x -= s * mean / (square.sqrt() + f64::from(rule.epsilon));
            }
            other => panic!("the reference does not know {other:?}"),
        }
    }
}

/// A run: an image on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The shape, the targets and the profile.
    pub objective: Objective,
    /// The image, W x H.
    pub image: Vec<f64>,
    /// What the optimiser of the present stage remembers.
    pub memory: Memory,
}

impl Run {
    /// A run from the image `start`, W x H.
    #[must_use]
    pub fn new(width: usize, height: usize, start: &[f64], distribution: &Distribution, profile: &Profile) -> Self {
        assert_eq!(start.len(), width * height, "the length must be width * height");
        let objective = Objective::new(width, height, distribution, profile);
        Self { objective, image: start.to_vec(), memory: Memory::new(start.len()) }
    }

    /// Forgets what the optimiser remembers: the start of a stage.
    pub fn start_stage(&mut self) {
        self.memory = Memory::new(self.image.len());
    }

    /// Step number `step` (from 0) of `stage`, with `factors` the random factors of this step; the projection follows
    /// where `step + 1` is a multiple of the stage's period. Gives the losses before the step, not weighted.
    pub fn step(&mut self, stage: &Spectral, step: u32, factors: &Terms) -> Terms {
        let weights = step_weights(stage, factors);
        let gradients = self.objective.gradients(&self.image, f64::from(stage.cutoff), &weights);
        let s = schedule_value(&stage.step_size, step, stage.steps);
        let h = schedule_value(&stage.histogram_step_size, step, stage.steps);
        apply(&mut self.image, &mut self.memory, &stage.optimizer, &gradients, (s, h));
        if stage.projection_period > 0 && (step + 1).is_multiple_of(stage.projection_period) {
            self.project();
        }
        gradients.losses
    }

    /// All steps of a stage, from a fresh memory; `factors[step]` are the random factors of a step, and steps past the
    /// slice's end have factors 1. Gives the losses before each step.
    pub fn stage(&mut self, stage: &Spectral, factors: &[Terms]) -> Vec<Terms> {
        self.start_stage();
        (0..stage.steps)
            .map(|step| self.step(stage, step, factors.get(step as usize).unwrap_or(&Terms::ONES)))
            .collect()
    }

    /// The rank projection of the image.
    pub fn project(&mut self) {
        project(&mut self.image, &self.objective.targets);
    }

    /// The losses of the image as it is, not weighted.
    #[must_use]
    pub fn losses(&self, cutoff: f64) -> Terms {
        self.objective.gradients(&self.image, cutoff, &Terms::default()).losses
    }
}

/// A whole recipe from the image `start`: its stages one after the other, `factors` running on from stage to stage (one
/// entry for each step), then the projection that ends every run. Gives the mask's values, W x H.
#[must_use]
pub fn run_recipe(
    width: usize,
    height: usize,
    start: &[f64],
    distribution: &Distribution,
    recipe: &Recipe,
    factors: &[Terms],
) -> Vec<f64> {
    let mut run = Run::new(width, height, start, distribution, &recipe.profile);
    let mut rest = factors;
    for stage in recipe.stages().iter().filter_map(Stage::as_spectral) {
        let (these, others) = rest.split_at(rest.len().min(stage.steps as usize));
        run.stage(stage, these);
        rest = others;
    }
    run.project();
    run.image
}

#[cfg(test)]
mod tests;
