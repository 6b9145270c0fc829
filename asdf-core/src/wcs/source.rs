//! Where the nodes of the transforms of a WCS stand: in the tree of the file, or in one that was made of a header.

use super::Wcs;
use crate::file::AsdfFile;
use crate::tree::Node;
use crate::tree::Tree;
use crate::tree::TreePath;
use std::sync::Arc;

/// The node of a chain of frames and transforms. A WCS that wraps others has those that it was made of.
#[derive(Debug, Clone)]
pub(super) struct ModelSource {
    /// The tree that was made of a header; without one the node is in the file.
    tree: Option<Arc<Tree>>,
    path: TreePath,
}

impl ModelSource {
    pub(super) fn of_file(node: Node<'_>) -> Self {
        Self {
            tree: None,
            path: node.path(),
        }
    }

    /// The root of a tree that was made of a header.
    pub(super) fn of_header(tree: Tree) -> Self {
        Self {
            tree: Some(Arc::new(tree)),
            path: TreePath::default(),
        }
    }

    fn node<'n>(&'n self, file: &'n AsdfFile) -> Option<Node<'n>> {
        match &self.tree {
            Some(tree) => Some(tree.root()),
            None => file.tree().node(self.path.clone()).ok(),
        }
    }
}

impl Wcs {
    /// The nodes of its chains of frames and transforms; those of several side by side in their order.
    pub(super) fn model_nodes<'n>(&'n self, file: &'n AsdfFile) -> Option<Vec<Node<'n>>> {
        let nodes = self.sources.iter().map(|source| source.node(file));
        nodes.collect()
    }
}
