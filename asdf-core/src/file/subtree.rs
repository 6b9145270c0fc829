//! What would be lost, or be made, if a node took a place in the tree: asked before a change that names one value.

use super::draft::{Draft, is_ndarray_tag};
use crate::error::Result;
use crate::tree::{Content, IntoTreePath, NewNode, TreePath};

impl Draft<'_> {
    /// What stands at a path and holds more than one value, which would be gone if `new` took its place: an array, a
    /// mapping, a list, by its name. `None` where nothing stands there, or a scalar, or nothing in a list or mapping; where
    /// a list takes the place of a list of scalars, or an array that of an array. Without `new` that is an array.
    ///
    /// # Errors
    /// The path cannot be parsed.
    pub fn subtree_at(
        &self,
        path: impl IntoTreePath,
        new: Option<NewNode>,
    ) -> Result<Option<String>> {
        let Some(old) = self.tree.find(path)? else {
            return Ok(None);
        };
        let nodes = self.tree.node_table();
        let is_array = |node| nodes.tag(node).is_some_and(is_ndarray_tag);
        if is_array(old) {
            let like = new.is_none_or(is_array);
            return Ok((!like).then(|| "an array".to_owned()));
        }
        let is_list = |node| matches!(nodes.content(node), Some(Content::Seq { .. }));
        let is_scalar =
            |node: &NewNode| matches!(nodes.content(*node), Some(Content::Scalar { .. }));
        Ok(match nodes.content(old) {
            Some(Content::Map { pairs, .. }) if !pairs.is_empty() => {
                Some(format!("a mapping of {}", pairs.len()))
            }
            Some(Content::Seq { items, .. }) if !items.is_empty() => {
                let like = new.is_some_and(is_list) && items.iter().all(is_scalar);
                (!like).then(|| format!("a list of {}", items.len()))
            }
            _ => None,
        })
    }

    /// The first part of a path that leads to no node yet: what [`Draft::set`] would make.
    ///
    /// # Errors
    /// The path cannot be parsed.
    pub fn first_missing(&self, path: impl IntoTreePath) -> Result<Option<TreePath>> {
        let path = path.into_tree_path()?;
        for count in 1..=path.steps().len() {
            let prefix = path.prefix(count);
            if self.tree.find(&prefix)?.is_none() {
                return Ok(Some(prefix));
            }
        }
        Ok(None)
    }

    /// True when a node, or one below it, is an array whose data are a block by its number: one of the file that the
    /// node comes from, which is another one here.
    pub fn names_block(&self, node: NewNode) -> bool {
        let nodes = self.tree.node_table();
        let mut waiting = vec![node];
        let mut seen = std::collections::HashSet::new();
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            let source = self.tree.under(node, "source");
            let number = source.is_some_and(|source| nodes.small_int(source).is_some());
            if number && nodes.tag(node).is_some_and(is_ndarray_tag) {
                return true;
            }
            waiting.extend(self.tree.children(node));
        }
        false
    }
}
