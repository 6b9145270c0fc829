//! A file under construction: a tree, and the data of its arrays.

use super::AsdfFile;
use super::carry::{DataKey, Part};
use super::history::Software;
use super::storage::{Place, Storage};
use super::whole_text::WholeText;
use crate::array::{ArrayBytes, NewArray, Patch};
use crate::block::{Block, Compression, CorruptBlocks};
use crate::error::ArrayFault;
use crate::error::Locate;
use crate::error::Result;
use crate::limits::Limits;
use crate::tree::{Content, IntoTreePath, NewNode, Nodes, Tree, TreeEdit, TreePath};
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The standard version of files made of nothing.
const STANDARD: &str = "1.6.0";
pub(super) const CORE: &str = "tag:stsci.edu:asdf/core/";

/// A file that is to be written: made of nothing, or an open file with changes. What is not changed
/// is written as it stands: the tree's text byte for byte, blocks with their codec and checksum.
///
/// Writing does not change a draft: it can be written again, after a failure too. Only data that come from a
/// stream ([`NewArray::from_reader`]) are there once; a second use of them is an error.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.asdf");
/// use asdf_core::array::NewArray;
/// use asdf_core::block::{Codec, Compression};
/// use asdf_core::file::Storage;
/// use asdf_core::{AsdfFile, Draft, WriteOptions};
///
/// let pixels: Vec<f32> = (0..12).map(|value| value as f32).collect();
/// let lz4 = Storage::compressed(Compression::new(Codec::Lz4)?);
/// let mut draft = Draft::new();
/// draft.set("meta/target", "M 31")?;
/// draft.set_array("data", NewArray::from_slice(&pixels, &[3, 4])?, &lz4)?;
/// draft.save(&out, &WriteOptions::default())?;
///
/// let back = AsdfFile::open(&out)?;
/// assert_eq!(back.array("data")?.load()?.view::<f32>()?.get(&[1, 2]), Some(6.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about what is written"
)]
pub struct Draft<'f> {
    pub(super) source: Option<&'f AsdfFile>,
    pub(super) tree: TreeEdit<'f>,
    /// The tree, when its text was given as a whole.
    pub(super) text: Option<Arc<WholeText>>,
    /// The blocks of the open file under their numbers, then new ones.
    pub(super) blocks: Vec<NewBlock<'f>>,
    /// Other files that are written together with this one.
    pub(super) siblings: Vec<NewSibling<'f>>,
    pub(super) standard: Option<String>,
    /// Whether blocks of the open file stay that no array ever named.
    pub(super) keep_unused: bool,
    /// Whether the HDUs that its arrays name are written around it.
    pub(super) is_embedding: bool,
    /// Whether words stand for data that whoever writes the text puts in their place.
    pub(super) has_words: bool,
    /// Whether it names other files from the place that it is written to, where they have been looked for.
    pub(super) names_from_output: bool,
    /// Whether arrays in HDUs were given blocks.
    #[cfg_attr(not(feature = "fits"), expect(dead_code, reason = "for HDUs only"))]
    pub(super) has_own_data: bool,
    pub(super) limits: Limits,
    /// The blocks that data of other files have become.
    pub(super) carried: HashMap<DataKey, usize>,
    /// Whether outputs may leave out blocks that no array names.
    pub(super) drop_unknown: bool,
    pub(super) output: Destination,
    /// Headers of the open FITS file that are changed with the tree, by HDU.
    #[cfg(feature = "fits")]
    pub(super) headers: std::collections::BTreeMap<usize, crate::fits::HeaderEdit>,
}

/// Where a draft will be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Destination {
    /// Nobody has said.
    #[default]
    Unknown,
    /// To a stream, which has no folder.
    Stream,
    /// Under that name.
    File(PathBuf),
}

