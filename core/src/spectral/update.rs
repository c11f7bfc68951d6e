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

use crate::optimizer::{Method, Optimizer};
use crate::simd::{Kernel, LANES, Lanes, reduce};

/// Pixels whose sums are one tile's.
const TILE: usize = 4096 / LANES;

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

/// The pass over all pixels. An empty slice stands for zeros: no spectral term, no histogram term, no momentum.
pub(crate) struct Update<'a> {
    pub(crate) step: Step,
    pub(crate) values: &'a mut [f32],
    pub(crate) velocity: &'a mut [f32],
    pub(crate) second: &'a mut [f32],
    pub(crate) gradient: &'a [f32],
    pub(crate) wanted: &'a [f32],
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

impl Kernel for Update<'_> {
    type Output = Sums;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> Sums {
        let constants = Constants::<V>::new(token, &self.step);
        let method = self.step.optimizer.method;
        let (values, _) = self.values.as_chunks_mut::<LANES>();
        let (velocity, _) = self.velocity.as_chunks_mut::<LANES>();
        let (second, _) = self.second.as_chunks_mut::<LANES>();
        let (gradient, _) = self.gradient.as_chunks::<LANES>();
        let (wanted, _) = self.wanted.as_chunks::<LANES>();
        let zeros = [0.0; LANES];
        let mut sums = Sums::default();
        let mut first = 0;
        while first < values.len() {
            let end = if first + TILE < values.len() { first + TILE } else { values.len() };
            let (mut histogram, mut norm) = ([0.0; LANES], [0.0; LANES]);
            for chunk in 0..V::CHUNKS {
                let (mut histogram_sum, mut norm_sum) = (constants.zero, constants.zero);
                for i in first..end {
                    let Some(value) = values.get_mut(i) else { break };
                    let x = V::load(token, value, chunk);
                    let g = V::load(token, gradient.get(i).unwrap_or(&zeros), chunk);
                    let distance = match wanted.get(i) {
                        Some(wanted) => x - V::load(token, wanted, chunk),
                        None => constants.zero,
                    };
                    let h = constants.histogram * distance;
                    histogram_sum = histogram_sum + distance * distance;
                    norm_sum = norm_sum + (g + h) * (g + h);
                    let push = constants.step_size * g + constants.histogram_step_size * h;
                    let step = match (method, velocity.get_mut(i), second.get_mut(i)) {
                        (Method::HeavyBall, Some(velocity), _) => {
                            let v = constants.flush(constants.momentum * V::load(token, velocity, chunk) + push);
                            v.store(velocity, chunk);
                            v
                        }
                        (Method::Adam, Some(velocity), Some(second)) => {
                            adam(token, &constants, g + constants.ratio * h, velocity, second, chunk)
                        }
                        _ => push,
                    };
                    constants.flush(x - step).store(value, chunk);
                }
                histogram_sum.store(&mut histogram, chunk);
                norm_sum.store(&mut norm, chunk);
            }
            sums.histogram += f64::from(reduce(&histogram));
            sums.gradient += f64::from(reduce(&norm));
            first = end;
        }
        sums
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
