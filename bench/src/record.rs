//! Tables of a measurement, and the page that holds them.

use crate::growth::{self, Cost};
use crate::measured::{Size, Subject};
use crate::peers::YARDSTICK;
use crate::rounds::{Quartiles, Times};
use crate::{machine, summary};
use std::fmt::Write;

/// Returns the table of all times in Markdown.
#[must_use]
pub fn table(sizes: &[Size]) -> String {
    let mut text = format!(
        "| N | what | median µs | quartiles µs | ns/pixel | ratio to the {YARDSTICK} pair | quartiles of the rounds' ratios |\n\
         |--:|:--|--:|:-:|--:|--:|:-:|\n",
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
    let (mut ratio_text, mut spread) = Default::default();
    if let Some(yardstick) = size.times(&Subject::Peer(YARDSTICK.into())) {
        let ratio = time.median / Quartiles::of(yardstick.clone()).median;
        let ratios = Quartiles::of(times.iter().zip(yardstick).map(|(time, yardstick)| time / yardstick).collect());
        ratio_text = format!("{ratio:.3}");
        spread = format!("{:.3} – {:.3}", ratios.lower, ratios.upper);
    }
    format!(
        "| {} | {} | {} | {} – {} | {per_pixel:.2} | {ratio_text} | {spread} |\n",
        size.side,
        subject.name(),
        figure(time.median),
        figure(time.lower),
        figure(time.upper)
    )
}

/// Formats a number with at least three digits.
fn figure(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

/// Circumstances of a measurement.
#[derive(Debug, Default)]
pub struct Circumstances {
    /// Date in UTC, such as `2026-01-31`.
    pub date: String,
    /// Command that measured.
    pub command: String,
    /// Number of rounds.
    pub rounds: u32,
    /// Target time of a batch, in µs.
    pub batch: u32,
    /// Load averages before and after.
    pub load: [Option<String>; 2],
    /// Peers: name, then version and use.
    pub peers: Vec<(String, String)>,
    /// Peers that were not measured: name and reason.
    pub missing: Vec<(String, String)>,
}

impl Circumstances {
    pub(crate) fn lines(&self) -> String {
        let mut text = String::new();
        for (name, value) in machine::facts() {
            let _ = writeln!(text, "- {name}: {value}");
        }
        for (name, about) in &self.peers {
            let _ = writeln!(text, "- {name}: {about}");
        }
        for (name, why) in &self.missing {
            let _ = writeln!(text, "- not measured: {name}: {why}");
        }
        if let [Some(before), Some(after)] = &self.load {
            let _ = writeln!(text, "- load averages (1, 5, 15 minutes): before {before}; after {after}");
        }
        let _ = writeln!(text, "- command: `{}`", self.command);
        text
    }

    fn method(&self) -> String {
        format!(
            "One thread, f32, N x N. A pair is one forward and one inverse transform, out of place; a library without 2-D \
             transforms is composed: rows, a transpose by blocks, columns, and the spectrum stays transposed. A step is a \
             whole step of the optimiser through `Generator::step` at the best level, from step 300 of a run on. An \
             iteration is the published step in Python: three terms, random factors, exact ranks. All rows of one N were \
             timed in turn in the same {} rounds, each time for about {} µs after one warm-up; Python programs are \
             processes of their own that wait for their turn and time themselves. A ratio is that of the medians. \
             Everything passed its check first (round trip, spectrum against the first pair's, bits against the scalar \
             level, iterations against f64).",
            self.rounds, self.batch
        )
    }
}

/// Returns the whole page.
#[must_use]
pub fn page(circumstances: &Circumstances, sizes: &[Size], costs: &[Cost]) -> String {
    let mut text = format!("# {}, {}\n\n{}\n", circumstances.date, machine::cpu(), circumstances.lines());
    let _ = write!(
        text,
        "{}\n\n## Ratios\n\nLimits, in parentheses, are what the project allows itself on a Zen 4 with AVX-512; bold is \
         beyond.\n\n{}\n## Times\n\n{}",
        circumstances.method(),
        summary::table(sizes),
        table(sizes)
    );
    if !costs.is_empty() {
        let _ = write!(
            text,
            "\n## Growth\n\nBest level, each kind by itself; sides above 256 by fewer rounds, from an earlier step on. Block: \
             `Layout::bytes`; working set: those of its buffers that a step touches; fits: the nearest cache of the list \
             above that holds the working set, as far as it is not shared.\n\n{}",
            growth::table(costs)
        );
    }
    text
}

/// Returns the file name of a page: `2026-01-31-amd-epyc-9r14.md`, with `part` appended if given.
#[must_use]
pub fn file_name(date: &str, part: &str) -> String {
    format!("{date}-{}{part}.md", machine::file_name(&machine::cpu()))
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::measured::{Size, Subject};
    use crate::run::Kind;

    #[test]
    fn ratios() {
        let rows = vec![
            (Subject::Peer("FFTW".into()), vec![10.0, 10.0, 20.0]),
            (Subject::Step(Kind::Published), vec![30.0, 36.0, 36.0]),
        ];
        let table = table(&[Size { side: 64, rows }]);
        let lines: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(lines[0], "| 64 | pair, FFTW | 10.0 | 10.0 – 15.0 | 2.44 | 1.000 | 1.000 – 1.000 |");
        assert!(lines[1].contains("| 3.600 |"), "{}", lines[1]);
    }

    #[test]
    fn no_yardstick_no_ratio() {
        let rows = vec![(Subject::Step(Kind::Spectral), vec![1.0])];
        let table = table(&[Size { side: 64, rows }]);
        assert_eq!(table.lines().nth(2), Some("| 64 | `spectral` step | 1.00 | 1.00 – 1.00 | 0.24 |  |  |"));
    }
}
