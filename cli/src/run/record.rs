//! Record of a run: losses of a spectral run, energy of other runs.

use super::MOST_REPORTS;
use crate::energy;
use crate::failure::Result;
use crate::stages;
use bluegrad::recipe::Start;
use bluegrad::{Config, Generator, Losses, Report, Shape};
use std::fmt::Write;

/// Elements for which energies are computed in a run, all together: about one second of work.
const MOST_PIXELS: usize = 1 << 25;

/// Energy at a step.
pub(crate) struct Energy {
    pub(crate) step: u32,
    /// Stage of the step, from 0.
    pub(crate) stage: u32,
    /// Name of the stage; `ranks` for the final ranking, `init` before the first step.
    pub(crate) kind: &'static str,
    /// Energy, in dB relative to white noise.
    ///
    /// Over all thresholds or, with `--levels`, at the thresholds of the levels. Of layers and channels the mean.
    ///
    /// `None` where it is not defined: the placed pixels do not have the lowest ranks or, with `--levels`, some pixels are not
    /// placed.
    pub(crate) decibels: Option<f64>,
}

/// Record of a run.
pub(crate) enum Trace {
    /// Reports of a spectral run, first and last step included; empty without a record.
    Losses(Vec<Report>),
    /// Energies of any other run, the end of each stage included.
    Energies(Vec<Energy>),
}

impl Default for Trace {
    fn default() -> Self {
        Self::Losses(Vec::new())
    }
}

impl Trace {
    /// Returns the record as CSV.
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

/// Takes the record.
pub(super) struct Recorder {
    pub(super) trace: Trace,
}

impl Recorder {
    /// Starts a record, before the first step.
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

    /// Number of steps until the next entry.
    pub(super) fn slice(&self, generator: &Generator<'_>) -> u32 {
        let Report { step, steps, .. } = generator.report();
        if matches!(self.trace, Trace::Losses(_)) {
            return steps.div_ceil(MOST_REPORTS);
        }
        let (recipe, pixels) = (&generator.config().recipe, generator.config().shape.elements());
        let looks = (MOST_PIXELS / pixels / recipe.stages().len()).clamp(1, MOST_REPORTS as usize) as u32;
        // At most to the end of the stage.
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

    /// Adds an entry.
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
        Some(now) if !done => now.name(),
        _ => "ranks",
    };
    let mut values = vec![0.0; shape.elements()];
    generator.write_values(&mut values)?;
    let placing = now.is_some_and(stages::places);
    let levels = stages::levels(&recipe);
    let one = |values: &[f32]| energy_of_plane(values, shape.plane(), placing, levels);
    let relative = if shape.is_flat() { one(&values) } else { mean_of_planes(&values, shape, one) };
    Ok(Energy { step, stage, kind, decibels: relative.map(bluegrad::measure::decibels) })
}

/// Mean over all planes, if it is defined for each.
fn mean_of_planes(values: &[f32], shape: Shape, one: impl Fn(&[f32]) -> Option<f64>) -> Option<f64> {
    let channels = shape.channels as usize;
    let layers = values.chunks_exact(shape.pixels() * channels);
    let planes =
        layers.flat_map(|layer| (0..channels).map(move |channel| layer.iter().skip(channel).step_by(channels)));
    let energies: Option<Vec<f64>> = planes.map(|plane| one(&plane.copied().collect::<Vec<f32>>())).collect();
    energies.map(|energies| energies.iter().sum::<f64>() / energies.len() as f64)
}

/// Energy of a flat mask, relative to white noise.
fn energy_of_plane(values: &[f32], shape: Shape, placing: bool, levels: Option<u32>) -> Option<f64> {
    let ranked = if placing { placed(values, shape) } else { Some(values.len()) };
    match (ranked, levels) {
        (Some(ranked), None) => Some(energy::over_all(&ranks(values), ranked, shape)),
        (Some(ranked), Some(levels)) if ranked == values.len() => {
            Some(energy::at_levels(&ranks(values), levels, shape))
        }
        _ => None,
    }
}

/// Number of placed pixels, if they have the lowest ranks; pixels not placed are 1.0.
fn placed(values: &[f32], shape: Shape) -> Option<usize> {
    let ranked = values.iter().copied().filter(|value| *value < 1.0);
    let (count, highest) = ranked.fold((0, -1.0_f32), |(count, highest), value| (count + 1, highest.max(value)));
    // Rank r has the value 2·(r + ½)/n − 1, so `end` is the highest rank + 1.
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
