//! The command line as a contender: start, default mask, file.

use crate::rounds::{Contender, time_calls};
use crate::whole::Whole;
use bluegrad::{Config, Preset};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Side of the mask, in pixels.
pub const SIDE: u32 = 64;

/// `bluegrad generate --size 64 --out x.u8 --quiet`.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    folder: TempDir,
}

impl Program {
    /// The program in the folder of this program, checked: its file holds the mask of the library.
    ///
    /// # Errors
    /// The message says what is wrong.
    pub fn new() -> Result<Self, String> {
        let wrong = |error: std::io::Error| error.to_string();
        let path = std::env::current_exe().map_err(wrong)?.with_file_name(format!("bluegrad{EXE_SUFFIX}"));
        if !path.is_file() {
            return Err("it is not built: cargo build --release -p bluegrad-cli".into());
        }
        let program = Self { path, folder: TempDir::new().map_err(wrong)? };
        program.run()?;
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
        command.args(["generate", "--size", &SIDE.to_string(), "--quiet", "--out"]).arg(self.file());
        let status = command.stdin(Stdio::null()).status().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("it ended with {status}")) }
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
        self.run().expect("a program that has run before");
        time_calls(count, || self.run().expect("a program that has run before"))
    }
}
