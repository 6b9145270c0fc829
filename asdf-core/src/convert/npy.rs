//! Arrays as NPY files. Source: NEP 1 and the versions 1.0 to 3.0 of numpy's format.

use super::leaf::cannot;
use super::npy_header::Header;
use crate::array::ArrayRef;
use crate::array::ByteOrder;
use crate::array::DataSource;
use crate::array::count;
use crate::array::{Datatype, Field, Scalar};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use std::collections::HashSet;
use std::io::{Read, Write};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// The data begins at a multiple of this, as numpy writes it.
const ALIGN: usize = 64;
/// Bytes of a header that is read.
const HEADER: u64 = 16 << 20;
/// Bytes of one element.
const ELEMENT: u64 = 1 << 32;
/// Axes that numpy has at most.
const AXES: u64 = 64;

/// Writes an array as an NPY file: C order, the byte orders of the array, in bounded memory. `ascii`
/// becomes `S`, `ucs4` becomes `U`; fields without a name are `f0`, `f1`, ….
///
/// Returns a warning when the array is masked: NPY has no masks.
///
/// # Errors
/// What cannot be read or written; [`Unsupported::Format`](crate::error::Unsupported::Format) for two fields
/// of one name.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// use asdf_core::AsdfFile;
/// use asdf_core::convert::write_npy;
///
/// let file = AsdfFile::open(path)?;
/// let mut npy = Vec::new();
/// write_npy(&file.array("roman/data")?, &mut npy)?;
/// assert!(npy.starts_with(b"\x93NUMPY"));
/// # Ok(())
/// # }
/// ```
pub fn write_npy(array: &ArrayRef<'_>, out: &mut dyn Write) -> Result<Option<Warning>> {
    array.vouch()?;
    let mut descr = String::new();
    describe(array.datatype(), array.byteorder(), &mut descr).at_path(|| array.path())?;
    let shape = tuple(array.shape());
    let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
    out.write_all(&header(&text)?)?;
    array.stream_as_stored(&mut |bytes| Ok(out.write_all(bytes)?))?;
    let masked = array.is_masked()
        || (matches!(array.source(), DataSource::Inline(_)) && array.load()?.mask().is_some());
    let warning = || Warning::new(WarningKind::MaskDropped { format: "NPY" });
    Ok(masked.then(|| warning().at_path(array.path())))
}

/// Everything in front of the data.
fn header(text: &str) -> Result<Vec<u8>> {
    let latin: Option<Vec<u8>> = text
        .chars()
        .map(|char| u8::try_from(u32::from(char)).ok())
        .collect();
    let (version, body) = match latin {
        Some(latin) if latin.len() < usize::from(u16::MAX) - ALIGN => (1, latin),
        Some(latin) => (2, latin),
        None => (3, text.as_bytes().to_vec()),
    };
    let width = if version == 1 { 2 } else { 4 };
    let bare = MAGIC.len() + 2 + width + body.len() + 1;
    let padding = bare.next_multiple_of(ALIGN) - bare;
    let length = u32::try_from(body.len() + padding + 1);
    let length = length.map_err(|error| cannot("NPY", format!("such a datatype: {error}")))?;
    let mut out = MAGIC.to_vec();
    out.extend([version, 0]);
    out.extend(length.to_le_bytes().iter().take(width));
    out.extend(body);
    out.extend(std::iter::repeat_n(b' ', padding));
    out.push(b'\n');
    Ok(out)
}

