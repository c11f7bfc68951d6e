//! The polish: gradient descent with momentum on the soft energy of [`super::energy`] and on the power of the low
//! frequencies of the grey mask, in fixed point. X is x in Q24, M the momentum in Q18, q the image in i16.
//!
//! Sums and products of i32 wrap: parameters that are not stable overflow, and still have one right answer.

use super::kernel::{Band, Component, groups, radial};
use super::{Torus, keys_of_values, ranks_of_keys, round, values_of_ranks};
use bluegrad::Schedule;
use std::num::Wrapping;

/// The parameters of a polish.
#[derive(Clone, Debug, PartialEq)]
pub struct Polish {
    /// Steps of the gradient.
    pub steps: u32,
    /// Radius of the kernels: taps up to `r² ≤ R² + R/2`.
    pub radius: usize,
    /// The kernel K.
    pub mixture: Vec<Component>,
    /// A second kernel for the darkest and lightest pixels.
    pub ends: Option<Ends>,
    /// Exponent of the kernels' taper `(1 − r²/(R + 0.7)²)^win`.
    pub win: f32,
    /// What joins the kernel K (not the second one).
    pub band: Option<Band>,
    /// Standard deviation of the grey term: its low-pass has the variance `2·grey_sigma²` per axis, pixels².
    pub grey_sigma: f32,
    /// lr.
    pub step_size: Schedule,
    /// τ: differences up to it count in proportion, larger ones by their sign.
    pub tau: Schedule,
    /// μ.
    pub momentum: f32,
    /// λ, the weight of the grey term.
    pub grey_weight: Schedule,
    /// Values up to `below` stay, from `above` on they move freely; none if `above` is 0.
    pub freeze: (f32, f32),
    /// Whether the mask is for triangular noise n = 2x − 1 that is added before rounding; else for thresholds.
    pub added: bool,
}

/// The second kernel: alone where `min(x, 1 − x) ≤ inner`, not at all from `outer` on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ends {
    /// The kernel K2; it shares the radius and the taper of K.
    pub mixture: Vec<Component>,
    /// See above.
    pub inner: f32,
    /// See above.
    pub outer: f32,
}

/// The ranks after the polish. It draws nothing, so it needs no seed.
#[must_use]
pub fn run(polish: &Polish, width: usize, height: usize, ranks: &[u32]) -> Vec<u32> {
    let mut x = if polish.added { noise_of_ranks(ranks) } else { values_of_ranks(ranks) };
    let mut momentum = vec![0; x.len()];
    let kernel = Kernel::new(polish);
    for step in 0..polish.steps {
        let tau = threshold(polish.tau.at(step, polish.steps));
        let g = gradient(polish, &kernel, width, height, &x, tau, polish.grey_weight.at(step, polish.steps));
        update(polish, polish.step_size.at(step, polish.steps), &mut x, &mut momentum, &g);
    }
    ranks_of_keys(&keys_of_values(&x))
}

/// Values of ranks, (n + 1)/2 in Q24 to the nearest, with n the triangular quantile of the middle of the rank's part of [0, 1]:
/// half of the values are below 0, and u of them below −1 + √(2u).
#[must_use]
pub fn noise_of_ranks(ranks: &[u32]) -> Vec<i32> {
    let value = |rank: &u32| {
        let u = (f64::from(*rank) + 0.5) / ranks.len() as f64;
        let n = if u < 0.5 { (2.0 * u).sqrt() - 1.0 } else { 1.0 - (2.0 * (1.0 - u)).sqrt() };
        round(8_388_608.0 * (n + 1.0))
    };
    ranks.iter().map(value).collect()
}

/// τ in Q16.
#[must_use]
pub fn threshold(tau: f32) -> i32 {
    round(65_536.0 * f64::from(tau)).clamp(1, 4095)
}

/// `sat16`: the nearest i16.
fn sat16(value: i32) -> i16 {
    value.clamp(-32_768, 32_767) as i16
}

/// `(a·b + 2¹⁴) >> 15`.
fn mulhrs(a: i16, b: i16) -> i16 {
    ((i32::from(a) * i32::from(b) + (1 << 14)) >> 15) as i16
}

/// The kernels' taps and weights.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The taps of each group.
    pub taps: Vec<Vec<(i32, i32)>>,
    /// K of a tap of each group.
    pub weights: Vec<f64>,
    /// K2 of a tap of each group; empty if there is none.
    pub ends: Vec<f64>,
    /// K and K2 of the centre.
    pub centres: [f64; 2],
}

