//! Curves of several masks, or of several levels, in one plot.

use super::{ACCENT, FOURTH, MUTED, SECOND, Span, THIRD, axes, draw, signed};
use crate::patterns::Dithered;
use bluegrad::measure::{Ring, decibels};
use plotters::prelude::*;
use std::ops::Range;

/// Colours that are told apart.
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

/// One curve; a point without a figure is left out.
pub(in crate::report) struct Curve {
    pub(in crate::report) color: RGBColor,
    pub(in crate::report) points: Vec<(f64, f64)>,
}

/// What a plot of curves shows.
pub(in crate::report) struct Curves<'c> {
    pub(in crate::report) label: &'c str,
    /// What the axes are.
    pub(in crate::report) names: [&'c str; 2],
    pub(in crate::report) x: Range<f64>,
    /// The least and the most that are shown, dB: what is beyond runs along the edge.
    pub(in crate::report) span: Span,
    /// A vertical line.
    pub(in crate::report) mark: Option<f64>,
    pub(in crate::report) curves: Vec<Curve>,
}

impl Curves<'_> {
    /// The plot, with a line at 0 dB.
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

/// Points of a radial profile.
pub(in crate::report) fn profile(rings: &[Ring]) -> Vec<(f64, f64)> {
    let middle = |i: usize| (i as f64 + 0.5) / 64.0;
    rings
        .iter()
        .enumerate()
        .filter(|(_, ring)| ring.bins > 0)
        .map(|(i, ring)| (middle(i), decibels(ring.mean)))
        .collect()
}

/// A figure of every grey level.
pub(in crate::report) fn over_levels(
    dithered: &Dithered,
    power: impl Fn(&bluegrad::measure::GreyLevel) -> f64,
) -> Vec<(f64, f64)> {
    dithered.levels().iter().map(|level| (level.grey, decibels(power(level)))).collect()
}

/// The names of colours, for a page with several plots of the same ones.
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
