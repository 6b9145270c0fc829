//! What an encoder reads from and writes to.

use crate::error::Result;
use crate::error::Usage;
use std::io;
use std::io::Read;
#[cfg(all(feature = "blosc", feature = "lz4"))]
use std::io::Seek;
#[cfg(all(feature = "blosc", feature = "lz4"))]
use std::io::SeekFrom;
use std::io::Write;

/// The data, held to its announced size.
pub(super) struct Source<'d> {
    pub(super) data: &'d mut (dyn Read + Send),
    pub(super) size: u64,
    pub(super) given: u64,
}

impl Source<'_> {
    /// Bytes still to come, when that is less than `most`.
    pub(super) fn at_most(&self, most: usize) -> usize {
        let left = self.size.saturating_sub(self.given);
        usize::try_from(left).unwrap_or(usize::MAX).min(most)
    }

    /// Fills `out`, less only where the data ends, and says how much came.
    pub(super) fn fill(&mut self, out: &mut [u8]) -> Result<usize> {
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
    pub(super) fn finish(self) -> Result<()> {
        let mut rest = self.data.take(1);
        if io::copy(&mut rest, &mut io::sink())? == 0 {
            return Ok(());
        }
        let announced = self.size;
        Err(Usage::DataLong { announced }.into())
    }
}

/// Counts what is stored.
pub(super) struct Sink<'o, W> {
    pub(super) out: &'o mut W,
    pub(super) written: u64,
}

#[cfg(all(feature = "blosc", feature = "lz4"))]
impl<W: Write + Seek> Sink<'_, W> {
    /// Writes over what was stored first.
    pub(super) fn rewrite_start(&mut self, bytes: &[u8]) -> Result<()> {
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
