//! Step: do some of the work, and see how far it is.
//!
//! Call bluegrad_step until the report says done: with a slice of the steps each frame, or with all at once. A run is cancelled by not
//! calling again. Threads of the host take part by bluegrad_jobs; the bytes are the same with any number of threads.

mod jobs;

use crate::border;
use crate::configure::{bluegrad_config, bluegrad_stage, write};
use crate::generator::{bluegrad_generator, open};
use crate::status::*;
use crate::text::{self, Texts};
use bluegrad::{Losses, Report, Stage};
use core::ffi::c_char;

pub use jobs::*;

static LOSS_NAMES: Texts<{ Losses::NAMES.len() }, 32> = text::terminated_all(&Losses::NAMES);

/// Does up to `steps` more steps; less if the run ends. A program spends a slice of each frame on it, shows progress from the report,
/// and cancels by not calling again. Call it until the report's `done` is 1.
///
/// What one step is, and which stages use jobs (n pixels):
///
/// - spectral: a step of the optimiser: two transforms and, with a histogram term, a sort. Jobs: all but the sort.
/// - fill: placing up to 1024 pixels. No jobs.
/// - void-and-cluster: up to 1024 moves of its initial pattern's pixels, or placing up to 1024 pixels. No jobs.
/// - front: a step of the optimiser, with exact ranks. Jobs: all but the ranks.
/// - polish: a step of the optimiser, with exact ranks at the last. Jobs: all but the ranks.
/// - swap: a sweep over all pixels: the longest of all steps. No jobs.
/// - the last step of all: exact ranks, and the losses if there is a spectral stage. No jobs.
///
/// A step's time grows with n, but that of fill and void-and-cluster.
///
/// generator: one thread at a time. steps: 0 does nothing but report. jobs: the host's threads, for this call; NULL: all on the calling
/// thread. The bytes are the same either way. out: gets the report; may be NULL.
/// Errors: BLUEGRAD_ERROR_NULL (generator, jobs->run), _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR if the block was damaged.
/// Steps done before an error stay done. The floating-point environment must round to nearest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_step(
    generator: *mut bluegrad_generator,
    steps: u32,
    jobs: *const bluegrad_jobs,
    out: *mut Report,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        // SAFETY: the caller's promise.
        let jobs = unsafe { read(jobs) }?;
        // SAFETY: the caller's promise. Before the steps, so that a misaligned pointer wastes none.
        unsafe { border::write_if_wanted(out, opened.report()) }?;
        let done = match (steps, jobs) {
            (0, _) => Ok(opened.report()),
            (_, Some(jobs)) => opened.step_on(steps, &jobs),
            (_, None) => opened.step(steps),
        };
        // SAFETY: the caller's promise.
        unsafe { border::write_if_wanted(out, done.map_err(code)?) }
    };
    of(run())
}

/// How far a run is, without a step.
///
/// generator: one thread at a time. out: gets the report.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_get_report(
    generator: *const bluegrad_generator,
    out: *mut Report,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { open(generator).and_then(|opened| border::write(out, opened.report())) })
}

/// What a run was made from: the shape of a saved block, for instance. Its level is the one that the run took when it began;
/// BLUEGRAD_LEVEL_AUTO stays, so that a saved block has the best that there is where it is opened.
///
/// generator: one thread at a time. out: gets the configuration. struct_size: sizeof(bluegrad_config).
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_get_config(
    generator: *const bluegrad_generator,
    out: *mut bluegrad_config,
    struct_size: u32,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { open(generator).and_then(|opened| write(out, struct_size, opened.config())) })
}

/// The losses of any spectral stage's terms at the present values; the run goes on as if it had not been asked. It takes about as long
/// as a step with exact ranks.
///
/// generator: of a configuration with a spectral stage; one thread at a time. stage: of kind BLUEGRAD_STAGE_SPECTRAL. out: gets the losses.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _RESERVED, _UNKNOWN_VALUE, _NOT_SPECTRAL if the run or the stage is
/// not, _NUMBER of the stage, _PROFILE for a profile term where no stage of the run has one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_evaluate(
    generator: *mut bluegrad_generator,
    stage: *const bluegrad_stage,
    out: *mut Losses,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        // SAFETY: the caller's promise.
        let Stage::Spectral(stage) = unsafe { border::reference(stage) }?.to_core()? else {
            return Err(BLUEGRAD_ERROR_NOT_SPECTRAL);
        };
        let losses = opened.evaluate(&stage).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, losses) }
    };
    of(run())
}

/// Name of a spectral term, "low band" for instance: of element `term` of bluegrad_losses. NULL for a number that is no term, so that a
/// loop from 0 to the first NULL lists those of the library that is linked. The text is static.
///
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_loss_name(term: u32) -> *const c_char {
    text::at(&LOSS_NAMES, term)
}
