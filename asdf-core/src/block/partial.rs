//! What can be decoded of a block that was cut, and digests of ranges: for `repair`.

use super::Block;
use super::Codec;
use super::checksum;
use super::codec;
use super::codec::Plan;
use super::reader::ChunkReader;
use super::reader::RawReader;
use crate::error::Result;
use crate::input::Input;
use std::io::Read;
use std::ops::Range;

impl<'f> Block<'f> {
    /// The decoded data as far as the stored bytes go; ends early or in an error where they do.
    pub(crate) fn partial_reader(self) -> Result<Box<dyn Read + Send + 'f>> {
        let left = self.data_span();
        if self.header.codec() == Codec::None {
            let input = self.input;
            return Ok(Box::new(RawReader { input, left }));
        }
        let base = left.start;
        let stored = self.input.slice(left)?;
        let promised = self.header.data_size;
        let codec = self.header.codec();
        Ok(
            match codec::plan_cut(codec, stored, base, promised, self.limits)? {
                Plan::Chunks { chunks, decode } => {
                    Box::new(ChunkReader::new(stored, base, chunks, decode))
                }
                Plan::Stream(decoder) => Box::new(decoder),
            },
        )
    }
}

/// MD5 of a range of the file, read in bounded memory.
pub(crate) fn digest_of(input: &Input, left: Range<u64>) -> Result<[u8; 16]> {
    checksum::digest(&mut RawReader { input, left })
}
