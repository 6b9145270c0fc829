//! Loaded arrays put together from parts by other containers than ASDF.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::{Datatype, Scalar};
use super::field_masks::FieldMasks;
use super::shape;
use crate::error::Malformed;
use crate::error::Result;
use crate::memory::Bytes;
use crate::tree::TreePath;
use std::borrow::Cow;

impl<'f> ArrayData<'f> {
    /// Elements of bytes; without strides they lie in C order one after the other.
    ///
    /// # Errors
    /// An element lies outside of the bytes.
    pub(crate) fn from_parts(
        bytes: impl Into<Bytes<'f>>,
        first: u64,
        datatype: Datatype,
        byteorder: ByteOrder,
        shape: Vec<u64>,
        strides: Option<Vec<i64>>,
    ) -> Result<Self> {
        let bytes = bytes.into();
        let size = datatype.size();
        let strides = strides.unwrap_or_else(|| shape::c_strides(&shape, size));
        let room = bytes.len() as u64;
        let end = shape::extent(&shape, &strides, size)
            .filter(|extent| {
                let start = i64::try_from(first).map(|first| first.checked_add(extent.start));
                matches!(start, Ok(Some(0..))) && strides.len() == shape.len()
            })
            .and_then(|extent| u64::try_from(extent.end).ok()?.checked_add(first));
        if shape::count(&shape).is_none()
            || (!shape.contains(&0) && end.is_none_or(|end| end > room))
        {
            return Err(Malformed::OutOfBlock {
                offset: first,
                shape: shape.into(),
                strides: strides.into(),
                size: room,
            }
            .into());
        }
        Ok(Self {
            bytes,
            first,
            datatype,
            byteorder,
            shape,
            strides,
            mask: None,
            field_masks: FieldMasks::default(),
            path: TreePath::default(),
        })
    }

    /// Bytes as one row of `uint8`: what a table has for a file that is carried in a cell.
    pub fn bytes_row(bytes: &'f [u8]) -> Self {
        let length = bytes.len() as u64;
        Self {
            bytes: bytes.into(),
            first: 0,
            datatype: Datatype::Scalar(Scalar::Uint8),
            byteorder: ByteOrder::Big,
            shape: vec![1, length],
            strides: vec![i64::try_from(length).unwrap_or(i64::MAX), 1],
            mask: None,
            field_masks: FieldMasks::default(),
            path: TreePath::default(),
        }
    }

    /// The same, some elements masked.
    pub(crate) fn with_mask(mut self, mask: Option<Vec<bool>>) -> Self {
        self.mask = mask;
        self
    }

    /// The elements one after the other, as they are; borrowed when they lie like that.
    pub(crate) fn packed(&self) -> Cow<'_, [u8]> {
        let size = self.datatype.size();
        let rows = shape::Rows::new(&self.shape, &self.strides, size);
        if rows.is_contiguous(size) {
            let start = usize::try_from(self.first).unwrap_or(usize::MAX);
            let length = shape::count(&self.shape)
                .and_then(|count| usize::try_from(count.checked_mul(size)?).ok())
                .unwrap_or(0);
            let range = start..start.saturating_add(length);
            return Cow::Borrowed(self.bytes.get(range).unwrap_or_default());
        }
        let mut out = Vec::with_capacity(self.len().saturating_mul(as_usize(size)));
        let (length, stride) = (rows.length, rows.stride);
        let whole = i64::try_from(size) == Ok(stride);
        let first = i64::try_from(self.first).unwrap_or(i64::MAX);
        for row in rows {
            let start = as_usize(u64::try_from(first.wrapping_add(row)).unwrap_or(u64::MAX));
            if whole {
                let end = start.saturating_add(as_usize(length.saturating_mul(size)));
                out.extend_from_slice(self.bytes.get(start..end).unwrap_or_default());
                continue;
            }
            let mut at = start as u64;
            for _ in 0..length {
                let start = as_usize(at);
                let element = self.bytes.get(start..start.saturating_add(as_usize(size)));
                out.extend_from_slice(element.unwrap_or_default());
                at = at.wrapping_add_signed(stride);
            }
        }
        Cow::Owned(out)
    }
}

fn as_usize(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}
