//! The codecs the other way: the data of a block as it is stored.
//!
//! However large a block is, only a few chunks of it for each thread are in memory. Chunks are
//! compressed in parallel on the current thread pool; where they begin does not depend on it, so
//! neither do the stored bytes.

#[cfg(all(feature = "blosc", feature = "lz4"))]
mod blosc;
#[cfg(feature = "bzip2")]
mod bzip2;
#[cfg(any(feature = "zlib", feature = "bzip2", feature = "lz4"))]
mod chunked;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "lz4")]
mod lz4_frame;
mod source;
#[cfg(feature = "zlib")]
mod zlib;
#[cfg(feature = "zstd")]
mod zstd;

use super::compression::Compression;
use super::header::Codec;
use crate::error::Result;
use crate::error::Unsupported;
use source::{Sink, Source};
use std::io::Read;
use std::io::Seek;
use std::io::Write;

/// Bytes that go from the data to a file or a codec at a time.
const PIECE: usize = 1 << 20;

/// Reads exactly `size` bytes from `data`, elements of `element_size` bytes each, and writes them
/// compressed to `out`. Returns the number of stored bytes; `out` stands after them.
///
/// Only `blsc` goes back in `out`, to its own first bytes; all others just write on.
///
/// # Errors
/// There is less or more data, it is too much for the codec, or this build lacks the codec.
pub(crate) fn encode(
    compression: Compression,
    element_size: usize,
    size: u64,
    data: &mut (dyn Read + Send),
    out: &mut (impl Write + Seek),
) -> Result<u64> {
    let mut source = Source {
        data,
        size,
        given: 0,
    };
    let mut sink = Sink { out, written: 0 };
    match compression.codec() {
        Codec::None => copy(&mut source, &mut sink)?,
        #[cfg(feature = "zlib")]
        Codec::Zlib => zlib::encode(compression.level_or(6), &mut source, &mut sink)?,
        #[cfg(feature = "bzip2")]
        Codec::Bzip2 => bzip2::encode(compression.level_or(9), &mut source, &mut sink)?,
        #[cfg(feature = "lz4")]
        Codec::Lz4 => lz4::encode(&mut source, &mut sink)?,
        #[cfg(feature = "lz4")]
        Codec::Lz4Frame => lz4_frame::encode(&mut source, &mut sink)?,
        #[cfg(feature = "zstd")]
        Codec::Zstd => zstd::encode(compression.level_or(3), &mut source, &mut sink)?,
        #[cfg(all(feature = "blosc", feature = "lz4"))]
        Codec::Blosc => blosc::encode(element_size, &mut source, &mut sink)?,
        other => {
            let _ = element_size;
            let label = other.label();
            return Err(Unsupported::Encoder { label }.into());
        }
    }
    source.finish()?;
    Ok(sink.written)
}

/// Stores the data as it is.
fn copy(source: &mut Source<'_>, sink: &mut impl Write) -> Result<()> {
    let mut piece = vec![0; source.at_most(PIECE)];
    loop {
        let count = source.fill(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        sink.write_all(piece.get(..count).unwrap_or_default())?;
    }
}

#[cfg(test)]
mod tests;
