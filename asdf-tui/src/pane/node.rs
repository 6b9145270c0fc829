//! The selected node in detail.

use crate::pane::cursor::Cursor;
use crate::schema_note::SchemaNote;
use asdf_core::tree::NodeId;

/// The state of the pane.
#[derive(Debug, Default)]
pub struct NodePane {
    /// The node whose schema was asked for.
    pub node: Option<NodeId>,
    /// What the schemas say; `None` while that is looked up.
    pub note: Option<Box<SchemaNote>>,
    /// The first line that shows.
    pub cursor: Cursor,
}

impl NodePane {
    /// Turns to a node; true when it is another one.
    pub fn turn_to(&mut self, node: NodeId) -> bool {
        if self.node == Some(node) {
            return false;
        }
        *self = Self {
            node: Some(node),
            ..Self::default()
        };
        true
    }
}
