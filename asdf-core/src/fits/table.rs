//! Tables: columns and rows found from the header. FITS 4.0, sections 7.2 and 7.3.

use super::Hdu;
use super::HduKind;
use super::column::FitsColumn;
use super::column::Heap;
use super::form::ColumnForm;
use super::form::shape;
use super::header::FitsHeader;
use super::scale::Scaling;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use std::ops::Range;

/// Rows that a table may have when a row has no byte: nothing else would bound them.
const EMPTY_ROWS: u64 = 1 << 24;

/// A table, binary or ASCII: its columns are located, nothing is read yet.
#[derive(Debug)]
pub struct FitsTable<'f> {
    hdu: Hdu<'f>,
    rows: u64,
    row_bytes: u64,
    columns: Vec<FitsColumn<'f>>,
    heap: Heap<'f>,
}

impl<'f> FitsTable<'f> {
    /// The table as it is stored: of a compressed HDU that of its tiles.
    pub(super) fn stored(hdu: Hdu<'f>) -> Result<Self> {
        let ascii = match hdu.kind() {
            HduKind::BinTable | HduKind::CompressedImage | HduKind::CompressedTable => false,
            HduKind::AsciiTable => true,
            _ => return Err(hdu.wrong_kind("table")),
        };
        let [row_bytes, rows] = hdu.entry.axes.as_slice() else {
            return Err(hdu.wrong_kind("table"));
        };
        let (rows, row_bytes) = (*rows, *row_bytes);
        if row_bytes == 0 {
            LimitExceeded::fixed("rows without a byte", rows, EMPTY_ROWS)?;
        }
        let header = hdu.header();
        if hdu.entry.bitpix != 8 {
            return Err(header.wrong("BITPIX", "8, a table"));
        }
        if hdu.entry.gcount != 1 {
            return Err(header.wrong("GCOUNT", "1, a table"));
        }
        let count = header.within("TFIELDS", 0..=999, 0)?;
        let heap = heap(hdu, &header, rows, row_bytes)?;
        let mut columns: Vec<FitsColumn<'f>> = Vec::new();
        let mut behind = 0_u64;
        for number in 1..=count {
            let spec = Spec::read(&header, number, ascii)?;
            let start = spec.start.unwrap_or(behind);
            let width = spec.form.row_bytes();
            let end = width
                .and_then(|width| start.checked_add(width))
                .filter(|end| *end <= row_bytes);
            let Some(end) = end else {
                let wanted = format!("columns that fit into the {row_bytes} bytes of a row");
                return Err(header.wrong(&format!("TFORM{number}"), &wanted));
            };
            behind = end;
            let place = start..end;
            columns.push(FitsColumn::new(
                hdu,
                number,
                spec,
                place,
                rows,
                row_bytes,
                heap.clone(),
            ));
        }
        Ok(Self {
            hdu,
            rows,
            row_bytes,
            columns,
            heap,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> u64 {
        self.row_bytes
    }

    /// The columns, in the order of the header.
    pub fn columns(&self) -> &[FitsColumn<'f>] {
        &self.columns
    }

    /// The first column of that name; case does not count (section 7.3.2).
    pub fn column(&self, name: &str) -> Option<&FitsColumn<'f>> {
        let name = name.trim();
        let named = |column: &&FitsColumn<'f>| {
            column
                .name()
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        self.columns.iter().find(named)
    }

    /// Bytes of the heap; `None` when they lead out of it.
    pub(super) fn heap_bytes(&self, offset: u64, size: u64) -> Result<Option<&'f [u8]>> {
        self.heap.bytes(offset, size)
    }

    /// The bytes of all rows, without the heap.
    ///
    /// # Errors
    /// The file ends before they do.
    pub fn row_data(&self) -> Result<&'f [u8]> {
        let size = self.rows.saturating_mul(self.row_bytes);
        let bytes = self.hdu.data()?;
        let found = usize::try_from(size)
            .ok()
            .and_then(|size| bytes.get(..size));
        self.hdu.locate(found.ok_or_else(|| {
            Malformed::Truncated {
                needed: size,
                available: bytes.len() as u64,
            }
            .into()
        }))
    }
}

