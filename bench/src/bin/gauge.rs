//! `gauge WHAT LEVEL SIDE COUNT`: does COUNT steps of a run, or COUNT pairs of transforms, and nothing else, for a tool that
//! counts instructions. Two counts of different COUNT differ by the work alone: see `bench/gauge`.
//!
//! WHAT: `fft_pair`, or a kind of step (`published`, `published_binned`, `spectral`). Fails, with 3, if the CPU as the tool
//! shows it lacks the level.

use bluegrad::{Generator, Level, Line, Shape};
use bluegrad_bench::memory::fill_with_noise;
use bluegrad_bench::pair::{Bluegrad, Pair, Tables};
use bluegrad_bench::run::{Kind, memory};
use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((what, level, shape, count)) = parse(&arguments) else {
        eprintln!("usage: gauge fft_pair|published|published_binned|spectral LEVEL SIDE COUNT");
        return ExitCode::from(2);
    };
    if !level.is_supported() {
        eprintln!("no {} here", level.name());
        return ExitCode::from(3);
    }
    match work(what, level, shape, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gauge: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What to do; `None` stands for a pair of transforms.
fn parse(arguments: &[String]) -> Option<(Option<Kind>, Level, Shape, u32)> {
    let [what, level, side, count] = arguments else { return None };
    let kind = match what.as_str() {
        "fft_pair" => None,
        id => Some(Kind::from_id(id)?),
    };
    let side = side.parse().ok()?;
    Some((kind, Level::from_name(level)?, Shape::new(side, side), count.parse().ok()?))
}

fn work(what: Option<Kind>, level: Level, shape: Shape, count: u32) -> Result<(), bluegrad::Error> {
    if let Some(kind) = what {
        let config = kind.config(shape, level);
        let mut memory = memory(&config)?;
        let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
        generator.step(count)?;
    } else {
        let tables = Tables::new(shape)?;
        let mut pair = Bluegrad::new(&tables, level)?;
        fill_with_noise(pair.image());
        for _ in 0..count {
            black_box(&mut pair).run();
        }
    }
    Ok(())
}
