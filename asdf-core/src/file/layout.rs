//! Where header, tree and blocks of a file begin and end (ASDF standard, file layout).
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::input::Input;
use crate::limits::{Limit, Limits};
use std::ops::Range;

pub(super) const MAGIC: &[u8] = b"#ASDF";
const BLOCK_MAGIC: &[u8] = b"\xd3BLK";
/// The longest first line worth reading: a version is a few bytes.
const FIRST_LINE: usize = 256;
/// Standard versions whose tags and layout are known here.
pub(super) const KNOWN_STANDARDS: [&str; 7] = [
    "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0",
];

/// The lines in front of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileHeader {
    /// From the first line: `#ASDF 1.0.0`.
    pub format_version: String,
    /// From the first comment `#ASDF_STANDARD x.y.z` that can be read.
    pub standard_version: Option<String>,
    /// The comment lines in front of the tree, without `#` and surrounding blanks.
    pub comments: Vec<String>,
}

/// The three parts of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) header: FileHeader,
    /// From `%YAML` to the end of the line `...`.
    pub(super) tree: Option<Range<u64>>,
    /// The first byte that may belong to padding or a block.
    pub(super) blocks_start: u64,
}

impl Layout {
    /// Finds them from `start` on, where the first line is.
    pub(super) fn find(
        input: &Input,
        start: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let allowed = limits.tree_bytes;
        let head = input.beginning(start, &|head| suffices(head, allowed))?;
        let (format_version, length) = first_line(head)?;
        let place = |at: usize| start.saturating_add(at as u64);
        let mut at = length;
        let mut comments = Vec::new();
        let mut tree = None;
        loop {
            let rest = head.get(at..).unwrap_or_default();
            if rest.is_empty() || rest.starts_with(BLOCK_MAGIC) {
                break;
            }
            if rest.starts_with(b"%YAML") {
                let from = place(at);
                let end = tree_end(input, from, rest, (Limit::TreeBytes, allowed))?;
                tree = Some(from..place(at.saturating_add(end)));
                at = at.saturating_add(end);
                break;
            }
            if !rest.starts_with(b"#") {
                return Err(preamble(rest, place(at)));
            }
            let (line, next) = line_at(head, at);
            let text = line.strip_prefix(b"#").unwrap_or(line);
            comments.push(String::from_utf8_lossy(text).trim().to_owned());
            at = next;
        }
        let standard_version = standard_version(&comments, warnings);
        let header = FileHeader {
            format_version,
            standard_version,
            comments,
        };
        Ok(Self {
            header,
            tree,
            blocks_start: place(at),
        })
    }
}

/// The line that starts at `at`, without the LF, CR or CR LF that ends it, and where the next one
/// starts.
pub(super) fn line_at(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(length) = memchr::memchr2(b'\n', b'\r', rest) else {
        return (rest, bytes.len());
    };
    let (line, end) = rest.split_at_checked(length).unwrap_or((rest, b""));
    let end = if end.starts_with(b"\r\n") { 2 } else { 1 };
    (line, at.saturating_add(length).saturating_add(end))
}

/// The lines, with the LF, CR or CR LF that ends each of them.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        at = line_at(bytes, start).1;
        bytes.get(start..at).filter(|line| !line.is_empty())
    })
}

/// Reads `#ASDF 1.0.0`; gives the version and where the next line starts.
pub(super) fn first_line(bytes: &[u8]) -> Result<(String, usize)> {
    let head = bytes.get(..FIRST_LINE).unwrap_or(bytes);
    if !head.starts_with(MAGIC) {
        return Err(Error::from(Malformed::NotAsdf {
            found: recognise(head),
        })
        .at(0..head.len().min(8) as u64));
    }
    // The last line of a file needs no end.
    let length = match memchr::memchr(b'\n', head) {
        Some(length) => length,
        None if bytes.len() <= FIRST_LINE => head.len(),
        None => {
            let found = "a first line that does not end".into();
            return Err(Error::from(Malformed::NotAsdf { found }).at(0..head.len() as u64));
        }
    };
    let line = head.get(..length).unwrap_or_default();
    let mut words = line
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let (Some(MAGIC), Some(version), None) = (words.next(), words.next(), words.next()) else {
        let found = format!("first line `{}`", line.escape_ascii()).into();
        return Err(Error::from(Malformed::NotAsdf { found }).at(0..length as u64));
    };
    let version = String::from_utf8_lossy(version).into_owned();
    if version != "1.0.0" {
        let found = version.escape_debug().to_string().into();
        return Err(Error::from(Malformed::FormatVersion { found }).at(0..length as u64));
    }
    Ok((version, bytes.len().min(length.saturating_add(1))))
}

/// True for a file that begins as another known format does, and for an empty one.
pub(super) fn is_other_format(bytes: &[u8]) -> bool {
    let others: [&[u8]; 7] = [
        b"SIMPLE  =",
        b"\x89HDF\r\n",
        b"\x1f\x8b",
        b"\x89PNG",
        b"\xff\xfe",
        b"\xfe\xff",
        b"PK\x03\x04",
    ];
    bytes.is_empty() || others.iter().any(|magic| bytes.starts_with(magic))
}

