//! The FFT against an f64 DFT and against microfft, there and back, and every level against scalar.

use crate::common;
use bluegrad::fft::{Complex, Plan, irfft2, natural_len, rfft2};
use bluegrad::simd::Row;
use bluegrad::{Error, Shape, SimdLevel};
use bluegrad_tests::dft;
use bluegrad_tests::noise::{to_f32, to_f64, uniform_image};

const GUARD: f32 = 12_345.0;
const GUARD_ROW: Row = Row { re: [GUARD; 16], im: [GUARD; 16] };

/// Tables and work space of a plan, the work space with a guard row before and after.
struct Bench {
    shape: Shape,
    twiddles: Vec<f32>,
    orders: Vec<u16>,
    spectrum: Vec<Row>,
    scratch: Vec<Row>,
}

impl Bench {
    fn new(width: u32, height: u32) -> Self {
        let shape = Shape::new(width, height);
        let (twiddle_len, order_len) = Plan::table_lens(shape);
        let (mut twiddles, mut orders) = (vec![0.0; twiddle_len], vec![0; order_len]);
        Plan::fill_tables(shape, &mut twiddles, &mut orders).expect("a good size");
        let (spectrum, scratch) = Plan::row_lens(shape);
        Self { shape, twiddles, orders, spectrum: vec![GUARD_ROW; spectrum + 2], scratch: vec![GUARD_ROW; scratch + 2] }
    }

    fn forward(&mut self, level: SimdLevel, image: &[f32]) -> Vec<Complex> {
        let plan = Plan::new(self.shape, &self.twiddles, &self.orders).expect("filled tables");
        let mut natural = vec![Complex::default(); natural_len(self.shape)];
        let (spectrum, scratch) = (inner(&mut self.spectrum), inner(&mut self.scratch));
        rfft2(&plan, level, image, &mut natural, spectrum, scratch).expect("the right lengths");
        self.check_guards();
        natural
    }

    fn inverse(&mut self, level: SimdLevel, spectrum: &[Complex]) -> Vec<f32> {
        let plan = Plan::new(self.shape, &self.twiddles, &self.orders).expect("filled tables");
        let mut image = vec![GUARD; self.shape.pixels() + 32];
        let n = image.len();
        let (rows, scratch) = (inner(&mut self.spectrum), inner(&mut self.scratch));
        irfft2(&plan, level, spectrum, &mut image[16..n - 16], rows, scratch).expect("the right lengths");
        self.check_guards();
        assert!(image[..16].iter().chain(&image[n - 16..]).all(|value| *value == GUARD), "wrote past the image");
        image[16..n - 16].to_vec()
    }

    fn check_guards(&self) {
        for buffer in [&self.spectrum, &self.scratch] {
            assert!([buffer.first(), buffer.last()] == [Some(&GUARD_ROW), Some(&GUARD_ROW)], "wrote past a buffer");
        }
    }
}

fn inner(rows: &mut [Row]) -> &mut [Row] {
    let n = rows.len();
    &mut rows[1..n - 1]
}

const SIZES: [(u32, u32); 16] = [
    (16, 16),
    (16, 32),
    (32, 16),
    (32, 32),
    (64, 64),
    (16, 128),
    (128, 16),
    (128, 64),
    (64, 256),
    (256, 128),
    (16, 512),
    (512, 32),
    (1024, 16),
    (16, 2048),
    (4096, 16),
    (16, 4096),
];

fn image(width: u32, height: u32) -> Vec<f32> {
    to_f32(&uniform_image(u64::from(width * 7 + height), (width * height) as usize))
}

/// RMS error of the half spectrum relative to the RMS of the spectrum, within 4 ε·log2 M.
#[test]
fn agrees_with_an_f64_dft() {
    for (width, height) in SIZES {
        let image = image(width, height);
        let (w, h) = (width as usize, height as usize);
        let expected = dft::forward(&to_f64(&image), w, h);
        let got = Bench::new(width, height).forward(SimdLevel::Auto, &image);
        let (mut error, mut power) = (0.0, 0.0);
        for v in 0..h {
            for u in 0..=w / 2 {
                let (x, y) = (expected[v * w + u], got[v * (w / 2 + 1) + u]);
                error += (x.re - f64::from(y.re)).powi(2) + (x.im - f64::from(y.im)).powi(2);
                power += x.norm_sqr();
            }
        }
        let (relative, limit) =
            ((error / power).sqrt(), 4.0 * f64::from(f32::EPSILON) * f64::from(width * height).log2());
        assert!(relative < limit, "{width}x{height}: {relative:.2e}, at most {limit:.2e}");
    }
}

