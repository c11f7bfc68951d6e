//! The moves of void-and-cluster on its field, compiled for each SIMD level.

use super::{OCCUPIED, State, UNRANKED, Window};
use crate::simd::{Kernel, Lanes, SimdLevel, Words};
use crate::threshold::PIXELS_A_STEP;
use crate::threshold::argmin::{Bounds, Cells, TILE_ROWS, Tile};
use crate::threshold::grid::{Grid, Reach, WINDOW};
use rand_core::Rng;

/// A field whose argmin is a void, or with all bits flipped a cluster. Padding is [`OCCUPIED`] with a sum of 0: more than any void,
/// less than any cluster.
struct Field<'a> {
    field: &'a [Window],
    grid: Grid,
    /// 0 for voids, all bits for clusters.
    flip: u32,
}

impl Cells<u32> for Field<'_> {
    /// A tile that has all its rows.
    #[inline(always)]
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<u32>> {
        self.grid.strip(self.field, window).get(tile_row * TILE_ROWS..).and_then(<[Window]>::first_chunk)
    }

    #[inline(never)]
    fn part(&self, tile_row: usize, window: usize) -> Tile<u32> {
        debug_assert!(tile_row * TILE_ROWS < self.grid.height, "a tile of the grid has a row");
        let strip = self.grid.strip(self.field, window).get(tile_row * TILE_ROWS..).unwrap_or_default();
        let mut tile = [[!self.flip; WINDOW]; TILE_ROWS];
        for (to, row) in tile.iter_mut().zip(strip) {
            *to = *row;
        }
        tile
    }

    #[inline(always)]
    fn value(&self, cell: u32) -> u32 {
        cell ^ self.flip
    }
}

/// Sets the bounds of all tiles.
struct Make<'r, 'a> {
    field: &'r Field<'r>,
    bounds: &'r mut Bounds<'a, u32>,
}

impl Kernel for Make<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        self.bounds.make(self.field, &self.field.grid);
    }
}

/// Finds the argmin.
struct Find<'r, 'a> {
    field: &'r Field<'r>,
    bounds: &'r mut Bounds<'a, u32>,
}

impl Kernel for Find<'_, '_> {
    type Output = Option<(usize, usize)>;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> Self::Output {
        self.bounds.first_least::<V::Short>(token, self.field, &self.field.grid)
    }
}

/// Adds the kernel of a pixel, or subtracts it.
struct Add<'r> {
    /// See [`Run::masks`].
    masks: &'r [Window; 2],
    grid: Grid,
    reach: Reach,
    field: &'r mut [Window],
    table: &'r [u32],
    /// Column and row of the pixel.
    pixel: (usize, usize),
    subtract: bool,
}

impl Kernel for Add<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { masks, grid, reach, field, table, pixel, subtract } = self;
        // −k = !k + 1
        let (flip, one) = if subtract { (u32::MAX, 1) } else { (0, 0) };
        let last = grid.windows - 1;
        reach.add(
            &grid,
            field,
            table,
            pixel,
            #[inline(always)]
            |cells, from, window| {
                // copies: the compiler must see that the two do not overlap
                let (mut sum, from) = (*cells, *from);
                let mask = &masks[usize::from(window == last)];
                for i in 0..WINDOW {
                    sum[i] = sum[i].wrapping_add((from[i] & mask[i]) ^ flip).wrapping_add(one);
                }
                *cells = sum;
            },
        );
    }
}

/// Renews the bounds of the tiles that a kernel at (x, y) touches: their cells shrank.
struct Renew<'r, 'a> {
    field: &'r Field<'r>,
    bounds: &'r mut Bounds<'a, u32>,
    reach: Reach,
    x: usize,
    y: usize,
}

impl Kernel for Renew<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let grid = &self.field.grid;
        let parts = self.reach.parts(grid, self.x);
        let (first, count) = self.reach.rows_at(grid, self.y);
        // rows to the end of the grid, and those that wrap to its beginning
        for rows in [first..first + count, 0..self.reach.rows - count] {
            for tile_row in rows.start / TILE_ROWS..rows.end.div_ceil(TILE_ROWS) {
                for part in parts {
                    self.bounds.lower(self.field, grid, tile_row, part.window);
                }
            }
        }
    }
}

/// The schedule of the stage, and the present step in it.
pub(super) struct Tasks {
    /// Pixels of the initial pattern.
    pub(super) initial: usize,
    /// Steps that relax the initial pattern.
    pub(super) relax_steps: usize,
    /// Steps that rank it.
    pub(super) rank_steps: usize,
    pub(super) step_index: usize,
}

/// One step on the work space.
pub(super) struct Run<'a, R> {
    pub(super) level: SimdLevel,
    /// All bits of the columns that have pixels: in any window, and in the last of a row.
    pub(super) masks: [Window; 2],
    pub(super) grid: Grid,
    pub(super) reach: Reach,
    pub(super) field: &'a mut [Window],
    pub(super) table: &'a [u32],
    pub(super) voids: Bounds<'a, u32>,
    pub(super) clusters: Bounds<'a, u32>,
    pub(super) ranks: &'a mut [u32],
    pub(super) state: &'a mut State,
    pub(super) tasks: Tasks,
    pub(super) rng: &'a mut R,
}

