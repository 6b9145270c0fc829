//! Arrays in three steps with three prices: located ([`ArrayRef`]), loaded ([`ArrayData`]), viewed
//! as a Rust type ([`ArrayView`]). Source: `core/ndarray-1.1.0`.
//!
//! # Reading
//!
//! [`AsdfFile::array`](crate::AsdfFile::array) finds an array by its path and checks that its block holds all of it. Nothing is read yet:
//! [`ArrayRef::shape`] and [`ArrayRef::datatype`] come from the tree. Axes are in the order of the file, the slowest first, as in
//! numpy: an image has rows, then columns.
//!
//! [`ArrayRef::load`] reads and decodes everything, [`load_window`](ArrayRef::load_window) a range of each axis, [`load_slices`](ArrayRef::load_slices) what
//! numpy's slices select. Of a compressed block only the chunks that are needed are decoded, where the codec has chunks.
//!
//! [`ArrayData::view`] looks at the elements as a Rust type ([`Element`]); the type must be the one that is stored.
//! [`ArrayRef::load_as`] converts between types of numbers, and fails where a value does not fit.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! let (flux, flags) = (file.array("roman/data")?.load()?, file.array("roman/dq")?.load()?);
//! let (flux, flags) = (flux.view::<f32>()?, flags.view::<u32>()?);
//! let good = flux.iter().zip(flags.iter()).filter(|(flux, flags)| flux.is_finite() && *flags == 0);
//! println!("{} good pixels", good.count());
//! # Ok(())
//! # }
//! ```
//!
//! # What is masked
//!
//! An array can have a mask in the file: a number that stands for missing elements, or another array. [`ArrayData::mask`] has it
//! as one `bool` an element, `true` where the element is missing; the elements themselves keep the stored value. [`ArrayRef::stats`] leaves
//! masked elements and NaN out.
//!
//! # Large arrays
//!
//! [`ArrayRef::stats`], [`ArrayRef::digest`], [`ArrayRef::compare`] and [`ArrayRef::stream_le`] read piece by piece: their memory does not
//! depend on the size of the array.
//!
//! # Writing
//!
//! [`NewArray`] says what is written: a slice, bytes, a stream, or an array of an open file. [`Draft::set_array`](crate::Draft::set_array)
//! puts it at a path.

mod array_part;
mod assemble;
mod assign;
mod byte_order;
mod check;
mod chunk_rows;
mod compare;
mod cursor;
mod data;
mod datatype;
mod digest;
mod element;
mod empty;
mod field_masks;
mod format;
mod hdu;
mod identity;
mod inline;
mod json;
mod load_as;
mod mask;
mod named;
mod native;
mod new_array;
mod nodes;
mod number;
mod packed_reader;
mod packing;
mod part;
mod patch;
mod place;
mod records;
mod shape;
mod shared;
mod slice;
mod spec;
mod stats;
mod stream;
mod subscript;
mod text;
#[cfg(feature = "ndarray")]
mod to_ndarray;
mod view;
mod view_iter;

pub(crate) use assign::Selected;
pub(crate) use chunk_rows::chunk_rows;
pub(crate) use cursor::RowCursor;
pub(crate) use empty::check_lists;
#[cfg(feature = "fits")]
pub(crate) use hdu::{HduPart, HduValues};
pub(crate) use patch::{Patch, PatchedReader, put};
pub(crate) use shape::{c_strides, count};
pub(crate) use text::{ascii, exact_ucs4};

pub use ::half;
#[cfg(feature = "ndarray")]
pub use ::ndarray;
pub use ::num_complex;
pub use array_part::ArrayPart;
pub use byte_order::ByteOrder;
/// What types of elements are made bytes by, a bound of [`NewArray::from_slice`].
pub use bytemuck::NoUninit;
pub use compare::{ElementDifferences, ElementPair, Tolerance};
pub use data::ArrayData;
pub(crate) use datatype::NULLS;
pub use datatype::{Datatype, Field, Scalar};
pub use element::Element;
pub(crate) use field_masks::FieldMasks;
pub use hdu::HduData;
#[doc(hidden)]
pub use identity::ViewIdentity;
#[cfg(feature = "schemas")]
pub(crate) use inline::describe as describe_inline;
pub use mask::MaskSource;
pub(crate) use mask::mask_node;
pub(crate) use new_array::ArrayBytes;
pub use new_array::NewArray;
#[cfg(feature = "fits")]
pub(crate) use new_array::datatype_node;
pub(crate) use nodes::inline_nodes;
#[cfg(feature = "fits")]
pub(crate) use number::Number;
pub use shared::SharedArray;
pub use slice::Slice;
pub use spec::{ArraySpec, Source, is_array, is_ndarray};
pub(crate) use spec::{foreign_keys, is_external, is_tiled};
pub use stats::{ArrayStats, ColumnStats, Counts, Extreme, NumberStats};
pub use subscript::Subscript;
pub use view::ArrayView;
pub use view_iter::ViewIter;

