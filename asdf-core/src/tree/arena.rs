//! Where the nodes of a tree live: 28 bytes a node, four more for each place in a parent.

use super::Tag;
use super::scalar;
use super::style::ScalarStyle;
use std::collections::HashMap;
use std::ops::Range;

/// What an arena entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Scalar,
    Seq,
    Map,
    /// A place where `*name` stands for another node.
    Alias,
}

/// How an entry was written, and where the text of a scalar is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A scalar whose content is a part of the tree's text.
    InText(ScalarStyle),
    /// A scalar whose content was unescaped or folded into the side text.
    InSide(ScalarStyle),
    Block,
    Flow,
}

/// One node, or one alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    pub(super) form: Form,
    /// Scalars: the type, by the tag or by the look of the text.
    pub(super) scalar: CoreTag,
    /// Number of the tag plus one; 0 is not a tag.
    pub(super) tag: u32,
    /// The container of the first occurrence; the root is its own parent.
    pub(super) parent: u32,
    /// Span of the node in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Scalars: where the content starts. Containers: the first slot in `children`. Aliases: the target.
    pub(super) first: u32,
    /// Scalars: length of the content. Containers: number of slots (a mapping has two a pair).
    pub(super) count: u32,
}

/// YAML's own tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CoreTag {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Timestamp,
    Binary,
    Merge,
    Value,
    Seq,
    Map,
    Set,
    Omap,
    Pairs,
    /// The tag `!`: the type is decided by the text, even in quotes (libyaml's reading).
    Plain,
}

impl CoreTag {
    pub(super) fn of(uri: &str) -> Option<Self> {
        Some(match uri.strip_prefix("tag:yaml.org,2002:")? {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "str" => Self::Str,
            "timestamp" => Self::Timestamp,
            "binary" => Self::Binary,
            "seq" => Self::Seq,
            "map" => Self::Map,
            "set" => Self::Set,
            "omap" => Self::Omap,
            "pairs" => Self::Pairs,
            _ => return None,
        })
    }
}

/// All nodes of a tree with what hangs on a few of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Arena {
    pub(super) entries: Vec<Entry>,
    /// Entry numbers of the children of all containers, each container's together.
    pub(super) children: Vec<u32>,
    pub(super) side: String,
    pub(super) tags: Vec<(Tag, Option<CoreTag>)>,
    /// The name of the anchor of a node.
    pub(super) anchors: HashMap<u32, Box<str>>,
    /// Slots of the mappings whose pairs are not simply those written: merged, or with duplicates.
    pub(super) logical: HashMap<u32, Range<u32>>,
    /// Spans of the comments in the text.
    pub(super) comments: Vec<Range<u32>>,
}

impl Arena {
    pub(super) fn entry(&self, id: u32) -> Entry {
        const MISSING: Entry = Entry {
            kind: EntryKind::Scalar,
            form: Form::InSide(ScalarStyle::Plain),
            scalar: CoreTag::Null,
            tag: 0,
            parent: 0,
            start: 0,
            end: 0,
            first: 0,
            count: 0,
        };
        self.entries.get(id as usize).copied().unwrap_or(MISSING)
    }

    /// The node that an entry stands for.
    pub(super) fn resolve_alias(&self, id: u32) -> u32 {
        let entry = self.entry(id);
        if entry.kind == EntryKind::Alias {
            entry.first
        } else {
            id
        }
    }

    /// Whether a node may occur more than once: no node without an anchor does, but for what merge keys share.
    pub(super) fn is_shared(&self) -> bool {
        !self.anchors.is_empty() || !self.logical.is_empty()
    }

    /// The slots of a container, as written.
    pub(super) fn slots(&self, id: u32) -> &[u32] {
        let entry = self.entry(id);
        if !matches!(entry.kind, EntryKind::Seq | EntryKind::Map) {
            return &[];
        }
        let first = entry.first as usize;
        self.children
            .get(first..first.saturating_add(entry.count as usize))
            .unwrap_or_default()
    }

    /// The slots of a mapping as a reader sees it.
    pub(super) fn logical_slots(&self, id: u32) -> &[u32] {
        match self.logical.get(&id) {
            Some(range) => self
                .children
                .get(range.start as usize..range.end as usize)
                .unwrap_or_default(),
            None => self.slots(id),
        }
    }

    /// What a scalar is, by its tag or by the look of its text.
    pub(super) fn scalar_type(&self, text: &str, entry: Entry) -> CoreTag {
        let tagged = (entry.tag > 0).then(|| self.core_tag(entry).unwrap_or(CoreTag::Str));
        let is_plain = matches!(
            entry.form,
            Form::InText(ScalarStyle::Plain) | Form::InSide(ScalarStyle::Plain)
        );
        match tagged {
            // Without any text there is nothing to decide by; an empty text in quotes is a null.
            Some(CoreTag::Plain) if entry.count == 0 && is_plain => CoreTag::Str,
            Some(CoreTag::Plain) => scalar::resolve(self.content(text, entry)),
            Some(tag) => tag,
            None if is_plain => scalar::resolve(self.content(text, entry)),
            None => CoreTag::Str,
        }
    }

    pub(super) fn core_tag(&self, entry: Entry) -> Option<CoreTag> {
        self.tags.get((entry.tag as usize).checked_sub(1)?)?.1
    }

    /// The tag outside of YAML's own.
    pub(super) fn tag(&self, entry: Entry) -> Option<&Tag> {
        let (tag, core) = self.tags.get((entry.tag as usize).checked_sub(1)?)?;
        core.is_none().then_some(tag)
    }

    pub(super) fn content<'a>(&'a self, text: &'a str, entry: Entry) -> &'a str {
        let first = entry.first as usize;
        let range = first..first.saturating_add(entry.count as usize);
        match entry.form {
            Form::InSide(_) => self.side.get(range),
            _ => text.get(range),
        }
        .unwrap_or_default()
    }
}
