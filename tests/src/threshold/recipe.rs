//! A whole recipe of the dither objective: its stages one after the other, filled from the core's plain data.

use super::fill::{self, Coupling, Fill};
use super::filters;
use super::front::{self, Front};
use super::kernel::{Band, Component};
use super::polish::{self, Ends, Polish};
use super::void_and_cluster::{self, VoidAndCluster};
use bluegrad::recipe::{self, Law, Mixture};
use bluegrad::{Config, Schedule, Stage};

/// The ranks after all stages, from noise or, if they are given, from `ranks`. Spectral stages and swaps are not for it.
#[must_use]
pub fn run(config: &Config, ranks: Option<Vec<u32>>) -> Vec<u32> {
    let (width, height) = (config.shape.width as usize, config.shape.height as usize);
    let mut ranks = ranks.unwrap_or_else(|| super::noise_of_planes(width * height, config.shape.planes(), config.seed));
    let mut first_step = 0;
    for stage in config.recipe.stages() {
        ranks = match stage {
            Stage::Fill(stage) => fill::run(&fill(stage), config.shape, config.seed, first_step),
            Stage::VoidAndCluster(stage) => {
                let params = VoidAndCluster { sigma: stage.sigma, fraction: stage.initial_fraction };
                void_and_cluster::run(&params, width, height, config.seed, first_step)
            }
            Stage::Front(stage) => front::run(&front(stage), width, height, &ranks),
            Stage::Polish(stage) => polish::run_volume(&polish(stage), config.shape, &ranks),
            Stage::FilterFill(stage) => {
                filters::fill(stage, &config.recipe.filters, config.shape, config.seed, first_step)
            }
            Stage::FilterPolish(stage) => filters::polish(stage, &config.recipe.filters, config.shape, &ranks),
            _ => panic!("the twin has no such stage"),
        };
        first_step += u64::from(stage.steps(config.shape.elements()));
    }
    ranks
}

/// The fill of a stage.
#[must_use]
pub fn fill(stage: &recipe::Fill) -> Fill {
    Fill {
        sigma: stage.sigma,
        radius: stage.radius as usize,
        narrow_weight: stage.narrow_weight,
        narrow_sigma: stage.narrow_sigma,
        disorder: stage.disorder,
        exact: stage.exact != 0,
        coupling: coupling(&stage.coupling),
    }
}

fn front(stage: &recipe::Front) -> Front {
    Front {
        steps: stage.steps,
        sigma: stage.sigma,
        radius: stage.radius as usize,
        step_size: Schedule::constant(stage.step_size),
        momentum: stage.momentum,
        threshold: stage.threshold,
    }
}

fn coupling(coupling: &recipe::Coupling) -> Coupling {
    Coupling {
        channel_weight: coupling.channel_weight,
        time_weight: coupling.time_weight,
        time_radius: coupling.time_radius as usize,
        time_kernel: mixture(&coupling.time_kernel),
    }
}

fn mixture(mixture: &Mixture) -> Vec<Component> {
    let pairs = mixture.sigma.into_iter().zip(mixture.weight).filter(|(_, weight)| *weight > 0.0);
    pairs.map(|(sigma, weight)| Component { sigma, weight }).collect()
}

/// The polish of a stage.
#[must_use]
pub fn polish(stage: &recipe::Polish) -> Polish {
    let ends = Ends { mixture: mixture(&stage.ends), inner: stage.ends_inner, outer: stage.ends_outer };
    let band = Band { weight: stage.band_weight, cutoff: stage.band_cutoff, exponent: stage.band_exponent };
    Polish {
        steps: stage.steps,
        radius: stage.radius as usize,
        mixture: mixture(&stage.kernel),
        ends: (!stage.ends.is_none()).then_some(ends),
        win: stage.taper,
        band: (band.weight > 0.0).then_some(band),
        grey_sigma: stage.grey_sigma,
        step_size: stage.step_size,
        tau: stage.tau,
        momentum: stage.momentum,
        grey_weight: stage.grey_weight,
        freeze: (stage.freeze_below, stage.freeze_above),
        added: stage.law == Law::Added,
        coupling: coupling(&stage.coupling),
        product_weight: stage.product_weight,
        product_sigma: stage.product_sigma,
    }
}
