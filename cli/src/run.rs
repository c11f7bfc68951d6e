//! Runs a generator to its end, with progress bar and record.

mod bar;
mod record;

use crate::failure::{Failure, Result};
use crate::snapshot::Keeper;
use bar::Bar;
pub(crate) use bar::progress;
use bluegrad::{Generator, Jobs, Report, Stage};
use record::Recorder;
pub(crate) use record::{Energy, Trace};
use std::time::{Duration, Instant};

/// Largest number of reports, without the first and the last.
const MOST_REPORTS: u32 = 2000;

/// Time of a slice without a record: short enough for the progress bar, long enough to cost nothing.
///
/// A slice is the steps between two looks at the run. Its length doubles until it takes half of this time or longer.
const SLICE: Duration = Duration::from_millis(20);

/// Record and figures of a run.
pub(crate) struct Outcome {
    pub(crate) trace: Trace,
    /// Steps done, those before `--resume` included.
    pub(crate) steps: u32,
    /// Steps done before `--resume`.
    pub(crate) before: u32,
    /// Time of this run's steps, without the time of the record.
    pub(crate) time: Duration,
}

/// Steps the generator until it is done or the keeper stops it.
pub(crate) fn to_the_end(
    generator: &mut Generator<'_>,
    jobs: &dyn Jobs,
    record: bool,
    quiet: bool,
    keeper: &mut Keeper,
) -> Result<Outcome> {
    let spectral = generator.config().recipe.stages().iter().any(|stage| matches!(stage, Stage::Spectral(_)));
    let Report { steps, step: before, .. } = generator.report();
    let mut bar = Bar::new(&generator.report(), spectral, quiet);
    let mut recorder = record.then(|| Recorder::new(generator, spectral)).transpose()?;
    let mut time = Duration::ZERO;
    // One step, so that the record has the state after the first step.
    let mut slice = 1;
    loop {
        let start = Instant::now();
        // The last step ranks the values, which hides a divergence: it is a slice of its own.
        let left = (steps - 1).saturating_sub(generator.report().step);
        let report = generator.step_on(slice.min(left).max(1), jobs)?;
        let taken = start.elapsed();
        time += taken;
        slice = match &recorder {
            Some(recorder) => recorder.slice(generator),
            None if taken < SLICE / 2 => slice.saturating_mul(2),
            None => slice,
        };
        if !report.losses.total().is_finite() {
            let step = report.step;
            return Err(Failure::other(format_args!(
                "the run diverged before step {step}; choose a smaller --step-size"
            )));
        }
        if let Some(recorder) = &mut recorder {
            recorder.take(generator)?;
        }
        bar.show(&report);
        if report.done {
            bar.clear();
            let trace = recorder.map(|recorder| recorder.trace).unwrap_or_default();
            return Ok(Outcome { trace, steps: report.step, before, time });
        }
        if keeper.asked() {
            bar.interrupted();
        }
        keeper.look(generator)?;
    }
}

/// Formats a time with its unit: `1.2 ms`, `35 ms`, `2.10 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.01 {
        format!("{:.1} ms", 1e3 * seconds)
    } else if seconds < 1.0 {
        format!("{:.0} ms", 1e3 * seconds)
    } else {
        format!("{seconds:.2} s")
    }
}
