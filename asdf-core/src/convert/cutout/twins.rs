//! Arrays that are the data of an HDU as well.

use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::{Node, NodeId};
use crate::wcs::GridArray;
use std::collections::{HashMap, HashSet};

impl AsdfFile {
    /// The other places of arrays that are the data of an HDU in the list beside the tree: a tree and its HDU have one
    /// image, and go on to have one.
    pub(super) fn hdu_twins_of(&self, arrays: &[GridArray]) -> Result<Vec<GridArray>> {
        let list = crate::convert::hdu_list(self.tree().root()).and_then(Node::as_seq);
        let data = list.iter().flat_map(|list| list.iter());
        let data = data.filter_map(|hdu| Some(hdu.get("data")?.id()));
        let data: HashSet<NodeId> = data.collect();
        let mut cut: HashMap<NodeId, &[u64]> = HashMap::new();
        for array in arrays {
            let id = self.node(&array.path)?.id();
            if data.contains(&id) {
                cut.insert(id, &array.shape);
            }
        }
        if cut.is_empty() {
            return Ok(Vec::new());
        }
        let others = self.arrays()?.into_iter().filter_map(|(path, node)| {
            let shape = cut.get(&node.id())?.to_vec();
            let is_known = arrays.iter().any(|array| array.path == path);
            (!is_known).then_some(GridArray { path, shape })
        });
        Ok(others.collect())
    }
}
