//! Where the elements of an array are: `*` and strides resolved, and checked against the block or HDU.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use super::shape;
use super::slice::Placement;
use super::stream;
use super::{AXES, ArrayRef, DataSource};
use crate::block::Block;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::limits::Limit;
use std::io::Read;
use std::ops::Range;

impl<'f> ArrayRef<'f> {
    /// Resolves `*` and the strides, and checks that every element lies within the block.
    pub(super) fn place(&mut self) -> Result<()> {
        let size = self.spec.datatype.size();
        let mut shape = self.spec.shape.clone();
        if shape.len() as u64 > AXES {
            let needed = shape.len() as u64;
            return Err(LimitExceeded::new("number of axes", None, needed, AXES).into());
        }
        let first = i64::try_from(self.spec.offset)
            .ok()
            .ok_or_else(|| self.past_block(u64::MAX))?;
        if self.spec.star {
            let rows = self.star_rows(size);
            shape
                .first_mut()
                .into_iter()
                .for_each(|length| *length = rows);
        }
        let strides = self
            .spec
            .strides
            .clone()
            .unwrap_or_else(|| shape::c_strides(&shape, size));
        self.placement = Placement {
            first,
            shape,
            strides,
        };
        let Some(count) = shape::count(&self.placement.shape) else {
            return Err(Malformed::ShapeOverflow {
                shape: self.placement.shape.as_slice().into(),
            }
            .into());
        };
        if count == 0 && self.placement.shape.iter().any(|length| *length > 1 << 48) {
            self.warn(WarningKind::AbsurdShape {
                shape: self.placement.shape.as_slice().into(),
            });
        }
        match self.data {
            DataSource::Block(block) => self.check_extent(block.decoded_size(), count, size),
            // The caller knows the HDU's own shape; a view of it brings the bytes that it lies in.
            DataSource::Hdu(hdu) => match hdu.raw() {
                Some(bytes) => self.check_extent(bytes.decoded_size(), count, size),
                // Windows of what is decoded are told in bytes.
                None => match count.checked_mul(size).map(i64::try_from) {
                    Some(Ok(_)) => Ok(()),
                    _ => Err(Malformed::ShapeOverflow {
                        shape: self.placement.shape.as_slice().into(),
                    }
                    .into()),
                },
            },
            DataSource::Inline(_) => Ok(()),
        }
    }

    /// Checks that every element lies within the block or HDU.
    fn check_extent(&self, available: u64, count: u64, size: u64) -> Result<()> {
        let extent = self
            .placement
            .extent(size)
            .ok_or_else(|| self.past_block(available))?;
        if count > 0 && extent.end > available {
            let fact = Malformed::PastBlock {
                start: extent.start,
                end: extent.end,
                size: available,
            };
            return Err(self.in_source(fact.into()));
        }
        self.check_repetition(count, size, &extent)?;
        let zero = self
            .placement
            .shape
            .iter()
            .zip(&self.placement.strides)
            .any(|(length, stride)| *length > 1 && *stride == 0);
        if zero && self.spec.strides.is_some() {
            self.warn(WarningKind::ZeroStride);
        }
        Ok(())
    }

    pub(super) fn warn(&self, kind: WarningKind) {
        self.note(Warning::new(kind).at_path(&self.path));
    }

    /// Records an oddity, once.
    pub(super) fn note(&self, warning: Warning) {
        if self.warnings().all(|known| *known != warning) {
            self.warnings.push(Box::new(warning));
        }
    }

    pub(super) fn past_block(&self, size: u64) -> Error {
        let shape = self.placement.shape.as_slice().into();
        let strides = self.placement.strides.as_slice().into();
        let fact = Malformed::OutOfBlock {
            offset: self.spec.offset,
            shape,
            strides,
            size,
        };
        self.in_source(fact.into())
    }

