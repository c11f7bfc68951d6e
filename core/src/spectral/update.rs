//! The pass over the values: histogram gradient, optimiser, sums of the step.
//!
//! Let `g` be the gradient of the terms of the bins, with weights and random factors, and `h_i = 2·f·(x_i − t_i)` that of the histogram
//! term; `s` and `s_h` are their step sizes.
//!
//! - gradient descent: `x -= s·g + s_h·h`
//! - heavy ball: `v = μ·v + (s·g + s_h·h);  x -= v`
//! - Adam: with `G = g + (s_h/s)·h`, `m = β1·m + (1 − β1)·G`, `v = β2·v + (1 − β2)·G²`, `x -= s·(m/(1 − β1^t))/(√(v/(1 − β2^t)) + ε)`
//!
//! Values, velocities and moments below 2⁻¹⁰⁰ become 0: no denormal takes part, so a thread's FTZ and DAZ flags change no bit.

use crate::jobs::{Chunks, Jobs, each};
use crate::optimizer::{Method, Optimizer};
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words, reduce};
use crate::sort::binned::{BLOCK, Counts, Edges, Space};
use core::ops::Range;
use heapless::Vec;

/// Most tiles of a mask.
const MAX_TILES: usize = 256;
/// Fewest pixels of a tile.
const MIN_TILE: usize = 4096;

/// Returns the pixels per tile of a mask of n pixels, n a power of two.
const fn tile_pixels(n: usize) -> usize {
    if n / MAX_TILES > MIN_TILE { n / MAX_TILES } else { MIN_TILE }
}

/// Returns the number of tiles of a mask of n pixels.
pub(crate) const fn tiles(n: usize) -> usize {
    n.div_ceil(tile_pixels(n))
}

/// Step sizes and factors of one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) optimizer: Optimizer,
    /// `s`, the step size of the terms of the bins.
    pub(crate) step_size: f32,
    /// `s_h`, the step size of the histogram term.
    pub(crate) histogram_step_size: f32,
    /// `f`, the histogram term's weight times its random factor.
    pub(crate) histogram: f32,
    /// Adam's `t`: 1 at the first step of a stage.
    pub(crate) count: u32,
}

/// Sums of one step over all pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct StepSums {
    /// Σ (x − t)² of the values before the step: the histogram term without its weight.
    pub(crate) histogram: f64,
    /// Σ (g + h)²: the squared norm of the gradient.
    pub(crate) gradient: f64,
}

/// Source of the wanted values t.
pub(crate) enum Wanted<'a> {
    /// The stage has no histogram term.
    None,
    /// One wanted value a pixel, by exact ranks.
    Exact(&'a [f32]),
    /// Looked up by binned ranks. Each tile counts its moved values in its own counts, for the next step's bins.
    Binned(&'a Edges, &'a mut [Counts]),
}

/// Buffers of the pass. An empty `gradient`, `velocity` or `second` stands for zeros: no term of the bins, no momentum.
pub(crate) struct Update<'a> {
    pub(crate) step: Step,
    /// `x`.
    pub(crate) values: &'a mut [f32],
    /// `v` of the heavy ball, `m` of Adam.
    pub(crate) velocity: &'a mut [f32],
    /// `v` of Adam.
    pub(crate) second: &'a mut [f32],
    /// `g`.
    pub(crate) gradient: &'a [f32],
    pub(crate) wanted: Wanted<'a>,
}

impl Update<'_> {
    /// Moves all values by one step; returns the sums of the step. Each tile of pixels is a job.
    pub(crate) fn run(self, level: SimdLevel, jobs: &dyn Jobs) -> StepSums {
        let Self { step, values, velocity, second, gradient, wanted } = self;
        let (exact, edges, counts): (&[f32], _, &mut [Counts]) = match wanted {
            Wanted::None => (&[], None, &mut []),
            Wanted::Exact(wanted) => (wanted, None, &mut []),
            Wanted::Binned(edges, counts) => (&[], Some(edges), counts),
        };
        let pixels = values.len();
        let zeros_or_all = |len: usize| len == 0 || len == pixels;
        debug_assert!(
            zeros_or_all(velocity.len()) && zeros_or_all(second.len()) && zeros_or_all(gradient.len()),
            "a buffer has one number a pixel or is empty"
        );
        debug_assert!(
            step.optimizer.method == Method::GradientDescent || velocity.len() == pixels,
            "room for the velocity"
        );
        debug_assert!(step.optimizer.method != Method::Adam || second.len() == pixels, "room for Adam's second moment");
        debug_assert!(zeros_or_all(exact.len()), "exact ranks give each pixel a wanted value");
        let (size, count) = (tile_pixels(pixels), tiles(pixels));
        debug_assert!(pixels.is_multiple_of(LANES), "a mask is whole lines of 16 pixels");
        debug_assert!(edges.is_none() || counts.len() >= count, "each tile has its own counts");
        debug_assert!(count <= MAX_TILES, "a tile is at least a 256th of the mask");
        // only as many as there are: a whole array of zeros would cost as much as hundreds of pixels
        let mut sums = Vec::<StepSums, MAX_TILES>::new();
        let _ = sums.resize_default(count);
        let mut parts = (
            Chunks::new(values, size),
            Chunks::new(velocity, size),
            Chunks::new(second, size),
            Chunks::new(counts, 1),
            Chunks::new(&mut sums, 1),
        );
        each(jobs, count, &mut parts, |tile, (values, velocity, second, counts, sums)| {
            let pixels = tile * size..tile * size + values.len();
            let tile = PixelTile {
                step: &step,
                values,
                velocity,
                second,
                gradient: gradient.get(pixels.clone()).unwrap_or_default(),
                exact: exact.get(pixels).unwrap_or_default(),
                edges,
                counts: counts.first_mut(),
            };
            debug_assert!(sums.len() == 1, "each tile has its own sums");
            if let Some(sums) = sums.first_mut() {
                *sums = level.run(tile);
            }
        });
        let mut total = StepSums::default();
        for sums in sums {
            total.histogram += sums.histogram;
            total.gradient += sums.gradient;
        }
        total
    }
}

