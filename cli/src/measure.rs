//! The command `measure`: figures of masks.

use crate::args::MeasureArgs;
use crate::failure::{self, Failure, Result};
use crate::measured::{
    AllLoaded, AnyMeasured, AnyRecord, Measured, MeasuredChannel, MeasuredVolume, Tabled, level_name, text,
};
use crate::output;
use crate::patterns::{NAMED_LEVELS, RAMP_SIGMA};
use crate::point_figures::MeasuredPoints;
use crate::settings::named_filters;
use bluegrad::measure::{ACCUMULATIONS, LOW_POWER_RADII, SIGMAS, SPACE_SIGMAS, TIME_SIGMAS, decibels};
use std::fmt::Write;

/// Measures every file, then prints all figures.
pub(crate) fn run(args: &MeasureArgs) -> Result<()> {
    if args.points {
        return points(args);
    }
    let filters = named_filters([args.space_filter.as_deref(), args.time_filter.as_deref()], args.separate)?;
    let masks = &args.masks;
    let loaded = AllLoaded::new(&masks.files, &masks.reading(), masks.reads_volumes(), usize::MAX)?;
    let all = match &filters {
        Some(_) => loaded
            .measure_volumes(filters.as_ref())?
            .into_iter()
            .map(|mask| AnyMeasured::Volume(Box::new(mask)))
            .collect(),
        None => loaded.measure()?,
    };
    loaded.assumed.iter().for_each(failure::say);
    let text = match &all[..] {
        _ if args.json => json(&all)?,
        [AnyMeasured::Flat(one)] => block(one),
        [AnyMeasured::Volume(one)] => volume_block(one),
        _ => tables(&all),
    };
    output::print(&text)
}

/// Measures sets of points, then prints all figures.
fn points(args: &MeasureArgs) -> Result<()> {
    let files = &args.masks.files;
    let all: Vec<MeasuredPoints> =
        files.iter().map(|file| MeasuredPoints::of_file(file, args.prefix)).collect::<Result<_>>()?;
    if args.json {
        let records: Vec<_> = all.iter().map(MeasuredPoints::record).collect();
        let text = serde_json::to_string_pretty(&records).map_err(Failure::other)?;
        return output::print(&(text + "\n"));
    }
    output::print(&all.iter().map(MeasuredPoints::text).collect::<Vec<_>>().join("\n"))
}

fn json<'m>(all: &'m [AnyMeasured]) -> Result<String> {
    let record = |mask: &'m AnyMeasured| match mask {
        AnyMeasured::Flat(mask) => AnyRecord::of_flat(mask),
        AnyMeasured::Volume(mask) => Ok(AnyRecord::from(mask.as_ref())),
    };
    let records: Vec<AnyRecord<'_>> = all.iter().map(record).collect::<Result<_>>()?;
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

/// Formats all figures of a mask of several layers or channels.
fn volume_block(mask: &MeasuredVolume) -> String {
    let (name, size, histogram) = (mask.name(), mask.size(), mask.histogram());
    let each = |values: &[f64], decimals| values.iter().map(|value| text(*value, decimals)).collect::<Vec<_>>();
    let several = mask.channels.len() > 1;
    let lines = |name: &str, cells: &dyn Fn(&MeasuredChannel) -> Vec<String>| -> String {
        let named = |index: usize| if several { format!("{name}, channel {index}") } else { name.to_string() };
        mask.channels.iter().enumerate().map(|(index, channel)| line(&named(index), cells(channel))).collect()
    };
    let summed =
        if several { line("  sum of the channels at equal levels", each(&mask.summed, 2)) } else { String::new() };
    [
        format!("{name}: {size}, {histogram}\n"),
        "dB relative to white noise of the same variance: 0 is white, lower is better; f in cycles/pixel\n\n"
            .to_string(),
        line("Accumulated frames", ["first", "8", "16", "32", "last", "rss"].map(String::from)),
        lines("  error, x 1e-3", &|channel| {
            let errors = &channel.frames;
            let all = [errors.first, errors.frame_8, errors.frame_16, errors.frame_32, errors.last, errors.rss];
            each(&all, 2)
        }),
        "\n".to_string(),
        line("Each layer, blurred: sigma, pixels", SPACE_SIGMAS.map(|sigma| text(sigma, 1))),
        lines("  error to the eye", &|channel| each(&channel.space_time.space, 2)),
        summed,
        "\n".to_string(),
        line("Each pixel over time: sigma, frames", TIME_SIGMAS.map(|sigma| text(sigma, 1))),
        lines("  error", &|channel| each(&channel.space_time.time, 2)),
        "\n".to_string(),
        line("Accumulated, blurred: alpha", ACCUMULATIONS.map(|[alpha, _]| text(alpha, 1))),
        line("  sigma, pixels", ACCUMULATIONS.map(|[_, sigma]| text(sigma, 1))),
        lines("  error to the eye", &|channel| each(&channel.space_time.accumulated, 2)),
        "\n".to_string(),
        line("Structure of dithered grey", ["mean", "mid", "worst"].map(String::from)),
        lines("  largest bin, mean layer", &|channel| {
            each(&[channel.peaks.mean, channel.peaks.mid, channel.peaks.worst], 1)
        }),
        lines("  largest bin, worst layer", &|channel| {
            each(&[channel.peaks.largest_mean, channel.peaks.largest_mid, channel.peaks.largest_worst], 1)
        }),
        "\n".to_string(),
        line("The layers themselves: R, cycles/pixel", LOW_POWER_RADII.map(|radius| radius.to_string())),
        lines("  power, 0 < f <= R", &|channel| each(&channel.low_power, 2)),
        if mask.channels.iter().all(|channel| channel.loss.is_none()) {
            String::new()
        } else {
            "\n".to_string() + &lines("Loss for the filters", &|channel| each(&[channel.loss.unwrap_or(f64::NAN)], 2))
        },
    ]
    .concat()
}

