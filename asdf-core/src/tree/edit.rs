//! Changes to a tree. Its text is patched where it changes and stays as it is everywhere else.

mod look;
mod own;
mod shared;
mod table;
mod text;

use super::CoreTag;
use super::IntoTreePath;
use super::PathStep;
use super::Tree;
use super::TreePath;
use super::nodes::{Content, NewNode, Nodes};
use super::path::list_index;
use crate::error::EditFault;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
pub(crate) use own::Shared;
use std::collections::{BTreeSet, HashMap};
use table::NodeCopies;

const ROOT_TAG: &str = "tag:stsci.edu:asdf/core/asdf-1.1.0";

/// A tree under change: made of nothing, or of the tree of a file.
#[derive(Debug, Clone)]
pub struct TreeEdit<'t> {
    pub(super) origin: Option<&'t Tree>,
    pub(super) nodes: NodeCopies<'t>,
    pub(super) root: NewNode,
    /// Nodes from this number on are new.
    pub(super) count: u32,
    /// Containers of the original tree whose children are not the original ones.
    pub(super) changed: BTreeSet<u32>,
    /// Nodes of the original tree that had another tag.
    pub(super) retagged: BTreeSet<u32>,
    /// Containers of the original tree whose children somebody has named and changed.
    described: BTreeSet<u32>,
}

/// Where a path leads.
enum Found {
    Node(NewNode),
    /// Something is there, but by a merge key.
    Merged,
    Nothing,
}

impl Default for TreeEdit<'_> {
    fn default() -> Self {
        let mut nodes = Nodes::new();
        let root = nodes.map(Vec::new());
        nodes.set_tag(root, ROOT_TAG);
        nodes.set_flow(root, false);
        Self {
            origin: None,
            nodes: nodes.into(),
            root,
            count: 0,
            changed: BTreeSet::new(),
            retagged: BTreeSet::new(),
            described: BTreeSet::new(),
        }
    }
}

impl<'t> TreeEdit<'t> {
    /// An empty mapping as the root, tagged `core/asdf`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Edits a tree.
    pub fn of(tree: &'t Tree) -> Self {
        if tree.is_empty() {
            return Self::default();
        }
        Self {
            origin: Some(tree),
            count: u32::try_from(tree.arena.entries.len()).unwrap_or(u32::MAX),
            nodes: NodeCopies::of(tree),
            root: NewNode(tree.arena.resolve_alias(0)),
            changed: BTreeSet::new(),
            retagged: BTreeSet::new(),
            described: BTreeSet::new(),
        }
    }

    /// Where new nodes are made.
    pub fn nodes(&mut self) -> &mut Nodes {
        &mut self.nodes
    }

    /// The nodes as they are now, those of the original tree and new ones.
    pub(crate) fn node_table(&self) -> &Nodes {
        &self.nodes
    }

    /// True when nothing differs from the original tree.
    pub fn is_unchanged(&self) -> bool {
        self.origin
            .is_some_and(|tree| self.root == NewNode(tree.arena.resolve_alias(0)))
            && self.changed.is_empty()
            && self.retagged.is_empty()
    }

    /// True when there was no tree, and nothing has been put into it.
    pub(crate) fn is_blank(&self) -> bool {
        self.origin.is_none() && self.nodes.entries.len() == 1
    }

    /// The node at a path, as it is now.
    ///
    /// # Errors
    /// The path cannot be parsed.
    pub fn find(&self, path: impl IntoTreePath) -> Result<Option<NewNode>> {
        let path = path.into_tree_path()?;
        let mut node = self.root;
        for step in path.steps() {
            match self.step(node, step) {
                Found::Node(next) => node = next,
                Found::Merged | Found::Nothing => return Ok(None),
            }
        }
        Ok(Some(node))
    }

