//! What the tree says about blocks: which numbers it names, and how many bytes each must have.

use crate::array::ArraySpec;
use crate::array::is_ndarray;
use crate::tree::NodeId;
use crate::tree::Tree;
use crate::tree::Value;
use std::collections::BTreeMap;

/// The key by which chunked arrays of other packages name blocks.
const OTHER_NAMES: &str = "chunk_block_map";

/// The blocks that the arrays of a tree name.
pub(super) struct Naming<'t> {
    tree: &'t Tree,
    sources: Vec<(i64, NodeId)>,
    needs: BTreeMap<usize, Need>,
    /// The first node that names each block.
    first: BTreeMap<usize, NodeId>,
    /// Numbers that count from the last block.
    negative: bool,
    /// True when nothing speaks for blocks that are named in other ways.
    sole: bool,
}

/// What the arrays of one block need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Decoded bytes that the block has at least.
    pub(super) least: u64,
    /// True when an array fills these bytes from the first on, as one that is not a view does.
    pub(super) plain: bool,
    /// True when the array is one of bytes: these may be a whole file.
    pub(super) bytes: bool,
}

impl<'t> Naming<'t> {
    /// Of the whole tree; `complete` is false when part of its text is lost.
    pub(super) fn new(tree: &'t Tree, complete: bool) -> Self {
        let mut out = Self {
            tree,
            sources: Vec::new(),
            needs: BTreeMap::new(),
            first: BTreeMap::new(),
            negative: false,
            sole: complete,
        };
        for node in tree.nodes() {
            out.sole &= node.get(OTHER_NAMES).is_none();
            let named = is_ndarray(node).then(|| node.get("source")).flatten();
            let Some(Value::Int(number)) = named.map(crate::tree::Node::value) else {
                continue;
            };
            out.sources.push((number, node.id()));
            out.negative |= number < 0;
            if let Ok(number) = usize::try_from(number) {
                let need = ArraySpec::parse(node).map_or(NOTHING, |spec| Need {
                    least: spec.needed().unwrap_or(0),
                    plain: spec.strides.is_none() && spec.offset == 0 && !spec.star,
                    bytes: spec.datatype.size() == 1,
                });
                out.first.entry(number).or_insert(node.id());
                let all = out.needs.entry(number).or_insert(NOTHING);
                if need.least > all.least || (need.least == all.least && need.plain) {
                    *all = need;
                }
            }
        }
        out
    }

    /// True when some array counts from the last block.
    pub(super) fn has_negative(&self) -> bool {
        self.negative
    }

    /// The farthest that an array counts from the last block.
    pub(super) fn deepest(&self) -> usize {
        let lowest = self.sources.iter().map(|(number, _)| *number).min();
        lowest.map_or(0, |number| {
            usize::try_from(number.min(0).unsigned_abs()).unwrap_or(usize::MAX)
        })
    }

    /// How many blocks the file had, when the arrays name each of them.
    pub(super) fn total(&self) -> Option<usize> {
        let last = *self.needs.last_key_value()?.0;
        let all = self.needs.len() == last.checked_add(1)?;
        (all && self.sole && !self.negative).then_some(self.needs.len())
    }

    /// How many blocks the tree speaks of; numbers out of all proportion do not count.
    pub(super) fn named(&self, there: usize) -> usize {
        let most = there.saturating_add(self.sources.len());
        let counts = self.needs.keys().map(|number| number.saturating_add(1));
        counts.filter(|&count| count <= most).max().unwrap_or(0)
    }

    /// What the arrays of that block need; `None` when no array names it.
    pub(super) fn need(&self, number: usize) -> Option<Need> {
        self.needs.get(&number).copied()
    }

    /// All needs with their numbers.
    pub(super) fn needs(&self) -> impl Iterator<Item = (usize, Need)> {
        self.needs.iter().map(|(number, need)| (*number, *need))
    }

    /// All numbers with the paths of the nodes.
    pub(super) fn sources(&self) -> impl Iterator<Item = (i64, NodeId)> {
        self.sources.iter().copied()
    }

    /// How many arrays name a block.
    pub(super) fn count(&self) -> usize {
        self.sources.len()
    }

    /// A node that names that block.
    pub(super) fn node(&self, number: usize) -> Option<NodeId> {
        self.first.get(&number).copied()
    }

    /// The path of a node.
    pub(super) fn path(&self, id: NodeId) -> Option<Box<str>> {
        Some(self.tree.by_id(id)?.path().to_string().into())
    }
}

const NOTHING: Need = Need {
    least: 0,
    plain: false,
    bytes: false,
};
