//! Windows for work that goes over an array piece by piece: of a file without its map, and of loaded data.

use super::ArrayRef;
use super::data::ArrayData;
use super::field_masks::FieldMasks;
use super::native::pick;
use super::shape;
use super::shape::Rows;
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

/// How the bytes of a block that is not compressed are accessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// By the map: nothing is copied, the pages stay in the process's memory.
    Mapped,
    /// By reading them.
    Copied,
}

/// A span is read as a whole when it is at most this many times the bytes of the window, and the slack; else it is gathered.
const MAX_READ_AMPLIFICATION: u64 = 4;
const AMPLIFICATION_SLACK: u64 = 1 << 13;
/// Bytes between elements from which on each is read by itself.
const GATHER_STRIDE: u64 = 1 << 13;
/// Bytes in memory that elements out of C order lie in, of a block of which parts are decoded.
const MAX_HELD: u64 = 128 << 20;
/// The same for a block that is decoded from its start in any case.
const MAX_HELD_FROM_START: u64 = 64 << 20;
/// Bytes that are read at once.
const PIECE: u64 = 1 << 20;

impl<'f> ArrayRef<'f> {
    /// As [`load_slices`](Self::load_slices), for work that goes over a large array piece by piece: the bytes of a block
    /// that is not compressed are copied, so that no pages of the map stay in memory.
    ///
    /// # Errors
    /// As [`load_slices`](Self::load_slices).
    pub fn copy_slices(&self, slices: &[Slice]) -> Result<ArrayData<'f>> {
        self.masked(slices, Access::Copied)
    }
}

/// True when most of what lies between the elements of a window is not wanted.
pub(super) fn is_scattered(part: &Placement, extent: &Range<u64>, size: u64) -> bool {
    let length = extent.end.saturating_sub(extent.start);
    let count = shape::count(&part.shape).unwrap_or(u64::MAX);
    let used = count.saturating_mul(size);
    length
        > used
            .saturating_mul(MAX_READ_AMPLIFICATION)
            .saturating_add(AMPLIFICATION_SLACK)
}

/// True for so few elements that they are copied out of a temporary file.
pub(super) fn is_few(part: &Placement, size: u64) -> bool {
    let count = shape::count(&part.shape).unwrap_or(u64::MAX);
    count.saturating_mul(size) <= MAX_HELD_FROM_START
}

/// True when a window that does not lie in C order is so large that what it lies in belongs in a temporary file once its block
/// is decoded, not in memory.
pub(super) fn is_spilled(block: Block<'_>, part: &Placement, length: u64, size: u64) -> bool {
    if length <= MAX_HELD_FROM_START
        || Rows::new(&part.shape, &part.strides, size).is_contiguous(size)
    {
        return false;
    }
    length > MAX_HELD || block.is_decoded_from_start(length)
}

/// What the window needs of a block that is not compressed, with the window's place in that; `None` when the block is
/// compressed.
pub(super) fn copied<'f>(
    block: Block<'f>,
    part: &Placement,
    extent: &Range<u64>,
    size: u64,
) -> Result<Option<(Bytes<'f>, Placement)>> {
    let length = extent.end.saturating_sub(extent.start);
    if block.header().codec() != Codec::None || length == 0 {
        return Ok(None);
    }
    // The check of the block's faults comes with asking for its bytes.
    block.check_stored()?;
    if is_scattered(part, extent, size) {
        return gathered(block, part, size).map(Some);
    }
    block.input().want(&[absolute(block, extent)])?;
    let mut bytes = Buffer::zeroed(as_usize(length))?;
    read(block, extent.start, &mut bytes)?;
    let start = i64::try_from(extent.start).unwrap_or(i64::MAX);
    let placement = Placement {
        first: part.first.saturating_sub(start),
        shape: part.shape.clone(),
        strides: part.strides.clone(),
    };
    Ok(Some((bytes.into(), placement)))
}

