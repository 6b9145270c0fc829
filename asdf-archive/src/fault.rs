//! Errors of catalogues, which travel as errors of the caller.

use asdf_core::Error;
use std::fmt;
use std::path::Path;

/// What is wrong with a catalogue, or cannot be done with it.
#[derive(Debug)]
struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// An error with that text.
pub(crate) fn fault(text: impl Into<String>) -> Error {
    Error::of_caller(Fault(text.into()))
}

/// What the Parquet or Arrow library says about a file.
pub(crate) fn at<E: fmt::Display>(path: &Path) -> impl Fn(E) -> Error {
    move |error| fault(error.to_string()).at_file(path)
}

/// What the operating system says about a file.
pub(crate) fn io(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::from(error).at_file(path)
}
