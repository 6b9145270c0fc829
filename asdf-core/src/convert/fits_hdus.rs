//! The names of what stands in a tree for a FITS file (spec-notes F-39).

use crate::tree::{Node, Tag};

/// The tags of a list, of a table and of its columns that asdf-astropy knows in files of a version of the standard.
pub(super) struct HduTags {
    /// A list of HDUs.
    pub(super) list: &'static str,
    /// A table of columns.
    pub(super) table: &'static str,
    /// A column of a table.
    pub(super) column: &'static str,
}

impl HduTags {
    pub(super) fn of_standard(version: &str) -> Self {
        match version {
            "1.0.0" | "1.1.0" | "1.2.0" | "1.3.0" | "1.4.0" | "1.5.0" => Self {
                list: "tag:astropy.org:astropy/fits/fits-1.0.0",
                table: "tag:astropy.org:astropy/table/table-1.1.0",
                column: "tag:stsci.edu:asdf/core/column-1.0.0",
            },
            _ => Self {
                list: "tag:astropy.org:astropy/fits/fits-1.2.0",
                table: "tag:astropy.org:astropy/table/table-1.3.0",
                column: "tag:stsci.edu:asdf/table/column-1.2.0",
            },
        }
    }
}

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

/// The list of HDUs that a tree is about: the root, or the only one below it; of several the one under `fits_`.
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
    if lists.next().is_none() {
        return Some(first);
    }
    // A list that came in beside a tree with lists of its own has a key that this one did not have.
    let mut key = "fits_".to_owned();
    let mut found = None;
    while let Some(node) = map.get(&key).filter(|node| is_hdu_list(*node)) {
        found = Some(node);
        key.push('_');
    }
    found
}