/// The elements of a window one after the other, when they lie far apart in the block.
fn gathered<'f>(block: Block<'f>, part: &Placement, size: u64) -> Result<(Bytes<'f>, Placement)> {
    let rows = Rows::new(&part.shape, &part.strides, size);
    let (length, stride, width) = (rows.length, rows.stride, as_usize(size));
    let count = shape::count(&part.shape).unwrap_or(u64::MAX);
    let mut out = Buffer::zeroed(as_usize(count.saturating_mul(size)))?;
    // Elements of a row that are read together.
    let together = match stride.unsigned_abs() {
        apart if apart >= GATHER_STRIDE => 1,
        apart => PIECE.checked_div(apart).unwrap_or(1).max(1),
    };
    let row_bytes = as_usize(length).saturating_mul(width).max(1);
    want(block, part, size)?;
    let mut buffer = Vec::new();
    for (row, out) in rows.zip(out.chunks_mut(row_bytes)) {
        let mut at = part.first.saturating_add(row);
        for out in out.chunks_mut(as_usize(together).saturating_mul(width).max(1)) {
            let steps = i64::try_from(out.len().checked_div(width).unwrap_or(0)).unwrap_or(0);
            let last = at.saturating_add(stride.saturating_mul(steps.saturating_sub(1)));
            let low = u64::try_from(at.min(last)).unwrap_or(0);
            let high = u64::try_from(at.max(last)).unwrap_or(0);
            buffer.resize(as_usize(high.saturating_sub(low).saturating_add(size)), 0);
            read(block, low, &mut buffer)?;
            let first = at.saturating_sub(i64::try_from(low).unwrap_or(i64::MAX));
            pick(&buffer, first, stride, width, out);
            at = at.saturating_add(stride.saturating_mul(steps));
        }
    }
    let placement = Placement {
        first: 0,
        shape: part.shape.clone(),
        strides: shape::c_strides(&part.shape, size),
    };
    Ok((out.into(), placement))
}

/// Says which rows of a window will be read, where they have to be fetched.
fn want(block: Block<'_>, part: &Placement, size: u64) -> Result<()> {
    /// Rows that are told one by one; of more, and of rows with elements that lie far apart, it is all that lies between.
    const MOST: usize = 1 << 16;
    if !block.input().is_ranged() {
        return Ok(());
    }
    let rows = Rows::new(&part.shape, &part.strides, size);
    let reach = rows
        .stride
        .saturating_mul(i64::try_from(rows.length).unwrap_or(i64::MAX));
    let start = block.header().data_offset;
    let mut spans = Vec::new();
    for row in rows.take(MOST) {
        let first = part.first.saturating_add(row);
        let last = first.saturating_add(reach);
        let low = u64::try_from(first.min(last)).unwrap_or(0);
        let high = u64::try_from(first.max(last))
            .unwrap_or(0)
            .saturating_add(size);
        let end = high.min(block.decoded_size());
        spans.push(start.saturating_add(low.min(end))..start.saturating_add(end));
    }
    spans.sort_unstable_by_key(|span| span.start);
    block.input().want(&spans)
}

/// Reads bytes of a block that is not compressed, from that place of its data on.
fn read(block: Block<'_>, place: u64, out: &mut [u8]) -> Result<()> {
    let start = block.header().data_offset.saturating_add(place);
    let needed = out.len() as u64;
    let range = start..start.saturating_add(needed);
    let mut done = 0_usize;
    while done < out.len() {
        let rest = out.get_mut(done..).unwrap_or_default();
        let count = block
            .input()
            .read_at(start.saturating_add(done as u64), rest)
            .at(range.clone())
            .in_block(block.header().index)?;
        if count == 0 {
            let fact = Malformed::Truncated {
                needed,
                available: done as u64,
            };
            return Err(Error::from(fact).at(range).in_block(block.header().index));
        }
        done = done.saturating_add(count);
    }
    Ok(())
}

/// Where bytes of a block that is not compressed are in the file.
fn absolute(block: Block<'_>, range: &Range<u64>) -> Range<u64> {
    let start = block.header().data_offset;
    start.saturating_add(range.start)..start.saturating_add(range.end)
}

