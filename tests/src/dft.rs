//! The 2-D discrete Fourier transform in f64, by separable direct sums: `O(M·(W + H))`, any size.

use std::f64::consts::TAU;
use std::ops::{Add, Mul};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Complex {
    /// `re + i·im`.
    #[must_use]
    pub const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// `re − i·im`.
    #[must_use]
    pub const fn conj(self) -> Self {
        Self::new(self.re, -self.im)
    }

    /// `factor·(re + i·im)`.
    #[must_use]
    pub const fn scale(self, factor: f64) -> Self {
        Self::new(self.re * factor, self.im * factor)
    }

    /// `|z|²`.
    #[must_use]
    pub const fn norm_sqr(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// `|z|`.
    #[must_use]
    pub fn norm(self) -> f64 {
        self.re.hypot(self.im)
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }
}

/// `exp(2πi·j/n)`, the angle reduced exactly, in integers, to at most an eighth of a turn: multiples of a quarter turn
/// are exact, others correct to about an ulp.
#[must_use]
pub fn root_of_unity(j: usize, n: usize) -> Complex {
    let j = j % n;
    // j/n = quarter/4 + rest/(4n), with rest from −n/2 up to n/2.
    let quarter = (8 * j + n) / (2 * n);
    let rest = 4.0 * j as f64 - quarter as f64 * n as f64;
    let (sin, cos) = (TAU * rest / (4.0 * n as f64)).sin_cos();
    match quarter % 4 {
        0 => Complex::new(cos, sin),
        1 => Complex::new(-sin, cos),
        2 => Complex::new(-cos, -sin),
        _ => Complex::new(sin, -cos),
    }
}

/// Which way a transform goes: the sign of its exponent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Minus,
    Plus,
}

/// The matrix `E[j][k] = exp(±2πi·((j·k) mod n)/n)`, n x n, row-major.
fn kernel(n: usize, sign: Sign) -> Vec<Complex> {
    let roots: Vec<Complex> = (0..n).map(|j| root_of_unity(j, n)).collect();
    let at = |i: usize| {
        let root = roots[(i / n * (i % n)) % n];
        if sign == Sign::Plus { root } else { root.conj() }
    };
    (0..n * n).map(at).collect()
}

/// `sums[k] += factor·row[k]`.
fn accumulate(sums: &mut [Complex], factor: Complex, row: &[Complex]) {
    for (sum, &value) in sums.iter_mut().zip(row) {
        *sum = *sum + factor * value;
    }
}

/// `out[v][u] = Σ_y Σ_x in[y][x]·exp(±2πi(u·x/W + v·y/H))`, both W x H.
fn transform(input: &[Complex], width: usize, height: usize, sign: Sign) -> Vec<Complex> {
    assert_eq!(input.len(), width * height, "the length must be width * height");
    let along_rows = kernel(width, sign);
    let mut half = vec![Complex::default(); input.len()];
    for (sums, row) in half.chunks_exact_mut(width).zip(input.chunks_exact(width)) {
        for (&value, exponentials) in row.iter().zip(along_rows.chunks_exact(width)) {
            accumulate(sums, value, exponentials);
        }
    }
    let along_columns = kernel(height, sign);
    let mut out = vec![Complex::default(); input.len()];
    for (sums, exponentials) in out.chunks_exact_mut(width).zip(along_columns.chunks_exact(height)) {
        for (&factor, row) in exponentials.iter().zip(half.chunks_exact(width)) {
            accumulate(sums, factor, row);
        }
    }
    out
}

/// The unnormalised forward transform of a real image: `X[v][u] = Σ_y Σ_x image[y][x]·exp(−2πi(u·x/W + v·y/H))`.
/// W x H values in, the full W x H spectrum out.
#[must_use]
pub fn forward(image: &[f64], width: usize, height: usize) -> Vec<Complex> {
    let image: Vec<Complex> = image.iter().map(|&value| Complex::new(value, 0.0)).collect();
    transform(&image, width, height, Sign::Minus)
}

/// The inverse of [`forward`]: `x[y][x] = (1/M)·Σ_v Σ_u X[v][u]·exp(2πi(u·x/W + v·y/H))`. Complex, since any W x H
/// spectrum will do; that of a real image gives imaginary parts of rounding size.
#[must_use]
pub fn inverse(spectrum: &[Complex], width: usize, height: usize) -> Vec<Complex> {
    let scale = 1.0 / (width * height) as f64;
    transform(spectrum, width, height, Sign::Plus).into_iter().map(|value| value.scale(scale)).collect()
}

/// The real part of [`inverse`], W x H values.
#[must_use]
pub fn inverse_real(spectrum: &[Complex], width: usize, height: usize) -> Vec<f64> {
    inverse(spectrum, width, height).into_iter().map(|value| value.re).collect()
}

