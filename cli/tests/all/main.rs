//! The program `bluegrad`, run as a user runs it.
//!
//! All tests are one binary, so that crates are linked once. `cargo test -p bluegrad-cli --test all interrupt::` runs one module.

mod bad_dither;
mod bad_input;
mod common;
mod compare;
mod completions;
mod dither;
mod dither_files;
mod filters;
mod formats;
mod gallery;
mod generate;
#[cfg(target_os = "linux")]
mod interrupt;
#[cfg(target_os = "linux")]
mod kill;
mod man;
mod measure;
mod measure_volumes;
mod other_masks;
mod palettes;
mod pictures;
#[cfg(target_os = "linux")]
mod points;
mod process;
mod raster;
#[cfg(target_os = "linux")]
mod resume;
mod sample;
mod volumes;