impl<R: Rng> Run<'_, R> {
    /// Takes the step.
    pub(super) fn run(mut self) {
        let Tasks { initial, relax_steps, rank_steps, step_index } = self.tasks;
        if step_index < relax_steps {
            if step_index == 0 {
                self.clear();
                self.scatter();
            }
            self.relax((8 * initial).min((step_index + 1) * PIXELS_A_STEP) as u32);
        } else if step_index < relax_steps + rank_steps {
            if step_index == relax_steps {
                self.state.ranked = initial as u32;
            }
            let done = ((step_index - relax_steps + 1) * PIXELS_A_STEP).min(initial);
            self.withdraw((initial - done) as u32);
            if done == initial {
                self.restore();
            }
        } else {
            let until = initial + (step_index - relax_steps - rank_steps + 1) * PIXELS_A_STEP;
            self.insert(until.min(self.grid.pixels()) as u32);
        }
    }

    /// Clears the field.
    fn clear(&mut self) {
        for (index, cells) in self.field.iter_mut().enumerate() {
            let mask = self.masks[usize::from(index >= (self.grid.windows - 1) * self.grid.height)];
            *cells = mask.map(|bits| !bits & OCCUPIED);
        }
        let voids = Field { field: self.field, grid: self.grid, flip: 0 };
        self.level.run(Make { field: &voids, bounds: &mut self.voids });
        let clusters = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        self.level.run(Make { field: &clusters, bounds: &mut self.clusters });
    }

    /// Makes the initial pattern: random pixels; where one is occupied already, the next free one.
    fn scatter(&mut self) {
        let pixels = self.grid.pixels();
        for _ in 0..self.tasks.initial {
            // a draw is a uniform number in Q32
            let mut position = ((u64::from(self.rng.next_u32()) * pixels as u64) >> 32) as usize;
            let mut tries = 0;
            while self.is_occupied(position) && tries < pixels {
                position = if position + 1 < pixels { position + 1 } else { 0 };
                tries += 1;
            }
            let (x, y) = self.pixel(position);
            self.occupy::<true>(x, y);
        }
    }

    /// Column and row of a pixel index.
    fn pixel(&self, position: usize) -> (usize, usize) {
        debug_assert!(position < self.grid.pixels(), "the index of a pixel, of which a mask has some");
        let width = self.grid.width.max(1);
        (position % width, position / width)
    }

    fn is_occupied(&self, position: usize) -> bool {
        let (x, y) = self.pixel(position);
        let cells = self.field.get(self.grid.cells_index(x, y));
        cells.is_some_and(|cells| cells[x % WINDOW] >= OCCUPIED)
    }

    /// Moves tightest clusters to largest voids until that changes nothing or `until` moves are made.
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

    /// Removes tightest clusters and gives them ranks, from the last down to `until`.
    fn withdraw(&mut self, until: u32) {
        // a damaged block may hold more
        self.state.ranked = self.state.ranked.min(self.tasks.initial as u32);
        while self.state.ranked > until {
            let (x, y) = self.cluster();
            self.vacate(x, y);
            self.state.ranked -= 1;
            self.rank(x, y);
        }
    }

    /// Occupies the relaxed pattern again: all pixels that have ranks.
    fn restore(&mut self) {
        for position in 0..self.grid.pixels() {
            if self.ranks.get(position).is_some_and(|rank| *rank != UNRANKED) {
                let (x, y) = self.pixel(position);
                self.occupy::<false>(x, y);
            }
        }
        self.state.ranked = self.tasks.initial as u32;
    }

    /// Fills largest voids and gives them ranks, up to `until`.
    fn insert(&mut self, until: u32) {
        while self.state.ranked < until {
            let (x, y) = self.void();
            self.occupy::<false>(x, y);
            self.rank(x, y);
            self.state.ranked += 1;
        }
    }

    fn rank(&mut self, x: usize, y: usize) {
        debug_assert!(x < self.grid.width && y * self.grid.width + x < self.ranks.len(), "(x, y) is a pixel");
        if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
            *rank = self.state.ranked;
        }
    }

    /// Occupies a free pixel. Voids keep their bounds, for their cells grow; with `CLUSTERS` the bounds of clusters are renewed.
    #[inline(never)]
    fn occupy<const CLUSTERS: bool>(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), false);
        if CLUSTERS {
            let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
            self.level.run(Renew { field: &field, bounds: &mut self.clusters, reach: self.reach, x, y });
        }
    }

    /// Frees an occupied pixel. Clusters keep their bounds; those of voids are renewed.
    #[inline(never)]
    fn vacate(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), true);
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        self.level.run(Renew { field: &field, bounds: &mut self.voids, reach: self.reach, x, y });
    }

    /// Switches a pixel between free and occupied.
    fn flip(&mut self, x: usize, y: usize) {
        let index = self.grid.cells_index(x, y);
        debug_assert!(index < self.field.len(), "(x, y) is a pixel");
        if let Some(cells) = self.field.get_mut(index) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    /// Adds or subtracts the kernel of a pixel.
    fn add(&mut self, pixel: (usize, usize), subtract: bool) {
        let (masks, grid, reach) = (&self.masks, self.grid, self.reach);
        self.level.run(Add { masks, grid, reach, field: self.field, table: self.table, pixel, subtract });
    }

    /// The largest void.
    #[inline(never)]
    fn void(&mut self) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        let found = self.level.run(Find { field: &field, bounds: &mut self.voids });
        self.inside(found)
    }

    /// The tightest cluster.
    #[inline(never)]
    fn cluster(&mut self) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        let found = self.level.run(Find { field: &field, bounds: &mut self.clusters });
        self.inside(found)
    }

    /// A pixel of the grid. Only a damaged block has none, or one in the padding.
    fn inside(&self, found: Option<(usize, usize)>) -> (usize, usize) {
        let (x, y) = found.unwrap_or((0, 0));
        (x.min(self.grid.width.saturating_sub(1)), y.min(self.grid.height.saturating_sub(1)))
    }
}
