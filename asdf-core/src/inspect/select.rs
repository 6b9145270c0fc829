//! A node, or a part of an array, by what a person types: `roman.data[0:100, ::2]`.

use crate::array::is_array;
use crate::array::{Datatype, Slice};
use crate::error::Locate;
use crate::error::Result;
use crate::file::{AsdfFile, FileNode};
use crate::tree::Node;
use crate::tree::PathStep;
use crate::tree::TreePath;

/// What a path with perhaps a slice at its end names.
#[derive(Debug)]
pub struct Selection<'f> {
    /// The node.
    pub at: FileNode<'f>,
    /// The part of an array; `None` when the node is none.
    pub slices: Option<Vec<Slice>>,
    /// The field of its records, where one is named: `table[0:10].flux`, `table.flux[0:10]`.
    pub field: Option<String>,
}

impl AsdfFile {
    /// Finds what a text names, without following references. Indices after the path of an array select elements:
    /// `data[0:4, 2]`, `data[3][1]`; the name of a field of its records selects that, `table.flux`.
    ///
    /// # Errors
    /// The text cannot be parsed, or leads nowhere; slices stand after something that is not an array.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let selection = file.select("roman.data[0:4, ::16]")?;
    /// let array = file.array_at(selection.at.node)?;
    /// let part = array.load_slices(&selection.slices.unwrap_or_default())?;
    /// assert_eq!(part.shape(), [4, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select(&self, text: &str) -> Result<Selection<'_>> {
        self.select_through(text, false)
    }

    /// Finds what a text names, and follows references on the way.
    ///
    /// # Errors
    /// As [`select`](Self::select); a reference cannot be resolved.
    pub fn select_resolved(&self, text: &str) -> Result<Selection<'_>> {
        self.select_through(text, true)
    }

    fn select_through(&self, text: &str, resolve: bool) -> Result<Selection<'_>> {
        let (text, name) = split_name(text);
        let (path, slices) = match split_slice(text) {
            Some((path, slices)) => (path, Slice::parse_list(slices).in_file(self.name())?),
            None => (text, Vec::new()),
        };
        let path = TreePath::parse(path).in_file(self.name())?;
        let path = name.into_iter().fold(path, TreePath::key);
        let mut at = settle_at(
            FileNode {
                file: self,
                node: self.tree().root(),
            },
            resolve,
        )?;
        let mut indices = Vec::new();
        let mut field = None;
        for (depth, step) in path.steps().iter().enumerate() {
            // After an array that has no such child an index is one of its elements.
            let inside =
                is_array(at.node) && (at.node.as_seq().is_some() || at.node.step(step).is_none());
            if let Some(index) = index(step).filter(|_| inside) {
                indices.push(Slice::Index(index));
                continue;
            }
            if inside && field.is_none() {
                field = own_field(at, step);
                if field.is_some() {
                    continue;
                }
            }
            let node = at.node.child(&path, depth).in_file(self.name())?;
            at = settle_at(
                FileNode {
                    file: at.file,
                    node,
                },
                resolve,
            )?;
        }
        let array = is_array(at.node);
        if !array && !slices.is_empty() {
            // Says what the node is instead.
            at.file.array_at(at.node)?;
        }
        indices.extend(slices);
        Ok(Selection {
            at,
            slices: array.then_some(indices),
            field,
        })
    }
}

/// The field of an array of records that a step names; where none is written like that, the only one but for case, as
/// columns of FITS tables are found.
fn own_field(at: FileNode<'_>, step: &PathStep) -> Option<String> {
    let PathStep::Key(name) = step else {
        return None;
    };
    let array = at.file.array_at(at.node).ok()?;
    let Datatype::Record(fields) = array.datatype() else {
        return None;
    };
    let names = || fields.iter().filter_map(|field| field.name.as_deref());
    if names().any(|own| own == name.as_ref()) {
        return Some(name.to_string());
    }
    let mut alike = names().filter(|own| own.eq_ignore_ascii_case(name));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only.to_owned()),
        _ => None,
    }
}

impl AsdfFile {
    /// The path of the array some of whose elements a text names, and which: `data[0:4, 2]`, `data[3]`.
    /// `None` for a text that names a node, whether it is there or not.
    ///
    /// # Errors
    /// A slice of what is not an array.
    pub fn array_part(&self, text: &str) -> Result<Option<(TreePath, Vec<Slice>)>> {
        let (path, slices) = match split_slice(text) {
            Some((path, slices)) => (path, Slice::parse_list(slices)?),
            None => (text, Vec::new()),
        };
        let path = TreePath::parse(path)?;
        let mut node = self.tree().root();
        let mut depth = 0;
        for step in path.steps() {
            if is_inside(node, step) {
                break;
            }
            match node.step(step) {
                Some(next) => node = next,
                None if slices.is_empty() => return Ok(None),
                None => return node.child(&path, depth).map(|_| None),
            }
            depth += 1;
        }
        let behind = path.steps().iter().skip(depth);
        let indices: Option<Vec<Slice>> =
            behind.map(|step| index(step).map(Slice::Index)).collect();
        let Some(mut indices) = indices else {
            return Ok(None);
        };
        indices.extend(slices);
        if indices.is_empty() {
            return Ok(None);
        }
        // Says what the node is when it is not an array.
        self.array_at(node)?;
        Ok(Some((path.prefix(depth), indices)))
    }
}

/// True for an index after the path of an array that has no such child.
fn is_inside(node: Node<'_>, step: &PathStep) -> bool {
    is_array(node)
        && (node.as_seq().is_some() || node.step(step).is_none())
        && index(step).is_some()
}

fn settle_at(at: FileNode<'_>, resolve: bool) -> Result<FileNode<'_>> {
    if resolve { at.resolve() } else { Ok(at) }
}

fn index(step: &PathStep) -> Option<i64> {
    match step {
        PathStep::Index(index) => i64::try_from(*index).ok(),
        PathStep::Key(key) => key.parse().ok(),
    }
}

/// Splits off the name of a field after a slice: `table[0:4].flux`.
fn split_name(text: &str) -> (&str, Option<&str>) {
    let Some((slice, name)) = text.rsplit_once(['.', '/']) else {
        return (text, None);
    };
    if name.is_empty() || name.contains(['[', ']', '"', '\'']) || split_slice(slice).is_none() {
        return (text, None);
    }
    (slice, Some(name))
}

/// Splits `data[0:4, 2]` into path and slice; a plain index or a quoted key is part of the path.
fn split_slice(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_suffix(']')?;
    let (path, slice) = inside.rsplit_once('[')?;
    let is_slice = slice.contains([':', ',']) || slice.trim_start().starts_with('-');
    (is_slice && !slice.contains(['"', '\''])).then_some((path, slice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_stand_after_a_slice() {
        assert_eq!(split_name("a.b[0:4].c"), ("a.b[0:4]", Some("c")));
        assert_eq!(split_name("a/b[::2]/c"), ("a/b[::2]", Some("c")));
        assert_eq!(split_name("a.b[3].c"), ("a.b[3].c", None));
        assert_eq!(split_name("a.b[0:4]"), ("a.b[0:4]", None));
    }

    #[test]
    fn a_slice_is_told_from_an_index_and_a_quoted_key() {
        assert_eq!(split_slice("a.b[0:4, 2]"), Some(("a.b", "0:4, 2")));
        assert_eq!(split_slice("a[-1]"), Some(("a", "-1")));
        assert_eq!(split_slice("a[3]"), None);
        assert_eq!(split_slice("a[\"x:y\"]"), None);
    }
}
