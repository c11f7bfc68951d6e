//! `space_time`: measures masks with layers and channels beside others, prints or records the tables. See `bench/space_time`.

use bluegrad_bench::machine;
use bluegrad_bench::space_time::{Plan, tables};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use time::OffsetDateTime;

/// Measures masks with layers and channels, and masks for filters, beside others.
#[derive(Debug, Parser)]
#[command(name = "space_time")]
struct Arguments {
    /// Folder with files of EA's fastnoise
    #[arg(long, value_name = "DIR")]
    fast: Option<PathBuf>,
    /// Masks of each kind: seeds 0, 1, …
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    seeds: u32,
    /// Seconds of swaps by FAST's rule for each mask
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Small masks, one seed, a tenth of a second of swaps
    #[arg(long)]
    quick: bool,
    /// Also write the record to this folder, as DATE-space-time.md
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("space_time: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { fast, seeds, seconds, quick, out } = arguments;
    let plan = if quick { Plan { fast, ..Plan::QUICK } } else { Plan { fast, seeds, seconds, ..Plan::FULL } };
    let mut page = String::from("# Masks over space, time and channels\n\n`bench/space_time`\n\n");
    for (name, value) in machine::facts() {
        page += &format!("- {name}: {value}\n");
    }
    page += &format!("- load: {}\n", machine::load().unwrap_or_default());
    page += &tables(&plan)?;
    print!("{page}");
    if let Some(folder) = out {
        let file = folder.join(format!("{}-space-time.md", OffsetDateTime::now_utc().date()));
        std::fs::write(&file, page)?;
        eprintln!("wrote {}", file.display());
    }
    Ok(())
}
