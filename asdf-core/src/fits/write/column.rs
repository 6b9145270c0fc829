//! Columns of binary tables to be written. FITS 4.0, section 7.3.

use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::error::ColumnFault;
use crate::error::Error;
use crate::error::Result;
use crate::error::Unsupported;
use std::borrow::Cow;

/// A column that is to be written.
#[derive(Debug)]
pub struct NewColumn<'a> {
    pub(super) name: String,
    pub(super) form: String,
    /// `TDIMn`.
    pub(super) dimensions: Option<String>,
    /// `TZEROn` of the unsigned conventions.
    pub(super) zero: Option<i128>,
    /// `TSCALn` and `TZEROn` of numbers that are given as they are stored.
    pub(super) scale: Option<(f64, f64)>,
    pub(super) unit: Option<String>,
    pub(super) null: Option<i64>,
    pub(super) rows: u64,
    /// Bytes of a row.
    pub(super) width: usize,
    /// The rows, as they are written.
    pub(super) data: Cow<'a, [u8]>,
    /// Arrays of variable length, one after the other; the rows are descriptors then.
    pub(super) heap: Vec<u8>,
    pub(super) variable: bool,
}

/// How elements of a type are stored.
struct Form {
    code: char,
    /// Offset that makes them unsigned, or signed bytes.
    zero: Option<i128>,
    /// Bytes of the unit whose order counts.
    unit: usize,
}

fn form(datatype: &Datatype) -> Result<Form> {
    let scalar = match datatype {
        Datatype::Scalar(scalar) => *scalar,
        Datatype::Ascii(_) => {
            return Ok(Form {
                code: 'A',
                zero: None,
                unit: 1,
            });
        }
        other => return Err(unsupported(other)),
    };
    let (code, zero, unit) = match scalar {
        Scalar::Bool8 => ('L', None, 1),
        Scalar::Uint8 => ('B', None, 1),
        Scalar::Int8 => ('B', Some(-128), 1),
        Scalar::Int16 => ('I', None, 2),
        Scalar::Uint16 => ('I', Some(1_i128 << 15), 2),
        Scalar::Int32 => ('J', None, 4),
        Scalar::Uint32 => ('J', Some(1_i128 << 31), 4),
        Scalar::Int64 => ('K', None, 8),
        Scalar::Uint64 => ('K', Some(1_i128 << 63), 8),
        Scalar::Float32 => ('E', None, 4),
        Scalar::Float64 => ('D', None, 8),
        Scalar::Complex64 => ('C', None, 4),
        Scalar::Complex128 => ('M', None, 8),
        Scalar::Float16 => return Err(unsupported(datatype)),
    };
    Ok(Form { code, zero, unit })
}

fn unsupported(datatype: &Datatype) -> Error {
    Unsupported::Format {
        format: "FITS",
        what: format!("elements of type {datatype}").into(),
    }
    .into()
}

/// The elements as a table has them: big-endian, truth values as letters, the offset taken away.
fn converted<'a>(data: &'a ArrayData<'a>, form: &Form) -> Cow<'a, [u8]> {
    let bytes = data.packed();
    let swap = form.unit > 1 && data.byteorder() != ByteOrder::Big;
    if !swap && form.zero.is_none() && form.code != 'L' {
        return bytes;
    }
    let mut bytes = bytes.into_owned();
    big_endian(&mut bytes, form.unit, swap, form.zero.is_some());
    if form.code == 'L' {
        let mask = data.mask().unwrap_or_default().iter().copied();
        let masked = mask.chain(std::iter::repeat(false));
        for (byte, masked) in bytes.iter_mut().zip(masked) {
            *byte = match (masked, *byte) {
                (true, _) => 0,
                (false, 0) => b'F',
                (false, _) => b'T',
            };
        }
    }
    Cow::Owned(bytes)
}

/// Swaps units, and flips the top bit of each.
pub(super) fn big_endian(bytes: &mut [u8], unit: usize, swap: bool, flip: bool) {
    for number in bytes.chunks_exact_mut(unit.max(1)) {
        if swap {
            number.reverse();
        }
        if let (true, Some(top)) = (flip, number.first_mut()) {
            *top ^= 0x80;
        }
    }
}

