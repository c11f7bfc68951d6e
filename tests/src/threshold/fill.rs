//! Void fill: pixels get their ranks from dark to light, each the emptiest place of a field that the kernels of the
//! placed ones make; six scales, since far kernels matter while pixels are few.

use super::kernel::Table;
use super::{Draws, ceil_fraction, in_tiles};

/// The parameters of a fill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Standard deviation of the last two scales' kernel, pixels.
    pub sigma: f32,
    /// Its radius: a square window of 2R + 1.
    pub radius: usize,
    /// Weight of a narrow Gaussian that is subtracted from that kernel; 0: none.
    pub narrow_weight: f32,
    /// Its standard deviation, pixels.
    pub narrow_sigma: f32,
    /// All scales place one pixel at a time at the least value of the whole field.
    pub exact: bool,
    /// Multiplies the noise of every scale.
    pub disorder: f32,
}

/// Pixels that a step places at least, but for the last.
pub const STEP_PIXELS: usize = 1024;

/// The steps of the stage.
#[must_use]
pub fn steps(pixels: usize) -> usize {
    pixels.div_ceil(STEP_PIXELS)
}

/// The ranks of a fill.
#[must_use]
pub fn run(fill: &Fill, width: usize, height: usize, seed: u64, first_step: u64) -> Vec<u32> {
    let n = width * height;
    let mut state = State::new(fill, width, height);
    for step in 0..steps(n) {
        let mut draws = Draws::of_step(seed, first_step + step as u64);
        let until = n.min(STEP_PIXELS * (step + 1));
        while state.order.len() < until && state.advance(&mut draws) {}
    }
    state.into_ranks()
}

/// One scale: its kernel, and what goes with it.
struct Scale {
    /// It ends when so many pixels are placed.
    until: usize,
    /// For the table's shape.
    table: Table,
    /// The kernel, 65 535 at the centre.
    weights: Vec<u16>,
    /// The field starts as floor(byte·noise/256), byte 0 to 255.
    noise: u32,
    one_at_a_time: bool,
}

impl Scale {
    /// One of the first four, with the peak `peak`.
    fn head(shape: (usize, usize), (until, radius, sigma, peak): (f64, usize, f64, f64)) -> Self {
        let table = Table::gaussian(shape.0, shape.1, radius, sigma);
        Self::new(shape, until, table, |f| libm::round(peak * f))
    }

    /// One of the last two, with the total weight `total`.
    fn tail(shape: (usize, usize), fill: &Fill, until: f64, total: f64) -> Self {
        let (weight, narrow) = (f64::from(fill.narrow_weight), f64::from(fill.narrow_sigma));
        let gaussian = |sigma| Table::gaussian(shape.0, shape.1, fill.radius, sigma);
        let mut table = gaussian(f64::from(fill.sigma) * (1.0 + 20.0 / (shape.0 * shape.1) as f64));
        if weight > 0.0 {
            table = table.less(weight, &gaussian(narrow));
        }
        let sum = table.sum();
        Self::new(shape, until, table, |f| libm::round(total * f / sum))
    }

    fn new(shape: (usize, usize), until: f64, table: Table, weight: impl Fn(f64) -> f64) -> Self {
        let mut weights: Vec<u16> = table.values.iter().map(|&f| weight(f).clamp(0.0, 65_535.0) as u16).collect();
        weights[table.centre()] = 65_535;
        let until = ceil_fraction(until, shape.0 * shape.1);
        Self { until, table, weights, noise: 0, one_at_a_time: false }
    }
}

/// The six scales.
fn scales(fill: &Fill, width: usize, height: usize) -> Vec<Scale> {
    let shape = (width, height);
    let mut scales = vec![
        Scale { one_at_a_time: true, ..Scale::head(shape, (1.0 / 256.0, 30, 9.0, 12_000.0)) },
        Scale { one_at_a_time: true, ..Scale::head(shape, (1.0 / 64.0, 18, 4.5, 12_000.0)) },
        Scale { one_at_a_time: true, ..Scale::head(shape, (0.033, 12, 3.0, 12_000.0)) },
        Scale::head(shape, (0.064, 10, 2.0, 20_000.0)),
        Scale::tail(shape, fill, 0.1, 8.0 * 65_000.0),
        Scale::tail(shape, fill, 1.0, 65_000.0),
    ];
    let last = if fill.exact { 8.0 } else { 192.0 };
    for (scale, noise) in scales.iter_mut().zip([24_000.0, 12_000.0, 2500.0, 300.0, last, last]) {
        scale.one_at_a_time |= fill.exact;
        scale.noise = libm::round(noise * f64::from(fill.disorder)).max(8.0) as u32;
    }
    scales
}

