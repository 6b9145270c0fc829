//! The elements of an array as nodes of a tree.

use super::ArrayRef;
use crate::error::Result;
use crate::tree::{NewNode, Nodes};

pub(crate) fn inline_nodes(_array: &ArrayRef<'_>, _nodes: &mut Nodes) -> Result<NewNode> {
    todo!()
}
