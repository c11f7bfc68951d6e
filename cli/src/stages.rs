//! Names and properties of the stages of a recipe.

use bluegrad::{Recipe, Stage};

/// Returns the kind of a stage in one word, for traces.
pub(crate) fn kind(stage: &Stage) -> &'static str {
    match stage {
        Stage::Spectral(_) => "spectral",
        Stage::Fill(_) => "fill",
        Stage::VoidAndCluster(_) => "void-and-cluster",
        Stage::Front(_) => "front",
        Stage::Polish(_) => "polish",
        Stage::Swap(_) => "swap",
        _ => "other",
    }
}

/// Returns the title of a stage, for people.
pub(crate) fn title(stage: &Stage) -> &'static str {
    match stage {
        Stage::Spectral(_) => "descent on the spectrum",
        Stage::Fill(stage) if stage.exact != 0 => "exact void fill",
        Stage::Fill(_) => "void fill",
        Stage::VoidAndCluster(_) => "void-and-cluster",
        Stage::Front(_) => "descent behind a front",
        Stage::Polish(_) => "polish",
        Stage::Swap(_) => "swaps for few levels",
        _ => "other",
    }
}

/// Whether a stage places pixels: before its end, some pixels have no rank.
pub(crate) fn places(stage: &Stage) -> bool {
    matches!(stage, Stage::Fill(_) | Stage::VoidAndCluster(_))
}

/// Number of levels of the swap stage, if there is one.
pub(crate) fn levels(recipe: &Recipe) -> Option<u32> {
    recipe.stages().iter().find_map(|stage| match stage {
        Stage::Swap(stage) => Some(stage.levels),
        _ => None,
    })
}
