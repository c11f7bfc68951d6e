//! Which options go with which presets.

use crate::args::GenerateArgs;
use crate::failure::Failure;
use bluegrad::{Preset, Stage};

/// The presets that --sigma goes with.
pub(super) const SIGMA_PRESETS: &str = "dither, dither-fast or void-and-cluster";

/// Whether a preset is of the spectral objective.
pub(crate) fn is_spectral(preset: Preset) -> bool {
    preset.recipe().stages().iter().any(|stage| matches!(stage, Stage::Spectral(_)))
}

/// The presets that are of the spectral objective, or those that are not.
pub(super) fn presets(spectral: bool) -> String {
    let names = Preset::ALL.into_iter().filter(|preset| is_spectral(*preset) == spectral).map(Preset::name);
    names.collect::<Vec<_>>().join(", ")
}

/// An option that the preset has no use for is never ignored in silence.
pub(super) fn not_of_preset(option: &str, preset: Preset, presets: &str) -> Failure {
    Failure::usage(format_args!(
        "{option}: the preset {} has no such option; it goes with --preset {presets}",
        preset.name()
    ))
}

/// The first option of the spectral presets that was given.
pub(super) fn spectral_option(args: &GenerateArgs) -> Option<&'static str> {
    let options = [
        ("--cutoff", args.cutoff.is_some()),
        ("--weights", args.weights.is_some()),
        ("--profile", args.profile.is_some()),
        ("--profile-weight", args.profile_weight.is_some()),
        ("--optimizer", args.optimizer.is_some()),
        ("--step-size", args.step_size.is_some()),
        ("--momentum", args.momentum.is_some()),
        ("--ranks", args.ranks.is_some()),
    ];
    options.into_iter().find_map(|(name, given)| given.then_some(name))
}
