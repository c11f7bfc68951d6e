//! Checks a term against its formula: loss over the full spectrum in f64, gradient by central differences.

extern crate std;

use super::{BIN_TERMS, BinTerm, BinTerms, Term};
use crate::fft::Plan;
use crate::jobs::Serial;
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::spectral::amplitudes;
use crate::spectral::objective::Objective;
use std::f64::consts::PI;
use std::vec;
use std::vec::Vec;

/// Shape of the checked mask.
pub(crate) const SHAPE: Shape = Shape::new(16, 16);
const SIDE: usize = 16;

/// Amplitudes S of all bins.
pub(crate) struct Amplitudes(Vec<f64>);

impl Amplitudes {
    /// Returns the amplitudes by the definition of the DFT.
    fn new(values: &[f64]) -> Self {
        let bins = (0..SIDE * SIDE).map(|bin| {
            let (mut re, mut im) = (0.0, 0.0);
            for (i, value) in values.iter().enumerate() {
                // angles in turns are multiples of 1/16: whole turns are dropped
                let angle =
                    2.0 * PI * (((bin % SIDE) * (i % SIDE) + (bin / SIDE) * (i / SIDE)) % SIDE) as f64 / SIDE as f64;
                re += value * angle.cos();
                im -= value * angle.sin();
            }
            f64::hypot(re, im)
        });
        Self(bins.collect())
    }

    /// Returns horizontal and vertical frequency of all bins.
    pub(crate) fn bins(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        (0..SIDE * SIDE).map(|bin| (bin % SIDE, bin / SIDE))
    }

    /// Returns S of a bin; both frequencies are periodic.
    pub(crate) fn at(&self, l: i64, k: i64) -> f64 {
        self.0[k.rem_euclid(SIDE as i64) as usize * SIDE + l.rem_euclid(SIDE as i64) as usize]
    }

    /// Returns the radial frequency of a bin, cycles/pixel.
    pub(crate) fn frequency(&self, l: usize, k: usize) -> f64 {
        let axis = |l: usize| l.min(SIDE - l) as f64 / SIDE as f64;
        f64::hypot(axis(l), axis(k))
    }

    /// Returns M, the number of pixels.
    pub(crate) fn pixels(&self) -> f64 {
        self.0.len() as f64
    }
}

/// Compares loss and gradient of a term, at white noise, with `loss` and its central differences.
pub(crate) fn compare<T: BinTerm>(term: &T, loss: impl Fn(&Amplitudes) -> f64)
where
    T::TileData: Default,
{
    let values: Vec<f32> = (0..SHAPE.pixels() as u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) ^ (i * i)).wrapping_mul(2_246_822_519) as f32 / 2_147_483_648.0 - 1.0)
        .collect();
    let (sum, gradient) = pass(&(Some(*term), ()), &values);
    let exact: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
    let expected = loss(&Amplitudes::new(&exact));
    let got = sum * <T as Term>::scale(SHAPE.pixels());
    assert!((got - expected).abs() < 1e-5 * expected, "loss {got}, by its formula {expected}");
    let mut scale = 0.0;
    let difference = |i: usize| {
        let mut moved = exact.clone();
        let mut at = |step: f64| {
            moved[i] = exact[i] + step;
            loss(&Amplitudes::new(&moved))
        };
        (at(1e-4) - at(-1e-4)) / 2e-4
    };
    // one pixel of each row, in changing columns
    let pixels: Vec<usize> = (0..SIDE).map(|y| y * SIDE + (7 * y + 3) % SIDE).collect();
    let expected: Vec<f64> = pixels.iter().map(|i| difference(*i)).collect();
    for expected in &expected {
        scale = f64::max(scale, expected.abs());
    }
    assert!(scale > 0.0);
    for (i, expected) in pixels.into_iter().zip(expected) {
        let got = f64::from(gradient[i]);
        assert!((got - expected).abs() < 2e-5 * scale, "pixel {i}: {got}, by central differences {expected}");
    }
}

/// Returns the sum of the first term, and the gradient at factor 1.
fn pass<T: BinTerms>(terms: &T, values: &[f32]) -> (f64, Vec<f32>) {
    let (twiddle_len, order_len) = Plan::table_lens(SHAPE);
    let (mut twiddles, mut orders) = (vec![0.0; twiddle_len], vec![0; order_len]);
    Plan::fill_tables(SHAPE, &mut twiddles, &mut orders).expect("a shape of the FFT");
    let plan = Plan::new(SHAPE, &twiddles, &orders).expect("its own tables");
    let (spectrum_len, scratch_len) = Plan::row_lens(SHAPE);
    let zero = bytemuck::Zeroable::zeroed();
    let (mut spectrum, mut scratch) = (vec![zero; spectrum_len], vec![zero; scratch_len]);
    let (mut nyquist, mut amplitudes) = (vec![[0.0; 2]; SIDE], vec![f32::NAN; amplitudes::plane_len(SHAPE)]);
    let mut gradient = vec![0.0; values.len()];
    let level = SimdLevel::detect();
    plan.forward_columns(level, &Serial, values, &mut spectrum, &mut scratch);
    let (spectrum_ref, nyquist, amplitudes) = (&mut spectrum, &mut nyquist, &mut amplitudes);
    // `terms` has one term: the other factors are not read
    let factors = [1.0; BIN_TERMS];
    let objective = Objective { plan: &plan, spectrum: spectrum_ref, nyquist, amplitudes, terms, factors };
    let sums = objective.run(level, &Serial);
    plan.inverse_columns(level, &Serial, &mut spectrum, &mut gradient, &mut scratch);
    (sums[0], gradient)
}
