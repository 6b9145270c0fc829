//! `blsc`: one Blosc 1 buffer of LZ4 streams, byte-shuffled, or one for each chunk that is asked for.
//!
//! See the decoder for the header. After it are the positions of the blocks, 32 bits each, and the
//! blocks. A whole block of elements of up to 16 bytes is split into as many streams as an element
//! has bytes, any other is one stream; a stream is its size in 32 bits and an LZ4 block, or the bytes
//! as they are where that would not be less.

mod shuffle;

use super::Grain;
use super::chunked;
use super::chunked::Cut;
use super::source::Sink;
use super::source::Source;
use crate::error::Result;
use crate::error::Unsupported;
use lz4_flex::block::CompressTable;
use lz4_flex::block::compress_into_with_table;
use lz4_flex::block::get_maximum_output_size;
use shuffle::shuffle;
use std::io;
use std::io::Seek;
use std::io::Write;

/// Bytes of the header.
const HEADER: usize = 16;

/// The greatest size that the signed 32-bit fields hold.
const MOST: usize = 0x7fff_ffff;

/// Version of the buffer format, and of that of the LZ4 streams.
const VERSIONS: [u8; 2] = [2, 1];

/// The flag for shuffled bytes.
const SHUFFLED: u8 = 1;

/// The flag for data as it is after the header.
const COPIED: u8 = 1 << 1;

/// The flag for blocks that are not split into streams.
const WHOLE: u8 = 1 << 4;

/// The codec of the streams, in the upper three bits of the flags.
const LZ4: u8 = 1 << 5;

/// Decoded bytes of a block, or a little less so that it has whole elements.
const BLOCK: usize = 256 << 10;

/// Blocks that make a chunk of work.
const BLOCKS: usize = 16;

/// The widest elements whose blocks are split.
const SPLITS: usize = 16;

/// The least bytes of a stream of a block that is split.
const SPLIT: usize = 128;

/// Bytes of the number before a stream, and of a block's position.
const FIELD: usize = 4;

/// Writes a buffer for each chunk that is asked for, or one for all of the data.
pub(super) fn encode(
    grain: Grain,
    source: &mut Source<'_>,
    sink: &mut Sink<'_, impl Write + Seek>,
) -> Result<()> {
    let Some(chunk) = grain.chunk.filter(|_| source.size > 0) else {
        return buffer(grain.element, source, sink);
    };
    loop {
        let size = source.at_most(chunk) as u64;
        if size == 0 {
            return Ok(());
        }
        let mut part = Source {
            data: &mut *source.data,
            size,
            given: 0,
        };
        let mut place = Sink {
            out: &mut *sink.out,
            written: 0,
        };
        buffer(grain.element, &mut part, &mut place)?;
        sink.written = sink.written.saturating_add(place.written);
        source.given = source.given.saturating_add(size);
    }
}

/// Writes a buffer.
///
/// Data that does not shrink is stored as it is when it is one chunk of work. Of more data this is
/// known too late, when the first chunks are gone; then it is the streams that do not shrink.
fn buffer(
    element_size: usize,
    source: &mut Source<'_>,
    sink: &mut Sink<'_, impl Write + Seek>,
) -> Result<()> {
    let layout = Layout::new(element_size, source.size)?;
    let table = layout.decoded.div_ceil(layout.block).saturating_mul(FIELD);
    let front = HEADER.saturating_add(table);
    let mut positions = Vec::new();
    let mut flags = layout.flags();
    let mut end = front;
    let cut = Cut {
        chunk: layout.block.saturating_mul(BLOCKS),
        before: 0,
    };
    let whole = |data: &[u8]| data.len() == layout.decoded;
    chunked::run(
        cut,
        source,
        |chunk, out| {
            let starts = layout.compress(chunk.data, out)?;
            let copy = whole(chunk.data) && starts.end.saturating_add(table) >= chunk.data.len();
            if copy {
                out.clear();
                out.extend_from_slice(chunk.data);
            }
            Ok((!copy).then_some(starts))
        },
        |out, starts| {
            let Some(starts) = starts else {
                flags |= COPIED;
                end = HEADER.saturating_add(out.len());
                sink.write_all(&[0; HEADER])?;
                return Ok(sink.write_all(out)?);
            };
            if positions.is_empty() {
                sink.write_all(&vec![0; front])?;
            }
            let base = end;
            positions.extend(
                starts
                    .blocks
                    .iter()
                    .map(|start| base.saturating_add(*start)),
            );
            end = base.saturating_add(starts.end);
            Ok(sink.write_all(out.get(..starts.end).unwrap_or_default())?)
        },
    )?;
    if layout.decoded == 0 {
        flags |= COPIED;
        end = HEADER;
        sink.write_all(&[0; HEADER])?;
    }
    let mut start = layout.header(flags, end);
    start.extend(positions.into_iter().flat_map(field));
    sink.rewrite_start(&start)
}

