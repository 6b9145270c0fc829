//! The values of one file.

use super::Cell;
use crate::card_name;
use crate::usage::refused;
use asdf_core::array::{ArrayPart, is_array};
use asdf_core::error::{ErrorKind, Usage};
use asdf_core::inspect::{ArrayInfo, PathPattern, Selection};
use asdf_core::{ArrayRef, AsdfFile, Error, Result};

/// A value that was found: its path, and the unit of a quantity.
pub(crate) type Found = (String, Cell, Option<String>);

/// The values of all that a path names; none where there is no such node.
///
/// # Errors
/// An index is outside of its array, or an array cannot be read.
pub(crate) fn at_path(file: &AsdfFile, path: &PathPattern) -> Result<Vec<Found>> {
    let all = match file.select_all(path, false) {
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        all => all?,
    };
    let mut out = Vec::new();
    for found in all {
        let found = found?;
        let (cell, unit) = value(file, &found)?;
        out.push((found.to_string(), cell, unit));
    }
    Ok(out)
}

/// The value at a path that is to name one; nothing where there is no such node.
///
/// # Errors
/// As [`at_path`]; the path names several nodes.
pub(crate) fn one_at_path(
    file: &AsdfFile,
    path: &PathPattern,
) -> Result<Option<(Cell, Option<String>)>> {
    let mut found = at_path(file, path)?;
    if let [first, second, ..] = found.as_slice() {
        return Err(several(file, &path.to_string(), &first.0, &second.0));
    }
    Ok(found.pop().map(|(_, cell, unit)| (cell, unit)))
}

/// The error of one column for which a file has several nodes.
pub(crate) fn several(file: &AsdfFile, name: &str, first: &str, second: &str) -> Error {
    let reason =
        format!("`{name}` is one column, and there are several nodes for it: {first}, {second}");
    file.name_in(refused(reason))
}

/// Whether an error says that there is no such node.
fn is_absent(error: &Error) -> bool {
    error.is_mismatch() || matches!(error.kind(), ErrorKind::Usage(Usage::NoNode { .. }))
}

fn value(file: &AsdfFile, found: &Selection<'_>) -> Result<(Cell, Option<String>)> {
    let at = found.at;
    if !is_array(at.node) {
        return Ok(Cell::of(at.file, at.node, file.limits()));
    }
    let array = at.file.array_at(at.node)?;
    match &found.part {
        None => {
            let info = ArrayInfo::new(&array);
            let text = format!("{} {}", info.datatype, info.shape_text());
            Ok((Cell::Text(text), None))
        }
        // What it is, as of a whole array.
        Some(part) if part.is_whole() && !part.has_new_axes() => {
            let shape: Vec<String> = part.shape().iter().map(u64::to_string).collect();
            let text = format!("{} {}", part.datatype(), shape.join("×"));
            Ok((Cell::Text(text), None))
        }
        Some(part) => Ok((elements(file, &array, part)?, None)),
    }
}

/// Elements of an array as a cell.
pub(super) fn elements(file: &AsdfFile, array: &ArrayRef<'_>, part: &ArrayPart) -> Result<Cell> {
    let data = part.load(array).map_err(|error| file.name_in(error))?;
    let mut json = Vec::new();
    data.write_json(&mut json)?;
    let text = String::from_utf8_lossy(&json).into_owned();
    Ok(match serde_json::from_str(&text) {
        Ok(serde_json::Value::Bool(value)) => Cell::Bool(value),
        Ok(serde_json::Value::String(text)) => Cell::Text(text),
        Ok(serde_json::Value::Null) => Cell::Empty,
        // The digits themselves: an integer is not to go through a float.
        Ok(serde_json::Value::Number(_)) => match (text.trim().parse(), text.trim().parse()) {
            (Ok(value), _) => Cell::Int(value),
            (_, Ok(value)) => Cell::Float(value),
            _ => Cell::Text(text),
        },
        _ => Cell::Text(text),
    })
}

/// The value of a card; nothing where there is no such HDU or keyword, or no FITS file.
pub(crate) fn of_card(file: &AsdfFile, hdu: &str, keyword: &str) -> Option<Cell> {
    let hdu = card_name::find(file.fits()?, hdu)?;
    let header = hdu.header();
    header.get(keyword)?;
    Some(header.value(keyword).map_or(Cell::Empty, Cell::of_card))
}
