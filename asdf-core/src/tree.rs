//! The YAML 1.1 tree: an arena of nodes with tags, anchors, styles and source spans.
//!
//! Events come from `granit-parser`; what scalars, tags, anchors and merge keys mean is decided here,
//! as `PyYAML` (the reference implementation's parser) decides it.
//!
//! A [`Node`] is a cheap handle of a node in a tree that somebody else holds. [`Node::value`] is what it says, as one of YAML's types,
//! [`Node::read`] puts it into any type that implements serde's `Deserialize`. Tags, anchors and the place in the file
//! are kept: [`Node::tag`], [`Node::anchor`], [`Node::span`].
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//! use asdf_core::tree::Value;
//!
//! let file = AsdfFile::open(path)?;
//! for (key, node) in file.node("roman/meta/exposure")?.as_map().into_iter().flatten() {
//!     match node.value() {
//!         Value::Str(text) => println!("{} is the text {text}", key.key_text()),
//!         Value::Float(number) => println!("{} is the number {number}", key.key_text()),
//!         _ => println!("{} is {}", key.key_text(), node.describe()),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`TreePath`] names a place. A node can stand at several places (YAML's anchors), and even within itself; [`Walk`] visits every place
//! once and bounds how many there are. [`Nodes`] makes new nodes, [`TreeEdit`] changes a tree; [`Draft`](crate::Draft) has both.
//!
//! Source: YAML 1.1 and the tree of the ASDF standard; `spec-notes/tree.md` has the clauses `T-…`.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod arena;
mod build;
mod check;
mod de;
mod direct;
mod edit;
mod emit;
mod float;
mod fold;
mod full;
mod integer;
mod iter;
mod key;
mod line;
mod lookup;
mod measure;
mod merge;
mod node;
#[cfg(feature = "schemas")]
mod node_table;
mod nodes;
mod notes;
mod occurrences;
mod parse;
mod patch;
mod path;
mod read;
mod same;
mod scalar;
mod ser;
mod source;
mod style;
mod tag;
mod timestamp;
mod value;
mod walk;

pub(crate) use edit::Shared;
pub use edit::TreeEdit;
pub(crate) use emit::{double_quoted, quoted, verbatim_tag};
pub use float::{float_json, float_text, float32_text};
pub(crate) use float::{push_float, short_single, yaml_float};
pub use iter::{Items, Pairs};
pub(crate) use measure::Measure;
pub use node::{Map, Node, NodeId, NodeKind, Seq};
#[cfg(feature = "schemas")]
pub(crate) use node_table::NodeTable;
pub(crate) use nodes::Content;
pub use nodes::{NewNode, Nodes};
pub use path::{IntoTreePath, PathStep, TreePath};
pub(crate) use path::{Word, unescape, words as path_words};
pub(crate) use scalar::is_plain_text;
pub use style::ScalarStyle;
pub use tag::Tag;
pub use timestamp::Timestamp;
pub use value::{BigInt, Value};
pub(crate) use walk::EXPANDED;
pub use walk::Walk;

use crate::error::Error;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::limits::Limits;
use arena::Arena;
use arena::CoreTag;
use lookup::Lookup;
use std::ops::Range;

/// A parsed tree. Owns a copy of its text; shared nodes are kept as sharing.
#[derive(Debug)]
pub struct Tree {
    text: Box<str>,
    base: u64,
    arena: Arena,
    /// Nodes that reading into a type may visit when shared nodes are expanded.
    expanded_nodes: u64,
    lookup: Lookup,
}

impl Tree {
    /// A tree whose root is null: what a file without a tree has.
    pub fn empty() -> Self {
        let expanded_nodes = Limits::default().expanded_nodes;
        Self {
            text: "".into(),
            base: 0,
            arena: Arena::default(),
            expanded_nodes,
            lookup: Lookup::default(),
        }
    }

    /// The same tree of a text that begins at another offset of a file: nodes know their places in the text only.
    pub(crate) fn copy_at(&self, base: u64) -> Self {
        Self {
            text: self.text.clone(),
            base,
            arena: self.arena.clone(),
            expanded_nodes: self.expanded_nodes,
            lookup: Lookup::default(),
        }
    }

