//! A pool of threads for the tiles of a step.

use crate::failure::{Failure, Result};
use bluegrad::{Jobs, Serial, Shape};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::thread::available_parallelism;

/// A smaller mask's tiles cost less than handing them out.
const MIN_PIXELS: usize = 256 * 256;

/// The means to run a step's tiles: on `threads` threads, or as many as suit the mask.
pub(crate) fn jobs(threads: Option<u16>, shape: Shape) -> Result<Box<dyn Jobs>> {
    let threads = match threads {
        Some(threads) => usize::from(threads),
        None if shape.pixels() >= MIN_PIXELS => available_parallelism().map_or(1, usize::from),
        None => 1,
    };
    if threads == 1 {
        return Ok(Box::new(Serial));
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::other(format_args!("cannot start {threads} threads: {error}")))?;
    Ok(Box::new(Pool(pool)))
}

struct Pool(ThreadPool);

impl Jobs for Pool {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        // one task a thread, each taking tiles until none is left: cheaper than a task a tile
        self.0.broadcast(|context| {
            for index in (0..tiles).skip(context.index()).step_by(context.num_threads()) {
                tile(index);
            }
        });
    }
}
