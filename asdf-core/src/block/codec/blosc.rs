//! `blsc` and `bls2`: Blosc buffers of either generation, and Blosc 2 frames.
//!
//! Writers differ in what they put around the buffers, so the content decides, not the label: one
//! buffer after the other (most often just one), each after its length as a 4-byte big-endian
//! number (Abacus), or a Blosc 2 contiguous frame.

mod bitshuffle;
mod blosclz;
mod buffer;
mod copies;
mod filter;
mod frame;
mod header;
mod index;
#[cfg(feature = "lz4")]
mod lz4;
mod shuffle;
mod source;
mod stream;
mod transpose;

#[cfg(test)]
mod tests;

pub(crate) use index::Part;

use crate::block::codec;
use crate::block::codec::chunk::Chunk;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use header::Header;
use index::Index;
use source::Source;

/// Bytes of the length before a buffer.
const LENGTH: usize = 4;

/// The pieces of a block, found without decoding any of them.
///
/// `base` is the absolute offset of the first stored byte, `data_size` the decoded size that the
/// block header promises.
pub(crate) fn chunks(
    stored: &[u8],
    base: u64,
    data_size: u64,
    limits: &Limits,
) -> Result<Vec<Chunk>> {
    let source = Source::new(stored, base);
    let mut index = Index::new(data_size, limits);
    let lengths = has_lengths(source);
    let mut at = 0_usize;
    while at < source.len() {
        let rest = source.from(at);
        let read = if lengths {
            read_with_length(rest, at, limits, &mut index)
        } else {
            read(rest, at, limits, &mut index)
        };
        let size = match read {
            Err(error) if at > 0 && index.is_complete() && error.is_corrupt() => {
                let (codec, bytes) = ("blosc", rest.len() as u64);
                return Err(Malformed::CompressedTrailing { codec, bytes }.into()).at(rest.span());
            }
            read => read?,
        };
        at = at.saturating_add(size);
    }
    index.finish().at(source.span())
}

/// Decodes a piece into `out`, which has the size of `chunk.decoded`. `stored` are all stored
/// bytes, the first of which is at absolute offset `base`.
pub(crate) fn decode_chunk(stored: &[u8], base: u64, chunk: &Chunk, out: &mut [u8]) -> Result<()> {
    let codec::Part::Blosc(part) = chunk.part else {
        return Ok(());
    };
    match part {
        Part::Buffer { from } => {
            let size = chunk.stored.len();
            let buffer = Source::new(stored, base).part(chunk.stored.start, size)?;
            buffer::decode(buffer, from, out)
        }
        Part::Run(kind) => {
            buffer::fill(kind, &[], 0, out);
            Ok(())
        }
    }
}

/// True when the first four bytes are the length of the buffer or frame after them.
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
fn read_with_length(
    rest: Source<'_>,
    at: usize,
    limits: &Limits,
    index: &mut Index<'_>,
) -> Result<usize> {
    let length = rest.array(0).map(u32::from_be_bytes)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let inner = rest.part(LENGTH, length)?;
    let found = read(inner, at.saturating_add(LENGTH), limits, index)?;
    let found = source::within("length of the Blosc buffer", found, length..=length);
    Ok(found.at(rest.span())?.saturating_add(LENGTH))
}

/// Adds the buffer or frame that `rest` begins with; returns its size.
fn read(rest: Source<'_>, at: usize, limits: &Limits, index: &mut Index<'_>) -> Result<usize> {
    if frame::begins(rest) {
        return frame::read(rest, at, limits, index);
    }
    let header = Header::read(rest)?;
    index.push(at, &header).at(rest.span())?;
    Ok(header.stored)
}
