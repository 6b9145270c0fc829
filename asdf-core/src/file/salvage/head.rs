//! Where header lines and tree text of a damaged file are.

use super::loss::{Loss, LossKind};
use crate::block::BLOCK_MAGIC;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::file::layout;
use crate::input::{Input, is_blank};
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// How far a file without a first line is searched for signs of being ASDF.
const SIGNS: usize = 64 << 10;

/// The header lines and the place of the tree.
#[derive(Debug)]
pub(super) struct Head {
    /// Comment lines in front of the tree, with `#`, without line ends.
    pub(super) lines: Vec<Vec<u8>>,
    /// The tree's text with its end marker, if there is any text.
    pub(super) tree: Range<usize>,
    /// True when the tree's line `...` is there.
    pub(super) ended: bool,
    /// Where blocks may begin.
    pub(super) blocks_start: u64,
}

/// Finds both. Fails when the file is of another format.
pub(super) fn find(input: &Input, limits: &Limits, losses: &mut Vec<Loss>) -> Result<Head> {
    let bytes = input.bytes();
    let mut at = first_line(bytes, losses)?;
    let mut lines = Vec::new();
    let limit = memchr::memmem::find(bytes, &BLOCK_MAGIC).unwrap_or(bytes.len());
    while at < limit && bytes.get(at) == Some(&b'#') {
        if rest(bytes, at).starts_with(b"#ASDF BLOCK INDEX") {
            break;
        }
        let (line, next) = layout::line_at(rest(bytes, 0).get(..limit).unwrap_or_default(), at);
        lines.push(line.to_vec());
        at = next;
    }
    let text = bytes.get(at..limit).unwrap_or_default();
    if text.is_empty() || text.starts_with(b"#") || blank(text) {
        let tree = at..at;
        return Ok(Head {
            lines,
            tree,
            ended: true,
            blocks_start: at as u64,
        });
    }
    let skipped = tree_start(text);
    if skipped > 0 {
        let span = at as u64..at.saturating_add(skipped) as u64;
        let bytes = skipped as u64;
        losses.push(Loss::new(LossKind::Stray { bytes }).at(span));
    }
    let start = at.saturating_add(skipped);
    let text = text.get(skipped..).unwrap_or_default();
    let found = layout::end_marker(text);
    let length = found.unwrap_or(text.len());
    LimitExceeded::check(
        "tree size in bytes",
        Limit::TreeBytes,
        length as u64,
        limits.tree_bytes,
    )?;
    let end = start.saturating_add(length);
    if found.is_none() {
        let span = end as u64..end as u64;
        losses.push(Loss::new(LossKind::TreeEnd).at(span));
    }
    Ok(Head {
        lines,
        tree: start..end,
        ended: found.is_some(),
        blocks_start: end as u64,
    })
}

/// Where the line behind `#ASDF 1.0.0` begins.
fn first_line(bytes: &[u8], losses: &mut Vec<Loss>) -> Result<usize> {
    let error = match layout::first_line(bytes) {
        Ok((_, next)) => return Ok(next),
        Err(error) => error,
    };
    if layout::is_other_format(bytes) || !has_signs(bytes) {
        return Err(error);
    }
    // A line that is neither directive nor document start nor block was the first line.
    let (line, next) = layout::line_at(bytes, 0);
    let keeps = line.starts_with(b"%")
        || line.starts_with(b"---")
        || line.starts_with(&BLOCK_MAGIC)
        || line.starts_with(b"#ASDF_STANDARD");
    let end = if keeps {
        0
    } else {
        next.min(memchr::memmem::find(bytes, &BLOCK_MAGIC).unwrap_or(next))
    };
    losses.push(Loss::new(LossKind::FirstLine).at(0..end as u64));
    Ok(end)
}

/// True when anything in the first bytes says that this was an ASDF file.
fn has_signs(bytes: &[u8]) -> bool {
    let near = bytes.get(..SIGNS).unwrap_or(bytes);
    let signs: [&[u8]; 5] = [
        b"#ASDF",
        b"%YAML 1.1",
        b"--- !core/asdf",
        b"tag:stsci.edu:asdf",
        &BLOCK_MAGIC,
    ];
    signs
        .iter()
        .any(|sign| memchr::memmem::find(near, sign).is_some())
}

/// Bytes in front of `%YAML` or `---`, when there is such a line; else the text is the tree.
fn tree_start(text: &[u8]) -> usize {
    let begins = |at: usize| {
        let line = rest(text, at);
        line.starts_with(b"%YAML") || line.starts_with(b"---")
    };
    if text.starts_with(b"%") || begins(0) {
        return 0;
    }
    memchr::memchr_iter(b'\n', text)
        .map(|end| end.saturating_add(1))
        .find(|&at| begins(at))
        .unwrap_or(0)
}

pub(super) fn rest(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// True for blanks and NULs only.
pub(super) fn blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_blank(*byte))
}
