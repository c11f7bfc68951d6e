//! The progress bar.

use bluegrad::Report;
use console::Term;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// Time before the bar appears; shorter runs show none.
const PATIENCE: Duration = Duration::from_millis(300);

/// Rate at which the bar is drawn, per second.
const REFRESH: u8 = 20;

/// Columns at the end of the line that the bar leaves free.
const MARGIN: u16 = 8;

/// A progress bar on a terminal, for runs that take long enough; nothing elsewhere.
pub(super) struct Bar {
    /// Steps done before `--resume`.
    before: u32,
    steps: u32,
    /// Whether the run has a loss to show.
    losses: bool,
    wanted: bool,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    pub(super) fn new(report: &Report, losses: bool, quiet: bool) -> Self {
        let wanted = !quiet && io::stderr().is_terminal();
        Self { before: report.step, steps: report.steps, losses, wanted, start: Instant::now(), bar: None }
    }

    /// Shows steps, rate, loss and time left.
    pub(super) fn show(&mut self, report: &Report) {
        let time = self.start.elapsed();
        if !self.wanted || time < PATIENCE {
            return;
        }
        let rate = f64::from(report.step - self.before) / time.as_secs_f64();
        let left = Duration::try_from_secs_f64(f64::from(self.steps - report.step) / rate).unwrap_or(Duration::MAX);
        let loss =
            if self.losses { format!("{rate:.0}/s, loss {:.4}, ", report.losses.total()) } else { String::new() };
        let bar = self.bar.get_or_insert_with(|| bar(self.steps));
        bar.set_message(format!("{loss}{:#} left", HumanDuration(left)));
        bar.set_position(u64::from(report.step));
    }

    /// Removes the bar.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Removes the bar after Ctrl-C; without a bar, ends the line on which the terminal shows `^C`.
    pub(super) fn interrupted(&self) {
        self.clear();
        if self.bar.is_none() && io::stderr().is_terminal() {
            eprintln!();
        }
    }
}

/// Returns a bar of a number of steps; hidden with `quiet` or outside of a terminal.
pub(crate) fn progress(steps: u32, quiet: bool) -> ProgressBar {
    if quiet || !io::stderr().is_terminal() { ProgressBar::hidden() } else { bar(steps) }
}

fn bar(steps: u32) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} steps, {wide_msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(Narrow(Term::buffered_stderr())), REFRESH);
    ProgressBar::with_draw_target(Some(u64::from(steps)), target).with_style(style)
}

/// A terminal that hides its last columns from the bar.
///
/// indicatif pads the bar to the whole width. A terminal shows `^C` after the cursor: behind a full line that would wrap, and the
/// bar's own line could not be cleared any more.
#[derive(Debug)]
struct Narrow(Term);

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
