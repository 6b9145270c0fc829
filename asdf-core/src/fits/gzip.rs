//! Files that are gzipped as a whole. Decompressed HDU by HDU, so that a header says what must come
//! before it is decompressed, and a stream that is no FITS stops at once.

use super::header::BLOCK;
use super::layout;
use super::layout::Entry;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::limits::Limits;
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

/// Bytes decompressed at a time.
const PIECE: u64 = 1 << 20;

/// True for bytes that begin as a gzip member does.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

/// True for gzipped bytes whose content begins as a FITS file does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let mut first = [0; 9];
    is_gzip(bytes)
        && MultiGzDecoder::new(bytes).read_exact(&mut first).is_ok()
        && layout::begins(&first)
}

/// A stream that is decompressed as far as it is asked for.
struct Stream<'s> {
    decoder: MultiGzDecoder<&'s [u8]>,
    out: Vec<u8>,
    ended: bool,
}

impl Stream<'_> {
    /// Decompresses until there are that many bytes, or no more. Memory follows what comes.
    fn fill(&mut self, goal: u64, limits: &Limits) -> Result<()> {
        LimitExceeded::check(
            "bytes of a gzipped FITS file",
            "decoded_bytes",
            goal,
            limits.decoded_bytes,
        )?;
        while !self.ended && (self.out.len() as u64) < goal {
            let wanted = goal.saturating_sub(self.out.len() as u64).min(PIECE);
            let room = usize::try_from(wanted).unwrap_or(0);
            self.out
                .try_reserve(room)
                .map_err(|error| std::io::Error::new(std::io::ErrorKind::OutOfMemory, error))?;
            let read = self
                .decoder
                .by_ref()
                .take(wanted)
                .read_to_end(&mut self.out);
            let read = read.map_err(|error| damaged(&error))?;
            self.ended = (read as u64) < wanted;
        }
        Ok(())
    }
}

/// The content, as far as its HDUs go.
pub(super) fn expand(
    stored: &[u8],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<u8>> {
    let mut stream = Stream {
        decoder: MultiGzDecoder::new(stored),
        out: Vec::new(),
        ended: false,
    };
    let (mut at, mut index) = (0_u64, 0_usize);
    loop {
        let first = stream.header(at, limits)?;
        let rest = usize::try_from(at)
            .ok()
            .and_then(|at| stream.out.get(at..))
            .unwrap_or_default();
        let magic = if index == 0 {
            layout::begins(rest)
        } else {
            rest.starts_with(b"XTENSION=")
        };
        if !magic || !first {
            break;
        }
        // What is wrong with a header is told by the scan over the content, which comes next.
        let Ok(entry) = Entry::read(rest, at, index) else {
            break;
        };
        at = entry.end();
        stream.fill(at, limits)?;
        if stream.ended {
            return Ok(stream.out);
        }
        index = index.saturating_add(1);
    }
    let known = stream.out.len() as u64;
    stream.fill(known.saturating_add(1), limits)?;
    if !stream.ended {
        warnings.push(Warning::new(WarningKind::FitsGzipTrailing));
    }
    Ok(stream.out)
}

impl Stream<'_> {
    /// Decompresses the header that starts there up to its END; false when it does not come.
    fn header(&mut self, at: u64, limits: &Limits) -> Result<bool> {
        let mut goal = at;
        loop {
            goal = goal.saturating_add(BLOCK);
            LimitExceeded::check(
                "bytes of a header",
                "tree_bytes",
                goal.saturating_sub(at),
                limits.tree_bytes,
            )?;
            self.fill(goal, limits)?;
            let start = usize::try_from(goal.saturating_sub(BLOCK)).unwrap_or(usize::MAX);
            let block = self.out.get(start..).unwrap_or_default();
            let first = goal.saturating_sub(BLOCK) == at;
            let begins = layout::begins(block) || block.starts_with(b"XTENSION=");
            if block.is_empty() || (first && !begins) {
                return Ok(false);
            }
            if block
                .chunks_exact(80)
                .any(|card| card.starts_with(b"END     "))
            {
                return Ok(true);
            }
        }
    }
}

fn damaged(error: &std::io::Error) -> Error {
    Malformed::Compressed {
        codec: "gzip",
        detail: error.to_string().into(),
    }
    .into()
}
