//! Speed and quality of bluegrad, measured beside other libraries.
//!
//! - [`pair`]: forward and inverse transforms ([`pair::Pair`]), the pair of bluegrad, and the check that every pair passes before
//!   it is timed.
//! - [`peers`]: other libraries: FFTW, the yardstick, in two builds, and MKL (feature `fftw`); realfft with rustfft, pffft and
//!   microfft (feature `peers`); libplacebo for whole masks (feature `libplacebo`). A new library is one more implementation of
//!   [`pair::Pair`].
//! - [`worker`]: Python programs as peers.
//! - [`run`]: steps in the middle of a run; [`whole`]: whole masks; [`stages`]: single stages of the dither objective; [`program`]:
//!   the command line.
//! - [`rounds`]: times contenders in turn; quartiles.
//! - [`growth`]: time and memory of a step from 16 x 16 to 4096 x 4096.
//! - [`masks`]: table and page of whole masks for dithering. [`versions`]: two builds of the command line.
//! - [`mod@questions`]: the pages of `docs` that are made of figures.
//! - [`measured`]: subjects and their times; [`machine`], [`record`], [`summary`]: the page of a measurement.
//! - [`quality`]: quality of masks beside other masks, with the limits of the project.
//! - [`patterns`]: a picture of the patterns of small masks.
//!
//! `benches/groups` holds the criterion groups. Programs: `bluegrad-bench` measures ratios and writes the record (`bench/run`);
//! `gauge` does steps for a tool that counts instructions (`bench/gauge`); `quality` measures masks (`bench/quality`); `patterns`
//! draws patterns (`bench/patterns`); `questions` writes pages (`bench/questions`); `versions` times two builds (`bench/versions`).

#![deny(unsafe_code)]

pub mod growth;
pub mod machine;
pub mod masks;
pub mod measured;
pub mod memory;
pub mod pair;
pub mod patterns;
pub mod peers;
pub mod program;
pub mod quality;
pub mod questions;
pub mod record;
pub mod rounds;
pub mod rows;
pub mod run;
pub mod space_time;
pub mod stages;
pub mod summary;
pub mod versions;
pub mod whole;
pub mod worker;
