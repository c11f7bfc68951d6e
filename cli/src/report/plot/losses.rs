//! The losses over the run.

use super::{ACCENT, Area, Drawn, FOURTH, Figure, GRID, MUTED, SECOND, THIRD, axes, draw, text};
use bluegrad::{Losses, Report};
use plotters::prelude::*;

/// Decades below the largest loss that are shown: beyond them lies rounding.
const DECADES: f64 = 7.0;

/// Colours of the terms' lines, in turn.
const COLORS: [RGBColor; 4] = [SECOND, THIRD, FOURTH, MUTED];

/// The lines of the plot: a name, colour and width, and the value at each report.
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

/// Each term that the run had, and the total.
pub(super) fn losses(trace: &[Report], published: Option<Losses>) -> Result<Figure, String> {
    let title = "Loss".to_string();
    let largest = trace.iter().map(|report| f64::from(report.losses.total())).fold(0.0, f64::max);
    let (Some(first), Some(last)) = (trace.first(), trace.last()) else {
        return Ok(Figure { title, body: String::new(), caption: "No step was made.".to_string() });
    };
    if !(largest > 0.0 && largest.is_finite()) {
        let caption = "The loss is 0 or not finite: there is nothing to show.".to_string();
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

/// The smallest positive value of any line.
fn lowest(trace: &[Report]) -> f64 {
    let values = lines(trace).into_iter().flat_map(|(.., values)| values);
    values.filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min)
}

fn power_of_ten(number: f64) -> String {
    if (1e-3..1e4).contains(&number) { format!("{number}") } else { format!("{number:e}").replace('-', "−") }
}
