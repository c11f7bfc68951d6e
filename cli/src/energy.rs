//! The energy for the record of a run: how much of the error of its patterns is left when they are blurred.
//!
//! With K = G*G for a Gaussian G of sigma 1.5 pixels, it is, of pixels of integer values v, over the thresholds between these and
//! relative to white noise,
//!
//! ```text
//! (w − ½ Σ_ij K(i−j)·|v_i − v_j|) / (w·(n·K(0) − 1)/(n − 1)),    w = Σ_k N_k·(n − N_k)/n
//! ```
//!
//! where `N_k` pixels have a value below k. For all thresholds v is the rank; while pixels are placed, those without a rank have
//! the next one. For L levels v is the level. Of a whole mask this is [`bluegrad::measure::total_energy`], with a kernel cut off
//! nearer, since a run is looked at often.

use bluegrad::Shape;

/// Standard deviation of G, pixels.
pub(crate) const SIGMA: f64 = 1.5;

/// Where K ends, pixels: 5.7 of its standard deviations.
const RADIUS: i32 = 12;

/// Differences that a `u32` can add up: each is less than 2²⁴.
const CHUNK: usize = 64;

/// K: that of (0, 0) and of what the torus makes the same, then half of the other offsets, since those across the centre have the same.
struct Kernel {
    centre: f64,
    half: Vec<(i32, i32, f64)>,
}

impl Kernel {
    fn new(shape: Shape) -> Self {
        let value = |dx: i32, dy: i32| (-f64::from(dx * dx + dy * dy) / (4.0 * SIGMA * SIGMA)).exp();
        let row = |dy: i32| (-RADIUS..=RADIUS).map(move |dx| (dx, dy));
        let offsets: Vec<(i32, i32)> =
            (-RADIUS..=RADIUS).flat_map(row).filter(|(dx, dy)| dx * dx + dy * dy <= RADIUS * RADIUS).collect();
        let sum: f64 = offsets.iter().map(|(dx, dy)| value(*dx, *dy)).sum();
        let half = offsets.iter().filter(|(dx, dy)| (*dy, *dx) > (0, 0));
        let half = half.map(|(dx, dy)| (*dx, *dy, value(*dx, *dy) / sum)).collect();
        let home = |dx: i32, dy: i32| dx % shape.width as i32 == 0 && dy % shape.height as i32 == 0;
        let centre: f64 = offsets.iter().filter(|(dx, dy)| home(*dx, *dy)).map(|(dx, dy)| value(*dx, *dy)).sum();
        Self { centre: centre / sum, half }
    }
}

/// The energy of ranks over all thresholds, relative to white noise; of a mask that is being made, pixels without a rank yet have
/// any number from `placed` on.
pub(crate) fn over_all(ranks: &[u32], placed: usize, shape: Shape) -> f64 {
    let (n, p) = (shape.pixels() as f64, placed as f64);
    let values: Vec<u32> = ranks.iter().map(|rank| (*rank).min(placed as u32)).collect();
    // Σ k·(n − k)/n for k = 1 … p
    relative(&values, p * (p + 1.0) / 2.0 * (1.0 - (2.0 * p + 1.0) / (3.0 * n)), shape)
}

/// The energy of ranks at the thresholds between so many levels, relative to white noise.
pub(crate) fn at_levels(ranks: &[u32], levels: u32, shape: Shape) -> f64 {
    let (n, levels) = (shape.pixels() as u64, u64::from(levels));
    let values: Vec<u32> = ranks.iter().map(|rank| (levels * u64::from(*rank) / n) as u32).collect();
    // of k/L of the pixels; a whole number of them
    let variance = |k: u64| (k * n).div_ceil(levels) as f64 * (1.0 - (k * n).div_ceil(levels) as f64 / n as f64);
    relative(&values, (1..levels).map(variance).sum(), shape)
}

/// The formula, with `most` for w.
fn relative(values: &[u32], most: f64, shape: Shape) -> f64 {
    let kernel = Kernel::new(shape);
    let differences = |(dx, dy, weight): &(i32, i32, f64)| weight * shifted_differences(values, shape, *dx, *dy) as f64;
    // Both halves, and ½ of it.
    let differences: f64 = kernel.half.iter().map(differences).sum();
    let n = shape.pixels() as f64;
    (most - differences) / (most * (n * kernel.centre - 1.0) / (n - 1.0))
}

