//! Fill and polish with the kernel of filters, and that kernel in f64: sums over weights and over wraps, no closed form.

use super::polish::{self, Kernel, Polish, Taps};
use super::{Draws, ceil_fraction, in_tiles};
use bluegrad::Shape;
use bluegrad::filters::{Combine, Filters, SpaceKind, TimeKind};
use bluegrad::recipe::{FilterFill, FilterPolish};

/// A kernel K on the torus of a shape.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Kx and Ky, by the offset along a row and along a column.
    pub space: [Vec<f64>; 2],
    /// Kx = Ky on an endless line.
    pub line: Vec<f64>,
    /// Kt, by the offset in layers.
    pub time: Vec<f64>,
    /// The weight of space; none for the product.
    pub separate: Option<f64>,
}

/// The integral of a Gaussian over each unit from −r to r, r = 4σ to the nearest, sum 1.
fn gaussian(sigma: f32) -> Vec<f64> {
    let sigma = f64::from(sigma);
    let radius = (4.0 * sigma + 0.5).floor() as i32;
    let below = |x: f64| 0.5 * (1.0 + libm::erf(x / (sigma * 2.0_f64.sqrt())));
    let all: Vec<f64> = (-radius..=radius).map(|i| below(f64::from(i) + 0.5) - below(f64::from(i) - 0.5)).collect();
    let sum: f64 = all.iter().sum();
    all.iter().map(|weight| weight / sum).collect()
}

/// `Σ_i h_i·h_(i+d)` for each d from 0 on.
fn autocorrelation(filter: &[f64]) -> Vec<f64> {
    (0..filter.len()).map(|d| filter.iter().zip(&filter[d..]).map(|(a, b)| a * b).sum()).collect()
}

/// The sum over all offsets that fall on each of a circle.
fn wrapped(line: &[f64], side: usize) -> Vec<f64> {
    let mut circle = vec![0.0; side];
    for (d, value) in line.iter().enumerate() {
        circle[d % side] += value;
        if d > 0 {
            circle[(side - d % side) % side] += value;
        }
    }
    circle
}

/// Frames after which nothing of an exponential average is left.
const FRAMES: usize = 1500;

impl Weights {
    /// The kernel of filters.
    #[must_use]
    pub fn new(filters: &Filters, shape: Shape) -> Self {
        let taps = |taps: &bluegrad::filters::Taps| -> Vec<f64> {
            taps.weights[..taps.count as usize].iter().map(|weight| f64::from(*weight)).collect()
        };
        let mean = |size: u32| vec![1.0 / f64::from(size); size as usize];
        let space = match filters.space.kind {
            SpaceKind::Gaussian => gaussian(filters.space.sigma),
            SpaceKind::Box => mean(filters.space.size),
            SpaceKind::Binomial => (0..filters.space.size).fold(vec![1.0], |all, _| {
                let at = |i: usize| all.get(i).copied().unwrap_or(0.0);
                (0..=all.len()).map(|i| 0.5 * at(i) + if i > 0 { 0.5 * at(i - 1) } else { 0.0 }).collect()
            }),
            _ => taps(&filters.space.taps),
        };
        let (alpha, beta) = (f64::from(filters.time.alpha), f64::from(filters.time.beta));
        let time = match filters.time.kind {
            TimeKind::None => vec![1.0],
            TimeKind::Ema => {
                autocorrelation(&(0..FRAMES).map(|j| alpha * (1.0 - alpha).powi(j as i32)).collect::<Vec<_>>())
            }
            TimeKind::Exponential => {
                let mut mean = vec![0.0; FRAMES];
                for m in 1..=FRAMES {
                    let mut weights: Vec<f64> = (0..m).map(|j| alpha * (1.0 - alpha).powi(j as i32)).collect();
                    weights[m - 1] /= alpha;
                    let part = beta * (1.0 - beta).powi(m as i32 - 1);
                    if part > 1e-14 {
                        mean.iter_mut().zip(autocorrelation(&weights)).for_each(|(to, a)| *to += part * a);
                    }
                }
                mean
            }
            TimeKind::Gaussian => autocorrelation(&gaussian(filters.time.sigma)),
            TimeKind::Box => autocorrelation(&mean(filters.time.size)),
            _ => autocorrelation(&taps(&filters.time.taps)),
        };
        let line = autocorrelation(&space);
        Self {
            space: [wrapped(&line, shape.width as usize), wrapped(&line, shape.height as usize)],
            line,
            time: wrapped(&time, shape.layers as usize),
            separate: (filters.combine == Combine::Separate).then(|| f64::from(filters.weight)),
        }
    }

