//! The plots of `compare`, a curve for each mask.

use super::super::Figure;
use super::super::dithered::{CURVES, LEVEL_AXIS, SHOWN};
use super::super::plot::{COLORS, Curve, Curves, Span, over_levels, profile};
use crate::failure::{Failure, Result};
use crate::measured::{Measured, level_name};
use bluegrad::measure::GreyLevel;

/// Of the masks themselves, which are far darker than their patterns.
const GREY: Span = (-80.0, 15.0);

type Points = Vec<(f64, f64)>;

/// All plots.
pub(super) fn plots(all: &[Measured]) -> Result<Vec<Figure>> {
    let blurred = "Power left after a Gaussian blur.";
    let half = "Mean power up to half the principal frequency.";
    let grey = |mask: &Measured| Ok(profile(&mask.spectrum.rings));
    let mut figures = vec![
        levels(all, "Error to the eye, σ = 1.5", blurred, |level| level.hvs_error[1])?,
        levels(all, "Error to the eye, σ = 3", "The same from farther away.", |level| level.hvs_error[4])?,
        levels(all, "Low frequencies", half, |level| level.low_frequency)?,
        profiles(all, "Radial profile of the masks", "RAPSD of the grey masks themselves.", GREY, None, grey)?,
    ];
    for k in SHOWN {
        let grey = f64::from(k) / 128.0;
        let principal = grey.min(1.0 - grey).sqrt();
        let title = format!("Radial profile of grey {}", level_name(k));
        let caption = "RAPSD of the binary pattern; dashed: the principal frequency.";
        let points = |mask: &Measured| Ok(profile(&mask.dithered.spectrum(k)?.rings));
        figures.push(profiles(all, &title, caption, CURVES, Some(principal), points)?);
    }
    Ok(figures)
}

/// A figure over the grey levels.
fn levels(all: &[Measured], title: &str, caption: &str, power: fn(&GreyLevel) -> f64) -> Result<Figure> {
    let plot = Curves {
        label: title,
        names: [LEVEL_AXIS, "dB relative to white"],
        x: 0.0..1.0,
        span: CURVES,
        mark: None,
        curves: curves(all, |mask| Ok(over_levels(&mask.dithered, power)))?,
    };
    figure(&plot, caption)
}

/// Radial profiles.
fn profiles(
    all: &[Measured],
    title: &str,
    caption: &str,
    span: Span,
    mark: Option<f64>,
    points: impl Fn(&Measured) -> Result<Points>,
) -> Result<Figure> {
    let plot = Curves {
        label: title,
        names: ["radial frequency, cycles/pixel", "dB relative to white"],
        x: 0.0..0.72,
        span,
        mark,
        curves: curves(all, points)?,
    };
    figure(&plot, caption)
}

fn curves(all: &[Measured], points: impl Fn(&Measured) -> Result<Points>) -> Result<Vec<Curve>> {
    COLORS.iter().zip(all).map(|(color, mask)| Ok(Curve { color: *color, points: points(mask)? })).collect()
}

fn figure(plot: &Curves<'_>, caption: &str) -> Result<Figure> {
    let body = plot.draw().map_err(Failure::other)?;
    Ok(Figure { title: plot.label.to_string(), body, caption: caption.to_string() })
}