/// `TDIMn` of more than one axis, the fastest first.
fn dimensions(axes: &[u64]) -> Option<String> {
    let list: Vec<String> = axes.iter().map(u64::to_string).collect();
    (axes.len() > 1).then(|| format!("({})", list.join(",")))
}

/// How a column of variable length says where the elements of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DescriptorForm {
    /// Two numbers of 32 bits.
    P,
    /// Two numbers of 64 bits.
    Q,
}

impl<'a> NewColumn<'a> {
    /// A column of which each row has as many elements; the first axis is that of the rows.
    ///
    /// # Errors
    /// There are no rows to be counted, or FITS has no such type.
    pub fn new(name: &str, data: &'a ArrayData<'a>) -> Result<Self> {
        let form = form(data.datatype())?;
        let Some((rows, cell)) = data.shape().split_first() else {
            return Err(ColumnFault::NoRows.into());
        };
        let count = cell
            .iter()
            .fold(1_u64, |count, axis| count.saturating_mul(*axis));
        let mut axes: Vec<u64> = cell.iter().rev().copied().collect();
        let mut repeat = count;
        if let Datatype::Ascii(length) = data.datatype() {
            repeat = count.saturating_mul(*length);
            if !cell.is_empty() {
                axes.insert(0, *length);
            }
        }
        let size = data.datatype().size().saturating_mul(count);
        Ok(Self {
            name: name.to_owned(),
            form: if repeat == 1 && form.code != 'A' {
                form.code.to_string()
            } else {
                format!("{repeat}{}", form.code)
            },
            dimensions: dimensions(&axes),
            zero: form.zero,
            scale: None,
            unit: None,
            null: None,
            rows: *rows,
            width: usize::try_from(size).map_err(|_error| ColumnFault::WideRow)?,
            data: converted(data, &form),
            heap: Vec::new(),
            variable: false,
        })
    }

