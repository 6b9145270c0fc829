//! Parquet, with units in the metadata of fields.

use crate::cmd::table::rows::{Kind, Rows};
use crate::columns::Cell;
use crate::context::{Context, Failure};
use asdf_archive::schema;
use asdf_archive::write::write_table;

pub(super) fn write(table: &Rows, context: &mut Context) -> Result<(), Failure> {
    let columns: Vec<schema::Column> = table
        .heads
        .iter()
        .map(|head| schema::Column {
            name: head.name.clone(),
            kind: match head.kind {
                Kind::Bool => schema::Kind::Bool,
                Kind::Int => schema::Kind::Int,
                Kind::Float => schema::Kind::Float,
                Kind::Text | Kind::Empty => schema::Kind::Text,
            },
            unit: head.unit.clone(),
            path: None,
        })
        .collect();
    let mut values = vec![Vec::with_capacity(table.cells.len()); columns.len()];
    for row in &table.cells {
        for (column, value) in values.iter_mut().zip(row) {
            column.push(cell(value));
        }
    }
    // The format ends with what is known when all is written, so that it is made as a file first.
    let folder = tempfile::tempdir()?;
    let made = folder.path().join("table.parquet");
    write_table(&made, &columns, &values)?;
    context.out.pass_all();
    std::io::copy(&mut std::fs::File::open(&made)?, &mut context.out)?;
    Ok(())
}

fn cell(cell: &Cell) -> Option<schema::Cell> {
    Some(match cell {
        Cell::Empty => return None,
        Cell::Bool(value) => schema::Cell::Bool(*value),
        Cell::Int(value) => match i64::try_from(*value) {
            Ok(value) => schema::Cell::Int(value),
            Err(_) => schema::Cell::Text(value.to_string()),
        },
        Cell::Float(value) => schema::Cell::Float(*value),
        Cell::Text(text) | Cell::Time(text, _) => schema::Cell::Text(text.clone()),
    })
}
