//! Power spectrum of a mask or of one of its patterns.

use crate::failure::Result;
use bluegrad::Shape;
use bluegrad::measure::{self, Quality, RINGS, Ring};

/// A power spectrum with its ring means and figures.
#[derive(Debug)]
pub(crate) struct Spectrum {
    pub(crate) shape: Shape,
    /// Power relative to white noise of the same variance.
    ///
    /// `height` rows of `width / 2 + 1` bins.
    power: Vec<f64>,
    pub(crate) rings: [Ring; RINGS],
    pub(crate) quality: Quality,
}

impl Spectrum {
    /// Measures values, row by row, of 8x8 to 4096x4096 pixels.
    pub(crate) fn new(values: &[f32], shape: Shape) -> Result<Self> {
        let mut power = vec![0.0; measure::power_len(shape)];
        let mut scratch = vec![0.0; measure::scratch_len(shape)?];
        measure::power_spectrum(values, shape, &mut power, &mut scratch)?;
        Self::read(power, shape)
    }

    /// Measures the pattern of ranks at a grey level, 0 to 1.
    pub(crate) fn of_pattern(ranks: &[u32], shape: Shape, grey: f64) -> Result<Self> {
        let mut power = vec![0.0; measure::power_len(shape)];
        let mut scratch = vec![0.0; measure::scratch_len(shape)?];
        measure::pattern_power_spectrum(ranks, shape, grey, &mut power, &mut scratch)?;
        Self::read(power, shape)
    }

    fn read(power: Vec<f64>, shape: Shape) -> Result<Self> {
        let rings = measure::rings(&power, shape)?;
        let quality = measure::quality(&power, shape)?;
        Ok(Self { shape, power, rings, quality })
    }

    /// Power of bin (u, v), from (0, 0). The spectrum is symmetric, so only half of the columns is stored.
    pub(crate) fn power(&self, u: usize, v: usize) -> f64 {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let half = width / 2 + 1;
        let (u, v) = if u < half { (u, v) } else { (width - u, (height - v) % height) };
        self.power.get(v * half + u).copied().unwrap_or(0.0)
    }
}
