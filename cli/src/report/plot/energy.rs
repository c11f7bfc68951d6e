//! The energy over the run.

use super::{ACCENT, Area, Drawn, Figure, GRID, MUTED, axes, draw, signed, text};
use crate::energy::SIGMA;
use crate::run::Energy;
use plotters::prelude::*;

/// A line, with the stages between dashes.
pub(super) fn energy(energies: &[Energy], thresholds: &str) -> Result<Figure, String> {
    let title = "Energy".to_string();
    let known: Vec<(f64, f64)> = energies.iter().filter_map(|one| Some((f64::from(one.step), one.decibels?))).collect();
    let (Some((_, first)), Some((_, last)), Some(end)) = (known.first(), known.last(), energies.last()) else {
        return Ok(Figure { title, body: String::new(), caption: "There is nothing to show.".to_string() });
    };
    let body = draw("Energy over the run", |area| draw_line(area, energies, &known, f64::from(end.step)))?;
    let from = match energies.first() {
        Some(start) if start.kind == "init" => "of the given mask",
        _ => "at first",
    };
    let caption = format!(
        "Error of the patterns {thresholds}, blurred with σ = {SIGMA} pixels, relative to white noise: {} dB {from}, {} dB \
         at the end. Stages end at the grey lines; while pixels are placed, the thresholds are those that they make.",
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
        // The last stage ends where the plot does.
        if right + 1.0 < end {
            chart.draw_series(LineSeries::new([(right, low), (right, high)], GRID.stroke_width(4)))?;
        }
        // Where there is room for it.
        if (right - left) > 0.12 * end {
            let name = Text::new(last.kind, (left + 0.01 * end, high - 0.02 * (high - low)), text(MUTED));
            chart.draw_series([name])?;
        }
    }
    chart.draw_series(LineSeries::new(known.iter().copied(), ACCENT.stroke_width(4)))?;
    Ok(())
}