/// The second opinion: microfft, rows then columns.
#[test]
fn agrees_with_microfft() {
    const N: usize = 64;
    let image = image(64, 64);
    let got = Bench::new(64, 64).forward(SimdLevel::Auto, &image);
    let mut lines = vec![[microfft::Complex32::default(); N]; N];
    for (y, line) in lines.iter_mut().enumerate() {
        for (x, value) in line.iter_mut().enumerate() {
            value.re = image[y * N + x];
        }
        let _ = microfft::complex::cfft_64(line);
    }
    for u in 0..=N / 2 {
        let mut column: [microfft::Complex32; N] = std::array::from_fn(|y| lines[y][u]);
        let _ = microfft::complex::cfft_64(&mut column);
        for (v, value) in column.iter().enumerate() {
            let mine = got[v * (N / 2 + 1) + u];
            let distance = (mine.re - value.re).hypot(mine.im - value.im);
            assert!(distance < 1e-4, "bin ({u}, {v}): {mine:?} and {value:?}");
        }
    }
}

#[test]
fn there_and_back_within_1e_6() {
    for (width, height) in SIZES.into_iter().chain([(512, 512), (1024, 256)]) {
        let image = image(width, height);
        let mut bench = Bench::new(width, height);
        let spectrum = bench.forward(SimdLevel::Auto, &image);
        let back = bench.inverse(SimdLevel::Auto, &spectrum);
        let worst = image.iter().zip(&back).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-6, "{width}x{height}: {worst:.2e}");
    }
}

/// Same bits on every level, all sizes from 16 to 1024 and rectangles, nothing written past a buffer.
#[test]
fn every_level_gives_the_bits_of_scalar() {
    common::print_levels();
    for (width, height) in SIZES.into_iter().chain([(128, 128), (256, 256), (512, 512), (1024, 1024)]) {
        let image = image(width, height);
        let mut bench = Bench::new(width, height);
        let flat = |spectrum: &[Complex]| common::bits(bytemuck::cast_slice(spectrum));
        let reference = bench.forward(SimdLevel::Scalar, &image);
        let reference_back = bench.inverse(SimdLevel::Scalar, &reference);
        for level in common::levels() {
            let spectrum = bench.forward(level, &image);
            assert!(flat(&spectrum) == flat(&reference), "{width}x{height} forward at {}", level.name());
            let back = bench.inverse(level, &spectrum);
            assert!(common::bits(&back) == common::bits(&reference_back), "{width}x{height} back at {}", level.name());
        }
    }
}

/// A spectrum that is not the transform of a real image: each pair of conjugates is read once, as numpy does for columns
/// inside, and nothing breaks.
#[test]
fn a_constant_has_only_dc() {
    let mut bench = Bench::new(32, 64);
    let spectrum = bench.forward(SimdLevel::Auto, &[0.5; 32 * 64]);
    assert_eq!((spectrum[0].re, spectrum[0].im), (1024.0, 0.0));
    assert!(spectrum[1..].iter().all(|bin| bin.re.abs() < 1e-3 && bin.im.abs() < 1e-3));
}

#[test]
fn bad_sizes_and_lengths_are_errors() {
    for (width, height) in [(0, 0), (1, 1), (15, 16), (48, 48), (8192, 16), (64, 0), (16, 8)] {
        let shape = Shape::new(width, height);
        assert_eq!(Plan::new(shape, &[], &[]).unwrap_err(), Error::TransformSize { width, height });
    }
    let bench = Bench::new(16, 16);
    assert!(matches!(Plan::new(bench.shape, &bench.twiddles[1..], &bench.orders), Err(Error::Length { .. })));
    let wrong = Error::Length { what: "orders of the FFT", needed: 64, got: 63 };
    assert_eq!(Plan::new(bench.shape, &bench.twiddles, &bench.orders[1..]).unwrap_err(), wrong);
    let (mut twiddles, mut orders) = (bench.twiddles.clone(), bench.orders.clone());
    assert_eq!(Plan::fill_tables(bench.shape, &mut twiddles, &mut orders[1..]).unwrap_err(), wrong);
    let filled = Plan::fill_tables(bench.shape, &mut twiddles[1..], &mut orders);
    assert!(matches!(filled, Err(Error::Length { what: "twiddles of the FFT", .. })));
    let plan = Plan::new(bench.shape, &bench.twiddles, &bench.orders).expect("filled tables");
    let (mut spectrum, mut scratch) = (bench.spectrum.clone(), bench.scratch.clone());
    let mut natural = vec![Complex::default(); natural_len(bench.shape)];
    let result = rfft2(&plan, SimdLevel::Auto, &[0.0; 255], &mut natural, inner(&mut spectrum), inner(&mut scratch));
    assert_eq!(result.unwrap_err(), Error::Length { what: "image", needed: 256, got: 255 });
}
