//! All terms together, for one shape, distribution and profile.

use super::{Evaluation, NAMES, TERMS, Terms, add_scaled, amplitudes, histogram, of_image, on_amplitudes};
use super::{profile_aims, pull_back, targets};
use crate::dft::forward;
use bluegrad::Distribution;
use bluegrad::spectral::Profile;

/// What an [`Objective`] says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// The loss of each term, not weighted.
    pub losses: Terms,
    /// `∂/∂x` of all weighted terms but the histogram's together, W x H.
    pub spectral: Vec<f64>,
    /// `∂/∂x` of the weighted histogram term, W x H.
    pub histogram: Vec<f64>,
}

/// All terms for one shape, distribution and profile.
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

    /// One term, not weighted, with `∂L/∂x`. `cutoff` is fc of the low band, cycles/pixel.
    #[must_use]
    pub fn term(&self, name: &str, image: &[f64], cutoff: f64) -> Evaluation {
        match name {
            "histogram" => histogram(image, &self.targets),
            _ => of_image(image, self.width, self.height, |s| on_amplitudes(name, self, s, cutoff)),
        }
    }

    /// The losses, and the gradients of the weighted terms: one forward and one inverse transform. `cutoff` is fc of
    /// the low band, cycles/pixel.
    #[must_use]
    pub fn gradients(&self, image: &[f64], cutoff: f64, weights: &Terms) -> Gradients {
        let spectrum = forward(image, self.width, self.height);
        let s = amplitudes(&spectrum);
        let mut losses = Terms::default();
        let mut gradient = vec![0.0; image.len()];
        for (i, name) in NAMES[..TERMS - 1].iter().enumerate() {
            let term = on_amplitudes(name, self, &s, cutoff);
            losses.0[i] = term.loss;
            add_scaled(&mut gradient, weights.0[i], &term.gradient);
        }
        let histogram = histogram(image, &self.targets);
        losses.0[TERMS - 1] = histogram.loss;
        Gradients {
            losses,
            spectral: pull_back(&spectrum, &gradient, self.width, self.height),
            histogram: histogram.gradient.iter().map(|g| weights.0[TERMS - 1] * g).collect(),
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
