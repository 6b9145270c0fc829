//! `zlib`: one zlib stream, of chunks that are compressed side by side.
//!
//! A chunk begins with what the one before it ends with as its dictionary, and ends at a whole byte
//! with an empty stored block (a "sync flush"), so the chunks joined are one deflate stream.

use super::chunked;
use super::chunked::Chunk;
use super::chunked::Cut;
use super::source::Source;
use crate::error::Result;
use flate2::Compress;
use flate2::Compression;
use flate2::FlushCompress;
use simd_adler32::adler32;
use std::io;
use std::io::Write;

/// Decoded bytes of a chunk.
const CHUNK: usize = 1 << 20;

/// How far deflate looks back.
const WINDOW: usize = 32 << 10;

/// Output space taken at a time beyond what is likely, so that a flush is written at once.
const SPACE: usize = 64 << 10;

/// The last block of the stream: it has fixed codes and only the one for its end.
const END: [u8; 2] = [3, 0];

/// The modulus of Adler-32.
const BASE: u64 = 65_521;

/// Writes the stream; `level` is 0 to 9.
pub(super) fn encode(level: i32, source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    let level = u32::try_from(level).unwrap_or_default();
    sink.write_all(&header(level))?;
    let cut = Cut {
        chunk: CHUNK,
        before: WINDOW,
    };
    let mut sum = 1;
    chunked::run(
        cut,
        source,
        |chunk, out| {
            deflate(level, chunk, out)?;
            Ok((adler32(&chunk.data), chunk.data.len() as u64))
        },
        |out, (next, size)| {
            sum = joined(sum, next, size);
            Ok(sink.write_all(out)?)
        },
    )?;
    sink.write_all(&END)?;
    Ok(sink.write_all(&sum.to_be_bytes())?)
}

/// Method and window, a hint to the level, and what makes both a multiple of 31.
fn header(level: u32) -> [u8; 2] {
    let hint = match level {
        0 | 1 => 0x01,
        2..=5 => 0x5e,
        6 => 0x9c,
        _ => 0xda,
    };
    [0x78, hint]
}

/// Makes `out` the chunk as raw deflate.
fn deflate(level: u32, chunk: Chunk<'_>, out: &mut Vec<u8>) -> Result<()> {
    out.clear();
    out.reserve(chunk.data.len().saturating_add(SPACE));
    let mut deflate = Compress::new(Compression::new(level), false);
    if !chunk.before.is_empty() {
        deflate
            .set_dictionary(chunk.before)
            .map_err(io::Error::other)?;
    }
    loop {
        let read = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
        let rest = chunk.data.get(read..).unwrap_or_default();
        deflate
            .compress_vec(rest, out, FlushCompress::Sync)
            .map_err(io::Error::other)?;
        // The flush is complete when it did not need all the space that there was.
        if out.len() < out.capacity() {
            return Ok(());
        }
        out.reserve(SPACE);
    }
}

/// The checksum of data from those of its two parts, the second of which has `size` bytes.
///
/// The lower half of a sum is one more than the sum of the bytes, the upper half the sum of all
/// lower halves on the way, which the first part raises by its own once for each byte of the second.
fn joined(first: u32, second: u32, size: u64) -> u32 {
    let halves = |sum: u32| (u64::from(sum & 0xffff), u64::from(sum >> 16));
    let ((low1, high1), (low2, high2)) = (halves(first), halves(second));
    let before = low1.saturating_add(BASE).saturating_sub(1);
    let raised = (before % BASE).saturating_mul(size % BASE);
    let low = before.saturating_add(low2) % BASE;
    let high = high1.saturating_add(high2).saturating_add(raised) % BASE;
    u32::try_from(high << 16 | low).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_parts_join_to_that_of_the_whole() {
        let data: Vec<u8> = (0..200_000_u32)
            .map(|i| (i.wrapping_mul(i) >> 7).to_le_bytes()[0])
            .collect();
        let whole = adler32(&&data[..]);
        for at in [0, 1, 5, 65_520, 65_521, 65_522, 131_042, 200_000] {
            let (first, second) = data.split_at(at);
            let size = second.len() as u64;
            assert_eq!(
                joined(adler32(&first), adler32(&second), size),
                whole,
                "{at}"
            );
        }
    }
}
