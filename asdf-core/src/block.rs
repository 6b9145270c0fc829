//! Binary blocks: headers, the trailing index, checksums and codecs.

mod codec;
mod header;

pub use header::{BlockHeader, Codec};

use crate::error::{Result, Warning};
use crate::input::Input;
use crate::limits::Limits;
use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

/// All blocks of a file, found by walking from header to header. No payload is touched.
#[derive(Debug)]
pub struct BlockTable {
    headers: Vec<BlockHeader>,
    index: IndexState,
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
    /// Walks the blocks from `start` (absolute offset of the first byte behind the tree, or behind
    /// the header comments when there is no tree) to the end of the file.
    ///
    /// Padding of any content before the first block is skipped. A block that cannot be
    /// followed ends the walk with a warning; only what is certain is in the table.
    pub fn scan(input: &Input, start: u64, limits: &Limits, warnings: &mut Vec<Warning>) -> Result<Self> {
        let _ = (input, start, limits, warnings);
        todo!()
    }

    /// The headers, in file order.
    pub fn headers(&self) -> &[BlockHeader] {
        &self.headers
    }

    /// The state of the block index.
    pub fn index(&self) -> IndexState {
        self.index
    }
}

/// A block: its header and the file's bytes. Copying it copies a few words.
#[derive(Debug, Clone, Copy)]
pub struct Block<'f> {
    input: &'f Input,
    header: &'f BlockHeader,
    limits: &'f Limits,
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
    pub fn new(input: &'f Input, header: &'f BlockHeader, limits: &'f Limits) -> Self {
        Self { input, header, limits }
    }

    /// The header.
    pub fn header(self) -> &'f BlockHeader {
        self.header
    }

    /// The `used` bytes as stored (compressed or not).
    pub fn stored(self) -> Result<&'f [u8]> {
        todo!()
    }

    /// Size of the decoded data in bytes, as the header promises (streamed: to the end of file).
    pub fn decoded_size(self) -> u64 {
        todo!()
    }

    /// All decoded data: borrowed when uncompressed. Chunks are decoded in parallel.
    /// Memory follows the real output, never the header's promise.
    pub fn decoded(self) -> Result<Cow<'f, [u8]>> {
        todo!()
    }

    /// A range of the decoded data: of raw blocks just those bytes, of chunked codecs just those
    /// chunks, of the others everything up to the end of the range (kept: only the range).
    pub fn decoded_range(self, range: Range<u64>) -> Result<Cow<'f, [u8]>> {
        let _ = range;
        todo!()
    }

    /// The decoded data as a stream in bounded memory (a few chunks a thread, decoded ahead in
    /// parallel). Ends in an error when the data is shorter or longer than promised.
    pub fn reader(self) -> Result<Box<dyn Read + Send + 'f>> {
        todo!()
    }

    /// Checks the checksum.
    pub fn verify(self) -> Result<Verdict> {
        todo!()
    }
}
