//! The data of a draft's arrays moved between the file, its tree and other files.

use super::AsdfFile;
use super::draft::{Draft, Fresh, NewBlock, NewSibling, is_ndarray_tag};
use crate::array::{ArrayBytes, ArrayRef, ByteOrder, Datatype, NewArray, Scalar, is_ndarray};
use crate::block::Compression;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Usage;
use crate::tree::{Content, NewNode, Node, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'f> Draft<'f> {
    /// Puts each block that an array of the open file names into a file of its own beside it:
    /// `STEM0000.asdf` and so on. Gives the names.
    pub fn explode(&mut self, stem: &str) -> Result<Vec<String>> {
        #[cfg(feature = "fits")]
        self.take_hdus()?;
        self.name_own_blocks()?;
        let mut names: BTreeMap<usize, String> = BTreeMap::new();
        for (node, number) in super::draft::sources(&self.tree) {
            let Some(index) = self.block_number(number) else {
                continue;
            };
            let next = names.len();
            let name = names
                .entry(index)
                .or_insert_with(|| format!("{stem}{next:04}.asdf"));
            let uri = super::sibling::percent_encode(name);
            let source = self.tree.nodes().string(&uri);
            self.tree.set_key(node, "source", source)?;
        }
        for (index, name) in &names {
            if let Some(block) = self.blocks.get_mut(*index) {
                let block = std::mem::replace(block, NewBlock::Empty);
                let uri = super::sibling::percent_encode(name).into();
                self.siblings.push(NewSibling { uri, block });
            }
        }
        Ok(names.into_values().collect())
    }

    /// Takes the arrays that the open file has in other files into it. Gives how many other files
    /// were read.
    pub fn implode(&mut self) -> Result<usize> {
        let Some(file) = self.source else {
            return Ok(0);
        };
        self.name_own_blocks()?;
        let mut numbers: BTreeMap<*const AsdfFile, usize> = BTreeMap::new();
        for node in file.tree().nodes().filter(|node| is_ndarray(*node)) {
            let Some(Value::Str(uri)) = node.get("source").map(Node::value) else {
                continue;
            };
            let name = uri.split('#').next().unwrap_or_default();
            let place = |error: Error| error.at_path(|| node.path()).in_file(file.name());
            let other = file.sibling(name).map_err(place)?;
            if std::ptr::eq(other, file) {
                continue;
            }
            let next = self.blocks.len();
            let number = *numbers.entry(std::ptr::from_ref(other)).or_insert(next);
            if number == next {
                let block = other.block(0).map_err(place)?;
                let streams = self.blocks.iter().any(NewBlock::is_streamed);
                self.blocks
                    .push(if streams && block.header().is_streamed() {
                        // A file has room for one block that goes on to its end.
                        NewBlock::Fresh(Arc::new(Fresh {
                            data: ArrayBytes::Block(block),
                            size: block.decoded_size(),
                            element_size: 1,
                            compression: Compression::NONE,
                        }))
                    } else {
                        NewBlock::Stored(block)
                    });
            }
            let source = self.tree.nodes().int(number as u64);
            self.tree
                .set_key(NewNode::of_tree(node.id()), "source", source)?;
        }
        Ok(numbers.len())
    }

    /// An array may name its own file, by `#` or by its name: that is its first block.
    fn name_own_blocks(&mut self) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        for node in file.tree().nodes().filter(|node| is_ndarray(*node)) {
            let Some(Value::Str(uri)) = node.get("source").map(Node::value) else {
                continue;
            };
            let name = uri.split('#').next().unwrap_or_default();
            if file
                .sibling(name)
                .is_ok_and(|other| std::ptr::eq(other, file))
            {
                let source = self.tree.nodes().int(0);
                self.tree
                    .set_key(NewNode::of_tree(node.id()), "source", source)?;
            }
        }
        Ok(())
    }

    /// Puts the data of all arrays of the open file with fewer than `count` elements into the tree,
    /// and that of all others into blocks.
    pub fn inline_below(&mut self, count: u64) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        for node in file.tree().nodes().filter(|node| is_ndarray(*node)) {
            let array = file.array_at(node)?;
            let inline = matches!(array.source(), crate::array::DataSource::Inline(_));
            // The schema of arrays knows lists only: a single element does not stand in the tree.
            if array.len() < count && !array.shape().is_empty() {
                if !inline {
                    self.move_to_tree(node, &array)?;
                }
            } else if inline {
                self.move_to_block(node, array)?;
            }
        }
        Ok(())
    }

    /// Puts the data of all arrays into the tree: that of small ones as lists, that of large ones as a
    /// word each, which whoever writes the text replaces by the elements.
    pub(crate) fn inline_by_words(&mut self) -> Result<Vec<(String, ArrayRef<'f>)>> {
        const SMALL: u64 = 1000;
        let mut words = Vec::new();
        let Some(file) = self.source else {
            return Ok(words);
        };
        let text = file.tree().text();
        let mut stem = "inline-data-".to_owned();
        while text.contains(&stem) {
            stem.push('-');
        }
        for node in file.tree().nodes().filter(|node| is_ndarray(*node)) {
            let array = file.array_at(node)?;
            if matches!(array.source(), crate::array::DataSource::Inline(_)) {
                continue;
            }
            if array.len() <= SMALL || array.is_masked() || array.shape().is_empty() {
                self.move_to_tree(node, &array)?;
                continue;
            }
            let word = format!("{stem}{:06}", words.len());
            let data = self.tree.nodes().string(&word);
            self.put_inline(node, &array, data)?;
            words.push((word, array));
        }
        Ok(words)
    }

    /// The number among this draft's blocks that a `source` names.
    fn block_number(&self, source: i64) -> Option<usize> {
        let count = self
            .source
            .map_or(0, |file| file.block_table().headers().len());
        let count = if matches!(self.blocks.last(), Some(NewBlock::Streamed(_))) {
            self.blocks.len()
        } else {
            count
        };
        let back = i64::try_from(count).ok()?.checked_add(source)?;
        usize::try_from(if source < 0 { back } else { source }).ok()
    }

    fn move_to_tree(&mut self, node: Node<'f>, array: &ArrayRef<'f>) -> Result<()> {
        let place = |error: Error| error.at_path(|| node.path());
        let (what, allowed) = (
            "number of elements put into the tree",
            self.limits.expanded_nodes,
        );
        LimitExceeded::check(what, "expanded_nodes", array.len(), allowed).map_err(place)?;
        let data = crate::array::inline_nodes(array, self.tree.nodes()).map_err(place)?;
        self.put_inline(node, array, data)
    }

    fn put_inline(&mut self, node: Node<'f>, array: &ArrayRef<'f>, data: NewNode) -> Result<()> {
        let map = NewNode::of_tree(node.id());
        for key in ["source", "offset", "strides"] {
            self.tree.remove_key(map, key);
        }
        self.set_shape(map, array.shape())?;
        self.tree.set_key(map, "data", data)
    }

    fn set_shape(&mut self, map: NewNode, shape: &[u64]) -> Result<()> {
        let shape = shape
            .iter()
            .map(|length| self.tree.nodes().int(*length))
            .collect();
        let shape = self.tree.nodes().seq(shape);
        self.tree.set_key(map, "shape", shape)
    }

    fn move_to_block(&mut self, node: Node<'f>, array: ArrayRef<'f>) -> Result<()> {
        let mask = self.null_mask(node, &array)?;
        let new = NewArray::from_array(array);
        let keys = new.describe(self.tree.nodes(), false);
        let number = self.add_block(new, Compression::NONE);
        let source = self.tree.nodes().int(number);
        let id = NewNode::of_tree(node.id());
        if !matches!(self.tree.nodes().content(id), Some(Content::Map { .. })) {
            // The short form of an array is its list of numbers alone.
            let tag = self.tree.nodes().tag(id).map(str::to_owned);
            let pairs = [("source", source)]
                .into_iter()
                .chain(keys)
                .chain(mask.map(|mask| ("mask", mask)));
            let map = self.tree.nodes().map_of(pairs);
            if let Some(tag) = tag.filter(|tag| is_ndarray_tag(tag)) {
                self.tree.nodes().set_tag(map, &tag);
            }
            return self.tree.set(node.path(), map);
        }
        self.tree.remove_key(id, "data");
        self.tree.set_key(id, "source", source)?;
        for (key, value) in keys.into_iter().chain(mask.map(|mask| ("mask", mask))) {
            self.tree.set_key(id, key, value)?;
        }
        Ok(())
    }

    /// The mask that stands as `null` among inline data, as an array.
    fn null_mask(&mut self, node: Node<'f>, array: &ArrayRef<'f>) -> Result<Option<NewNode>> {
        let loaded = array.load()?;
        let Some(mask) = loaded.mask().filter(|_| node.get("mask").is_none()) else {
            return Ok(None);
        };
        let bytes: Vec<u8> = mask.iter().map(|set| u8::from(*set)).collect();
        let datatype = Datatype::Scalar(Scalar::Bool8);
        let mask = NewArray::from_bytes(bytes, datatype, ByteOrder::Big, array.shape())?;
        let keys = mask.describe(self.tree.nodes(), false);
        let number = self.add_block(mask, Compression::NONE);
        let source = self.tree.nodes().int(number);
        let node = self
            .tree
            .nodes()
            .map_of([("source", source)].into_iter().chain(keys));
        let tag = format!("tag:stsci.edu:asdf/core/ndarray-{}", self.ndarray_version());
        self.tree.nodes().set_tag(node, &tag);
        Ok(Some(node))
    }

    /// Leaves only what stands at a path: a mapping becomes the root, anything else stands in the
    /// root under its last key.
    pub fn keep_only(&mut self, path: impl crate::tree::IntoTreePath) -> Result<()> {
        let path = path.into_tree_path()?;
        let Some(node) = self.tree.find(&path)? else {
            let reason = format!("there is nothing at {path}");
            return Err(Usage::Edit {
                reason: reason.into(),
            }
            .into());
        };
        let Some(last) = path.steps().last() else {
            return Ok(());
        };
        let nodes = self.tree.nodes();
        let plain_map =
            matches!(nodes.content(node), Some(Content::Map { .. })) && nodes.tag(node).is_none();
        let root = if plain_map {
            let copy = nodes.shallow(node);
            nodes.set_flow(copy, false);
            copy
        } else {
            let name = match last {
                crate::tree::PathStep::Key(key) => key.to_string(),
                crate::tree::PathStep::Index(_) => "data".to_owned(),
            };
            let root = nodes.map_of([(name.as_str(), node)]);
            nodes.set_flow(root, false);
            root
        };
        nodes.set_tag(root, "tag:stsci.edu:asdf/core/asdf-1.1.0");
        self.tree.set(crate::tree::TreePath::default(), root)
    }
}
