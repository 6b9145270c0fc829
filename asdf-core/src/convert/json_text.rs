//! JSON text as a flat list of its values, each with its place in the text. Source: RFC 8259.

use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use std::borrow::Cow;

/// Lists and objects that one node of a tree may take: `$tag`, `$map`, its list and the pair's.
const LEVELS: u64 = 4;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// A number without fraction and exponent.
    Int,
    Float,
    String,
    List,
    /// Its children are keys and values in turn.
    Object,
}

/// One value; those within it follow it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    /// Where its text is.
    start: u32,
    stop: u32,
    /// The number of the value after it and all within it.
    end: u32,
}

/// A value's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u32);

/// The outermost value.
pub(super) const ROOT: Id = Id(0);

/// A JSON document.
#[derive(Debug)]
pub(super) struct JsonText<'a> {
    text: &'a str,
    entries: Vec<Entry>,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// A value, or the end of a list that has just begun.
    ValueOrEnd,
    /// A key, or the end of an object that has just begun.
    KeyOrEnd,
    Key,
    /// A comma, or the end of what is open.
    Behind,
}

impl<'a> JsonText<'a> {
    /// Parses a document. Bounded by `tree_bytes`, `nodes` and `depth` of [`Limits`].
    pub(super) fn parse(text: &'a str, limits: &Limits) -> Result<Self> {
        let bytes = text.len() as u64;
        let allowed = limits.tree_bytes.min(u64::from(u32::MAX));
        LimitExceeded::check("bytes of JSON text", Limit::TreeBytes, bytes, allowed)?;
        let mut parser = Parser {
            text,
            at: text.len() - text.trim_start_matches('\u{feff}').len(),
            entries: Vec::new(),
            open: Vec::new(),
            limits,
        };
        // Each value begins behind one of these; memory that is not written to is not taken.
        let starts = |byte: &&u8| matches!(byte, b',' | b':' | b'[' | b'{');
        let likely = text.as_bytes().iter().filter(starts).count();
        let most = usize::try_from(limits.nodes).unwrap_or(usize::MAX);
        drop(parser.entries.try_reserve(likely.min(most)));
        parser.document()?;
        let entries = parser.entries;
        Ok(Self { text, entries })
    }

    /// Number of values, keys included.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn entry(&self, id: Id) -> Entry {
        let none = Entry {
            kind: Kind::Null,
            start: 0,
            stop: 0,
            end: u32::MAX,
        };
        self.entries.get(id.0 as usize).copied().unwrap_or(none)
    }

    pub(super) fn kind(&self, id: Id) -> Kind {
        self.entry(id).kind
    }

    /// The text of a value, as it stands.
    pub(super) fn raw(&self, id: Id) -> &'a str {
        let entry = self.entry(id);
        self.text
            .get(entry.start as usize..entry.stop as usize)
            .unwrap_or_default()
    }

    /// The content of a string; `None` of anything else.
    pub(super) fn string(&self, id: Id) -> Option<Cow<'a, str>> {
        // Checked when the document was parsed.
        (self.kind(id) == Kind::String).then(|| unescape(self.raw(id)).unwrap_or_default())
    }

    /// The values within a list; keys and values in turn of an object.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> + use<'_, 'a> {
        let end = self.entry(id).end;
        let inner = matches!(self.kind(id), Kind::List | Kind::Object);
        let mut at = if inner { id.0.saturating_add(1) } else { end };
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = Id(at);
                at = self.entry(child).end;
                child
            })
        })
    }

    /// The pairs of an object.
    pub(super) fn pairs(&self, id: Id) -> impl Iterator<Item = (Id, Id)> + use<'_, 'a> {
        let mut children = self.children(id);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// An error at a value.
    pub(super) fn error(&self, id: Id, detail: impl Into<Box<str>>) -> Error {
        malformed(self.text, self.entry(id).start as usize, detail)
    }
}

/// The content of a string in quotes.
fn unescape(raw: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    match raw.get(1..raw.len().saturating_sub(1)) {
        Some(inner) if memchr::memchr(b'\\', inner.as_bytes()).is_none() => {
            Ok(Cow::Borrowed(inner))
        }
        _ => serde_json::from_str(raw).map(Cow::Owned),
    }
}

/// An error with the line and the column, in characters, both from 1.
fn malformed(text: &str, at: usize, detail: impl Into<Box<str>>) -> Error {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before
        .chars()
        .rev()
        .take_while(|char| *char != '\n')
        .count()
        + 1;
    let detail = detail.into();
    Malformed::Json {
        line,
        column,
        detail,
    }
    .into()
}

struct Parser<'a, 'l> {
    text: &'a str,
    at: usize,
    entries: Vec<Entry>,
    /// Lists and objects that are open, by their numbers.
    open: Vec<u32>,
    limits: &'l Limits,
}

