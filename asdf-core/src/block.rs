//! Binary blocks: headers, the trailing index, checksums and codecs.
//!
//! A block is a run of bytes after the tree, with a header that says how long it is, how it is compressed and what its MD5 is. Most
//! programs never see one: an [`ArrayRef`](crate::ArrayRef) reads from its block. What looks after files does:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! for (number, block) in file.blocks().enumerate() {
//!     let header = block.header();
//!     println!("block {number}: {} {} -> {} bytes", header.codec().label(), header.used, block.decoded_size());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Block::stored`] gives the bytes as they are in the file, [`Block::decoded`] all of them decoded, [`Block::decoded_range`] a part,
//! [`Block::reader`] one piece after the other. [`Block::verify`] compares the checksum; a file without checksums is not damaged
//! ([`Verdict`]). [`Compression`] is how a new block is compressed.
//!
//! Source: the layout of the ASDF standard; `spec-notes/blocks.md` has the clauses `B-…`.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod bounded;
mod cache;
mod checksum;
mod chunks;
mod codec;
mod compression;
mod encode;
mod header;
mod index;
mod many;
mod partial;
mod reader;
mod scan;
mod soundness;
mod spill;
mod stored;
mod write;

pub(crate) use cache::BlockCache;
#[doc(hidden)]
pub use checksum::hex;
pub use chunks::BlockChunk;
pub use compression::Compression;
pub(crate) use encode::{Grain, cuts};
pub use header::BlockHeader;
pub use header::Codec;
pub(crate) use header::MAGIC as BLOCK_MAGIC;
pub(crate) use index::MARKER as INDEX_MARKER;
pub(crate) use index::{LastIndex, last_index};
pub(crate) use many::hash_all;
pub use many::verify_all;
pub use many::{BlockReport, report_all};
pub(crate) use partial::digest_of;
pub use soundness::CorruptBlocks;
pub(crate) use soundness::{Gate, Soundness};
pub(crate) use stored::Stored;
pub(crate) use write::{
    CopyChecks, NewHeader, Room, Sink, can_recode, copy_block, digest, index_text, mismatch,
    put_checksum, write_encoded, write_raw, zeros,
};

use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::input::Input;
use crate::limits::{Limit, Limits};
use crate::memory::Buffer;
pub use crate::memory::Bytes;
use codec::{Plan, Wanted};
use reader::ChunkReader;
use reader::Placed;
use reader::RawReader;
use reader::StreamReader;
use std::io::{Cursor, Read};
use std::ops::Range;

/// Decoded bytes of a single piece up to which a block is not read as a stream from its start.
const PIECE: u64 = 16 << 20;

/// All blocks of a file, found by walking from header to header. No payload is touched.
#[derive(Debug)]
pub struct BlockTable {
    headers: Vec<BlockHeader>,
    index: IndexState,
    recorded: Option<Vec<u64>>,
    odd: bool,
}

/// What became of the trailing block index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexState {
    /// There, and equal to the blocks found.
    Valid,
    /// None there.
    Absent,
    /// There, but wrong; a warning says how.
    Ignored,
}

impl BlockTable {
    /// The headers, in file order.
    pub fn headers(&self) -> &[BlockHeader] {
        &self.headers
    }

    /// True when the walk over the blocks met anything odd; the file's warnings say what.
    pub fn has_warnings(&self) -> bool {
        self.odd
    }

    /// The state of the block index.
    pub fn index(&self) -> IndexState {
        self.index
    }

    /// The offsets that the block index records, when it is a list of whole numbers at all;
    /// only [`IndexState::Valid`] says that they are right.
    pub fn recorded_index(&self) -> Option<&[u64]> {
        self.recorded.as_deref()
    }
}

impl IndexState {
    /// `valid`, `absent`, `ignored`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Absent => "absent",
            Self::Ignored => "ignored",
        }
    }
}

/// A block: its header and the file's bytes. Copying it copies a few words.
#[derive(Debug, Clone, Copy)]
pub struct Block<'f> {
    input: &'f Input,
    header: &'f BlockHeader,
    limits: &'f Limits,
    cache: Option<&'f BlockCache>,
    gate: Option<&'f dyn Gate>,
}

