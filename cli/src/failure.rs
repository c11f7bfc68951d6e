//! What went wrong, in one line, and the exit status that says whose fault it was.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// An error as the user sees it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// 2: the command line asks for something that there is not; 128 + n: signal n stopped the run; 1: anything else.
    pub(crate) status: u8,
    /// One line: what was wrong and what would be right. Empty: there is nothing to say and nobody to hear it.
    pub(crate) message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The command line is wrong.
    pub(crate) fn usage(message: impl Display) -> Self {
        Self { status: 2, message: message.to_string() }
    }

    /// A file or the machine is.
    pub(crate) fn other(message: impl Display) -> Self {
        Self { status: 1, message: message.to_string() }
    }

    /// A signal stopped the run; the status is the one that shells give it.
    pub(crate) fn stopped(signal: u8, message: impl Display) -> Self {
        Self { status: 128_u8.saturating_add(signal), message: message.to_string() }
    }

    /// A file is; the message starts with its path.
    pub(crate) fn file(path: &Path, why: impl Display) -> Self {
        Self::other(format_args!("{}: {why}", path.display()))
    }

    /// Standard output is. A closed pipe (`bluegrad presets | head -1`) is the reader's wish, not an error.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self { status: 0, message: String::new() }
        } else {
            Self::other(format_args!("standard output: {error}"))
        }
    }
}

/// What a bug is called when it shows: the inputs were checked before.
impl From<bluegrad::Error> for Failure {
    fn from(error: bluegrad::Error) -> Self {
        Self::other(error)
    }
}
