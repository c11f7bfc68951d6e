//! Energy of a mask in the record of a run: error of blurred patterns.
//!
//! With K = G*G for a Gaussian G of sigma 1.5 pixels, the energy of integer pixels v, summed over the thresholds between the values
//! and relative to white noise, is
//!
//! ```text
//! (w − ½ Σ_ij K(i−j)·|v_i − v_j|) / (w·(n·K(0) − 1)/(n − 1)),    w = Σ_k N_k·(n − N_k)/n
//! ```
//!
//! where `N_k` pixels are below k and n is the number of pixels. For all thresholds v is the rank; while pixels are being placed,
//! pixels without a rank have the next free rank. For L levels v is the level. For a finished mask the energy equals
//! [`bluegrad::measure::total_energy`] up to the cut of K: the radius is smaller here, because the energy is computed up to 2000
//! times in a run.

use bluegrad::Shape;

/// Standard deviation of G, in pixels.
pub(crate) const SIGMA: f64 = 1.5;

/// Radius of K, in pixels: 5.7 of its standard deviations.
const RADIUS: i32 = 12;

/// Differences per u32 sum: each difference is below 2²⁴, so the sum stays below 2³².
const CHUNK: usize = 64;

/// The kernel K, normalised to sum 1.
struct Kernel {
    /// Weight of offset (0, 0), and of offsets that wrap to it.
    centre: f64,
    /// One offset of each pair (dx, dy), (−dx, −dy), with its weight: K is symmetric.
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

/// Returns the energy of ranks over all thresholds, relative to white noise.
///
/// In an unfinished mask, `placed` pixels have a rank; all others have any number from `placed` on.
pub(crate) fn over_all(ranks: &[u32], placed: usize, shape: Shape) -> f64 {
    let (n, p) = (shape.pixels() as f64, placed as f64);
    let values: Vec<u32> = ranks.iter().map(|rank| (*rank).min(placed as u32)).collect();
    // Σ k·(n − k)/n for k = 1 … p
    relative(&values, p * (p + 1.0) / 2.0 * (1.0 - (2.0 * p + 1.0) / (3.0 * n)), shape)
}

/// Returns the energy at the thresholds of `levels` levels.
///
/// Relative to white noise.
pub(crate) fn at_levels(ranks: &[u32], levels: u32, shape: Shape) -> f64 {
    let (n, levels) = (shape.pixels() as u64, u64::from(levels));
    let values: Vec<u32> = ranks.iter().map(|rank| (levels * u64::from(*rank) / n) as u32).collect();
    // N·(n − N)/n for the N = ⌈k·n/L⌉ pixels below level k
    let variance = |k: u64| (k * n).div_ceil(levels) as f64 * (1.0 - (k * n).div_ceil(levels) as f64 / n as f64);
    relative(&values, (1..levels).map(variance).sum(), shape)
}

/// Returns the energy by the formula on top, with `most` as w.
fn relative(values: &[u32], most: f64, shape: Shape) -> f64 {
    let kernel = Kernel::new(shape);
    let differences = |(dx, dy, weight): &(i32, i32, f64)| weight * shifted_differences(values, shape, *dx, *dy) as f64;
    // The formula has ½ of the sum over all offsets, which is the sum over half of them.
    let differences: f64 = kernel.half.iter().map(differences).sum();
    let n = shape.pixels() as f64;
    (most - differences) / (most * (n * kernel.centre - 1.0) / (n - 1.0))
}

/// Returns the sum of |v(i) − v(i + offset)| over all pixels i.
///
/// Offsets wrap around the torus.
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

    /// The energy by its definition: for each threshold, the sum of error times blurred error.
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
        // 157 and n have no common factor, so each rank occurs once.
        let mut ranks: Vec<u32> = (0..n).map(|i| i * 157 % n).collect();
        ranks.swap(3, 200);
        for placed in [n, n / 2] {
            let (got, expected) = (over_all(&ranks, placed as usize, shape), by_definition(&ranks, 0..placed, shape));
            assert!((got / expected - 1.0).abs() < 1e-9, "{placed}: {got}, not {expected}");
        }
        for levels in [2, 5] {
            // Last rank of each level but the highest.
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
