//! Tables and arrays as comma-separated values. Source: RFC 4180.

use super::leaf::{Leaf, Sink, cannot, element, split};
use crate::array::FieldMasks;
use crate::array::RowCursor;
use crate::array::check_lists;
use crate::array::is_array;
use crate::array::{ArrayRef, Datatype, Scalar};
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
    for (_, cells) in &columns {
        cells.note_warnings(at);
    }
    written
}

/// The values of a column.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are arrays, a few hundred at most"
)]
pub(super) enum Cells<'f> {
    Array(ArrayRef<'f>),
    /// Numbers that were computed, NaN for no value; the lengths of the axes within a row.
    Numbers(Vec<f64>, Vec<u64>),
}

static DOUBLE: Datatype = Datatype::Scalar(Scalar::Float64);

impl Cells<'_> {
    /// The lengths of the axes within a row.
    pub(super) fn inner(&self) -> &[u64] {
        match self {
            Self::Array(array) => array.shape().get(1..).unwrap_or_default(),
            Self::Numbers(_, inner) => inner,
        }
    }

    pub(super) fn datatype(&self) -> &Datatype {
        match self {
            Self::Array(array) => array.datatype(),
            Self::Numbers(..) => &DOUBLE,
        }
    }

    /// The number of rows; `None` of an array without an axis.
    pub(super) fn rows(&self) -> Option<u64> {
        match self {
            Self::Array(array) => array.shape().first().copied(),
            Self::Numbers(numbers, _) => (numbers.len() as u64).checked_div(self.width()),
        }
    }

    /// Elements of a row.
    fn width(&self) -> u64 {
        let lengths = self.inner().iter();
        lengths.fold(1, |all: u64, length| all.saturating_mul(*length))
    }

    fn row_cells(&self) -> u64 {
        self.width().saturating_mul(self.datatype().values())
    }

    fn row_size(&self) -> u64 {
        self.width().saturating_mul(self.datatype().size())
    }

    /// Hands what was found odd about the array to its file.
    pub(super) fn note_warnings(&self, at: FileNode<'_>) {
        if let Self::Array(array) = self {
            at.file.note_warnings(array);
        }
    }
}

/// What takes the values of rows: those of each column in turn, then the end of the row.
pub(super) trait RowSink: Sink {
    fn column(&mut self, place: usize) -> Result<()>;
    fn end_row(&mut self) -> Result<()>;
}

fn columns(at: FileNode<'_>) -> Result<Vec<(String, Cells<'_>)>> {
    if is_array(at.node) {
        let (name, array) = single(at)?;
        return Ok(vec![(name, Cells::Array(array))]);
    }
    let Some(table) = Table::of(at)? else {
        return Err(not_array(at.node));
    };
    let mut columns = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        for part in column.arrays()? {
            let array = part.at.file.array_for_output(part.at.node)?;
            columns.push((named(part.name, index), Cells::Array(array)));
        }
    }
    Ok(columns)
}

/// The name of a column; one without a name has that of its place.
pub(super) fn named(name: String, place: usize) -> String {
    if name.is_empty() {
        format!("col{place}")
    } else {
        name
    }
}

/// An array that is a table by itself: of records, or of one or two axes.
pub(super) fn single(at: FileNode<'_>) -> Result<(String, ArrayRef<'_>)> {
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
    Ok((name, array))
}

/// The array of a column, for an output that is made of its elements.
#[cfg(feature = "fits")]
pub(super) fn array<'f>(column: &TableColumn<'f>) -> Result<ArrayRef<'f>> {
    let at = column.array_node()?;
    at.file.array_for_output(at.node)
}

pub(super) fn not_array(node: Node<'_>) -> Error {
    let found = node.describe();
    let error = Error::from(Mismatch::NotArray { found });
    error.at(node.span()).at_path(|| node.path())
}

