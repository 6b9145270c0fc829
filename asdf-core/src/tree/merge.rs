//! Merge keys (<https://yaml.org/type/merge.html>) and duplicate keys: the pairs that a reader sees.
//!
//! Merged pairs come before a mapping's own. Of equal keys the first keeps its place and the last
//! gives the value, as in a Python dict.

use super::Tree;
use super::check::collection;
use super::key::Key;
use super::node::{Node, NodeId, NodeKind};
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::limits::Limit;
use std::collections::HashMap;
use std::collections::HashSet;

/// The slots of mappings whose pairs are not simply those written.
pub(super) type Flat = HashMap<u32, Vec<u32>>;

/// Slots gathered before equal keys among them are dropped.
const GATHERED: usize = 1 << 16;

/// Flattens the mappings with merge keys and those with duplicate keys, each once.
pub(super) fn flatten(tree: &Tree, merging: &[u32], doubled: &[u32], allowed: u64) -> Result<Flat> {
    let doubled = doubled
        .iter()
        .map(|&id| (id, last_wins(tree, tree.arena.slots(id))));
    let mut merge = Merge {
        tree,
        allowed,
        merging: merging.iter().copied().collect(),
        flat: doubled.collect(),
        costs: HashMap::new(),
        total: 0,
    };
    for &id in merging {
        merge.from(id)?;
    }
    Ok(merge.flat)
}

/// Of equal keys the first place and the last value.
fn last_wins(tree: &Tree, slots: &[u32]) -> Vec<u32> {
    let mut places: HashMap<Key<'_>, usize> = HashMap::with_capacity(slots.len() / 2);
    let mut out: Vec<u32> = Vec::with_capacity(slots.len());
    for &[key, value] in slots.as_chunks::<2>().0 {
        let node = Node {
            tree,
            id: NodeId(tree.arena.resolve_alias(key)),
        };
        let place = *places.entry(Key::of(node)).or_insert(out.len());
        match out.get_mut(place.saturating_add(1)) {
            Some(slot) => *slot = value,
            None => out.extend([key, value]),
        }
    }
    out
}

struct Merge<'t> {
    tree: &'t Tree,
    allowed: u64,
    /// The mappings with merge keys.
    merging: HashSet<u32>,
    flat: Flat,
    /// Pairs that copying without sharing would make: the budget counts what a naive reader pays.
    costs: HashMap<u32, u64>,
    /// Sum of all costs: a chain of mappings, each merging the one before, is dear only in sum.
    total: u64,
}

impl<'t> Merge<'t> {
    fn node(&self, id: u32) -> Node<'t> {
        Node {
            tree: self.tree,
            id: NodeId(self.tree.arena.resolve_alias(id)),
        }
    }

    /// Flattens one mapping after those that it merges, without recursion.
    fn from(&mut self, id: u32) -> Result<()> {
        let mut stack = vec![(id, false)];
        let mut open = HashSet::new();
        while let Some((id, sources_done)) = stack.pop() {
            if self.costs.contains_key(&id) {
                continue;
            }
            if sources_done {
                self.join(id, &open)?;
                open.remove(&id);
            } else if open.insert(id) {
                stack.push((id, true));
                let sources = self.sources(id)?.into_iter();
                let missing =
                    sources.filter(|id| self.merging.contains(id) && !self.costs.contains_key(id));
                stack.extend(missing.map(|id| (id, false)));
            }
        }
        Ok(())
    }

    /// The mappings merged into this one, those that win last.
    fn sources(&self, id: u32) -> Result<Vec<u32>> {
        let mut out = Vec::new();
        for &[key, value] in self.tree.arena.slots(id).as_chunks::<2>().0 {
            if !self.node(key).is_merge_key() {
                continue;
            }
            let value = self.node(value);
            match value.kind() {
                NodeKind::Map => out.push(value.id.0),
                NodeKind::Seq => {
                    // Of a list the first wins.
                    for &item in self.tree.arena.slots(value.id.0).iter().rev() {
                        let item = self.node(item);
                        if item.kind() != NodeKind::Map {
                            return Err(collection(item, "a mapping to merge"));
                        }
                        out.push(item.id.0);
                    }
                }
                NodeKind::Scalar => {
                    return Err(collection(
                        value,
                        "a mapping or a list of mappings to merge",
                    ));
                }
            }
        }
        Ok(out)
    }

    fn join(&mut self, id: u32, open: &HashSet<u32>) -> Result<()> {
        let sources = self.sources(id)?;
        self.pay(id, &sources)?;
        let mut slots: Vec<u32> = Vec::new();
        for source in sources {
            match self.flat.get(&source) {
                Some(flat) => slots.extend(flat),
                // A mapping inside itself gives its own pairs.
                None if open.contains(&source) => slots.extend(self.own(source)),
                None => slots.extend(self.tree.arena.slots(source)),
            }
            if slots.len() > GATHERED {
                slots = last_wins(self.tree, &slots);
            }
        }
        slots.extend(self.own(id));
        self.flat.insert(id, last_wins(self.tree, &slots));
        Ok(())
    }

    /// The slots of a mapping's own pairs.
    fn own(&self, id: u32) -> impl Iterator<Item = u32> + use<'t> {
        let tree = self.tree;
        let pairs = tree.arena.slots(id).as_chunks::<2>().0.iter();
        let is_merge = move |key: u32| {
            Node {
                tree,
                id: NodeId(tree.arena.resolve_alias(key)),
            }
            .is_merge_key()
        };
        pairs
            .filter(move |pair| !is_merge(pair[0]))
            .flatten()
            .copied()
    }

    fn pay(&mut self, id: u32, sources: &[u32]) -> Result<()> {
        let written = |id: u32| self.tree.arena.slots(id).len() as u64 / 2;
        let cost = sources.iter().fold(written(id), |sum, source| {
            sum.saturating_add(
                self.costs
                    .get(source)
                    .copied()
                    .unwrap_or_else(|| written(*source)),
            )
        });
        self.total = self.total.saturating_add(cost);
        if self.total > self.allowed {
            let (needed, allowed) = (self.total, self.allowed);
            let fact = LimitExceeded::new(
                "pairs made by merge keys",
                Limit::ExpandedNodes,
                needed,
                allowed,
            );
            let node = self.node(id);
            return Err(crate::error::Error::from(fact)
                .at(node.span())
                .at_path(|| node.path()));
        }
        self.costs.insert(id, cost);
        Ok(())
    }
}
