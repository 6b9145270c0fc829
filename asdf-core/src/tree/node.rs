//! Cheap handles into the arena.

use super::{Tag, Tree, TreePath, Value};
use crate::error::Result;
use serde::Deserialize;
use std::ops::Range;

/// Identity of a node within its tree; an alias has the identity of the node it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// A node; copying it copies two words.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) id: NodeId,
}

/// What YAML calls the kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// Text.
    Scalar,
    /// A list.
    Seq,
    /// A mapping.
    Map,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl<'t> Node<'t> {
    /// Identity: equal for all occurrences of a shared node.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree that holds this node.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Scalar, list or mapping.
    pub fn kind(self) -> NodeKind {
        todo!()
    }

    /// The value by the rules of YAML 1.1 and the node's tag: a scalar with a tag outside of
    /// YAML's own (`!core/complex-1.0.0`) is always a string.
    pub fn value(self) -> Value<'t> {
        todo!()
    }

    /// The tag outside of YAML's own schema, resolved through `%TAG`; `None` when there is none.
    pub fn tag(self) -> Option<&'t Tag> {
        todo!()
    }

    /// The content of a scalar after unquoting and folding, whatever its type.
    pub fn text(self) -> Option<&'t str> {
        todo!()
    }

    /// How a scalar was written.
    pub fn scalar_style(self) -> Option<ScalarStyle> {
        todo!()
    }

    /// True when a list or mapping was written in flow style (`[…]`, `{…}`).
    pub fn is_flow(self) -> bool {
        todo!()
    }

    /// The anchor's name, if the node has one.
    pub fn anchor(self) -> Option<&'t str> {
        todo!()
    }

    /// The path of the node's first occurrence in document order.
    pub fn path(self) -> TreePath {
        todo!()
    }

    /// Absolute file offsets of the node's text, tag and anchor included.
    pub fn span(self) -> Range<u64> {
        todo!()
    }

    /// The value under a string key of a mapping.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let _ = key;
        todo!()
    }

    /// The element of a list.
    pub fn at(self, index: usize) -> Option<Node<'t>> {
        let _ = index;
        todo!()
    }

    /// This node as a mapping.
    pub fn as_map(self) -> Option<Map<'t>> {
        todo!()
    }

    /// This node as a list.
    pub fn as_seq(self) -> Option<Seq<'t>> {
        todo!()
    }

    /// Deserializes the node into any type; tags are ignored, errors name the path.
    pub fn read<T: Deserialize<'t>>(self) -> Result<T> {
        todo!()
    }
}

/// A list.
#[derive(Debug, Clone, Copy)]
pub struct Seq<'t> {
    pub(crate) node: Node<'t>,
}

impl<'t> Seq<'t> {
    /// Number of elements.
    pub fn len(self) -> usize {
        todo!()
    }

    /// True when there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements; aliases stand as the nodes they name.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Node<'t>> + use<'t> {
        std::iter::empty()
    }
}

/// A mapping as a reader sees it: merge keys flattened, of duplicate keys the last.
#[derive(Debug, Clone, Copy)]
pub struct Map<'t> {
    pub(crate) node: Node<'t>,
}

impl<'t> Map<'t> {
    /// Number of pairs.
    pub fn len(self) -> usize {
        todo!()
    }

    /// True when there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The pairs in document order, merged ones first.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (Node<'t>, Node<'t>)> + use<'t> {
        std::iter::empty()
    }

    /// The pairs as written: merge keys and duplicates included.
    pub fn raw_iter(self) -> impl ExactSizeIterator<Item = (Node<'t>, Node<'t>)> + use<'t> {
        std::iter::empty()
    }

    /// The value under a string key.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let _ = key;
        todo!()
    }
}
