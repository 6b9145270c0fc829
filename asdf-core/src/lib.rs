//! Reads ASDF (Advanced Scientific Data Format) files: the YAML tree, its blocks and its arrays.

mod array;
mod block;
mod convert;
mod error;
mod file;
mod input;
mod inspect;
mod limits;
mod tree;

pub use block::{Block, BlockHeader, BlockTable, Codec, IndexState, BlockReport, Verdict, map_blocks, report_all, verify_all};
pub use array::{ArrayData, ArrayRef, ArraySpec, ArrayStats, ArrayView, ByteOrder, ColumnStats, Counts, DataSource, Datatype, Element, Extreme, Field, MaskSource, NumberStats, Scalar, Slice, Source, is_ndarray};
pub use convert::{References, write_json, write_yaml};
pub use error::{
    Error, ErrorKind, LimitExceeded, Malformed, Mismatch, Place, Result, Unsupported, Usage,
    Warning, WarningKind,
};
pub use file::{AsdfFile, External, FileHeader, FileNode, OpenOptions, Reference};
pub use input::Input;
pub use inspect::*;
pub use limits::Limits;
pub use tree::{
    BigInt, IntoTreePath, Map, Node, NodeId, NodeKind, PathStep, ScalarStyle, Seq, Tag, Timestamp, Tree, TreePath, Value, Walk, float_json, float_text,
};
