//! The rows of a file.

use super::arrays;
use super::rows::Row;
use crate::columns::{self, Cell, Column, Found, Met, Place};
use asdf_core::{AsdfFile, Result};

/// The columns that every table has.
pub(super) fn is_own(name: &str, arrays: bool) -> bool {
    name == "file" || (arrays && arrays::COLUMNS.contains(&name))
}

/// A row of the file, or of each of its arrays. `met` is where columns are noted that the file has.
pub(super) fn rows(
    file: &AsdfFile,
    columns: &[Column],
    has_arrays: bool,
    met: &Met,
) -> Result<Vec<Row>> {
    let mut row = Row::new(file.name().to_path_buf());
    for (number, column) in columns.iter().enumerate() {
        if read(file, (number, column), &mut row)? {
            met.note(number);
        }
    }
    met.note_file(file, columns);
    if !has_arrays {
        return Ok(vec![row]);
    }
    let mut rows = Vec::new();
    for (path, node) in file.arrays()? {
        let mut own = row.clone();
        arrays::add(file, &path, node, &mut own);
        rows.push(own);
    }
    Ok(rows)
}

/// Reads a column; false where the file does not have it.
fn read(file: &AsdfFile, (number, column): (usize, &Column), row: &mut Row) -> Result<bool> {
    let is_there;
    match &column.place {
        Place::Card(hdu, keyword) => {
            let cell = columns::of_card(file, hdu, keyword);
            is_there = cell.is_some();
            row.set(column.name(), cell.unwrap_or(Cell::Empty), None);
        }
        Place::Path(path) => {
            let mut found = columns::at_path(file, path)?;
            is_there = !found.is_empty();
            // The slice of a list is a column each item.
            if found.len() > 1 {
                set_all(file, (number, column), found, row)?;
            } else {
                let found = found.pop().map(|(_, cell, unit)| (cell, unit));
                let (cell, unit) = found.unwrap_or((Cell::Empty, None));
                row.set(column.name(), cell, unit);
            }
        }
        Place::Pattern(pattern) => {
            let mut found = columns::matching(file, pattern)?;
            is_there = !found.is_empty();
            if !column.is_alias || found.len() > 1 {
                set_all(file, (number, column), found, row)?;
            } else {
                let found = found.pop().map(|(_, cell, unit)| (cell, unit));
                let (cell, unit) = found.unwrap_or((Cell::Empty, None));
                row.set(column.name(), cell, unit);
            }
        }
    }
    Ok(is_there)
}

/// A column for each of several values.
fn set_all(
    file: &AsdfFile,
    (number, column): (usize, &Column),
    found: Vec<Found>,
    row: &mut Row,
) -> Result<()> {
    if let ([first, second, ..], true) = (found.as_slice(), column.is_alias) {
        return Err(columns::several(file, column.name(), &first.0, &second.0));
    }
    for (path, cell, unit) in found {
        row.set_found(number, path, cell, unit);
    }
    Ok(())
}
