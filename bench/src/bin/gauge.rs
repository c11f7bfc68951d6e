//! `gauge WHAT LEVEL SIDE COUNT`: work for a tool that counts instructions.
//!
//! Does COUNT steps of a run, COUNT pairs of transforms or COUNT masks, and nothing else. The counts of two values of COUNT differ
//! by the work alone: see `bench/gauge`.
//!
//! WHAT is `fft_pair`, a kind of step (`published`, `published_binned`, `spectral`, or `polish`, after the fill), or a whole mask
//! (`fill`, `dither`), or a form of rows (`bits`, `even`, `table`, `palette` and others), SIDE that of the mask. The exit status is 3 if the CPU lacks the level, as the tool emulates it.

use bluegrad::{Config, Generator, Line, Preset, Shape, SimdLevel};
use bluegrad_bench::memory::fill_with_noise;
use bluegrad_bench::pair::{Bluegrad, Pair, Tables};
use bluegrad_bench::rows::{self, Form, Rows};
use bluegrad_bench::run::{Kind, memory};
use bluegrad_bench::stages::{fill, fill_steps, whole};
use bluegrad_bench::whole::Whole;
use std::hint::black_box;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((what, level, shape, count)) = parse(&arguments) else {
        eprintln!(
            "usage: gauge fft_pair|published|published_binned|spectral|polish|fill|dither|bits|even|table|… LEVEL SIDE COUNT"
        );
        return ExitCode::from(2);
    };
    if !level.is_supported() {
        eprintln!("no {} here", level.name());
        return ExitCode::from(3);
    }
    match work(&what, level, shape, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gauge: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Work that is done COUNT times.
enum What {
    /// Pairs of transforms.
    Pair,
    /// Steps of the spectral objective.
    Step(Kind),
    /// Steps of the polish, after the whole fill.
    Polish,
    /// Masks of the preset `dither`, or its fill alone.
    Mask { fill_alone: bool },
    /// Rows that are dithered.
    Rows(Form),
}

fn parse(arguments: &[String]) -> Option<(What, SimdLevel, Shape, u32)> {
    let [what, level, side, count] = arguments else { return None };
    let what = match what.as_str() {
        "fft_pair" => What::Pair,
        "polish" => What::Polish,
        "fill" => What::Mask { fill_alone: true },
        "dither" => What::Mask { fill_alone: false },
        id => Kind::from_id(id).map(What::Step).or_else(|| Form::from_id(id).map(What::Rows))?,
    };
    let side = side.parse().ok()?;
    Some((what, SimdLevel::from_name(level)?, Shape::new(side, side), count.parse().ok()?))
}

fn work(what: &What, level: SimdLevel, shape: Shape, count: u32) -> Result<(), Box<dyn std::error::Error>> {
    match what {
        What::Pair => {
            let tables = Tables::new(shape)?;
            let mut pair = Bluegrad::new(&tables, level)?;
            fill_with_noise(pair.image());
            for _ in 0..count {
                black_box(&mut pair).run();
            }
            Ok(())
        }
        What::Step(kind) => steps(&kind.config(shape, level), count),
        What::Rows(form) => {
            let tables = rows::Tables::new(shape.width, &[*form])?;
            let mut rows = Rows::new(&tables, *form, level)?;
            (0..count).try_for_each(|_| black_box(&mut rows).run())?;
            Ok(())
        }
        What::Polish => steps(&whole(Preset::Dither, shape, level), fill_steps(shape) + count),
        What::Mask { fill_alone } => {
            let config = if *fill_alone { fill(shape, level) } else { whole(Preset::Dither, shape, level) };
            let mut mask = Whole::new(&config)?;
            (0..count).try_for_each(|_| black_box(&mut mask).make())?;
            Ok(())
        }
    }
}

/// Does COUNT steps of a longer run.
fn steps(config: &Config, count: u32) -> Result<(), Box<dyn std::error::Error>> {
    let mut memory = memory(config)?;
    let report = Generator::init(Line::as_bytes_mut(&mut memory), config)?.step(count)?;
    if report.done {
        Err(format!("the run has {} steps, of which {count} are too many", report.steps).into())
    } else {
        Ok(())
    }
}
