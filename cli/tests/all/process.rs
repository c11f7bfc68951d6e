//! Programs that run beside a test: waits and signals (Linux).

use crate::common::Folder;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Once};
use std::thread;
use std::time::{Duration, Instant};

/// Upper bound of every wait: a test fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(300);

/// Time between two checks of a wait.
const PAUSE: Duration = Duration::from_micros(200);

/// Waits until `seen` returns true.
pub(crate) fn wait_until(what: &str, mut seen: impl FnMut() -> bool) {
    let start = Instant::now();
    while !seen() {
        assert!(start.elapsed() < PATIENCE, "{what}: not seen");
        thread::sleep(PAUSE);
    }
}

/// Starts the program in a folder; arguments are split at spaces.
pub(crate) fn start(folder: &Folder, line: &str) -> Child {
    default_signals();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
    command.args(line.split_whitespace()).current_dir(folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Resets SIGINT and SIGTERM for every program that starts later.
///
/// A shell ignores SIGINT for the programs that it starts in the background, and a program inherits ignored signals. Signals that
/// have a handler go back to their default when a program starts, so a handler that does nothing is enough.
pub(crate) fn default_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [Signal::INT, Signal::TERM] {
            if has("/proc/self/status", "SigIgn", signal) {
                signal_hook::flag::register(signal.as_raw(), Arc::default()).unwrap();
            }
        }
    });
}

/// Waits until the program handles SIGINT and SIGTERM.
///
/// The program registers its handlers before its first step. Returns false if the program has ended.
pub(crate) fn handles_signals(child: &mut Child) -> bool {
    let status = format!("/proc/{}/status", child.id());
    let mut ended = false;
    wait_until("a handler of signals", || {
        ended = child.try_wait().unwrap().is_some();
        ended || [Signal::INT, Signal::TERM].into_iter().all(|signal| has(&status, "SigCgt", signal))
    });
    !ended
}

/// Whether a set of signals in a file like `/proc/self/status` contains `signal`.
fn has(status: &str, set: &str, signal: Signal) -> bool {
    let text = fs::read_to_string(status).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(set)?.strip_prefix(':')).expect("a set of signals");
    let bits = u64::from_str_radix(line.trim(), 16).expect("a hexadecimal number");
    bits >> (signal.as_raw() - 1) & 1 == 1
}

/// Sends a signal to a running program.
pub(crate) fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}
