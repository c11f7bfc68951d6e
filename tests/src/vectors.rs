//! Masks of vectors: sets of samples, the joint fill bit for bit, and the loss, from the formulas of `bluegrad::vectors`.

use crate::threshold::filters::Weights;
use bluegrad::vectors::{Space, VectorConfig};
use bluegrad::{Filters, Shape};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;
use std::f64::consts::TAU;

/// A point of the cube mapped to a space.
#[must_use]
pub fn map(space: Space, u: [f64; 4]) -> [f64; 4] {
    let z = match space {
        Space::Square => return [u[0], u[1], 0.0, 0.0],
        Space::Cube => return [u[0], u[1], u[2], 0.0],
        Space::Cube4 => return u,
        Space::Circle => return [(TAU * u[0]).cos(), (TAU * u[0]).sin(), 0.0, 0.0],
        Space::Disk => return [u[0].sqrt() * (TAU * u[1]).cos(), u[0].sqrt() * (TAU * u[1]).sin(), 0.0, 0.0],
        Space::Sphere => 1.0 - 2.0 * u[0],
        Space::Hemisphere => 1.0 - u[0],
        Space::CosineHemisphere => (1.0 - u[0]).sqrt(),
        _ => panic!("{space:?} has no map here"),
    };
    let radius = (1.0 - z * z).max(0.0).sqrt();
    [radius * (TAU * u[1]).cos(), radius * (TAU * u[1]).sin(), z, 0.0]
}

