//! The rules of two published generators of space-time masks, written from their formulas: what bluegrad's volumes are compared with.
//!
//! - [`space_time_void_and_cluster`]: NVIDIA's spatiotemporal blue noise (Wolfe et al. 2022).
//! - [`swaps`]: EA's filter-adapted spatiotemporal sampling, FAST (Donnelly et al. 2024), for scalars.
//!
//! Neither is fast; both return ranks plane by plane, each rank once in every layer.

use bluegrad::Shape;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Returns a random number below `count`.
fn below(rng: &mut impl Rng, count: usize) -> usize {
    ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize
}

/// Returns `0..count` in random order.
fn shuffled(rng: &mut impl Rng, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        order.swap(i, below(rng, i + 1));
    }
    order
}

/// Void-and-cluster with the energy of spatiotemporal blue noise.
///
/// Two pixels act on each other only if they are in the same layer, by `exp(−r²/2σ²)`, or at the same place, by `exp(−d²/2σ_t²)`; both
/// wrap around. Ranks go to the emptiest pixel of each layer in turn, the layers in random order in every round, so that each layer has
/// each rank once. The first `initial` of the pixels of a layer are scattered at random, then moved from the tightest cluster to the
/// largest void of the layer until nothing moves, and ranked from the tightest cluster on.
#[must_use]
pub fn space_time_void_and_cluster(shape: Shape, sigma: f64, time_sigma: f64, initial: f64, seed: u64) -> Vec<u32> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let mut run = Energy::new(shape, sigma, time_sigma);
    let (n, layers) = (shape.pixels(), shape.layers as usize);
    let scattered = ((n as f64 * initial) as usize).clamp(1, n);
    for layer in 0..layers {
        for pixel in shuffled(&mut rng, n).into_iter().take(scattered) {
            run.change(layer, pixel, true);
        }
    }
    for _ in 0..n {
        let mut moved = false;
        for layer in shuffled(&mut rng, layers) {
            let cluster = run.cluster(layer);
            run.change(layer, cluster, false);
            let void = run.void(layer);
            run.change(layer, void, true);
            moved |= void != cluster;
        }
        if !moved {
            break;
        }
    }
    let mut ranks = vec![0; layers * n];
    let start = run.clone();
    for rank in (0..scattered).rev() {
        for layer in shuffled(&mut rng, layers) {
            let cluster = run.cluster(layer);
            run.change(layer, cluster, false);
            ranks[layer * n + cluster] = rank as u32;
        }
    }
    run = start;
    for rank in scattered..n {
        for layer in shuffled(&mut rng, layers) {
            let void = run.void(layer);
            run.change(layer, void, true);
            ranks[layer * n + void] = rank as u32;
        }
    }
    ranks
}

/// Placed pixels, and the energy of every pixel.
#[derive(Clone)]
struct Energy {
    shape: Shape,
    /// `exp(−d²/2σ²)` along an axis of the torus, summed over wraps.
    axes: [Vec<f32>; 2],
    /// The same along time, without the own layer.
    time: Vec<f32>,
    energy: Vec<f32>,
    placed: Vec<bool>,
}

impl Energy {
    fn new(shape: Shape, sigma: f64, time_sigma: f64) -> Self {
        let wrapped = |side: u32, sigma: f64| -> Vec<f32> {
            let gaussian = |d: i64| (-((d * d) as f64) / (2.0 * sigma * sigma)).exp();
            let at = |d: i64| (-3..=3).map(|wrap| gaussian(d + wrap * i64::from(side))).sum::<f64>();
            (0..i64::from(side)).map(|d| at(d) as f32).collect()
        };
        let mut time = wrapped(shape.layers, time_sigma);
        time[0] = 0.0;
        let elements = shape.elements();
        let axes = [wrapped(shape.width, sigma), wrapped(shape.height, sigma)];
        Self { shape, axes, time, energy: vec![0.0; elements], placed: vec![false; elements] }
    }

    /// Places a pixel, or takes it away.
    fn change(&mut self, layer: usize, pixel: usize, place: bool) {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let (n, sign) = (width * height, if place { 1.0 } else { -1.0 });
        let (x, y) = (pixel % width, pixel / width);
        let row_of = |y: usize| layer * n + y * width;
        for (dy, weight) in self.axes[1].iter().enumerate().filter(|(_, weight)| **weight > 1e-7) {
            let row = &mut self.energy[row_of((y + dy) % height)..][..width];
            let (before, from) = row.split_at_mut(x);
            for (to, tap) in from.iter_mut().chain(before).zip(&self.axes[0]) {
                *to += sign * weight * tap;
            }
        }
        for (d, tap) in self.time.iter().enumerate() {
            self.energy[(layer + d) % self.time.len() * n + pixel] += sign * tap;
        }
        self.placed[layer * n + pixel] = place;
    }

    /// The placed pixel of a layer with the most energy.
    fn cluster(&self, layer: usize) -> usize {
        self.best(layer, true, |energy, best| energy > best)
    }

    /// The free pixel of a layer with the least energy.
    fn void(&self, layer: usize) -> usize {
        self.best(layer, false, |energy, best| energy < best)
    }

    fn best(&self, layer: usize, placed: bool, better: impl Fn(f32, f32) -> bool) -> usize {
        let n = self.shape.pixels();
        let range = layer * n..(layer + 1) * n;
        let pixels = self.energy[range.clone()].iter().zip(&self.placed[range]).enumerate();
        let mut best = None;
        for (pixel, (energy, own)) in pixels {
            if *own == placed && best.is_none_or(|(_, least)| better(*energy, least)) {
                best = Some((pixel, *energy));
            }
        }
        best.expect("a layer has placed and free pixels").0
    }
}