impl Kernel {
    /// The kernels of a polish.
    #[must_use]
    pub fn new(polish: &Polish) -> Self {
        let taps = groups(polish.radius).into_iter().map(|group| group.taps).collect();
        let band = polish.band.as_ref().filter(|band| band.weight > 0.0);
        let (centre, weights) = radial(polish.radius, &polish.mixture, polish.win, band);
        let second = |ends: &Ends| radial(polish.radius, &ends.mixture, polish.win, None);
        let (end_centre, ends) = polish.ends.as_ref().map_or((1.0, Vec::new()), second);
        Self { taps, weights, ends, centres: [centre, end_centre] }
    }
}

/// The gradient g of a step in Q18, before momentum: mean field, pair sum and grey term. `tau` is τ in Q16, `lambda` λ.
#[must_use]
pub fn gradient(
    polish: &Polish,
    kernel: &Kernel,
    width: usize,
    height: usize,
    x: &[i32],
    tau: i32,
    lambda: f32,
) -> Vec<i32> {
    let q: Vec<i16> = x.iter().map(|x| sat16((Wrapping(*x) + Wrapping(128 - (1 << 23))).0 >> 8)).collect();
    let pairs = pair_sums(polish, kernel, width, height, &q, x, tau);
    let uses_grey = polish.grey_weight.start > 0.0 || polish.grey_weight.end > 0.0;
    let grey = if uses_grey { low_pass(polish, width, height, &q) } else { vec![0; x.len()] };
    let lambda = round(256.0 * f64::from(lambda));
    let rc = round(16.0 * 65_536.0 / f64::from(2 * tau));
    let at = |p: usize| {
        let x = Wrapping(x[p]);
        let ti = Wrapping(tau);
        let low = (ti - (x >> 8)).clamp(Wrapping(0), ti);
        let high = (ti - ((Wrapping(1 << 24) - x) >> 8)).clamp(Wrapping(0), ti);
        let line = (Wrapping(2) * x - Wrapping(1 << 24)) >> 6;
        let mean_field = if polish.added {
            // 2n, and 4/3·near³/2τ at either end
            let cube = |near: Wrapping<i32>| {
                let square = (((near * near) >> 8) * Wrapping(rc)) >> 10;
                (square * ((near * Wrapping(341)) >> 8)) >> 16
            };
            cube(low) - cube(high) + line + line
        } else {
            let squares = ((low * low) >> 8) - ((high * high) >> 8);
            ((squares * Wrapping(rc)) >> 10) + line
        };
        let grey = (Wrapping(i32::from(grey[p])) * Wrapping(lambda)) >> 6;
        (mean_field + (Wrapping(pairs[p]) << 5) + grey).0
    };
    (0..x.len()).map(at).collect()
}

/// `S = −Σ_j K(i−j)·clamp((x_i − x_j)/τ, −1, 1)` in Q13 at every pixel, the second kernel mixed in at the ends.
///
/// For added noise two more soft signs: of n_i − n_j less 1, and plus 1. One of the two is that of q with its upper bit turned,
/// which is n ∓ 1; the other is ±1 for every neighbour.
fn pair_sums(
    polish: &Polish,
    kernel: &Kernel,
    width: usize,
    height: usize,
    q: &[i16],
    x: &[i32],
    tau: i32,
) -> Vec<i32> {
    let shift = (0..15).rev().find(|shift| (8 * tau) << shift < 32_767).expect("0 is one");
    let scaled = |weights: &[f64]| -> Vec<i16> {
        let weight = |k: &f64| round(k * f64::from(1 << 28) / f64::from(tau << shift)).clamp(0, 16_383) as i16;
        weights.iter().map(weight).collect()
    };
    let (first, second) = (scaled(&kernel.weights), scaled(&kernel.ends));
    let image = Torus::new(width, height, polish.radius, q);
    let sums_of = |p: usize, centre: i16| {
        let place = (p % width, p / width);
        let (low, high) = (centre.saturating_sub(tau as i16), centre.saturating_add(tau as i16));
        let (mut s1, mut s2) = (0_i16, 0_i16);
        for (group, taps) in kernel.taps.iter().enumerate() {
            let mut a = 0_i16;
            for &tap in taps {
                a = a.wrapping_add(image.at(place, tap).max(low).min(high).wrapping_sub(centre));
            }
            s1 = s1.wrapping_add(mulhrs(a << shift, first[group]));
            if let Some(weight) = second.get(group) {
                s2 = s2.wrapping_add(mulhrs(a << shift, *weight));
            }
        }
        [s1, s2]
    };
    let others = kernel.centres.map(|centre| round(8192.0 * (1.0 - centre)) as i16);
    let sums = |p: usize| {
        let [mut s1, mut s2] = sums_of(p, q[p]);
        if polish.added {
            let [t1, t2] = sums_of(p, q[p].wrapping_add(i16::MIN));
            let sign = if q[p] < 0 { 1 } else { -1 };
            s1 = s1.wrapping_add(t1).wrapping_add(sign * others[0]);
            s2 = s2.wrapping_add(t2).wrapping_add(sign * others[1]);
        }
        (i32::from(s1), i32::from(s2))
    };
    let mix = |p: usize| {
        let (s1, s2) = sums(p);
        polish.ends.as_ref().map_or(s1, |ends| s1 + (((s2 - s1) * ends_share(ends, x[p])) >> 8))
    };
    (0..q.len()).map(mix).collect()
}