/// One tile of the pass. `gradient`, `velocity`, `second` and `exact` may be empty, as in [`Update`].
struct PixelTile<'a> {
    step: &'a Step,
    values: &'a mut [f32],
    velocity: &'a mut [f32],
    second: &'a mut [f32],
    gradient: &'a [f32],
    exact: &'a [f32],
    edges: Option<&'a Edges>,
    counts: Option<&'a mut Counts>,
}

/// Constants of one step, one vector each.
struct StepConstants<V> {
    step_size: V,
    histogram_step_size: V,
    /// `2·f`.
    histogram: V,
    /// `s_h/s`; 0 if `s` is 0, where Adam does not move.
    ratio: V,
    /// `μ` or `β1`.
    momentum: V,
    /// `β2`.
    second_momentum: V,
    /// `1 − β1`.
    one_minus: V,
    /// `1 − β2`.
    one_minus_second: V,
    /// `1/(1 − β1^t)`.
    correction: V,
    /// `1/(1 − β2^t)`.
    second_correction: V,
    epsilon: V,
    zero: V,
    /// 2⁻¹⁰⁰.
    tiny: V,
}

impl<V: Lanes> StepConstants<V> {
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
            tiny: splat(f32::from_bits((127 - 100) << 23)),
        }
    }

    /// Returns the value, 0 if its magnitude is below 2⁻¹⁰⁰.
    #[inline(always)]
    fn flush(&self, value: V) -> V {
        value.abs().select_less(self.tiny, self.zero, value)
    }
}

impl Kernel for PixelTile<'_> {
    type Output = StepSums;
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) -> StepSums {
        let constants = StepConstants::<V>::new(token, self.step);
        let mut sums = LaneSums { histogram: [0.0; LANES], gradient: [0.0; LANES] };
        let lines = self.values.len() / LANES;
        let mut bins = if self.edges.is_some() { Some((Space::NEW, [[0.0; LANES]; BLOCK])) } else { None };
        let mut first = 0;
        while first < lines {
            let block = first..if first + BLOCK < lines { first + BLOCK } else { lines };
            first = block.end;
            self.block(token, &constants, block, &mut sums, bins.as_mut());
        }
        StepSums { histogram: f64::from(reduce(&sums.histogram)), gradient: f64::from(reduce(&sums.gradient)) }
    }
}

/// [`StepSums`] of a tile in 16 lanes, added down its lines.
struct LaneSums {
    histogram: [f32; LANES],
    gradient: [f32; LANES],
}

impl PixelTile<'_> {
    /// Moves some lines of 16 pixels, at most [`BLOCK`] lines.
    #[inline(always)]
    fn block<V: Lanes>(
        &mut self,
        token: V::Token,
        constants: &StepConstants<V>,
        lines: Range<usize>,
        sums: &mut LaneSums,
        mut bins: Option<&mut (Space, [[f32; LANES]; BLOCK])>,
    ) {
        const ZEROS: [f32; LANES] = [0.0; LANES];
        let method = self.step.optimizer.method;
        let Some(values) = self.values.as_chunks_mut::<LANES>().0.get_mut(lines.clone()) else {
            debug_assert!(false, "the lines are of the tile");
            return;
        };
        // An empty slice stands for zeros: `Update::run` asserts that the others are whole.
        let gradient = self.gradient.as_chunks::<LANES>().0.get(lines.clone()).unwrap_or_default();
        let velocity = self.velocity.as_chunks_mut::<LANES>().0.get_mut(lines.clone()).unwrap_or_default();
        let second = self.second.as_chunks_mut::<LANES>().0.get_mut(lines.clone()).unwrap_or_default();
        let wanted = match (self.edges, &mut bins, self.exact.as_chunks::<LANES>().0.get(lines)) {
            (Some(edges), Some((space, looked_up)), _) => {
                edges.want::<V>(token, values, space, looked_up);
                looked_up.as_slice()
            }
            (_, _, Some(exact)) => exact,
            _ => &[][..],
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
        if let (Some(counts), Some((space, _))) = (&mut self.counts, bins) {
            // Finding the bins above, with the values in registers, gained nothing here and cost steps without bins up to 4 %.
            space.count::<V>(token, values, counts);
        }
    }
}

/// Returns Adam's step for the gradient `g`; updates both moments.
#[inline(always)]
fn adam<V: Lanes>(
    token: V::Token,
    constants: &StepConstants<V>,
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
