//! Tags and anchors in front of a node.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::{is_tag, is_word, offset};
use super::{LONG, Reader};
use std::borrow::Cow;

/// The tag and the anchor of a node, with where they stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Properties<'t> {
    /// Number of the tag plus one; 0 is not a tag.
    pub(super) tag: u32,
    pub(super) anchor: Option<&'t str>,
    /// `u32::MAX` when there are none.
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Properties<'_> {
    pub(super) const NONE: Self = Self {
        tag: 0,
        anchor: None,
        start: u32::MAX,
        end: 0,
    };

    pub(super) fn is_none(&self) -> bool {
        self.start == u32::MAX
    }

    /// Whether some stand on an earlier line and some on the one that starts there.
    pub(super) fn is_split(&self, line: usize) -> bool {
        self.start < offset(line) && self.end > offset(line)
    }
}

impl<'t> Reader<'t> {
    /// Takes the tag or anchor at `at`; gives what follows it and blanks.
    pub(super) fn property(&mut self, at: usize, into: &mut Properties<'t>) -> Option<usize> {
        let end = if self.text.at(at) == b'&' {
            let (name, end) = self.text.name(at + 1)?;
            if into.anchor.replace(name).is_some() {
                return None;
            }
            end
        } else {
            if into.tag > 0 {
                return None;
            }
            let end = self.tag_end(at)?;
            into.tag = self.tag(self.text.0.get(at..end)?)?;
            end
        };
        into.start = into.start.min(offset(at));
        into.end = offset(end);
        Some(self.text.skip_blanks(end))
    }

    /// Where the tag ends: `!<uri>`, `!suffix` or `!handle!suffix`.
    fn tag_end(&self, at: usize) -> Option<usize> {
        let mut end = at + 1;
        let is_verbatim = self.text.at(end) == b'<';
        if is_verbatim {
            end += 1;
        }
        while is_tag(self.text.at(end))
            || self.text.at(end) == b'!'
            || (is_verbatim && self.text.at(end) == b',')
        {
            end += 1;
        }
        if is_verbatim {
            if self.text.at(end) != b'>' {
                return None;
            }
            end += 1;
        }
        let is_whole = self.text.is_white(end) || matches!(self.text.at(end), b',' | b']' | b'}');
        (is_whole && end - at <= LONG).then_some(end)
    }

    /// The number of the tag that is written like this.
    fn tag(&mut self, written: &'t str) -> Option<u32> {
        if let Some(&number) = self.tags.get(written) {
            return Some(number);
        }
        let uri = self.uri(written)?;
        // The key `<<` means the same with and without its tag.
        if uri.ends_with("merge") {
            return None;
        }
        let number = self.build.tag_number(uri);
        self.tags.insert(written, number);
        Some(number)
    }

    fn uri(&self, written: &'t str) -> Option<Cow<'t, str>> {
        if let Some(uri) = written.strip_prefix("!<") {
            let uri = uri.strip_suffix('>')?;
            return (!uri.is_empty()).then_some(uri.into());
        }
        let local = written.strip_prefix('!')?;
        if local.is_empty() {
            return Some("!".into());
        }
        let (handle, suffix) = match local.split_once('!') {
            Some((name, suffix)) if name.bytes().all(is_word) => {
                (written.get(..name.len() + 2)?, suffix)
            }
            Some(_) => return None,
            None => ("!", local),
        };
        if suffix.is_empty() || suffix.contains('!') {
            return None;
        }
        let declared = self.handles.iter().find(|known| known.0 == handle);
        let prefix = match (declared, handle) {
            (Some((_, prefix)), _) => prefix,
            (None, "!!") => "tag:yaml.org,2002:",
            (None, "!") => return Some(written.into()),
            (None, _) => return None,
        };
        Some(format!("{prefix}{suffix}").into())
    }
}