/// A column of a table: heading, width, cell of a mask.
type Column<M> = (&'static str, usize, fn(&M) -> String);

const COLUMNS: [Column<Measured>; 15] = [
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

/// Keys of [`MeasuredVolume::figures`], with headings, widths and decimals.
const VOLUME_COLUMNS: [(&str, &str, usize, usize); 14] = [
    ("first", "frame_error_thousandths_first", 7, 2),
    ("f 8", "frame_error_thousandths_8", 7, 2),
    ("f 32", "frame_error_thousandths_32", 7, 2),
    ("last", "frame_error_thousandths_last", 7, 2),
    ("rss", "frame_error_thousandths_rss", 7, 1),
    ("s=1", "space_db_sigma_1.0", 7, 2),
    ("s=1.5", "space_db_sigma_1.5", 7, 2),
    ("s=3", "space_db_sigma_3.0", 7, 2),
    ("t=0.7", "time_db_sigma_0.7", 7, 2),
    ("t=1.5", "time_db_sigma_1.5", 7, 2),
    ("t=2.5", "time_db_sigma_2.5", 7, 2),
    ("a=0.2", "accumulated_db_alpha_0.2_sigma_1.0", 7, 2),
    ("peak", "peak_mean", 6, 1),
    ("worst", "peak_largest_worst", 6, 1),
];

/// Formats several masks, a line each; those of layers or channels in a table of their own.
fn tables(all: &[AnyMeasured]) -> String {
    let (mut flat, mut volumes) = (Vec::new(), Vec::new());
    for mask in all {
        match mask {
            AnyMeasured::Flat(mask) => flat.push(mask.as_ref()),
            AnyMeasured::Volume(mask) => volumes.push(mask.as_ref()),
        }
    }
    let tables = [(flat.is_empty(), table(&flat)), (volumes.is_empty(), volume_table(&volumes))];
    tables.into_iter().filter(|(empty, _)| !empty).map(|(_, table)| table).collect::<Vec<_>>().join("\n")
}

fn volume_table(all: &[&MeasuredVolume]) -> String {
    let file_width = all.iter().map(|one| one.name().chars().count()).max().unwrap_or(0).max(4);
    let size_width = all.iter().map(|one| one.size().chars().count()).max().unwrap_or(0).max(4);
    let mut out = "\
Masks of layers and channels. Error of accumulated frames, x 1e-3: first, frames 8 and 32, last, root of the sum of
squares. dB relative to white noise, lower is better: error to the eye of a layer, blurred at sigma s; error of a pixel over
time, blurred at sigma t; of frames accumulated at alpha a, blurred at sigma 1. peak: largest bin, x white noise's mean, mean
of the layers; worst: of the worst layer and level. Means over the channels. For all figures, measure one file.
"
    .to_string();
    let heading = VOLUME_COLUMNS.iter().map(|(heading, _, width, _)| format!("{heading:>width$}")).collect::<String>();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:file_width$}  {:size_width$}{heading}", "file", "size");
    for mask in all {
        let figures = mask.figures();
        let cell = |(_, key, width, decimals): &(&str, &str, usize, usize)| {
            let value = figures.iter().find(|figure| figure.key == *key).map_or(f64::NAN, |figure| figure.value);
            format!("{:>width$}", text(value, *decimals))
        };
        let cells = VOLUME_COLUMNS.iter().map(cell).collect::<String>();
        let _ = writeln!(out, "{:file_width$}  {:size_width$}{cells}", mask.name(), mask.size());
    }
    out
}

/// Formats several masks, a line each.
fn table(all: &[&Measured]) -> String {
    let file_width = all.iter().map(|one| one.name().chars().count()).max().unwrap_or(0).max(4);
    let mut out = "\
dB relative to white noise, lower is better. Dithered grey: error to the eye, blurred at sigma s; peak: largest bin, x
white noise's mean, of the mean/mid/worst level; low frequencies; RMS error x 1e-3 at sigma 1.5. The mask: power for
f <= R, flatness, anisotropy, histogram. For all figures, measure one file.
"
    .to_string();
    let mut row = |name: &str, cell: &dyn Fn(&Column<Measured>) -> String| {
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
