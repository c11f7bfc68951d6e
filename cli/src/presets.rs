//! `bluegrad presets`.

use crate::failure::Result;
use bluegrad::Preset;
use std::fmt::Write;

/// Lists each preset, what it is for and its steps.
pub(crate) fn run() -> Result<()> {
    let mut text = String::new();
    for preset in Preset::ALL {
        let default = if preset == Preset::default() { " (default)" } else { "" };
        let recipe = preset.recipe();
        let stages: Vec<String> = recipe.stages().iter().map(|stage| stage.steps(64 * 64).to_string()).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}{default}\n    {}\n    steps: {}, then one that ranks the values exactly",
            preset.name(),
            preset.purpose(),
            stages.join(" + ")
        );
    }
    crate::print(&text)
}
