//! Power spectrum as a picture, and its radial profile.

use super::super::image::data_url;
use super::{ACCENT, Area, Drawn, Figure, INK, MUTED, SIZE, Subject, axes, draw, signed, text};
use crate::picture;
use crate::spectrum::Spectrum;
use bluegrad::Shape;
use bluegrad::measure::decibels;
use plotters::prelude::*;

/// Range of colours, in dB relative to white noise.
const RANGE: Span = (-70.0, 10.0);
/// Largest side of the picture, in bins; larger spectra are averaged.
const MOST_BINS: usize = 512;
/// Side of the square of the spectrum, in units of the drawing.
const SQUARE: i32 = 640;
/// Position of the square, in units of the drawing.
const LEFT: i32 = 150;
const TOP: i32 = 16;

/// Range from the darkest to the brightest colour, in dB.
pub(in crate::report) type Span = (f64, f64);

/// Returns the colour of a power.
pub(in crate::report) fn color(db: f64, span: Span) -> RGBColor {
    let clipped = db.clamp(span.0, span.1);
    ViridisRGB.get_color_normalized(clipped as f32, span.0 as f32, span.1 as f32)
}

/// Plots the spectrum, DC in the centre.
pub(in crate::report) fn spectrum(subject: &Subject<'_>) -> Result<Figure, String> {
    let (shape, pixels) = centred(&subject.spectrum, MOST_BINS, RANGE);
    let url = data_url(&picture::encode_rgb(shape, &pixels)?);
    let label = "Power spectrum";
    let svg = draw(label, |area| draw_axes(area).and_then(|()| draw_scale(area)))?;
    let image = format!(
        "<image class=\"crisp\" x=\"{LEFT}\" y=\"{TOP}\" width=\"{SQUARE}\" height=\"{SQUARE}\" preserveAspectRatio=\"none\" href=\"{url}\"/>"
    );
    let low = subject.spectrum.quality.low_power;
    Ok(Figure {
        title: "Power spectrum".to_string(),
        body: svg.replace("</svg>", &format!("{image}</svg>")),
        caption: format!(
            "Relative to white noise, DC in the centre and left out. Mean below 0.125 cycles/pixel {} dB, below \
             0.25 {} dB, below 0.35 {} dB.",
            signed(low[1], 1),
            signed(low[3], 1),
            signed(low[5], 1)
        ),
    })
}

/// Returns the spectrum as RGB pixels, DC in the centre.
///
/// The vertical frequency increases upwards. More bins than `most` along an axis are averaged.
pub(in crate::report) fn centred(spectrum: &Spectrum, most: usize, span: Span) -> (Shape, Vec<u8>) {
    let (width, height) = (spectrum.shape.width as usize, spectrum.shape.height as usize);
    let (step_u, step_v) = (width.div_ceil(most), height.div_ceil(most));
    let (columns, rows) = (width / step_u, height / step_v);
    let mut pixels = Vec::with_capacity(3 * columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let mut sum = 0.0;
            for (i, j) in (0..step_v).flat_map(|i| (0..step_u).map(move |j| (i, j))) {
                let u = (column * step_u + j + width - width / 2) % width;
                let v = (height + height / 2 - row * step_v - i) % height;
                sum += spectrum.power(u, v);
            }
            let RGBColor(red, green, blue) = color(decibels(sum / (step_u * step_v) as f64), span);
            pixels.extend([red, green, blue]);
        }
    }
    (Shape::new(columns as u32, rows as u32), pixels)
}

/// Returns the centres of a bin and its mirror image.
///
/// Positions are in the picture of [`centred`], as fractions of width and height; `frequency` is in cycles/pixel. One centre if
/// both are the same bin.
pub(in crate::report) fn bin_centres(shape: Shape, most: usize, frequency: [f64; 2]) -> Vec<[f64; 2]> {
    let along = |side: u32, f: f64| {
        let side = side as usize;
        let bins = (side / side.div_ceil(most)) * side.div_ceil(most);
        let bin = ((f * side as f64).round() as i64 + side as i64 / 2).rem_euclid(side as i64);
        (bin as f64 + 0.5) / bins as f64
    };
    let [horizontal, vertical] = frequency;
    // vertical frequency upwards, rows downwards
    let of = |sign: f64| [along(shape.width, sign * horizontal), along(shape.height, -sign * vertical)];
    let mut both = vec![of(1.0), of(-1.0)];
    both.dedup();
    // an averaged picture leaves out the last bins, if they do not fill a pixel
    both.retain(|at| at.iter().all(|fraction| *fraction < 1.0));
    both
}

fn draw_axes(area: &Area<'_>) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin_top(TOP)
        .margin_left(LEFT - 128)
        .margin_right(SIZE.0 as i32 - LEFT - SQUARE)
        .margin_bottom(SIZE.1 as i32 - TOP - SQUARE - 92)
        .x_label_area_size(92)
        .y_label_area_size(128)
        .build_cartesian_2d(-0.5..0.5, -0.5..0.5)?;
    // plotters adds up tenths: 0 can come out as −1e-17, which would read −0.0.
    let label = |f: &f64| signed(if f.abs() < 1e-9 { 0.0 } else { *f }, 1);
    axes(&mut chart, ["horizontal frequency, cycles/pixel", "vertical frequency, cycles/pixel"], &label, &label)
}

