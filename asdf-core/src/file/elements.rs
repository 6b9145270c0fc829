//! Elements of arrays that are there already, given other values (spec-notes U-13 to U-17).

use super::AsdfFile;
use super::draft::{Draft, NewBlock};
use crate::array::{
    ArrayPart, ArrayRef, DataSource, Datatype, Patch, PatchedReader, Selected, Slice, is_array,
};
use crate::block::{Block, Compression, Verdict, mismatch};
use crate::error::ElementsFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::tree::{IntoTreePath, NewNode, Node, NodeId, TreeEdit, TreePath};
use serde::Serialize;
use std::io::Read;
use std::sync::Arc;

/// What setting elements does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ElementsSet {
    /// Elements that get the value.
    pub count: u64,
    /// The other paths at which elements change: of the same array, which is shared, and of arrays
    /// that have some of the same bytes.
    pub also: Vec<TreePath>,
    /// Whether the array has a mask, which stays as it is.
    pub is_masked: bool,
}

impl<'f> Draft<'f> {
    /// Gives elements of an array of the open file a value: one for all that the slices take, or lists
    /// of the shape of what they take. Of records a mapping sets the fields that it names. A raw block
    /// is changed where it stands when the file is updated, a compressed one is written anew with its
    /// codec, of an array in the tree the lists are changed.
    ///
    /// # Errors
    /// The value is not one that the datatype holds: another type, out of range, text that is too long,
    /// an integer that the float is not exactly. A slice that leads out of the array, or takes nothing.
    /// The data are in another file or an HDU, or their checksum is wrong. Then nothing is changed.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// # std::fs::copy(path, &out)?;
    /// use asdf_core::array::Slice;
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(&out)?;
    /// let mut draft = file.to_draft();
    /// draft.set_elements("roman/data", &Slice::parse_list("0:10, 5")?, f32::NAN)?;
    /// draft.update(&out, &WriteOptions::default())?;
    /// let changed = AsdfFile::open(&out)?;
    /// assert!(changed.array("roman/data")?.load()?.view::<f32>()?.get(&[9, 5]).is_some_and(f32::is_nan));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_elements(
        &mut self,
        path: impl IntoTreePath,
        slices: &[Slice],
        value: impl Serialize,
    ) -> Result<ElementsSet> {
        let mut edit = TreeEdit::new();
        let node = edit.nodes().value(value)?;
        edit.set("value", node)?;
        let tree = edit.read_anew(&self.limits)?;
        self.set_elements_to(path, slices, tree.node("value")?)
    }

    /// The same with a value that a node of any tree has.
    ///
    /// # Errors
    /// As [`Draft::set_elements`].
    pub fn set_elements_to(
        &mut self,
        path: impl IntoTreePath,
        slices: &[Slice],
        value: Node<'_>,
    ) -> Result<ElementsSet> {
        let path = path.into_tree_path()?;
        let put = self.put_elements(&path, slices, (&[], &[]), value);
        put.at_path(|| &path)
    }

    /// The same of a part that a path names, which may be a column of records.
    ///
    /// # Errors
    /// As [`Draft::set_elements`]; `None` has made an axis.
    pub fn set_part_to(
        &mut self,
        path: impl IntoTreePath,
        part: &ArrayPart,
        value: Node<'_>,
    ) -> Result<ElementsSet> {
        let path = path.into_tree_path()?;
        if part.has_new_axes() {
            return Err(Error::from(ElementsFault::NewAxis).at_path(|| &path));
        }
        part.check_within().at_path(|| &path)?;
        let of_field = (part.fields(), part.field_slices());
        let put = self.put_elements(&path, &part.slices(), (of_field.0, &of_field.1), value);
        put.at_path(|| &path)
    }

    fn put_elements(
        &mut self,
        path: &TreePath,
        slices: &[Slice],
        of_field: (&[String], &[Slice]),
        value: Node<'_>,
    ) -> Result<ElementsSet> {
        let Some(file) = self.source.filter(|_| self.text.is_none()) else {
            return Err(ElementsFault::NoSource.into());
        };
        let Some(new) = self.tree.find(path)? else {
            // Says how far the path leads.
            file.node(path)?;
            return Err(ElementsFault::Merged.into());
        };
        let Some(node) = self.tree.original(new).and_then(|id| file.tree().by_id(id)) else {
            return Err(ElementsFault::New.into());
        };
        let array = file.array_at(node)?;
        let part = array.selected(slices)?;
        let patches = array.patches(&part, of_field, value)?;
        if array.is_in_tree() {
            self.put_in_tree(new, &array, &patches)?;
        } else {
            if self.tree.is_changed_within(new) {
                return Err(ElementsFault::Redescribed.into());
            }
            self.put_in_block(file, &array, patches)?;
        }
        let mut also = self.tree.paths(new);
        also.retain(|other| other.to_string() != path.to_string());
        for other in sharing(file, node, &array, &part) {
            also.extend(self.tree.paths(NewNode::of_tree(other)));
        }
        Ok(ElementsSet {
            count: part.count,
            also,
            is_masked: array.is_masked(),
        })
    }

    fn put_in_block(
        &mut self,
        file: &'f AsdfFile,
        array: &ArrayRef<'f>,
        patches: Vec<Arc<Patch>>,
    ) -> Result<()> {
        let block = match array.source() {
            DataSource::Block(block) if std::ptr::eq(block.input(), file.input()) => block,
            DataSource::Hdu(_) => {
                return Err(ElementsFault::InHdu.into());
            }
            _ => {
                return Err(ElementsFault::Elsewhere.into());
            }
        };
        let header = block.header();
        let size = usize::try_from(array.datatype().size()).unwrap_or(1);
        match self.blocks.get_mut(header.index) {
            Some(NewBlock::Patched { patches: known, .. }) => known.extend(patches),
            Some(known @ NewBlock::Stored(_)) => {
                Compression::new(header.codec())?;
                if let Some(fact) = header.fault() {
                    return Err(Error::from(fact).in_block(header.index));
                }
                // A new checksum must not make right what was wrong.
                if let Verdict::Mismatch { computed, .. } = block.verify()? {
                    return Err(mismatch(block, computed));
                }
                *known = NewBlock::Patched {
                    block,
                    patches,
                    element_size: size,
                };
            }
            _ => return Err(ElementsFault::BlockReplaced.into()),
        }
        Ok(())
    }

    /// Changes the lists of an array in the tree.
    fn put_in_tree(
        &mut self,
        new: NewNode,
        array: &ArrayRef<'_>,
        patches: &[Arc<Patch>],
    ) -> Result<()> {
        if matches!(array.datatype(), Datatype::Record(_)) && self.tree.is_changed_within(new) {
            return Err(ElementsFault::RecordsChanged.into());
        }
        for (index, bytes) in array.patched_elements(patches)? {
            let node = array.element_node(&bytes, self.tree.nodes())?;
            self.tree.set_item(new, &index, node)?;
        }
        Ok(())
    }
}

/// The arrays other than `node` that have some of the bytes.
fn sharing(file: &AsdfFile, node: Node<'_>, array: &ArrayRef<'_>, part: &Selected) -> Vec<NodeId> {
    let DataSource::Block(own) = array.source() else {
        return Vec::new();
    };
    let others = file
        .tree()
        .nodes()
        .filter(|other| other.id() != node.id() && is_array(*other));
    let shares = |other: &Node<'_>| {
        let Ok(other) = file.array_at(*other) else {
            return false;
        };
        let DataSource::Block(block) = other.source() else {
            return false;
        };
        let same = std::ptr::eq(block.input(), own.input());
        same && block.header().index == own.header().index && array.shares(part, &other)
    };
    others.filter(shares).map(Node::id).collect()
}

/// The decoded data of a block with elements replaced, as a stream.
pub(super) fn patched<'p>(
    block: Block<'p>,
    patches: &'p [Arc<Patch>],
) -> Result<Box<dyn Read + Send + 'p>> {
    let mut reader = block.reader()?;
    for patch in patches {
        reader = Box::new(PatchedReader::new(reader, patch));
    }
    Ok(reader)
}
