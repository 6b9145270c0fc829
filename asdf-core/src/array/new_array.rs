//! Arrays that are to be written: what their elements are, and where the bytes come from.

use super::datatype::NULLS;
use super::element::Element;
use super::shape;
use super::{ArrayRef, ByteOrder, Datatype, Scalar, Slice};
use super::{DataSource, MaskSource};
use crate::block::Block;
use crate::error::ArrayFault;
use crate::error::{Locate, Result};
use crate::tree::{NewNode, Nodes};
use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// An array for a [`crate::Draft`].
#[derive(Debug)]
pub struct NewArray<'a> {
    pub(crate) datatype: Datatype,
    pub(crate) byteorder: ByteOrder,
    pub(crate) shape: Vec<u64>,
    pub(crate) strides: Option<Vec<i64>>,
    pub(crate) data: ArrayBytes<'a>,
}

/// Where the bytes of a new array come from.
pub(crate) enum ArrayBytes<'a> {
    /// Memory.
    Memory(Cow<'a, [u8]>),
    /// A stream that has as many bytes as the shape says.
    Stream(Once<'a>),
    /// The decoded data of a block of an open file.
    Block(Block<'a>),
    /// What the slices take of an array of an open file, packed in its own byte order.
    Array(Box<ArrayRef<'a>>, Vec<Slice>),
}

/// A stream, which can be read once.
pub(crate) struct Once<'a>(Mutex<Option<Box<dyn Read + Send + 'a>>>);

impl<'a> Once<'a> {
    fn new(reader: impl Read + Send + 'a) -> Self {
        Self(Mutex::new(Some(Box::new(reader))))
    }

    /// The stream, for the first who asks.
    pub(crate) fn take(&self) -> Result<Box<dyn Read + Send + 'a>> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.take().ok_or_else(|| ArrayFault::StreamTaken.into())
    }
}

impl std::fmt::Debug for ArrayBytes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory(bytes) => write!(f, "Memory({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
            Self::Block(block) => write!(f, "Block({})", block.header().index),
            Self::Array(array, _) => write!(f, "Array({})", array.path()),
        }
    }
}

