//! Integer void fill: each pixel goes into the emptiest pixel that is left.
//!
//! ```text
//! cell(p) = noise(p) + Σ_placed k(p − q), saturating in u16          next pixel: the argmin of the cells
//! ```
//!
//! A placed pixel's cell is 0xFFFF, because every kernel's centre is: no mask and no branch tell placed pixels from free ones.
//!
//! The fill runs through six scales ([`TABLE`]); each starts with a new field. While few pixels are placed, kernels are wide: sigma is about
//! 0.55/√density. From a tenth of the pixels on the fill uses the stage's own kernel: first eight times as strong, so that near pixels
//! saturate and count as taken while far ones gain precision; then with weights that never saturate a free pixel.
//!
//! The noise of the first scales is as large as their kernels. Without it the first pixels of a small mask would form a lattice, all later
//! pixels would stay on the lattice, and the mask would be an ordered dither (`docs/small.md`). The noise of the last scales is 3 % of a
//! kernel's peak; in an exact fill noise breaks ties only.
//!
//! The first scales place one pixel at a time into the argmin of the whole field. The later scales sweep over tiles of 32 x 16 pixels, place
//! one pixel per tile, and rank a sweep's pixels by their cells. Smaller tiles at the end of a row or column take part in fewer sweeps,
//! in proportion to their area; else they would fill up first. Sweeps leave no artefact at the tile's frequency (`docs/dither.md`).

mod parameters;
mod passes;

pub use parameters::Fill;

use super::PIXELS_A_STEP;
use super::argmin::{LowerBounds, group_count, tile_count};
use super::torus::{FieldLayout, KernelLayout, TorusGaussian, WINDOW};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::sort::counting::scatter;
use bytemuck::{Pod, Zeroable};
use passes::{AddPlaced, CellRow, INDEX_BITS, MakeBounds, OneAtATime, RankFew, Sweep, TAKEN};
use rand_core::Rng;

/// Rank of a pixel that is not placed yet.
const UNPLACED: u32 = u32::MAX;

/// Most placements that are ranked by comparing all pairs; more are ranked by a radix sort.
const FEW: usize = 64;

/// One scale of the fill.
struct Scale {
    /// Part of the pixels that is placed when the scale ends.
    until: f64,
    radius: usize,
    sigma: f64,
    weights: WeightScale,
    /// Upper end of a pixel's noise, exclusive.
    noise: f64,
    /// Whether the scale sweeps over tiles.
    tiles: bool,
}

/// How the `u16` weights of a kernel are scaled.
enum WeightScale {
    /// Weight of the peak.
    Peak(f64),
    /// Sum of all weights.
    Sum(f64),
}

/// Sum of weights that never saturate a free pixel: 0xFFFF less room for noise and rounding.
const SUM: f64 = 65_000.0;
const SCALES: usize = 6;

/// The scales: radius and sigma of 0 stand for the stage's own kernel.
///
/// The noise comes from a search over the six numbers, on masks of 16 to 64 pixels, scored by the largest bin of their patterns'
/// spectra, the HVS error and the low frequencies of sparse levels.
const TABLE: [Scale; SCALES] = [
    Scale {
        until: 1.0 / 256.0,
        radius: 30,
        sigma: 9.0,
        weights: WeightScale::Peak(12_000.0),
        noise: 24_000.0,
        tiles: false,
    },
    Scale {
        until: 1.0 / 64.0,
        radius: 18,
        sigma: 4.5,
        weights: WeightScale::Peak(12_000.0),
        noise: 12_000.0,
        tiles: false,
    },
    Scale { until: 0.033, radius: 12, sigma: 3.0, weights: WeightScale::Peak(12_000.0), noise: 2_500.0, tiles: false },
    Scale { until: 0.064, radius: 10, sigma: 2.0, weights: WeightScale::Peak(20_000.0), noise: 300.0, tiles: true },
    Scale { until: 0.1, radius: 0, sigma: 0.0, weights: WeightScale::Sum(8.0 * SUM), noise: 192.0, tiles: true },
    Scale { until: 1.0, radius: 0, sigma: 0.0, weights: WeightScale::Sum(SUM), noise: 192.0, tiles: true },
];

