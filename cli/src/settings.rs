//! Configuration of a run from the options of `generate`.

mod dither;
mod filters;
mod init;
mod spectral;

use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use crate::image::size;
use crate::numbers;
use crate::resources;
use bluegrad::distribution::Kind;
use bluegrad::shape::{MAX_ELEMENTS, MIN_SIDE};
use bluegrad::{Config, Distribution, Error, Filters, Layout, Preset, Recipe, Shape, Stage, TimeFilter};
pub(crate) use filters::named as named_filters;
pub(crate) use init::Init;
use std::path::Path;

/// Side of a mask by default, in pixels.
const DEFAULT_SIDE: u32 = 64;

/// Shape of a mask by default.
const SMALL: Shape = Shape::new(DEFAULT_SIDE, DEFAULT_SIDE);

/// Configuration and start of a run.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Passes `Config::check`.
    pub(crate) config: Config,
    /// Mask of `--init`.
    pub(crate) init: Option<Init>,
}

/// Returns the settings that the options ask for.
pub(crate) fn settings(args: &GenerateArgs) -> Result<Settings> {
    let spectral = is_spectral(args.preset());
    // Errors of the command line come before errors of files.
    let wanted = wanted_shape(args);
    let filters = filters::filters(args)?;
    let recipe = match &filters {
        // the recipe depends on the shape, which a file may say: until then that of a plane
        Some(filters) => {
            Recipe::filtered(&Filters::product(filters.space, TimeFilter::NONE), SMALL, None).map_err(Failure::usage)?
        }
        None if spectral => spectral::recipe(args)?,
        None => dither::recipe(args)?,
    };
    recipe.check().map_err(Failure::usage)?;
    let check = if spectral { Shape::check_transform } else { Shape::check };
    wanted.map_or(Ok(()), check).map_err(Failure::usage)?;
    let (layers, channels) = (args.layers.unwrap_or(1), args.channels.unwrap_or(1));
    let plane = wanted.unwrap_or(SMALL);
    check_planes(args, &recipe, plane.with_layers(layers).with_channels(channels))?;
    args.level.resolve().map_err(Failure::usage)?;

    let init = Init::read(args, wanted, check)?;
    let shape = init.as_ref().map_or(plane.with_layers(layers).with_channels(channels), |init| init.shape);
    let recipe = match &filters {
        Some(filters) => filters::recipe(args, filters, shape)?,
        None => dither::darkened(recipe, args, shape).map_err(Failure::usage)?,
    };
    let mut config = Config {
        shape,
        seed: args.seed,
        level: args.level,
        recipe,
        ..Config::new(args.preset(), shape.width, shape.height)
    };
    if let Some(path) = &args.profile {
        config.recipe.profile = numbers::read_profile(path)?;
    }
    config.distribution = distribution(args)?;
    config.check().map_err(Failure::usage)?;
    Ok(Settings { config, init })
}

/// Refuses layers and channels that the recipe cannot make, and more elements than a mask can have.
fn check_planes(args: &GenerateArgs, recipe: &Recipe, shape: Shape) -> Result<()> {
    if shape.is_flat() {
        return Ok(());
    }
    let option = if shape.layers > 1 { "--layers" } else { "--channels" };
    if !makes_planes(&args.preset().recipe()) {
        let presets = Preset::ALL.into_iter().filter(|preset| makes_planes(&preset.recipe())).map(Preset::name);
        let presets: Vec<&str> = presets.collect();
        return Err(Failure::usage(format_args!(
            "{option}: the preset {} makes masks of one layer and one channel; it goes with --preset {}",
            args.preset().name(),
            presets.join(", ")
        )));
    }
    if !makes_planes(recipe) {
        return Err(Failure::usage(format_args!(
            "{option}: the swaps of --levels make masks of one layer and one channel; leave one of them out"
        )));
    }
    if shape.elements() > MAX_ELEMENTS {
        let plane = Config { shape: shape.plane(), recipe: *recipe, ..Config::new(args.preset(), MIN_SIDE, MIN_SIDE) };
        // A plane of a volume takes about what a flat mask takes.
        let bytes = Layout::new(&plane).map_or(0, |layout| layout.bytes()).saturating_mul(shape.planes());
        return Err(Failure::usage(format_args!(
            "{option}: a mask of {} has more than {MAX_ELEMENTS} elements and would need about {}; choose a smaller size",
            size(shape),
            resources::amount(bytes)
        )));
    }
    Ok(())
}

/// Whether a recipe makes masks with layers and channels.
fn makes_planes(recipe: &Recipe) -> bool {
    let shape = Shape::new(MIN_SIDE, MIN_SIDE).with_layers(2);
    let config = Config { shape, recipe: *recipe, ..Config::new(Preset::default(), MIN_SIDE, MIN_SIDE) };
    !matches!(config.check(), Err(Error::FlatOnly(_)))
}

/// Returns the size that the options name.
fn wanted_shape(args: &GenerateArgs) -> Option<Shape> {
    let (width, height) = (args.width.or(args.size), args.height.or(args.size));
    width.zip(height).map(|(width, height)| Shape::new(width, height))
}

fn distribution(args: &GenerateArgs) -> Result<Distribution> {
    let mut distribution = match args.distribution.as_deref().unwrap_or_default() {
        "" if args.distribution.is_none() => args.preset().distribution(),
        "uniform" => Distribution::UNIFORM,
        "triangular" => Distribution::TRIANGULAR,
        "gaussian" => Distribution::GAUSSIAN,
        name if Path::new(name).exists() => numbers::read_distribution(Path::new(name))?,
        name => {
            return Err(Failure::usage(format_args!(
                "--distribution {name}: expected uniform, triangular, gaussian or a file of 65 quantiles"
            )));
        }
    };
    if let Some(sigma) = args.gaussian_sigma {
        if distribution.kind != Kind::Gaussian {
            return Err(Failure::usage("--gaussian-sigma goes with --distribution gaussian only"));
        }
        distribution.sigma = sigma;
    }
    Ok(distribution)
}

/// Presets that use `--sigma`.
const SIGMA_PRESETS: &str = "dither, dither-fast or void-and-cluster";

/// Whether a preset uses the spectral objective.
pub(crate) fn is_spectral(preset: Preset) -> bool {
    preset.recipe().stages().iter().any(|stage| matches!(stage, Stage::Spectral(_)))
}

/// Lists the presets that use the spectral objective.
fn spectral_presets() -> String {
    names(is_spectral)
}

/// Lists the presets whose masks are thresholds.
fn threshold_presets() -> String {
    names(|preset| !is_spectral(preset) && preset != Preset::Triangular)
}

fn names(wanted: impl Fn(Preset) -> bool) -> String {
    Preset::ALL.into_iter().filter(|preset| wanted(*preset)).map(Preset::name).collect::<Vec<_>>().join(", ")
}

/// Error for an option that the preset does not use: ignoring it would surprise.
fn not_of_preset(option: &str, preset: Preset, presets: &str) -> Failure {
    Failure::usage(format_args!(
        "{option}: the preset {} does not use this option; it goes with --preset {presets}",
        preset.name()
    ))
}

/// Returns the first given option of the spectral presets.
fn spectral_option(args: &GenerateArgs) -> Option<&'static str> {
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
