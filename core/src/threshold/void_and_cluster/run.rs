//! The moves of void-and-cluster on its field, compiled for each level.

use super::{OCCUPIED, State, UNRANKED, Window};
use crate::simd::{Kernel, Lanes, Level, Words};
use crate::threshold::PIXELS_A_STEP;
use crate::threshold::bounds::{Bounds, Cells, TILE_ROWS, Tile};
use crate::threshold::grid::{Grid, Reach, WINDOW};
use rand_core::Rng;

/// The cells of a field as they are, to find voids, or with all bits flipped, to find clusters. Padding is [`OCCUPIED`]
/// with a sum of 0: more than any void, less than any cluster.
struct Field<'a> {
    field: &'a [Window],
    grid: Grid,
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

/// Makes the bounds of all tiles.
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

/// Finds the first of the least cells.
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

/// Adds the kernel at (x, y), or takes it away.
struct Add<'r> {
    /// See [`Run::masks`].
    masks: &'r [Window; 2],
    grid: Grid,
    reach: Reach,
    field: &'r mut [Window],
    table: &'r [u32],
    place: (usize, usize),
    away: bool,
}

impl Kernel for Add<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { masks, grid, reach, field, table, place, away } = self;
        // −k = !k + 1
        let (flip, one) = if away { (u32::MAX, 1) } else { (0, 0) };
        let last = grid.windows - 1;
        reach.add(
            &grid,
            field,
            table,
            place,
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

/// Renews the bounds of the tiles that a kernel at (x, y) reaches, whose cells shrank.
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
        // to the end of the grid, and what is left at its beginning
        for rows in [first..first + count, 0..self.reach.rows - count] {
            for tile_row in rows.start / TILE_ROWS..rows.end.div_ceil(TILE_ROWS) {
                for part in parts {
                    self.bounds.lower(self.field, grid, tile_row, part.window);
                }
            }
        }
    }
}

/// What a step has to do.
pub(super) struct Tasks {
    pub(super) initial: usize,
    pub(super) relax_steps: usize,
    pub(super) rank_steps: usize,
    pub(super) place: usize,
}

/// One step on the work space.
pub(super) struct Run<'a, R> {
    pub(super) level: Level,
    /// All bits of the columns that have pixels: of any window of a row, and of the last.
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
    /// The step.
    pub(super) fn run(mut self) {
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

    fn clear(&mut self) {
        for (place, cells) in self.field.iter_mut().enumerate() {
            let mask = self.masks[usize::from(place >= (self.grid.windows - 1) * self.grid.height)];
            *cells = mask.map(|bits| !bits & OCCUPIED);
        }
        let voids = Field { field: self.field, grid: self.grid, flip: 0 };
        self.level.run(Make { field: &voids, bounds: &mut self.voids });
        let clusters = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        self.level.run(Make { field: &clusters, bounds: &mut self.clusters });
    }

    /// The initial pattern: random places; where one is occupied already, the next that is free.
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

    fn is_occupied(&self, position: usize) -> bool {
        let (x, y) = (position % self.grid.width.max(1), position / self.grid.width.max(1));
        let cells = self.field.get(self.grid.place(x, y));
        cells.is_some_and(|cells| cells[x % WINDOW] >= OCCUPIED)
    }

    /// Moves tightest clusters to largest voids until that changes nothing, or so many moves are made.
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
    fn restore(&mut self) {
        for position in 0..self.grid.pixels() {
            if self.ranks.get(position).is_some_and(|rank| *rank != UNRANKED) {
                self.occupy::<false>(position % self.grid.width.max(1), position / self.grid.width.max(1));
            }
        }
        self.state.ranked = self.tasks.initial as u32;
    }

    /// Ranks of the rest, up to `until`.
    fn insert(&mut self, until: u32) {
        while self.state.ranked < until {
            let (x, y) = self.void();
            self.occupy::<false>(x, y);
            self.rank(x, y);
            self.state.ranked += 1;
        }
    }

    fn rank(&mut self, x: usize, y: usize) {
        if let Some(rank) = self.ranks.get_mut(y * self.grid.width + x) {
            *rank = self.state.ranked;
        }
    }

    /// What is added may make clusters, what is taken away voids. With `CLUSTERS` clusters will be looked for again.
    #[inline(never)]
    fn occupy<const CLUSTERS: bool>(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), false);
        if CLUSTERS {
            let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
            self.level.run(Renew { field: &field, bounds: &mut self.clusters, reach: self.reach, x, y });
        }
    }

    #[inline(never)]
    fn vacate(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add((x, y), true);
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        self.level.run(Renew { field: &field, bounds: &mut self.voids, reach: self.reach, x, y });
    }

    /// Between free and occupied.
    fn flip(&mut self, x: usize, y: usize) {
        if let Some(cells) = self.field.get_mut(self.grid.place(x, y)) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    fn add(&mut self, place: (usize, usize), away: bool) {
        let (masks, grid, reach) = (&self.masks, self.grid, self.reach);
        self.level.run(Add { masks, grid, reach, field: self.field, table: self.table, place, away });
    }

    /// The first of the least cells.
    #[inline(never)]
    fn void(&mut self) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        let place = self.level.run(Find { field: &field, bounds: &mut self.voids });
        self.inside(place)
    }

    /// The first of the greatest cells.
    #[inline(never)]
    fn cluster(&mut self) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        let place = self.level.run(Find { field: &field, bounds: &mut self.clusters });
        self.inside(place)
    }

    /// A place in the grid; there is always one unless the block was damaged.
    fn inside(&self, place: Option<(usize, usize)>) -> (usize, usize) {
        let (x, y) = place.unwrap_or((0, 0));
        (x.min(self.grid.width.saturating_sub(1)), y.min(self.grid.height.saturating_sub(1)))
    }
}