    /// The root node.
    pub fn root(&self) -> Node<'_> {
        Node {
            tree: self,
            id: NodeId(self.arena.resolve_alias(0)),
        }
    }

    /// The node of that identity, which must come from this tree; `None` when there is no such node.
    pub fn by_id(&self, id: NodeId) -> Option<Node<'_>> {
        let is_here = self.arena.entries.get(id.0 as usize).is_some();
        is_here.then_some(Node { tree: self, id })
    }

    /// The node at a path, or [`Mismatch::NotFound`] with the deepest part that exists.
    ///
    /// # Errors
    /// The path cannot be parsed; [`Mismatch::NotFound`].
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let detector = file.tree().node("roman/meta/instrument/detector")?; // keys joined by `/` or `.`
    /// assert_eq!(detector.text(), Some("WFI01"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn node(&self, path: impl IntoTreePath) -> Result<Node<'_>> {
        self.node_from(self.root(), path)
    }

    /// The node at a path that starts at `from`.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn node_from<'t>(&'t self, from: Node<'t>, path: impl IntoTreePath) -> Result<Node<'t>> {
        let path = path.into_tree_path()?;
        let mut node = from;
        for depth in 0..path.steps().len() {
            node = node.child(&path, depth)?;
        }
        Ok(node)
    }

    /// Number of nodes in the document (an alias counts as none).
    pub fn len(&self) -> usize {
        self.nodes().count()
    }

    /// True when there is no document at all.
    pub fn is_empty(&self) -> bool {
        self.arena.entries.is_empty()
    }

    /// Every node once, in document order; keys are nodes too.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let entries = self.arena.entries.iter().enumerate();
        entries
            .filter(|(_, entry)| entry.kind != arena::EntryKind::Alias)
            .filter_map(|(id, _)| {
                Some(Node {
                    tree: self,
                    id: NodeId(u32::try_from(id).ok()?),
                })
            })
    }

    /// The YAML text as it stands in the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Absolute file offset of the first byte of [`Tree::text`].
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Where the text stands in the file.
    pub(crate) fn span(&self) -> Range<u64> {
        self.base..self.base.saturating_add(self.text.len() as u64)
    }

    /// The `#` comments of the text with their absolute spans, in order; `#` is part of the comment.
    pub fn comments(&self) -> impl Iterator<Item = (Range<u64>, &str)> {
        self.arena.comments.iter().map(|range| {
            let text = self
                .text
                .get(range.start as usize..range.end as usize)
                .unwrap_or_default();
            (self.absolute(range.start, range.end), text)
        })
    }

    /// Bytes of memory that the tree holds beside its text.
    pub fn memory_bytes(&self) -> usize {
        let arena = &self.arena;
        size_of_val(arena.entries.as_slice())
            .saturating_add(size_of_val(arena.children.as_slice()))
            .saturating_add(arena.side.len())
    }

    fn absolute(&self, start: u32, end: u32) -> Range<u64> {
        self.base.saturating_add(u64::from(start))..self.base.saturating_add(u64::from(end))
    }
}

impl Node<'_> {
    /// The node that one step of a path leads to; errors name the whole path.
    pub(crate) fn child(self, path: &TreePath, depth: usize) -> Result<Self> {
        let found = path.steps().get(depth).and_then(|step| self.step(step));
        found.ok_or_else(|| not_found(self, path, depth))
    }
}

fn not_found(node: Node<'_>, path: &TreePath, depth: usize) -> Error {
    let missing = path
        .steps()
        .get(depth)
        .map(ToString::to_string)
        .unwrap_or_default();
    let Range { start, end } = node.span();
    let found = node.describe();
    let deepest = path.prefix(depth).to_string();
    let deepest = if deepest.is_empty() {
        "the root".into()
    } else {
        deepest.into()
    };
    Error::from(Mismatch::NotFound {
        missing: missing.into(),
        deepest,
        found,
    })
    .at(start..end)
    .at_path(|| path)
}

#[cfg(test)]
mod tests;
