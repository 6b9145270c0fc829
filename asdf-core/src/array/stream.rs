//! The logical array as a stream of little-endian bytes, in bounded memory.

use super::mask;
use super::packed_reader::PackedReader;
use super::packing::Packing;
use super::part::Access;
use super::shape::Rows;
use super::{ArrayRef, DataSource, MaskSource, Slice};
use crate::block::Codec;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use std::io::Read;

/// Takes elements and their mask.
pub(crate) type MaskedSink<'s> = &'s mut dyn FnMut(&[u8], &[bool]) -> Result<()>;

/// Bytes handed over at a time.
pub(super) const PIECE: usize = 1 << 20;

impl ArrayRef<'_> {
    /// Hands the elements to `sink`: C order, every number little-endian, records packed field by
    /// field, in whole elements, about a megabyte at a time. Arrays that lie in C order are never in
    /// memory as a whole; a strided view of a compressed block is, once, unless it is large: then a temporary file has it.
    ///
    /// # Errors
    /// As [`ArrayRef::load`]; what `sink` returns.
    pub fn stream_le(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.stream_pieces(sink).at_path(|| self.path())
    }

    /// The same for the part that the slices take.
    ///
    /// # Errors
    /// As [`ArrayRef::load_slices`]; what `sink` returns.
    pub fn stream_slices_le(
        &self,
        slices: &[Slice],
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        if slices.is_empty() {
            self.stream_le(sink)
        } else {
            self.load_slices(slices)?.pack(sink)
        }
    }

    /// The same with the mask of each piece: a truth value each element, or none at all when nothing
    /// is masked. Masks are in memory as a whole, and so are elements that are masked by their value
    /// or stand in the tree.
    pub(crate) fn stream_masked_le(&self, sink: MaskedSink<'_>) -> Result<()> {
        let size = usize::try_from(self.datatype().size()).unwrap_or(usize::MAX);
        let (data, mask) = match (&self.mask, self.data) {
            (None, DataSource::Block(_) | DataSource::Hdu(_)) => (None, None),
            (Some(MaskSource::Array(mask)), DataSource::Block(_) | DataSource::Hdu(_)) => {
                (None, Some(mask::by_array(mask, self.shape())?))
            }
            _ => {
                let mut data = self.load()?;
                let mask = data.mask.take();
                (Some(data), mask)
            }
        };
        let mut rest = mask.as_deref().unwrap_or_default();
        if size == 0 {
            let one = usize::from(mask.is_some());
            for _ in 0..self.len() {
                let (own, behind) = rest.split_at_checked(one).unwrap_or_default();
                rest = behind;
                sink(&[], own)?;
            }
            return Ok(());
        }
        let mut with_mask = |bytes: &[u8]| {
            let count = if mask.is_some() {
                bytes.len() / size
            } else {
                0
            };
            let (own, behind) = rest.split_at_checked(count).unwrap_or_default();
            rest = behind;
            sink(bytes, own)
        };
        match data {
            Some(data) => data.pack(&mut with_mask),
            None => self.stream_le(&mut with_mask),
        }
    }

    /// The elements in the byte orders that they have in the file, else as [`ArrayRef::stream_le`].
    pub(crate) fn stream_as_stored(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let packing = Packing::new(self.datatype(), self.byteorder());
        if packing.is_done() {
            return self.stream_le(sink);
        }
        let mut own = Vec::new();
        self.stream_le(&mut |bytes| {
            own.clear();
            own.extend_from_slice(bytes);
            // Swapping twice is what was there.
            packing.swap(&mut own);
            sink(&own)
        })
    }

    fn stream_pieces(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if self.byte_len() == 0 {
            return Ok(());
        }
        let packing = Packing::new(self.datatype(), self.byteorder());
        match self.reader()? {
            Some(mut reader) => {
                let mut left = self.byte_len();
                let mut buffer = vec![0; piece_of(packing.size)];
                while left > 0 {
                    let count = usize::try_from(left)
                        .unwrap_or(usize::MAX)
                        .min(buffer.len());
                    let piece = buffer.get_mut(..count).unwrap_or_default();
                    reader.read_exact(piece).map_err(Error::from)?;
                    packing.swap(piece);
                    sink(piece)?;
                    left = left.saturating_sub(count as u64);
                }
                // What a compressed block promises is checked at its end.
                if let DataSource::Block(block) = self.data
                    && block.header().codec() != Codec::None
                {
                    skip(&mut reader, u64::MAX)?;
                }
                Ok(())
            }
            None => self.load_unmasked()?.pack(sink),
        }
    }

    /// Hands the elements that the slices take to `work` as a stream of bytes: C order, each number in
    /// the byte order that the array has it in.
    pub(crate) fn with_packed<T>(
        &self,
        slices: &[Slice],
        work: impl FnOnce(&mut (dyn Read + Send)) -> Result<T>,
    ) -> Result<T> {
        let reader = if slices.is_empty() {
            self.reader()?
        } else {
            None
        };
        if let Some(reader) = reader {
            return work(&mut reader.take(self.byte_len()));
        }
        let data = self
            .load_part(slices, Access::Mapped)
            .at_path(|| self.path())?
            .0;
        work(&mut PackedReader::new(data))
    }

    /// True for numbers of a block that is compressed or has them in another order than C: a pass over them takes a piece
    /// at a time, where loading and packing them takes memory for all.
    #[cfg(feature = "fits")]
    pub(crate) fn is_read_in_passes(&self) -> bool {
        let is_other = match self.data {
            DataSource::Block(block) => {
                block.header().codec() != Codec::None || !self.is_contiguous()
            }
            _ => false,
        };
        is_other && self.datatype().scalar().is_some()
    }

    /// True when the elements lie one after the other in C order.
    pub(super) fn is_contiguous(&self) -> bool {
        let size = self.datatype().size();
        Rows::new(self.shape(), &self.placement.strides, size).is_contiguous(size)
    }
}

/// Whole elements that fit in about a megabyte, at least one.
pub(super) fn piece_of(size: usize) -> usize {
    (PIECE / size.max(1)).max(1).saturating_mul(size)
}

/// Reads over that many bytes, or to the end.
pub(super) fn skip(reader: &mut dyn Read, count: u64) -> Result<()> {
    std::io::copy(&mut reader.take(count), &mut std::io::sink())
        .map(drop)
        .map_err(Error::from)
}
