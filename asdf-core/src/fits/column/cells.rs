//! The elements of single cells.

use super::{ArrayData, ByteOrder, Bytes, Datatype, Result, Scalar, some_mask};

pub(super) fn array<'f>(
    bytes: impl Into<Bytes<'f>>,
    first: u64,
    datatype: Datatype,
    shape: Vec<u64>,
    strides: Option<Vec<i64>>,
) -> Result<ArrayData<'f>> {
    ArrayData::from_parts(bytes, first, datatype, ByteOrder::Big, shape, strides)
}

/// The letters of truth values in the heap. Some writers put ones and zeros there: with a one, a zero is not undefined.
pub(super) fn letters(bytes: &[u8]) -> Vec<u8> {
    let numbers = bytes.contains(&1);
    let letter = |byte: &u8| match byte {
        1 => b'T',
        0 if numbers => b'F',
        other => *other,
    };
    bytes.iter().map(letter).collect()
}

/// `T` and `F`; anything else is not a value (section 7.3.3.1).
pub(super) fn logical<'f>(bytes: &[u8], shape: Vec<u64>) -> Result<ArrayData<'f>> {
    let mask = some_mask(
        bytes
            .iter()
            .map(|byte| !matches!(byte, b'T' | b'F'))
            .collect(),
    );
    let values: Vec<u8> = bytes.iter().map(|byte| u8::from(*byte == b'T')).collect();
    let datatype = Datatype::Scalar(Scalar::Bool8);
    Ok(array(values, 0, datatype, shape, None)?.with_mask(mask))
}

/// Bits, the most significant of each byte first.
pub(super) fn bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes
        .iter()
        .flat_map(|byte| (0..8_u32).rev().map(move |bit| byte.wrapping_shr(bit) & 1))
}

/// For each element whether it is that number.
pub(super) fn equal(data: &ArrayData<'_>, scalar: Scalar, null: i64) -> Vec<bool> {
    fn among<T: crate::array::Element + Into<i64>>(data: &ArrayData<'_>, null: i64) -> Vec<bool> {
        let view = data.view::<T>();
        view.map_or_else(
            |_| Vec::new(),
            |view| view.iter().map(|value| value.into() == null).collect(),
        )
    }
    match scalar {
        Scalar::Uint8 => among::<u8>(data, null),
        Scalar::Int16 => among::<i16>(data, null),
        Scalar::Int32 => among::<i32>(data, null),
        Scalar::Int64 => among::<i64>(data, null),
        _ => Vec::new(),
    }
}
