//! Makes blue-noise masks, for one frame, for many, or for filters, and dithers with them.
//!
//! ```
//! let mask = bluegrad::mask(64, 64, 7)?; // width, height, seed: 64x64 bytes, tileable
//! # assert_eq!(mask.len(), 4096);
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! The same seed gives the same bytes on every machine. [`OwnedGenerator`] makes the masks of all [`Preset`]s, in layers and channels, as
//! integers, floats or ranks, a slice of the work each frame; [`Dither`] applies one to rows of pixels.
//!
//! An unoptimised build takes a hundred times as long: 420 ms for a 64x64 mask with AVX2, 2.7 ms with the lines below (57 ms at opt-level 1),
//! which optimise this crate alone. Put them into the `Cargo.toml` of the workspace:
//!
//! ```toml
//! [profile.dev.package.bluegrad]
//! opt-level = 3
//! ```
//!
//! # Without an allocator
//!
//! The crate is `no_std`. Without its feature `alloc` all memory is one block of the caller's, of a size known when compiling. The crate
//! starts no thread, reads no clock and calls no platform mathematics.
//!
//! ```
//! use bluegrad::{Config, Generator, Layout, Line, Preset};
//!
//! const CONFIG: Config = Config { seed: 7, ..Config::new(Preset::Dither, 64, 64) };
//! const LAYOUT: Layout = match Layout::new(&CONFIG) {
//!     Ok(layout) => layout,
//!     Err(_) => panic!("width and height are from 8 to 4096"),
//! };
//! let mut memory = [Line::ZERO; LAYOUT.lines()];
//!
//! // A slice of steps at a time: spend as much of a frame on it as there is to spend.
//! let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &CONFIG)?;
//! loop {
//!     let report = generator.step(8)?;
//!     if report.done {
//!         break;
//!     }
//!     println!("step {} of {}", report.step, report.steps);
//! }
//!
//! // Each rank 0 to 4095 once; here as 8-bit texels, each of the 256 levels 16 times.
//! let mut texture = [0_u8; 64 * 64];
//! generator.mask()?.write_u8(&mut texture)?;
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! # Which preset
//!
//! One question decides: does the picture depend on the noise linearly?
//!
//! - No (dithering, ambient occlusion, shadows, stochastic transparency, importance sampling): [`Preset::Dither`] or
//!   [`Preset::DitherSmooth`].
//! - Yes (noise that is added over 16 output levels or more, small offsets): [`Preset::Spectral`], whose thresholded patterns are
//!   nearly white.
//!
//! In an animation add the golden ratio, 0.618034, to each value in [0, 1), modulo 1, each frame, rather than move the mask by an
//! offset. `docs/choosing.md` of the repository has the figures. For frames that are averaged, a mask can have a layer for each
//! ([`Shape::layers`]): [`Preset::SpaceTime`], or [`Recipe::filtered`] for [`filters`] that are known; `docs/space-time.md` says which.
//! Noise that is added before rounding: [`Preset::Triangular`].
//!
//! # How masks are made
//!
//! Two objectives. For dithering and every nonlinear use ([`threshold`]), every thresholded pattern of the mask becomes blue:
//! pixels are placed one by one into the emptiest places, then moved by the gradient of an energy over all thresholds. For noise
//! that enters linearly ([`spectral`]), the grey mask itself: it is pushed, step by step, through a 2-D real FFT and through its
//! own sort, with gradients derived by hand, until its spectrum and its histogram are as wanted (the idea: Wronski 2020).
//!
//! # Modules
//!
//! [`recipe`] is a run as plain data, with its presets; [`layout`] its memory; [`generator`] runs it: init, step, read. [`mod@mask`] is what
//! leaves, [`measure`] says how good any mask is, and [`dither`] applies one to rows of pixels. [`points`] makes point sets.
//! `ARCHITECTURE.md` of the repository has all modules with what each imports.
//!
//! # Features
//!
//! All are on by default but `vectors`, the module of that name. `alloc` has what allocates: [`fn@mask`], [`OwnedGenerator`], `Mask::to_*`;
//! a program without an allocator leaves it out. Left out, `filters`, `front`, `spectral`, `swap` and `void-and-cluster` are stages that no
//! recipe of this build may have ([`Error::Feature`]), `measure` and `points` are those modules, and `palette` the builder of
//! [`dither::palette`]; `avx512`, `avx2` and `sse4_2` are levels of x86, each with those below it, and `scalar` is plain code where there
//! always are vectors.
//! `docs/targets.md` has the bytes of each.
//!
//! # Promises
//!
//! - The same [`Config`] and [`ALGORITHM_VERSION`] give the same bytes, on every [`SimdLevel`] and target.
//! - Bad input is an [`Error`] that says what would be right. A damaged block gives a wrong mask or an error, never a panic.
//! - A copy of the block is a snapshot; [`Generator::open`] goes on from it.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(unsafe_code)]
#![allow(
    clippy::needless_range_loop,
    clippy::explicit_counter_loop,
    reason = "kernels count: no iterator adapters between them and their instructions"
)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod distribution;
pub mod dither;
pub mod error;
#[doc(hidden)]
pub mod fft;
pub mod filters;
pub mod generator;
#[allow(unsafe_code, reason = "parts of one buffer for several threads: the second of two modules with `unsafe`")]
pub mod jobs;
pub mod layout;
pub mod mask;
#[cfg(feature = "measure")]
pub mod measure;
mod memory;
pub mod optimizer;
mod pairs;
#[cfg(feature = "points")]
pub mod points;
pub mod recipe;
pub mod shape;
#[allow(unsafe_code, reason = "makes the tokens that prove a CPU feature: the first of two modules with `unsafe`")]
pub mod simd;
mod sort;
pub mod spectral;
pub mod threshold;
#[cfg(feature = "vectors")]
pub mod vectors;

pub use distribution::Distribution;
pub use dither::Dither;
pub use error::Error;
pub use filters::{Filters, SpaceFilter, TimeFilter};
pub use generator::{ALGORITHM_VERSION, Generator, Report};
#[cfg(feature = "alloc")]
pub use generator::{OwnedGenerator, mask};
pub use jobs::{Jobs, Serial};
pub use layout::Layout;
pub use mask::{Mask, Range};
pub use memory::{Line, MEMORY_ALIGN};
pub use optimizer::{Optimizer, Schedule};
pub use recipe::{Config, Preset, Recipe, Spectral, Stage, TermWeight};
pub use shape::Shape;
pub use simd::SimdLevel;
pub use spectral::Losses;
