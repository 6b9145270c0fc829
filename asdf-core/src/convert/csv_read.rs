//! Comma-separated values as columns with a datatype. Source: RFC 4180.

use crate::array::{ArrayData, ByteOrder};
use crate::array::{Datatype, Scalar};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use std::collections::HashSet;

/// Cells of a row.
const CELLS: u64 = 1 << 20;

/// Whether the first line holds the names of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsvHeader {
    /// It does, unless a cell of it is a number or a truth value, or all are empty.
    #[default]
    Detect,
    /// It does.
    Yes,
    /// It does not; the columns are `col0`, `col1`, ….
    No,
}

/// A column of a table that was read from text.
#[derive(Debug, Clone, PartialEq)]
pub struct CsvColumn {
    /// The name: of the header line, else `col0`, `col1`, ….
    pub name: String,
    /// `bool8`, `int64`, `uint64`, `float64` or `ucs4`, the first that holds every cell.
    pub datatype: Datatype,
    /// The elements, little-endian.
    pub bytes: Vec<u8>,
    /// For each element whether its cell was empty; `None` when none was. Text has no mask.
    pub mask: Option<Vec<bool>>,
}

impl CsvColumn {
    /// The order of the bytes.
    pub const BYTEORDER: ByteOrder = ByteOrder::Little;

    /// Number of rows.
    pub fn len(&self) -> u64 {
        (self.bytes.len() as u64)
            .checked_div(self.datatype.size())
            .unwrap_or(0)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The elements as an array, to be looked at or converted.
    ///
    /// # Errors
    /// The bytes are not whole elements.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::Limits;
    /// use asdf_core::convert::{CsvHeader, read_csv};
    ///
    /// let columns = read_csv(b"x,y\n1,2.5\n3,4\n", CsvHeader::Yes, &Limits::default())?;
    /// assert_eq!(columns[0].data()?.to_f64()?, [1.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn data(&self) -> Result<ArrayData<'_>> {
        let (bytes, datatype) = (self.bytes.as_slice(), self.datatype.clone());
        let data =
            ArrayData::from_parts(bytes, 0, datatype, Self::BYTEORDER, vec![self.len()], None)?;
        Ok(data.with_mask(self.mask.clone()))
    }
}

/// Reads comma-separated values in two passes over `text` (UTF-8): one to find what the columns are,
/// one to fill them.
///
/// A column of truth values (`true`, `False`, …) is `bool8`; of integers `int64` or `uint64`; of
/// numbers `float64`; anything else is text of the longest cell's length, also integers beyond 64
/// bits. Blanks around numbers do not count. An empty cell is a masked element, in text the empty
/// string. Lines without any character are skipped.
///
/// # Errors
/// [`Malformed::Csv`] with the line: a row with fewer or more cells than the first, text that is not
/// UTF-8, two columns of one name. Bounded by `view_bytes` of [`Limits`] where short texts are
/// padded to the length of a long one.
pub fn read_csv(text: &[u8], header: CsvHeader, limits: &Limits) -> Result<Vec<CsvColumn>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut first = Vec::new();
    let mut guesses: Vec<Guess> = Vec::new();
    let mut rows = 0_u64;
    each(text, |line, record| {
        if rows == 0 {
            let cells = record.len() as u64;
            LimitExceeded::fixed("columns of CSV", cells, CELLS)?;
            guesses.resize(record.len(), Guess::default());
            for cell in record {
                first.push(utf8(cell, line)?.to_owned());
            }
        }
        let named = rows == 0 && is_header(header, &first);
        for (guess, cell) in guesses.iter_mut().zip(record) {
            let cell = utf8(cell, line)?;
            if !named {
                guess.see(cell);
            }
        }
        rows = rows.saturating_add(1);
        Ok(())
    })?;
    let has_header = rows > 0 && is_header(header, &first);
    let rows = rows.saturating_sub(u64::from(has_header));
    let names = names(first, has_header)?;
    let mut columns = Vec::new();
    for (guess, name) in guesses.iter().zip(names) {
        columns.push(guess.column(name, rows, text.len() as u64, limits)?);
    }
    let mut skip = has_header;
    each(text, |_, record| {
        if !std::mem::take(&mut skip) {
            columns
                .iter_mut()
                .zip(record)
                .for_each(|(column, cell)| column.push(cell));
        }
        Ok(())
    })?;
    Ok(columns)
}

/// Hands every row to `take`, with its line.
fn each(text: &[u8], mut take: impl FnMut(u64, &ByteRecord) -> Result<()>) -> Result<()> {
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        take(record.position().map_or(0, csv::Position::line), &record)?;
    }
    Ok(())
}

fn failed(error: csv::Error) -> Error {
    if let ErrorKind::UnequalLengths {
        pos,
        expected_len,
        len,
    } = error.kind()
    {
        let line = pos.as_ref().map_or(0, csv::Position::line);
        return bad(
            line,
            format!("{len} cells, the first line has {expected_len}"),
        );
    }
    std::io::Error::from(error).into()
}

fn bad(line: u64, detail: impl Into<Box<str>>) -> Error {
    let detail = detail.into();
    Malformed::Csv { line, detail }.into()
}

fn utf8(cell: &[u8], line: u64) -> Result<&str> {
    std::str::from_utf8(cell).map_err(|error| {
        let byte = cell.get(error.valid_up_to()).copied().unwrap_or_default();
        bad(line, format!("byte {byte:#04x} is not UTF-8"))
    })
}

