//! A part of a tree as a draft of its own.

use super::carry::{Carried, Rules, is_harmless};
use super::draft::Draft;
use super::reference::FileNode;
use super::sibling::percent_decode;
use crate::error::EditFault;
use crate::error::Result;
use crate::tree::{Content, IntoTreePath, NewNode, PathStep, TreePath};
use std::collections::{HashMap, HashSet};

impl Draft<'_> {
    /// Leaves only what stands at a path: a mapping becomes the root, anything else stands in the
    /// root under its last key. References within it lead on to what they name; what they name elsewhere in the file
    /// takes their place. Blocks that only the rest names are left out.
    ///
    /// # Errors
    /// There is nothing at the path.
    pub fn keep_only(&mut self, path: impl IntoTreePath) -> Result<()> {
        let path = path.into_tree_path()?;
        let Some(mut node) = self.tree.find(&path)? else {
            let path = path.to_string().into();
            return Err(EditFault::NothingAt { path }.into());
        };
        let Some(last) = path.steps().last() else {
            return Ok(());
        };
        let mut carried = Carried::new(Rules {
            shares_own: true,
            keeps_urls: true,
        });
        if let Some(file) = self.source
            && let Ok(old) = file.node(path.clone())
            && NewNode::of_tree(old.id()) == node
        {
            node = self.carry(FileNode { file, node: old }, &mut carried, 0)?;
        }
        let nodes = self.tree.nodes();
        let plain_map =
            matches!(nodes.content(node), Some(Content::Map { .. })) && nodes.tag(node).is_none();
        let (root, start) = if plain_map {
            let copy = nodes.shallow(node);
            nodes.set_flow(copy, false);
            (copy, String::new())
        } else {
            let name = match last {
                PathStep::Key(key) => key.to_string(),
                PathStep::Index(_) => "data".to_owned(),
            };
            let root = nodes.map_of([(name.as_str(), node)]);
            nodes.set_flow(root, false);
            (root, TreePath::default().key(&name).to_string())
        };
        nodes.set_tag(root, "tag:stsci.edu:asdf/core/asdf-1.1.0");
        self.tree.set(TreePath::default(), root)?;
        self.lead_on(&path.to_string(), &start, &mut carried)?;
        if is_harmless(self) {
            self.drop_unused_blocks();
        }
        Ok(())
    }

    /// Puts references to places of the old tree right: those below `kept` are below `start` now.
    fn lead_on(&mut self, kept: &str, start: &str, carried: &mut Carried) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let mut done: HashSet<NewNode> = HashSet::new();
        loop {
            let there = self.tree.occurrences();
            let mut replacements = HashMap::new();
            let before = done.len();
            for reference in file.references() {
                let map = NewNode::of_tree(reference.node().id());
                let Some(uri) = reference.uri().filter(|uri| uri.starts_with('#')) else {
                    continue;
                };
                if !there.contains(map) || !self.still_says(map, "$ref", uri) || !done.insert(map) {
                    continue;
                }
                let pointer = percent_decode(uri.trim_start_matches('#')).unwrap_or_default();
                let rest = pointer.strip_prefix(kept);
                if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                    let uri = format!(
                        "#{}",
                        super::sibling::percent_encode(&format!("{start}{rest}"))
                    );
                    let uri = self.tree.nodes().string(&uri);
                    self.tree.set_key(map, "$ref", uri)?;
                } else if let Ok(target) = reference.resolve() {
                    let new = self.carry(target, carried, 0)?;
                    replacements.insert(map, new);
                }
            }
            self.tree.replace_children(&replacements);
            if done.len() == before {
                return Ok(());
            }
        }
    }
}
