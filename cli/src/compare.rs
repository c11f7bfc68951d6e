//! The command `compare`: masks side by side.

use crate::args::CompareArgs;
use crate::failure::{self, Failure, Result};
use crate::measured::{AllLoaded, AnyRecord, Better, Figure, Tabled, text};
use crate::output::{self, Target};
use crate::report::{self, Row};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Largest number of masks: the columns of a table and the colours of a plot.
const MOST_MASKS: usize = 8;

/// Width of the table and of the figures' names, in columns.
const WIDTH: usize = 120;
const NAMES: usize = 36;

/// JSON output. Field names are a stable interface.
#[derive(Serialize)]
struct Comparison<'m> {
    masks: Vec<AnyRecord<'m>>,
    /// For each figure, indices into `masks` of the best masks.
    best: BTreeMap<String, Vec<usize>>,
}

/// Measures every file, writes the report, then prints the table or JSON.
pub(crate) fn run(args: &CompareArgs) -> Result<()> {
    let refused = |count: usize| Failure::usage(format_args!("compare takes 2 to {MOST_MASKS} masks, not {count}"));
    let files = &args.masks.files;
    if files.len() > MOST_MASKS {
        return Err(refused(files.len()));
    }
    if let Some(report) = args.report.as_deref() {
        let same = |file: &Path| file.canonicalize().is_ok_and(|file| report.canonicalize().is_ok_and(|it| it == file));
        if files.iter().any(|file| same(file)) {
            let path = report.display();
            return Err(Failure::usage(format_args!("{path} is one of the masks: --report must name another file")));
        }
    }
    let target = args.report.as_deref().map(Target::page).transpose()?;
    let masks = &args.masks;
    let loaded = AllLoaded::new(files, &masks.reading(), masks.reads_volumes(), MOST_MASKS)?;
    if loaded.count() < 2 {
        return Err(refused(loaded.count()));
    }
    // Flat masks beside masks with layers or channels are measured as those are.
    let (page, text) = if let Some(all) = loaded.measure_flat() {
        let all = all?;
        let rows = rows(&all);
        let page = target.as_ref().map(|_| report::comparison(&all, &headings(&all, usize::MAX), &rows)).transpose()?;
        let records = || all.iter().map(AnyRecord::of_flat).collect::<Result<_>>();
        (page, if args.json { json(records()?, &rows)? } else { table(&all, &rows) })
    } else {
        let all = loaded.measure_volumes(None)?;
        let rows = rows(&all);
        let page = target.as_ref().map(|_| report::volumes(&all, &headings(&all, usize::MAX), &rows)).transpose()?;
        let records = all.iter().map(AnyRecord::from).collect();
        (page, if args.json { json(records, &rows)? } else { table(&all, &rows) })
    };
    if let Some((target, page)) = target.as_ref().zip(page) {
        output::write_all(&[(target, page.into_bytes())])?;
    }
    loaded.assumed.iter().for_each(failure::say);
    output::print(&text)
}

fn rows(all: &[impl Tabled]) -> Vec<Row> {
    let figures: Vec<Vec<Figure>> = all.iter().map(Tabled::figures).collect();
    let Some(first) = figures.first() else { return Vec::new() };
    (0..first.len())
        .map(|i| {
            let figure = first[i].clone();
            let values: Vec<f64> = figures.iter().map(|figures| figures[i].value).collect();
            let cells: Vec<String> = values.iter().map(|value| text(*value, figure.decimals)).collect();
            let best = match figure.better {
                Better::Lower => {
                    values.iter().position(|value| *value == values.iter().copied().fold(f64::NAN, f64::min))
                }
                Better::Higher => {
                    values.iter().position(|value| *value == values.iter().copied().fold(f64::NAN, f64::max))
                }
                Better::Neither => None,
            };
            let alike = cells.iter().all(|cell| *cell == cells[0]);
            let best = cells.iter().map(|cell| !alike && best.is_some_and(|best| *cell == cells[best])).collect();
            Row { figure, cells, best }
        })
        .collect()
}

fn json(masks: Vec<AnyRecord<'_>>, rows: &[Row]) -> Result<String> {
    let count = masks.len();
    let indices = |row: &Row| (0..count).filter(|i| row.best[*i]).collect();
    let best = rows.iter().map(|row| (row.figure.key.clone(), indices(row))).collect();
    serde_json::to_string_pretty(&Comparison { masks, best }).map(|text| text + "\n").map_err(Failure::other)
}

/// Returns headings of columns: file names without folder and extension.
///
/// Letters instead, if a name is longer than `most` or two names are equal.
fn headings(all: &[impl Tabled], most: usize) -> Vec<String> {
    let stems: Vec<String> = all.iter().map(Tabled::stem).collect();
    let mut different = stems.clone();
    different.sort();
    different.dedup();
    if different.len() == all.len() && stems.iter().all(|stem| stem.chars().count() <= most) {
        stems
    } else {
        ('A'..).take(all.len()).map(String::from).collect()
    }
}

fn table(all: &[impl Tabled], rows: &[Row]) -> String {
    // Two columns per cell are for the gap before and the star after.
    let width = ((WIDTH - NAMES) / all.len() - 2).min(24);
    let headings = headings(all, width);
    let width = headings.iter().map(|heading| heading.chars().count()).max().unwrap_or(0).max(8);
    let heading_width = headings.iter().map(|heading| heading.chars().count()).max().unwrap_or(0);
    let file_width = all.iter().map(|mask| mask.name().chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (heading, mask) in headings.iter().zip(all) {
        let (name, size, histogram) = (mask.name(), mask.size(), mask.histogram());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{heading:heading_width$}  {name:file_width$}  {size}, {histogram}");
    }
    let _ =
        writeln!(out, "\ndB relative to white noise: 0 is white, lower is better; f in cycles/pixel; * is the best\n");
    let cells: String = headings.iter().map(|heading| format!(" {heading:>width$} ")).collect();
    let _ = writeln!(out, "{}", format!("{:NAMES$}{cells}", "").trim_end());
    let mut group = "";
    for Row { figure, cells, best } in rows {
        if figure.group != group {
            group = &figure.group;
            let _ = writeln!(out, "{group}");
        }
        let cells =
            cells.iter().zip(best).map(|(cell, best)| format!(" {cell:>width$}{}", if *best { '*' } else { ' ' }));
        let line = format!("  {:1$}{2}", figure.name, NAMES - 2, cells.collect::<String>());
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