/// The set of samples.
#[must_use]
pub fn set(space: Space, count: usize) -> Vec<[f64; 4]> {
    let dimensions = space.dimensions();
    let mut coordinates = vec![[0.0; 4]; count];
    // the root of g^(D + 1) = g + 1 above 1, by halving
    let (mut low, mut high) = (1.0_f64, 2.0_f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if middle.powi(dimensions as i32 + 1) > middle + 1.0 { high = middle } else { low = middle }
    }
    for (axis, power) in (0..dimensions).zip(1..) {
        let factor = (4_294_967_296.0 / low.powi(power)) as u32;
        let mut order: Vec<usize> = (0..count).collect();
        if dimensions > 1 {
            order.sort_by_key(|i| factor.wrapping_mul(*i as u32).wrapping_add(1 << 31));
        }
        for (rank, i) in order.into_iter().enumerate() {
            let u: &mut [f64; 4] = &mut coordinates[i];
            u[axis] = (rank as f64 + 0.5) / count as f64;
        }
    }
    coordinates.into_iter().map(|u| map(space, u)).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// `10·log10((ΣK·d̄ − 1/N·Σ_ij K(i−j)·|x_i − x_j|)/(K(0)·d̄))`: the loss of a mask of vectors, dB relative to white noise.
///
/// `values` are in the order layer, row, column, component; d̄ is the mean distance of two pixels of the first layer.
#[must_use]
pub fn loss(values: &[f32], components: usize, filters: &Filters, shape: Shape) -> f64 {
    let kernel = Weights::new(filters, shape);
    let (width, height, layers) = (shape.width as usize, shape.height as usize, shape.layers as usize);
    let values: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
    let points: Vec<&[f64]> = values.chunks(components).collect();
    let pixels = width * height;
    let layer = &points[..pixels];
    let sum: f64 = layer.iter().map(|a| layer.iter().map(|b| distance(a, b)).sum::<f64>()).sum();
    let mean = sum / (pixels * pixels) as f64;
    let mut pairs = 0.0;
    for d in 0..layers {
        for y in 0..height {
            for x in 0..width {
                let weight = kernel.at(x, y, d);
                if weight.abs() > 1e-7 * kernel.at(0, 0, 0) {
                    for (i, own) in points.iter().enumerate() {
                        let (layer, row, column) = (i / pixels, i / width % height, i % width);
                        let other = ((layer + d) % layers * height + (row + y) % height) * width + (column + x) % width;
                        pairs += weight * distance(own, points[other]);
                    }
                }
            }
        }
    }
    10.0 * ((kernel.sum() * mean - pairs / points.len() as f64) / (kernel.at(0, 0, 0) * mean)).log10()
}

/// The variance over pixels of the pattern of a half-space, blurred by a Gaussian of `sigma` pixels up to 4 sigma, by a sum over all taps.
#[must_use]
pub fn blurred_variance(
    values: &[f32],
    components: usize,
    shape: Shape,
    (normal, offset): (&[f64], f64),
    sigma: f64,
) -> f64 {
    let (width, height) = (i64::from(shape.width), i64::from(shape.height));
    let inside = |sample: &[f32]| sample.iter().zip(normal).map(|(x, n)| f64::from(*x) * n).sum::<f64>() < offset;
    let pattern: Vec<f64> = values.chunks(components).map(|sample| f64::from(u8::from(inside(sample)))).collect();
    let radius = (4.0 * sigma).ceil() as i64;
    let weight = |x: i64, y: i64| (-((x * x + y * y) as f64) / (2.0 * sigma * sigma)).exp();
    let offsets = || (-radius..=radius).flat_map(|y| (-radius..=radius).map(move |x| (x, y)));
    let sum: f64 = offsets().map(|(x, y)| weight(x, y)).sum();
    let at = |x: i64, y: i64| pattern[(y.rem_euclid(height) * width + x.rem_euclid(width)) as usize];
    let blurred: Vec<f64> = (0..width * height)
        .map(|i| offsets().map(|(x, y)| weight(x, y) / sum * at(i % width + x, i / width + y)).sum())
        .collect();
    let mean = blurred.iter().sum::<f64>() / blurred.len() as f64;
    blurred.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / blurred.len() as f64
}

/// The mean of `max(0, 1 − Σ|Δ|/s)` over pairs of `count` ranks, by sums over a grid of |Δ|.
fn mean_triangle(s: f64, count: usize) -> f64 {
    const STEPS: usize = 3000;
    let density: Vec<f64> = (0..STEPS).map(|i| 2.0 * (1.0 - (i as f64 + 0.5) / STEPS as f64) / STEPS as f64).collect();
    // the density of the sum, at twice the steps
    let mut sum = vec![1.0];
    for _ in 0..count {
        let mut next = vec![0.0; sum.len() + STEPS];
        for (i, a) in sum.iter().enumerate() {
            for (j, b) in density.iter().enumerate() {
                next[i + j] += a * b;
            }
        }
        sum = next;
    }
    let middle = |i: usize| (i as f64 + 0.5 * count as f64) / STEPS as f64;
    sum.iter().enumerate().map(|(i, p)| p * (1.0 - middle(i) / s).max(0.0)).sum()
}

/// Weights of pairs: s in Q16, 1 − coupling in Q14, and what w rises by for each 1/4096 of all ranks, Q22.
fn coupled(config: &VectorConfig, before: usize) -> (i64, i64, i64) {
    let fill = &config.recipe.fill;
    let reach = f64::from(fill.reach) * if before > 1 { 1.4 } else { 1.0 };
    let mean = mean_triangle(reach, before);
    let coupling = f64::from(fill.coupling);
    let slope = 16384.0 * 256.0 * coupling / mean / (reach * 65536.0 / 16.0);
    ((reach * 65536.0).round() as i64, (16384.0 * (1.0 - coupling)).round() as i64, slope.round() as i64)
}

/// Random numbers of a step.
fn stream(config: &VectorConfig, step: u64) -> Xoshiro128PlusPlus {
    let seed = u64::from(config.seed[0]) + (u64::from(config.seed[1]) << 32);
    Xoshiro128PlusPlus::seed_from_u64(seed.wrapping_add(0xD134_2543_DE82_EF95_u64.wrapping_mul(step + 1)))
}

/// The joint fill: ranks of each dimension, dimension by dimension, layer by layer.
#[must_use]
pub fn joint_fill(config: &VectorConfig) -> Vec<u32> {
    let Shape { width, height, layers, .. } = config.shape;
    let (width, height, layers) = (width as usize, height as usize, layers as usize);
    let (pixels, fill) = (width * height, &config.recipe.fill);
    let kernel = Weights::new(&config.filters, config.shape);
    let mut done: Vec<u32> = Vec::new();
    let mut step = 0;
    for dimension in 0..config.space.dimensions() {
        let (reach, base, slope) = if dimension == 0 { (0, 16384, 0) } else { coupled(config, dimension) };
        let q16 = |rank: u32| ((u64::from(rank) * 65536 + 32768) / pixels as u64) as i64;
        let before: Vec<Vec<i64>> = (0..dimension)
            .map(|c| done[c * pixels * layers..][..pixels * layers].iter().map(|r| q16(*r)).collect())
            .collect();
        let mut ranks = vec![u32::MAX; pixels * layers];
        let (mut counts, mut placed, mut wanted, mut rounds) = (vec![0; layers], 0, 1024.min(pixels * layers), 0_u64);
        let mut rng = stream(config, step);
        step += 1;
        for (until, sigma, radius) in [(1.0 / 512.0, 8.0, 24), (1.0 / 48.0, 3.0, 12), (1.0, 0.0, fill.radius as usize)]
        {
            let until = (until * (pixels * layers) as f64).ceil() as usize;
            if placed >= until {
                continue;
            }
            while placed >= wanted {
                wanted = (wanted + 1024).min(pixels * layers);
                rng = stream(config, step);
                step += 1;
            }
            // by the offset on the torus, from −count/2 on
            let factors = |side: usize, along: &dyn Fn(usize) -> f64| -> Vec<(usize, f64)> {
                let count = (2 * radius + 1).min(side);
                let value = |d: i64| {
                    if sigma > 0.0 {
                        (-(3 * radius as i64)..=3 * radius as i64)
                            .map(|a| d + a * side as i64)
                            .filter(|d| d.unsigned_abs() as usize <= radius)
                            .map(|d| libm::exp(-((d * d) as f64) / (2.0 * sigma * sigma)))
                            .sum::<f64>()
                    } else {
                        let value = along(d.unsigned_abs() as usize % side) / along(0);
                        value.signum() * libm::pow(value.abs(), fill.power.into())
                    }
                };
                let offset = |i: usize| i as i64 - (count / 2) as i64;
                (0..count).map(|i| (offset(i).rem_euclid(side as i64) as usize, value(offset(i)) / value(0))).collect()
            };
            let (x, y) = (factors(width, &|d| kernel.space[0][d]), factors(height, &|d| kernel.space[1][d]));
            let time = |d: usize| {
                let factor = libm::pow((kernel.time[d] / kernel.time[0]).abs(), fill.time_power.into());
                if factor < 0.002 { 0.0 } else { factor }
            };
            let add = |field: &mut [i64], layer: usize, pixel: usize| {
                let (column, row) = (pixel % width, pixel / width);
                for to in 0..layers {
                    let d = (to + layers - layer) % layers;
                    for (dy, fy) in &y {
                        for (dx, fx) in &x {
                            let weight = (4000.0 * (fx * fy) * time(d.min(layers - d))).round() as i64;
                            let at = to * pixels + (row + dy) % height * width + (column + dx) % width;
                            let own = layer * pixels + pixel;
                            let apart: i64 = before.iter().map(|ranks| (ranks[at] - ranks[own]).abs()).sum();
                            let factor = base + ((((reach - apart).max(0) >> 4) * slope) >> 8);
                            field[at] += (weight * factor) >> 14;
                        }
                    }
                }
                field[layer * pixels + pixel] += 1 << 29;
            };
            let noise = (0.0008 * 4000.0 * f64::from(fill.disorder)).round().max(4.0) as u32;
            let mut field = vec![0; pixels * layers];
            for layer in 0..layers {
                for first in (0..width).step_by(32) {
                    for row in 0..height {
                        for four in (first..first + 32).step_by(4) {
                            for (column, byte) in (four..).zip(rng.next_u32().to_le_bytes()) {
                                if column < width {
                                    field[layer * pixels + row * width + column] =
                                        i64::from((u32::from(byte) * noise) >> 8);
                                }
                            }
                        }
                    }
                }
            }
            for (i, rank) in ranks.iter().enumerate() {
                if *rank != u32::MAX {
                    add(&mut field, i / pixels, i % pixels);
                }
            }
            let mut all = false;
            while placed < until {
                if placed >= wanted {
                    wanted = (wanted + 1024).min(pixels * layers);
                    rng = stream(config, step);
                    step += 1;
                    continue;
                }
                let mut below = |count: usize| ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize;
                let offset = below(height);
                let mut order: Vec<usize> = (0..layers).collect();
                for last in (1..layers).rev() {
                    let other = below(last + 1);
                    order.swap(last, other);
                }
                let tile = (width.min(32) * height.min(16)) as u64;
                let before_round = placed;
                for layer in order {
                    let mut placements = Vec::new();
                    let tile_rows = height.div_ceil(16);
                    for row in (0..tile_rows).step_by(2).chain((1..tile_rows).step_by(2)) {
                        for first in (0..width).step_by(32) {
                            let (rows, columns) = ((height - row * 16).min(16), (width - first).min(32));
                            let area = (rows * columns) as u64;
                            if !all && area != tile && (rounds + 1) * area / tile <= rounds * area / tile {
                                continue;
                            }
                            let mut best = (i64::MAX, 0, 0, 0);
                            for column in first..first + columns {
                                for i in 0..rows {
                                    let pixel = (offset + row * 16 + i) % height * width + column;
                                    best = best.min((field[layer * pixels + pixel], column, i, pixel));
                                }
                            }
                            if best.0 < 1 << 28 {
                                placements.push((best.0, best.3));
                                add(&mut field, layer, best.3);
                            }
                        }
                    }
                    placements.sort_unstable();
                    for (_, pixel) in placements {
                        ranks[layer * pixels + pixel] = counts[layer];
                        counts[layer] += 1;
                        placed += 1;
                    }
                }
                rounds += 1;
                if all && placed == before_round {
                    break;
                }
                all = !all && placed == before_round;
            }
        }
        // a new dimension begins with a new step
        step = (dimension as u64 + 1) * (pixels * layers).div_ceil(1024) as u64;
        done.extend(ranks);
    }
    done
}
