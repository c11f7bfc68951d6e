//! Memory and threads of a run.

use crate::failure::{Failure, Result};
use bluegrad::{Jobs, Layout, Line, Serial, Shape};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::thread::available_parallelism;

/// A smaller mask's tiles gain too little from a second thread: of a spectral run …
const MIN_PIXELS: usize = 1024 * 1024;
/// … and of one of the dither objective. There a polish at 512x512 took 0.7 of the time on two threads, at 256x256 all of it.
const MIN_DITHER_PIXELS: usize = 512 * 512;

/// Works with `threads` threads, or as many as suit the mask.
pub(crate) fn with_threads<T: Send>(
    threads: Option<u32>,
    shape: Shape,
    spectral: bool,
    work: impl FnOnce(&dyn Jobs) -> Result<T> + Send,
) -> Result<T> {
    let threads = match threads {
        Some(threads) => threads as usize,
        None if shape.pixels() >= if spectral { MIN_PIXELS } else { MIN_DITHER_PIXELS } => {
            available_parallelism().map_or(1, usize::from)
        }
        None => 1,
    };
    if threads == 1 {
        return work(&Serial);
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::other(format_args!("cannot start {threads} threads: {error}")))?;
    // All the work happens on the pool, so that the thread that hands tiles out does its share of them.
    pool.install(|| work(&Pool))
}

/// The pool that this is called on.
struct Pool;

impl Jobs for Pool {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        (0..tiles).into_par_iter().for_each(tile);
    }
}

/// Memory for a generator.
pub(crate) fn allocate(layout: &Layout) -> Result<Vec<Line>> {
    let bytes = layout.bytes();
    let short = |_| Failure::other(format_args!("not enough memory: the run needs {bytes} bytes; take a smaller size"));
    let mut memory = Vec::new();
    memory.try_reserve_exact(layout.lines()).map_err(short)?;
    memory.resize(layout.lines(), Line::ZERO);
    Ok(memory)
}
