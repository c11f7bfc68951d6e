//! The page of `compare` for masks of layers and channels: side by side.

use super::comparison::{Row, as_figure, overview, table};
use super::dithered::{self, CURVES};
use super::plot::{COLORS, Curve, Curves, Span, legend};
use super::{Figure, document, escaped, figure};
use crate::failure::Result;
use crate::measured::{MeasuredVolume, Tabled};

/// Keys of the main figures, in the first table of the page.
const FIRST: [&str; 13] = [
    "frame_error_thousandths_first",
    "frame_error_thousandths_8",
    "frame_error_thousandths_32",
    "frame_error_thousandths_last",
    "frame_error_thousandths_rss",
    "space_db_sigma_1.5",
    "time_db_sigma_0.7",
    "time_db_sigma_1.5",
    "accumulated_db_alpha_0.2_sigma_1.0",
    "peak_mean",
    "peak_mid",
    "peak_worst",
    "peak_largest_worst",
];

/// Vertical range of the peaks.
const PEAKS: Span = (0.0, 60.0);

/// Returns the page; `names` are the headings of the masks.
pub(crate) fn page(all: &[MeasuredVolume], names: &[String], rows: &[Row]) -> Result<String> {
    let strip = |(mask, name): (&MeasuredVolume, &String)| -> Result<String> {
        let (name, size) = (escaped(name), escaped(&mask.size().replace('x', " × ")));
        let strip = dithered::strip(&mask.first)?;
        Ok(format!("<section class=\"mask\">\n<h2>{name} <span>{size}</span></h2>\n{strip}</section>\n"))
    };
    let key = dithered::key()?;
    let strips: String = all.iter().zip(names).map(strip).collect::<Result<_>>()?;
    let plots: String = plots(all)?.iter().map(figure).collect();
    let colors: Vec<_> = COLORS.into_iter().zip(names.iter().cloned()).collect();
    let legend = legend(&colors);
    let first: Vec<&Row> = rows.iter().filter(|row| FIRST.contains(&row.figure.key.as_str())).collect();
    let body = format!(
        "\
<header>
<p class=\"kind\">Blue-noise masks of layers and channels</p>
<h1>{count} masks <span>side by side</span></h1>
</header>
<main>
{overview}<section>
<h2>Curves</h2>
{legend}<div class=\"figures\">
{plots}</div>
</section>
<section>
<h2>Dithered grey, the first channel of the first layer</h2>
{key}{strips}</section>
{table}</main>
",
        count = all.len(),
        overview = overview(all, names, &first),
        table = table("All figures, means over the channels", names, &rows.iter().collect::<Vec<_>>()),
    );
    Ok(document(&format!("bluegrad: {}", names.join(", ")), "", &body, ""))
}

/// Returns all plots.
fn plots(all: &[MeasuredVolume]) -> Result<Vec<Figure>> {
    let layers = all.iter().map(|mask| mask.shape.layers).max().unwrap_or(1);
    let frames = |values: Vec<f64>| (1..).map(f64::from).zip(values).collect::<Vec<_>>();
    let curves = |values: &dyn Fn(&MeasuredVolume) -> Vec<f64>| {
        let each = COLORS.into_iter().zip(all);
        each.map(|(color, mask)| Curve { color, points: frames(values(mask)) }).collect::<Vec<_>>()
    };
    let plot = |label, names, span, curves| Curves {
        label,
        names,
        // A plot of one frame has a width too.
        x: 1.0..f64::from(layers.max(2)),
        span,
        mark: None,
        curves,
    };
    let error = plot(
        "Error of accumulated frames",
        ["frame", "dB relative to white"],
        CURVES,
        curves(&MeasuredVolume::frame_decibels),
    );
    let peak =
        plot("Structure of each layer", ["layer", "largest bin, × white"], PEAKS, curves(&MeasuredVolume::layer_peaks));
    let worst = plot(
        "Structure of each layer, worst level",
        ["layer", "largest bin, × white"],
        PEAKS,
        curves(&MeasuredVolume::layer_worst_peaks),
    );
    let error_caption = "FAST’s test: the binary patterns of 256 thresholds, blurred by a Gaussian of σ = 1.3435 pixels and accumulated \
                         with a weight of 0.1 for a new frame; variance over the pixels. White noise with the same filters is 0 dB at \
                         every frame.";
    let peak_caption = "Largest bin of the patterns’ spectra, × white noise’s mean: mean of 31 grey levels. A lattice has 40 and more.";
    let worst_caption = "The same, of the worst of 31 grey levels.";
    [(error, error_caption), (peak, peak_caption), (worst, worst_caption)]
        .iter()
        .map(|(plot, caption)| as_figure(plot, caption))
        .collect()
}