/// How the data is cut.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Bytes of the data.
    decoded: usize,
    /// Bytes of an element, 1 when they are not shuffled.
    type_size: usize,
    /// Bytes of every block but the last, at least one.
    block: usize,
    /// Streams of such a block.
    streams: usize,
}

/// Where the blocks of a chunk came to lie.
struct Starts {
    blocks: Vec<usize>,
    end: usize,
}

impl Layout {
    fn new(element_size: usize, size: u64) -> Result<Self> {
        let type_size = Some(element_size).filter(|size| (2..=255).contains(size));
        let type_size = type_size.unwrap_or(1);
        let fields = Self::of(type_size, MOST).fields();
        let most = MOST.saturating_sub(fields).saturating_sub(HEADER);
        match usize::try_from(size).ok().filter(|&size| size <= most) {
            Some(decoded) => Ok(Self::of(type_size, decoded)),
            None => Err(Unsupported::TooLarge {
                label: "blsc",
                most: most as u64,
                size,
            }
            .into()),
        }
    }

    fn of(type_size: usize, decoded: usize) -> Self {
        let most = BLOCK.min(decoded);
        let elements = most.checked_div(type_size).unwrap_or(0);
        let block = if elements == 0 {
            most.max(1)
        } else {
            elements.saturating_mul(type_size)
        };
        let split = type_size <= SPLITS && elements >= SPLIT;
        Self {
            decoded,
            type_size,
            block,
            streams: if split { type_size } else { 1 },
        }
    }

    /// Bytes that all positions and stream sizes take.
    fn fields(self) -> usize {
        let each = self.streams.saturating_add(1).saturating_mul(FIELD);
        self.decoded.div_ceil(self.block).saturating_mul(each)
    }

    fn flags(self) -> u8 {
        let shuffled = if self.type_size > 1 { SHUFFLED } else { 0 };
        let whole = if self.streams == 1 { WHOLE } else { 0 };
        LZ4 | shuffled | whole
    }

    fn header(self, flags: u8, stored: usize) -> Vec<u8> {
        let type_size = u8::try_from(self.type_size).unwrap_or(1);
        let sizes = [self.decoded, self.block, stored].map(field).concat();
        let [version, codec_version] = VERSIONS;
        [&[version, codec_version, flags, type_size], &sizes[..]].concat()
    }

    /// Compresses the blocks of `data` one after the other into `out`.
    fn compress(self, data: &[u8], out: &mut Vec<u8>) -> io::Result<Starts> {
        let count = data.len().div_ceil(self.block).saturating_mul(self.streams);
        let fields = count.saturating_mul(get_maximum_output_size(0).saturating_add(FIELD));
        let needed = get_maximum_output_size(data.len()).saturating_add(fields);
        if out.len() < needed {
            out.resize(needed, 0);
        }
        let mut starts = Starts {
            blocks: Vec::new(),
            end: 0,
        };
        let mut lanes = vec![0; self.block.min(data.len())];
        let mut table = CompressTable::default();
        for block in data.chunks(self.block) {
            starts.blocks.push(starts.end);
            let block = if self.type_size > 1 {
                let lanes = lanes.get_mut(..block.len()).unwrap_or_default();
                shuffle(self.type_size, block, lanes);
                lanes
            } else {
                block
            };
            let whole = block.len() == self.block;
            let streams = if whole { self.streams } else { 1 };
            let size = block.len().checked_div(streams).unwrap_or(0).max(1);
            for stream in block.chunks(size) {
                let place = out.get_mut(starts.end..).unwrap_or_default();
                let stored = compress_stream(stream, place, &mut table)?;
                starts.end = starts.end.saturating_add(stored);
            }
        }
        Ok(starts)
    }
}

/// Writes a stream with its size to the front of `out`; returns how many bytes they are together.
fn compress_stream(stream: &[u8], out: &mut [u8], table: &mut CompressTable) -> io::Result<usize> {
    let Some((head, place)) = out.split_first_chunk_mut::<FIELD>() else {
        return Err(io::ErrorKind::StorageFull.into());
    };
    let compressed = compress_into_with_table(stream, place, table).map_err(io::Error::other)?;
    let size = compressed.min(stream.len());
    if compressed >= stream.len()
        && let Some(place) = place.get_mut(..size)
    {
        place.copy_from_slice(stream);
    }
    *head = field(size);
    Ok(size.saturating_add(FIELD))
}

/// A number of 32 bits; [`Layout::new`] sees to it that all fit.
fn field(number: usize) -> [u8; FIELD] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