    /// K of parts: in space, and whether it is the same pixel; in time, and whether it is the same layer.
    fn combined(&self, (space, pixel): (f64, bool), (time, layer): (f64, bool)) -> f64 {
        match self.separate {
            None => space * time,
            Some(w) => f64::from(u8::from(layer)) * w * space + f64::from(u8::from(pixel)) * (1.0 - w) * time,
        }
    }

    /// K at an offset.
    #[must_use]
    pub fn at(&self, x: usize, y: usize, layers: usize) -> f64 {
        let space = self.space[0][x] * self.space[1][y];
        self.combined((space, (x, y) == (0, 0)), (self.time[layers], layers == 0))
    }

    /// The sum over the torus.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let sum = |part: &[f64]| part.iter().sum::<f64>();
        self.combined((sum(&self.space[0]) * sum(&self.space[1]), true), (sum(&self.time), true))
    }

    /// The pair loss L of one channel, dB: the mean filtered squared error of all patterns, 0 for white noise.
    #[must_use]
    pub fn loss(&self, shape: Shape, ranks: &[u32]) -> f64 {
        let (width, height, layers) = (shape.width as usize, shape.height as usize, shape.layers as usize);
        let n = (width * height) as f64;
        let mean = (n * n - 1.0) / (3.0 * n);
        let mut pairs = 0.0;
        for d in 0..layers {
            for y in 0..height {
                for x in 0..width {
                    let k = self.at(x, y, d);
                    if k.abs() > 1e-9 {
                        let other = |l: usize, p: usize| {
                            let (q, row) = ((p % width + x) % width, (p / width + y) % height);
                            ranks[(l + d) % layers * width * height + row * width + q]
                        };
                        let all = (0..ranks.len())
                            .map(|i| ranks[i].abs_diff(other(i / (width * height), i % (width * height))));
                        pairs += k * all.map(u64::from).sum::<u64>() as f64;
                    }
                }
            }
        }
        10.0 * ((self.sum() * mean - pairs / ranks.len() as f64) / (self.at(0, 0, 0) * mean)).log10()
    }

    /// Factors of a fill in time by the distance in layers: `sgn·|Kt/Kt(0)|^pt·tent`, 0 where that is below .002.
    fn time_factors(&self, fill: &FilterFill) -> Vec<f64> {
        let layers = self.time.len();
        let factor = |d: usize| {
            let ratio = self.time[d] / self.time[0];
            let tent = if fill.tent > 0 { (1.0 - d as f64 / f64::from(fill.tent)).max(0.0) } else { 1.0 };
            ratio.signum() * libm::pow(ratio.abs(), fill.time_power.into()) * tent
        };
        let over_space = self.separate.map(|w| (1.0 - w) * self.time[0] / (w * self.space[0][0] * self.space[1][0]));
        let kept = |d: usize| Some(factor(d)).filter(|factor| factor.abs() >= 0.002).unwrap_or(0.0);
        (0..=layers / 2).map(|d| kept(d) * if d > 0 { over_space.unwrap_or(1.0) } else { 1.0 }).collect()
    }
}

/// Factors along an axis: element i is at offset i − count/2.
fn axis(side: usize, radius: usize, factor: impl Fn(i64) -> f64) -> Vec<f64> {
    let count = (2 * radius + 1).min(side);
    (0..count).map(|i| factor(i as i64 - (count / 2) as i64)).collect()
}

