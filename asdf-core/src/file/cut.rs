//! Arrays of a draft cut to a window.

use super::draft::Draft;
use crate::array::{DataSource, NewArray};
use crate::block::Compression;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Usage;
use crate::tree::{IntoTreePath, NewNode, Node};
use std::ops::Range;

impl<'f> Draft<'f> {
    /// Leaves only a window of an array of the open file, a range for each axis; its mask is cut as
    /// well. The data go into a block of their own, with the codec of the block that they are in.
    ///
    /// # Errors
    /// There is no such array; the window does not lie within it.
    pub fn cut_array(&mut self, path: impl IntoTreePath, window: &[Range<u64>]) -> Result<()> {
        let Some(file) = self.source else {
            let reason = "only the arrays of an open file are cut";
            return Err(Error::from(Usage::Edit {
                reason: reason.into(),
            }));
        };
        let node = file.node(path)?;
        self.cut_node(node, window).at_path(|| node.path())?;
        if let Some(mask) = node
            .get("mask")
            .filter(|mask| crate::array::is_ndarray(*mask))
        {
            // A mask may have fewer axes than the array: they are the last ones.
            let axes = file.array_at(mask)?.shape().len();
            let own = window.len().saturating_sub(axes);
            let own = window.get(own..).unwrap_or_default();
            self.cut_node(mask, own).at_path(|| mask.path())?;
        }
        Ok(())
    }

    fn cut_node(&mut self, node: Node<'f>, window: &[Range<u64>]) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let array = file.array_at(node)?;
        let compression = match array.source() {
            DataSource::Block(block) => Compression::new(block.header().codec()),
            DataSource::Inline(_) | DataSource::Hdu(_) => Ok(Compression::NONE),
        };
        let new = NewArray::from_window(array, window)?;
        let keys = new.describe(self.tree.nodes(), false);
        // A codec that nothing here writes is left.
        let number = self.add_block(new, compression.unwrap_or_default());
        let source = self.tree.nodes().int(number);
        let id = NewNode::of_tree(node.id());
        for key in ["data", "offset", "strides"] {
            self.tree.remove_key(id, key);
        }
        self.tree.set_key(id, "source", source)?;
        for (key, value) in keys {
            self.tree.set_key(id, key, value)?;
        }
        Ok(())
    }
}
