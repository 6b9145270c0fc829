//! Parser events to arena: one pass, no recursion, limits on depth and nodes.

use super::arena::{Arena, CoreTag, Entry, EntryKind, Form};
use super::fold;
use super::line::Breaks;
use super::line::is_break;
use super::notes::Notes;
use super::style::ScalarStyle;
use super::tag::Tag;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::WarningKind;
use crate::limits::{Limit, Limits};
use granit_parser::{Event, Parser, Span, StructureStyle};
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::HashSet;

/// Characters of a simple key beyond which YAML 1.1 readers refuse it; read here with a warning.
const SIMPLE_KEY: usize = 1024;
const VALUE_TAG: &str = "tag:yaml.org,2002:value";
const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

pub(super) fn build(
    text: &str,
    base: u64,
    limits: &Limits,
    notes: &mut Notes<'_>,
) -> Result<Arena> {
    let depth = usize::try_from(limits.depth)
        .unwrap_or(usize::MAX)
        .saturating_add(2);
    let mut options = granit_parser::options! {
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
        emit_anchor_events: true,
        simple_key_max_lookahead: 16 * SIMPLE_KEY,
        flow_nesting_limit: depth,
        block_nesting_limit: depth,
        max_directive_bytes: 8192,
    };
    // Comments are found much cheaper where there can be any.
    options.set_emit_comments(text.contains('#'));
    options.max_buffered_comment_events = 1_000_000;
    let breaks = Breaks::of(text);
    let shown = breaks.as_ref().map_or(text, Breaks::text);
    let mut parser = Parser::new_from_str_with_options(shown, options);
    let mut builder = Builder::new(text, breaks.as_ref(), base, limits, notes);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| builder.syntax_error(&error))?;
        if matches!(event, Event::StreamEnd) {
            break;
        }
        builder.take(event, &span)?;
    }
    builder.arena.entries.shrink_to_fit();
    builder.arena.children.shrink_to_fit();
    Ok(builder.arena)
}

struct Builder<'a, 'w> {
    text: &'a str,
    base: u64,
    limits: &'a Limits,
    notes: &'a mut Notes<'w>,
    arena: Arena,
    /// The open containers, with where their children start in `pending`.
    open: Vec<(u32, usize)>,
    /// Children of the open containers.
    pending: Vec<u32>,
    /// Anchor number to node.
    targets: HashMap<usize, u32>,
    names: HashSet<Box<str>>,
    tags: HashMap<Box<str>, u32>,
    documents: usize,
    /// Where the parser's offsets stand in the text, when it has line breaks of YAML 1.1 alone.
    breaks: Option<&'a Breaks>,
}

