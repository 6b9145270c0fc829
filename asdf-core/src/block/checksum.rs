//! Checksums: MD5 of the stored bytes.

use super::Block;
use super::Codec;
use super::Verdict;
use crate::error::Result;
use md5::Digest;
use md5::Md5;
use std::io::Read;

/// Bytes hashed at a time; small enough for the processor's own memory.
const PIECE: usize = 128 << 10;

/// Compares the recorded checksum with the data.
pub(super) fn verify(block: Block<'_>) -> Result<Verdict> {
    let header = block.header();
    let recorded = header.checksum;
    // A block that was cut is an error, whether it has a checksum or not.
    let mut stored = block.stored_reader()?;
    if header.is_streamed() || recorded == [0; 16] {
        return Ok(Verdict::Absent);
    }
    let computed = digest(&mut stored)?;
    if computed == recorded {
        return Ok(Verdict::Match);
    }
    // Data that cannot be decoded has no legacy digest either.
    let legacy = header.codec() != Codec::None
        && block
            .reader()
            .and_then(|mut reader| digest(&mut reader))
            .is_ok_and(|found| found == recorded);
    Ok(if legacy {
        Verdict::Legacy
    } else {
        Verdict::Mismatch { recorded, computed }
    })
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
