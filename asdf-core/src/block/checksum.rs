//! Checksums: MD5 of the stored bytes.

mod lanes;
mod many;

pub(super) use lanes::LANES;
pub(super) use many::digest_each;

use super::Block;
use super::Codec;
use super::Verdict;
use super::reader::{Placed, RawReader};
use crate::error::Result;
use md5::Digest;
use md5::Md5;
use std::io::Read;

/// Bytes hashed at a time; small enough for the processor's own memory.
const PIECE: usize = 128 << 10;

/// Compares the recorded checksum with the data.
pub(super) fn verify(block: Block<'_>) -> Result<Verdict> {
    match recorded(block)? {
        Some(mut stored) => Ok(verdict(block, digest(&mut stored)?)),
        None => Ok(Verdict::Absent),
    }
}

/// The stored bytes that a checksum is recorded of; `None` when there is none.
pub(super) fn recorded(block: Block<'_>) -> Result<Option<Placed<RawReader<'_>>>> {
    let header = block.header();
    // A block that was cut is an error, whether it has a checksum or not.
    let stored = block.stored_reader()?;
    let is_absent = header.is_streamed() || header.checksum == [0; 16];
    Ok((!is_absent).then_some(stored))
}

/// What the digest of the stored bytes says about a block that has a checksum.
pub(super) fn verdict(block: Block<'_>, computed: [u8; 16]) -> Verdict {
    let header = block.header();
    let recorded = header.checksum;
    if computed == recorded {
        return Verdict::Match;
    }
    // Data that cannot be decoded has no legacy digest either.
    let legacy = header.codec() != Codec::None
        && block
            .reader()
            .and_then(|mut reader| digest(&mut reader))
            .is_ok_and(|found| found == recorded);
    if legacy {
        Verdict::Legacy
    } else {
        Verdict::Mismatch { recorded, computed }
    }
}

/// MD5 of all that the reader gives.
pub(super) fn digest(reader: &mut dyn Read) -> Result<[u8; 16]> {
    let mut hash = Md5::new();
    let mut piece = vec![0; PIECE];
    loop {
        let count = reader.read(&mut piece)?;
        if count == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(piece.get(..count).unwrap_or_default());
    }
}

/// A digest in hexadecimal digits.
pub fn hex(digest: &[u8]) -> String {
    let mut text = String::new();
    for byte in digest {
        text.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('?')),
        );
    }
    text
}
