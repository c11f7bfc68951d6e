//! Void-and-cluster (R. Ulichney, "The void-and-cluster method for dither array generation", 1993), exact.
//!
//! 1. Relax a random pattern of a few pixels: move its tightest cluster to its largest void until both are the same pixel.
//! 2. Remove the tightest cluster of the relaxed pattern until none is left: these pixels have the ranks from the pattern's last to 0.
//! 3. Fill the largest void of the relaxed pattern until none is left: these pixels have all higher ranks. (Past the half Ulichney
//!    takes the tightest cluster of free pixels. That is the same pixel: the sum over free pixels is the whole kernel minus the sum over
//!    occupied ones.)
//!
//! A cell is a `u32`. Bits 0 to 30 are the sum of the Gaussians of the occupied pixels; bit 31 is set for an occupied pixel. So the largest
//! void is the argmin of the field, and the tightest cluster the argmax. Tie-break: see `argmin.rs`.

mod parameters;
mod run;

pub use parameters::VoidAndCluster;

use super::PIXELS_A_STEP;
use super::argmin::{LowerBounds, block_count, group_count, tile_count};
use super::torus::{FieldLayout, KernelLayout, MOST_RADIUS, TorusGaussian, WINDOW};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use bytemuck::{Pod, Zeroable};
use rand_core::Rng;
use run::{StepPlan, VoidAndClusterStep};

type CellRow = [u32; WINDOW];

/// Sum of the Gaussian's weights before rounding; with rounding errors it stays below 2³¹.
const SUM: f64 = 2_147_483_000.0;

/// Bit of a cell whose pixel is occupied.
const OCCUPIED: u32 = 1 << 31;

/// Rank of a pixel that has none yet.
const UNRANKED: u32 = u32::MAX;

/// Radius of the kernel, in sigmas. There the Gaussian is 1.5e-8.
const SIGMAS: f32 = 6.0;

/// Progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
struct ClusterProgress {
    /// Number of moves made so far while relaxing.
    moves: u32,
    /// Not 0: another move changes nothing.
    relaxed: u32,
    /// Next rank; while ranks go down, the last rank given.
    ranked: u32,
    padding: [u32; 13],
}

fn radius(stage: &VoidAndCluster) -> usize {
    libm::ceilf(SIGMAS * stage.sigma) as usize
}

/// Bytes of the work space, enough for every sigma.
pub(crate) const fn bytes(shape: Shape) -> usize {
    let layout = FieldLayout::new(shape);
    let groups = group_count(tile_count(&layout));
    let bounds = bytes_of::<CellRow>(groups) + bytes_of::<u32>(groups) + bytes_of::<u32>(block_count(groups));
    bytes_of::<ClusterProgress>(1)
        + bytes_of::<CellRow>(layout.len())
        + bytes_of::<u32>(table_len(&layout))
        + 2 * bounds
}

/// Cells of the table, enough for every sigma.
const fn table_len(layout: &FieldLayout) -> usize {
    KernelLayout::new(MOST_RADIUS, layout).len()
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
    let layout = FieldLayout::new(shape);
    let kernel = KernelLayout::new(radius(stage), &layout);
    let mut memory = Carver::new(memory);
    let state: &mut ClusterProgress = memory.one()?;
    let field: &mut [CellRow] = memory.take(layout.len())?;
    let table = memory.take::<u32>(table_len(&layout))?.get_mut(..kernel.len())?;
    let groups = group_count(tile_count(&layout));
    let mut bounds = || {
        Some(LowerBounds {
            tiles: memory.take(groups)?,
            groups: memory.take(groups)?,
            blocks: memory.take(block_count(groups))?,
        })
    };
    let (voids, clusters) = (bounds()?, bounds()?);

    if step_index == 0 {
        *state = ClusterProgress::zeroed();
        let spread = TorusGaussian::new(&layout, stage.sigma.into(), radius(stage), 1.0, 0.0);
        let factor = SUM / spread.sum();
        spread.fill(table, |value| libm::round(factor * value) as u32);
        ranks.fill(UNRANKED);
    }
    let initial = stage.initial(layout.pixels());
    let relax_steps = (8 * initial).div_ceil(PIXELS_A_STEP);
    let rank_steps = initial.div_ceil(PIXELS_A_STEP);
    let plan = StepPlan { initial, relax_steps, rank_steps, step_index: step_index as usize };
    let pixels = layout.width - (layout.windows - 1) * WINDOW;
    let last = core::array::from_fn(|i| if i < pixels { u32::MAX } else { 0 });
    let masks = [[u32::MAX; WINDOW], last];
    VoidAndClusterStep { level, masks, layout, kernel, field, table, voids, clusters, ranks, state, plan, rng }.run();
    Some(())
}
