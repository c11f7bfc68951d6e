//! Void fill: pixels get their ranks from dark to light, each the emptiest place of a field that the kernels of the
//! placed ones make; six scales, since far kernels matter while pixels are few. Planes of a volume take turns, and what
//! one places adds to the fields of others.

use super::kernel::{Component, Table, mixture};
use super::{Draws, ceil_fraction, in_tiles};
use bluegrad::Shape;

/// The parameters of a fill.
#[derive(Clone, Debug, PartialEq)]
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
    /// How planes act on each other.
    pub coupling: Coupling,
}

/// How the planes of a volume act on each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coupling {
    /// Weight w of the kernel in the other channels of a layer.
    pub channel_weight: f32,
    /// Weight β of all taps in time, relative to the last two scales' kernel.
    pub time_weight: f32,
    /// The farthest tap in time, layers.
    pub time_radius: usize,
    /// Kernel in time, of the distance in layers.
    pub time_kernel: Vec<Component>,
}

/// Pixels that a step places at least, but for the last.
pub const STEP_PIXELS: usize = 1024;

/// The steps of the stage.
#[must_use]
pub fn steps(pixels: usize) -> usize {
    pixels.div_ceil(STEP_PIXELS)
}

/// The ranks of a fill: the planes one after the other, layer by layer and in a layer channel by channel.
#[must_use]
pub fn run(fill: &Fill, shape: Shape, seed: u64, first_step: u64) -> Vec<u32> {
    after(fill, shape, seed, first_step, steps(shape.elements())).into_ranks()
}

/// The pixels that the first steps of a run place in a flat mask, by rank.
#[must_use]
pub fn first_pixels(fill: &Fill, shape: Shape, seed: u64, steps: usize) -> Vec<usize> {
    after(fill, shape, seed, 0, steps).planes.swap_remove(0).order
}

fn after(fill: &Fill, shape: Shape, seed: u64, first_step: u64, steps: usize) -> State {
    let mut state = State::new(fill, shape);
    for step in 0..steps {
        let mut draws = Draws::of_step(seed, first_step + step as u64);
        let until = shape.elements().min(STEP_PIXELS * (step + 1));
        while state.placed() < until && state.advance(&mut draws) {}
    }
    state
}

/// One scale: its kernel, and what goes with it.
struct Scale {
    /// It ends when so many pixels of each plane are placed.
    until: usize,
    /// For the table's shape.
    table: Table,
    /// The kernel, 65 535 at the centre.
    weights: Vec<u16>,
    /// What a pixel adds to the other channels of its layer: `round(w·k)`, centre included.
    channel_weights: Vec<u16>,
    /// `tw[d − 1] = round(c0·q·k(d))`: what a pixel adds to itself in the layers d before and d after its own.
    time_taps: Vec<u16>,
    /// The field starts as floor(byte·noise/256), byte 0 to 255.
    noise: u32,
    one_at_a_time: bool,
}

/// The last two scales' kernel at any factor.
fn own_kernel(fill: &Fill, shape: Shape) -> Table {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let (weight, narrow) = (f64::from(fill.narrow_weight), f64::from(fill.narrow_sigma));
    let gaussian = |sigma| Table::gaussian(width, height, fill.radius, sigma);
    let table = gaussian(f64::from(fill.sigma) * (1.0 + 20.0 / (width * height) as f64));
    if weight > 0.0 { table.less(weight, &gaussian(narrow)) } else { table }
}

impl Scale {
    /// One of the first four, with the peak `peak`.
    fn head(shape: Shape, fill: &Fill, (until, radius, sigma, peak): (f64, usize, f64, f64)) -> Self {
        let table = Table::gaussian(shape.width as usize, shape.height as usize, radius, sigma);
        Self::new(shape, fill, until, table, peak)
    }

