//! The pieces of a block that can be decoded one without the other.

use super::header::Content;
use super::header::Fill;
use super::header::Header;
use super::source::Source;
use crate::block::codec;
use crate::block::codec::Chunk;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use std::ops::Range;

/// Decoded bytes of a piece, where blocks are smaller.
const PIECE: u64 = 256 << 10;

/// Decoded bytes of a piece where nothing is compressed, unless that gives more than [`MANY`].
const PLAIN: u64 = 4 << 20;

/// Pieces of plain bytes that are not too many.
const MANY: u64 = 1 << 16;

/// What to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A buffer, from this decoded byte on.
    Buffer { from: usize },
    /// Nothing: one value all over.
    Run(Fill),
}

/// Collects the pieces.
pub(super) struct Index<'l> {
    pieces: Vec<Chunk>,
    size: u64,
    promised: u64,
    limits: &'l Limits,
}

impl<'l> Index<'l> {
    /// No piece yet, of a block that promises that many bytes.
    pub(super) fn new(promised: u64, limits: &'l Limits) -> Self {
        Self {
            pieces: Vec::new(),
            size: 0,
            promised,
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
        let piece = match &header.content {
            Content::Blocks(blocks) if blocks.filters.has_delta() => decoded,
            Content::Blocks(blocks) => {
                let block = blocks.block as u64;
                (PIECE / block).max(1).saturating_mul(block)
            }
            Content::Copy | Content::Fill(_) => self.plain(),
        };
        let stored = at..at.saturating_add(header.stored);
        self.split(&stored, decoded, piece, |from| Part::Buffer { from })
    }

    /// Adds a run of `size` bytes, which is announced in `stored`.
    pub(super) fn push_run(&mut self, stored: &Range<usize>, size: u64, fill: Fill) -> Result<()> {
        // A multiple of every element, so that each piece begins with a whole one.
        let piece = self.plain() / PLAIN * PLAIN;
        let (begin, promised) = (self.size, self.promised);
        if let Some(last) = self
            .pieces
            .last_mut()
            .filter(|last| last.part == codec::Part::Blosc(Part::Run(fill)))
        {
            let end = begin.saturating_add(size);
            if end <= promised && end - last.decoded.start <= piece {
                last.decoded.end = end;
                self.size = end;
                return Ok(());
            }
        }
        self.split(stored, size, piece, |_| Part::Run(fill))
    }

    /// Bytes of a piece that is not compressed.
    fn plain(&self) -> u64 {
        PLAIN.max(self.promised / MANY)
    }

    fn split(
        &mut self,
        stored: &Range<usize>,
        size: u64,
        piece: u64,
        part: impl Fn(usize) -> Part,
    ) -> Result<()> {
        let end = self
            .size
            .checked_add(size)
            .filter(|end| *end <= self.promised);
        let end = end.ok_or_else(|| self.wrong_size(self.size.saturating_add(size)))?;
        let count = size.div_ceil(piece.max(1));
        self.check_count(count)?;
        let begin = self.size;
        for number in 0..count {
            let from = number * piece;
            let decoded = begin + from..end.min(begin + from + piece);
            let part = part(usize::try_from(from).unwrap_or(usize::MAX));
            self.pieces.push(Chunk {
                stored: stored.clone(),
                decoded,
                part: codec::Part::Blosc(part),
            });
        }
        self.size = end;
        Ok(())
    }

    fn check_count(&self, more: u64) -> Result<()> {
        let needed = more.saturating_add(self.pieces.len() as u64);
        let allowed = self.limits.chunks;
        if needed <= allowed {
            return Ok(());
        }
        let what = "compressed chunks in a block";
        Err(LimitExceeded {
            what,
            name: "chunks",
            needed,
            allowed,
        }
        .into())
    }

    fn wrong_size(&self, found: u64) -> Error {
        Malformed::BloscSize {
            found,
            promised: self.promised,
        }
        .into()
    }

    /// All pieces of `source`, when they have the promised size.
    pub(super) fn finish(self, source: Source<'_>) -> Result<Vec<Chunk>> {
        if self.is_complete() {
            return Ok(self.pieces);
        }
        Err(self.wrong_size(self.size).at(source.span()))
    }
}
