//! The codecs the other way: the data of a block as it is stored.
//!
//! However large a block is, only a few chunks of it for each thread are in memory. Chunks are
//! compressed in parallel on the current thread pool; where they begin does not depend on it, so
//! neither do the stored bytes.

#[cfg(all(feature = "blosc", feature = "lz4"))]
mod blosc;
#[cfg(feature = "bzip2")]
mod bzip2;
#[cfg(any(feature = "zlib", feature = "bzip2", feature = "lz4", feature = "zstd"))]
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

/// What an encoder is told of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grain {
    /// Bytes of an element: what a shuffle needs to know.
    pub(crate) element: usize,
    /// Decoded bytes of each chunk but the last; without it a codec cuts as it likes, or not at all.
    pub(crate) chunk: Option<usize>,
}

impl Grain {
    /// Elements of that many bytes, in chunks of any size.
    pub(crate) fn of_element(size: usize) -> Self {
        Self {
            element: size,
            chunk: None,
        }
    }
}

/// True for codecs whose data can be in chunks of a size that is asked for.
pub(crate) fn cuts(codec: Codec) -> bool {
    matches!(codec, Codec::Lz4 | Codec::Zstd | Codec::Blosc)
}

/// Reads exactly `size` bytes from `data` and writes them compressed to `out`. Returns the number of stored bytes; `out` stands
/// after them.
///
/// Only `blsc` goes back in `out`, to its own first bytes; all others just write on.
///
/// # Errors
/// There is less or more data, it is too much for the codec, or this build lacks the codec.
pub(crate) fn encode(
    compression: Compression,
    grain: Grain,
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
        Codec::Lz4 => lz4::encode(grain.chunk, &mut source, &mut sink)?,
        #[cfg(feature = "lz4")]
        Codec::Lz4Frame => lz4_frame::encode(&mut source, &mut sink)?,
        #[cfg(feature = "zstd")]
        Codec::Zstd => zstd::encode(compression.level_or(3), grain.chunk, &mut source, &mut sink)?,
        #[cfg(all(feature = "blosc", feature = "lz4"))]
        Codec::Blosc => blosc::encode(grain, &mut source, &mut sink)?,
        other => {
            let _ = grain;
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
