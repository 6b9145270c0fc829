//! `lz4`: ASDF's own framing, see the decoder.

use super::chunked;
use super::chunked::Cut;
use super::source::Source;
use crate::error::Result;
use lz4_flex::block::compress_into;
use lz4_flex::block::get_maximum_output_size;
use std::io;
use std::io::Write;

/// Decoded bytes of a chunk, as the Python library has them.
const CHUNK: usize = 4 << 20;

/// Bytes of the two sizes before an LZ4 block.
const SIZES: usize = 8;

/// Writes a chunk for each `chunk` bytes of the data, or 4 MiB; without data nothing.
pub(super) fn encode(
    chunk: Option<usize>,
    source: &mut Source<'_>,
    sink: &mut impl Write,
) -> Result<()> {
    let cut = Cut {
        chunk: chunk.unwrap_or(CHUNK),
        before: 0,
    };
    chunked::run(
        cut,
        source,
        |chunk, out| {
            let size = compress(chunk.data, SIZES, out)?;
            // Both are little more than a chunk at most.
            let length = u32::try_from(size.saturating_add(4)).unwrap_or(u32::MAX);
            let decoded = u32::try_from(chunk.data.len()).unwrap_or(u32::MAX);
            let sizes = length
                .to_be_bytes()
                .into_iter()
                .chain(decoded.to_le_bytes());
            for (place, byte) in out.iter_mut().zip(sizes) {
                *place = byte;
            }
            Ok(size.saturating_add(SIZES))
        },
        |out, size| Ok(sink.write_all(out.get(..size).unwrap_or_default())?),
    )
}

/// Compresses `data` to one LZ4 block, `room` bytes after the start of `out`; returns its size.
/// What is after it in `out` is left over: cutting it would mean to clear it the next time.
pub(super) fn compress(data: &[u8], room: usize, out: &mut Vec<u8>) -> Result<usize> {
    let needed = get_maximum_output_size(data.len()).saturating_add(room);
    if out.len() < needed {
        out.resize(needed, 0);
    }
    let out = out.get_mut(room..).unwrap_or_default();
    Ok(compress_into(data, out).map_err(io::Error::other)?)
}
