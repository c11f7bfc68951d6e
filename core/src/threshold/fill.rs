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
//!
//! # Volumes
//!
//! Each plane of a volume (one channel of one layer) has a field and an order of its own. In each round every plane places one pixel or
//! takes one sweep, in an order drawn at random. The pixels that a plane placed then also add to the cells of other planes, see
//! [`Couple`]: so the planes avoid each other's pixels. A scale ends when every plane has reached the scale's density.

mod batch;
mod couple;
mod parameters;
mod passes;
mod scale;
mod space;

pub(crate) use batch::is_left_out;
pub use parameters::Fill;
pub(crate) use space::bytes;

use super::argmin::LowerBounds;
use super::torus::{FieldLayout, KernelLayout, TorusGaussian, WINDOW};
use super::{PIXELS_A_STEP, placements};
use crate::jobs::Means;
use crate::shape::Shape;
use batch::{BATCH, Batch, Segments};
use bytemuck::Zeroable;
use couple::{Couple, time_taps};
use passes::{AddPlaced, CELL_SHIFT, MakeBounds, NOISE_WINDOWS, Noise, OneAtATime, Sweep, TAKEN, Tiles};
use rand_core::Rng;
use scale::{Scale, TABLE, WIDER, WeightScale};
use space::{FillProgress, FillSpace, PlaneProgress, PlaneSizes};

/// Rank of a pixel that is not placed yet.
const UNPLACED: u32 = u32::MAX;

/// Pixels that are searched for placed ones at a time.
const LIST: usize = 64;

/// Takes one step: rounds until at least `(step_index + 1)·PIXELS_A_STEP` pixels of all planes have ranks.
///
/// `ranks` has the planes one after the other. None if the work space is too small.
pub(crate) fn step<R: Rng>(
    means: Means<'_>,
    stage: &Fill,
    shape: Shape,
    step_index: u32,
    rng: &mut R,
    memory: &mut [u8],
    ranks: &mut [u32],
) -> Option<()> {
    let layout = space::layout(shape);
    let work = FillSpace::new(memory, stage, shape, &layout)?;
    if step_index == 0 {
        *work.state = FillProgress::zeroed();
        work.planes.fill(PlaneProgress::zeroed());
        ranks.fill(UNPLACED);
    }
    let wanted = shape.elements().min((step_index as usize + 1).saturating_mul(PIXELS_A_STEP)) as u32;
    let sizes = PlaneSizes::new(shape, &layout);
    let kernel = KernelLayout { columns: 0, rows: 0 };
    FillStep { means, shape, layout, sizes, stage, work, ranks, kernel }.until(wanted, rng);
    Some(())
}