/// A block of a draft.
#[derive(Debug, Clone)]
pub(super) enum NewBlock<'f> {
    /// One of an open file.
    Stored(Block<'f>),
    /// The first one of a file that an open file names.
    Part(Arc<Part<'f>>),
    /// New data.
    Fresh(Arc<Fresh<'f>>),
    /// Nothing: it keeps a number, so that those after it keep theirs.
    Empty,
    /// One of an open file, some elements of it replaced.
    Patched {
        block: Block<'f>,
        patches: Vec<Arc<Patch>>,
        element_size: usize,
    },
    /// New data that goes to the end of the file.
    Streamed(Arc<Fresh<'f>>),
}

#[derive(Debug)]
pub(super) struct Fresh<'f> {
    pub(super) data: ArrayBytes<'f>,
    pub(super) size: u64,
    pub(super) element_size: usize,
    /// Lengths of the axes, where the data are all of an array in C order.
    pub(super) shape: Option<Vec<u64>>,
    pub(super) compression: Compression,
}

/// An array's data in a file of its own.
#[derive(Debug, Clone)]
pub(super) struct NewSibling<'f> {
    pub(super) uri: Box<str>,
    pub(super) block: NewBlock<'f>,
}

impl AsdfFile {
    /// A draft of this file, to be changed and written.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// # std::fs::copy(path, &out)?;
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(&out)?;
    /// let mut draft = file.to_draft();
    /// draft.set("roman/meta/exposure/type", "WFI_DARK")?;
    /// draft.update(&out, &WriteOptions::default())?; // comments, order and all other values stay as they are
    /// # assert_eq!(AsdfFile::open(&out)?.node("roman/meta/exposure/type")?.read::<String>()?, "WFI_DARK");
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_draft(&self) -> Draft<'_> {
        Draft {
            source: Some(self),
            tree: TreeEdit::of(self.tree()),
            text: None,
            blocks: self.blocks().map(NewBlock::Stored).collect(),
            siblings: Vec::new(),
            standard: None,
            keep_unused: true,
            is_embedding: false,
            names_from_output: false,
            has_words: false,
            has_own_data: false,
            limits: self.limits().clone(),
            carried: HashMap::new(),
            drop_unknown: false,
            output: Destination::Unknown,
            #[cfg(feature = "fits")]
            headers: std::collections::BTreeMap::new(),
        }
    }
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self {
            source: None,
            tree: TreeEdit::new(),
            text: None,
            blocks: Vec::new(),
            siblings: Vec::new(),
            standard: Some(STANDARD.to_owned()),
            keep_unused: true,
            is_embedding: false,
            names_from_output: false,
            has_words: false,
            has_own_data: false,
            limits: Limits::default(),
            carried: HashMap::new(),
            drop_unknown: false,
            output: Destination::Unknown,
            #[cfg(feature = "fits")]
            headers: std::collections::BTreeMap::new(),
        }
    }
}

impl<'f> Draft<'f> {
    /// An empty file of the newest standard that says what wrote it.
    pub fn new() -> Self {
        let mut draft = Self::default();
        let software = Software::own().node(draft.tree.nodes());
        // The root of a new tree is a mapping.
        let _ = draft.tree.set("asdf_library", software);
        draft
    }

