//! The command line as a contender: start, mask, file.

use crate::rounds::{Contender, time_calls};
use crate::whole::Whole;
use bluegrad::{Config, Preset};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Side of the mask, in pixels.
pub const SIDE: u32 = 64;

/// `bluegrad generate OPTIONS --out x.u8 --quiet`.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    /// Options of `generate`, with a space between.
    options: String,
    folder: TempDir,
}

impl Program {
    /// A build of the program, which has run once.
    ///
    /// # Errors
    /// It does not run with these options.
    pub fn at(path: &Path, options: &str) -> Result<Self, String> {
        let folder = TempDir::new().map_err(|error| error.to_string())?;
        let program = Self { path: path.into(), options: options.into(), folder };
        program.run().map(|()| program)
    }

    /// The program in the folder of this program, with its default mask of 64x64, checked: its file holds the mask of the library.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn new() -> Result<Self, String> {
        let wrong = |error: std::io::Error| error.to_string();
        let path = std::env::current_exe().map_err(wrong)?.with_file_name(format!("bluegrad{EXE_SUFFIX}"));
        if !path.is_file() {
            return Err("it is not built: cargo build --release -p bluegrad-cli".into());
        }
        let program = Self::at(&path, &format!("--size {SIDE}"))?;
        if fs::read(program.file()).map_err(wrong)? != expected().map_err(|error| error.to_string())? {
            return Err("its mask is not the library's; it may be an old build".into());
        }
        Ok(program)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("x.u8")
    }

    fn run(&self) -> Result<(), String> {
        let mut command = Command::new(&self.path);
        command.arg("generate").args(self.options.split(' ')).args(["--quiet", "--out"]).arg(self.file());
        let status = command.stdin(Stdio::null()).stderr(Stdio::null()).status();
        match status.map_err(|error| format!("{}: {error}", self.path.display()))? {
            status if status.success() => Ok(()),
            status => Err(format!("{} {}: {status}", self.path.display(), self.options)),
        }
    }
}

/// Expected content of the file.
fn expected() -> Result<Vec<u8>, bluegrad::Error> {
    let config = Config::new(Preset::default(), SIDE, SIDE);
    let ranks = Whole::new(&config)?.ranks()?;
    let mut bytes = vec![0; ranks.len()];
    bluegrad::Mask::new(config.shape, &ranks)?.write_u8(&mut bytes)?;
    Ok(bytes)
}

impl Contender for Program {
    /// # Panics
    /// If the program fails.
    fn time(&mut self, count: u32) -> Duration {
        // what a process could find warm is warm since the first run
        time_calls(count, || self.run().expect("a program that has run before"))
    }
}
