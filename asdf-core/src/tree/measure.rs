//! How often nodes occur when shared nodes are expanded, without expanding them.

use super::Tree;
use super::arena::EntryKind;
use super::node::{Node, NodeId};

/// For each entry the weight of everything below it, shared nodes counted at each occurrence.
/// Saturates; a node inside itself counts once.
#[derive(Debug)]
pub(crate) struct Measure(Vec<u64>);

/// Not yet measured.
const UNKNOWN: u64 = u64::MAX;
/// Being measured: its own descendant counts nothing.
const OPEN: u64 = u64::MAX - 1;
const LARGEST: u64 = u64::MAX - 2;

impl Measure {
    /// Measures all below `root`; `weigh` gives a node's own weight and whether to go below it.
    pub(crate) fn new(root: Node<'_>, weigh: impl Fn(Node<'_>) -> (u64, bool)) -> Self {
        let tree = root.tree();
        let mut weights = vec![UNKNOWN; tree.arena.entries.len().max(1)];
        let mut stack = vec![root.id().0];
        while let Some(&id) = stack.last() {
            let own = weigh(Node {
                tree,
                id: NodeId(id),
            });
            let children = if own.1 { children(tree, id) } else { &[] };
            let slot = weights.get(id as usize).copied().unwrap_or(0);
            if slot == UNKNOWN {
                set(&mut weights, id, OPEN);
                let unknown = children.iter().map(|child| tree.arena.settle(*child));
                stack
                    .extend(unknown.filter(|child| weights.get(*child as usize) == Some(&UNKNOWN)));
                continue;
            }
            stack.pop();
            if slot == OPEN {
                let below = children
                    .iter()
                    .map(|child| tree.arena.settle(*child))
                    .map(|child| {
                        let weight = weights.get(child as usize).copied().unwrap_or(0);
                        if weight > LARGEST { 0 } else { weight }
                    });
                let total = below.fold(own.0, u64::saturating_add).min(LARGEST);
                set(&mut weights, id, total);
            }
        }
        Self(weights)
    }

    /// The weight of a node and everything below it.
    pub(crate) fn of(&self, node: Node<'_>) -> u64 {
        self.0.get(node.id().0 as usize).copied().unwrap_or(0)
    }
}

fn set(weights: &mut [u64], id: u32, weight: u64) {
    if let Some(slot) = weights.get_mut(id as usize) {
        *slot = weight;
    }
}

fn children(tree: &Tree, id: u32) -> &[u32] {
    match tree.arena.entry(id).kind {
        EntryKind::Map => tree.arena.logical_slots(id),
        _ => tree.arena.slots(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn shared_nodes_count_at_each_occurrence() {
        let text = b"---\na: &a [1, 2]\nb: &b [*a, *a]\nc: [*b, *b, *b]\n";
        let tree = Tree::parse(text, 0, &Limits::default(), &mut Vec::new()).unwrap();
        let measure = Measure::new(tree.root(), |_| (1, true));
        // root + 3 keys + a(3) + b(1 + 2*3) + c(1 + 3*7)
        assert_eq!(measure.of(tree.root()), 1 + 3 + 3 + 7 + 22);
    }

    #[test]
    fn a_node_inside_itself_is_measured_in_finite_time() {
        let tree = Tree::parse(
            b"--- &r [*r, 1, [*r]]\n",
            0,
            &Limits::default(),
            &mut Vec::new(),
        )
        .unwrap();
        assert_eq!(Measure::new(tree.root(), |_| (1, true)).of(tree.root()), 3);
    }
}
