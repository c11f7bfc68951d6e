//! The page's part on layers: a player, spectra over time, errors by frame, structure by layer.

use super::image::{data_url, displayed};
use super::plot::{COLORS, Curve, Curves, legend, over_frames, space_and_time};
use super::table::{Row, table};
use super::{Figure, figure, signed};
use crate::frames::FrameSpectrum;
use crate::picture;
use bluegrad::Shape;
use bluegrad::measure::{ACCUMULATIONS, FrameErrors, Peak, PlanePeaks, SPACE_SIGMAS, SpaceTime, TIME_SIGMAS, decibels};
use png::BitDepth;

/// Most elements of the player's pictures.
const MOST_SHOWN: usize = 1 << 22;

/// Largest range of spectra over time, in dB.
const SPECTRA: (f64, f64) = (-40.0, 15.0);

/// Frames at which errors of other masks are published, counted from 1.
const FRAMES: [u32; 5] = [1, 8, 16, 32, 64];

/// A published mask of 128x128x64.
struct Rival {
    name: &'static str,
    /// Errors at [`FRAMES`], and of all frames, x 1e-3.
    frames: [f64; 5],
    all: f64,
    space: [f64; 3],
    time: [f64; 4],
    /// At the first of [`ACCUMULATIONS`].
    accumulated: f64,
}

/// Textures of Wolfe et al. (2022) and Donnelly et al. (2024), measured by the authors' test or by ours.
const RIVALS: [Rival; 2] = [
    Rival {
        name: "NVIDIA STBN",
        frames: [28.61, 14.05, 7.58, 5.22, 5.08],
        all: 75.3,
        space: [-6.22, -10.55, -13.75],
        time: [-2.79, -4.70, -6.88, -8.54],
        accumulated: -9.82,
    },
    Rival {
        name: "FAST, product 0.1/0.1",
        frames: [27.05, 12.85, 6.47, 3.85, 3.71],
        all: 66.8,
        space: [-6.41, -11.33, -15.33],
        time: [-0.11, -0.17, -0.22, -0.27],
        accumulated: -8.78,
    },
];

/// A mask with layers or channels, for the page.
pub(crate) struct Volume {
    pub(crate) shape: Shape,
    /// Pixels of each channel in 8 bits, layer by layer.
    pub(crate) grey: Vec<Vec<u8>>,
    /// What several layers have.
    pub(crate) layers: Option<Layers>,
    /// Structure of each layer of the first channel.
    pub(crate) peaks: Vec<Peak>,
}

/// Figures of the layers of the first channel.
pub(crate) struct Layers {
    /// Spectrum of the values.
    pub(crate) values: FrameSpectrum,
    /// Spectrum of the patterns at grey 1/2.
    pub(crate) patterns: FrameSpectrum,
    /// Variances by frame of the published test.
    pub(crate) variances: Vec<f64>,
    pub(crate) space_time: SpaceTime,
}

/// Returns the section; `what` names the mask in headings.
pub(super) fn section(volume: &Volume) -> Result<String, String> {
    let mut figures = vec![player(volume)?];
    if let Some(layers) = &volume.layers {
        figures.extend([errors(layers)?, spectra(layers)?, space_and_time_of(layers)?]);
    }
    let figures: String = figures.iter().map(figure).collect();
    let script = include_str!("player.js");
    Ok(format!("<section class=\"figures\">\n{figures}</section>\n<script>\n{script}</script>\n"))
}

/// Returns the tables of layers.
pub(super) fn tables(volume: &Volume) -> String {
    let mut tables = vec![structure(volume)];
    if let Some(layers) = &volume.layers {
        tables.push(frames(layers));
        tables.push(blurs(layers));
    }
    tables.concat()
}

fn player(volume: &Volume) -> Result<Figure, String> {
    let Shape { width, height, layers, channels } = volume.shape;
    let pixels = volume.shape.pixels();
    let shown = layers.min((MOST_SHOWN / pixels / channels as usize).max(1) as u32);
    let sheet = |grey: &Vec<u8>| {
        let shape = Shape::new(width, height * shown);
        let png = picture::encode_grey(shape, BitDepth::Eight, &grey[..pixels * shown as usize])?;
        Ok(format!("<img class=\"layers\" alt=\"\" hidden src=\"{}\">\n", data_url(&png)))
    };
    let sheets: String = volume.grey.iter().map(sheet).collect::<Result<_, String>>()?;
    let (box_width, _) = displayed(width, height);
    let still = data_url(&picture::encode_grey(volume.shape.plane(), BitDepth::Eight, &volume.grey[0][..pixels])?);
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
    Ok(Figure {
        title: "Frames".to_string(),
        body,
        caption: format!(
            "Layer by layer, {width} × {height} pixels. The average gives each new frame the weight 0.1, as temporal anti-aliasing does.{rest}"
        ),
    })
}

