//! wip
#![no_std]
#![deny(unsafe_code)]
pub mod distribution;
pub mod error;
pub mod fft;
pub mod generator;
pub mod layout;
pub mod mask;
pub mod measure;
pub mod optimizer;
pub mod rank;
pub mod recipe;
pub mod shape;
#[allow(unsafe_code)]
pub mod simd;
pub mod spectral;
pub use distribution::Distribution;
pub use error::Error;
pub use generator::{Generator, Losses, Report};
pub use layout::{Layout, Line, MEMORY_ALIGN};
pub use mask::{Mask, Range};
pub use optimizer::{Optimizer, Schedule};
pub use recipe::{Config, Preset, Recipe, Stage, Term};
pub use shape::Shape;
pub use simd::Level;
/// wip
pub const ALGORITHM_VERSION: u32 = 1;