    /// A column of arrays of different lengths, one for each row, of the same type.
    ///
    /// # Errors
    /// The types differ, there are no rows, or FITS has no such type.
    pub fn variable(name: &str, cells: &'a [ArrayData<'a>]) -> Result<Self> {
        let first = cells.first().ok_or(ColumnFault::NoType)?;
        let form = form(first.datatype())?;
        let text = form.code == 'A';
        let (mut heap, mut data, mut most) = (Vec::new(), Vec::new(), 0_u64);
        for cell in cells {
            let same = cell.datatype() == first.datatype()
                || (text && matches!(cell.datatype(), Datatype::Ascii(_)));
            if !same {
                return Err(ColumnFault::MixedTypes.into());
            }
            let bytes = converted(cell, &form);
            let count = if text {
                bytes.len() as u64
            } else {
                cell.len() as u64
            };
            most = most.max(count);
            data.extend(count.to_be_bytes());
            data.extend((heap.len() as u64).to_be_bytes());
            heap.extend_from_slice(&bytes);
        }
        Ok(Self {
            name: name.to_owned(),
            form: format!("1Q{}({most})", form.code),
            dimensions: None,
            zero: form.zero,
            scale: None,
            unit: None,
            null: None,
            rows: cells.len() as u64,
            width: 16,
            data: Cow::Owned(data),
            heap,
            variable: true,
        })
    }

    /// A column of bits: truth values, the first axis is that of the rows. They are filled up to whole bytes.
    ///
    /// # Errors
    /// They are something else, or there are no rows to be counted.
    pub fn bits(name: &str, data: &ArrayData<'_>) -> Result<Self> {
        let Some((rows, cell)) = data.shape().split_first() else {
            return Err(ColumnFault::NoRows.into());
        };
        if *data.datatype() != Datatype::Scalar(Scalar::Bool8) {
            return Err(ColumnFault::NotBits.into());
        }
        let count = cell
            .iter()
            .fold(1_u64, |count, axis| count.saturating_mul(*axis));
        let count = usize::try_from(count).map_err(|_error| ColumnFault::WideRow)?;
        let width = count.div_ceil(8);
        let packed = data.packed();
        let mut bytes = Vec::with_capacity(packed.len().div_ceil(8));
        for row in packed.chunks_exact(count.max(1)) {
            bytes.extend(row.chunks(8).map(packed_bits));
        }
        Ok(Self {
            name: name.to_owned(),
            form: format!("{count}X"),
            dimensions: dimensions(&cell.iter().rev().copied().collect::<Vec<_>>()),
            zero: None,
            scale: None,
            unit: None,
            null: None,
            rows: *rows,
            width,
            data: Cow::Owned(bytes),
            heap: Vec::new(),
            variable: false,
        })
    }

    /// A column of arrays of different lengths that are parts of one: that of a row goes from its offset to the next
    /// one, so that there is an offset more than rows.
    ///
    /// # Errors
    /// Offsets go back or lead out of the array, descriptors of 32 bits cannot hold them, or FITS has no such type.
    pub fn joined(
        name: &str,
        values: &ArrayData<'_>,
        offsets: &[u64],
        descriptor: DescriptorForm,
    ) -> Result<Self> {
        let wide = descriptor == DescriptorForm::Q;
        let form = form(values.datatype())?;
        let size = values.datatype().size();
        let length = values.len() as u64;
        let (mut data, mut most) = (Vec::new(), 0_u64);
        for (start, end) in offsets.iter().zip(offsets.iter().skip(1)) {
            let count = end.checked_sub(*start).filter(|_| *end <= length);
            let count = count.ok_or(ColumnFault::Offsets {
                start: *start,
                end: *end,
                length,
            })?;
            most = most.max(count);
            data.extend(count.to_be_bytes());
            data.extend(start.saturating_mul(size).to_be_bytes());
        }
        let heap = converted(values, &form).into_owned();
        if !wide && i32::try_from(heap.len()).is_err() {
            return Err(ColumnFault::Descriptors.into());
        }
        let letter = if wide { 'Q' } else { 'P' };
        Ok(Self {
            name: name.to_owned(),
            form: format!("1{letter}{}({most})", form.code),
            dimensions: None,
            zero: form.zero,
            scale: None,
            unit: None,
            null: None,
            rows: (offsets.len() as u64).saturating_sub(1),
            width: if wide { 16 } else { 8 },
            data: Cow::Owned(data),
            heap,
            variable: true,
        })
    }

    /// True for truth values that are letters, not bits.
    pub(crate) fn is_logical(&self) -> bool {
        self.form.contains('L')
    }

    /// Gives truth values the bytes that they had in another file, where these mean the same: letters, the ones of old
    /// heaps, and all that stands for no value. Of columns of truth values only.
    pub(crate) fn with_logical_bytes(mut self, bytes: &[u8]) -> Self {
        let heap = self.variable;
        let made = if heap {
            &mut self.heap
        } else {
            self.data.to_mut()
        };
        if made.len() == bytes.len() {
            for (made, given) in made.iter_mut().zip(bytes) {
                let is_true = *given == b'T' || (heap && *given == 1);
                if is_true == (*made == b'T') {
                    *made = *given;
                }
            }
        }
        self
    }

    /// What is added to stored numbers to make them those of the column.
    pub(crate) fn zero(&self) -> i128 {
        self.zero.unwrap_or(0)
    }

    /// Gives masked integers a number that stands for no value, and says so by `TNULLn`: the stored number that is
    /// given, else the least.
    ///
    /// # Errors
    /// An element that is not masked has that number, or the type does not have it.
    pub(crate) fn masked(mut self, mask: &[bool], stored: Option<i128>) -> Result<Self> {
        let size = self.data.len().checked_div(mask.len()).unwrap_or(0);
        let bits = u32::try_from(size).unwrap_or(0).saturating_mul(8).min(64);
        let half = 1_i128.wrapping_shl(bits.saturating_sub(1));
        let (least, most) = match size {
            1 => (0, 255),
            _ => (half.saturating_neg(), half.saturating_sub(1)),
        };
        let stored = stored.unwrap_or(least);
        if !(least..=most).contains(&stored) {
            let null = stored;
            return Err(ColumnFault::NullRange { null, least, most }.into());
        }
        let number = stored.to_be_bytes();
        let number = number
            .get(number.len().saturating_sub(size)..)
            .unwrap_or_default();
        for (element, masked) in self.data.to_mut().chunks_exact_mut(size.max(1)).zip(mask) {
            if *masked {
                element
                    .iter_mut()
                    .zip(number)
                    .for_each(|(to, from)| *to = *from);
            } else if element == number {
                return Err(ColumnFault::NullUsed { null: stored }.into());
            }
        }
        self.null = i64::try_from(stored).ok();
        Ok(self)
    }

    /// Sets `TSCALn` and `TZEROn` of numbers that are given as they are stored, and `TNULLn`; the column keeps its own bytes.
    pub(crate) fn stored(self, scale: f64, zero: f64, null: i64) -> NewColumn<'static> {
        NewColumn {
            name: self.name,
            form: self.form,
            dimensions: self.dimensions,
            zero: None,
            scale: Some((scale, zero)),
            unit: self.unit,
            null: Some(null),
            rows: self.rows,
            width: self.width,
            data: Cow::Owned(self.data.into_owned()),
            heap: self.heap,
            variable: self.variable,
        }
    }

    /// Sets `TUNITn`.
    #[must_use]
    pub fn unit(mut self, unit: &str) -> Self {
        self.unit = Some(unit.to_owned());
        self
    }

    /// Sets `TNULLn`: the stored integer that stands for no value.
    #[must_use]
    pub fn null(mut self, null: i64) -> Self {
        self.null = Some(null);
        self
    }
}

