//! References replaced by what they name.

use super::carry::{Carried, Rules};
use super::draft::Draft;
use super::reference::{FileNode, Reference};
use crate::error::Result;
use crate::tree::NewNode;
use std::collections::HashMap;

impl Draft<'_> {
    /// Puts the node that each `$ref` of the open file's tree names in its place: one of the same
    /// file is shared, what another file has is copied, with the blocks of its arrays.
    ///
    /// # Errors
    /// A target is not there, or its file may not be opened.
    pub fn resolve_references(&mut self) -> Result<()> {
        let Some(file) = self.source else {
            return Ok(());
        };
        let mut carried = Carried::new(Rules {
            shares_own: true,
            keeps_urls: false,
        });
        let mut replacements = HashMap::new();
        for node in file.tree().nodes() {
            let at = FileNode { file, node };
            if let Some(reference) = Reference::of(at) {
                let target = self.carry(reference.resolve()?, &mut carried, 0)?;
                replacements.insert(NewNode::of_tree(node.id()), target);
            }
        }
        self.tree.replace_children(&replacements);
        Ok(())
    }
}
