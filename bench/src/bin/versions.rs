//! `versions`: times two builds of the command line in turn. Prints a table.

use bluegrad_bench::machine;
use bluegrad_bench::versions::{CASES, table, times};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Times two builds of the command line in turn: whole processes, medians of many rounds.
#[derive(Debug, Parser)]
#[command(name = "versions")]
struct Arguments {
    /// The program of the version before
    before: PathBuf,
    /// The program of the version after
    after: PathBuf,
    /// Only cases whose names have this in them
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("versions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let mut all = Vec::new();
    for case in CASES.into_iter().filter(|case| case.name.contains(&arguments.only)) {
        eprintln!("{}", case.name);
        all.push(times(case, &arguments.before, &arguments.after)?);
    }
    for (name, value) in machine::facts() {
        println!("- {name}: {value}");
    }
    println!("- whole processes, from start to file; load {}\n\n{}", machine::load().unwrap_or_default(), table(&all));
    Ok(())
}
