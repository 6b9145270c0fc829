//! Codecs that decompress a stream: fed with input, they fill output and say when they are done.

use super::decoder::Decoder;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use std::io;
use std::io::Read;

/// What one call of a decompressor did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// Bytes of input used up.
    pub(super) read: usize,
    /// Bytes of output written.
    pub(super) written: usize,
    /// True at the end of the compressed data.
    pub(super) ended: bool,
}

/// Decodes piece by piece.
pub(super) trait StreamDecompressor: Send {
    /// Name for messages.
    const CODEC: &'static str;

    /// Decodes some of `input` into some of `output`.
    fn advance(&mut self, input: &[u8], output: &mut [u8]) -> Result<Progress>;

    /// Prepares for another stream after the end of one, when `rest` is the begin of one.
    fn begin_next_member(&mut self, rest: &[u8]) -> bool;

    /// Bytes of streams without data at the front of `rest`. A decompressor for each would cost far more than they are.
    fn empty_streams(_rest: &[u8]) -> usize {
        0
    }
}

/// The decompressed bytes of a block, read from the stored ones.
pub(super) struct DecompressReader<'a, M> {
    decompressor: M,
    rest: &'a [u8],
    ended: bool,
}

impl<'a, M: StreamDecompressor> DecompressReader<'a, M> {
    pub(super) fn new(decompressor: M, stored: &'a [u8]) -> Self {
        // An empty block may be stored as nothing at all.
        let rest = behind_empty::<M>(stored);
        Self {
            decompressor,
            rest,
            ended: rest.is_empty(),
        }
    }
}

/// What follows the streams without data.
fn behind_empty<M: StreamDecompressor>(stored: &[u8]) -> &[u8] {
    stored.get(M::empty_streams(stored)..).unwrap_or_default()
}

impl<M: StreamDecompressor> Read for DecompressReader<'_, M> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !out.is_empty() {
            let progress = self
                .decompressor
                .advance(self.rest, out)
                .map_err(io::Error::other)?;
            self.rest = self.rest.get(progress.read..).unwrap_or_default();
            if progress.ended {
                self.rest = behind_empty::<M>(self.rest);
                self.ended = !self.decompressor.begin_next_member(self.rest);
            }
            if progress.written > 0 {
                return Ok(progress.written);
            }
            if progress.read == 0 && !progress.ended {
                let detail = "it is cut before its end";
                return Err(io::Error::other(bad::<M>(detail)));
            }
        }
        Ok(0)
    }
}

impl<M: StreamDecompressor> Decoder for DecompressReader<'_, M> {
    fn left_over(&self) -> usize {
        self.rest.len()
    }
}

/// The error for data that the decompressor refuses.
pub(super) fn bad<M: StreamDecompressor>(detail: impl Into<Box<str>>) -> Error {
    Malformed::Compressed {
        codec: M::CODEC,
        detail: detail.into(),
    }
    .into()
}

/// The distance between two readings of a counter.
#[cfg(any(feature = "zlib", feature = "bzip2"))]
pub(super) fn since(before: u64, after: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}
