//! `quality`: measures masks of every recipe and of libplacebo, prints or records tables with limits.

use bluegrad::Shape;
use bluegrad_bench::peers::Masks;
use bluegrad_bench::quality::page::{Circumstances, page, tables};
use bluegrad_bench::quality::structure::{
    CORRELATED, CORRELATED_SEEDS, CORRELATED_SETS, FIRST_SEED, SEEDS, SHAPES, is_measured, largest_correlation,
};
use bluegrad_bench::quality::subjects::LARGEST_OF_SLOW;
use bluegrad_bench::quality::{Correlation, Figures, Row, Structure, Subject, subjects};
use clap::Parser;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use time::OffsetDateTime;

/// Measures the quality of the masks of all recipes, beside void-and-cluster and libplacebo.
#[derive(Debug, Parser)]
#[command(name = "quality", args_override_self = true)]
struct Arguments {
    /// Sides in the tables of all figures, powers of two from 16
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "64,128")]
    sides: Vec<u32>,
    /// Masks of each recipe in the tables of all figures: seeds 0, 1, …
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    seeds: u32,
    /// Leave out `published`: one of its masks takes as long as hundreds of others
    #[arg(long)]
    quick: bool,
    /// Sizes in the section on structure
    #[arg(long, value_name = "WxH,…", value_delimiter = ',', value_parser = shape, default_values_t = SHAPES.map(Size))]
    shapes: Vec<Size>,
    /// Measure one part of the page only
    #[arg(long)]
    only: Option<Part>,
    /// Also write the record to this folder, as DATE-quality.md
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A size on the command line, such as 32x16.
#[derive(Clone, Copy, Debug)]
struct Size(Shape);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.0.width, self.0.height)
    }
}

fn shape(text: &str) -> Result<Size, String> {
    let number = |side: &str| side.parse().ok();
    let sides = text.split_once('x').and_then(|(width, height)| number(width).zip(number(height)));
    let (width, height) = sides.ok_or("a size is WIDTHxHEIGHT, such as 32x16")?;
    Ok(Size(Shape::new(width, height)))
}

/// Values of `--only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// All figures at a few sizes
    Figures,
    /// Peaks at many sizes, correlations of seeds
    Structure,
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
    let about = peer.as_ref().map_or_else(|why| format!("not measured: {why}"), |peer| peer.about.clone());
    let mut subjects = subjects().map_err(|error| error.to_string())?;
    subjects.retain(|subject| (subject.recipe.is_some() || peer.is_ok()) && !(arguments.quick && subject.slow));
    let peer = peer.as_ref().ok();
    let mut rows = Vec::new();
    for side in arguments.sides.iter().filter(|_| arguments.only != Some(Part::Structure)) {
        for subject in subjects.iter().filter(|subject| *side <= LARGEST_OF_SLOW || !subject.slow) {
            let seeds = if subject.slow { 0..1 } else { 0..arguments.seeds };
            rows.push(row(subject, Shape::new(*side, *side), seeds, peer)?.0);
        }
    }
    let shapes = arguments.shapes.iter().map(|size| size.0).filter(|_| arguments.only != Some(Part::Figures));
    let structure = structure(&subjects, shapes, peer)?;
    let Some(folder) = &arguments.out else {
        print!("{}", tables(&rows, &structure));
        return Ok(());
    };
    let circumstances =
        Circumstances { date: OffsetDateTime::now_utc().date().to_string(), command: command(), peer: about };
    write(folder, &format!("{}-quality.md", circumstances.date), &page(&circumstances, &rows, &structure))
}

/// Measures peaks and correlations of all subjects that dither, at their sizes.
fn structure(
    subjects: &[Subject],
    shapes: impl Iterator<Item = Shape>,
    peer: Option<&Masks>,
) -> Result<Structure, String> {
    let mut structure = Structure::default();
    for shape in shapes {
        let has_size = |subject: &&Subject| subject.recipe.is_some() || peer.is_some_and(|peer| peer.has(shape));
        for subject in subjects.iter().filter(|subject| is_measured(subject)).filter(has_size) {
            let (row, masks) = row(subject, shape, FIRST_SEED..FIRST_SEED + SEEDS, peer)?;
            if CORRELATED.contains(&shape) {
                let rest = FIRST_SEED + SEEDS..FIRST_SEED + CORRELATED_SETS * CORRELATED_SEEDS;
                let rest = subject.masks(shape, rest, peer)?;
                let masks = [masks, rest].concat();
                let sets = masks.chunks_exact(CORRELATED_SEEDS as usize);
                let largest = sets.map(|set| largest_correlation(set, shape)).sum::<f64>() / f64::from(CORRELATED_SETS);
                structure.correlations.push(Correlation { name: row.name.clone(), shape, largest });
            }
            structure.rows.push(row);
        }
    }
    Ok(structure)
}

/// Makes and measures the masks of a subject.
fn row(
    subject: &Subject,
    shape: Shape,
    seeds: Range<u32>,
    peer: Option<&Masks>,
) -> Result<(Row, Vec<Vec<u32>>), String> {
    let (begin, name) = (Instant::now(), subject.name.clone());
    let at = |why: String| format!("{name} at {}x{}: {why}", shape.width, shape.height);
    let count = seeds.len() as u32;
    let masks = subject.masks(shape, seeds, peer).map_err(at)?;
    let figures = |ranks: &Vec<u32>| Figures::of(ranks, shape).map_err(|error| error.to_string());
    let figures: Vec<_> = masks.par_iter().map(figures).collect::<Result<_, _>>().map_err(at)?;
    let seconds = begin.elapsed().as_secs_f32();
    eprintln!("{}x{} {name}: {count} masks in {seconds:.1} s", shape.width, shape.height);
    Ok((Row { name, shape, seeds: count, figures: Figures::mean(&figures) }, masks))
}

fn write(folder: &Path, name: &str, page: &str) -> Result<(), String> {
    let file = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, page));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}

/// Returns the command that runs this program with the same arguments.
fn command() -> String {
    let features = if cfg!(feature = "libplacebo") { " --features libplacebo" } else { "" };
    let mut command = format!("cargo run --release -p bluegrad-bench{features} --bin quality");
    for (i, argument) in std::env::args().skip(1).enumerate() {
        command += if i == 0 { " -- " } else { " " };
        command += &argument;
    }
    command
}
