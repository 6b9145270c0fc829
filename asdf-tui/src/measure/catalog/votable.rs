//! The first table of a `VOTable` whose rows stand as text.

use super::{Column, MOST, Table};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;

/// Reads the table.
///
/// # Errors
/// It is no XML, has no table, or one in a binary form.
pub(super) fn read(text: &str) -> Result<Table, String> {
    let mut reader = Reader::from_str(text);
    let mut table = Table::default();
    let (mut is_table, mut has_rows) = (false, false);
    // The cell that is being read, and the cells of its row.
    let mut cell: Option<String> = None;
    let mut row: Vec<String> = Vec::new();
    loop {
        let event = reader.read_event();
        match event.map_err(|error| error.to_string())? {
            Event::Start(tag) | Event::Empty(tag) if name(&tag) == "FIELD" && is_table => {
                table.columns.push(field(&tag)?);
            }
            Event::Empty(tag) if name(&tag) == "TD" => row.push(String::new()),
            Event::Start(tag) => match name(&tag).as_str() {
                "TABLE" => is_table = true,
                "TABLEDATA" if is_table => has_rows = true,
                "BINARY" | "BINARY2" | "FITS" if is_table => {
                    let reason = "only VOTables with TABLEDATA are read, this one is binary";
                    return Err(reason.to_owned());
                }
                "TR" => row.clear(),
                "TD" => cell = Some(String::new()),
                _ => {}
            },
            Event::Empty(tag) if name(&tag).starts_with("BINARY") => {
                let reason = "only VOTables with TABLEDATA are read, this one is binary";
                return Err(reason.to_owned());
            }
            Event::Text(text) => add(&mut cell, text.xml10_content())?,
            Event::CData(text) => add(&mut cell, text.xml10_content())?,
            Event::GeneralRef(entity) => add(&mut cell, plain(&entity).map(Cow::from))?,
            Event::End(tag) => match tag.local_name().as_ref() {
                b"TD" => row.extend(cell.take().map(|cell| cell.trim().to_owned())),
                b"TR" if table.rows.len() < MOST => table.rows.push(std::mem::take(&mut row)),
                b"TABLE" if is_table => break,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    match (is_table, has_rows) {
        (false, _) => Err("expected a TABLE in the VOTable".to_owned()),
        (true, false) => Err("the TABLE has no DATA".to_owned()),
        (true, true) => Ok(table),
    }
}

/// Adds a text to the cell that is being read, if one is.
fn add<E: ToString>(
    cell: &mut Option<String>,
    text: Result<Cow<'_, str>, E>,
) -> Result<(), String> {
    if let Some(cell) = cell {
        cell.push_str(&text.map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// The text that an entity stands for.
fn plain(entity: &BytesRef<'_>) -> Result<String, String> {
    let own = entity
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    let named = entity.decode().map_err(|error| error.to_string())?;
    match (own, resolve_predefined_entity(&named)) {
        (Some(letter), _) => Ok(letter.to_string()),
        (None, Some(text)) => Ok(text.to_owned()),
        (None, None) => Err(format!("an unknown entity &{named};")),
    }
}

/// The name of a tag without its namespace.
fn name(tag: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(tag.local_name().as_ref()).into_owned()
}

fn field(tag: &BytesStart<'_>) -> Result<Column, String> {
    let attribute = |name: &str| -> Result<String, String> {
        let found = tag
            .try_get_attribute(name)
            .map_err(|error| error.to_string())?;
        match found {
            Some(found) => {
                let value = found.normalized_value(XmlVersion::Implicit1_0);
                Ok(value.map_err(|error| error.to_string())?.into_owned())
            }
            None => Ok(String::new()),
        }
    };
    Ok(Column {
        name: attribute("name")?,
        unit: attribute("unit")?,
        ucd: attribute("ucd")?,
    })
}