/// What the keywords say of one column.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) name: Option<String>,
    pub(super) form: ColumnForm,
    pub(super) form_text: String,
    pub(super) unit: Option<String>,
    pub(super) display: Option<String>,
    /// `TDIMn`, the slowest axis first; only where it fits the form.
    pub(super) shape: Option<Vec<u64>>,
    pub(super) scaling: Scaling,
    /// `TNULLn` of an ASCII table.
    pub(super) null_text: Option<String>,
    /// First byte within a row, of ASCII tables.
    pub(super) start: Option<u64>,
}

impl Spec {
    fn read(header: &FitsHeader<'_>, number: u64, ascii: bool) -> Result<Self> {
        let key = |stem: &str| format!("{stem}{number}");
        // What is only told to people is left out where it is not a string.
        let text = |stem: &str| header.text(&key(stem)).ok().flatten();
        let form_key = key("TFORM");
        let form_text = header
            .text(&form_key)?
            .ok_or_else(|| header.missing(&form_key, "every column has a form"))?;
        let form = if ascii {
            ColumnForm::ascii(&form_text)
        } else {
            ColumnForm::binary(&form_text)
        };
        let form = form.ok_or_else(|| header.wrong(&form_key, "the form of a column"))?;
        let start = if ascii {
            let key = key("TBCOL");
            if header.value(&key).is_none() {
                return Err(header.missing(&key, "every column of an ASCII table needs it"));
            }
            Some(header.within(&key, 1..=i64::MAX, 1)?.saturating_sub(1))
        } else {
            None
        };
        let integer = form
            .stored_type()
            .is_some_and(|stored| stored.name().contains("int"));
        let null = key("TNULL");
        let (blank, null_text) = match (ascii, integer) {
            (true, _) => (
                None,
                header.value(&null).map(|value| match value {
                    super::CardValue::Text(text) => text,
                    other => other.to_string(),
                }),
            ),
            (false, true) => (header.integer(&null)?, None),
            (false, false) => (None, None),
        };
        Ok(Self {
            name: text("TTYPE").map(|name| name.trim().to_owned()),
            unit: text("TUNIT"),
            display: text("TDISP"),
            shape: text("TDIM").and_then(|text| shape(&text, form)),
            scaling: Scaling {
                scale: header.float(&key("TSCAL"))?.unwrap_or(1.0),
                zero: header.float(&key("TZERO"))?.unwrap_or(0.0),
                blank,
            },
            form,
            form_text,
            null_text,
            start,
        })
    }
}

/// The bytes after the rows that variable-length arrays lie in (section 7.3.5).
fn heap<'f>(hdu: Hdu<'f>, header: &FitsHeader<'_>, rows: u64, row_bytes: u64) -> Result<Heap<'f>> {
    let table = rows.saturating_mul(row_bytes);
    let end = hdu.data_span().end.saturating_sub(hdu.data_span().start);
    let start = match header.integer("THEAP")? {
        None => table,
        Some(start) => u64::try_from(start)
            .ok()
            .filter(|start| (table..=end).contains(start))
            .ok_or_else(|| header.wrong("THEAP", &format!("{table} to {end}")))?,
    };
    Ok(Heap::new(hdu, start..end))
}

/// A range of the data of an HDU.
pub(super) fn slice(data: &[u8], range: Range<u64>) -> Result<&[u8]> {
    let start = usize::try_from(range.start).unwrap_or(usize::MAX);
    let end = usize::try_from(range.end).unwrap_or(usize::MAX);
    data.get(start..end).ok_or_else(|| {
        let fact = Malformed::Truncated {
            needed: range.end,
            available: data.len() as u64,
        };
        Error::from(fact).at(range)
    })
}