impl<'a> NewArray<'a> {
    /// Values in memory, in C order; nothing is copied, so that they must outlive the draft ([`from_vec`](Self::from_vec) takes them).
    ///
    /// # Errors
    /// The shape does not have as many elements as there are values.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::array::NewArray;
    ///
    /// let image = [0_u16; 6];
    /// let array = NewArray::from_slice(&image, &[2, 3])?; // 2 rows of 3
    /// assert_eq!(array.byte_len(), 12);
    /// assert!(NewArray::from_slice(&image, &[2, 4]).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_slice<T: Element + bytemuck::NoUninit>(
        values: &'a [T],
        shape: &[u64],
    ) -> Result<Self> {
        let datatype = Datatype::Scalar(T::SCALAR);
        Self::from_bytes(
            bytemuck::cast_slice(values),
            datatype,
            ByteOrder::NATIVE,
            shape,
        )
    }

    /// Values that the array takes with it, in C order, for a draft that outlives the place where they were made.
    ///
    /// # Errors
    /// As [`from_slice`](Self::from_slice).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::Draft;
    /// use asdf_core::array::NewArray;
    /// use asdf_core::file::Storage;
    ///
    /// let mut draft = Draft::new();
    /// for number in 0..3 {
    ///     let image = vec![number as f32; 6];
    ///     draft.set_array(&format!("image{number}"), NewArray::from_vec(image, &[2, 3])?, &Storage::internal())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the array stands for the values, which are not needed any more"
    )]
    pub fn from_vec<T: Element + bytemuck::NoUninit>(
        values: Vec<T>,
        shape: &[u64],
    ) -> Result<NewArray<'static>> {
        let bytes = bytemuck::cast_slice(&values).to_vec();
        let datatype = Datatype::Scalar(T::SCALAR);
        NewArray::from_bytes(bytes, datatype, ByteOrder::NATIVE, shape)
    }

    /// Elements of any datatype as bytes, in C order.
    ///
    /// # Errors
    /// The shape does not have as many elements as there are bytes for.
    pub fn from_bytes(
        bytes: impl Into<Cow<'a, [u8]>>,
        datatype: Datatype,
        byteorder: ByteOrder,
        shape: &[u64],
    ) -> Result<Self> {
        let bytes = bytes.into();
        let needed = byte_len(&datatype, shape)?;
        if needed != bytes.len() as u64 {
            return Err(ArrayFault::ByteCount {
                shape: shape.into(),
                needed,
                found: bytes.len() as u64,
            }
            .into());
        }
        Ok(Self {
            datatype,
            byteorder,
            shape: shape.to_vec(),
            strides: None,
            data: ArrayBytes::Memory(bytes),
        })
    }

    /// Elements that are read while the file is written, in C order: arrays larger than memory.
    /// The stream must have exactly the bytes that the shape needs, or writing fails.
    ///
    /// # Errors
    /// The shape needs more bytes than can be counted.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::array::{ByteOrder, Datatype, NewArray, Scalar};
    /// use asdf_core::file::Storage;
    /// use asdf_core::{Draft, WriteOptions};
    /// use std::io::Read;
    ///
    /// let source = std::io::repeat(0).take(40_000); // a socket, a pipe, a file: read when the draft is saved
    /// let array = NewArray::from_reader(source, Datatype::Scalar(Scalar::Uint16), ByteOrder::Little, &[100, 200])?;
    /// let mut draft = Draft::new();
    /// draft.set_array("data", array, &Storage::internal())?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// # assert_eq!(asdf_core::AsdfFile::open(&out)?.array("data")?.len(), 20_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_reader(
        reader: impl Read + Send + 'a,
        datatype: Datatype,
        byteorder: ByteOrder,
        shape: &[u64],
    ) -> Result<Self> {
        byte_len(&datatype, shape)?;
        Ok(Self {
            datatype,
            byteorder,
            shape: shape.to_vec(),
            strides: None,
            data: ArrayBytes::Stream(Once::new(reader)),
        })
    }

    /// The elements of an array of an open file: in C order, in its byte order, without its mask.
    pub fn from_array(array: ArrayRef<'a>) -> Self {
        Self {
            datatype: array.datatype().clone(),
            byteorder: array.byteorder(),
            shape: array.shape().to_vec(),
            strides: None,
            data: ArrayBytes::Array(Box::new(array), Vec::new()),
        }
    }

    /// A window of an array of an open file, a range for each axis: in C order, in its byte order,
    /// without its mask. It is read when the file is written.
    ///
    /// # Errors
    /// The window does not lie within the array.
    pub fn from_window(array: ArrayRef<'a>, window: &[Range<u64>]) -> Result<Self> {
        let fits =
            |(range, extent): (&Range<u64>, &u64)| range.start <= range.end && range.end <= *extent;
        let shape = array.shape();
        if window.len() != shape.len() || !window.iter().zip(shape).all(fits) {
            return Err(ArrayFault::Window {
                window: window.into(),
                shape: shape.into(),
            }
            .into());
        }
        let at = |position: u64| Some(i64::try_from(position).unwrap_or(i64::MAX));
        let slices = window.iter().map(|range| Slice::Range {
            start: at(range.start),
            stop: at(range.end),
            step: 1,
        });
        Ok(Self {
            datatype: array.datatype().clone(),
            byteorder: array.byteorder(),
            shape: window.iter().map(|range| range.end - range.start).collect(),
            strides: None,
            data: ArrayBytes::Array(Box::new(array), slices.collect()),
        })
    }

    /// The same bytes with elements in another order: bytes from one element to the next, an axis
    /// each (Fortran order, for one). Every element must lie within the bytes.
    ///
    /// # Errors
    /// An element lies outside.
    pub fn strides(mut self, strides: &[i64]) -> Result<Self> {
        let size = self.datatype.size();
        let extent = shape::extent(&self.shape, strides, size);
        let room = i64::try_from(self.byte_len()).unwrap_or(i64::MAX);
        let inside = extent.is_some_and(|extent| extent.start >= 0 && extent.end <= room);
        if strides.len() != self.shape.len() || !inside {
            return Err(ArrayFault::Strides {
                strides: strides.into(),
                shape: self.shape.as_slice().into(),
            }
            .into());
        }
        self.strides = Some(strides.to_vec());
        Ok(self)
    }

    /// Bytes of all elements.
    pub fn byte_len(&self) -> u64 {
        byte_len(&self.datatype, &self.shape).unwrap_or(u64::MAX)
    }

    /// The keys of an ndarray node that describe the elements, `shape`'s first length given as `*`
    /// when it is not known.
    pub(crate) fn describe(&self, nodes: &mut Nodes, star: bool) -> Vec<(&'static str, NewNode)> {
        let mut keys = describe(&self.datatype, self.byteorder, &self.shape, star, nodes);
        if let Some(strides) = &self.strides {
            let strides = strides.iter().map(|stride| nodes.int(*stride)).collect();
            keys.push(("strides", nodes.seq(strides)));
        }
        keys
    }
}

