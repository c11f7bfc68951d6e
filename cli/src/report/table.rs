//! Tables of figures.

use super::{Subject, escaped, signed};
use crate::measured::level_name;
use crate::patterns::{Dithered, NAMED_LEVELS};
use crate::run::{Trace, duration};
use bluegrad::distribution::Kind;
use bluegrad::measure::{LOW_POWER_RADII, SIGMAS, decibels};
use bluegrad::recipe::Start;
use bluegrad::{Losses, Range, Recipe, Stage};

/// A row of a table: name and cells.
pub(super) type Row = (String, Vec<String>);

/// Returns the main figures, for the head of the page.
pub(super) fn summary(subject: &Subject<'_>, dithered: &Dithered) -> String {
    let quality = subject.spectrum.quality;
    let eye = signed(dithered.figures.hvs_error_mean[1], 1);
    let recipe = &subject.config.recipe;
    let own = match (&subject.outcome.trace, subject.losses) {
        (Trace::Energies(energies), _) if crate::stages::levels(recipe).is_some() => {
            let last = energies.last().and_then(|last| last.decibels);
            last.map(|energy| (format!("{} dB", signed(energy, 1)), format!("energy {}", thresholds(recipe))))
        }
        (_, losses) => losses.map(|losses| (format!("{:.4}", losses.total()), "published loss".to_string())),
    };
    let peak = signed(dithered.figures.peak.mean, 1);
    let mut entries = vec![
        (format!("{eye} dB"), "error to the eye, σ = 1.5".to_string()),
        (peak, "structure: peak, mean of 31 levels".to_string()),
    ];
    entries.extend(own);
    entries.extend([
        (format!("{} dB", signed(quality.low_power[3], 1)), "mean power below 0.25 cycles/pixel".to_string()),
        (subject.outcome.steps.to_string(), "steps".to_string()),
        (duration(subject.outcome.time), "time".to_string()),
    ]);
    let entry = |(value, name): &(String, String)| format!("<div><dd>{value}</dd><dt>{name}</dt></div>\n");
    format!("<dl class=\"summary\">\n{}</dl>", entries.iter().map(entry).collect::<String>())
}

/// Names the thresholds of the energy.
pub(super) fn thresholds(recipe: &Recipe) -> String {
    match crate::stages::levels(recipe) {
        Some(2) => "at the threshold of 2 levels".to_string(),
        Some(levels) => format!("at the {} thresholds of {levels} levels", levels - 1),
        None => "over all thresholds".to_string(),
    }
}

/// Returns all tables; `stages` are the tables of the stages.
pub(super) fn tables(subject: &Subject<'_>, dithered: &Dithered, stages: String) -> String {
    let kinds = ["floats", "8 bits"].map(String::from);
    [
        table("Quality, dB relative to white; f in cycles/pixel", &kinds, &quality(subject)),
        table("Dithered grey, by the blur's σ in pixels; dB", &SIGMAS.map(|sigma| sigma.to_string()), &blurs(dithered)),
        table("Structure of dithered grey: largest bin, × white noise’s mean", &[], &structure(dithered)),
        table("Low frequencies of dithered grey, dB", &[], &low_frequencies(dithered)),
        table("Run", &[], &run(subject)),
        stages,
        subject.losses.map_or(String::new(), |l| table("Published loss of the finished mask", &[], &losses(l))),
    ]
    .concat()
}

pub(super) fn table(title: &str, columns: &[String], rows: &[Row]) -> String {
    let head: String = columns.iter().map(|column| format!("<th scope=\"col\">{column}</th>")).collect();
    let head = if columns.is_empty() { head } else { format!("<thead><tr><td></td>{head}</tr></thead>\n") };
    let body: String = rows
        .iter()
        .map(|(name, cells)| {
            let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
            format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(name))
        })
        .collect();
    format!(
        "<section class=\"table\">\n<h2>{title}</h2>\n<table>\n{head}<tbody>\n{body}</tbody>\n</table>\n</section>\n"
    )
}

fn row(name: &str, value: impl ToString) -> Row {
    (name.to_string(), vec![value.to_string()])
}

fn quality(subject: &Subject<'_>) -> Vec<Row> {
    let both = [subject.spectrum.quality, subject.grey_spectrum.quality];
    let mut rows: Vec<Row> = LOW_POWER_RADII
        .iter()
        .enumerate()
        .map(|(i, radius)| {
            let cells = both.iter().map(|quality| signed(quality.low_power[i], 2)).collect();
            (format!("Mean power, f ≤ {radius}"), cells)
        })
        .collect();
    let flatness = both.iter().map(|quality| signed(quality.flatness, 2)).collect();
    rows.push(("Flatness, 0.35 < f < 0.5".to_string(), flatness));
    let anisotropy = both.iter().map(|quality| signed(quality.anisotropy, 2)).collect();
    rows.push(("Anisotropy, 0.35 < f < 0.7".to_string(), anisotropy));
    rows
}