/// The state of a block's checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The recorded MD5 is that of the stored bytes.
    Match,
    /// It is neither that of the stored nor that of the decoded bytes.
    Mismatch {
        /// What the header says.
        recorded: [u8; 16],
        /// MD5 of the stored bytes.
        computed: [u8; 16],
    },
    /// The field is all zero, or the block is streamed.
    Absent,
    /// It is the MD5 of the decoded bytes, as Python asdf before 5.3 wrote for compressed blocks.
    Legacy,
}

impl<'f> Block<'f> {
    /// Joins header and bytes.
    #[doc(hidden)]
    pub fn new(input: &'f Input, header: &'f BlockHeader, limits: &'f Limits) -> Self {
        Self {
            input,
            header,
            limits,
            cache: None,
            gate: None,
        }
    }

    /// The same block, decoded once when it is read again and again.
    pub(crate) fn cached_in(self, cache: &'f BlockCache) -> Self {
        Self {
            cache: Some(cache),
            ..self
        }
    }

    /// The decoded data as it is kept.
    fn kept(self) -> Result<Option<Bytes<'f>>> {
        match self.cache {
            Some(cache) => cache.get(self),
            None => Ok(None),
        }
    }

    /// The bytes of the file.
    pub(crate) fn input(self) -> &'f Input {
        self.input
    }

    /// The header.
    pub fn header(self) -> &'f BlockHeader {
        self.header
    }

    /// The `used` bytes as stored (compressed or not); of a streamed block all to the end of file.
    ///
    /// # Errors
    /// The file ends before the block does; its checksum is wrong and such blocks are refused.
    pub fn stored(self) -> Result<&'f [u8]> {
        let stored = self.stored_parts()?;
        stored.whole().in_block(self.header.index)
    }

    /// The same bytes, which are got by part.
    fn stored_parts(self) -> Result<Stored<'f>> {
        let span = self.stored_span()?;
        self.pass()?;
        Stored::of_input(self.input, &span).in_block(self.header.index)
    }

    /// What keeps the stored bytes from being read.
    pub(crate) fn check_stored(self) -> Result<()> {
        self.stored_parts().map(drop)
    }

    /// Where the stored bytes are in the file.
    fn stored_span(self) -> Result<Range<u64>> {
        let header = self.header;
        let span = self.data_span();
        let fact = if header.is_streamed() {
            None
        } else {
            header.fault()
        };
        match fact {
            // The stored bytes are there, whatever they decode to.
            None | Some(Malformed::DataSize { .. }) => Ok(span),
            Some(fact) => Err(Error::from(fact).at(span).in_block(header.index)),
        }
    }

    /// True when none of the stored bytes has to be fetched.
    fn is_here(self) -> bool {
        self.input.is_here(&self.data_span())
    }

    /// The data that is in the file.
    fn data_span(self) -> Range<u64> {
        let start = self.header.data_offset;
        start..start.saturating_add(self.header.available)
    }

    /// The stored bytes as a stream that leaves no pages of a map behind.
    fn stored_reader(self) -> Result<Placed<RawReader<'f>>> {
        let left = self.stored_span()?;
        Ok(self.placed(RawReader {
            input: self.input,
            left,
        }))
    }

    fn placed<R>(self, reader: R) -> Placed<R> {
        Placed {
            reader,
            span: self.data_span(),
            block: self.header.index,
        }
    }

    /// Size of the decoded data in bytes, as the header promises (streamed: to the end of file).
    pub fn decoded_size(self) -> u64 {
        self.header.decoded_size()
    }

    /// The stored bytes, when nothing forbids to decode them.
    fn decodable(self) -> Result<Stored<'f>> {
        match self.header.fault() {
            Some(fact) => Err(Error::from(fact)
                .at(self.data_span())
                .in_block(self.header.index)),
            None => self.stored_parts(),
        }
    }

    fn plan(self, stored: Stored<'f>, wanted: &Wanted) -> Result<Plan<'f>> {
        let size = self.decoded_size();
        codec::plan(self.header.codec(), stored, size, wanted, self.limits)
    }

    /// All decoded data: borrowed when uncompressed. Chunks are decoded in parallel.
    /// Memory follows the real output, never the header's promise.
    ///
    /// # Errors
    /// The data decodes to more or less than promised, has bytes after its end (`lz4`, `lz4f` and
    /// `zstd`; see [`Block::problems`] for the others), or is larger than `limits.decoded_bytes`.
    pub fn decoded(self) -> Result<Bytes<'f>> {
        let stored = self.decodable()?;
        if self.header.codec() == Codec::None {
            return Ok(stored.whole().in_block(self.header.index)?.into());
        }
        if let Some(kept) = self.kept()? {
            return Ok(kept);
        }
        self.decode_fresh()
    }

    /// Decodes everything, whether it is kept or not.
    fn decode_fresh(self) -> Result<Bytes<'static>> {
        let stored = self.decodable()?;
        self.decode(stored)
            .at(self.data_span())
            .in_block(self.header.index)
    }

    fn decode(self, stored: Stored<'f>) -> Result<Bytes<'static>> {
        let size = self.decoded_size();
        match self.plan(stored.in_one_pass(), &Wanted::all(u64::MAX))? {
            Plan::Chunks { chunks, decode } => {
                self.within_limit(size)?;
                let mut out = Buffer::zeroed(bounded::decoded_size(&chunks))?;
                bounded::decode_into(&mut out, stored, &chunks, decode)?;
                Ok(out.into())
            }
            Plan::Stream(mut decoder) => {
                self.within_limit(size)?;
                let hint = stored.len().saturating_mul(4);
                Ok(bounded::collect(&mut *decoder, size, hint)?.into())
            }
        }
    }

    fn within_limit(self, needed: u64) -> Result<()> {
        let allowed = self.limits.decoded_bytes;
        LimitExceeded::check(
            "decoded size in bytes",
            Limit::DecodedBytes,
            needed,
            allowed,
        )
    }

    /// A range of the decoded data: of raw blocks just those bytes, of chunked codecs just those
    /// chunks, of the others everything up to the end of the range (kept: only the range).
    ///
    /// # Errors
    /// The data cannot be decoded, are shorter than the range, or exceed a limit.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let block = file.block(4)?;
    /// let first = block.decoded_range(0..16)?; // decodes only the chunks that hold these bytes
    /// assert_eq!(first.len(), 16);
    /// # Ok(())
    /// # }
    /// ```
    pub fn decoded_range(self, range: Range<u64>) -> Result<Bytes<'f>> {
        let stored = self.decodable()?;
        self.range_of(stored, range)
            .at(self.data_span())
            .in_block(self.header.index)
    }

    fn range_of(self, stored: Stored<'f>, range: Range<u64>) -> Result<Bytes<'f>> {
        let size = self.decoded_size();
        let Some(length) = range
            .end
            .checked_sub(range.start)
            .filter(|_| range.end <= size)
        else {
            return Err(Malformed::PastBlock {
                start: range.start,
                end: range.end,
                size,
            }
            .into());
        };
        if self.header.codec() == Codec::None {
            let start = self.header.data_offset;
            let absolute = start.saturating_add(range.start)..start.saturating_add(range.end);
            return self.input.slice(absolute).map(Bytes::from);
        }
        self.within_limit(length)?;
        if let Some(kept) = self.kept()? {
            let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
            return Ok(kept.cut(at(range.start)..at(range.end)));
        }
        let wanted = Wanted {
            piece: length.max(PIECE),
            range: range.clone(),
        };
        match self.plan(stored, &wanted)? {
            Plan::Chunks { chunks, decode } => {
                let first = chunks.partition_point(|chunk| chunk.decoded.end <= range.start);
                let behind = chunks.partition_point(|chunk| chunk.decoded.start < range.end);
                let touched = chunks.get(first..behind).unwrap_or_default();
                let places: Vec<_> = touched.iter().map(|chunk| chunk.stored.clone()).collect();
                stored.want(&places)?;
                let mut out = Buffer::zeroed(bounded::decoded_size(touched))?;
                bounded::decode_into(&mut out, stored, touched, decode)?;
                let before = touched
                    .first()
                    .map_or(range.start, |chunk| chunk.decoded.start);
                let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
                let skip = at(range.start.saturating_sub(before));
                Ok(out.part(skip..skip.saturating_add(at(length))))
            }
            Plan::Stream(mut decoder) => {
                bounded::skip(&mut decoder, range.start)?;
                bounded::collect_some(&mut *decoder, length).map(Bytes::from)
            }
        }
    }

    /// The decoded data as a stream in bounded memory (a few chunks a thread, decoded ahead in
    /// parallel). Ends in an error when the data is shorter or longer than promised.
    ///
    /// The [`std::io::Error`]s hold an [`Error`], which comes out by `Error::from`.
    ///
    /// # Errors
    /// The block is cut, has a codec that this build does not know, or its chunks do not fit together.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use std::io::Read;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let block = file.block(4)?;
    /// let mut decoded = 0;
    /// let mut piece = [0; 4096];
    /// let mut reader = block.reader()?; // bounded memory, whatever the size of the block
    /// loop {
    ///     match reader.read(&mut piece)? {
    ///         0 => break,
    ///         count => decoded += count as u64,
    ///     }
    /// }
    /// assert_eq!(decoded, block.decoded_size());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reader(self) -> Result<Box<dyn Read + Send + 'f>> {
        let stored = self.decodable()?.in_one_pass();
        if self.header.codec() == Codec::None {
            return Ok(Box::new(self.stored_reader()?));
        }
        if let Some(kept) = self.kept()? {
            return Ok(Box::new(Cursor::new(kept)));
        }
        let promised = self.decoded_size();
        let plan = self
            .plan(stored, &Wanted::all(PIECE))
            .at(self.data_span())
            .in_block(self.header.index)?;
        Ok(match plan {
            Plan::Chunks { chunks, decode } => {
                Box::new(self.placed(ChunkReader::new(self.input, stored, chunks, decode)))
            }
            Plan::Stream(decoder) => Box::new(self.placed(StreamReader {
                decoder,
                delivered: 0,
                promised,
            })),
        })
    }

    /// Checks the checksum: reads all stored bytes, in bounded memory. The data is decoded only
    /// when the block is compressed and its checksum is not that of the stored bytes.
    ///
    /// # Errors
    /// The block cannot be read, or not be decoded where that is needed.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::block::Verdict;
    ///
    /// let file = AsdfFile::open(path)?;
    /// for (number, block) in file.blocks().enumerate() {
    ///     if block.verify()? != Verdict::Match {
    ///         println!("block {number} is not what was written");
    ///     }
    /// }
    /// # assert!(file.blocks().all(|block| matches!(block.verify(), Ok(Verdict::Match))));
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(self) -> Result<Verdict> {
        checksum::verify(self.as_it_is())
    }

    /// Decodes everything in bounded memory, keeps nothing, and tells what is odd about data that
    /// can be decoded: bytes after the end of `zlib` and `bzp2` data.
    ///
    /// # Errors
    /// The data cannot be decoded, or have another size than the header says.
    pub fn problems(self) -> Result<Vec<Warning>> {
        let stored = self.decodable()?.in_one_pass();
        let place = |error: Error| error.at(self.data_span()).in_block(self.header.index);
        if self.header.codec() == Codec::None {
            return Ok(Vec::new());
        }
        let promised = self.decoded_size();
        let left_over = match self.plan(stored, &Wanted::all(PIECE)).map_err(place)? {
            Plan::Chunks { chunks, decode } => {
                let reader = ChunkReader::new(self.input, stored, chunks, decode);
                bounded::skip(&mut self.placed(reader), u64::MAX)?;
                0
            }
            Plan::Stream(decoder) => {
                let mut reader = StreamReader {
                    decoder,
                    delivered: 0,
                    promised,
                };
                bounded::skip(&mut reader, u64::MAX).map_err(place)?;
                reader.decoder.left_over()
            }
        };
        if left_over == 0 {
            return Ok(Vec::new());
        }
        let bytes = left_over as u64;
        let end = self.data_span().end;
        let kind = WarningKind::CompressedTrailing {
            codec: self.header.codec().name(),
            bytes,
        };
        Ok(vec![
            Warning::new(kind)
                .at(end.saturating_sub(bytes)..end)
                .in_block(self.header.index),
        ])
    }
}

#[cfg(test)]
mod tests;
