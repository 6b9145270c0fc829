//! Reads ASDF (Advanced Scientific Data Format) files: the YAML tree, its blocks and its arrays.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! let exposure: f64 = file.tree().node("roman/meta/exposure/exposure_time")?.read()?;
//! let flux = file.array("roman/data")?.load()?;
//! let peak = flux.view::<f32>()?.iter().fold(f32::MIN, f32::max);
//! # assert!(exposure > 100.0 && peak > 30.0);
//! # Ok(())
//! # }
//! ```
//!
//! Three calls, three prices: [`AsdfFile::array`] finds an array and checks it against its block,
//! [`ArrayRef::load`] (or [`ArrayRef::load_window`]) reads and decodes, [`ArrayData::view`] looks at
//! the elements as a Rust type, without a copy where the bytes allow it.
//!
//! Opening reads the header lines, the tree and the block headers, never a payload. Every error has a
//! kind and a place ([`Error::kind`], [`Error::place`]); oddities that leave the data readable are
//! warnings of the file. [`Limits`] bound what a hostile file can cost.

mod array;
mod block;
mod convert;
mod error;
mod file;
#[cfg(feature = "fits")]
mod fits;
mod input;
mod inspect;
mod limits;
mod memory;
#[cfg(feature = "schemas")]
mod schema;
#[cfg(feature = "wcs")]
mod transform;
mod tree;
#[cfg(feature = "wcs")]
mod unit;
#[cfg(feature = "wcs")]
mod wcs;

pub use array::{
    ArrayData, ArrayRef, ArraySpec, ArrayStats, ArrayView, ByteOrder, ColumnStats, Counts,
    DataSource, Datatype, Element, ElementDifferences, ElementPair, Extreme, Field, HduData,
    MaskSource, NewArray, NumberStats, Scalar, Slice, Source, Tolerance, is_array, is_ndarray,
};
pub use block::{
    Block, BlockHeader, BlockReport, BlockTable, Codec, Compression, CorruptBlocks, IndexState,
    Verdict, hash_all, hex, map_blocks, report_all, verify_all,
};
pub use convert::{
    CsvColumn, CsvHeader, NpyReader, References, read_csv, read_json, write_csv, write_inline_json,
    write_inline_yaml, write_json, write_json_file, write_npy, write_yaml, write_yaml_file,
};
#[cfg(feature = "wcs")]
pub use convert::{Cutout, CutoutSize};
#[cfg(feature = "fits")]
pub use convert::{
    FitsHeaders, FitsReadOptions, card_value, draft_with_hdus, hdu_list, is_hdu_list, read_fits,
    write_fits,
};
pub use error::{
    Error, ErrorKind, FitsFault, LimitExceeded, Malformed, Mismatch, Place, Result, Unsupported,
    Usage, Warning, WarningKind,
};
pub use file::{
    AsdfFile, Draft, ElementsSet, Extension, External, FileHeader, FileNode, OpenOptions,
    Reference, RowWriter, Rows, Storage, Updated, WriteOptions, replace_file,
    replace_file_and_tell,
};
pub use file::{
    BlockState, Content, Loss, LossKind, Salvaged, SalvagedBlock, salvage, salvage_file,
};
#[cfg(feature = "fits")]
pub use file::{EmbedOptions, FitsEdit, HduMove, HduPath, strip_tree};
#[cfg(feature = "fits")]
pub use fits::HduElements;
#[cfg(feature = "fits")]
pub use fits::{
    CardValue, ColumnForm, FitsCard, FitsChecksums, FitsColumn, FitsFile, FitsGroups, FitsHeader,
    FitsImage, FitsTable, FitsWriter, Hdu, HduKind, HeaderEdit, NewColumn, NewHdu, NewHeader,
};
pub use input::Input;
pub use inspect::*;
pub use limits::Limits;
pub use memory::Bytes;
#[cfg(feature = "schemas")]
pub use schema::{SchemaEntry, SchemaLibrary, SchemaPackage, Validation, Validator, Violation};
#[cfg(feature = "wcs")]
pub use transform::{BoundingBox, Interval, Program, Transform};
pub use tree::{
    BigInt, IntoTreePath, Map, NewNode, Node, NodeId, NodeKind, Nodes, PathStep, ScalarStyle, Seq,
    Tag, Timestamp, Tree, TreeEdit, TreePath, Value, Walk, float_json, float_text,
};
#[cfg(feature = "wcs")]
pub use unit::Unit;
#[cfg(feature = "wcs")]
pub use wcs::*;
