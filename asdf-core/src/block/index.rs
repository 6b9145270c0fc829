//! The trailing block index. A hint, never the truth: it is compared with the blocks found.
//!
//! It is a YAML document that holds one list of offsets. Its reader here knows just that: comments,
//! directives, a block or flow list of integers, the end marker.

use super::IndexState;
use super::header::BlockHeader;
use super::header::MAGIC;
use super::scan;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::input::{Input, is_blank};
use crate::limits::Limits;
use std::ops::Range;

/// The line that an index begins with.
pub(crate) const MARKER: &[u8] = b"#ASDF BLOCK INDEX";

/// How far after the last block an index that is not in its place is still looked for.
const REACH: usize = 4096;

/// Reads what stands after the last block, at the end of `file`; its offsets count from the start of that.
pub(super) fn read(
    input: &Input,
    file: Range<u64>,
    headers: &[BlockHeader],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<(IndexState, Option<Vec<u64>>)> {
    let end = file.end;
    let rest = input.beginning(end, &|rest| suffices(rest, limits.blocks))?;
    let span = end..input.len();
    let Some(gap) = marker(rest) else {
        if MARKER.starts_with(rest) {
            let what = "the first line of the block index";
            warnings.push(Warning::new(WarningKind::FileCut { what }).at(span));
            return Ok((IndexState::Ignored, None));
        }
        if MAGIC.starts_with(rest) {
            let what = "the header of a block";
            warnings.push(Warning::new(WarningKind::FileCut { what }).at(span));
            return Ok((IndexState::Absent, None));
        }
        // Trailing NULs are legal; no more of them is looked at than of anything else here.
        let near = rest.get(..rest.len().min(REACH)).unwrap_or_default();
        if near.iter().any(|&byte| byte != 0) {
            warnings.push(trailing(rest, end..input.len()));
        }
        return Ok((IndexState::Absent, None));
    };
    let text = rest
        .get(gap.saturating_add(MARKER.len())..)
        .unwrap_or_default();
    let mut reader = Reader::new(text);
    let parsed = reader.list(limits.blocks).map(|offsets| {
        let absolute = |offset: u64| offset.saturating_add(file.start);
        offsets.into_iter().map(absolute).collect::<Vec<u64>>()
    });
    let kind = match &parsed {
        _ if reader.is_cut && is_other(&parsed, headers, file.start) => {
            let what = "the block index";
            Some(WarningKind::FileCut { what })
        }
        Err(reason) => Some(WarningKind::IndexUnreadable { reason }),
        Ok(_) if gap > 0 => Some(WarningKind::IndexDisplaced { gap: gap as u64 }),
        Ok(offsets) => difference(offsets, headers, file.start),
    };
    if parsed.is_ok() {
        let after = reader.rest();
        let read = rest.len().saturating_sub(after.len());
        let start = end.saturating_add(read as u64);
        if !input.is_blank(start)? {
            warnings.push(trailing(input.up_to(start, 8)?, start..input.len()));
        }
    }
    let state = if kind.is_none() {
        IndexState::Valid
    } else {
        IndexState::Ignored
    };
    warnings.extend(kind.map(|kind| Warning::new(kind).at(span)));
    Ok((state, parsed.ok()))
}

/// The last text of a file that begins like a block index.
#[derive(Debug)]
pub(crate) struct LastIndex {
    /// Offset of its first line.
    pub(crate) start: u64,
    /// What it lists; nothing when that cannot be read, as in a list that was cut.
    pub(crate) offsets: Vec<u64>,
    /// True when only blanks and NULs follow, so that it is not part of a block's data.
    pub(crate) at_end: bool,
}

/// Searches the file from its end. The walk over the blocks never does that, `repair` does.
pub(crate) fn last_index(bytes: &[u8], from: u64, limits: &Limits) -> Option<LastIndex> {
    let from = usize::try_from(from).ok()?;
    let bytes = bytes.get(from..)?;
    let found = memchr::memmem::rfind(bytes, MARKER)?;
    let text = bytes.get(found.checked_add(MARKER.len())?..)?;
    let mut reader = Reader::new(text);
    let offsets = reader.list(limits.blocks);
    let rest = if offsets.is_ok() { reader.rest() } else { text };
    // A list that was cut is at the end, too: all of it is text.
    let at_end = rest.iter().all(|byte| match offsets {
        Ok(_) => is_blank(*byte),
        Err(_) => byte.is_ascii() && *byte != 0,
    });
    Some(LastIndex {
        start: from.checked_add(found)? as u64,
        offsets: offsets.unwrap_or_default(),
        at_end,
    })
}

/// Where the marker begins, when it is at the front or near.
fn marker(rest: &[u8]) -> Option<usize> {
    let near = rest.get(..rest.len().min(REACH))?;
    near.windows(MARKER.len()).position(|found| found == MARKER)
}

/// Says what stands there, which begins with `bytes`.
fn trailing(bytes: &[u8], span: Range<u64>) -> Warning {
    let kind = WarningKind::Trailing {
        bytes: span.end.saturating_sub(span.start),
        found: scan::beginning(bytes),
    };
    Warning::new(kind).at(span)
}

/// True when the index ends within this beginning of what stands after the last block, or there is none.
fn suffices(rest: &[u8], most: u64) -> bool {
    let Some(gap) = marker(rest) else {
        return true;
    };
    let start = gap.saturating_add(MARKER.len());
    let mut reader = Reader::new(rest.get(start..).unwrap_or_default());
    let is_read = reader.list(most).is_ok();
    // A word may be cut at the end; a fault is found again, and told, when there is more.
    is_read && !reader.is_cut && reader.rest().len() >= 8
}

/// Bytes at the end of a file among which its index is looked for, to be told where the headers of its blocks are: somewhat less
/// than what comes with the first round trip.
const NEAR_END: u64 = 60 << 10;
/// Bytes of a header and of what its data begin with.
const HEADER: u64 = 80;
/// Headers that are fetched at once.
const MOST: u64 = 100_000;

/// Has the headers of all blocks come together where they would come one after the other. The index is a hint here as well: what it
/// names wrongly is fetched in vain.
pub(super) fn want(input: &Input, origin: u64, start: u64, limits: &Limits) -> Result<()> {
    let end = input.len();
    if !input.is_ranged() || start >= end {
        return Ok(());
    }
    let from = end.saturating_sub(NEAR_END).max(start);
    let bytes = input.slice(from..end)?;
    let Some(found) = memchr::memmem::rfind(bytes, MARKER) else {
        return Ok(());
    };
    let text = bytes.get(found.saturating_add(MARKER.len())..);
    let mut reader = Reader::new(text.unwrap_or_default());
    let Ok(offsets) = reader.list(limits.blocks.min(MOST)) else {
        return Ok(());
    };
    let place = |offset: &u64| {
        let at = offset.saturating_add(origin);
        at..at.saturating_add(HEADER)
    };
    let inside = |span: &Range<u64>| span.start >= start && span.end <= end;
    let mut spans: Vec<Range<u64>> = offsets.iter().map(place).filter(inside).collect();
    spans.sort_unstable_by_key(|span| span.start);
    input.want(&spans)
}

/// True unless the index lists just the blocks that were found; then nothing of it is missing but its end.
fn is_other(parsed: &Parsed<Vec<u64>>, headers: &[BlockHeader], origin: u64) -> bool {
    parsed.as_ref().map_or(true, |offsets| {
        difference(offsets, headers, origin).is_some()
    })
}

/// The first way in which the index and the blocks differ.
fn difference(offsets: &[u64], headers: &[BlockHeader], origin: u64) -> Option<WarningKind> {
    let pairs = offsets.iter().zip(headers).enumerate();
    for (entry, (&recorded, header)) in pairs {
        if recorded != header.offset {
            let entry = entry as u64;
            return Some(WarningKind::IndexDisagrees {
                entry,
                recorded: recorded.saturating_sub(origin),
                found: header.offset.saturating_sub(origin),
            });
        }
    }
    let (recorded, found) = (offsets.len() as u64, headers.len() as u64);
    (recorded != found).then_some(WarningKind::IndexCount { recorded, found })
}

type Parsed<T> = std::result::Result<T, &'static str>;

/// Reads the text after the marker.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// The text ends without the line `...`.
    is_cut: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            is_cut: false,
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn advance(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// The next line without its end, which is skipped.
    fn line(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let end = rest.iter().position(|&byte| byte == b'\n');
        self.advance(end.map_or(rest.len(), |end| end.saturating_add(1)));
        rest.get(..end.unwrap_or(rest.len()))
            .unwrap_or_default()
            .trim_ascii_end()
    }

    /// Skips blanks, line ends and comments.
    fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.advance(1),
                b'#' => drop(self.line()),
                _ => return,
            }
        }
    }

    /// True when a document marker stands here.
    fn stands_at(&self, marker: [u8; 3]) -> bool {
        let rest = self.rest();
        rest.starts_with(&marker)
            && matches!(rest.get(3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// The whole document.
    fn list(&mut self, most: u64) -> Parsed<Vec<u64>> {
        let offsets = self.entries(most);
        // What cannot be read up to the very end was cut there.
        self.is_cut |= offsets.is_err() && self.rest().is_empty();
        offsets
    }

    fn entries(&mut self, most: u64) -> Parsed<Vec<u64>> {
        if !self.line().is_empty() {
            return Err("its first line goes on");
        }
        self.skip();
        while self.peek() == Some(b'%') {
            self.line();
            self.skip();
        }
        if self.stands_at(*b"---") {
            self.advance(3);
            self.skip();
        }
        let offsets = match self.peek() {
            Some(b'[') => self.flow_list(most)?,
            Some(b'-') => self.block_list(most)?,
            Some(_) => return Err("it is not a list"),
            None => return Err("it is empty"),
        };
        self.skip();
        if self.stands_at(*b"...") {
            self.advance(3);
        } else {
            self.is_cut = self.rest().is_empty();
        }
        Ok(offsets)
    }

    /// `- 1`, `- 2`, each on its line.
    fn block_list(&mut self, most: u64) -> Parsed<Vec<u64>> {
        let mut offsets = Vec::new();
        while self.peek() == Some(b'-') && !self.stands_at(*b"---") {
            self.advance(1);
            let line = self.line();
            if !matches!(line.first(), Some(b' ' | b'\t')) {
                return Err("an entry is not a whole number");
            }
            let comment = line.windows(2).position(|pair| pair == b" #");
            let entry = comment.and_then(|end| line.get(..end)).unwrap_or(line);
            push(&mut offsets, entry.trim_ascii(), most)?;
            self.skip();
        }
        match self.peek() {
            None | Some(0) => Ok(offsets),
            Some(_) if self.stands_at(*b"...") => Ok(offsets),
            Some(_) => Err("it is not a list of whole numbers"),
        }
    }

    /// `[1, 2]`
    fn flow_list(&mut self, most: u64) -> Parsed<Vec<u64>> {
        let mut offsets = Vec::new();
        self.advance(1);
        self.skip();
        while self.peek() != Some(b']') {
            let rest = self.rest();
            let end = rest
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric() && !b"_+-".contains(byte));
            let entry = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            push(&mut offsets, entry, most)?;
            self.advance(entry.len());
            self.skip();
            match self.peek() {
                Some(b',') => self.advance(1),
                Some(b']') => break,
                _ => return Err("its list does not end"),
            }
            self.skip();
        }
        self.advance(1);
        Ok(offsets)
    }
}

fn push(offsets: &mut Vec<u64>, entry: &[u8], most: u64) -> Parsed<()> {
    if offsets.len() as u64 >= most {
        return Err("it has more entries than `blocks` allows");
    }
    offsets.push(integer(entry).ok_or("an entry is not a whole number")?);
    Ok(())
}

/// A whole number as YAML 1.1 writes it: decimal, `0x`, `0b`, octal with a leading 0, underscores.
fn integer(text: &[u8]) -> Option<u64> {
    let text = text.strip_prefix(b"+").unwrap_or(text);
    let (digits, radix) = match text {
        [b'0', b'x', digits @ ..] => (digits, 16),
        [b'0', b'b', digits @ ..] => (digits, 2),
        [b'0', digits @ ..] if !digits.is_empty() => (digits, 8),
        digits => (digits, 10),
    };
    let mut value = None;
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        let digit = char::from(byte).to_digit(radix)?;
        value = Some(
            value
                .unwrap_or(0_u64)
                .checked_mul(radix.into())?
                .checked_add(digit.into())?,
        );
    }
    value
}
