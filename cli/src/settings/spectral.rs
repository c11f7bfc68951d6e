//! Options of the spectral presets.

use super::{SIGMA_PRESETS, not_of_preset, threshold_presets};
use crate::args::{GenerateArgs, OptimizerName, RanksName, Weights};
use crate::failure::{Failure, Result};
use bluegrad::optimizer::Method;
use bluegrad::recipe::Ranks;
use bluegrad::{Optimizer, Preset, Recipe, Schedule, Spectral, Stage, TermWeight};

/// Weight of the profile term by default.
const PROFILE_WEIGHT: f32 = 0.01;

/// Step size of Adam by default.
///
/// Adam moves each value by about the step size, whatever the size of the gradient, so the step size must fall for the values to
/// converge. With smaller ends, 1000 steps at 64x64 were too few.
const ADAM_STEP_SIZE: Schedule = Schedule::geometric(0.05, 0.01);

/// Step size of the histogram term by default, for plain gradient descent.
///
/// A step multiplies a value's distance from its target by 1 − 2·weight·step size: with the published 0.7, by 1 − 2·2.2·0.7 =
/// −2.08, which diverges without the published random factors; with 0.2, by 0.12.
const DESCENT_HISTOGRAM_STEP_SIZE: Schedule = Schedule::constant(0.2);

/// Returns the preset's recipe, changed by the options.
pub(super) fn recipe(args: &GenerateArgs) -> Result<Recipe> {
    refuse_others(args)?;
    let mut recipe = args.preset().recipe();
    set_terms(&mut recipe, args);
    if let Some(stage) = recipe.stages[0].as_spectral_mut() {
        set_main_stage(stage, args)?;
    }
    Ok(if args.init.is_some() { recipe.refining() } else { recipe })
}

/// Refuses options of the dither presets.
fn refuse_others(args: &GenerateArgs) -> Result<()> {
    let options = [
        ("--sigma", args.sigma.is_some(), SIGMA_PRESETS.to_string()),
        ("--mix", args.mix.is_some(), Preset::DitherSmooth.name().to_string()),
        ("--levels", args.levels.is_some(), threshold_presets()),
        ("--beta", args.beta.is_some(), Preset::SpaceTime.name().to_string()),
        ("--initial-fraction", args.initial_fraction.is_some(), Preset::VoidAndCluster.name().to_string()),
    ];
    match options.into_iter().find(|(_, given, _)| *given) {
        Some((option, _, presets)) => Err(not_of_preset(option, args.preset(), &presets)),
        None => Ok(()),
    }
}

/// Sets weights, cut-off and ranks of all stages.
fn set_terms(recipe: &mut Recipe, args: &GenerateArgs) {
    let profile_weight = args.profile_weight.or(args.profile.as_ref().map(|_| PROFILE_WEIGHT));
    let count = recipe.stage_count as usize;
    let stages = recipe.stages.iter_mut().take(count).filter_map(Stage::as_spectral_mut);
    for (index, stage) in stages.enumerate() {
        // A later stage without a term is meant to run without the term.
        let set = |term: &mut TermWeight, weight: f32| {
            if index == 0 || term.weight > 0.0 {
                term.weight = weight;
            }
        };
        if let Some(Weights { low_band, smoothness, histogram }) = args.weights {
            set(&mut stage.low_band, low_band);
            set(&mut stage.smoothness, smoothness);
            set(&mut stage.histogram, histogram);
        } else if args.profile.is_some() {
            // The low-band and smoothness terms pull towards another spectrum than the profile.
            set(&mut stage.low_band, 0.0);
            set(&mut stage.smoothness, 0.0);
        }
        if let Some(weight) = profile_weight {
            set(&mut stage.profile, weight);
        }
        if let Some(cutoff) = args.cutoff {
            stage.cutoff = cutoff;
        }
        if let Some(ranks) = args.ranks {
            stage.ranks = match ranks {
                RanksName::Exact => Ranks::Exact,
                RanksName::Binned => Ranks::Binned,
            };
        }
    }
}

/// Sets steps and optimiser of the first stage, the main one.
fn set_main_stage(stage: &mut Spectral, args: &GenerateArgs) -> Result<()> {
    if let Some(steps) = args.steps {
        stage.steps = steps;
    }
    if let Some(name) = args.optimizer.filter(|name| name.method() != stage.optimizer.method) {
        set_optimizer(stage, name);
    }
    if let Some(step_size) = args.step_size {
        let factor = if stage.step_size.start > 0.0 { step_size / stage.step_size.start } else { 1.0 };
        scale(&mut stage.histogram_step_size, factor);
        scale(&mut stage.step_size, factor);
        stage.step_size.start = step_size;
    }
    if let Some(momentum) = args.momentum {
        if stage.optimizer.method == Method::GradientDescent {
            let message = "--momentum: gradient-descent has no momentum; choose --optimizer heavy-ball or adam";
            return Err(Failure::usage(message));
        }
        stage.optimizer.momentum = momentum;
    }
    Ok(())
}

/// Sets an optimiser and the step sizes that suit it.
fn set_optimizer(stage: &mut Spectral, name: OptimizerName) {
    let (optimizer, step_size, histogram_step_size) = match name {
        OptimizerName::GradientDescent => {
            (Optimizer::GRADIENT_DESCENT, Spectral::PUBLISHED.step_size, DESCENT_HISTOGRAM_STEP_SIZE)
        }
        OptimizerName::HeavyBall => {
            let recipe = Preset::Spectral.recipe();
            let main = recipe.stages[0].as_spectral().unwrap_or(&Spectral::PUBLISHED);
            (main.optimizer, main.step_size, main.histogram_step_size)
        }
        OptimizerName::Adam => (Optimizer::ADAM, ADAM_STEP_SIZE, ADAM_STEP_SIZE),
    };
    stage.optimizer = optimizer;
    stage.step_size = step_size;
    stage.histogram_step_size = histogram_step_size;
}

fn scale(schedule: &mut Schedule, factor: f32) {
    schedule.start *= factor;
    schedule.end *= factor;
}
