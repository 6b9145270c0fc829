//! Bytes that a stream is unpacked to: held while they are few, in a temporary file without a name beyond.

use super::{Input, Store, mapped};
use crate::error::{LimitExceeded, Result};
use crate::limits::Limit;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;

/// Bytes that are held in memory.
const HELD: usize = 32 << 20;
/// Bytes unpacked at a time.
const PIECE: u64 = 256 << 10;

/// What has come of a stream so far.
pub(crate) struct Unpacked<R> {
    stream: R,
    what: &'static str,
    limit: (Limit, u64),
    held: Vec<u8>,
    spilled: Option<File>,
    length: u64,
    ended: bool,
}

impl<R: Read> Unpacked<R> {
    /// Nothing yet; `what` is counted, and `limit` is the name and the value of a limit.
    pub(crate) fn new(stream: R, what: &'static str, limit: (Limit, u64)) -> Self {
        Self {
            stream,
            what,
            limit,
            held: Vec::new(),
            spilled: None,
            length: 0,
            ended: false,
        }
    }

    /// Bytes that have come.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Whether the stream has come to its end.
    #[cfg(feature = "fits")]
    pub(crate) fn is_ended(&self) -> bool {
        self.ended
    }

    /// Unpacks until there are that many bytes, or no more.
    pub(crate) fn fill(&mut self, goal: u64) -> Result<()> {
        while !self.ended && self.length < goal {
            self.next(goal)?;
        }
        Ok(())
    }

    /// Unpacks a piece, not beyond `goal`, and gives it; empty at the end.
    pub(crate) fn next(&mut self, goal: u64) -> Result<Vec<u8>> {
        let wanted = goal.saturating_sub(self.length).min(PIECE);
        let mut piece = Vec::new();
        self.stream.by_ref().take(wanted).read_to_end(&mut piece)?;
        self.ended = (piece.len() as u64) < wanted;
        self.length = self.length.saturating_add(piece.len() as u64);
        let (limit, allowed) = self.limit;
        LimitExceeded::check(self.what, limit, self.length, allowed)?;
        self.keep(&piece)?;
        Ok(piece)
    }

    fn keep(&mut self, piece: &[u8]) -> Result<()> {
        if self.spilled.is_none() && self.held.len().saturating_add(piece.len()) > HELD {
            let mut file = tempfile::tempfile()?;
            file.write_all(&self.held)?;
            self.held = Vec::new();
            self.spilled = Some(file);
        }
        match &mut self.spilled {
            Some(file) => file.write_all(piece)?,
            None => self.held.extend_from_slice(piece),
        }
        Ok(())
    }

    /// All that has come.
    pub(crate) fn into_input(self) -> Result<Input> {
        let Some(file) = self.spilled else {
            return Ok(self.held.into());
        };
        let map = mapped::map(&file, file.metadata()?.len())?;
        Ok(Input {
            end: map.len(),
            store: Arc::new(Store::Unpacked(map, file)),
            is_overlaid: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bytes_are_held_and_many_are_spilled() {
        for size in [0, 1000, HELD as u64 + 1000] {
            let stream = std::io::repeat(7).take(size);
            let mut unpacked = Unpacked::new(stream, "bytes", (Limit::UnpackedBytes, u64::MAX));
            unpacked.fill(u64::MAX).unwrap();
            assert_eq!((unpacked.len(), unpacked.is_ended()), (size, true));
            let input = unpacked.into_input().unwrap();
            assert_eq!(input.len(), size);
            assert!(input.whole().unwrap().iter().all(|byte| *byte == 7));
        }
    }

    #[test]
    fn a_stream_without_end_is_refused() {
        let limit = (Limit::UnpackedBytes, 10_000_000);
        let mut unpacked = Unpacked::new(std::io::repeat(7), "bytes", limit);
        assert!(unpacked.fill(u64::MAX).is_err_and(|error| error.is_limit()));
    }
}
