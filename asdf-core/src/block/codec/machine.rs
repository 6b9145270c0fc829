//! Codecs that are machines: fed with input, they fill output and say when they are done.

use super::decoder::Decoder;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use std::io;
use std::io::Read;

/// What one turn of a machine did.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// Bytes of input used up.
    pub(super) read: usize,
    /// Bytes of output written.
    pub(super) written: usize,
    /// True at the end of the compressed data.
    pub(super) ended: bool,
}

/// Decodes piece by piece.
pub(super) trait Machine: Send {
    /// Name for messages.
    const CODEC: &'static str;

    /// Decodes some of `input` into some of `output`.
    fn turn(&mut self, input: &[u8], output: &mut [u8]) -> Result<Turn>;

    /// Prepares for another stream after the end of one, when `rest` is the begin of one.
    fn again(&mut self, rest: &[u8]) -> bool;

    /// Bytes of streams without data at the front of `rest`. A machine for each would cost far more than they are.
    fn empty_streams(_rest: &[u8]) -> usize {
        0
    }
}

/// Runs a machine over the stored bytes of a block.
pub(super) struct Running<'a, M> {
    machine: M,
    rest: &'a [u8],
    ended: bool,
}

impl<'a, M: Machine> Running<'a, M> {
    pub(super) fn new(machine: M, stored: &'a [u8]) -> Self {
        // An empty block may be stored as nothing at all.
        let rest = behind_empty::<M>(stored);
        Self {
            machine,
            rest,
            ended: rest.is_empty(),
        }
    }
}

/// What follows the streams without data.
fn behind_empty<M: Machine>(stored: &[u8]) -> &[u8] {
    stored.get(M::empty_streams(stored)..).unwrap_or_default()
}

impl<M: Machine> Read for Running<'_, M> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !out.is_empty() {
            let turn = self
                .machine
                .turn(self.rest, out)
                .map_err(io::Error::other)?;
            self.rest = self.rest.get(turn.read..).unwrap_or_default();
            if turn.ended {
                self.rest = behind_empty::<M>(self.rest);
                self.ended = !self.machine.again(self.rest);
            }
            if turn.written > 0 {
                return Ok(turn.written);
            }
            if turn.read == 0 && !turn.ended {
                let detail = "it is cut before its end";
                return Err(io::Error::other(bad::<M>(detail)));
            }
        }
        Ok(0)
    }
}

impl<M: Machine> Decoder for Running<'_, M> {
    fn left_over(&self) -> usize {
        self.rest.len()
    }
}

/// The error for data that the machine refuses.
pub(super) fn bad<M: Machine>(detail: impl Into<Box<str>>) -> Error {
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
