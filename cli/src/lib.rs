//! `bluegrad`, the command line: makes a mask, shows it in a report, measures and compares others, dithers by them.
//!
//! This is the only crate of the workspace that opens files. `args` says what can be asked for; each command is the
//! file of its name. Every error is one line on standard error, with exit status 2 if the command line is wrong, 130
//! or 143 if SIGINT or SIGTERM stopped a run, and 1 for the rest; `output` writes every file whole or not at all. A library only so that `tests/fuzz` reaches `readers`.

mod args;
mod command_line;
mod compare;
mod dither;
mod energy;
mod failure;
mod format;
mod generate;
mod image;
mod interrupt;
mod measure;
mod measured;
mod npy;
mod numbers;
mod output;
mod patterns;
mod picture;
mod presets;
#[doc(hidden)]
pub mod readers;
mod report;
mod resources;
mod run;
mod settings;
mod snapshot;
mod spectrum;
mod stages;

use args::{Cli, Command};
use clap::Parser;
use clap::error::ErrorKind;
use failure::{Failure, Result};
use std::io::{self, Write};
use std::process::ExitCode;

/// What the program does.
#[must_use]
pub fn main() -> ExitCode {
    let Err(failure) = run() else { return ExitCode::SUCCESS };
    if !failure.message.is_empty() {
        // One line, even where a file's name holds a line break.
        let line: String = failure.message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // Nothing can be said about a standard error that cannot be written to.
        let _ = writeln!(io::stderr(), "bluegrad: {line}");
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
        Command::Presets => presets::run(),
        Command::Measure(args) => measure::run(args),
        Command::Dither(args) => dither::run(args),
        Command::Compare(args) => compare::run(args),
    }
}

/// clap's message with its tip, but without its usage and its advice to read the help.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")).collect();
    let said = said.join(" ").replace(" tip: ", "; ");
    said.strip_prefix("error: ").unwrap_or(&said).to_string()
}
