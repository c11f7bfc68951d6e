//! The polish: gradient descent with momentum on the soft energy of [`super::energy`] and on the power of the low
//! frequencies of the grey mask, in fixed point. X is x in Q24, M the momentum in Q18, q the image in i16.
//!
//! Sums and products of i32 wrap: parameters that are not stable overflow, and still have one right answer.

use super::fill::Coupling;
use super::kernel::{Band, Component, gaussian, groups, mixture, radial};
use super::{Torus, keys_of_values, ranks_of_keys, round, values_of_ranks};
use bluegrad::{Schedule, Shape};
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
    /// How planes act on each other.
    pub coupling: Coupling,
    /// γ, of near pixels in near layers.
    pub product_weight: f32,
    /// Standard deviation of that kernel in space; in time it is 1.4 layers.
    pub product_sigma: f32,
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

/// The ranks after the polish of one plane. It draws nothing, so it needs no seed.
#[must_use]
pub fn run(polish: &Polish, width: usize, height: usize, ranks: &[u32]) -> Vec<u32> {
    run_volume(polish, Shape::new(width as u32, height as u32), ranks)
}

/// The ranks after the polish of a volume, plane after plane: plane `layer·C + channel`.
#[must_use]
pub fn run_volume(polish: &Polish, shape: Shape, ranks: &[u32]) -> Vec<u32> {
    run_with(polish, &Kernel::new(polish, shape), shape, ranks)
}

/// As [`run_volume`], with other taps than those of the polish.
#[must_use]
pub fn run_with(polish: &Polish, kernel: &Kernel, shape: Shape, ranks: &[u32]) -> Vec<u32> {
    let n = shape.width as usize * shape.height as usize;
    let mut x: Vec<i32> = ranks
        .chunks(n)
        .flat_map(|ranks| if polish.added { noise_of_ranks(ranks) } else { values_of_ranks(ranks) })
        .collect();
    let mut momentum = vec![0; x.len()];
    for step in 0..polish.steps {
        let tau = threshold(polish.tau.at(step, polish.steps));
        let g = gradient(polish, kernel, shape, &x, tau, polish.grey_weight.at(step, polish.steps));
        update(polish, polish.step_size.at(step, polish.steps), &mut x, &mut momentum, &g);
    }
    x.chunks(n).flat_map(|x| ranks_of_keys(&keys_of_values(x))).collect()
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

/// Offsets (dx, dy) of taps.
pub type Offsets = Vec<(i32, i32)>;

/// The kernels' taps and weights: groups of taps in the pixel's own plane, and groups into other planes.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The groups.
    pub groups: Vec<Taps>,
}

/// Taps of one weight into one plane, eight of them at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Taps {
    /// How many layers further the plane is.
    pub layer: usize,
    /// How many channels further it is.
    pub channel: usize,
    /// The offsets (dx, dy).
    pub offsets: Vec<(i32, i32)>,
    /// K and K2 of each tap.
    pub weight: [f64; 2],
}

impl Kernel {
    /// The kernels of a polish.
    #[must_use]
    pub fn new(polish: &Polish, shape: Shape) -> Self {
        let (layers, channels) = (shape.layers as usize, shape.channels as usize);
        let (beta, gamma) = (f64::from(polish.coupling.time_weight), f64::from(polish.product_weight));
        let w = f64::from(polish.coupling.channel_weight);
        let product = polish.product(layers);
        let mut all = 1.0;
        all += if layers > 1 { beta } else { 0.0 };
        all += if product.is_empty() { 0.0 } else { gamma };
        all += if channels > 1 { w * (channels - 1) as f64 } else { 0.0 };

        let band = polish.band.as_ref().filter(|band| band.weight > 0.0);
        let first = radial(polish.radius, &polish.mixture, polish.win, band);
        let ends = |ends: &Ends| radial(polish.radius, &ends.mixture, polish.win, None);
        let second = polish.ends.as_ref().map_or_else(|| (0.0, vec![0.0; first.1.len()]), ends);
        let spatial: Vec<([f64; 2], Offsets)> = groups(polish.radius)
            .into_iter()
            .zip(first.1.iter().zip(&second.1))
            .map(|(group, (k, k2))| ([k / all, k2 / all], group.taps))
            .collect();
        let mut groups = Vec::new();
        let mut add = |layer, channel, offsets: &[(i32, i32)], weight: [f64; 2]| {
            // A weight of more than .124 is that of several taps at the same place.
            let parts = libm::ceil(weight[0].max(weight[1]) / 0.124).max(1.0);
            let parts = if offsets.len() == 1 { parts } else { 1.0 };
            for _ in 0..parts as usize {
                groups.push(Taps { layer, channel, offsets: offsets.to_vec(), weight: weight.map(|k| k / parts) });
            }
        };
        for (weight, offsets) in &spatial {
            add(0, 0, offsets, *weight);
        }
        if w > 0.0 {
            for channel in 1..channels {
                for (weight, offsets) in &spatial {
                    add(0, channel, offsets, weight.map(|k| w * k));
                }
                add(0, channel, &[(0, 0)], [first.0, second.0].map(|k| w * (k / all)));
            }
        }
        if beta > 0.0 {
            // Of each layer, all distances that lead there. Those that lead back to the pixel itself are no taps.
            let kt = |d: usize| mixture((d * d) as f64, &polish.coupling.time_kernel);
            let radius = polish.coupling.time_radius;
            let sum: f64 = (1..=radius).map(|d| 2.0 * kt(d)).sum();
            for layer in 1..layers {
                let forth = (1..=radius).filter(|d| d % layers == layer).map(kt).sum::<f64>();
                let back = (1..=radius).filter(|d| (layer + d) % layers == 0).map(kt).sum::<f64>();
                add(layer, 0, &[(0, 0)], [beta * (forth + back) / sum / all; 2]);
            }
        }
        let sum: f64 = product.iter().map(|(_, taps, k)| k * taps.len() as f64).sum();
        for (layer, taps, k) in &product {
            add(*layer, 0, taps, [gamma * k / sum / all; 2]);
        }
        Self { groups }
    }
}

