//! Errors of the command itself: what was asked for cannot be done, or not like that.

use asdf_core::Error;
use std::fmt;

/// What was asked for cannot be done; the text says why, and what to do instead.
#[derive(Debug)]
struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// An error of the command, which gets its place as those of the library do.
pub(crate) fn refused(reason: impl Into<String>) -> Error {
    Error::of_caller(Refusal(reason.into()))
}