impl<'a, 'w> Builder<'a, 'w> {
    fn new(
        text: &'a str,
        breaks: Option<&'a Breaks>,
        base: u64,
        limits: &'a Limits,
        notes: &'a mut Notes<'w>,
    ) -> Self {
        Self {
            text,
            base,
            limits,
            notes,
            arena: Arena::default(),
            open: Vec::new(),
            pending: Vec::new(),
            targets: HashMap::new(),
            names: HashSet::new(),
            tags: HashMap::new(),
            documents: 0,
            breaks,
        }
    }

    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<()> {
        match event {
            Event::DocumentStart(_, version) => self.document(version, span),
            Event::Scalar(content, style, anchor, tag) => {
                let span_start = self.start(span);
                let style = scalar_style(style);
                let (form, first, count) = self.store(content, style, span)?;
                let mut entry = Entry {
                    kind: EntryKind::Scalar,
                    form,
                    first,
                    count,
                    ..self.blank(span_start, self.end(span))
                };
                if count <= 2 && style == ScalarStyle::Plain && tag.is_none() && !self.is_key() {
                    entry.tag = self.sign_tag(entry);
                }
                self.add(entry, anchor, tag.as_deref(), span).map(drop)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(EntryKind::Seq, style, anchor, tag.as_deref(), span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(EntryKind::Map, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(span);
                Ok(())
            }
            Event::Alias(anchor) => {
                let target = self.targets.get(&anchor).copied().unwrap_or_default();
                let entry = Entry {
                    kind: EntryKind::Alias,
                    first: target,
                    ..self.blank(self.start(span), self.end(span))
                };
                self.push(entry, span).map(drop)
            }
            Event::Anchor(_, name) => self.name(&name, span),
            Event::Comment(..) => {
                self.arena.comments.push(self.start(span)..self.end(span));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn document(&mut self, version: Option<granit_parser::YamlVersion>, span: &Span) -> Result<()> {
        self.documents = self.documents.saturating_add(1);
        if self.documents > 1 {
            return Err(self.place(Malformed::SecondDocument, span));
        }
        match version {
            Some(version) if version.major != 1 => {
                let found = format!("{}.{}", version.major, version.minor).into();
                Err(self.place(Malformed::YamlVersion { found }, span))
            }
            Some(version) if version.minor != 1 => {
                let found = format!("{}.{}", version.major, version.minor).into();
                self.warn(WarningKind::YamlVersion { found }, span);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn blank(&self, start: u32, end: u32) -> Entry {
        let parent = self.open.last().map_or(0, |open| open.0);
        let (kind, form) = (EntryKind::Scalar, Form::Block);
        Entry {
            kind,
            form,
            tag: 0,
            parent,
            start,
            end,
            first: 0,
            count: 0,
        }
    }

    /// Where the content of a scalar is kept: in the text when it stands there as it is.
    fn store(
        &mut self,
        content: Cow<'_, str>,
        style: ScalarStyle,
        span: &Span,
    ) -> Result<(Form, u32, u32)> {
        // The parser reports a value that is not there as a `~` of no width.
        let content = if content == "~" && self.start(span) == self.end(span) {
            Cow::Borrowed("")
        } else {
            content
        };
        let content = self.old_breaks(content, style, span);
        let content = self.without_mark(&content, style, span);
        let count = offset(content.len())?;
        if content.is_empty() {
            return Ok((Form::InSide(style), 0, 0));
        }
        let within = content
            .as_ptr()
            .addr()
            .wrapping_sub(self.text.as_ptr().addr());
        let in_text = within
            .checked_add(content.len())
            .is_some_and(|end| end <= self.text.len());
        if in_text {
            return Ok((Form::InText(style), offset(within)?, count));
        }
        // Escapes and folding make a copy; a plain scalar that was copied unchanged need not be kept.
        let from = self.start(span) as usize;
        if self.text.get(from..from.saturating_add(content.len())) == Some(content) {
            return Ok((Form::InText(style), self.start(span), count));
        }
        let first = offset(self.arena.side.len())?;
        self.arena.side.push_str(content);
        Ok((Form::InSide(style), first, count))
    }

    /// U+2028 and U+2029 end a line as LF does, but are not folded away.
    fn old_breaks<'c>(
        &self,
        content: Cow<'c, str>,
        style: ScalarStyle,
        span: &Span,
    ) -> Cow<'c, str> {
        if self.breaks.is_none() {
            return content;
        }
        let range = self.start(span) as usize..self.end(span) as usize;
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let source = self.text.get(range.clone()).unwrap_or_default();
        if is_block || source.contains(['\u{2028}', '\u{2029}']) {
            return fold::content(self.text, range, style, &content).into();
        }
        content
    }

    /// A byte order mark at the start of a line is not a part of a plain scalar (libyaml's reading).
    fn without_mark<'c>(&self, content: &'c str, style: ScalarStyle, span: &Span) -> &'c str {
        let before = self
            .text
            .get(..self.start(span) as usize)
            .unwrap_or_default();
        match content.strip_prefix('\u{feff}') {
            Some(rest)
                if style == ScalarStyle::Plain
                    && (before.is_empty() || before.ends_with(is_break)) =>
            {
                rest
            }
            _ => content,
        }
    }

    /// The number of the tag that a lone `=` or `<<` has where it is not a key: `PyYAML` has no meaning
    /// for it there and keeps its tag.
    fn sign_tag(&mut self, entry: Entry) -> u32 {
        match self.arena.content(self.text, entry) {
            "=" => self.tag_number(VALUE_TAG.into()),
            "<<" => self.tag_number(MERGE_TAG.into()),
            _ => 0,
        }
    }

    fn open(
        &mut self,
        kind: EntryKind,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        span: &Span,
    ) -> Result<()> {
        let needed = (self.open.len() as u64).saturating_add(1);
        let allowed = self.limits.depth;
        if needed > allowed {
            let fact =
                LimitExceeded::new("nesting depth of the tree", Limit::Depth, needed, allowed);
            return Err(self.place(fact, span));
        }
        let form = if style == StructureStyle::Flow {
            Form::Flow
        } else {
            Form::Block
        };
        let entry = Entry {
            kind,
            form,
            ..self.blank(self.start(span), self.end(span))
        };
        let id = self.add(entry, anchor, tag, span)?;
        self.open.push((id, self.pending.len()));
        Ok(())
    }

    fn close(&mut self, span: &Span) {
        let Some((id, from)) = self.open.pop() else {
            return;
        };
        let first = u32::try_from(self.arena.children.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(self.pending.len().saturating_sub(from)).unwrap_or(u32::MAX);
        let last_end = self
            .pending
            .last()
            .filter(|_| count > 0)
            .map(|last| self.arena.entry(*last).end);
        self.arena.children.extend(self.pending.drain(from..));
        let to = self.end(span);
        if let Some(entry) = self.arena.entries.get_mut(id as usize) {
            entry.first = first;
            entry.count = count;
            // A block collection ends with its last child; its end event stands at the next token.
            entry.end = match entry.form {
                Form::Flow => to,
                _ => last_end.unwrap_or(entry.end),
            };
        }
    }

    fn add(
        &mut self,
        mut entry: Entry,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        span: &Span,
    ) -> Result<u32> {
        if let Some(tag) = tag {
            entry.tag = self.tag(tag);
        }
        if let Some(at) = span.tag_start().and_then(|mark| mark.byte_offset()) {
            entry.start = entry.start.min(self.original(at));
        }
        let id = self.push(entry, span)?;
        if anchor > 0 {
            self.targets.insert(anchor, id);
        }
        Ok(id)
    }

    fn push(&mut self, entry: Entry, span: &Span) -> Result<u32> {
        let needed = (self.arena.entries.len() as u64).saturating_add(1);
        let limit = (Limit::Nodes, self.limits.nodes);
        LimitExceeded::capped("number of nodes", limit, needed, u64::from(u32::MAX - 1))
            .map_err(|error| self.place(error, span))?;
        if entry.kind == EntryKind::Scalar && entry.count as usize > SIMPLE_KEY && self.is_key() {
            self.warn(
                WarningKind::LongKey {
                    length: entry.count,
                },
                span,
            );
        }
        let id = u32::try_from(self.arena.entries.len()).unwrap_or(u32::MAX);
        self.arena.entries.push(entry);
        if !self.open.is_empty() {
            self.pending.push(id);
        }
        Ok(id)
    }

    /// True when the next node is a key of a mapping.
    fn is_key(&self) -> bool {
        let Some((id, from)) = self.open.last() else {
            return false;
        };
        self.arena.entry(*id).kind == EntryKind::Map
            && self.pending.len().saturating_sub(*from).is_multiple_of(2)
    }

    fn tag(&mut self, tag: &granit_parser::Tag) -> u32 {
        let (handle, suffix) = tag.parts();
        if suffix.ends_with("merge") && self.is_key() && format!("{handle}{suffix}") == MERGE_TAG {
            // The key `<<` means the same with and without its tag.
            return 0;
        }
        self.tag_number(if handle.is_empty() {
            suffix.into()
        } else {
            format!("{handle}{suffix}").into()
        })
    }

    fn tag_number(&mut self, uri: Cow<'_, str>) -> u32 {
        if let Some(&number) = self.tags.get(uri.as_ref()) {
            return number;
        }
        let core = match uri.as_ref() {
            "!" => Some(CoreTag::Plain),
            VALUE_TAG | MERGE_TAG => None,
            uri => CoreTag::of(uri),
        };
        self.arena.tags.push((Tag::new(&uri), core));
        let number = u32::try_from(self.arena.tags.len()).unwrap_or(u32::MAX);
        self.tags.insert(uri.into(), number);
        number
    }

    /// The anchor of the node that was just added.
    fn name(&mut self, name: &str, span: &Span) -> Result<()> {
        let Some(id) = self
            .arena
            .entries
            .len()
            .checked_sub(1)
            .and_then(|last| u32::try_from(last).ok())
        else {
            return Ok(());
        };
        let valid = name
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .count();
        let (name, rest) = name.split_at(valid);
        let bad = self.place(
            Malformed::Anchor {
                name: format!("{name}{rest}").into(),
            },
            span,
        );
        let first = self
            .start(span)
            .saturating_add(1)
            .saturating_add(u32::try_from(valid).unwrap_or(u32::MAX));
        let (from, to) = (self.start(span), self.end(span));
        if let Some(entry) = self.arena.entries.get_mut(id as usize) {
            entry.start = entry.start.min(from);
            // In YAML 1.1 a name ends at the first `:` or `,`; what follows belongs to the scalar.
            let splits = rest.starts_with(['?', ':', ',', ']', '}', '%', '@', '`'])
                && entry.kind == EntryKind::Scalar;
            match rest.is_empty() {
                true => {}
                false if splits && entry.count == 0 => {
                    entry.form = Form::InText(ScalarStyle::Plain);
                    entry.first = first;
                    entry.count = u32::try_from(rest.len()).unwrap_or(u32::MAX);
                    entry.end = to;
                }
                false => return Err(bad),
            }
        }
        self.arena.anchors.insert(id, name.into());
        if !self.names.insert(name.into()) {
            self.warn(WarningKind::AnchorRedefined { name: name.into() }, span);
        }
        Ok(())
    }

    /// Where a span starts in the text.
    fn start(&self, span: &Span) -> u32 {
        self.original(span.byte_range().map_or(0, |range| range.start))
    }

    fn end(&self, span: &Span) -> u32 {
        self.original(span.byte_range().map_or(0, |range| range.end))
    }

    /// The offset in the text of one of the parser.
    fn original(&self, offset: usize) -> u32 {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.breaks.map_or(offset, |breaks| breaks.original(offset))
    }

    fn place(&self, fact: impl Into<Error>, span: &Span) -> Error {
        let at = |offset: u32| self.base.saturating_add(u64::from(offset));
        fact.into().at(at(self.start(span))..at(self.end(span)))
    }

    fn warn(&mut self, kind: WarningKind, span: &Span) {
        let at = |offset: u32| self.base.saturating_add(u64::from(offset));
        self.notes
            .at(kind, at(self.start(span))..at(self.end(span)));
    }

    fn syntax_error(&self, error: &granit_parser::ScanError) -> Error {
        let at = error
            .marker()
            .byte_offset()
            .map_or(self.text.len(), |at| self.original(at) as usize)
            .min(self.text.len());
        let at = self.base.saturating_add(at as u64);
        let limit = matches!(
            error.kind(),
            granit_parser::ErrorKind::RecursionLimitExceeded
        );
        if limit {
            let (needed, allowed) = (self.limits.depth.saturating_add(1), self.limits.depth);
            let fact =
                LimitExceeded::new("nesting depth of the tree", Limit::Depth, needed, allowed);
            return Error::from(fact).at(at..at);
        }
        let line = error.marker().line();
        Error::from(Malformed::Yaml {
            line,
            detail: error.info().into(),
        })
        .at(at..at)
    }
}

/// An offset or a length in a text that is shorter than 4 GiB.
fn offset(number: usize) -> Result<u32> {
    u32::try_from(number).ok().ok_or_else(|| {
        let allowed = u64::from(u32::MAX);
        LimitExceeded::new("tree size in bytes", None, number as u64, allowed).into()
    })
}

fn scalar_style(style: granit_parser::ScalarStyle) -> ScalarStyle {
    match style {
        granit_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        granit_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        granit_parser::ScalarStyle::Literal => ScalarStyle::Literal,
        granit_parser::ScalarStyle::Folded => ScalarStyle::Folded,
        granit_parser::ScalarStyle::Plain => ScalarStyle::Plain,
    }
}
