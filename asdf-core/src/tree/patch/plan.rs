//! Which slots of the original containers are written anew.

use crate::tree::Tree;
use crate::tree::arena::EntryKind;
use crate::tree::edit::TreeEdit;
use crate::tree::nodes::{Content, NewNode};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

/// One change of a container of the original tree. Items of a list and pairs of a mapping are
/// counted from 0 as they are written.
#[derive(Debug)]
pub(super) enum Operation {
    /// The value of a pair, or an item, is another.
    Replace {
        container: u32,
        index: usize,
        node: NewNode,
    },
    /// An alias whose anchor is no longer there becomes the node itself.
    Revive {
        container: u32,
        index: usize,
        node: NewNode,
    },
    /// Pairs or items are no longer there; others of the container are.
    Remove { container: u32, run: Range<usize> },
    /// Further pairs or items after the last one.
    Append {
        container: u32,
        added: Vec<(Option<NewNode>, NewNode)>,
    },
}

impl Operation {
    pub(super) fn container(&self) -> u32 {
        match self {
            Self::Replace { container, .. }
            | Self::Revive { container, .. }
            | Self::Remove { container, .. }
            | Self::Append { container, .. } => *container,
        }
    }
}

/// All changes, in the order in which they stand in the text.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) operations: Vec<Operation>,
    cut: HashSet<u32>,
}

impl Plan {
    /// `anew` are containers that cannot be patched. `None` when the root is one of them.
    pub(super) fn make(edit: &TreeEdit<'_>, tree: &Tree, anew: &BTreeSet<u32>) -> Option<Self> {
        if edit.root != NewNode(tree.arena.resolve_alias(0))
            || edit.changed.contains(&0) && anew.contains(&0)
        {
            return None;
        }
        let mut changes: BTreeMap<u32, Vec<Operation>> = BTreeMap::new();
        let mut whole: BTreeSet<u32> = anew.clone();
        for &container in &edit.changed {
            match compare(edit, tree, container) {
                Some(operations) => drop(changes.insert(container, operations)),
                None => drop(whole.insert(container)),
            }
        }
        let mut operations = Vec::new();
        for container in whole {
            if container == 0 {
                return None;
            }
            changes.remove(&container);
            let (parent, index) = place(tree, container)?;
            let node = NewNode(container);
            operations.push(Operation::Replace {
                container: parent,
                index,
                node,
            });
        }
        operations.extend(changes.into_values().flatten());
        let cut = operations
            .iter()
            .flat_map(|operation| cut_by(tree, operation))
            .collect();
        let mut plan = Self { operations, cut };
        plan.operations
            .retain(|operation| !is_gone(tree, &plan.cut, operation.container()));
        // A container written anew may hold the place of a change in its parent's list.
        plan.drop_doubles(tree);
        plan.revive(tree);
        plan.operations
            .sort_by_key(|operation| position(tree, operation));
        Some(plan)
    }

    /// The nodes with anchors whose definition stays in the text.
    pub(super) fn surviving(&self, tree: &Tree) -> HashSet<NewNode> {
        let anchors = tree.arena.anchors.keys();
        anchors
            .filter(|id| !is_gone(tree, &self.cut, **id))
            .map(|id| NewNode(*id))
            .collect()
    }

    /// True when the entry stands in a part of the text that is written anew.
    pub(super) fn is_gone(&self, tree: &Tree, entry: u32) -> bool {
        is_gone(tree, &self.cut, entry)
    }

    fn drop_doubles(&mut self, tree: &Tree) {
        let mut seen = HashSet::new();
        self.operations.retain(|operation| match operation {
            Operation::Replace {
                container, index, ..
            } => slot(tree, *container, *index).is_none_or(|entry| seen.insert(entry)),
            _ => true,
        });
    }

    fn revive(&mut self, tree: &Tree) {
        let entries = tree.arena.entries.iter().enumerate();
        for (id, entry) in entries.filter(|(_, entry)| entry.kind == EntryKind::Alias) {
            let Ok(id) = u32::try_from(id) else { return };
            if !is_gone(tree, &self.cut, entry.first) || is_gone(tree, &self.cut, id) {
                continue;
            }
            if let Some((container, index)) = place(tree, id) {
                let node = NewNode(entry.first);
                self.operations.push(Operation::Revive {
                    container,
                    index,
                    node,
                });
            }
        }
    }
}

/// True when the entry stands in a part of the text that is written anew.
fn is_gone(tree: &Tree, cut: &HashSet<u32>, entry: u32) -> bool {
    let mut at = entry;
    loop {
        if cut.contains(&at) {
            return true;
        }
        if at == 0 {
            return false;
        }
        at = tree.arena.entry(at).parent;
    }
}

