//! Void-and-cluster (R. Ulichney, "The void-and-cluster method for dither array generation", 1993), exact.
//!
//! 1. A random pattern of a few pixels is relaxed: its tightest cluster moves to its largest void until that is the same place.
//! 2. Of the relaxed pattern the tightest cluster is taken away, again and again: ranks from the pattern's last down to 0.
//! 3. From the relaxed pattern on the largest void is filled, again and again: all other ranks. (Past the half Ulichney looks for the
//!    tightest cluster of free pixels. That is the same place: what the free ones add up to is the whole kernel less the others.)
//!
//! The field is one `u32` a pixel: the sum of the Gaussians of the occupied pixels, in units that add up to less than 2³¹, and bit 31
//! for an occupied one. So the largest void is the least cell of all, and the tightest cluster the greatest; of equal ones the first.

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
    sizes.state + sizes.field + sizes.table + 2 * sizes.windows
}

struct Sizes {
    state: usize,
    field: usize,
    table: usize,
    /// Of what has one element a window.
    windows: usize,
}

impl Sizes {
    const fn new(grid: &Grid) -> Self {
        Self {
            state: size_of::<State>(),
            field: 4 * WINDOW * grid.len(),
            // the largest sigma is 8
            table: (4 * Reach::new(48, grid).len()).next_multiple_of(MEMORY_ALIGN),
            windows: (4 * grid.len()).next_multiple_of(MEMORY_ALIGN),
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
    let minima = cut::<u32>(&mut rest, sizes.windows)?;
    let maxima = cut::<u32>(&mut rest, sizes.windows)?;

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
    level.run(Run { grid, reach, field, table, minima, maxima, ranks, state, tasks, rng });
    Some(())
}

/// What a step has to do.
struct Tasks {
    initial: usize,
    relax_steps: usize,
    rank_steps: usize,
    place: usize,
}

struct Run<'a, R> {
    grid: Grid,
    reach: Reach,
    field: &'a mut [Window],
    table: &'a [u32],
    minima: &'a mut [u32],
    maxima: &'a mut [u32],
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
    /// An empty field: its padding is neither void nor cluster.
    #[inline(always)]
    fn clear(&mut self) {
        self.field.as_flattened_mut().fill(0);
        self.minima.fill(u32::MAX);
        self.maxima.fill(0);
        for window in 0..self.grid.len() {
            self.renew(window);
        }
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
            self.occupy(position % self.grid.width.max(1), position / self.grid.width.max(1));
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
            self.occupy(void.0, void.1);
            self.state.relaxed = u32::from(void == (x, y));
        }
    }

    /// Ranks of the pattern, from the last down to `until`.
    #[inline(always)]
    fn withdraw(&mut self, until: u32) {
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
                self.occupy(position % self.grid.width.max(1), position / self.grid.width.max(1));
            }
        }
        self.state.ranked = self.tasks.initial as u32;
    }

    /// Ranks of the rest, up to `until`.
    #[inline(always)]
    fn insert(&mut self, until: u32) {
        while self.state.ranked < until {
            let (x, y) = self.void();
            self.occupy(x, y);
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

    #[inline(always)]
    fn occupy(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add::<false>(x, y);
    }

    #[inline(always)]
    fn vacate(&mut self, x: usize, y: usize) {
        self.flip(x, y);
        self.add::<true>(x, y);
    }

    /// Between free and occupied.
    #[inline(always)]
    fn flip(&mut self, x: usize, y: usize) {
        if let Some(cells) = self.field.get_mut(y * self.grid.windows + x / WINDOW) {
            cells[x % WINDOW] ^= OCCUPIED;
        }
    }

    /// Adds the kernel at (x, y), or takes it away.
    #[inline(always)]
    fn add<const AWAY: bool>(&mut self, x: usize, y: usize) {
        let mut j = 0;
        while j < self.reach.rows {
            let row = self.reach.row_at(&self.grid, y, j) * self.grid.windows;
            let line = self.table.get(j * self.reach.row_len()..).unwrap_or_default();
            for span in self.reach.spans(&self.grid, x) {
                for window in span.first..span.end {
                    let from = line.get(span.from + (window - span.first) * WINDOW..);
                    let from = from.and_then(<[u32]>::first_chunk::<WINDOW>);
                    if let (Some(cells), Some(from)) = (self.field.get_mut(row + window), from) {
                        for i in 0..WINDOW {
                            let sum =
                                if AWAY { cells[i].wrapping_sub(from[i]) } else { cells[i].wrapping_add(from[i]) };
                            cells[i] = sum;
                        }
                    }
                    self.renew(row + window);
                }
            }
            j += 1;
        }
    }

    /// Least and greatest of a window; padding, cells past the width, is neither.
    #[inline(always)]
    fn renew(&mut self, window: usize) {
        let Some(cells) = self.field.get(window) else { return };
        let pixels = self.grid.width - window % self.grid.windows.max(1) * WINDOW;
        let (mut least, mut greatest) = (u32::MAX, 0);
        for i in 0..WINDOW {
            least = least.min(if i < pixels { cells[i] } else { u32::MAX });
            greatest = greatest.max(if i < pixels { cells[i] } else { 0 });
        }
        if let (Some(minimum), Some(maximum)) = (self.minima.get_mut(window), self.maxima.get_mut(window)) {
            (*minimum, *maximum) = (least, greatest);
        }
    }

    /// The first of the least cells.
    #[inline(always)]
    fn void(&self) -> (usize, usize) {
        let mut least = u32::MAX;
        for minimum in &*self.minima {
            least = least.min(*minimum);
        }
        self.find(self.minima, least)
    }

    /// The first of the greatest cells.
    #[inline(always)]
    fn cluster(&self) -> (usize, usize) {
        let mut greatest = 0;
        for maximum in &*self.maxima {
            greatest = greatest.max(*maximum);
        }
        self.find(self.maxima, greatest)
    }

    /// Column and row of the first cell of that value, which is one of `ends`.
    #[inline(always)]
    fn find(&self, ends: &[u32], value: u32) -> (usize, usize) {
        let mut window = 0;
        while ends.get(window).is_some_and(|end| *end != value) {
            window += 1;
        }
        let windows = self.grid.windows.max(1);
        let mut column = 0;
        if let Some(cells) = self.field.get(window) {
            while column + 1 < WINDOW && cells[column] != value {
                column += 1;
            }
        }
        let x = (window % windows * WINDOW + column).min(self.grid.width.saturating_sub(1));
        (x, (window / windows).min(self.grid.height.saturating_sub(1)))
    }
}
