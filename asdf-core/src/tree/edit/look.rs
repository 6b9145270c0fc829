//! What a changed tree holds, for those who follow its nodes.

use super::TreeEdit;
use crate::tree::CoreTag;
use crate::tree::full;
use crate::tree::occurrences::Occurrences;
use crate::tree::same;
use crate::tree::{Content, NewNode, NodeId, Tree};
use std::collections::{BTreeSet, HashMap};

impl TreeEdit<'_> {
    /// All nodes, each once, in the order of the document.
    pub(crate) fn reachable(&self) -> Vec<NewNode> {
        full::reachable(self).0
    }

    /// Which nodes there are.
    pub(crate) fn occurrences(&self) -> Occurrences {
        full::reachable(self).1
    }

    /// True when anything of an original node, or below it, is another now.
    pub(crate) fn is_changed_within(&self, node: NewNode) -> bool {
        let mut waiting = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(node) = waiting.pop() {
            if self.original(node).is_none() || self.is_changed(node) {
                return true;
            }
            if seen.insert(node) {
                waiting.extend(self.children(node));
            }
        }
        false
    }

    /// The full tag of a node.
    pub(crate) fn tag(&self, node: NewNode) -> Option<&str> {
        self.nodes.tag(node)
    }

    /// An integer of 64 bits.
    pub(crate) fn small_int(&self, node: NewNode) -> Option<i64> {
        self.nodes.small_int(node)
    }

    /// Items, or keys and values in turn.
    pub(crate) fn children(&self, node: NewNode) -> Vec<NewNode> {
        match self.nodes.content(node) {
            Some(Content::Seq { items, .. }) => items.clone(),
            Some(Content::Map { pairs, .. }) => {
                pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value under a string key of a mapping.
    pub(crate) fn under(&self, node: NewNode, key: &str) -> Option<NewNode> {
        let Content::Map { pairs, .. } = self.nodes.content(node)? else {
            return None;
        };
        let pair = pairs.iter().rev();
        pair.into_iter()
            .find(|pair| self.nodes.is_text(pair.0, key))
            .map(|pair| pair.1)
    }

    /// True for a mapping with a merge key.
    pub(crate) fn has_merge(&self, node: NewNode) -> bool {
        match self.nodes.content(node) {
            Some(Content::Map { pairs, .. }) => pairs
                .iter()
                .any(|pair| self.scalar(pair.0) == Some(CoreTag::Merge)),
            _ => false,
        }
    }

    /// The node of the original tree that a node was, and may still be.
    pub(crate) fn original(&self, node: NewNode) -> Option<NodeId> {
        (self.origin.is_some() && node.0 < self.count).then_some(NodeId(node.0))
    }

    /// True for a node of the original tree whose own children or tag are others now.
    pub(crate) fn is_changed(&self, node: NewNode) -> bool {
        self.changed.contains(&node.0) || self.retagged.contains(&node.0)
    }

    /// True for a node some of whose children were named and changed by [`TreeEdit::set`] and
    /// [`TreeEdit::remove`], whatever else was done to it.
    pub(crate) fn is_described(&self, node: NewNode) -> bool {
        self.described.contains(&node.0)
    }

    /// What each node of a tree is here: that tree must be the text of this one, read again.
    pub(crate) fn origins(&self, tree: &Tree) -> HashMap<NodeId, NewNode> {
        same::origins(self, tree)
    }
}
