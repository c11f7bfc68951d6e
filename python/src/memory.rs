//! Memory of blocks and arrays: allocated or refused, never an abort.

use crate::error::no_memory;
use bluegrad::{Error, Line, Shape};
use numpy::{Element, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

/// Returns `len` zeros.
pub(crate) fn zeros<T: Copy + Default>(len: usize) -> PyResult<Vec<T>> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(len).map_err(|_| no_memory(len.saturating_mul(size_of::<T>())))?;
    memory.resize(len, T::default());
    Ok(memory)
}

/// Returns the lines of a block.
pub(crate) fn block(lines: usize) -> PyResult<Vec<Line>> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(lines).map_err(|_| no_memory(lines.saturating_mul(size_of::<Line>())))?;
    memory.resize(lines, Line::ZERO);
    Ok(memory)
}

/// Copies a contiguous array.
pub(crate) fn copy_of<T: Element + Copy>(array: &PyReadonlyArray1<'_, T>) -> PyResult<Vec<T>> {
    let from = array.as_slice()?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(from.len()).map_err(|_| no_memory(size_of_val(from)))?;
    memory.extend_from_slice(from);
    Ok(memory)
}

/// Returns an array that owns its elements.
pub(crate) fn array<T: Element>(py: Python<'_>, elements: Vec<T>) -> Bound<'_, PyAny> {
    PyArray1::from_vec(py, elements).into_any()
}

/// Checks that there is one value per element of a shape.
pub(crate) fn check_len(shape: Shape, got: usize) -> PyResult<()> {
    let needed = shape.elements();
    if needed == got { Ok(()) } else { Err(crate::error::of_core(Error::Length { what: "values", needed, got })) }
}
