//! The data of a draft's arrays moved between the file, its tree and other files.

use super::AsdfFile;
use super::carry::{Carried, Part, Rules, is_external_array, is_relative, path_part};
use super::draft::{Draft, NewBlock, NewSibling, is_ndarray_tag};
use super::reference::FileNode;
use super::sibling::percent_encode;
use crate::array::{ArrayRef, ByteOrder, Datatype, NewArray, Scalar, is_ndarray};
use crate::block::Compression;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::limits::Limit;
use crate::tree::{Content, NewNode, Node, Value};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

impl<'f> Draft<'f> {
    /// Puts each block that an array of the open file names into a file of its own beside it:
    /// `STEM0000.asdf` and so on, those that are in other files already too. Gives the names.
    ///
    /// # Errors
    /// An array cannot be located, or is in an HDU that cannot be read.
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
            let uri = percent_encode(name);
            let source = self.tree.nodes().string(&uri);
            self.tree.set_key(node, "source", source)?;
        }
        for (index, name) in &names {
            if let Some(block) = self.blocks.get_mut(*index) {
                let block = std::mem::replace(block, NewBlock::Empty);
                let uri = percent_encode(name).into();
                self.siblings.push(NewSibling { uri, block });
            }
        }
        let mut names: Vec<String> = names.into_values().collect();
        self.spread_from(stem, &mut names)?;
        Ok(names)
    }

    /// Puts what the open file has in other files into new ones beside this: `STEM0000.asdf` and so on. Gives the names.
    ///
    /// # Errors
    /// A sibling file cannot be opened.
    pub fn copy_parts(&mut self, stem: &str) -> Result<Vec<String>> {
        self.name_own_blocks()?;
        let mut names = Vec::new();
        self.spread_from(stem, &mut names)?;
        Ok(names)
    }

    /// Goes on with names after those that are given away.
    fn spread_from(&mut self, stem: &str, names: &mut Vec<String>) -> Result<()> {
        let mut known: HashMap<PathBuf, Box<str>> = HashMap::new();
        for (node, name, uri) in self.parts() {
            let Some(part) = self.find_part(node, name)? else {
                continue;
            };
            let map = NewNode::of_tree(node.id());
            if !self.still_says(map, "source", uri) {
                continue;
            }
            let new = if let Some(new) = known.get(part.path()) {
                new.clone()
            } else {
                let name = format!("{stem}{:04}.asdf", names.len());
                let new: Box<str> = percent_encode(&name).into();
                names.push(name);
                known.insert(part.path().clone(), new.clone());
                let block = NewBlock::Part(Arc::new(part));
                self.siblings.push(NewSibling {
                    uri: new.clone(),
                    block,
                });
                new
            };
            let source = self.tree.nodes().string(&new);
            self.tree.set_key(map, "source", source)?;
        }
        Ok(())
    }

    /// Takes the arrays that the open file has in other files into it. Gives how many other files
    /// were read.
    ///
    /// # Errors
    /// A sibling file cannot be opened; a second streamed block would be needed.
    pub fn implode(&mut self) -> Result<usize> {
        let Some(file) = self.source else {
            return Ok(0);
        };
        self.name_own_blocks()?;
        let mut numbers: HashMap<PathBuf, usize> = HashMap::new();
        let mut streams = self.blocks.iter().any(NewBlock::is_streamed);
        for (node, name, uri) in self.parts() {
            let map = NewNode::of_tree(node.id());
            if !self.still_says(map, "source", uri) {
                continue;
            }
            let Some(part) = self.find_part(node, name)? else {
                continue;
            };
            let next = self.blocks.len();
            let number = *numbers.entry(part.path().clone()).or_insert(next);
            if number == next {
                // A file has room for one block that goes on to its end.
                let part = if streams { part.plain() } else { part };
                streams |= part.is_streamed();
                self.blocks.push(NewBlock::Part(Arc::new(part)));
            }
            let source = self.tree.nodes().int(number as u64);
            self.tree.set_key(map, "source", source)?;
        }
        let files = numbers.len();
        let more = self.take_external_arrays(file)?;
        Ok(files.saturating_add(more))
    }

    /// Takes the arrays in that `core/externalarray` nodes name. Gives how many.
    fn take_external_arrays(&mut self, file: &'f AsdfFile) -> Result<usize> {
        let mut carried = Carried::new(Rules {
            shares_own: true,
            keeps_urls: true,
        });
        let mut replacements = HashMap::new();
        for node in self.still_there(file, is_external_array) {
            let place = |error: Error| error.at_path(|| node.path()).in_file(file.name());
            let at = FileNode { file, node };
            let new = self.carry_external(at, &mut carried, 0).map_err(place)?;
            replacements.insert(NewNode::of_tree(node.id()), new);
        }
        self.tree.replace_children(&replacements);
        Ok(replacements.len())
    }

    /// The ndarray nodes of the open file that are still there and name other files: with the path part of the URI and
    /// the whole of it.
    fn parts(&self) -> Vec<(Node<'f>, &'f str, &'f str)> {
        let Some(file) = self.source else {
            return Vec::new();
        };
        let named = |node: Node<'f>| {
            let source = is_ndarray(node).then(|| node.get("source")).flatten();
            match source.map(Node::value) {
                Some(Value::Str(uri)) if is_relative(uri) => Some(uri),
                _ => None,
            }
        };
        let nodes = self.still_there(file, |node| named(node).is_some());
        let parts = nodes.into_iter().filter_map(|node| {
            let uri = named(node)?;
            Some((node, path_part(uri), uri))
        });
        parts.collect()
    }

    /// The nodes of such a kind that the changes have left in the tree.
    fn still_there(&self, file: &'f AsdfFile, is_one: impl Fn(Node<'f>) -> bool) -> Vec<Node<'f>> {
        let mut found: Vec<_> = file.tree().nodes().filter(|node| is_one(*node)).collect();
        if !found.is_empty() && !self.tree.is_unchanged() {
            let there = self.tree.occurrences();
            found.retain(|node| there.contains(NewNode::of_tree(node.id())));
        }
        found
    }

    fn find_part(&self, node: Node<'f>, name: &str) -> Result<Option<Part<'f>>> {
        let Some(file) = self.source else {
            return Ok(None);
        };
        let place = |error: Error| error.at_path(|| node.path()).in_file(file.name());
        Part::find(file, name).map_err(place)
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
            let map = NewNode::of_tree(node.id());
            let is_own = matches!(file.find_sibling(path_part(uri)), Ok(None));
            if is_own && self.still_says(map, "source", uri) {
                let source = self.tree.nodes().int(0);
                self.tree.set_key(map, "source", source)?;
            }
        }
        Ok(())
    }

    /// Puts the data of all arrays of the open file with fewer than `count` elements into the tree,
    /// and that of all others into blocks.
    ///
    /// # Errors
    /// An array cannot be located or read.
    pub fn inline_below(&mut self, count: u64) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        for node in self.still_there(file, is_ndarray) {
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
        self.has_words = true;
        let text = file.tree().text();
        let mut stem = "inline-data-".to_owned();
        while text.contains(&stem) {
            stem.push('-');
        }
        for node in self.still_there(file, is_ndarray) {
            let array = file.array_for_output(node)?;
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
        let count = super::draft::counted_from_end(&self.blocks, count);
        let back = i64::try_from(count).ok()?.checked_add(source)?;
        usize::try_from(if source < 0 { back } else { source }).ok()
    }

    fn move_to_tree(&mut self, node: Node<'f>, array: &ArrayRef<'f>) -> Result<()> {
        let place = |error: Error| error.at_path(|| node.path());
        array.vouch()?;
        let (what, allowed) = (
            "number of elements put into the tree",
            self.limits.expanded_nodes,
        );
        LimitExceeded::check(what, Limit::ExpandedNodes, array.len(), allowed).map_err(place)?;
        let data = crate::array::inline_nodes(array, self.tree.nodes()).map_err(place)?;
        self.put_inline(node, array, data)
    }

    fn put_inline(&mut self, node: Node<'f>, array: &ArrayRef<'f>, data: NewNode) -> Result<()> {
        let map = NewNode::of_tree(node.id());
        for key in ["source", "offset", "strides"] {
            self.tree.remove_key(map, key);
        }
        // A node need not say what the elements of its HDU are.
        if matches!(array.source(), crate::array::DataSource::Hdu(_)) {
            self.describe(map, array)?;
        }
        self.set_shape(map, array.shape())?;
        self.tree.set_key(map, "data", data)
    }

    /// Lets a node say what the elements of an array are.
    pub(super) fn describe(&mut self, map: NewNode, array: &ArrayRef<'_>) -> Result<()> {
        for (key, value) in array.describe(self.tree.nodes()) {
            self.tree.set_key(map, key, value)?;
        }
        Ok(())
    }

    pub(super) fn set_shape(&mut self, map: NewNode, shape: &[u64]) -> Result<()> {
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
        let Some(mask) = loaded
            .mask()
            .filter(|_| crate::array::mask_node(node).is_none())
        else {
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
}