/// The ranks of a fill, plane after plane.
#[must_use]
pub fn fill(fill: &FilterFill, filters: &Filters, shape: Shape, seed: u64, first_step: u64) -> Vec<u32> {
    let mut state = State::new(fill, filters, shape);
    let elements = shape.width as usize * shape.height as usize * state.planes;
    for step in 0..elements.div_ceil(1024) {
        let mut draws = Draws::of_step(seed, first_step + step as u64);
        let wanted = elements.min(1024 * (step + 1));
        while state.placed() < wanted {
            state.advance(wanted, &mut draws);
        }
    }
    let mut ranks = vec![0; elements];
    let pixels = elements / state.planes;
    for (plane, order) in state.orders.iter().enumerate() {
        for (rank, p) in (0..).zip(order) {
            ranks[plane * pixels + p] = rank;
        }
    }
    ranks
}

struct State<'a> {
    fill: &'a FilterFill,
    weights: Weights,
    shape: Shape,
    planes: usize,
    scale: usize,
    started: bool,
    /// What a placement adds: distance in layers, offset, weight.
    kernel: Vec<(usize, i64, i64, i64)>,
    field: Vec<Vec<i64>>,
    taken: Vec<Vec<bool>>,
    /// The placed pixels of each plane, by rank.
    orders: Vec<Vec<usize>>,
    rounds: usize,
    rows: usize,
}

impl<'a> State<'a> {
    fn new(fill: &'a FilterFill, filters: &Filters, shape: Shape) -> Self {
        let planes = (shape.layers * shape.channels) as usize;
        let n = (shape.width * shape.height) as usize;
        Self {
            fill,
            weights: Weights::new(filters, shape),
            shape,
            planes,
            scale: 0,
            started: false,
            kernel: Vec::new(),
            field: vec![vec![0; n]; planes],
            taken: vec![vec![false; n]; planes],
            orders: vec![Vec::new(); planes],
            rounds: 0,
            rows: 0,
        }
    }

    fn placed(&self) -> usize {
        self.orders.iter().map(Vec::len).sum()
    }

    /// Rounds of a scale until so many elements are placed, or the scale ends.
    fn advance(&mut self, wanted: usize, draws: &mut Draws) {
        let elements = self.planes * self.field[0].len();
        let until = [ceil_fraction(1.0 / 512.0, elements), ceil_fraction(1.0 / 48.0, elements), elements][self.scale];
        if self.placed() >= until {
            self.scale += 1;
            self.started = false;
            return;
        }
        if !self.started {
            self.start(draws);
            self.started = true;
        }
        while self.placed() < wanted.min(until) {
            let before = self.placed();
            self.round(false, draws);
            if self.placed() == before {
                self.round(true, draws);
            }
        }
    }

