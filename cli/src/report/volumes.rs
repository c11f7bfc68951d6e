//! The page of `compare` for masks of layers and channels: side by side.

use super::comparison::{Row, overview, table};
use super::dithered;
use super::plot::{COLORS, Curve, legend, over_frames};
use super::{Figure, document, escaped, figure};
use crate::failure::{Failure, Result};
use crate::measured::{MeasuredVolume, Tabled};

/// Keys of the main figures, in the first table of the page.
const FIRST: [&str; 14] = [
    "frame_error_thousandths_first",
    "frame_error_thousandths_8",
    "frame_error_thousandths_32",
    "frame_error_thousandths_last",
    "frame_error_thousandths_rms",
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
    let last = f64::from(all.iter().map(|mask| mask.shape.layers).max().unwrap_or(1));
    let plot = |title: &str, axis: &str, caption: &str, values: &dyn Fn(&MeasuredVolume) -> Vec<f64>| {
        let each = COLORS.into_iter().zip(all);
        let points = |mask| (1..).map(f64::from).zip(values(mask)).filter(|(_, value)| !value.is_nan()).collect();
        let curves = each.map(|(color, mask)| Curve { color, points: points(mask) }).collect();
        let body = over_frames(title, axis, last, curves).map_err(Failure::other)?;
        Ok::<_, Failure>(Figure { title: title.to_string(), body, caption: caption.to_string() })
    };
    let peak = "largest bin, × white";
    Ok(vec![
        plot(
            "Error by frame",
            "error, × 10⁻³",
            "The published test of FAST: patterns at 256 thresholds, blurred at σ = 1.3435 pixels, averaged over frames with the weight \
             0.1 of a new frame; the deviation that is left.",
            &MeasuredVolume::frame_errors,
        )?,
        plot(
            "Structure by frame",
            peak,
            "Largest bin of the patterns’ spectra, × white noise’s mean bin, mean of 31 grey levels; of the worst channel. A lattice \
             wins every error and has 40 and more.",
            &MeasuredVolume::layer_peaks,
        )?,
        plot(
            "Structure by frame, worst level",
            peak,
            "The same, of the worst of 31 grey levels.",
            &MeasuredVolume::layer_worst_peaks,
        )?,
    ])
}
