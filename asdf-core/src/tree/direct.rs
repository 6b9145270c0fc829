//! The text of a tree straight into the arena, without events, where it is written as ASDF writers do.
//!
//! Understood is what `PyYAML`, libyaml, libfyaml and this crate emit, and people write alike: `%YAML 1.1`, block and flow
//! collections, scalars of all styles, tags, anchors, comments. Anything else (tabs between tokens, `? ` keys, other line breaks,
//! what is wrong or gives a warning) is given up, and the event parser reads the text from its start: what it says is the
//! rule, this is the quick way to the same arena, entry by entry.

mod block;
mod bytes;
mod flow;
mod literal;
mod plain;
mod properties;
mod quoted;

use super::arena::{Arena, CoreTag, Entry, EntryKind, Form};
use super::build::Build;
use super::style::ScalarStyle;
use crate::limits::Limits;
use bytes::{Bytes, offset};
use properties::Properties;
use std::collections::HashMap;

/// Bytes of a key, a directive or a tag beyond which the event parser looks at it.
const LONG: usize = 1024;

/// The arena of the text; `None` when it must be read by the event parser.
pub(super) fn build(text: &str, limits: &Limits) -> Option<Arena> {
    if !bytes::is_usual(text) {
        return None;
    }
    let mut reader = Reader::new(text, limits);
    reader.document()?;
    Some(reader.build.finish())
}

/// Where reading stands, and what was read so far.
struct Reader<'t> {
    text: Bytes<'t>,
    /// The next byte to look at; between lines the start of one.
    at: usize,
    build: Build,
    /// The open block collections.
    blocks: Vec<block::Block>,
    /// The `%TAG` lines.
    handles: Vec<(&'t str, &'t str)>,
    /// Numbers of the tags that were seen, by how they are written.
    tags: HashMap<&'t str, u32>,
    anchors: HashMap<&'t str, u32>,
    most_nodes: usize,
    most_depth: usize,
}

