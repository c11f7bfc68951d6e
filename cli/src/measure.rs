//! The command `measure`: figures of masks.

use crate::args::MeasureArgs;
use crate::failure::{self, Failure, Result};
use crate::measured::{AllMeasured, Measured, Record, level_name, text};
use crate::output;
use crate::patterns::{NAMED_LEVELS, RAMP_SIGMA};
use bluegrad::measure::{LOW_POWER_RADII, SIGMAS, decibels};
use std::fmt::Write;

/// Measures every file, then prints all figures.
pub(crate) fn run(args: &MeasureArgs) -> Result<()> {
    let AllMeasured { masks: all, assumed } = AllMeasured::new(&args.masks.files, &args.masks.reading(), usize::MAX)?;
    assumed.iter().for_each(failure::say);
    let text = match &all[..] {
        _ if args.json => json(&all)?,
        [one] => block(one),
        _ => table(&all),
    };
    output::print(&text)
}

fn json(all: &[Measured]) -> Result<String> {
    let records: Vec<Record<'_>> = all.iter().map(Record::new).collect::<Result<_>>()?;
    serde_json::to_string_pretty(&records).map(|text| text + "\n").map_err(Failure::other)
}

/// Width of the names in a block, in columns.
const NAMES: usize = 42;

/// Formats a line of a block: a name and aligned cells.
fn line(name: &str, cells: impl IntoIterator<Item = String>) -> String {
    let cells: String = cells.into_iter().map(|cell| format!("{cell:>7}")).collect();
    format!("{name:NAMES$}{cells}").trim_end().to_string() + "\n"
}

/// Formats all figures of one mask; dithering comes first.
fn block(mask: &Measured) -> String {
    let Measured { histogram, spectrum, dithered, .. } = mask;
    let (figures, quality) = (&dithered.figures, &spectrum.quality);
    let (name, size) = (mask.name(), mask.size());
    let each = |values: &[f64], decimals| values.iter().map(|value| text(*value, decimals)).collect::<Vec<_>>();
    let [horizontal, vertical] = figures.peak.worst_frequency;
    let worst = [figures.peak.worst_grey, horizontal, vertical];
    let levels = NAMED_LEVELS.map(|k| decibels(dithered.level(k).low_frequency));
    [
        format!("{name}: {size} pixels, histogram {histogram}\n"),
        "dB relative to white noise of the same variance: 0 is white, lower is better; f in cycles/pixel\n\n"
            .to_string(),
        line("Dithered grey, blurred: sigma, pixels", SIGMAS.map(|sigma| text(sigma, 1))),
        line("  error to the eye, mean of 127 levels", each(&figures.hvs_error_mean, 2)),
        line("  error to the eye, worst of 127 levels", each(&figures.hvs_error_worst, 2)),
        line("  error to the eye, all thresholds", each(&figures.total_energy, 2)),
        line("  RMS error of 15 levels, x 1e-3", each(&figures.rms.map(|rms| 1000.0 * rms), 1)),
        line(&format!("  ramp at 1, 2 bits, sigma {RAMP_SIGMA}: PSNR, dB"), each(&dithered.ramp_psnr, 1)),
        "\n".to_string(),
        line("Structure of dithered grey", ["mean", "mid", "worst"].map(String::from)),
        line(
            "  largest bin, x white noise's mean",
            [figures.peak.mean, figures.peak.mid, figures.peak.worst].map(|x| text(x, 1)),
        ),
        line("  worst: grey; f, horizontal and vertical", worst.map(|x| text(x, 3))),
        "\n".to_string(),
        line("Low frequencies of dithered grey: level", NAMED_LEVELS.map(level_name)),
        line("  f <= half the principal frequency", each(&levels, 2)),
        line("  mean of 15 levels (LFthr)", [text(figures.low_frequency, 2)]),
        line("  f < 0.2, mean of 127 levels", [text(figures.hard_cut, 2)]),
        line("  anisotropy of 15 levels", [text(figures.anisotropy, 2)]),
        "\n".to_string(),
        line("The mask itself: R, cycles/pixel", LOW_POWER_RADII.map(|radius| radius.to_string())),
        line("  power, 0 < f <= R", each(&quality.low_power, 2)),
        line("  flatness, 0.35 < f < 0.5", [text(quality.flatness, 2)]),
        line("  anisotropy, 0.35 < f < 0.7", [text(quality.anisotropy, 2)]),
    ]
    .concat()
}

/// A column of the table: heading, width, cell of a mask.
type Column = (&'static str, usize, fn(&Measured) -> String);

const COLUMNS: [Column; 15] = [
    ("size", 10, Measured::size),
    ("s=1", 7, |mask| text(mask.dithered.figures.hvs_error_mean[0], 2)),
    ("s=1.5", 7, |mask| text(mask.dithered.figures.hvs_error_mean[1], 2)),
    ("s=2", 7, |mask| text(mask.dithered.figures.hvs_error_mean[3], 2)),
    ("s=3", 7, |mask| text(mask.dithered.figures.hvs_error_mean[4], 2)),
    ("peak", 12, |mask| {
        let peak = &mask.dithered.figures.peak;
        // Peaks of ordered dither are wider than the column: the space separates the cells.
        format!(" {}", [peak.mean, peak.mid, peak.worst].map(|x| text(x, 0)).join("/"))
    }),
    ("LFthr", 7, |mask| text(mask.dithered.figures.low_frequency, 2)),
    ("f<0.2", 7, |mask| text(mask.dithered.figures.hard_cut, 2)),
    ("RMS", 6, |mask| text(1000.0 * mask.dithered.figures.rms[1], 1)),
    ("R=0.125", 8, |mask| text(mask.spectrum.quality.low_power[1], 1)),
    ("R=0.25", 7, |mask| text(mask.spectrum.quality.low_power[3], 1)),
    ("R=0.35", 7, |mask| text(mask.spectrum.quality.low_power[5], 1)),
    ("flat", 6, |mask| text(mask.spectrum.quality.flatness, 2)),
    ("anis.", 7, |mask| text(mask.spectrum.quality.anisotropy, 2)),
    ("hist.", 7, |mask| if mask.histogram.exact() { "exact" } else { "uneven" }.to_string()),
];

/// Formats several masks, a line each.
fn table(all: &[Measured]) -> String {
    let file_width = all.iter().map(|one| one.name().chars().count()).max().unwrap_or(0).max(4);
    let mut out = "\
dB relative to white noise, lower is better. Dithered grey: error to the eye, blurred at sigma s; peak: largest bin, x
white noise's mean, of the mean/mid/worst level; low frequencies; RMS error x 1e-3 at sigma 1.5. The mask: power for
f <= R, flatness, anisotropy, histogram. For all figures, measure one file.
"
    .to_string();
    let mut row = |name: &str, cell: &dyn Fn(&Column) -> String| {
        let cells: String = COLUMNS.iter().map(|column| format!("{:>1$}", cell(column), column.1)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{name:file_width$}{cells}");
    };
    row("file", &|column| column.0.to_string());
    for mask in all {
        row(&mask.name(), &|column| column.2(mask));
    }
    out
}
