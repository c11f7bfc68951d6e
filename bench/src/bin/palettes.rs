//! `palettes`: dithers raw RGB to a palette for `bench/palettes`, and times that.
//!
//! Reads `WIDTH·HEIGHT·3` bytes from standard input, writes one index a pixel to standard output, and one line to standard error: milliseconds
//! to build the table and to dither, the least of `--rounds`.

use bluegrad::dither::palette::{Fit, Palette, PaletteConfig, build, named};
use bluegrad::dither::{Samples, Sink, Thresholds, thresholds};
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
    /// Colours that are shown, six hexadecimal digits each; or the name of a built-in palette
    #[arg(long)]
    colors: String,
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
    /// Print the colours of a built-in palette, nominal and shown, and do no more
    #[arg(long)]
    list: bool,
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
    if arguments.list {
        for [red, green, blue] in colors {
            println!("{red} {green} {blue}");
        }
        return Ok(());
    }
    let level = SimdLevel::from_name(&arguments.level).ok_or("no such SIMD level")?.resolve()?;
    let side = arguments.mask;
    let mask = mask(side)?;
    let fit = if arguments.panel { Fit::Panel } else { Fit::None };
    let config = PaletteConfig { colors: &colors, fit, grain: arguments.grain, nodes: arguments.nodes };
    let mut table = vec![0; config.words()?];
    let start = Instant::now();
    build(&config, &mut table)?;
    let built = start.elapsed();
    let palette = Palette::new(&table)?;

    let mut rgb = Vec::new();
    std::io::stdin().lock().read_to_end(&mut rgb)?;
    let dither = Dither::palette(Thresholds::U16(&mask), Shape::new(side, side), palette)?.simd(level);
    let mut indices = vec![0; rgb.len() / 3];
    let mut least = Duration::MAX;
    for _ in 0..arguments.rounds.max(1) {
        let start = Instant::now();
        for ((row, to), y) in rgb.chunks(3 * arguments.width).zip(indices.chunks_mut(arguments.width)).zip(0..) {
            dither.row(y, Samples::U8(row), Sink::Levels(to))?;
        }
        least = least.min(start.elapsed());
    }
    eprintln!("built {:.3} dithered {:.3}", built.as_secs_f64() * 1e3, least.as_secs_f64() * 1e3);
    std::io::stdout().lock().write_all(&indices)?;
    Ok(())
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