impl Polish {
    /// The rings of the product: layer, offsets, and `exp(−d²/(2·1.4²))·exp(−r²/(2·σ²))`.
    #[must_use]
    pub fn product(&self, layers: usize) -> Vec<(usize, Offsets, f64)> {
        let mut rings = Vec::new();
        if self.product_weight > 0.0 {
            for d in 1..(layers / 2).min(3) {
                for group in groups(3).into_iter().filter(|group| group.r2 <= 5) {
                    let k =
                        gaussian((d * d) as f64, 1.4) * gaussian(f64::from(group.r2), f64::from(self.product_sigma));
                    rings.push((d, group.taps.clone(), k));
                    rings.push((layers - d, group.taps, k));
                }
            }
        }
        rings
    }
}

/// The gradient g of a step in Q18, before momentum: mean field, pair sum and grey term. `tau` is τ in Q16, `lambda` λ.
#[must_use]
pub fn gradient(polish: &Polish, kernel: &Kernel, shape: Shape, x: &[i32], tau: i32, lambda: f32) -> Vec<i32> {
    let q: Vec<i16> = x.iter().map(|x| sat16((Wrapping(*x) + Wrapping(128 - (1 << 23))).0 >> 8)).collect();
    let (width, height) = (shape.width as usize, shape.height as usize);
    let pairs = pair_sums(polish, kernel, shape, &q, x, tau);
    let uses_grey = polish.grey_weight.start > 0.0 || polish.grey_weight.end > 0.0;
    let grey = |q| if uses_grey { low_pass(polish, width, height, q) } else { vec![0; width * height] };
    let grey: Vec<i16> = q.chunks(width * height).flat_map(grey).collect();
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
/// For added noise two more soft signs: of `n_i − n_j` less 1, and plus 1. One of the two is that of q with its upper bit turned,
/// which is n ∓ 1; the other is ±1 for every neighbour.
fn pair_sums(polish: &Polish, kernel: &Kernel, shape: Shape, q: &[i16], x: &[i32], tau: i32) -> Vec<i32> {
    let shift = (0..15).rev().find(|shift| (8 * tau) << shift < 32_767).expect("0 is one");
    let weight = |k: f64| round(k * f64::from(1 << 28) / f64::from(tau << shift)).clamp(0, 16_383) as i16;
    let weights: Vec<[i16; 2]> = kernel.groups.iter().map(|group| group.weight.map(weight)).collect();
    let (width, height) = (shape.width as usize, shape.height as usize);
    let (n, layers, channels) = (width * height, shape.layers as usize, shape.channels as usize);
    let images: Vec<_> = q.chunks(n).map(|q| Torus::new(width, height, polish.radius.max(2), q)).collect();
    let sums_of = |i: usize, centre: i16| {
        let (plane, p) = (i / n, i % n);
        let (layer, channel) = (plane / channels, plane % channels);
        let place = (p % width, p / width);
        let (low, high) = (centre.saturating_sub(tau as i16), centre.saturating_add(tau as i16));
        let (mut s1, mut s2) = (0_i16, 0_i16);
        for (group, weights) in kernel.groups.iter().zip(&weights) {
            let image = &images[(layer + group.layer) % layers * channels + (channel + group.channel) % channels];
            let mut a = 0_i16;
            for &tap in &group.offsets {
                a = a.wrapping_add(image.at(place, tap).max(low).min(high).wrapping_sub(centre));
            }
            s1 = s1.wrapping_add(mulhrs(a << shift, weights[0]));
            s2 = s2.wrapping_add(mulhrs(a << shift, weights[1]));
        }
        [s1, s2]
    };
    let sum_of =
        |which: usize| kernel.groups.iter().map(|group| group.weight[which] * group.offsets.len() as f64).sum::<f64>();
    let others = [sum_of(0), sum_of(1)].map(|sum| round(8192.0 * sum) as i16);
    let sums = |i: usize| {
        let [mut s1, mut s2] = sums_of(i, q[i]);
        if polish.added {
            let [t1, t2] = sums_of(i, q[i].wrapping_add(i16::MIN));
            let sign = if q[i] < 0 { 1 } else { -1 };
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
