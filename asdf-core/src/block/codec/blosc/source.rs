//! Stored bytes that know where in the file they are.

use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use std::ops::Range;
use std::ops::RangeInclusive;

/// A stretch of the file; all reads are checked, and errors carry absolute offsets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'s> {
    bytes: &'s [u8],
    base: u64,
}

impl<'s> Source<'s> {
    /// These bytes, the first of which is at `base` of the file.
    pub(super) fn new(bytes: &'s [u8], base: u64) -> Self {
        Self { bytes, base }
    }

    /// The bytes.
    pub(super) fn bytes(self) -> &'s [u8] {
        self.bytes
    }

    /// How many there are.
    pub(super) fn len(self) -> usize {
        self.bytes.len()
    }

    /// Where they are in the file.
    pub(super) fn span(self) -> Range<u64> {
        self.base..self.base.saturating_add(self.bytes.len() as u64)
    }

    /// What begins at `start`, possibly nothing.
    pub(super) fn from(self, start: usize) -> Self {
        let bytes = self.bytes.get(start..).unwrap_or_default();
        Self {
            bytes,
            base: self.base.saturating_add(start as u64),
        }
    }

    /// `size` bytes at `start`.
    pub(super) fn part(self, start: usize, size: usize) -> Result<Self> {
        let rest = self.from(start);
        match rest.bytes.get(..size) {
            Some(bytes) => Ok(Self {
                bytes,
                base: rest.base,
            }),
            None => Err(rest.too_short(size)),
        }
    }

    /// The `N` bytes at `start`.
    pub(super) fn array<const N: usize>(self, start: usize) -> Result<[u8; N]> {
        let rest = self.from(start);
        rest.bytes
            .first_chunk()
            .copied()
            .ok_or_else(|| rest.too_short(N))
    }

    /// The little-endian 32-bit number at `start`.
    pub(super) fn u32_le(self, start: usize) -> Result<u32> {
        self.array(start).map(u32::from_le_bytes)
    }

    /// The same as a size or position, which fits `usize` on every platform supported.
    pub(super) fn size_le(self, start: usize) -> Result<usize> {
        self.u32_le(start)
            .map(|size| usize::try_from(size).unwrap_or(usize::MAX))
    }

    fn too_short(self, needed: usize) -> Error {
        let (needed, available) = (needed as u64, self.len() as u64);
        let span = self.base..self.base.saturating_add(needed);
        Error::from(Malformed::Truncated { needed, available }).at(span)
    }
}

/// Checks a number of the file against what it may be.
pub(super) fn within(
    field: &'static str,
    found: usize,
    allowed: RangeInclusive<usize>,
) -> Result<usize> {
    if allowed.contains(&found) {
        return Ok(found);
    }
    let (least, most) = (*allowed.start() as u64, *allowed.end() as u64);
    Err(Malformed::BloscField {
        field,
        found: found as u64,
        least,
        most,
    }
    .into())
}
