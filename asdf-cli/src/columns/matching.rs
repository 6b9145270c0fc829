//! The nodes that a pattern of paths finds.

use super::Cell;
use super::value::{Found, elements};
use asdf_core::array::is_array;
use asdf_core::inspect::PathPattern;
use asdf_core::{AsdfFile, Result};

/// The values that fit: scalars, quantities, moments, and elements of arrays that the pattern goes into. What a quantity, a
/// moment or an array that fits is made of is no value by itself.
///
/// # Errors
/// The tree is too large when its shared nodes are expanded, or an array cannot be read.
pub(crate) fn matching(file: &AsdfFile, pattern: &PathPattern) -> Result<Vec<Found>> {
    let mut out = Vec::new();
    let mut all = match file.select_all(pattern, false) {
        // What stands before the first `*` is not there.
        Err(error) if error.is_mismatch() => return Ok(out),
        all => all?,
    };
    while let Some(found) = all.next() {
        let found = found?;
        if let Some(part) = &found.part {
            let array = found.at.file.array_at(found.at.node)?;
            let cell = elements(file, &array, part)?;
            out.push((found.to_string(), cell, None));
        } else if is_array(found.at.node) {
            all.skip_children();
        } else if let Some((cell, unit)) = Cell::of_scalar(found.at) {
            all.skip_children();
            out.push((found.to_string(), cell, unit));
        }
    }
    Ok(out)
}
