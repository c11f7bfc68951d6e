//! Subjects: the measured masks.

use crate::peers::Masks;
use crate::whole::Whole;
use bluegrad::recipe::{DITHER_STEPS, Polish, VoidAndCluster};
use bluegrad::{Config, Preset, Recipe, Shape, SimdLevel, Stage};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::ops::Range;

/// Name of the other library.
pub const PEER: &str = crate::peers::MASK_YARDSTICK;

/// Void-and-cluster with the sigma of its paper.
pub const CLASSIC_RIVAL: &str = "void-and-cluster 1.5";

/// Void-and-cluster for near viewing.
pub const NEAR_RIVAL: &str = "void-and-cluster 1.0";

/// The dither family at a sigma for near viewing.
pub const NEAR: &str = "dither --sigma 1.0";

/// The dither family at a sigma for far viewing.
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

/// A maker of masks: a recipe, or the other library.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Name in the table.
    pub name: String,
    /// Recipe; `None` for the other library.
    pub recipe: Option<Recipe>,
    /// Whether a mask takes seconds: then one seed, and sides of at most 64.
    pub slow: bool,
}

/// Largest side of slow subjects, in pixels.
pub const LARGEST_OF_SLOW: u32 = 64;

/// Returns all subjects, in the order of the table.
///
/// # Errors
/// Errors of [`Recipe::dither`].
pub fn subjects() -> Result<Vec<Subject>, bluegrad::Error> {
    let own = |name: &str, recipe| Subject { name: name.into(), recipe: Some(recipe), slow: false };
    let mut all: Vec<_> = DITHER.iter().map(|preset| own(preset.name(), preset.recipe())).collect();
    for (name, sigma) in [(NEAR, 1.0), (FAR, 1.6), ("dither --sigma 1.7", 1.7)] {
        all.push(own(name, Recipe::dither(sigma, DITHER_STEPS[0])?));
    }
    for (name, sigma) in [(NEAR_RIVAL, 1.0), (CLASSIC_RIVAL, 1.5), ("void-and-cluster 1.9", 1.9)] {
        all.push(own(name, Recipe::new(&[Stage::VoidAndCluster(VoidAndCluster { sigma, ..VoidAndCluster::CLASSIC })])));
    }
    all.push(Subject { name: PEER.into(), recipe: None, slow: false });
    all.push(own(Preset::Spectral.name(), Preset::Spectral.recipe()));
    all.push(Subject { slow: true, ..own(Preset::Published.name(), Preset::Published.recipe()) });
    all.push(own("white noise", white()));
    Ok(all)
}

impl Subject {
    /// Returns the ranks of a mask for each seed.
    ///
    /// # Errors
    /// Errors of the library for the recipe, or of the peer for the shape; a missing peer.
    pub fn masks(&self, shape: Shape, seeds: Range<u32>, peer: Option<&Masks>) -> Result<Vec<Vec<u32>>, String> {
        let own = |recipe: Recipe, seed: u32| {
            let config = Config {
                seed: seed.into(),
                recipe,
                level: SimdLevel::Auto,
                ..Config::new(Default::default(), shape.width, shape.height)
            };
            Whole::new(&config).and_then(|mut whole| whole.ranks()).map_err(|error| error.to_string())
        };
        let theirs = |peer: &Masks, seed: u32| {
            let values: Vec<f64> = peer.make(seed, shape.width)?.into_iter().map(f64::from).collect();
            ranks(&values)
        };
        match (self.recipe, peer) {
            (Some(recipe), _) => seeds.into_par_iter().map(|seed| own(recipe, seed)).collect(),
            (None, Some(peer)) if peer.has(shape) => seeds.map(|seed| theirs(peer, seed)).collect(),
            (None, Some(_)) => Err("its masks are squares whose side is a power of two".into()),
            (None, None) => Err("nobody makes it".into()),
        }
    }
}

/// Returns the ranks of values; equal values share the lowest.
///
/// # Errors
/// Errors of [`bluegrad::measure::ranks`].
pub fn ranks(values: &[f64]) -> Result<Vec<u32>, String> {
    let (mut order, mut ranks) = (vec![0; values.len()], vec![0; values.len()]);
    bluegrad::measure::ranks(values, &mut order, &mut ranks).map_err(|error| error.to_string())?;
    Ok(ranks)
}

/// Returns ranked noise: a stage without steps.
#[must_use]
pub const fn white() -> Recipe {
    Recipe::new(&[Stage::Polish(Polish::PLAIN)])
}
