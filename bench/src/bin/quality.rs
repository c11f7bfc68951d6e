//! `quality`: makes masks of several seeds of each recipe and of libplacebo, measures them, and prints, or keeps, tables with
//! the limits that the project holds itself to.

use bluegrad::{Config, Level, Recipe, Shape};
use bluegrad_bench::peers::Masks;
use bluegrad_bench::quality::page::{Circumstances, page, tables};
use bluegrad_bench::quality::subjects::LARGEST_OF_SLOW;
use bluegrad_bench::quality::{Figures, Row, Subject, subjects};
use bluegrad_bench::whole::Whole;
use clap::Parser;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use time::OffsetDateTime;

/// Measures how good the masks of all recipes are, beside void-and-cluster's and libplacebo's.
#[derive(Debug, Parser)]
#[command(name = "quality", args_override_self = true)]
struct Arguments {
    /// Sides of the masks, powers of two from 16
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "64,128")]
    sides: Vec<u32>,
    /// Masks of each recipe: seeds 0, 1, …
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    seeds: u32,
    /// Without `published`, whose one mask takes as long as hundreds of others
    #[arg(long)]
    quick: bool,
    /// Also write the record to this folder, as DATE-quality.md
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quality: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let peer = Masks::find();
    if let Err(why) = &peer {
        eprintln!("not measured: libplacebo: {why}");
    }
    let mut subjects = subjects().map_err(|error| error.to_string())?;
    subjects.retain(|subject| (subject.recipe.is_some() || peer.is_ok()) && !(arguments.quick && subject.slow));
    let mut rows = Vec::new();
    for side in &arguments.sides {
        for subject in subjects.iter().filter(|subject| *side <= LARGEST_OF_SLOW || !subject.slow) {
            let begin = Instant::now();
            let row = row(subject, *side, arguments.seeds, peer.as_ref().ok());
            let row = row.map_err(|why| format!("{} at {side}: {why}", subject.name))?;
            eprintln!("{side} {}: {} masks in {:.1} s", row.name, row.seeds, begin.elapsed().as_secs_f32());
            rows.push(row);
        }
    }
    let Some(folder) = &arguments.out else {
        print!("{}", tables(&rows));
        return Ok(());
    };
    let circumstances = Circumstances {
        date: OffsetDateTime::now_utc().date().to_string(),
        command: command(),
        peer: peer.map_or_else(|why| format!("not measured: {why}"), |peer| peer.about),
    };
    write(folder, &format!("{}-quality.md", circumstances.date), &page(&circumstances, &rows))
}

/// Makes and measures the masks of a subject.
fn row(subject: &Subject, side: u32, seeds: u32, peer: Option<&Masks>) -> Result<Row, String> {
    let seeds = if subject.slow { 1 } else { seeds };
    let shape = Shape::new(side, side);
    let all: Vec<Vec<u32>> = match (&subject.recipe, peer) {
        (Some(recipe), _) => {
            (0..seeds).into_par_iter().map(|seed| own_mask(*recipe, shape, seed)).collect::<Result<_, _>>()?
        }
        (None, Some(peer)) => (0..seeds).map(|seed| ranks(&peer.make(seed, side)?)).collect::<Result<_, _>>()?,
        (None, None) => return Err("nobody makes it".into()),
    };
    let measure = |ranks: Vec<u32>| Figures::of(&ranks, shape).map_err(|error| error.to_string());
    let figures: Vec<_> = all.into_par_iter().map(measure).collect::<Result<_, _>>()?;
    Ok(Row { name: subject.name.clone(), side, seeds, figures: Figures::mean(&figures) })
}

fn own_mask(recipe: Recipe, shape: Shape, seed: u32) -> Result<Vec<u32>, String> {
    let config = Config {
        seed: seed.into(),
        recipe,
        level: Level::Auto,
        ..Config::new(Default::default(), shape.width, shape.height)
    };
    Whole::new(&config).and_then(|mut whole| whole.ranks()).map_err(|error| error.to_string())
}

/// The ranks of values.
fn ranks(values: &[f32]) -> Result<Vec<u32>, String> {
    let values: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
    let (mut order, mut ranks) = (vec![0; values.len()], vec![0; values.len()]);
    bluegrad::measure::ranks(&values, &mut order, &mut ranks).map_err(|error| error.to_string())?;
    Ok(ranks)
}

fn write(folder: &Path, name: &str, page: &str) -> Result<(), String> {
    let file = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, page));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}

/// The command that runs this program with the same arguments.
fn command() -> String {
    let features = if cfg!(feature = "libplacebo") { " --features libplacebo" } else { "" };
    let mut command = format!("cargo run --release -p bluegrad-bench{features} --bin quality");
    for (i, argument) in std::env::args().skip(1).enumerate() {
        command += if i == 0 { " -- " } else { " " };
        command += &argument;
    }
    command
}