impl ArrayRef<'_> {
    /// The gate on the way of elements into an output: an error when the block or the HDU that holds them, or their mask,
    /// has a wrong checksum. It is computed once for each, however many arrays lie there.
    ///
    /// # Errors
    /// See above; or the stored bytes cannot be read.
    pub fn vouch(&self) -> Result<()> {
        match self.data {
            DataSource::Block(block) => block.vouch(),
            DataSource::Hdu(hdu) => hdu.vouch(),
            DataSource::Inline(_) => Ok(()),
        }
        .at_path(|| self.path())?;
        match &self.mask {
            Some(MaskSource::Array(mask)) => mask.vouch(),
            _ => Ok(()),
        }
    }

    /// The keys of an ndarray node that describe the elements, but for their place.
    pub(crate) fn describe(&self, nodes: &mut Nodes) -> Vec<(&'static str, NewNode)> {
        describe(
            self.datatype(),
            self.byteorder(),
            self.shape(),
            false,
            nodes,
        )
    }

    /// The same for elements that are written to an HDU: every number big-endian.
    #[cfg(feature = "fits")]
    pub(crate) fn describe_big(&self, nodes: &mut Nodes) -> Vec<(&'static str, NewNode)> {
        let datatype = self.datatype().in_order(ByteOrder::Big);
        describe(&datatype, ByteOrder::Big, self.shape(), false, nodes)
    }

    /// A key that identifies the elements of a block that a node names.
    #[cfg(feature = "fits")]
    pub(crate) fn describe_place(&self) -> String {
        format!(
            "{:?} {:?} {:?}",
            self.datatype(),
            self.byteorder(),
            self.placement
        )
    }

    /// True when elements in the tree are `null`.
    #[cfg(feature = "fits")]
    pub(crate) fn load_nulls(&self) -> Result<bool> {
        match self.data {
            DataSource::Inline(_) => Ok(self.load()?.mask().is_some()),
            DataSource::Block(_) | DataSource::Hdu(_) => Ok(false),
        }
    }
}

fn describe(
    datatype: &Datatype,
    byteorder: ByteOrder,
    shape: &[u64],
    star: bool,
    nodes: &mut Nodes,
) -> Vec<(&'static str, NewNode)> {
    let order = datatype.shown_order(byteorder);
    let mut shape: Vec<NewNode> = shape.iter().map(|length| nodes.int(*length)).collect();
    if star && let Some(first) = shape.first_mut() {
        *first = nodes.string("*");
    }
    let datatype = datatype_node(datatype, nodes);
    vec![
        ("datatype", datatype),
        ("byteorder", nodes.string(order.name())),
        ("shape", nodes.seq(shape)),
    ]
}

fn byte_len(datatype: &Datatype, shape: &[u64]) -> Result<u64> {
    let count = shape::count(shape).and_then(|count| count.checked_mul(datatype.size()));
    count.ok_or_else(|| {
        let shape = shape.into();
        ArrayFault::TooLarge { shape }.into()
    })
}

/// A datatype as the standard writes it.
pub(crate) fn datatype_node(datatype: &Datatype, nodes: &mut Nodes) -> NewNode {
    let text = |name: &str, length: &u64, nodes: &mut Nodes| {
        let items = vec![nodes.string(name), nodes.int(*length)];
        nodes.seq(items)
    };
    match datatype {
        Datatype::Scalar(scalar) => nodes.string(scalar.name()),
        Datatype::Ascii(length) => text("ascii", length, nodes),
        Datatype::Ucs4(length) => text("ucs4", length, nodes),
        Datatype::Record(fields) => {
            let mut items = Vec::with_capacity(fields.len());
            for field in fields {
                let mut keys = Vec::new();
                if let Some(name) = &field.name {
                    keys.push(("name", nodes.string(name)));
                }
                keys.push(("datatype", datatype_node(&field.datatype, nodes)));
                let order = field.datatype.shown_order(field.byteorder);
                keys.push(("byteorder", nodes.string(order.name())));
                if !field.shape.is_empty() {
                    let shape = field
                        .shape
                        .iter()
                        .map(|length| nodes.int(*length))
                        .collect();
                    keys.push(("shape", nodes.seq(shape)));
                }
                if let Some(null) = field.null.and_then(|null| i64::try_from(null).ok()) {
                    keys.push((NULLS, nodes.int(null)));
                }
                let item = nodes.map_of(keys);
                items.push(item);
            }
            nodes.seq(items)
        }
    }
}

impl From<Scalar> for Datatype {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}
