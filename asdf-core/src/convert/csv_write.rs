//! Tables and arrays as comma-separated values. Source: RFC 4180.

use super::leaf::{Leaf, Sink, cannot, element, split};
use crate::array::FieldMasks;
use crate::array::RowCursor;
use crate::array::check_lists;
use crate::array::is_array;
use crate::array::{ArrayRef, Datatype};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::FileNode;
#[cfg(feature = "fits")]
use crate::tagged::Column as TableColumn;
use crate::tagged::Table;
use crate::tree::Node;
use crate::tree::PathStep;
use crate::tree::push_float;
use csv::{ByteRecord, QuoteStyle, WriterBuilder};
use std::io::Write;

const FORMAT: &str = "CSV";
/// Cells of a row.
const CELLS: u64 = 1 << 20;
/// Bytes that are read at a time, all columns together.
const PIECE: u64 = 4 << 20;

/// Writes a table or an array as comma-separated values: a line of names, then a line each row.
///
/// A table is a mapping with `columns` (`core/table`, `astropy/table`), each of which has an array
/// under `data` or, as a quantity or a time has, `value`. The columns of an array of records are its
/// fields; an array of one axis is one column, one of two axes has a line for each row. A column of
/// more axes, and a sub-array, is spread: `name[0]`, `name[1,2]`; the fields of a record within a
/// column are `name.field`.
///
/// Numbers have all their digits, truth values are `True` and `False`, masked elements are empty.
/// Units and descriptions are not written. Memory is bounded, but for masks.
///
/// # Errors
/// [`Mismatch::NotArray`] for what is neither a table nor an array, and for a column without an array;
/// [`Unsupported::Format`](crate::error::Unsupported::Format) for arrays that are not tables, text that has no
/// form in UTF-8, columns of unequal length.
pub fn write_csv(at: FileNode<'_>, out: &mut dyn Write) -> Result<()> {
    let at = at.resolve()?;
    let columns = columns(at).in_file(at.file.name())?;
    let written = write_columns(&columns, out).in_file(at.file.name());
    for (_, array) in &columns {
        at.file.note_warnings(array);
    }
    written
}

pub(super) fn columns(at: FileNode<'_>) -> Result<Vec<(String, ArrayRef<'_>)>> {
    if is_array(at.node) {
        let array = at.file.array_for_output(at.node)?;
        let records = matches!(array.datatype(), Datatype::Record(_)) && array.shape().len() == 1;
        let name = match array.path().steps().last() {
            _ if records => String::new(),
            Some(PathStep::Key(key)) => key.to_string(),
            _ => "data".to_owned(),
        };
        if array.shape().is_empty() || (array.shape().len() > 2) {
            let what = format!(
                "an array of {} axes, only of one or two",
                array.shape().len()
            );
            return Err(cannot(FORMAT, what)).at_path(|| array.path());
        }
        return Ok(vec![(name, array)]);
    }
    let Some(table) = Table::of(at)? else {
        return Err(not_array(at.node));
    };
    let mut columns = Vec::new();
    for (index, column) in table.columns.into_iter().enumerate() {
        for part in column.arrays()? {
            let name = if part.name.is_empty() {
                format!("col{index}")
            } else {
                part.name
            };
            columns.push((name, part.at.file.array_for_output(part.at.node)?));
        }
    }
    Ok(columns)
}

/// The array of a column, for an output that is made of its elements.
#[cfg(feature = "fits")]
pub(super) fn array<'f>(column: &TableColumn<'f>) -> Result<ArrayRef<'f>> {
    let at = column.array_node()?;
    at.file.array_for_output(at.node)
}

fn not_array(node: Node<'_>) -> Error {
    let found = node.describe();
    let error = Error::from(Mismatch::NotArray { found });
    error.at(node.span()).at_path(|| node.path())
}

