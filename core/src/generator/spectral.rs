//! One step of the spectral objective:
//!
//! ```text
//! x ──rfft2──▶ X ──terms──▶ L, m = (∂L/∂S)/S ──▶ m·X ──irfft2──▶ g
//! x ──rank or bins──▶ h = 2(x − t)                                │
//! x ◀──────────────────────optimiser◀─────────────────────────────┘
//! ```

use super::unit;
use crate::error::Error;
use crate::fft::Plan;
use crate::jobs::{Means, Serial};
use crate::layout::{Buffers, TransformSpace, sort_space};
use crate::recipe::{Ranks, Spectral, TermWeight};
use crate::shape::Shape;
use crate::simd::{Lanes, SimdLevel};
use crate::sort::binned;
use crate::sort::kept::{self, Cache};
use crate::spectral::Losses;
use crate::spectral::objective::{Objective, PerTerm};
use crate::spectral::terms::{self, BIN_TERMS, histogram};
use crate::spectral::update::{Step, Update, Wanted};
use rand_core::Rng;

/// Factors of the terms' gradients at a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Factors {
    bins: [f32; BIN_TERMS],
    histogram: f32,
}

impl Factors {
    /// Weights of the terms; those of randomised terms with weight are multiplied by a draw, in the order of the terms.
    pub(super) fn draw<R: Rng>(stage: &Spectral, rng: &mut R) -> Self {
        let factors = terms::table(stage).map(|term| match term.weight {
            TermWeight { weight: 0.0, .. } => 0.0,
            TermWeight { weight, randomized: 0 } => weight,
            TermWeight { weight, .. } => weight * unit(rng),
        });
        let [bins @ .., histogram] = factors;
        Self { bins, histogram }
    }
}

/// Losses and gradient that a step saw.
pub(super) struct Seen {
    pub(super) losses: Losses,
    pub(super) gradient_norm: f32,
}

/// Does step `index` of a stage.
pub(super) fn step(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    means: Means<'_>,
    stage: &Spectral,
    index: u32,
    factors: &Factors,
    checked: &mut bool,
) -> Result<Seen, Error> {
    if index == 0 {
        buffers.velocity.fill(0.0);
        buffers.second.fill(0.0);
    }
    let with_spectrum = has_spectrum(stage);
    let wanted = want(buffers, means, stage, index, checked)?;
    let sums = if with_spectrum { transform(buffers, shape, means, stage, factors.bins)? } else { PerTerm::default() };
    let space = TransformSpace::new(buffers.transform, buffers.sort, buffers.work, shape).ok_or(Error::DAMAGED)?;
    let update = Update {
        step: Step {
            optimizer: stage.optimizer,
            step_size: stage.step_size.at(index, stage.steps),
            histogram_step_size: stage.histogram_step_size.at(index, stage.steps),
            histogram: factors.histogram,
            count: index + 1,
        },
        values: buffers.values,
        velocity: buffers.velocity,
        second: buffers.second,
        gradient: if with_spectrum { space.gradient } else { &[] },
        wanted: match (wanted, buffers.edges.first()) {
            (Some(Ranks::Exact), _) => Wanted::Exact(buffers.wanted),
            (Some(Ranks::Binned), Some(edges)) => Wanted::Binned(edges, buffers.counts),
            _ => Wanted::None,
        },
    };
    let seen = update.run(means.level, means.jobs);
    if projects(stage, index + 1) {
        project(buffers, means)?;
    }
    Ok(Seen { losses: weighted(stage, shape, &sums, seen.histogram), gradient_norm: Lanes::sqrt(seen.gradient as f32) })
}

/// Whether a projection follows the `done`-th step of a stage.
fn projects(stage: &Spectral, done: u32) -> bool {
    stage.projection_period > 0 && done.is_multiple_of(stage.projection_period)
}

/// Prepares the wanted values of a step: one per pixel by exact ranks, or the edges of the bins.
///
/// The update counts the bins while it moves the values. Where the start or a projection moved them, they are counted here.
fn want(
    buffers: &mut Buffers<'_>,
    means: Means<'_>,
    stage: &Spectral,
    index: u32,
    checked: &mut bool,
) -> Result<Option<Ranks>, Error> {
    if stage.histogram.weight == 0.0 {
        return Ok(None);
    }
    match (stage.ranks, buffers.edges.first_mut()) {
        (Ranks::Binned, Some(edges)) => {
            if index == 0 || projects(stage, index) {
                binned::count(means.level, buffers.values, buffers.counts);
            }
            edges.take(buffers.counts, buffers.targets);
        }
        _ => want_exactly(buffers, means, Some(checked))?,
    }
    Ok(Some(stage.ranks))
}

