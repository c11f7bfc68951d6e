//! Snapshots: a run in a file, to go on from.
//!
//! The file is the generator's block, and after it the CRC-32 of the block, little-endian: the block's own checksum is of its
//! header alone. A host that has no use for the sum may open the file as a block.

use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use crate::interrupt::Interrupt;
use crate::output::{self, Target};
use crate::resources;
use bluegrad::layout::HEADER_BYTES;
use bluegrad::{Config, Error, Generator, Line, Report, Shape, SimdLevel};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds between two snapshots where nobody says how many: what can be lost is no more than this.
const EVERY: u32 = 60;

/// Bytes of the checksum.
const SUM_BYTES: usize = 4;

/// Stops a run when it is asked to, and keeps it.
pub(crate) struct Keeper {
    interrupt: Interrupt,
    target: Option<Target>,
    every: Duration,
    /// When the last snapshot was written, or the run began.
    last: Instant,
}

impl Keeper {
    /// Signals are seen from now on.
    pub(crate) fn new(target: Option<Target>, every: Option<u32>) -> Result<Self> {
        let every = Duration::from_secs(every.unwrap_or(EVERY).into());
        Ok(Self { interrupt: Interrupt::new()?, target, every, last: Instant::now() })
    }

    /// Whether a signal asks for the end.
    pub(crate) fn asked(&self) -> bool {
        self.interrupt.signal().is_some()
    }

    /// Between two steps: writes a snapshot if it is time for one, and ends the run, as an error, if a signal asks for that.
    pub(crate) fn look(&mut self, generator: &Generator<'_>) -> Result<()> {
        if let Some(signal) = self.interrupt.signal() {
            return Err(self.stop(signal, generator)?);
        }
        if self.target.is_some() && self.last.elapsed() >= self.every {
            self.write(generator)?;
        }
        Ok(())
    }

    /// Before the results are written.
    pub(crate) fn last_look(&mut self, generator: &Generator<'_>) -> Result<()> {
        self.interrupt.signal().map_or(Ok(()), |signal| Err(self.stop(signal, generator)?))?;
        self.interrupt.be_patient();
        Ok(())
    }

    /// After the results are written nobody wants to go on from a snapshot.
    pub(crate) fn remove(&self) -> Result<()> {
        self.target.as_ref().map_or(Ok(()), Target::remove)
    }

    /// What is said of a stopped run, when it is kept.
    fn stop(&mut self, signal: u8, generator: &Generator<'_>) -> Result<Failure> {
        let Report { step, steps, .. } = generator.report();
        let end = match &self.target {
            None => "nothing was written; with --snapshot FILE a run can go on later".to_string(),
            Some(target) => {
                let path = target.path().display();
                format!("{path} holds the run; go on with the same options and --resume {path}")
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

/// Where snapshots go. One that is there already may be hours of work: it is replaced only by the run that goes on from it.
pub(crate) fn target(args: &GenerateArgs) -> Result<Option<Target>> {
    let Some(path) = args.snapshot.as_deref() else { return Ok(None) };
    let target = Target::new(path)?;
    if path.exists() && !args.resume.as_deref().is_some_and(|resume| target.is_file(resume)) {
        let path = path.display();
        return Err(Failure::usage(format_args!(
            "--snapshot {path}: it exists; go on from it with --resume {path}, remove it, or name another"
        )));
    }
    Ok(Some(target))
}

/// The block in a file, of a run by this configuration.
pub(crate) fn read(path: &Path, config: &Config) -> Result<Vec<Line>> {
    let fail = |why: String| Failure::file(path, why);
    let broken = |error: std::io::Error| fail(error.to_string());
    let mut file = File::open(path).map_err(broken)?;
    let mut header = [0; HEADER_BYTES];
    let length = file.metadata().map_err(broken)?.len();
    if length < HEADER_BYTES as u64 {
        return Err(fail(format!("no snapshot of bluegrad: only {length} bytes; name a file that --snapshot wrote")));
    }
    file.read_exact(&mut header).map_err(broken)?;
    let layout = Generator::layout_of(&header).map_err(|error| fail(unusable(error)))?;
    let needed = layout.bytes() + SUM_BYTES;
    if length != needed as u64 {
        return Err(fail(format!("a damaged snapshot: {length} bytes, and this run has {needed}; make the mask anew")));
    }
    let mut memory = resources::allocate(&layout)?;
    let block = Line::as_bytes_mut(&mut memory);
    let (front, rest) = block.split_at_mut(HEADER_BYTES);
    front.copy_from_slice(&header);
    let mut sum = [0; SUM_BYTES];
    file.read_exact(rest).and_then(|()| file.read_exact(&mut sum)).map_err(broken)?;
    if crc32fast::hash(block) != u32::from_le_bytes(sum) {
        return Err(fail("a damaged snapshot: its checksum does not fit; make the mask anew".to_string()));
    }
    let generator = Generator::open(block).map_err(|error| fail(unusable(error)))?;
    if let Some(difference) = difference(generator.config(), config) {
        let path = path.display();
        return Err(Failure::usage(format_args!("--resume {path}: {difference}; give the options of the run again")));
    }
    Ok(memory)
}

/// The core's words are for who has a block in memory.
fn unusable(error: Error) -> String {
    match error {
        Error::NotAGenerator(why) => {
            format!("no snapshot to go on from: {why}; name a file that --snapshot of this version wrote")
        }
        error => error.to_string(),
    }
}

/// In what a snapshot's run is not the one that the options ask for.
fn difference(snapshot: &Config, asked: &Config) -> Option<String> {
    let size = |shape: Shape| format!("{}x{}", shape.width, shape.height);
    let steps = |config: &Config| config.recipe.steps(config.shape.pixels()).unwrap_or(u32::MAX);
    let differ = |what: &str, its: String, other: String| (its != other).then(|| format!("{what} {its}, not {other}"));
    differ("its size is", size(snapshot.shape), size(asked.shape))
        .or_else(|| differ("its seed is", snapshot.seed.to_string(), asked.seed.to_string()))
        .or_else(|| differ("its steps in all are", steps(snapshot).to_string(), steps(asked).to_string()))
        .or_else(|| {
            (snapshot.recipe != asked.recipe).then(|| "it is of another preset, or of other options".to_string())
        })
        .or_else(|| {
            (snapshot.distribution != asked.distribution).then(|| "it is of another --distribution".to_string())
        })
        .or_else(|| {
            let other = asked.level != SimdLevel::Auto && asked.level != snapshot.level;
            other.then(|| format!("its --level is {}, not {}", snapshot.level.name(), asked.level.name()))
        })
}
