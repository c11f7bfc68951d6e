//! Plots as inline SVG.
//!
//! Colours are for the light theme; `report.css` replaces them by value for the dark theme.

mod curves;
mod frames;
mod spectrum;
mod trace;

pub(super) use curves::{COLORS, Curve, Curves, legend, over_levels, profile};
pub(super) use frames::{over_frames, space_and_time};
pub(super) use spectrum::{Span, bin_centres, centred, color, radial_profile, spectrum};
pub(super) use trace::trace;

use super::{Figure, Subject, signed};
use bluegrad::Range;
use bluegrad::distribution::Kind;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{Ranged, ValueFormatter};
use plotters::prelude::*;

/// Size of a drawing: twice the size on the page, because plotters rounds coordinates to whole numbers.
const SIZE: (u32, u32) = (1024, 760);
/// Size of text, in units of the drawing.
const TEXT: i32 = 30;

const INK: RGBColor = RGBColor(0x22, 0x26, 0x2B);
const MUTED: RGBColor = RGBColor(0x6B, 0x72, 0x7B);
const GRID: RGBColor = RGBColor(0xE2, 0xE5, 0xE9);
const ACCENT: RGBColor = RGBColor(0x1F, 0x5F, 0xBF);
const SECOND: RGBColor = RGBColor(0xC4, 0x5A, 0x11);
const THIRD: RGBColor = RGBColor(0x2E, 0x8B, 0x57);
const FOURTH: RGBColor = RGBColor(0x8E, 0x44, 0xAD);

type Area<'d> = DrawingArea<SVGBackend<'d>, Shift>;
type Chart<'c, 'd, X, Y> = ChartContext<'c, SVGBackend<'d>, Cartesian2d<X, Y>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Returns a drawing as SVG inside HTML.
fn draw(label: &str, drawing: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        drawing(&area)
            .and_then(|()| area.present().map_err(Into::into))
            .map_err(|error| format!("{label}: {error}"))?;
    }
    // HTML needs no namespace, and the page's style sets the size: the opening tag is replaced.
    let (width, height) = SIZE;
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    Ok(format!("<svg class=\"plot\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {width} {height}\">{body}"))
}

fn text(color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", TEXT).into_font().color(&color)
}

/// Draws axes, grid and labels in the common style.
fn axes<X, Y>(
    chart: &mut Chart<'_, '_, X, Y>,
    names: [&str; 2],
    x_label: &dyn Fn(&X::ValueType) -> String,
    y_label: &dyn Fn(&Y::ValueType) -> String,
) -> Drawn
where
    X: Ranged + ValueFormatter<X::ValueType>,
    Y: Ranged + ValueFormatter<Y::ValueType>,
{
    chart
        .configure_mesh()
        .x_desc(names[0])
        .y_desc(names[1])
        .x_labels(8)
        .y_labels(8)
        .x_label_formatter(x_label)
        .y_label_formatter(y_label)
        .label_style(text(MUTED))
        .axis_desc_style(text(INK))
        .axis_style(MUTED)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .draw()?;
    Ok(())
}

/// Plots the histogram of the values.
pub(super) fn histogram(subject: &Subject<'_>) -> Result<Figure, String> {
    const BINS: usize = 64;
    let (low, name) = match subject.range {
        Range::Unit => (0.0, "value, from 0 to 1"),
        Range::Signed => (-1.0, "value, from −1 to 1"),
    };
    let width = (1.0 - low) / BINS as f64;
    let mut counts = [0_u32; BINS];
    for value in &subject.values {
        let bin = ((f64::from(*value) - low) / width) as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
    let body = draw("Histogram of the values", |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(16)
            .margin_right(40)
            .x_label_area_size(92)
            .y_label_area_size(128)
            .build_cartesian_2d(low..1.0, 0.0..(f64::from(most) * 1.15).max(1.0))?;
        axes(&mut chart, [name, "pixels in each 1/64"], &|x| signed(*x, 2), &|y| format!("{y:.0}"))?;
        chart.draw_series(counts.iter().enumerate().map(|(bin, count)| {
            let left = low + bin as f64 * width;
            Rectangle::new([(left, 0.0), (left + width * 0.86, f64::from(*count))], ACCENT.filled())
        }))?;
        Ok(())
    })?;
    let distribution = match subject.config.distribution.kind {
        Kind::Uniform => "uniform",
        Kind::Triangular => "triangular",
        Kind::Gaussian => "Gaussian",
        _ => "from a table",
    };
    let counts = if least == most { format!("{least}") } else { format!("{least} to {most}") };
    let pixels = subject.values.len();
    let caption =
        format!("Distribution {distribution}: {counts} pixels in each of {BINS} bins; each of {pixels} ranks once.");
    Ok(Figure { title: "Histogram".to_string(), body, caption })
}