impl Parser<'_, '_> {
    fn document(&mut self) -> Result<()> {
        let mut next = Next::Value;
        loop {
            self.blanks();
            if next == Next::Behind && self.open.is_empty() {
                return match self.peek() {
                    None => Ok(()),
                    Some(_) => Err(self.unexpected("the end of the document")),
                };
            }
            next = match (next, self.peek()) {
                (Next::Value | Next::ValueOrEnd, Some(b'[')) => self.begin(Kind::List)?,
                (Next::Value | Next::ValueOrEnd, Some(b'{')) => self.begin(Kind::Object)?,
                (Next::ValueOrEnd, Some(b']')) | (Next::KeyOrEnd, Some(b'}')) => self.end(),
                (Next::Key | Next::KeyOrEnd, Some(b'"')) => self.key()?,
                (Next::Key | Next::KeyOrEnd, _) => return Err(self.unexpected("a key in quotes")),
                (Next::Behind, found) => self.behind(found)?,
                (Next::Value | Next::ValueOrEnd, _) => self.scalar()?,
            };
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn fail(&self, detail: impl Into<Box<str>>) -> Error {
        malformed(self.text, self.at, detail)
    }

    fn unexpected(&self, wanted: &str) -> Error {
        match self.rest().chars().next() {
            Some(found) => self.fail(format!("expected {wanted}, found {found:?}")),
            None => self.fail(format!("expected {wanted}, the text ends")),
        }
    }

    /// Adds a value whose text has the given length.
    fn push(&mut self, kind: Kind, length: usize) -> Result<u32> {
        let count = self.entries.len() as u64 + 1;
        let allowed = self.limits.nodes.min(u64::from(u32::MAX - 1));
        LimitExceeded::check("number of JSON values", Limit::Nodes, count, allowed)?;
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let id = number(self.entries.len());
        self.entries.push(Entry {
            kind,
            start: number(self.at),
            stop: number(self.at + length),
            end: id.saturating_add(1),
        });
        self.at += length;
        Ok(id)
    }

    fn begin(&mut self, kind: Kind) -> Result<Next> {
        let id = self.push(kind, 1)?;
        self.open.push(id);
        let (needed, allowed) = (
            self.open.len() as u64,
            self.limits.depth.saturating_mul(LEVELS),
        );
        LimitExceeded::check(
            "nesting depth of the JSON text",
            Limit::Depth,
            needed,
            allowed,
        )?;
        Ok(if kind == Kind::List {
            Next::ValueOrEnd
        } else {
            Next::KeyOrEnd
        })
    }

    fn end(&mut self) -> Next {
        self.at += 1;
        let end = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let stop = u32::try_from(self.at).unwrap_or(u32::MAX);
        let entry = self.open.pop().map(|id| id as usize);
        if let Some(entry) = entry.and_then(|id| self.entries.get_mut(id)) {
            entry.end = end;
            entry.stop = stop;
        }
        Next::Behind
    }

    fn behind(&mut self, found: Option<u8>) -> Result<Next> {
        let open = self.open.last().map(|id| *id as usize);
        let list = open
            .and_then(|id| self.entries.get(id))
            .map(|entry| entry.kind);
        match (list, found) {
            (Some(Kind::List), Some(b']')) | (Some(Kind::Object), Some(b'}')) => Ok(self.end()),
            (Some(Kind::List), Some(b',')) => {
                self.at += 1;
                Ok(Next::Value)
            }
            (_, Some(b',')) => {
                self.at += 1;
                Ok(Next::Key)
            }
            (Some(Kind::List), _) => Err(self.unexpected("`,` or `]`")),
            _ => Err(self.unexpected("`,` or `}`")),
        }
    }

    fn key(&mut self) -> Result<Next> {
        self.string()?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(Next::Value)
    }

    fn scalar(&mut self) -> Result<Next> {
        const WORDS: [(&str, Kind); 3] = [
            ("null", Kind::Null),
            ("true", Kind::Bool(true)),
            ("false", Kind::Bool(false)),
        ];
        if self.peek() == Some(b'"') {
            self.string()?;
            return Ok(Next::Behind);
        }
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte))
            .count();
        let word = self.rest().get(..length).unwrap_or_default();
        let known = WORDS.iter().find(|known| known.0 == word);
        let kind = known.map(|known| known.1).or_else(|| number_kind(word));
        match kind {
            Some(kind) => self.push(kind, length)?,
            None if length == 0 => return Err(self.unexpected("a value")),
            None => {
                let shown: String = word.chars().take(40).collect();
                return Err(self.fail(format!("`{shown}` is not a JSON value")));
            }
        };
        Ok(Next::Behind)
    }

    fn string(&mut self) -> Result<()> {
        let bytes = self.rest().as_bytes();
        let mut length = 1;
        let mut plain = true;
        loop {
            match bytes.get(length) {
                None => return Err(self.fail("a string without an end")),
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    length += 2;
                }
                Some(0..0x20) => {
                    self.at += length;
                    return Err(self.fail("a control character in a string, escape it as \\u00XX"));
                }
                Some(_) => length += 1,
            }
        }
        length += 1;
        let raw = self.rest().get(..length).unwrap_or_default();
        if !plain && let Err(error) = unescape(raw) {
            let reason = error.to_string();
            let reason = reason.split(" at line").next().unwrap_or_default();
            return Err(self.fail(format!("bad string: {reason}")));
        }
        self.push(Kind::String, length)?;
        Ok(())
    }
}

/// What sort of number a word is: `-`, digits without a zero in front, `.` and digits, exponent.
fn number_kind(word: &str) -> Option<Kind> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let body = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let legal = digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent_digits.is_none_or(digits);
    let float = fraction.is_some() || exponent.is_some();
    legal.then_some(if float { Kind::Float } else { Kind::Int })
}