fn errors(layers: &Layers) -> Result<Figure, String> {
    let error = |variance: &f64| 1000.0 * variance.sqrt();
    let own: Vec<(f64, f64)> = (1..).map(f64::from).zip(layers.variances.iter().map(error)).collect();
    let count = layers.variances.len() as f64;
    let mut curves = vec![Curve { color: COLORS[0], points: own }];
    let mut names = vec![(COLORS[0], "this mask".to_string())];
    for (rival, color) in RIVALS.iter().zip(&COLORS[1..]) {
        let points = FRAMES.map(f64::from).into_iter().zip(rival.frames).filter(|(frame, _)| *frame <= count);
        curves.push(Curve { color: *color, points: points.collect() });
        names.push((*color, rival.name.to_string()));
    }
    Ok(Figure {
        title: "Error by frame".to_string(),
        body: legend(&names) + &over_frames("Error by frame", "error, × 10⁻³", count, curves)?,
        caption: "The published test of FAST: patterns at 256 thresholds, blurred at σ = 1.3435 pixels, averaged over frames with the \
                  weight 0.1 of a new frame; the deviation that is left. Of the others, 128 × 128 pixels with 64 layers, the published \
                  frames. White noise starts at 86."
            .to_string(),
    })
}

fn spectra(layers: &Layers) -> Result<Figure, String> {
    let both = [(&layers.values, "values"), (&layers.patterns, "patterns at grey 1/2")];
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
    Ok(Figure {
        title: "Spectrum of a pixel over time".to_string(),
        body: legend(&names) + &plot.draw()?,
        caption: "Mean over all pixels. White noise, and layers that are independent, are 0 dB; a mask that is blue in time is dark at \
                  low frequencies."
            .to_string(),
    })
}

fn space_and_time_of(layers: &Layers) -> Result<Figure, String> {
    Ok(Figure {
        title: "Spectrum in space and time".to_string(),
        body: space_and_time(&layers.patterns)?,
        caption: "Patterns at grey 1/2, relative to white noise: rings of 1/64 cycles/pixel. Averages over frames keep the lowest rows, blurs \
                  the left columns."
            .to_string(),
    })
}

fn structure(volume: &Volume) -> String {
    let peaks = PlanePeaks::new(&volume.peaks);
    let row = |name: &str, mean: f64, largest: f64| (name.to_string(), vec![signed(mean, 1), signed(largest, 1)]);
    let rows = [
        row("Mean of 31 levels", peaks.mean, peaks.largest_mean),
        row("Levels 1/4 to 3/4", peaks.mid, peaks.largest_mid),
        row("Worst level", peaks.worst, peaks.largest_worst),
    ];
    let columns = ["mean layer", "worst layer"].map(String::from);
    table("Structure of the layers: largest bin, × white noise’s mean", &columns, &rows)
}

fn columns() -> Vec<String> {
    std::iter::once("this mask").chain(RIVALS.iter().map(|rival| rival.name)).map(String::from).collect()
}

fn cells(own: f64, decimals: usize, rivals: impl Fn(&Rival) -> f64) -> Vec<String> {
    std::iter::once(own).chain(RIVALS.iter().map(rivals)).map(|figure| signed(figure, decimals)).collect()
}

fn frames(layers: &Layers) -> String {
    let FrameErrors { first, frame_8, frame_16, frame_32, last, rss } = FrameErrors::new(&layers.variances);
    let own = [first, frame_8, frame_16, frame_32, last];
    let names = ["First frame", "Frame 8", "Frame 16", "Frame 32", "Last frame"];
    let mut rows: Vec<Row> =
        (0..own.len()).map(|i| (names[i].to_string(), cells(own[i], 2, |rival| rival.frames[i]))).collect();
    rows.push(("All frames, root of the sum of squares".to_string(), cells(rss, 1, |rival| rival.all)));
    table("Error by frame, × 10⁻³; the others of 128 × 128 × 64", &columns(), &rows)
}

fn blurs(layers: &Layers) -> String {
    let SpaceTime { space, time, accumulated } = layers.space_time;
    let mut rows: Vec<Row> = Vec::new();
    for (i, sigma) in SPACE_SIGMAS.iter().enumerate() {
        rows.push((format!("Space, σ = {sigma} pixels"), cells(space[i], 2, |rival| rival.space[i])));
    }
    for (i, sigma) in TIME_SIGMAS.iter().enumerate() {
        rows.push((format!("Time, σ = {sigma} frames"), cells(time[i], 2, |rival| rival.time[i])));
    }
    for (i, [alpha, sigma]) in ACCUMULATIONS.iter().enumerate() {
        let rival = |rival: &Rival| if i == 0 { rival.accumulated } else { f64::NAN };
        rows.push((format!("Average, weight {alpha}, σ = {sigma} pixels"), cells(accumulated[i], 2, rival)));
    }
    table("Dithered grey in space and time; dB relative to white", &columns(), &rows)
}
