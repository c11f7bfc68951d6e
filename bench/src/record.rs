//! The table of a measurement, and the page that keeps it.

use crate::machine;
use crate::rounds::{Quartiles, Times};
use crate::run::Kind;
use bluegrad::Level;
use std::fmt::Write;

/// What a row of the table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Another library's pair of transforms; the first one is the yardstick.
    Peer(String),
    /// bluegrad's pair at a level.
    Pair(Level),
    /// A whole step at the best level.
    Step(Kind),
}

impl Subject {
    fn name(&self) -> String {
        match self {
            Self::Peer(name) => format!("pair, {name}"),
            Self::Pair(level) => format!("pair, bluegrad, {}", level.name()),
            Self::Step(kind) => kind.name().into(),
        }
    }

    /// The largest ratio to the yardstick that the project allows itself, at N x N.
    #[must_use]
    pub fn limit(&self, side: u32) -> Option<f64> {
        match (self, side) {
            (Self::Pair(level), 64 | 128 | 256) if *level == Level::detect() => Some(0.45),
            (Self::Step(Kind::Published), 64) => Some(3.5),
            (Self::Step(Kind::PublishedBinned), 64) => Some(1.5),
            _ => None,
        }
    }
}

/// All rows of one size: what was timed, and its times. Without a yardstick there are no ratios.
#[derive(Debug)]
pub struct Size {
    /// N of N x N.
    pub side: u32,
    /// Subjects and their times, µs.
    pub rows: Vec<(Subject, Times)>,
}

impl Size {
    fn yardstick(&self) -> Option<&Times> {
        self.rows.iter().find(|(subject, _)| matches!(subject, Subject::Peer(_))).map(|(_, times)| times)
    }
}

/// The table in Markdown.
#[must_use]
pub fn table(sizes: &[Size]) -> String {
    let mut text = String::from(
        "| N | what | median µs | quartiles µs | ns/pixel | ratio to the FFTW pair | quartiles of the rounds' ratios | limit | |\n\
         |--:|:--|--:|:-:|--:|--:|:-:|--:|:--|\n",
    );
    for size in sizes {
        for (subject, times) in &size.rows {
            text += &row(size, subject, times);
        }
    }
    text
}

fn row(size: &Size, subject: &Subject, times: &Times) -> String {
    let time = Quartiles::of(times.clone());
    let per_pixel = 1e3 * time.median / f64::from(size.side).powi(2);
    let (mut ratio_text, mut spread, mut limit_text, mut verdict) = Default::default();
    if let Some(yardstick) = size.yardstick() {
        let ratio = time.median / Quartiles::of(yardstick.clone()).median;
        let ratios = Quartiles::of(times.iter().zip(yardstick).map(|(time, yardstick)| time / yardstick).collect());
        ratio_text = format!("{ratio:.3}");
        spread = format!("{:.3} – {:.3}", ratios.lower, ratios.upper);
        if let Some(limit) = subject.limit(size.side) {
            limit_text = format!("≤ {limit}");
            verdict = if ratio <= limit { "met" } else { "**missed**" };
        }
    }
    format!(
        "| {} | {} | {} | {} – {} | {per_pixel:.2} | {ratio_text} | {spread} | {limit_text} | {verdict} |\n",
        size.side,
        subject.name(),
        figure(time.median),
        figure(time.lower),
        figure(time.upper)
    )
}

/// Three digits or more.
fn figure(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

/// What a record says besides its table.
#[derive(Debug)]
pub struct Circumstances {
    /// UTC, `2026-01-31`.
    pub date: String,
    /// The command that measured.
    pub command: String,
    /// Rounds.
    pub rounds: u32,
    /// The aim for a batch of a round, µs.
    pub batch: u32,
    /// Load averages before and after.
    pub load: [Option<String>; 2],
}

/// The whole page.
#[must_use]
pub fn page(circumstances: &Circumstances, sizes: &[Size]) -> String {
    let Circumstances { date, command, rounds, batch, load } = circumstances;
    let mut text = format!("# {date}, {}\n\n", machine::cpu());
    for (name, value) in machine::facts() {
        let _ = writeln!(text, "- {name}: {value}");
    }
    if let [Some(before), Some(after)] = load {
        let _ = writeln!(text, "- load averages (1, 5, 15 minutes): before {before}; after {after}");
    }
    let _ = write!(
        text,
        "- command: `{command}`\n\n\
         One thread, f32, N x N. A pair is one forward and one inverse transform, out of place. A step is a whole step of \
         the optimiser through `Generator::step` at the best level, from step 300 of a run on. All rows of one N were \
         timed in turn in the same {rounds} rounds, each time for about {batch} µs after one warm-up; a ratio is that of \
         the medians. Every pair and every run passed its check first (round trip, spectrum against the first pair's, bits against \
         the scalar level).\n\n"
    );
    text + &table(sizes)
}

/// The file name of a page: `2026-01-31-amd-epyc-9r14.md`.
#[must_use]
pub fn file_name(date: &str) -> String {
    format!("{date}-{}.md", machine::file_name(&machine::cpu()))
}

#[cfg(test)]
mod tests {
    use super::{Size, Subject, table};
    use crate::run::Kind;

    #[test]
    fn ratios_and_verdicts() {
        let rows = vec![
            (Subject::Peer("FFTW".into()), vec![10.0, 10.0, 20.0]),
            (Subject::Step(Kind::Published), vec![30.0, 36.0, 36.0]),
            (Subject::Step(Kind::PublishedBinned), vec![14.0, 14.0, 14.0]),
        ];
        let table = table(&[Size { side: 64, rows }]);
        let lines: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(lines[0], "| 64 | pair, FFTW | 10.0 | 10.0 – 15.0 | 2.44 | 1.000 | 1.000 – 1.000 |  |  |");
        assert!(lines[1].contains("| 3.600 |") && lines[1].ends_with("| ≤ 3.5 | **missed** |"), "{}", lines[1]);
        assert!(lines[2].ends_with("| ≤ 1.5 | met |"), "{}", lines[2]);
    }

    #[test]
    fn no_yardstick_no_ratio() {
        let rows = vec![(Subject::Step(Kind::Spectral), vec![1.0])];
        let table = table(&[Size { side: 64, rows }]);
        assert_eq!(table.lines().nth(2), Some("| 64 | `spectral` step | 1.00 | 1.00 – 1.00 | 0.24 |  |  |  |  |"));
    }
}
