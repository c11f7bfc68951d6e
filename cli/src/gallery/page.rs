//! The page of the gallery.
//!
//! All pictures and figures are in the page itself, which is complete without its script; the script moves and magnifies the crops and
//! blurs them.

use super::masks::{Method, SIDE};
use super::output::{How, Kind, Output};
use super::score::{SIGMAS, Score};
use super::source::Source;
use super::{Dithered, Exhibit};
use crate::failure::{Failure, Result};
use crate::picture;
use crate::report::{data_url, document, escaped, signed};
use bluegrad::dither::Mix;
use bluegrad::{Preset, Shape};

/// Side of a crop, in CSS pixels. The zooms of the script divide it.
const TILE: u32 = 288;

/// Side of a crop without the script, in pixels of the picture.
const CROP: u32 = 96;

/// Method whose whole picture is shown first.
const SHOWN: Method = Method::Preset(Preset::Dither);

/// Returns left, top, width and height of the central part of a picture, at most `side` wide and high.
pub(super) fn window(shape: Shape, side: u32) -> [u32; 4] {
    let (width, height) = (shape.width.min(side), shape.height.min(side));
    [(shape.width - width) / 2, (shape.height - height) / 2, width, height]
}

/// Returns the page.
pub(super) fn page(exhibits: &[Exhibit<'_>], how: How) -> Result<String> {
    let pictures: String =
        exhibits.iter().enumerate().map(|(number, exhibit)| picture(number, exhibit)).collect::<Result<_>>()?;
    let body = format!(
        "\
<header>
<p class=\"kind\">Dithered pictures</p>
<h1>Gallery <span>{count} masks and error diffusion</span></h1>
{intro}</header>
<div class=\"controls\" role=\"group\" aria-label=\"View of all crops\" hidden>
<label>Magnified <output id=\"zoom-value\">3 ×</output><input id=\"zoom\" type=\"range\" min=\"0\" max=\"7\" value=\"2\" step=\"1\"></label>
<label>Blurred <output id=\"blur-value\">not</output><input id=\"blur\" type=\"range\" min=\"0\" max=\"4\" value=\"0\" step=\"0.1\"></label>
</div>
<svg class=\"filters\" width=\"0\" height=\"0\" aria-hidden=\"true\"><filter id=\"light\" x=\"0\" y=\"0\" width=\"1\" height=\"1\" \
         color-interpolation-filters=\"linearRGB\"><feGaussianBlur stdDeviation=\"1\"/></filter></svg>
<main>
{pictures}{methods}</main>
<script>
{script}</script>
",
        count = Method::ALL.len() - 1,
        intro = intro(how),
        methods = methods(),
        script = include_str!("gallery.js"),
    );
    Ok(document("bluegrad gallery", include_str!("gallery.css"), &body, ""))
}

fn intro(how: How) -> String {
    let mixed = match how.mix {
        Mix::Light => "All methods dither in linear light, so areas keep their brightness.",
        Mix::Codes => {
            "All methods dither code values, so areas come out lighter than in the picture; the figures show it."
        }
    };
    let apart = match how.apart {
        true => "Red, green and blue have a position of the mask each.",
        false => "Red, green and blue share the position of the mask.",
    };
    format!(
        "<p class=\"lead\">The same pictures in few colours, dithered by well-known masks and by the masks of bluegrad. A mask is a \
         tile of thresholds: a pixel goes up where its value passes its threshold. All masks here are exact ranks, applied by the same \
         code, so the mask is the only difference. {mixed} {apart}</p>\n\
         <p class=\"lead\">Floyd–Steinberg diffuses errors instead of using a mask. It stands here for comparison: it has to \
         run pixel after pixel, and a changed pixel changes many that follow, so it suits neither shaders nor moving pictures.</p>\n"
    )
}

/// Returns the section of a picture.
fn picture(number: usize, exhibit: &Exhibit<'_>) -> Result<String> {
    let source = &exhibit.source;
    let Shape { width, height, .. } = source.shape;
    let png = picture::encode_rgb(source.shape, &source.rgb()).map_err(Failure::other)?;
    let original = format!("p{number}");
    let part = if source.shape.width == source.whole.width && source.shape.height == source.whole.height {
        String::new()
    } else {
        let [left, top] = source.corner;
        let Shape { width, height, .. } = source.whole;
        format!(", from ({left}, {top}) of {width} × {height}")
    };
    let [left, top, wide, high] = window(source.shape, CROP);
    let Some((first, _)) = exhibit.outputs.first() else { return Ok(String::new()) };
    let shown = format!("{}, {}", SHOWN.title(), first.title);
    let whole = |content: &str, label: &str| {
        format!(
            "<svg class=\"whole crisp\" viewBox=\"0 0 {width} {height}\" style=\"width:{width}px\" role=\"img\" \
             aria-label=\"{label}\">{content}<rect class=\"mark\" x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\"/></svg>"
        )
    };
    let outputs = exhibit.outputs.iter().map(|(output, all)| section(&original, source, output, all));
    Ok(format!(
        "<section class=\"exhibit\" data-width=\"{width}\" data-height=\"{height}\">\n\
         <h2>{name} <span>{width} × {height}{part}</span></h2>\n\
         <div class=\"stage\">\n\
         <figure>{picture}<figcaption>The picture, at 1:1. The frame is what the crops below show.\
         <span class=\"help\" hidden> To move it, drag in a picture, or focus one and use the arrow keys.</span></figcaption></figure>\n\
         <figure><div>{example}</div><figcaption><span class=\"shown\">{shown}</span>, at 1:1.\
         <span class=\"help\" hidden> Choose another by the name below its crop.</span></figcaption></figure>\n\
         </div>\n{outputs}</section>\n",
        name = escaped(&source.name),
        picture = whole(&image(&original, source.shape, &png), "The picture"),
        example = whole(&format!("<use href=\"#{}\"/>", id(&original, first, SHOWN)), &shown),
        outputs = outputs.collect::<Result<String>>()?,
    ))
}

/// Name of a dithered picture within the page.
fn id(original: &str, output: &Output<'_>, method: Method) -> String {
    format!("{original}-{}-{}", output.key, method.key())
}

/// Returns an SVG image in units of pixels.
fn image(id: &str, shape: Shape, png: &[u8]) -> String {
    let Shape { width, height, .. } = shape;
    format!("<image id=\"{id}\" width=\"{width}\" height=\"{height}\" href=\"{}\"/>", data_url(png))
}

/// Returns crops and figures of an output.
fn section(original: &str, source: &Source, output: &Output<'_>, all: &[Dithered]) -> Result<String> {
    let shape = source.shape;
    let mut tiles = match &output.kind {
        Kind::Levels { .. } => tile("The picture", &format!("<use href=\"#{original}\"/>"), None, shape, false),
        Kind::Palette { .. } => {
            let id = format!("{original}-{}", output.key);
            let png = picture::encode_rgb(shape, &output.shown(source)).map_err(Failure::other)?;
            tile("The picture, fitted", &image(&id, shape, &png), Some(&id), shape, false)
        }
    };
    for dithered in all {
        let method = dithered.method;
        let id = id(original, output, method);
        let image = image(&id, shape, &output.encode(shape, &dithered.indices)?);
        tiles += &tile(method.title(), &image, Some(&id), shape, method.is_ours());
    }
    Ok(format!(
        "<section>\n<h3 class=\"output\">{}</h3>\n{}<div class=\"tiles\">\n{tiles}</div>\n{}{}</section>\n",
        output.title,
        about(output),
        table(output, all),
        verdict(all)
    ))
}

/// Shows the colours of a palette and says how the picture is fitted; nothing for levels.
fn about(output: &Output<'_>) -> String {
    let Kind::Palette { purpose, .. } = output.kind else { return String::new() };
    let swatch = |(i, [r, g, b]): (usize, &[u8; 3])| {
        format!("<rect x=\"{}\" width=\"24\" height=\"24\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>", 24 * i)
    };
    let swatches: String = output.colors.iter().enumerate().map(swatch).collect();
    let width = 24 * output.colors.len();
    format!(
        "<svg class=\"swatches\" viewBox=\"0 0 {width} 24\" style=\"width:{width}px\" role=\"img\" aria-label=\"The colours\">{swatches}</svg>\n\
         <p class=\"key\">Palette: {purpose}. The picture is fitted: its black is the darkest colour, its white the lightest, all between in \
         proportion in linear light. Errors are against the fitted picture; colours that the palette cannot mix are a part of them.</p>\n"
    )
}

/// Returns a crop; `id` is the image that its name shows, none for the picture itself.
fn tile(title: &str, image: &str, id: Option<&str>, shape: Shape, ours: bool) -> String {
    let [left, top, width, height] = window(shape, CROP);
    let zoom = (TILE / width.max(height)).max(1);
    let (box_width, box_height) = (zoom * width, zoom * height);
    let class = if ours { "tile ours" } else { "tile" };
    let name = match id {
        Some(id) => format!("<button type=\"button\" data-shows=\"{id}\" disabled>{title}</button>"),
        None => title.to_string(),
    };
    format!(
        "<figure class=\"{class}\"><svg class=\"crop crisp\" style=\"width:{box_width}px;height:{box_height}px\" \
         viewBox=\"{left} {top} {width} {height}\" role=\"img\" aria-label=\"{title}\">{image}</svg>\
         <figcaption>{name}</figcaption></figure>\n"
    )
}

/// A column of figures: heading, value of a score, decimals, whether higher is better.
type Column = (String, fn(&Score) -> f64, usize, bool);

fn columns() -> Vec<Column> {
    let psnr: [fn(&Score) -> f64; 3] = [|score| score.psnr[0], |score| score.psnr[1], |score| score.psnr[2]];
    let oklab: [fn(&Score) -> f64; 3] = [|score| score.oklab[0], |score| score.oklab[1], |score| score.oklab[2]];
    let blurred = |figures: [fn(&Score) -> f64; 3], decimals, higher| {
        SIGMAS.into_iter().zip(figures).map(move |(sigma, figure)| (format!("σ {sigma}"), figure, decimals, higher))
    };
    let mut all: Vec<Column> = blurred(psnr, 2, true).chain(blurred(oklab, 2, false)).collect();
    all.push(("structure".to_string(), |score| score.structure, 1, false));
    all.push(("spread".to_string(), |score| score.spread as f64, 0, false));
    all
}

/// Best value of a column among masks.
fn best(all: &[Dithered], (_, figure, _, higher): &Column) -> f64 {
    let masks = all.iter().filter(|dithered| dithered.method != Method::FloydSteinberg);
    let values = masks.map(|dithered| figure(&dithered.score));
    if *higher { values.fold(f64::NAN, f64::max) } else { values.fold(f64::NAN, f64::min) }
}

/// Formats a value of a column.
fn text(value: f64, decimals: usize) -> String {
    if value.is_infinite() { "exact".to_string() } else { signed(value, decimals) }
}

fn table(output: &Output<'_>, all: &[Dithered]) -> String {
    let columns = columns();
    let row = |dithered: &Dithered| {
        let cells = columns.iter().map(|column| {
            let (_, figure, decimals, higher) = column;
            let (value, best) = (figure(&dithered.score), best(all, column));
            let shown = text(value, *decimals);
            let wins = shown == text(best, *decimals) || if *higher { value > best } else { value < best };
            if wins { format!("<td><strong>{shown}</strong></td>") } else { format!("<td>{shown}</td>") }
        });
        let method = dithered.method;
        let class = match method {
            Method::FloydSteinberg => " class=\"apart\"",
            _ if method.is_ours() => " class=\"ours\"",
            _ => "",
        };
        let (title, cells) = (method.title(), cells.collect::<String>());
        format!("<tr{class}><th scope=\"row\">{title}</th>{cells}</tr>\n")
    };
    let heads: String = columns.iter().map(|(name, ..)| format!("<th scope=\"col\">{name}</th>")).collect();
    format!(
        "<div class=\"table\">\n<table class=\"numbers scores\" data-output=\"{}\">\n<thead>\n<tr><td></td>\
         <th scope=\"colgroup\" colspan=\"3\">PSNR, dB</th><th scope=\"colgroup\" colspan=\"3\">OKLab error</th>\
         <th scope=\"colgroup\" colspan=\"2\">without a blur</th></tr>\n<tr><td></td>{heads}</tr>\n</thead>\n<tbody>\n{}</tbody>\n\
         </table>\n</div>\n",
        output.key,
        all.iter().map(row).collect::<String>()
    )
}

/// Says in words who has the least error, error diffusion included.
fn verdict(all: &[Dithered]) -> String {
    let Some(diffused) = all.iter().find(|dithered| dithered.method == Method::FloydSteinberg) else {
        return String::new();
    };
    let columns = columns();
    let sentence = |name: &str, columns: &[Column], unit: &str| {
        let parts = columns.iter().map(|column| {
            let (sigma, figure, decimals, higher) = column;
            let (value, best) = (figure(&diffused.score), best(all, column));
            let ahead = if *higher { value - best } else { best - value };
            let winner = all.iter().find(|dithered| figure(&dithered.score) == best);
            let winner = winner.map_or("", |dithered| dithered.method.title());
            let sigma = sigma.replace(' ', " = ");
            match text(ahead.abs(), *decimals) {
                by if ahead > 0.0 => format!("at {sigma} Floyd–Steinberg, {by}{unit} ahead of {winner}"),
                by if ahead < 0.0 => format!("at {sigma} {winner}, {by}{unit} ahead of Floyd–Steinberg"),
                _ => format!("at {sigma} {winner} and Floyd–Steinberg"),
            }
        });
        format!("Best {name}: {}.", parts.collect::<Vec<_>>().join("; "))
    };
    format!(
        "<p class=\"key\">{}<br>{}<br>One changed pixel changes {} other{} with Floyd–Steinberg, none with a mask.</p>\n",
        sentence("PSNR", &columns[..3], "\u{a0}dB"),
        sentence("OKLab error", &columns[3..6], ""),
        diffused.score.spread,
        if diffused.score.spread == 1 { "" } else { "s" }
    )
}

/// Defines figures and methods.
fn methods() -> String {
    let masks = [
        ("White noise", format!("{SIDE} × {SIDE} random numbers (SplitMix64), ranked.")),
        ("Bayer 8 × 8", "The ordered dither of Bayer (1973), 64 ranks.".to_string()),
        (
            "Interleaved gradient noise",
            "frac(52.9829189 · frac(0.06711056 x + 0.00583715 y)) (Jimenez, 2014), ranked over the whole picture, because it has no \
             period."
                .to_string(),
        ),
        (
            "High-pass, renormalised",
            "The white noise through Lottes’s 3 × 3 filter [1 2 1; 2 −12 2; 1 2 1]/24, ranked again: the classic way to blue noise."
                .to_string(),
        ),
        ("void-and-cluster", format!("Ulichney (1993), {SIDE} × {SIDE}.")),
        ("dither, dither-smooth", format!("The presets of bluegrad, {SIDE} × {SIDE}, seed 0.")),
        (
            "Floyd–Steinberg",
            "Error diffusion (1976), row by row from the left, without a mask; the nearest colour in the same quantity that masks \
             dither. For a palette, the nearest in linear red, green and blue."
                .to_string(),
        ),
        (
            "Palettes",
            "Shares of the colours for each input colour, from a table; one threshold of the mask chooses the colour of a pixel.".to_string(),
        ),
    ];
    let masks: String = masks.iter().map(|(name, what)| format!("<dt>{name}</dt><dd>{what}</dd>\n")).collect();
    format!(
        "<section>\n<h2>The figures</h2>\n<dl class=\"defined\">\n\
         <dt>PSNR, σ</dt><dd>Both pictures are blurred in linear light by a Gaussian of σ pixels: σ = 1 is near viewing, 3 is far \
         viewing. PSNR is −10 log<sub>10</sub> of the mean square difference over pixels and channels, white being 1. Higher is better.</dd>\n\
         <dt>OKLab error, σ</dt><dd>100 times the mean distance of the same blurred pictures in OKLab (Ottosson, 2020), which weighs \
         dark tones as the eye does. Lower is better.</dd>\n\
         <dt>Structure</dt><dd>The counter-score of both: the largest bin of the spectrum of the error’s luminance, in units of the mean \
         bin. A lattice can have a small error and still be seen. Lower is better.</dd>\n\
         <dt>Spread</dt><dd>How many other pixels change when the middle pixel of the first row does. Lower is better.</dd>\n\
         <dt>Bold</dt><dd>The best mask; Floyd–Steinberg too, where it is at least as good as the best mask.</dd>\n\
         </dl>\n</section>\n<section>\n<h2>The methods</h2>\n<dl class=\"defined\">\n{masks}</dl>\n</section>\n"
    )
}
