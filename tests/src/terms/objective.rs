//! All terms together, for one shape, distribution and profile.

use super::{Evaluation, Terms, add_scaled, amplitudes, histogram, low_band_of, profile_aims, profile_of, pull_back};
use super::{smoothness_of, targets};
use crate::dft::forward;
use bluegrad::Distribution;
use bluegrad::spectral::Profile;

/// What an [`Objective`] says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// The loss of each term, not weighted.
    pub losses: Terms,
    /// `∂/∂x` of the weighted low-band, smoothness and profile terms together, W x H.
    pub spectral: Vec<f64>,
    /// `∂/∂x` of the weighted histogram term, W x H.
    pub histogram: Vec<f64>,
}

/// All four terms for one shape, distribution and profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// W.
    pub width: usize,
    /// H.
    pub height: usize,
    /// The wanted values, smallest first, M of them.
    pub targets: Vec<f64>,
    /// The amplitudes that the profile term aims at, W x H.
    pub aims: Vec<f64>,
}

impl Objective {
    /// The objective of a shape, a distribution and a profile.
    #[must_use]
    pub fn new(width: usize, height: usize, distribution: &Distribution, profile: &Profile) -> Self {
        let targets = targets(distribution, width * height);
        let aims = profile_aims(width, height, profile, &targets);
        Self { width, height, targets, aims }
    }

    /// The losses, and the gradients of the weighted terms: one forward and one inverse transform. `cutoff` is fc of
    /// the low band, cycles/pixel.
    #[must_use]
    pub fn gradients(&self, image: &[f64], cutoff: f64, weights: &Terms) -> Gradients {
        let (width, height) = (self.width, self.height);
        let spectrum = forward(image, width, height);
        let s = amplitudes(&spectrum);
        let low_band = low_band_of(&s, width, height, cutoff);
        let smoothness = smoothness_of(&s, width, height);
        let profile = profile_of(&s, &self.aims);
        let histogram = histogram(image, &self.targets);
        let mut on_amplitudes = vec![0.0; image.len()];
        add_scaled(&mut on_amplitudes, weights.low_band, &low_band.gradient);
        add_scaled(&mut on_amplitudes, weights.smoothness, &smoothness.gradient);
        add_scaled(&mut on_amplitudes, weights.profile, &profile.gradient);
        let losses = Terms {
            low_band: low_band.loss,
            smoothness: smoothness.loss,
            profile: profile.loss,
            histogram: histogram.loss,
        };
        Gradients {
            losses,
            spectral: pull_back(&spectrum, &on_amplitudes, width, height),
            histogram: histogram.gradient.iter().map(|g| weights.histogram * g).collect(),
        }
    }

    /// The total `L = Σ weight·loss` and its gradient.
    #[must_use]
    pub fn total(&self, image: &[f64], cutoff: f64, weights: &Terms) -> Evaluation {
        let Gradients { losses, spectral: mut gradient, histogram } = self.gradients(image, cutoff, weights);
        add_scaled(&mut gradient, 1.0, &histogram);
        Evaluation { loss: weights.dot(&losses), gradient }
    }
}
