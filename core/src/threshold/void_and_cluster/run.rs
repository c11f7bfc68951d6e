//! The moves of void-and-cluster on its field, compiled for each SIMD level.

use super::{CellRow, ClusterProgress, OCCUPIED, UNRANKED};
use crate::simd::{Kernel, Lanes, SimdLevel, Words};
use crate::threshold::PIXELS_A_STEP;
use crate::threshold::argmin::{Cells, LowerBounds, TILE_ROWS, Tile};
use crate::threshold::torus::{FieldLayout, KernelLayout, WINDOW};
use rand_core::Rng;

/// A field whose argmin is the largest void, or with all bits flipped the tightest cluster.
///
/// Padding is [`OCCUPIED`] with a sum of 0: more than any void, and less than any cluster.
struct FlippedField<'a> {
    field: &'a [CellRow],
    layout: FieldLayout,
    /// 0 for voids, all bits for clusters.
    flip: u32,
}

impl Cells<u32> for FlippedField<'_> {
    /// A tile that has all its rows.
    #[inline(always)]
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<u32>> {
        self.layout.strip(self.field, window).get(tile_row * TILE_ROWS..).and_then(<[CellRow]>::first_chunk)
    }

    #[inline(never)]
    fn part(&self, tile_row: usize, window: usize) -> Tile<u32> {
        debug_assert!(tile_row * TILE_ROWS < self.layout.height, "a tile has a row");
        let strip = self.layout.strip(self.field, window).get(tile_row * TILE_ROWS..).unwrap_or_default();
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
    field: &'r FlippedField<'r>,
    bounds: &'r mut LowerBounds<'a, u32>,
}

impl Kernel for Make<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        self.bounds.make(self.field, &self.field.layout);
    }
}

/// Finds the argmin.
struct Find<'r, 'a> {
    field: &'r FlippedField<'r>,
    bounds: &'r mut LowerBounds<'a, u32>,
}

impl Kernel for Find<'_, '_> {
    type Output = Option<(usize, usize)>;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> Self::Output {
        self.bounds.argmin::<V::Short>(token, self.field, &self.field.layout)
    }
}

/// Adds or subtracts the kernel of a pixel.
struct Add<'r> {
    /// See [`VoidAndClusterStep::masks`].
    masks: &'r [CellRow; 2],
    layout: FieldLayout,
    kernel: KernelLayout,
    field: &'r mut [CellRow],
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
        let Self { masks, layout, kernel, field, table, pixel, subtract } = self;
        // −k = !k + 1
        let (flip, one) = if subtract { (u32::MAX, 1) } else { (0, 0) };
        let last = layout.windows - 1;
        kernel.add(
            &layout,
            field,
            table,
            pixel,
            #[inline(always)]
            |cells, from, window| {
                // copies: the compiler must see that source and target do not overlap
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

/// Renews the bounds of the tiles that a kernel at (x, y) overlaps: their cells shrank.
struct Renew<'r, 'a> {
    field: &'r FlippedField<'r>,
    bounds: &'r mut LowerBounds<'a, u32>,
    kernel: KernelLayout,
    x: usize,
    y: usize,
}

impl Kernel for Renew<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let layout = &self.field.layout;
        let parts = self.kernel.overlaps(layout, self.x);
        let (first, count) = self.kernel.rows_at(layout, self.y);
        // rows to the last one, then rows that wrap to row 0
        for rows in [first..first + count, 0..self.kernel.rows - count] {
            for tile_row in rows.start / TILE_ROWS..rows.end.div_ceil(TILE_ROWS) {
                for part in parts {
                    self.bounds.renew(self.field, layout, tile_row, part.window);
                }
            }
        }
    }
}

/// Numbers of steps of the stage's parts, and the present step.
pub(super) struct StepPlan {
    /// Pixels of the initial pattern.
    pub(super) initial: usize,
    /// Steps that relax the initial pattern.
    pub(super) relax_steps: usize,
    /// Steps that rank it.
    pub(super) rank_steps: usize,
    pub(super) step_index: usize,
}

/// One step on the work space.
pub(super) struct VoidAndClusterStep<'a, R> {
    pub(super) level: SimdLevel,
    /// All bits set in columns with pixels, 0 in padding: for any window but the last, and for the last.
    pub(super) masks: [CellRow; 2],
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) field: &'a mut [CellRow],
    pub(super) table: &'a [u32],
    pub(super) voids: LowerBounds<'a, u32>,
    pub(super) clusters: LowerBounds<'a, u32>,
    pub(super) ranks: &'a mut [u32],
    pub(super) state: &'a mut ClusterProgress,
    pub(super) plan: StepPlan,
    pub(super) rng: &'a mut R,
}

