//! The page of a measurement of quality.

use super::figures::{NAMES, PEAK};
use super::limits::{Judged, RIVALS, compare, judge, judge_structure};
use super::structure::{CORRELATED_SEEDS, CORRELATED_SETS, FIRST_SEED, SEEDS};
use super::{Row, Structure, find, size};
use bluegrad::Shape;
use std::fmt::Write;

/// Circumstances of a measurement.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Date in UTC, such as `2026-01-31`.
    pub date: String,
    /// Command that measured.
    pub command: String,
    /// Version and use of the other library, or why it is missing.
    pub peer: String,
}

/// Explains the figures.
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
- peak: largest bin of a pattern's power over white noise's, no dB: mean over the levels k/128, k = 4, 8 … 124, over those from \
1/4 to 3/4, worst level. A lattice has a high peak and the lowest HVS, LF and RMS of all, so these say nothing without it.
- tile: power of the grey mask at the frequencies of the fill's tiles, (a/32, b/16) cycles/pixel with |a| ≤ 6, |b| ≤ 3, over \
that of the other bins of the same radial frequency ± 1/128; 1 but for scatter is no trace.
- ranks: exact if each stands once; then of 256 levels each stands equally often.

One mask scatters about these means: full .125 at 64 by about 0.4, the others by 0.01 to 0.1, single levels by more. The \
preset `dither` is the family at sigma 1.26. Masks are the same on every machine, libplacebo's on those with the same `rand`.
";

/// Returns the whole page.
#[must_use]
pub fn page(circumstances: &Circumstances, rows: &[Row], structure: &Structure) -> String {
    let Circumstances { date, command, peer } = circumstances;
    format!(
        "# {date}: quality of the masks\n\n\
         - bluegrad: {}, algorithm version {}\n- libplacebo: {peer}\n- command: `{command}`\n\n{METHOD}\n{}",
        env!("CARGO_PKG_VERSION"),
        bluegrad::ALGORITHM_VERSION,
        tables(rows, structure)
    )
}

/// Returns all tables in Markdown.
#[must_use]
pub fn tables(rows: &[Row], structure: &Structure) -> String {
    let mut text = String::new();
    for shape in shapes(rows) {
        let _ = write!(text, "## {}\n\n{}\n", size(shape), figures(rows.iter().filter(|row| row.shape == shape)));
    }
    text += &of_structure(structure);
    text += &limits([judge(rows), judge_structure(structure)].concat());
    for (side, ours, theirs) in RIVALS {
        let shape = Shape::new(side, side);
        if let (Some(ours), Some(theirs)) = (find(rows, ours, shape), find(rows, theirs, shape)) {
            text += &comparison(ours, theirs);
        }
    }
    text
}

/// Returns the sizes of rows, in order.
fn shapes(rows: &[Row]) -> Vec<Shape> {
    let mut all: Vec<Shape> = rows.iter().map(|row| row.shape).collect();
    all.dedup();
    all
}

/// Returns the section on peaks and on the correlation of seeds.
fn of_structure(structure: &Structure) -> String {
    let Structure { rows, correlations } = structure;
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.name.as_str()) {
            names.push(&row.name);
        }
    }
    let mut text = String::new();
    if !rows.is_empty() {
        let shapes = shapes(rows);
        let _ = write!(
            text,
            "## Structure\n\nPeak, mean / mid / worst; means of {SEEDS} seeds from {FIRST_SEED} on, which no search saw. A peak grows with \
             the logarithm of the size: compare within a column.\n\n| mask | {} |\n|:--|{}\n",
            shapes.iter().map(|shape| size(*shape)).collect::<Vec<_>>().join(" | "),
            "--:|".repeat(shapes.len())
        );
        for name in &names {
            let cell = |shape: &Shape| {
                let row = find(rows, name, *shape)?;
                Some([0, 1, 2].map(|i| three_digits(row.figures.values[PEAK + i])).join(" / "))
            };
            let cells: Vec<_> = shapes.iter().map(|shape| cell(shape).unwrap_or("–".into())).collect();
            let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
        }
        text += "\n";
    }
    if !correlations.is_empty() {
        let mut shapes: Vec<Shape> = correlations.iter().map(|one| one.shape).collect();
        shapes.dedup();
        let _ = write!(
            text,
            "Largest normalised correlation of any two of {CORRELATED_SEEDS} seeds' masks, over all shifts, flips and quarter turns; mean \
             of {CORRELATED_SETS} such sets. Masks that are alike are no channels of one image.\n\n| mask | {} |\n|:--|{}\n",
            shapes.iter().map(|shape| size(*shape)).collect::<Vec<_>>().join(" | "),
            "--:|".repeat(shapes.len())
        );
        for name in &names {
            let of = |shape: &Shape| correlations.iter().find(|one| one.name == **name && one.shape == *shape);
            let cells: Vec<_> =
                shapes.iter().map(|shape| of(shape).map_or("–".into(), |one| format!("{:.3}", one.largest))).collect();
            let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
        }
        text += "\n";
    }
    text
}

/// Formats a number, with one decimal below 20.
fn three_digits(peak: f64) -> String {
    if peak < 19.95 { format!("{peak:.1}") } else { format!("{peak:.0}") }
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

fn limits(judged: Vec<Judged>) -> String {
    let missed = judged.iter().filter(|judged| !judged.met).count();
    let mut text = format!(
        "## Limits\n\nWhat the project holds itself to: {} met, {missed} missed.\n\n\
         | size | mask | figure | is | must be | |\n|--:|:--|:--|--:|:--|:--|\n",
        judged.len() - missed
    );
    for judged in judged {
        let verdict = if judged.met { "met" } else { "**missed**" };
        let (size, name, figure) = (size(judged.shape), judged.name, judged.figure);
        let _ = writeln!(text, "| {size} | {name} | {figure} | {} | {} | {verdict} |", judged.value, judged.limit);
    }
    text
}

fn comparison(ours: &Row, theirs: &Row) -> String {
    let compared = compare(ours, theirs);
    let behind = compared.iter().filter(|compared| compared.verdict == "behind").count();
    let mut text = format!(
        "\n## {} against {}, {}\n\nWithin 0.03 dB is level, peaks within 0.5 dB, anisotropies within 1 dB; behind in {behind} of {}.\n\n\
         | figure | {} | {} | difference dB | |\n|:--|--:|--:|--:|:--|\n",
        ours.name,
        theirs.name,
        size(ours.shape),
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