    /// One of the last two: all that a pixel adds, in all planes, has the total weight `total`.
    fn tail(shape: Shape, fill: &Fill, until: f64, total: f64) -> Self {
        let table = own_kernel(fill, shape);
        let time = if shape.layers > 1 { f64::from(fill.coupling.time_weight) } else { 0.0 };
        let others = f64::from(shape.channels) - 1.0;
        let factor = total / (1.0 + time + f64::from(fill.coupling.channel_weight) * others) / table.sum();
        Self::new(shape, fill, until, table, factor)
    }

    fn new(shape: Shape, fill: &Fill, until: f64, table: Table, factor: f64) -> Self {
        let rounded = |w: f64| w.round().clamp(0.0, 65_535.0) as u16;
        let mut weights: Vec<u16> = table.values.iter().map(|&f| rounded(factor * f)).collect();
        weights[table.centre()] = 65_535;
        let w = f64::from(fill.coupling.channel_weight);
        let channel_weights = table.values.iter().map(|&f| rounded(w * (factor * f))).collect();
        let time_taps =
            time_taps(fill, shape, factor * table.values[table.centre()]).into_iter().map(rounded).collect();
        let until = ceil_fraction(until, shape.pixels());
        Self { until, table, weights, channel_weights, time_taps, noise: 0, one_at_a_time: false }
    }
}

/// `c0·q·k(d)`, d = 1 … RT, `q = β·S0/(2Σk)`: with S0 the sum of the last scales' kernel at peak 1.
fn time_taps(fill: &Fill, shape: Shape, c0: f64) -> Vec<f64> {
    let Coupling { time_weight, time_radius, time_kernel, .. } = &fill.coupling;
    if shape.layers == 1 || *time_weight == 0.0 {
        return Vec::new();
    }
    let own = own_kernel(fill, shape);
    let s0 = own.sum() / own.values[own.centre()];
    let k: Vec<f64> = (1..=*time_radius).map(|d| mixture((d * d) as f64, time_kernel)).collect();
    let q = f64::from(*time_weight) * s0 / (2.0 * k.iter().sum::<f64>());
    k.iter().map(|k| c0 * q * k).collect()
}

