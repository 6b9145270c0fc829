//! Room for recursion: the `jsonschema` crate follows a tree by calling itself.

use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::NodeTable;
use crate::tree::Tree;
use crate::tree::Value;
use std::io;
use std::panic::resume_unwind;
use std::thread;

/// Levels that are followed.
const DEEPEST: usize = 4000;
/// Levels that the stack of any thread has room for.
const SHALLOW: usize = 40;
/// Bytes of stack for a level; a debug build needs about a tenth of it for a list in a list.
const LEVEL: usize = 96 << 10;

/// Levels from the root to the deepest node, aliases followed; a node within itself counts once.
pub(super) fn depth(tree: &Tree) -> usize {
    const NOT_SEEN: u32 = u32::MAX;
    let mut known = NodeTable::new(tree, NOT_SEEN);
    let mut open = vec![(tree.root(), false)];
    while let Some((node, seen)) = open.pop() {
        let mut deepest = 0;
        if seen {
            containers(node, |child| {
                deepest = known.get(child.id()).unwrap_or(0).max(deepest);
            });
            known.replace(node.id(), deepest.saturating_add(1));
        } else if known.get(node.id()) == Some(NOT_SEEN) {
            // Until its children are known: what comes back to it is within itself.
            known.replace(node.id(), 0);
            open.push((node, true));
            containers(node, |child| open.push((child, false)));
        }
    }
    known.get(tree.root().id()).unwrap_or(0) as usize
}

/// Gives away the lists and mappings in a list or mapping.
fn containers<'t>(node: Node<'t>, mut give: impl FnMut(Node<'t>)) {
    if node.kind() == NodeKind::Scalar {
        return;
    }
    let mut one = |child: Node<'t>| {
        if child.kind() != NodeKind::Scalar {
            give(child);
        }
    };
    match node.value() {
        Value::Map(map) => map.iter().for_each(|pair| one(pair.1)),
        Value::Seq(items) | Value::Pairs(items) | Value::Omap(items) => {
            items.iter().for_each(one);
        }
        _ => {}
    }
}

/// Does work that goes that many levels deep, where need be on a thread of its own; an error when
/// there is no room.
pub(super) fn with_room<T: Send>(depth: usize, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    if depth <= SHALLOW {
        return Ok(work());
    }
    if depth > DEEPEST {
        return Err(io::Error::other(format!("more than {DEEPEST} levels")));
    }
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(LEVEL.saturating_mul(depth));
        let thread = builder.spawn_scoped(scope, work)?;
        Ok(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
