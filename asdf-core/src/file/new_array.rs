//! Arrays that are put where the caller says.

use super::draft::{CORE, Draft, NewBlock, NewSibling};
use super::storage::{Place, Storage};
use crate::array::NewArray;
use crate::error::ArrayFault;
use crate::error::Result;
use crate::tree::NewNode;

impl<'f> Draft<'f> {
    /// Takes an array in and makes its node, to be put anywhere in the tree; at several places it is shared.
    ///
    /// # Errors
    /// An array that is to stand in the tree has elements that cannot; a streamed one needs its place at once
    /// ([`set_array`](Self::set_array)).
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
    /// let flux = [1.5_f64, 2.5];
    /// let mut draft = Draft::new();
    /// let array = draft.new_array(NewArray::from_slice(&flux, &[2])?, &Storage::internal())?;
    /// let list = draft.nodes().seq(vec![array, array]); // one block, named twice
    /// draft.tree().set("spectra", list)?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// # assert_eq!(asdf_core::AsdfFile::open(&out)?.array("spectra/1")?.load()?.to_f64()?, flux);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_array(&mut self, array: NewArray<'f>, storage: &Storage) -> Result<NewNode> {
        let tag = format!("{CORE}ndarray-{}", self.ndarray_version());
        let mut keys = array.describe(self.tree.nodes(), false);
        let data = match &storage.place {
            Place::Inline => (
                "data",
                super::inline::nodes_of(array, self.tree.nodes(), &self.limits)?,
            ),
            Place::Internal => {
                let number = self.add_block(array, storage.compression);
                ("source", self.tree.nodes().int(number))
            }
            Place::External(uri) => {
                let block = NewBlock::fresh(array, storage.compression);
                self.siblings.push(NewSibling {
                    uri: uri.clone(),
                    block,
                });
                ("source", self.tree.nodes().string(uri))
            }
            Place::Streamed => return Err(ArrayFault::StreamPlace.into()),
        };
        if storage.place == Place::Inline {
            keys.retain(|(key, _)| *key != "strides");
        }
        keys.insert(0, data);
        let node = self.tree.nodes().map_of(keys);
        self.tree.nodes().set_tag(node, &tag);
        Ok(node)
    }
}