/// How much of the second kernel counts at the value x, 0 to 256.
fn ends_share(ends: &Ends, x: i32) -> i32 {
    let (inner, outer) = (round(65_536.0 * f64::from(ends.inner)), round(65_536.0 * f64::from(ends.outer)));
    // x >> 8 is within 24 bits, so only the product can wrap.
    let d = outer - (x >> 8).min(65_536 - (x >> 8));
    let c = round(f64::from(1 << 20) / f64::from(outer - inner));
    (d.wrapping_mul(c) >> 12).clamp(0, 256)
}

/// The grey low-pass B in Q16: a separable Gaussian of variance `2·grey_sigma²`.
fn low_pass(polish: &Polish, width: usize, height: usize, q: &[i16]) -> Vec<i16> {
    let sigma = f64::from(polish.grey_sigma);
    let radius = polish.radius.min(libm::ceil(2.8 * std::f64::consts::SQRT_2 * sigma) as usize);
    let e: Vec<f64> = (0..=radius).map(|t| libm::exp(-((t * t) as f64) / (4.0 * sigma * sigma))).collect();
    let sum = e[0] + 2.0 * e[1..].iter().sum::<f64>();
    let weights = |scale: f64| -> Vec<i16> { e.iter().map(|e| round(scale * (e / sum)).min(32_767) as i16).collect() };
    let (rows, columns) = (weights(32_768.0), weights(65_536.0));
    let image = Torus::new(width, height, radius, q);
    let row = |p: usize| {
        let place = (p % width, p / width);
        let at = |dx: i32| image.at(place, (dx, 0)) >> 1;
        let mut h = mulhrs(at(0), rows[0]);
        for (t, weight) in (1..).zip(&rows[1..]) {
            h = h.saturating_add(mulhrs(at(-t) + at(t), *weight));
        }
        h
    };
    let h: Vec<i16> = (0..q.len()).map(row).collect();
    let image = Torus::new(width, height, radius, &h);
    let column = |p: usize| {
        let place = (p % width, p / width);
        let at = |dy: i32| image.at(place, (0, dy));
        let mut b = mulhrs(at(0), columns[0]);
        for (t, weight) in (1..).zip(&columns[1..]) {
            b = b.saturating_add(mulhrs(at(-t).saturating_add(at(t)), *weight));
        }
        b
    };
    (0..q.len()).map(column).collect()
}

/// `M = clamp(μ·M + g, −4, 4)`, `X −= lr·M`; frozen values do not move.
pub fn update(polish: &Polish, step_size: f32, x: &mut [i32], momentum: &mut [i32], g: &[i32]) {
    let mu = round(256.0 * f64::from(polish.momentum));
    let lr = round(512.0 * f64::from(step_size));
    let (below, above) = polish.freeze;
    let (fb, fa) = (round(65_536.0 * f64::from(below)), round(65_536.0 * f64::from(above)));
    for ((x, m), g) in x.iter_mut().zip(momentum).zip(g) {
        let most = 1 << 20;
        *m = (m.wrapping_mul(mu) >> 8).wrapping_add(*g).clamp(-most, most);
        let mut step = m.wrapping_mul(lr) >> 3;
        if above != 0.0 {
            let c = round(65_536.0 / f64::from(fa - fb));
            let u = ((*x >> 8) - fb).wrapping_mul(c) >> 8;
            step = (step >> 8).wrapping_mul(u.clamp(0, 256));
        }
        *x = x.wrapping_sub(step);
    }
}
