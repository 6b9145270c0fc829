//! A list of HDUs in a tree that goes out as HDUs, with the rest of the tree beside it.

use crate::error::EmbedFault;
use crate::error::Result;
use crate::file::Draft;
use crate::fits::FitsFile;
use crate::tree::{NewNode, Node, TreePath};

impl Draft<'_> {
    /// Takes the list of HDUs under a key of the root out of the tree; arrays that it shares with the rest of the tree name
    /// their HDU instead. `fits` has the HDUs of the list, in its order, and is what the draft is embedded in.
    ///
    /// # Errors
    /// The draft is not that of an open file, or has no such list; the HDUs are fewer.
    pub fn name_hdus(&mut self, key: &str, fits: &FitsFile) -> Result<()> {
        let list = self.source.and_then(|file| file.tree().root().get(key));
        let (Some(file), Some(items)) = (self.source, list.and_then(Node::as_seq)) else {
            let key = key.into();
            return Err(EmbedFault::NoHduList { key }.into());
        };
        self.tree.remove(TreePath::default().key(key))?;
        let left = self.tree.occurrences();
        for (index, item) in items.iter().enumerate() {
            let data = item.get("data").filter(|data| {
                crate::array::is_ndarray(*data) && left.contains(NewNode::of_tree(data.id()))
            });
            let Some(data) = data else {
                continue;
            };
            let hdu = fits.hdu(index)?;
            let named = fits.find(hdu.name(), Some(hdu.version()));
            let is_found =
                !hdu.name().is_empty() && named.is_some_and(|found| found.index() == hdu.index());
            let source = if is_found {
                format!("fits:{},{}", hdu.name(), hdu.version())
            } else {
                format!("fits:{index}")
            };
            let array = file.array_at(data)?;
            self.name_hdu(NewNode::of_tree(data.id()), &source, &array)?;
        }
        Ok(())
    }
}
