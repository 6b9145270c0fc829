//! Errors of the library as exceptions of Python.

use asdf_core::Error;
use asdf_core::error::{ErrorKind, Place};
use pyo3::prelude::*;

/// Whose fault it is, in the words of the command's JSON.
fn kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Io(_) => "io",
        ErrorKind::Malformed(_) => "malformed",
        ErrorKind::Unsupported(_) => "unsupported",
        ErrorKind::Limit(_) => "limit",
        ErrorKind::Mismatch(_) => "mismatch",
        ErrorKind::Usage(_) | ErrorKind::Caller(_) => "usage",
        _ => "other",
    }
}

/// The exception that `asdfkit._error.make` makes of an error.
pub(crate) fn raise(error: &Error) -> PyErr {
    Python::attach(|py| match exception(py, error) {
        Ok(error) | Err(error) => error,
    })
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let make = py.import("asdfkit._error")?.getattr("make")?;
    let errno = match error.kind() {
        ErrorKind::Io(error) => error.raw_os_error(),
        _ => None,
    };
    let Place {
        file, path, block, ..
    } = error.place();
    let offset = error.place().span.as_ref().map(|span| span.start);
    let file = file.as_ref().map(|file| file.display().to_string());
    let text = error.to_string();
    let made = make.call1((
        text,
        kind(error),
        file,
        path.as_deref(),
        block,
        offset,
        errno,
    ))?;
    Ok(PyErr::from_value(made))
}

/// Turns the errors of the library into exceptions.
pub(crate) trait Raise<T> {
    fn raise(self) -> PyResult<T>;
}

impl<T> Raise<T> for asdf_core::Result<T> {
    fn raise(self) -> PyResult<T> {
        self.map_err(|error| raise(&error))
    }
}
