//! The columns of arrays.

use super::rows::Row;
use crate::columns::Cell;
use asdf_core::inspect::ArrayInfo;
use asdf_core::{AsdfFile, Node, TreePath};

/// What is told of each array.
pub(super) const COLUMNS: [&str; 6] = ["path", "datatype", "shape", "bytes", "storage", "codec"];

/// Adds what there is to say about an array without reading it.
pub(super) fn add(file: &AsdfFile, path: &TreePath, node: Node<'_>, row: &mut Row) {
    row.set("path", Cell::Text(path.to_string()), None);
    let info = match file.array_as(node, path) {
        Ok(array) => Ok(ArrayInfo::new(&array)),
        Err(_) => ArrayInfo::of_node(node),
    };
    let Ok(info) = info else {
        return;
    };
    row.set("datatype", Cell::Text(info.datatype.to_string()), None);
    row.set("shape", Cell::Text(info.shape_text()), None);
    row.set("bytes", Cell::Int(info.bytes.into()), None);
    row.set("storage", Cell::Text(info.storage_text()), None);
    let codec = info
        .compression
        .map_or(Cell::Empty, |codec| Cell::Text(codec.into()));
    row.set("codec", codec, None);
}
