//! What a run looked like: losses of a spectral run, the energy of any other.

use super::MOST_REPORTS;
use crate::energy;
use crate::failure::Result;
use crate::stages;
use bluegrad::recipe::Start;
use bluegrad::{Config, Generator, Losses, Report, Shape};
use std::fmt::Write;

/// The most pixels that are looked at for the energy, all in all: a second's work or so.
const MOST_PIXELS: usize = 1 << 25;

/// The energy at some step.
pub(crate) struct Energy {
    pub(crate) step: u32,
    /// The stage of the step, counted from 0.
    pub(crate) stage: u32,
    /// [`stages::kind`] of it; `ranks` for the step that ranks, `init` before the first one.
    pub(crate) kind: &'static str,
    /// dB relative to white noise, over all thresholds, or at those of a mask for few levels; none while it is not defined: where
    /// the pixels that are placed are not the first ones, or, for few levels, not all.
    pub(crate) decibels: Option<f64>,
}

/// The record of a run.
pub(crate) enum Trace {
    /// Reports over a spectral run, the first and the last step's among them; empty if no record was asked for.
    Losses(Vec<Report>),
    /// Any other run, with the end of each stage.
    Energies(Vec<Energy>),
}

impl Default for Trace {
    fn default() -> Self {
        Self::Losses(Vec::new())
    }
}

impl Trace {
    /// As a table.
    pub(crate) fn csv(&self) -> String {
        // Writing to a string cannot fail.
        match self {
            Self::Losses(reports) => {
                let columns = Losses::NAMES.map(|name| name.replace(' ', "_")).join(",");
                let mut text = format!("step,stage,{columns},total,gradient_norm\n");
                for Report { stage, step, losses, gradient_norm, .. } in reports {
                    let terms: Vec<String> = losses.iter().map(|(_, loss)| loss.to_string()).collect();
                    let (terms, total) = (terms.join(","), losses.total());
                    let _ = writeln!(text, "{step},{stage},{terms},{total},{gradient_norm}");
                }
                text
            }
            Self::Energies(energies) => {
                let mut text = "step,stage,kind,energy_db\n".to_string();
                for Energy { step, stage, kind, decibels } in energies {
                    let decibels = decibels.map(|decibels| format!("{decibels:.4}")).unwrap_or_default();
                    let _ = writeln!(text, "{step},{stage},{kind},{decibels}");
                }
                text
            }
        }
    }
}

/// Keeps the record.
pub(super) struct Recorder {
    pub(super) trace: Trace,
}

impl Recorder {
    /// Before the first step.
    pub(super) fn new(generator: &mut Generator<'_>, spectral: bool) -> Result<Self> {
        if spectral {
            return Ok(Self { trace: Trace::default() });
        }
        let mut recorder = Self { trace: Trace::Energies(Vec::new()) };
        if generator.config().recipe.start == Start::Mask {
            recorder.take(generator)?;
        }
        Ok(recorder)
    }

    /// Steps until the next look.
    pub(super) fn slice(&self, generator: &Generator<'_>) -> u32 {
        let Report { step, steps, .. } = generator.report();
        if matches!(self.trace, Trace::Losses(_)) {
            return steps.div_ceil(MOST_REPORTS);
        }
        let (recipe, pixels) = (&generator.config().recipe, generator.config().shape.pixels());
        let looks = (MOST_PIXELS / pixels / recipe.stages().len()).clamp(1, MOST_REPORTS as usize) as u32;
        // To the end of a stage at most.
        let mut end = 0;
        for stage in recipe.stages() {
            let steps = stage.steps(pixels);
            end += steps;
            if step < end {
                return steps.div_ceil(looks).min(end - step);
            }
        }
        1
    }

    /// Looks at the run.
    pub(super) fn take(&mut self, generator: &mut Generator<'_>) -> Result<()> {
        let report = generator.report();
        match &mut self.trace {
            Trace::Losses(reports) => reports.push(report),
            Trace::Energies(energies) => energies.push(energy(generator, &report)?),
        }
        Ok(())
    }
}

fn energy(generator: &mut Generator<'_>, report: &Report) -> Result<Energy> {
    let Report { step, stage, done, .. } = *report;
    let Config { shape, recipe, .. } = *generator.config();
    let now = recipe.stages().get(stage as usize);
    let kind = match now {
        _ if step == 0 => "init",
        Some(now) if !done => stages::kind(now),
        _ => "ranks",
    };
    let mut values = vec![0.0; shape.pixels()];
    generator.write_values(&mut values)?;
    let placing = now.is_some_and(stages::places);
    let ranked = if placing { placed(&values, shape) } else { Some(values.len()) };
    let relative = match (ranked, stages::levels(&recipe)) {
        (Some(ranked), None) => Some(energy::over_all(&ranks(&values), ranked, shape)),
        (Some(ranked), Some(levels)) if ranked == values.len() => {
            Some(energy::at_levels(&ranks(&values), levels, shape))
        }
        _ => None,
    };
    Ok(Energy { step, stage, kind, decibels: relative.map(bluegrad::measure::decibels) })
}

/// How many pixels have ranks, if these are the lowest; those without are 1.
fn placed(values: &[f32], shape: Shape) -> Option<usize> {
    let ranked = values.iter().copied().filter(|value| *value < 1.0);
    let (count, highest) = ranked.fold((0, -1.0_f32), |(count, highest), value| (count + 1, highest.max(value)));
    // Of rank r: 2·(r + ½)/n − 1.
    let end = (f64::from(highest) + 1.0) / 2.0 * shape.pixels() as f64 + 0.5;
    (count > 0 && (end - count as f64).abs() < 0.5).then_some(count)
}

/// Returns the rank of each value; equal values rank in the order of their pixels.
fn ranks(values: &[f32]) -> Vec<u32> {
    let mut order: Vec<(f32, u32)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|(a, i), (b, j)| a.total_cmp(b).then(i.cmp(j)));
    let mut ranks = vec![0; values.len()];
    for (rank, (_, pixel)) in (0..).zip(order) {
        ranks[pixel as usize] = rank;
    }
    ranks
}
