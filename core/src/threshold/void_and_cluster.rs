//! Void-and-cluster (R. Ulichney, "The void-and-cluster method for dither array generation", 1993), exact.
//!
//! 1. A random pattern of a few pixels is relaxed: its tightest cluster moves to its largest void until that is the same place.
//! 2. Of the relaxed pattern the tightest cluster is taken away, again and again: ranks from the pattern's last down to 0.
//! 3. From the relaxed pattern on the largest void is filled, again and again: all other ranks. (Past the half Ulichney looks for the
//!    tightest cluster of free pixels. That is the same place: what the free ones add up to is the whole kernel less the others.)
//!
//! The field is one `u32` a pixel: the sum of the Gaussians of the occupied pixels, in units that add up to less than 2³¹, and bit 31
//! for an occupied one. So the largest void is the least cell of all, and the tightest cluster the greatest; of equal ones the first.

use super::bounds::{Bounds, Cells, TILE_ROWS, groups, tiles};
use super::grid::{Grid, Reach, Spread, WINDOW};
use crate::layout::{MEMORY_ALIGN, cut};
use crate::recipe::{PIXELS_A_STEP, VoidAndCluster};
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, Level};
use bytemuck::{Pod, Zeroable};
use rand_core::Rng;

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
    let sizes = Sizes::new(&Grid::new(shape));
    sizes.state + sizes.field + sizes.table + 2 * (sizes.bounds + sizes.groups)
}

struct Sizes {
    state: usize,
    field: usize,
    table: usize,
    /// Of bounds of tiles and of groups, once for voids and once for clusters.
    bounds: usize,
    groups: usize,
}

impl Sizes {
    const fn new(grid: &Grid) -> Self {
        Self {
            state: size_of::<State>(),
            field: 4 * WINDOW * grid.len(),
            // the largest sigma is 8
            table: (4 * Reach::new(48, grid).len()).next_multiple_of(MEMORY_ALIGN),
            bounds: 4 * WINDOW * groups(tiles(grid)),
            groups: (4 * groups(tiles(grid))).next_multiple_of(MEMORY_ALIGN),
        }
    }
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
    let sizes = Sizes::new(&grid);
    let mut rest = memory;
    let state = cut::<State>(&mut rest, sizes.state)?.first_mut()?;
    let (field, _) = cut::<u32>(&mut rest, sizes.field)?.as_chunks_mut();
    let reach = Reach::new(radius(stage), &grid);
    let table = cut::<u32>(&mut rest, sizes.table)?.get_mut(..reach.len())?;
    let voids = bounds(&mut rest, &sizes)?;
    let clusters = bounds(&mut rest, &sizes)?;

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
    level.run(Run { masks, grid, reach, field, table, voids, clusters, ranks, state, tasks, rng });
    Some(())
}

fn bounds<'a>(rest: &mut &'a mut [u8], sizes: &Sizes) -> Option<Bounds<'a, u32>> {
    let (tiles, _) = cut::<u32>(rest, sizes.bounds)?.as_chunks_mut();
    let groups = cut::<u32>(rest, sizes.groups)?.get_mut(..tiles.len())?;
    Some(Bounds { tiles, groups })
}

/// A row of no cell.
const NOTHING: Window = [u32::MAX; WINDOW];

/// The cells of a field as they are, to find voids, or with all bits flipped, to find clusters. Padding is [`OCCUPIED`]
/// with a sum of 0: more than any void, less than any cluster.
struct Field<'a> {
    field: &'a [Window],
    grid: Grid,
    flip: u32,
}

impl Cells<u32> for Field<'_> {
    #[inline(always)]
    fn row(&self, tile_row: usize, window: usize, i: usize) -> Window {
        // rows past the last are not in the field
        let row = tile_row * TILE_ROWS + i;
        let Some(cells) = self.field.get(row * self.grid.windows + window) else { return NOTHING };
        let mut cells = *cells;
        for i in 0..WINDOW {
            cells[i] ^= self.flip;
        }
        cells
    }

    #[inline(always)]
    fn cell(&self, tile_row: usize, window: usize, i: usize, column: usize) -> u32 {
        let cells = self.field.get((tile_row * TILE_ROWS + i) * self.grid.windows + window);
        cells.map_or(u32::MAX, |cells| cells[column % WINDOW] ^ self.flip)
    }
}