/// Draws the colour scale.
fn draw_scale(area: &Area<'_>) -> Drawn {
    const STEPS: i32 = 80;
    let left = LEFT + SQUARE + 40;
    let step = SQUARE / STEPS;
    for i in 0..STEPS {
        let db = RANGE.1 + (RANGE.0 - RANGE.1) * (f64::from(i) + 0.5) / f64::from(STEPS);
        let top = TOP + i * step;
        // Overlaps the next step: without it the page shows through between them.
        let bottom = (top + step + 2).min(TOP + SQUARE);
        area.draw(&Rectangle::new([(left, top), (left + 32, bottom)], color(db, RANGE).filled()))?;
    }
    let mut db = RANGE.0;
    while db <= RANGE.1 {
        let y = TOP + ((RANGE.1 - db) / (RANGE.1 - RANGE.0) * f64::from(SQUARE)) as i32;
        area.draw(&PathElement::new([(left + 32, y), (left + 42, y)], MUTED))?;
        area.draw(&Text::new(signed(db, 0), (left + 50, y - 14), text(MUTED)))?;
        db += 10.0;
    }
    area.draw(&Text::new("dB", (left + 4, TOP + SQUARE + 14), text(INK)))?;
    Ok(())
}

/// Plots the radial profile.
pub(in crate::report) fn radial_profile(subject: &Subject<'_>) -> Result<Figure, String> {
    const FLOOR: f64 = -100.0;
    let rings = subject.spectrum.rings;
    let points: Vec<(f64, f64)> = rings
        .iter()
        .enumerate()
        .filter(|(_, ring)| ring.bins > 0)
        .map(|(i, ring)| ((i as f64 + 0.5) / 64.0, decibels(ring.mean).max(FLOOR)))
        .collect();
    let lowest = points.iter().map(|(_, db)| *db).fold(0.0, f64::min);
    let highest = points.iter().map(|(_, db)| *db).fold(0.0, f64::max);
    let range = (lowest / 10.0).floor() * 10.0..(highest / 10.0).floor() * 10.0 + 10.0;
    let body = draw("Radial profile", |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(16)
            .x_label_area_size(92)
            .y_label_area_size(128)
            .build_cartesian_2d(0.0..0.72, range)?;
        let names = ["radial frequency, cycles/pixel", "mean power, dB relative to white"];
        axes(&mut chart, names, &|f| format!("{f:.1}"), &|db| signed(*db, 0))?;
        chart.draw_series(LineSeries::new([(0.0, 0.0), (0.72, 0.0)], MUTED))?;
        chart.draw_series(LineSeries::new(points.iter().copied(), ACCENT.stroke_width(4)))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 5, ACCENT.filled())))?;
        Ok(())
    })?;
    let quality = subject.spectrum.quality;
    let caption = format!(
        "RAPSD in rings of 1/64 cycles/pixel; white noise is 0 dB. Flatness above 0.35: {} dB; anisotropy {} dB.",
        signed(quality.flatness, 2),
        signed(quality.anisotropy, 2)
    );
    Ok(Figure { title: "Radial profile".to_string(), body, caption })
}

#[cfg(test)]
mod tests {
    use super::{MOST_BINS, RANGE, RGBColor, Spectrum, bin_centres, centred, color};
    use bluegrad::Shape;

    #[test]
    fn dc_is_in_the_centre() {
        for (width, height) in [(9, 15), (8, 15), (9, 14), (16, 8)] {
            let shape = Shape::new(width, height);
            // An impulse has power at every frequency; DC is left out of the spectrum.
            let values: Vec<f32> = (0..width * height).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect();
            let (_, pixels) = centred(&Spectrum::new(&values, shape).unwrap(), MOST_BINS, RANGE);
            let RGBColor(red, green, blue) = color(RANGE.0, RANGE);
            let pixels = pixels.as_chunks::<3>().0;
            let darkest: Vec<usize> = (0..pixels.len()).filter(|i| pixels[*i] == [red, green, blue]).collect();
            assert_eq!(darkest, [(height / 2 * width + width / 2) as usize], "{width}x{height}");
        }
    }

    /// The spectrum of a wave is bright at the returned centres only.
    #[test]
    fn bins_are_bin_centres_where_they_are_drawn() {
        for (width, height, u, v) in [(9, 15, 2, -3), (8, 14, 4, 7), (16, 9, 8, 2), (10, 8, 0, 4), (12, 9, 5, 0)] {
            let shape = Shape::new(width, height);
            let frequency = [f64::from(u) / f64::from(width), f64::from(v) / f64::from(height)];
            let at = |i: u32| frequency[0] * f64::from(i % width) + frequency[1] * f64::from(i / width);
            let values: Vec<f32> = (0..width * height).map(|i| (std::f64::consts::TAU * at(i)).cos() as f32).collect();
            let (_, pixels) = centred(&Spectrum::new(&values, shape).unwrap(), MOST_BINS, RANGE);
            let RGBColor(red, green, blue) = color(RANGE.1, RANGE);
            let pixels = pixels.as_chunks::<3>().0;
            let bright: Vec<usize> = (0..pixels.len()).filter(|i| pixels[*i] == [red, green, blue]).collect();
            let pixel =
                |[x, y]: [f64; 2]| (y * f64::from(height)) as usize * width as usize + (x * f64::from(width)) as usize;
            let mut said: Vec<usize> = bin_centres(shape, MOST_BINS, frequency).into_iter().map(pixel).collect();
            said.sort_unstable();
            assert_eq!(bright, said, "{width}x{height}, {u}, {v}");
        }
        assert_eq!(bin_centres(Shape::new(8, 8), 4, [0.25, 0.0]), [[6.5 / 8.0, 4.5 / 8.0], [2.5 / 8.0, 4.5 / 8.0]]);
        assert_eq!(
            bin_centres(Shape::new(9, 9), 4, [0.0, -4.0 / 9.0]),
            [[4.5 / 9.0, 8.5 / 9.0], [4.5 / 9.0, 0.5 / 9.0]]
        );
    }
}
