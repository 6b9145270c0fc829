//! Which pieces of a block can be decoded without the others, for those who decode them elsewhere.

use super::codec::{self, Part, Plan, Wanted};
use super::{Block, Codec};
use crate::error::{Locate, Result};

/// Bytes of a chunk's length in ASDF's framing of LZ4 that stand between it and what other decoders take.
#[cfg(feature = "lz4")]
const LZ4_SIZE: usize = 4;

/// A piece of a block that can be decoded without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockChunk {
    /// Absolute offset of its first byte.
    pub offset: u64,
    /// Bytes that it has in the file.
    pub stored: u64,
    /// Bytes that it decodes to.
    pub decoded: u64,
}

impl Block<'_> {
    /// The pieces that can be decoded alone, in order; together they are the decoded data. Nothing is decoded.
    ///
    /// A piece is what a decoder of the codec takes elsewhere: of `lz4` the decoded size in four little-endian bytes and the LZ4 block, without
    /// ASDF's own length before them; of `zstd` a frame, of `blsc` and `bls2` a buffer. Of other codecs, and where a size is not
    /// known without decoding, there is one piece: all stored bytes.
    ///
    /// # Errors
    /// The block is cut, its chunks do not fit together, or its codec is not known.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// for block in file.blocks() {
    ///     let decoded: u64 = block.chunks()?.iter().map(|chunk| chunk.decoded).sum();
    ///     assert_eq!(decoded, block.decoded_size());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn chunks(self) -> Result<Vec<BlockChunk>> {
        let stored = self.decodable()?;
        let size = self.decoded_size();
        let all = BlockChunk {
            offset: stored.base(),
            stored: stored.len() as u64,
            decoded: size,
        };
        if self.header().codec() == Codec::None {
            return Ok(vec![all]);
        }
        let wanted = Wanted::all(u64::MAX);
        let plan = codec::plan(self.header().codec(), stored, size, &wanted, self.limits)
            .at(self.data_span())
            .in_block(self.header().index)?;
        let Plan::Chunks { chunks, .. } = plan else {
            return Ok(vec![all]);
        };
        let mut out: Vec<BlockChunk> = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let start = chunk.stored.start.saturating_sub(self.before_size());
            let decoded = chunk.decoded.end.saturating_sub(chunk.decoded.start);
            let new = BlockChunk {
                offset: stored.base().saturating_add(start as u64),
                stored: chunk.stored.end.saturating_sub(start) as u64,
                decoded,
            };
            match chunk.part {
                // Pieces of one Blosc buffer, which is decoded as a whole elsewhere.
                #[cfg(feature = "blosc")]
                Part::Blosc(part) if part.is_within_buffer() => match out.last_mut() {
                    Some(last) => last.decoded = last.decoded.saturating_add(decoded),
                    None => out.push(new),
                },
                // Repeated values that nothing is stored of.
                #[cfg(feature = "blosc")]
                Part::Blosc(part) if part.is_run() => return Ok(vec![all]),
                _ => out.push(new),
            }
        }
        Ok(out)
    }

    /// Bytes in front of a chunk that belong to what other decoders take.
    fn before_size(self) -> usize {
        match self.header().codec() {
            #[cfg(feature = "lz4")]
            Codec::Lz4 => LZ4_SIZE,
            _ => 0,
        }
    }
}
