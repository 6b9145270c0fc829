//! ECSV: a header in YAML within comments, then comma-separated values.

use super::cells::{self, Cell, CellRows, CellWriter, several};
use super::meta;
use super::object::Object;
use super::parts::Parts;
use crate::array::{Datatype, Scalar};
use crate::convert::astropy_yaml::{self as yaml, quoted};
use crate::convert::csv_write::{self, failed, push_leaf};
use crate::convert::leaf::Leaf;
use crate::error::Result;
use csv::ByteRecord;
use std::io::Write;

pub(super) fn write(parts: &mut Parts<'_>, out: &mut dyn Write) -> Result<()> {
    let has_rows = csv_write::measure(&parts.columns)? > 0;
    // An array without elements within another one has no form, and astropy refuses arrays in no rows at all.
    let keeps = |_: &Datatype, shape: &[u64]| has_rows && (*shape == [0] || !shape.contains(&0));
    let columns = parts.columns.iter().zip(&parts.described);
    let plan = columns.map(|((name, cells), part)| cells::of_part((name, cells), part, &keeps));
    let plan: Vec<Vec<Cell>> = plan.collect();
    if !has_rows {
        note_spread(parts);
    }
    head(parts, &plan, out)?;
    let mut names = ByteRecord::new();
    for cell in plan.iter().flatten() {
        names.push_field(cell.name.as_bytes());
    }
    if names.is_empty() {
        return Ok(());
    }
    // Readers take blanks for nothing, and a line that begins so for a comment.
    let is_odd = |name: &[u8]| {
        let blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        blank(name.first()) || blank(name.last())
    };
    let is_comment =
        |name: &[u8]| name.starts_with(b"#") || name.starts_with("\u{feff}".as_bytes());
    let are_quoted = names.get(0).is_some_and(is_comment) || names.iter().any(is_odd);
    csv_write::write_quoted_names(&names, are_quoted, out)?;
    let writer = Lines {
        writer: csv::Writer::from_writer(out),
        record: ByteRecord::new(),
        text: String::new(),
    };
    let mut rows = CellRows::new(&plan, &parts.described, writer);
    csv_write::rows(&parts.columns, &mut rows)?;
    Ok(rows.into_writer().writer.flush()?)
}

/// Notes which columns of a table without rows have arrays in their cells.
fn note_spread(parts: &mut Parts<'_>) {
    let columns = parts.columns.iter().zip(&parts.described);
    let spread =
        columns.filter(|((_, cells), part)| !cells.inner().is_empty() && part.lengths.is_none());
    let names = spread.map(|((name, _), _)| format!("`{}`", name.escape_debug()));
    let names: Vec<String> = names.collect();
    if !names.is_empty() {
        parts.notes.push(format!(
            "the table has no rows, and ECSV no arrays in them; {} written as a column for each element",
            several("column", &names)
        ));
    }
}

fn head(parts: &mut Parts<'_>, plan: &[Vec<Cell>], out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:")?;
    for (place, cells) in plan.iter().enumerate() {
        let meta = parts.described.get(place).and_then(|part| part.meta);
        let column = parts.columns.get(place).map(|(name, _)| name.clone());
        let meta = meta.map(|meta| parts.yaml_of(meta, column.as_deref()));
        let meta = meta.filter(|entries| !entries.is_empty());
        for (cell, is_first) in cells
            .iter()
            .zip([true].into_iter().chain(std::iter::repeat(false)))
        {
            let mut entries = vec![("name".to_owned(), quoted(&cell.name))];
            entries.extend(datatype(cell));
            if let Some(unit) = &cell.unit {
                entries.push(("unit".to_owned(), quoted(unit)));
            }
            if let Some(text) = &cell.description {
                entries.push(("description".to_owned(), quoted(text)));
            }
            if let (Some(meta), true) = (&meta, is_first) {
                entries.push(("meta".to_owned(), yaml::map(meta)));
            }
            writeln!(out, "# - {}", yaml::map(&entries))?;
        }
        if cells.is_empty() {
            parts.notes.push(format!(
                "{} has no elements and is left out",
                meta::owner(column.as_deref())
            ));
        }
    }
    let own = parts.meta;
    let entries = own.map(|meta| parts.yaml_of(meta, None));
    let entries = entries.unwrap_or_default();
    if !entries.is_empty() || !parts.objects.is_empty() {
        writeln!(out, "# meta: !!omap")?;
        for (key, value) in &entries {
            writeln!(out, "# - {{{key}: {value}}}")?;
        }
    }
    if !parts.objects.is_empty() {
        writeln!(out, "# - __serialized_columns__:")?;
        for (name, object) in std::mem::take(&mut parts.objects) {
            let mut pairs = object.pairs();
            pairs.extend(info(parts, &object, &name));
            writeln!(out, "#     {}: {}", quoted(&name), yaml::map(&pairs))?;
        }
    }
    Ok(writeln!(out, "# schema: astropy-2.0")?)
}

