//! What stands in front of nearly every tree. It is known byte for byte, so that one bad byte in it is certain.

use crate::file::layout::KNOWN_STANDARDS;
use std::ops::Range;

const FIRST: &str = "#ASDF 1.0.0";
const DIRECTIVES: [&str; 2] = ["%YAML 1.1", "%TAG ! tag:stsci.edu:asdf/"];
const ROOTS: [&str; 2] = ["--- !core/asdf-1.1.0", "--- !core/asdf-1.0.0"];
/// More bytes than the lines of any version have.
const LONGEST: usize = 512;
const VERSION: usize = "1.0.0".len();

/// What the first lines of a file are but for one byte.
#[derive(Debug)]
pub(super) enum Start {
    /// They can only have been these.
    Certain(Lines),
    /// The bad byte is in a version, which nothing else tells.
    Version(Range<usize>),
}

/// First lines as they were.
#[derive(Debug)]
pub(super) struct Lines {
    /// The comment line after the first one, when there is one.
    pub(super) comment: Option<String>,
    /// From `%YAML` to the line that begins with `---`.
    pub(super) directives: String,
    /// Where they end in the file.
    pub(super) end: usize,
    /// The line with the bad byte, as it was and where it is.
    pub(super) line: String,
    pub(super) at: Range<usize>,
}

/// The first line and comment lines, the text that follows them, and how long these lines are together.
pub(super) fn with_lines_before(lines: &[Vec<u8>], behind: &[u8]) -> (Vec<u8>, usize) {
    let behind = behind.get(..LONGEST).unwrap_or(behind);
    let last = memchr::memchr(b'\n', behind).and_then(|end| behind.get(end.checked_sub(1)?));
    let end: &[u8] = if last == Some(&b'\r') { b"\r\n" } else { b"\n" };
    let before = [FIRST.as_bytes()].into_iter();
    let before = before.chain(lines.iter().map(Vec::as_slice));
    let mut text: Vec<u8> = before.flat_map(|line| [line, end].concat()).collect();
    let length = text.len();
    text.extend_from_slice(behind);
    (text, length)
}

/// Looks for lines that differ in one byte; nothing where they are as they should be, or are quite others.
pub(super) fn find(bytes: &[u8]) -> Option<Start> {
    let mut version = None;
    for end in ["\n", "\r\n"] {
        for root in ROOTS {
            for standard in KNOWN_STANDARDS.map(Some).into_iter().chain([None]) {
                let wanted = Wanted::new(standard, root, end);
                let Some((at, length)) = one_off(bytes, wanted.text.as_bytes()) else {
                    continue;
                };
                // The standard says which version the tree has, where the byte cannot be of any.
                let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
                let told = standard.is_some_and(|standard| root == root_of(standard));
                let missing = length.is_some_and(|length| length < wanted.text.len());
                let garbled = !missing && !bytes.get(at).is_some_and(is_text);
                if wanted.is_standard(at) || (wanted.is_root(at) && !(told && garbled)) {
                    version = Some(Start::Version(at..at.saturating_add(1)));
                } else {
                    return length.map(|length| Start::Certain(wanted.lines(at, length)));
                }
            }
        }
    }
    version
}

/// The first line of a tree in that version of the standard.
fn root_of(standard: &str) -> &'static str {
    let [newer, older] = ROOTS;
    if matches!(standard, "1.0.0" | "1.1.0") {
        older
    } else {
        newer
    }
}

/// First lines as they may have been.
struct Wanted {
    text: String,
    comment: Option<String>,
    end: &'static str,
}

impl Wanted {
    fn new(standard: Option<&str>, root: &str, end: &'static str) -> Self {
        let comment = standard.map(|version| format!("#ASDF_STANDARD {version}"));
        let first = [Some(FIRST), comment.as_deref()];
        let all = first.into_iter().flatten().chain(DIRECTIVES).chain([root]);
        let text = all.flat_map(|line| [line, end]).collect();
        Self { text, comment, end }
    }

    /// True for a byte of the version of the standard.
    fn is_standard(&self, at: usize) -> bool {
        let first = FIRST.len().saturating_add(self.end.len());
        let comment = self.comment.as_ref();
        comment.is_some_and(|comment| is_version(first.saturating_add(comment.len()), at))
    }

    /// True for a byte of the version of the tree.
    fn is_root(&self, at: usize) -> bool {
        is_version(self.text.len().saturating_sub(self.end.len()), at)
    }

    fn lines(self, at: usize, length: usize) -> Lines {
        let lines = self
            .text
            .split_inclusive('\n')
            .scan(0_usize, |start, line| {
                let from = *start;
                *start = start.saturating_add(line.len());
                Some((from, line))
            });
        let bad = lines.filter(|(start, _)| *start <= at).last();
        let (start, line) = bad.unwrap_or_default();
        let directives = self.text.find(DIRECTIVES[0]).unwrap_or_default();
        Lines {
            directives: self.text.get(directives..).unwrap_or_default().to_owned(),
            end: length,
            line: line.trim_end().to_owned(),
            at: start..start.saturating_add(line.len()).min(length),
            comment: self.comment,
        }
    }
}

/// Where `found` differs, when one byte that is other, missing or added makes its beginning of `wanted`; how long that
/// beginning is, but for nothing where they are the same.
fn one_off(found: &[u8], wanted: &[u8]) -> Option<(usize, Option<usize>)> {
    let same = found.iter().zip(wanted).take_while(|(one, two)| one == two);
    let at = same.count();
    let behind = |skipped: usize| wanted.get(at.saturating_add(skipped)..);
    let Some(rest) = behind(0).filter(|rest| !rest.is_empty()) else {
        return Some((at, None));
    };
    let next = found.get(at.saturating_add(1)..).unwrap_or_default();
    let here = found.get(at..).unwrap_or_default();
    let all = wanted.len();
    if next.starts_with(rest) {
        return Some((at, Some(all.saturating_add(1))));
    }
    // Where the last byte is not there, nothing tells whether another one stands in its place.
    let behind = behind(1).filter(|rest| !rest.is_empty())?;
    if next.starts_with(behind) {
        return Some((at, Some(all)));
    }
    let shorter = here.starts_with(behind);
    shorter.then_some((at, Some(all.saturating_sub(1))))
}

/// True for a byte of the version that ends there.
fn is_version(end: usize, at: usize) -> bool {
    (end.saturating_sub(VERSION)..end).contains(&at)
}

/// True for the line `...` with one byte that is other, missing or added.
pub(super) fn is_marker(line: &[u8]) -> bool {
    let others = line.iter().filter(|byte| **byte != b'.');
    matches!((line.len(), others.count()), (2 | 4, 0) | (3 | 4, 1))
}
