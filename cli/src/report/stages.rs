//! Tables of the settings of a recipe.

use super::table::{Row, table};
use crate::stages::{self, Settings};
use bluegrad::{Config, Stage};

/// Returns the tables of the stages.
///
/// One table for each stage, or one for all stages of a spectral run:
/// spectral stages have the same settings, so each is a column.
pub(super) fn tables(config: &Config) -> String {
    let stages = config.recipe.stages();
    let pixels = config.shape.elements();
    if stages.iter().all(|stage| matches!(stage, Stage::Spectral(_))) {
        let spectral: Vec<Settings> = stages.iter().map(|stage| stages::settings(stage, pixels)).collect();
        let names: Vec<String> = (1..=stages.len()).map(|number| format!("Stage {number}")).collect();
        let rows = spectral[0]
            .iter()
            .enumerate()
            .map(|(i, (name, _))| (name.to_string(), spectral.iter().map(|stage| stage[i].1.clone()).collect()));
        return table("Stages", &names, &rows.collect::<Vec<Row>>());
    }
    let one = |(number, stage): (usize, &Stage)| {
        let rows = stages::settings(stage, pixels).into_iter().map(|(name, value)| (name.to_string(), vec![value]));
        table(&format!("Stage {number}: {}", stages::title(stage)), &[], &rows.collect::<Vec<Row>>())
    };
    (1..).zip(stages).map(one).collect()
}
