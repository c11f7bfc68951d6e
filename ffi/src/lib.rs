//! The C ABI: `include/bluegrad.h` is made from this crate by cbindgen, and its comments are the manual.
//!
//! A function here checks pointers, lengths and values, calls the core, and turns its error into a number. Structs mirror the
//! core's with plain words in place of enums, so that no value that C writes is one that Rust does not know. `unsafe` is what a
//! pointer from C needs and nothing else; `border` has most of it.

#![no_std]
#![allow(unsafe_code, reason = "pointers of C, and the names that C links")]
#![allow(non_camel_case_types, reason = "types have the names that C knows them by")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header's manual says what each pointer must be, for every function alike"
)]
#![allow(clippy::doc_markdown, reason = "the comments are a C header's")]

mod border;
mod config;
mod convert;
mod dither;
mod generator;
mod jobs;
mod measure;
mod preset;
mod read;
mod stage;
mod status;
mod text;
mod version;

pub use config::*;
pub use dither::*;
pub use generator::*;
pub use jobs::*;
pub use measure::*;
pub use preset::*;
pub use read::*;
pub use stage::*;
pub use status::*;
pub use version::*;
