//! Collects the chunks of a block.

use crate::block::codec::Chunk;
use crate::block::codec::Chunks;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::limits::Limits;
use std::ops::Range;

/// Decoded bytes of a piece of a run.
const PIECE: u64 = 4 << 20;

/// The chunks found so far.
pub(super) struct Pieces<'l> {
    chunks: Chunks<'l>,
    size: u64,
    promised: u64,
    limits: &'l Limits,
}

impl<'l> Pieces<'l> {
    /// None yet, of a block that promises that many bytes.
    pub(super) fn new(promised: u64, limits: &'l Limits) -> Self {
        Self {
            chunks: Chunks::new(promised, limits),
            size: 0,
            promised,
            limits,
        }
    }

    /// True when the promised size is reached.
    pub(super) fn is_complete(&self) -> bool {
        self.size == self.promised
    }

    /// Adds a buffer of `size` decoded bytes.
    pub(super) fn push(&mut self, stored: Range<usize>, size: u64) -> Result<()> {
        if size > 0 {
            self.chunks.push(stored, size)?;
            self.size = self.size.saturating_add(size);
        }
        Ok(())
    }

    /// Adds a run of a value of `element` bytes, in pieces that each begin with a whole one.
    ///
    /// A few bytes announce a run of any size, so it has to keep to the limit for decoded bytes.
    pub(super) fn push_run(
        &mut self,
        stored: &Range<usize>,
        size: u64,
        element: usize,
    ) -> Result<()> {
        let (needed, allowed) = (self.size.saturating_add(size), self.limits.decoded_bytes);
        if needed > allowed && needed <= self.promised {
            let what = "decoded size in bytes";
            return Err(LimitExceeded {
                what,
                name: "decoded_bytes",
                needed,
                allowed,
            }
            .into());
        }
        let element = (element as u64).max(1);
        let piece = PIECE.next_multiple_of(element);
        // One piece too large is refused before any is cut.
        if needed > self.promised {
            return self.push(stored.clone(), size);
        }
        let mut left = size;
        while left > 0 {
            self.push(stored.clone(), piece.min(left))?;
            left = left.saturating_sub(piece);
        }
        Ok(())
    }

    /// Checks that `more` chunks are within the limit, before room is made for them.
    pub(super) fn check_count(&self, more: u64) -> Result<()> {
        let allowed = self.limits.chunks;
        if more <= allowed {
            return Ok(());
        }
        let what = "number of chunks in a block";
        Err(LimitExceeded {
            what,
            name: "chunks",
            needed: more,
            allowed,
        }
        .into())
    }

    /// All chunks, when they have the promised size.
    pub(super) fn finish(self) -> Result<Vec<Chunk>> {
        self.chunks.finish()
    }
}