    fn start(&mut self, draws: &mut Draws) {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let head = |radius: usize, sigma: f64| {
            let gaussian = move |side: usize| {
                let at = move |d: i64| -> f64 {
                    let wraps = -(2 * radius as i64 / side as i64 + 1)..=(2 * radius as i64 / side as i64 + 1);
                    let offsets =
                        wraps.map(|wrap| d + wrap * side as i64).filter(|d| d.unsigned_abs() as usize <= radius);
                    offsets.map(|d| libm::exp(-((d * d) as f64) / (2.0 * sigma * sigma))).sum()
                };
                axis(side, radius, move |d| at(d) / at(0))
            };
            [gaussian(width), gaussian(height)]
        };
        let own = || {
            [0, 1].map(|which: usize| {
                let values = &self.weights.space[which];
                axis(values.len(), self.fill.radius as usize, |d| {
                    let ratio = values[d.unsigned_abs() as usize % values.len()] / values[0];
                    ratio.signum() * libm::pow(ratio.abs(), self.fill.power.into())
                })
            })
        };
        let [x, y] = [head(24, 8.0), head(12, 3.0), own()][self.scale.min(2)].clone();
        let time = self.weights.time_factors(self.fill);
        let layers = self.shape.layers as usize;
        let size = |factors: &[f64]| factors.iter().map(|factor| factor.abs()).sum::<f64>();
        let times = |d: usize| if d == 0 || 2 * d == layers { 1.0 } else { 2.0 };
        let in_time: f64 = time.iter().enumerate().map(|(d, factor)| times(d) * factor.abs()).sum();
        let separate = self.weights.separate.is_some();
        let space = size(&x) * size(&y);
        // all free cells of a tile are within so many centres of a kernel
        let spread = |sum: f64| 8.0 * (sum / 128.0).max(1.0).sqrt();
        let peak = 32_768.0 / if separate { spread(space).max(2.0 * in_time) } else { spread(space * in_time) };
        self.rows = y.len();
        self.kernel.clear();
        for (d, time) in time.iter().enumerate() {
            for (j, fy) in y.iter().enumerate() {
                for (i, fx) in x.iter().enumerate() {
                    let (dx, dy) = (i as i64 - (x.len() / 2) as i64, j as i64 - (y.len() / 2) as i64);
                    if !separate || d == 0 || (dx, dy) == (0, 0) {
                        let weight = libm::round(peak * (fx * fy) * time) as i64;
                        self.kernel.push((d, dx, dy, weight));
                    }
                }
            }
        }
        let noise = libm::round(0.0008 * peak * f64::from(self.fill.disorder)).max(4.0) as u32;
        for y in 0..height {
            for field in &mut self.field {
                for four in field[y * width..(y + 1) * width].chunks_mut(4) {
                    for (to, byte) in four.iter_mut().zip(draws.next_u32().to_le_bytes()) {
                        *to = i64::from(u32::from(byte) * noise / 256);
                    }
                }
            }
        }
        for plane in 0..self.planes {
            for p in self.orders[plane].clone() {
                self.add(plane, p);
            }
        }
    }

    fn add(&mut self, plane: usize, p: usize) {
        let (width, height) = (self.shape.width as i64, self.shape.height as i64);
        let (layers, channels) = (self.shape.layers as usize, self.shape.channels as usize);
        let (layer, channel) = (plane / channels, plane % channels);
        let (x, y) = (p as i64 % width, p as i64 / width);
        for &(d, dx, dy, weight) in &self.kernel {
            let q = ((y + dy).rem_euclid(height) * width + (x + dx).rem_euclid(width)) as usize;
            self.field[(layer + d) % layers * channels + channel][q] += weight;
            if d > 0 && 2 * d != layers {
                self.field[(layer + layers - d) % layers * channels + channel][q] += weight;
            }
        }
    }

    /// One element in each tile of each plane. Planes in a random order, a sixteenth of them at a time; of these, rows of tiles that
    /// kernels do not join first, as many as fit, then the other rows.
    fn round(&mut self, all: bool, draws: &mut Draws) {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let offset = draws.below(height);
        let mut planes: Vec<usize> = (0..self.planes).collect();
        for last in (1..self.planes).rev() {
            planes.swap(last, draws.below(last + 1));
        }
        let tiles = in_tiles(width, height, offset);
        let (a_row, tile_rows) = (width.div_ceil(32), height.div_ceil(16));
        let most = tiles.iter().map(Vec::len).max().expect("tiles");
        let apart = 1 + (self.rows - 1).div_ceil(16);
        let together = 1 + height.saturating_sub(16 + self.rows - 1) / (16 * apart);
        let classes = apart.min(tile_rows);
        let mut rows: Vec<usize> =
            (0..classes).flat_map(|class| (0..together).map(move |i| class + i * apart)).collect();
        rows.extend(classes * together..tile_rows);
        let mut placed = vec![Vec::new(); self.planes];
        let round = self.rounds;
        self.rounds += 1;
        for block in planes.chunks(self.planes.div_ceil(16)) {
            for row in &rows {
                for &plane in block {
                    for tile in &tiles[row * a_row..(row + 1) * a_row] {
                        let turns = |rounds: usize| rounds * tile.len() / most;
                        if !all && turns(round + 1) == turns(round) {
                            continue;
                        }
                        let free = tile.iter().filter(|&&p| !self.taken[plane][p]);
                        if let Some(&p) = free.min_by_key(|&&p| self.field[plane][p]) {
                            placed[plane].push((self.field[plane][p], p));
                            self.taken[plane][p] = true;
                            self.add(plane, p);
                        }
                    }
                }
            }
        }
        for (order, mut placed) in self.orders.iter_mut().zip(placed) {
            placed.sort_unstable();
            order.extend(placed.iter().map(|(_, p)| *p));
        }
    }
}

