//! `lz4`: ASDF's own framing of LZ4 blocks.
//!
//! A chunk is a 4-byte big-endian length of what follows, a 4-byte little-endian decoded size
//! (counted in that length) and one LZ4 block. The chunk size is the writer's choice.

use super::chunk::Chunk;
use super::chunk::Chunks;
use crate::block::Stored;
use crate::block::codec;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use std::iter;
use std::ops::Range;

/// Bytes of the two size fields of a chunk.
const SIZES: usize = 8;

/// No byte of an LZ4 block stands for more than this many decoded ones.
const RATIO: u64 = 255;

/// Stored bytes in front of a range that are fetched at most, for the sake of the chunk sizes among them.
const FRONT: usize = 32 << 20;

/// Sizes of chunks that are looked for at once.
const HEADS: usize = 1 << 16;

/// The chunks, found by walking over their sizes. Where that means to fetch them the walk ends after the wanted range.
pub(super) fn chunks(
    stored: Stored<'_>,
    data_size: u64,
    wanted: &Range<u64>,
    limits: &Limits,
) -> Result<Vec<Chunk>> {
    let mut chunks = Chunks::new(data_size, limits);
    let mut at = 0_usize;
    while at < stored.len() {
        let (range, size) = chunk(stored, at)?;
        let most = (range.len() as u64).saturating_mul(RATIO);
        if size > most {
            return Err(bad(format!(
                "chunk at {at} of {} bytes claims {size} decoded",
                range.len()
            )));
        }
        if at == 0 && stored.is_asked_for() {
            stored.want(&front(stored.len(), data_size, size, wanted))?;
        }
        at = range.end;
        codec::check_chunk(size, limits)?;
        chunks.push(range, size)?;
        if stored.is_asked_for() && chunks.size() >= wanted.end {
            return Ok(chunks.so_far());
        }
    }
    chunks.finish()
}

/// Where the chunks of a range are likely to stand, and the sizes of those in front of it, when all chunks but the last one decode
/// to `size` bytes: the mean length of a chunk is known, and around each place that it gives there is as much as [`FRONT`] allows.
/// When that is all in front of the range it is one piece.
fn front(length: usize, data_size: u64, size: u64, wanted: &Range<u64>) -> Vec<Range<usize>> {
    let as_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let in_chunks = |place: u64| as_usize(place.checked_div(size).unwrap_or(0));
    let count = as_usize(data_size.div_ceil(size.max(1))).max(1);
    let mean = length.div_ceil(count);
    let before = in_chunks(wanted.start);
    let last = in_chunks(wanted.end.min(data_size)).saturating_add(1);
    let (start, end) = (before.saturating_mul(mean), last.saturating_mul(mean));
    if start <= FRONT {
        return iter::once(0..end.min(length)).collect();
    }
    if before > HEADS {
        return Vec::new();
    }
    let around = FRONT.checked_div(before).unwrap_or(0) / 2;
    let heads = (1..=before).map(|number| {
        let place = number.saturating_mul(mean);
        place.saturating_sub(around)..place.saturating_add(around).min(length)
    });
    heads.chain(iter::once(start..end.min(length))).collect()
}

/// The chunks in front of the first one that is not whole.
pub(super) fn whole_chunks(
    stored: Stored<'_>,
    data_size: u64,
    limits: &Limits,
) -> Result<Vec<Chunk>> {
    let mut chunks = Chunks::new(data_size, limits);
    let mut at = 0_usize;
    loop {
        let (range, size) = match chunk(stored, at) {
            Ok(found) => found,
            Err(error) if error.is_of_source() => return Err(error),
            Err(_) => break,
        };
        let most = (range.len() as u64).saturating_mul(RATIO);
        at = range.end;
        if size > most {
            break;
        }
        codec::check_chunk(size, limits)?;
        if chunks.push(range, size).is_err() {
            break;
        }
    }
    Ok(chunks.so_far())
}

/// The LZ4 block of the chunk at `at` and its decoded size.
fn chunk(stored: Stored<'_>, at: usize) -> Result<(Range<usize>, u64)> {
    let there = stored.len().saturating_sub(at);
    let sizes = stored.get(at..at.saturating_add(SIZES))?;
    let Some((length, rest)) = sizes.split_first_chunk::<4>() else {
        return Err(bad(format!("{there} bytes at {at} are not a chunk length")));
    };
    let available = there.saturating_sub(4);
    let length = u64::from(u32::from_be_bytes(*length));
    let Some((size, _)) = rest.split_first_chunk::<4>().filter(|_| length > 4) else {
        return Err(bad(format!(
            "chunk at {at} has a length of {length}, {available} are there"
        )));
    };
    let end = usize::try_from(length)
        .ok()
        .filter(|&length| length <= available);
    let end = end.and_then(|length| at.checked_add(4)?.checked_add(length));
    let end = end.ok_or_else(|| {
        bad(format!(
            "chunk at {at} has a length of {length}, {available} are there"
        ))
    })?;
    Ok((
        at.saturating_add(SIZES)..end,
        u32::from_le_bytes(*size).into(),
    ))
}

/// Decodes one LZ4 block, which must fill `out`.
pub(super) fn decode_chunk(stored: &[u8], out: &mut [u8]) -> Result<()> {
    let written =
        lz4_flex::block::decompress_into(stored, out).map_err(|error| bad(error.to_string()))?;
    if written != out.len() {
        let (delivered, promised) = (written as u64, out.len() as u64);
        return Err(Malformed::DecodedShort {
            delivered,
            promised,
        }
        .into());
    }
    Ok(())
}

fn bad(detail: String) -> Error {
    Malformed::Compressed {
        codec: "lz4",
        detail: detail.into(),
    }
    .into()
}
