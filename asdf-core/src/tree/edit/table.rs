//! The nodes of a tree under change. Most drafts of a file change nothing of its tree: its nodes are copied when one of
//! them is first asked for.

use crate::tree::{Nodes, Tree};
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// The nodes of the original tree, then new ones.
#[derive(Debug, Clone, Default)]
pub(in crate::tree) struct NodeCopies<'t> {
    origin: Option<&'t Tree>,
    /// As they were copied to be looked at.
    copied: OnceLock<Nodes>,
    /// The same from the first change on.
    changed: Option<Nodes>,
}

impl<'t> NodeCopies<'t> {
    /// Those of a tree.
    pub(super) fn of(origin: &'t Tree) -> Self {
        Self {
            origin: Some(origin),
            ..Self::default()
        }
    }

    fn copy(origin: Option<&Tree>) -> Nodes {
        origin.map_or_else(Nodes::new, Nodes::of_tree)
    }
}

impl From<Nodes> for NodeCopies<'_> {
    fn from(nodes: Nodes) -> Self {
        Self {
            changed: Some(nodes),
            ..Self::default()
        }
    }
}

impl Deref for NodeCopies<'_> {
    type Target = Nodes;

    fn deref(&self) -> &Nodes {
        let copied = || self.copied.get_or_init(|| Self::copy(self.origin));
        self.changed.as_ref().unwrap_or_else(copied)
    }
}

impl DerefMut for NodeCopies<'_> {
    fn deref_mut(&mut self) -> &mut Nodes {
        let (origin, copied) = (self.origin, &mut self.copied);
        let copy = || copied.take().unwrap_or_else(|| Self::copy(origin));
        self.changed.get_or_insert_with(copy)
    }
}