/// A scalar that was read, with where reading goes on.
struct Scalar {
    form: Form,
    first: u32,
    count: u32,
    start: u32,
    end: u32,
    next: usize,
    /// Whether it stands on more than one line.
    is_folded: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, limits: &Limits) -> Self {
        let most = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
        let mut build = Build::default();
        // Most nodes end in one of these; memory that is not written to is not taken.
        let likely = bytes::count_ends(text);
        build.reserve(likely.min(most(limits.nodes)));
        Self {
            text: Bytes(text),
            at: 0,
            build,
            blocks: Vec::new(),
            handles: Vec::new(),
            tags: HashMap::new(),
            anchors: HashMap::new(),
            most_nodes: most(limits.nodes.min(u64::from(u32::MAX - 1))),
            most_depth: most(limits.depth),
        }
    }

    fn push(&mut self, entry: Entry, properties: &Properties<'t>) -> Option<u32> {
        if self.build.arena.entries.len() >= self.most_nodes {
            return None;
        }
        let id = self.build.push(Entry {
            tag: properties.tag,
            start: entry.start.min(properties.start),
            ..entry
        });
        if let Some(name) = properties.anchor {
            self.build.arena.anchors.insert(id, name.into());
            if self.anchors.insert(name, id).is_some() {
                // Defined again, which is worth a warning.
                return None;
            }
        }
        Some(id)
    }

    fn open(
        &mut self,
        kind: EntryKind,
        form: Form,
        start: usize,
        end: usize,
        properties: &Properties<'t>,
    ) -> Option<()> {
        if self.build.depth() >= self.most_depth {
            return None;
        }
        let entry = self.build.entry(kind, form, offset(start), offset(end));
        let id = self.push(entry, properties)?;
        self.build.open(id, kind);
        Some(())
    }

    fn scalar(&mut self, scalar: &Scalar, properties: &Properties<'t>) -> Option<()> {
        let mut entry = Entry {
            first: scalar.first,
            count: scalar.count,
            tag: properties.tag,
            ..self
                .build
                .entry(EntryKind::Scalar, scalar.form, scalar.start, scalar.end)
        };
        entry.scalar = self.build.arena.scalar_type(self.text.0, entry);
        // Where it is not a key, `=` or `<<` has a tag.
        let is_sign = matches!(entry.scalar, CoreTag::Value | CoreTag::Merge);
        if is_sign && !self.build.is_key() {
            return None;
        }
        self.push(entry, properties).map(drop)
    }

    /// A scalar that is not there; one without properties is put where something announces it.
    fn empty(&mut self, at: usize, properties: &Properties<'t>) -> Option<()> {
        let at = if properties.is_none() {
            offset(at)
        } else {
            properties.end
        };
        let form = Form::InSide(ScalarStyle::Plain);
        let mut entry = self.build.entry(EntryKind::Scalar, form, at, at);
        entry.tag = properties.tag;
        entry.scalar = self.build.arena.scalar_type(self.text.0, entry);
        self.push(entry, properties).map(drop)
    }

    /// The alias that stands at `at`; gives what follows it.
    fn alias(&mut self, at: usize) -> Option<usize> {
        let (name, end) = self.text.name(at.checked_add(1)?)?;
        let entry = Entry {
            first: *self.anchors.get(name)?,
            ..self
                .build
                .entry(EntryKind::Alias, Form::Block, offset(at), offset(end))
        };
        self.push(entry, &Properties::NONE)?;
        Some(end)
    }

    /// Where the content of a scalar is kept that was written to the end of the side text from `from` on: in the text when it
    /// stands at `start` as it is.
    fn kept(&mut self, from: usize, start: usize, style: ScalarStyle) -> (Form, u32, u32) {
        let side = &mut self.build.arena.side;
        let content = side.get(from..).unwrap_or_default();
        let count = offset(content.len());
        if content.is_empty() {
            return (Form::InSide(style), 0, 0);
        }
        let after = self.text.0.get(start..).unwrap_or_default();
        if after.starts_with(content) {
            side.truncate(from);
            return (Form::InText(style), offset(start), count);
        }
        (Form::InSide(style), offset(from), count)
    }

    /// Takes note of the comment at `at`; gives the end of its line.
    fn comment(&mut self, at: usize) -> usize {
        let end = self.text.line_end(at);
        self.build.arena.comments.push(offset(at)..offset(end));
        end
    }

    /// Goes to the next line, when at most blanks and a comment stand in front of it.
    fn end_line(&mut self, at: usize) -> Option<()> {
        let next = self.text.skip_blanks(at);
        let end = match self.text.at(next) {
            b'#' if self.text.is_after_white(next) => self.comment(next),
            b'\n' | 0 => next,
            _ => return None,
        };
        self.at = self.text.after_break(end);
        Some(())
    }

    /// Whether nothing but a comment stands in the line from there on.
    fn ends_line(&self, at: usize) -> bool {
        match self.text.at(at) {
            b'\n' | 0 => true,
            b'#' => self.text.is_after_white(at),
            _ => false,
        }
    }

    /// Directives, `---`, the nodes, and `...` or the end of the text.
    fn document(&mut self) -> Option<()> {
        self.directives()?;
        self.nodes()?;
        while !self.blocks.is_empty() {
            self.close_block();
        }
        Some(())
    }

    /// Reads up to the `---`, and past it.
    fn directives(&mut self) -> Option<()> {
        let mut has_version = false;
        loop {
            let end = self.text.line_end(self.at);
            let line = self.text.0.get(self.at..end)?;
            if let Some(rest) = line.strip_prefix("%YAML ") {
                if has_version || rest.trim_matches(' ') != "1.1" {
                    return None;
                }
                has_version = true;
            } else if let Some(rest) = line.strip_prefix("%TAG ") {
                self.tag_directive(rest)?;
            } else if line.starts_with("---") {
                if !matches!(self.text.at(self.at.checked_add(3)?), b' ' | b'\n') {
                    return None;
                }
                self.at = self.at.checked_add(3)?;
                return Some(());
            } else if line.starts_with('#') {
                self.comment(self.at);
            } else if !line.is_empty() {
                return None;
            }
            if end >= self.text.0.len() {
                return None;
            }
            self.at = self.text.after_break(end);
        }
    }

    /// A handle and its prefix.
    fn tag_directive(&mut self, line: &'t str) -> Option<()> {
        let (handle, prefix) = line.trim_matches(' ').split_once(' ')?;
        let prefix = prefix.trim_start_matches(' ');
        let name = handle.strip_prefix('!')?;
        let is_handle = name.is_empty()
            || name
                .strip_suffix('!')
                .is_some_and(|name| name.bytes().all(bytes::is_word));
        let (first, rest) = prefix.as_bytes().split_first()?;
        let is_uri = (*first == b'!' || bytes::is_tag(*first))
            && rest.iter().all(|&byte| bytes::is_tag(byte) || byte == b',');
        let is_known = self.handles.iter().any(|known| known.0 == handle);
        if !is_handle || !is_uri || is_known || line.len() > LONG {
            return None;
        }
        self.handles.push((handle, prefix));
        Some(())
    }
}