/// The six scales.
fn scales(fill: &Fill, shape: Shape) -> Vec<Scale> {
    let mut scales = vec![
        Scale { one_at_a_time: true, ..Scale::head(shape, fill, (1.0 / 256.0, 30, 9.0, 12_000.0)) },
        Scale { one_at_a_time: true, ..Scale::head(shape, fill, (1.0 / 64.0, 18, 4.5, 12_000.0)) },
        Scale { one_at_a_time: true, ..Scale::head(shape, fill, (0.033, 12, 3.0, 12_000.0)) },
        Scale::head(shape, fill, (0.064, 10, 2.0, 20_000.0)),
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

/// One channel of one layer.
#[derive(Clone, Default)]
struct Plane {
    field: Vec<u16>,
    /// The placed pixels, by rank.
    order: Vec<usize>,
    /// Sweeps so far.
    sweeps: usize,
    /// The least pixel of each tile, from row 0 on; none if a cell of the tile has changed since. Large masks would take minutes without.
    least: Vec<Option<usize>>,
}

impl Plane {
    /// Adds to the cell of a pixel.
    fn add(&mut self, p: usize, weight: u16, width: usize) {
        self.field[p] = self.field[p].saturating_add(weight);
        self.least[p / width / 16 * width.div_ceil(32) + p % width / 32] = None;
    }
}

struct State {
    shape: Shape,
    /// What is still to do, the present scale first.
    scales: std::collections::VecDeque<Scale>,
    /// Whether the present scale's fields are there.
    started: bool,
    planes: Vec<Plane>,
    /// Tiles from row 0 on.
    tiles: Vec<Vec<usize>>,
}

impl State {
    fn new(fill: &Fill, shape: Shape) -> Self {
        let planes = vec![Plane::default(); shape.planes()];
        let tiles = in_tiles(shape.width as usize, shape.height as usize, 0);
        Self { shape, scales: scales(fill, shape).into(), started: false, planes, tiles }
    }

    fn size(&self) -> (usize, usize) {
        (self.shape.width as usize, self.shape.height as usize)
    }

    /// Pixels placed in all planes.
    fn placed(&self) -> usize {
        self.planes.iter().map(|plane| plane.order.len()).sum()
    }

    /// One round: each plane that is not done with the scale places one pixel or takes one sweep, in random order; false if
    /// no scale is left.
    fn advance(&mut self, draws: &mut Draws) -> bool {
        let Some(scale) = self.scales.pop_front() else { return false };
        let before = self.placed();
        if self.planes.iter().all(|plane| plane.order.len() >= scale.until) {
            self.started = false;
            return true;
        }
        if !self.started {
            self.start(&scale, draws);
        }
        for plane in permutation(self.planes.len(), draws) {
            let from = self.planes[plane].order.len();
            if from >= scale.until {
                continue;
            }
            if scale.one_at_a_time {
                self.place_least(&scale, plane);
            } else {
                if self.takes_batches(from, scale.until) {
                    for _ in 0..8 {
                        let begin = 2 * self.planes[plane].sweeps;
                        self.sweep(&scale, plane, false, Some(begin), draws);
                    }
                } else {
                    self.sweep(&scale, plane, false, None, draws);
                }
                if self.planes[plane].order.len() == from {
                    self.sweep(&scale, plane, true, None, draws);
                }
            }
            let placed = self.planes[plane].order[from..].to_vec();
            for p in placed {
                self.couple(&scale, plane, p);
            }
        }
        self.started = self.placed() > before;
        if self.started {
            self.scales.push_front(scale);
        }
        true
    }

    /// Whether a round takes eight sweeps: if they find room before the scale ends, in flat masks whose sides are multiples of 32 from
    /// 896 on.
    fn takes_batches(&self, placed: usize, until: usize) -> bool {
        let (width, height) = self.size();
        let large =
            self.planes.len() == 1 && [width, height].iter().all(|side| *side >= 896 && side.is_multiple_of(32));
        large && placed + 8 * (width.div_ceil(32) * height.div_ceil(16)) <= until
    }

    /// The fields of a scale: noise, four pixels a draw, then the kernels of what is placed.
    fn start(&mut self, scale: &Scale, draws: &mut Draws) {
        let (width, height) = self.size();
        for plane in &mut self.planes {
            plane.field = vec![0; width * height];
            plane.least = vec![None; width.div_ceil(32) * height.div_ceil(16)];
            for row in plane.field.chunks_mut(width) {
                for pixels in row.chunks_mut(4) {
                    for (pixel, byte) in pixels.iter_mut().zip(draws.next_u32().to_le_bytes()) {
                        *pixel = (u32::from(byte) * scale.noise / 256) as u16;
                    }
                }
            }
        }
        for plane in 0..self.planes.len() {
            for p in self.planes[plane].order.clone() {
                self.add(scale, plane, p);
                self.couple(scale, plane, p);
            }
        }
    }

    /// Adds the kernel at pixel `p` of its plane; the centre tap marks the pixel as taken.
    fn add(&mut self, scale: &Scale, plane: usize, p: usize) {
        let (width, height) = self.size();
        for (q, weight) in scale.table.pixels(p, width, height).zip(&scale.weights) {
            self.planes[plane].add(q, *weight, width);
        }
    }

    /// Adds what a pixel placed at `p` adds to other planes.
    fn couple(&mut self, scale: &Scale, plane: usize, p: usize) {
        let (width, height) = self.size();
        let (layers, channels) = (self.shape.layers as usize, self.shape.channels as usize);
        let (layer, channel) = (plane / channels, plane % channels);
        for other in (0..channels).filter(|other| *other != channel) {
            for (q, weight) in scale.table.pixels(p, width, height).zip(&scale.channel_weights) {
                self.planes[layer * channels + other].add(q, *weight, width);
            }
        }
        for (i, tap) in scale.time_taps.iter().enumerate() {
            for d in [i as i64 + 1, -(i as i64 + 1)] {
                let other = (layer as i64 + d).rem_euclid(layers as i64) as usize;
                self.planes[other * channels + channel].add(p, *tap, width);
            }
        }
    }

    /// Places the pixel of the least value of a whole plane, of equal ones the first tile by tile.
    fn place_least(&mut self, scale: &Scale, plane: usize) {
        let Plane { field, least, .. } = &mut self.planes[plane];
        let of_tile = |tile: &Vec<usize>| tile.iter().copied().min_by_key(|&p| field[p]).expect("pixels");
        for (least, tile) in least.iter_mut().zip(&self.tiles) {
            least.get_or_insert_with(|| of_tile(tile));
        }
        let least = least.iter().flatten().copied().min_by_key(|&p| field[p]).expect("pixels");
        if field[least] < 65_535 {
            self.planes[plane].order.push(least);
            self.add(scale, plane, least);
        }
    }

    /// One pixel in each tile of 32 x 16 whose turn it is, or in each; even rows of tiles first; rows counted from a random one. In each
    /// row from left to right; with `begin` from that tile on and around the torus, in odd rows from the next.
    /// A tile of area a has its turn in sweep s if floor((s + 1)·a/A) > floor(s·a/A), A the largest tile's.
    fn sweep(&mut self, scale: &Scale, plane: usize, all: bool, begin: Option<usize>, draws: &mut Draws) {
        let (width, height) = self.size();
        let offset = draws.below(height);
        let mut placed = Vec::new();
        let mut tiles = in_tiles(width, height, offset);
        let a_row = width.div_ceil(32);
        let most = tiles.iter().map(Vec::len).max().expect("tiles");
        if let Some(begin) = begin {
            for (i, row) in tiles.chunks_mut(a_row).enumerate() {
                row.rotate_left((begin + i % 2) % a_row);
            }
        }
        let (even, odd): (Vec<_>, Vec<_>) =
            tiles.into_iter().enumerate().partition(|(i, _)| (i / a_row).is_multiple_of(2));
        let sweep = self.planes[plane].sweeps;
        self.planes[plane].sweeps += 1;
        for (_, tile) in even.into_iter().chain(odd) {
            let turns = |sweeps: usize| sweeps * tile.len() / most;
            if !all && turns(sweep + 1) == turns(sweep) {
                continue;
            }
            let field = &self.planes[plane].field;
            let least = tile.into_iter().min_by_key(|&p| field[p]).expect("pixels");
            let value = field[least];
            if value < 65_535 {
                placed.push((value, least));
                self.add(scale, plane, least);
            }
        }
        // The sort is stable: of equal values the earlier placement first.
        placed.sort_by_key(|(value, _)| *value);
        self.planes[plane].order.extend(placed.iter().map(|(_, p)| *p));
    }

    /// Pixels that no scale placed come last in their plane, by position.
    fn into_ranks(self) -> Vec<u32> {
        let pixels = self.shape.pixels();
        let of_plane = |plane: Plane| {
            let mut ranks = vec![u32::MAX; pixels];
            for (rank, &p) in plane.order.iter().enumerate() {
                ranks[p] = rank as u32;
            }
            let rest = ranks.iter_mut().filter(|rank| **rank == u32::MAX);
            for (rank, next) in rest.zip(plane.order.len() as u32..) {
                *rank = next;
            }
            ranks
        };
        self.planes.into_iter().flat_map(of_plane).collect()
    }
}

/// 0 … count − 1 in random order: from the last place down, each changes with one of those up to itself.
fn permutation(count: usize, draws: &mut Draws) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(draws.below(last + 1), last);
    }
    order
}
