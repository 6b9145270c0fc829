//! The names of what stands in a tree for a FITS file (spec-notes F-39).

use crate::tree::{Node, Tag};

/// A list of HDUs.
pub(super) const LIST: &str = "tag:astropy.org:astropy/fits/fits-1.2.0";
/// A table of columns.
pub(super) const TABLE: &str = "tag:astropy.org:astropy/table/table-1.3.0";
/// A column of a table.
pub(super) const COLUMN: &str = "tag:stsci.edu:asdf/table/column-1.2.0";
/// The key of an HDU for the columns of its table that a table of a tree has no place for.
pub(super) const VARIABLES: &str = "variable_columns";
/// A column of arrays of different lengths: ours alone, there is no other.
pub(super) const VARIABLE: &str = "asdf://asdf-toolkit/tags/fits/variable_column-1.0.0";
/// The key of an HDU for the bytes of truth values that are neither letters nor NUL: a list of mappings with the `number`
/// of the column and its `bytes`.
pub(super) const LOGICALS: &str = "logical_bytes";
/// The key of an HDU for cards that are formatted in a way of their own.
pub(super) const ORIGINALS: &str = "original_cards";
/// The key of an HDU for all its bytes.
pub(super) const RAW: &str = "raw";

/// True for a list of HDUs under any of its tags.
pub fn is_hdu_list(node: Node<'_>) -> bool {
    let known = |tag: &Tag| {
        let base = tag.base();
        base == "tag:astropy.org:astropy/fits/fits" || base == "tag:stsci.edu:asdf/fits/fits"
    };
    node.tag().is_some_and(known) && node.as_seq().is_some()
}

/// The list of HDUs that a tree is about: the root, or the only one below it.
pub fn hdu_list(root: Node<'_>) -> Option<Node<'_>> {
    if is_hdu_list(root) {
        return Some(root);
    }
    let map = root.as_map()?;
    let mut lists = map
        .iter()
        .map(|(_, value)| value)
        .filter(|node| is_hdu_list(*node));
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}
