//! Places of a tree that share nodes with no other.

use super::TreeEdit;
use crate::error::Result;
use crate::tree::IntoTreePath;
use crate::tree::NewNode;
use crate::tree::NodeKind;
use crate::tree::Tree;
use std::collections::HashSet;

/// The lists and mappings of a tree that stand in more than one place.
#[derive(Debug, Default)]
pub(crate) struct Shared(HashSet<NewNode>);

impl Shared {
    /// Finds them.
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut seen = HashSet::new();
        let mut shared = HashSet::new();
        for node in tree.nodes() {
            let (first, width) = match node.kind() {
                NodeKind::Scalar => continue,
                NodeKind::Seq => (0, 1),
                NodeKind::Map => (1, 2),
            };
            let slots = tree.arena.slots(node.id().0);
            for slot in slots.iter().skip(first).step_by(width) {
                let child = NewNode(tree.arena.resolve_alias(*slot));
                if !seen.insert(child) {
                    shared.insert(child);
                }
            }
        }
        Self(shared)
    }
}

impl TreeEdit<'_> {
    /// Makes copies of the lists and mappings that a path leads through, where they are shared with other places: what is
    /// changed at the path then changes nowhere else. Their other children stay shared.
    pub(crate) fn own(&mut self, path: impl IntoTreePath, shared: &Shared) -> Result<()> {
        let path = path.into_tree_path()?;
        let mut parent_is_copy = false;
        for depth in 1..path.steps().len() {
            let place = path.prefix(depth);
            let Some(node) = self.find(&place)? else {
                return Ok(());
            };
            let is_new = node.0 >= self.count;
            if is_new {
                parent_is_copy = true;
                continue;
            }
            if parent_is_copy || shared.0.contains(&node) {
                let copy = self.nodes.shallow(node);
                self.set(&place, copy)?;
                parent_is_copy = true;
            }
        }
        Ok(())
    }
}
