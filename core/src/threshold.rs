//! The dither objective: every thresholded pattern of the mask is blue.
//!
//! # Energy
//!
//! x: n values, uniform in [0, 1]. G: a Gaussian, sigma in pixels. K = G*G: a truncated kernel on the torus with sum 1. The energy is
//! the blurred error of the pattern `1[x > t]` over all thresholds t (derived in `polish/step.rs`):
//!
//! ```text
//! E  = ∫₀¹ ‖G * (1[x > t] − (1 − t))‖² dt  =  n/6 − ½ Σ_ij K(i−j) |x_i − x_j|          white noise: K(0)·n/6
//! g_i = −Σ_j K(i−j) clamp((x_i − x_j)/τ, −1, 1) + M_τ(x_i)                             gradient, the kink of |·| rounded off
//! M_τ(x) = H(x) − H(1 − x),  H(d) = |d| − τ/2 for |d| > τ, else d²/2τ                  mean field: keeps uniform values uniform
//! ```
//!
//! For τ → 0 the gradient is `2·(x_i − local rank of x_i)`, the local rank weighted by K: each pixel moves to its local rank.
//!
//! # Stages
//!
//! - `fill`: places each pixel into the emptiest pixel that is left. `void_and_cluster`: Ulichney's method, exact.
//! - `filter_fill`: places each element where the error after a user's filters grows least.
//! - `filter_polish`: the steps of the polish with the kernel of a user's filters.
//! - `polish`: gradient descent with momentum on E, from any order. `front`: gradient descent from noise, behind a rising threshold.
//! - `swap`: for masks of few levels, swaps that lower E at the thresholds of those levels.
//!
//! All arithmetic is on integers, and tables are made by `libm` in f64 and rounded once: the same bits on every machine.
//!
//! # Assertions
//!
//! What follows from a checked stage and shape is a `debug_assert!`. What is read back from the block is not: a damaged block may hold
//! any bytes, and must not panic.

mod argmin;
pub(crate) mod coupling;
pub(crate) mod fill;
pub(crate) mod filter_fill;
pub(crate) mod filter_polish;
mod fixed_point;
pub(crate) mod front;
mod placements;
pub(crate) mod polish;
pub(crate) mod swap;
mod torus;
pub(crate) mod void_and_cluster;

#[cfg(feature = "vectors")]
pub(crate) use argmin::{TILE_ROWS, has_turn};
#[cfg(feature = "vectors")]
pub(crate) use placements::rank as rank_placements;
#[cfg(feature = "vectors")]
pub(crate) use torus::{FieldLayout, KernelLayout, WINDOW, WrappedGaussian};

/// Pixels placed per step by the stages that place pixels, `Fill` and `VoidAndCluster`.
pub(crate) const PIXELS_A_STEP: usize = 1024;
