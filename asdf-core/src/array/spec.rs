//! What an ndarray node says, checked, before any block is looked at. Source: `core/ndarray-1.1.0`.

use super::byte_order::ByteOrder;
use super::datatype::Datatype;
use super::shape;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Map;
use crate::tree::Node;
use crate::tree::Value;

/// Where an array's data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In a block of the same file; negative numbers count from the last.
    Block(i64),
    /// In the first block of another file.
    Uri(Box<str>),
    /// In the tree.
    Inline,
}

/// An ndarray node that gives its data's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArraySpec {
    /// What an element is.
    pub datatype: Datatype,
    /// The order of bytes where the datatype says nothing.
    pub byteorder: ByteOrder,
    /// Lengths of the axes; the first one is 0 when `star`.
    pub shape: Vec<u64>,
    /// True when the first length is `*`: as many rows as the data has.
    pub star: bool,
    /// Bytes from one element to the next, an axis each; `None` is C order.
    pub strides: Option<Vec<i64>>,
    /// Bytes of the block in front of the first element.
    pub offset: u64,
    /// Where the data is.
    pub source: Source,
}

/// True for a node that is an array: an ndarray, a `core/externalarray`, which names one of another
/// file, or a `file_manager` of DKIST, which names many. All that asks whether a node is an array asks here.
pub fn is_array(node: Node<'_>) -> bool {
    is_ndarray(node) || is_external(node) || is_tiled(node)
}

/// True for a node tagged as an array that lies in many FITS files: the `file_manager` of DKIST, formerly `array_container`.
pub(crate) fn is_tiled(node: Node<'_>) -> bool {
    const TAGS: [&str; 2] = [
        "asdf://dkist.nso.edu/tags/file_manager-1.0.0",
        "tag:dkist.nso.edu:dkist/array_container-0.2.0",
    ];
    node.tag()
        .is_some_and(|tag| TAGS.iter().any(|known| tag.is_version_of(known)))
}

/// True for a node tagged as an array of another file.
pub(crate) fn is_external(node: Node<'_>) -> bool {
    node.tag()
        .is_some_and(|tag| tag.is_core("core/externalarray"))
}

/// True for a node tagged as an ndarray of any version, which says itself where its elements are;
/// [`is_array`] is true for those of other files as well.
pub fn is_ndarray(node: Node<'_>) -> bool {
    node.tag().is_some_and(|tag| tag.is_core("core/ndarray"))
}

/// The keys of an ndarray node that say nothing about an array: readers leave what stands there out.
pub(crate) fn foreign_keys(node: Node<'_>) -> impl Iterator<Item = &str> {
    const KEYS: [&str; 8] = [
        "source",
        "data",
        "mask",
        "datatype",
        "byteorder",
        "shape",
        "offset",
        "strides",
    ];
    let map = node.as_map().into_iter();
    let keys = map.flat_map(|map| map.iter().filter_map(|(key, _)| key.text()));
    keys.filter(|key| !KEYS.contains(key))
}

pub(super) fn bad(node: Node<'_>, what: &'static str, wanted: &'static str) -> Error {
    let fact = Malformed::Ndarray {
        what,
        found: node.describe(),
        wanted,
    };
    Error::from(fact).at(node.span()).at_path(|| node.path())
}

