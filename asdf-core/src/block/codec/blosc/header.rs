//! The header of a Blosc buffer (Blosc 1) or chunk (Blosc 2).
//!
//! Little-endian: format version, version of the codec's format, flags, element size, then decoded
//! size, block size and stored size (with this header) in 32 bits each. Blosc 2 sets both shuffle
//! flags to announce 16 bytes more: six filter codes, codec plugin, its parameter, six filter
//! parameters, and two bytes of flags (c-blosc `README_HEADER`, c-blosc2 `README_CHUNK_FORMAT`).

use super::filter::Pipeline;
use super::filter::SLOTS;
use super::source::Source;
use super::source::within;
use super::stream::Inner;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;

/// Bytes of the header that every buffer has.
const SHORT: usize = 16;

/// Bytes of the header of Blosc 2.
const LONG: usize = 32;

/// The greatest size that the signed 32-bit fields hold.
const MOST: usize = 0x7fff_ffff;

/// A buffer of Blosc 1 is split into as many streams as an element has bytes only up to this many,
/// and only where a stream has at least [`SPLIT`] bytes.
const SPLITS: usize = 16;

/// The least bytes of such a stream.
const SPLIT: usize = 128;

/// A checked header.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Bytes of the header.
    pub(super) size: usize,
    /// Bytes of the decoded buffer.
    pub(super) decoded: usize,
    /// Bytes of the stored buffer, with its header.
    pub(super) stored: usize,
    /// Bytes of an element.
    pub(super) type_size: usize,
    /// What is after the header.
    pub(super) content: Content,
}

/// What is after the header.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// The bytes themselves.
    Copy,
    /// Nothing, or one value.
    Fill(Fill),
    /// Compressed blocks.
    Blocks(Blocks),
}

/// One value all over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Zeros, or bytes that nobody ever set.
    Zeros,
    /// Not-a-numbers of four bytes.
    Nan32,
    /// Not-a-numbers of eight bytes.
    Nan64,
    /// The bytes after the header.
    Value,
}

/// How the blocks are compressed.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    /// Decoded bytes of every block but possibly the last.
    pub(super) block: usize,
    /// How many blocks.
    pub(super) count: usize,
    /// Streams of a whole block; a shorter last block has one.
    pub(super) streams: usize,
    pub(super) codec: Inner,
    pub(super) filters: Pipeline,
    /// Whether a dictionary stands before the blocks.
    pub(super) dictionary: bool,
    /// Whether streams can be runs of one byte (Blosc 2).
    pub(super) runs: bool,
}

impl Header {
    /// Reads the header of the buffer that `source` begins with.
    pub(super) fn read(source: Source<'_>) -> Result<Self> {
        let span = source.part(0, SHORT)?.span();
        let header = Self::parse(source).at(span)?;
        source.part(0, header.stored)?;
        Ok(header)
    }

    fn parse(source: Source<'_>) -> Result<Self> {
        let [version, codec_version, flags, type_size] = source.array(0)?;
        if !(2..=6).contains(&version) || type_size == 0 {
            return Err(Malformed::NotBlosc {
                found: source.array(0)?,
            }
            .into());
        }
        let long = version > 2 && flags & 5 == 5;
        let size = if long { LONG } else { SHORT };
        let type_size = usize::from(type_size);
        let decoded = within("decoded size", source.size_le(4)?, 0..=MOST)?;
        let stored = within("stored size", source.size_le(12)?, size..=MOST)?;
        let extension: [u8; LONG - SHORT] = if long { source.array(SHORT)? } else { [0; 16] };
        let special = extension[15] >> 4 & 7;
        let content = if decoded == 0 || (flags & 2 != 0 && special == 0) {
            let least = decoded.saturating_add(size);
            let most = if decoded == 0 { MOST } else { least };
            within("stored size", stored, least..=most)?;
            Content::Copy
        } else if special != 0 {
            Content::Fill(Fill::new(
                special,
                decoded,
                type_size,
                stored.saturating_sub(size),
            )?)
        } else {
            within("codec format version", codec_version.into(), 1..=1)?;
            let raw = Raw {
                version,
                flags,
                type_size,
                decoded,
                stored,
                size,
                extension,
            };
            Content::Blocks(raw.blocks(source.size_le(8)?)?)
        };
        Ok(Self {
            size,
            decoded,
            stored,
            type_size,
            content,
        })
    }
}

