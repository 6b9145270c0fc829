//! `meta` of tables and columns: free values of the tree.

use super::object::{Cannot, Value};
use super::parts::Parts;
use crate::array::{ArrayRef, Datatype, Scalar, is_array};
use crate::convert::astropy_yaml::{LENGTHS, Values, scalar};
use crate::error::Result;
use crate::file::FileNode;
use crate::tree::{Map, Node};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes of an array that is written into the header.
const ARRAY: u64 = 1 << 20;

/// The entries of the `meta` of the table, or of a column, but for what astropy and FITS have there for themselves. Of a node
/// that is not a mapping none.
pub(super) fn entries<'f>(
    meta: FileNode<'f>,
    column: Option<&str>,
) -> Vec<(Node<'f>, FileNode<'f>)> {
    let map = meta.node.as_map().into_iter().flat_map(Map::iter);
    let own = match column {
        Some(_) => LENGTHS,
        None => "__serialized_columns__",
    };
    let entries = map.filter(|(key, _)| key.text() != Some(own));
    entries
        .map(|(key, node)| (key, FileNode { node, ..meta }))
        .collect()
}

/// Whose `meta` it is, for messages.
pub(super) fn owner(column: Option<&str>) -> String {
    match column {
        Some(name) => format!("column `{}`", name.escape_debug()),
        None => "the table".to_owned(),
    }
}

/// A key in words.
pub(super) fn name(key: Node<'_>) -> String {
    key.key_text().escape_debug().to_string()
}

impl<'f> Parts<'f> {
    /// Key and value of the entries as YAML of astropy; what that cannot say is noted. `column` is the name of the column
    /// whose `meta` it is.
    pub(super) fn yaml_of(
        &mut self,
        meta: FileNode<'f>,
        column: Option<&str>,
    ) -> Vec<(String, String)> {
        let owner = owner(column);
        let mut out = Vec::new();
        if meta.node.as_map().is_none() {
            self.notes.push(format!(
                "meta of {owner} is {}, not a mapping; it is left out",
                meta.node.describe()
            ));
        }
        for (key, value) in entries(meta, column) {
            let tagged = |node: Node<'_>| self.tagged(FileNode { node, ..meta });
            let text = Values::new(&tagged).text(value.node, 0);
            match scalar(key).zip(text) {
                Some(pair) => out.push(pair),
                None => self.notes.push(format!(
                    "`{}` in meta of {owner} is {}, which {} cannot say; it is left out",
                    name(key),
                    value.node.describe(),
                    self.format.name()
                )),
            }
        }
        out
    }

    /// A single object, or a small array.
    fn tagged(&self, at: FileNode<'_>) -> Option<String> {
        let at = at.resolve().ok()?;
        if is_array(at.node) {
            let array = at.file.array_for_output(at.node).ok()?;
            return numpy(&array).ok().flatten();
        }
        let mut parts = Parts::new(self.format);
        let value = parts.value(at, "", "", 0);
        let value = value.ok().filter(|_| parts.columns.is_empty());
        let is_whole = parts.notes.is_empty();
        value.filter(|_| is_whole).map(|value| value.yaml())
    }

    /// A single object within `meta`, without columns of its own.
    pub(super) fn single<'n>(&self, at: FileNode<'n>) -> Option<Value<'n>> {
        let mut parts = Parts::new(self.format);
        let value: std::result::Result<Value<'_>, Cannot> = parts.value(at, "", "", 0);
        let is_whole = parts.columns.is_empty() && parts.notes.is_empty();
        value.ok().filter(|_| is_whole)
    }
}

/// An array in the form of numpy; `None` of what is large, masked, or has records.
fn numpy(array: &ArrayRef<'_>) -> Result<Option<String>> {
    let kind = match array.datatype() {
        Datatype::Scalar(Scalar::Bool8) => "|b1".to_owned(),
        Datatype::Scalar(scalar) => {
            let letter = match scalar.name().as_bytes() {
                [b'u', ..] => 'u',
                [b'i', ..] => 'i',
                [b'f', ..] => 'f',
                _ => 'c',
            };
            format!("<{letter}{}", array.datatype().size())
        }
        Datatype::Ascii(width) => format!("|S{width}"),
        Datatype::Ucs4(width) => format!("<U{width}"),
        Datatype::Record(_) => return Ok(None),
    };
    if array.byte_len() > ARRAY {
        return Ok(None);
    }
    let data = array.load()?;
    if data.mask().is_some() {
        return Ok(None);
    }
    // Numpy's bytes are text in base64, and YAML has bytes in base64 again.
    let buffer = STANDARD.encode(STANDARD.encode(data.to_le_bytes()));
    let shape: Vec<String> = array.shape().iter().map(u64::to_string).collect();
    Ok(Some(format!(
        "!numpy.ndarray {{buffer: !!binary \"{buffer}\", dtype: \"{kind}\", order: C, shape: !!python/tuple [{}]}}",
        shape.join(", ")
    )))
}
