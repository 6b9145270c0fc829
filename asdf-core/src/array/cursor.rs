//! The elements of an array row after row, for those who read several arrays side by side.

use super::mask;
use super::packed_reader::PackedReader;
use super::packing::Packing;
use super::shape;
use super::{ArrayRef, DataSource, MaskSource, Slice};
use crate::block::Codec;
use crate::error::Error;
use crate::error::Result;
use std::io::Read;

/// Where the rows come from.
enum Rows<'f> {
    /// Elements one after the other, in the byte order of the array.
    Stream(Box<dyn Read + Send + 'f>),
    /// A view of data that costs nothing to look at.
    Windows,
}

/// A place in an array that moves along its first axis. Bounded memory, but for masks,
/// small views of compressed blocks and data in the tree, which are there as a whole.
pub(crate) struct RowCursor<'a, 'f> {
    array: &'a ArrayRef<'f>,
    rows: Rows<'f>,
    packing: Packing,
    mask: Option<Vec<bool>>,
    /// Elements of a row.
    width: u64,
    row: u64,
}

impl<'a, 'f> RowCursor<'a, 'f> {
    pub(crate) fn new(array: &'a ArrayRef<'f>) -> Result<Self> {
        let packing = Packing::new(array.datatype(), array.byteorder());
        let width = shape::count(array.shape().get(1..).unwrap_or_default()).unwrap_or(u64::MAX);
        let rows = match array.data {
            DataSource::Hdu(hdu) if hdu.raw().is_none() => Rows::Windows,
            DataSource::Block(_) | DataSource::Hdu(_)
                if array.is_contiguous() && array.byte_len() > 0 =>
            {
                array.reader()?.map_or(Rows::Windows, Rows::Stream)
            }
            source
                if source
                    .bytes()
                    .is_some_and(|block| block.header().codec() == Codec::None) =>
            {
                Rows::Windows
            }
            _ => Rows::Stream(Box::new(PackedReader::new(array.load_unmasked()?))),
        };
        let mask = match (&array.mask, array.data) {
            (None, DataSource::Block(_) | DataSource::Hdu(_)) => None,
            (Some(MaskSource::Array(mask)), DataSource::Block(_) | DataSource::Hdu(_)) => {
                Some(mask::by_array(mask, array.shape())?)
            }
            _ => array.load()?.mask.take(),
        };
        Ok(Self {
            array,
            rows,
            packing,
            mask,
            width,
            row: 0,
        })
    }

    /// Replaces `bytes` by the next rows, little-endian, and gives their mask: nothing at all when
    /// nothing is masked.
    pub(crate) fn next(&mut self, rows: u64, bytes: &mut Vec<u8>) -> Result<&[bool]> {
        bytes.clear();
        let elements = rows.saturating_mul(self.width);
        let count = elements.saturating_mul(self.packing.size as u64);
        let end = self.row.saturating_add(rows);
        match &mut self.rows {
            Rows::Stream(reader) => {
                let found = reader.take(count).read_to_end(bytes).map_err(Error::from)?;
                if (found as u64) < count {
                    return Err(Error::from(std::io::Error::from(
                        std::io::ErrorKind::UnexpectedEof,
                    )));
                }
                self.packing.swap(bytes);
            }
            Rows::Windows => {
                let at = |row: u64| Some(i64::try_from(row).unwrap_or(i64::MAX));
                let window = Slice::Range {
                    start: at(self.row),
                    stop: at(end),
                    step: 1,
                };
                let (data, _) = self
                    .array
                    .load_part(&[window], super::part::Access::Mapped)?;
                data.pack(&mut |piece| {
                    bytes.extend_from_slice(piece);
                    Ok(())
                })?;
            }
        }
        let place =
            |row: u64| usize::try_from(row.saturating_mul(self.width)).unwrap_or(usize::MAX);
        let range = place(self.row)..place(end);
        self.row = end;
        let mask = self.mask.as_deref().unwrap_or_default();
        Ok(mask.get(range).unwrap_or_default())
    }
}
