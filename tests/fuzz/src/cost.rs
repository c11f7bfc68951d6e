//! What a step would cost, so that one that takes seconds is not taken.

use bluegrad::recipe::{Mixture, Ranks};
use bluegrad::{Config, Stage};

/// The most of a whole execution.
pub const BUDGET: u64 = 4_000_000;

/// About the sums that one step of a stage takes.
#[must_use]
pub fn step(config: &Config, stage: &Stage) -> u64 {
    let shape = config.shape;
    let (n, channels, layers) = (shape.elements() as u64, u64::from(shape.channels), u64::from(shape.layers));
    let window = |radius: u32| u64::from(2 * radius + 1).pow(2);
    let kernels = |ends: &Mixture| if ends.is_none() { 1 } else { 2 };
    match stage {
        Stage::Spectral(stage) if stage.ranks == Ranks::Binned => 120 * n + 20_000,
        Stage::Spectral(_) => 120 * n,
        Stage::Fill(stage) => {
            let others = u64::from(2 * stage.coupling.time_radius).min(layers);
            n.min(1024) * (window(stage.radius) * channels + others + 64 + if stage.exact == 0 { 0 } else { n / 16 })
        }
        Stage::VoidAndCluster(stage) => n.min(1024) * (window((4.0 * stage.sigma) as u32).min(n) + n / 8),
        Stage::Front(stage) => n * window(stage.radius),
        Stage::Polish(stage) => {
            let others = if layers > 1 { u64::from(2 * stage.coupling.time_radius) + 160 } else { 0 };
            let space = window(stage.radius) * kernels(&stage.ends) * channels;
            n * (space + others + 8 * window(stage.grey_sigma as u32))
        }
        Stage::FilterPolish(stage) => {
            let others = u64::from(2 * stage.time_radius + 1).min(layers);
            n * (window(stage.radius) * others + 64)
        }
        Stage::FilterFill(stage) => n.min(1024) * (window(stage.radius) * layers + 64),
        Stage::Swap(stage) => n * window(stage.reach) * 16 + n * window(stage.radius) * 16,
        _ => u64::MAX / 1024,
    }
}

/// The same of the dearest stage, whose tables are made anew at its first step.
#[must_use]
pub fn dearest(config: &Config) -> u64 {
    config.recipe.stages().iter().map(|stage| step(config, stage)).max().unwrap_or(0)
}

/// The same of so many steps from the start.
#[must_use]
pub fn steps(config: &Config, mut count: u64) -> u64 {
    let mut sum = 0_u64;
    for stage in config.recipe.stages() {
        let here = count.min(stage.steps(config.shape.elements()).into());
        sum = sum.saturating_add(step(config, stage).saturating_mul(here));
        count -= here;
    }
    sum
}