fn as_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
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
        let field_masks = self.field_masks.cut(|mask, values| {
            let mut shape = self.shape.clone();
            shape.push(values as u64);
            let own = Placement {
                first: 0,
                strides: shape::c_strides(&shape, 1),
                shape,
            };
            let own = own.slice(slices)?;
            let bytes: &[u8] = bytemuck::cast_slice(mask);
            let first = u64::try_from(own.first).unwrap_or(0);
            let order = self.byteorder;
            Ok(ArrayView::<bool>::new(bytes, first, &own.shape, &own.strides, order).to_vec())
        })?;
        Ok(ArrayData {
            bytes: Bytes::from(&*self.bytes),
            first: u64::try_from(part.first).unwrap_or(0),
            datatype: self.datatype.clone(),
            byteorder: self.byteorder,
            shape: part.shape,
            strides: part.strides,
            mask,
            field_masks,
            path: self.path.clone(),
        })
    }

    /// As [`part`](Self::part), for data that are not needed otherwise.
    pub(super) fn into_part(self, slices: &[Slice]) -> Result<Self> {
        let place = self.part(slices)?.without_bytes();
        Ok(Self {
            bytes: self.bytes,
            ..place
        })
    }

    /// Puts an axis of that length, 1 or 0, before the axis that has the place.
    pub(super) fn insert_axis(&mut self, place: usize, length: u64) {
        let place = place.min(self.shape.len());
        self.shape.insert(place, length);
        self.strides.insert(place.min(self.strides.len()), 0);
        if length == 0 {
            self.field_masks = FieldMasks::default();
            if let Some(mask) = &mut self.mask {
                mask.clear();
            }
        }
    }
}

#[cfg(all(test, feature = "zstd"))]
#[expect(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::AsdfFile;
    use crate::OpenOptions;
    use crate::array::DataSource;

    /// Bytes of a block of the only frame, each block of one byte again and again.
    const RUN: u32 = 1 << 17;
    /// Blocks of the frame: more than is held in memory.
    const RUNS: u32 = 1100;

    /// A file with 144 MB in one Zstandard frame of 4 kB: its byte tells which run it is of.
    fn large(node: &str) -> AsdfFile {
        let size = RUN * RUNS;
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x80, 7 << 3];
        frame.extend(size.to_le_bytes());
        for run in 0..RUNS {
            let is_last = u32::from(run + 1 == RUNS);
            frame.extend(&(is_last | 1 << 1 | RUN << 3).to_le_bytes()[..3]);
            frame.push(run.to_le_bytes()[0]);
        }
        let text = format!(
            "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\na: !core/ndarray-1.1.0 {{source: 0, datatype: uint8, byteorder: little, {node}}}\n...\n"
        );
        let mut bytes = text.into_bytes();
        bytes.extend(b"\xd3BLK\0\x30\0\0\0\0zstd");
        for length in [frame.len() as u64, frame.len() as u64, size.into()] {
            bytes.extend(length.to_be_bytes());
        }
        bytes.extend([0; 16]);
        bytes.extend(frame);
        OpenOptions::default().read_bytes(bytes, "x.asdf").unwrap()
    }

    #[test]
    fn large_views_out_of_c_order_are_not_in_memory() {
        for (node, first) in [
            ("shape: [131072, 1100], strides: [1, 131072]", 0),
            (
                "shape: [131072, 1100], strides: [-1, -131072], offset: 144179199",
                75,
            ),
        ] {
            let file = large(node);
            let array = file.array("a").unwrap();
            let data = array.load().unwrap();
            assert!(data.bytes.as_borrowed().is_some(), "{node}");
            let view = data.view::<u8>().unwrap();
            assert_eq!(view.get(&[77_000, 0]), Some(first), "{node}");
            assert_eq!(view.get(&[77_000, 1099]), Some(75 - first), "{node}");
        }
    }

    #[test]
    fn rows_of_a_frame_that_has_no_parts_are_decoded_once() {
        let file = large("shape: [1100, 131072]");
        let array = file.array("a").unwrap();
        let DataSource::Block(block) = array.source() else {
            panic!("a block")
        };
        for row in [3, 900] {
            let window = Slice::Range {
                start: Some(row),
                stop: Some(row + 1),
                step: 1,
            };
            let part = array.copy_slices(&[window]).unwrap();
            let expected = row.to_le_bytes()[0];
            assert_eq!(part.view::<u8>().unwrap().get(&[0, 5]), Some(expected));
            assert!(block.has_spilled());
        }
    }
}
