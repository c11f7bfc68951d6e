//! The whole-mask objective: the grey mask itself is blue.
//!
//! A loss is a sum of terms: over the amplitudes S = |X| of the unnormalised DFT X of the values x, all W·H bins of them
//! (M = W·H), and over the values themselves:
//!
//! - low band: `(1/M)·Σ w²·S²`
//! - smoothness: `(1/M)·Σ (Laplacian of S/5)² + (differences of S/2)²`
//! - profile: `(1/M)·Σ (S − target)²`
//! - histogram: `Σ (x − target of its rank)²`
//!
//! A spectral term adds its `m = (∂L/∂S)/S` in each bin; `∂L/∂x = Σ_k m_k·X_k·exp(+iθ)` over all bins is the unscaled
//! inverse DFT of m·X. So one forward and one inverse transform serve any number of terms. Each term is a file of
//! `spectral/terms/`, whose table lists them.
//!
//! Sources: Wronski (2020), "Optimizing blue noise dithering: backpropagation through Fourier transform and sorting", for
//! low band, smoothness and histogram; gradients derived by hand.

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

// Here and not beside the parameters: the terms, which know them, name their weights.
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
