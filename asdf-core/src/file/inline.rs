//! Arrays in memory as data of the tree.

use crate::array::NewArray;
use crate::error::Result;
use crate::tree::{NewNode, Nodes};

/// The elements as nested lists.
pub(super) fn nodes_of(_array: NewArray<'_>, _nodes: &mut Nodes) -> Result<NewNode> {
    todo!()
}
