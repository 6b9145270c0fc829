//! Blocks as bytes: headers, checksums that are computed while the data goes out, the index.

use super::Block;
use super::Codec;
use super::Verdict;
use super::compression::Compression;
use super::encode::{Grain, encode};
use super::header::{BlockHeader, MAGIC};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use md5::{Digest, Md5};
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that go from one file to another at a time.
const PIECE: usize = 1 << 20;
/// Pieces that the hash may be behind.
const BEHIND: usize = 4;
/// Bytes of data below which a thread of its own costs more than it gives.
const SMALL: u64 = 1 << 20;

/// Where a file is written: a file, or memory.
pub(crate) trait Sink: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Sink for T {}

/// The fields of a header that is to be written, of the usual size.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NewHeader {
    pub(crate) streamed: bool,
    pub(crate) label: [u8; 4],
    pub(crate) allocated: u64,
    pub(crate) used: u64,
    pub(crate) data_size: u64,
    pub(crate) checksum: [u8; 16],
}

impl NewHeader {
    /// Bytes of a header from its magic on.
    pub(crate) const SIZE: u64 = 54;
    /// Where the checksum stands in it.
    pub(crate) const CHECKSUM: u64 = 38;

    /// Sets the room of a block that starts with its header.
    pub(crate) fn put_allocated(block: &mut [u8], allocated: u64) {
        if let Some(field) = block.get_mut(14..22) {
            field.copy_from_slice(&allocated.to_be_bytes());
        }
    }

    /// The header as it stands in a file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(54);
        out.extend(MAGIC);
        out.extend(48_u16.to_be_bytes());
        out.extend(u32::from(self.streamed).to_be_bytes());
        out.extend(self.label);
        for size in [self.allocated, self.used, self.data_size] {
            out.extend(size.to_be_bytes());
        }
        out.extend(self.checksum);
        out
    }
}

/// How the data of a block gets its room.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Room {
    /// Percent of the stored size that is added after it, rounded up to whole pages.
    pub(crate) percent: f64,
}

impl Room {
    /// Page size that room is rounded up to.
    const PAGE: u64 = 4096;

    /// Bytes to set aside for `used` stored bytes.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "room is a wish, not a count of anything"
    )]
    pub(crate) fn allocated(self, used: u64) -> u64 {
        if self.percent <= 0.0 {
            return used;
        }
        let wanted = used.saturating_add((used as f64 * self.percent / 100.0) as u64);
        wanted
            .checked_next_multiple_of(Self::PAGE)
            .unwrap_or(used)
            .max(used)
    }
}

/// Writes a block whose data is encoded on the way. `size` decoded bytes come from `data`.
pub(crate) fn write_encoded(
    sink: &mut dyn Sink,
    compression: Compression,
    grain: Grain,
    size: u64,
    data: &mut (dyn Read + Send),
    checksum: bool,
    room: Room,
) -> Result<()> {
    let start = sink.stream_position()?;
    let mut header = NewHeader {
        label: compression.label(),
        data_size: size,
        ..NewHeader::default()
    };
    sink.write_all(&header.bytes())?;
    let (used, digest) = if checksum {
        hashed(sink, size, |out| {
            encode(compression, grain, size, data, out)
        })?
    } else {
        let mut out = Plain(&mut *sink);
        (encode(compression, grain, size, data, &mut out)?, [0; 16])
    };
    header.used = used;
    header.checksum = digest;
    header.allocated = room.allocated(used);
    finish(sink, start, &header)
}

/// Writes bytes in memory as a raw block, with no checksum yet; gives the offset of its header.
pub(crate) fn write_raw(sink: &mut dyn Sink, bytes: &[u8], room: Room) -> Result<u64> {
    let start = sink.stream_position()?;
    let used = bytes.len() as u64;
    let header = NewHeader {
        allocated: room.allocated(used),
        used,
        data_size: used,
        ..NewHeader::default()
    };
    sink.write_all(&header.bytes())?;
    sink.write_all(bytes)?;
    zeros(sink, header.allocated.saturating_sub(used))?;
    Ok(start)
}

