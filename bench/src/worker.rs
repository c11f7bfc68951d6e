//! Python programs as contenders.
//!
//! A child process reads a number of units of work, does them after one warm-up, and answers with the time in nanoseconds. So
//! Python programs are timed in the same rounds as libraries, and take no time while they wait. Each program checks its own results
//! before it reports that it is ready.
//!
//! ```text
//! child:  ready NAME        or  missing REASON, and its end
//! parent: 12
//! child:  8234567
//! ```

use crate::peers::folder;
use crate::rounds::Contender;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A script of `bench/peers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    /// File name.
    pub file: &'static str,
    /// Name in tables.
    pub name: &'static str,
    /// Whether the work is a pair of transforms; else it is a step of the published iteration.
    pub is_pair: bool,
    /// Largest side: steps at larger sides take seconds.
    pub largest: u32,
}

/// All scripts.
pub const SCRIPTS: [Script; 3] = [
    Script { file: "pocketfft.py", name: "pocketfft (SciPy)", is_pair: true, largest: 2048 },
    Script { file: "published_numpy.py", name: "NumPy", is_pair: false, largest: 512 },
    Script { file: "published_jax.py", name: "JAX", is_pair: false, largest: 512 },
];

/// A running script.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    /// Versions, as the script reports them.
    pub about: String,
}

impl Worker {
    /// Starts a script for N x N pixels; waits until it is ready.
    ///
    /// # Errors
    /// The script is not ready; the message says why.
    pub fn new(script: Script, side: u32) -> Result<Self, String> {
        let python = folder().join("venv").join("bin").join("python");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script.file);
        let mut command = Command::new(&python);
        command.arg("-B").arg(file).arg(side.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|_| String::from("bench/run has not made target/peers/venv"))?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let from = BufReader::new(from.ok_or("no pipe")?);
        let mut worker = Self { child, to, from, about: String::new() };
        let line = worker.read()?;
        match line.split_once(' ') {
            Some(("ready", about)) => about.clone_into(&mut worker.about),
            Some(("missing", why)) => return Err(why.into()),
            _ => return Err(format!("it says `{line}`")),
        }
        Ok(worker)
    }

    fn read(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.from.read_line(&mut line) {
            Ok(1..) => Ok(line.trim().into()),
            Ok(0) => Err("it ended".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn ask(&mut self, count: u32) -> Result<Duration, String> {
        let to = self.to.as_mut().ok_or("no pipe")?;
        writeln!(to, "{count}").and_then(|()| to.flush()).map_err(|error| error.to_string())?;
        let line = self.read()?;
        line.parse().map(Duration::from_nanos).map_err(|_| format!("it says `{line}`"))
    }
}

impl Contender for Worker {
    /// # Panics
    /// If the script has ended.
    fn time(&mut self, count: u32) -> Duration {
        self.ask(count).expect("a script that answers")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // closing its input ends the script; its status no longer matters
        drop(self.to.take());
        let _ = self.child.wait();
    }
}
