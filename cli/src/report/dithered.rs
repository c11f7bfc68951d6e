//! Binary patterns: pictures, spectra and curves.

use super::image::data_url;
use super::plot::{COLORS, Curve, Curves, Span, bin_centres, centred, color, legend, over_levels, profile};
use super::{Figure, figure, signed};
use crate::failure::{Failure, Result};
use crate::measured::level_name;
use crate::patterns::Dithered;
use crate::picture;
use bluegrad::Shape;
use bluegrad::measure::{GreyLevel, SIGMAS, decibels};
use plotters::style::RGBColor;
use png::BitDepth;

/// Levels of the pictures, in 128ths.
pub(super) const SHOWN: [u32; 5] = [4, 16, 32, 64, 96];

/// Side of the shown part of a pattern: three CSS pixels per pixel.
const WINDOW: u32 = 64;

/// Largest side of a spectrum, in bins of one CSS pixel.
const MOST_BINS: usize = 192;

/// Range of colours of a pattern's spectrum, in dB.
const SPAN: Span = (-30.0, 10.0);

/// Largest range of a plot of patterns, in dB.
pub(super) const CURVES: Span = (-40.0, 15.0);

/// Returns pictures of patterns with their spectra below.
pub(super) fn strip(dithered: &Dithered) -> Result<String> {
    let cells: String = SHOWN.iter().map(|k| cell(dithered, *k)).collect::<Result<_>>()?;
    Ok(format!("<div class=\"strip\">\n{cells}</div>\n"))
}

fn cell(dithered: &Dithered, k: u32) -> Result<String> {
    let name = level_name(k);
    let shape = Shape::new(WINDOW, WINDOW);
    let pixels = (0..WINDOW * WINDOW).map(|i| if dithered.is_set(k, i % WINDOW, i / WINDOW) { 255 } else { 0 });
    let pattern = picture::encode_grey(shape, BitDepth::Eight, &pixels.collect::<Vec<u8>>()).map_err(Failure::other)?;
    let (shape, pixels) = centred(&dithered.spectrum(k)?, MOST_BINS, SPAN);
    let spectrum = picture::encode_rgb(shape, &pixels).map_err(Failure::other)?;
    let level = dithered.level(k);
    let peak = signed(level.peak, 1);
    let (low, eye) = (signed(decibels(level.low_frequency), 1), signed(decibels(level.hvs_error[1]), 1));
    Ok(format!(
        "<figure>\n<h3>{name}</h3>\n\
         <img class=\"crisp\" alt=\"Grey {name}, dithered\" src=\"{}\">\n\
         <div class=\"marked\"><img class=\"crisp\" alt=\"Its spectrum\" src=\"{}\">{}</div>\n\
         <figcaption>low {low} dB<br>to the eye {eye} dB<br>peak {peak}</figcaption>\n</figure>\n",
        data_url(&pattern),
        data_url(&spectrum),
        rings(dithered.shape, level),
    ))
}

/// Draws rings around the largest bin and its mirror image.
fn rings(shape: Shape, level: &GreyLevel) -> String {
    // a black ring under a white ring is visible on any colour
    let ring = |x: f64, y: f64, radius: f64| {
        [("#000", 3.5), ("#fff", 1.5)].map(|(color, width)| {
            format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" stroke=\"{color}\" stroke-width=\"{width}\"/>"
            )
        })
    };
    let side = MOST_BINS as f64;
    // bins of small masks are large: the ring encloses the bin
    let radius = (0.75 * side / f64::from(shape.width.min(shape.height))).max(6.0);
    let centres = bin_centres(shape, MOST_BINS, level.peak_frequency);
    let circles: String = centres.into_iter().flat_map(|[x, y]| ring(side * x, side * y, radius)).collect();
    format!("<svg aria-hidden=\"true\" viewBox=\"0 0 {side} {side}\" fill=\"none\">{circles}</svg>")
}

