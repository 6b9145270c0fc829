//! Data follow their node: what a node needs when it goes from one file to another place (spec-notes/carry.md).
//!
//! A node may need blocks, the first block of other files, HDUs, and what its references name. [`Draft::copy_node`]
//! brings it into a draft with all that; [`moved`] keeps what a whole draft names within reach of the place that the
//! file is written to; [`unknown`] tells which blocks only nodes of unknown tags may name.

mod key;
mod moved;
mod part;
mod unknown;
mod uri;

pub(super) use key::DataKey;
pub(super) use moved::names_file;
pub(super) use part::Part;
pub(super) use unknown::{is_harmless, is_harmless_tag};
pub(super) use uri::{is_relative, path_part};

use super::AsdfFile;
use super::draft::{Draft, Fresh, NewBlock};
use super::reference::{FileNode, Reference};
use crate::array::{ArrayBytes, ArrayRef, ArraySpec, DataSource, NewArray, is_ndarray};
use crate::block::{Block, Compression};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::limits::Limit;
use crate::tree::{IntoTreePath, NewNode, Node, NodeId, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How nodes are brought into a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    /// Nodes of the draft's own file stand for themselves, instead of being copied.
    pub(super) shares_own: bool,
    /// References by URLs stay, instead of being errors.
    pub(super) keeps_urls: bool,
}

/// What was brought along so far: shared nodes stay shared.
#[derive(Debug)]
pub(super) struct Carried {
    rules: Rules,
    nodes: HashMap<(usize, NodeId), NewNode>,
}

impl Carried {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            rules,
            nodes: HashMap::new(),
        }
    }
}

/// True for a node tagged as an array in another file.
pub(super) fn is_external_array(node: Node<'_>) -> bool {
    node.tag()
        .is_some_and(|tag| tag.is_core("core/externalarray"))
}