/// What a header with blocks says.
struct Raw {
    version: u8,
    flags: u8,
    type_size: usize,
    decoded: usize,
    stored: usize,
    size: usize,
    extension: [u8; LONG - SHORT],
}

impl Raw {
    fn blocks(&self, block: usize) -> Result<Blocks> {
        let newer = self.version > 2;
        let most = if newer { MOST } else { self.decoded };
        let block = within("block size", block, 1..=most)?.min(self.decoded);
        let count = self.decoded.div_ceil(block);
        let room = self.stored.saturating_sub(self.size) / 4;
        within("number of blocks", count, 1..=room)?;
        let [filters @ .., user, _, _, _, _, _, _, _, flags2, flags1] = self.extension;
        let features = [
            ("variable-length blocks, flag", flags2 & 1),
            ("codec per block, flag", flags1 & 4),
            ("lazy chunk, flag", flags1 & 8),
            ("instrumented codec, flag", flags1 & 0x80),
            ("flag", if newer { 0 } else { self.flags & 8 }),
        ];
        if let Some(&(feature, code)) = features.iter().find(|(_, code)| *code != 0) {
            return Err(Unsupported::Blosc { feature, code }.into());
        }
        let codec = Inner::new(self.flags >> 5, user)?;
        if !newer {
            let most = self.stored.saturating_mul(codec.ratio());
            within("decoded size", self.decoded, 0..=most)?;
        }
        Ok(Blocks {
            block,
            count,
            streams: self.streams(block, newer)?,
            codec,
            filters: self.filters(filters, newer)?,
            dictionary: flags1 & 1 != 0,
            runs: newer,
        })
    }

    fn streams(&self, block: usize, newer: bool) -> Result<usize> {
        let least = self.type_size.saturating_mul(SPLIT);
        let fits = newer || (self.type_size <= SPLITS && block >= least);
        let streams = if self.flags & 0x10 == 0 && fits {
            self.type_size
        } else {
            1
        };
        whole(block, streams)?;
        Ok(streams)
    }

    fn filters(&self, codes: [u8; SLOTS], newer: bool) -> Result<Pipeline> {
        let mut meta = [0; SLOTS];
        meta.copy_from_slice(&self.extension[8..14]);
        match (newer, self.size) {
            (true, LONG) => {
                let mut codes = codes;
                if self.version == 3 {
                    // The first format of Blosc 2 had five slots and left the sixth as it was.
                    codes[SLOTS - 1] = 0;
                }
                Pipeline::blosc2(codes, meta, self.type_size)
            }
            (true, _) => {
                let shuffle = if self.flags & 4 != 0 {
                    2
                } else {
                    self.flags & 1
                };
                let delta = if self.flags & 8 != 0 { 3 } else { 0 };
                Pipeline::blosc2([0, 0, 0, 0, delta, shuffle], meta, self.type_size)
            }
            _ => Ok(Pipeline::blosc1(self.flags, self.type_size)),
        }
    }
}

impl Fill {
    fn new(code: u8, decoded: usize, type_size: usize, value: usize) -> Result<Self> {
        let (fill, unit) = match (code, type_size) {
            (1, _) => (Self::Zeros, 1),
            (2, 4) => (Self::Nan32, 4),
            (2, 8) => (Self::Nan64, 8),
            (3, _) => (
                Self::Value,
                within("size of the repeated value", value, 1..=decoded)?,
            ),
            (4, _) => (Self::Zeros, type_size),
            _ => {
                return Err(Unsupported::Blosc {
                    feature: "special value",
                    code,
                }
                .into());
            }
        };
        whole(decoded, unit)?;
        Ok(fill)
    }
}

/// Checks that so many bytes have whole units.
fn whole(size: usize, unit: usize) -> Result<()> {
    match size.checked_rem(unit) {
        None | Some(0) => Ok(()),
        Some(over) => Err(Malformed::BloscSplit {
            block: size as u64,
            over: over as u64,
        }
        .into()),
    }
}
