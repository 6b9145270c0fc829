//! What can be decoded of a block that was cut, and digests of ranges: for `repair`.

use super::Block;
use super::BlockHeader;
use super::Codec;
use super::checksum;
use super::codec;
use super::codec::Plan;
use super::reader::ChunkReader;
use super::reader::RawReader;
use super::stored::Stored;
use crate::error::Result;
use crate::input::Input;
use crate::limits::Limits;
use md5::Digest;
use md5::Md5;
use std::io::Read;
use std::ops::Range;

impl<'f> Block<'f> {
    /// The stored bytes as far as they are there, whatever is wrong with the block.
    pub(crate) fn there(self) -> impl Read + use<'f> {
        RawReader {
            input: self.input,
            left: self.data_span(),
        }
    }

    /// The decoded data as far as the stored bytes go; ends early or in an error where they do.
    pub(crate) fn partial_reader(
        input: &'f Input,
        header: &BlockHeader,
        limits: &Limits,
    ) -> Result<Box<dyn Read + Send + 'f>> {
        let base = header.data_offset;
        let left = base..base.saturating_add(header.available);
        let codec = header.codec();
        if codec == Codec::None {
            return Ok(Box::new(RawReader { input, left }));
        }
        let stored = Stored::of_input(input, &left)?.in_one_pass();
        Ok(
            match codec::plan_cut(codec, stored, header.data_size, limits)? {
                Plan::Chunks { chunks, decode } => {
                    Box::new(ChunkReader::new(input, stored, chunks, decode))
                }
                Plan::Stream(decoder) => Box::new(decoder),
            },
        )
    }
}

/// Up to this size a range is hashed where it lies.
const SMALL: u64 = 128 << 10;

/// MD5 of a range of the file, read in bounded memory.
pub(crate) fn digest_of(input: &Input, left: Range<u64>) -> Result<[u8; 16]> {
    if left.end.saturating_sub(left.start) <= SMALL {
        return Ok(Md5::digest(input.slice(left)?).into());
    }
    checksum::digest(&mut RawReader { input, left })
}
