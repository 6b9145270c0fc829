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
#[cfg(feature = "zlib")]
mod zlib;
#[cfg(feature = "zstd")]
mod zstd;

use super::compression::Compression;
use super::header::Codec;
use crate::error::Result;
use crate::error::Unsupported;
use crate::error::Usage;
use std::io;
use std::io::Read;
use std::io::Seek;
#[cfg(all(feature = "blosc", feature = "lz4"))]
use std::io::SeekFrom;
use std::io::Write;

/// Bytes that go from the data to a file or a codec at a time.
const PIECE: usize = 1 << 20;

/// Reads exactly `size` bytes from `data`, elements of `element_size` bytes each, and writes them
/// compressed to `out`. Returns the number of stored bytes; `out` stands behind them.
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

/// The data, held to its announced size.
struct Source<'d> {
    data: &'d mut (dyn Read + Send),
    size: u64,
    given: u64,
}

impl Source<'_> {
    /// Bytes still to come, when that is less than `most`.
    fn at_most(&self, most: usize) -> usize {
        let left = self.size.saturating_sub(self.given);
        usize::try_from(left).unwrap_or(usize::MAX).min(most)
    }

    /// Fills `out`, less only where the data ends, and says how much came.
    fn fill(&mut self, out: &mut [u8]) -> Result<usize> {
        let goal = self.at_most(out.len());
        let mut rest = out.get_mut(..goal).unwrap_or_default();
        while !rest.is_empty() {
            let count = match self.data.read(rest) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                count => count?,
            };
            if count == 0 {
                let (given, announced) = (self.given, self.size);
                return Err(Usage::DataShort { given, announced }.into());
            }
            self.given = self.given.saturating_add(count as u64);
            rest = rest.get_mut(count..).unwrap_or_default();
        }
        Ok(goal)
    }

    /// Checks that nothing more comes.
    fn finish(self) -> Result<()> {
        let mut rest = self.data.take(1);
        if io::copy(&mut rest, &mut io::sink())? == 0 {
            return Ok(());
        }
        let announced = self.size;
        Err(Usage::DataLong { announced }.into())
    }
}

/// Counts what is stored.
struct Sink<'o, W> {
    out: &'o mut W,
    written: u64,
}

#[cfg(all(feature = "blosc", feature = "lz4"))]
impl<W: Write + Seek> Sink<'_, W> {
    /// Writes over what was stored first.
    fn rewrite_start(&mut self, bytes: &[u8]) -> Result<()> {
        let end = self.out.stream_position()?;
        let start = end.saturating_sub(self.written);
        self.out.seek(SeekFrom::Start(start))?;
        self.out.write_all(bytes)?;
        self.out.seek(SeekFrom::Start(end))?;
        Ok(())
    }
}

impl<W: Write> Write for Sink<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.written = self.written.saturating_add(count as u64);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
