//! The command `presets`.

use crate::failure::Result;
use crate::output;
use crate::stages;
use bluegrad::{Preset, Recipe};
use std::fmt::Write;

/// Side of the mask whose numbers of steps are listed, in pixels.
const SIDE: usize = 64;

const ADVICE: &str = "
Choose dither or dither-smooth, unless the noise enters the picture linearly: spectral is for noise that is only added.
In an animation, add 0.618034 to each value, modulo 1, each frame; do not move the mask by an offset.
";

/// Prints each preset with its use, its stages and their steps.
pub(crate) fn run() -> Result<()> {
    let mut text = String::new();
    for preset in Preset::ALL {
        let default = if preset == Preset::default() { " (default)" } else { "" };
        let (name, purpose, stages) = (preset.name(), preset.purpose(), in_words(&preset.recipe())?);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}{default}\n    {purpose}\n    at {SIDE}x{SIDE}: {stages}");
    }
    text += ADVICE;
    output::print(&text)
}

/// Lists the stages of a recipe and their steps.
fn in_words(recipe: &Recipe) -> Result<String> {
    let pixels = SIDE * SIDE;
    let part = |title: &str, steps: u32| format!("{title} ({steps} {})", if steps == 1 { "step" } else { "steps" });
    let mut parts: Vec<String> =
        recipe.stages().iter().map(|stage| part(stages::title(stage), stage.steps(pixels))).collect();
    parts.push(part("exact ranks", 1));
    Ok(format!("{}; {} in all", parts.join(", "), recipe.steps(pixels)?))
}
