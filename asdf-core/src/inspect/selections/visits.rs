//! How many nodes a search visits, found without visiting them.

use super::{Selections, spread};
use crate::error::{LimitExceeded, Result};
use crate::file::FileNode;
use crate::limits::Limit;
use crate::tree::{EXPANDED, Node, NodeId};
use std::collections::HashMap;

impl<'f> Selections<'f, '_> {
    /// Refuses a search that shared nodes would make too long before it begins: each node is looked at once for each set of steps
    /// that may come after it, and not once for each path to it.
    pub(super) fn check_visits(&self, start: FileNode<'f>) -> Result<()> {
        // References lead anywhere; what is visited on the way to them is counted.
        if self.resolve || !start.node.tree().is_shared() {
            return Ok(());
        }
        let allowed = self.file.limits().expanded_nodes;
        let mut known: HashMap<(NodeId, u64), Option<u64>> = HashMap::new();
        let mut stack = vec![(start.node, spread(self.steps, 1))];
        while let Some(&(node, states)) = stack.last() {
            let key = (node.id(), states);
            let waiting = self.waiting(node, states);
            let file = start.file;
            let children = || {
                let at = FileNode { file, node };
                let children = self.children(at, waiting).into_iter();
                children.map(|child| (child.at.node, spread(self.steps, child.states)))
            };
            match known.get(&key) {
                None if waiting == 0 => {
                    stack.pop();
                    known.insert(key, Some(1));
                }
                None => {
                    known.insert(key, None);
                    // Most nodes have no children: they are counted where they stand.
                    let new = children().filter(|(node, states)| {
                        self.waiting(*node, *states) != 0
                            && !known.contains_key(&(node.id(), *states))
                    });
                    stack.extend(new);
                }
                Some(Some(_)) => {
                    stack.pop();
                }
                Some(None) => {
                    stack.pop();
                    let of = |(node, states): (Node<'f>, u64)| {
                        // What is not known has no children, or contains this node and is not entered again.
                        known
                            .get(&(node.id(), states))
                            .copied()
                            .flatten()
                            .unwrap_or(1)
                    };
                    let visits = children().map(of).fold(1, u64::saturating_add);
                    LimitExceeded::check(EXPANDED, Limit::ExpandedNodes, visits, allowed)?;
                    known.insert(key, Some(visits));
                }
            }
        }
        Ok(())
    }
}
