//! Whose masks are measured.

use bluegrad::recipe::{DITHER_STEPS, Polish, VoidAndCluster};
use bluegrad::{Preset, Recipe, Stage};

/// The other library.
pub const PEER: &str = crate::peers::MASK_YARDSTICK;

/// Void-and-cluster as in its paper.
pub const CLASSIC_RIVAL: &str = "void-and-cluster 1.5";

/// The family at a sigma for farther viewing.
pub const FAR: &str = "dither --sigma 1.6";

/// Presets of the dither objective.
pub const DITHER: [Preset; 7] = [
    Preset::Dither,
    Preset::DitherFast,
    Preset::DitherClassic,
    Preset::DitherBest,
    Preset::DitherSmooth,
    Preset::DitherNear,
    Preset::DitherGradient,
];

/// Who makes masks; without a recipe the other library.
#[derive(Clone, Debug)]
pub struct Subject {
    /// As the table has it.
    pub name: String,
    /// How bluegrad makes it.
    pub recipe: Option<Recipe>,
    /// Whether it takes seconds: one seed, and only up to 64 x 64.
    pub slow: bool,
}

/// The largest side of what takes seconds.
pub const LARGEST_OF_SLOW: u32 = 64;

/// All, in the order of the table.
///
/// # Errors
/// Those of [`Recipe::dither`].
pub fn subjects() -> Result<Vec<Subject>, bluegrad::Error> {
    let own = |name: &str, recipe| Subject { name: name.into(), recipe: Some(recipe), slow: false };
    let mut all: Vec<_> = DITHER.iter().map(|preset| own(preset.name(), preset.recipe())).collect();
    for (name, sigma) in [("dither --sigma 1.0", 1.0), (FAR, 1.6), ("dither --sigma 1.7", 1.7)] {
        all.push(own(name, Recipe::dither(sigma, DITHER_STEPS[0])?));
    }
    for (name, sigma) in [("void-and-cluster 1.0", 1.0), (CLASSIC_RIVAL, 1.5), ("void-and-cluster 1.9", 1.9)] {
        all.push(own(name, Recipe::new(&[Stage::VoidAndCluster(VoidAndCluster { sigma, ..VoidAndCluster::CLASSIC })])));
    }
    all.push(Subject { name: PEER.into(), recipe: None, slow: false });
    all.push(own(Preset::Spectral.name(), Preset::Spectral.recipe()));
    all.push(Subject { slow: true, ..own(Preset::Published.name(), Preset::Published.recipe()) });
    all.push(own("white noise", white()));
    Ok(all)
}

/// Noise, ranked: a stage without steps.
#[must_use]
pub const fn white() -> Recipe {
    Recipe::new(&[Stage::Polish(Polish::PLAIN)])
}
