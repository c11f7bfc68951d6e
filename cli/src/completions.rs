//! The command `completions`: the script that completes commands and options in a shell.

use crate::args::{Cli, CompletionsArgs};
use crate::failure::Result;
use crate::output;
use clap::CommandFactory;

/// Prints the script of a shell.
pub(crate) fn run(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bluegrad", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
