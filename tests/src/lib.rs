//! The independent reference ("oracle") of bluegrad: plain f64, written from the formulas and not from the core's code.
//!
//! | module | holds |
//! |---|---|
//! | [`dft`] | 2-D discrete Fourier transform by separable direct sums, any size |
//! | [`terms`] | the losses over the full spectrum, each with its exact gradient; central differences |
//! | [`optimize`] | a whole run: optimisers, schedules, projections |
//! | [`measure`] | how blue a grey mask is |
//! | [`patterns`] | how blue its binary patterns are |
//! | [`points`] | point sets in integers, bit for bit; their energy in f64; their figures by direct sums |
//! | [`rounding`] | how blue a picture is after noise is added and the sum rounded |
//! | [`vectors`] | masks of vectors: sets of samples, the joint fill bit for bit, the loss |
//! | [`volumes`] | how blue the patterns of a volume are, in space and over time |
//! | [`threshold`] | the dither objective in integers, bit for bit; its energy in f64 |
//! | [`noise`] | deterministic test images |
//!
//! Conventions: an image is `width * height` values, row-major, pixel (x, y) at `y * width + x`. A spectrum is full:
//! `width * height` bins, bin (u, v) at `v * width + u`, u and v from 0, no shift. M is `width * height`. Frequencies are
//! in cycles/pixel. Slices of a wrong length panic: this crate is for tests.
//!
//! Of the core it uses plain data only ([`bluegrad::Spectral`], [`bluegrad::Schedule`] and the like), the quantiles of
//! [`bluegrad::Distribution`] and the amplitudes of the radial profile; tests here check these two on their own.

pub mod dft;
pub mod measure;
pub mod noise;
pub mod optimize;
pub mod patterns;
pub mod points;
pub mod rounding;
pub mod terms;
pub mod threshold;
pub mod vectors;
pub mod volumes;

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
