//! Noise or lattice: peaks at many sizes, and correlation of the masks of two seeds.
//!
//! A lattice has the least error to the eye, so figures of error favour lattices. The limit of a peak is that of void-and-cluster
//! at the same size.

use super::{Row, Subject};
use bluegrad::{Shape, Stage};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// First seed, beyond the seeds that recipes are tuned with.
pub const FIRST_SEED: u32 = 5000;

/// Number of masks of each recipe and size.
pub const SEEDS: u32 = 16;

/// Sizes: squares with sides of powers of two and others, then rectangles.
pub const SHAPES: [Shape; 14] = [
    Shape::new(8, 8),
    Shape::new(10, 10),
    Shape::new(16, 16),
    Shape::new(20, 20),
    Shape::new(24, 24),
    Shape::new(32, 32),
    Shape::new(40, 40),
    Shape::new(48, 48),
    Shape::new(64, 64),
    Shape::new(96, 96),
    Shape::new(128, 128),
    Shape::new(32, 16),
    Shape::new(64, 16),
    Shape::new(40, 24),
];

/// Sizes at which the masks of a recipe are correlated.
pub const CORRELATED: [Shape; 3] = [Shape::new(16, 16), Shape::new(32, 32), Shape::new(64, 64)];

/// Number of masks in a set; all pairs are correlated.
pub const CORRELATED_SEEDS: u32 = 8;

/// Number of sets. The maximum of one set varies by a fifth from set to set, so the mean over sets is used.
pub const CORRELATED_SETS: u32 = 4;

/// Correlation of the masks of a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// Subject.
    pub name: String,
    /// Width and height, in pixels.
    pub shape: Shape,
    /// Mean of [`largest_correlation`] over the sets.
    pub largest: f64,
}

/// Measured structure.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// Means of figures over [`SEEDS`] seeds from [`FIRST_SEED`] on.
    pub rows: Vec<Row>,
    /// Correlations of [`CORRELATED_SETS`] sets of [`CORRELATED_SEEDS`] seeds from [`FIRST_SEED`] on.
    pub correlations: Vec<Correlation>,
}

/// Whether a subject dithers and has masks of any size.
#[must_use]
pub fn is_measured(subject: &Subject) -> bool {
    let dithers = |stage: &Stage| stage.as_spectral().is_none();
    subject.recipe.is_none_or(|recipe| recipe.stages().iter().all(dithers))
}

/// Returns the largest normalised correlation of any two masks.
///
/// Over all shifts s, and all flips and rotations that keep the shape (eight for a square, four for a rectangle): `C(s) = Σ_x
/// a(x)·b(x + s) / √(Σa²·Σb²)`, with a and b the ranks minus their mean.
#[must_use]
pub fn largest_correlation(masks: &[Vec<u32>], shape: Shape) -> f64 {
    let centred: Vec<Vec<f32>> = masks.iter().map(|ranks| normalised(ranks)).collect();
    let pairs: Vec<_> = (0..masks.len()).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let largest = |(a, b): (usize, usize)| {
        let turned = symmetries(&centred[b], shape);
        turned.iter().map(|b| over_shifts(&centred[a], b, shape)).fold(f64::NEG_INFINITY, f64::max)
    };
    pairs.into_par_iter().map(largest).reduce(|| f64::NEG_INFINITY, f64::max)
}

/// Returns ranks with mean 0 and square sum 1.
fn normalised(ranks: &[u32]) -> Vec<f32> {
    let mean = ranks.iter().copied().map(f64::from).sum::<f64>() / ranks.len() as f64;
    let norm = ranks.iter().map(|rank| (f64::from(*rank) - mean).powi(2)).sum::<f64>().sqrt();
    ranks.iter().map(|rank| ((f64::from(*rank) - mean) / norm) as f32).collect()
}

/// Returns the values under all flips and rotations that keep the shape.
fn symmetries(values: &[f32], shape: Shape) -> Vec<Vec<f32>> {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let mut all = Vec::new();
    for transposed in [false, true] {
        if transposed && width != height {
            continue;
        }
        for (flip_x, flip_y) in [(false, false), (true, false), (false, true), (true, true)] {
            let from = |i: usize| {
                let (x, y) = if transposed { (i / width, i % width) } else { (i % width, i / width) };
                let x = if flip_x { width - 1 - x } else { x };
                let y = if flip_y { height - 1 - y } else { y };
                values[y * width + x]
            };
            all.push((0..values.len()).map(from).collect());
        }
    }
    all
}

