//! `patterns`: draws the patterns of small masks, tiled and enlarged. See `bench/patterns`.

use bluegrad::Shape;
use bluegrad_bench::patterns::{Row, picture, read_grey};
use bluegrad_bench::peers::Masks;
use bluegrad_bench::quality::subjects::{ranks, subjects};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Draws masks at five grey levels, a row per mask and size.
#[derive(Debug, Parser)]
#[command(name = "patterns")]
struct Arguments {
    /// File of the picture
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Sides of the masks
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "16,32")]
    sides: Vec<u32>,
    /// Seed of the masks; 3 is near the mean peak of algorithm version 2 at both sizes
    #[arg(long, default_value_t = 3)]
    seed: u32,
    /// A row: a subject of `bench/quality`, such as 'void-and-cluster 1.5', or LABEL=PREFIX for 8-bit grey files PREFIX-16x16.png …
    #[arg(required = true, value_name = "ROW")]
    rows: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("patterns: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let mut rows = Vec::new();
    for side in &arguments.sides {
        for row in &arguments.rows {
            let made = match row.split_once('=') {
                Some((label, prefix)) => read(label, &format!("{prefix}-{side}x{side}.png")),
                None => make(row, Shape::new(*side, *side), arguments.seed),
            };
            rows.push(made.map_err(|why| format!("{row} at {side}x{side}: {why}"))?);
        }
    }
    let file = &arguments.out;
    std::fs::write(file, picture(&rows)?).map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}

fn read(label: &str, file: &str) -> Result<Row, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let (shape, values) = read_grey(&bytes).map_err(|why| format!("{file}: {why}"))?;
    let values: Vec<f64> = values.into_iter().map(f64::from).collect();
    Ok(Row { label: label.into(), shape, ranks: ranks(&values)? })
}

fn make(name: &str, shape: Shape, seed: u32) -> Result<Row, String> {
    let all = subjects().map_err(|error| error.to_string())?;
    let subject = all.iter().find(|subject| subject.name == name).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|subject| subject.name.as_str()).collect();
        format!("no such mask: {} are known", names.join(", "))
    })?;
    let peer = if subject.recipe.is_none() { Some(Masks::find()?) } else { None };
    let ranks = subject.masks(shape, seed..seed + 1, peer.as_ref())?.remove(0);
    Ok(Row { label: name.into(), shape, ranks })
}
