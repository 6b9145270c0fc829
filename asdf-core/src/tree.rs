//! The YAML 1.1 tree: an arena of nodes with tags, anchors, styles and source spans.

mod node;
mod path;
mod tag;
mod value;

pub use node::{Map, Node, NodeId, NodeKind, ScalarStyle, Seq};
pub use path::{IntoTreePath, PathStep, TreePath};
pub use tag::Tag;
pub use value::{BigInt, Timestamp, Value};

use crate::error::{Result, Warning};
use crate::limits::Limits;

/// A parsed tree. Owns a copy of its text; shared nodes are kept as sharing.
#[derive(Debug)]
pub struct Tree {}

impl Tree {
    /// Parses one YAML document (directives, `---`, content, optionally `...`).
    ///
    /// `base` is the absolute file offset of the first byte of `text`: spans and errors are
    /// absolute. Oddities that leave the tree readable are pushed to `warnings`.
    pub fn parse(text: &[u8], base: u64, limits: &Limits, warnings: &mut Vec<Warning>) -> Result<Self> {
        let _ = (text, base, limits, warnings);
        todo!()
    }

    /// A tree whose root is null: what a file without a tree has.
    pub fn empty() -> Self {
        todo!()
    }

    /// The root node.
    pub fn root(&self) -> Node<'_> {
        todo!()
    }

    /// The node at a path, or [`crate::Mismatch::NotFound`] naming the deepest part that exists.
    pub fn node(&self, path: impl IntoTreePath) -> Result<Node<'_>> {
        let _ = path;
        todo!()
    }

    /// Number of nodes in the document (an alias counts as none).
    pub fn len(&self) -> usize {
        todo!()
    }

    /// The YAML text as it stands in the file.
    pub fn text(&self) -> &str {
        todo!()
    }

    /// Absolute file offset of the first byte of [`Tree::text`].
    pub fn base(&self) -> u64 {
        todo!()
    }

    /// The `#` comments of the text, in order, with their absolute spans.
    pub fn comments(&self) -> impl Iterator<Item = (std::ops::Range<u64>, &str)> {
        std::iter::empty()
    }
}
