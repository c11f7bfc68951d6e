//! `bluegrad._native`: the part of the Python module that is Rust.
//!
//! Arrays cross the border flat and C-contiguous, and plain data as the bytes of the core's `#[repr(C)]` types; the Python files
//! beside this crate give both their shapes and names. Inputs are copied while the interpreter is attached, and long work runs
//! detached, so no other thread can change what is being read.

mod config;
mod dither;
mod error;
mod generator;
mod memory;

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command line in this process and returns its exit status.
#[pyfunction]
fn main(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| bluegrad_cli::main_of(words))
}

/// Returns the figures of a mask, in the order layer, row, column, channel, as JSON.
#[pyfunction]
fn figures(
    py: Python<'_>,
    values: &Bound<'_, PyAny>,
    shape: [u32; 4],
    levels: Option<u64>,
    filters: Option<&[u8]>,
) -> PyResult<String> {
    let values = memory::copy_of(&values.extract::<PyReadonlyArray1<'_, f64>>()?)?;
    let filters = filters.map(config::parse).transpose()?;
    let shape = config::shape(shape);
    memory::check_len(shape, values.len())?;
    py.detach(|| bluegrad_cli::embedding::figures("the mask", values, shape, levels, filters.as_ref()))
        .map_err(error::value)
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::config::{check, configuration, presets, refining, stage_default};
    #[pymodule_export]
    use super::dither::{Mask, dither, named_palettes, palette};
    #[pymodule_export]
    use super::generator::Generator;
    #[pymodule_export]
    use super::{figures, main};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("ALGORITHM_VERSION", bluegrad::ALGORITHM_VERSION)?;
        let levels = bluegrad::SimdLevel::ALL.into_iter().filter(|level| level.is_supported());
        module.add("LEVELS", levels.map(bluegrad::SimdLevel::name).collect::<Vec<_>>())
    }
}
