//! What there is to say about an array without reading it.

use crate::array::ArrayRef;
use crate::array::ArraySpec;
use crate::array::ByteOrder;
use crate::array::DataSource;
use crate::array::Datatype;
use crate::array::Source;
use crate::array::c_strides;
use crate::array::is_array;
use crate::array::is_external;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::Node;
use serde_json::json;

/// Where the elements of an array are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArrayStorage {
    /// In that block of the file.
    Block(usize),
    /// In that block, which runs to the end of the file.
    Streamed(usize),
    /// In the tree.
    Inline,
    /// In another file.
    External(Box<str>),
    /// In an HDU of the FITS file that carries the tree.
    Hdu {
        /// Its number, from 0.
        index: usize,
        /// The source, `fits:SCI,1`.
        source: Box<str>,
    },
}

/// An array as `ls` lists it.
#[derive(Debug, Clone)]
pub struct ArrayInfo {
    /// What an element is.
    pub datatype: Datatype,
    /// Lengths of the axes.
    pub shape: Vec<u64>,
    /// Where the elements are.
    pub storage: ArrayStorage,
    /// Label of the compression of its block, escaped.
    pub compression: Option<Box<str>>,
    /// Bytes of all elements.
    pub bytes: u64,
    /// Bytes that its block takes in the file.
    pub stored_bytes: Option<u64>,
    /// Absolute offset of the first stored byte of its block or HDU, where that is in this file and known by its place.
    pub offset: Option<u64>,
    /// Bytes of the decoded data in front of the first element.
    pub array_offset: u64,
    /// Bytes from one element to the next, an axis each; empty for elements in the tree.
    pub strides: Vec<i64>,
    /// True when the node has a mask.
    pub is_masked: bool,
    order: ByteOrder,
}

impl ArrayInfo {
    /// True for the nodes that are shown as arrays.
    pub fn is_array(node: Node<'_>) -> bool {
        is_array(node)
    }

    /// Locates the array of a node and says what it is.
    ///
    /// # Errors
    /// The array cannot be located, as [`AsdfFile::array`].
    pub fn of<'f>(file: &'f AsdfFile, node: Node<'f>) -> Result<Self> {
        Ok(Self::new(&file.array_at(node)?))
    }

    /// What the node alone says of an array that cannot be located: a sibling that is not there, a
    /// block that is too short.
    ///
    /// # Errors
    /// The node does not describe an array.
    pub fn of_node(node: Node<'_>) -> Result<Self> {
        let spec = if is_external(node) {
            ArraySpec::parse_external(node)?
        } else {
            ArraySpec::parse(node)?
        };
        let count = spec
            .shape
            .iter()
            .fold(1_u64, |product, length| product.saturating_mul(*length));
        let storage = match &spec.source {
            Source::Uri(uri) => ArrayStorage::External(uri.clone()),
            Source::Block(number) => usize::try_from(*number).map_or(
                ArrayStorage::External("a missing block".into()),
                ArrayStorage::Block,
            ),
            Source::Inline => ArrayStorage::Inline,
        };
        Ok(Self {
            offset: None,
            array_offset: spec.offset,
            strides: Self::strides(&spec, &spec.shape),
            bytes: count.saturating_mul(spec.datatype.size()),
            datatype: spec.datatype,
            shape: spec.shape,
            storage,
            compression: None,
            stored_bytes: None,
            is_masked: crate::array::mask_node(node).is_some(),
            order: spec.byteorder,
        })
    }

    /// What a located array is.
    pub fn new(array: &ArrayRef<'_>) -> Self {
        let other = match &array.spec().source {
            Source::Uri(uri) if !uri.starts_with("fits:") => {
                Some(ArrayStorage::External(uri.clone()))
            }
            _ => None,
        };
        let (storage, compression, stored_bytes) = match array.source() {
            DataSource::Inline(_) => (ArrayStorage::Inline, None, None),
            DataSource::Hdu(hdu) => {
                let source = match &array.spec().source {
                    Source::Uri(uri) => uri.clone(),
                    _ => "fits".into(),
                };
                let index = hdu.index();
                let compression = hdu.compression().map(Into::into);
                (
                    ArrayStorage::Hdu { index, source },
                    compression,
                    Some(hdu.stored_bytes()),
                )
            }
            DataSource::Block(block) => {
                let header = block.header();
                let storage = if header.is_streamed() {
                    ArrayStorage::Streamed(header.index)
                } else {
                    ArrayStorage::Block(header.index)
                };
                (storage, header.label_text(), Some(header.available))
            }
        };
        let place = array.source().bytes().filter(|_| other.is_none());
        Self {
            offset: place.map(|block| block.header().data_offset),
            array_offset: array.spec().offset,
            strides: Self::strides(array.spec(), array.shape()),
            datatype: array.datatype().clone(),
            shape: array.shape().to_vec(),
            storage: other.unwrap_or(storage),
            compression,
            bytes: array.byte_len(),
            stored_bytes,
            is_masked: array.is_masked(),
            order: array.byteorder(),
        }
    }

    fn strides(spec: &ArraySpec, shape: &[u64]) -> Vec<i64> {
        if spec.source == Source::Inline {
            return Vec::new();
        }
        let dense = || c_strides(shape, spec.datatype.size());
        spec.strides.clone().unwrap_or_else(dense)
    }

    /// The byte order of the node. Inline elements that have none count as `big`, as the reference
    /// has it.
    pub fn byteorder(&self) -> &'static str {
        let ordered = match &self.datatype {
            Datatype::Scalar(scalar) => scalar.unit() > 1,
            Datatype::Ascii(_) => false,
            Datatype::Ucs4(_) | Datatype::Record(_) => true,
        };
        if self.storage == ArrayStorage::Inline && !ordered {
            "big"
        } else {
            self.order.name()
        }
    }

    /// Block number, `"inline"`, `"uri"`, or the source of data in an HDU.
    pub fn source_json(&self) -> serde_json::Value {
        match &self.storage {
            ArrayStorage::Block(index) | ArrayStorage::Streamed(index) => json!(index),
            ArrayStorage::Inline => json!("inline"),
            ArrayStorage::External(_) => json!("uri"),
            ArrayStorage::Hdu { source, .. } => json!(source),
        }
    }

    /// `4088×4088`; `scalar` for an array without axes.
    pub fn shape_text(&self) -> String {
        if self.shape.is_empty() {
            return "scalar".to_owned();
        }
        self.shape
            .iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join("×")
    }

    /// `block 3`, `stream in block 3`, `inline`, `in obs0000.asdf`, `HDU 1 (SCI,1)`, `HDU 1` of one that is named by its number.
    pub fn storage_text(&self) -> String {
        match &self.storage {
            ArrayStorage::Block(index) => format!("block {index}"),
            ArrayStorage::Streamed(index) => format!("stream in block {index}"),
            ArrayStorage::Inline => "inline".to_owned(),
            ArrayStorage::External(uri) => format!("in {uri}"),
            ArrayStorage::Hdu { index, source } => {
                let name = source.strip_prefix("fits:").unwrap_or(source);
                if name.parse() == Ok(*index) {
                    return format!("HDU {index}");
                }
                format!("HDU {index} ({name})")
            }
        }
    }
}