    /// The open file that is being changed, if there is one.
    pub fn source(&self) -> Option<&'f AsdfFile> {
        self.source
    }

    /// Where new nodes of the tree are made.
    pub fn nodes(&mut self) -> &mut Nodes {
        self.tree.nodes()
    }

    /// The budgets that reading its tree again is held to.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The tree as it is now.
    pub fn tree(&mut self) -> &mut TreeEdit<'f> {
        &mut self.tree
    }

    /// Puts any value at a path; mappings that are missing on the way are made. A scalar in place of
    /// a tagged scalar takes over its tag.
    ///
    /// # Errors
    /// The value cannot be serialized; the path leads through something that is not a mapping or list, or beyond the end of a list.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Pointing {
    ///     ra: f64,
    ///     dec: f64,
    /// }
    ///
    /// let mut draft = Draft::new();
    /// draft.set("meta/pointing", Pointing { ra: 10.68, dec: 41.27 })?;
    /// draft.set("meta/filters", ["F158", "F213"])?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// assert_eq!(AsdfFile::open(&out)?.node("meta/pointing/dec")?.read::<f64>()?, 41.27);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(&mut self, path: impl IntoTreePath, value: impl Serialize) -> Result<&mut Self> {
        let node = self.tree.nodes().value(value)?;
        self.tree.set(path, node)?;
        Ok(self)
    }

    /// Puts a node in the place of the root; a mapping without a tag gets that of a file's root.
    ///
    /// # Errors
    /// The root cannot be replaced, as [`TreeEdit::set`].
    pub fn set_root(&mut self, root: NewNode) -> Result<()> {
        let nodes = self.tree.nodes();
        if nodes.tag(root).is_none() && matches!(nodes.content(root), Some(Content::Map { .. })) {
            nodes.set_tag(root, &format!("{CORE}asdf-1.1.0"));
            nodes.set_flow(root, false);
        }
        self.tree.set(TreePath::default(), root)
    }

    /// Takes out what stands at a path. Blocks that nothing refers to any more are left out.
    ///
    /// # Errors
    /// There is nothing at the path; it stands there by a merge key, or is the root.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let mut draft = file.to_draft();
    /// draft.remove("roman/err")?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// assert_eq!(AsdfFile::open(&out)?.blocks().len(), 19);
    /// # Ok(())
    /// # }
    /// ```
    pub fn remove(&mut self, path: impl IntoTreePath) -> Result<&mut Self> {
        self.tree.remove(path)?;
        Ok(self)
    }

    /// Takes this text as the whole tree: `%YAML` and `%TAG` lines, `---`, the nodes, `...`; what is
    /// missing of the first and the last line is added. Blocks stay as they are; earlier changes of
    /// the tree are lost, later ones have no effect.
    ///
    /// # Errors
    /// The text is not YAML; an array that could be read no longer can, or a new one cannot
    /// ([`Draft::check_arrays`]). Then the draft is as before.
    pub fn set_text(&mut self, text: &str) -> Result<&mut Self> {
        let mut whole = String::new();
        if !text.starts_with("%YAML") {
            whole.push_str("%YAML 1.1\n");
            if !text.starts_with('%') && !text.lines().any(|line| line.starts_with("---")) {
                whole.push_str("%TAG ! tag:stsci.edu:asdf/\n---\n");
            }
        }
        // Other white space may be text.
        whole.push_str(text.trim_end_matches([' ', '\t', '\r', '\n']));
        if !whole.ends_with("\n...") {
            whole.push_str("\n...");
        }
        whole.push('\n');
        let whole = Arc::new(WholeText::read(&whole, &self.limits)?);
        let before = self.text.replace(Arc::clone(&whole));
        if let Err(error) = self.check_early(whole.tree_at(0)) {
            self.text = before;
            return Err(error);
        }
        Ok(self)
    }

    /// Leaves out the blocks that no array of the tree names.
    pub fn drop_unused_blocks(&mut self) {
        self.keep_unused = false;
    }

    /// Puts an array at a path.
    ///
    /// # Errors
    /// As [`Draft::set`]; the storage cannot hold such an array (a second streamed block, a compressed streamed block).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::array::NewArray;
    /// use asdf_core::file::Storage;
    /// use asdf_core::{Draft, WriteOptions};
    ///
    /// let spectrum = [1.5_f64, 2.5, 4.0];
    /// let mut draft = Draft::new();
    /// draft.set_array("flux", NewArray::from_slice(&spectrum, &[3])?, &Storage::inline())?; // in the tree
    /// draft.set_array("raw", NewArray::from_slice(&spectrum, &[3])?, &Storage::internal())?; // in a block
    /// draft.save(&out, &WriteOptions::default())?;
    /// # assert_eq!(asdf_core::AsdfFile::open(&out)?.array("flux")?.load()?.to_f64()?, spectrum);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_array(
        &mut self,
        path: impl IntoTreePath,
        array: NewArray<'f>,
        storage: &Storage,
    ) -> Result<&mut Self> {
        let path = path.into_tree_path()?;
        if storage.place == Place::Streamed {
            self.put_last(&path, &array, true).at_path(|| &path)?;
            let data = Arc::new(Fresh::new(array, Compression::NONE));
            self.blocks.push(NewBlock::Streamed(data));
            return Ok(self);
        }
        let old = self.tree.find(&path)?;
        let old_tag = old.and_then(|node| self.tree.nodes().tag(node).map(str::to_owned));
        let node = self.new_array(array, storage)?;
        if let Some(tag) = old_tag.filter(|tag| is_ndarray_tag(tag)) {
            self.tree.nodes().set_tag(node, &tag);
        }
        self.tree.set(&path, node)?;
        Ok(self)
    }

    /// Gives an array a block and makes its node, with some more keys, to be put anywhere in the tree.
    #[cfg(feature = "fits")]
    pub(crate) fn array_node(
        &mut self,
        array: NewArray<'f>,
        more: Vec<(&'static str, NewNode)>,
    ) -> NewNode {
        let mut keys = array.describe(self.tree.nodes(), false);
        let number = self.add_block(array, Compression::NONE);
        keys.insert(0, ("source", self.tree.nodes().int(number)));
        keys.extend(more);
        let node = self.tree.nodes().map_of(keys);
        let tag = format!("{CORE}ndarray-{}", self.ndarray_version());
        self.tree.nodes().set_tag(node, &tag);
        node
    }

    /// Puts the node of an array whose data will be the last block.
    pub(super) fn put_last(
        &mut self,
        path: impl IntoTreePath,
        array: &NewArray<'_>,
        star: bool,
    ) -> Result<()> {
        if self.blocks.iter().any(NewBlock::is_streamed) {
            return Err(ArrayFault::SecondStream.into());
        }
        let mut keys = array.describe(self.tree.nodes(), star);
        let number = if star {
            -1
        } else {
            i64::try_from(self.blocks.len()).unwrap_or(-1)
        };
        keys.insert(0, ("source", self.tree.nodes().int(number)));
        let node = self.tree.nodes().map_of(keys);
        let tag = format!("{CORE}ndarray-{}", self.ndarray_version());
        self.tree.nodes().set_tag(node, &tag);
        self.tree.set(path, node)
    }

    /// The tree as it will be written, but for the numbers of its blocks, to be looked at before.
    ///
    /// # Errors
    /// As [`TreeEdit::text`].
    pub fn to_tree(&self) -> Result<Tree> {
        if let Some(whole) = &self.text {
            return Ok(whole.tree_at(0));
        }
        let text = self.tree.text(&self.limits)?;
        Tree::parse(text.as_bytes(), 0, &self.limits, &mut Vec::new())
    }

    /// The tree of the open file, where it stays as it is: what [`Draft::to_tree`] would read again.
    pub fn unchanged_tree(&self) -> Option<&'f Tree> {
        let is_same = self.text.is_none() && self.tree.is_unchanged();
        self.source.map(AsdfFile::tree).filter(|_| is_same)
    }

    /// The version of the standard that the file will follow.
    pub fn standard_version(&self) -> &str {
        let source = || self.source.map(AsdfFile::standard_version);
        self.standard.as_deref().or_else(source).unwrap_or(STANDARD)
    }

    /// What is done with blocks whose checksum is wrong.
    pub(crate) fn corrupt_blocks(&self) -> CorruptBlocks {
        self.source
            .map_or(CorruptBlocks::default(), AsdfFile::corrupt_blocks)
    }

    /// True when there are data that the open file does not have.
    pub(crate) fn has_new_data(&self) -> bool {
        let own = self
            .source
            .map_or(0, |file| file.block_table().headers().len());
        self.blocks.len() > own || !self.siblings.is_empty()
    }

    /// True when the tree is that of the open file, which may have none.
    pub(super) fn is_tree_unchanged(&self) -> bool {
        self.source.is_some() && (self.tree.is_unchanged() || self.tree.is_blank())
    }

    /// True when it would be written as the open file is.
    pub(super) fn is_unchanged(&self) -> Result<bool> {
        let Some(file) = self.source else {
            return Ok(false);
        };
        let blocks = self.blocks.iter().zip(file.blocks());
        let same_blocks = self.blocks.len() == file.blocks().len()
            && blocks.into_iter().all(
                |(new, old)| matches!(new, NewBlock::Stored(new) if new.header() == old.header()),
            );
        if !same_blocks || !self.siblings.is_empty() || self.standard.is_some() || !self.keep_unused
        {
            return Ok(false);
        }
        let before = file.tree().text();
        match &self.text {
            Some(whole) => Ok(whole.text() == before),
            None if self.is_tree_unchanged() => Ok(true),
            None => Ok(self.tree.text(&self.limits)? == before),
        }
    }

    pub(super) fn add_block(&mut self, array: NewArray<'f>, compression: Compression) -> i128 {
        self.blocks.push(NewBlock::fresh(array, compression));
        i128::try_from(self.blocks.len()).unwrap_or(0) - 1
    }

    pub(super) fn ndarray_version(&self) -> &'static str {
        let standard = self.standard.as_deref().or_else(|| {
            let header = self.source?.header();
            header.standard_version.as_deref()
        });
        match standard {
            Some("1.0.0" | "1.1.0" | "1.2.0" | "1.3.0" | "1.4.0" | "1.5.0") => "1.0.0",
            _ => "1.1.0",
        }
    }
}

