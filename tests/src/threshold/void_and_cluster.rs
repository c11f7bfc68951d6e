//! Void-and-cluster (Ulichney 1993): a random start is relaxed, taken apart at its tightest clusters for the dark
//! ranks, then filled at its largest voids for the rest.

use super::kernel::Table;
use super::{Draws, ceil_fraction, in_tiles};

/// The parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VoidAndCluster {
    /// Standard deviation of the Gaussian, pixels; its radius is `ceil(6·sigma)`.
    pub sigma: f32,
    /// The part of the pixels that the start has.
    pub fraction: f32,
}

/// Moves, removals or placements of one step.
pub const STEP_MOVES: usize = 1024;

/// The mark of an occupied pixel.
const OCCUPIED: u32 = 1 << 31;

/// The pixels of the start: `ceil(fraction·n)`, at least 1 and at most half.
#[must_use]
pub fn start_pixels(params: &VoidAndCluster, pixels: usize) -> usize {
    ceil_fraction(f64::from(params.fraction), pixels).clamp(1, pixels / 2)
}

/// The steps of the stage: relaxing, removing, filling.
#[must_use]
pub fn steps(params: &VoidAndCluster, pixels: usize) -> usize {
    let start = start_pixels(params, pixels);
    (8 * start).div_ceil(STEP_MOVES) + start.div_ceil(STEP_MOVES) + (pixels - start).div_ceil(STEP_MOVES)
}

/// The ranks. All random draws are of the stage's first step.
#[must_use]
pub fn run(params: &VoidAndCluster, width: usize, height: usize, seed: u64, first_step: u64) -> Vec<u32> {
    let n = width * height;
    let start = start_pixels(params, n);
    let mut draws = Draws::of_step(seed, first_step);
    let mut field = Field::new(params, width, height);
    for _ in 0..start {
        let first = draws.below(n);
        let free = (0..n).map(|i| (first + i) % n).find(|&p| !field.is_occupied(p));
        field.occupy(free.expect("half are free"));
    }
    relax(&mut field, 8 * start);
    let pattern: Vec<usize> = (0..n).filter(|&p| field.is_occupied(p)).collect();
    let mut ranks = vec![0; n];
    for rank in (0..start).rev() {
        let p = field.tightest_cluster();
        field.free(p);
        ranks[p] = rank as u32;
    }
    field.values.fill(0);
    for p in pattern {
        field.occupy(p);
    }
    for rank in start..n {
        let p = field.largest_void();
        field.occupy(p);
        ranks[p] = rank as u32;
    }
    ranks
}

/// Moves the tightest cluster's pixel into the largest void until that is the place it came from.
fn relax(field: &mut Field, most: usize) {
    for _ in 0..most {
        let from = field.tightest_cluster();
        field.free(from);
        let to = field.largest_void();
        field.occupy(to);
        if to == from {
            return;
        }
    }
}

/// The sum of the occupied pixels' kernels, bit 31 set at these pixels.
struct Field {
    width: usize,
    height: usize,
    table: Table,
    weights: Vec<u32>,
    values: Vec<u32>,
    /// All pixels, tile by tile.
    places: Vec<usize>,
}

impl Field {
    fn new(params: &VoidAndCluster, width: usize, height: usize) -> Self {
        let sigma = f64::from(params.sigma);
        let radius = libm::ceil(6.0 * sigma) as usize;
        let table = Table::gaussian(width, height, radius, sigma);
        let sum = table.sum();
        let weights = table.values.iter().map(|f| libm::round(2_147_483_000.0 * f / sum) as u32).collect();
        let places = in_tiles(width, height, 0).concat();
        Self { width, height, table, weights, values: vec![0; width * height], places }
    }

    fn is_occupied(&self, p: usize) -> bool {
        self.values[p] >= OCCUPIED
    }

    fn occupy(&mut self, p: usize) {
        self.values[p] |= OCCUPIED;
        for (q, weight) in self.table.pixels(p, self.width, self.height).zip(&self.weights) {
            self.values[q] = self.values[q].wrapping_add(*weight);
        }
    }

    fn free(&mut self, p: usize) {
        self.values[p] &= !OCCUPIED;
        for (q, weight) in self.table.pixels(p, self.width, self.height).zip(&self.weights) {
            self.values[q] = self.values[q].wrapping_sub(*weight);
        }
    }

    /// The greatest value of all, of equal ones the first tile by tile: an occupied pixel.
    fn tightest_cluster(&self) -> usize {
        // `max_by_key` gives the last of equal ones.
        self.places.iter().copied().rev().max_by_key(|&p| self.values[p]).expect("pixels")
    }

    /// The least value of all, of equal ones the first tile by tile: a free pixel.
    fn largest_void(&self) -> usize {
        self.places.iter().copied().min_by_key(|&p| self.values[p]).expect("pixels")
    }
}