use crate::block::Block;
use crate::block::Codec;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::limits::Limits;
use crate::memory::Bytes;
use crate::tree::Node;
use crate::tree::TreePath;
use part::Access;
use slice::Placement;
use std::ops::Range;

/// Axes that an array may have; numpy has the same limit.
const AXES: u64 = 64;

/// Where the elements of a located array are.
#[derive(Debug, Clone, Copy)]
pub enum DataSource<'f> {
    /// In a block.
    Block(Block<'f>),
    /// In the tree: the ndarray node.
    Inline(Node<'f>),
    /// In an HDU of the FITS file that carries the tree.
    Hdu(HduData<'f>),
}

impl<'f> DataSource<'f> {
    /// The block, or the bytes of an HDU that are the elements themselves and so serve as one.
    pub(crate) fn bytes(self) -> Option<Block<'f>> {
        match self {
            Self::Block(block) => Some(block),
            Self::Hdu(hdu) => hdu.raw(),
            Self::Inline(_) => None,
        }
    }
}

/// Bytes, where the first element is in them, and which are `null`.
type Elements<'f> = (Bytes<'f>, Placement, Option<Vec<bool>>);

/// A located array: what it is and where, checked against its block; nothing is read yet.
#[derive(Debug)]
pub struct ArrayRef<'f> {
    spec: ArraySpec,
    data: DataSource<'f>,
    mask: Option<MaskSource<'f>>,
    /// Of records: what masks a field, by its place.
    field_masks: Vec<(usize, ArrayRef<'f>)>,
    path: TreePath,
    limits: &'f Limits,
    placement: Placement,
    warnings: elsa::sync::FrozenVec<Box<Warning>>,
}

impl<'f> ArrayRef<'f> {
    /// Joins what a node says with the data it names, which the caller has found.
    ///
    /// # Errors
    /// The elements reach out of the block, the shape overflows, or a view repeats its data beyond
    /// `view_bytes` of [`Limits`].
    #[doc(hidden)]
    pub fn new(
        spec: ArraySpec,
        data: DataSource<'f>,
        mask: Option<MaskSource<'f>>,
        path: TreePath,
        limits: &'f Limits,
    ) -> Result<Self> {
        let placement = Placement {
            first: 0,
            shape: Vec::new(),
            strides: Vec::new(),
        };
        let mut array = Self {
            spec,
            data,
            mask,
            field_masks: Vec::new(),
            path,
            limits,
            placement,
            warnings: elsa::sync::FrozenVec::new(),
        };
        array.place().at_path(|| &array.path)?;
        Ok(array)
    }

    /// An array whose data stands in the tree.
    pub(crate) fn inline(
        node: Node<'f>,
        mask: Option<MaskSource<'f>>,
        path: TreePath,
        limits: &'f Limits,
    ) -> Result<Self> {
        let spec = inline::describe(node, limits)?;
        Self::new(spec, DataSource::Inline(node), mask, path, limits)
    }

    /// The same elements as an array that a node of another file names: at that path, from that file.
    pub(crate) fn named(mut self, path: TreePath, uri: &str) -> Self {
        self.path = path;
        self.spec.source = Source::Uri(uri.into());
        self
    }

    /// The same records, some values of their fields masked: each field by its place, with an array of truth values.
    #[cfg(feature = "fits")]
    pub(crate) fn with_field_masks(mut self, masks: Vec<(usize, Self)>) -> Self {
        self.field_masks = masks;
        self
    }

    /// What the node says.
    pub fn spec(&self) -> &ArraySpec {
        &self.spec
    }

