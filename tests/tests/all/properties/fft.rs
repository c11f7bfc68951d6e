//! The transform: against f64, linear, of the same power, and there and back.

use super::{cases, level};
use bluegrad::fft::{Complex, Plan, irfft2, natural_len, rfft2};
use bluegrad::simd::Row;
use bluegrad::{Shape, SimdLevel};
use bluegrad_tests::dft;
use bluegrad_tests::noise::{to_f32, to_f64, uniform_image};
use proptest::prelude::*;

const EMPTY: Row = Row { re: [0.0; 16], im: [0.0; 16] };

/// Tables and work space of a shape.
struct Transform {
    shape: Shape,
    twiddles: Vec<f32>,
    orders: Vec<u16>,
    rows: [Vec<Row>; 2],
}

impl Transform {
    fn new(shape: Shape) -> Self {
        let (twiddle_len, order_len) = Plan::table_lens(shape);
        let (mut twiddles, mut orders) = (vec![0.0; twiddle_len], vec![0; order_len]);
        Plan::fill_tables(shape, &mut twiddles, &mut orders).expect("a good size");
        let (spectrum, scratch) = Plan::row_lens(shape);
        Self { shape, twiddles, orders, rows: [vec![EMPTY; spectrum], vec![EMPTY; scratch]] }
    }

    fn forward(&mut self, level: SimdLevel, image: &[f32]) -> Vec<Complex> {
        let plan = Plan::new(self.shape, &self.twiddles, &self.orders).expect("filled tables");
        let mut natural = vec![Complex::default(); natural_len(self.shape)];
        let [spectrum, scratch] = &mut self.rows;
        rfft2(&plan, level, image, &mut natural, spectrum, scratch).expect("the right lengths");
        natural
    }

    fn inverse(&mut self, level: SimdLevel, from: &[Complex]) -> Vec<f32> {
        let plan = Plan::new(self.shape, &self.twiddles, &self.orders).expect("filled tables");
        let mut image = vec![0.0; self.shape.pixels()];
        let [spectrum, scratch] = &mut self.rows;
        irfft2(&plan, level, from, &mut image, spectrum, scratch).expect("the right lengths");
        image
    }
}

/// Any shape that is transformed, of at most 2^`most` pixels.
fn shape(most: u32) -> impl Strategy<Value = Shape> {
    (4_u32..=12, 4_u32..=12)
        .prop_map(move |(w, h)| (w.min(most - 4), h.min(most - w.min(most - 4))))
        .prop_map(|(w, h)| Shape::new(1 << w, 1 << h))
}

fn image(shape: Shape, seed: u64) -> Vec<f32> {
    to_f32(&uniform_image(seed, shape.pixels()))
}

/// How often a bin of the half spectrum stands in the full one.
fn times(shape: Shape, bin: usize) -> f64 {
    let half = shape.width as usize / 2;
    if [0, half].contains(&(bin % (half + 1))) { 1.0 } else { 2.0 }
}

fn power(shape: Shape, spectrum: &[Complex]) -> f64 {
    let norm = |bin: &Complex| f64::from(bin.re).powi(2) + f64::from(bin.im).powi(2);
    spectrum.iter().enumerate().map(|(i, bin)| times(shape, i) * norm(bin)).sum()
}

/// ε·log2 M, what rounding may add up to.
fn rounding(shape: Shape) -> f64 {
    f64::from(f32::EPSILON) * (shape.pixels() as f64).log2()
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn agrees_with_f64(shape in shape(12), seed in any::<u64>(), level in level()) {
        let image = image(shape, seed);
        let (width, height) = (shape.width as usize, shape.height as usize);
        let expected = dft::forward(&to_f64(&image), width, height);
        let got = Transform::new(shape).forward(level, &image);
        let (mut error, mut all) = (0.0, 0.0);
        for (v, row) in got.chunks(width / 2 + 1).enumerate() {
            for (u, bin) in row.iter().enumerate() {
                let wanted = expected[v * width + u];
                error += (wanted.re - f64::from(bin.re)).powi(2) + (wanted.im - f64::from(bin.im)).powi(2);
                all += wanted.norm_sqr();
            }
        }
        prop_assert!((error / all).sqrt() < 4.0 * rounding(shape), "{:e}", (error / all).sqrt());
    }

    #[test]
    fn is_linear(shape in shape(14), seeds in any::<[u64; 2]>(), factors in [-2.0_f32..2.0, -2.0..2.0], level in level()) {
        let images = seeds.map(|seed| image(shape, seed));
        let [a, b] = factors;
        let sum: Vec<f32> = images[0].iter().zip(&images[1]).map(|(x, y)| a * x + b * y).collect();
        let mut transform = Transform::new(shape);
        let [x, y, z] = [&images[0], &images[1], &sum].map(|image| transform.forward(level, image));
        let off = x.iter().zip(&y).zip(&z).map(|((x, y), z)| Complex {
            re: a * x.re + b * y.re - z.re,
            im: a * x.im + b * y.im - z.im,
        });
        let off = power(shape, &off.collect::<Vec<_>>());
        let all = f64::from(a * a) * power(shape, &x) + f64::from(b * b) * power(shape, &y);
        prop_assert!(off.sqrt() <= 4.0 * rounding(shape) * all.sqrt(), "{:e} of {:e}", off.sqrt(), all.sqrt());
    }

    /// Σ|X|² = M·Σx².
    #[test]
    fn keeps_the_power(shape in shape(16), seed in any::<u64>(), level in level()) {
        let image = image(shape, seed);
        let spectrum = power(shape, &Transform::new(shape).forward(level, &image));
        let energy: f64 = image.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() * shape.pixels() as f64;
        prop_assert!((spectrum / energy - 1.0).abs() < 2.0 * rounding(shape), "{spectrum} of {energy}");
    }

    /// The inverse has the factor 1/M in it.
    #[test]
    fn there_and_back(shape in shape(16), seed in any::<u64>(), forward in level(), inverse in level()) {
        let image = image(shape, seed);
        let mut transform = Transform::new(shape);
        let spectrum = transform.forward(forward, &image);
        let back = transform.inverse(inverse, &spectrum);
        let worst = image.iter().zip(&back).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        prop_assert!(worst < 1e-6, "{worst:e}");
    }
}
