//! `lz4`: ASDF's own framing of LZ4 blocks.
//!
//! A chunk is a 4-byte big-endian length of what follows, a 4-byte little-endian decoded size
//! (counted in that length) and one LZ4 block. The chunk size is the writer's choice.

use super::chunk::Chunk;
use super::chunk::Chunks;
use crate::block::codec;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::Limits;
use std::ops::Range;

/// Bytes of the two size fields of a chunk.
const SIZES: usize = 8;

/// No byte of an LZ4 block stands for more than this many decoded ones.
const RATIO: u64 = 255;

/// The chunks, found by walking over their sizes.
pub(super) fn chunks(stored: &[u8], data_size: u64, limits: &Limits) -> Result<Vec<Chunk>> {
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
        at = range.end;
        codec::check_chunk(size, limits)?;
        chunks.push(range, size)?;
    }
    chunks.finish()
}

/// The chunks in front of the first one that is not whole.
pub(super) fn whole_chunks(stored: &[u8], data_size: u64, limits: &Limits) -> Result<Vec<Chunk>> {
    let mut chunks = Chunks::new(data_size, limits);
    let mut at = 0_usize;
    while let Ok((range, size)) = chunk(stored, at) {
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
fn chunk(stored: &[u8], at: usize) -> Result<(Range<usize>, u64)> {
    let rest = stored.get(at..).unwrap_or_default();
    let Some((length, rest)) = rest.split_first_chunk::<4>() else {
        return Err(bad(format!(
            "{} bytes at {at} are not a chunk length",
            rest.len()
        )));
    };
    let length = u64::from(u32::from_be_bytes(*length));
    let Some((size, _)) = rest.split_first_chunk::<4>().filter(|_| length > 4) else {
        return Err(bad(format!(
            "chunk at {at} has a length of {length}, {} are there",
            rest.len()
        )));
    };
    let available = rest.len();
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
