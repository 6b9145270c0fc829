//! Arrays of a draft cut to a window.

use super::draft::Draft;
use super::pad;
use crate::array::NULLS;
use crate::array::mask_node;
use crate::array::{DataSource, NewArray, is_ndarray};
use crate::block::Compression;
use crate::error::EditFault;
use crate::error::Locate;
use crate::error::Result;
use crate::tree::{IntoTreePath, NewNode, Node, NodeId, Shared, TreePath};
use std::collections::HashMap;
use std::ops::Range;

/// Arrays that are cut, each once however many places it stands in.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    known: HashMap<NodeId, NewNode>,
    /// What elements of a window have that lie outside of the array; without it a window must lie within.
    fill: Option<f64>,
    /// Arrays of integers that have 0 there, since they have no NaN.
    pub(crate) zeros: Vec<TreePath>,
}

impl Cut {
    /// Windows may reach over the edge.
    #[cfg(feature = "wcs")]
    pub(crate) fn padded(fill: Option<f64>) -> Self {
        Self {
            fill,
            ..Self::default()
        }
    }
}

impl<'f> Draft<'f> {
    /// Leaves only a window of an array of the open file, a range for each axis; its mask is cut as
    /// well. The data go into a block of their own, with the codec of the block that they are in. Where the node of the
    /// array is shared with other places, those keep the whole array.
    ///
    /// # Errors
    /// There is no such array; the window does not lie within it.
    pub fn cut_array(&mut self, path: impl IntoTreePath, window: &[Range<u64>]) -> Result<()> {
        let Some(file) = self.source else {
            return Err(EditFault::NoSource.into());
        };
        let shared = Shared::of(file.tree());
        let path = path.into_tree_path()?;
        let signed = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
        let window = window
            .iter()
            .map(|range| signed(range.start)..signed(range.end));
        let window: Vec<Range<i64>> = window.collect();
        self.cut_at(&path, &window, &shared, &mut Cut::default())
    }

    /// The same for one of several arrays; the window may reach over the edges where there is something to fill it with.
    pub(crate) fn cut_at(
        &mut self,
        path: &TreePath,
        window: &[Range<i64>],
        shared: &Shared,
        cut: &mut Cut,
    ) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let node = file.node(path)?;
        let new = match cut.known.get(&node.id()) {
            Some(known) => *known,
            None => self
                .cut_node(node, window, (path, false), cut)
                .at_path(|| path.clone())?,
        };
        if !cut.known.contains_key(&node.id())
            && let Some(mask) = mask_node(node).filter(|mask| is_ndarray(*mask))
        {
            // A mask may have fewer axes than the array: they are the last ones.
            let axes = file.array_at(mask)?.shape().len();
            let own = window.len().saturating_sub(axes);
            let own = window.get(own..).unwrap_or_default();
            let place = mask.path();
            let mask = self
                .cut_node(mask, own, (&place, true), cut)
                .at_path(|| place.clone())?;
            let is_mask = node.get("mask").is_some();
            let key = if is_mask { "mask" } else { NULLS };
            self.tree.set_key(new, key, mask)?;
        }
        cut.known.insert(node.id(), new);
        self.tree.own(path, shared)?;
        self.tree.set(path, new)
    }

    /// `is_mask`: what is outside of a mask is masked.
    fn cut_node(
        &mut self,
        node: Node<'f>,
        window: &[Range<i64>],
        (path, is_mask): (&TreePath, bool),
        cut: &mut Cut,
    ) -> Result<NewNode> {
        let file = self.source.ok_or(EditFault::NoSource)?;
        let array = file.array_at(node)?;
        let compression = match array.source() {
            DataSource::Block(block) => Compression::new(block.header().codec()),
            DataSource::Inline(_) | DataSource::Hdu(_) => Ok(Compression::NONE),
        };
        let within = pad::within(window, array.shape(), cut.fill.is_some());
        let new = if let Some(within) = within {
            NewArray::from_window(array, &within)?
        } else {
            let outside = if is_mask { Some(1.0) } else { cut.fill };
            let (new, is_zero) = pad::padded(&array, window, outside, file.limits())?;
            if is_zero {
                cut.zeros.push(path.clone());
            }
            new
        };
        let keys = new.describe(self.tree.nodes(), false);
        // A codec that nothing here writes is left.
        let number = self.add_block(new, compression.unwrap_or_default());
        let source = self.tree.nodes().int(number);
        let is_mapping = is_ndarray(node) && node.as_map().is_some();
        let map = if is_mapping {
            self.tree.nodes().shallow(NewNode::of_tree(node.id()))
        } else {
            // Lists, and arrays of other files.
            let tag = format!("tag:stsci.edu:asdf/core/ndarray-{}", self.ndarray_version());
            let nodes = self.tree.nodes();
            let map = nodes.map(Vec::new());
            nodes.set_tag(map, &tag);
            nodes.set_flow(map, false);
            map
        };
        for key in ["data", "offset", "strides"] {
            self.tree.remove_key(map, key);
        }
        self.tree.set_key(map, "source", source)?;
        for (key, value) in keys {
            self.tree.set_key(map, key, value)?;
        }
        Ok(map)
    }
}
