//! The page of `compare`: masks side by side.

use super::dithered::{self, CURVES, LEVEL_AXIS, SHOWN};
use super::plot::{COLORS, Curve, Curves, Span, legend, over_levels, profile};
use super::{document, escaped, figure};
use crate::failure::{Failure, Result};
use crate::measured::{Figure, Measured, Tabled, level_name};
use bluegrad::measure::GreyLevel;

/// Keys of the main figures, in the first table of the page.
const FIRST: [&str; 11] = [
    "hvs_error_mean_db_sigma_1.0",
    "hvs_error_mean_db_sigma_1.5",
    "hvs_error_mean_db_sigma_3.0",
    "hvs_error_worst_db_sigma_1.5",
    "peak_mean",
    "peak_worst",
    "low_frequency_db",
    "rms_thousandths_sigma_1.5",
    "low_power_db_radius_0.25",
    "flatness_db",
    "pattern_anisotropy_db",
];

/// A figure for all masks.
pub(crate) struct Row {
    /// Name and group of the figure; its value is that of the first mask.
    pub(crate) figure: Figure,
    /// Formatted values, one for each mask.
    pub(crate) cells: Vec<String>,
    /// Whether a mask is best: several if they print alike, none if all print alike.
    pub(crate) best: Vec<bool>,
}

/// Returns the page; `names` are the headings of the masks.
pub(crate) fn page(all: &[Measured], names: &[String], rows: &[Row]) -> Result<String> {
    let key = dithered::key()?;
    let strips: String = all.iter().zip(names).map(|(mask, name)| strip(mask, name)).collect::<Result<_>>()?;
    let plots: String = plots(all)?.iter().map(figure).collect();
    let colors: Vec<_> = COLORS.into_iter().zip(names.iter().cloned()).collect();
    let legend = legend(&colors);
    let first: Vec<&Row> = rows.iter().filter(|row| FIRST.contains(&row.figure.key.as_str())).collect();
    let body = format!(
        "\
<header>
<p class=\"kind\">Blue-noise masks</p>
<h1>{count} masks <span>side by side</span></h1>
</header>
<main>
{overview}<section>
<h2>Dithered grey</h2>
{key}{strips}</section>
<section>
<h2>Curves</h2>
{legend}<div class=\"figures\">
{plots}</div>
</section>
{table}</main>
",
        count = all.len(),
        overview = overview(all, names, &first),
        table = table("All figures", names, &rows.iter().collect::<Vec<_>>()),
    );
    Ok(document(&format!("bluegrad: {}", names.join(", ")), "", &body, ""))
}

/// Returns the tables of masks and of main figures.
pub(super) fn overview<M: Tabled>(all: &[M], names: &[String], rows: &[&Row]) -> String {
    let entry = |(mask, name): (&M, &String)| {
        let (name, file, size) = (escaped(name), escaped(&mask.name()), mask.size().replace('x', " × "));
        let histogram = mask.histogram();
        format!("<tr><th scope=\"row\">{name}</th><td>{size}</td><td>{histogram}</td><td>{file}</td></tr>\n")
    };
    let masks: String = all.iter().zip(names).map(entry).collect();
    format!(
        "<section class=\"table\">\n<table class=\"masks\">\n<thead><tr><td></td><th scope=\"col\">Pixels</th>\
         <th scope=\"col\">Histogram</th><th scope=\"col\">File</th></tr></thead>\n<tbody>\n{masks}</tbody>\n</table>\n</section>\n{}",
        table("Main figures", names, rows)
    )
}

/// Returns a table of figures, the best of each row in bold.
pub(super) fn table(title: &str, names: &[String], rows: &[&Row]) -> String {
    let head: String = names.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect();
    let mut body = String::new();
    let mut group = "";
    for Row { figure, cells, best } in rows {
        if figure.group != group {
            group = &figure.group;
            body += &format!(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                cells.len() + 1,
                typeset(group)
            );
        }
        let cells = cells.iter().zip(best).map(|(cell, best)| {
            let cell = escaped(&cell.replace('-', "−"));
            if *best { format!("<td><strong>{cell}</strong></td>") } else { format!("<td>{cell}</td>") }
        });
        body += &format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", typeset(&figure.name), cells.collect::<String>());
    }
    format!(
        "<section class=\"table\">\n<h2>{title}</h2>\n<table class=\"numbers\">\n<thead><tr><td>Relative to white noise; bold is best</td>{head}</tr></thead>\n\
         <tbody>\n{body}</tbody>\n</table>\n</section>\n"
    )
}

/// Typesets a figure's name, which is ASCII for terminals.
fn typeset(name: &str) -> String {
    let signs = [("<=", "≤"), ("x 1e-3", "× 10⁻³"), ("x white", "× white"), ("sigma", "σ =")];
    escaped(&signs.iter().fold(name.to_string(), |name, (from, to)| name.replace(from, to)))
}

fn strip(mask: &Measured, name: &str) -> Result<String> {
    let (width, height) = (mask.shape.width, mask.shape.height);
    let strip = dithered::strip(&mask.dithered)?;
    Ok(format!(
        "<section class=\"mask\">\n<h2>{} <span>{width} × {height}</span></h2>\n{strip}</section>\n",
        escaped(name)
    ))
}

/// Range of plots of the masks themselves, in dB: far darker than patterns.
const GREY: Span = (-80.0, 15.0);

type Points = Vec<(f64, f64)>;

/// Returns all plots.
fn plots(all: &[Measured]) -> Result<Vec<super::Figure>> {
    let blurred = "Power left after a Gaussian blur.";
    let half = "Mean power up to half the principal frequency.";
    let grey = |mask: &Measured| Ok(profile(&mask.spectrum.rings));
    let mut figures = vec![
        levels(all, "Error to the eye, σ = 1.5", blurred, |level| level.hvs_error[1])?,
        levels(all, "Error to the eye, σ = 3", "Power left after a wider blur, as from farther away.", |level| {
            level.hvs_error[4]
        })?,
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

/// Plots a figure over grey levels.
fn levels(all: &[Measured], title: &str, caption: &str, power: fn(&GreyLevel) -> f64) -> Result<super::Figure> {
    let plot = Curves {
        label: title,
        names: [LEVEL_AXIS, "dB relative to white"],
        x: 0.0..1.0,
        span: CURVES,
        mark: None,
        curves: curves(all, |mask| Ok(over_levels(&mask.dithered, power)))?,
    };
    as_figure(&plot, caption)
}

/// Plots radial profiles.
fn profiles(
    all: &[Measured],
    title: &str,
    caption: &str,
    span: Span,
    mark: Option<f64>,
    points: impl Fn(&Measured) -> Result<Points>,
) -> Result<super::Figure> {
    let plot = Curves {
        label: title,
        names: ["radial frequency, cycles/pixel", "dB relative to white"],
        x: 0.0..0.72,
        span,
        mark,
        curves: curves(all, points)?,
    };
    as_figure(&plot, caption)
}

fn curves(all: &[Measured], points: impl Fn(&Measured) -> Result<Points>) -> Result<Vec<Curve>> {
    COLORS.iter().zip(all).map(|(color, mask)| Ok(Curve { color: *color, points: points(mask)? })).collect()
}

fn as_figure(plot: &Curves<'_>, caption: &str) -> Result<super::Figure> {
    let body = plot.draw().map_err(Failure::other)?;
    Ok(super::Figure { title: plot.label.to_string(), body, caption: caption.to_string() })
}
