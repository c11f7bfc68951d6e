//! The six scales of the fill: how far each goes, with which kernel and noise.

use super::Fill;
use crate::threshold::torus::FieldLayout;

/// One scale of the fill.
pub(super) struct Scale {
    /// Part of the pixels that is placed when the scale ends.
    until: f64,
    radius: usize,
    pub(super) sigma: f64,
    pub(super) weights: WeightScale,
    /// Upper end of a pixel's noise, exclusive.
    noise: f64,
    /// Whether the scale sweeps over tiles.
    pub(super) tiles: bool,
}

/// How the `u16` weights of a kernel are scaled.
pub(super) enum WeightScale {
    /// Weight of the peak.
    Peak(f64),
    /// Sum of all weights.
    Sum(f64),
}

/// Sum of weights that never saturate a free pixel: 0xFFFF less room for noise and rounding.
const SUM: f64 = 65_000.0;

/// The scales: radius and sigma of 0 stand for the stage's own kernel.
///
/// The noise comes from a search over the six numbers, on masks of 16 to 64 pixels, scored by the largest bin of their patterns'
/// spectra, the HVS error and the low frequencies of sparse levels.
pub(super) const TABLE: [Scale; 6] = [
    Scale {
        until: 1.0 / 256.0,
        radius: 30,
        sigma: 9.0,
        weights: WeightScale::Peak(12_000.0),
        noise: 24_000.0,
        tiles: false,
    },
    Scale {
        until: 1.0 / 64.0,
        radius: 18,
        sigma: 4.5,
        weights: WeightScale::Peak(12_000.0),
        noise: 12_000.0,
        tiles: false,
    },
    Scale { until: 0.033, radius: 12, sigma: 3.0, weights: WeightScale::Peak(12_000.0), noise: 2_500.0, tiles: false },
    Scale { until: 0.064, radius: 10, sigma: 2.0, weights: WeightScale::Peak(20_000.0), noise: 300.0, tiles: true },
    Scale { until: 0.1, radius: 0, sigma: 0.0, weights: WeightScale::Sum(8.0 * SUM), noise: 192.0, tiles: true },
    Scale { until: 1.0, radius: 0, sigma: 0.0, weights: WeightScale::Sum(SUM), noise: 192.0, tiles: true },
];

/// Least noise, which breaks ties between pixels at random.
const LEAST_NOISE: f64 = 8.0;

/// The stage's own sigma grows by the factor `1 + WIDER/n` on n pixels: 8 % at 16x16, 2 % at 32x32.
///
/// On a small torus a sharp kernel costs quality at HVS 1.5 and above, and some patterns settle on a lattice: one mask of 300 at 16x16
/// without the factor, one of 1000 with it.
pub(super) const WIDER: f64 = 20.0;

impl Scale {
    pub(super) const fn radius(&self, stage: &Fill) -> usize {
        if self.radius > 0 { self.radius } else { stage.radius as usize }
    }

    /// Factor of a pixel's noise, which is `factor·random byte/256`: at most 2.5 times the largest of the table.
    pub(super) fn noise(&self, stage: &Fill) -> u16 {
        let exact = self.radius == 0 && stage.exact != 0;
        let usual = if exact { LEAST_NOISE } else { self.noise };
        libm::round(usual * f64::from(stage.disorder)).max(LEAST_NOISE) as u16
    }

    /// Number of pixels placed when the scale ends.
    pub(super) fn until(&self, layout: &FieldLayout) -> u32 {
        libm::ceil(self.until * layout.pixels() as f64) as u32
    }
}
