//! Arrays in memory as data of the tree.

use crate::array::inline_nodes;
use crate::array::{ArrayBytes, ArrayRef, ArraySpec, DataSource, NewArray, Source};
use crate::block::{Block, BlockHeader};
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::input::Input;
use crate::limits::{Limit, Limits};
use crate::tree::{NewNode, Nodes, TreePath};
use std::io::Read;

/// The elements as nested lists.
pub(super) fn nodes_of(array: NewArray<'_>, nodes: &mut Nodes, limits: &Limits) -> Result<NewNode> {
    let size = array.byte_len();
    LimitExceeded::check(
        "bytes of an inline array",
        Limit::ViewBytes,
        size,
        limits.view_bytes,
    )?;
    let bytes = match array.data {
        ArrayBytes::Array(array, slices) if slices.is_empty() => {
            return inline_nodes(&array, nodes);
        }
        ArrayBytes::Array(array, slices) => array.with_packed(&slices, |data| {
            let mut bytes = Vec::new();
            data.read_to_end(&mut bytes)?;
            Ok(bytes)
        })?,
        ArrayBytes::Memory(bytes) => bytes.into_owned(),
        ArrayBytes::Stream(stream) => {
            let mut bytes = Vec::new();
            stream.take()?.take(size).read_to_end(&mut bytes)?;
            bytes
        }
        ArrayBytes::Block(block) => block.decoded()?.to_vec(),
    };
    let header = BlockHeader::of_raw(bytes.len() as u64);
    let input = Input::from(bytes);
    let block = Block::new(&input, &header, limits);
    let spec = ArraySpec {
        datatype: array.datatype,
        byteorder: array.byteorder,
        shape: array.shape,
        star: false,
        strides: array.strides,
        offset: 0,
        source: Source::Block(0),
    };
    let array = ArrayRef::new(
        spec,
        DataSource::Block(block),
        None,
        TreePath::default(),
        limits,
    )?;
    inline_nodes(&array, nodes)
}
