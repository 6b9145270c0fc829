//! References replaced by what they name.

use super::AsdfFile;
use super::draft::{Draft, NewBlock};
use super::reference::{FileNode, Reference};
use crate::array::{ArraySpec, Source, is_ndarray};
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::tree::{NewNode, NodeId};
use std::collections::HashMap;

/// A node of an open file.
type Identity = (*const AsdfFile, NodeId);

/// What has been taken over so far.
#[derive(Default)]
struct Taken {
    nodes: HashMap<Identity, NewNode>,
    blocks: HashMap<(*const AsdfFile, usize), usize>,
}

impl<'f> Draft<'f> {
    /// Puts the node that each `$ref` of the open file's tree names in its place: one of the same
    /// file is shared, what another file has is copied, with the blocks of its arrays.
    ///
    /// # Errors
    /// A target is not there, or its file may not be opened.
    pub fn resolve_references(&mut self) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let mut taken = Taken::default();
        let mut replacements = HashMap::new();
        for node in file.tree().nodes() {
            let at = FileNode { file, node };
            if let Some(reference) = Reference::of(at) {
                let target = self.take(reference.resolve()?, &mut taken, 0)?;
                replacements.insert(NewNode::of_tree(node.id()), target);
            }
        }
        self.tree.replace_children(&replacements);
        Ok(())
    }

    /// The node of this draft that a node of any file has become.
    fn take(&mut self, at: FileNode<'f>, taken: &mut Taken, depth: u64) -> Result<NewNode> {
        let what = "depth of the nodes that references lead to";
        LimitExceeded::check(what, "depth", depth, self.limits.depth)?;
        if let Some(reference) = Reference::of(at) {
            return self.take(reference.resolve()?, taken, depth + 1);
        }
        if self.source.is_some_and(|own| std::ptr::eq(own, at.file)) {
            return Ok(NewNode::of_tree(at.node.id()));
        }
        let identity = (std::ptr::from_ref(at.file), at.node.id());
        if let Some(known) = taken.nodes.get(&identity) {
            return Ok(*known);
        }
        let copy = self.tree.nodes().shell_of(at.node);
        taken.nodes.insert(identity, copy);
        let mut children = Vec::new();
        for child in at.node.raw_children() {
            let node = FileNode {
                file: at.file,
                node: child,
            };
            children.push(self.take(node, taken, depth + 1)?);
        }
        self.tree.nodes().put_children(copy, &children);
        if is_ndarray(at.node) && at.node.get("source").is_some() {
            self.take_block(at, copy, taken)?;
        }
        Ok(copy)
    }

    /// The block of an array of another file becomes one of this.
    fn take_block(&mut self, at: FileNode<'f>, copy: NewNode, taken: &mut Taken) -> Result<()> {
        let spec = ArraySpec::parse(at.node)?;
        let block = match &spec.source {
            Source::Block(number) => at.file.block_by_source(*number)?,
            Source::Uri(uri) => {
                let name = uri.split('#').next().unwrap_or_default();
                at.file.sibling(name)?.block(0)?
            }
            Source::Inline => return Ok(()),
        };
        let key = (
            std::ptr::from_ref(block.input()).cast(),
            block.header().index,
        );
        let next = self.blocks.len();
        let number = *taken.blocks.entry(key).or_insert(next);
        if number == next {
            self.blocks.push(NewBlock::Stored(block));
        }
        let source = self.tree.nodes().int(number as u64);
        self.tree.set_key(copy, "source", source)
    }
}
