//! Ctrl-C and SIGTERM: a run looks at them between its steps.

use crate::failure::{Failure, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether somebody wants the run to stop. A second signal ends the program at once, so that nobody has to wait for a long step.
pub(crate) struct Interrupt {
    /// The last signal, or 0.
    signal: Arc<AtomicUsize>,
    /// The next signal ends the program.
    impatient: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on signals are seen and stop nothing by themselves.
    pub(crate) fn new() -> Result<Self> {
        let interrupt = Self { signal: Arc::default(), impatient: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            interrupt.watch(signal).map_err(|error| Failure::other(format_args!("signal {signal}: {error}")))?;
        }
        Ok(interrupt)
    }

    /// Actions run in this order. The signal is noted first, so that none is lost that comes between two registrations; the second
    /// signal must find the flag that the first one left.
    fn watch(&self, signal: i32) -> std::io::Result<()> {
        flag::register_usize(signal, Arc::clone(&self.signal), signal.unsigned_abs() as usize)?;
        flag::register_conditional_default(signal, Arc::clone(&self.impatient))?;
        flag::register(signal, Arc::clone(&self.impatient))?;
        Ok(())
    }

    /// The signal that came, if one did.
    pub(crate) fn signal(&self) -> Option<u8> {
        u8::try_from(self.signal.load(Ordering::SeqCst)).ok().filter(|signal| *signal > 0)
    }

    /// Before files are written: what was seen no longer counts as the first of two, as the end is near, and a program that ends
    /// at once would leave a temporary file behind.
    pub(crate) fn be_patient(&self) {
        self.impatient.store(false, Ordering::SeqCst);
    }
}
