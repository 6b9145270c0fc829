//! Nodes in document order to arena: what both readers of the text do the same way.

use super::arena::{Arena, CoreTag, Entry, EntryKind, Form};
use super::tag::Tag;
use std::borrow::Cow;
use std::collections::HashMap;

pub(super) const VALUE_TAG: &str = "tag:yaml.org,2002:value";
pub(super) const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

/// An arena that grows, with the containers that are open.
#[derive(Debug, Default)]
pub(super) struct Build {
    pub(super) arena: Arena,
    /// The open containers.
    open: Vec<Open>,
    /// Children of the open containers.
    pending: Vec<u32>,
    tags: HashMap<Box<str>, u32>,
}

/// A container of which not all children are known.
#[derive(Debug, Clone, Copy)]
struct Open {
    id: u32,
    /// Where its children start in `pending`.
    from: usize,
    is_map: bool,
}

impl Build {
    /// Makes room for that many nodes.
    pub(super) fn reserve(&mut self, nodes: usize) {
        // Where there is not as much memory, room is made as it is needed.
        drop(self.arena.entries.try_reserve(nodes));
        drop(self.arena.children.try_reserve(nodes));
    }

    /// Number of open containers.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// An entry of that kind and span in the innermost open container.
    pub(super) fn entry(&self, kind: EntryKind, form: Form, start: u32, end: u32) -> Entry {
        Entry {
            kind,
            form,
            scalar: CoreTag::Str,
            tag: 0,
            parent: self.open.last().map_or(0, |open| open.id),
            start,
            end,
            first: 0,
            count: 0,
        }
    }

    /// True when the next node is a key of a mapping.
    pub(super) fn is_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            open.is_map
                && self
                    .pending
                    .len()
                    .saturating_sub(open.from)
                    .is_multiple_of(2)
        })
    }

    pub(super) fn push(&mut self, entry: Entry) -> u32 {
        let id = u32::try_from(self.arena.entries.len()).unwrap_or(u32::MAX);
        self.arena.entries.push(entry);
        if !self.open.is_empty() {
            self.pending.push(id);
        }
        id
    }

    /// Finds what a scalar is after its text has changed.
    pub(super) fn decide_type(&mut self, id: u32, text: &str) {
        let scalar = self.arena.scalar_type(text, self.arena.entry(id));
        if let Some(entry) = self.arena.entries.get_mut(id as usize)
            && entry.kind == EntryKind::Scalar
        {
            entry.scalar = scalar;
        }
    }

    /// The nodes that are pushed from here on are children of that one.
    pub(super) fn open(&mut self, id: u32, kind: EntryKind) {
        self.open.push(Open {
            id,
            from: self.pending.len(),
            is_map: kind == EntryKind::Map,
        });
    }

    /// Closes the innermost container, which ends there if it is in flow style.
    pub(super) fn close(&mut self, end: u32) {
        let Some(Open { id, from, .. }) = self.open.pop() else {
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
        if let Some(entry) = self.arena.entries.get_mut(id as usize) {
            entry.first = first;
            entry.count = count;
            // A block collection ends with its last child; its end event stands at the next token.
            entry.end = match entry.form {
                Form::Flow => end,
                _ => last_end.unwrap_or(entry.end),
            };
        }
    }

    pub(super) fn tag_number(&mut self, uri: Cow<'_, str>) -> u32 {
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

    pub(super) fn finish(mut self) -> Arena {
        self.arena.entries.shrink_to_fit();
        self.arena.children.shrink_to_fit();
        self.arena
    }
}