/// Least noise, which breaks ties between pixels at random.
const LEAST_NOISE: f64 = 8.0;

/// The stage's own sigma grows by the factor `1 + WIDER/n` on n pixels: 8 % at 16x16, 2 % at 32x32.
///
/// On a small torus a sharp kernel costs quality at HVS 1.5 and above, and some patterns settle on a lattice: one mask of 300 at 16x16
/// without the factor, one of 1000 with it.
const WIDER: f64 = 20.0;

impl Scale {
    const fn radius(&self, stage: &Fill) -> usize {
        if self.radius > 0 { self.radius } else { stage.radius as usize }
    }

    /// Factor of a pixel's noise, which is `factor·random byte/256`.
    fn noise(&self, stage: &Fill) -> u32 {
        let exact = self.radius == 0 && stage.exact != 0;
        let usual = if exact { LEAST_NOISE } else { self.noise };
        libm::round(usual * f64::from(stage.disorder)).max(LEAST_NOISE) as u32
    }

    /// Number of pixels placed when the scale ends.
    fn until(&self, layout: &FieldLayout) -> u32 {
        libm::ceil(self.until * layout.pixels() as f64) as u32
    }
}

/// Progress of the fill.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
pub(crate) struct FillProgress {
    /// Pixels placed.
    placed: u32,
    /// Index of the scale in [`TABLE`].
    scale: u32,
    /// Not 0: the scale has its table and field.
    made: u32,
    /// Number of sweeps so far.
    sweeps: u32,
    padding: [u32; 12],
}

/// Bytes of the work space.
pub(crate) const fn bytes(stage: &Fill, shape: Shape) -> usize {
    let layout = FieldLayout::new(shape);
    let (tiles, table) = (tile_count(&layout), table_len(stage, &layout));
    let bounds = bytes_of::<CellRow>(group_count(tiles)) + bytes_of::<u16>(group_count(tiles));
    let placements = 3 * bytes_of::<u32>(tiles);
    bytes_of::<FillProgress>(1) + bytes_of::<CellRow>(layout.len()) + bytes_of::<u16>(table) + bounds + placements
}

/// Cells of the kernel table, enough for every scale.
const fn table_len(stage: &Fill, layout: &FieldLayout) -> usize {
    let (mut most, mut i) = (0, 0);
    while i < SCALES {
        let len = KernelLayout::new(TABLE[i].radius(stage), layout).len();
        most = if len > most { len } else { most };
        i += 1;
    }
    most
}

/// The work space, typed.
struct FillSpace<'a> {
    state: &'a mut FillProgress,
    field: &'a mut [CellRow],
    table: &'a mut [u16],
    bounds: &'a mut [CellRow],
    groups: &'a mut [u16],
    /// Placements of a sweep: cell and index, see [`Sweep::keys`].
    keys: &'a mut [u32],
    /// Work space to sort `keys`.
    sorted: &'a mut [u32],
    /// Placements of a sweep: pixel indices.
    positions: &'a mut [u32],
}

impl<'a> FillSpace<'a> {
    fn new(memory: &'a mut [u8], stage: &Fill, layout: &FieldLayout) -> Option<Self> {
        let (mut memory, tiles) = (Carver::new(memory), tile_count(layout));
        Some(Self {
            state: memory.one()?,
            field: memory.take(layout.len())?,
            table: memory.take(table_len(stage, layout))?,
            bounds: memory.take(group_count(tiles))?,
            groups: memory.take(group_count(tiles))?,
            keys: memory.take(tiles)?,
            sorted: memory.take(tiles)?,
            positions: memory.take(tiles)?,
        })
    }
}