/// Returns the explanation of the pictures and the colour scale.
pub(super) fn key() -> Result<String> {
    const STEPS: u32 = 128;
    let (low, high) = SPAN;
    let pixels = (0..STEPS).flat_map(|i| {
        let RGBColor(red, green, blue) = color(low + (high - low) * (f64::from(i) + 0.5) / f64::from(STEPS), SPAN);
        [red, green, blue]
    });
    let pixels: Vec<u8> = pixels.collect();
    let scale = picture::encode_rgb(Shape::new(STEPS, 1), &pixels).map_err(Failure::other)?;
    Ok(format!(
        "<p class=\"key\">Flat grey, dithered with the mask: {WINDOW} × {WINDOW} pixels of the tiled plane. Below: the spectrum, DC in \
         the centre. Low: mean power up to half the principal frequency. To the eye: power after a blur at σ = {eye}. Peak, \
         the ring: the largest bin of the spectrum, × white noise’s mean bin; a lattice has a high peak and is dark \
         elsewhere. Relative to white noise; lower is better.</p>\n\
         <p class=\"key\"><span class=\"scale\">{low} dB <img alt=\"\" src=\"{url}\"> {high} dB</span></p>\n",
        eye = SIGMAS[1],
        low = signed(low, 0),
        high = signed(high, 0),
        url = data_url(&scale),
    ))
}

/// Name of the horizontal axis of plots over levels.
pub(super) const LEVEL_AXIS: &str = "grey level";

/// Returns the section of a report on binary patterns.
pub(super) fn section(dithered: &Dithered) -> Result<String> {
    let plots = [profiles(dithered)?, errors(dithered)?].map(|plot| figure(&plot)).concat();
    Ok(format!(
        "<section>\n<h2>Dithered grey</h2>\n{}{}</section>\n<section class=\"figures after\">\n{plots}</section>\n",
        key()?,
        strip(dithered)?
    ))
}

fn profiles(dithered: &Dithered) -> Result<Figure> {
    let spectra = SHOWN.iter().map(|k| dithered.spectrum(*k)).collect::<Result<Vec<_>>>()?;
    let curves =
        COLORS.iter().zip(&spectra).map(|(color, spectrum)| Curve { color: *color, points: profile(&spectrum.rings) });
    let plot = Curves {
        label: "Radial profiles of dithered grey",
        names: ["radial frequency, cycles/pixel", "mean power, dB relative to white"],
        x: 0.0..0.72,
        span: CURVES,
        mark: None,
        curves: curves.collect(),
    };
    let names: Vec<_> = COLORS.into_iter().zip(SHOWN.map(level_name)).collect();
    Ok(Figure {
        title: "Radial profiles of dithered grey".to_string(),
        body: legend(&names) + &plot.draw().map_err(Failure::other)?,
        caption: "RAPSD of the binary patterns. White noise is 0 dB.".to_string(),
    })
}

fn errors(dithered: &Dithered) -> Result<Figure> {
    // Near, middle and far viewing.
    let shown = [0, 1, SIGMAS.len() - 1];
    let curves = COLORS.iter().zip(shown).map(|(color, i)| Curve {
        color: *color,
        points: over_levels(dithered, |level: &GreyLevel| level.hvs_error[i]),
    });
    let plot = Curves {
        label: "Error to the eye over grey levels",
        names: [LEVEL_AXIS, "error, dB relative to white"],
        x: 0.0..1.0,
        span: CURVES,
        mark: None,
        curves: curves.collect(),
    };
    let names: Vec<_> = COLORS.into_iter().zip(shown.map(|i| format!("σ = {}", SIGMAS[i]))).collect();
    let mean = shown.map(|i| signed(dithered.figures.hvs_error_mean[i], 2)).join(", ");
    Ok(Figure {
        title: "Error to the eye".to_string(),
        body: legend(&names) + &plot.draw().map_err(Failure::other)?,
        caption: format!("Power left after a Gaussian blur, pixels. Means of the 127 levels: {mean} dB."),
    })
}
