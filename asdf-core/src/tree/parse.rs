//! Parser events to arena: one pass, no recursion, limits on depth and nodes.

use super::arena::{Arena, Entry, EntryKind, Form};
use super::build::{Build, MERGE_TAG, VALUE_TAG};
use super::direct;
use super::fold;
use super::line::Breaks;
use super::line::is_break;
use super::notes::Notes;
use super::style::ScalarStyle;
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

/// The arena of a text: directly where it is written as ASDF writers do, from the parser's events where not.
pub(super) fn build(
    text: &str,
    base: u64,
    limits: &Limits,
    notes: &mut Notes<'_>,
) -> Result<Arena> {
    match direct::build(text, limits) {
        Some(arena) => Ok(arena),
        None => by_events(text, base, limits, notes),
    }
}

/// The arena of any text.
pub(super) fn by_events(
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
    Ok(builder.build.finish())
}

struct Builder<'a, 'w> {
    text: &'a str,
    base: u64,
    limits: &'a Limits,
    notes: &'a mut Notes<'w>,
    build: Build,
    /// Anchor number to node.
    targets: HashMap<usize, u32>,
    names: HashSet<Box<str>>,
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
            build: Build::default(),
            targets: HashMap::new(),
            names: HashSet::new(),
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
                    first,
                    count,
                    ..self
                        .build
                        .entry(EntryKind::Scalar, form, span_start, self.end(span))
                };
                if count <= 2
                    && style == ScalarStyle::Plain
                    && tag.is_none()
                    && !self.build.is_key()
                {
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
                self.build.close(self.end(span));
                Ok(())
            }
            Event::Alias(anchor) => {
                let target = self.targets.get(&anchor).copied().unwrap_or_default();
                let entry = Entry {
                    first: target,
                    ..self.build.entry(
                        EntryKind::Alias,
                        Form::Block,
                        self.start(span),
                        self.end(span),
                    )
                };
                self.push(entry, span).map(drop)
            }
            Event::Anchor(_, name) => self.name(&name, span),
            Event::Comment(..) => {
                self.build
                    .arena
                    .comments
                    .push(self.start(span)..self.end(span));
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
        let first = offset(self.build.arena.side.len())?;
        self.build.arena.side.push_str(content);
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
        match self.build.arena.content(self.text, entry) {
            "=" => self.build.tag_number(VALUE_TAG.into()),
            "<<" => self.build.tag_number(MERGE_TAG.into()),
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
        let needed = (self.build.depth() as u64).saturating_add(1);
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
        let entry = self
            .build
            .entry(kind, form, self.start(span), self.end(span));
        let id = self.add(entry, anchor, tag, span)?;
        self.build.open(id, kind);
        Ok(())
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
        if entry.kind == EntryKind::Scalar {
            entry.scalar = self.build.arena.scalar_type(self.text, entry);
        }
        let id = self.push(entry, span)?;
        if anchor > 0 {
            self.targets.insert(anchor, id);
        }
        Ok(id)
    }

    fn push(&mut self, entry: Entry, span: &Span) -> Result<u32> {
        let needed = (self.build.arena.entries.len() as u64).saturating_add(1);
        let limit = (Limit::Nodes, self.limits.nodes);
        LimitExceeded::capped("number of nodes", limit, needed, u64::from(u32::MAX - 1))
            .map_err(|error| self.place(error, span))?;
        if entry.kind == EntryKind::Scalar
            && entry.count as usize > SIMPLE_KEY
            && self.build.is_key()
        {
            self.warn(
                WarningKind::LongKey {
                    length: entry.count,
                },
                span,
            );
        }
        Ok(self.build.push(entry))
    }

    fn tag(&mut self, tag: &granit_parser::Tag) -> u32 {
        let (handle, suffix) = tag.parts();
        if suffix.ends_with("merge")
            && self.build.is_key()
            && format!("{handle}{suffix}") == MERGE_TAG
        {
            // The key `<<` means the same with and without its tag.
            return 0;
        }
        self.build.tag_number(if handle.is_empty() {
            suffix.into()
        } else {
            format!("{handle}{suffix}").into()
        })
    }

    /// The anchor of the node that was just added.
    fn name(&mut self, name: &str, span: &Span) -> Result<()> {
        let Some(id) = self
            .build
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
        if let Some(entry) = self.build.arena.entries.get_mut(id as usize) {
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
        self.build.decide_type(id, self.text);
        self.build.arena.anchors.insert(id, name.into());
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
