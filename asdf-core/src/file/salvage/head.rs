//! Where header lines and tree text of a damaged file are.

use super::loss::{Loss, LossKind};
use super::standard;
use crate::block::BLOCK_MAGIC;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::file::layout;
use crate::input::is_blank;
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// How far a file without a first line is searched for signs of being ASDF.
const SIGNS: usize = 64 << 10;

/// The header lines and the place of the tree.
#[derive(Debug)]
pub(super) struct Head {
    /// Comment lines in front of the tree, with `#`, without line ends.
    pub(super) lines: Vec<Vec<u8>>,
    /// The tree's first lines as they were, where a bad byte is in them; then they are not part of `tree`.
    pub(super) directives: String,
    /// The tree's text with its end marker, if there is any text.
    pub(super) tree: Range<usize>,
    /// True when it is known where the tree ends.
    pub(super) ended: bool,
    /// What stands for the line `...`, where a bad byte is in that.
    pub(super) marker: &'static str,
    /// Where blocks may begin.
    pub(super) blocks_start: u64,
}

/// Finds both. Fails when the file is of another format.
pub(super) fn find(bytes: &[u8], limits: &Limits, losses: &mut Vec<Loss>) -> Result<Head> {
    let limit = memchr::memmem::find(bytes, &BLOCK_MAGIC).unwrap_or(bytes.len());
    let (at, mut lines, mut directives) = start(bytes, limit, losses)?;
    let text = bytes.get(at..limit).unwrap_or_default();
    if directives.is_empty() && (text.is_empty() || text.starts_with(b"#") || blank(text)) {
        return Ok(Head {
            lines,
            directives,
            tree: at..at,
            ended: true,
            marker: "",
            blocks_start: at as u64,
        });
    }
    let skipped = if directives.is_empty() {
        tree_start(text)
    } else {
        0
    };
    if skipped > 0 {
        let span = at as u64..at.saturating_add(skipped) as u64;
        let bytes = skipped as u64;
        losses.push(Loss::new(LossKind::Stray { bytes }).at(span));
    }
    let mut begin = at.saturating_add(skipped);
    if (skipped > 0 || layout::first_line(bytes).is_err())
        && let Some(found) = another_bad_byte(&lines, bytes, begin..limit, losses)
    {
        (begin, lines, directives) = found;
    }
    let text = bytes.get(begin..limit).unwrap_or_default();
    let found = layout::end_marker(text).map(|end| end..end);
    let found = found.or_else(|| {
        let found = bad_marker(text)?;
        let span = begin.saturating_add(found.start)..begin.saturating_add(found.end);
        let line = "...".into();
        losses.push(Loss::new(LossKind::Line { line }).at(span.start as u64..span.end as u64));
        Some(found)
    });
    let ended = found.is_some();
    let found = found.unwrap_or(text.len()..text.len());
    let marker = if found.is_empty() { "" } else { "...\n" };
    LimitExceeded::check(
        "tree size in bytes",
        Limit::TreeBytes,
        found.start as u64,
        limits.tree_bytes,
    )?;
    let end = begin.saturating_add(found.start);
    if !ended {
        let span = end as u64..end as u64;
        losses.push(Loss::new(LossKind::TreeEnd).at(span));
    }
    Ok(Head {
        lines,
        directives,
        tree: begin..end,
        ended,
        marker,
        blocks_start: begin.saturating_add(found.end) as u64,
    })
}

/// What stands in front of the tree: where that ends, its comment lines, and the tree's first lines where a bad byte is in
/// them.
fn start(
    bytes: &[u8],
    limit: usize,
    losses: &mut Vec<Loss>,
) -> Result<(usize, Vec<Vec<u8>>, String)> {
    let head = bytes.get(..limit).unwrap_or_default();
    if let Some(found) = one_bad_byte(head, |at| at, losses) {
        return Ok(found);
    }
    let mut at = first_line(bytes, losses)?;
    let mut lines = Vec::new();
    while at < limit && bytes.get(at) == Some(&b'#') {
        if rest(bytes, at).starts_with(b"#ASDF BLOCK INDEX") {
            break;
        }
        let (line, next) = layout::line_at(rest(bytes, 0).get(..limit).unwrap_or_default(), at);
        lines.push(line.to_vec());
        at = next;
    }
    Ok((at, lines, String::new()))
}

/// The same where other first lines were mended or left out: what is left of them may have a bad byte of its own, which is
/// certain then. The text of the tree is in `rest`.
fn another_bad_byte(
    lines: &[Vec<u8>],
    bytes: &[u8],
    rest: Range<usize>,
    losses: &mut Vec<Loss>,
) -> Option<(usize, Vec<Vec<u8>>, String)> {
    let begin = rest.start;
    let (head, length) = standard::with_lines_before(lines, bytes.get(rest)?);
    let place = |found: usize| begin.saturating_add(found.saturating_sub(length));
    one_bad_byte(&head, place, losses)
}

/// The same for a head in which one byte is bad, with what tells the place in the file of a place in `head`.
fn one_bad_byte(
    head: &[u8],
    place: impl Fn(usize) -> usize,
    losses: &mut Vec<Loss>,
) -> Option<(usize, Vec<Vec<u8>>, String)> {
    let span = |range: Range<usize>| place(range.start) as u64..place(range.end) as u64;
    match standard::find(head)? {
        standard::Start::Certain(found) => {
            let line = found.line.into();
            losses.push(Loss::new(LossKind::Line { line }).at(span(found.at)));
            let comment = found.comment.map(String::into_bytes);
            Some((
                place(found.end),
                comment.into_iter().collect(),
                found.directives,
            ))
        }
        standard::Start::Version(at) => {
            losses.push(Loss::new(LossKind::Version).at(span(at)));
            None
        }
    }
}

/// The last line in front of the blocks, when it is the line `...` but for one byte.
fn bad_marker(text: &[u8]) -> Option<Range<usize>> {
    let end = text.iter().rposition(|byte| !is_blank(*byte))?;
    let text = text.get(..=end)?;
    let start = memchr::memrchr(b'\n', text)?.saturating_add(1);
    let line = text.get(start..)?;
    standard::is_marker(line).then_some(start..text.len())
}

/// Where the line after `#ASDF 1.0.0` begins.
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
        let begins: [&[u8]; 3] = [b"%YAML", b"%TAG", b"---"];
        begins.iter().any(|begin| line.starts_with(begin))
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
