//! Void-and-cluster (R. Ulichney, "The void-and-cluster method for dither array generation", 1993), exact.
//!
//! 1. Relax a random pattern of a few pixels: move its tightest cluster to its largest void until both are the same pixel.
//! 2. Remove the tightest cluster of the relaxed pattern until none is left: these pixels have the ranks from the pattern's last to 0.
//! 3. Fill the largest void of the relaxed pattern until none is left: these pixels have all higher ranks. (Past the half Ulichney
//!    takes the tightest cluster of free pixels. That is the same pixel: the sum over free pixels is the whole kernel minus the sum over
//!    occupied ones.)
//!
//! A cell is a `u32`: the sum of the Gaussians of the occupied pixels, in units that keep it below 2³¹, and bit 31 for an occupied
//! pixel. So the largest void is the argmin of the field, and the tightest cluster the argmax. Tie-break: see `argmin.rs`.

mod parameters;
mod run;

pub use parameters::VoidAndCluster;

use super::PIXELS_A_STEP;
use super::argmin::{Bounds, groups, tiles};
use super::grid::{Grid, MOST_RADIUS, Reach, Spread, WINDOW};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use bytemuck::{Pod, Zeroable};
use rand_core::Rng;
use run::{Run, Tasks};

type Window = [u32; WINDOW];

/// Sum of the weights of the Gaussian, but for their rounding: below 2³¹ with it.
const SUM: f64 = 2_147_483_000.0;

/// Bit of an occupied pixel.
const OCCUPIED: u32 = 1 << 31;

/// Rank of a pixel that has none yet.
const UNRANKED: u32 = u32::MAX;

/// The radius, in sigmas: there the Gaussian is 1.5e-8.
const SIGMAS: f32 = 6.0;

/// Progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
struct State {
    /// Moves made by relaxing.
    moves: u32,
    /// Not 0: another move changes nothing.
    relaxed: u32,
    /// The rank that comes next; while ranks go down, the last one given.
    ranked: u32,
    padding: [u32; 13],
}

fn radius(stage: &VoidAndCluster) -> usize {
    libm::ceilf(SIGMAS * stage.sigma) as usize
}

/// Bytes of the work space, enough for every sigma.
pub(crate) const fn bytes(shape: Shape) -> usize {
    let grid = Grid::new(shape);
    let groups = groups(tiles(&grid));
    let bounds = bytes_of::<Window>(groups) + bytes_of::<u32>(groups);
    bytes_of::<State>(1) + bytes_of::<Window>(grid.len()) + bytes_of::<u32>(table_len(&grid)) + 2 * bounds
}

/// Cells of the table, enough for every sigma.
const fn table_len(grid: &Grid) -> usize {
    Reach::new(MOST_RADIUS, grid).len()
}

/// Takes one step. None if the work space is too small.
pub(crate) fn step<R: Rng>(
    level: SimdLevel,
    stage: &VoidAndCluster,
    shape: Shape,
    step_index: u32,
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
    // bounds for voids, and bounds for clusters
    let groups = groups(tiles(&grid));
    let voids = Bounds { tiles: memory.take(groups)?, groups: memory.take(groups)? };
    let clusters = Bounds { tiles: memory.take(groups)?, groups: memory.take(groups)? };

    if step_index == 0 {
        *state = State::zeroed();
        let spread = Spread::new(&grid, stage.sigma.into(), radius(stage), 1.0, 0.0);
        let factor = SUM / spread.sum();
        spread.fill(table, |value| libm::round(factor * value) as u32);
        ranks.fill(UNRANKED);
    }
    let initial = stage.initial(grid.pixels());
    let relax_steps = (8 * initial).div_ceil(PIXELS_A_STEP);
    let rank_steps = initial.div_ceil(PIXELS_A_STEP);
    let tasks = Tasks { initial, relax_steps, rank_steps, step_index: step_index as usize };
    let pixels = grid.width - (grid.windows - 1) * WINDOW;
    let last = core::array::from_fn(|i| if i < pixels { u32::MAX } else { 0 });
    let masks = [[u32::MAX; WINDOW], last];
    Run { level, masks, grid, reach, field, table, voids, clusters, ranks, state, tasks, rng }.run();
    Some(())
}
