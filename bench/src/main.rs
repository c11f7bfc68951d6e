//! `bluegrad-bench`: measures bluegrad and FFTW in turn and prints, or keeps, the table of ratios.

use bluegrad::{Level, Shape};
use bluegrad_bench::machine;
use bluegrad_bench::pair::{Bluegrad, PEERS, Pair, Tables, Timed, check};
use bluegrad_bench::record::{Circumstances, Size, Subject, file_name, page, table};
use bluegrad_bench::rounds::{Contender, measure};
use bluegrad_bench::run::{Kind, Run};
use clap::Parser;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use time::OffsetDateTime;

/// Measures transforms and whole steps of bluegrad beside FFTW's pair of transforms, in one run, each checked first.
#[derive(Debug, Parser)]
#[command(name = "bluegrad-bench")]
struct Arguments {
    /// Sides of the images, powers of two from 16 to 4096
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "64,128,256,512,1024")]
    sizes: Vec<u32>,
    /// Rounds, in each of which everything is timed once
    #[arg(long, default_value_t = 201, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Length of a timed batch in microseconds
    #[arg(long, value_name = "US", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// Also write the record to this folder, as DATE-CPU.md
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bluegrad-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    if !cfg!(feature = "fftw") {
        eprintln!("built without the feature `fftw`: times only, no ratios");
    }
    let before = machine::load();
    let mut sizes = Vec::new();
    for side in &arguments.sizes {
        sizes.push(size(*side, arguments)?);
    }
    print!("{}", table(&sizes));
    let Some(folder) = &arguments.out else { return Ok(()) };
    let circumstances = Circumstances {
        date: OffsetDateTime::now_utc().date().to_string(),
        command: command(),
        rounds: arguments.rounds,
        batch: arguments.batch,
        load: [before, machine::load()],
    };
    let file = folder.join(file_name(&circumstances.date));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, page(&circumstances, &sizes)));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}

/// Checks and times everything at N x N.
fn size(side: u32, arguments: &Arguments) -> Result<Size, String> {
    let shape = Shape::new(side, side);
    let tables = Tables::new(shape).map_err(|error| error.to_string())?;
    eprintln!("{side}: planning and checking");
    let mut subjects = Vec::new();
    let mut pairs: Vec<Box<dyn Pair + '_>> = Vec::new();
    for peer in PEERS {
        subjects.push(Subject::Peer(peer.name.into()));
        pairs.push((peer.new)(shape));
    }
    for level in pair_levels() {
        subjects.push(Subject::Pair(level));
        pairs.push(Box::new(Bluegrad::new(&tables, level).map_err(|error| error.to_string())?));
    }
    check(&mut pairs, shape)?;
    let mut contenders: Vec<Box<dyn Contender + '_>> = Vec::new();
    for pair in pairs {
        contenders.push(Box::new(Timed(pair)));
    }
    for kind in Kind::ALL {
        subjects.push(Subject::Step(kind));
        contenders.push(Box::new(Run::new(kind, side, Level::detect())?));
    }
    eprintln!("{side}: timing, {} rounds", arguments.rounds);
    let times = measure(&mut contenders, arguments.rounds, Duration::from_micros(arguments.batch.into()));
    Ok(Size { side, rows: subjects.into_iter().zip(times).collect() })
}

/// The best level, and AVX2 and SSE2 if they are here and lower.
fn pair_levels() -> Vec<Level> {
    let mut levels = vec![Level::detect()];
    for level in [Level::Avx2, Level::Sse2] {
        if level.is_supported() && !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels
}

/// The command that runs this program with the same arguments.
fn command() -> String {
    let features = if cfg!(feature = "fftw") { " --features fftw" } else { "" };
    let mut command = format!("cargo run --release -p bluegrad-bench{features}");
    for (i, argument) in std::env::args().skip(1).enumerate() {
        command += if i == 0 { " -- " } else { " " };
        command += &argument;
    }
    command
}
