//! The kernels of the polish: tables that come from `libm` in f64.

use super::constants::Constants;
use super::parameters::Polish;
use crate::pairs::{EIGHTS, Each, FOURS, MAX_RADIUS, Margin, Mixture, Taps, taper};
use bytemuck::{Pod, Zeroable};

/// Intervals of Simpson's rule for the band's kernel.
const INTERVALS: u32 = 64;

/// What all steps of a stage share.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
pub(crate) struct Tables {
    taps: Taps,
    /// K of each group, and of the ends.
    eights: [[f64; 2]; EIGHTS],
    fours: [[f64; 2]; FOURS],
    /// The grey term's low-pass: weights of its rows (2¹⁵) and columns (2¹⁶).
    grey: [[i16; 2]; MAX_RADIUS as usize + 1],
    grey_radius: u32,
    padding: [u32; 2],
}

impl Tables {
    pub(super) fn fill(&mut self, stage: &Polish, margin: &Margin) {
        self.taps.fill(margin);
        (self.eights, self.fours) = ([[0.0; 2]; EIGHTS], [[0.0; 2]; FOURS]);
        let ends = if stage.ends.is_none() { None } else { Some(&stage.ends) };
        for (which, mixture) in (0..2).zip([Some(&stage.kernel), ends]) {
            let Some(mixture) = mixture else { continue };
            let band = if which == 0 { stage.band_weight } else { 0.0 };
            let kernel = Radial { stage, mixture, band: f64::from(band) };
            let squares = self.taps.squares();
            let mut sum = kernel.at(0);
            sum += 8.0 * kernel.fill(&squares.eights, &mut self.eights, which);
            sum += 4.0 * kernel.fill(&squares.fours, &mut self.fours, which);
            for values in self.eights.iter_mut().chain(&mut self.fours) {
                values[which] /= sum;
            }
        }
        self.fill_grey(stage);
    }

    /// A Gaussian of variance 2σ² along each axis.
    fn fill_grey(&mut self, stage: &Polish) {
        let sigma = f64::from(stage.grey_sigma);
        let wide = libm::ceil(2.8 * core::f64::consts::SQRT_2 * sigma) as u32;
        self.grey_radius = if stage.has_grey() { wide.min(stage.radius) } else { 0 };
        let at = |t: u32| libm::exp(-f64::from(t * t) / (4.0 * sigma * sigma));
        let sum = at(0) + 2.0 * (1..=self.grey_radius).map(at).sum::<f64>();
        for (t, weights) in (0..=self.grey_radius).zip(&mut self.grey) {
            let weight = |one: f64| libm::round(one * (at(t) / sum)).min(32_767.0) as i16;
            *weights = [weight(32_768.0), weight(65_536.0)];
        }
    }

    pub(super) fn taps(&self) -> &Taps {
        &self.taps
    }

    pub(super) fn grey_radius(&self) -> usize {
        (self.grey_radius as usize).min(MAX_RADIUS as usize)
    }

    pub(super) fn grey(&self) -> &[[i16; 2]] {
        self.grey.get(..=self.grey_radius()).unwrap_or_default()
    }

    /// Weights of a step: `K·2²⁸/(τ·2^shift)`, τ in units of 2⁻¹⁶; at most 2¹⁴ − 1, which is K = 1/8 or more.
    ///
    /// From radius 3 on no Gaussian has K = 1/8 beside its centre. At radius 2 the steepest tapers pass it by less than 1 %, and their
    /// nearest taps saturate; radius 1, where K is up to 1/5, is no valid stage.
    pub(super) fn weights(&self, constants: &Constants) -> Each<[i16; 2]> {
        let scale = f64::from(1 << 28) / f64::from(constants.tau << constants.shift);
        let weight = |kernel: f64| libm::round(kernel * scale).clamp(0.0, 16_383.0) as i16;
        let both = |kernels: [f64; 2]| kernels.map(weight);
        Each { eights: self.eights.map(both), fours: self.fours.map(both) }
    }
}

/// `K(r²) = [Σ_j (c_j/s_j²)·exp(−r²/2s_j²) + w·2π·b(r)]·(1 − r²/(R + 0.7)²)^taper`.
struct Radial<'a> {
    stage: &'a Polish,
    mixture: &'a Mixture,
    band: f64,
}

impl Radial<'_> {
    /// K of each group, and their sum.
    fn fill(&self, squares: &[u32], values: &mut [[f64; 2]], which: usize) -> f64 {
        let (mut sum, mut last) = (0.0, (0, 0.0));
        for (square, values) in squares.iter().zip(values).filter(|(square, _)| **square > 0) {
            if *square != last.0 {
                last = (*square, self.at(*square));
            }
            if let Some(value) = values.get_mut(which) {
                *value = last.1;
            }
            sum += last.1;
        }
        sum
    }

    fn at(&self, square: u32) -> f64 {
        let square = f64::from(square);
        let mut sum = self.mixture.at(square);
        if self.band > 0.0 {
            sum += self.band * 2.0 * core::f64::consts::PI * self.band_at(libm::sqrt(square));
        }
        sum * taper(square, self.stage.radius, self.stage.taper)
    }

    /// `b(r) = 2π∫ f·exp(−(f/cutoff)^exponent)·J0(2πfr) df`, the inverse 2-D transform of the band, by Simpson's rule to twice the
    /// cut-off.
    fn band_at(&self, r: f64) -> f64 {
        let (cutoff, exponent) = (f64::from(self.stage.band_cutoff), f64::from(self.stage.band_exponent));
        let step = 2.0 * cutoff / f64::from(INTERVALS);
        let mut sum = 0.0;
        for i in 0..=INTERVALS {
            let f = f64::from(i) * step;
            let weight = match i {
                0 | INTERVALS => 1.0,
                _ if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let response = libm::exp(-libm::pow(f / cutoff, exponent));
            sum += weight * f * response * libm::j0(2.0 * core::f64::consts::PI * f * r);
        }
        2.0 * core::f64::consts::PI * sum * step / 3.0
    }
}
