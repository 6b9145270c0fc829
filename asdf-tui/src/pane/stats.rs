//! Statistics of an array.

use crate::pane::cursor::Cursor;
use asdf_core::array::ArrayStats;
use asdf_core::tree::NodeId;
use std::sync::Arc;

/// The state of the pane.
#[derive(Debug)]
pub struct StatsPane {
    /// The array.
    pub node: NodeId,
    /// Its path.
    pub path: String,
    /// The statistics, or why there are none; `None` while they are computed.
    pub found: Option<Result<Arc<ArrayStats>, String>>,
    /// Bytes done, and those of the passes that are known to be needed.
    pub progress: Option<(u64, u64)>,
    /// The first line that shows.
    pub cursor: Cursor,
}

impl StatsPane {
    /// Statistics that have been asked for.
    pub fn new(node: NodeId, path: String) -> Self {
        Self {
            node,
            path,
            found: None,
            progress: None,
            cursor: Cursor::default(),
        }
    }
}
