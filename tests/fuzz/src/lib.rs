//! What the fuzz targets do with an input, a file each: [`abi`], the C functions against a model of what they promise; [`files`],
//! what the command line reads; [`recipes`], configurations of the core.
//!
//! An input is decoded by `arbitrary`; each part of it is cut to a size at which one execution takes about a millisecond.

pub mod abi;
pub mod cost;
pub mod files;
pub mod guarded;
pub mod number;
pub mod recipes;
