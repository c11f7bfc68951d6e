//! Configurations: plain data of the core as bytes, and back.

use crate::error::{of_core, value};
use bluegrad::recipe::{STAGE_WORDS, StageKind, Start};
use bluegrad::{Config, Error, Preset, Recipe, Shape, SimdLevel, Stage};
use bytemuck::{CheckedBitPattern, NoUninit, checked};
use pyo3::prelude::*;

/// Stages, what the first one starts from, radial profile, filters.
#[derive(FromPyObject, IntoPyObject)]
pub(crate) struct RecipeParts(Vec<Vec<u8>>, u32, Vec<u8>, Vec<u8>);

/// Width, height, layers and channels, seed, SIMD level, distribution, recipe.
#[derive(FromPyObject, IntoPyObject)]
pub(crate) struct ConfigParts([u32; 4], u64, String, Vec<u8>, RecipeParts);

/// Name, purpose, recipe, distribution.
#[derive(IntoPyObject)]
pub(crate) struct PresetParts(&'static str, &'static str, RecipeParts, Vec<u8>);

pub(crate) fn shape([width, height, layers, channels]: [u32; 4]) -> Shape {
    Shape { width, height, layers, channels }
}

/// Reads plain data. Its numbers are not checked yet.
pub(crate) fn parse<T: CheckedBitPattern>(bytes: &[u8]) -> PyResult<T> {
    checked::try_pod_read_unaligned(bytes).map_err(|_| of_core(Error::UnknownValue))
}

fn bytes<T: NoUninit>(data: &T) -> Vec<u8> {
    bytemuck::bytes_of(data).to_vec()
}

/// Stages may be given without the zeros after their parameters.
fn stage(bytes: &[u8]) -> PyResult<Stage> {
    let mut words = [0; STAGE_WORDS];
    let to = bytemuck::cast_slice_mut::<u32, u8>(&mut words).get_mut(..bytes.len());
    to.ok_or_else(|| of_core(Error::UnknownValue))?.copy_from_slice(bytes);
    Stage::from_words(&words).map_err(of_core)
}

impl From<&Recipe> for RecipeParts {
    fn from(recipe: &Recipe) -> Self {
        let stages = recipe.stages().iter().map(|stage| bytes(&stage.to_words())).collect();
        Self(stages, recipe.start as u32, bytes(&recipe.profile), bytes(&recipe.filters))
    }
}

impl TryFrom<&RecipeParts> for Recipe {
    type Error = PyErr;

    fn try_from(RecipeParts(stages, start, profile, filters): &RecipeParts) -> PyResult<Self> {
        let stages = stages.iter().map(|bytes| stage(bytes)).collect::<PyResult<Vec<_>>>()?;
        let start: Start = parse(&start.to_ne_bytes())?;
        Ok(Self { start, profile: parse(profile)?, filters: parse(filters)?, ..Self::new(&stages) })
    }
}

impl From<&Config> for ConfigParts {
    fn from(config: &Config) -> Self {
        let Shape { width, height, layers, channels } = config.shape;
        let level = config.level.name().to_string();
        let (distribution, recipe) = (bytes(&config.distribution), (&config.recipe).into());
        Self([width, height, layers, channels], config.seed, level, distribution, recipe)
    }
}

impl TryFrom<&ConfigParts> for Config {
    type Error = PyErr;

    fn try_from(ConfigParts(sides, seed, level, distribution, recipe): &ConfigParts) -> PyResult<Self> {
        let level = SimdLevel::from_name(level).ok_or_else(|| {
            let names = SimdLevel::ALL.map(SimdLevel::name).join(", ");
            value(format!("level {level}: expected one of {names}"))
        })?;
        let (distribution, recipe) = (parse(distribution)?, recipe.try_into()?);
        Ok(Self { shape: shape(*sides), seed: *seed, level, distribution, recipe })
    }
}

/// Returns the configuration that options of the command `generate` ask for.
#[pyfunction]
pub(crate) fn configuration(options: Vec<String>) -> PyResult<ConfigParts> {
    bluegrad_cli::embedding::configuration(&options).map(|config| (&config).into()).map_err(value)
}

/// Returns all presets, in the order of their numbers.
#[pyfunction]
pub(crate) fn presets() -> Vec<PresetParts> {
    let parts = |preset: Preset| {
        PresetParts(preset.name(), preset.purpose(), (&preset.recipe()).into(), bytes(&preset.distribution()))
    };
    Preset::ALL.into_iter().map(parts).collect()
}

/// Returns the recipe that refines a given mask.
#[pyfunction]
pub(crate) fn refining(recipe: RecipeParts) -> PyResult<RecipeParts> {
    let recipe = Recipe::try_from(&recipe)?.refining();
    if recipe.stage_count == 0 {
        return Err(value("the recipe cannot refine a mask, because it places every pixel anew".to_string()));
    }
    Ok((&recipe).into())
}

/// Returns sound parameters of a kind of stage.
#[pyfunction]
pub(crate) fn stage_default(kind: u32) -> PyResult<Vec<u8>> {
    let kind: StageKind = parse(&kind.to_ne_bytes())?;
    Ok(bytes(&Stage::default_of(kind).to_words()))
}

/// Checks that a generator can run a configuration.
#[pyfunction]
pub(crate) fn check(config: ConfigParts) -> PyResult<()> {
    let config = Config::try_from(&config)?;
    config.check().and_then(|()| config.recipe.check_filters(config.shape)).map_err(of_core)
}
