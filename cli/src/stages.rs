//! The stages of a recipe in words.

use bluegrad::{Recipe, Stage};

/// The kind of a stage in one word, as traces have it.
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

/// What it does, without its numbers.
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

/// Whether it places pixels, so that before its end some have no rank.
pub(crate) fn places(stage: &Stage) -> bool {
    matches!(stage, Stage::Fill(_) | Stage::VoidAndCluster(_))
}

/// The levels that the mask is made for, if it is for few.
pub(crate) fn levels(recipe: &Recipe) -> Option<u32> {
    recipe.stages().iter().find_map(|stage| match stage {
        Stage::Swap(stage) => Some(stage.levels),
        _ => None,
    })
}
