//! The course of a run: its losses, or its energy.

use super::super::table::thresholds;
use super::{ACCENT, Area, Drawn, FOURTH, Figure, GRID, MUTED, SECOND, Subject, THIRD, axes, draw, signed, text};
use crate::energy::SIGMA;
use crate::run::{Energy, Trace};
use bluegrad::{Losses, Report};
use plotters::prelude::*;

/// Plots the record of the run.
pub(in crate::report) fn trace(subject: &Subject<'_>) -> Result<Figure, String> {
    match &subject.outcome.trace {
        Trace::Losses(reports) => losses(reports, subject.losses),
        Trace::Energies(energies) => energy(energies, &thresholds(&subject.config.recipe)),
    }
}

/// Plots the energy, with lines between stages.
fn energy(energies: &[Energy], thresholds: &str) -> Result<Figure, String> {
    let title = "Energy".to_string();
    let known: Vec<(f64, f64)> = energies.iter().filter_map(|one| Some((f64::from(one.step), one.decibels?))).collect();
    let (Some((_, first)), Some((_, last)), Some(end)) = (known.first(), known.last(), energies.last()) else {
        return Ok(Figure { title, body: String::new(), caption: "No energy is defined during this run.".to_string() });
    };
    let body = draw("Energy over the run", |area| draw_line(area, energies, &known, f64::from(end.step)))?;
    let from = match energies.first() {
        Some(start) if start.kind == "init" => "of the given mask",
        _ => "at first",
    };
    let caption = format!(
        "Error of the patterns {thresholds}, blurred with σ = {SIGMA} pixels, relative to white noise: {} dB {from}, {} dB \
         at the end. Grey lines are ends of stages; while pixels are being placed, only the thresholds of placed pixels count.",
        signed(*first, 1),
        signed(*last, 1)
    );
    Ok(Figure { title, body, caption })
}

fn draw_line(area: &Area<'_>, energies: &[Energy], known: &[(f64, f64)], end: f64) -> Drawn {
    let lowest = known.iter().map(|(_, energy)| *energy).fold(f64::INFINITY, f64::min);
    let highest = known.iter().map(|(_, energy)| *energy).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = ((lowest - 0.2).floor(), (highest + 0.2).ceil());
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_right(28)
        .x_label_area_size(92)
        .y_label_area_size(128)
        .build_cartesian_2d(0.0..end.max(1.0), low..high)?;
    let names = ["step", "energy, dB relative to white"];
    axes(&mut chart, names, &|step| format!("{step:.0}"), &|energy| signed(*energy, 1))?;
    for stage in energies.chunk_by(|a, b| a.stage == b.stage) {
        let (Some(first), Some(last)) = (stage.first(), stage.last()) else { continue };
        let (left, right) = (f64::from(first.step), f64::from(last.step));
        // No line at the end of the last stage, which is the edge of the plot.
        if right + 1.0 < end {
            chart.draw_series(LineSeries::new([(right, low), (right, high)], GRID.stroke_width(4)))?;
        }
        // The name, if the stage is wide enough.
        if (right - left) > 0.12 * end {
            let name = Text::new(last.kind, (left + 0.01 * end, high - 0.02 * (high - low)), text(MUTED));
            chart.draw_series([name])?;
        }
    }
    chart.draw_series(LineSeries::new(known.iter().copied(), ACCENT.stroke_width(4)))?;
    Ok(())
}

/// Decades below the largest loss that are shown; smaller losses are rounding errors.
const DECADES: f64 = 7.0;

/// Colours of terms, used cyclically.
const COLORS: [RGBColor; 4] = [SECOND, THIRD, FOURTH, MUTED];

/// Returns name, colour, width and values of each line of the plot.
fn lines(trace: &[Report]) -> Vec<(&'static str, RGBColor, u32, Vec<f64>)> {
    let terms = Losses::NAMES.iter().zip(COLORS.iter().cycle()).enumerate();
    let mut lines: Vec<_> = terms
        .map(|(term, (name, color))| {
            let values = trace.iter().map(|report| f64::from(report.losses.by_term[term]));
            (*name, *color, 2, values.collect())
        })
        .collect();
    lines.push(("total", ACCENT, 4, trace.iter().map(|report| f64::from(report.losses.total())).collect()));
    lines
}

/// Plots the losses of all terms, and the total.
fn losses(trace: &[Report], published: Option<Losses>) -> Result<Figure, String> {
    let title = "Loss".to_string();
    let largest = trace.iter().map(|report| f64::from(report.losses.total())).fold(0.0, f64::max);
    let (Some(first), Some(last)) = (trace.first(), trace.last()) else {
        return Ok(Figure { title, body: String::new(), caption: "The run had no step.".to_string() });
    };
    if !(largest > 0.0 && largest.is_finite()) {
        let caption = "The loss is 0 or not finite: no plot.".to_string();
        return Ok(Figure { title, body: String::new(), caption });
    }
    let body = draw("Loss over the run", |area| draw_lines(area, trace, f64::from(last.step), largest))?;
    let caption = format!(
        "Total {:.4} before the first step, {:.4} after the ranking at step {}; the published loss of the mask is {:.4}.",
        first.losses.total(),
        last.losses.total(),
        last.step,
        published.unwrap_or_default().total()
    );
    Ok(Figure { title, body, caption })
}

fn draw_lines(area: &Area<'_>, trace: &[Report], steps: f64, largest: f64) -> Drawn {
    let high = 10_f64.powf(largest.log10().ceil());
    let low = lowest(trace).max(high * 10_f64.powf(-DECADES));
    let low = 10_f64.powf(low.log10().floor()).min(high / 10.0);
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_right(28)
        .x_label_area_size(92)
        .y_label_area_size(140)
        .build_cartesian_2d(0.0..steps.max(1.0), (low..high).log_scale())?;
    axes(&mut chart, ["step", "loss, all factors 1"], &|step| format!("{step:.0}"), &|loss| power_of_ten(*loss))?;
    for (name, color, width, values) in lines(trace) {
        if values.iter().any(|value| *value > 0.0) {
            let points = trace.iter().zip(&values);
            let points = points.map(|(report, value)| (f64::from(report.step), value.clamp(low, high)));
            let line = chart.draw_series(LineSeries::new(points, color.stroke_width(width)))?;
            line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 36, y)], color.stroke_width(4)));
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .margin(20)
        .legend_area_size(48)
        .label_font(text(MUTED))
        .border_style(GRID)
        .draw()?;
    Ok(())
}

/// Returns the smallest positive value of all lines.
fn lowest(trace: &[Report]) -> f64 {
    let values = lines(trace).into_iter().flat_map(|(.., values)| values);
    values.filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min)
}

fn power_of_ten(number: f64) -> String {
    if (1e-3..1e4).contains(&number) { format!("{number}") } else { format!("{number:e}").replace('-', "−") }
}