/// Up to eight truth values, the first one in the highest bit.
fn packed_bits(values: &[u8]) -> u8 {
    let place = |(at, value): (u32, &u8)| {
        if *value == 0 {
            0
        } else {
            0x80_u8.wrapping_shr(at)
        }
    };
    (0..).zip(values).map(place).fold(0, |bits, bit| bits | bit)
}

/// The rows of a table and the arrays after them.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) columns: Vec<NewColumn<'a>>,
    pub(super) rows: u64,
    pub(super) row_bytes: usize,
    pub(super) heap: usize,
}

impl<'a> Table<'a> {
    pub(super) fn new(mut columns: Vec<NewColumn<'a>>) -> Result<Self> {
        let rows = columns.first().map_or(0, |column| column.rows);
        if columns.len() > 999 || columns.iter().any(|column| column.rows != rows) {
            return Err(ColumnFault::Table.into());
        }
        let mut heap = 0_usize;
        for column in columns.iter_mut().filter(|column| column.variable) {
            shift(column.data.to_mut(), heap as u64);
            if column.width == 8 {
                column.data = Cow::Owned(narrowed(&column.data)?);
            }
            heap = heap.saturating_add(column.heap.len());
        }
        let row_bytes = columns
            .iter()
            .fold(0_usize, |sum, column| sum.saturating_add(column.width));
        Ok(Self {
            columns,
            rows,
            row_bytes,
            heap,
        })
    }

    /// Hands out all bytes, a piece at a time.
    pub(super) fn each(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        const PIECE: usize = 1 << 20;
        let mut parts: Vec<&[u8]> = self.columns.iter().map(|column| &*column.data).collect();
        let mut piece = Vec::with_capacity(
            PIECE
                .saturating_add(self.row_bytes)
                .min(PIECE.saturating_mul(2)),
        );
        for _ in 0..if self.row_bytes == 0 { 0 } else { self.rows } {
            for (left, column) in parts.iter_mut().zip(&self.columns) {
                let (cell, rest) = left.split_at_checked(column.width).unwrap_or_default();
                piece.extend_from_slice(cell);
                *left = rest;
            }
            if piece.len() >= PIECE {
                // Pieces end within words as little as they can: the sums need whole ones.
                let whole = piece.len().saturating_sub(piece.len() % 4);
                sink(piece.get(..whole).unwrap_or_default())?;
                piece.drain(..whole);
            }
        }
        for column in &self.columns {
            piece.extend_from_slice(&column.heap);
        }
        sink(&piece)
    }
}

/// Descriptors of 64 bits as ones of 32 bits.
fn narrowed(descriptors: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(descriptors.len() / 2);
    for number in descriptors.chunks_exact(8).filter_map(<[u8]>::first_chunk) {
        let number = i32::try_from(u64::from_be_bytes(*number));
        let number = number.map_err(|_error| ColumnFault::Descriptors)?;
        out.extend(number.to_be_bytes());
    }
    Ok(out)
}

/// Moves the places in descriptors of 64 bits.
fn shift(descriptors: &mut [u8], by: u64) {
    for descriptor in descriptors.chunks_exact_mut(16) {
        if let Some(place) = descriptor.last_chunk_mut::<8>() {
            *place = u64::from_be_bytes(*place).saturating_add(by).to_be_bytes();
        }
    }
}
