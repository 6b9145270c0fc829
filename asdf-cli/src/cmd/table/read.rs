//! The rows of a file.

use super::arrays;
use super::cell::Cell;
use super::column::{Column, Place};
use super::met::Met;
use super::rows::Row;
use crate::card_name;
use asdf_core::array::Datatype;
use asdf_core::inspect::ArrayInfo;
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
    let mut row = Row::new(file.name().to_string_lossy().into_owned());
    for (number, column) in columns.iter().enumerate() {
        if read(file, column, &mut row)? {
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
fn read(file: &AsdfFile, column: &Column, row: &mut Row) -> Result<bool> {
    let mut is_there = false;
    match &column.place {
        Place::Card(hdu, keyword) => {
            let cell = card(file, hdu, keyword);
            is_there = cell.is_some();
            row.set(column.name(), cell.unwrap_or(Cell::Empty), None);
        }
        Place::Path(path) => {
            let found = value(file, path)?;
            is_there = found.is_some();
            let (cell, unit) = found.unwrap_or((Cell::Empty, None));
            row.set(column.name(), cell, unit);
        }
        Place::Pattern(pattern) => {
            let mut walk = file.tree().walk(file.limits());
            while let Some(node) = walk.next() {
                let node = node?;
                // Mappings and lists have their own nodes below them.
                if node.text().is_none() {
                    continue;
                }
                let path = walk.path();
                if pattern.matches(&path) {
                    is_there = true;
                    let (cell, unit) = Cell::of(file, node, file.limits());
                    row.set(&path.to_string(), cell, unit);
                }
            }
        }
    }
    Ok(is_there)
}

/// The value at a path; nothing where there is no such node.
fn value(file: &AsdfFile, path: &str) -> Result<Option<(Cell, Option<String>)>> {
    let Ok(found) = file.select(path) else {
        return Ok(None);
    };
    let Some(slices) = found.slices else {
        return Ok(Some(Cell::of(found.at.file, found.at.node, file.limits())));
    };
    let array = found.at.file.array_at(found.at.node)?;
    if slices.is_empty() {
        let info = ArrayInfo::new(&array);
        let datatype = match (&found.field, &info.datatype) {
            (Some(name), Datatype::Record(fields)) => fields
                .iter()
                .find(|field| field.name.as_deref() == Some(name))
                .map_or(&info.datatype, |field| &field.datatype),
            _ => &info.datatype,
        };
        let text = format!("{datatype} {}", info.shape_text());
        return Ok(Some((Cell::Text(text), None)));
    }
    let data = array
        .load_slices(&slices)
        .map_err(|error| file.name_in(error))?;
    let data = match &found.field {
        None => data,
        Some(name) => match data.into_field(name) {
            Some(data) => data,
            None => return Ok(None),
        },
    };
    let mut json = Vec::new();
    data.write_json(&mut json)?;
    let text = String::from_utf8_lossy(&json).into_owned();
    let cell = match serde_json::from_str(&text) {
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
    };
    Ok(Some((cell, None)))
}

/// The value of a card; nothing where there is no such HDU or keyword, or no FITS file.
fn card(file: &AsdfFile, hdu: &str, keyword: &str) -> Option<Cell> {
    let hdu = card_name::find(file.fits()?, hdu)?;
    let header = hdu.header();
    header.get(keyword)?;
    Some(header.value(keyword).map_or(Cell::Empty, Cell::of_card))
}