/// Description and `meta` of a column that has no column of its own for them.
fn info<'f>(parts: &mut Parts<'f>, object: &Object<'f>, name: &str) -> Option<(String, String)> {
    let (description, meta) = object.info.as_ref()?;
    let mut entries = Vec::new();
    if let Some(text) = description {
        entries.push(("description".to_owned(), quoted(text)));
    }
    let meta = meta.map(|meta| parts.yaml_of(meta, Some(name)));
    if let Some(meta) = meta.filter(|entries| !entries.is_empty()) {
        entries.push(("meta".to_owned(), yaml::map(&meta)));
    }
    Some(("__info__".to_owned(), yaml::map(&entries)))
}

fn datatype(cell: &Cell) -> Vec<(String, String)> {
    let own = match cell.scalar {
        None => "string",
        Some(Scalar::Bool8) => "bool",
        Some(scalar) => scalar.name(),
    };
    let datatype = if cell.is_array() { "string" } else { own };
    let mut out = vec![("datatype".to_owned(), datatype.to_owned())];
    if cell.is_array() {
        let lengths: Vec<String> = if cell.is_variable {
            vec!["null".to_owned()]
        } else {
            cell.shape.iter().map(u64::to_string).collect()
        };
        let subtype = quoted(&format!("{own}[{}]", lengths.join(",")));
        out.push(("subtype".to_owned(), subtype));
    }
    out
}

/// Lines of cells, arrays as JSON.
struct Lines<'w> {
    writer: csv::Writer<&'w mut dyn Write>,
    record: ByteRecord,
    text: String,
}

impl CellWriter for Lines<'_> {
    fn value(&mut self, cell: &Cell, at: u64, leaf: &Leaf<'_>) -> Result<()> {
        if !cell.is_array() {
            push_leaf(leaf, &mut self.text);
            return Ok(());
        }
        let begins = if at == 0 {
            cell.shape.len()
        } else {
            let ends = axes_ended(at, &cell.shape);
            self.text.extend(std::iter::repeat_n(']', ends));
            self.text.push(',');
            ends
        };
        self.text.extend(std::iter::repeat_n('[', begins));
        push_json(leaf, &mut self.text);
        Ok(())
    }

    fn end(&mut self, cell: &Cell, count: u64) -> Result<()> {
        if cell.is_array() {
            let begins = if count == 0 { cell.shape.len() } else { 0 };
            self.text.extend(std::iter::repeat_n('[', begins));
            let ends = std::iter::repeat_n(']', cell.shape.len());
            self.text.extend(ends);
        }
        self.record.push_field(self.text.as_bytes());
        self.text.clear();
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.writer
            .write_byte_record(&self.record)
            .map_err(failed)?;
        self.record.clear();
        Ok(())
    }
}

/// How many axes within the first one begin anew with an element.
fn axes_ended(at: u64, shape: &[u64]) -> usize {
    let mut size = 1_u64;
    let inner = shape.get(1..).unwrap_or_default();
    let sizes = inner.iter().rev().map(|length| {
        size = size.saturating_mul(*length);
        size
    });
    let is_new = |size: &u64| at.checked_rem(*size) == Some(0);
    sizes.take_while(is_new).count()
}

/// A value in JSON, with the words that Python has for numbers that JSON has not.
fn push_json(leaf: &Leaf<'_>, out: &mut String) {
    match leaf {
        Leaf::Null => out.push_str("null"),
        Leaf::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Leaf::Float(value) if value.is_nan() => out.push_str("NaN"),
        Leaf::Float(value) if value.is_infinite() => {
            out.push_str(if *value > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
        }
        Leaf::Complex(text) => out.push_str(&json(text)),
        Leaf::Text(text) => out.push_str(&json(text)),
        Leaf::Int(_) | Leaf::Float(_) => push_leaf(leaf, out),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_those_of_the_axes() {
        let ended: Vec<usize> = (0..12).map(|at| axes_ended(at, &[2, 2, 3])).collect();
        assert_eq!(ended, [2, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 0]);
        assert_eq!(axes_ended(5, &[7]), 0);
        assert_eq!(json("a\"b\n"), "\"a\\\"b\\n\"");
    }
}
