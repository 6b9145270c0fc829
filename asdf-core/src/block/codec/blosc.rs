//! `blsc` and `bls2`: Blosc buffers of either generation, and Blosc 2 frames.
//!
//! Writers differ in what they put around the buffers, so the content decides, not the label: one
//! buffer after the other (most often just one), each behind its length as a 4-byte big-endian
//! number (Abacus), or a Blosc 2 contiguous frame.
//!
//! Spans of errors count from the first stored byte.

mod bitshuffle;
mod blosclz;
mod buffer;
mod filter;
mod frame;
mod header;
mod pieces;
mod run;
mod shuffle;
mod source;
mod stream;
mod transpose;

#[cfg(test)]
mod tests;

use super::Chunk;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use header::Content;
use header::Header;
use pieces::Pieces;
use run::Run;
use source::Source;
use source::within;

/// Bytes of the length before a buffer.
const LENGTH: usize = 4;

/// The buffers and runs of a block, found without decoding any of them.
pub(crate) fn chunks(stored: &[u8], data_size: u64, limits: &Limits) -> Result<Vec<Chunk>> {
    let source = Source::new(stored, 0);
    let mut pieces = Pieces::new(data_size, limits);
    let lengths = has_lengths(source);
    let mut at = 0_usize;
    while at < source.len() {
        let rest = source.from(at);
        let behind = at > 0 && pieces.is_complete();
        let read = if lengths {
            read_with_length(rest, at, &mut pieces)
        } else {
            read(rest, at, &mut pieces)
        };
        let size = match read {
            Err(error) if behind && error.is_corrupt() => Err(trailing(rest)),
            read => read,
        }?;
        at = at.saturating_add(size);
    }
    pieces.finish().at(source.span())
}

fn trailing(rest: Source<'_>) -> Error {
    let (codec, bytes) = ("blosc", rest.len() as u64);
    Error::from(Malformed::CompressedTrailing { codec, bytes }).at(rest.span())
}

/// Decodes one buffer or run into `out`.
pub(crate) fn decode_chunk(stored: &[u8], out: &mut [u8]) -> Result<()> {
    match Run::announced(stored) {
        Some(run) => {
            run?.fill(out);
            Ok(())
        }
        None => buffer::decode(Source::new(stored, 0), out),
    }
}

/// True when the first four bytes are the length of the buffer or frame behind them.
fn has_lengths(source: Source<'_>) -> bool {
    let Ok(length) = source.array(0).map(u32::from_be_bytes) else {
        return false;
    };
    let inner = source.from(LENGTH);
    if frame::begins(inner) {
        return true;
    }
    let version = inner
        .array(0)
        .is_ok_and(|[version]| (2..=6).contains(&version));
    version && inner.u32_le(12).is_ok_and(|stored| stored == length)
}

/// Adds a buffer or frame with its length; returns the size of both.
fn read_with_length(rest: Source<'_>, at: usize, pieces: &mut Pieces<'_>) -> Result<usize> {
    let length = rest.array(0).map(u32::from_be_bytes)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let inner = rest.part(LENGTH, length)?;
    let found = read(inner, at.saturating_add(LENGTH), pieces)?;
    within("length of the Blosc buffer", found, length..=length).at(rest.span())?;
    Ok(length.saturating_add(LENGTH))
}

/// Adds the buffer or frame that `rest` begins with; returns its size.
fn read(rest: Source<'_>, at: usize, pieces: &mut Pieces<'_>) -> Result<usize> {
    if frame::begins(rest) {
        return frame::read(rest, at, pieces);
    }
    let header = Header::read(rest)?;
    push(at, &header, pieces).at(rest.span())?;
    Ok(header.stored)
}

/// Adds the buffer at `at` of the stored bytes.
fn push(at: usize, header: &Header<'_>, pieces: &mut Pieces<'_>) -> Result<()> {
    let stored = at..at.saturating_add(header.stored);
    let size = header.decoded as u64;
    match header.content {
        Content::Fill(run) => pieces.push_run(&stored, size, run.element()),
        _ => pieces.push(stored, size),
    }
}
