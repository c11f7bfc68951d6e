//! Options of the dither presets and of void-and-cluster.

use super::{SIGMA_PRESETS, not_of_preset, spectral_option, spectral_presets, threshold_presets};
use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use bluegrad::recipe::DITHER_SIGMAS;
use bluegrad::{Error, Preset, Recipe, Shape, Stage};

/// Returns the preset's recipe, changed by the options.
pub(super) fn recipe(args: &GenerateArgs) -> Result<Recipe> {
    if let Some(option) = spectral_option(args) {
        return Err(not_of_preset(option, args.preset(), &spectral_presets()));
    }
    let mut recipe = args.preset().recipe();
    if let Some(sigma) = args.sigma {
        set_sigma(&mut recipe, args.preset(), sigma)?;
    }
    if let Some(mix) = args.mix {
        if args.preset() != Preset::DitherSmooth {
            return Err(not_of_preset("--mix", args.preset(), Preset::DitherSmooth.name()));
        }
        recipe = Recipe::dither_mix(mix).map_err(Failure::usage)?;
    }
    if let Some(beta) = args.beta {
        recipe = space_time(args, beta)?;
    }
    if let Some(fraction) = args.initial_fraction {
        let [Stage::VoidAndCluster(stage), ..] = &mut recipe.stages else {
            return Err(not_of_preset("--initial-fraction", args.preset(), Preset::VoidAndCluster.name()));
        };
        stage.initial_fraction = fraction;
    }
    if let Some(steps) = args.steps {
        set_steps(&mut recipe, args.preset(), steps)?;
    }
    if args.init.is_some() {
        recipe = refining(&recipe, args.preset())?;
    }
    if let Some(levels) = args.levels {
        if args.preset() == Preset::Triangular {
            return Err(not_of_preset("--levels", args.preset(), &threshold_presets()));
        }
        let family = in_family(args.preset()).then_some(args.sigma).flatten();
        recipe = recipe.with_levels(levels, family.unwrap_or(DITHER_SIGMAS[1])).map_err(Failure::usage)?;
    }
    Ok(recipe)
}

/// Returns the space-time recipe of a weight of time.
fn space_time(args: &GenerateArgs, beta: f32) -> Result<Recipe> {
    if args.layers.unwrap_or(1) == 1 {
        return Err(Failure::usage("--beta: a weight of time goes with layers: give --layers 2 or more"));
    }
    if args.preset() != Preset::SpaceTime {
        return Err(not_of_preset("--beta", args.preset(), Preset::SpaceTime.name()));
    }
    Recipe::space_time(beta).map_err(|error| Failure::usage(format_args!("--beta: {error}")))
}

/// Adds the last stage of `--mix 1`.
///
/// The stage makes the grey mask as dark as the preset `spectral` does. The stage needs sides that the FFT takes. It is left out
/// with `--levels`, because it would undo the swaps.
pub(super) fn darkened(recipe: Recipe, args: &GenerateArgs, shape: Shape) -> std::result::Result<Recipe, Error> {
    let dark = args.mix == Some(1.0) && args.levels.is_none() && shape.check_transform().is_ok();
    if dark { recipe.darkened() } else { Ok(recipe) }
}

/// Whether a preset is a member of the family `Recipe::dither`.
fn in_family(preset: Preset) -> bool {
    matches!(preset, Preset::Dither | Preset::DitherFast)
}

fn set_sigma(recipe: &mut Recipe, preset: Preset, sigma: f32) -> Result<()> {
    if in_family(preset) {
        *recipe = Recipe::dither(sigma, longest(recipe).map_or(0, |steps| *steps)).map_err(Failure::usage)?;
    } else if let [Stage::VoidAndCluster(stage), ..] = &mut recipe.stages {
        stage.sigma = sigma;
    } else {
        return Err(not_of_preset("--sigma", preset, SIGMA_PRESETS));
    }
    Ok(())
}

fn set_steps(recipe: &mut Recipe, preset: Preset, steps: u32) -> Result<()> {
    let Some(longest) = longest(recipe) else {
        let name = preset.name();
        let message = format_args!(
            "--steps: the preset {name} has a fixed number: it places every pixel once, 1024 per step; leave --steps out"
        );
        return Err(Failure::usage(message));
    };
    *longest = steps;
    Ok(())
}

/// Returns the number of steps of the longest polish or front.
fn longest(recipe: &mut Recipe) -> Option<&mut u32> {
    let steps = recipe.stages.iter_mut().filter_map(|stage| match stage {
        Stage::Polish(stage) => Some(&mut stage.steps),
        Stage::Front(stage) => Some(&mut stage.steps),
        _ => None,
    });
    // Of equals, the first.
    steps.reduce(|longest, steps| if *steps > *longest { steps } else { longest })
}

fn refining(recipe: &Recipe, preset: Preset) -> Result<Recipe> {
    let refining = recipe.refining();
    if refining.stage_count == 0 {
        let name = preset.name();
        return Err(Failure::usage(format_args!(
            "--init: the preset {name} cannot refine a mask, because it places every pixel anew; choose another preset"
        )));
    }
    Ok(refining)
}
