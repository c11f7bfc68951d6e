//! The spectral objective: the grey mask itself becomes blue.
//!
//! The loss is a weighted sum of terms. With x the M = W·H values, X their unnormalised DFT and S = |X| its amplitudes, over all M bins:
//!
//! - low band: `(1/M)·Σ w²·S²`
//! - smoothness: `(1/M)·Σ (Laplacian of S/5)² + (horizontal difference of S/2)² + (vertical difference of S/2)²`
//! - profile: `(1/M)·Σ (S − target)²`
//! - histogram: `Σ (x − target of its rank)²`
//!
//! Here w falls from 1 at DC to 0 at the cut-off ([`Spectral::cutoff`]), and a target is the amplitude of the radial profile
//! ([`Profile`]) or the value that the distribution has at a rank. Weights are those of [`Spectral`], names and order those of
//! [`Losses::NAMES`].
//!
//! The gradient of all terms on S takes one inverse transform: with `m = (∂L/∂S)/S` summed over the terms, `∂L/∂x` is the unscaled
//! inverse DFT of m·X. Each term's formula, loss and m are in one file of `spectral/terms`; `spectral/objective.rs` has the pass over the
//! bins, `spectral/update.rs` the optimiser's.
//!
//! Source of low band, smoothness and histogram: Wronski (2020), "Optimizing blue noise dithering: backpropagation through Fourier
//! transform and sorting". Gradients are derived by hand.

pub(crate) mod amplitudes;
pub(crate) mod objective;
pub(crate) mod parameters;
pub(crate) mod terms;
pub(crate) mod update;

pub use terms::low_band::MAX_CUTOFF;
pub use terms::profile::{Knot, MAX_KNOTS, Profile};
pub use terms::{Losses, MAX_TERMS};

use crate::error::{Error, number};
use parameters::Spectral;

// Here and not in `parameters.rs`, which the terms use: the check reads the table of terms.
impl Spectral {
    pub(crate) const fn check(&self) -> Result<(), Error> {
        let terms = terms::table(self);
        let mut i = 0;
        while i < terms.len() {
            let (what, value) = (terms[i].weight_name, terms[i].weight.weight);
            if let Err(error) = number(what, value, 0.0, f32::MAX, "finite and at least 0") {
                return Err(error);
            }
            i += 1;
        }
        if !(self.cutoff > 0.0 && self.cutoff <= MAX_CUTOFF) {
            let range = "above 0 and at most 0.7071 cycles/pixel";
            return Err(Error::Number { what: "cutoff", value: self.cutoff, range });
        }
        if let Err(error) = self.optimizer.check() {
            return Err(error);
        }
        if let Err(error) = self.step_size.check("step_size") {
            return Err(error);
        }
        self.histogram_step_size.check("histogram_step_size")
    }
}