    /// Puts a node at a path. Mappings that are missing on the way are made; an index may be one
    /// after the last of a list. A tag of a scalar that stood there passes to a scalar without one.
    ///
    /// A node that is shared stays as it is where else it stands; what lies below a shared node
    /// changes everywhere ([`TreeEdit::other_paths`]).
    ///
    /// # Errors
    /// Nothing can stand at the path: an index into a list that is not there or too short, a key of a
    /// list or of a scalar, a mapping that comes from a merge key. Then nothing is changed.
    pub fn set(&mut self, path: impl IntoTreePath, new: NewNode) -> Result<()> {
        let path = path.into_tree_path()?;
        let Some((last, before)) = path.steps().split_last() else {
            self.root = new;
            self.mark(NewNode(0));
            return Ok(());
        };
        let mut parent = self.root;
        if self.scalar(parent) == Some(CoreTag::Null) {
            parent = self.nodes.map(Vec::new());
            self.nodes.set_tag(parent, ROOT_TAG);
            self.nodes.set_flow(parent, false);
            self.root = parent;
            self.mark(NewNode(0));
        }
        for (depth, step) in before.iter().enumerate() {
            parent = match self.step(parent, step) {
                Found::Node(next) => next,
                Found::Merged => return Err(merged(&path, depth)),
                Found::Nothing => {
                    let below = path
                        .steps()
                        .get(depth.saturating_add(1)..)
                        .unwrap_or_default();
                    if let Some(at) = below.iter().position(is_index) {
                        return Err(no_list(&path, depth.saturating_add(1).saturating_add(at)));
                    }
                    let made = self.nodes.map(Vec::new());
                    self.nodes.set_flow(made, false);
                    self.put(parent, step, made)
                        .at_path(|| path.prefix(depth.saturating_add(1)))?;
                    made
                }
            };
        }
        if let Found::Node(old) = self.step(parent, last) {
            self.pass_tag(old, new);
        }
        self.described.insert(parent.0);
        self.put(parent, last, new).at_path(|| &path)
    }

    /// Takes a node out.
    ///
    /// # Errors
    /// There is nothing at the path; it stands there by a merge key, or is the root.
    pub fn remove(&mut self, path: impl IntoTreePath) -> Result<()> {
        let path = path.into_tree_path()?;
        let Some((last, before)) = path.steps().split_last() else {
            return Err(EditFault::RootRemoved.into());
        };
        let mut parent = self.root;
        for (depth, step) in before.iter().enumerate() {
            parent = match self.step(parent, step) {
                Found::Node(next) => next,
                Found::Merged => return Err(merged(&path, depth)),
                Found::Nothing => return Err(self.missing(&path, depth, parent)),
            };
        }
        let depth = before.len();
        let index = match self.step(parent, last) {
            Found::Node(_) => self.index(parent, last),
            Found::Merged => return Err(merged(&path, depth)),
            Found::Nothing => return Err(self.missing(&path, depth, parent)),
        };
        let Some(index) = index else {
            return Err(self.missing(&path, depth, parent));
        };
        let key = self.key_at(parent, index);
        match self.nodes.entry_mut(parent).map(|entry| &mut entry.content) {
            Some(Content::Seq { items, .. }) => drop(items.remove(index)),
            Some(Content::Map { pairs, .. }) => drop(pairs.remove(index)),
            _ => {}
        }
        self.described.insert(parent.0);
        self.mark(parent);
        // A key that was written twice is gone only when none is left.
        if key.is_some()
            && key
                == self
                    .index(parent, last)
                    .and_then(|at| self.key_at(parent, at))
        {
            return self.remove(path);
        }
        Ok(())
    }

    /// Gives the node at a path another tag, by its full URI, or none.
    ///
    /// # Errors
    /// There is nothing at the path; the tag cannot be written in YAML.
    pub fn set_tag(&mut self, path: impl IntoTreePath, tag: Option<&str>) -> Result<()> {
        let path = path.into_tree_path()?;
        let Some(node) = self.find(&path)? else {
            return Err(self.missing(&path, path.steps().len().saturating_sub(1), self.root));
        };
        let Some(mut entry) = self.nodes.entry(node).cloned() else {
            return Ok(());
        };
        entry.tag = tag.map(Into::into);
        let copy = NewNode(u32::try_from(self.nodes.entries.len()).unwrap_or(u32::MAX));
        self.nodes.entries.push(entry);
        match path.steps().split_last() {
            None => {
                self.root = copy;
                self.mark(NewNode(0));
                Ok(())
            }
            Some((last, before)) => {
                let parent = self
                    .find(TreePath::from(before.to_vec()))?
                    .unwrap_or(self.root);
                self.put(parent, last, copy).at_path(|| &path)
            }
        }
    }

    /// Puts a value under a string key of a mapping.
    pub(crate) fn set_key(&mut self, map: NewNode, key: &str, value: NewNode) -> Result<()> {
        self.put(map, &PathStep::Key(key.into()), value)
    }

    /// Takes a string key out of a mapping, if it is there.
    pub(crate) fn remove_key(&mut self, map: NewNode, key: &str) {
        while let Some(index) = self.index(map, &PathStep::Key(key.into())) {
            if let Some(Content::Map { pairs, .. }) =
                self.nodes.entry_mut(map).map(|entry| &mut entry.content)
            {
                pairs.remove(index);
            }
            self.mark(map);
        }
    }

