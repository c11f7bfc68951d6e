//! SIGINT (Ctrl-C) and SIGTERM as a flag, read between steps.

use crate::failure::{Failure, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Signals received so far.
///
/// The second signal ends the program at once, so that a user need not wait for a long step.
pub(crate) struct Interrupt {
    /// Number of the last signal, or 0.
    signal: Arc<AtomicUsize>,
    /// Whether the next signal ends the program.
    impatient: Arc<AtomicBool>,
}

impl Interrupt {
    /// Registers the handlers; from now on the first signal only sets the flag.
    pub(crate) fn new() -> Result<Self> {
        let interrupt = Self { signal: Arc::default(), impatient: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            interrupt.watch(signal).map_err(|error| Failure::other(format_args!("signal {signal}: {error}")))?;
        }
        Ok(interrupt)
    }

    /// Registers the actions of a signal; they run in the order of registration.
    ///
    /// The number is stored first, so that a signal between two registrations is not lost. The default action comes before the line
    /// that sets `impatient`: only the second signal finds it set.
    fn watch(&self, signal: i32) -> std::io::Result<()> {
        flag::register_usize(signal, Arc::clone(&self.signal), signal.unsigned_abs() as usize)?;
        flag::register_conditional_default(signal, Arc::clone(&self.impatient))?;
        flag::register(signal, Arc::clone(&self.impatient))?;
        Ok(())
    }

    /// Number of the last signal, if one came.
    pub(crate) fn signal(&self) -> Option<u8> {
        u8::try_from(self.signal.load(Ordering::SeqCst)).ok().filter(|signal| *signal > 0)
    }

    /// Makes the next signal count as the first again.
    ///
    /// Called before files are written: an end at that moment would leave a temporary file.
    pub(crate) fn be_patient(&self) {
        self.impatient.store(false, Ordering::SeqCst);
    }
}
