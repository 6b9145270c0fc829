//! References of a file into itself, after its nodes were moved or taken out: they go on to lead to the same node, or are
//! told.

use super::draft::Draft;
use super::reference::Reference;
use super::sibling::{percent_decode, percent_encode};
use crate::error::Result;
use crate::tree::{Content, NewNode, PathStep, TreePath, unescape};

/// A reference of the file into itself whose target is not where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedReference {
    /// Where it stands.
    pub path: TreePath,
    /// What it said.
    pub before: String,
    /// What it says now, to lead to the same node; `None` when that node is gone.
    pub after: Option<String>,
}

impl Draft<'_> {
    /// Changes references of the file into itself (`$ref: '#/a/b'`) whose target has another path now, so that they lead
    /// to the same node. Those whose target is gone stay as they are. A new value at the path of the target is what was
    /// wanted, and no change.
    ///
    /// # Errors
    /// A reference cannot be changed.
    pub fn mend_references(&mut self) -> Result<Vec<MovedReference>> {
        let Some(file) = self.source.filter(|_| self.text.is_none()) else {
            return Ok(Vec::new());
        };
        let mut moved = Vec::new();
        let mut there = None;
        for reference in file.references() {
            let Some(uri) = reference.uri().filter(|uri| uri.starts_with('#')) else {
                continue;
            };
            let map = NewNode::of_tree(reference.node().id());
            let target = reference.target().ok();
            let Some(target) = target.map(|at| NewNode::of_tree(at.node.id())) else {
                continue;
            };
            if !self.still_says(map, "$ref", uri) || !self.is_elsewhere(&reference, target)? {
                continue;
            }
            let there = there.get_or_insert_with(|| self.tree.occurrences());
            if !there.contains(map) {
                continue;
            }
            let after = self.path_of(target);
            let after = after.map(|path| format!("#{}", percent_encode(&path.to_string())));
            if let Some(after) = &after {
                let node = self.tree.nodes().string(after);
                self.tree.set_key(map, "$ref", node)?;
            }
            moved.push(MovedReference {
                path: self.tree.paths(map).into_iter().next().unwrap_or_default(),
                before: uri.to_owned(),
                after,
            });
        }
        Ok(moved)
    }

    /// True when a reference leads to nothing now, or to another node of the file than its target.
    fn is_elsewhere(&self, reference: &Reference<'_>, target: NewNode) -> Result<bool> {
        let pointer = reference.uri().unwrap_or_default().trim_start_matches('#');
        let pointer = percent_decode(pointer).unwrap_or_default();
        let steps = pointer.split('/').skip(1).map(|token| {
            let token = unescape(token).unwrap_or_else(|| token.to_owned());
            PathStep::Key(token.into())
        });
        let path = TreePath::from(steps.collect::<Vec<_>>());
        Ok(match self.tree.find(&path)? {
            Some(found) if found == target => false,
            Some(found) => self.tree.original(found).is_some(),
            // What a merge key brings is found in the file only.
            None => !self.is_merged(&path),
        })
    }

    /// True when a path leads to something in the file that the tree as it is now does not have as a node of its own,
    /// though its holder is unchanged: a merged value.
    fn is_merged(&self, path: &TreePath) -> bool {
        let Some((_, holder)) = path.steps().split_last() else {
            return false;
        };
        let holder = TreePath::from(holder.to_vec());
        let (Ok(Some(now)), Some(file)) = (self.tree.find(&holder), self.source) else {
            return false;
        };
        let before = file.tree().node(&holder);
        let same = before.is_ok_and(|before| NewNode::of_tree(before.id()) == now);
        same && self.tree.has_merge(now)
    }

    /// The first path of a node, a scalar too; `None` when it is gone.
    fn path_of(&self, node: NewNode) -> Option<TreePath> {
        let nodes = self.tree.node_table();
        for holder in self.tree.reachable() {
            let step = match nodes.content(holder) {
                Some(Content::Seq { items, .. }) => {
                    let at = items.iter().position(|item| *item == node);
                    at.map(PathStep::Index)
                }
                Some(Content::Map { pairs, .. }) => {
                    let pair = pairs.iter().find(|pair| pair.1 == node);
                    pair.and_then(|pair| nodes.key_text(pair.0))
                        .map(|key| PathStep::Key(key.into()))
                }
                _ => None,
            };
            let Some(step) = step else { continue };
            if let Some(path) = self.tree.paths(holder).into_iter().next() {
                let mut steps = path.steps().to_vec();
                steps.push(step);
                return Some(TreePath::from(steps));
            }
        }
        None
    }
}
