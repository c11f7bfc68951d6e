//! From the options of `generate` to the configuration of a run.

use crate::args::{GenerateArgs, OptimizerName, RanksName, Weights};
use crate::failure::{Failure, Result};
use crate::numbers;
use bluegrad::distribution::Kind;
use bluegrad::optimizer::Method;
use bluegrad::recipe::Ranks;
use bluegrad::{Config, Distribution, Optimizer, Preset, Recipe, Schedule, Spectral, Stage, Term};
use std::path::Path;

/// Side of a mask that nobody asked a size of.
const DEFAULT_SIDE: u32 = 64;

/// Weight of the profile term where only a profile is given.
const PROFILE_WEIGHT: f32 = 0.01;

/// Step size of Adam where none is given: it moves each value by about this much a step, whatever the gradient's size,
/// so it must become smaller for the values to come to rest. With smaller ends 1000 steps at 64x64 were too few.
const ADAM_STEP_SIZE: Schedule = Schedule::geometric(0.05, 0.01);

/// Step size of the histogram term for plain gradient descent where none is given. The published 0.7 multiplies a
/// value's distance from its target by 1 − 2·2.2·0.7 = −2.08 unless random factors make it less; this, by 0.12.
const DESCENT_HISTOGRAM_STEP_SIZE: Schedule = Schedule::constant(0.2);

/// The configuration, checked.
pub(crate) fn config(args: &GenerateArgs) -> Result<Config> {
    let width = args.width.or(args.size).unwrap_or(DEFAULT_SIDE);
    let height = args.height.or(args.size).unwrap_or(DEFAULT_SIDE);
    let mut config = Config::new(args.preset, width, height);
    config.seed = args.seed;
    // Before any file is read: what is wrong on the command line itself comes first.
    let spectral = config.recipe.stages().iter().any(|stage| stage.as_spectral().is_some());
    let checked = if spectral { config.shape.check_transform() } else { config.shape.check() };
    checked.map_err(Failure::usage)?;
    config.level = args.level;
    config.level.resolve().map_err(Failure::usage)?;
    set_terms(&mut config.recipe, args);
    if let Some(stage) = config.recipe.stages[0].as_spectral_mut() {
        set_main_stage(stage, args)?;
    }
    config.recipe.check().map_err(Failure::usage)?;
    if let Some(path) = &args.profile {
        config.recipe.profile = numbers::read_profile(path)?;
    }
    config.distribution = distribution(args)?;
    config.check().map_err(Failure::usage)?;
    Ok(config)
}

/// Weights, cut-off and ranks of all stages.
fn set_terms(recipe: &mut Recipe, args: &GenerateArgs) {
    let profile_weight = args.profile_weight.or(args.profile.as_ref().map(|_| PROFILE_WEIGHT));
    let count = recipe.stage_count as usize;
    let stages = recipe.stages.iter_mut().take(count).filter_map(Stage::as_spectral_mut);
    for (index, stage) in stages.enumerate() {
        // A later stage without a term was made to be without it.
        let set = |term: &mut Term, weight: f32| {
            if index == 0 || term.weight > 0.0 {
                term.weight = weight;
            }
        };
        if let Some(Weights { low_band, smoothness, histogram }) = args.weights {
            set(&mut stage.low_band, low_band);
            set(&mut stage.smoothness, smoothness);
            set(&mut stage.histogram, histogram);
        } else if args.profile.is_some() {
            // The two say what the spectrum should be, and it would be another one than the profile's.
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

/// Steps and optimiser of the first stage, the one that does the work.
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
            let message = "--momentum: gradient-descent has none; it goes with --optimizer heavy-ball or adam";
            return Err(Failure::usage(message));
        }
        stage.optimizer.momentum = momentum;
    }
    Ok(())
}

/// An optimiser that is not the preset's comes with the step sizes that suit it.
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

fn distribution(args: &GenerateArgs) -> Result<Distribution> {
    let mut distribution = match args.distribution.as_str() {
        "uniform" => Distribution::UNIFORM,
        "triangular" => Distribution::TRIANGULAR,
        "gaussian" => Distribution::GAUSSIAN,
        name if Path::new(name).exists() => numbers::read_distribution(Path::new(name))?,
        name => {
            return Err(Failure::usage(format_args!(
                "--distribution {name}: neither uniform, triangular, gaussian nor a file of 65 quantiles"
            )));
        }
    };
    if let Some(sigma) = args.sigma {
        if distribution.kind != Kind::Gaussian {
            return Err(Failure::usage("--sigma goes with --distribution gaussian only"));
        }
        distribution.sigma = sigma;
    }
    Ok(distribution)
}
