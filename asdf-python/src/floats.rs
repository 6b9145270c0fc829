//! Columns of numbers from Python and to it.

use crate::buffer::Buffer;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Copies of columns, so that nobody changes them while they are used without the interpreter's lock.
pub(crate) fn read(columns: &[Bound<'_, PyAny>]) -> PyResult<Vec<Vec<f64>>> {
    let read = |column: &Bound<'_, PyAny>| {
        let buffer = PyBuffer::<f64>::get(column)?;
        if !buffer.is_c_contiguous() {
            return Err(PyValueError::new_err("a column of numbers has gaps"));
        }
        buffer.to_vec(column.py())
    };
    columns.iter().map(read).collect()
}

pub(crate) fn give(columns: Vec<Vec<f64>>) -> Vec<Buffer> {
    columns.into_iter().map(Buffer::of_floats).collect()
}
