//! Which blocks of the open file stay though no array names them now: those whose arrays are still
//! there under whatever description, and those that unknown software may name.

use crate::array::{DataSource, Datatype, Scalar, is_ndarray};
use crate::file::AsdfFile;
use crate::file::carry::is_harmless_tag;
use crate::file::draft::Draft;
use crate::tree::{NewNode, Node, NodeId, Value};
use std::collections::{BTreeSet, HashSet};

/// Elements of an array of block numbers that are looked at.
const NUMBERS: u64 = 1 << 20;

/// The numbers of the blocks that stay.
pub(super) fn kept(draft: &Draft<'_>, count: usize) -> BTreeSet<usize> {
    let Some(file) = draft.source else {
        return BTreeSet::new();
    };
    let reachable = draft.tree.reachable();
    let there: HashSet<NodeId> = reachable
        .iter()
        .filter_map(|node| draft.tree.original(*node))
        .collect();
    let arrays = file.tree().nodes().filter(|node| is_ndarray(*node));
    let is_there = |node: &Node<'_>| {
        if there.contains(&node.id()) {
            // Whoever moves the data says nothing about the node.
            return draft.tree.is_described(NewNode::of_tree(node.id()));
        }
        // A copy of the node (with another tag, say) shares the node of its source.
        let source = node.get("source").map(Node::id);
        source.is_some_and(|source| there.contains(&source))
    };
    let mut out: BTreeSet<usize> = arrays
        .filter(is_there)
        .filter_map(|node| number(file, node))
        .collect();
    out.extend(named_by_strangers(file, draft, &reachable, count));
    out
}

/// True when an original node still has the source that it had.
pub(super) fn has_own_source(draft: &Draft<'_>, node: NewNode) -> bool {
    let Some((file, id)) = draft.source.zip(draft.tree.original(node)) else {
        return false;
    };
    let source = file.tree().by_id(id).and_then(|node| node.get("source"));
    source.is_some_and(|source| {
        let now = draft.tree.under(node, "source");
        now == Some(NewNode::of_tree(source.id()))
    })
}

/// The block that an array of the open file names.
fn number(file: &AsdfFile, node: Node<'_>) -> Option<usize> {
    let Value::Int(source) = node.get("source")?.value() else {
        return None;
    };
    let block = file.block_by_source(source).ok()?;
    Some(block.header().index)
}

/// What nodes of unknown tags may name: every integer in or below them, those in arrays as well.
fn named_by_strangers(
    file: &AsdfFile,
    draft: &Draft<'_>,
    reachable: &[NewNode],
    count: usize,
) -> BTreeSet<usize> {
    let all = || (0..count).collect();
    let mut seen = HashSet::new();
    let mut waiting: Vec<NewNode> = reachable
        .iter()
        .copied()
        .filter(|node| {
            draft
                .tree
                .tag(*node)
                .is_some_and(|tag| !is_harmless_tag(tag))
        })
        .collect();
    let mut out = BTreeSet::new();
    let mut add = |number: i64| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let number = if number < 0 {
            number.saturating_add(count)
        } else {
            number
        };
        out.extend(usize::try_from(number).ok().filter(|_| number < count));
    };
    while let Some(node) = waiting.pop() {
        if !seen.insert(node) {
            continue;
        }
        draft.tree.small_int(node).into_iter().for_each(&mut add);
        waiting.extend(draft.tree.children(node));
        let original = draft.tree.original(node);
        let Some(old) = original.and_then(|id| file.tree().by_id(id)) else {
            continue;
        };
        if !is_ndarray(old) {
            continue;
        }
        let Ok(array) = file.array_at(old) else {
            continue;
        };
        if matches!(array.source(), DataSource::Inline(_)) || !may_count(array.datatype()) {
            continue;
        }
        if array.len() > NUMBERS {
            return all();
        }
        let Ok(numbers) = array.load().and_then(|data| data.to_f64()) else {
            return all();
        };
        numbers.into_iter().filter_map(whole).for_each(&mut add);
    }
    out
}

/// True for elements that may be block numbers.
fn may_count(datatype: &Datatype) -> bool {
    let other = [
        Scalar::Float16,
        Scalar::Float32,
        Scalar::Float64,
        Scalar::Complex64,
        Scalar::Complex128,
        Scalar::Bool8,
    ];
    datatype
        .scalar()
        .is_some_and(|scalar| !other.contains(&scalar))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond is not a block number"
)]
fn whole(value: f64) -> Option<i64> {
    (value.abs() < 1e15).then_some(value as i64)
}
