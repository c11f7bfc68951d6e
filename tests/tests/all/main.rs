//! The core against the references of this crate. One binary for all tests, so that its crates are linked once.
//! `cargo test -p bluegrad-tests --test all golden::` runs the tests of one module.

mod common;
mod dither;
mod every_number;
mod fft;
mod filters;
mod fresh_memory;
mod generator;
mod golden;
mod jobs;
mod kept;
mod mask;
mod measure;
mod mix;
mod nonlinear;
mod owned;
mod patterns;
mod points;
mod profile;
mod properties;
mod ranks;
mod resume;
mod rounding;
mod runs;
mod space_time;
mod terms;
mod threshold;
mod threshold_formulas;
mod threshold_integers;
mod threshold_runs;
mod vectors;
mod volumes;
