//! What damaged bytes hold: remains of headers and of an index, and text of files that lie in data.

use super::judge::Judge;
use crate::block::BlockHeader;
use crate::input::is_blank;
use std::ops::Range;

/// What stands in ASDF files in front of their blocks.
const TEXTS: [&[u8]; 5] = [
    b"#ASDF 1",
    b"#ASDF_STANDARD",
    b"%TAG",
    b"!core/",
    b"tag:stsci.edu",
];

/// What stands there, and in an index after them.
const INDEX_TEXTS: [&[u8]; 4] = [b"#ASDF", b"%YAML", b"--- ", b"\n..."];

/// Bytes from the field `allocated` to the end of the header.
const SIZES: u64 = 40;

impl Judge<'_> {
    /// True when the file ends as an index does, and there is none: data that reach to the end may hold what is left of it.
    pub(super) fn has_index_end(&self) -> bool {
        let bytes = self.bytes;
        !self.indexed && (bytes.ends_with(b".\n") || bytes.ends_with(b".\r\n"))
    }

    /// True when so many bytes that are not an index may be what is left of a block.
    pub(super) fn may_be_block(&self, gap: &Range<u64>) -> bool {
        let bytes = self.input.slice(gap.clone()).unwrap_or_default();
        let begins = INDEX_TEXTS
            .iter()
            .filter_map(|text| memchr::memmem::find(bytes, text));
        begins.min().unwrap_or(bytes.len()) as u64 >= BlockHeader::fixed_size()
    }

    /// True when text of an ASDF file in damaged bytes may be that of the block after them. Where there is another
    /// magic after the text it is that of another block, unless that block and this one lie `within` one that is damaged.
    pub(super) fn has_text(&self, from: u64, to: u64, within: bool) -> bool {
        let before = self.candidates.partition_point(|&offset| offset < to);
        let last = before.checked_sub(1).and_then(|at| self.candidates.get(at));
        match last.filter(|last| **last > from) {
            Some(last) => {
                (within && self.has_any_text(from, to))
                    || self.has_one_of(&TEXTS, *last, to)
                    || self.ends_tree(*last, to)
            }
            None => self.has_any_text(from, to),
        }
    }

    /// True when the bytes there end with the line `...`, and not with that of an index.
    fn ends_tree(&self, from: u64, to: u64) -> bool {
        let bytes = self.input.slice(from..to).unwrap_or_default();
        let end = bytes.iter().rposition(|byte| !is_blank(*byte));
        let text = end.and_then(|end| bytes.get(..=end)).unwrap_or_default();
        let Some(text) = text.strip_suffix(b"...") else {
            return false;
        };
        let line = text.trim_ascii_end();
        let start = memchr::memrchr(b'\n', line).map_or(0, |end| end.saturating_add(1));
        let entry = line.get(start..).and_then(|line| line.strip_prefix(b"- "));
        !entry.is_some_and(|number| number.iter().all(u8::is_ascii_digit))
    }

    /// True when there is any such text.
    pub(super) fn has_any_text(&self, from: u64, to: u64) -> bool {
        self.has_one_of(&TEXTS, from, to) || self.has_one_of(&INDEX_TEXTS, from, to)
    }

    /// That many, or none where text of an ASDF file is: what was counted may be in the data.
    pub(super) fn unless_text(&self, count: usize, from: u64, to: u64) -> usize {
        if count > 0 && self.has_any_text(from, to) {
            0
        } else {
            count
        }
    }

    fn has_one_of(&self, texts: &[&[u8]], from: u64, to: u64) -> bool {
        let bytes = self.input.slice(from..to.max(from)).unwrap_or_default();
        let mut texts = texts.iter();
        texts.any(|text| memchr::memmem::find(bytes, text).is_some())
    }

    /// True when the last fields of a header between `from` and `next` lead to `next`.
    pub(super) fn has_tail(&self, from: u64, next: u64) -> bool {
        let Some(last) = next.checked_sub(SIZES).filter(|last| *last >= from) else {
            return false;
        };
        let bytes = self.input.slice(from..last.saturating_add(16));
        let words = bytes.unwrap_or_default().windows(16).zip(from..);
        // Zeros lead to what is after them, too, but they say nothing.
        let leads = |(words, at): (&[u8], u64)| {
            let size = |word: &[u8]| word.try_into().map(u64::from_be_bytes).ok();
            let (allocated, used) = words.split_at(8);
            let (Some(allocated), Some(used)) = (size(allocated), size(used)) else {
                return false;
            };
            let end = at.saturating_add(SIZES).saturating_add(allocated);
            (1..=allocated).contains(&used) && end == next
        };
        words.into_iter().any(leads)
    }
}