/// A tap of a kernel over space and time: its offsets and its weight.
pub type Tap = ([i32; 3], f32);

/// Swaps of pixels of one layer, kept where the energy `−½ Σ K(i−j)·|x_i − x_j|` falls: the rule of FAST.
///
/// A sweep proposes one swap for each pair of pixels, paired at random. `taps` are those of K without its centre, as (dx, dy, layers).
/// Calls `more` with the number of sweeps done before each sweep, and stops when it says no.
#[must_use]
pub fn swaps(shape: Shape, taps: &[Tap], seed: u64, mut more: impl FnMut(u32) -> bool) -> Vec<u32> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let (n, layers) = (shape.pixels(), shape.layers as usize);
    let mut values: Vec<f32> = (0..layers).flat_map(|_| shuffled(&mut rng, n)).map(|rank| rank as f32).collect();
    let mut sweeps = 0;
    while more(sweeps) {
        for layer in 0..layers {
            let order = shuffled(&mut rng, n);
            for pair in order.chunks_exact(2) {
                let (p, q) = (layer * n + pair[0], layer * n + pair[1]);
                let gain =
                    change(shape, taps, &values, layer, pair[0], q) + change(shape, taps, &values, layer, pair[1], p);
                if gain > 0.0 {
                    values.swap(p, q);
                }
            }
        }
        sweeps += 1;
    }
    values.into_iter().map(|value| value as u32).collect()
}

/// `Σ_j K(i−j)·(|b − x_j| − |a − x_j|)` over the neighbours j of a pixel of value a that is to get the value b of element `other`.
fn change(shape: Shape, taps: &[Tap], values: &[f32], layer: usize, pixel: usize, other: usize) -> f32 {
    let (width, height, layers) = (shape.width as i32, shape.height as i32, shape.layers as i32);
    let n = shape.pixels();
    let (x, y) = (pixel as i32 % width, pixel as i32 / width);
    let (own, new) = (values[layer * n + pixel], values[other]);
    let mut sum = 0.0;
    for ([dx, dy, d], weight) in taps {
        let (x, y) = ((x + dx).rem_euclid(width), (y + dy).rem_euclid(height));
        let j = (layer as i32 + d).rem_euclid(layers) as usize * n + (y * width + x) as usize;
        // the pair itself does not change
        if j != other {
            sum += weight * ((new - values[j]).abs() - (own - values[j]).abs());
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Tap, change, space_time_void_and_cluster, swaps};
    use bluegrad::Shape;

    const SHAPE: Shape = Shape::new(8, 10).with_layers(4);

    fn taps() -> Vec<Tap> {
        let all = (-2..=2).flat_map(|dx| (-2..=2).flat_map(move |dy| (-1..=1).map(move |d| [dx, dy, d])));
        let weight = |[dx, dy, d]: [i32; 3]| (-0.5 * (dx * dx + dy * dy + 2 * d * d) as f32).exp();
        all.filter(|tap| *tap != [0, 0, 0]).map(|tap| (tap, weight(tap))).collect()
    }

    fn energy(values: &[f32]) -> f64 {
        let n = SHAPE.pixels();
        let at = |layer: i32, x: i32, y: i32| {
            values[layer.rem_euclid(4) as usize * n + (y.rem_euclid(10) * 8 + x.rem_euclid(8)) as usize]
        };
        let mut sum = 0.0;
        for layer in 0..4 {
            for y in 0..10 {
                for x in 0..8 {
                    for ([dx, dy, d], weight) in taps() {
                        sum -= 0.5 * f64::from(weight * (at(layer, x, y) - at(layer + d, x + dx, y + dy)).abs());
                    }
                }
            }
        }
        sum
    }

    fn is_exact(ranks: &[u32]) -> bool {
        ranks.chunks(SHAPE.pixels()).all(|layer| {
            let mut layer = layer.to_vec();
            layer.sort_unstable();
            layer.into_iter().eq(0..SHAPE.pixels() as u32)
        })
    }

    #[test]
    fn each_rank_once_a_layer() {
        assert!(is_exact(&space_time_void_and_cluster(SHAPE, 1.5, 1.5, 0.1, 3)));
        assert!(is_exact(&swaps(SHAPE, &taps(), 3, |sweeps| sweeps < 2)));
    }

    #[test]
    fn a_swap_changes_the_energy_as_said() {
        let values: Vec<f32> = swaps(SHAPE, &taps(), 7, |_| false).into_iter().map(|rank| rank as f32).collect();
        for (layer, p, q) in [(0, 0, 1), (1, 5, 79), (3, 30, 38), (2, 11, 12)] {
            let (i, j) = (layer * 80 + p, layer * 80 + q);
            let gain = change(SHAPE, &taps(), &values, layer, p, j) + change(SHAPE, &taps(), &values, layer, q, i);
            let mut swapped = values.clone();
            swapped.swap(i, j);
            let expected = energy(&values) - energy(&swapped);
            assert!((f64::from(gain) - expected).abs() < 1e-3 * expected.abs().max(1.0), "{gain} {expected}");
        }
    }

    #[test]
    fn sweeps_lower_the_energy() {
        let after = |sweeps: u32| -> f64 {
            energy(
                &swaps(SHAPE, &taps(), 1, |done| done < sweeps).into_iter().map(|rank| rank as f32).collect::<Vec<_>>(),
            )
        };
        assert!(after(0) > after(1) && after(1) > after(4));
    }
}
