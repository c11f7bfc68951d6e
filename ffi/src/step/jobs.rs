//! Threads of the host.

use crate::border;
use crate::status::*;
use bluegrad::Jobs;
use core::ffi::c_void;

/// One tile of a loop, to be called by bluegrad_jobs.run with its `context`. It may be called on any thread and does not block but
/// where more than 16 threads work at a time.
pub type bluegrad_tile = Option<unsafe extern "C" fn(context: *mut c_void, index: u32)>;

/// The host's threads, for the time of one call; never kept. The bytes of the results do not depend on it.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct bluegrad_jobs {
    /// Handed to `run`; the library does not look at it.
    pub user: *mut c_void,
    /// Calls tile(context, index) for each index below `tiles`, in any order and on any threads, and returns when all these calls have
    /// returned. What it did not call is done on the calling thread. It must not call a tile after it has returned, nor leave by
    /// longjmp or an exception.
    pub run: Option<unsafe extern "C" fn(user: *mut c_void, tiles: u32, tile: bluegrad_tile, context: *mut c_void)>,
}

impl Jobs for bluegrad_jobs {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        unsafe extern "C" fn call(context: *mut c_void, index: u32) {
            // SAFETY: `context` is what `run` below was given: the address of a reference that lives until it returns.
            let tile = unsafe { *context.cast::<&(dyn Fn(u32) + Sync)>() };
            tile(index);
        }
        if let Some(run) = self.run {
            let context = (&raw const tile).cast_mut().cast();
            // SAFETY: the host's function, called as its description says; `tile` outlives the call.
            unsafe { run(self.user, tiles, Some(call), context) };
        }
    }
}

/// The jobs behind a pointer, if there are some.
///
/// # Safety
/// NULL, misaligned, or a `bluegrad_jobs` whose `run` does what its description says.
pub(crate) unsafe fn read(jobs: *const bluegrad_jobs) -> Result<Option<bluegrad_jobs>, bluegrad_status> {
    if jobs.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let jobs = unsafe { border::reference(jobs) }?;
    if jobs.run.is_none() { Err(BLUEGRAD_ERROR_NULL) } else { Ok(Some(*jobs)) }
}