/// The checksum of data in memory.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// Puts a checksum into the header at `start`, which has been written without one.
pub(crate) fn put_checksum(sink: &mut dyn Sink, start: u64, checksum: [u8; 16]) -> Result<()> {
    sink.seek(SeekFrom::Start(start.saturating_add(NewHeader::CHECKSUM)))?;
    Ok(sink.write_all(&checksum)?)
}

/// Fills the room after the data that was just written and goes back to complete the header.
fn finish(sink: &mut dyn Sink, start: u64, header: &NewHeader) -> Result<()> {
    zeros(sink, header.allocated.saturating_sub(header.used))?;
    let end = sink.stream_position()?;
    sink.seek(SeekFrom::Start(start))?;
    sink.write_all(&header.bytes())?;
    sink.seek(SeekFrom::Start(end))?;
    Ok(())
}

/// Writes that many zero bytes.
pub(crate) fn zeros(sink: &mut dyn Sink, count: u64) -> Result<()> {
    std::io::copy(&mut std::io::repeat(0).take(count), sink)?;
    Ok(())
}

/// What a copy of a block does about checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CopyChecks {
    /// The recorded checksum must be right.
    pub(crate) verify: bool,
    /// The copy has a checksum, if the block has one.
    pub(crate) checksum: bool,
}

/// Copies a block as it is: header, stored bytes, and the room after them unless other is asked for.
pub(crate) fn copy_block(
    sink: &mut dyn Sink,
    block: Block<'_>,
    checks: CopyChecks,
    room: Option<Room>,
) -> Result<()> {
    let header = block.header();
    let start = sink.stream_position()?;
    sink.write_all(&copied_header(block, checks, room)?)?;
    let mut stored = block.stored_reader()?;
    let recorded = header.checksum;
    let is_known = recorded == [0; 16] || header.is_streamed() || block.is_known_sound();
    let verify = checks.verify && !is_known;
    let mut copy = |out: &mut dyn Write| -> Result<u64> {
        let mut piece = vec![0; PIECE];
        let mut total = 0_u64;
        loop {
            let count = stored.read(&mut piece)?;
            if count == 0 {
                return Ok(total);
            }
            out.write_all(piece.get(..count).unwrap_or_default())?;
            total = total.saturating_add(count as u64);
        }
    };
    let used = if verify {
        let (used, computed) = hashed(sink, header.available, |out| copy(out))?;
        if computed != recorded {
            if block.verify()? != Verdict::Legacy {
                return Err(mismatch(block, computed));
            }
            // The data is right; the copy says so in today's way.
            if checks.checksum {
                let end = sink.stream_position()?;
                put_checksum(sink, start, computed)?;
                sink.seek(SeekFrom::Start(end))?;
            }
        }
        used
    } else {
        copy(&mut Plain(&mut *sink))?
    };
    if header.is_streamed() {
        return Ok(());
    }
    match room {
        Some(room) => zeros(sink, room.allocated(used).saturating_sub(used))?,
        None => copy_room(sink, block)?,
    }
    Ok(())
}

/// The error of a block whose checksum is wrong.
pub(crate) fn mismatch(block: Block<'_>, computed: [u8; 16]) -> Error {
    let header = block.header();
    let fact = Malformed::Checksum {
        recorded: super::hex(&header.checksum).into(),
        computed: super::hex(&computed).into(),
    };
    Error::from(fact)
        .at(block.data_span())
        .in_block(header.index)
}

/// A block's header with other sizes or without checksum, in all its length.
fn copied_header(block: Block<'_>, checks: CopyChecks, room: Option<Room>) -> Result<Vec<u8>> {
    let header = block.header();
    let mut bytes = block
        .input()
        .slice(header.offset..header.data_offset)?
        .to_vec();
    let mut put = |at: usize, field: &[u8]| {
        if let Some(place) = bytes.get_mut(at..at.saturating_add(field.len())) {
            place.copy_from_slice(field);
        }
    };
    if !header.is_streamed() {
        let allocated = room.map_or_else(|| space(block), |room| room.allocated(header.used));
        put(14, &allocated.to_be_bytes());
    }
    if !checks.checksum {
        put(38, &[0; 16]);
    }
    Ok(bytes)
}

