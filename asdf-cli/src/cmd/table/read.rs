//! The rows of a file.

use super::arrays;
use super::cell::Cell;
use super::column::{Column, Place};
use super::rows::Row;
use asdf_core::inspect::ArrayInfo;
use asdf_core::{AsdfFile, Result};

/// The columns that every table has.
pub(super) fn is_own(name: &str, arrays: bool) -> bool {
    name == "file" || (arrays && arrays::COLUMNS.contains(&name))
}

/// A row of the file, or of each of its arrays.
pub(super) fn rows(file: &AsdfFile, columns: &[Column], has_arrays: bool) -> Result<Vec<Row>> {
    let mut row = Row::new(file.name().to_string_lossy().into_owned());
    for column in columns {
        read(file, column, &mut row)?;
    }
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

fn read(file: &AsdfFile, column: &Column, row: &mut Row) -> Result<()> {
    match &column.place {
        Place::Card(hdu, keyword) => {
            row.set(column.name(), card(file, hdu, keyword), None);
        }
        Place::Path(path) => {
            let (cell, unit) = value(file, path)?;
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
                    let (cell, unit) = Cell::of(file, node, file.limits());
                    row.set(&path.to_string(), cell, unit);
                }
            }
        }
    }
    Ok(())
}

/// The value at a path; nothing where there is no such node.
fn value(file: &AsdfFile, path: &str) -> Result<(Cell, Option<String>)> {
    let Ok(found) = file.select(path) else {
        return Ok((Cell::Empty, None));
    };
    let Some(slices) = found.slices else {
        return Ok(Cell::of(found.at.file, found.at.node, file.limits()));
    };
    let array = found.at.file.array_at(found.at.node)?;
    if slices.is_empty() {
        let info = ArrayInfo::new(&array);
        let text = format!("{} {}", info.datatype, info.shape_text());
        return Ok((Cell::Text(text), None));
    }
    let data = array
        .load_slices(&slices)
        .map_err(|error| file.name_in(error))?;
    let mut json = Vec::new();
    data.write_json(&mut json)?;
    let text = String::from_utf8_lossy(&json).into_owned();
    let cell = match serde_json::from_str(&text) {
        Ok(serde_json::Value::Bool(value)) => Cell::Bool(value),
        Ok(serde_json::Value::String(text)) => Cell::Text(text),
        Ok(serde_json::Value::Null) => Cell::Empty,
        Ok(serde_json::Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) if !text.contains(['.', 'e', 'E']) => Cell::Int(value),
            (_, Some(value)) => Cell::Float(value),
            _ => Cell::Text(text),
        },
        _ => Cell::Text(text),
    };
    Ok((cell, None))
}

/// The value of a card; nothing where there is no such HDU or keyword, or no FITS file.
fn card(file: &AsdfFile, hdu: &str, keyword: &str) -> Cell {
    let Some(fits) = file.fits() else {
        return Cell::Empty;
    };
    let found = match hdu.parse() {
        Ok(index) => fits.hdu(index).ok(),
        Err(_) => fits.find(hdu, None),
    };
    let value = found.and_then(|hdu| hdu.header().value(keyword));
    value.map_or(Cell::Empty, Cell::of_card)
}
