//! `bzp2`: one bzip2 stream, whose blocks are compressed side by side.
//!
//! Each chunk of the data is compressed as a stream of its own, so small that it is one block. The
//! bits of the blocks, which do not end at whole bytes, are then joined after one header, before
//! one end with a checksum made of theirs.

use super::chunked;
use super::chunked::Cut;
use super::source::Source;
use crate::error::Result;
use bzip2::Action;
use bzip2::Compress;
use bzip2::Compression;
use bzip2::Status;
use std::io;
use std::io::Write;

/// Decoded bytes of a chunk for each level. A block has room for 100,000 bytes a level less 19, and
/// four equal bytes take five of them.
const CHUNK: usize = 79_900;

/// Bytes of a stream's header.
const HEADER: usize = 4;

/// What the end of a stream begins with, 48 bits: the square root of pi.
const END: u64 = 0x1772_4538_5090;

/// Bits of the end: that, and a checksum.
const END_BITS: u64 = 80;

/// Writes the stream; `level` is 1 to 9.
pub(super) fn encode(level: i32, source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    let level = u8::try_from(level).unwrap_or_default().clamp(1, 9);
    sink.write_all(&[b'B', b'Z', b'h', b'0'.saturating_add(level)])?;
    let cut = Cut {
        chunk: CHUNK.saturating_mul(level.into()),
        before: 0,
    };
    let mut bits = Bits::new(sink);
    let mut sum = 0_u32;
    chunked::run(
        cut,
        source,
        |chunk, out| {
            compress(level, chunk.data, out)?;
            Ok(Block::find(out)?)
        },
        |out, block| {
            sum = sum.rotate_left(1) ^ block.sum;
            let out = out.get(HEADER..).unwrap_or_default();
            Ok(bits.write(out, block.bits)?)
        },
    )?;
    let end = u128::from(END) << 32 | u128::from(sum);
    let [_, _, _, _, _, _, end @ ..] = end.to_be_bytes();
    bits.write(&end, END_BITS)?;
    Ok(bits.finish()?)
}

/// Makes `out` a stream of one block.
fn compress(level: u8, data: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    out.clear();
    let mut encoder = Compress::new(Compression::new(level.into()), 0);
    loop {
        // Noise grows by less than that.
        out.reserve(
            data.len()
                .div_ceil(64)
                .saturating_add(data.len())
                .saturating_add(600),
        );
        let read = usize::try_from(encoder.total_in()).unwrap_or(usize::MAX);
        let rest = data.get(read..).unwrap_or_default();
        let status = encoder
            .compress_vec(rest, out, Action::Finish)
            .map_err(io::Error::other)?;
        if status == Status::StreamEnd {
            return Ok(());
        }
    }
}

/// The one block of a stream.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    /// How many bits it has, from after the header.
    bits: u64,
    /// Its checksum.
    sum: u32,
}

impl Block {
    /// Looks for the end, after which up to seven bits fill the last byte.
    fn find(stream: &[u8]) -> io::Result<Self> {
        let tail = stream.last_chunk::<11>().copied().unwrap_or_default();
        let mut last = [0; 16];
        last.iter_mut()
            .skip(5)
            .zip(tail)
            .for_each(|(place, byte)| *place = byte);
        let last = u128::from_be_bytes(last);
        let found = (0..8_u64).find(|fill| last >> fill >> 32 & ((1 << 48) - 1) == u128::from(END));
        let size = stream.len().saturating_sub(HEADER) as u64;
        let bits = |fill: u64| {
            size.saturating_mul(8)
                .checked_sub(fill)?
                .checked_sub(END_BITS)
        };
        let block = found.and_then(|fill| {
            let [.., a, b, c, d] = (last >> fill).to_be_bytes();
            let (bits, sum) = (bits(fill)?, u32::from_be_bytes([a, b, c, d]));
            // The checksum of a stream of one block is that of the block, after its 48 bits of magic.
            let own = stream.get(HEADER..)?.get(6..)?.first_chunk()?;
            (u32::from_be_bytes(*own) == sum).then_some(Self { bits, sum })
        });
        block.ok_or_else(|| io::Error::other("the bzip2 encoder made no stream of one block"))
    }
}

/// Writes bits, the first of a byte being its highest.
struct Bits<'w, W> {
    out: &'w mut W,
    /// The bits that do not make a byte yet, from the highest on.
    begun: u8,
    /// How many they are, less than eight.
    count: u32,
    joined: Vec<u8>,
}

impl<'w, W: Write> Bits<'w, W> {
    fn new(out: &'w mut W) -> Self {
        Self {
            out,
            begun: 0,
            count: 0,
            joined: Vec::new(),
        }
    }

    /// Writes the first `bits` bits of `bytes`.
    fn write(&mut self, bytes: &[u8], bits: u64) -> io::Result<()> {
        let whole = usize::try_from(bits / 8).unwrap_or(usize::MAX);
        let (whole, rest) = bytes.split_at_checked(whole).unwrap_or((bytes, &[]));
        self.joined.clear();
        let mut begun = self.begun;
        let count = self.count;
        self.joined.extend(whole.iter().map(|&byte| {
            let [full, over] = (u16::from_be_bytes([byte, 0]) >> count).to_be_bytes();
            let joined = begun | full;
            begun = over;
            joined
        }));
        let more = u32::try_from(bits % 8).unwrap_or_default();
        let last = rest.first().copied().unwrap_or_default() & !(0xff_u8 >> more);
        let [full, over] = (u16::from_be_bytes([last, 0]) >> count).to_be_bytes();
        self.begun = begun | full;
        self.count = count.saturating_add(more);
        if let Some(left) = self.count.checked_sub(8) {
            self.joined.push(self.begun);
            self.begun = over;
            self.count = left;
        }
        self.out.write_all(&self.joined)
    }

    /// Writes the last byte, filled up with zeros.
    fn finish(self) -> io::Result<()> {
        if self.count > 0 {
            self.out.write_all(&[self.begun])?;
        }
        Ok(())
    }
}