impl<'f> NewBlock<'f> {
    pub(super) fn fresh(array: NewArray<'f>, compression: Compression) -> Self {
        Self::Fresh(Arc::new(Fresh::new(array, compression)))
    }

    pub(super) fn is_streamed(&self) -> bool {
        match self {
            Self::Stored(block) | Self::Patched { block, .. } => block.header().is_streamed(),
            Self::Part(part) => part.is_streamed(),
            Self::Fresh(_) | Self::Empty => false,
            Self::Streamed(_) => true,
        }
    }
}

impl<'f> Fresh<'f> {
    fn new(array: NewArray<'f>, compression: Compression) -> Self {
        Self {
            size: array.byte_len(),
            element_size: usize::try_from(array.datatype.size()).unwrap_or(1),
            shape: Some(array.shape.clone()),
            data: array.data,
            compression,
        }
    }
}

pub(super) fn is_ndarray_tag(tag: &str) -> bool {
    tag.strip_prefix(CORE)
        .is_some_and(|name| name.starts_with("ndarray-"))
}

/// How many blocks a negative `source` counts from: those of the open file, or up to the new one that goes on to the
/// end of the file.
pub(super) fn counted_from_end(blocks: &[NewBlock<'_>], old_count: usize) -> usize {
    let is_new = |block: &NewBlock<'_>| matches!(block, NewBlock::Streamed(_));
    let streamed = blocks.iter().rposition(is_new);
    streamed.map_or(old_count, |last| last.saturating_add(1))
}

/// Nodes of a draft that name a block, with the number that they name.
pub(super) fn sources(tree: &TreeEdit<'_>) -> Vec<(NewNode, i64)> {
    let nodes = tree.node_table();
    let mut out = Vec::new();
    if !nodes.has_tag(is_ndarray_tag) {
        return out;
    }
    let reachable = tree.reachable();
    for node in reachable {
        let Some(Content::Map { pairs, .. }) = nodes.content(node) else {
            continue;
        };
        if !nodes.tag(node).is_some_and(is_ndarray_tag) {
            continue;
        }
        let source = pairs
            .iter()
            .rev()
            .find(|pair| nodes.is_text(pair.0, "source"));
        if let Some(number) = source.and_then(|pair| nodes.small_int(pair.1)) {
            out.push((node, number));
        }
    }
    out
}
