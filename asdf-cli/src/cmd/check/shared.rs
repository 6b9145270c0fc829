//! Hashes of nodes with all that is below them: each node once, however many paths lead to it.

use super::twins::{add, part};
use asdf_core::tree::{NodeId, NodeKind};
use asdf_core::{Node, Result};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Equal for nodes that are the same.
pub(super) type Hash = [u8; 32];

/// Texts that are so short are hashed again at each place, which costs less than to keep their hashes.
const SHORT: usize = 1 << 10;

/// The hash of a node: of what it is by itself, which `own` adds and tells whether what is below counts, and of what is below it,
/// the order of keys aside. `None` where a node contains itself.
///
/// # Errors
/// Those of `own`.
pub(super) fn hash<'t>(
    root: Node<'t>,
    mut own: impl FnMut(Node<'t>, &mut Sha256) -> Result<bool>,
) -> Result<Option<Hash>> {
    let mut known: HashMap<NodeId, Hash> = HashMap::new();
    // The nodes from the root down, each with what it is by itself once that is known, and all that are still to be hashed.
    let mut open: HashMap<NodeId, Sha256> = HashMap::new();
    let mut stack = vec![root];
    while let Some(node) = stack.last().copied() {
        let id = node.id();
        if let Some(mut hasher) = open.remove(&id) {
            stack.pop();
            below(node, &known, &mut hasher, &mut own)?;
            known.insert(id, hasher.finalize().into());
            continue;
        }
        if known.contains_key(&id) {
            stack.pop();
            continue;
        }
        let mut hasher = Sha256::new();
        let goes_on = own(node, &mut hasher)? && node.kind() != NodeKind::Scalar;
        if !goes_on {
            stack.pop();
            known.insert(id, hasher.finalize().into());
            continue;
        }
        open.insert(id, hasher);
        for child in children(node).filter(|child| !is_short(*child)) {
            if open.contains_key(&child.id()) {
                return Ok(None);
            }
            stack.push(child);
        }
    }
    Ok(known.get(&root.id()).copied())
}

/// Adds what is below a node, of which all but short texts is known.
fn below<'t>(
    node: Node<'t>,
    known: &HashMap<NodeId, Hash>,
    hasher: &mut Sha256,
    own: &mut impl FnMut(Node<'t>, &mut Sha256) -> Result<bool>,
) -> Result<()> {
    let mut of_child = |child: Node<'t>| -> Result<Hash> {
        if let Some(known) = known.get(&child.id()) {
            return Ok(*known);
        }
        let mut hasher = Sha256::new();
        own(child, &mut hasher)?;
        Ok(hasher.finalize().into())
    };
    if let Some(map) = node.as_map() {
        let mut sum = [0; 32];
        for (key, child) in map {
            let mut pair = Sha256::new();
            part(&mut pair, key.key_text().as_bytes());
            pair.update(of_child(child)?);
            add(&mut sum, &pair.finalize());
        }
        hasher.update(sum);
    } else if let Some(seq) = node.as_seq() {
        for child in seq {
            hasher.update(of_child(child)?);
        }
    }
    Ok(())
}

/// A text that is hashed where it stands.
fn is_short(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar && node.text().is_none_or(|text| text.len() <= SHORT)
}

/// Items, or values.
fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let items = node.as_seq().into_iter().flatten();
    let values = node.as_map().into_iter().flatten().map(|pair| pair.1);
    items.chain(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use asdf_core::Limits;
    use asdf_core::tree::Tree;

    fn of(text: &str, visits: &mut usize) -> Option<Hash> {
        let text = format!("---\n{text}\n");
        let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap();
        let own = |node: Node<'_>, hasher: &mut Sha256| {
            *visits += 1;
            part(hasher, node.text().unwrap_or_default().as_bytes());
            Ok(true)
        };
        hash(tree.root(), own).unwrap()
    }

    #[test]
    fn what_is_shared_is_as_what_is_written_twice_and_looked_at_once() {
        let mut visits = 0;
        let equal = of("{a: {b: [1, 2], c: 3}, d: {c: 3, b: [1, 2]}}", &mut visits);
        assert!(equal.is_some());
        assert_eq!(of("{d: &x {b: [1, 2], c: 3}, a: *x}", &mut visits), equal);
        for other in [
            "{a: {b: [1, 2], c: 3}, d: {c: 3, b: [2, 1]}}",
            "{a: {b: [1, 2, 3], c: 3}, d: {c: 3, b: [1, 2]}}",
            "{a: {b: [1, 2], c: 3}, e: {c: 3, b: [1, 2]}}",
            "{a: {b: [12], c: 3}, d: {c: 3, b: [1, 2]}}",
        ] {
            assert_ne!(of(other, &mut visits), equal, "{other}");
        }
        let deep: String = (1..40)
            .map(|level| format!("a{level}: &a{level} {{x: *a{0}, y: *a{0}}}\n", level - 1))
            .collect();
        visits = 0;
        assert!(of(&format!("a0: &a0 {{k: v}}\n{deep}"), &mut visits).is_some());
        assert!(visits < 100, "{visits}");
        for cycle in ["&a [1, *a]", "{x: &x {y: &y {x: *x}}, z: *y}"] {
            assert_eq!(of(cycle, &mut visits), None, "{cycle}");
        }
    }
}
