//! Reads ASDF (Advanced Scientific Data Format) files: the YAML tree, its blocks and its arrays.

mod block;
mod convert;
mod error;
mod file;
mod input;
mod inspect;
mod limits;
mod tree;

pub use block::{Block, BlockHeader, BlockTable, Codec, IndexState, Verdict, map_blocks, verify_all};
pub use convert::{References, float_json, write_json};
pub use error::{
    Error, ErrorKind, LimitExceeded, Malformed, Mismatch, Place, Result, Unsupported, Usage,
    Warning, WarningKind,
};
pub use file::{AsdfFile, External, FileHeader, FileNode, OpenOptions, Reference};
pub use input::Input;
pub use inspect::*;
pub use limits::Limits;
pub use tree::{
    BigInt, IntoTreePath, Map, Node, NodeId, NodeKind, PathStep, ScalarStyle, Seq, Tag, Timestamp, Tree, TreePath, Value, Walk, float_text,
};
