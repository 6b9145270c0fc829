//! The pieces of a block that can be decoded one without the other.

use super::header::Content;
use super::header::Fill;
use super::header::Header;
use crate::block::codec;
use crate::block::codec::chunk::Chunk;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// Decoded bytes of a piece, where blocks are smaller.
const PIECE: u64 = 256 << 10;

/// Decoded bytes of a piece where nothing is compressed, a multiple of every number of a run.
const PLAIN: u64 = 4 << 20;

/// What to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A buffer, from this decoded byte on.
    Buffer { from: usize },
    /// Nothing: one value all over.
    Run(Fill),
}

impl Part {
    /// True for a piece that is not the first one of its buffer.
    pub(crate) fn is_within_buffer(self) -> bool {
        matches!(self, Self::Buffer { from } if from > 0)
    }

    /// True for a value that nothing is stored of but itself.
    pub(crate) fn is_run(self) -> bool {
        matches!(self, Self::Run(_))
    }
}

/// Collects the pieces.
pub(super) struct Index<'l> {
    pieces: Vec<Chunk>,
    size: u64,
    promised: u64,
    /// Decoded bytes of which too little is stored to be what they cost.
    announced: u64,
    limits: &'l Limits,
}

impl<'l> Index<'l> {
    /// No piece yet, of a block that promises that many bytes.
    pub(super) fn new(promised: u64, limits: &'l Limits) -> Self {
        Self {
            pieces: Vec::new(),
            size: 0,
            promised,
            announced: 0,
            limits,
        }
    }

    /// True when all is there.
    pub(super) fn is_complete(&self) -> bool {
        self.size == self.promised
    }

    /// Adds the buffer at `at` of the stored bytes.
    pub(super) fn push(&mut self, at: usize, header: &Header) -> Result<()> {
        let decoded = header.decoded as u64;
        let (piece, proved) = match &header.content {
            Content::Blocks(blocks) => {
                let proved = header.stored.saturating_mul(blocks.codec.ratio());
                let block = blocks.block as u64;
                let count = PIECE.checked_div(block).unwrap_or(1).max(1);
                let delta = blocks.filters.has_delta();
                let piece = if delta {
                    decoded
                } else {
                    block.saturating_mul(count)
                };
                codec::check_chunk(piece.min(decoded), self.limits)?;
                (piece, proved as u64)
            }
            Content::Copy => (PLAIN, decoded),
            Content::Fill(_) => (PLAIN, 0),
        };
        let end = self.end_with(decoded)?;
        self.announce(decoded.saturating_sub(proved))?;
        let stored = at..at.saturating_add(header.stored);
        self.split(&stored, end, piece, |from| Part::Buffer { from })
    }

    /// Adds a run of `size` bytes, which is announced in `stored`.
    pub(super) fn push_run(&mut self, stored: &Range<usize>, size: u64, fill: Fill) -> Result<()> {
        let end = self.end_with(size)?;
        self.announce(size)?;
        let part = codec::Part::Blosc(Part::Run(fill));
        let mut last = self.pieces.last_mut().filter(|last| last.part == part);
        if let Some(last) = last.take_if(|last| end.saturating_sub(last.decoded.start) <= PLAIN) {
            last.decoded.end = end;
            self.size = end;
            return Ok(());
        }
        self.split(stored, end, PLAIN, |_| Part::Run(fill))
    }

    /// The end of the next `size` bytes, which must be promised.
    fn end_with(&self, size: u64) -> Result<u64> {
        let promised = self.promised;
        let end = self.size.checked_add(size);
        end.filter(|end| *end <= promised)
            .ok_or_else(|| Malformed::DecodedLong { promised }.into())
    }

    /// A few stored bytes announce as many equal ones as they like, so these have a budget even
    /// when they are decoded piece by piece.
    fn announce(&mut self, size: u64) -> Result<()> {
        self.announced = self.announced.saturating_add(size);
        let (needed, allowed) = (self.announced, self.limits.decoded_bytes);
        if needed <= allowed {
            return Ok(());
        }
        let what = "size in bytes of runs of one value";
        Err(LimitExceeded::new(what, Limit::DecodedBytes, needed, allowed).into())
    }

    /// Adds pieces up to `end`; `part` makes one from where it begins in the buffer.
    fn split(
        &mut self,
        stored: &Range<usize>,
        end: u64,
        piece: u64,
        part: impl Fn(usize) -> Part,
    ) -> Result<()> {
        let begin = self.size;
        self.check_count(end.saturating_sub(begin).div_ceil(piece.max(1)))?;
        while self.size < end {
            let from = self.size.saturating_sub(begin);
            let next = self.size.saturating_add(piece.max(1)).min(end);
            let part = part(usize::try_from(from).unwrap_or(usize::MAX));
            self.pieces.push(Chunk {
                stored: stored.clone(),
                decoded: self.size..next,
                part: codec::Part::Blosc(part),
            });
            self.size = next;
        }
        Ok(())
    }

    fn check_count(&self, more: u64) -> Result<()> {
        let needed = more.saturating_add(self.pieces.len() as u64);
        let allowed = self.limits.chunks;
        if needed <= allowed {
            return Ok(());
        }
        let what = "number of chunks in a block";
        Err(LimitExceeded::new(what, Limit::Chunks, needed, allowed).into())
    }

    /// All pieces, when they have the promised size.
    pub(super) fn finish(self) -> Result<Vec<Chunk>> {
        if self.is_complete() {
            return Ok(self.pieces);
        }
        let (delivered, promised) = (self.size, self.promised);
        Err(Malformed::DecodedShort {
            delivered,
            promised,
        }
        .into())
    }
}
