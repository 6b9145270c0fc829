//! `VOTable` 1.4, with the cells as text.

use crate::cmd::table::rows::{Kind, Rows};
use crate::columns::Cell;
use crate::xml;
use asdf_core::tree::float_text;
use std::io::{self, Write};

pub(super) fn write(table: &Rows, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">"
    )?;
    writeln!(
        out,
        "<RESOURCE type=\"results\">\n<TABLE nrows=\"{}\">",
        table.cells.len()
    )?;
    for (column, head) in table.heads.iter().enumerate() {
        let datatype = match head.kind {
            Kind::Bool => "datatype=\"boolean\"",
            Kind::Int => "datatype=\"long\"",
            Kind::Float => "datatype=\"double\"",
            Kind::Text | Kind::Empty if is_ascii(table, column) => {
                "datatype=\"char\" arraysize=\"*\""
            }
            Kind::Text | Kind::Empty => "datatype=\"unicodeChar\" arraysize=\"*\"",
        };
        let unit = head
            .unit
            .as_ref()
            .map(|unit| format!(" unit=\"{}\"", quoted(unit)));
        let (name, unit) = (quoted(&head.name), unit.unwrap_or_default());
        // Without an ID readers call the column by its name.
        writeln!(out, "<FIELD name=\"{name}\" {datatype}{unit}/>")?;
    }
    writeln!(out, "<DATA>\n<TABLEDATA>")?;
    for row in &table.cells {
        write!(out, "<TR>")?;
        for cell in row {
            // What is empty is null, whatever the datatype.
            write!(out, "<TD>{}</TD>", quoted(&text(cell)))?;
        }
        writeln!(out, "</TR>")?;
    }
    writeln!(
        out,
        "</TABLEDATA>\n</DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>"
    )
}

fn is_ascii(table: &Rows, column: usize) -> bool {
    let cells = table.cells.iter().filter_map(|row| row.get(column));
    cells.into_iter().all(|cell| cell.text().is_ascii())
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Float(value) if value.is_nan() => "NaN".to_owned(),
        Cell::Float(value) if value.is_infinite() => {
            if *value > 0.0 { "+InF" } else { "-InF" }.to_owned()
        }
        Cell::Float(value) => float_text(*value),
        cell => cell.text(),
    }
}

/// Text as XML has it; characters that XML cannot have are replaced.
fn quoted(text: &str) -> String {
    xml::quoted(text, |char| match char {
        '\n' | '\r' | '\t' => format!("&#{};", u32::from(char)),
        _ if char < ' ' => char::REPLACEMENT_CHARACTER.to_string(),
        _ => char.to_string(),
    })
}
