//! The kernels of the polish: taps and weights, computed by `libm` in f64.

use super::constants::Constants;
use super::parameters::Polish;
use crate::pairs::{EIGHTS, FOURS, MAX_RADIUS, Mixture, Padding, PerGroup, Taps, pair_weight, taper};
use crate::threshold::fixed_point::Q;
use bytemuck::{Pod, Zeroable};

/// Intervals of Simpson's rule for the band's kernel.
const INTERVALS: u32 = 64;

/// Tables that all steps of a stage share.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
pub(crate) struct Tables {
    taps: Taps,
    /// Of each group of taps: K, and the kernel of the ends. Each kernel's sum over all taps, the centre, and the taps into other planes is 1.
    pub(super) eights: [[f64; 2]; EIGHTS],
    pub(super) fours: [[f64; 2]; FOURS],
    /// Weights of the grey term's low-pass at distance t: along rows (Q15) and along columns (Q16).
    grey: [[i16; 2]; MAX_RADIUS as usize + 1],
    grey_radius: u32,
    /// Sums of both kernels without their centres, Q13.
    totals: [i16; 2],
    padding: u32,
}

impl Tables {
    /// Returns both kernels at the centre. `taps` is the sum of the weights of taps into other planes, `all` that of all weights, both as
    /// multiples of K's; 0 and 1 in a flat mask.
    pub(super) fn fill(&mut self, stage: &Polish, padding: &Padding, taps: f64, all: f64) -> [f64; 2] {
        self.taps.fill(padding);
        (self.eights, self.fours) = ([[0.0; 2]; EIGHTS], [[0.0; 2]; FOURS]);
        let mut centres = [0.0; 2];
        let ends = if stage.ends.is_none() { None } else { Some(&stage.ends) };
        for (which, mixture) in (0..2).zip([Some(&stage.kernel), ends]) {
            let Some(mixture) = mixture else { continue };
            let band = if which == 0 { stage.band_weight } else { 0.0 };
            let kernel = Radial { stage, mixture, band: f64::from(band) };
            let squares = self.taps.squares();
            let centre = kernel.at(0);
            let mut sum = centre;
            sum += 8.0 * kernel.fill(&squares.eights, &mut self.eights, which);
            sum += 4.0 * kernel.fill(&squares.fours, &mut self.fours, which);
            for values in self.eights.iter_mut().chain(&mut self.fours) {
                values[which] = values[which] / sum / all;
            }
            centres[which] = centre / sum / all;
            self.totals[which] = Q::<13>::nearest(((sum - centre) / sum + taps) / all).0 as i16;
        }
        self.fill_grey(stage);
        centres
    }

    /// A Gaussian of variance 2σ² along each axis, cut at 2.8 standard deviations (of √2σ) or at the kernel's radius.
    fn fill_grey(&mut self, stage: &Polish) {
        let sigma = f64::from(stage.grey_sigma);
        let wide = libm::ceil(2.8 * core::f64::consts::SQRT_2 * sigma) as u32;
        self.grey_radius = if stage.has_grey() { wide.min(stage.radius) } else { 0 };
        let at = |t: u32| libm::exp(-f64::from(t * t) / (4.0 * sigma * sigma));
        let sum = at(0) + 2.0 * (1..=self.grey_radius).map(at).sum::<f64>();
        for (t, weights) in (0..=self.grey_radius).zip(&mut self.grey) {
            let weight = |one: i32| libm::round(f64::from(one) * (at(t) / sum)).min(i16::MAX.into()) as i16;
            *weights = [weight(Q::<15>::ONE.0), weight(Q::<16>::ONE.0)];
        }
    }

    pub(super) fn taps(&self) -> &Taps {
        &self.taps
    }

    /// The sums of both kernels without their centres, Q13.
    pub(super) fn totals(&self) -> [i16; 2] {
        self.totals
    }

    pub(super) fn grey_radius(&self) -> usize {
        (self.grey_radius as usize).min(MAX_RADIUS as usize)
    }

    pub(super) fn grey(&self) -> &[[i16; 2]] {
        self.grey.get(..=self.grey_radius()).unwrap_or_default()
    }

    /// Weights of one step, ready for [`PairSums`](crate::pairs::PairSums).
    pub(super) fn weights(&self, constants: &Constants) -> PerGroup<[i16; 2]> {
        let both = |kernels: [f64; 2]| kernels.map(|kernel| pair_weight(kernel, constants.tau.0, constants.headroom));
        PerGroup { eights: self.eights.map(both), fours: self.fours.map(both) }
    }
}

/// A radial kernel, not normalised: `K(r²) = [Σ_j (c_j/s_j²)·exp(−r²/2s_j²) + w·2π·b(r)]·(1 − r²/(R + 0.7)²)^taper`.
struct Radial<'a> {
    stage: &'a Polish,
    mixture: &'a Mixture,
    band: f64,
}

impl Radial<'_> {
    /// Fills in K of each group and returns their sum.
    fn fill(&self, squares: &[u32], values: &mut [[f64; 2]], which: usize) -> f64 {
        // groups of one radius follow each other: the last radius and its K
        let (mut sum, mut last) = (0.0, (0, 0.0));
        for (square, values) in squares.iter().zip(values).filter(|(square, _)| **square > 0) {
            if *square != last.0 {
                last = (*square, self.at(*square));
            }
            debug_assert!(which < values.len(), "0 is K, 1 the kernel of the ends");
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

    /// The band's kernel `b(r) = 2π∫ f·exp(−(f/cutoff)^exponent)·J0(2πfr) df`: the inverse 2-D transform of its frequency response, by
    /// Simpson's rule up to twice the cut-off.
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