/// What a file that is not ASDF seems to be.
fn recognise(head: &[u8]) -> Box<str> {
    let known: [(&[u8], &str); 21] = [
        (b"SIMPLE  =", "a FITS file"),
        (
            b"\x89HDF\r\n",
            "an HDF5 file (the seismic ASDF is HDF5, another format of the same name)",
        ),
        (
            b"\x1f\x8b",
            "gzip-compressed data, which is read only where it holds an ASDF or FITS file",
        ),
        (
            b"BZh",
            "bzip2-compressed data, which is read only where it holds an ASDF or FITS file",
        ),
        (
            b"\xfd7zXZ\0",
            "xz-compressed data, which is read only where it holds an ASDF or FITS file",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "zstd-compressed data, which has to be unpacked first",
        ),
        (b"PAR1", "a Parquet file"),
        (b"\x93NUMPY", "a NumPy array (.npy)"),
        (b"%PDF-", "a PDF document"),
        (
            b"version https://git-lfs",
            "a pointer of Git LFS in place of the file: `git lfs pull` fetches it",
        ),
        (b"<!DOCTYPE", "an HTML or XML page, not the file itself"),
        (b"<!doctype", "an HTML or XML page, not the file itself"),
        (b"<html", "an HTML page, not the file itself"),
        (b"<HTML", "an HTML page, not the file itself"),
        (b"<?xml", "an XML document"),
        (b"\x89PNG", "a PNG image"),
        (
            b"\xef\xbb\xbf#ASDF",
            "an ASDF file after a byte order mark, which the standard does not allow",
        ),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
        (b"PK\x03\x04", "a zip archive"),
        (BLOCK_MAGIC, "an ASDF block without a file header"),
    ];
    if head.is_empty() {
        return "an empty file".into();
    }
    if let Some((_, name)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return (*name).into();
    }
    let start = head.get(..16).unwrap_or(head);
    format!(
        "it starts with `{}`, expected `#ASDF 1.0.0`",
        start.escape_ascii()
    )
    .into()
}

fn preamble(rest: &[u8], at: u64) -> Error {
    let line = line_at(rest, 0).0;
    let shown = line.get(..40).unwrap_or(line);
    let found = format!("`{}`", shown.escape_ascii()).into();
    let span = at..at.saturating_add(shown.len() as u64);
    Error::from(Malformed::Preamble { found }).at(span)
}

/// Bounds the tree of a file that was compressed as a whole, whose size says nothing about it.
pub(super) fn check_unpacked(input: &Input, start: u64, limits: &Limits) -> Result<()> {
    let limit = (Limit::UnpackedTreeBytes, limits.unpacked_tree_bytes);
    let text = input.slice(start.min(input.len())..input.len())?;
    match tree_end(input, start, text, limit) {
        Err(error) if error.is_limit() => Err(error),
        // What else is wrong is told when it is read.
        _ => Ok(()),
    }
}

/// Bytes behind what decides, so that nothing of it is cut.
const SLACK: usize = 512;

/// True when the lines in front of the tree and the tree end within this beginning of a longer file, or it is clear that they do
/// not.
fn suffices(head: &[u8], allowed: u64) -> bool {
    if !head.starts_with(MAGIC) {
        return true;
    }
    let mut at = line_at(head, 0).1;
    loop {
        let rest = head.get(at..).unwrap_or_default();
        let Some(known) = rest.len().checked_sub(SLACK) else {
            return false;
        };
        if rest.starts_with(b"%YAML") {
            let magic = memchr::memmem::find(rest, BLOCK_MAGIC);
            let ends = [end_marker(rest), magic];
            let is_known = |end: usize| end <= known;
            return ends.into_iter().flatten().any(is_known) || known as u64 >= allowed;
        }
        if !rest.starts_with(b"#") {
            return true;
        }
        at = line_at(head, at).1;
    }
}

/// The bytes from the start of a tree to the end of the line `...` that closes it, within a limit of that name. `text` begins with the
/// tree; when that is not all to the end of the input it has its end, or more than the limit allows.
fn tree_end(input: &Input, start: u64, text: &[u8], limit: (Limit, u64)) -> Result<usize> {
    let allowed = usize::try_from(limit.1).unwrap_or(usize::MAX);
    let searched = text.get(..allowed).unwrap_or(text);
    if let Some(end) = end_marker(searched) {
        return Ok(end);
    }
    // The magic is not UTF-8, so the tree cannot reach past it; without one it ends with the file.
    let length = memchr::memmem::find(searched, BLOCK_MAGIC).unwrap_or(searched.len());
    let end = start.saturating_add(length as u64);
    if length == allowed && length < text.len() {
        let needed = input.len().saturating_sub(start);
        let fact = LimitExceeded::new("tree size in bytes", limit.0, needed, limit.1);
        return Err(Error::from(fact).at(start..end));
    }
    Err(Error::from(Malformed::TreeEnd).at(end..end))
}

