//! The decoded data of a block as a stream in bounded memory.

use super::bounded;
use super::codec::Chunk;
use super::codec::DecodeChunk;
use super::codec::Decoder;
use super::codec::Part;
use super::stored::Stored;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::input::Input;
use std::io;
use std::io::Read;
use std::ops::Range;

/// Decoded bytes that each thread works on ahead of the reader.
const AHEAD: u64 = 4 << 20;

/// Up to this size each thread gets a chunk, even when that is more than [`AHEAD`].
const BIG_CHUNK: u64 = 16 << 20;

/// Reads a raw block from the file.
pub(super) struct RawReader<'f> {
    pub(super) input: &'f Input,
    /// What is still to be read, as absolute file offsets.
    pub(super) left: Range<u64>,
}

impl Read for RawReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.end.saturating_sub(self.left.start);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let out = out.get_mut(..most).unwrap_or_default();
        if out.is_empty() {
            return Ok(0);
        }
        let count = self
            .input
            .read_pass(self.left.start, self.left.end, out)
            .map_err(io::Error::other)?;
        if count == 0 {
            let fact = Malformed::Truncated {
                needed: left,
                available: 0,
            };
            return Err(io::Error::other(Error::from(fact)));
        }
        self.left.start = self.left.start.saturating_add(count as u64);
        Ok(count)
    }
}

/// Decodes a few chunks at a time, in parallel.
pub(super) struct ChunkReader<'f> {
    input: &'f Input,
    stored: Stored<'f>,
    chunks: std::vec::IntoIter<Chunk>,
    decode: DecodeChunk,
    /// Stored bytes of the batch, when they were copied out of the file.
    raw: Vec<u8>,
    batch: Vec<u8>,
    given: usize,
}

impl<'f> ChunkReader<'f> {
    /// Reads these chunks of `stored`, which lies in the file `input`.
    pub(super) fn new(
        input: &'f Input,
        stored: Stored<'f>,
        chunks: Vec<Chunk>,
        decode: DecodeChunk,
    ) -> Self {
        Self {
            input,
            stored,
            chunks: chunks.into_iter(),
            decode,
            raw: Vec::new(),
            batch: Vec::new(),
            given: 0,
        }
    }

    /// Decodes the next batch; false when there is none.
    fn refill(&mut self) -> io::Result<bool> {
        let left = self.chunks.as_slice();
        let Some(first) = left.first() else {
            return Ok(false);
        };
        let threads = rayon::current_num_threads() as u64;
        let start = first.decoded.start;
        let size = first.decoded.end.saturating_sub(start);
        let share = size.clamp(AHEAD, BIG_CHUNK);
        let end = start.saturating_add(share.saturating_mul(threads));
        let count = left
            .iter()
            .take_while(|chunk| chunk.decoded.end <= end)
            .count()
            .max(1);
        let batch = left.get(..count).unwrap_or_default();
        self.batch.resize(bounded::decoded_size(batch), 0);
        match copied(self.input, self.stored, batch, &mut self.raw)? {
            // Pages of a map would stay in the process once they are touched.
            Some((base, batch)) => {
                let stored = Stored::of_bytes(&self.raw, base);
                bounded::decode_into(&mut self.batch, stored, &batch, self.decode)
            }
            None => bounded::decode_into(&mut self.batch, self.stored, batch, self.decode),
        }
        .map_err(io::Error::other)?;
        self.given = 0;
        self.chunks.by_ref().take(count).for_each(drop);
        Ok(true)
    }
}

/// Reads the stored bytes of chunks into `raw`: where they begin in the file, and the chunks as they
/// lie in `raw`. Nothing for chunks that are parts of a larger whole, and for data in memory.
fn copied(
    input: &Input,
    stored: Stored<'_>,
    batch: &[Chunk],
    raw: &mut Vec<u8>,
) -> io::Result<Option<(u64, Vec<Chunk>)>> {
    let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
        return Ok(None);
    };
    let whole = batch.iter().all(|chunk| chunk.part == Part::Whole);
    let range = first.stored.start..last.stored.end;
    if !whole || input.is_own() || range.is_empty() {
        return Ok(None);
    }
    raw.resize(range.len(), 0);
    let at = stored.base().saturating_add(range.start as u64);
    let end = stored.base().saturating_add(stored.len() as u64);
    let mut filled = 0;
    while let Some(rest) = raw.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let offset = at.saturating_add(filled as u64);
        match input
            .read_pass(offset, end, rest)
            .map_err(io::Error::other)?
        {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => filled = filled.saturating_add(count),
        }
    }
    let moved = |position: usize| position.saturating_sub(range.start);
    let chunks = batch.iter().map(|chunk| Chunk {
        stored: moved(chunk.stored.start)..moved(chunk.stored.end),
        ..chunk.clone()
    });
    Ok(Some((at, chunks.collect())))
}

impl Read for ChunkReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.batch.get(self.given..).unwrap_or_default();
            if !ready.is_empty() || out.is_empty() {
                let count = ready.read(out)?;
                self.given = self.given.saturating_add(count);
                return Ok(count);
            }
            if !self.refill()? {
                return Ok(0);
            }
        }
    }
}

/// Holds a decoder to the promised size.
pub(super) struct StreamReader<'f> {
    pub(super) decoder: Box<dyn Decoder + 'f>,
    pub(super) delivered: u64,
    pub(super) promised: u64,
}

impl Read for StreamReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let (delivered, promised) = (self.delivered, self.promised);
        let left = promised.saturating_sub(delivered);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        if left == 0 && !out.is_empty() {
            bounded::at_end(&mut *self.decoder, promised).map_err(io::Error::other)?;
        }
        let out = out.get_mut(..most).unwrap_or_default();
        if out.is_empty() {
            return Ok(0);
        }
        let count = self.decoder.read(out)?;
        if count == 0 {
            let fact = Malformed::DecodedShort {
                delivered,
                promised,
            };
            return Err(io::Error::other(Error::from(fact)));
        }
        self.delivered = delivered.saturating_add(count as u64);
        Ok(count)
    }
}

/// Adds the place to errors.
pub(super) struct Placed<R> {
    pub(super) reader: R,
    pub(super) span: Range<u64>,
    pub(super) block: usize,
}

impl<R: Read> Read for Placed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.reader.read(out).map_err(|error| {
            io::Error::other(
                Error::from(error)
                    .at(self.span.clone())
                    .in_block(self.block),
            )
        })
    }
}