/// The string under a key of a node.
fn text_of<'t>(node: Node<'t>, key: &str) -> Option<&'t str> {
    match node.get(key)?.value() {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

impl<'f> Draft<'f> {
    /// Puts a copy of a node of an open file at a path of this draft, with all that it needs: the blocks of its
    /// arrays and their masks as they are stored, data that are in other files or in HDUs, and what its references
    /// name. What is shared within it stays shared, and data that several nodes name are there once.
    ///
    /// The copy is of the node as the file has it, also when the file is the one that this is a draft of.
    ///
    /// # Errors
    /// There is no such node; its data, or what a reference names, are not there; it holds nodes of unknown tags, and
    /// the file blocks that only those may name.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    ///
    /// let exposure = AsdfFile::open(path)?;
    /// let mut draft = Draft::new();
    /// draft.copy_node(&exposure, "roman/data", "flux")?; // the node, and the block that it names
    /// draft.copy_node(&exposure, "roman/meta/wcs", "wcs")?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// assert_eq!(AsdfFile::open(&out)?.array("flux")?.digest()?, exposure.array("roman/data")?.digest()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy_node(
        &mut self,
        file: &'f AsdfFile,
        from: impl IntoTreePath,
        to: impl IntoTreePath,
    ) -> Result<&mut Self> {
        let node = file.node(from)?;
        unknown::refuse_copy(file, node).in_file(file.name())?;
        let mut carried = Carried::new(Rules {
            shares_own: false,
            keeps_urls: true,
        });
        let at = FileNode { file, node };
        // What a failure leaves behind is named by nothing: the tree stays as it was.
        let copy = self.carry(at, &mut carried, 0)?;
        self.tree.set(to, copy)?;
        Ok(self)
    }

    /// A node for a node of an open file, to be put anywhere: itself where this is a draft of that file, else a copy with all
    /// that it needs, as [`copy_node`](Self::copy_node) makes it.
    ///
    /// # Errors
    /// As [`copy_node`](Self::copy_node).
    pub fn new_copy(&mut self, at: FileNode<'f>) -> Result<NewNode> {
        if self.source.is_some_and(|own| std::ptr::eq(own, at.file)) {
            return Ok(NewNode::of_tree(at.node.id()));
        }
        unknown::refuse_copy(at.file, at.node).in_file(at.file.name())?;
        let mut carried = Carried::new(Rules {
            shares_own: true,
            keeps_urls: true,
        });
        self.carry(at, &mut carried, 0)
    }

    /// The node of this draft that a node of any file becomes.
    pub(super) fn carry(
        &mut self,
        at: FileNode<'f>,
        carried: &mut Carried,
        depth: u64,
    ) -> Result<NewNode> {
        let what = "depth of the nodes that references lead to";
        LimitExceeded::check(what, Limit::Depth, depth, self.limits.depth)?;
        if let Some(reference) = Reference::of(at) {
            let stays = match reference.uri() {
                Some(uri) => !is_relative(uri) && !path_part(uri).is_empty(),
                None => true,
            };
            if !(stays && carried.rules.keeps_urls) {
                return self.carry(reference.resolve()?, carried, depth + 1);
            }
        }
        let is_own = self.source.is_some_and(|own| std::ptr::eq(own, at.file));
        if is_own && carried.rules.shares_own {
            return Ok(NewNode::of_tree(at.node.id()));
        }
        let identity = (std::ptr::from_ref(at.file).addr(), at.node.id());
        if let Some(known) = carried.nodes.get(&identity) {
            return Ok(*known);
        }
        if is_external_array(at.node) {
            let node = self.carry_external(at, carried, depth)?;
            carried.nodes.insert(identity, node);
            return Ok(node);
        }
        let copy = self.tree.nodes().shell_of(at.node);
        carried.nodes.insert(identity, copy);
        let mut children = Vec::new();
        for child in at.node.raw_children() {
            let node = FileNode {
                file: at.file,
                node: child,
            };
            children.push(self.carry(node, carried, depth + 1)?);
        }
        self.tree.nodes().put_children(copy, &children);
        if is_ndarray(at.node) && at.node.get("source").is_some() {
            let place = |error: Error| error.at_path(|| at.node.path()).in_file(at.file.name());
            self.carry_data(at, copy).map_err(place)?;
        }
        Ok(copy)
    }

    /// Lets the copy of an ndarray node name its data in this draft.
    fn carry_data(&mut self, at: FileNode<'f>, copy: NewNode) -> Result<()> {
        let spec = ArraySpec::parse(at.node)?;
        if let Some(name) = part::named_file(&spec)
            && let Some(part) = Part::find(at.file, name)?
        {
            let number = self.add_part(part);
            let source = self.tree.nodes().int(number as u64);
            return self.tree.set_key(copy, "source", source);
        }
        let array = at.file.array_at(at.node)?;
        if spec.star {
            self.set_shape(copy, array.shape())?;
        }
        let number = match array.source() {
            DataSource::Block(block) => self.add_stored(block)?,
            #[cfg(feature = "fits")]
            DataSource::Hdu(hdu) => {
                if super::extract::changed_keys(at.node, &array) {
                    self.describe(copy, &array)?;
                }
                self.add_hdu(at.file, hdu, array)
            }
            _ => return Ok(()),
        };
        let source = self.tree.nodes().int(number as u64);
        self.tree.set_key(copy, "source", source)
    }

    /// An array in another file becomes one of this file: what it names, with its data.
    pub(super) fn carry_external(
        &mut self,
        at: FileNode<'f>,
        carried: &mut Carried,
        depth: u64,
    ) -> Result<NewNode> {
        // Where it leads, and that it leads to an array, is found as for reading.
        let array = at.file.array_at(at.node)?;
        let other = at
            .file
            .sibling(text_of(at.node, "fileuri").unwrap_or_default())?;
        #[cfg(feature = "fits")]
        let is_tree = other.fits().is_none();
        #[cfg(not(feature = "fits"))]
        let is_tree = true;
        if let Some(path) = text_of(at.node, "target").filter(|_| is_tree) {
            let node = other.node(path)?;
            return self.carry(FileNode { file: other, node }, carried, depth + 1);
        }
        let keys = array.describe(self.tree.nodes());
        let number = match array.source() {
            DataSource::Block(block) => self.add_stored(block)?,
            _ => self.add_array(array),
        };
        let source = self.tree.nodes().int(number as u64);
        let pairs = [("source", source)].into_iter().chain(keys);
        let node = self.tree.nodes().map_of(pairs);
        let tag = format!("tag:stsci.edu:asdf/core/ndarray-{}", self.ndarray_version());
        self.tree.nodes().set_tag(node, &tag);
        Ok(node)
    }

    /// The number of the block that a block of any file becomes; one without a length of its own gets one, unless it
    /// is that of the draft's own file.
    ///
    /// # Errors
    /// The block of another file has a wrong checksum, and that file was opened so that such blocks are refused.
    fn add_stored(&mut self, block: Block<'f>) -> Result<usize> {
        let index = block.header().index;
        let own = self
            .source
            .filter(|own| std::ptr::eq(own.input(), block.input()));
        let is_there = |known: Option<&NewBlock<'f>>| matches!(known, Some(NewBlock::Stored(known)) if known.header().index == index);
        if own.is_some() && is_there(self.blocks.get(index)) {
            return Ok(index);
        }
        if own.is_none() {
            block.pass()?;
        }
        let key = DataKey::Block(std::ptr::from_ref(block.input()).addr(), index);
        let new = if block.header().is_streamed() {
            NewBlock::Fresh(Arc::new(Fresh {
                size: block.decoded_size(),
                data: ArrayBytes::Block(block),
                element_size: 1,
                shape: None,
                compression: Compression::NONE,
            }))
        } else {
            NewBlock::Stored(block)
        };
        Ok(self.add_once(key, new))
    }

    /// The number of the block that the first block of another file becomes.
    pub(super) fn add_part(&mut self, part: Part<'f>) -> usize {
        let key = DataKey::Part(part.path().clone());
        self.add_once(key, NewBlock::Part(Arc::new(part.plain())))
    }

    fn add_array(&mut self, array: ArrayRef<'f>) -> usize {
        self.blocks.push(NewBlock::fresh(
            NewArray::from_array(array),
            Compression::NONE,
        ));
        self.blocks.len().saturating_sub(1)
    }

    /// Adds a block unless the same data are there.
    pub(super) fn add_once(&mut self, key: DataKey, new: NewBlock<'f>) -> usize {
        let known = self.carried.get(&key).copied();
        // Meanwhile it may have gone to a file of its own.
        let is_there =
            |number: &usize| !matches!(self.blocks.get(*number), None | Some(NewBlock::Empty));
        if let Some(number) = known.filter(is_there) {
            return number;
        }
        let number = self.blocks.len();
        self.blocks.push(new);
        self.carried.insert(key, number);
        number
    }
}
