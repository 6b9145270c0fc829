//! The formats that tables are written in.

mod ecsv;
#[cfg(feature = "archive")]
mod parquet;
mod votable;

use super::rows::{Kind, Rows};
use crate::columns::Cell;
use crate::context::{Context, Failure};
use crate::render::{Align, Table};
use asdf_core::inspect::escape;
use asdf_core::tree::float_json;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Output {
    /// Columns of text, for people
    Table,
    /// Comma-separated values (RFC 4180)
    Csv,
    /// Values separated by tabs
    Tsv,
    /// A JSON object a row
    Jsonl,
    /// `VOTable` 1.4 of the IVOA
    Votable,
    /// ECSV 1.0 of astropy: CSV with types and units
    Ecsv,
    /// Parquet, which is binary: to be sent to a file
    #[cfg(feature = "archive")]
    Parquet,
}

impl Output {
    pub(super) fn write(self, table: &Rows, context: &mut Context) -> Result<(), Failure> {
        match self {
            Self::Table => text(table, context),
            Self::Csv => Ok(separated(table, b',', &mut context.out)?),
            Self::Tsv => Ok(separated(table, b'\t', &mut context.out)?),
            Self::Jsonl => Ok(lines(table, &mut context.out)?),
            Self::Votable => Ok(votable::write(table, &mut context.out)?),
            Self::Ecsv => Ok(ecsv::write(table, &mut context.out)?),
            #[cfg(feature = "archive")]
            Self::Parquet => parquet::write(table, context),
        }
    }
}

fn text(table: &Rows, context: &mut Context) -> Result<(), Failure> {
    let palette = context.palette;
    let columns = table.heads.iter().map(|head| {
        let unit = head.unit.as_ref().map(|unit| format!(" [{unit}]"));
        let name = format!("{}{}", head.name, unit.unwrap_or_default());
        let align = match head.kind {
            Kind::Int | Kind::Float => Align::Right,
            _ if head.name == "file" || head.name == "path" => Align::Path,
            _ => Align::Left,
        };
        (escape(&name).into_owned(), align)
    });
    let mut out = Table::new(&columns.collect::<Vec<_>>());
    for row in &table.cells {
        let cell = |cell: &Cell| {
            let style = match cell {
                Cell::Int(_) | Cell::Float(_) => palette.number,
                _ => anstyle::Style::new(),
            };
            (style, escape(&cell.text()).into_owned())
        };
        out.push(row.iter().map(cell).collect());
    }
    for line in out.lines(&palette, context.columns.unwrap_or(usize::MAX)) {
        writeln!(context.out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Rows of values; a line of headings is the first.
fn separated(table: &Rows, separator: u8, out: &mut impl Write) -> io::Result<()> {
    let mut rows = csv::WriterBuilder::new()
        .delimiter(separator)
        .from_writer(out);
    rows.write_record(table.heads.iter().map(|head| head.name.as_str()))?;
    for row in &table.cells {
        rows.write_record(row.iter().map(Cell::text))?;
    }
    rows.flush()
}

/// A JSON object for each row; an empty cell is null.
fn lines(table: &Rows, out: &mut impl Write) -> io::Result<()> {
    for row in &table.cells {
        let pair = |(head, cell): (&super::rows::Head, &Cell)| {
            let value = match cell {
                Cell::Empty => Value::Null,
                Cell::Bool(value) => Value::from(*value),
                // Beyond 64 bits it is text.
                Cell::Int(value) => match i64::try_from(*value) {
                    Ok(value) => Value::from(value),
                    Err(_) => Value::from(value.to_string()),
                },
                Cell::Float(value) => float_json(*value),
                Cell::Text(text) | Cell::Time(text, _) => Value::from(text.as_str()),
            };
            (head.name.clone(), value)
        };
        let row: Map<String, Value> = table.heads.iter().zip(row).map(pair).collect();
        writeln!(out, "{}", Value::Object(row))?;
    }
    Ok(())
}