fn is_header(header: CsvHeader, first: &[String]) -> bool {
    let text = |cell: &String| {
        let cell = cell.trim();
        cell.is_empty() || (truth(cell).is_none() && float(cell).is_none())
    };
    match header {
        CsvHeader::Yes => true,
        CsvHeader::No => false,
        CsvHeader::Detect => {
            first.iter().all(text) && first.iter().any(|cell| !cell.trim().is_empty())
        }
    }
}

fn names(first: Vec<String>, named: bool) -> Result<Vec<String>> {
    let mut known = HashSet::new();
    let mut out = Vec::with_capacity(first.len());
    for (index, cell) in first.into_iter().enumerate() {
        let name = match cell.trim() {
            name if named && !name.is_empty() => name.to_owned(),
            _ => format!("col{index}"),
        };
        if !known.insert(name.clone()) {
            return Err(bad(1, format!("two columns of the name {name:?}")));
        }
        out.push(name);
    }
    Ok(out)
}

fn truth(cell: &str) -> Option<bool> {
    ["false", "true"]
        .iter()
        .position(|word| word.eq_ignore_ascii_case(cell))
        .map(|place| place == 1)
}

fn is_integer(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A float; one whose digits lead beyond 64 bits is none.
fn float(cell: &str) -> Option<f64> {
    let value: f64 = cell.parse().ok()?;
    (value.is_finite() || !cell.bytes().any(|byte| byte.is_ascii_digit())).then_some(value)
}

/// What every cell so far could be.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one datatype that may still fit"
)]
struct Guess {
    filled: bool,
    bools: bool,
    /// All look like integers, whether they fit or not.
    integral: bool,
    ints: bool,
    uints: bool,
    floats: bool,
    empty: bool,
    /// Characters of the longest cell.
    longest: u64,
}

impl Default for Guess {
    fn default() -> Self {
        Self {
            filled: false,
            bools: true,
            integral: true,
            ints: true,
            uints: true,
            floats: true,
            empty: false,
            longest: 0,
        }
    }
}

impl Guess {
    fn see(&mut self, cell: &str) {
        self.longest = self.longest.max(cell.chars().count() as u64);
        let cell = cell.trim();
        if cell.is_empty() {
            self.empty = true;
            return;
        }
        self.filled = true;
        self.bools = self.bools && truth(cell).is_some();
        self.integral = self.integral && is_integer(cell);
        self.ints = self.ints && cell.parse::<i64>().is_ok();
        self.uints = self.uints && cell.parse::<u64>().is_ok();
        self.floats = self.floats && float(cell).is_some();
    }

    fn datatype(&self) -> Datatype {
        let text = Datatype::Ucs4(self.longest.max(1));
        match self {
            Self { filled: false, .. } => text,
            Self { bools: true, .. } => Datatype::Scalar(Scalar::Bool8),
            Self { ints: true, .. } => Datatype::Scalar(Scalar::Int64),
            Self { uints: true, .. } => Datatype::Scalar(Scalar::Uint64),
            Self { integral: true, .. } => text,
            Self { floats: true, .. } => Datatype::Scalar(Scalar::Float64),
            _ => text,
        }
    }

    /// The column without its rows.
    fn column(&self, name: String, rows: u64, text: u64, limits: &Limits) -> Result<CsvColumn> {
        let datatype = self.datatype();
        let bytes = rows.saturating_mul(datatype.size());
        // A short text takes as much as the longest.
        if bytes > text.saturating_mul(8) {
            let what = "bytes of a column of text, padded to the longest";
            LimitExceeded::check(what, Limit::ViewBytes, bytes, limits.view_bytes)?;
        }
        let masked = self.empty && datatype.scalar().is_some();
        Ok(CsvColumn {
            name,
            datatype,
            bytes: Vec::new(),
            mask: masked.then(Vec::new),
        })
    }
}

impl CsvColumn {
    /// Adds a cell; what does not fit has been seen by [`Guess`].
    fn push(&mut self, cell: &[u8]) {
        let cell = std::str::from_utf8(cell).unwrap_or_default();
        if let Datatype::Ucs4(length) = self.datatype {
            let mut left = length;
            for char in cell.chars() {
                self.bytes.extend(u32::from(char).to_le_bytes());
                left = left.saturating_sub(1);
            }
            let padding = usize::try_from(left.saturating_mul(4)).unwrap_or(0);
            self.bytes
                .resize(self.bytes.len().saturating_add(padding), 0);
            return;
        }
        let cell = cell.trim();
        if let Some(mask) = &mut self.mask {
            mask.push(cell.is_empty());
        }
        match self.datatype.scalar() {
            Some(Scalar::Bool8) => self.bytes.push(u8::from(truth(cell) == Some(true))),
            Some(Scalar::Int64) => {
                self.bytes
                    .extend(cell.parse::<i64>().unwrap_or(0).to_le_bytes());
            }
            Some(Scalar::Uint64) => {
                self.bytes
                    .extend(cell.parse::<u64>().unwrap_or(0).to_le_bytes());
            }
            _ => self.bytes.extend(float(cell).unwrap_or(0.0).to_le_bytes()),
        }
    }
}

#[cfg(test)]
mod tests;
