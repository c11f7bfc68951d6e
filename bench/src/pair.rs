//! A forward and an inverse transform of a real image: the unit of comparison.

use crate::memory::{Floats, fill_with_noise};
use crate::rounds::{Contender, time_calls};
use bluegrad::fft::{Complex, Plan, natural_len, rfft2};
use bluegrad::simd::Row;
use bluegrad::{Error, Shape, SimdLevel};
use bytemuck::Zeroable;
use std::time::Duration;

/// Forward and inverse transform of one shape, out of place: image → spectrum → output.
///
/// The image is not changed.
pub trait Pair {
    /// Library and variant, for messages: `FFTW`, `bluegrad, avx2`.
    fn name(&self) -> String;
    /// The image, W·H floats.
    fn image(&mut self) -> &mut [f32];
    /// Runs the forward, then the inverse transform.
    fn run(&mut self);
    /// Output of the last [`Pair::run`], and its scale: output = scale · image.
    fn output(&self) -> (&[f32], f32);
    /// Spectrum of the image, H x (W/2 + 1), in natural order.
    ///
    /// Unnormalised, negative sign in the exponent.
    fn spectrum(&mut self) -> Vec<Complex>;
}

/// Tables of the transforms of bluegrad for one shape, for all levels.
#[derive(Debug)]
pub struct Tables {
    shape: Shape,
    twiddles: Vec<f32>,
    orders: Vec<u16>,
}

impl Tables {
    /// Computes the tables of a shape.
    ///
    /// # Errors
    /// [`Error::Size`].
    pub fn new(shape: Shape) -> Result<Self, Error> {
        shape.check()?;
        let (twiddle_len, order_len) = Plan::table_lens(shape);
        let (mut twiddles, mut orders) = (vec![0.0; twiddle_len], vec![0; order_len]);
        Plan::fill_tables(shape, &mut twiddles, &mut orders)?;
        Ok(Self { shape, twiddles, orders })
    }
}

/// The pair of bluegrad at one level.
#[derive(Debug)]
pub struct Bluegrad<'t> {
    plan: Plan<'t>,
    shape: Shape,
    level: SimdLevel,
    image: Floats,
    spectrum: Vec<Row>,
    scratch: Vec<Row>,
    output: Floats,
}

impl<'t> Bluegrad<'t> {
    /// The pair at `level`, which the machine must have.
    ///
    /// # Errors
    /// [`Error::Level`].
    pub fn new(tables: &'t Tables, level: SimdLevel) -> Result<Self, Error> {
        let shape = tables.shape;
        let (spectrum_len, scratch_len) = Plan::row_lens(shape);
        Ok(Self {
            plan: Plan::new(shape, &tables.twiddles, &tables.orders)?,
            shape,
            level: level.resolve()?,
            image: Floats::new(shape.pixels()),
            spectrum: vec![Row::zeroed(); spectrum_len],
            scratch: vec![Row::zeroed(); scratch_len],
            output: Floats::new(shape.pixels()),
        })
    }
}

impl Pair for Bluegrad<'_> {
    fn name(&self) -> String {
        format!("bluegrad, {}", self.level.name())
    }

    fn image(&mut self) -> &mut [f32] {
        &mut self.image
    }

    fn run(&mut self) {
        self.plan.forward(self.level, &self.image, &mut self.spectrum, &mut self.scratch);
        self.plan.inverse(self.level, &mut self.spectrum, &mut self.output, &mut self.scratch);
    }

    fn output(&self) -> (&[f32], f32) {
        (&self.output, 2.0 * self.shape.pixels() as f32)
    }

    fn spectrum(&mut self) -> Vec<Complex> {
        let mut to = vec![Complex::default(); natural_len(self.shape)];
        let done = rfft2(&self.plan, self.level, &self.image, &mut to, &mut self.spectrum, &mut self.scratch);
        done.expect("the buffers have the plan's lengths");
        to
    }
}

/// A pair as a contender.
pub struct Timed<'t>(pub Box<dyn Pair + 't>);

impl Contender for Timed<'_> {
    fn time(&mut self, count: u32) -> Duration {
        self.0.run();
        time_calls(count, || self.0.run())
    }
}