struct State {
    width: usize,
    height: usize,
    /// What is still to do, the present scale first.
    scales: std::collections::VecDeque<Scale>,
    /// Whether the present scale's field is there.
    started: bool,
    field: Vec<u16>,
    /// The placed pixels, by rank.
    order: Vec<usize>,
    /// Sweeps so far.
    sweeps: usize,
}

impl State {
    fn new(fill: &Fill, width: usize, height: usize) -> Self {
        let scales = scales(fill, width, height).into();
        Self { width, height, scales, started: false, field: vec![0; width * height], order: Vec::new(), sweeps: 0 }
    }

    /// One pixel or one sweep; false if no scale is left.
    fn advance(&mut self, draws: &mut Draws) -> bool {
        let Some(scale) = self.scales.pop_front() else { return false };
        let before = self.order.len();
        if before >= scale.until {
            self.started = false;
            return true;
        }
        if !self.started {
            self.start(&scale, draws);
        }
        if scale.one_at_a_time {
            self.place_least(&scale);
        } else {
            self.sweep(&scale, false, draws);
            if self.order.len() == before {
                self.sweep(&scale, true, draws);
            }
        }
        self.started = self.order.len() > before;
        if self.started {
            self.scales.push_front(scale);
        }
        true
    }

    /// The field of a scale: noise, four pixels a draw, then the kernels of what is placed.
    fn start(&mut self, scale: &Scale, draws: &mut Draws) {
        for row in self.field.chunks_mut(self.width) {
            for pixels in row.chunks_mut(4) {
                for (pixel, byte) in pixels.iter_mut().zip(draws.next_u32().to_le_bytes()) {
                    *pixel = (u32::from(byte) * scale.noise / 256) as u16;
                }
            }
        }
        for p in self.order.clone() {
            self.add(scale, p);
        }
    }

    /// Adds the kernel at pixel `p`; its centre tap marks the pixel as taken.
    fn add(&mut self, scale: &Scale, p: usize) {
        for (q, weight) in scale.table.pixels(p, self.width, self.height).zip(&scale.weights) {
            self.field[q] = self.field[q].saturating_add(*weight);
        }
    }

    /// Places the pixel of the least value of all, of equal ones the first tile by tile.
    fn place_least(&mut self, scale: &Scale) {
        let least = in_tiles(self.width, self.height, 0).into_iter().flatten();
        let least = least.min_by_key(|&p| self.field[p]).expect("pixels");
        if self.field[least] < 65_535 {
            self.order.push(least);
            self.add(scale, least);
        }
    }

    /// One pixel in each tile of 32 x 16 whose turn it is, or in each; even rows of tiles first; rows counted from a random one.
    /// A tile of area a has its turn in sweep s if floor((s + 1)·a/A) > floor(s·a/A), A the largest tile's.
    fn sweep(&mut self, scale: &Scale, all: bool, draws: &mut Draws) {
        let offset = draws.below(self.height);
        let mut placed = Vec::new();
        let tiles = in_tiles(self.width, self.height, offset);
        let a_row = self.width.div_ceil(32);
        let most = tiles.iter().map(Vec::len).max().expect("tiles");
        let (even, odd): (Vec<_>, Vec<_>) =
            tiles.into_iter().enumerate().partition(|(i, _)| (i / a_row).is_multiple_of(2));
        let sweep = self.sweeps;
        self.sweeps += 1;
        for (_, tile) in even.into_iter().chain(odd) {
            let turns = |sweeps: usize| sweeps * tile.len() / most;
            if !all && turns(sweep + 1) == turns(sweep) {
                continue;
            }
            let least = tile.into_iter().min_by_key(|&p| self.field[p]).expect("pixels");
            let value = self.field[least];
            if value < 65_535 {
                placed.push((value, least));
                self.add(scale, least);
            }
        }
        // The sort is stable: of equal values the earlier placement first.
        placed.sort_by_key(|(value, _)| *value);
        self.order.extend(placed.iter().map(|(_, p)| *p));
    }

    /// Pixels that no scale placed come last, by position.
    fn into_ranks(self) -> Vec<u32> {
        let n = self.width * self.height;
        let mut ranks = vec![u32::MAX; n];
        for (rank, &p) in self.order.iter().enumerate() {
            ranks[p] = rank as u32;
        }
        let rest = ranks.iter_mut().filter(|rank| **rank == u32::MAX);
        for (rank, next) in rest.zip(self.order.len() as u32..) {
            *rank = next;
        }
        ranks
    }
}
