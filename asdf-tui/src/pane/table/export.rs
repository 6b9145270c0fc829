//! Writing what shows of a table as CSV or ECSV.

use super::Column;
use super::load;
use super::summary::ShownRows;
use asdf_core::AsdfFile;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is written.
#[derive(Debug, Clone)]
pub struct TableExport {
    /// The new file; its ending says how it is written.
    pub path: PathBuf,
    /// The columns that show.
    pub columns: Arc<Vec<Column>>,
    /// The rows that show.
    pub rows: ShownRows,
}

impl TableExport {
    /// Checks the name and the columns.
    ///
    /// # Errors
    /// The name has another ending; a column has an array in each cell.
    pub fn check(&self) -> Result<(), String> {
        self.is_ecsv()?;
        match self
            .columns
            .iter()
            .find(|column| column.datatype.ends_with(']') && !is_text(column))
        {
            Some(column) => Err(format!(
                "{} has an array in each cell ({}): - hides it",
                column.name, column.datatype
            )),
            None => Ok(()),
        }
    }

    fn is_ecsv(&self) -> Result<bool, String> {
        let ending = self.path.extension().unwrap_or_default();
        match ending.to_ascii_lowercase().to_str() {
            Some("csv") => Ok(false),
            Some("ecsv") => Ok(true),
            _ => Err("the name of a table ends with .csv or .ecsv".to_owned()),
        }
    }

    /// Writes the file, and tells what was written.
    ///
    /// # Errors
    /// There is such a file already; it cannot be written; a column cannot be read: with the name.
    pub fn write(&self, file: &AsdfFile, cancel: &AtomicBool) -> Result<String, String> {
        self.check()?;
        let name = self.path.display();
        let told = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!("{name} is there already: another name is needed")
            }
            _ => format!("{name}: {error}"),
        };
        let sink = File::create_new(&self.path).map_err(told)?;
        let written = self.write_to(file, sink, cancel);
        if written.is_err() {
            // A part of a table would pass for the whole.
            let _ = std::fs::remove_file(&self.path);
        }
        written.map_err(|error| format!("{name}: {error}"))?;
        Ok(format!(
            "{} rows of {} columns written to {name}",
            self.rows.count,
            self.columns.len()
        ))
    }

    fn write_to(&self, file: &AsdfFile, sink: File, cancel: &AtomicBool) -> Result<(), String> {
        let is_ecsv = self.is_ecsv()?;
        let told = |error: std::io::Error| error.to_string();
        let mut sink = BufWriter::new(sink);
        if is_ecsv {
            self.header(&mut sink).map_err(told)?;
        }
        let mut rows = csv::Writer::from_writer(sink);
        let told = |error: csv::Error| error.to_string();
        let names = self.columns.iter().map(|column| column.name.as_str());
        rows.write_record(names).map_err(told)?;
        for range in self.rows.batches() {
            if cancel.load(Ordering::Relaxed) {
                return Err("given up".to_owned());
            }
            let mut columns = Vec::new();
            for column in self.columns.iter() {
                let numbers = self.rows.numbers(&range);
                let cells = load::raw(file, column, numbers, range.clone());
                let cells = cells.map_err(|error| error.kind().to_string())?;
                columns.push(cells.into_iter().map(|cell| plain(cell, column, is_ecsv)));
            }
            for _ in range {
                let row: Option<Vec<String>> = columns.iter_mut().map(Iterator::next).collect();
                let row = row.ok_or_else(|| "a column has too few rows".to_owned())?;
                rows.write_record(row).map_err(told)?;
            }
        }
        rows.flush().map_err(|error| error.to_string())
    }

    /// The header of ECSV: names, types and units.
    fn header(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:")?;
        for column in self.columns.iter() {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let unit = column.unit.as_deref();
            let unit = unit.map_or_else(String::new, |unit| format!(", unit: {}", quoted(unit)));
            let (name, datatype) = (quoted(&column.name), ecsv_type(column));
            writeln!(out, "# - {{name: {name}, datatype: {datatype}{unit}}}")?;
        }
        writeln!(out, "# schema: astropy-2.0")
    }
}

/// Whether the cells are texts, whose datatype has their length in brackets.
fn is_text(column: &Column) -> bool {
    let bare = column.datatype.trim_start_matches('[');
    let is_kind = bare.starts_with("ascii") || bare.starts_with("ucs4");
    is_kind && column.datatype.matches('[').count() < 2
}

fn ecsv_type(column: &Column) -> &str {
    const SAME: [&str; 11] = [
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
        "float32", "float64",
    ];
    match column.datatype.as_str() {
        "bool8" => "bool",
        "complex64" => "complex64",
        "complex128" => "complex128",
        own if SAME.contains(&own) => own,
        _ => "string",
    }
}

/// A cell as both formats have it: nothing where there is no value.
fn plain(cell: String, column: &Column, is_ecsv: bool) -> String {
    match (cell.as_str(), column.datatype.as_str()) {
        ("--", _) => String::new(),
        ("true", "bool8") if is_ecsv => "True".to_owned(),
        ("false", "bool8") if is_ecsv => "False".to_owned(),
        _ => cell,
    }
}
