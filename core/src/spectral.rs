//! The whole-mask objective: the grey mask itself is blue.
//!
//! A loss is a sum of terms: over the amplitudes S = |X| of the unnormalised DFT X of the values x, all W·H bins of them
//! (M = W·H), and over the values themselves:
//!
//! - [`low_band`]: `(1/M)·Σ w²·S²`
//! - [`smoothness`]: `(1/M)·Σ (Laplacian of S/5)² + (differences of S/2)²`
//! - [`profile`]: `(1/M)·Σ (S − target)²`
//! - [`histogram`]: `Σ (x − target of its rank)²`
//!
//! A spectral term adds its `m = (∂L/∂S)/S` in each bin; `∂L/∂x = Σ_k m_k·X_k·exp(+iθ)` over all bins is the unscaled
//! inverse DFT of m·X. So one forward and one inverse transform serve any number of terms. The stored spectrum is 2X
//! ([`crate::fft`]), its amplitude D = 2S, and the inverse doubles once more: hence the factors `1/(4M)` of the losses and
//! `½` of the multipliers in the code.
//!
//! Sources: Wronski (2020), "Optimizing blue noise dithering: backpropagation through Fourier transform and sorting", for
//! low band, smoothness and histogram; gradients derived by hand.

pub(crate) mod between;
pub(crate) mod bins;
pub mod histogram;
pub mod low_band;
pub(crate) mod parameters;
pub mod profile;
pub mod smoothness;
pub(crate) mod update;

pub use low_band::MAX_CUTOFF;
pub use profile::{Knot, MAX_KNOTS, Profile};
