//! Whether a text says what an edited tree is: no patch is believed before it has been read back.

use super::edit::TreeEdit;
use super::nodes::{Content, NewNode};
use super::{Node, NodeId, NodeKind, Tree};
use crate::error::Result;
use crate::error::Warning;
use crate::limits::Limits;
use std::collections::HashMap;

/// The tree of a text that begins at a place of a file, if it has exactly these nodes, with the same tags and the same
/// sharing, and what reading it warns of; an error when it does not parse.
pub(super) fn read_back(
    edit: &TreeEdit<'_>,
    text: &str,
    base: u64,
    limits: &Limits,
) -> Result<Option<(Tree, Vec<Warning>)>> {
    let mut warnings = Vec::new();
    let tree = Tree::parse(text.as_bytes(), base, limits, &mut warnings)?;
    Ok(is_tree(edit, &tree).then_some((tree, warnings)))
}

/// The node of the edit that each node of the tree of its text is.
pub(super) fn origins(edit: &TreeEdit<'_>, tree: &Tree) -> HashMap<NodeId, NewNode> {
    let mut out = HashMap::new();
    let mut waiting = vec![(edit.root, tree.root())];
    while let Some((new, node)) = waiting.pop() {
        if out.insert(node.id(), new).is_some() {
            continue;
        }
        let children = node.raw_children();
        match edit.nodes.content(new) {
            Some(Content::Seq { items, .. }) => {
                waiting.extend(items.iter().copied().zip(children));
            }
            Some(Content::Map { pairs, .. }) => {
                let pairs = pairs.iter().flat_map(|pair| [pair.0, pair.1]);
                waiting.extend(pairs.zip(children));
            }
            _ => {}
        }
    }
    out
}

fn is_tree(edit: &TreeEdit<'_>, tree: &Tree) -> bool {
    // By number, for each list and mapping: what it is on the other side.
    let mut known: Vec<Option<NodeId>> = vec![None; edit.nodes.entries.len()];
    let mut back: Vec<Option<NewNode>> = vec![None; tree.arena.entries.len()];
    let mut waiting = vec![(edit.root, tree.root())];
    while let Some((new, node)) = waiting.pop() {
        let Some(entry) = edit.nodes.entry(new) else {
            return false;
        };
        if entry.tag.as_deref() != node.full_tag() {
            return false;
        }
        if let Content::Scalar { text, .. } = &entry.content {
            let same = node.kind() == NodeKind::Scalar
                && edit.nodes.scalar_type(new) == Some(node.scalar_type())
                && (node.text() == Some(text) || node.scalar_type() == super::CoreTag::Null);
            if !same {
                return false;
            }
            continue;
        }
        let (Some(partner), Some(origin)) = (
            known.get_mut(new.0 as usize),
            back.get_mut(node.id.0 as usize),
        ) else {
            return false;
        };
        match (partner.replace(node.id()), origin.replace(new)) {
            (None, None) => {}
            (Some(id), Some(old)) if id == node.id() && old == new => continue,
            _ => return false,
        }
        let slots = tree.arena.slots(node.id.0);
        let children = slots.iter().map(|slot| Node {
            tree,
            id: NodeId(tree.arena.resolve_alias(*slot)),
        });
        match (&entry.content, node.kind()) {
            (Content::Seq { items, .. }, NodeKind::Seq) if items.len() == slots.len() => {
                waiting.extend(items.iter().copied().zip(children));
            }
            (Content::Map { pairs, .. }, NodeKind::Map)
                if pairs.len().saturating_mul(2) == slots.len() =>
            {
                let both = pairs.iter().flat_map(|pair| [pair.0, pair.1]);
                waiting.extend(both.zip(children));
            }
            _ => return false,
        }
    }
    true
}