/// The end of the first line `...`, when there is one.
pub(super) fn end_marker(text: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(text, b"\n...").find_map(|found| {
        let after = found.saturating_add(4);
        match text.get(after..).unwrap_or_default() {
            [] => Some(after),
            [b'\n', ..] => Some(after.saturating_add(1)),
            [b'\r', b'\n', ..] => Some(after.saturating_add(2)),
            _ => None,
        }
    })
}

/// The first `ASDF_STANDARD` comment that holds a version; what is odd about it is a warning.
fn standard_version(comments: &[String], warnings: &mut Vec<Warning>) -> Option<String> {
    let mut unreadable = None;
    for comment in comments {
        let mut words = comment.split_ascii_whitespace();
        let (Some("ASDF_STANDARD"), Some(version), None) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        if !is_version(version) {
            unreadable.get_or_insert(version);
            continue;
        }
        if !KNOWN_STANDARDS.contains(&version) {
            let detail =
                format!("ASDF standard {version} is not known here (1.0.0 to 1.6.0 are)").into();
            warnings.push(Warning::new(WarningKind::Standard { detail }));
        }
        return Some(version.to_owned());
    }
    if let Some(found) = unreadable {
        let detail = format!("`#ASDF_STANDARD {}` is not a version", found.escape_debug()).into();
        warnings.push(Warning::new(WarningKind::Standard { detail }));
    }
    None
}

/// `x.y.z` with an optional pre-release or build suffix, as in semantic versioning.
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut count = 0_usize;
    let numeric = core.split('.').all(|part| {
        count = count.saturating_add(1);
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    numeric && count == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(bytes: &[u8]) -> Result<Layout> {
        Layout::find(
            &Input::from(bytes.to_vec()),
            0,
            &Limits::default(),
            &mut Vec::new(),
        )
    }

    #[test]
    fn the_tree_runs_from_the_directive_to_its_end_marker() {
        let layout =
            find(b"#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\n%YAML 1.1\n---\na: 1\n...\nxx").unwrap();
        assert_eq!(layout.tree, Some(33..56));
        assert_eq!(layout.blocks_start, 56);
        assert_eq!(layout.header.standard_version.as_deref(), Some("1.5.0"));
        assert_eq!(layout.header.comments, ["ASDF_STANDARD 1.5.0"]);
    }

    #[test]
    fn crlf_line_ends_are_fine() {
        let layout = find(b"#ASDF 1.0.0\r\n%YAML 1.1\r\n---\r\na: 1\r\n...\r\n").unwrap();
        assert_eq!(layout.tree, Some(13..40));
    }

    #[test]
    fn the_last_line_of_a_file_needs_no_end() {
        for (bytes, comments) in [
            (b"#ASDF 1.0.0".as_slice(), [].as_slice()),
            (
                b"#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0",
                &["ASDF_STANDARD 1.5.0"],
            ),
            (b"#ASDF 1.0.0\r\n# a\r\n# b", &["a", "b"]),
            (b"#ASDF 1.0.0\n# a\r# b\r", &["a", "b"]),
        ] {
            let layout = find(bytes).unwrap();
            assert_eq!(layout.header.comments, comments);
            assert_eq!(
                (layout.tree, layout.blocks_start),
                (None, bytes.len() as u64)
            );
        }
        assert!(find(b"#ASDF 1.0.0\r#ASDF_STANDARD 1.5.0\r").is_err());
    }

    #[test]
    fn a_carriage_return_ends_a_comment() {
        let layout =
            find(b"#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\r%YAML 1.1\n---\na: 1\n...\n").unwrap();
        assert_eq!(layout.tree, Some(33..56));
        assert_eq!(layout.header.standard_version.as_deref(), Some("1.5.0"));
    }

    #[test]
    fn three_dots_inside_a_line_do_not_end_the_tree() {
        let layout = find(b"#ASDF 1.0.0\n%YAML 1.1\n---\na: |\n  ...\n...x\n...").unwrap();
        assert_eq!(layout.tree, Some(12..45));
    }

    #[test]
    fn a_tree_without_end_marker_is_refused_where_it_should_be() {
        let error = find(b"#ASDF 1.0.0\n%YAML 1.1\n---\na: 1\n\xd3BLK").unwrap_err();
        assert_eq!(error.place().span, Some(31..31));
    }

    #[test]
    fn a_file_without_tree_goes_on_with_blocks() {
        let layout = find(b"#ASDF 1.0.0\n\xd3BLK").unwrap();
        assert_eq!((layout.tree, layout.blocks_start), (None, 12));
    }

    #[test]
    fn a_fits_file_is_recognised() {
        let error = find(b"SIMPLE  =                    T").unwrap_err();
        assert!(
            error.to_string().ends_with("not an ASDF file: a FITS file"),
            "{error}"
        );
    }

    #[test]
    fn an_unreadable_standard_version_is_a_warning() {
        let mut warnings = Vec::new();
        let bytes = b"#ASDF 1.0.0\n#ASDF_STANDARD x\n".to_vec();
        let layout =
            Layout::find(&Input::from(bytes), 0, &Limits::default(), &mut warnings).unwrap();
        assert_eq!(layout.header.standard_version, None);
        assert_eq!(warnings.len(), 1);
    }
}
