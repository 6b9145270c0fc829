//! The values of one file.

use super::Cell;
use crate::card_name;
use asdf_core::array::Datatype;
use asdf_core::inspect::ArrayInfo;
use asdf_core::{AsdfFile, Result};

/// The value at a path; nothing where there is no such node.
pub(crate) fn at_path(file: &AsdfFile, path: &str) -> Result<Option<(Cell, Option<String>)>> {
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
pub(crate) fn of_card(file: &AsdfFile, hdu: &str, keyword: &str) -> Option<Cell> {
    let hdu = card_name::find(file.fits()?, hdu)?;
    let header = hdu.header();
    header.get(keyword)?;
    Some(header.value(keyword).map_or(Cell::Empty, Cell::of_card))
}
