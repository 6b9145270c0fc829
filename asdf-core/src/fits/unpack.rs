//! Files that are compressed as a whole. Decompressed HDU by HDU, so that a header says what must come
//! before it is decompressed, and a stream that is not FITS stops at once.

use super::header::BLOCK;
use super::layout;
use super::layout::Entry;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::input::{Input, Unpacked, WholeCodec};
use crate::limits::{Limit, Limits};
use std::io::Read;

const WHAT: &str = "bytes of a compressed FITS file";

/// True for compressed bytes whose content begins as a FITS file does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    WholeCodec::of(bytes).is_some_and(|codec| codec.holds(bytes, layout::MAGIC))
}

/// The content, as far as its HDUs go.
pub(super) fn expand(
    codec: WholeCodec,
    stored: &[u8],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Input> {
    let decoder = codec.decoder(stored);
    let damaged = |error| codec.damaged(error);
    let limit = (Limit::UnpackedBytes, limits.unpacked_bytes);
    let mut stream = Unpacked::new(decoder, WHAT, limit);
    let (mut at, mut index) = (0_u64, 0_usize);
    loop {
        let header = header(&mut stream, at, limits).map_err(damaged)?;
        let magic = if index == 0 {
            layout::begins(&header)
        } else {
            header.starts_with(b"XTENSION=")
        };
        if !magic {
            break;
        }
        // What is wrong with a header is told by the scan over the content, which comes next.
        let Ok(entry) = Entry::read(&header, at, index) else {
            break;
        };
        at = entry.end();
        // Nothing is unpacked for the sake of data that are too large.
        LimitExceeded::check(WHAT, limit.0, at, limit.1)?;
        stream.fill(at).map_err(damaged)?;
        if stream.is_ended() {
            return stream.into_input();
        }
        index = index.saturating_add(1);
    }
    let known = stream.len();
    stream.fill(known.saturating_add(1)).map_err(damaged)?;
    if !stream.is_ended() {
        warnings.push(Warning::new(WarningKind::FitsGzipTrailing));
    }
    stream.into_input()
}

/// Decompresses the header that starts there up to its END; empty when it does not come.
fn header(stream: &mut Unpacked<impl Read>, at: u64, limits: &Limits) -> Result<Vec<u8>> {
    let mut header = Vec::new();
    loop {
        let length = (header.len() as u64).saturating_add(BLOCK);
        LimitExceeded::check(
            "bytes of a header",
            Limit::TreeBytes,
            length,
            limits.tree_bytes,
        )?;
        let start = header.len();
        let goal = at.saturating_add(length);
        while stream.len() < goal && !stream.is_ended() {
            header.extend(stream.next(goal)?);
        }
        let block = header.get(start..).unwrap_or_default();
        let begins = layout::begins(block) || block.starts_with(b"XTENSION=");
        if block.is_empty() || (start == 0 && !begins) {
            return Ok(Vec::new());
        }
        if block
            .chunks_exact(80)
            .any(|card| card.starts_with(b"END     "))
        {
            return Ok(header);
        }
    }
}