    /// Puts other nodes in the place of some, wherever they are children.
    pub(crate) fn replace_children(&mut self, others: &HashMap<NewNode, NewNode>) {
        let mut changed = Vec::new();
        let mut put = |child: &mut NewNode, parent: u32| {
            if let Some(other) = others.get(child) {
                *child = *other;
                changed.push(parent);
            }
        };
        for (id, entry) in (0..).zip(&mut self.nodes.entries) {
            match &mut entry.content {
                Content::Seq { items, .. } => {
                    for item in items {
                        put(item, id);
                    }
                }
                Content::Map { pairs, .. } => {
                    for (_, value) in pairs {
                        put(value, id);
                    }
                }
                Content::Scalar { .. } => {}
            }
        }
        let count = self.count;
        self.changed
            .extend(changed.into_iter().filter(|id| *id < count));
        if let Some(other) = others.get(&self.root) {
            self.root = *other;
            self.mark(NewNode(0));
        }
    }

    /// Gives a node another tag, wherever it stands.
    pub(crate) fn retag(&mut self, node: NewNode, tag: &str) {
        if let Some(entry) = self.nodes.entry_mut(node) {
            entry.tag = Some(tag.into());
        }
        if node.0 < self.count {
            self.retagged.insert(node.0);
        }
    }

    /// Puts an element into the nested lists of an array in the tree, those under `data` of a mapping.
    /// Lists that stand in several places become this array's own.
    #[expect(clippy::similar_names, reason = "a list and the last step")]
    pub(crate) fn set_item(&mut self, array: NewNode, index: &[usize], new: NewNode) -> Result<()> {
        let data = PathStep::Key("data".into());
        let is_map = matches!(self.nodes.content(array), Some(Content::Map { .. }));
        let steps = is_map.then_some(data).into_iter();
        let mut steps: Vec<PathStep> = steps
            .chain(index.iter().map(|at| PathStep::Index(*at)))
            .collect();
        let last = steps.pop();
        let mut list = array;
        for step in steps {
            let Found::Node(mut next) = self.step(list, &step) else {
                let step = step.to_string().into();
                return Err(EditFault::NoList { step }.into());
            };
            if self.occurrences().is_shared(next) {
                next = self.nodes.shallow(next);
                self.put(list, &step, next)?;
            }
            list = next;
        }
        match last {
            Some(step) => self.put(list, &step, new),
            None => Err(EditFault::NoElements.into()),
        }
    }

    fn scalar(&self, node: NewNode) -> Option<CoreTag> {
        self.nodes.scalar_type(node)
    }

    pub(super) fn mark(&mut self, node: NewNode) {
        if node.0 < self.count {
            self.changed.insert(node.0);
        }
    }

    fn step(&self, node: NewNode, step: &PathStep) -> Found {
        if let Some(index) = self.index(node, step) {
            let child = match self.nodes.content(node) {
                Some(Content::Seq { items, .. }) => items.get(index).copied(),
                Some(Content::Map { pairs, .. }) => pairs.get(index).map(|pair| pair.1),
                _ => None,
            };
            return child.map_or(Found::Nothing, Found::Node);
        }
        let Some(Content::Map { pairs, .. }) = self.nodes.content(node) else {
            return Found::Nothing;
        };
        let merges = pairs
            .iter()
            .any(|pair| self.scalar(pair.0) == Some(CoreTag::Merge));
        let there = || {
            let tree = self.origin?;
            let node = super::Node {
                tree,
                id: super::NodeId(node.0),
            };
            node.step(step)
        };
        if merges && node.0 < self.count && there().is_some() {
            Found::Merged
        } else {
            Found::Nothing
        }
    }

    /// The place among a node's children that a step leads to.
    fn index(&self, node: NewNode, step: &PathStep) -> Option<usize> {
        match self.nodes.content(node)? {
            Content::Scalar { .. } => None,
            Content::Seq { items, .. } => {
                let index = list_step(step)?;
                (index < items.len()).then_some(index)
            }
            Content::Map { pairs, .. } => {
                let key = key_step(step);
                // Of duplicates the last one counts.
                let is_string =
                    |node| matches!(self.scalar(node), Some(CoreTag::Str | CoreTag::Value));
                let named = |node| self.nodes.key_text(node).is_some_and(|text| *text == *key);
                let strings = pairs
                    .iter()
                    .rposition(|pair| is_string(pair.0) && named(pair.0));
                strings.or_else(|| {
                    let other = |node| self.scalar(node) != Some(CoreTag::Merge) && named(node);
                    pairs.iter().rposition(|pair| other(pair.0))
                })
            }
        }
    }

