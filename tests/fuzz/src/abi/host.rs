//! Hosts that run tiles well, badly and not at all.

use arbitrary::Arbitrary;
use bluegrad_ffi::{bluegrad_jobs, bluegrad_tile};
use std::ffi::c_void;
use std::ptr;

/// How the tiles are run.
#[derive(Arbitrary, Debug)]
pub(super) enum Host {
    /// There are no jobs.
    None,
    /// `run` is NULL.
    Null,
    Forwards,
    Backwards,
    /// Nothing is run.
    Lazy,
    /// Every tile twice, and one that there is not.
    Eager,
}

impl Host {
    /// The struct, unless there are no jobs.
    pub(super) fn jobs(&self) -> Option<bluegrad_jobs> {
        let run = match self {
            Self::None => return None,
            Self::Null => None,
            Self::Forwards => Some(forwards as _),
            Self::Backwards => Some(backwards as _),
            Self::Lazy => Some(lazy as _),
            Self::Eager => Some(eager as _),
        };
        Some(bluegrad_jobs { user: ptr::null_mut(), run })
    }
}

unsafe extern "C" fn forwards(_: *mut c_void, tiles: u32, tile: bluegrad_tile, context: *mut c_void) {
    let tile = tile.expect("a function");
    // SAFETY: called as its description says.
    (0..tiles).for_each(|index| unsafe { tile(context, index) });
}

unsafe extern "C" fn backwards(_: *mut c_void, tiles: u32, tile: bluegrad_tile, context: *mut c_void) {
    let tile = tile.expect("a function");
    // SAFETY: called as its description says.
    (0..tiles).rev().for_each(|index| unsafe { tile(context, index) });
}

unsafe extern "C" fn lazy(_: *mut c_void, _: u32, _: bluegrad_tile, _: *mut c_void) {}

unsafe extern "C" fn eager(_: *mut c_void, tiles: u32, tile: bluegrad_tile, context: *mut c_void) {
    let tile = tile.expect("a function");
    let indices = (0..tiles).chain([u32::MAX, tiles]).chain(0..tiles);
    // SAFETY: the context is good as long as this runs; wrong indices are the library's affair.
    indices.for_each(|index| unsafe { tile(context, index) });
}
