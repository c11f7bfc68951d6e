//! Errors of the core as Python's own.

use bluegrad::Error;
use pyo3::PyErr;
use pyo3::exceptions::{PyMemoryError, PyRuntimeError, PyValueError};

/// A mask that is not finished is an error of the state; everything else is a wrong value.
pub(crate) fn of_core(error: Error) -> PyErr {
    match error {
        Error::NotDone { .. } => PyRuntimeError::new_err(error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}

pub(crate) fn value(line: String) -> PyErr {
    PyValueError::new_err(line)
}

pub(crate) fn no_memory(bytes: usize) -> PyErr {
    PyMemoryError::new_err(format!("not enough memory: {bytes} bytes are needed; choose a smaller size"))
}