    fn key_at(&self, node: NewNode, index: usize) -> Option<String> {
        match self.nodes.content(node)? {
            Content::Map { pairs, .. } => self.nodes.key_text(pairs.get(index)?.0),
            _ => None,
        }
    }

    /// Puts a child into a node.
    fn put(&mut self, parent: NewNode, step: &PathStep, new: NewNode) -> Result<()> {
        let index = self.index(parent, step);
        let found = self.describe(parent);
        let fresh = self.nodes.string(&key_step(step));
        match self.nodes.entry_mut(parent).map(|entry| &mut entry.content) {
            Some(Content::Seq { items, .. }) => match index {
                Some(index) => items.splice(index..=index, [new]).for_each(drop),
                None if list_step(step) == Some(items.len()) => items.push(new),
                None => {
                    let count = items.len();
                    let behind = list_step(step).is_some();
                    let step = step.to_string().into();
                    return Err(if behind {
                        EditFault::BehindList { count, step }
                    } else {
                        EditFault::NotAnIndex { count, step }
                    }
                    .into());
                }
            },
            Some(Content::Map { pairs, .. }) => {
                match index.and_then(|index| pairs.get_mut(index)) {
                    Some(pair) => pair.1 = new,
                    None if is_index(step) => {
                        return Err(EditFault::IndexIntoMap {
                            step: step.to_string().into(),
                            found: found.into(),
                        }
                        .into());
                    }
                    None => pairs.push((fresh, new)),
                }
            }
            _ => {
                return Err(EditFault::BelowScalar {
                    found: found.into(),
                }
                .into());
            }
        }
        self.mark(parent);
        Ok(())
    }

    /// A scalar that takes the place of a tagged one is of the same kind.
    fn pass_tag(&mut self, old: NewNode, new: NewNode) {
        let scalar = |node| matches!(self.nodes.content(node), Some(Content::Scalar { .. }));
        let Some(tag) = self.nodes.tag(old).map(str::to_owned) else {
            return;
        };
        let own = CoreTag::of(&tag).is_some();
        let null = self.scalar(new) == Some(CoreTag::Null);
        if scalar(old)
            && scalar(new)
            && !own
            && !null
            && self.nodes.tag(new).is_none()
            && new.0 >= self.count
        {
            self.nodes.set_tag(new, &tag);
        }
    }

    fn describe(&self, node: NewNode) -> String {
        match self.nodes.content(node) {
            Some(Content::Seq { items, .. }) => format!("a list of {}", items.len()),
            Some(Content::Map { pairs, .. }) => format!("a mapping of {}", pairs.len()),
            Some(Content::Scalar { text, .. }) => {
                format!(
                    "the scalar `{}`",
                    text.chars().take(40).collect::<String>().escape_debug()
                )
            }
            None => "nothing".to_owned(),
        }
    }

    fn missing(&self, path: &TreePath, depth: usize, node: NewNode) -> crate::error::Error {
        let missing = path
            .steps()
            .get(depth)
            .map(ToString::to_string)
            .unwrap_or_default();
        let deepest = path.prefix(depth).to_string();
        let deepest = if deepest.is_empty() {
            "the root".into()
        } else {
            deepest.into()
        };
        crate::error::Error::from(Mismatch::NotFound {
            missing: missing.into(),
            deepest,
            found: self.describe(node).into(),
        })
        .at_path(|| path)
    }
}

fn is_index(step: &PathStep) -> bool {
    matches!(step, PathStep::Index(_))
}

/// An index into what would have to be made for it.
fn no_list(path: &TreePath, depth: usize) -> crate::error::Error {
    let index = path.steps().get(depth).map(ToString::to_string);
    let index = index.unwrap_or_default().into();
    let fact = EditFault::ListMissing { index };
    crate::error::Error::from(fact).at_path(|| path)
}

fn merged(path: &TreePath, depth: usize) -> crate::error::Error {
    let step = path
        .steps()
        .get(depth)
        .map(ToString::to_string)
        .unwrap_or_default();
    let step = step.into();
    crate::error::Error::from(EditFault::Merged { step }).at_path(|| path)
}

fn list_step(step: &PathStep) -> Option<usize> {
    match step {
        PathStep::Index(index) => Some(*index),
        PathStep::Key(key) => list_index(key),
    }
}

fn key_step(step: &PathStep) -> String {
    match step {
        PathStep::Key(key) => key.to_string(),
        PathStep::Index(index) => index.to_string(),
    }
}

#[cfg(test)]
mod tests;