/// Takes one step: places pixels until at least `(step_index + 1)·PIXELS_A_STEP` have ranks. None if the work space is too small.
pub(crate) fn step<R: Rng>(
    level: SimdLevel,
    stage: &Fill,
    shape: Shape,
    step_index: u32,
    rng: &mut R,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Option<()> {
    let layout = FieldLayout::new(shape);
    let work = FillSpace::new(memory, stage, &layout)?;
    if step_index == 0 {
        *work.state = FillProgress::zeroed();
        ranks.fill(UNPLACED);
    }
    let wanted = layout.pixels().min((step_index as usize + 1).saturating_mul(PIXELS_A_STEP)) as u32;
    let mut run = FillStep { level, layout, stage, work, ranks, kernel: KernelLayout { columns: 0, rows: 0 } };
    run.until(wanted, rng);
    Some(())
}

struct FillStep<'a> {
    level: SimdLevel,
    layout: FieldLayout,
    stage: &'a Fill,
    work: FillSpace<'a>,
    ranks: &'a mut [u32],
    kernel: KernelLayout,
}

impl FillStep<'_> {
    fn until<R: Rng>(&mut self, wanted: u32, rng: &mut R) {
        while self.work.state.placed < wanted {
            let Some(scale) = TABLE.get(self.work.state.scale as usize) else {
                return self.place_the_rest();
            };
            let until = scale.until(&self.layout);
            if self.work.state.placed >= until {
                self.next_scale();
                continue;
            }
            self.kernel = KernelLayout::new(scale.radius(self.stage), &self.layout);
            if self.work.state.made == 0 {
                self.make(scale, rng);
            }
            let tiles = scale.tiles && self.stage.exact == 0;
            let before = self.work.state.placed;
            if tiles {
                self.sweep(false, rng);
                if self.work.state.placed == before {
                    // the tiles with free pixels may all have missed their turn
                    self.sweep(true, rng);
                }
            } else {
                self.one_at_a_time(until.min(wanted));
            }
            if self.work.state.placed == before {
                self.next_scale();
            }
        }
    }

    fn next_scale(&mut self) {
        self.work.state.scale = self.work.state.scale.wrapping_add(1);
        self.work.state.made = 0;
    }

    /// Ranks the pixels that no scale placed, by pixel index. There are some if weights saturate every cell.
    fn place_the_rest(&mut self) {
        for rank in self.ranks.iter_mut().filter(|rank| **rank == UNPLACED) {
            *rank = self.work.state.placed;
            self.work.state.placed = self.work.state.placed.wrapping_add(1);
        }
    }

    /// Makes the kernel table and the field of a scale.
    fn make<R: Rng>(&mut self, scale: &Scale, rng: &mut R) {
        self.work.state.made = 1;
        self.make_table(scale);
        let noise = scale.noise(self.stage);
        for y in 0..self.layout.height {
            for window in 0..self.layout.windows {
                let index = self.layout.cells_index(window * WINDOW, y);
                debug_assert!(index < self.work.field.len(), "the field has a cell a pixel");
                let Some(cells) = self.work.field.get_mut(index) else { return };
                // always splits: at most 32
                let (pixels, padding) =
                    cells.split_at_mut_checked(WINDOW.min(self.layout.width - window * WINDOW)).unwrap_or_default();
                // a byte is a uniform number in Q8
                let mut draw = || rng.next_u32().to_le_bytes().map(|byte| ((u32::from(byte) * noise) >> 8) as u16);
                let (fours, rest) = pixels.as_chunks_mut();
                for four in fours {
                    *four = draw();
                }
                if !rest.is_empty() {
                    for (to, value) in rest.iter_mut().zip(draw()) {
                        *to = value;
                    }
                }
                padding.fill(TAKEN);
            }
        }
        let (layout, kernel) = (self.layout, self.kernel);
        let (field, ranks) = (&mut *self.work.field, &*self.ranks);
        let table = table_of(self.work.table, kernel);
        self.level.run(AddPlaced { layout, kernel, field, table, ranks });
        if !scale.tiles || self.stage.exact != 0 {
            let bounds = LowerBounds { tiles: self.work.bounds, groups: self.work.groups };
            self.level.run(MakeBounds { layout, field: self.work.field, bounds });
        }
    }

    fn make_table(&mut self, scale: &Scale) {
        let layout = &self.layout;
        let spread = if scale.sigma > 0.0 {
            TorusGaussian::new(layout, scale.sigma, scale.radius, 1.0, 0.0)
        } else {
            let Fill { sigma, radius, narrow_weight, narrow_sigma, .. } = *self.stage;
            let wider = 1.0 + WIDER / layout.pixels() as f64;
            TorusGaussian::new(
                layout,
                wider * f64::from(sigma),
                radius as usize,
                narrow_sigma.into(),
                narrow_weight.into(),
            )
        };
        let factor = match scale.weights {
            WeightScale::Peak(peak) => peak,
            WeightScale::Sum(sum) => sum / spread.sum(),
        };
        debug_assert!(self.kernel.len() <= self.work.table.len(), "table_len is that of the largest scale");
        let Some(table) = self.work.table.get_mut(..self.kernel.len()) else { return };
        spread.fill(table, |value| libm::round(factor * value).clamp(0.0, 65_535.0) as u16);
        let (column, row) = self.kernel.centre();
        let centre = row * self.kernel.row_len() + WINDOW + column;
        debug_assert!(centre < table.len(), "the centre is in the table");
        if let Some(centre) = table.get_mut(centre) {
            *centre = TAKEN;
        }
    }

    fn one_at_a_time(&mut self, until: u32) {
        let FillSpace { state, field, table, bounds, groups, .. } = &mut self.work;
        let placed = state.placed;
        let (layout, kernel, ranks) = (self.layout, self.kernel, &mut *self.ranks);
        let table = table_of(table, kernel);
        let bounds = LowerBounds { tiles: bounds, groups };
        state.placed = self.level.run(OneAtATime { layout, kernel, field, table, bounds, ranks, placed, until });
    }

    /// Places and ranks one pixel in each tile that takes part in this sweep, or in all tiles.
    fn sweep<R: Rng>(&mut self, all: bool, rng: &mut R) {
        // a draw is a uniform number in Q32
        let offset = ((u64::from(rng.next_u32()) * self.layout.height as u64) >> 32) as usize;
        let (layout, kernel, level) = (self.layout, self.kernel, self.level);
        let FillSpace { state, field, table, keys, sorted, positions, .. } = &mut self.work;
        let table = table_of(table, kernel);
        let turn = if all { None } else { Some(state.sweeps) };
        state.sweeps = state.sweeps.wrapping_add(1);
        let count = level.run(Sweep { layout, kernel, field, table, keys, positions, offset, turn });
        debug_assert!(count <= keys.len() && count <= positions.len(), "at most one placement a tile");
        let (Some(keys), Some(positions)) = (keys.get_mut(..count), positions.get(..count)) else { return };
        let placed = state.placed;
        state.placed = placed.wrapping_add(count as u32);
        if count <= FEW {
            return level.run(RankFew { keys, positions, placed, ranks: self.ranks });
        }
        debug_assert!(count <= sorted.len(), "at most one placement a tile");
        let Some(sorted) = sorted.get_mut(..count) else { return };
        // a radix sort by the two bytes of the cell, above the index
        let mut counters = [0; 256];
        scatter(&mut counters, keys, sorted, |key| (key >> INDEX_BITS) as u8 as usize);
        scatter(&mut counters, sorted, keys, |key| (key >> (INDEX_BITS + 8)) as u8 as usize);
        for (rank, key) in (placed..).zip(&*keys) {
            let index = (*key & ((1 << INDEX_BITS) - 1)) as usize;
            debug_assert!(index < positions.len(), "the index of a placement; a mask has less than 2¹⁶ tiles");
            let position = positions.get(index).copied().unwrap_or_default();
            if let Some(to) = self.ranks.get_mut(position as usize) {
                *to = rank;
            }
        }
    }
}

/// Returns the part of the work space that holds the table of a scale.
fn table_of(table: &[u16], kernel: KernelLayout) -> &[u16] {
    debug_assert!(kernel.len() <= table.len(), "table_len is that of the largest scale");
    table.get(..kernel.len()).unwrap_or_default()
}
