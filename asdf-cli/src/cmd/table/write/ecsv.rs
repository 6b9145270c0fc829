//! ECSV 1.0: a YAML header with types and units in comments, then CSV.

use crate::cmd::table::rows::{Kind, Rows};
use crate::columns::Cell;
use std::io::{self, Write};

pub(super) fn write(table: &Rows, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:")?;
    for head in &table.heads {
        let datatype = match head.kind {
            Kind::Bool => "bool",
            Kind::Int => "int64",
            Kind::Float => "float64",
            Kind::Text | Kind::Empty => "string",
        };
        let unit = head
            .unit
            .as_ref()
            .map(|unit| format!(", unit: {}", quoted(unit)));
        let (name, unit) = (quoted(&head.name), unit.unwrap_or_default());
        writeln!(out, "# - {{name: {name}, datatype: {datatype}{unit}}}")?;
    }
    writeln!(out, "# schema: astropy-2.0")?;
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(table.heads.iter().map(|head| head.name.as_str()))?;
    for row in &table.cells {
        rows.write_record(row.iter().map(text))?;
    }
    rows.flush()
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Bool(true) => "True".to_owned(),
        Cell::Bool(false) => "False".to_owned(),
        cell => cell.text(),
    }
}

/// Text as JSON has it, which YAML takes as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
