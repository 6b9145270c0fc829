//! Flow collections: `[…]` and `{…}`, over as many lines as they like.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets into a text of less than 4 GiB, moved on by a few bytes"
)]

use super::bytes::offset;
use super::properties::Properties;
use super::{LONG, Reader};
use crate::tree::arena::{EntryKind, Form};

/// What may come next within a flow collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// An item, a key, or the end.
    Entry,
    /// The value of the pair with that colon.
    Value(usize),
    /// A comma or the end.
    Separator,
}

impl<'t> Reader<'t> {
    /// The collection that starts at `at`; gives what follows it.
    pub(super) fn flow(&mut self, at: usize, properties: &Properties<'t>) -> Option<usize> {
        let mut maps = vec![self.open_flow(at, properties)?];
        let mut next = Next::Entry;
        let mut at = at + 1;
        loop {
            at = self.skip_flow_white(at)?;
            let is_map = *maps.last()?;
            let byte = self.text.at(at);
            (at, next) = match (byte, next) {
                (b',' | b']' | b'}', Next::Value(colon)) => {
                    self.empty(colon, &Properties::NONE)?;
                    (at, Next::Separator)
                }
                (b']' | b'}', _) => {
                    if is_map != (byte == b'}') {
                        return None;
                    }
                    at += 1;
                    self.build.close(offset(at));
                    maps.pop();
                    if maps.is_empty() {
                        return Some(at);
                    }
                    (at, Next::Separator)
                }
                (b',', Next::Separator) => (at + 1, Next::Entry),
                (b',', Next::Entry) | (_, Next::Separator) => return None,
                (_, Next::Entry) if is_map => self.flow_key(at)?,
                _ => self.flow_node(at, &mut maps)?,
            };
        }
    }

    /// Opens a collection; says whether it is a mapping.
    fn open_flow(&mut self, at: usize, properties: &Properties<'t>) -> Option<bool> {
        let is_map = self.text.at(at) == b'{';
        let kind = if is_map {
            EntryKind::Map
        } else {
            EntryKind::Seq
        };
        self.open(kind, Form::Flow, at, at + 1, properties)?;
        Some(is_map)
    }

    /// Blanks, line breaks and comments.
    fn skip_flow_white(&mut self, at: usize) -> Option<usize> {
        let mut at = at;
        loop {
            at = match self.text.at(at) {
                b'\n' if self.text.is_marker(at + 1) => return None,
                b' ' | b'\n' => at + 1,
                b'#' if self.text.is_after_white(at) => self.comment(at),
                _ => return Some(at),
            };
        }
    }

    /// Tags and anchors, then the node on the same line.
    fn flow_properties(&mut self, at: usize) -> Option<(usize, Properties<'t>)> {
        let (mut at, mut properties) = (at, Properties::NONE);
        while matches!(self.text.at(at), b'!' | b'&') {
            at = self.property(at, &mut properties)?;
        }
        (self.text.at(at) != b'\n').then_some((at, properties))
    }

    /// An item or a value.
    fn flow_node(&mut self, at: usize, maps: &mut Vec<bool>) -> Option<(usize, Next)> {
        let (at, properties) = self.flow_properties(at)?;
        let next = match self.text.at(at) {
            b'[' | b'{' => {
                maps.push(self.open_flow(at, &properties)?);
                return Some((at + 1, Next::Entry));
            }
            b',' | b']' | b'}' => {
                self.empty(at, &properties)?;
                at
            }
            b'*' if properties.is_none() => self.alias(at)?,
            _ => self.flow_scalar(at, &properties)?.0,
        };
        Some((next, Next::Separator))
    }

    /// A scalar; gives what follows it, and whether it was quoted.
    fn flow_scalar(&mut self, at: usize, properties: &Properties<'t>) -> Option<(usize, bool)> {
        let is_key = self.build.is_key();
        let (scalar, is_quoted) = match self.text.at(at) {
            b'\'' => (self.single_quoted(at)?, true),
            b'"' => (self.double_quoted(at)?, true),
            _ => (self.plain(at, None)?, false),
        };
        if is_key && (scalar.is_folded || scalar.end - scalar.start > offset(LONG)) {
            return None;
        }
        self.scalar(&scalar, properties)?;
        Some((scalar.next, is_quoted))
    }

    /// A key with its colon.
    fn flow_key(&mut self, at: usize) -> Option<(usize, Next)> {
        let (at, properties) = self.flow_properties(at)?;
        let (end, is_quoted) = match self.text.at(at) {
            b'[' | b'{' | b',' | b']' | b'}' => return None,
            b'*' if properties.is_none() => (self.alias(at)?, false),
            _ => self.flow_scalar(at, &properties)?,
        };
        let colon = self.text.skip_blanks(end);
        let is_colon = self.text.at(colon) == b':'
            // After a quote the value may follow at once, as in JSON.
            && (self.text.is_white(colon + 1) || (is_quoted && colon == end));
        is_colon.then_some((colon + 1, Next::Value(colon)))
    }
}
