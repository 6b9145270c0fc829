//! Arrays in HDUs brought into blocks: what a file outside of its FITS file needs.

use super::AsdfFile;
use super::carry::DataKey;
use super::draft::{Draft, Fresh, NewBlock};
use super::embedded::HASH;
use super::hdu_link::SCHEME;
use crate::array::{ArrayBytes, ArrayRef, ArraySpec, DataSource, HduData, NewArray, is_ndarray};
use crate::block::Compression;
use crate::error::EmbedFault;
use crate::error::Result;
use crate::tree::{Content, NewNode, Node, Value};
use std::sync::Arc;

impl<'f> Draft<'f> {
    /// Gives each array whose elements are in an HDU a block of this file. What an HDU stores as it is stays
    /// big-endian. Arrays that share an HDU share the block.
    ///
    /// # Errors
    /// An HDU is not there, or cannot be read.
    pub(super) fn take_hdus(&mut self) -> Result<()> {
        let Some(file) = self.source.filter(|file| file.is_carried()) else {
            return Ok(());
        };
        if std::mem::replace(&mut self.has_own_data, true) {
            return Ok(());
        }
        if self.text.is_some() && linked(file).next().is_some() {
            return Err(EmbedFault::TreeText.into());
        }
        let there = self.tree.occurrences();
        let linked = linked(file).filter(|node| there.contains(NewNode::of_tree(node.id())));
        for node in linked {
            if !self.still_names_hdu(NewNode::of_tree(node.id())) {
                continue;
            }
            let array = file.array_at(node)?;
            let DataSource::Hdu(hdu) = array.source() else {
                continue;
            };
            let map = NewNode::of_tree(node.id());
            if changed_keys(node, &array) {
                self.describe(map, &array)?;
            }
            let number = self.add_hdu(file, hdu, array);
            let source = self.tree.nodes().int(number as u64);
            self.tree.set_key(map, "source", source)?;
        }
        let root = self.tree.find(crate::tree::TreePath::default())?;
        // With the HDUs beside the tree one that does not fit their headers goes on to say so.
        let with_hdus = self
            .tree
            .find(crate::tree::TreePath::default().key(&file.hdu_key()))?;
        let keeps = with_hdus.is_some() && !file.is_fits_hash_fresh();
        if let Some(root) = root.filter(|_| !keeps && file.tree().root().get(HASH).is_some()) {
            self.tree.remove_key(root, HASH);
        }
        Ok(())
    }

    /// False for a node that was given other data meanwhile.
    fn still_names_hdu(&mut self, map: NewNode) -> bool {
        let nodes = self.tree.nodes();
        let Some(Content::Map { pairs, .. }) = nodes.content(map) else {
            return false;
        };
        let source = pairs.iter().find(|pair| nodes.is_text(pair.0, "source"));
        let text = source.and_then(|pair| nodes.key_text(pair.1));
        text.is_some_and(|text| text.starts_with(SCHEME))
    }

    /// The data of an HDU as a block; gives its number.
    pub(super) fn add_hdu(
        &mut self,
        file: &AsdfFile,
        hdu: HduData<'f>,
        array: ArrayRef<'f>,
    ) -> usize {
        let new = if let Some(raw) = array.source().bytes() {
            NewBlock::Fresh(Arc::new(Fresh {
                size: raw.decoded_size(),
                data: ArrayBytes::Block(raw),
                element_size: usize::try_from(array.datatype().size()).unwrap_or(1),
                shape: Some(array.shape().to_vec()),
                compression: Compression::NONE,
            }))
        } else {
            NewBlock::fresh(NewArray::from_array(array), Compression::NONE)
        };
        let key = DataKey::Hdu(
            std::ptr::from_ref(file).addr(),
            hdu.index(),
            hdu.part_of_hdu(),
        );
        self.add_once(key, new)
    }
}

/// The array nodes that name an HDU.
pub(super) fn linked(file: &AsdfFile) -> impl Iterator<Item = Node<'_>> {
    let names_hdu = |node: &Node<'_>| {
        let source = node.get("source").map(Node::value);
        matches!(source, Some(Value::Str(uri)) if uri.starts_with(SCHEME))
    };
    let nodes = file.tree().nodes();
    nodes.filter(move |node| is_ndarray(*node) && names_hdu(node))
}

/// True when the node says something else of the elements than they are.
pub(super) fn changed_keys(node: Node<'_>, array: &ArrayRef<'_>) -> bool {
    let Ok(said) = ArraySpec::parse(node) else {
        return true;
    };
    said.datatype != *array.datatype()
        || said.byteorder != array.byteorder()
        || said.shape != array.shape()
}
