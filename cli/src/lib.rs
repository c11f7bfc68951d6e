//! `bluegrad`, the command line: makes, reports, measures and compares masks, makes point sets, and dithers pictures.
//!
//! This is the only crate of the workspace that opens files. `args` declares commands and options; each command is the module of
//! its name. An error is one line on standard error, with exit status 2 for a wrong command line, 130 or 143 for a run that SIGINT
//! or SIGTERM stopped, and 1 for the rest. `output` writes every file whole or not at all. The crate is a library so that
//! `tests/fuzz` can call `readers`.

mod args;
mod c_header;
mod command_line;
mod compare;
mod completions;
mod dither;
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

use args::{Cli, Command};
use clap::Parser;
use clap::error::ErrorKind;
use failure::{Failure, Result};
use std::process::ExitCode;

/// Runs the command line and returns the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let Err(failure) = run() else { return ExitCode::SUCCESS };
    if !failure.message.is_empty() {
        failure::say(&failure.message);
    }
    ExitCode::from(failure.status)
}

fn run() -> Result<()> {
    let cli = match Cli::try_parse() {
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

/// Returns clap's message as one line, with what would be right.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")).collect();
    let said = said.join(" ").replace(" tip: ", "; ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    // clap's message about an unknown name says what is right only where a similar name exists.
    let advice = match error.kind() {
        ErrorKind::UnknownArgument if !said.contains("; ") => "; --help lists the options",
        ErrorKind::InvalidSubcommand if !said.contains("; ") => "; --help lists the commands",
        _ => "",
    };
    format!("{said}{advice}")
}
