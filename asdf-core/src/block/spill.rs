//! Large compressed blocks of which scattered parts are wanted: decoded once, from the start to the end, into a temporary
//! file that is then read as a block without compression is.

use super::Block;
use super::PIECE;
use super::codec::{Plan, Wanted};
use super::header::{BlockHeader, Codec};
use crate::error::Result;
use crate::input::{Input, Unpacked};
use crate::limits::Limit;
use std::io;
use std::panic::resume_unwind;
use std::thread;

/// Decoded bytes from which on a block is spilled; smaller ones are decoded into memory.
const SPILLED: u64 = 64 << 20;

/// The decoded data of a block, in a temporary file.
#[derive(Debug)]
pub(super) struct Spilled {
    input: Input,
    header: BlockHeader,
}

impl Spilled {
    /// Decodes the block. Others wait for it, and perhaps all threads of the pool do: the work has threads of its own.
    pub(super) fn new(block: Block<'_>) -> Result<Self> {
        let threads = rayon::current_num_threads();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().map_err(io::Error::other)?;
        let work = || pool.install(|| Self::decode(block));
        thread::scope(|scope| {
            let thread = thread::Builder::new().spawn_scoped(scope, work)?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    fn decode(block: Block<'_>) -> Result<Self> {
        let limit = (Limit::DecodedBytes, block.limits.decoded_bytes);
        let mut unpacked = Unpacked::new(block.reader()?, "bytes of a decoded block", limit);
        unpacked.fill(u64::MAX)?;
        let header = BlockHeader::of_raw(unpacked.len());
        let input = unpacked.into_input()?;
        Ok(Self { input, header })
    }
}

impl Block<'_> {
    /// Whether scattered parts of the decoded data are read from a temporary file, and not from memory.
    pub fn spills(self) -> bool {
        let is_large = self.header.codec() != Codec::None && self.decoded_size() > SPILLED;
        // Nothing is fetched for the sake of a file that would have all of it.
        self.cache.is_some() && is_large && self.is_here()
    }

    /// True when a part of that many bytes costs all that is in front of it, where it is not in a temporary file yet: the codec
    /// has no parts, or the parts that this block has are much larger (a single frame of `zstd`).
    pub(crate) fn is_decoded_from_start(self, length: u64) -> bool {
        match self.header.codec() {
            Codec::Zlib | Codec::Bzip2 | Codec::Lz4Frame => true,
            Codec::Lz4 | Codec::Zstd => {
                let wanted = Wanted {
                    piece: length.max(PIECE),
                    range: 0..length,
                };
                let plan = self
                    .decodable()
                    .and_then(|stored| self.plan(stored, &wanted));
                matches!(plan, Ok(Plan::Stream(_)))
            }
            Codec::None | Codec::Blosc | Codec::Blosc2 | Codec::Unknown(_) => false,
        }
    }

    /// True when the decoded data is in a temporary file already.
    pub(crate) fn has_spilled(self) -> bool {
        self.cache.is_some_and(|cache| cache.has_spilled(self))
    }

    /// The decoded data as a block without compression, for one that [`spills`](Self::spills).
    pub(crate) fn spilled(self) -> Result<Self> {
        let Some(cache) = self.cache.filter(|_| self.spills()) else {
            return Ok(self);
        };
        let Some(spilled) = cache.spilled(self)? else {
            return Ok(self);
        };
        Ok(Block::new(&spilled.input, &spilled.header, self.limits))
    }
}
