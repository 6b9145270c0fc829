//! Entries of a file's history and the software that made them (`core/history_entry`, `core/software`).

use super::Tagged;
use crate::error::Result;
use crate::file::{Draft, FileNode, HistoryEntry, Software};
use crate::tree::NewNode;

impl<'f> Tagged<'f> for Software {
    const TAG: &'static str = Self::SOFTWARE_TAG;

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        Self::of(at.node).ok_or_else(|| at.is_not("software with a `name`"))
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        Ok(self.node(draft.nodes()))
    }
}

impl<'f> Tagged<'f> for HistoryEntry {
    const TAG: &'static str = Self::ENTRY_TAG;

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        Ok(Self::of(at.node))
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        Ok(self.node(draft.nodes()))
    }
}