/// What a step has to do.
struct Tasks {
    initial: usize,
    relax_steps: usize,
    rank_steps: usize,
    place: usize,
}

struct Run<'a, R> {
    /// All bits of the columns that have pixels: of any window of a row, and of the last.
    masks: [Window; 2],
    grid: Grid,
    reach: Reach,
    field: &'a mut [Window],
    table: &'a [u32],
    voids: Bounds<'a, u32>,
    clusters: Bounds<'a, u32>,
    ranks: &'a mut [u32],
    state: &'a mut State,
    tasks: Tasks,
    rng: &'a mut R,
}

impl<R: Rng> Kernel for Run<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self, _: V::Token) {
        let Tasks { initial, relax_steps, rank_steps, place } = self.tasks;
        if place < relax_steps {
            if place == 0 {
                self.clear();
                self.scatter();
            }
            self.relax((8 * initial).min((place + 1) * PIXELS_A_STEP) as u32);
        } else if place < relax_steps + rank_steps {
            if place == relax_steps {
                self.state.ranked = initial as u32;
            }
            let done = ((place - relax_steps + 1) * PIXELS_A_STEP).min(initial);
            self.withdraw((initial - done) as u32);
            if done == initial {
                self.restore();
            }
        } else {
            let until = initial + (place - relax_steps - rank_steps + 1) * PIXELS_A_STEP;
            self.insert(until.min(self.grid.pixels()) as u32);
        }
    }
}