    /// Says which block or HDU an error is about.
    fn in_source(&self, error: Error) -> Error {
        match self.data {
            DataSource::Block(block) => {
                let header = block.header();
                let span = header.offset..header.data_offset;
                error.at(span).in_block(header.index)
            }
            #[cfg(feature = "fits")]
            DataSource::Hdu(hdu) => error.in_hdu(hdu.index()),
            #[cfg(not(feature = "fits"))]
            DataSource::Hdu(_) => error,
            DataSource::Inline(_) => error,
        }
    }

    /// All elements one after the other, in the byte order of the array, when they lie like that
    /// in a block or an HDU.
    pub(super) fn reader(&self) -> Result<Option<Box<dyn Read + Send + 'f>>> {
        if !self.is_contiguous() {
            return Ok(None);
        }
        let size = self.byte_len();
        if let Some(block) = self.data.bytes() {
            let mut reader = block.reader()?;
            stream::skip(&mut reader, self.spec.offset)?;
            return Ok(Some(reader));
        }
        match self.data {
            DataSource::Hdu(hdu) if size > 0 && self.spec.offset == 0 => {
                hdu.check_repetition(size, self.limits)?;
                let bands = hdu.reader(self.shape(), self.datatype().size());
                Ok(Some(Box::new(bands)))
            }
            _ => Ok(None),
        }
    }

    /// Of the elements of an HDU that have to be decoded the indices along an axis that are decoded together; `None` of other
    /// arrays.
    #[doc(hidden)]
    pub fn decoded_together(&self, axis: usize) -> Option<u64> {
        match self.data {
            DataSource::Hdu(hdu) if hdu.raw().is_none() => Some(hdu.rows_together(axis)),
            _ => None,
        }
    }

    /// A view that names the same bytes again and again may be much larger than its block.
    fn check_repetition(&self, count: u64, size: u64, extent: &Range<u64>) -> Result<()> {
        // Elements without a byte are walked over all the same.
        let needed = count.saturating_mul(size.max(1));
        let stored = extent.end.saturating_sub(extent.start);
        let allowed = self.limits.view_bytes;
        if needed > stored && needed > allowed {
            let what = "bytes of a view that repeats its data";
            return Err(LimitExceeded::new(what, Limit::ViewBytes, needed, allowed).into());
        }
        Ok(())
    }

    /// Warns of a stream that ends within a row.
    fn note_cut_row(&self, block: Block<'_>, bytes: Option<u64>, row: u64) {
        if let (true, Some(bytes @ 1..)) = (block.header().is_streamed(), bytes) {
            self.warn(WarningKind::CutRow { bytes, row });
        }
    }

    /// How many whole rows the block has for `*`.
    fn star_rows(&self, size: u64) -> u64 {
        let Some(block) = self.data.bytes() else {
            return 0;
        };
        if !block.header().is_streamed() {
            self.warn(WarningKind::StarNotStreamed);
        }
        let inner = self.spec.shape.get(1..).unwrap_or_default();
        let row = shape::count(inner)
            .and_then(|count| count.checked_mul(size))
            .unwrap_or(u64::MAX);
        let available = block.decoded_size().saturating_sub(self.spec.offset);
        let stride = self
            .spec
            .strides
            .as_ref()
            .and_then(|strides| strides.first().copied());
        match stride {
            None => {
                self.note_cut_row(block, available.checked_rem(row), row);
                available.checked_div(row).unwrap_or(0)
            }
            Some(stride) => {
                let strides = self
                    .spec
                    .strides
                    .as_deref()
                    .and_then(|all| all.get(1..))
                    .unwrap_or_default();
                let reach = shape::extent(inner, strides, size)
                    .map_or(u64::MAX, |extent| extent.end.unsigned_abs());
                // A view of one column lies within the first row of all.
                if let Some(row) = u64::try_from(stride)
                    .ok()
                    .filter(|row| self.spec.offset < *row)
                {
                    self.note_cut_row(block, block.decoded_size().checked_rem(row), row);
                }
                match (u64::try_from(stride), available.checked_sub(reach)) {
                    (Ok(stride), Some(rest)) if stride > 0 => {
                        rest.checked_div(stride).unwrap_or(0).saturating_add(1)
                    }
                    _ => 0,
                }
            }
        }
    }
}
