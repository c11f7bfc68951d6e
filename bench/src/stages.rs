//! Stages of the dither objective, each timed alone.

use crate::run::Run;
use bluegrad::{Config, Preset, Recipe, Shape, SimdLevel, Stage};

/// Returns the fill of the preset `dither`.
#[must_use]
pub fn fill(shape: Shape, level: SimdLevel) -> Config {
    let mut config = whole(Preset::Dither, shape, level);
    config.recipe = Recipe::new(&config.recipe.stages[..1]);
    config
}

/// Returns a whole preset.
#[must_use]
pub const fn whole(preset: Preset, shape: Shape, level: SimdLevel) -> Config {
    Config { level, ..Config::new(preset, shape.width, shape.height) }
}

/// Times steps of the fill of the preset `dither`.
#[must_use]
pub fn fill_steps(shape: Shape) -> u32 {
    Preset::Dither.recipe().stages[0].steps(shape.pixels())
}

/// Times steps of the polish of the preset `dither`.
///
/// The first step, which makes tables, and the last, which makes ranks, are left out.
///
/// # Errors
/// The message says what is wrong with the run.
pub fn polish_step(shape: Shape, level: SimdLevel) -> Result<Run, String> {
    let config = whole(Preset::Dither, shape, level);
    let steps = config.recipe.stages[1].steps(shape.pixels());
    Run::within(&config, fill_steps(shape) + 1, steps.saturating_sub(3))
}

/// Times steps in the middle of the front of the preset `dither-gradient`.
///
/// # Errors
/// The message says what is wrong with the run.
pub fn front_step(shape: Shape, level: SimdLevel) -> Result<Run, String> {
    let config = whole(Preset::DitherGradient, shape, level);
    if !matches!(config.recipe.stages[0], Stage::Front(_)) {
        return Err("its first stage is no front".into());
    }
    let steps = config.recipe.stages[0].steps(shape.pixels());
    Run::within(&config, steps / 2, steps / 4)
}
