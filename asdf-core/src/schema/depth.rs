//! Room for recursion: the `jsonschema` crate follows a tree by calling itself.

use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::NodeKind;
use crate::tree::Tree;
use crate::tree::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
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
    let mut known: HashMap<NodeId, usize> = HashMap::new();
    let mut open = vec![(tree.root(), false)];
    while let Some((node, seen)) = open.pop() {
        if seen {
            let below = children(node).filter_map(|child| known.get(&child.id()).copied());
            let deepest = below.max().unwrap_or(0);
            known.insert(node.id(), deepest + 1);
        } else if let Entry::Vacant(entry) = known.entry(node.id()) {
            // Until its children are known: what comes back to it is within itself.
            entry.insert(0);
            open.push((node, true));
            open.extend(children(node).map(|child| (child, false)));
        }
    }
    known.get(&tree.root().id()).map_or(0, |deepest| *deepest)
}

/// The containers in a container.
fn children<'t>(node: Node<'t>) -> Box<dyn Iterator<Item = Node<'t>> + 't> {
    let container = |node: &Node<'t>| node.kind() != NodeKind::Scalar;
    match node.value() {
        Value::Map(map) => Box::new(map.iter().map(|pair| pair.1).filter(container)),
        Value::Seq(items) | Value::Pairs(items) | Value::Omap(items) => {
            Box::new(items.iter().filter(container))
        }
        _ => Box::new(std::iter::empty()),
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
