//! The nodes that a pattern of paths finds.

use super::Cell;
use asdf_core::array::is_array;
use asdf_core::file::FileNode;
use asdf_core::inspect::PathPattern;
use asdf_core::{AsdfFile, Result, TreePath};

/// A value that was found: its path, and the unit of a quantity.
pub(crate) type Found = (TreePath, Cell, Option<String>);

/// The values that fit: scalars, quantities and moments. What a quantity, a moment or an array that fits is made of is no
/// value by itself.
///
/// # Errors
/// The tree is too large when its shared nodes are expanded.
pub(crate) fn matching(file: &AsdfFile, pattern: &PathPattern) -> Result<Vec<Found>> {
    let mut out = Vec::new();
    let mut walk = file.tree().walk(file.limits());
    while let Some(node) = walk.next() {
        let node = node?;
        let path = walk.path();
        if !pattern.matches(&path) {
            continue;
        }
        if is_array(node) {
            walk.skip_children();
        } else if let Some((cell, unit)) = Cell::of_scalar(FileNode { file, node }) {
            walk.skip_children();
            out.push((path, cell, unit));
        }
    }
    Ok(out)
}
