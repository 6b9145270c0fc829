//! Nothing is written after which an array cannot be read that could be read before: the arrays of the
//! changed tree are located against the blocks that will be there (spec-notes U-7 to U-9).

use super::AsdfFile;
use super::draft::{Draft, NewBlock};
use crate::array::{foreign_keys, is_array};
use crate::block::BlockHeader;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Mismatch;
use crate::error::Result;
use crate::error::Unsupported;
use crate::error::WriteFault;
use crate::tree::{NewNode, Node, NodeId, NodeKind, Tree};
use std::cell::OnceCell;
use std::collections::HashMap;

/// Nodes that are compared to find out that an unreadable array is the one of before.
const COMPARED: usize = 10_000;

impl Draft<'_> {
    /// Locates the arrays and masks of the changed tree against the blocks that there will be, as
    /// writing does before it writes anything. To be asked when something can still be done about it.
    ///
    /// # Errors
    /// An array cannot be found or does not fit its block, though the open file's can; a mapping has
    /// two keys that Python takes for one.
    pub fn check_arrays(&self) -> Result<()> {
        let old = self
            .source
            .map_or(0, |file| file.block_table().headers().len());
        // Numbers from the end have their meaning when the order of the blocks is settled.
        if self.blocks.len() != old {
            return Ok(());
        }
        match &self.text {
            None if self.is_tree_unchanged() => Ok(()),
            None => self.check_early(self.tree.read_text(&self.limits)?),
            Some(whole) => self.check_early(whole.tree_at(0)),
        }
    }

    /// Checks the draft with that tree.
    pub(super) fn check_early(&self, tree: Tree) -> Result<()> {
        check(self, tree, &self.blocks, When::Early).map(drop)
    }
}

/// When a draft is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// What file it goes into is not known yet.
    Early,
    /// It is about to be written.
    Writing,
}