fn width(tree: &Tree, container: u32) -> usize {
    if tree.arena.entry(container).kind == EntryKind::Map {
        2
    } else {
        1
    }
}

/// The entry of an item, or of the value of a pair.
pub(super) fn slot(tree: &Tree, container: u32, index: usize) -> Option<u32> {
    let width = width(tree, container);
    let at = index
        .checked_mul(width)?
        .checked_add(width.checked_sub(1)?)?;
    tree.arena.slots(container).get(at).copied()
}

/// The container that an entry is written in, and its number there; `None` for keys.
fn place(tree: &Tree, entry: u32) -> Option<(u32, usize)> {
    let parent = tree.arena.entry(entry).parent;
    // Entries are numbered in document order, so that slots are sorted.
    let at = tree.arena.slots(parent).binary_search(&entry).ok()?;
    let width = width(tree, parent);
    (width == 1 || !at.is_multiple_of(2)).then_some((parent, at.checked_div(width)?))
}

fn cut_by(tree: &Tree, operation: &Operation) -> Vec<u32> {
    match operation {
        Operation::Replace {
            container, index, ..
        } => slot(tree, *container, *index).into_iter().collect(),
        Operation::Remove { container, run } => {
            let width = width(tree, *container);
            let slots = tree.arena.slots(*container);
            let run = run.start.saturating_mul(width)..run.end.saturating_mul(width);
            slots.get(run).unwrap_or_default().to_vec()
        }
        _ => Vec::new(),
    }
}

/// Where in the text an operation takes place.
fn position(tree: &Tree, operation: &Operation) -> (u32, u32) {
    let container = operation.container();
    let (index, rank) = match operation {
        Operation::Replace { index, .. } | Operation::Revive { index, .. } => (*index, 0),
        Operation::Remove { run, .. } => (run.start, 0),
        Operation::Append { .. } => return (tree.arena.entry(container).end, 1),
    };
    let entry = slot(tree, container, index).map(|entry| tree.arena.entry(entry).start);
    (entry.unwrap_or(u32::MAX), rank)
}

/// What became of a container; `None` when it must be written anew.
fn compare(edit: &TreeEdit<'_>, tree: &Tree, container: u32) -> Option<Vec<Operation>> {
    let arena = &tree.arena;
    let width = width(tree, container);
    let old: Vec<(Option<u32>, u32)> = match width {
        2 => arena
            .slots(container)
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[key, value]| (Some(*key), *value))
            .collect(),
        _ => arena
            .slots(container)
            .iter()
            .map(|item| (None, *item))
            .collect(),
    };
    let new: Vec<(Option<NewNode>, NewNode)> = match edit.nodes.content(NewNode(container))? {
        Content::Map { pairs, .. } => pairs.iter().map(|pair| (Some(pair.0), pair.1)).collect(),
        Content::Seq { items, .. } => items.iter().map(|item| (None, *item)).collect(),
        Content::Scalar { .. } => return None,
    };
    let mut operations = Vec::new();
    let mut run: Option<Range<usize>> = None;
    let (mut at, mut kept) = (0, 0_usize);
    for (index, (key, value)) in old.iter().enumerate() {
        let next = new.get(at).copied();
        let same_key = match (key, next) {
            (Some(key), Some((Some(new), _))) => new == NewNode(arena.resolve_alias(*key)),
            // An item that is new takes the place of the one that was there.
            (None, Some((_, new))) => {
                new.0 >= edit.count || new == NewNode(arena.resolve_alias(*value))
            }
            _ => false,
        };
        let Some((_, node)) = next.filter(|_| same_key) else {
            run = Some(run.map_or(index, |run: Range<usize>| run.start)..index.saturating_add(1));
            continue;
        };
        if let Some(run) = run.take() {
            operations.push(Operation::Remove { container, run });
        }
        if node != NewNode(arena.resolve_alias(*value)) {
            operations.push(Operation::Replace {
                container,
                index,
                node,
            });
        }
        at = at.saturating_add(1);
        kept = kept.saturating_add(1);
    }
    operations.extend(run.map(|run| Operation::Remove { container, run }));
    let added: Vec<_> = new.get(at..).unwrap_or_default().to_vec();
    if !added.is_empty() {
        operations.push(Operation::Append { container, added });
    }
    let is_flow = arena.entry(container).form == crate::tree::arena::Form::Flow;
    let only_values = operations
        .iter()
        .all(|operation| matches!(operation, Operation::Replace { .. }));
    (kept > 0 && (!is_flow || only_values)).then_some(operations)
}
