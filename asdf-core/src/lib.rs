//! Reads ASDF (Advanced Scientific Data Format) files: the YAML tree, its blocks and its arrays.

mod block;
mod error;
mod input;
mod limits;
mod tree;

pub use block::{Block, BlockHeader, BlockTable, Codec, IndexState, Verdict, map_blocks, verify_all};
pub use error::{
    Error, ErrorKind, LimitExceeded, Malformed, Mismatch, Place, Result, Unsupported, Usage,
    Warning, WarningKind,
};
pub use input::Input;
pub use limits::Limits;
pub use tree::{
    BigInt, IntoTreePath, Map, Node, NodeId, NodeKind, PathStep, ScalarStyle, Seq, Tag, Timestamp, Tree, TreePath, Value, Walk, float_text,
};