/// Bin number wrapped to the signed frequency `n·f`: f = k/n in [−½, ½).
#[must_use]
pub const fn wrapped(k: usize, n: usize) -> i64 {
    if 2 * k >= n { k as i64 - n as i64 } else { k as i64 }
}

/// Radial frequency of every bin in cycles/pixel, W x H: `√(fx² + fy²)`, `fx = u/W` and `fy = v/H` wrapped to [−½, ½).
#[must_use]
pub fn radial_frequencies(width: usize, height: usize) -> Vec<f64> {
    let frequency = |bin: usize| {
        let fx = wrapped(bin % width, width) as f64 / width as f64;
        let fy = wrapped(bin / width, height) as f64 / height as f64;
        (fx * fx + fy * fy).sqrt()
    };
    (0..width * height).map(frequency).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{to_f32, uniform_image};

    /// The definition, M² terms, angles without any reduction.
    fn by_definition(image: &[f64], width: usize, height: usize) -> Vec<Complex> {
        let bin = |k: usize| {
            let (u, v) = ((k % width) as f64, (k / width) as f64);
            image.iter().enumerate().fold(Complex::default(), |sum, (i, &value)| {
                let (x, y) = ((i % width) as f64, (i / width) as f64);
                let angle = -TAU * (u * x / width as f64 + v * y / height as f64);
                sum + Complex::new(angle.cos(), angle.sin()).scale(value)
            })
        };
        (0..image.len()).map(bin).collect()
    }

    fn largest_difference(a: &[Complex], b: &[Complex]) -> f64 {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b).map(|(&a, &b)| (a + b.scale(-1.0)).norm()).fold(0.0, f64::max)
    }

    #[test]
    fn forward_is_the_definition() {
        for (width, height) in [(16, 8), (8, 16), (10, 10), (7, 5), (1, 9), (3, 1)] {
            let image = uniform_image(7, width * height);
            let error = largest_difference(&forward(&image, width, height), &by_definition(&image, width, height));
            assert!(error < 1e-12, "{width}x{height}: {error}");
        }
    }

    #[test]
    fn forward_agrees_with_microfft_on_a_row() {
        let image = uniform_image(3, 64);
        let ours = forward(&image, 64, 1);
        let mut row: [f32; 64] = to_f32(&image).try_into().expect("64 values");
        let theirs = microfft::real::rfft_64(&mut row);
        // Its packing: the real value of the Nyquist bin stands in the imaginary part of bin 0.
        assert!((f64::from(theirs[0].re) - ours[0].re).abs() < 1e-5, "DC");
        assert!((f64::from(theirs[0].im) - ours[32].re).abs() < 1e-5, "Nyquist");
        for k in 1..32 {
            let bin = Complex::new(f64::from(theirs[k].re), f64::from(theirs[k].im));
            assert!((bin + ours[k].scale(-1.0)).norm() < 1e-5, "bin {k}: {bin:?} and {:?}", ours[k]);
        }
    }

    #[test]
    fn inverse_undoes_forward_and_parseval_holds() {
        for (width, height) in [(16, 32), (20, 9), (64, 64)] {
            let image = uniform_image(11, width * height);
            let spectrum = forward(&image, width, height);
            for (back, &value) in inverse(&spectrum, width, height).iter().zip(&image) {
                assert!((back.re - value).abs() < 1e-14 && back.im.abs() < 1e-14);
            }
            let energy: f64 = image.iter().map(|x| x * x).sum();
            let power = spectrum.iter().map(|bin| bin.norm_sqr()).sum::<f64>() / image.len() as f64;
            assert!((power / energy - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn roots_are_exact_where_they_can_be() {
        assert_eq!(root_of_unity(0, 5), Complex::new(1.0, 0.0));
        assert_eq!(root_of_unity(16, 64), Complex::new(0.0, 1.0));
        assert_eq!(root_of_unity(32, 64), Complex::new(-1.0, 0.0));
        assert_eq!(root_of_unity(3 + 5 * 4, 4), Complex::new(0.0, -1.0));
        for j in 0..60 {
            let angle = TAU * j as f64 / 60.0;
            let error = root_of_unity(j, 60) + Complex::new(-angle.cos(), -angle.sin());
            assert!(error.norm() < 2e-15, "{j}: {error:?}");
        }
    }

    #[test]
    fn frequencies_wrap_at_nyquist() {
        let f = radial_frequencies(16, 8);
        assert_eq!((f[0], f[8], f[15], f[7]), (0.0, 0.5, 1.0 / 16.0, 7.0 / 16.0));
        assert_eq!(f[4 * 16 + 8], 0.5_f64.sqrt());
        assert_eq!((wrapped(4, 8), wrapped(3, 8), wrapped(3, 7), wrapped(4, 7)), (-4, 3, 3, -3));
    }
}
