//! Point sets: the steps in integers over all pairs, bit for bit; their force in f64; the figures of a set by direct sums.
//!
//! Positions are in units of 2⁻³² of the torus's side. Written from the formulas in `core/src/points.rs`; no grid, no lanes, no wrapping of
//! coordinates: every image of every point that may be near is looked at.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;
use std::f64::consts::TAU;

/// A stage: steps, width of the kernel in mean distances, step size, momentum.
pub type Stage = (u32, f64, f64, f64);

/// √count, Q16, rounded down.
fn side(count: usize) -> u128 {
    let square = (count as u128) << 32;
    let mut root = (square as f64).sqrt() as u128;
    while root * root > square {
        root -= 1;
    }
    while (root + 1) * (root + 1) <= square {
        root += 1;
    }
    root
}

/// `a/b` to the nearest, halves up.
fn nearest(a: u128, b: u128) -> u128 {
    (2 * a + b) / (2 * b)
}

/// A number with 16 fractional bits.
fn q16(value: f64) -> u128 {
    (value * 65536.0).round() as u128
}

/// The lattice that a run starts from, each point moved by up to 3/2 mean distances to the right and down, and the whole anywhere.
#[must_use]
pub fn start(count: usize, seed: u64) -> Vec<[u32; 2]> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let (left, top) = (rng.next_u32(), rng.next_u32());
    let width = 3 * (1_u128 << 47) / side(count);
    let mut jitter = || (u128::from(rng.next_u32() / 4) * width / (1 << 30)) as u32;
    let mut points = Vec::new();
    for i in 0..count as u64 {
        let x = (i * (1 << 32) / count as u64) as u32;
        let y = (i * 0x9E37_79B9) as u32;
        let x = left.wrapping_add(x).wrapping_add(jitter());
        points.push([x, top.wrapping_add(y).wrapping_add(jitter())]);
    }
    points
}

/// (a² + 2¹⁴)/2¹⁵, rounded down.
fn rounded_square(a: i64) -> i64 {
    (a * a + (1 << 14)) >> 15
}

/// Steps over all pairs: the positions after `stages`, in no order.
#[must_use]
pub fn run(count: usize, seed: u64, stages: &[Stage]) -> Vec<[u32; 2]> {
    let mut points = start(count, seed);
    let mut velocities = vec![[0_i64; 2]; count];
    let side = side(count);
    for (steps, sigma, step_size, momentum) in stages {
        let scale = nearest(side << 12, q16(*sigma)) as i64;
        let factor = nearest(q16(*step_size) << 36, q16(*sigma) * side) as i64;
        let most = ((1_u128 << 46) / side).min(i32::MAX as u128) as i64;
        // images further than 2¹⁴ have no force
        let images = (1 << 14) / scale + 1;
        for _ in 0..*steps {
            let short: Vec<_> = points.iter().map(|point| point.map(|x| (i64::from(x) * scale) >> 32)).collect();
            let forces: Vec<[i64; 2]> = short
                .iter()
                .map(|own| {
                    let mut force = [0; 2];
                    for other in &short {
                        // the differences to all images that are near along an axis
                        let near = |axis: usize| {
                            let all =
                                (-images..=images).map(move |image| 2 * (own[axis] - other[axis] - image * scale));
                            all.filter(|d| d.abs() < 1 << 15)
                        };
                        for (dx, dy) in near(0).flat_map(|dx| near(1).map(move |dy| (dx, dy))) {
                            let u = ((dx * dx) >> 16) + ((dy * dy) >> 16);
                            let g = (0..4).fold((1 << 15) - 32 - u, |t, _| rounded_square(t));
                            force[0] += dx * g;
                            force[1] += dy * g;
                        }
                    }
                    force
                })
                .collect();
            for ((point, velocity), force) in points.iter_mut().zip(&mut velocities).zip(forces) {
                for axis in 0..2 {
                    let next = (q16(*momentum) as i64 * velocity[axis] + factor * force[axis]) >> 16;
                    velocity[axis] = next.clamp(-most, most);
                    point[axis] = point[axis].wrapping_add(velocity[axis] as u32);
                }
            }
        }
    }
    points
}

/// The kernel of the forces: (1 − 2⁻¹⁰ − r²/32σ²)¹⁶ at a distance of `r`·σ.
#[must_use]
pub fn kernel(r: f64) -> f64 {
    (1.0 - 2.0_f64.powi(-10) - r * r / 32.0).max(0.0).powi(16)
}

/// The energy whose gradient has that kernel, of a point with all images of the others; positions and σ in mean distances, `side` of the
/// torus.
///
/// The derivative of 16/17·(c − r²/32σ²)¹⁷ by x is −x/σ²·(c − r²/32σ²)¹⁶.
#[must_use]
pub fn energy_at(own: [f64; 2], others: &[[f64; 2]], side: f64, sigma: f64) -> f64 {
    let images = (6.0 * sigma / side).ceil() as i32;
    let mut energy = 0.0;
    for other in others {
        for (i, j) in (-images..=images).flat_map(|i| (-images..=images).map(move |j| (i, j))) {
            let (x, y) = (own[0] - other[0] - f64::from(i) * side, own[1] - other[1] - f64::from(j) * side);
            let t = 1.0 - 2.0_f64.powi(-10) - (x * x + y * y) / (32.0 * sigma * sigma);
            energy += 16.0 / 17.0 * t.max(0.0).powi(17);
        }
    }
    energy
}

/// |S(f)|²/N of the frequencies (u, v) with u² + v² at most `radius`², one of each pair ±f.
#[must_use]
pub fn powers(points: &[[u32; 2]], radius: i32) -> Vec<([i32; 2], f64)> {
    let all = (0..=radius).flat_map(|u| (-radius..=radius).map(move |v| [u, v]));
    let half = all.filter(|[u, v]| (*u > 0 || *v > 0) && u * u + v * v <= radius * radius);
    let power = |[u, v]: [i32; 2]| {
        let (mut re, mut im) = (0.0, 0.0);
        for [x, y] in points {
            // exact: the phase modulo one turn is an integer in units of 2⁻³²
            let turn = x.wrapping_mul(u as u32).wrapping_add(y.wrapping_mul(v as u32));
            let (sin, cos) = (TAU * f64::from(turn) / 4_294_967_296.0).sin_cos();
            (re, im) = (re + cos, im + sin);
        }
        (re * re + im * im) / points.len() as f64
    };
    half.map(|f| (f, power(f))).collect()
}
