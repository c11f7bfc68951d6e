//! HTML reports: one self-contained page for a mask, or for a comparison.
//!
//! [`plot`] draws plots, [`image`] pictures of the mask, [`dithered`] pictures of binary patterns; [`table`] lists figures,
//! [`stages`] settings; [`frames`] shows layers; this file assembles the page of one mask. [`mod@comparison`] is the page of several masks. A page loads
//! nothing: pictures are PNG in base64 or inline SVG, and `report.css` goes into the head.

mod comparison;
mod dithered;
mod frames;
mod image;
mod plot;
mod stages;
mod table;
mod volumes;

pub(crate) use comparison::{Row, page as comparison};
pub(crate) use frames::Volume;
pub(crate) use image::data_url;
pub(crate) use volumes::page as volumes;

use crate::failure::{Failure, Result};
use crate::measured;
use crate::patterns::Dithered;
use crate::run::Outcome;
use crate::spectrum::Spectrum;
use bluegrad::{Config, Losses, Range, Shape};

/// A finished mask and its run.
pub(crate) struct Subject<'s> {
    /// Name of the preset, or of the filters.
    pub(crate) recipe: String,
    pub(crate) config: &'s Config,
    /// Layers and channels, if there are several; all else is of the first channel of the first layer.
    pub(crate) volume: Option<Volume>,
    /// Ranks of the pixels.
    pub(crate) ranks: &'s [u32],
    /// Range of `values`.
    pub(crate) range: Range,
    /// Pixels in 8 bits.
    pub(crate) grey: Vec<u8>,
    /// Pixels as floats of the distribution.
    pub(crate) values: Vec<f32>,
    /// Spectrum of `values`.
    pub(crate) spectrum: Spectrum,
    /// Spectrum of `grey`.
    pub(crate) grey_spectrum: Spectrum,
    pub(crate) outcome: &'s Outcome,
    /// Published loss of the mask, all random factors 1; spectral runs only.
    pub(crate) losses: Option<Losses>,
    /// Size of the generator's block, in bytes.
    pub(crate) memory: usize,
    /// Command that makes the mask and the report again.
    pub(crate) command: &'s str,
}

/// A picture or plot with heading and caption.
struct Figure {
    title: String,
    body: String,
    caption: String,
}

/// Returns the page of a mask.
pub(crate) fn page(subject: &Subject<'_>) -> Result<String> {
    let dithered = Dithered::new(subject.ranks.to_vec(), subject.config.shape.plane())?;
    let figures = figures(subject).map_err(Failure::other)?;
    let figures: String = figures.iter().map(figure).collect();
    let (volume, layers) = match &subject.volume {
        None => (String::new(), String::new()),
        Some(volume) => {
            let section = frames::section(volume).map_err(Failure::other)?;
            let heading = "<h2 class=\"part\">The first layer</h2>\n";
            let heading = if volume.measured.shape.channels == 1 {
                heading
            } else {
                "<h2 class=\"part\">The first layer, channel 0</h2>\n"
            };
            (section + heading, frames::tables(volume))
        }
    };
    let body = format!(
        "\
{header}<main>
{volume}<section class=\"figures\">
{figures}</section>
{patterns}<div class=\"tables\">
{layers}{tables}</div>
<section>
<h2>The command that reproduces it</h2>
<pre><code>{command}</code></pre>
</section>
</main>
",
        header = header(subject, &dithered),
        patterns = dithered::section(&dithered)?,
        tables = table::tables(subject, &dithered, stages::tables(subject.config)),
        command = escaped(subject.command),
    );
    let Config { shape, seed, .. } = subject.config;
    let title = format!("bluegrad {}, {}, seed {seed}", size(*shape, "×"), subject.recipe);
    Ok(document(&title, "", &body, " The mask is free of any claim."))
}

/// Wraps a body into an HTML document; `style` goes behind the style of all pages.
pub(crate) fn document(title: &str, style: &str, body: &str, note: &str) -> String {
    format!(
        "\
<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>{title}</title>
<style>
{common}{style}</style>
</head>
<body>
{body}<footer>bluegrad {version}, algorithm version {algorithm}.{note}</footer>
</body>
</html>
",
        title = escaped(title),
        common = include_str!("report/report.css"),
        version = env!("CARGO_PKG_VERSION"),
        algorithm = bluegrad::ALGORITHM_VERSION,
    )
}

fn header(subject: &Subject<'_>, dithered: &Dithered) -> String {
    let Config { shape, seed, .. } = subject.config;
    let size = size(*shape, " × ");
    let recipe = escaped(&subject.recipe);
    let summary = table::summary(subject, dithered);
    format!(
        "\
<header>
<p class=\"kind\">Blue-noise mask</p>
<h1>{size} <span>{recipe}, seed {seed}</span></h1>
{summary}
</header>
"
    )
}

/// Returns the sides, the number of layers if there are several, and the channels.
fn size(shape: Shape, times: &str) -> String {
    let Shape { width, height, layers, channels } = shape;
    let layers = if layers > 1 { format!("{times}{layers}") } else { String::new() };
    let channels = if channels > 1 { format!(", {channels} channels") } else { String::new() };
    format!("{width}{times}{height}{layers}{channels}")
}

fn figures(subject: &Subject<'_>) -> std::result::Result<Vec<Figure>, String> {
    Ok(vec![
        image::magnified(subject)?,
        image::tiled(subject),
        plot::spectrum(subject)?,
        plot::radial_profile(subject)?,
        plot::histogram(subject)?,
        plot::trace(subject)?,
    ])
}

fn figure(figure: &Figure) -> String {
    let Figure { title, body, caption } = figure;
    format!("<figure>\n<h2>{title}</h2>\n{body}\n<figcaption>{caption}</figcaption>\n</figure>\n")
}

/// Formats a number with a typographic minus sign; a dash if it is not defined.
pub(crate) fn signed(number: f64, decimals: usize) -> String {
    measured::text(number, decimals).replace('-', if number.is_nan() { "–" } else { "−" })
}

/// Escapes text for HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
