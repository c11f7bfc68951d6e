//! The one pass that moves the values: gradient, optimiser, sums.
//!
//! With `g` the gradient of the spectral terms (weights and random factors in it), `h_i = 2·f·(x_i − t_i)` that of the histogram
//! term, `s` and `s_h` their step sizes:
//!
//! - gradient descent: `x -= s·g + s_h·h`
//! - heavy ball: `v = μ·v + (s·g + s_h·h);  x -= v`
//! - Adam: with `G = g + (s_h/s)·h`, `m = β1·m + (1 − β1)·G`, `v = β2·v + (1 − β2)·G²`, `x -= s·(m/(1 − β1^t))/(√(v/(1 − β2^t)) + ε)`
//!
//! Numbers below 2⁻¹⁰⁰ become 0, so that no denormal ever takes part and a thread's FTZ/DAZ flags change nothing.

use crate::jobs::{Chunks, Jobs, each};
use crate::optimizer::{Method, Optimizer};
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words, reduce};
use crate::sort::binned::{BLOCK, Counts, Edges, Space};
use core::ops::Range;

/// The most tiles of an update.
const MAX_TILES: usize = 256;
/// The fewest pixels of a tile.
const MIN_TILE: usize = 4096;

/// Pixels of a tile of a mask of n pixels, a power of two.
const fn tile_pixels(n: usize) -> usize {
    if n / MAX_TILES > MIN_TILE { n / MAX_TILES } else { MIN_TILE }
}

/// Tiles of a mask of n pixels.
pub(crate) const fn tiles(n: usize) -> usize {
    n.div_ceil(tile_pixels(n))
}

/// Step sizes and factors of one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) optimizer: Optimizer,
    /// s.
    pub(crate) step_size: f32,
    /// `s_h`.
    pub(crate) histogram_step_size: f32,
    /// f, the histogram term's weight and random factor.
    pub(crate) histogram: f32,
    /// Adam's t: 1 at the first step of a stage.
    pub(crate) count: u32,
}

/// Sums of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Σ (x − t)², before the step.
    pub(crate) histogram: f64,
    /// Σ (g + h)².
    pub(crate) gradient: f64,
}

/// Where the wanted values come from.
pub(crate) enum Wanted<'a> {
    /// There is no histogram term.
    None,
    /// One a pixel, by exact ranks.
    Exact(&'a [f32]),
    /// Looked up; the moved values are counted, a tile's in its own counts.
    Binned(&'a Edges, &'a mut [Counts]),
}

/// What the pass works on. An empty slice stands for zeros: no spectral term, no momentum.
pub(crate) struct Update<'a> {
    pub(crate) step: Step,
    pub(crate) values: &'a mut [f32],
    pub(crate) velocity: &'a mut [f32],
    pub(crate) second: &'a mut [f32],
    pub(crate) gradient: &'a [f32],
    pub(crate) wanted: Wanted<'a>,
}

impl Update<'_> {
    /// The pass over all pixels. A job is a tile of them.
    pub(crate) fn run(self, level: SimdLevel, jobs: &dyn Jobs) -> Sums {
        let Self { step, values, velocity, second, gradient, wanted } = self;
        let (exact, edges, counts): (&[f32], _, &mut [Counts]) = match wanted {
            Wanted::None => (&[], None, &mut []),
            Wanted::Exact(wanted) => (wanted, None, &mut []),
            Wanted::Binned(edges, counts) => (&[], Some(edges), counts),
        };
        let (size, count) = (tile_pixels(values.len()), tiles(values.len()));
        let mut sums = [Sums::default(); MAX_TILES];
        let mut parts = (
            Chunks::new(values, size),
            Chunks::new(velocity, size),
            Chunks::new(second, size),
            Chunks::new(counts, 1),
            Chunks::new(&mut sums, 1),
        );
        debug_assert!(count <= MAX_TILES, "a tile is at least a 256th of the mask");
        each(jobs, count, &mut parts, |tile, (values, velocity, second, counts, sums)| {
            let pixels = tile * size..tile * size + values.len();
            let tile = Tile {
                step: &step,
                values,
                velocity,
                second,
                gradient: gradient.get(pixels.clone()).unwrap_or_default(),
                exact: exact.get(pixels).unwrap_or_default(),
                edges,
                counts: counts.first_mut(),
            };
            if let Some(sums) = sums.first_mut() {
                *sums = level.run(tile);
            }
        });
        let mut total = Sums::default();
        for sums in sums.iter().take(count) {
            total.histogram += sums.histogram;
            total.gradient += sums.gradient;
        }
        total
    }
}

/// One tile of the pass.
struct Tile<'a> {
    step: &'a Step,
    values: &'a mut [f32],
    velocity: &'a mut [f32],
    second: &'a mut [f32],
    gradient: &'a [f32],
    exact: &'a [f32],
    edges: Option<&'a Edges>,
    counts: Option<&'a mut Counts>,
}

/// Vectors of the constants.
struct Constants<V> {
    step_size: V,
    histogram_step_size: V,
    histogram: V,
    /// `s_h/s`.
    ratio: V,
    momentum: V,
    second_momentum: V,
    one_minus: V,
    one_minus_second: V,
    /// 1/(1 − β1^t).
    correction: V,
    /// 1/(1 − β2^t).
    second_correction: V,
    epsilon: V,
    zero: V,
    tiny: V,
}