/// The list or scalar that holds inline data, when the node does so.
pub(crate) fn inline_data(node: Node<'_>) -> Option<Node<'_>> {
    match node.as_map() {
        Some(map) => map.get("data"),
        None => node.as_seq().map(|_| node),
    }
}

impl ArraySpec {
    /// Reads a node in its mapping form with `source`. Inline nodes are read by `inline`.
    pub(crate) fn parse(node: Node<'_>) -> Result<Self> {
        let Some(map) = node.as_map() else {
            return Err(bad(node, "ndarray", "a mapping or a list"));
        };
        let source = match (map.get("source"), map.get("data")) {
            (Some(_), Some(data)) => return Err(bad(data, "data", "`source` or `data`, not both")),
            (None, None) => return Err(bad(node, "ndarray", "`source` or `data`")),
            (Some(source), None) => parse_source(source)?,
            (None, Some(_)) => Source::Inline,
        };
        let require = |key: &'static str| map.get(key).ok_or_else(|| missing(node, key));
        let (order, datatype, shape) = (
            require("byteorder")?,
            require("datatype")?,
            require("shape")?,
        );
        let byteorder = ByteOrder::parse(order)?;
        let datatype = Datatype::parse(datatype, byteorder)?;
        let (shape, star) = parse_shape(shape)?;
        let strides = parse_strides(map, shape.len())?;
        let offset = match map.get("offset") {
            None => 0,
            Some(offset) => match offset.value() {
                Value::Int(value) => u64::try_from(value)
                    .ok()
                    .ok_or_else(|| bad(offset, "offset", "an offset within the block"))?,
                _ => return Err(bad(offset, "offset", "an integer within the block")),
            },
        };
        Ok(Self {
            datatype,
            byteorder,
            shape,
            star,
            strides,
            offset,
            source,
        })
    }
}

impl ArraySpec {
    /// Bytes of the block up to the end of the last element; `None` when that leaves 64 bits.
    pub(crate) fn needed(&self) -> Option<u64> {
        let size = self.datatype.size();
        let dense = || shape::c_strides(&self.shape, size);
        let strides = self.strides.clone().unwrap_or_else(dense);
        let extent = shape::extent(&self.shape, &strides, size)?;
        self.offset.checked_add(u64::try_from(extent.end).ok()?)
    }

    /// Reads the `datatype` and `shape` of a `core/externalarray` node; little-endian, C order.
    pub(crate) fn parse_external(node: Node<'_>) -> Result<Self> {
        let require = |key: &'static str| node.get(key).ok_or_else(|| missing(node, key));
        let byteorder = ByteOrder::Little;
        let datatype = Datatype::parse(require("datatype")?, byteorder)?;
        let (shape, star) = parse_shape(require("shape")?)?;
        Ok(Self {
            datatype,
            byteorder,
            shape,
            star,
            strides: None,
            offset: 0,
            source: match node.get("fileuri").map(Node::value) {
                Some(Value::Str(uri)) => Source::Uri(uri.into()),
                _ => return Err(missing(node, "fileuri")),
            },
        })
    }
}

fn missing(node: Node<'_>, key: &'static str) -> Error {
    Error::from(Malformed::NdarrayKey { key })
        .at(node.span())
        .at_path(|| node.path())
}

fn parse_source(node: Node<'_>) -> Result<Source> {
    match node.value() {
        Value::Int(number) => Ok(Source::Block(number)),
        Value::Str(uri) => Ok(Source::Uri(uri.into())),
        _ => Err(bad(node, "source", "a block number or a URI")),
    }
}

/// Lengths, the first perhaps `*`.
pub(super) fn parse_shape(node: Node<'_>) -> Result<(Vec<u64>, bool)> {
    let Some(seq) = node.as_seq() else {
        return Err(bad(node, "shape", "a list of lengths"));
    };
    let mut star = false;
    let mut shape = Vec::with_capacity(seq.len().min(64));
    for (axis, item) in seq.iter().enumerate() {
        match item.value() {
            Value::Int(length) => {
                shape.push(
                    u64::try_from(length)
                        .ok()
                        .ok_or_else(|| bad(item, "shape", "a length that is not negative"))?,
                );
            }
            Value::Str("*") if axis == 0 => {
                star = true;
                shape.push(0);
            }
            Value::Str("*") => return Err(bad(item, "shape", "`*` in the first place only")),
            _ => return Err(bad(item, "shape", "a length")),
        }
    }
    Ok((shape, star))
}

fn parse_strides(map: Map<'_>, axes: usize) -> Result<Option<Vec<i64>>> {
    let Some(node) = map.get("strides") else {
        return Ok(None);
    };
    let Some(seq) = node.as_seq() else {
        return Err(bad(node, "strides", "a list of integers"));
    };
    if seq.len() != axes {
        return Err(bad(node, "strides", "one stride an axis"));
    }
    let stride = |item: Node<'_>| match item.value() {
        Value::Int(stride) => Ok(stride),
        _ => Err(bad(item, "strides", "an integer")),
    };
    seq.iter().map(stride).collect::<Result<_>>().map(Some)
}
