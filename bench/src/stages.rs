//! Stages of the dither objective by themselves: the preset's that has them, and the best of its size.

use crate::run::Run;
use bluegrad::{Config, Preset, Recipe, Shape, SimdLevel, Stage};

/// The fill of the preset `dither` and nothing else.
#[must_use]
pub fn fill(shape: Shape, level: SimdLevel) -> Config {
    let mut config = whole(Preset::Dither, shape, level);
    config.recipe = Recipe::new(&config.recipe.stages[..1]);
    config
}

/// A whole preset.
#[must_use]
pub const fn whole(preset: Preset, shape: Shape, level: SimdLevel) -> Config {
    Config { level, ..Config::new(preset, shape.width, shape.height) }
}

/// Steps of the fill of the preset `dither`.
#[must_use]
pub fn fill_steps(shape: Shape) -> u32 {
    Preset::Dither.recipe().stages[0].steps(shape.pixels())
}

/// Steps of the polish of the preset `dither`, all but the first, which makes its tables, and the last, which makes ranks.
///
/// # Errors
/// Says what is wrong with the run.
pub fn polish_step(shape: Shape, level: SimdLevel) -> Result<Run, String> {
    let config = whole(Preset::Dither, shape, level);
    let steps = config.recipe.stages[1].steps(shape.pixels());
    Run::within(&config, fill_steps(shape) + 1, steps.saturating_sub(3))
}

/// Steps of the front of the preset `dither-gradient`, in its midst.
///
/// # Errors
/// Says what is wrong with the run.
pub fn front_step(shape: Shape, level: SimdLevel) -> Result<Run, String> {
    let config = whole(Preset::DitherGradient, shape, level);
    if !matches!(config.recipe.stages[0], Stage::Front(_)) {
        return Err("its first stage is no front".into());
    }
    let steps = config.recipe.stages[0].steps(shape.pixels());
    Run::within(&config, steps / 2, steps / 4)
}