/// Returns the largest circular correlation: `Σ_x a(x)·b(x + s)` over all s.
fn over_shifts(a: &[f32], b: &[f32], shape: Shape) -> f64 {
    let (width, height) = (shape.width as usize, shape.height as usize);
    // each row twice, so that a shifted row is one slice
    let doubled: Vec<f32> = b.chunks_exact(width).flat_map(|row| [row, row].concat()).collect();
    let mut largest = f64::NEG_INFINITY;
    for dy in 0..height {
        for dx in 0..width {
            let sum = a.chunks_exact(width).enumerate().map(|(y, row)| {
                let at = (y + dy) % height * 2 * width + dx;
                dot(row, &doubled[at..at + width])
            });
            largest = largest.max(sum.sum());
        }
    }
    largest
}

/// Dot product in lanes: the compiler may not reorder a sum of floats.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    const LANES: usize = 8;
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    f64::from(sums.iter().sum::<f32>() + rest)
}

#[cfg(test)]
mod tests {
    use super::{largest_correlation, normalised, symmetries};
    use bluegrad::Shape;

    /// Returns a permutation that resembles noise.
    fn noise(seed: u32, shape: Shape) -> Vec<u32> {
        let n = shape.pixels() as u32;
        let mut keys: Vec<(u32, u32)> = (0..n)
            .map(|i| ((i + seed * n).wrapping_mul(0x9E37_79B1).rotate_left(15).wrapping_mul(0x85EB_CA6B), i))
            .collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, i)| i).collect()
    }

    #[test]
    fn every_symmetry_once() {
        for (shape, count) in [(Shape::new(9, 9), 8), (Shape::new(12, 8), 4)] {
            let mut all = symmetries(&normalised(&noise(1, shape)), shape);
            all.sort_by(|a, b| a.partial_cmp(b).expect("finite"));
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }

    #[test]
    fn a_mask_in_another_dress_is_the_same() {
        for shape in [Shape::new(12, 12), Shape::new(20, 8)] {
            let (width, height) = (shape.width as usize, shape.height as usize);
            let (one, other) = (noise(1, shape), noise(2, shape));
            let apart = largest_correlation(&[one.clone(), other.clone()], shape);
            assert!((0.1..0.6).contains(&apart), "{apart}");
            let shifted = |i: usize| one[(i / width + 5) % height * width + (i % width + 3) % width];
            // mirrored, then shifted; a square also rotated by a quarter turn
            let mirrored = |i: usize| shifted(i / width * width + width - 1 - i % width);
            let rotated = |i: usize| shifted(i % width * width + width - 1 - i / width);
            let mut dresses: Vec<Vec<u32>> = vec![(0..one.len()).map(mirrored).collect()];
            if width == height {
                dresses.push((0..one.len()).map(rotated).collect());
            }
            for dress in dresses {
                let same = largest_correlation(&[other.clone(), one.clone(), dress], shape);
                assert!((same - 1.0).abs() < 1e-5, "{same}");
            }
        }
    }

    /// Compares with the plain sum.
    #[test]
    fn the_shift_is_the_one_of_the_definition() {
        let shape = Shape::new(11, 11);
        let [a, b] = [3, 4].map(|seed| normalised(&noise(seed, shape)));
        let at = |values: &[f32], x: usize, y: usize| f64::from(values[y % 11 * 11 + x % 11]);
        let mut largest = f64::NEG_INFINITY;
        for s in 0..121 {
            for b in symmetries(&b, shape) {
                let sum = (0..121).map(|i| at(&a, i % 11, i / 11) * at(&b, i % 11 + s % 11, i / 11 + s / 11));
                largest = largest.max(sum.sum());
            }
        }
        let got = largest_correlation(&[noise(3, shape), noise(4, shape)], shape);
        assert!((got - largest).abs() < 1e-5, "{got} {largest}");
    }
}