/// Ranks the values. `checked` as in [`Cache`]; without it the buffer of the ranks is left alone.
fn want_exactly(buffers: &mut Buffers<'_>, means: Means<'_>, checked: Option<&mut bool>) -> Result<(), Error> {
    let space = sort_space(buffers.transform, buffers.sort, buffers.work).ok_or(Error::DAMAGED)?;
    let cache = checked.map(|checked| Cache { buffer: buffers.ranks, checked });
    histogram::exact(means, buffers.values, buffers.targets, space, cache, buffers.wanted);
    Ok(())
}

/// Computes the losses at the present values, by exact ranks. It overwrites the spectrum, the gradient and the wanted values, which are
/// work space between steps.
pub(super) fn evaluate(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    level: SimdLevel,
    stage: &Spectral,
) -> Result<Losses, Error> {
    let means = Means { level, jobs: &Serial };
    let mut histogram = 0.0;
    if stage.histogram.weight > 0.0 {
        kept::forget(buffers.ranks);
        want_exactly(buffers, means, None)?;
        for (value, wanted) in buffers.values.iter().zip(buffers.wanted.iter()) {
            let distance = f64::from(*value) - f64::from(*wanted);
            histogram += distance * distance;
        }
    }
    let factors = [0.0; BIN_TERMS];
    let sums = if has_spectrum(stage) { transform(buffers, shape, means, stage, factors)? } else { PerTerm::default() };
    Ok(weighted(stage, shape, &sums, histogram))
}

/// Replaces each value by the wanted value of its exact rank.
pub(super) fn project(buffers: &mut Buffers<'_>, means: Means<'_>) -> Result<(), Error> {
    let space = sort_space(buffers.transform, buffers.sort, buffers.work).ok_or(Error::DAMAGED)?;
    histogram::project(means, buffers.values, buffers.targets, space, buffers.ranks);
    Ok(())
}

/// Sets each value to the wanted value of its rank.
pub(super) fn take_ranks(buffers: &mut Buffers<'_>) {
    for (value, rank) in buffers.values.iter_mut().zip(&*buffers.ranks) {
        let wanted = buffers.targets.get(*rank as usize);
        debug_assert!(wanted.is_some(), "ranks are below the number of pixels");
        *value = wanted.copied().unwrap_or_default();
    }
}

fn has_spectrum(stage: &Spectral) -> bool {
    terms::table(stage).iter().take(BIN_TERMS).any(|term| term.weight.weight > 0.0)
}

/// Computes the losses of the spectral terms and their gradient.
fn transform(
    buffers: &mut Buffers<'_>,
    shape: Shape,
    Means { level, jobs }: Means<'_>,
    stage: &Spectral,
    factors: [f32; BIN_TERMS],
) -> Result<PerTerm, Error> {
    let plan = Plan::new(shape, buffers.twiddles, buffers.orders)?;
    let TransformSpace { spectrum, gradient, columns, amplitudes } =
        TransformSpace::new(buffers.transform, buffers.sort, buffers.work, shape).ok_or(Error::DAMAGED)?;
    plan.forward_columns(level, jobs, buffers.values, spectrum, columns);
    let terms = &terms::bins(stage, shape, buffers.profile);
    let sums =
        Objective { plan: &plan, spectrum, nyquist: buffers.nyquist, amplitudes, terms, factors }.run(level, jobs);
    plan.inverse_columns(level, jobs, spectrum, gradient, columns);
    Ok(sums)
}

/// Weighs the sums of the terms of the bins and of the histogram.
fn weighted(stage: &Spectral, shape: Shape, sums: &PerTerm, histogram: f64) -> Losses {
    let mut losses = Losses::default();
    let sums = sums.iter().chain([&histogram]);
    for ((to, term), sum) in losses.by_term.iter_mut().zip(terms::table(stage)).zip(sums) {
        *to = (f64::from(term.weight.weight) * ((term.scale)(shape.pixels()) * sum)) as f32;
    }
    losses
}
