//! Runs a generator to its end, with a progress bar and a record of the losses.

use crate::failure::{Failure, Result};
use bluegrad::{Generator, Jobs, Layout, Line, Report};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// The most reports that a record has, give or take the first and the last.
const MOST_REPORTS: u32 = 2000;

/// Steps of a slice where no record is kept: often enough for the bar, seldom enough to cost nothing.
const SLICES: u32 = 250;

/// What a run leaves besides its mask.
pub(crate) struct Outcome {
    /// Reports over the run, the first and the last step's always among them; empty if none was asked for.
    pub(crate) trace: Vec<Report>,
    /// Steps done.
    pub(crate) steps: u32,
    pub(crate) time: Duration,
}

/// Memory for a generator.
pub(crate) fn allocate(layout: &Layout) -> Result<Vec<Line>> {
    let bytes = layout.bytes();
    let short = |_| Failure::other(format_args!("not enough memory: the run needs {bytes} bytes; take a smaller size"));
    let mut memory = Vec::new();
    memory.try_reserve_exact(layout.lines()).map_err(short)?;
    memory.resize(layout.lines(), Line::ZERO);
    Ok(memory)
}

/// Steps until the generator is done.
pub(crate) fn to_the_end(generator: &mut Generator<'_>, jobs: &dyn Jobs, record: bool, quiet: bool) -> Result<Outcome> {
    let steps = generator.report().steps;
    let bar = progress_bar(steps, quiet);
    let slice = if record { steps.div_ceil(MOST_REPORTS) } else { steps.div_ceil(SLICES) }.max(1);
    let start = Instant::now();
    let mut trace = Vec::new();
    loop {
        // The first slice is one step, so that a record starts where the run does.
        let at_start = generator.report().step == 0;
        let report = generator.step_on(if at_start { 1 } else { slice }, jobs)?;
        if !report.losses.total().is_finite() {
            let step = report.step;
            return Err(Failure::other(format_args!(
                "the run diverged before step {step}; take a smaller --step-size"
            )));
        }
        if record {
            trace.push(report);
        }
        bar.set_position(u64::from(report.step));
        bar.set_message(format!("{:.4}", report.losses.total()));
        if report.done {
            bar.finish_and_clear();
            return Ok(Outcome { trace, steps: report.step, time: start.elapsed() });
        }
    }
}

/// A bar on a terminal; nothing anywhere else.
fn progress_bar(steps: u32, quiet: bool) -> ProgressBar {
    let visible = !quiet && io::stderr().is_terminal();
    let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let template = "{bar:30} {pos}/{len} steps, {per_sec}, loss {msg}, {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(u64::from(steps)), target).with_style(style)
}

/// The record as a table.
pub(crate) fn trace_csv(trace: &[Report]) -> String {
    let mut text = "step,stage,low_band,smoothness,profile,histogram,total,gradient_norm\n".to_string();
    for Report { stage, step, losses, gradient_norm, .. } in trace {
        let (low_band, smoothness, profile) = (losses.low_band, losses.smoothness, losses.profile);
        let (histogram, total) = (losses.histogram, losses.total());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{step},{stage},{low_band},{smoothness},{profile},{histogram},{total},{gradient_norm}");
    }
    text
}
