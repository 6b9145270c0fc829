//! Numbers of a header, and what is told when they are none.

use crate::fits::FitsHeader;

/// The header says more than is understood, or nothing about the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unknown;

pub(super) type Read<T> = Result<T, Unknown>;

/// A finite number, if it is there.
pub(super) fn number(header: &FitsHeader<'_>, keyword: &str) -> Read<Option<f64>> {
    let found = header.float(keyword).ok().ok_or(Unknown)?;
    if found.is_none_or(f64::is_finite) {
        Ok(found)
    } else {
        Err(Unknown)
    }
}

/// The same with what a missing one means.
pub(super) fn number_or(header: &FitsHeader<'_>, keyword: &str, default: f64) -> Read<f64> {
    Ok(number(header, keyword)?.unwrap_or(default))
}

/// A whole number that must be there.
pub(super) fn integer(header: &FitsHeader<'_>, keyword: &str) -> Read<i64> {
    header.integer(keyword).ok().flatten().ok_or(Unknown)
}
