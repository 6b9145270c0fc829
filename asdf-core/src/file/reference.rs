//! `$ref` references: JSON Pointers into this file or a sibling, followed only when asked for.
//!
//! Source: ASDF standard, "References".

use super::AsdfFile;
use super::sibling::percent_decode;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::PathStep;
use crate::tree::Value;
use crate::tree::unescape;
use std::collections::HashSet;

/// References that lead from one to the next.
const CHAIN: u64 = 1_000;

/// A node together with the file whose tree holds it.
#[derive(Debug, Clone, Copy)]
pub struct FileNode<'f> {
    /// The file.
    pub file: &'f AsdfFile,
    /// The node in its tree.
    pub node: Node<'f>,
}

impl FileNode<'_> {
    /// The node that this one stands for: the end of the chain when it is a reference, else itself.
    ///
    /// # Errors
    /// As [`Reference::resolve`].
    pub fn resolve(self) -> Result<Self> {
        match Reference::of(self) {
            Some(reference) => reference.resolve(),
            None => Ok(self),
        }
    }
}

/// A mapping with a `$ref` key.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'f> {
    from: FileNode<'f>,
    uri: Option<&'f str>,
}

impl<'f> Reference<'f> {
    /// The reference that a node is, if it is one: a mapping with a `$ref` key, whatever else it has.
    pub fn of(from: FileNode<'f>) -> Option<Self> {
        let value = from.node.as_map()?.get("$ref")?;
        let uri = match value.value() {
            Value::Str(text) => Some(text),
            _ => None,
        };
        Some(Self { from, uri })
    }

    /// The mapping with the key.
    pub(super) fn node(&self) -> Node<'f> {
        self.from.node
    }

    /// The URI as written; `None` when it is not a string (following it is then an error).
    pub fn uri(&self) -> Option<&'f str> {
        self.uri
    }

    /// The node it names: one step, the target may be a reference again.
    ///
    /// # Errors
    /// The URI leads to a file that may not be opened or cannot be read, or to a path that does not exist.
    pub fn target(&self) -> Result<FileNode<'f>> {
        self.find_target().map_err(|error| {
            let error = error
                .at_path(|| self.from.node.path())
                .at(self.from.node.span());
            error.in_file(&self.from.file.name)
        })
    }

    /// What stands where the URI should be.
    fn describe(&self) -> Box<str> {
        let value = self.from.node.get("$ref");
        value.map(Node::describe).unwrap_or_default()
    }

    fn find_target(&self) -> Result<FileNode<'f>> {
        let uri = self.uri.ok_or(Malformed::ReferenceType {
            found: self.describe(),
        })?;
        let (path, fragment) = uri.split_once('#').unwrap_or((uri, ""));
        let file = self.from.file.sibling(path)?;
        let pointer = percent_decode(fragment).ok_or_else(|| Malformed::Uri {
            uri: uri.into(),
            reason: "bad percent encoding",
        })?;
        let node = follow(file, &pointer)?;
        Ok(FileNode { file, node })
    }

    /// The node at the end of the chain; a chain that comes back to itself is
    /// [`Malformed::ReferenceCycle`].
    ///
    /// # Errors
    /// As [`target`](Self::target); [`Malformed::ReferenceCycle`].
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/reference_internal.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// for reference in file.references() {
    ///     match reference.resolve() {
    ///         Ok(target) => println!("{:?}: {:?}", reference.uri(), target.node.kind()),
    ///         Err(error) => println!("{error}"),
    ///     }
    /// }
    /// # assert!(file.references().count() > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn resolve(&self) -> Result<FileNode<'f>> {
        let mut seen = HashSet::new();
        let mut reference = *self;
        loop {
            if !seen.insert(key(reference.from)) {
                let error = Error::from(Malformed::ReferenceCycle {
                    uri: self.uri.unwrap_or_default().into(),
                });
                return Err(error
                    .at_path(|| self.from.node.path())
                    .at(self.from.node.span())
                    .in_file(&self.from.file.name));
            }
            let what = "references that lead from one to the next";
            LimitExceeded::fixed(what, seen.len() as u64, CHAIN)
                .at_path(|| self.from.node.path())
                .at(self.from.node.span())
                .in_file(&self.from.file.name)?;
            let target = reference.target()?;
            match Reference::of(target) {
                Some(next) => reference = next,
                None => return Ok(target),
            }
        }
    }
}

/// Identity of a node across files.
fn key(at: FileNode<'_>) -> (usize, NodeId) {
    (std::ptr::from_ref(at.file).addr(), at.node.id())
}

/// Follows a JSON Pointer (RFC 6901) from the root, through references met on the way.
fn follow<'f>(file: &'f AsdfFile, pointer: &str) -> Result<Node<'f>> {
    if pointer.is_empty() {
        return Ok(file.tree().root());
    }
    if !pointer.starts_with('/') {
        return Err(Malformed::Pointer {
            pointer: pointer.into(),
            reason: "it does not start with `/`",
        }
        .into());
    }
    let mut node = file.tree().root();
    for token in pointer.split('/').skip(1) {
        let token = unescape(token).unwrap_or_else(|| {
            let kind = WarningKind::PointerEscape {
                pointer: pointer.into(),
            };
            file.warn(Warning::new(kind));
            token.to_owned()
        });
        node = node
            .step(&PathStep::Key(token.as_str().into()))
            .ok_or_else(|| Malformed::Dangling {
                pointer: pointer.into(),
                missing: token.into(),
            })?;
    }
    Ok(node)
}

impl AsdfFile {
    /// Every reference of the tree, in document order; each shared node once.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.tree()
            .nodes()
            .filter_map(|node| Reference::of(FileNode { file: self, node }))
    }
}