/// Returns the SIMD levels of this machine, lowest first.
pub fn levels() -> impl Iterator<Item = SimdLevel> {
    SimdLevel::ALL.into_iter().filter(|level| *level != SimdLevel::Auto && level.is_supported())
}

/// Returns a pair that has passed [`check`] against the scalar level.
///
/// # Panics
/// The check fails.
#[must_use]
pub fn checked<'t>(pair: Box<dyn Pair + 't>, tables: &'t Tables) -> Box<dyn Pair + 't> {
    let scalar = Bluegrad::new(tables, SimdLevel::Scalar).expect("the scalar level is everywhere");
    let mut pairs: [Box<dyn Pair + 't>; 2] = [Box::new(scalar), pair];
    check(&mut pairs, tables.shape).expect("right results");
    let [_, pair] = pairs;
    pair
}

/// Checks pairs on the same noise.
///
/// The round trip must be within 1e-6 of the image, the spectrum must satisfy Parseval and be within 4 ε·log2(M) RMS of the first
/// pair's.
///
/// # Errors
/// The message names the wrong pair and its error.
pub fn check(pairs: &mut [Box<dyn Pair + '_>], shape: Shape) -> Result<(), String> {
    let mut image = Floats::new(shape.pixels());
    fill_with_noise(&mut image);
    let mut first: Option<Vec<Complex>> = None;
    for pair in pairs {
        let name = pair.name();
        pair.image().copy_from_slice(&image);
        check_round_trip(&mut **pair, &image).map_err(|error| format!("{name}: {error}"))?;
        let spectrum = pair.spectrum();
        check_energy(&spectrum, &image, shape).map_err(|error| format!("{name}: {error}"))?;
        match &first {
            Some(first) => check_same(&spectrum, first, shape).map_err(|error| format!("{name}: {error}"))?,
            None => first = Some(spectrum),
        }
    }
    Ok(())
}

fn check_round_trip(pair: &mut dyn Pair, image: &[f32]) -> Result<(), String> {
    const LIMIT: f32 = 1e-6;
    pair.run();
    let (output, scale) = pair.output();
    let distances = output.iter().zip(image).map(|(output, image)| (output / scale - image).abs());
    let worst = distances.fold(0.0, |worst: f32, distance| if distance <= worst { worst } else { distance });
    if worst <= LIMIT { Ok(()) } else { Err(format!("round trip off by {worst:e}, more than {LIMIT:e}")) }
}

/// Checks Parseval: Σ x² = (1/M)·Σ |X|², where bins outside columns 0 and W/2 count twice.
fn check_energy(spectrum: &[Complex], image: &[f32], shape: Shape) -> Result<(), String> {
    let half = shape.width as usize / 2;
    let mut sum = 0.0;
    for row in spectrum.chunks_exact(half + 1) {
        for (u, value) in row.iter().enumerate() {
            let weight = if u == 0 || u == half { 1.0 } else { 2.0 };
            sum += weight * power(*value, Complex::default());
        }
    }
    let wanted: f64 = image.iter().map(|value| f64::from(*value).powi(2)).sum();
    let ratio = sum / shape.pixels() as f64 / wanted;
    if (ratio - 1.0).abs() <= 1e-5 { Ok(()) } else { Err(format!("{ratio} times the energy of the image")) }
}

fn check_same(spectrum: &[Complex], first: &[Complex], shape: Shape) -> Result<(), String> {
    let distance: f64 = spectrum.iter().zip(first).map(|(a, b)| power(*a, *b)).sum();
    let size: f64 = first.iter().map(|value| power(*value, Complex::default())).sum();
    let rms = (distance / size).sqrt();
    let limit = 4.0 * f64::from(f32::EPSILON) * (shape.pixels() as f64).log2();
    if rms <= limit { Ok(()) } else { Err(format!("spectrum off by {rms:e} RMS, more than {limit:e}")) }
}

/// |a − b|².
fn power(a: Complex, b: Complex) -> f64 {
    (f64::from(a.re) - f64::from(b.re)).powi(2) + (f64::from(a.im) - f64::from(b.im)).powi(2)
}
