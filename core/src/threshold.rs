//! The dither objective: every thresholded pattern of the mask is blue.
//!
//! # Energy
//!
//! x: values in [0, 1] whose ranks are all different, n pixels; G a Gaussian of sigma pixels, K = G*G, a truncated kernel on the
//! torus with sum 1. The energy is the blurred error of the pattern `1[x > t]` over all thresholds t:
//!
//! ```text
//! E  = ∫₀¹ ‖G * (1[x > t] − (1 − t))‖² dt  =  n/6 − ½ Σ_ij K(i−j) |x_i − x_j|          white noise: K(0)·n/6
//! g_i = −Σ_j K(i−j) clamp((x_i − x_j)/τ, −1, 1) + M_τ(x_i)                             its gradient, the kink of |·| rounded off
//! M_τ(x) = H(x) − H(1 − x),  H(d) = |d| − τ/2 for |d| > τ, else d²/2τ                  the mean field: makes the kernel zero-mean
//! ```
//!
//! For τ → 0 the gradient is `2·(x_i − local rank of x_i)`, ranks weighted by K: a pixel moves to its local rank.
//!
//! # Stages
//!
//! - `fill`: each pixel into the emptiest place that is left, in integers; `void_and_cluster`: Ulichney's method, exact.
//! - `polish`: gradient descent with momentum on E, in integers, from any order; `front`: from noise, behind a threshold that
//!   moves up.
//! - `swap`: for masks of few levels, swaps that lower E at the thresholds of those levels.
//!
//! All is integer arithmetic on tables that come from `libm` in f64 and are rounded once, so the bits are the same everywhere.

mod argmin;
pub(crate) mod fill;
mod fixed_point;
pub(crate) mod front;
pub(crate) mod grid;
pub(crate) mod polish;
pub(crate) mod swap;
pub(crate) mod void_and_cluster;

/// Pixels placed per step by the stages that place pixels, `Fill` and `VoidAndCluster`.
pub(crate) const PIXELS_A_STEP: usize = 1024;
