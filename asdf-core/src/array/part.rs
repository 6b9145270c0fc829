//! Windows for work that goes over an array piece by piece: of a file without its map, and of loaded data.

use super::ArrayRef;
use super::data::ArrayData;
use super::shape;
use super::slice::{Placement, Slice};
use super::view::ArrayView;
use crate::block::Block;
use crate::block::Codec;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::memory::Buffer;
use crate::memory::Bytes;
use std::ops::Range;

/// How the bytes of a block that is not compressed are got at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// By the map: nothing is copied, the pages stay in the process's memory.
    Mapped,
    /// By reading them.
    Copied,
}

/// Bytes that may be read although the window has no use for them: so many for each that it has, and a page or two.
const WASTE: u64 = 4;
const SLACK: u64 = 1 << 13;

impl<'f> ArrayRef<'f> {
    /// As [`load_slices`](Self::load_slices), for work that goes over a large array piece by piece: the bytes of a block
    /// that is not compressed are copied, so that no pages of the map stay in memory. Windows whose elements lie far
    /// apart are mapped all the same.
    pub fn copy_slices(&self, slices: &[Slice]) -> Result<ArrayData<'f>> {
        self.masked(slices, Access::Copied)
    }
}

/// What the window needs of a block that is not compressed, and where its first element is in that; `None` when
/// the map serves better.
pub(super) fn copied<'f>(
    block: Block<'f>,
    part: &Placement,
    extent: &Range<u64>,
    size: u64,
) -> Result<Option<(Bytes<'f>, u64)>> {
    let length = extent.end.saturating_sub(extent.start);
    let used = shape::count(&part.shape)
        .unwrap_or(u64::MAX)
        .saturating_mul(size);
    let sparse = length > used.saturating_mul(WASTE).saturating_add(SLACK);
    if block.header().codec() != Codec::None || sparse || length == 0 {
        return Ok(None);
    }
    // The check of the block's faults comes with asking for its bytes.
    block.stored()?;
    let start = block.header().data_offset;
    let range = start.saturating_add(extent.start)..start.saturating_add(extent.end);
    let mut bytes = Buffer::zeroed(usize::try_from(length).unwrap_or(usize::MAX))?;
    let mut done = 0_usize;
    while done < bytes.len() {
        let rest = bytes.get_mut(done..).unwrap_or_default();
        let at = range.start.saturating_add(done as u64);
        let count = block
            .input()
            .read_at(at, rest)
            .at(range.clone())
            .in_block(block.header().index)?;
        if count == 0 {
            let fact = Malformed::Truncated {
                needed: length,
                available: done as u64,
            };
            return Err(Error::from(fact).at(range).in_block(block.header().index));
        }
        done = done.saturating_add(count);
    }
    let first = u64::try_from(part.first).unwrap_or(0);
    Ok(Some((bytes.into(), first.saturating_sub(extent.start))))
}

impl ArrayData<'_> {
    /// The part that the slices take, by the rules of numpy, without a copy.
    ///
    /// # Errors
    /// More slices than axes, or an index outside of its axis.
    pub fn part(&self, slices: &[Slice]) -> Result<ArrayData<'_>> {
        let placement = |first: u64, strides: &[i64]| Placement {
            first: i64::try_from(first).unwrap_or(i64::MAX),
            shape: self.shape.clone(),
            strides: strides.to_vec(),
        };
        let part = placement(self.first, &self.strides).slice(slices)?;
        let mask = match &self.mask {
            None => None,
            Some(mask) => {
                let own = placement(0, &shape::c_strides(&self.shape, 1)).slice(slices)?;
                let bytes: &[u8] = bytemuck::cast_slice(mask);
                let first = u64::try_from(own.first).unwrap_or(0);
                let order = self.byteorder;
                let view = ArrayView::<bool>::new(bytes, first, &own.shape, &own.strides, order);
                Some(view.to_vec())
            }
        };
        Ok(ArrayData {
            bytes: Bytes::from(&*self.bytes),
            first: u64::try_from(part.first).unwrap_or(0),
            datatype: self.datatype.clone(),
            byteorder: self.byteorder,
            shape: part.shape,
            strides: part.strides,
            mask,
            path: self.path.clone(),
        })
    }
}
