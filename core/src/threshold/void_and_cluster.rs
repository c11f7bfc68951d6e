//! Void-and-cluster (R. Ulichney, "The void-and-cluster method for dither array generation", 1993), exact.
//!
//! 1. A random pattern of a few pixels is relaxed: its tightest cluster moves to its largest void until that is the same place.
//! 2. Of the relaxed pattern the tightest cluster is taken away, again and again: ranks from the pattern's last down to 0.
//! 3. From the relaxed pattern on the largest void is filled, again and again: all other ranks. (Past the half Ulichney looks for the
//!    tightest cluster of free pixels. That is the same place: what the free ones add up to is the whole kernel less the others.)
//!
//! The field is one `u32` a pixel: the sum of the Gaussians of the occupied pixels, in units that add up to less than 2³¹, and bit 31
//! for an occupied one. So the largest void is the least cell of all, and the tightest cluster the greatest; of equal ones the first.

mod parameters;
mod run;

pub use parameters::VoidAndCluster;

use super::PIXELS_A_STEP;
use super::bounds::{Bounds, groups, tiles};
use super::grid::{Grid, Reach, Spread, WINDOW};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::Level;
use bytemuck::{Pod, Zeroable};
use rand_core::Rng;
use run::{Run, Tasks};

type Window = [u32; WINDOW];

/// What the weights of the Gaussian add up to, but for their rounding.
const SUM: f64 = 2_147_483_000.0;

/// Bit of an occupied pixel.
const OCCUPIED: u32 = 1 << 31;

/// Ranks of pixels that have none yet.
const UNRANKED: u32 = u32::MAX;

/// The radius, in sigmas: there the Gaussian is 1.5e-8.
const SIGMAS: f32 = 6.0;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
struct State {
    /// Moves that relaxing has made.
    moves: u32,
    relaxed: u32,
    /// Ranks given.
    ranked: u32,
    padding: [u32; 13],
}

fn radius(stage: &VoidAndCluster) -> usize {
    libm::ceilf(SIGMAS * stage.sigma) as usize
}

/// Bytes of the work space, whatever sigma.
pub(crate) const fn bytes(shape: Shape) -> usize {
    let grid = Grid::new(shape);
    let groups = groups(tiles(&grid));
    let bounds = bytes_of::<Window>(groups) + bytes_of::<u32>(groups);
    bytes_of::<State>(1) + bytes_of::<Window>(grid.len()) + bytes_of::<u32>(table_len(&grid)) + 2 * bounds
}

/// Cells of the table, whatever sigma: the largest is 8.
const fn table_len(grid: &Grid) -> usize {
    Reach::new(48, grid).len()
}

/// The `place`-th step. None if the work space is too small.
pub(crate) fn step<R: Rng>(
    level: Level,
    stage: &VoidAndCluster,
    shape: Shape,
    place: u32,
    rng: &mut R,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Option<()> {
    let grid = Grid::new(shape);
    let reach = Reach::new(radius(stage), &grid);
    let mut memory = Carver::new(memory);
    let state: &mut State = memory.one()?;
    let field: &mut [Window] = memory.take(grid.len())?;
    let table = memory.take::<u32>(table_len(&grid))?.get_mut(..reach.len())?;
    // once for voids and once for clusters
    let groups = groups(tiles(&grid));
    let voids = Bounds { tiles: memory.take(groups)?, groups: memory.take(groups)? };
    let clusters = Bounds { tiles: memory.take(groups)?, groups: memory.take(groups)? };

    if place == 0 {
        *state = State::zeroed();
        let spread = Spread::new(&grid, stage.sigma.into(), radius(stage), 1.0, 0.0);
        let factor = SUM / spread.sum();
        spread.fill(table, |value| libm::round(factor * value) as u32);
        ranks.fill(UNRANKED);
    }
    let initial = stage.initial(grid.pixels());
    let relax_steps = (8 * initial).div_ceil(PIXELS_A_STEP);
    let rank_steps = initial.div_ceil(PIXELS_A_STEP);
    let tasks = Tasks { initial, relax_steps, rank_steps, place: place as usize };
    let pixels = grid.width - (grid.windows - 1) * WINDOW;
    let last = core::array::from_fn(|i| if i < pixels { u32::MAX } else { 0 });
    let masks = [[u32::MAX; WINDOW], last];
    Run { level, masks, grid, reach, field, table, voids, clusters, ranks, state, tasks, rng }.run();
    Some(())
}
