//! `bluegrad`, the command line: makes, reports, measures and compares masks, makes point sets, and dithers pictures.
//!
//! This is the only crate of the workspace that opens files. `args` declares commands and options; each command is the module of
//! its name. An error is one line on standard error, with exit status 2 for a wrong command line, 130 or 143 for a run that SIGINT
//! or SIGTERM stopped, and 1 for the rest. `output` writes every file whole or not at all. The crate is a library so that
//! `tests/fuzz` can call `readers`, and the Python module `embedding`.

mod args;
mod c_header;
mod command_line;
mod compare;
mod completions;
mod dither;
#[doc(hidden)]
pub mod embedding;
mod energy;
mod failure;
mod format;
mod frames;
mod gallery;
mod generate;
mod image;
mod interrupt;
mod man;
mod mask_png;
mod measure;
mod measured;
mod npy;
mod numbered;
mod numbers;
mod output;
mod patterns;
mod picture;
mod point_figures;
mod point_format;
mod points;
mod presets;
mod raster;
#[doc(hidden)]
pub mod readers;
mod report;
mod resources;
mod run;
mod settings;
mod snapshot;
mod source;
mod spectrum;
mod stages;

use args::{Cli, Command, one_line};
use clap::Parser;
use clap::error::ErrorKind;
use failure::{Failure, Result};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line and returns the exit status.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(main_of(std::env::args_os().collect()))
}

/// Runs a command line, its first word the name of the program, and returns the exit status.
#[must_use]
pub fn main_of(words: Vec<OsString>) -> u8 {
    let Err(failure) = run(words) else { return 0 };
    if !failure.message.is_empty() {
        failure::say(&failure.message);
    }
    failure.status
}

fn run(words: Vec<OsString>) -> Result<()> {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return output::print(&error.to_string());
        }
        Err(error) => return Err(Failure::usage(one_line(&error))),
    };
    match &cli.command {
        Command::Generate(args) => generate::run(args),
        Command::Points(args) => points::run(args),
        Command::Presets => presets::run(),
        Command::Measure(args) => measure::run(args),
        Command::Dither(args) => dither::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Gallery(args) => gallery::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
