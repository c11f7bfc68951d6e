//! `palettes`: dithers raw RGB to a palette for `bench/palettes`, and times that.
//!
//! Reads `WIDTH·HEIGHT·3` bytes from standard input, writes one index a pixel to standard output, and one line to standard error:
//! milliseconds to build the table, and to dither, the least of `--rounds`.

use bluegrad::dither::palette::{Fit, Palette, PaletteConfig, build, named};
use bluegrad::dither::{Samples, Sink, Thresholds, light as light_of, thresholds};
use bluegrad::{Config, Dither, Error, Generator, Layout, Line, Preset, Shape, SimdLevel};
use clap::Parser;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Dithers raw RGB to a palette.
#[derive(Debug, Parser)]
#[command(name = "palettes")]
struct Arguments {
    /// Width of the picture, pixels
    width: usize,
    /// Colours that are shown, six hexadecimal digits each with commas between; or the name of a built-in palette
    #[arg(long)]
    colors: String,
    /// How to dither
    #[arg(long, default_value = "this")]
    method: Method,
    /// Fit the picture to the palette's black and white
    #[arg(long)]
    panel: bool,
    /// Weight of noise against the error of the mean
    #[arg(long, default_value_t = 0.002)]
    grain: f32,
    /// Nodes along each axis of the table: 9, 17, 33
    #[arg(long, default_value_t = 33)]
    nodes: u32,
    /// Side of the mask, of the preset `dither`, seed 1
    #[arg(long, default_value_t = 128)]
    mask: u32,
    /// SIMD level: auto, scalar, sse2, sse4.2, avx2, avx512
    #[arg(long, default_value = "auto")]
    level: String,
    /// Times to dither the picture
    #[arg(long, default_value_t = 1)]
    rounds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Method {
    /// A table of mixtures and a mask
    This,
    /// Knoll's pattern dithering in linear light, 64 candidates a pixel, by the same mask
    Knoll,
    /// Floyd and Steinberg's error diffusion in linear light, serpentine, the nearest colour in light
    FloydSteinberg,
    /// As `floyd-steinberg`, the nearest colour in `OKLab`
    FloydSteinbergOklab,
    /// Prints the shown colours, and does no more
    List,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("palettes: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let colors = match named::named(&arguments.colors) {
        Some(palette) => palette.shown.to_vec(),
        None => hex(&arguments.colors).ok_or("colours are six hexadecimal digits each, with commas between")?,
    };
    if arguments.method == Method::List {
        for [red, green, blue] in colors {
            println!("{red} {green} {blue}");
        }
        return Ok(());
    }
    let mut rgb = Vec::new();
    std::io::stdin().lock().read_to_end(&mut rgb)?;
    let pixels = rgb.as_chunks::<3>().0;
    let mut indices = vec![0; pixels.len()];
    let mut built = Duration::ZERO;
    let mut least = Duration::MAX;
    let side = arguments.mask as usize;
    match arguments.method {
        Method::This => {
            let level = SimdLevel::from_name(&arguments.level).ok_or("no such SIMD level")?.resolve()?;
            let mask = mask(arguments.mask)?;
            let fit = if arguments.panel { Fit::Panel } else { Fit::None };
            let config = PaletteConfig { colors: &colors, fit, grain: arguments.grain, nodes: arguments.nodes };
            let mut table = vec![0; config.words()?];
            let start = Instant::now();
            build(&config, &mut table)?;
            built = start.elapsed();
            let palette = Palette::new(&table)?;
            let shape = Shape::new(arguments.mask, arguments.mask);
            let dither = Dither::palette(Thresholds::U16(&mask), shape, palette)?.simd(level);
            for _ in 0..arguments.rounds {
                let start = Instant::now();
                let rows = rgb.chunks(3 * arguments.width).zip(indices.chunks_mut(arguments.width));
                for ((row, to), y) in rows.zip(0..) {
                    dither.row(y, Samples::U8(row), Sink::Levels(to))?;
                }
                least = least.min(start.elapsed());
            }
        }
        Method::Knoll => {
            let mask = mask(arguments.mask)?;
            let start = Instant::now();
            knoll(&colors, &mask, (side, arguments.width), pixels, &mut indices);
            least = start.elapsed();
        }
        Method::FloydSteinberg | Method::FloydSteinbergOklab => {
            let start = Instant::now();
            let by_oklab = arguments.method == Method::FloydSteinbergOklab;
            floyd_steinberg(&colors, by_oklab, arguments.width, pixels, &mut indices);
            least = start.elapsed();
        }
        Method::List => {}
    }
    eprintln!("{:.3} {:.3}", built.as_secs_f64() * 1e3, least.as_secs_f64() * 1e3);
    std::io::stdout().lock().write_all(&indices)?;
    Ok(())
}

/// Linear light of an sRGB code.
fn light(code: u8) -> f32 {
    light_of(u16::from(code) * 257) as f32 / u32::MAX as f32
}

fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Index of the colour nearest to a point.
fn nearest(points: &[[f32; 3]], to: [f32; 3]) -> usize {
    let distance = |point: &[f32; 3]| -> f32 { point.iter().zip(to).map(|(a, b)| (a - b) * (a - b)).sum() };
    (0..points.len()).min_by(|a, b| distance(&points[*a]).total_cmp(&distance(&points[*b]))).unwrap_or(0)
}

/// Knoll (US patent 6606166, expired): collects the nearest colours to goal + error, sorts them by luminance, picks one by the mask.
fn knoll(colors: &[[u8; 3]], mask: &[u16], (side, width): (usize, usize), pixels: &[[u8; 3]], to: &mut [u8]) {
    const CANDIDATES: usize = 64;
    let points: Vec<_> = colors.iter().map(|color| color.map(light)).collect();
    for ((pixel, to), i) in pixels.iter().zip(to).zip(0..) {
        let goal = pixel.map(light);
        let mut error = [0.0; 3];
        let mut found = [0; CANDIDATES];
        for found in &mut found {
            *found = nearest(&points, std::array::from_fn(|c| goal[c] + error[c]));
            for c in 0..3 {
                error[c] += goal[c] - points[*found][c];
            }
        }
        found.sort_by(|a, b| luminance(points[*a]).total_cmp(&luminance(points[*b])));
        let threshold = mask[i / width % side * side + i % width % side];
        *to = found[(usize::from(threshold) * CANDIDATES) >> 16] as u8;
    }
}

/// Floyd and Steinberg (1976), with errors in linear light.
fn floyd_steinberg(colors: &[[u8; 3]], by_oklab: bool, width: usize, pixels: &[[u8; 3]], to: &mut [u8]) {
    let points: Vec<_> = colors.iter().map(|color| color.map(light)).collect();
    let keys: Vec<_> = if by_oklab { points.iter().map(|point| oklab(*point)).collect() } else { points.clone() };
    // a column to spare on both sides
    let (mut errors, mut below) = (vec![[0.0; 3]; width + 2], vec![[0.0; 3]; width + 2]);
    for ((row, to), y) in pixels.chunks(width).zip(to.chunks_mut(width)).zip(0..) {
        below.fill([0.0; 3]);
        for i in 0..row.len() {
            let (x, ahead) = if y % 2 == 0 { (i, 1) } else { (row.len() - 1 - i, -1) };
            let goal: [f32; 3] = std::array::from_fn(|c| light(row[x][c]) + errors[x + 1][c]);
            let index = nearest(&keys, if by_oklab { oklab(goal.map(|light| light.max(0.0))) } else { goal });
            to[x] = index as u8;
            let at = |step: isize| (x + 1).wrapping_add_signed(step);
            for c in 0..3 {
                let error = (goal[c] - points[index][c]) / 16.0;
                errors[at(ahead)][c] += 7.0 * error;
                below[at(-ahead)][c] += 3.0 * error;
                below[at(0)][c] += 5.0 * error;
                below[at(ahead)][c] += error;
            }
        }
        std::mem::swap(&mut errors, &mut below);
    }
}

/// `OKLab` of linear light (Ottosson, 2020).
fn oklab([r, g, b]: [f32; 3]) -> [f32; 3] {
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// Thresholds of a mask.
fn mask(side: u32) -> Result<Vec<u16>, Error> {
    let config = Config { seed: 1, ..Config::new(Preset::Dither, side, side) };
    let mut memory = vec![Line::ZERO; Layout::new(&config)?.lines()];
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    while !generator.step(64)?.done {}
    let mut to = vec![0; (side * side) as usize];
    thresholds(&generator.mask()?, &mut to)?;
    Ok(to)
}

/// Colours from hexadecimal digits.
fn hex(text: &str) -> Option<Vec<[u8; 3]>> {
    let color = |digits: &str| {
        let value = u32::from_str_radix(digits.trim_start_matches('#'), 16).ok()?.to_be_bytes();
        let [0, rgb @ ..] = value else { return None };
        Some(rgb)
    };
    text.split(',').map(color).collect()
}