fn blurs(dithered: &Dithered) -> Vec<Row> {
    let figures = &dithered.figures;
    let row = |name: &str, values: &[f64], decimals| {
        (name.to_string(), values.iter().map(|value| signed(*value, decimals)).collect())
    };
    vec![
        row("Mean of 127 levels", &figures.hvs_error_mean, 2),
        row("Worst of 127 levels", &figures.hvs_error_worst, 2),
        row("All thresholds", &figures.total_energy, 2),
        row("RMS of 15 levels, × 10⁻³", &figures.rms.map(|rms| 1000.0 * rms), 1),
    ]
}

fn structure(dithered: &Dithered) -> Vec<Row> {
    let peak = &dithered.figures.peak;
    let [horizontal, vertical] = peak.worst_frequency.map(|f| signed(f, 3));
    vec![
        row("Mean of 31 levels", signed(peak.mean, 1)),
        row("Mean of 17 levels, ¼ to ¾", signed(peak.mid, 1)),
        row("Worst of 31 levels", signed(peak.worst, 1)),
        row("Grey of the worst", signed(peak.worst_grey, 3)),
        row("Its bin: horizontal, vertical f", format!("{horizontal}, {vertical}")),
    ]
}

fn low_frequencies(dithered: &Dithered) -> Vec<Row> {
    let figures = &dithered.figures;
    let mut rows = vec![
        row("f ≤ half the principal, 15 levels (LFthr)", signed(figures.low_frequency, 2)),
        row("f < 0.2, mean of 127 levels", signed(figures.hard_cut, 2)),
    ];
    rows.extend(NAMED_LEVELS.map(|k| {
        let power = decibels(dithered.level(k).low_frequency);
        row(&format!("f ≤ half the principal, level {}", level_name(k)), signed(power, 2))
    }));
    rows.push(row("Anisotropy, 15 levels", signed(figures.anisotropy, 2)));
    rows
}

/// Returns rows for the terms of the loss and the total.
fn losses(losses: Losses) -> Vec<Row> {
    let terms = losses.iter().filter(|(_, loss)| *loss != 0.0);
    let mut rows: Vec<Row> = terms.map(|(name, loss)| row(&capital(name), loss)).collect();
    rows.push(row("Total, all factors 1", losses.total()));
    rows
}

/// Capitalises the first letter.
pub(super) fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

fn run(subject: &Subject<'_>) -> Vec<Row> {
    let config = subject.config;
    let distribution = match config.distribution.kind {
        Kind::Uniform => "uniform".to_string(),
        Kind::Triangular => "triangular".to_string(),
        Kind::Gaussian => format!("Gaussian, σ = {}, cut off at −1 and 1", config.distribution.sigma),
        _ => "a table of quantiles".to_string(),
    };
    let range = match subject.range {
        Range::Unit => "0 to less than 1",
        Range::Signed => "−1 to less than 1",
    };
    let seconds = subject.outcome.time.as_secs_f64();
    let start = match config.recipe.start {
        Start::Mask => "a given mask",
        _ => "nothing but the seed",
    };
    // The level that `Auto` chose. A level that the machine lacks was an error before the run.
    let level = config.level.resolve().unwrap_or(config.level);
    let mut rows = vec![
        row("Width × height, pixels", format!("{} × {}", config.shape.width, config.shape.height)),
        row("Layers, channels", format!("{}, {}", config.shape.layers, config.shape.channels)),
        row("Preset or filters", &subject.recipe),
        row("Seed", config.seed),
        row("Start", start),
        row("Distribution", distribution),
        row("Range of floats", range),
        row("Instruction set (changes no bit)", level.name()),
        row("Steps, with the final ranking", subject.outcome.steps),
        row("Time", duration(subject.outcome.time)),
        row(
            "Steps a second",
            format!("{:.0}", f64::from(subject.outcome.steps - subject.outcome.before) / seconds.max(1e-9)),
        ),
        row("Memory of the generator, bytes", subject.memory),
        row("Version", format!("{}, algorithm {}", env!("CARGO_PKG_VERSION"), bluegrad::ALGORITHM_VERSION)),
    ];
    if config.recipe.stages().iter().filter_map(Stage::as_spectral).any(|stage| stage.profile.weight > 0.0) {
        let profile = &config.recipe.profile;
        let knots = profile.knots.iter().take(profile.knot_count as usize);
        let knots: Vec<String> = knots.map(|knot| format!("{} {}", knot.frequency, knot.amplitude)).collect();
        rows.push(row("Radial profile: cycles/pixel, amplitude", knots.join("; ")));
    }
    rows
}
