//! The progress bar.

use bluegrad::Report;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// A run that is done by then needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// A bar on a terminal, if the run takes long enough for one; nothing anywhere else.
pub(super) struct Bar {
    steps: u32,
    /// Whether there is a loss to show.
    losses: bool,
    wanted: bool,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    pub(super) fn new(steps: u32, losses: bool, quiet: bool) -> Self {
        let wanted = !quiet && io::stderr().is_terminal();
        Self { steps, losses, wanted, start: Instant::now(), bar: None }
    }

    /// Shows how far the run is.
    pub(super) fn show(&mut self, report: &Report) {
        if !self.wanted || self.start.elapsed() < PATIENCE {
            return;
        }
        let (steps, losses, start) = (self.steps, self.losses, self.start);
        let bar = self.bar.get_or_insert_with(|| bar(steps, losses).with_elapsed(start.elapsed()));
        bar.set_position(u64::from(report.step));
        if losses {
            bar.set_message(format!("loss {:.4}, ", report.losses.total()));
        }
    }

    /// Takes it away.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Takes it away where the user typed `^C`, which the terminal has shown; without a bar that stays on a line of its own.
    pub(super) fn interrupted(&self) {
        self.clear();
        if self.bar.is_none() && io::stderr().is_terminal() {
            eprintln!();
        }
    }
}

fn bar(steps: u32, losses: bool) -> ProgressBar {
    let rate = if losses { "{per_sec}, {msg}" } else { "" };
    let template = format!("{{bar:30}} {{pos}}/{{len}} steps, {rate}{{eta}} left");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(u64::from(steps)), ProgressDrawTarget::stderr()).with_style(style)
}