impl<R: Rng> VoidAndClusterStep<'_, R> {
    /// Takes the step.
    pub(super) fn run(mut self) {
        let StepPlan { initial, relax_steps, rank_steps, step_index } = self.plan;
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
            self.insert(until.min(self.layout.pixels()) as u32);
        }
    }

    /// Clears the field.
    fn clear(&mut self) {
        for (index, cells) in self.field.iter_mut().enumerate() {
            let mask = self.masks[usize::from(index >= (self.layout.windows - 1) * self.layout.stride)];
            *cells = mask.map(|bits| !bits & OCCUPIED);
        }
        let voids = FlippedField { field: self.field, layout: self.layout, flip: 0 };
        self.level.run(Make { field: &voids, bounds: &mut self.voids });
        let clusters = FlippedField { field: self.field, layout: self.layout, flip: u32::MAX };
        self.level.run(Make { field: &clusters, bounds: &mut self.clusters });
    }

    /// Occupies the initial pattern: random pixels, or the next free pixel where one is occupied already.
    fn scatter(&mut self) {
        let pixels = self.layout.pixels();
        for _ in 0..self.plan.initial {
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
        debug_assert!(position < self.layout.pixels(), "the index of a pixel, of which a mask has some");
        let width = self.layout.width.max(1);
        (position % width, position / width)
    }

    fn is_occupied(&self, position: usize) -> bool {
        let (x, y) = self.pixel(position);
        let cells = self.field.get(self.layout.cells_index(x, y));
        cells.is_some_and(|cells| cells[x % WINDOW] >= OCCUPIED)
    }

    /// Moves tightest clusters to largest voids, until a move changes nothing or `until` moves are made.
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
        // only a damaged block holds more
        self.state.ranked = self.state.ranked.min(self.plan.initial as u32);
        while self.state.ranked > until {
            let (x, y) = self.cluster();
            self.vacate(x, y);
            self.state.ranked -= 1;
            self.rank(x, y);
        }
    }

    /// Occupies the relaxed pattern again, which is the pixels with ranks.
    fn restore(&mut self) {
        for position in 0..self.layout.pixels() {
            if self.ranks.get(position).is_some_and(|rank| *rank != UNRANKED) {
                let (x, y) = self.pixel(position);
                self.occupy::<false>(x, y);
            }
        }
        self.state.ranked = self.plan.initial as u32;
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
        debug_assert!(x < self.layout.width && y * self.layout.width + x < self.ranks.len(), "(x, y) is a pixel");
        if let Some(rank) = self.ranks.get_mut(y * self.layout.width + x) {
            *rank = self.state.ranked;
        }
    }

    /// Occupies a free pixel. With `CLUSTERS` it renews the bounds of clusters.
    ///
    /// Bounds of voids stay valid, for their cells grow.
    #[inline(never)]
    fn occupy<const CLUSTERS: bool>(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), false);
        if CLUSTERS {
            let field = FlippedField { field: self.field, layout: self.layout, flip: u32::MAX };
            self.level.run(Renew { field: &field, bounds: &mut self.clusters, kernel: self.kernel, x, y });
        }
    }

    /// Frees an occupied pixel, and renews the bounds of voids. Bounds of clusters stay valid.
    #[inline(never)]
    fn vacate(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), true);
        let field = FlippedField { field: self.field, layout: self.layout, flip: 0 };
        self.level.run(Renew { field: &field, bounds: &mut self.voids, kernel: self.kernel, x, y });
    }

    /// Switches a pixel between free and occupied.
    fn flip(&mut self, x: usize, y: usize) {
        let index = self.layout.cells_index(x, y);
        debug_assert!(index < self.field.len(), "(x, y) is a pixel");
        if let Some(cells) = self.field.get_mut(index) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    /// Adds or subtracts the kernel of a pixel.
    fn add(&mut self, pixel: (usize, usize), subtract: bool) {
        let (masks, layout, kernel) = (&self.masks, self.layout, self.kernel);
        self.level.run(Add { masks, layout, kernel, field: self.field, table: self.table, pixel, subtract });
    }

    /// Returns column and row of the largest void.
    #[inline(never)]
    fn void(&mut self) -> (usize, usize) {
        let field = FlippedField { field: self.field, layout: self.layout, flip: 0 };
        let found = self.level.run(Find { field: &field, bounds: &mut self.voids });
        self.inside(found)
    }

    /// Returns column and row of the tightest cluster.
    #[inline(never)]
    fn cluster(&mut self) -> (usize, usize) {
        let field = FlippedField { field: self.field, layout: self.layout, flip: u32::MAX };
        let found = self.level.run(Find { field: &field, bounds: &mut self.clusters });
        self.inside(found)
    }

    /// Returns what was found, moved to a pixel: in a damaged block nothing may be found, or padding.
    fn inside(&self, found: Option<(usize, usize)>) -> (usize, usize) {
        let (x, y) = found.unwrap_or((0, 0));
        (x.min(self.layout.width.saturating_sub(1)), y.min(self.layout.height.saturating_sub(1)))
    }
}
