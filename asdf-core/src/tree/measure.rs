//! How often nodes occur when shared nodes are expanded, without expanding them.

use super::arena::EntryKind;
use super::node::{Node, NodeId};
use std::collections::HashMap;

/// For each entry a sum over everything below it, shared nodes counted at each occurrence.
/// Saturates; each node is looked at once.
#[derive(Debug)]
pub(crate) struct Measure(Weights);

/// The weights met so far.
#[derive(Debug)]
enum Weights {
    /// Of a whole tree: eight bytes an entry.
    All(Vec<u64>),
    /// Of a part, so that many small parts of a large tree cost no more than they are.
    Some(HashMap<u32, u64>),
}

impl Weights {
    fn of(&self, id: u32) -> u64 {
        let weight = match self {
            Self::All(weights) => weights.get(id as usize),
            Self::Some(weights) => weights.get(&id),
        };
        weight.copied().unwrap_or(UNKNOWN)
    }

    fn set(&mut self, id: u32, weight: u64) {
        match self {
            Self::All(weights) => {
                if let Some(slot) = weights.get_mut(id as usize) {
                    *slot = weight;
                }
            }
            Self::Some(weights) => {
                weights.insert(id, weight);
            }
        }
    }
}

/// Not yet measured.
const UNKNOWN: u64 = u64::MAX;
/// Being measured.
const OPEN: u64 = u64::MAX - 1;
const LARGEST: u64 = u64::MAX - 2;

impl Measure {
    /// Measures all below `root`; `weigh` gives a node's own weight and whether to go below it.
    /// A node inside itself counts once.
    pub(crate) fn new(root: Node<'_>, weigh: impl Fn(Node<'_>) -> (u64, bool)) -> Self {
        let tree = root.tree();
        Self::fold(
            root,
            |node| weigh(node).1,
            |node, known| {
                let (own, enters) = weigh(node);
                let children = if enters { slots(node) } else { &[] };
                let below = children.iter().map(|child| {
                    let id = NodeId(tree.arena.resolve_alias(*child));
                    known(Node { tree, id }).unwrap_or(0)
                });
                below.fold(own, u64::saturating_add)
            },
        )
    }

    /// How many nodes there are when all shared nodes below `root` are expanded, keys too; a smaller number when these are
    /// surely no more than `allowed`.
    pub(crate) fn expanded(root: Node<'_>, allowed: u64) -> u64 {
        let arena = &root.tree().arena;
        let is_plain = !arena.is_shared() && arena.entries.len() as u64 <= allowed;
        if is_plain || arena.entry(root.id().0).kind == EntryKind::Scalar {
            return 1;
        }
        Self::new(root, |_| (1, true)).of(root)
    }

    /// Measures all below `root`, children before parents. `enters` tells whether to go below a node, `total` a node's
    /// weight from those of its children: `None` for a child that is being measured itself, since it contains the node.
    pub(crate) fn fold<'t>(
        root: Node<'t>,
        enters: impl Fn(Node<'t>) -> bool,
        total: impl Fn(Node<'t>, &dyn Fn(Node<'t>) -> Option<u64>) -> u64,
    ) -> Self {
        let tree = root.tree();
        let mut weights = if root.id() == tree.root().id() {
            Weights::All(vec![UNKNOWN; tree.arena.entries.len().max(1)])
        } else {
            Weights::Some(HashMap::new())
        };
        let mut stack = vec![root.id().0];
        while let Some(&id) = stack.last() {
            let node = Node {
                tree,
                id: NodeId(id),
            };
            let slot = weights.of(id);
            if slot == UNKNOWN {
                weights.set(id, OPEN);
                let children = if enters(node) { slots(node) } else { &[] };
                let unknown = children
                    .iter()
                    .map(|child| tree.arena.resolve_alias(*child));
                stack.extend(unknown.filter(|child| weights.of(*child) == UNKNOWN));
                continue;
            }
            stack.pop();
            if slot == OPEN {
                let known = |child: Node<'t>| {
                    let weight = weights.of(child.id().0);
                    (weight <= LARGEST).then_some(weight)
                };
                let weight = total(node, &known).min(LARGEST);
                weights.set(id, weight);
            }
        }
        Self(weights)
    }

    /// The weight of a node and everything below it; 0 when it was not met.
    pub(crate) fn of(&self, node: Node<'_>) -> u64 {
        let weight = self.0.of(node.id().0);
        if weight == UNKNOWN { 0 } else { weight }
    }
}

/// The entries of the children of a node, keys too.
fn slots(node: Node<'_>) -> &[u32] {
    let (arena, id) = (&node.tree().arena, node.id().0);
    match arena.entry(id).kind {
        EntryKind::Map => arena.logical_slots(id),
        _ => arena.slots(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::tree::Tree;

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
