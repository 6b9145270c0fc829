//! Columns of tables: elements where they lie, physical values, cells of any length.
//! FITS 4.0, sections 7.3.3 and 7.3.5.

mod cells;
mod null;

use super::Hdu;
use super::ascii;
use super::form;
use super::form::ColumnForm;
use super::mask::some_mask;
use super::scale::Scaling;
use super::table::Spec;
use super::table::slice;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::limits::Limit;
use crate::memory::Bytes;
use cells::{array, bits, equal, letters, logical};
use std::ops::Range;

/// A column of a table.
#[derive(Debug)]
pub struct FitsColumn<'f> {
    hdu: Hdu<'f>,
    number: u64,
    spec: Spec,
    /// Bytes within a row.
    place: Range<u64>,
    /// The first row that is loaded.
    first: u64,
    rows: u64,
    row_bytes: u64,
    heap: Heap<'f>,
}

/// Where variable-length arrays lie, relative to the data of the HDU.
#[derive(Debug, Clone)]
pub(super) struct Heap<'f> {
    hdu: Hdu<'f>,
    range: Range<u64>,
}

impl<'f> Heap<'f> {
    pub(super) fn new(hdu: Hdu<'f>, range: Range<u64>) -> Self {
        Self { hdu, range }
    }

    /// Some bytes; `None` when they lead out of the heap.
    pub(super) fn bytes(&self, offset: u64, size: u64) -> Result<Option<&'f [u8]>> {
        let start = self.range.start.checked_add(offset);
        let end = start.and_then(|start| start.checked_add(size));
        match (start, end) {
            (Some(start), Some(end)) if end <= self.range.end => {
                slice(self.hdu.data()?, start..end).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// Length and place of a variable-length array.
#[derive(Debug, Clone, Copy)]
struct Descriptor {
    count: i64,
    offset: i64,
}

impl<'f> FitsColumn<'f> {
    pub(super) fn new(
        hdu: Hdu<'f>,
        number: u64,
        spec: Spec,
        place: Range<u64>,
        rows: u64,
        row_bytes: u64,
        heap: Heap<'f>,
    ) -> Self {
        Self {
            hdu,
            number,
            spec,
            place,
            first: 0,
            rows,
            row_bytes,
            heap,
        }
    }

    /// The same column of some rows only; they are counted from the first of these.
    pub(crate) fn within(&self, rows: Range<u64>) -> Self {
        let end = rows.end.min(self.rows);
        Self {
            first: self.first.saturating_add(rows.start),
            rows: end.saturating_sub(rows.start),
            spec: self.spec.clone(),
            place: self.place.clone(),
            heap: self.heap.clone(),
            ..*self
        }
    }

    /// The bytes of the first row's value, relative to the data of the HDU.
    ///
    /// # Errors
    /// A variable-length array leads out of the heap.
    pub(crate) fn first_cell(&self) -> Result<Range<u64>> {
        let ColumnForm::Variable { .. } = self.spec.form else {
            return Ok(self.place.clone());
        };
        let descriptor = self.descriptor(0)?;
        let size = self.count(0, descriptor)?;
        let offset = u64::try_from(descriptor.offset).ok();
        let start = offset.and_then(|offset| self.heap.range.start.checked_add(offset));
        let end = start.and_then(|start| start.checked_add(size));
        match start.zip(end) {
            Some((start, end)) if end <= self.heap.range.end => Ok(start..end),
            _ => Err(self.bad_descriptor(0, descriptor)),
        }
    }

    /// True when physical values differ from the stored ones, by `TSCALn` or `TZEROn`.
    pub fn is_scaled(&self) -> bool {
        let scaling = self.spec.scaling;
        Scaling {
            blank: None,
            ..scaling
        } != Scaling::NONE
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Its number, from 1 as in the keywords.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// `TTYPEn`.
    pub fn name(&self) -> Option<&str> {
        self.spec.name.as_deref()
    }

    /// What `TFORMn` means.
    pub fn form(&self) -> ColumnForm {
        self.spec.form
    }

    /// `TFORMn` as it stands there.
    pub fn form_text(&self) -> &str {
        &self.spec.form_text
    }

    /// `TUNITn`.
    pub fn unit(&self) -> Option<&str> {
        self.spec.unit.as_deref()
    }

    /// `TDISPn`.
    pub fn display(&self) -> Option<&str> {
        self.spec.display.as_deref()
    }

    /// `TSCALn`, 1 when it is missing.
    pub fn scale(&self) -> f64 {
        self.spec.scaling.scale
    }

    /// `TZEROn`, 0 when it is missing.
    pub fn zero(&self) -> f64 {
        self.spec.scaling.zero
    }

    /// `TNULLn` of a binary table.
    pub fn null(&self) -> Option<i64> {
        self.spec.scaling.blank
    }

    /// `TNULLn` of an ASCII table.
    pub fn null_text(&self) -> Option<&str> {
        self.spec.null_text.as_deref()
    }

    /// The shape of the value in each row, in C order: `TDIMn` backwards, or the repeat count.
    /// Empty for a single value. Of text the axis of the characters is left out.
    pub fn cell_shape(&self) -> Vec<u64> {
        let ColumnForm::Fixed { repeat, code } = self.spec.form else {
            return Vec::new();
        };
        match (&self.spec.shape, code) {
            (Some(shape), 'A') => shape
                .split_last()
                .map_or_else(Vec::new, |split| split.1.to_vec()),
            (Some(shape), _) => shape.clone(),
            (None, 'A') => Vec::new(),
            (None, _) if repeat == 1 && code != 'X' => Vec::new(),
            (None, _) => vec![repeat],
        }
    }

    /// What an element of [`FitsColumn::load_stored`] is.
    pub fn stored_type(&self) -> Datatype {
        match self.spec.form {
            ColumnForm::Fixed { repeat, code: 'A' } => {
                let last = self
                    .spec
                    .shape
                    .as_ref()
                    .and_then(|shape| shape.last().copied());
                Datatype::Ascii(last.unwrap_or(repeat))
            }
            ColumnForm::Ascii {
                code: 'A', width, ..
            } => Datatype::Ascii(width),
            // The length of text in the heap is known cell by cell.
            ColumnForm::Variable { code: 'A', .. } => Datatype::Ascii(0),
            form => Datatype::Scalar(form.stored_type().unwrap_or(Scalar::Bool8)),
        }
    }

    /// What an element of [`FitsColumn::load`] is.
    pub fn physical_type(&self) -> Datatype {
        match self.stored_type() {
            Datatype::Scalar(stored) => Datatype::Scalar(self.physical().result(stored, true)),
            other => other,
        }
    }

    /// Stored integers stay what they are where only `TNULL` is given: it masks them.
    fn physical(&self) -> Scaling {
        let scaling = self.spec.scaling;
        let blank = scaling.blank.filter(|_| self.is_scaled());
        Scaling { blank, ..scaling }
    }

    /// The elements of all rows as they are stored; the axis of the rows comes first. Numbers and
    /// text are borrowed from the file; truth values and bits become `bool8`, those that are
    /// neither true nor false masked; numbers of an ASCII table are parsed.
    ///
    /// # Errors
    /// The column has variable-length arrays: see [`FitsColumn::cell`].
    pub fn load_stored(&self) -> Result<ArrayData<'f>> {
        self.hdu.locate(self.stored_rows())
    }

    /// The physical values of all rows: scaled by `TSCALn` and `TZEROn` to doubles, or unsigned
    /// by their convention; those equal to `TNULLn` masked.
    ///
    /// # Errors
    /// The rows are cut, or a cell does not hold what the form says.
    pub fn load(&self) -> Result<ArrayData<'f>> {
        let stored = self.load_stored()?;
        self.hdu.locate(self.to_physical(stored))
    }

    /// The array of a row of a variable-length column as it is stored, borrowed from the heap.
    /// Text is one element of as many characters.
    ///
    /// # Errors
    /// The column is not of variable length, there is no such row, or its descriptor leads out of the heap.
    pub fn cell_stored(&self, row: u64) -> Result<ArrayData<'f>> {
        self.hdu.locate(self.heap_cell(row))
    }

    /// The physical values of the array of a row of a variable-length column.
    ///
    /// # Errors
    /// As [`cell_stored`](Self::cell_stored).
    pub fn cell(&self, row: u64) -> Result<ArrayData<'f>> {
        let stored = self.cell_stored(row)?;
        self.hdu.locate(self.to_physical(stored))
    }