/// Checks a draft that will have that tree and these blocks; gives the tree back.
pub(super) fn check(
    draft: &Draft<'_>,
    tree: Tree,
    blocks: &[NewBlock<'_>],
    when: When,
) -> Result<Tree> {
    if draft.has_words {
        return Ok(tree);
    }
    let headers = (0..).zip(blocks).map(|(index, block)| header(index, block));
    let mut file = AsdfFile::to_be(draft.source, tree, headers.collect(), &draft.limits);
    for sibling in &draft.siblings {
        let headers = vec![header(0, &sibling.block)];
        let other = AsdfFile::to_be(None, Tree::empty(), headers, &draft.limits);
        file.promise(&sibling.uri, other);
    }
    let changes = Changes {
        draft,
        tree: file.tree(),
        origins: OnceCell::new(),
        when,
    };
    for node in file.tree().nodes() {
        if node.kind() == NodeKind::Map && changes.is_new_pair(node) {
            let key = node.doubled_key().map(|key| key.key_text().into_owned());
            let key = key.unwrap_or_default();
            let key = key.escape_debug().to_string().into();
            return Err(refused(WriteFault::DoubledKey { key }, node));
        }
        if !is_array(node) {
            continue;
        }
        if let Some(key) = changes.new_within_array(node) {
            let key = key.escape_debug().to_string().into();
            return Err(refused(WriteFault::WithinArray { key }, node));
        }
        let Err(error) = file.check_array(node) else {
            continue;
        };
        if !changes.excuses(node, &error) {
            let fact = WriteFault::Unreadable {
                path: node.path().to_string().into(),
                detail: error.kind().to_string().into(),
            };
            return Err(refused(fact, node));
        }
    }
    Ok(file.into_tree())
}

fn refused(fact: WriteFault, node: Node<'_>) -> Error {
    Error::from(fact).at_path(|| node.path())
}

/// What a draft's tree has to do with that of the open file.
struct Changes<'c, 'f> {
    draft: &'c Draft<'f>,
    tree: &'c Tree,
    /// The node of the draft that each node of its text is, when the text was made of nodes. Most drafts are never
    /// asked for it.
    origins: OnceCell<HashMap<NodeId, NewNode>>,
    when: When,
}

impl Changes<'_, '_> {
    fn origin(&self, node: Node<'_>) -> Option<NewNode> {
        let origins = self.origins.get_or_init(|| match &self.draft.text {
            Some(_) => HashMap::new(),
            None => self.draft.tree.origins(self.tree),
        });
        origins.get(&node.id()).copied()
    }

    /// The node of the open file that a node was: the same one, or the one at its path.
    fn before(&self, node: Node<'_>) -> Option<Node<'_>> {
        let tree = self.draft.source?.tree();
        let new = self.origin(node);
        let same = new.and_then(|new| self.draft.tree.original(new));
        match same {
            Some(id) => tree.by_id(id),
            None => tree.node(node.path()).ok(),
        }
    }

    /// True when an array need not be readable: the one before was not, or it cannot be told.
    fn excuses(&self, node: Node<'_>, error: &Error) -> bool {
        let hdu = matches!(
            error.kind(),
            ErrorKind::Malformed(Malformed::HduSource { .. })
                | ErrorKind::Mismatch(Mismatch::NoLinkedHdu { .. })
        );
        let elsewhere = matches!(
            error.kind(),
            ErrorKind::Unsupported(Unsupported::External { .. })
        );
        let Some(file) = self.draft.source else {
            // Without a folder nobody knows where other files would be.
            let embedding = self.draft.is_embedding || self.when == When::Early;
            return elsewhere || (hdu && embedding);
        };
        let absent = elsewhere || matches!(error.kind(), ErrorKind::Io(_));
        if (hdu && self.draft.is_embedding) || (absent && self.draft.names_from_output) {
            return true;
        }
        let broken = |node: Node<'_>| is_array(node) && file.check_array(node).is_err();
        if self.before(node).is_some_and(broken) {
            return true;
        }
        // In a text an array may have moved.
        self.draft.text.is_some()
            && file
                .tree()
                .nodes()
                .any(|old| is_array(old) && is_same(old, node) && broken(old))
    }

    /// A key that an array's node has now and that says nothing about the array.
    fn new_within_array<'n>(&self, node: Node<'n>) -> Option<&'n str> {
        let mut keys = foreign_keys(node).peekable();
        keys.peek()?;
        let before = self.before(node).filter(|before| is_array(*before))?;
        keys.find(|key| before.get(key).is_none())
    }

    /// True for a mapping with two equal keys that was not like that before.
    fn is_new_pair(&self, node: Node<'_>) -> bool {
        if node.doubled_key().is_none() {
            return false;
        }
        if self.origin(node).is_some_and(|new| {
            self.draft.tree.original(new).is_some() && !self.draft.tree.is_changed(new)
        }) {
            return false;
        }
        let before = self.before(node).and_then(Node::doubled_key);
        before.map(|key| key.key_text().into_owned())
            != node.doubled_key().map(|key| key.key_text().into_owned())
    }
}

/// True when two nodes say the same.
fn is_same(one: Node<'_>, other: Node<'_>) -> bool {
    let mut waiting = vec![(one, other)];
    let mut seen = 0;
    while let Some((one, other)) = waiting.pop() {
        seen += 1;
        let equal = one.kind() == other.kind()
            && one.text() == other.text()
            && one.tag().map(crate::tree::Tag::as_str) == other.tag().map(crate::tree::Tag::as_str)
            && one.raw_children().count() == other.raw_children().count();
        if !equal || seen > COMPARED {
            return false;
        }
        waiting.extend(one.raw_children().zip(other.raw_children()));
    }
    true
}

/// What a block's header will say, as far as its arrays ask.
fn header(index: usize, block: &NewBlock<'_>) -> BlockHeader {
    match block {
        NewBlock::Stored(block) | NewBlock::Patched { block, .. } => BlockHeader {
            index,
            ..block.header().clone()
        },
        NewBlock::Part(part) if part.is_cut_to_length() => BlockHeader {
            index,
            ..BlockHeader::of_raw(part.header().decoded_size())
        },
        NewBlock::Part(part) => BlockHeader {
            index,
            ..part.header().clone()
        },
        NewBlock::Fresh(fresh) => BlockHeader {
            index,
            ..BlockHeader::of_raw(fresh.size)
        },
        NewBlock::Empty => BlockHeader {
            index,
            ..BlockHeader::of_raw(0)
        },
        NewBlock::Streamed(fresh) => BlockHeader {
            index,
            flags: 1,
            // Rows that are still to be given are any number.
            available: if fresh.size == 0 {
                i64::MAX.unsigned_abs()
            } else {
                fresh.size
            },
            ..BlockHeader::of_raw(0)
        },
    }
}