/// The number of rows, and the cells that a row of each column takes.
pub(super) fn measure(columns: &[(String, ArrayRef<'_>)]) -> Result<(u64, Vec<u64>)> {
    let mut cells: Vec<u64> = Vec::new();
    let mut rows = None;
    for (name, array) in columns {
        let Some(length) = array.shape().first().copied() else {
            return Err(cannot(FORMAT, format!("column `{name}` without an axis")));
        };
        let known = *rows.get_or_insert(length);
        if known != length {
            let what = format!("column `{name}` of {length} rows beside one of {known}");
            return Err(cannot(FORMAT, what));
        }
        check_lists(array.shape(), array.datatype()).at_path(|| array.path())?;
        cells.push(row_cells(array));
        let total = cells.iter().copied().fold(0, u64::saturating_add);
        LimitExceeded::fixed("columns of CSV", total, CELLS)?;
    }
    Ok((rows.unwrap_or(0), cells))
}

pub(super) fn write_columns(columns: &[(String, ArrayRef<'_>)], out: &mut dyn Write) -> Result<()> {
    measure(columns)?;
    let mut record = ByteRecord::new();
    for (name, array) in columns {
        let inner = array.shape().get(1..).unwrap_or_default();
        names(&spread(name, inner), array.datatype(), &mut record);
    }
    if record.is_empty() {
        return Ok(());
    }
    write_names(&record, out)?;
    let mut writer = csv::Writer::from_writer(out);
    rows(columns, &mut |record| {
        writer.write_byte_record(record).map_err(failed)
    })?;
    Ok(writer.flush()?)
}

/// Hands the cells of each row to `write`, as text.
pub(super) fn rows(
    columns: &[(String, ArrayRef<'_>)],
    write: &mut dyn FnMut(&ByteRecord) -> Result<()>,
) -> Result<()> {
    let (rows, cells) = measure(columns)?;
    let (mut record, mut text) = (ByteRecord::new(), String::new());
    let sizes = columns.iter().map(|(_, array)| row_size(array));
    let step = (PIECE / sizes.fold(1, u64::saturating_add)).max(1);
    let mut cursors = Vec::new();
    for ((_, array), cells) in columns.iter().zip(cells) {
        let cursor = RowCursor::new(array).at_path(|| array.path())?;
        cursors.push(Column {
            array,
            cursor,
            cells,
            bytes: Vec::new(),
            mask: Vec::new(),
            first: 0,
            field_masks: array.load_field_masks(&[]).at_path(|| array.path())?,
        });
    }
    let mut row = 0;
    while row < rows {
        let count = step.min(rows.saturating_sub(row));
        for column in &mut cursors {
            let mask = column.cursor.next(count, &mut column.bytes);
            column.mask = mask.at_path(|| column.array.path())?.to_vec();
            column.first = row;
        }
        for index in 0..count {
            record.clear();
            for column in &cursors {
                let path = || column.array.path();
                column.row(index, &mut record, &mut text).at_path(path)?;
            }
            write(&record)?;
        }
        row = row.saturating_add(count);
    }
    Ok(())
}

/// The line of names. One that begins with U+FEFF stands in quotes: at the beginning of the text that would be a byte
/// order mark.
fn write_names(names: &ByteRecord, out: &mut dyn Write) -> Result<()> {
    let is_mark = |name: &[u8]| name.starts_with("\u{feff}".as_bytes());
    let style = match names.get(0) {
        Some(first) if is_mark(first) => QuoteStyle::Always,
        _ => QuoteStyle::Necessary,
    };
    let mut writer = WriterBuilder::new().quote_style(style).from_writer(out);
    writer.write_byte_record(names).map_err(failed)?;
    Ok(writer.flush()?)
}

fn failed(error: csv::Error) -> Error {
    std::io::Error::from(error).into()
}

/// Elements of a row.
fn row_width(array: &ArrayRef<'_>) -> u64 {
    let inner = array.shape().iter().skip(1);
    inner.fold(1, |all: u64, length| all.saturating_mul(*length))
}

fn row_cells(array: &ArrayRef<'_>) -> u64 {
    row_width(array).saturating_mul(array.datatype().values())
}

fn row_size(array: &ArrayRef<'_>) -> u64 {
    row_width(array).saturating_mul(array.datatype().size())
}

/// `name[0]`, `name[1]`; the indices of several axes in one pair of brackets.
pub(super) fn spread(name: &str, shape: &[u64]) -> Vec<String> {
    if shape.is_empty() {
        return vec![name.to_owned()];
    }
    if shape.contains(&0) {
        return Vec::new();
    }
    let mut indices = vec![String::new()];
    for length in shape {
        let further = indices.iter().flat_map(|index| {
            let comma = if index.is_empty() { "" } else { "," };
            (0..*length).map(move |at| format!("{index}{comma}{at}"))
        });
        indices = further.collect();
    }
    indices
        .into_iter()
        .map(|index| format!("{name}[{index}]"))
        .collect()
}

/// `column.field`; an array of records that is a table by itself has the names of its fields.
pub(super) fn below(label: &str, own: String) -> String {
    if label.is_empty() {
        own
    } else {
        format!("{label}.{own}")
    }
}

fn names(labels: &[String], datatype: &Datatype, record: &mut ByteRecord) {
    for label in labels {
        match datatype {
            Datatype::Record(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    let name = below(label, field.label(index));
                    names(&spread(&name, &field.shape), &field.datatype, record);
                }
            }
            _ => record.push_field(label.as_bytes()),
        }
    }
}

struct Column<'a, 'f> {
    array: &'a ArrayRef<'f>,
    cursor: RowCursor<'a, 'f>,
    /// Cells that a row takes.
    cells: u64,
    bytes: Vec<u8>,
    mask: Vec<bool>,
    /// The row that `bytes` begin with.
    first: u64,
    field_masks: FieldMasks,
}

impl Column<'_, '_> {
    /// Adds the cells of a row; numbers become text in `text`.
    fn row(&self, index: u64, record: &mut ByteRecord, text: &mut String) -> Result<()> {
        let (width, size) = (row_width(self.array), self.array.datatype().size());
        let start = index.saturating_mul(width);
        let (_, mut rest) = split(&self.bytes, start.saturating_mul(size));
        let mut masks = self
            .mask
            .iter()
            .skip(usize::try_from(start).unwrap_or(usize::MAX));
        let values = self.cells.checked_div(width).unwrap_or(0);
        let digits = itoa::Buffer::new();
        let mut sink = CellSink {
            record,
            text,
            digits,
        };
        let rows_before = self.first.saturating_add(index).saturating_mul(width);
        let first = usize::try_from(rows_before).unwrap_or(usize::MAX);
        for at in 0..width {
            let (own, behind) = split(rest, size);
            rest = behind;
            if masks.next() == Some(&true) {
                (0..values).for_each(|_| sink.record.push_field(b""));
            } else {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let place = Some((&self.field_masks, first.saturating_add(at)));
                let datatype = self.array.datatype();
                element(own, datatype, FORMAT, place, &mut sink)?;
            }
        }
        Ok(())
    }
}

struct CellSink<'r> {
    record: &'r mut ByteRecord,
    /// Where numbers become text.
    text: &'r mut String,
    digits: itoa::Buffer,
}

impl Sink for CellSink<'_> {
    fn open(&mut self) -> Result<()> {
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }

    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<()> {
        self.text.clear();
        let text = match &leaf {
            Leaf::Null => "",
            Leaf::Bool(true) => "True",
            Leaf::Bool(false) => "False",
            Leaf::Int(value) => match i64::try_from(*value) {
                Ok(value) => self.digits.format(value),
                Err(_) => self.digits.format(*value),
            },
            Leaf::Float(value) => {
                push_float(*value, self.text);
                self.text.as_str()
            }
            Leaf::Complex(text) => text,
            Leaf::Text(text) => text,
        };
        self.record.push_field(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
