//! The report: one self-contained page that shows a mask and how it came about.
//!
//! [`plot`] draws, [`image`] makes the pictures, [`table`] lists settings and figures; this file puts them on the page.
//! Nothing is loaded from anywhere: pictures are PNG in base64 or inline SVG, and `report.css` goes into the head.

mod image;
mod plot;
mod table;

use crate::failure::{Failure, Result};
use crate::run::Outcome;
use crate::spectrum::Spectrum;
use bluegrad::{Config, Losses, Preset, Range, Shape};

/// All that is known of a mask when it is done.
pub(crate) struct Subject<'s> {
    pub(crate) preset: Preset,
    pub(crate) config: &'s Config,
    /// Range of `values`.
    pub(crate) range: Range,
    /// The mask in 8 bits.
    pub(crate) grey: Vec<u8>,
    /// The mask as floats of its distribution.
    pub(crate) values: Vec<f32>,
    /// The spectrum of `values`.
    pub(crate) spectrum: Spectrum,
    /// The spectrum of `grey`.
    pub(crate) grey_spectrum: Spectrum,
    pub(crate) outcome: &'s Outcome,
    /// The published loss at the end, all factors 1.
    pub(crate) losses: Losses,
    /// Bytes of the generator's block.
    pub(crate) memory: usize,
    /// What makes all this again.
    pub(crate) command: &'s str,
}

/// A picture or plot with its heading and its line of figures.
struct Figure {
    title: &'static str,
    body: String,
    caption: String,
}

/// The page.
pub(crate) fn page(subject: &Subject<'_>) -> Result<String> {
    let figures = figures(subject).map_err(Failure::other)?;
    let figures: String = figures.iter().map(figure).collect();
    Ok(format!(
        "\
{head}<body>
{header}<main>
<section class=\"figures\">
{figures}</section>
<div class=\"tables\">
{tables}</div>
<section>
<h2>The command that reproduces it</h2>
<pre><code>{command}</code></pre>
</section>
</main>
<footer>bluegrad {version}, algorithm version {algorithm}. The mask is free of any claim.</footer>
</body>
</html>
",
        head = head(subject),
        header = header(subject),
        tables = table::tables(subject),
        command = escaped(subject.command),
        version = env!("CARGO_PKG_VERSION"),
        algorithm = bluegrad::ALGORITHM_VERSION,
    ))
}

fn head(subject: &Subject<'_>) -> String {
    let Config { shape: Shape { width, height }, seed, .. } = subject.config;
    let preset = subject.preset.name();
    let style = include_str!("report/report.css");
    format!(
        "\
<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>bluegrad {width}×{height}, {preset}, seed {seed}</title>
<style>
{style}</style>
</head>
"
    )
}

fn header(subject: &Subject<'_>) -> String {
    let Config { shape: Shape { width, height }, seed, .. } = subject.config;
    let preset = subject.preset.name();
    let summary = table::summary(subject);
    format!(
        "\
<header>
<p class=\"kind\">Blue-noise mask</p>
<h1>{width} × {height} <span>{preset}, seed {seed}</span></h1>
{summary}
</header>
"
    )
}

fn figures(subject: &Subject<'_>) -> std::result::Result<Vec<Figure>, String> {
    Ok(vec![
        image::magnified(subject)?,
        image::tiled(subject),
        plot::spectrum(subject)?,
        plot::radial_profile(subject)?,
        plot::histogram(subject)?,
        plot::losses(subject)?,
    ])
}

fn figure(figure: &Figure) -> String {
    let Figure { title, body, caption } = figure;
    format!("<figure>\n<h2>{title}</h2>\n{body}\n<figcaption>{caption}</figcaption>\n</figure>\n")
}

/// A number with so many decimals and a real minus sign; a dash where there is none, as of a mask too small for it.
fn signed(number: f64, decimals: usize) -> String {
    if number.is_nan() { "–".to_string() } else { format!("{number:.decimals$}").replace('-', "−") }
}

/// Text as HTML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