/// The sum of the differences between each value and the one at an offset from it, on the torus.
fn shifted_differences(values: &[u32], shape: Shape, dx: i32, dy: i32) -> u64 {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let (dx, dy) = (dx.rem_euclid(width as i32) as usize, dy.rem_euclid(height as i32) as usize);
    let row = |y: usize| &values[y * width..(y + 1) * width];
    let rows = (0..height).map(|y| {
        let (one, other) = (row(y), row((y + dy) % height));
        row_differences(&one[..width - dx], &other[dx..]) + row_differences(&one[width - dx..], &other[..dx])
    });
    rows.sum()
}

fn row_differences(one: &[u32], other: &[u32]) -> u64 {
    let chunks = one.chunks(CHUNK).zip(other.chunks(CHUNK));
    chunks.map(|(one, other)| u64::from(one.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).sum::<u32>())).sum()
}

#[cfg(test)]
mod tests {
    use super::{Kernel, at_levels, over_all};
    use bluegrad::{Shape, measure};

    /// The formula word for word: for each threshold, the squares of the blurred error.
    fn by_definition(ranks: &[u32], thresholds: impl Iterator<Item = u32>, shape: Shape) -> f64 {
        let (width, height, n) = (shape.width as i32, shape.height as i32, shape.pixels());
        let kernel = Kernel::new(shape);
        let offsets: Vec<(i32, i32, f64)> =
            kernel.half.iter().flat_map(|(x, y, k)| [(*x, *y, *k), (-x, -y, *k)]).collect();
        let (mut energy, mut white) = (0.0, 0.0);
        for threshold in thresholds {
            let pattern = |x: i32, y: i32| {
                f64::from(ranks[(y.rem_euclid(height) * width + x.rem_euclid(width)) as usize] > threshold)
            };
            let grey = 1.0 - (f64::from(threshold) + 1.0) / n as f64;
            for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
                let blurred = kernel.centre * (pattern(x, y) - grey)
                    + offsets.iter().map(|(dx, dy, k)| k * (pattern(x + dx, y + dy) - grey)).sum::<f64>();
                energy += (pattern(x, y) - grey) * blurred;
            }
            let n = n as f64;
            white += n * grey * (1.0 - grey) * (n * kernel.centre - 1.0) / (n - 1.0);
        }
        energy / white
    }

    #[test]
    fn is_what_the_definition_says() {
        let shape = Shape::new(16, 24);
        let n = shape.pixels() as u32;
        // 157 and n have no common factor, so each rank is there once.
        let mut ranks: Vec<u32> = (0..n).map(|i| i * 157 % n).collect();
        ranks.swap(3, 200);
        for placed in [n, n / 2] {
            let (got, expected) = (over_all(&ranks, placed as usize, shape), by_definition(&ranks, 0..placed, shape));
            assert!((got / expected - 1.0).abs() < 1e-9, "{placed}: {got}, not {expected}");
        }
        for levels in [2, 5] {
            // The last rank of each level but the highest.
            let last = (1..levels).map(|k| (k * n).div_ceil(levels) - 1);
            let (got, expected) = (at_levels(&ranks, levels, shape), by_definition(&ranks, last, shape));
            assert!((got / expected - 1.0).abs() < 1e-9, "{levels} levels: {got}, not {expected}");
        }
    }

    #[test]
    fn agrees_with_what_is_measured() {
        for (width, height) in [(32, 32), (17, 31), (8, 8)] {
            let shape = Shape::new(width, height);
            let n = shape.pixels() as u32;
            let ranks: Vec<u32> = (0..n).map(|i| i * 157 % n).collect();
            let measured = measure::total_energy(&ranks, shape, &mut vec![0.0; n as usize]).unwrap()[1];
            let energy = measure::decibels(over_all(&ranks, n as usize, shape));
            assert!((energy - measured).abs() < 0.01, "{width}x{height}: {energy}, not {measured}");
        }
    }
}