impl<R: Rng> Run<'_, R> {
    #[inline(always)]
    fn clear(&mut self) {
        for (window, cells) in self.field.iter_mut().enumerate() {
            let mask = self.masks[usize::from((window + 1).is_multiple_of(self.grid.windows.max(1)))];
            *cells = mask.map(|bits| !bits & OCCUPIED);
        }
        self.voids.make(&Field { field: self.field, grid: self.grid, flip: 0 }, &self.grid);
        self.clusters.make(&Field { field: self.field, grid: self.grid, flip: u32::MAX }, &self.grid);
    }

    /// The initial pattern: random places; where one is occupied already, the next that is free.
    #[inline(always)]
    fn scatter(&mut self) {
        let pixels = self.grid.pixels();
        for _ in 0..self.tasks.initial {
            let mut position = ((u64::from(self.rng.next_u32()) * pixels as u64) >> 32) as usize;
            let mut tries = 0;
            while self.is_occupied(position) && tries < pixels {
                position = if position + 1 < pixels { position + 1 } else { 0 };
                tries += 1;
            }
            self.occupy::<true>(position % self.grid.width.max(1), position / self.grid.width.max(1));
        }
    }

    #[inline(always)]
    fn is_occupied(&self, position: usize) -> bool {
        let (x, y) = (position % self.grid.width.max(1), position / self.grid.width.max(1));
        let cells = self.field.get(y * self.grid.windows + x / WINDOW);
        cells.is_some_and(|cells| cells[x % WINDOW] >= OCCUPIED)
    }

    /// Moves tightest clusters to largest voids until that changes nothing, or so many moves are made.
    #[inline(always)]
    fn relax(&mut self, until: u32) {
        while self.state.relaxed == 0 && self.state.moves < until {
            self.state.moves += 1;
            let (x, y) = self.cluster();
            self.vacate(x, y);
            let void = self.void();
            self.occupy::<true>(void.0, void.1);
            self.state.relaxed = u32::from(void == (x, y));
        }
    }

    /// Ranks of the pattern, from the last down to `until`.
    #[inline(always)]
    fn withdraw(&mut self, until: u32) {
        // no more, also in a damaged block
        self.state.ranked = self.state.ranked.min(self.tasks.initial as u32);
        while self.state.ranked > until {
            let (x, y) = self.cluster();
            self.vacate(x, y);
            self.state.ranked -= 1;
            self.rank(x, y);
        }
    }

    /// The relaxed pattern again: all that have ranks.
    #[inline(always)]
    fn restore(&mut self) {
        for position in 0..self.grid.pixels() {
            if self.ranks.get(position).is_some_and(|rank| *rank != UNRANKED) {
                self.occupy::<false>(position % self.grid.width.max(1), position / self.grid.width.max(1));
            }
        }
        self.state.ranked = self.tasks.initial as u32;
    }

    /// Ranks of the rest, up to `until`.
    #[inline(always)]
    fn insert(&mut self, until: u32) {
        while self.state.ranked < until {
            let (x, y) = self.void();
            self.occupy::<false>(x, y);
            self.rank(x, y);
            self.state.ranked += 1;
        }
    }

    #[inline(always)]
    fn rank(&mut self, x: usize, y: usize) {
        if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
            *rank = self.state.ranked;
        }
    }

    /// With `CLUSTERS` clusters will be looked for again.
    #[inline(always)]
    fn occupy<const CLUSTERS: bool>(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add::<false, CLUSTERS>(x, y);
    }

    #[inline(always)]
    fn vacate(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add::<true, true>(x, y);
    }

    /// Between free and occupied.
    #[inline(always)]
    fn flip(&mut self, x: usize, y: usize) {
        if let Some(cells) = self.field.get_mut(y * self.grid.windows + x / WINDOW) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    /// Adds the kernel at (x, y), or takes it away. What is added may make clusters, what is taken away voids.
    #[inline(always)]
    fn add<const AWAY: bool, const RENEW: bool>(&mut self, x: usize, y: usize) {
        let parts = self.reach.parts(&self.grid, x);
        let mut j = 0;
        for line in self.table.chunks_exact(self.reach.row_len().max(1)) {
            let row = self.reach.row_at(&self.grid, y, j) * self.grid.windows;
            for part in parts.as_slice() {
                let window = row + part.window as usize;
                let from = line.get(part.from as usize..part.from as usize + WINDOW);
                let from = from.and_then(<[u32]>::first_chunk::<WINDOW>);
                if let (Some(cells), Some(from)) = (self.field.get_mut(window), from) {
                    // copies: the compiler must see that the two do not overlap
                    let (mut sum, from) = (*cells, *from);
                    let mask = &self.masks[usize::from(part.window as usize + 1 == self.grid.windows)];
                    for i in 0..WINDOW {
                        sum[i] = if AWAY {
                            sum[i].wrapping_sub(from[i] & mask[i])
                        } else {
                            sum[i].wrapping_add(from[i] & mask[i])
                        };
                    }
                    *cells = sum;
                }
            }
            j += 1;
        }
        if RENEW {
            let flip = if AWAY { 0 } else { u32::MAX };
            let cells = Field { field: self.field, grid: self.grid, flip };
            let bounds = if AWAY { &mut self.voids } else { &mut self.clusters };
            let mut last = None;
            for j in 0..self.reach.rows {
                let tile_row = self.reach.row_at(&self.grid, y, j) / TILE_ROWS;
                if last != Some(tile_row) {
                    for part in parts.as_slice() {
                        bounds.lower(&cells, &self.grid, tile_row, part.window as usize);
                    }
                }
                last = Some(tile_row);
            }
        }
    }

    /// The first of the least cells.
    #[inline(always)]
    fn void(&mut self) -> (usize, usize) {
        let place = self.voids.first_least(&Field { field: self.field, grid: self.grid, flip: 0 }, &self.grid);
        self.inside(place)
    }

    /// The first of the greatest cells.
    #[inline(always)]
    fn cluster(&mut self) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        let place = self.clusters.first_least(&field, &self.grid);
        self.inside(place)
    }

    /// A place in the grid; there is always one unless the block was damaged.
    #[inline(always)]
    fn inside(&self, place: Option<(usize, usize)>) -> (usize, usize) {
        let (x, y) = place.unwrap_or((0, 0));
        (x.min(self.grid.width.saturating_sub(1)), y.min(self.grid.height.saturating_sub(1)))
    }
}
