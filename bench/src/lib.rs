//! What bluegrad costs, and what others cost in the same run.
//!
//! - [`pair`]: anything that transforms an image forward and back ([`pair::Pair`]), bluegrad's own at one level, and the
//!   check that a pair passes before it is timed.
//! - [`peers`]: the other libraries: FFTW, the yardstick, in two builds, and MKL (feature `fftw`); realfft with rustfft, pffft
//!   and microfft (feature `peers`). A further one joins as one more implementation of [`pair::Pair`]. For whole masks there
//!   is libplacebo (feature `libplacebo`).
//! - [`worker`]: those that are Python programs.
//! - [`run`]: whole steps of a generator in the midst of a run.
//! - [`whole`]: whole masks, from nothing to the ranks; [`stages`]: stages of the dither objective by themselves; [`program`]:
//!   the command line.
//! - [`rounds`]: contenders timed in turn, and the quartiles of their times.
//! - [`growth`]: steps from 16 x 16 to 4096 x 4096, with the memory that they work in.
//! - [`masks`]: the table and the page of whole masks for dithering.
//! - [`mod@questions`]: the pages of `docs` that are made of figures.
//! - [`measured`]: subjects and their times; [`machine`], [`record`], [`summary`]: where it was measured, and the page that says so.
//! - [`quality`]: how good the masks are, beside others', and the limits that the project holds itself to.
//! - [`patterns`]: a picture of what small masks dither flat greys to.
//!
//! `benches/groups` holds the criterion groups; the program `bluegrad-bench` measures ratios and writes the record, and
//! `bench/run` brings the peers, then runs it; `gauge` does some steps for a tool that counts instructions (`bench/gauge`),
//! `quality` measures masks (`bench/quality`), `patterns` draws them (`bench/patterns`), and `questions` writes pages
//! (`bench/questions`).

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
pub mod run;
pub mod stages;
pub mod summary;
pub mod whole;
pub mod worker;
