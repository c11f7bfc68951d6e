//! Plots over frames: an error of each frame, and the spectrum in space and time.

use super::super::image::data_url;
use super::curves::Curve;
use super::{INK, MUTED, axes, color, draw, signed, text};
use crate::frames::FrameSpectrum;
use crate::picture;
use bluegrad::Shape;
use bluegrad::measure::{RINGS, decibels};
use plotters::prelude::*;

/// Range of colours, in dB relative to white noise.
const RANGE: (f64, f64) = (-30.0, 10.0);

/// Position and size of the picture of a spectrum, in units of the drawing.
const LEFT: i32 = 150;
const TOP: i32 = 16;
const WIDTH: i32 = 700;
const HEIGHT: i32 = 600;

/// Steps of the colour scale.
const STEPS: i32 = 40;

/// Largest of radial frequencies, cycles/pixel.
const MOST_RADIAL: f64 = RINGS as f64 / 64.0;

/// Plots curves over frames 1 to `last`, from 0. A curve of at most 8 points has dots.
pub(in crate::report) fn over_frames(label: &str, name: &str, last: f64, curves: Vec<Curve>) -> Result<String, String> {
    let highest = curves.iter().flat_map(|curve| &curve.points).map(|(_, y)| *y).fold(0.0, f64::max);
    draw(label, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(16)
            .margin_right(40)
            .x_label_area_size(92)
            .y_label_area_size(128)
            .build_cartesian_2d(1.0..last.max(2.0), 0.0..(1.08 * highest).max(1e-9))?;
        axes(&mut chart, ["frame", name], &|x| format!("{x:.0}"), &|y| format!("{y:.0}"))?;
        for Curve { color, points } in curves {
            let few = points.len() <= 8;
            chart.draw_series(LineSeries::new(points.clone(), color.stroke_width(if few { 2 } else { 4 })))?;
            if few {
                chart.draw_series(points.into_iter().map(|point| Circle::new(point, 8, color.filled())))?;
            }
        }
        Ok(())
    })
}

/// Draws a spectrum: frequencies in space to the right, in time upwards.
pub(in crate::report) fn space_and_time(spectrum: &FrameSpectrum) -> Result<String, String> {
    let mut pixels = Vec::new();
    for row in spectrum.rows.iter().rev() {
        // small masks have rings without bins: the next ring inwards stands for these
        let mut last = row.rings.iter().flatten().next().copied().unwrap_or(0.0);
        for ring in row.rings {
            last = ring.unwrap_or(last);
            let RGBColor(red, green, blue) = color(decibels(last), RANGE);
            pixels.extend([red, green, blue]);
        }
    }
    let url = data_url(&picture::encode_rgb(Shape::new(RINGS as u32, spectrum.rows.len() as u32), &pixels)?);
    let last = spectrum.rows.last().map_or(0.5, |row| row.frequency).max(1e-9);
    let svg = draw("Spectrum in space and time", |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_top(TOP)
            .margin_left(LEFT - 128)
            .margin_right(super::SIZE.0 as i32 - LEFT - WIDTH)
            .margin_bottom(super::SIZE.1 as i32 - TOP - HEIGHT - 92)
            .x_label_area_size(92)
            .y_label_area_size(128)
            .build_cartesian_2d(0.0..MOST_RADIAL, 0.0..last)?;
        let names = ["radial frequency, cycles/pixel", "frequency in time, cycles/frame"];
        axes(&mut chart, names, &|f| format!("{f:.1}"), &|f| format!("{f:.1}"))?;
        let left = LEFT + WIDTH + 30;
        for i in 0..STEPS {
            let db = RANGE.1 + (RANGE.0 - RANGE.1) * (f64::from(i) + 0.5) / f64::from(STEPS);
            let top = TOP + i * HEIGHT / STEPS;
            let bottom = (top + HEIGHT / STEPS + 2).min(TOP + HEIGHT);
            area.draw(&Rectangle::new([(left, top), (left + 28, bottom)], color(db, RANGE).filled()))?;
        }
        for db in [-30, -20, -10, 0, 10] {
            let y = TOP + HEIGHT * (10 - db) / 40;
            area.draw(&Text::new(signed(db.into(), 0), (left + 36, y - 14), text(MUTED)))?;
        }
        area.draw(&Text::new("dB", (left, TOP + HEIGHT + 18), text(INK)))?;
        Ok(())
    })?;
    let image = format!(
        "<image class=\"crisp\" x=\"{LEFT}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" preserveAspectRatio=\"none\" href=\"{url}\"/>"
    );
    Ok(svg.replace("</svg>", &format!("{image}</svg>")))
}
