//! Blocks that no array names: nodes of tags that are not known may name them in a way of their own.

use crate::array::is_ndarray;
use crate::error::Result;
use crate::error::WriteFault;
use crate::file::AsdfFile;
use crate::file::draft::{Draft, NewBlock};
use crate::file::write::old_sources;
use crate::tree::{NewNode, Node};
use std::collections::HashSet;

/// The tags of software whose nodes name blocks only by the `source` of an ndarray.
const TAGS_WITHOUT_BLOCK_NUMBERS: [&str; 7] = [
    "tag:yaml.org,2002:",
    "tag:stsci.edu:",
    "tag:astropy.org:",
    "asdf://asdf-format.org/",
    "asdf://asdf-toolkit/",
    "asdf://astropy.org/",
    "asdf://stsci.edu/datamodels/",
];

const EXTERNAL: &str = "tag:stsci.edu:asdf/core/externalarray-";

/// True for tags of software that is known to name blocks by `source` alone.
pub(in crate::file) fn is_harmless_tag(tag: &str) -> bool {
    let known = || {
        TAGS_WITHOUT_BLOCK_NUMBERS
            .iter()
            .any(|known| tag.starts_with(known))
    };
    !tag.contains("zarr") && (tag == "!" || known())
}

/// True when all tags of a draft's tree are harmless.
pub(in crate::file) fn is_harmless(draft: &Draft<'_>) -> bool {
    let nodes = draft.tree.reachable();
    let tree = draft.tree.node_table();
    let tags = nodes.iter().filter_map(|node| tree.tag(*node));
    // The target of an array of another file may be a block of its own file.
    tags.into_iter()
        .all(|tag| is_harmless_tag(tag) && !tag.starts_with(EXTERNAL))
}

/// The blocks of a file that hold data and that none of its arrays names.
fn unnamed(file: &AsdfFile) -> Vec<usize> {
    let named = old_sources(file);
    let headers = file.block_table().headers().iter();
    headers
        .filter(|header| header.available > 0 && !named.contains(&header.index))
        .map(|header| header.index)
        .collect()
}

/// A node whose copy could name blocks that do not come along is not copied.
pub(super) fn refuse_copy(file: &AsdfFile, node: Node<'_>) -> Result<()> {
    let blocks = unnamed(file);
    if blocks.is_empty() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        if let Some(tag) = node.full_tag().filter(|tag| !is_harmless_tag(tag)) {
            return Err(WriteFault::UnknownTag {
                path: node.path().to_string().into(),
                tag: tag.escape_debug().to_string().into(),
                blocks: numbers(&blocks).into(),
            }
            .into());
        }
        waiting.extend(node.raw_children());
    }
    Ok(())
}

/// `block 3`, `blocks 1, 2 and 3`.
fn numbers(blocks: &[usize]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = blocks.iter().take(MOST).map(ToString::to_string).collect();
    let more = blocks.len().saturating_sub(shown.len());
    match (shown.as_slice(), more) {
        ([one], 0) => format!("block {one}"),
        ([before @ .., last], 0) => format!("blocks {} and {last}", before.join(", ")),
        _ => format!("blocks {} and {more} more", shown.join(", ")),
    }
}

impl Draft<'_> {
    /// Lets outputs that hold arrays only leave out the blocks that no array names.
    pub fn drop_unknown_blocks(&mut self) {
        self.drop_unknown = true;
    }

    /// Refuses an output that has no place for blocks which no array names, unless they are to be left out.
    ///
    /// # Errors
    /// There are such blocks; the message has their numbers, and which nodes of unknown tags may name them.
    pub fn check_unknown_blocks(&self, format: &str) -> Result<()> {
        let Some(file) = self.source.filter(|_| !self.drop_unknown) else {
            return Ok(());
        };
        let is_kept =
            |number: &usize| matches!(self.blocks.get(*number), Some(NewBlock::Stored(_)));
        let blocks: Vec<usize> = unnamed(file).into_iter().filter(is_kept).collect();
        if blocks.is_empty() {
            return Ok(());
        }
        let there = self.tree.occurrences();
        let unknown = file.tree().nodes().find_map(|node| {
            let tag = node.full_tag().filter(|tag| !is_harmless_tag(tag))?;
            let is_there = there.contains(NewNode::of_tree(node.id()));
            is_there.then(|| (node.path(), tag.escape_debug().to_string()))
        });
        let blocks = numbers(&blocks).into();
        let format = format.into();
        Err(match unknown {
            Some((path, tag)) => WriteFault::UnknownBlocksOf {
                blocks,
                path: path.to_string().into(),
                tag: tag.into(),
                format,
            },
            // Of a part of the tree, what only other parts may name is not asked for.
            None if self.keeps_root() => WriteFault::UnknownBlocks { blocks, format },
            None => return Ok(()),
        }
        .into())
    }

    /// True when the root is that of the open file.
    fn keeps_root(&self) -> bool {
        let own = self
            .source
            .map(|file| NewNode::of_tree(file.tree().root().id()));
        let root = self.tree.find(crate::tree::TreePath::default());
        root.ok().flatten() == own
    }
}

/// True when a node is an array that names data outside of the tree.
pub(super) fn names_data(node: Node<'_>) -> bool {
    is_ndarray(node) && node.get("source").is_some()
}
