//! How often the nodes of a document occur.

use super::nodes::NewNode;

/// How often each node occurs in a document: never, once, or in several places. Nodes are numbered without gaps, so that a
/// table of their numbers takes the place of a set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Occurrences(Vec<u8>);

impl Occurrences {
    /// None of so many nodes.
    pub(super) fn none(count: usize) -> Self {
        Self(vec![0; count])
    }

    /// Notes a node; true the first time.
    pub(super) fn add(&mut self, node: NewNode) -> bool {
        let at = node.0 as usize;
        if at >= self.0.len() {
            self.0.resize(at.saturating_add(1), 0);
        }
        let Some(count) = self.0.get_mut(at) else {
            return false;
        };
        *count = count.saturating_add(1);
        *count == 1
    }

    /// True for a node of the document.
    pub(crate) fn contains(&self, node: NewNode) -> bool {
        self.0.get(node.0 as usize).is_some_and(|count| *count > 0)
    }

    /// True for a node that stands in several places.
    pub(super) fn is_shared(&self, node: NewNode) -> bool {
        self.0.get(node.0 as usize).is_some_and(|count| *count > 1)
    }
}