/// The bytes between the stored data and the next block, as far as they are in the file.
fn copy_room(sink: &mut dyn Sink, block: Block<'_>) -> Result<()> {
    let header = block.header();
    let end = header.data_offset.saturating_add(space(block));
    let start = header.data_offset.saturating_add(header.used).min(end);
    Ok(sink.write_all(block.input().slice(start..end)?)?)
}

/// The allocated space as far as it is in the file; a header may promise any.
fn space(block: Block<'_>) -> u64 {
    let header = block.header();
    let there = block.input().len().saturating_sub(header.data_offset);
    header.allocated.min(there)
}

/// The block index: offsets of all blocks, after the last one.
pub(crate) fn index_text(offsets: &[u64]) -> String {
    let mut out = String::from("#ASDF BLOCK INDEX\n%YAML 1.1\n---\n");
    for offset in offsets {
        out.push_str(&format!("- {offset}\n"));
    }
    out.push_str("...\n");
    out
}

/// True when a block can be written anew from its decoded data.
pub(crate) fn can_recode(header: &BlockHeader) -> bool {
    !header.is_streamed() && !matches!(header.codec(), Codec::Unknown(_))
}

/// A sink without a hash, of a size that the encoders can take.
struct Plain<'s>(&'s mut dyn Sink);

impl Write for Plain<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Plain<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

/// Runs `work` on a sink that also computes the MD5 of what is written, in a thread of its own.
fn hashed(
    sink: &mut dyn Sink,
    size: u64,
    work: impl FnOnce(&mut Hashing<'_>) -> Result<u64>,
) -> Result<(u64, [u8; 16])> {
    let start = sink.stream_position()?;
    std::thread::scope(|scope| {
        let (pieces, waiting) = sync_channel::<Vec<u8>>(BEHIND);
        let threaded = size >= SMALL;
        let thread = threaded.then(|| scope.spawn(move || digest_pieces(&waiting)));
        let mut out = Hashing {
            sink,
            pieces: threaded.then_some(pieces),
            piece: Vec::new(),
            hash: Md5::new(),
            rewritten: false,
        };
        let done = work(&mut out);
        let Hashing {
            sink,
            pieces,
            piece,
            hash,
            rewritten,
        } = out;
        let digest = match (pieces, thread) {
            (Some(pieces), Some(thread)) => {
                let _ = pieces.send(piece);
                drop(pieces);
                thread.join().unwrap_or_default()
            }
            _ => hash.finalize().into(),
        };
        let used = done?;
        if rewritten {
            return Ok((used, digest_of(sink, start)?));
        }
        Ok((used, digest))
    })
}

fn digest_pieces(pieces: &Receiver<Vec<u8>>) -> [u8; 16] {
    let mut hash = Md5::new();
    for piece in pieces {
        hash.update(&piece);
    }
    hash.finalize().into()
}

/// MD5 of what stands in the sink from `start` to its present position.
fn digest_of(sink: &mut dyn Sink, start: u64) -> Result<[u8; 16]> {
    let end = sink.stream_position()?;
    sink.seek(SeekFrom::Start(start))?;
    let mut hash = Md5::new();
    let mut left = end.saturating_sub(start);
    let mut piece = vec![0; PIECE];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
        let piece = piece.get_mut(..most).unwrap_or_default();
        sink.read_exact(piece)?;
        hash.update(&*piece);
        left = left.saturating_sub(most as u64);
    }
    Ok(hash.finalize().into())
}

/// Hands on what is written and hashes it.
struct Hashing<'s> {
    sink: &'s mut dyn Sink,
    /// To the thread that hashes, if there is one.
    pieces: Option<SyncSender<Vec<u8>>>,
    piece: Vec<u8>,
    hash: Md5,
    /// The writer went back: what was hashed is not what stands there.
    rewritten: bool,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.sink.write(bytes)?;
        let bytes = bytes.get(..count).unwrap_or_default();
        match &self.pieces {
            None => self.hash.update(bytes),
            Some(pieces) => {
                self.piece.extend_from_slice(bytes);
                if self.piece.len() >= PIECE {
                    let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
                    if pieces.send(piece).is_err() {
                        return Err(std::io::Error::other("the hash has stopped"));
                    }
                }
            }
        }
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}

impl Seek for Hashing<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if to != SeekFrom::Current(0) {
            self.rewritten = true;
        }
        self.sink.seek(to)
    }
}
