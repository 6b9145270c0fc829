//! Paths to tree nodes.

use crate::error::Result;

/// The address of a node: keys and indices from the root. Displays as a JSON Pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TreePath {
    steps: Vec<PathStep>,
}

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// A key of a mapping; also an index when the node there is a list and the text a number.
    Key(Box<str>),
    /// An index into a list (`items[3]`); also a key `3` when the node there is a mapping.
    Index(usize),
}

impl TreePath {
    /// Parses `roman.meta.x`, `roman/meta/x`, `/roman/meta/x` (JSON Pointer), `items[3]`, `["a.b"]`.
    pub fn parse(text: &str) -> Result<Self> {
        let _ = text;
        todo!()
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// This path one key further.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.steps.push(PathStep::Key(key.into()));
        self
    }

    /// This path one index further.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.steps.push(PathStep::Index(index));
        self
    }
}

impl std::fmt::Display for TreePath {
    /// A JSON Pointer (RFC 6901); the root is the empty string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let _ = f;
        todo!()
    }
}

/// What can name a node: text in any of the forms of [`TreePath::parse`], or a path.
pub trait IntoTreePath {
    /// The path.
    fn into_tree_path(self) -> Result<TreePath>;
}

impl IntoTreePath for TreePath {
    fn into_tree_path(self) -> Result<TreePath> {
        Ok(self)
    }
}

impl IntoTreePath for &TreePath {
    fn into_tree_path(self) -> Result<TreePath> {
        Ok(self.clone())
    }
}

impl IntoTreePath for &str {
    fn into_tree_path(self) -> Result<TreePath> {
        TreePath::parse(self)
    }
}
