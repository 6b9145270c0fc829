//! An array that is written row by row.

use crate::error::Raise;
use asdf_core::file;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Takes rows until it is finished; a writer that is dropped before leaves no file.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct RowWriter(Mutex<Option<file::RowWriter>>);

impl RowWriter {
    pub(crate) fn new(writer: file::RowWriter) -> Self {
        Self(Mutex::new(Some(writer)))
    }
}

fn closed() -> PyErr {
    PyValueError::new_err("the rows are finished already")
}

#[pymethods]
impl RowWriter {
    fn write(&self, py: Python<'_>, rows: PyBuffer<u8>) -> PyResult<()> {
        let bytes = rows.to_vec(py)?;
        py.detach(|| {
            let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            writer
                .as_mut()
                .map(|writer| writer.write_bytes(&bytes))
                .transpose()
        })
        .raise()?
        .ok_or_else(closed)
    }

    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let writer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = writer.ok_or_else(closed)?;
        py.detach(|| writer.finish()).raise()
    }

    /// Gives up: no file is made, or the one that was there stays.
    fn discard(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
