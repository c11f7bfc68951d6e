//! Errors: one line of text and an exit status. Lines on standard error.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

/// An error as the user sees it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Exit status. 2: the command line is wrong; 128 + n: signal n stopped the run; 1: anything else.
    pub(crate) status: u8,
    /// One line: what is wrong and what would be right. Empty if nothing is to be printed.
    pub(crate) message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// An error in the command line: status 2.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self { status: 2, message: message.to_string() }
    }

    /// An error of a file or of the machine: status 1.
    pub(crate) fn other(message: impl Display) -> Self {
        Self { status: 1, message: message.to_string() }
    }

    /// A run that a signal stopped: status 128 + signal, as shells report it.
    pub(crate) fn stopped(signal: u8, message: impl Display) -> Self {
        Self { status: 128_u8.saturating_add(signal), message: message.to_string() }
    }

    /// An error of a file; the message starts with the path.
    pub(crate) fn file(path: &Path, why: impl Display) -> Self {
        Self::other(format_args!("{}: {why}", path.display()))
    }

    /// An error of standard output. A closed pipe (`bluegrad presets | head -1`) is not an error: status 0, no message.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self { status: 0, message: String::new() }
        } else {
            Self::other(format_args!("standard output: {error}"))
        }
    }
}

/// Errors of the core. Inputs are checked before, so an error that arrives here is a bug.
impl From<bluegrad::Error> for Failure {
    fn from(error: bluegrad::Error) -> Self {
        Self::other(error)
    }
}

/// Writes one line to standard error.
pub(crate) fn say(message: impl Display) {
    // A file's name may hold a line break; the message stays one line.
    let line: String = message.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // If standard error cannot be written to, there is nowhere to report that.
    let _ = writeln!(io::stderr(), "bluegrad: {line}");
}