struct FillStep<'a> {
    means: Means<'a>,
    shape: Shape,
    layout: FieldLayout,
    sizes: PlaneSizes,
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
            if self.work.planes.iter().all(|plane| plane.placed >= until) {
                self.next_scale();
                continue;
            }
            self.kernel = KernelLayout::new(scale.radius(self.stage), &self.layout);
            if self.work.state.made == 0 {
                self.make(scale, rng);
            }
            let before = self.work.state.placed;
            self.round(scale, until, wanted, rng);
            if self.work.state.placed == before {
                self.next_scale();
            }
        }
    }

    /// Lets each plane that has less than `until` pixels place one pixel, or take one sweep.
    fn round<R: Rng>(&mut self, scale: &Scale, until: u32, wanted: u32, rng: &mut R) {
        self.shuffle_turns(rng);
        let tiles = scale.tiles && self.stage.exact == 0;
        for turn in 0..self.sizes.planes {
            debug_assert!(turn < self.work.turns.len(), "one turn a plane");
            let Some(&plane) = self.work.turns.get(turn) else { return };
            let plane = plane as usize;
            let Some(&PlaneProgress { placed, .. }) = self.work.planes.get(plane) else { return };
            if placed >= until {
                continue;
            }
            let count = if !tiles {
                // one plane need not wait for others
                let most = if self.sizes.planes > 1 { placed + 1 } else { until.min(wanted) };
                self.one_at_a_time(plane, most)
            } else if let Some(segments) = Segments::new(self.shape)
                && self.has_room(placed, until)
            {
                match self.batch(segments, rng) {
                    0 => self.sweep(plane, true, rng),
                    count => count,
                }
            } else {
                match self.sweep(plane, false, rng) {
                    // the tiles with free pixels may all have missed their turn
                    0 => self.sweep(plane, true, rng),
                    count => count,
                }
            };
            self.work.state.placed = self.work.state.placed.wrapping_add(count as u32);
            if self.is_coupled() {
                let keys = core::mem::take(&mut self.work.keys);
                debug_assert!(count <= keys.len(), "at most one placement a tile");
                self.couple(plane, keys.get(..count).unwrap_or_default());
                self.work.keys = keys;
            }
        }
    }

    /// Whether a batch of sweeps places no more than `until` pixels.
    fn has_room(&self, placed: u32, until: u32) -> bool {
        placed as usize + BATCH * self.sizes.tiles <= until as usize
    }

    /// Sets the turns to a random permutation of the planes (Fisher and Yates).
    fn shuffle_turns<R: Rng>(&mut self, rng: &mut R) {
        for (turn, plane) in self.work.turns.iter_mut().zip(0..) {
            *turn = plane;
        }
        for last in (1..self.work.turns.len()).rev() {
            let other = below(rng, last + 1);
            let turns = &mut *self.work.turns;
            debug_assert!(other <= last && last < turns.len(), "below its limit");
            if let (Some(&a), Some(&b)) = (turns.get(other), turns.get(last)) {
                (turns[other], turns[last]) = (b, a);
            }
        }
    }

    /// Whether planes act on each other.
    fn is_coupled(&self) -> bool {
        let layers = self.shape.layers > 1 && self.stage.coupling.time_weight > 0.0;
        layers || !self.work.channel_table.is_empty()
    }

    /// Adds placements of a plane to the other planes.
    fn couple(&mut self, plane: usize, placements: &[u64]) {
        let FillSpace { fields, channel_table, time_taps, .. } = &mut self.work;
        let (layout, kernel, shape, stride) = (self.layout, self.kernel, self.shape, self.sizes.field);
        // empty if channels do not act on each other
        let channel_table = channel_table.get(..kernel.len()).unwrap_or_default();
        let time_taps = &*time_taps;
        self.means.level.run(Couple {
            layout,
            kernel,
            shape,
            stride,
            fields,
            plane,
            placements,
            channel_table,
            time_taps,
        });
    }

    fn next_scale(&mut self) {
        self.work.state.scale = self.work.state.scale.wrapping_add(1);
        self.work.state.made = 0;
    }

    /// Ranks the pixels that no scale placed, by pixel index. There are some if weights saturate every cell.
    fn place_the_rest(&mut self) {
        debug_assert!(self.layout.pixels() > 0, "a mask has pixels");
        let planes = self.ranks.chunks_exact_mut(self.layout.pixels().max(1));
        for (plane, ranks) in self.work.planes.iter_mut().zip(planes) {
            for rank in ranks.iter_mut().filter(|rank| **rank == UNPLACED) {
                *rank = plane.placed;
                plane.placed = plane.placed.wrapping_add(1);
                self.work.state.placed = self.work.state.placed.wrapping_add(1);
            }
        }
    }

    /// Makes the tables and the fields of a scale.
    fn make<R: Rng>(&mut self, scale: &Scale, rng: &mut R) {
        self.work.state.made = 1;
        self.make_tables(scale);
        let noise = scale.noise(self.stage);
        for plane in 0..self.sizes.planes {
            self.make_noise(plane, noise, rng);
        }
        for plane in 0..self.sizes.planes {
            self.add_placed(plane);
        }
        if !scale.tiles || self.stage.exact != 0 {
            for plane in 0..self.sizes.planes {
                let layout = self.layout;
                let bounds = LowerBounds {
                    tiles: part_mut(self.work.bounds, plane, self.sizes.groups),
                    groups: part_mut(self.work.groups, plane, self.sizes.groups),
                    blocks: part_mut(self.work.blocks, plane, self.sizes.blocks),
                };
                let field = part_mut(self.work.fields, plane, self.sizes.field);
                self.means.level.run(MakeBounds { layout, field, bounds });
            }
        }
    }

    /// Fills the field of a plane with noise, row by row, one draw for four pixels.
    fn make_noise<R: Rng>(&mut self, plane: usize, noise: u16, rng: &mut R) {
        let field = part_mut(self.work.fields, plane, self.sizes.field);
        let mut bytes = [[0; WINDOW]; NOISE_WINDOWS];
        for y in 0..self.layout.height {
            let mut window = 0;
            while window < self.layout.windows {
                let windows = NOISE_WINDOWS.min(self.layout.windows - window);
                for (i, bytes) in bytes.iter_mut().take(windows).enumerate() {
                    let pixels = WINDOW.min(self.layout.width - (window + i) * WINDOW);
                    for four in bytes.as_chunks_mut().0.iter_mut().take(pixels.div_ceil(4)) {
                        *four = rng.next_u32().to_le_bytes();
                    }
                }
                let bytes = bytes.get(..windows).unwrap_or_default();
                self.means.level.run(Noise { layout: self.layout, field, y, window, bytes, noise });
                window += windows;
            }
        }
    }

    /// Adds the placed pixels of a plane to its field and to those of the other planes.
    fn add_placed(&mut self, plane: usize) {
        let (layout, kernel, pixels) = (self.layout, self.kernel, self.layout.pixels());
        let field = part_mut(self.work.fields, plane, self.sizes.field);
        let table = table_of(self.work.table, kernel);
        self.means.level.run(AddPlaced { layout, kernel, field, table, ranks: part_mut(self.ranks, plane, pixels) });
        if !self.is_coupled() {
            return;
        }
        let mut list = [0; LIST];
        for first in (0..pixels).step_by(LIST) {
            let ranks = part_mut(self.ranks, plane, pixels).iter().skip(first);
            let mut count = 0;
            // at most LIST elements: each is written, then kept if its pixel is placed
            for ((pixel, rank), _) in (first as u64..).zip(ranks).zip(0..LIST) {
                if let Some(to) = list.get_mut(count) {
                    *to = pixel;
                }
                count += usize::from(*rank != UNPLACED);
            }
            if count > 0 {
                self.couple(plane, list.get(..count).unwrap_or_default());
            }
        }
    }

    /// Makes the kernel tables of a scale.
    fn make_tables(&mut self, scale: &Scale) {
        let (layout, shape, coupling) = (&self.layout, self.shape, &self.stage.coupling);
        let spread = if scale.sigma > 0.0 {
            TorusGaussian::new(layout, scale.sigma, scale.radius(self.stage), 1.0, 0.0)
        } else {
            self.own_kernel()
        };
        let time_weight = if shape.layers > 1 { f64::from(coupling.time_weight) } else { 0.0 };
        let channel_weight = f64::from(coupling.channel_weight);
        let planes = 1.0 + time_weight + channel_weight * (f64::from(shape.channels) - 1.0);
        let factor = match scale.weights {
            WeightScale::Peak(peak) => peak,
            WeightScale::Sum(sum) => sum / planes / spread.sum(),
        };
        let len = self.kernel.len();
        debug_assert!(len <= self.work.table.len(), "table_len is that of the largest scale");
        let Some(table) = self.work.table.get_mut(..len) else { return };
        spread.fill(table, |value| weight(factor * value));
        let (column, row) = self.kernel.centre();
        let centre = row * self.kernel.row_len() + WINDOW + column;
        debug_assert!(centre < table.len(), "the centre is in the table");
        if let Some(centre) = table.get_mut(centre) {
            *centre = TAKEN;
        }
        if let Some(table) = self.work.channel_table.get_mut(..len) {
            spread.fill(table, |value| weight(channel_weight * (factor * value)));
        }
        self.work.time_taps.fill(0);
        if time_weight > 0.0 {
            let own = self.own_kernel();
            time_taps(coupling, factor * spread.peak(), own.sum() / own.peak(), self.work.time_taps);
        }
    }

    /// Returns the stage's own kernel.
    fn own_kernel(&self) -> TorusGaussian {
        let Fill { sigma, radius, narrow_weight, narrow_sigma, .. } = *self.stage;
        let wider = 1.0 + WIDER / self.layout.pixels() as f64;
        let radius = radius as usize;
        let sigma = wider * f64::from(sigma);
        TorusGaussian::new(&self.layout, sigma, radius, narrow_sigma.into(), narrow_weight.into())
    }

    /// Places pixels of a plane one at a time until `until` are placed. Returns their number; `keys` has the last.
    fn one_at_a_time(&mut self, plane: usize, until: u32) -> usize {
        let (layout, kernel) = (self.layout, self.kernel);
        let FillSpace { planes, fields, table, bounds, groups, blocks, keys, .. } = &mut self.work;
        let table = table_of(table, kernel);
        let bounds = LowerBounds {
            tiles: part_mut(bounds, plane, self.sizes.groups),
            groups: part_mut(groups, plane, self.sizes.groups),
            blocks: part_mut(blocks, plane, self.sizes.blocks),
        };
        let field = part_mut(fields, plane, self.sizes.field);
        let ranks = part_mut(self.ranks, plane, layout.pixels());
        let Some(progress) = planes.get_mut(plane) else { return 0 };
        let before = progress.placed;
        let (placed, last) =
            self.means.level.run(OneAtATime { layout, kernel, field, table, bounds, ranks, placed: before, until });
        progress.placed = placed;
        if let Some(to) = keys.first_mut() {
            *to = last.into();
        }
        placed.wrapping_sub(before) as usize
    }

    /// Places and ranks one pixel in each tile of a plane that takes part in this sweep, or in all tiles.
    ///
    /// Returns the number of the placements, which are the first of `keys`.
    fn sweep<R: Rng>(&mut self, plane: usize, all: bool, rng: &mut R) -> usize {
        let offset = below(rng, self.layout.height);
        let (layout, kernel, level) = (self.layout, self.kernel, self.means.level);
        let FillSpace { planes, fields, table, keys, sorted, .. } = &mut self.work;
        let table = table_of(table, kernel);
        let field = part_mut(fields, plane, self.sizes.field);
        let ranks = part_mut(self.ranks, plane, layout.pixels());
        let Some(progress) = planes.get_mut(plane) else { return 0 };
        let turn = if all { None } else { Some(progress.sweeps) };
        progress.sweeps = progress.sweeps.wrapping_add(1);
        let tiles = Tiles { layout, kernel, field, table };
        let count = level.run(Sweep { tiles, keys, offset, turn });
        debug_assert!(count <= keys.len() && count <= sorted.len(), "at most one placement a tile");
        let (Some(keys), Some(sorted)) = (keys.get_mut(..count), sorted.get_mut(..count)) else { return 0 };
        let placed = progress.placed;
        progress.placed = placed.wrapping_add(count as u32);
        placements::rank(level, keys, sorted, CELL_SHIFT, placed, ranks);
        count
    }

    /// Takes a batch of sweeps over a flat mask, with the result of sweep after sweep. Returns the number of placements.
    fn batch<R: Rng>(&mut self, segments: Segments, rng: &mut R) -> usize {
        let mut offsets = [0; BATCH];
        for offset in &mut offsets {
            *offset = below(rng, self.layout.height) as u32;
        }
        let (layout, kernel) = (self.layout, self.kernel);
        let FillSpace { planes, fields, table, batch: keys, counters, .. } = &mut self.work;
        let table = table_of(table, kernel);
        let Some(progress) = planes.first_mut() else { return 0 };
        let mut batch = Batch { layout, kernel, segments, field: fields, table, keys, offsets, turn: progress.sweeps };
        batch.place(self.means);
        let count = batch.rank(progress.placed, counters, self.ranks);
        progress.sweeps = progress.sweeps.wrapping_add(BATCH as u32);
        progress.placed = progress.placed.wrapping_add(count);
        count as usize
    }
}

/// Draws a uniform number below `limit`.
fn below<R: Rng>(rng: &mut R, limit: usize) -> usize {
    // a draw is a uniform number in Q32
    ((u64::from(rng.next_u32()) * limit as u64) >> 32) as usize
}

/// Rounds to a cell.
fn weight(value: f64) -> u16 {
    libm::round(value).clamp(0.0, 65_535.0) as u16
}

/// Returns part `index` of a buffer whose parts have `len` elements.
fn part_mut<T>(all: &mut [T], index: usize, len: usize) -> &mut [T] {
    debug_assert!((index + 1) * len <= all.len(), "a part a plane");
    all.get_mut(index * len..(index + 1) * len).unwrap_or_default()
}

/// Returns the part of the work space that holds the table of a scale.
fn table_of(table: &[u16], kernel: KernelLayout) -> &[u16] {
    debug_assert!(kernel.len() <= table.len(), "table_len is that of the largest scale");
    table.get(..kernel.len()).unwrap_or_default()
}
