//! The page's part on layers: a player, spectra over time, errors by frame, structure by layer.

use super::image::{data_url, displayed};
use super::plot::{COLORS, Curve, Curves, legend, over_frames, space_and_time};
use super::table::{Row, capital, table};
use super::{Figure as Plotted, figure, signed};
use crate::frames::FrameSpectrum;
use crate::measured::{Figure, MeasuredVolume, Tabled};
use crate::picture;
use bluegrad::Shape;
use bluegrad::measure::decibels;
use png::BitDepth;

/// Most elements of the player's pictures.
const MOST_SHOWN: usize = 1 << 22;

/// Largest range of spectra over time, in dB.
const SPECTRA: (f64, f64) = (-40.0, 15.0);

/// Frames of the first of [`RIVAL_FIGURES`], counted from 1.
const FRAMES: [u32; 5] = [1, 8, 16, 32, 64];

/// Published masks of 128x128x64: NVIDIA's STBN (Wolfe et al. 2022) and FAST's (Donnelly et al. 2024).
const RIVALS: [&str; 2] = ["NVIDIA STBN", "FAST, product 0.1/0.1"];

/// Figures of [`RIVALS`] by their keys, by the authors' test or by ours.
const RIVAL_FIGURES: [(&str, [f64; 2]); 14] = [
    ("frame_error_thousandths_first", [28.61, 27.05]),
    ("frame_error_thousandths_8", [14.05, 12.85]),
    ("frame_error_thousandths_16", [7.58, 6.47]),
    ("frame_error_thousandths_32", [5.22, 3.85]),
    ("frame_error_thousandths_last", [5.08, 3.71]),
    ("frame_error_thousandths_rss", [75.3, 66.8]),
    ("space_db_sigma_1.0", [-6.22, -6.41]),
    ("space_db_sigma_1.5", [-10.55, -11.33]),
    ("space_db_sigma_3.0", [-13.75, -15.33]),
    ("time_db_sigma_0.7", [-2.79, -0.11]),
    ("time_db_sigma_1.0", [-4.70, -0.17]),
    ("time_db_sigma_1.5", [-6.88, -0.22]),
    ("time_db_sigma_2.5", [-8.54, -0.27]),
    ("accumulated_db_alpha_0.2_sigma_1.0", [-9.82, -8.78]),
];

/// A mask with layers or channels, for the page.
pub(crate) struct Volume {
    pub(crate) measured: MeasuredVolume,
    /// Pixels of each channel in 8 bits, layer by layer.
    pub(crate) grey: Vec<Vec<u8>>,
    /// Spectra over time of the first channel's values, and of its patterns at grey 1/2, if there are several layers.
    pub(crate) spectra: Option<[FrameSpectrum; 2]>,
}

/// Returns the section.
pub(super) fn section(volume: &Volume) -> Result<String, String> {
    let mut figures = vec![player(volume)?];
    if let Some(both) = &volume.spectra {
        figures.extend([errors(volume)?, spectra(both)?, space_and_time_of(&both[1])?, peaks(volume)?]);
    }
    let figures: String = figures.iter().map(figure).collect();
    let script = include_str!("player.js");
    Ok(format!("<section class=\"figures\">\n{figures}</section>\n<script>\n{script}</script>\n"))
}

fn peaks(volume: &Volume) -> Result<Plotted, String> {
    let both = [volume.measured.layer_peaks(), volume.measured.layer_worst_peaks()];
    let last = f64::from(volume.measured.shape.layers);
    let points = |peaks: Vec<f64>| (1..).map(f64::from).zip(peaks).filter(|(_, peak)| !peak.is_nan()).collect();
    let curves = both.into_iter().zip(COLORS).map(|(peaks, color)| Curve { color, points: points(peaks) }).collect();
    let names = ["mean of 31 grey levels", "worst level"].map(String::from);
    Ok(Plotted {
        title: "Structure by frame".to_string(),
        body: legend(&COLORS.into_iter().zip(names).collect::<Vec<_>>())
            + &over_frames("Structure by frame", "largest bin, × white noise’s mean", last, curves)?,
        caption: "Of each layer’s patterns, of the worst channel. White noise and void-and-cluster have 8 to 13; a lattice has 40 and more."
            .to_string(),
    })
}

/// Returns a table of each group of figures, beside those of the published masks.
pub(super) fn tables(volume: &Volume) -> String {
    let figures = volume.measured.figures();
    let one = |group: &[Figure]| {
        let rival = |key: &str| RIVAL_FIGURES.iter().find(|(other, _)| *other == key).map(|(_, figures)| *figures);
        let beside = group.iter().any(|figure| rival(&figure.key).is_some());
        let row = |figure: &Figure| {
            let others = rival(&figure.key).unwrap_or([f64::NAN; 2]).into_iter().take(if beside { 2 } else { 0 });
            let cells = std::iter::once(figure.value).chain(others).map(|value| signed(value, figure.decimals));
            (figure.name.clone(), cells.collect())
        };
        let rows: Vec<Row> = group.iter().map(row).collect();
        let columns: Vec<String> =
            if beside { std::iter::once("this mask").chain(RIVALS).map(String::from).collect() } else { Vec::new() };
        table(&capital(&group[0].group.replace("x 1e-3", "× 10⁻³").replace(", x ", ", × ")), &columns, &rows)
    };
    figures
        .chunk_by(|a, b| a.group == b.group)
        .filter(|group| group.iter().any(|figure| !figure.value.is_nan()))
        .map(one)
        .collect()
}

