//! The C ABI: `include/bluegrad.h` is made from this crate by `ffi/header`, and its comments are the manual.
//!
//! A function here checks pointers, lengths and values, calls the core, and turns the core's error into a number. Plain data is the
//! core's own: C sees the core's `#[repr(C)]` structs and enums under the names of `cbindgen.toml`. The structs of this crate are those
//! that carry a size or room for later versions ([`bluegrad_config`], [`bluegrad_stage`], [`bluegrad_quality`]), a pointer
//! ([`bluegrad_dither`], [`bluegrad_jobs`]) or distances in bytes ([`bluegrad_region`]).
//!
//! The modules are the header's sections, in this order, and their comments open the sections. `unsafe` is what a pointer from C needs
//! and nothing else; `border` has most of it.

#![no_std]
#![allow(unsafe_code, reason = "pointers of C, and the names that C links")]
#![allow(non_camel_case_types, reason = "types have the names that C knows them by")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header's manual says what each pointer must be, for every function alike"
)]
#![allow(clippy::doc_markdown, reason = "the comments are a C header's")]

mod border;
mod text;

mod status;

mod make;

mod configure;

mod generator;

mod region;

mod start;

mod step;

mod read;

mod dither;

mod measure;

mod points;

mod version;

pub use configure::*;
pub use dither::*;
pub use generator::bluegrad_generator;
pub use make::*;
pub use measure::*;
pub use points::*;
pub use read::*;
pub use region::bluegrad_region;
pub use start::*;
pub use status::*;
pub use step::*;
pub use version::*;
