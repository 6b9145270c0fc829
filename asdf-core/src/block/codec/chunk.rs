//! Pieces of a block that can be decoded without the others.

use crate::block::Stored;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// A piece of a block that can be decoded without the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Where it is in the stored bytes.
    pub(crate) stored: Range<usize>,
    /// Where it comes to lie in the decoded bytes; chunks follow each other without gaps.
    pub(crate) decoded: Range<u64>,
    pub(crate) part: Part,
}

/// How much of a chunk's stored bytes the chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All.
    Whole,
    /// Some blocks of a Blosc buffer.
    #[cfg(feature = "blosc")]
    Blosc(super::blosc::Part),
}

impl Chunk {
    /// The chunk's bytes among all stored ones.
    #[cfg(any(feature = "lz4", feature = "zstd"))]
    pub(super) fn of<'a>(&self, stored: Stored<'a>) -> Result<&'a [u8]> {
        stored.get(self.stored.clone())
    }
}

/// Decodes one chunk of a block's stored bytes into exactly `out`.
pub(crate) type DecodeChunk = fn(stored: Stored<'_>, chunk: &Chunk, out: &mut [u8]) -> Result<()>;

/// Collects the chunks of a block, checking what all codecs have in common.
pub(crate) struct Chunks<'l> {
    found: Vec<Chunk>,
    size: u64,
    promised: u64,
    limits: &'l Limits,
}

#[cfg_attr(
    not(any(feature = "lz4", feature = "zstd", feature = "blosc")),
    expect(dead_code, reason = "no codec of this build has chunks")
)]
impl<'l> Chunks<'l> {
    /// No chunk yet, of a block that promises `data_size` decoded bytes.
    pub(crate) fn new(data_size: u64, limits: &'l Limits) -> Self {
        Self {
            found: Vec::new(),
            size: 0,
            promised: data_size,
            limits,
        }
    }

    /// Adds the next chunk: these stored bytes give `size` decoded ones.
    pub(crate) fn push(&mut self, stored: Range<usize>, size: u64) -> Result<()> {
        let end = self
            .size
            .checked_add(size)
            .filter(|&end| end <= self.promised);
        let end = end.ok_or(Malformed::DecodedLong {
            promised: self.promised,
        })?;
        let needed = (self.found.len() as u64).saturating_add(1);
        let allowed = self.limits.chunks;
        if needed > allowed {
            let what = "number of chunks in a block";
            return Err(LimitExceeded::new(what, Limit::Chunks, needed, allowed).into());
        }
        self.found.push(Chunk {
            stored,
            decoded: self.size..end,
            part: Part::Whole,
        });
        self.size = end;
        Ok(())
    }

    /// Decoded bytes of the chunks so far.
    #[cfg(feature = "lz4")]
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// All chunks, whatever they amount to.
    #[cfg(feature = "lz4")]
    pub(crate) fn so_far(self) -> Vec<Chunk> {
        self.found
    }

    /// All chunks, when they have the promised size.
    pub(crate) fn finish(self) -> Result<Vec<Chunk>> {
        let (delivered, promised) = (self.size, self.promised);
        if delivered < promised {
            return Err(Malformed::DecodedShort {
                delivered,
                promised,
            }
            .into());
        }
        Ok(self.found)
    }
}
