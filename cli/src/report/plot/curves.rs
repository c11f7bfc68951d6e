//! Plots of several curves, one for each mask or level.

use super::{ACCENT, FOURTH, MUTED, SECOND, Span, THIRD, axes, draw, signed};
use crate::patterns::Dithered;
use bluegrad::measure::{Ring, decibels};
use plotters::prelude::*;
use std::ops::Range;

/// Colours of curves.
pub(in crate::report) const COLORS: [RGBColor; 8] = [
    ACCENT,
    SECOND,
    THIRD,
    FOURTH,
    RGBColor(0xB3, 0x20, 0x3A),
    RGBColor(0x0E, 0x8A, 0x9A),
    RGBColor(0x9A, 0x7B, 0x00),
    RGBColor(0x5B, 0x64, 0x70),
];

/// One curve; points of NaN are left out.
pub(in crate::report) struct Curve {
    pub(in crate::report) color: RGBColor,
    pub(in crate::report) points: Vec<(f64, f64)>,
}

/// A plot of curves.
pub(in crate::report) struct Curves<'c> {
    pub(in crate::report) label: &'c str,
    /// Names of the axes.
    pub(in crate::report) names: [&'c str; 2],
    pub(in crate::report) x: Range<f64>,
    /// Largest vertical range, in dB; values beyond are drawn at the edge.
    pub(in crate::report) span: Span,
    /// Position of a dashed vertical line.
    pub(in crate::report) mark: Option<f64>,
    pub(in crate::report) curves: Vec<Curve>,
}

impl Curves<'_> {
    /// Draws the plot, with a line at 0 dB.
    pub(in crate::report) fn draw(&self) -> Result<String, String> {
        let all = || self.curves.iter().flat_map(|curve| &curve.points).map(|(_, db)| *db).filter(|db| !db.is_nan());
        let lowest = all().fold(0.0, f64::min).max(self.span.0);
        let highest = all().fold(0.0, f64::max).min(self.span.1 - 1e-9);
        let range = (lowest / 5.0).floor() * 5.0..(highest / 5.0).floor() * 5.0 + 5.0;
        draw(self.label, |area| {
            let mut chart = ChartBuilder::on(area)
                .margin(16)
                .margin_right(40)
                .x_label_area_size(92)
                .y_label_area_size(128)
                .build_cartesian_2d(self.x.clone(), range.clone())?;
            axes(&mut chart, self.names, &|x| format!("{x:.1}"), &|db| signed(*db, 0))?;
            chart.draw_series(LineSeries::new([(self.x.start, 0.0), (self.x.end, 0.0)], MUTED))?;
            if let Some(x) = self.mark {
                chart.draw_series(DashedLineSeries::new([(x, range.start), (x, range.end)], 8, 8, MUTED.into()))?;
            }
            for Curve { color, points } in &self.curves {
                let points =
                    points.iter().filter(|(_, db)| !db.is_nan()).map(|(x, db)| (*x, db.clamp(range.start, range.end)));
                chart.draw_series(LineSeries::new(points, color.stroke_width(4)))?;
            }
            Ok(())
        })
    }
}

/// Returns the points of a radial profile: frequency in cycles/pixel, dB.
pub(in crate::report) fn profile(rings: &[Ring]) -> Vec<(f64, f64)> {
    let middle = |i: usize| (i as f64 + 0.5) / 64.0;
    rings
        .iter()
        .enumerate()
        .filter(|(_, ring)| ring.bins > 0)
        .map(|(i, ring)| (middle(i), decibels(ring.mean)))
        .collect()
}

/// Returns a figure of every grey level, in dB.
pub(in crate::report) fn over_levels(
    dithered: &Dithered,
    power: impl Fn(&bluegrad::measure::GreyLevel) -> f64,
) -> Vec<(f64, f64)> {
    dithered.levels().iter().map(|level| (level.grey, decibels(power(level)))).collect()
}

/// Returns a legend, for several plots with the same colours.
pub(in crate::report) fn legend(entries: &[(RGBColor, String)]) -> String {
    let entry = |(RGBColor(r, g, b), name): &(RGBColor, String)| {
        format!(
            "<li><svg class=\"plot\" viewBox=\"0 0 32 6\" aria-hidden=\"true\"><path d=\"M0 3H32\" stroke=\"#{r:02X}{g:02X}{b:02X}\" \
             stroke-width=\"5\"/></svg>{}</li>",
            super::super::escaped(name)
        )
    };
    format!("<ul class=\"legend\">{}</ul>\n", entries.iter().map(entry).collect::<String>())
}