/// A tuple as Python writes it.
fn tuple(shape: &[u64]) -> String {
    let lengths: Vec<String> = shape.iter().map(u64::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    format!("({}{comma})", lengths.join(", "))
}

fn describe(datatype: &Datatype, order: ByteOrder, out: &mut String) -> Result<()> {
    let mark = match order {
        ByteOrder::Little => '<',
        ByteOrder::Big => '>',
    };
    match datatype {
        Datatype::Scalar(scalar) => {
            let kind = match scalar {
                Scalar::Int8 | Scalar::Int16 | Scalar::Int32 | Scalar::Int64 => 'i',
                Scalar::Uint8 | Scalar::Uint16 | Scalar::Uint32 | Scalar::Uint64 => 'u',
                Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => 'f',
                Scalar::Complex64 | Scalar::Complex128 => 'c',
                Scalar::Bool8 => 'b',
            };
            let mark = if scalar.size() == 1 { '|' } else { mark };
            out.push_str(&format!("'{mark}{kind}{}'", scalar.size()));
        }
        Datatype::Ascii(length) => out.push_str(&format!("'|S{length}'")),
        Datatype::Ucs4(length) => out.push_str(&format!("'{mark}U{length}'")),
        Datatype::Record(fields) => describe_fields(fields, out)?,
    }
    Ok(())
}

fn describe_fields(fields: &[Field], out: &mut String) -> Result<()> {
    let mut names = HashSet::new();
    out.push('[');
    for (index, field) in fields.iter().enumerate() {
        let name = field.label(index);
        out.push_str(if index > 0 { ", (" } else { "(" });
        quote(&name, out);
        out.push_str(", ");
        describe(&field.datatype, field.byteorder, out)?;
        if !field.shape.is_empty() {
            out.push_str(", ");
            out.push_str(&tuple(&field.shape));
        }
        out.push(')');
        if !names.insert(name.clone()) {
            return Err(cannot("NPY", format!("two fields of the name {name:?}")));
        }
    }
    out.push(']');
    Ok(())
}

/// A string as a literal of Python.
fn quote(text: &str, out: &mut String) {
    out.push('\'');
    for char in text.chars() {
        match char {
            '\'' | '\\' => out.extend(['\\', char]),
            char if char.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('\'');
}

/// An NPY file whose header has been read; what follows is the data.
#[derive(Debug)]
pub struct NpyReader<R> {
    datatype: Datatype,
    byteorder: ByteOrder,
    shape: Vec<u64>,
    fortran: bool,
    bytes: u64,
    reader: R,
}

impl<R: Read> NpyReader<R> {
    /// Reads the header: versions 1.0 to 3.0, those of Python 2 too.
    ///
    /// # Errors
    /// [`Malformed::Npy`] for what is not an NPY file;
    /// [`Unsupported::FormatPart`](crate::error::Unsupported::FormatPart) for Python objects, dates, raw
    /// bytes (also as padding of records) and floats beyond 64 bits.
    pub fn new(mut reader: R) -> Result<Self> {
        let mut start = [0; 8];
        let found = fill(&mut reader, &mut start)?;
        let (magic, version) = start.split_at(MAGIC.len());
        if magic != MAGIC || found < start.len() {
            let shown = start.get(..found).unwrap_or_default().escape_ascii();
            return Err(bad(format!(
                "it begins with \"{shown}\", expected \"\\x93NUMPY\""
            )));
        }
        let width = match version {
            [1, 0] => 2,
            [2 | 3, 0] => 4,
            _ => {
                return Err(bad(format!(
                    "version {version:?}, expected 1.0, 2.0 or 3.0"
                )));
            }
        };
        let mut length = [0; 4];
        let bytes = length.get_mut(..width).unwrap_or_default();
        if fill(&mut reader, bytes)? < width {
            return Err(bad("the file ends within it"));
        }
        let length = u64::from(u32::from_le_bytes(length));
        LimitExceeded::fixed("bytes of the NPY header", length, HEADER)?;
        let mut text = Vec::new();
        reader.by_ref().take(length).read_to_end(&mut text)?;
        if (text.len() as u64) < length {
            let fact = Malformed::Truncated {
                needed: length,
                available: text.len() as u64,
            };
            return Err(fact.into());
        }
        let text = match version {
            [3, _] => String::from_utf8(text).map_err(|error| bad(error.to_string()))?,
            _ => text.into_iter().map(char::from).collect(),
        };
        Self::described(Header::parse(&text)?, reader)
    }

    fn described(header: Header, reader: R) -> Result<Self> {
        let Header {
            datatype,
            byteorder,
            shape,
            fortran,
        } = header;
        LimitExceeded::fixed("number of axes", shape.len() as u64, AXES)?;
        let size = datatype.size();
        LimitExceeded::fixed("size of one element in bytes", size, ELEMENT)?;
        let bytes = count(&shape).and_then(|count| count.checked_mul(size));
        let Some(bytes) = bytes.filter(|bytes| i64::try_from(*bytes).is_ok()) else {
            let shape = shape.into();
            return Err(Malformed::ShapeOverflow { shape }.into());
        };
        Ok(Self {
            datatype,
            byteorder,
            shape,
            fortran,
            bytes,
            reader,
        })
    }

    /// What an element is.
    pub fn datatype(&self) -> &Datatype {
        &self.datatype
    }

    /// The order of bytes where the datatype says nothing.
    pub fn byteorder(&self) -> ByteOrder {
        self.byteorder
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// Bytes of the data.
    pub fn byte_len(&self) -> u64 {
        self.bytes
    }

    /// Bytes from one element to the next, an axis each, when the data is in Fortran order; `None`
    /// when it is in C order. With these an ndarray node can hold the data as it is.
    pub fn strides(&self) -> Option<Vec<i64>> {
        if !self.fortran || self.shape.len() < 2 || self.bytes == 0 {
            return None;
        }
        let mut next = self.datatype.size();
        let stride = self.shape.iter().map(|length| {
            let this = i64::try_from(next).unwrap_or(i64::MAX);
            next = next.saturating_mul(*length);
            this
        });
        Some(stride.collect())
    }

    /// The data: [`NpyReader::byte_len`] bytes, and an error when the file has fewer.
    pub fn into_data(self) -> impl Read + use<R> {
        NpyData {
            left: self.bytes,
            needed: self.bytes,
            reader: self.reader,
        }
    }
}

/// Reads until the buffer is full or nothing is left.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut found = 0;
    while let Some(rest) = buffer.get_mut(found..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => found = found.saturating_add(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

pub(super) fn bad(detail: impl Into<Box<str>>) -> Error {
    let detail = detail.into();
    Malformed::Npy { detail }.into()
}

struct NpyData<R> {
    needed: u64,
    left: u64,
    reader: R,
}

impl<R: Read> Read for NpyData<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let count = self
            .reader
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        if count == 0 && most > 0 {
            let available = self.needed.saturating_sub(self.left);
            let needed = self.needed;
            let fact = Malformed::Truncated { needed, available };
            return Err(std::io::Error::other(Error::from(fact)));
        }
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
