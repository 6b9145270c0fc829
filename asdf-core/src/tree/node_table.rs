//! Something kept for every node of a tree. Nodes are numbered without gaps, so that a list takes the place of a map.

use super::{NodeId, Tree};

/// One value for each node of a tree.
#[derive(Debug)]
pub(crate) struct NodeTable<T>(Vec<T>);

impl<T: Copy> NodeTable<T> {
    /// The same value for every node.
    pub(crate) fn new(tree: &Tree, value: T) -> Self {
        Self(vec![value; tree.arena.entries.len()])
    }

    /// The value of a node of this tree; `None` for a node that it does not have.
    pub(crate) fn get(&self, node: NodeId) -> Option<T> {
        self.0.get(node.0 as usize).copied()
    }

    /// Gives a node another value and returns the one before; `None` for a node that the tree does not have.
    pub(crate) fn replace(&mut self, node: NodeId, value: T) -> Option<T> {
        self.0
            .get_mut(node.0 as usize)
            .map(|place| std::mem::replace(place, value))
    }
}
