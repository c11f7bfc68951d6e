//! The moves of void-and-cluster on its field, compiled for each level.

use super::{OCCUPIED, State, UNRANKED, Window};
use crate::recipe::PIXELS_A_STEP;
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::bounds::{Bounds, Cells, TILE_ROWS};
use crate::threshold::grid::{Grid, Reach, WINDOW};
use rand_core::Rng;

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
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) -> Self::Output {
        self.bounds.first_least(self.field, &self.field.grid)
    }
}

/// Adds the kernel at (x, y), or takes it away.
struct Add<'r, 'a, R> {
    run: &'r mut Run<'a, R>,
    x: usize,
    y: usize,
    away: bool,
}

impl<R: Rng> Kernel for Add<'_, '_, R> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        self.run.add(self.x, self.y, self.away);
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
        let (grid, mut last) = (&self.field.grid, None);
        let parts = self.reach.parts(grid, self.x);
        for j in 0..self.reach.rows {
            let tile_row = self.reach.row_at(grid, self.y, j) / TILE_ROWS;
            if last != Some(tile_row) {
                for part in parts.as_slice() {
                    self.bounds.lower(self.field, grid, tile_row, part.window as usize);
                }
            }
            last = Some(tile_row);
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

impl<R: Rng> Kernel for Run<'_, R> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let Tasks { initial, relax_steps, rank_steps, place } = self.tasks;
        if place < relax_steps {
            if place == 0 {
                self.clear::<V>(token);
                self.scatter::<V>(token);
            }
            self.relax::<V>(token, (8 * initial).min((place + 1) * PIXELS_A_STEP) as u32);
        } else if place < relax_steps + rank_steps {
            if place == relax_steps {
                self.state.ranked = initial as u32;
            }
            let done = ((place - relax_steps + 1) * PIXELS_A_STEP).min(initial);
            self.withdraw::<V>(token, (initial - done) as u32);
            if done == initial {
                self.restore::<V>(token);
            }
        } else {
            let until = initial + (place - relax_steps - rank_steps + 1) * PIXELS_A_STEP;
            self.insert::<V>(token, until.min(self.grid.pixels()) as u32);
        }
    }
}

impl<R: Rng> Run<'_, R> {
    #[inline(always)]
    fn clear<V: Lanes>(&mut self, token: V::Token) {
        for (window, cells) in self.field.iter_mut().enumerate() {
            let mask = self.masks[usize::from((window + 1).is_multiple_of(self.grid.windows.max(1)))];
            *cells = mask.map(|bits| !bits & OCCUPIED);
        }
        let voids = Field { field: self.field, grid: self.grid, flip: 0 };
        V::call(token, Make { field: &voids, bounds: &mut self.voids });
        let clusters = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        V::call(token, Make { field: &clusters, bounds: &mut self.clusters });
    }

    /// The initial pattern: random places; where one is occupied already, the next that is free.
    #[inline(always)]
    fn scatter<V: Lanes>(&mut self, token: V::Token) {
        let pixels = self.grid.pixels();
        for _ in 0..self.tasks.initial {
            let mut position = ((u64::from(self.rng.next_u32()) * pixels as u64) >> 32) as usize;
            let mut tries = 0;
            while self.is_occupied(position) && tries < pixels {
                position = if position + 1 < pixels { position + 1 } else { 0 };
                tries += 1;
            }
            self.occupy::<V, true>(token, position % self.grid.width.max(1), position / self.grid.width.max(1));
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
    fn relax<V: Lanes>(&mut self, token: V::Token, until: u32) {
        while self.state.relaxed == 0 && self.state.moves < until {
            self.state.moves += 1;
            let (x, y) = self.cluster::<V>(token);
            self.vacate::<V>(token, x, y);
            let void = self.void::<V>(token);
            self.occupy::<V, true>(token, void.0, void.1);
            self.state.relaxed = u32::from(void == (x, y));
        }
    }

    /// Ranks of the pattern, from the last down to `until`.
    #[inline(always)]
    fn withdraw<V: Lanes>(&mut self, token: V::Token, until: u32) {
        // no more, also in a damaged block
        self.state.ranked = self.state.ranked.min(self.tasks.initial as u32);
        while self.state.ranked > until {
            let (x, y) = self.cluster::<V>(token);
            self.vacate::<V>(token, x, y);
            self.state.ranked -= 1;
            self.rank(x, y);
        }
    }

    /// The relaxed pattern again: all that have ranks.
    #[inline(always)]
    fn restore<V: Lanes>(&mut self, token: V::Token) {
        for position in 0..self.grid.pixels() {
            if self.ranks.get(position).is_some_and(|rank| *rank != UNRANKED) {
                self.occupy::<V, false>(token, position % self.grid.width.max(1), position / self.grid.width.max(1));
            }
        }
        self.state.ranked = self.tasks.initial as u32;
    }

    /// Ranks of the rest, up to `until`.
    #[inline(always)]
    fn insert<V: Lanes>(&mut self, token: V::Token, until: u32) {
        while self.state.ranked < until {
            let (x, y) = self.void::<V>(token);
            self.occupy::<V, false>(token, x, y);
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

    /// What is added may make clusters, what is taken away voids. With `CLUSTERS` clusters will be looked for again.
    #[inline(always)]
    fn occupy<V: Lanes, const CLUSTERS: bool>(&mut self, token: V::Token, x: usize, y: usize) {
        self.flip(x, y);
        V::call(token, Add { run: self, x, y, away: false });
        if CLUSTERS {
            let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
            V::call(token, Renew { field: &field, bounds: &mut self.clusters, reach: self.reach, x, y });
        }
    }

    #[inline(always)]
    fn vacate<V: Lanes>(&mut self, token: V::Token, x: usize, y: usize) {
        self.flip(x, y);
        V::call(token, Add { run: self, x, y, away: true });
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        V::call(token, Renew { field: &field, bounds: &mut self.voids, reach: self.reach, x, y });
    }

    /// Between free and occupied.
    #[inline(always)]
    fn flip(&mut self, x: usize, y: usize) {
        if let Some(cells) = self.field.get_mut(y * self.grid.windows + x / WINDOW) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    #[inline(always)]
    fn add(&mut self, x: usize, y: usize, away: bool) {
        // −k = !k + 1
        let (flip, one) = if away { (u32::MAX, 1) } else { (0, 0) };
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
                        sum[i] = sum[i].wrapping_add((from[i] & mask[i]) ^ flip).wrapping_add(one);
                    }
                    *cells = sum;
                }
            }
            j += 1;
        }
    }

    /// The first of the least cells.
    #[inline(always)]
    fn void<V: Lanes>(&mut self, token: V::Token) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: 0 };
        let place = V::call(token, Find { field: &field, bounds: &mut self.voids });
        self.inside(place)
    }

    /// The first of the greatest cells.
    #[inline(always)]
    fn cluster<V: Lanes>(&mut self, token: V::Token) -> (usize, usize) {
        let field = Field { field: self.field, grid: self.grid, flip: u32::MAX };
        let place = V::call(token, Find { field: &field, bounds: &mut self.clusters });
        self.inside(place)
    }

    /// A place in the grid; there is always one unless the block was damaged.
    #[inline(always)]
    fn inside(&self, place: Option<(usize, usize)>) -> (usize, usize) {
        let (x, y) = place.unwrap_or((0, 0));
        (x.min(self.grid.width.saturating_sub(1)), y.min(self.grid.height.saturating_sub(1)))
    }
}