/// The ranks after a polish with the taps of K.
#[must_use]
pub fn polish(stage: &FilterPolish, filters: &Filters, shape: Shape, ranks: &[u32]) -> Vec<u32> {
    let weights = Weights::new(filters, shape);
    let (kernel, unit) = (taps(stage, &weights, shape), weights.at(0, 0, 0) / weights.sum());
    let tau = |value: f32| (f64::from(value) * unit) as f32;
    let polish = Polish {
        steps: stage.steps,
        radius: stage.radius as usize,
        step_size: stage.step_size,
        tau: bluegrad::Schedule { start: tau(stage.tau.start), end: tau(stage.tau.end), ..stage.tau },
        momentum: stage.momentum,
        ..super::recipe::polish(&bluegrad::recipe::Polish::PLAIN)
    };
    polish::run_with(&polish, &kernel, shape, ranks)
}

/// The heaviest classes of K that have the share of its sum: taps of one weight by symmetry, in groups of eight, four and one.
fn taps(stage: &FilterPolish, weights: &Weights, shape: Shape) -> Kernel {
    let layers = shape.layers as usize;
    let mut classes = Vec::new();
    for d in 0..=(stage.time_radius as usize).min(layers / 2) {
        let mut add = |offsets: Vec<(i32, i32)>| {
            let at = |d: i32| weights.line.get(d.unsigned_abs() as usize).copied().unwrap_or(0.0);
            let (x, y) = offsets[0];
            let k = weights.combined((at(x) * at(y), (x, y) == (0, 0)), (weights.time[d], d == 0));
            let count = if d == 0 || 2 * d == layers { 1 } else { 2 } * offsets.len();
            classes.push((k, count, d, offsets));
        };
        add(vec![(0, 0)]);
        let radius = stage.radius as i32;
        for x in 1..=radius {
            for y in 0..=x {
                let all = [(x, y), (-x, y), (x, -y), (-x, -y), (y, x), (-y, x), (y, -x), (-y, -x)];
                let mut offsets: Vec<(i32, i32)> = all.into();
                offsets.sort_unstable();
                offsets.dedup();
                add(offsets);
            }
        }
    }
    classes.retain(|class| class.0 > 0.0);
    classes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let wanted = f64::from(stage.share) * (1.0 - 1e-9) * weights.sum();
    let mut sum = 0.0;
    let mut taken = Vec::new();
    for class in classes {
        if sum < wanted {
            sum += class.0 * class.1 as f64;
            taken.push(class);
        }
    }
    let mut kernel = Kernel { groups: Vec::new() };
    for (k, _, d, offsets) in taken {
        let parts = libm::ceil(k / sum / 0.124).max(1.0);
        let mut add = |layer| {
            let weight = [k / sum / parts; 2];
            for _ in 0..parts as usize {
                kernel.groups.push(Taps { layer, channel: 0, offsets: offsets.clone(), weight });
            }
        };
        if d > 0 || offsets.len() > 1 {
            add(d);
            if d > 0 && 2 * d != layers {
                add(layers - d);
            }
        }
    }
    kernel
}