    /// Elements of the array of a row of a variable-length column.
    ///
    /// # Errors
    /// As [`cell_stored`](Self::cell_stored).
    pub fn cell_len(&self, row: u64) -> Result<u64> {
        let length = self
            .descriptor(row)
            .and_then(|descriptor| self.count(row, descriptor));
        self.hdu.locate(length)
    }

    /// The bytes of all truth values, row by row, where letters do not say all of them. `None` for those that are written
    /// the same again, and for columns of anything else.
    ///
    /// # Errors
    /// The data are cut, or an array leads out of the heap.
    pub(crate) fn logical_bytes(&self) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        let odd = match self.spec.form {
            ColumnForm::Fixed { code: 'L', .. } => {
                let mut shape = vec![self.rows];
                shape.extend(self.cell_shape());
                let datatype = Datatype::Scalar(Scalar::Uint8);
                let stored = self.strided(self.hdu.data()?, datatype, shape)?;
                out.extend_from_slice(&stored.packed());
                out.iter().any(|byte| !matches!(byte, b'T' | b'F' | 0))
            }
            ColumnForm::Variable { code: 'L', .. } => {
                for row in 0..self.rows {
                    out.extend_from_slice(self.cell_bytes(row)?);
                    // Arrays may overlap: a small heap could stand for more than memory holds.
                    self.limit(out.len() as u64)?;
                }
                out.iter().any(|byte| !matches!(byte, b'T' | b'F'))
            }
            _ => false,
        };
        Ok(odd.then_some(out))
    }

    /// The bytes of the array of a row of a variable-length column.
    pub(super) fn cell_bytes(&self, row: u64) -> Result<&'f [u8]> {
        let descriptor = self.descriptor(row)?;
        let count = self.count(row, descriptor)?;
        let ColumnForm::Variable { code, .. } = self.spec.form else {
            return Err(self.not_variable());
        };
        let size = match code {
            'X' => Some(count.div_ceil(8)),
            _ => count.checked_mul(form::element_size(code)),
        };
        let offset = u64::try_from(descriptor.offset).ok();
        // An empty array may name any place (section 7.3.5).
        if count == 0 {
            return Ok(&[]);
        }
        match size.zip(offset) {
            Some((size, offset)) => {
                let found = self.heap.bytes(offset, size)?;
                found.ok_or_else(|| self.bad_descriptor(row, descriptor))
            }
            None => Err(self.bad_descriptor(row, descriptor)),
        }
    }

    fn heap_cell(&self, row: u64) -> Result<ArrayData<'f>> {
        let bytes = self.cell_bytes(row)?;
        let ColumnForm::Variable { code, .. } = self.spec.form else {
            return Err(self.not_variable());
        };
        let count = self.count(row, self.descriptor(row)?)?;
        match code {
            'A' => array(bytes, 0, Datatype::Ascii(count), Vec::new(), None),
            'L' => logical(&letters(bytes), vec![count]),
            'X' => {
                self.limit(count)?;
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                let out: Vec<u8> = bits(bytes).take(count).collect();
                let datatype = Datatype::Scalar(Scalar::Bool8);
                let shape = vec![out.len() as u64];
                array(out, 0, datatype, shape, None)
            }
            _ => {
                let datatype = self.stored_type();
                array(bytes, 0, datatype, vec![count], None)
            }
        }
    }

    fn stored_rows(&self) -> Result<ArrayData<'f>> {
        let data = self.hdu.data()?;
        let mut shape = vec![self.rows];
        shape.extend(self.cell_shape());
        match self.spec.form {
            ColumnForm::Variable { .. } => {
                let found = self.form_text().into();
                Err(Mismatch::ElementType {
                    found,
                    asked: "a column of fixed length",
                }
                .into())
            }
            ColumnForm::Ascii {
                code,
                width,
                decimals,
            } if code != 'A' => {
                let numbers = ascii::Numbers {
                    form: self.spec.form,
                    null: self.null_text(),
                    decimals,
                    column: self.number,
                    first: self.first,
                };
                self.limit(self.rows.saturating_mul(8))?;
                numbers.read(self.fields(data, width), self.rows)
            }
            ColumnForm::Fixed { code: 'L', .. } => {
                let raw = self.strided(data, Datatype::Scalar(Scalar::Uint8), shape.clone())?;
                logical(&raw.packed(), shape)
            }
            ColumnForm::Fixed { code: 'X', repeat } => self.bit_rows(data, repeat, shape),
            _ => self.strided(data, self.stored_type(), shape),
        }
    }

    /// Each row's bytes of the column with their place in the file.
    fn fields(&self, data: &'f [u8], width: u64) -> impl Iterator<Item = (u64, &'f [u8])> {
        let start = self.place.start;
        let base = self.hdu.data_span().start;
        let row_bytes = self.row_bytes;
        let rows = self.first..self.first.saturating_add(self.rows);
        rows.map(move |row| {
            let at = row.saturating_mul(row_bytes).saturating_add(start);
            let range = at..at.saturating_add(width);
            (
                base.saturating_add(at),
                slice(data, range).unwrap_or_default(),
            )
        })
    }

    /// The column where it lies in the rows.
    fn strided(
        &self,
        data: &'f [u8],
        datatype: Datatype,
        shape: Vec<u64>,
    ) -> Result<ArrayData<'f>> {
        let mut stride = datatype.size();
        let mut strides = Vec::with_capacity(shape.len());
        for length in shape.iter().skip(1).rev() {
            strides.push(i64::try_from(stride).unwrap_or(i64::MAX));
            stride = stride.saturating_mul(*length);
        }
        strides.push(i64::try_from(self.row_bytes).unwrap_or(i64::MAX));
        strides.reverse();
        array(
            data,
            self.first
                .saturating_mul(self.row_bytes)
                .saturating_add(self.place.start),
            datatype,
            shape,
            Some(strides),
        )
    }

    fn bit_rows(&self, data: &'f [u8], repeat: u64, shape: Vec<u64>) -> Result<ArrayData<'f>> {
        let each = self
            .cell_shape()
            .iter()
            .fold(1_u64, |count, axis| count.saturating_mul(*axis));
        self.limit(each.saturating_mul(self.rows))?;
        let each = usize::try_from(each).unwrap_or(usize::MAX);
        let rows = self.fields(data, repeat.div_ceil(8));
        let out: Vec<u8> = rows.flat_map(|row| bits(row.1).take(each)).collect();
        array(out, 0, Datatype::Scalar(Scalar::Bool8), shape, None)
    }

    /// Scales stored values, and masks those that are none.
    fn to_physical(&self, stored: ArrayData<'f>) -> Result<ArrayData<'f>> {
        let scaling = self.physical();
        let Some(scalar) = stored.datatype().scalar() else {
            return Ok(stored);
        };
        if scaling != Scaling::NONE {
            let size = scaling.result(scalar, true).size();
            self.limit((stored.len() as u64).saturating_mul(size))?;
        }
        let nulls = self
            .spec
            .scaling
            .blank
            .map(|null| equal(&stored, scalar, null));
        let complex = matches!(scalar, Scalar::Complex64 | Scalar::Complex128);
        let scaled = if complex && scaling != Scaling::NONE {
            self.scaled_complex(&stored, scalar)?
        } else {
            scaling.apply(stored, true)?
        };
        match nulls.and_then(some_mask) {
            Some(mask) => Ok(scaled.with_mask(Some(mask))),
            None => Ok(scaled),
        }
    }

    /// Both parts are multiplied, the real one is moved (section 7.3.2).
    fn scaled_complex(&self, stored: &ArrayData<'f>, scalar: Scalar) -> Result<ArrayData<'f>> {
        let mut out = Vec::new();
        let mut put = |re: f64, im: f64| {
            out.extend((self.scale() * re + self.zero()).to_ne_bytes());
            out.extend((self.scale() * im).to_ne_bytes());
        };
        if scalar == Scalar::Complex64 {
            for value in stored.view::<num_complex::Complex<f32>>()? {
                put(value.re.into(), value.im.into());
            }
        } else {
            for value in stored.view::<num_complex::Complex<f64>>()? {
                put(value.re, value.im);
            }
        }
        let datatype = Datatype::Scalar(Scalar::Complex128);
        let shape = stored.shape().to_vec();
        ArrayData::from_parts(out, 0, datatype, ByteOrder::NATIVE, shape, None)
    }

    fn descriptor(&self, row: u64) -> Result<Descriptor> {
        let ColumnForm::Variable { wide, there, .. } = self.spec.form else {
            return Err(self.not_variable());
        };
        if row >= self.rows {
            let (what, asked, count) = ("row", row, self.rows);
            return Err(Mismatch::NoPart { what, asked, count }.into());
        }
        if !there {
            return Ok(Descriptor {
                count: 0,
                offset: 0,
            });
        }
        let at = self
            .first
            .saturating_add(row)
            .saturating_mul(self.row_bytes)
            .saturating_add(self.place.start);
        let size = if wide { 16 } else { 8 };
        let wanted = at..at.saturating_add(size);
        // The first one tells what an HDU holds, before its data are needed.
        let bytes = if row == 0 {
            slice(self.hdu.data_part(wanted)?, 0..size)?
        } else {
            slice(self.hdu.data()?, wanted)?
        };
        let (count, offset) = bytes.split_at_checked(bytes.len() / 2).unwrap_or_default();
        let number = |bytes: &[u8]| match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>()) {
            (Some(bytes), _) => i64::from_be_bytes(*bytes),
            (None, Some(bytes)) => i32::from_be_bytes(*bytes).into(),
            (None, None) => 0,
        };
        Ok(Descriptor {
            count: number(count),
            offset: number(offset),
        })
    }

    fn count(&self, row: u64, descriptor: Descriptor) -> Result<u64> {
        let count = u64::try_from(descriptor.count).ok();
        count.ok_or_else(|| self.bad_descriptor(row, descriptor))
    }

    fn bad_descriptor(&self, row: u64, found: Descriptor) -> Error {
        let fault = FitsFault::Descriptor {
            row,
            column: self.number,
            count: found.count,
            offset: found.offset,
            heap: self.heap.range.end.saturating_sub(self.heap.range.start),
        };
        let at = row
            .saturating_mul(self.row_bytes)
            .saturating_add(self.place.start);
        let start = self.hdu.data_span().start.saturating_add(at);
        let size = self.place.end.saturating_sub(self.place.start);
        Error::from(fault).at(start..start.saturating_add(size))
    }

    fn not_variable(&self) -> Error {
        let found = self.form_text().into();
        let asked = "a column of variable-length arrays";
        Mismatch::ElementType { found, asked }.into()
    }

    fn limit(&self, needed: u64) -> Result<()> {
        let allowed = self.hdu.limits().decoded_bytes;
        LimitExceeded::check("bytes of a column", Limit::DecodedBytes, needed, allowed)
    }
}
