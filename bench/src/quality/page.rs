//! The page of a measurement of quality.

use super::figures::NAMES;
use super::limits::{RIVALS, compare, judge};
use super::{Row, find};
use std::fmt::Write;

/// What a page says besides its tables.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// UTC, `2026-01-31`.
    pub date: String,
    /// The command that measured.
    pub command: String,
    /// The other library: its version and use, or why it is not there.
    pub peer: String,
}

/// What the figures are.
const METHOD: &str = "\
Mean over seeds 0, 1, … of each figure; dB relative to white noise of the same variance unless said, less is better. From \
`bluegrad::measure`:

- HVS: error of the thresholded patterns after a Gaussian blur of that sigma (pixels), mean of the dB over the levels k/128.
- full: mean power of the grey mask up to that radius (cycles/pixel).
- LFthr: mean power of the patterns up to half their principal frequency, over the levels k/16: dB of the mean, then mean of \
the dB. LF: the same at one level.
- RMS: of the blurred patterns less their grey, quadratic mean over the levels k/16, thousandths.
- cut .2: power of the patterns below 0.2 cycles/pixel, mean of the dB over the levels k/128.
- flatness: standard deviation of the grey mask's ring means, dB, between 0.35 and 0.5 cycles/pixel.
- anisotropy: variance/mean² within rings, dB; 0 is one isotropic periodogram. Of the grey mask, then of the patterns.
- tile: power of the grey mask at the frequencies of the fill's tiles, (a/32, b/16) cycles/pixel with |a| ≤ 6, |b| ≤ 3, over \
that of the other bins of the same radial frequency ± 1/128; 1 but for scatter is no trace.
- ranks: exact if each stands once; then of 256 levels each stands equally often.

One mask scatters about these means: full .125 at 64 by about 0.4, the others by 0.01 to 0.1, single levels by more. The \
preset `dither` is the family at sigma 1.26. Masks are the same on every machine, libplacebo's on those with the same `rand`.
";

/// The whole page.
#[must_use]
pub fn page(circumstances: &Circumstances, rows: &[Row]) -> String {
    let Circumstances { date, command, peer } = circumstances;
    format!(
        "# {date}: quality of the masks\n\n\
         - bluegrad: {}, algorithm version {}\n- libplacebo: {peer}\n- command: `{command}`\n\n{METHOD}\n{}",
        env!("CARGO_PKG_VERSION"),
        bluegrad::ALGORITHM_VERSION,
        tables(rows)
    )
}

/// All tables in Markdown.
#[must_use]
pub fn tables(rows: &[Row]) -> String {
    let mut sides: Vec<u32> = rows.iter().map(|row| row.side).collect();
    sides.dedup();
    let mut text = String::new();
    for side in sides {
        let _ = write!(text, "## {side} x {side}\n\n{}\n", figures(rows.iter().filter(|row| row.side == side)));
    }
    text += &limits(rows);
    for (side, ours, theirs) in RIVALS {
        if let (Some(ours), Some(theirs)) = (find(rows, ours, side), find(rows, theirs, side)) {
            text += &comparison(ours, theirs);
        }
    }
    text
}

fn figures<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut text =
        format!("| mask | seeds | {} | ranks |\n|:--|--:|{}:--|\n", NAMES.join(" | "), "--:|".repeat(NAMES.len()));
    for Row { name, seeds, figures, .. } in rows {
        let cells: Vec<_> = figures.values.iter().map(|value| format!("{value:.2}")).collect();
        let exact = if figures.exact { "exact" } else { "no" };
        let _ = writeln!(text, "| {name} | {seeds} | {} | {exact} |", cells.join(" | "));
    }
    text
}

fn limits(rows: &[Row]) -> String {
    let judged = judge(rows);
    let missed = judged.iter().filter(|judged| !judged.met).count();
    let mut text = format!(
        "## Limits\n\nWhat the project holds itself to: {} met, {missed} missed.\n\n\
         | N | mask | figure | is | must be | |\n|--:|:--|:--|--:|:--|:--|\n",
        judged.len() - missed
    );
    for judged in judged {
        let verdict = if judged.met { "met" } else { "**missed**" };
        let (side, name, figure) = (judged.side, judged.name, judged.figure);
        let _ = writeln!(text, "| {side} | {name} | {figure} | {} | {} | {verdict} |", judged.value, judged.limit);
    }
    text
}

fn comparison(ours: &Row, theirs: &Row) -> String {
    let compared = compare(ours, theirs);
    let behind = compared.iter().filter(|compared| compared.verdict == "behind").count();
    let mut text = format!(
        "\n## {} against {}, {} x {}\n\nWithin 0.03 dB is level, anisotropies within 1 dB; behind in {behind} of {}.\n\n\
         | figure | {} | {} | difference dB | |\n|:--|--:|--:|--:|:--|\n",
        ours.name,
        theirs.name,
        ours.side,
        ours.side,
        compared.len(),
        ours.name,
        theirs.name
    );
    for compared in compared {
        let verdict = if compared.verdict == "behind" { "**behind**" } else { compared.verdict };
        let [a, b] = compared.values;
        let _ = writeln!(
            text,
            "| {} | {a:.2} | {b:.2} | {:+.3} | {verdict} |",
            NAMES[compared.column], compared.difference
        );
    }
    text
}
