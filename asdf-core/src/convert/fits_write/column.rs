//! Columns of a tree in types that FITS has.

use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::error::HeaderFault;
use crate::error::Result;
use crate::fits::NewColumn;

/// Text of four bytes a character becomes ASCII; everything else stays.
///
/// # Errors
/// A character is not ASCII.
pub(in crate::convert) fn writable(data: ArrayData<'_>) -> Result<ArrayData<'_>> {
    let Datatype::Ucs4(length) = *data.datatype() else {
        return Ok(data);
    };
    let packed = data.packed();
    let mut out = Vec::with_capacity(packed.len() / 4);
    for bytes in packed.chunks_exact(4).filter_map(<[u8]>::first_chunk) {
        let code = match data.byteorder() {
            ByteOrder::Big => u32::from_be_bytes(*bytes),
            ByteOrder::Little => u32::from_le_bytes(*bytes),
        };
        let ascii = u8::try_from(code).ok().filter(u8::is_ascii);
        out.push(ascii.ok_or_else(|| {
            let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            HeaderFault::TextColumn { found: char }
        })?);
    }
    let shape = data.shape().to_vec();
    let (datatype, order) = (Datatype::Ascii(length), ByteOrder::Big);
    ArrayData::from_parts(out, 0, datatype, order, shape, None)
}

/// Offsets of arrays of variable length.
///
/// # Errors
/// They are not a list of integers from 0 on.
pub(super) fn offsets(data: &ArrayData<'_>) -> Result<Vec<u64>> {
    let numbers = data.view::<i64>()?.iter();
    let numbers = numbers.map(|number| {
        u64::try_from(number).map_err(|_error| HeaderFault::NegativeOffset { found: number }.into())
    });
    numbers.collect()
}

/// A column of which masked integers have the number that stands for no value: that of the mask, else that of the
/// header as it is stored, else one of our own.
///
/// # Errors
/// FITS has no such type; an element has that number.
pub(super) fn with_null<'a>(
    name: &str,
    data: &'a ArrayData<'_>,
    null: Option<i64>,
    given: Option<i64>,
) -> Result<NewColumn<'a>> {
    let column = NewColumn::new(name, data)?;
    let integer =
        matches!(data.datatype(), Datatype::Scalar(scalar) if scalar.name().contains("int"));
    let Some(mask) = data.mask().filter(|mask| integer && mask.contains(&true)) else {
        return Ok(column);
    };
    let zero = column.zero();
    let stored = null.map(|null| i128::from(null).saturating_sub(zero));
    column.masked(mask, stored.or(given.map(i128::from)))
}
