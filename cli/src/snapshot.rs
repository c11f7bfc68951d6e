//! Snapshots: a run saved in a file, to be resumed.
//!
//! A file holds the generator's block, then the CRC-32 of the block, little-endian: the block's own checksum covers its header
//! only. A host that does not check the CRC can open the file as a block.

use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use crate::image::size;
use crate::interrupt::Interrupt;
use crate::output::{self, Target};
use crate::resources;
use bluegrad::layout::HEADER_BYTES;
use bluegrad::{Config, Error, Generator, Line, Report, SimdLevel};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds between snapshots by default: the most work that a crash can lose.
const EVERY: u32 = 60;

/// Size of the CRC-32, in bytes.
const SUM_BYTES: usize = 4;

/// Stops a run on a signal, and saves snapshots.
pub(crate) struct Keeper {
    interrupt: Interrupt,
    target: Option<Target>,
    every: Duration,
    /// Time of the last snapshot, or of the start.
    last: Instant,
}

impl Keeper {
    /// Starts to watch for signals.
    pub(crate) fn new(target: Option<Target>, every: Option<u32>) -> Result<Self> {
        let every = Duration::from_secs(every.unwrap_or(EVERY).into());
        Ok(Self { interrupt: Interrupt::new()?, target, every, last: Instant::now() })
    }

    /// Whether a signal has come.
    pub(crate) fn asked(&self) -> bool {
        self.interrupt.signal().is_some()
    }

    /// Between two steps: saves a snapshot if one is due, and stops the run on a signal.
    ///
    /// # Errors
    /// A signal has come: the error ends the run.
    pub(crate) fn look(&mut self, generator: &Generator<'_>) -> Result<()> {
        if let Some(signal) = self.interrupt.signal() {
            return Err(self.stop(signal, generator)?);
        }
        if self.target.is_some() && self.last.elapsed() >= self.every {
            self.write(generator)?;
        }
        Ok(())
    }

    /// Before the results are written: stops the run on a signal.
    pub(crate) fn last_look(&mut self, generator: &Generator<'_>) -> Result<()> {
        self.interrupt.signal().map_or(Ok(()), |signal| Err(self.stop(signal, generator)?))?;
        self.interrupt.be_patient();
        Ok(())
    }

    /// After the results are written: removes the snapshot.
    pub(crate) fn remove(&self) -> Result<()> {
        self.target.as_ref().map_or(Ok(()), Target::remove)
    }

    /// Saves a stopped run and returns the error that ends it.
    fn stop(&mut self, signal: u8, generator: &Generator<'_>) -> Result<Failure> {
        let Report { step, steps, .. } = generator.report();
        let end = match &self.target {
            None => "no file was written; a run with --snapshot FILE can be resumed".to_string(),
            Some(target) => {
                let path = target.path().display();
                format!("{path} holds the run; resume it with the same options and --resume {path}")
            }
        };
        let stopped = format!("interrupted after step {step} of {steps}: ");
        self.write(generator).map_err(|failure| Failure::other(stopped.clone() + &failure.message))?;
        Ok(Failure::stopped(signal, stopped + &end))
    }

    fn write(&mut self, generator: &Generator<'_>) -> Result<()> {
        let Some(target) = &self.target else { return Ok(()) };
        self.interrupt.be_patient();
        let block = generator.block();
        output::write(target, &[block, &crc32fast::hash(block).to_le_bytes()])?;
        self.last = Instant::now();
        Ok(())
    }
}

/// Returns the snapshot's file, checked.
///
/// An existing snapshot may hold hours of work: only the run that resumes it may replace it.
pub(crate) fn target(args: &GenerateArgs) -> Result<Option<Target>> {
    let Some(path) = args.snapshot.as_deref() else { return Ok(None) };
    let target = Target::new(path)?;
    if path.exists() && !args.resume.as_deref().is_some_and(|resume| target.is_file(resume)) {
        let path = path.display();
        return Err(Failure::usage(format_args!(
            "--snapshot {path}: the file exists; resume it with --resume {path}, remove it, or name another file"
        )));
    }
    Ok(Some(target))
}

/// Reads the block of a snapshot whose run has this configuration.
pub(crate) fn read(path: &Path, config: &Config) -> Result<Vec<Line>> {
    let fail = |why: String| Failure::file(path, why);
    let broken = |error: std::io::Error| fail(error.to_string());
    let mut file = File::open(path).map_err(broken)?;
    let mut header = [0; HEADER_BYTES];
    let length = file.metadata().map_err(broken)?.len();
    if length < HEADER_BYTES as u64 {
        return Err(fail(format!(
            "not a snapshot of bluegrad: only {length} bytes; name a file that --snapshot wrote"
        )));
    }
    file.read_exact(&mut header).map_err(broken)?;
    let layout = Generator::layout_of(&header).map_err(|error| fail(unusable(error)))?;
    let needed = layout.bytes() + SUM_BYTES;
    if length != needed as u64 {
        return Err(fail(format!(
            "a damaged snapshot: {length} bytes, not {needed}; start the run again without --resume"
        )));
    }
    let mut memory = resources::allocate(&layout)?;
    let block = Line::as_bytes_mut(&mut memory);
    let (front, rest) = block.split_at_mut(HEADER_BYTES);
    front.copy_from_slice(&header);
    let mut sum = [0; SUM_BYTES];
    file.read_exact(rest).and_then(|()| file.read_exact(&mut sum)).map_err(broken)?;
    if crc32fast::hash(block) != u32::from_le_bytes(sum) {
        return Err(fail(
            "a damaged snapshot: its checksum does not match; start the run again without --resume".to_string(),
        ));
    }
    let generator = Generator::open(block).map_err(|error| fail(unusable(error)))?;
    if let Some(difference) = difference(generator.config(), config) {
        let path = path.display();
        return Err(Failure::usage(format_args!("--resume {path}: {difference}; give the options of the run again")));
    }
    Ok(memory)
}

/// Words an error of the core for a user with a file.
fn unusable(error: Error) -> String {
    match error {
        Error::NotAGenerator(why) => {
            format!("not a snapshot that can be resumed: {why}; name a file that --snapshot of this version wrote")
        }
        error => error.to_string(),
    }
}

/// Returns the first difference between a snapshot's configuration and the options.
fn difference(snapshot: &Config, asked: &Config) -> Option<String> {
    let steps = |config: &Config| config.recipe.steps(config.shape.elements()).unwrap_or(u32::MAX);
    let differ = |what: &str, its: String, other: String| (its != other).then(|| format!("{what} {its}, not {other}"));
    differ("its size is", size(snapshot.shape), size(asked.shape))
        .or_else(|| differ("its seed is", snapshot.seed.to_string(), asked.seed.to_string()))
        .or_else(|| differ("its total of steps is", steps(snapshot).to_string(), steps(asked).to_string()))
        .or_else(|| (snapshot.recipe != asked.recipe).then(|| "it has another preset or other options".to_string()))
        .or_else(|| (snapshot.distribution != asked.distribution).then(|| "it has another --distribution".to_string()))
        .or_else(|| {
            let other = asked.level != SimdLevel::Auto && asked.level != snapshot.level;
            other.then(|| format!("its --level is {}, not {}", snapshot.level.name(), asked.level.name()))
        })
}
