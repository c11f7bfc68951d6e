//! The command `man`: man pages, one of the program and one of each command.

use crate::args::{Cli, ManArgs};
use crate::failure::{Failure, Result};
use crate::output::{self, Target};
use clap::{Command, CommandFactory};
use clap_mangen::Man;

/// Prints a page, or writes all pages.
pub(crate) fn run(args: &ManArgs) -> Result<()> {
    // `help` has no page: the page of a command says the same.
    let mut program = Cli::command().disable_help_subcommand(true);
    // Gives commands their full names.
    program.build();
    if let Some(folder) = &args.out_dir {
        let pages: Vec<Man> = std::iter::once(&program).chain(program.get_subcommands()).map(page).collect();
        let targets: Vec<Target> =
            pages.iter().map(|page| Target::new(&folder.join(page.get_filename()))).collect::<Result<_>>()?;
        let files = targets.iter().zip(&pages).map(|(target, page)| Ok((target, rendered(page)?)));
        return output::write_all(&files.collect::<Result<Vec<_>>>()?);
    }
    let command = match &args.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            Failure::usage(format_args!("man: there is no command {name}; the commands are {}", names.join(", ")))
        })?,
    };
    output::print(&String::from_utf8_lossy(&rendered(&page(command))?))
}

fn page(command: &Command) -> Man {
    Man::new(command.clone()).source(concat!("bluegrad ", env!("CARGO_PKG_VERSION"))).manual("bluegrad")
}

fn rendered(page: &Man) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text).map_err(Failure::other)?;
    Ok(text)
}
