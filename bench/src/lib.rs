//! What bluegrad costs, and what others cost in the same run.
//!
//! - [`pair`]: anything that transforms an image forward and back ([`pair::Pair`]), bluegrad's own at one level, and the
//!   check that a pair passes before it is timed. A further library joins as one more implementation, listed in
//!   [`pair::PEERS`].
//! - `fftw` (feature `fftw`): FFTW through its C interface, the yardstick.
//! - [`run`]: whole steps of a generator in the midst of a run.
//! - [`rounds`]: contenders timed in turn, and the quartiles of their times.
//! - [`machine`], [`record`]: where it was measured, and the page that says so.
//!
//! `benches/groups` holds the criterion groups; the program `bluegrad-bench` measures ratios and writes the record:
//!
//! ```text
//! cargo run --release -p bluegrad-bench --features fftw -- --out bench/results
//! ```

#![deny(unsafe_code)]

#[cfg(feature = "fftw")]
#[allow(unsafe_code)]
pub mod fftw;
pub mod machine;
pub mod memory;
pub mod pair;
pub mod record;
pub mod rounds;
pub mod run;
