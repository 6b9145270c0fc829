//! Decodes a Blosc buffer, or some of its blocks.

use super::filter::Scratch;
use super::filter::undo_delta;
use super::header::Blocks;
use super::header::Content;
use super::header::Fill;
use super::header::Header;
use super::source::Source;
use super::source::within;
use super::stream::Streams;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;

/// Decodes into `out` what begins at decoded byte `from` of the buffer. Where the buffer has
/// blocks, `from` is at the start of one, and `out` ends with one.
pub(super) fn decode(buffer: Source<'_>, from: usize, out: &mut [u8]) -> Result<()> {
    let header = Header::read(buffer)?;
    match &header.content {
        Content::Copy => {
            let plain = buffer.part(header.size.saturating_add(from), out.len())?;
            out.copy_from_slice(plain.bytes());
        }
        Content::Fill(kind) => fill(*kind, buffer.from(header.size).bytes(), from, out),
        Content::Blocks(blocks) => {
            let first = from.checked_div(blocks.block).unwrap_or(0);
            Decoder::new(buffer, &header, blocks)?.decode(first, out)?;
            if blocks.filters.has_delta() {
                undo_delta(out, blocks.block, header.type_size);
            }
        }
    }
    Ok(())
}

/// Fills `out`, whose first byte is byte `from` of the whole run, with a value.
pub(super) fn fill(kind: Fill, value: &[u8], from: usize, out: &mut [u8]) {
    let nan32 = f32::NAN.to_le_bytes();
    let nan64 = f64::NAN.to_le_bytes();
    let value: &[u8] = match kind {
        Fill::Zeros => return out.fill(0),
        Fill::Nan32 => &nan32,
        Fill::Nan64 => &nan64,
        Fill::Value => value,
    };
    let phase = from.checked_rem(value.len()).unwrap_or(0);
    let after = value.get(phase..).unwrap_or_default();
    let (begun, rest) = out.split_at_mut(out.len().min(after.len()));
    write(after, begun);
    for element in rest.chunks_mut(value.len().max(1)) {
        write(value, element);
    }
}

/// Writes as much of `value` as there is room for.
fn write(value: &[u8], out: &mut [u8]) {
    for (byte, value) in out.iter_mut().zip(value) {
        *byte = *value;
    }
}

/// Decodes blocks of one buffer.
struct Decoder<'b> {
    buffer: Source<'b>,
    blocks: &'b Blocks,
    /// Where the table of block positions is.
    table: usize,
    streams: Streams<'b>,
    scratch: Scratch,
}

impl<'b> Decoder<'b> {
    fn new(buffer: Source<'b>, header: &Header, blocks: &'b Blocks) -> Result<Self> {
        let buffer = buffer.part(0, header.stored)?;
        let dictionary = if blocks.dictionary {
            let at = entry(header.size, blocks.count);
            let size = buffer.size_le(at)?;
            let span = buffer.part(at, 4)?.span();
            within("dictionary size", size, 1..=32 << 10).at(span)?;
            buffer.part(entry(at, 1), size)?.bytes()
        } else {
            &[]
        };
        let streams = Streams::new(blocks.codec, dictionary);
        Ok(Self {
            buffer,
            blocks,
            table: header.size,
            streams,
            scratch: Scratch::default(),
        })
    }

    /// Decodes blocks from block `first` on.
    fn decode(mut self, first: usize, out: &mut [u8]) -> Result<()> {
        for (index, block) in out.chunks_mut(self.blocks.block).enumerate() {
            let entry = entry(self.table, first.saturating_add(index));
            let at = self.buffer.size_le(entry)?;
            let source = self.buffer.from(at);
            let count = if block.len() == self.blocks.block {
                self.blocks.streams
            } else {
                1
            };
            let (streams, runs) = (&mut self.streams, self.blocks.runs);
            let size = block.len().checked_div(count).unwrap_or(0);
            self.blocks
                .filters
                .decode(block, &mut self.scratch, |block| {
                    decode_streams(source, streams, runs, size, block)
                })?;
        }
        Ok(())
    }
}

/// Decodes the streams of a block, each of which gives `size` bytes.
fn decode_streams(
    source: Source<'_>,
    streams: &mut Streams<'_>,
    runs: bool,
    size: usize,
    block: &mut [u8],
) -> Result<()> {
    let mut source = source;
    for out in block.chunks_exact_mut(size.max(1)) {
        let length = source.u32_le(0)?.cast_signed();
        if runs && length <= 0 {
            let (value, behind) = run_value(source, length)?;
            out.fill(value);
            source = source.from(behind);
            continue;
        }
        // Writers store a stream raw rather than let it grow.
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let span = source.part(0, 4)?.span();
        let length = within("stream size", length, 1..=size).at(span)?;
        let stream = source.part(4, length)?;
        if length == size {
            out.copy_from_slice(stream.bytes());
        } else {
            streams.decode(stream, out)?;
        }
        source = source.from(length.saturating_add(4));
    }
    Ok(())
}

/// Where entry `index` of a table of 32-bit numbers is.
fn entry(table: usize, index: usize) -> usize {
    table.saturating_add(index.saturating_mul(4))
}

/// The byte that a run repeats, and how many bytes say so: the size is zero, or it is the negative
/// of the byte, and a token after it says that it is a run.
fn run_value(source: Source<'_>, length: i32) -> Result<(u8, usize)> {
    if length == 0 {
        return Ok((0, 4));
    }
    let [token] = source.array(4)?;
    let span = source.part(0, 5)?.span();
    let value = length
        .checked_neg()
        .and_then(|value| u8::try_from(value).ok());
    value
        .filter(|_| token & 1 != 0)
        .map(|value| (value, 5))
        .ok_or_else(|| Malformed::BloscRun { length, token }.into())
        .at(span)
}
