//! Decoding into no more memory than real output needs.

use super::codec::Chunk;
use super::codec::DecodeChunk;
use super::codec::Decoder;
use super::stored::Stored;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use rayon::prelude::*;
use std::io;
use std::io::Read;
use std::ops::Range;

/// Decoded bytes that are worth a parallel job of their own.
const JOB: usize = 256 << 10;

/// Bytes read at a time when they are not kept.
const SKIPPED: usize = 128 << 10;

/// Reads a decoder to its end, which must come after exactly `promised` bytes; the memory for them
/// is taken as they come. `hint` is how many are likely.
pub(super) fn collect(
    decoder: &mut (dyn Decoder + '_),
    promised: u64,
    hint: usize,
) -> Result<Vec<u8>> {
    let out = fill(decoder, promised, hint)?;
    at_end(decoder, promised)?;
    Ok(out)
}

fn fill(decoder: &mut (dyn Decoder + '_), promised: u64, hint: usize) -> Result<Vec<u8>> {
    let goal = usize::try_from(promised).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut filled = 0_usize;
    while filled < goal {
        if filled == out.len() {
            let size = filled
                .saturating_mul(2)
                .max(hint)
                .clamp(64 << 10, usize::MAX)
                .min(goal);
            out.try_reserve_exact(size.saturating_sub(filled))
                .map_err(out_of_memory)?;
            out.resize(size, 0);
        }
        let count = decoder.read(out.get_mut(filled..).unwrap_or_default())?;
        if count == 0 {
            return Err(Malformed::DecodedShort {
                delivered: filled as u64,
                promised,
            }
            .into());
        }
        filled = filled.saturating_add(count);
    }
    Ok(out)
}

/// Reads exactly `count` bytes, whatever follows.
pub(super) fn collect_some(decoder: &mut (dyn Decoder + '_), count: u64) -> Result<Vec<u8>> {
    fill(decoder, count, 0)
}

/// Checks that nothing more comes.
pub(super) fn at_end(decoder: &mut (dyn Decoder + '_), promised: u64) -> Result<()> {
    if decoder.read(&mut [0])? == 0 {
        Ok(())
    } else {
        Err(Malformed::DecodedLong { promised }.into())
    }
}

/// Reads and forgets at most `count` bytes, and says how many there were.
pub(super) fn skip(reader: &mut dyn Read, count: u64) -> Result<u64> {
    let mut reader = reader.take(count);
    let mut piece = vec![0; SKIPPED];
    let mut skipped = 0_u64;
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok(skipped),
            count => skipped = skipped.saturating_add(count as u64),
        }
    }
}

/// Bytes of what these chunks decode to.
pub(super) fn decoded_size(chunks: &[Chunk]) -> usize {
    let ends = chunks.first().zip(chunks.last());
    let size = ends.map_or(0, |(first, last)| {
        last.decoded.end.saturating_sub(first.decoded.start)
    });
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// Decodes these chunks in parallel, one after the other, into `out`, which is as long as they are.
pub(super) fn decode_into(
    out: &mut [u8],
    stored: Stored<'_>,
    chunks: &[Chunk],
    decode: DecodeChunk,
) -> Result<()> {
    let jobs = jobs(chunks, out);
    jobs.into_par_iter().with_max_len(1).try_for_each(|job| {
        let mut out = job.out;
        for chunk in job.chunks {
            let length = length(&chunk.decoded).min(out.len());
            let (piece, rest) = out.split_at_mut(length);
            out = rest;
            decode(stored, chunk, piece).at(span(&chunk.stored, stored.base()))?;
        }
        Ok(())
    })
}

/// Chunks with the place for what they decode to.
struct Job<'c, 'o> {
    chunks: &'c [Chunk],
    out: &'o mut [u8],
}

/// Cuts the work into jobs that are neither tiny nor more than one chunk too big.
fn jobs<'c, 'o>(mut chunks: &'c [Chunk], mut out: &'o mut [u8]) -> Vec<Job<'c, 'o>> {
    let mut jobs = Vec::new();
    while !chunks.is_empty() {
        let mut size = 0_usize;
        let count = chunks.iter().take_while(|chunk| {
            let open = size < JOB;
            size = if open {
                size.saturating_add(length(&chunk.decoded))
            } else {
                size
            };
            open
        });
        let (mine, others) = chunks.split_at(count.count());
        let (place, rest) = out.split_at_mut(size.min(out.len()));
        jobs.push(Job {
            chunks: mine,
            out: place,
        });
        (chunks, out) = (others, rest);
    }
    jobs
}

fn out_of_memory(error: std::collections::TryReserveError) -> Error {
    io::Error::new(io::ErrorKind::OutOfMemory, error).into()
}

fn length(range: &Range<u64>) -> usize {
    usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX)
}

/// A range of stored bytes as absolute file offsets.
fn span(stored: &Range<usize>, base: u64) -> Range<u64> {
    base.saturating_add(stored.start as u64)..base.saturating_add(stored.end as u64)
}