/// The number of rows.
pub(super) fn measure(columns: &[(String, Cells<'_>)]) -> Result<u64> {
    let mut total = 0_u64;
    let mut rows = None;
    for (name, cells) in columns {
        let Some(length) = cells.rows() else {
            return Err(cannot(FORMAT, format!("column `{name}` without an axis")));
        };
        let known = *rows.get_or_insert(length);
        if known != length {
            let what = format!("column `{name}` of {length} rows beside one of {known}");
            return Err(cannot(FORMAT, what));
        }
        if let Cells::Array(array) = cells {
            check_lists(array.shape(), array.datatype()).at_path(|| array.path())?;
        }
        total = total.saturating_add(cells.row_cells());
        LimitExceeded::fixed("columns of CSV", total, CELLS)?;
    }
    Ok(rows.unwrap_or(0))
}

fn write_columns(columns: &[(String, Cells<'_>)], out: &mut dyn Write) -> Result<()> {
    measure(columns)?;
    let mut record = ByteRecord::new();
    for (name, cells) in columns {
        names(&spread(name, cells.inner()), cells.datatype(), &mut record);
    }
    if record.is_empty() {
        return Ok(());
    }
    write_names(&record, out)?;
    let mut sink = CellSink {
        writer: csv::Writer::from_writer(out),
        record: ByteRecord::new(),
        text: String::new(),
    };
    rows(columns, &mut sink)?;
    Ok(sink.writer.flush()?)
}

/// Hands the values of each row to `sink`.
pub(super) fn rows(columns: &[(String, Cells<'_>)], sink: &mut dyn RowSink) -> Result<()> {
    let rows = measure(columns)?;
    let sizes = columns.iter().map(|(_, cells)| cells.row_size());
    let step = (PIECE / sizes.fold(1, u64::saturating_add)).max(1);
    let mut readers = Vec::new();
    for (_, cells) in columns {
        readers.push(match cells {
            Cells::Array(array) => {
                let cursor = RowCursor::new(array).at_path(|| array.path())?;
                Reader::Array(Box::new(Column {
                    array,
                    cursor,
                    width: cells.width(),
                    bytes: Vec::new(),
                    mask: Vec::new(),
                    first: 0,
                    field_masks: array.load_field_masks(&[]).at_path(|| array.path())?,
                }))
            }
            Cells::Numbers(numbers, _) => Reader::Numbers(numbers.iter(), cells.width()),
        });
    }
    let mut row = 0;
    while row < rows {
        let count = step.min(rows.saturating_sub(row));
        for reader in &mut readers {
            if let Reader::Array(column) = reader {
                let mask = column.cursor.next(count, &mut column.bytes);
                column.mask = mask.at_path(|| column.array.path())?.to_vec();
                column.first = row;
            }
        }
        for index in 0..count {
            for (place, reader) in readers.iter_mut().enumerate() {
                sink.column(place)?;
                match reader {
                    Reader::Array(column) => {
                        let path = || column.array.path();
                        column.row(index, sink).at_path(path)?;
                    }
                    Reader::Numbers(numbers, width) => {
                        for _ in 0..*width {
                            sink.leaf(match numbers.next() {
                                Some(number) if !number.is_nan() => Leaf::Float(*number),
                                _ => Leaf::Null,
                            })?;
                        }
                    }
                }
            }
            sink.end_row()?;
        }
        row = row.saturating_add(count);
    }
    Ok(())
}

/// The line of names. One that begins with U+FEFF stands in quotes: at the beginning of the text that would be a byte
/// order mark.
fn write_names(names: &ByteRecord, out: &mut dyn Write) -> Result<()> {
    let is_mark = |name: &[u8]| name.starts_with("\u{feff}".as_bytes());
    write_quoted_names(names, names.get(0).is_some_and(is_mark), out)
}

/// The line of names, all of them in quotes or only where they need it.
pub(super) fn write_quoted_names(
    names: &ByteRecord,
    are_quoted: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let style = if are_quoted {
        QuoteStyle::Always
    } else {
        QuoteStyle::Necessary
    };
    let mut writer = WriterBuilder::new().quote_style(style).from_writer(out);
    writer.write_byte_record(names).map_err(failed)?;
    Ok(writer.flush()?)
}

pub(super) fn failed(error: csv::Error) -> Error {
    std::io::Error::from(error).into()
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

enum Reader<'a, 'f> {
    Array(Box<Column<'a, 'f>>),
    /// Numbers, and how many a row takes.
    Numbers(std::slice::Iter<'a, f64>, u64),
}

struct Column<'a, 'f> {
    array: &'a ArrayRef<'f>,
    cursor: RowCursor<'a, 'f>,
    /// Elements of a row.
    width: u64,
    bytes: Vec<u8>,
    mask: Vec<bool>,
    /// The row that `bytes` begin with.
    first: u64,
    field_masks: FieldMasks,
}

impl Column<'_, '_> {
    /// Hands the values of a row to `sink`.
    fn row(&self, index: u64, sink: &mut dyn RowSink) -> Result<()> {
        let size = self.array.datatype().size();
        let start = index.saturating_mul(self.width);
        let (_, mut rest) = split(&self.bytes, start.saturating_mul(size));
        let mut masks = self
            .mask
            .iter()
            .skip(usize::try_from(start).unwrap_or(usize::MAX));
        let values = self.array.datatype().values();
        let rows_before = self.first.saturating_add(index).saturating_mul(self.width);
        let first = usize::try_from(rows_before).unwrap_or(usize::MAX);
        for at in 0..self.width {
            let (own, behind) = split(rest, size);
            rest = behind;
            if masks.next() == Some(&true) {
                (0..values).try_for_each(|_| sink.leaf(Leaf::Null))?;
            } else {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let place = Some((&self.field_masks, first.saturating_add(at)));
                element(own, self.array.datatype(), FORMAT, place, sink)?;
            }
        }
        Ok(())
    }
}

/// Rows as lines of cells.
struct CellSink<'w> {
    writer: csv::Writer<&'w mut dyn Write>,
    record: ByteRecord,
    /// Where numbers become text.
    text: String,
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
        push_leaf(&leaf, &mut self.text);
        self.record.push_field(self.text.as_bytes());
        Ok(())
    }
}

impl RowSink for CellSink<'_> {
    fn column(&mut self, _: usize) -> Result<()> {
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

/// The text of a value.
pub(super) fn push_leaf(leaf: &Leaf<'_>, text: &mut String) {
    let mut digits = itoa::Buffer::new();
    match leaf {
        Leaf::Null => {}
        Leaf::Bool(true) => text.push_str("True"),
        Leaf::Bool(false) => text.push_str("False"),
        Leaf::Int(value) => text.push_str(match i64::try_from(*value) {
            Ok(value) => digits.format(value),
            Err(_) => digits.format(*value),
        }),
        Leaf::Float(value) => push_float(*value, text),
        Leaf::Complex(own) => text.push_str(own),
        Leaf::Text(own) => text.push_str(own),
    }
}

#[cfg(test)]
mod tests;
