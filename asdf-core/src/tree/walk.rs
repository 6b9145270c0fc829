//! Depth-first walk over every occurrence of every node, without recursion.

use super::Tree;
use super::arena::EntryKind;
use super::node::{Node, NodeId, NodeKind};
use super::path::{PathStep, TreePath};
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use std::borrow::Cow;
use std::collections::HashSet;

/// What `expanded_nodes` counts in a walk.
pub(crate) const EXPANDED: &str = "number of nodes visited when shared nodes are expanded";

/// The occurrences of nodes in document order; [`Walk::path`] tells where the last one is. A shared
/// node comes at each of its paths; a node inside itself is given and not entered. Keys are not given.
#[derive(Debug)]
pub struct Walk<'t> {
    base: TreePath,
    root: Option<Node<'t>>,
    stack: Vec<Level<'t>>,
    /// The nodes on the stack.
    open: HashSet<NodeId>,
    seen: u64,
    allowed: u64,
    failed: bool,
}

#[derive(Debug)]
struct Level<'t> {
    node: Node<'t>,
    slots: &'t [u32],
    /// Slots taken so far.
    next: usize,
    /// Slots a child: two in a mapping.
    width: usize,
}

impl<'t> Level<'t> {
    fn node_at(&self, slot: usize) -> Option<Node<'t>> {
        let tree = self.node.tree;
        self.slots.get(slot).map(|id| Node {
            tree,
            id: NodeId(tree.arena.resolve_alias(*id)),
        })
    }

    /// The step to the child that was taken last.
    fn step(&self) -> Option<PathStep> {
        let slot = self.next.checked_sub(self.width)?;
        if self.width == 1 {
            return Some(PathStep::Index(slot));
        }
        Some(PathStep::Key(self.key()?.into()))
    }

    /// The key of the child that was taken last.
    fn key(&self) -> Option<Cow<'t, str>> {
        let slot = self.next.checked_sub(self.width)?;
        (self.width == 2).then(|| self.node_at(slot).map(Node::key_text))?
    }
}

impl Tree {
    /// Walks over the root and everything below it. Expanding shared nodes beyond `expanded_nodes`
    /// of [`Limits`] ends in an error.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::{AsdfFile, Limits};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let mut walk = file.tree().walk(file.limits());
    /// while let Some(node) = walk.next() {
    ///     if node?.tag().is_some_and(|tag| tag.base().contains("gwcs/")) {
    ///         println!("{}", walk.path());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn walk(&self, limits: &Limits) -> Walk<'_> {
        self.root().walk(limits)
    }
}

impl Tree {
    /// Whether a node may stand at several places.
    pub(crate) fn is_shared(&self) -> bool {
        self.arena.is_shared()
    }

    /// The nodes that are asked for, in document order, without those within one of them or within a key: quicker than a walk.
    /// `None` where nodes are shared, so that one may stand at several places.
    pub(crate) fn outermost(&self, wanted: impl Fn(Node<'_>) -> bool) -> Option<Vec<Node<'_>>> {
        if self.is_shared() {
            return None;
        }
        let is_outermost = |node: &Node<'_>| {
            let mut child = node.id().0;
            while child != 0 {
                let parent = self.arena.entry(child).parent;
                let is_map = self.arena.entry(parent).kind == EntryKind::Map;
                let slot = self.arena.slots(parent).binary_search(&child);
                let is_key = is_map && slot.is_ok_and(|slot| slot % 2 == 0);
                let id = NodeId(parent);
                if is_key || wanted(Node { tree: self, id }) {
                    return false;
                }
                child = parent;
            }
            true
        };
        let nodes = self.nodes().filter(|node| wanted(*node));
        Some(nodes.filter(is_outermost).collect())
    }
}

impl<'t> Node<'t> {
    /// Walks over this node and everything below it; paths start at the tree's root.
    pub fn walk(self, limits: &Limits) -> Walk<'t> {
        Walk {
            base: self.path(),
            root: Some(self),
            stack: Vec::new(),
            open: HashSet::new(),
            seen: 0,
            allowed: limits.expanded_nodes,
            failed: false,
        }
    }
}

impl<'t> Walk<'t> {
    /// The path of the node that was given last.
    pub fn path(&self) -> TreePath {
        let mut path = self.base.clone();
        self.stack
            .iter()
            .filter_map(Level::step)
            .for_each(|step| path.push(step));
        path
    }

    /// The key of the node that was given last; `None` for an item of a list and for the node that was started from.
    pub fn key(&self) -> Option<Cow<'t, str>> {
        let (inner, outer) = match self.stack.as_slice() {
            [.., outer, inner] => (inner, Some(outer)),
            [inner] => (inner, None),
            [] => return None,
        };
        // A node that was entered has a level of its own, of which nothing is taken yet.
        let level = if inner.next == 0 { outer? } else { inner };
        level.key()
    }

    /// Does not enter the node that was given last.
    pub fn skip_children(&mut self) {
        if self.stack.last().is_some_and(|level| level.next == 0) {
            self.leave();
        }
    }

    fn leave(&mut self) {
        if let Some(level) = self.stack.pop() {
            self.open.remove(&level.node.id());
        }
    }

    fn enter(&mut self, node: Node<'t>) {
        let arena = &node.tree.arena;
        let (slots, width) = match node.kind() {
            NodeKind::Scalar => return,
            NodeKind::Seq => (arena.slots(node.id.0), 1),
            NodeKind::Map => (arena.logical_slots(node.id.0), 2),
        };
        if self.open.insert(node.id()) {
            self.stack.push(Level {
                node,
                slots,
                next: 0,
                width,
            });
        }
    }

    fn next_child(&mut self) -> Option<Node<'t>> {
        loop {
            let level = self.stack.last_mut()?;
            let slot = level.next.saturating_add(level.width).saturating_sub(1);
            if let Some(node) = level.node_at(slot) {
                level.next = slot.saturating_add(1);
                return Some(node);
            }
            self.leave();
        }
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = Result<Node<'t>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let node = match self.root.take() {
            Some(root) => root,
            None => self.next_child()?,
        };
        self.seen = self.seen.saturating_add(1);
        if self.seen > self.allowed {
            self.failed = true;
            let fact = LimitExceeded::new(EXPANDED, Limit::ExpandedNodes, self.seen, self.allowed);
            return Some(Err(fact.into()));
        }
        self.enter(node);
        Some(Ok(node))
    }
}
