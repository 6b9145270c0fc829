//! An array as a catalogue lists it: enough to fetch a part of it without the tree.

use crate::array::DataSource;
use crate::block::{Block, BlockChunk};
use crate::error::Result;
use crate::file::AsdfFile;
use crate::inspect::{ArrayInfo, ArrayStorage};
use crate::tree::{Node, TreePath};

/// An array as a catalogue lists it.
#[derive(Debug, Clone)]
pub struct CatalogueArray {
    /// Its path (JSON Pointer).
    pub path: String,
    /// What it is, and where in its file.
    pub info: ArrayInfo,
    /// `block`, `inline`, `external`, `hdu`.
    pub storage: &'static str,
    /// The number of its block or HDU.
    pub number: Option<usize>,
    /// The checksum of its block, unless that is not recorded.
    pub checksum: Option<[u8; 16]>,
    /// Its stored chunks, when they were asked for.
    pub chunks: Option<Vec<BlockChunk>>,
}

impl CatalogueArray {
    pub(super) fn of(
        file: &AsdfFile,
        node: Node<'_>,
        path: &TreePath,
        with_chunks: bool,
    ) -> Result<Self> {
        let array = file.array_as(node, path)?;
        let info = ArrayInfo::new(&array);
        let (storage, number) = match &info.storage {
            ArrayStorage::Block(number) | ArrayStorage::Streamed(number) => {
                ("block", Some(*number))
            }
            ArrayStorage::Inline => ("inline", None),
            ArrayStorage::External(_) => ("external", None),
            ArrayStorage::Hdu { index, .. } => ("hdu", Some(*index)),
        };
        let block = match array.source() {
            DataSource::Block(block) if storage == "block" => Some(block),
            _ => None,
        };
        let chunks = block.filter(|_| with_chunks);
        let chunks = chunks.map(Block::chunks).transpose();
        let checksum = block.map(|block| block.header().checksum);
        Ok(Self {
            path: path.to_string(),
            info,
            storage,
            number,
            checksum: checksum.filter(|sum| *sum != [0; 16]),
            chunks: chunks.map_err(|error| file.name_in(error))?,
        })
    }
}
