//! Memory and threads of a run.

use crate::failure::{Failure, Result};
use bluegrad::{Jobs, Layout, Line, Serial, Shape};
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::thread::available_parallelism;

/// Smallest spectral mask that uses all cores, pixels. Below, a second thread gains too little.
const MIN_PIXELS: usize = 1024 * 1024;
/// Smallest dither mask that uses all cores, elements. On two threads a polish took 0.7 of the time at 512x512, 1.0 at 256x256.
const MIN_DITHER_PIXELS: usize = 512 * 512;

/// Runs `work` with `threads` threads; by default, a suitable number.
pub(crate) fn with_threads<T: Send>(
    threads: Option<u32>,
    shape: Shape,
    spectral: bool,
    work: impl FnOnce(&dyn Jobs) -> Result<T> + Send,
) -> Result<T> {
    let threads = match threads {
        Some(threads) => threads as usize,
        None if shape.elements() >= if spectral { MIN_PIXELS } else { MIN_DITHER_PIXELS } => {
            available_parallelism().map_or(1, usize::from)
        }
        None => 1,
    };
    on_threads(threads, work)
}

/// Runs `work` with this number of threads.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl FnOnce(&dyn Jobs) -> Result<T> + Send) -> Result<T> {
    if threads == 1 {
        return work(&Serial);
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::other(format_args!("cannot start {threads} threads: {error}")))?;
    // `work` itself runs on the pool: the thread that starts the tiles then runs tiles too.
    pool.install(|| work(&Pool))
}

/// The rayon pool of the calling thread.
struct Pool;

impl Jobs for Pool {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        (0..tiles).into_par_iter().for_each(tile);
    }
}

/// Formats a size of memory: `640 KB`, `12.5 MB`, `3.1 GB`.
pub(crate) fn amount(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        ..1e6 => format!("{:.0} KB", bytes / 1e3),
        ..1e9 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

/// Allocates the block of a generator.
pub(crate) fn allocate(layout: &Layout) -> Result<Vec<Line>> {
    lines(layout.lines(), "choose a smaller size")
}

/// Allocates a block of a number of lines; `advice` says what needs less.
pub(crate) fn lines(count: usize, advice: &str) -> Result<Vec<Line>> {
    let needed = amount(count * size_of::<Line>());
    let short = |_| Failure::other(format_args!("not enough memory: the run needs {needed}; {advice}"));
    let mut memory = Vec::new();
    memory.try_reserve_exact(count).map_err(short)?;
    memory.resize(count, Line::ZERO);
    Ok(memory)
}