fn player(volume: &Volume) -> Result<Plotted, String> {
    let shape = volume.measured.shape;
    let Shape { width, height, layers, channels } = shape;
    let pixels = shape.pixels();
    let shown = layers.min((MOST_SHOWN / pixels / channels as usize).max(1) as u32);
    let sheet = |grey: &Vec<u8>| {
        let shape = Shape::new(width, height * shown);
        let png = picture::encode_grey(shape, BitDepth::Eight, &grey[..pixels * shown as usize])?;
        Ok(format!("<img class=\"layers\" alt=\"\" hidden src=\"{}\">\n", data_url(&png)))
    };
    let sheets: String = volume.grey.iter().map(sheet).collect::<Result<_, String>>()?;
    let (box_width, _) = displayed(width, height);
    let still = data_url(&picture::encode_grey(shape.plane(), BitDepth::Eight, &volume.grey[0][..pixels])?);
    let options: String = (0..channels).map(|c| format!("<option value=\"{c}\">channel {c}</option>")).collect();
    let rest = if shown < layers { format!(" The first {shown} of {layers} layers.") } else { String::new() };
    let channel = if channels == 1 { " hidden" } else { "" };
    let body = format!(
        "<div id=\"player\" data-width=\"{width}\" data-height=\"{height}\" data-layers=\"{shown}\">
{sheets}<img class=\"still picture crisp\" alt=\"The first layer\" style=\"width:{box_width}px\" src=\"{still}\">
<canvas class=\"canvas picture crisp\" role=\"img\" aria-label=\"A layer\" width=\"{width}\" height=\"{height}\" style=\"width:{box_width}px\" hidden></canvas>
<div class=\"controls\" hidden>
<button type=\"button\" class=\"play\">Play</button>
<input type=\"range\" class=\"slider\" min=\"0\" max=\"{last}\" value=\"0\" aria-label=\"Frame\"> <span class=\"now\"></span>
<select class=\"view\" aria-label=\"What is shown\"><option value=\"values\">values</option><option value=\"dithered\">a grey, dithered</option>\
<option value=\"average\">its average over frames</option></select>
<select class=\"channel\" aria-label=\"Channel\"{channel}>{options}</select>
<select class=\"speed\" aria-label=\"Frames a second\"><option>2</option><option>12</option><option>30</option><option selected>60</option></select> frames/s
<label class=\"grey\">grey <input type=\"range\" class=\"level\" min=\"0\" max=\"255\" value=\"96\"> <span class=\"shown\"></span></label>
</div>
</div>",
        last = shown - 1,
    );
    Ok(Plotted {
        title: "Frames".to_string(),
        body,
        caption: format!(
            "Layer by layer, {width} × {height} pixels. The average gives each new frame the weight 0.1, as temporal anti-aliasing does.{rest}"
        ),
    })
}

fn errors(volume: &Volume) -> Result<Plotted, String> {
    let errors = volume.measured.frame_errors();
    let count = errors.len() as f64;
    let mut curves = vec![Curve { color: COLORS[0], points: (1..).map(f64::from).zip(errors).collect() }];
    let mut names = vec![(COLORS[0], "this mask".to_string())];
    for (index, (name, color)) in RIVALS.into_iter().zip(&COLORS[1..]).enumerate() {
        let figures = RIVAL_FIGURES.iter().map(|(_, figures)| figures[index]);
        let points = FRAMES.map(f64::from).into_iter().zip(figures).filter(|(frame, _)| *frame <= count);
        curves.push(Curve { color: *color, points: points.collect() });
        names.push((*color, name.to_string()));
    }
    Ok(Plotted {
        title: "Error by frame".to_string(),
        body: legend(&names) + &over_frames("Error by frame", "error, × 10⁻³", count, curves)?,
        caption: "The published test of FAST: patterns at 256 thresholds, blurred at σ = 1.3435 pixels, averaged over frames with the \
                  weight 0.1 of a new frame; the deviation that is left. Of the others, 128 × 128 pixels with 64 layers, the published \
                  frames. White noise starts at 121."
            .to_string(),
    })
}

fn spectra([values, patterns]: &[FrameSpectrum; 2]) -> Result<Plotted, String> {
    let both = [(values, "values"), (patterns, "patterns at grey 1/2")];
    let points = |spectrum: &FrameSpectrum| {
        spectrum.rows.iter().map(|row| (row.frequency, decibels(row.power))).collect::<Vec<_>>()
    };
    let curves = both.iter().zip(COLORS).map(|((spectrum, _), color)| Curve { color, points: points(spectrum) });
    let plot = Curves {
        label: "Spectrum of a pixel over time",
        names: ["frequency, cycles/frame", "mean power, dB relative to white"],
        x: 0.0..0.5,
        span: SPECTRA,
        mark: None,
        curves: curves.collect(),
    };
    let names: Vec<_> = COLORS.into_iter().zip(both.map(|(_, name)| name.to_string())).collect();
    Ok(Plotted {
        title: "Spectrum of a pixel over time".to_string(),
        body: legend(&names) + &plot.draw()?,
        caption: "Mean over all pixels. White noise, and layers that are independent, are 0 dB; a mask that is blue in time is dark at \
                  low frequencies."
            .to_string(),
    })
}

fn space_and_time_of(patterns: &FrameSpectrum) -> Result<Plotted, String> {
    Ok(Plotted {
        title: "Spectrum in space and time".to_string(),
        body: space_and_time(patterns)?,
        caption: "Patterns at grey 1/2, relative to white noise: rings of 1/64 cycles/pixel. Averages over frames keep the lowest rows, blurs \
                  the left columns."
            .to_string(),
    })
}