    /// Where the elements are.
    pub fn source(&self) -> DataSource<'f> {
        self.data
    }

    /// Lengths of the axes, `*` resolved.
    pub fn shape(&self) -> &[u64] {
        &self.placement.shape
    }

    /// What an element is.
    pub fn datatype(&self) -> &Datatype {
        &self.spec.datatype
    }

    /// The order of bytes where the datatype says nothing.
    pub fn byteorder(&self) -> ByteOrder {
        self.spec.byteorder
    }

    /// The path of the ndarray node.
    pub fn path(&self) -> &TreePath {
        &self.path
    }

    /// What was found odd about the array so far, on locating it and on reading it.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        (0..self.warnings.len()).filter_map(|index| self.warnings.get(index))
    }

    /// Number of elements.
    pub fn len(&self) -> u64 {
        shape::count(&self.placement.shape).unwrap_or(u64::MAX)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all elements.
    pub fn byte_len(&self) -> u64 {
        self.len().saturating_mul(self.spec.datatype.size())
    }

    /// True when the node has a mask or numbers that stand for no value (inline `null`s are seen on loading only).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/mask_number.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// for (path, _) in file.arrays()? {
    ///     let array = file.array(&path)?;
    ///     if array.is_masked() {
    ///         let data = array.load()?;
    ///         let masked = data.mask().unwrap_or_default().iter().filter(|masked| **masked).count();
    ///         println!("{path}: {masked} of {} elements are masked", array.len());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_masked(&self) -> bool {
        self.mask.is_some() || self.spec.datatype.has_nulls() || !self.field_masks.is_empty()
    }

    /// Reads and decodes the whole array: without a copy when its block is not compressed.
    ///
    /// # Errors
    /// The block is cut, cannot be decoded or exceeds a limit; the sibling file or the HDU cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let data = file.array("roman/data")?.load()?;
    /// let pixels = data.view::<f32>()?;
    /// assert_eq!(pixels.shape(), [64, 64]); // rows, then columns, as in numpy
    /// assert_eq!(pixels.get(&[0, 0]), Some(0.63062763));
    /// # Ok(())
    /// # }
    /// ```
    pub fn load(&self) -> Result<ArrayData<'f>> {
        self.load_slices(&[])
    }

    /// Reads and decodes a window, a range for each axis; only what it needs.
    ///
    /// # Errors
    /// As [`load`](Self::load); there are more ranges than axes. A range that reaches over the edge is cut there, as numpy does, so that
    /// the shape of the result tells what was taken.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let corner = file.array("roman/data")?.load_window(&[0..4, 60..64])?;
    /// assert_eq!(corner.shape(), [4, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn load_window(&self, window: &[Range<u64>]) -> Result<ArrayData<'f>> {
        let at = |position: u64| Some(i64::try_from(position).unwrap_or(i64::MAX));
        let slices: Vec<Slice> = window
            .iter()
            .map(|range| Slice::Range {
                start: at(range.start),
                stop: at(range.end),
                step: 1,
            })
            .collect();
        self.load_slices(&slices)
    }

    /// Reads and decodes what the slices take, by the rules of numpy; only what it needs.
    ///
    /// # Errors
    /// As [`load`](Self::load); there are more slices than axes, or an index is outside of its axis.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::array::Slice;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let part = file.array("roman/data")?.load_slices(&Slice::parse_list("0:4, ::16")?)?;
    /// assert_eq!(part.view::<f32>()?.to_vec()[..4], [0.63062763, 0.5229189, 0.64670897, 0.5515558]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn load_slices(&self, slices: &[Slice]) -> Result<ArrayData<'f>> {
        self.masked(slices, Access::Mapped)
    }

    fn masked(&self, slices: &[Slice], access: Access) -> Result<ArrayData<'f>> {
        let found = self.load_part(slices, access).at_path(|| &self.path);
        let (mut data, nulls) = found?;
        let explicit = match &self.mask {
            None => None,
            Some(MaskSource::Value(node)) => Some(mask::by_value(*node, &data)?),
            Some(MaskSource::Array(mask)) => Some(self.array_mask(mask, slices, &data)?),
        };
        data.mask = match (nulls, explicit) {
            (Some(nulls), Some(mask)) => Some(
                nulls
                    .iter()
                    .zip(mask)
                    .map(|(null, masked)| *null || masked)
                    .collect(),
            ),
            (nulls, explicit) => nulls.or(explicit),
        };
        data.field_masks = self.load_field_masks(slices).at_path(|| &self.path)?;
        Ok(data)
    }

    fn array_mask(
        &self,
        mask: &ArrayRef<'_>,
        slices: &[Slice],
        data: &ArrayData<'_>,
    ) -> Result<Vec<bool>> {
        if slices.is_empty() {
            return mask::by_array(mask, self.shape());
        }
        if mask.shape() == self.shape() && mask.datatype().scalar().is_some() {
            let (part, _) = mask.load_part(slices, Access::Copied)?;
            return Ok(mask::is_set(&part));
        }
        let whole = mask::by_array(mask, self.shape());
        let whole: Vec<u8> = whole?.into_iter().map(u8::from).collect();
        let strides = shape::c_strides(self.shape(), 1);
        let part = Placement {
            first: 0,
            shape: self.shape().to_vec(),
            strides,
        }
        .slice(slices)?;
        let bytes = ArrayData {
            bytes: whole.into(),
            first: u64::try_from(part.first).unwrap_or(u64::MAX),
            datatype: Datatype::Scalar(Scalar::Bool8),
            byteorder: ByteOrder::NATIVE,
            shape: data.shape.clone(),
            strides: part.strides,
            mask: None,
            field_masks: FieldMasks::default(),
            path: self.path.clone(),
        };
        Ok(bytes.view::<bool>()?.to_vec())
    }

    pub(super) fn load_unmasked(&self) -> Result<ArrayData<'f>> {
        self.load_part(&[], Access::Mapped)
            .map(|loaded| loaded.0)
            .at_path(|| &self.path)
    }

    /// The elements, and which of them are `null` in the tree.
    fn load_part(
        &self,
        slices: &[Slice],
        access: Access,
    ) -> Result<(ArrayData<'f>, Option<Vec<bool>>)> {
        let size = self.spec.datatype.size();
        let part = self.placement.slice(slices)?;
        let (bytes, part, nulls) = match self.data {
            DataSource::Block(block) => self.stored_part(block, part, access)?,
            DataSource::Hdu(hdu) => {
                if let Some(bytes) = hdu.raw() {
                    self.stored_part(bytes, part, access)?
                } else {
                    let needed = shape::count(&part.shape).unwrap_or(u64::MAX);
                    hdu.check_repetition(needed.saturating_mul(size), self.limits)?;
                    let (bytes, first) = hdu.part(self.shape(), size, &part)?;
                    (bytes.into(), part.moved_to(first), None)
                }
            }
            DataSource::Inline(node) => {
                let built = inline::build(node, &self.spec, self.limits)?;
                built
                    .warnings
                    .into_iter()
                    .for_each(|warning| self.note(warning));
                let nulls = built
                    .nulls
                    .map(|nulls| self.cut_nulls(nulls, slices, &part))
                    .transpose()?;
                (built.bytes.into(), part, nulls)
            }
        };
        let data = ArrayData {
            bytes,
            first: u64::try_from(part.first).unwrap_or(0),
            datatype: self.spec.datatype.clone(),
            byteorder: self.spec.byteorder,
            shape: part.shape,
            strides: part.strides,
            mask: None,
            field_masks: FieldMasks::default(),
            path: self.path.clone(),
        };
        Ok((data, nulls))
    }

    /// The bytes of a block that a part needs, and the part's place in them; no nulls.
    fn stored_part(
        &self,
        block: Block<'f>,
        part: Placement,
        access: Access,
    ) -> Result<Elements<'f>> {
        let size = self.spec.datatype.size();
        let extent = part
            .extent(size)
            .ok_or_else(|| self.past_block(block.decoded_size()))?;
        let scattered = part::is_scattered(&part, &extent, size);
        let length = extent.end.saturating_sub(extent.start);
        let spills = block.spills()
            && (scattered
                || block.has_spilled()
                || match access {
                    Access::Copied => block.is_decoded_from_start(length),
                    Access::Mapped => part::is_spilled(block, &part, length, size),
                });
        let block = if spills { block.spilled()? } else { block };
        let copied = if spills && access == Access::Mapped && !part::is_few(&part, size) {
            None
        } else if spills || access == Access::Copied || (scattered && block.input().is_ranged()) {
            part::copied(block, &part, &extent, size)?
        } else {
            None
        };
        let (bytes, part) = if let Some(copied) = copied {
            copied
        } else {
            let (bytes, first) = Self::block_bytes(block, &part, &extent)?;
            (bytes, part.moved_to(first))
        };
        Ok((bytes, part, None))
    }

    fn cut_nulls(&self, nulls: Vec<bool>, slices: &[Slice], part: &Placement) -> Result<Vec<bool>> {
        if slices.is_empty() {
            return Ok(nulls);
        }
        let strides = shape::c_strides(self.shape(), 1);
        let cut = Placement {
            first: 0,
            shape: self.shape().to_vec(),
            strides,
        }
        .slice(slices)?;
        let bytes: Vec<u8> = nulls.into_iter().map(u8::from).collect();
        let view = ArrayView::<bool>::new(
            &bytes,
            u64::try_from(cut.first).unwrap_or(0),
            &part.shape,
            &cut.strides,
            ByteOrder::NATIVE,
        );
        Ok(view.to_vec())
    }

    /// The bytes that a window needs, and where its first element is in them.
    fn block_bytes(
        block: Block<'f>,
        part: &Placement,
        extent: &Range<u64>,
    ) -> Result<(Bytes<'f>, u64)> {
        let first = u64::try_from(part.first).unwrap_or(0);
        if part.shape.contains(&0) {
            let none: &[u8] = &[];
            return Ok((none.into(), 0));
        }
        if block.header().codec() == Codec::None && !block.input().is_ranged() {
            return Ok((block.decoded()?, first));
        }
        if *extent == (0..block.decoded_size()) {
            return Ok((block.decoded()?, first));
        }
        Ok((
            block.decoded_range(extent.clone())?,
            first.saturating_sub(extent.start),
        ))
    }
}