impl<V: Lanes> Constants<V> {
    #[inline(always)]
    fn new(token: V::Token, step: &Step) -> Self {
        let Optimizer { momentum, second_momentum, epsilon, .. } = step.optimizer;
        let correction = |beta: f32| (1.0 / (1.0 - libm::pow(f64::from(beta), f64::from(step.count)))) as f32;
        let adam = step.optimizer.method == Method::Adam;
        let (first, second) = if adam { (correction(momentum), correction(second_momentum)) } else { (1.0, 1.0) };
        let ratio = if step.step_size > 0.0 { step.histogram_step_size / step.step_size } else { 0.0 };
        let splat = |value| V::splat(token, value);
        Self {
            step_size: splat(step.step_size),
            histogram_step_size: splat(step.histogram_step_size),
            histogram: splat(2.0 * step.histogram),
            ratio: splat(ratio),
            momentum: splat(momentum),
            second_momentum: splat(second_momentum),
            one_minus: splat(1.0 - momentum),
            one_minus_second: splat(1.0 - second_momentum),
            correction: splat(first),
            second_correction: splat(second),
            epsilon: splat(epsilon),
            zero: splat(0.0),
            // 2⁻¹⁰⁰
            tiny: splat(f32::from_bits((127 - 100) << 23)),
        }
    }

    #[inline(always)]
    fn flush(&self, value: V) -> V {
        value.abs().select_less(self.tiny, self.zero, value)
    }
}

impl Kernel for Tile<'_> {
    type Output = Sums;
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> Sums {
        let constants = Constants::<V>::new(token, self.step);
        let mut sums = LaneSums { histogram: [0.0; LANES], gradient: [0.0; LANES] };
        let lines = self.values.len() / LANES;
        let (mut space, mut wanted) = (Space::NEW, [[0.0; LANES]; BLOCK]);
        let mut first = 0;
        while first < lines {
            let block = first..if first + BLOCK < lines { first + BLOCK } else { lines };
            first = block.end;
            self.block(token, &constants, block, &mut sums, (&mut space, &mut wanted));
        }
        Sums { histogram: f64::from(reduce(&sums.histogram)), gradient: f64::from(reduce(&sums.gradient)) }
    }
}

/// The sums of a tile in 16 lanes.
struct LaneSums {
    histogram: [f32; LANES],
    gradient: [f32; LANES],
}

impl Tile<'_> {
    /// Moves some lines, at most [`BLOCK`].
    #[inline(always)]
    fn block<V: Lanes>(
        &mut self,
        token: V::Token,
        constants: &Constants<V>,
        lines: Range<usize>,
        sums: &mut LaneSums,
        (space, looked_up): (&mut Space, &mut [[f32; LANES]; BLOCK]),
    ) {
        const ZEROS: [f32; LANES] = [0.0; LANES];
        let method = self.step.optimizer.method;
        let Some(values) = self.values.as_chunks_mut::<LANES>().0.get_mut(lines.clone()) else { return };
        let gradient = self.gradient.as_chunks::<LANES>().0.get(lines.clone()).unwrap_or_default();
        let velocity = self.velocity.as_chunks_mut::<LANES>().0.get_mut(lines.clone()).unwrap_or_default();
        let second = self.second.as_chunks_mut::<LANES>().0.get_mut(lines.clone()).unwrap_or_default();
        let wanted = match (self.edges, self.exact.as_chunks::<LANES>().0.get(lines)) {
            (Some(edges), _) => {
                edges.want::<V>(token, values, space, looked_up);
                looked_up.as_slice()
            }
            (None, Some(exact)) => exact,
            (None, None) => &[][..],
        };
        for chunk in 0..V::chunks() {
            let mut histogram = V::load(token, &sums.histogram, chunk);
            let mut norm = V::load(token, &sums.gradient, chunk);
            for (i, value) in values.iter_mut().enumerate() {
                let x = V::load(token, value, chunk);
                let g = V::load(token, gradient.get(i).unwrap_or(&ZEROS), chunk);
                let distance = match wanted.get(i) {
                    Some(wanted) => x - V::load(token, wanted, chunk),
                    None => constants.zero,
                };
                let h = constants.histogram * distance;
                histogram = histogram + distance * distance;
                norm = norm + (g + h) * (g + h);
                let push = constants.step_size * g + constants.histogram_step_size * h;
                let step = match (method, velocity.get_mut(i), second.get_mut(i)) {
                    (Method::HeavyBall, Some(velocity), _) => {
                        let v = constants.flush(constants.momentum * V::load(token, velocity, chunk) + push);
                        v.store(velocity, chunk);
                        v
                    }
                    (Method::Adam, Some(velocity), Some(second)) => {
                        adam(token, constants, g + constants.ratio * h, velocity, second, chunk)
                    }
                    _ => push,
                };
                constants.flush(x - step).store(value, chunk);
            }
            histogram.store(&mut sums.histogram, chunk);
            norm.store(&mut sums.gradient, chunk);
        }
        if let Some(counts) = &mut self.counts {
            space.count::<V>(token, values, counts);
        }
    }
}

/// Adam's step from the gradient `g`.
#[inline(always)]
fn adam<V: Lanes>(
    token: V::Token,
    constants: &Constants<V>,
    g: V,
    first: &mut [f32; LANES],
    second: &mut [f32; LANES],
    chunk: usize,
) -> V {
    let m = constants.flush(constants.momentum * V::load(token, first, chunk) + constants.one_minus * g);
    let v = constants
        .flush(constants.second_momentum * V::load(token, second, chunk) + constants.one_minus_second * (g * g));
    m.store(first, chunk);
    v.store(second, chunk);
    constants.step_size * (m * constants.correction) / ((v * constants.second_correction).sqrt() + constants.epsilon)
}
