//! Arrays in three steps with three prices: located ([`ArrayRef`]), loaded ([`ArrayData`]), viewed
//! as a Rust type ([`ArrayView`]). Source: `core/ndarray-1.1.0`.

mod assemble;
mod byte_order;
mod compare;
mod cursor;
mod data;
mod datatype;
mod digest;
mod element;
mod format;
mod hdu;
mod inline;
mod input;
mod json;
mod mask;
mod nodes;
mod number;
mod packing;
mod part;
mod shape;
mod slice;
mod spec;
mod stats;
mod stream;
mod text;
mod view;

pub(crate) use cursor::RowCursor;
#[cfg(feature = "fits")]
pub(crate) use hdu::HduValues;
pub(crate) use shape::count;
pub(crate) use text::{ascii, ucs4};

pub use byte_order::ByteOrder;
pub use compare::{ElementDifferences, ElementPair, Tolerance};
pub use data::ArrayData;
pub use datatype::{Datatype, Field, Scalar};
pub use element::Element;
pub use hdu::HduData;
#[cfg(feature = "schemas")]
pub(crate) use inline::describe as describe_inline;
pub(crate) use input::ArrayBytes;
pub use input::NewArray;
pub use mask::MaskSource;
pub(crate) use nodes::inline_nodes;
pub use slice::Slice;
pub use spec::{ArraySpec, Source, is_ndarray};
pub use stats::{ArrayStats, ColumnStats, Counts, Extreme, NumberStats};
pub use view::ArrayView;

use crate::block::Block;
use crate::block::Codec;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::limits::Limits;
use crate::tree::Node;
use crate::tree::TreePath;
use part::Access;
use slice::Placement;
use std::borrow::Cow;
use std::io::Read;
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

/// A located array: what it is and where, checked against its block; nothing is read yet.
#[derive(Debug)]
pub struct ArrayRef<'f> {
    spec: ArraySpec,
    data: DataSource<'f>,
    mask: Option<MaskSource<'f>>,
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
            path,
            limits,
            placement,
            warnings: elsa::sync::FrozenVec::new(),
        };
        array.place().at_path(|| &array.path)?;
        Ok(array)
    }

    /// An array whose data stands in the tree.
    pub fn inline(
        node: Node<'f>,
        mask: Option<MaskSource<'f>>,
        path: TreePath,
        limits: &'f Limits,
    ) -> Result<Self> {
        let spec = inline::describe(node, limits)?;
        Self::new(spec, DataSource::Inline(node), mask, path, limits)
    }

    /// Resolves `*` and the strides, and checks that every element lies within the block.
    fn place(&mut self) -> Result<()> {
        let size = self.spec.datatype.size();
        let mut shape = self.spec.shape.clone();
        if shape.len() as u64 > AXES {
            let needed = shape.len() as u64;
            return Err(LimitExceeded {
                what: "number of axes",
                name: "axes",
                needed,
                allowed: AXES,
            }
            .into());
        }
        let first = i64::try_from(self.spec.offset)
            .ok()
            .ok_or_else(|| self.past_block(u64::MAX))?;
        if self.spec.star {
            let rows = self.star_rows(size);
            shape
                .first_mut()
                .into_iter()
                .for_each(|length| *length = rows);
        }
        let strides = self
            .spec
            .strides
            .clone()
            .unwrap_or_else(|| shape::c_strides(&shape, size));
        self.placement = Placement {
            first,
            shape,
            strides,
        };
        let Some(count) = shape::count(&self.placement.shape) else {
            return Err(Malformed::ShapeOverflow {
                shape: self.placement.shape.as_slice().into(),
            }
            .into());
        };
        if count == 0 && self.placement.shape.iter().any(|length| *length > 1 << 48) {
            self.warn(WarningKind::AbsurdShape {
                shape: self.placement.shape.as_slice().into(),
            });
        }
        match self.data {
            DataSource::Block(block) => self.check_extent(block.decoded_size(), count, size),
            // The caller knows the HDU's own shape; a view of it brings the bytes that it lies in.
            DataSource::Hdu(hdu) => match hdu.raw() {
                Some(bytes) => self.check_extent(bytes.decoded_size(), count, size),
                None => Ok(()),
            },
            DataSource::Inline(_) => Ok(()),
        }
    }

    /// Checks that every element lies within the block or HDU.
    fn check_extent(&self, available: u64, count: u64, size: u64) -> Result<()> {
        let extent = self
            .placement
            .extent(size)
            .ok_or_else(|| self.past_block(available))?;
        if count > 0 && extent.end > available {
            let fact = Malformed::PastBlock {
                start: extent.start,
                end: extent.end,
                size: available,
            };
            return Err(self.in_source(fact.into()));
        }
        self.check_repetition(count, size, &extent)?;
        let zero = self
            .placement
            .shape
            .iter()
            .zip(&self.placement.strides)
            .any(|(length, stride)| *length > 1 && *stride == 0);
        if zero && self.spec.strides.is_some() {
            self.warn(WarningKind::ZeroStride);
        }
        Ok(())
    }

    fn warn(&self, kind: WarningKind) {
        self.note(Warning::new(kind).at_path(&self.path));
    }

    /// Records an oddity, once.
    fn note(&self, warning: Warning) {
        if self.warnings().all(|known| *known != warning) {
            self.warnings.push(Box::new(warning));
        }
    }

    fn past_block(&self, size: u64) -> Error {
        let shape = self.placement.shape.as_slice().into();
        let strides = self.placement.strides.as_slice().into();
        let fact = Malformed::OutOfBlock {
            offset: self.spec.offset,
            shape,
            strides,
            size,
        };
        self.in_source(fact.into())
    }

    /// Says which block or HDU an error is about.
    fn in_source(&self, error: Error) -> Error {
        match self.data {
            DataSource::Block(block) => {
                let header = block.header();
                let span = header.offset..header.data_offset;
                error.at(span).in_block(header.index)
            }
            #[cfg(feature = "fits")]
            DataSource::Hdu(hdu) => error.in_hdu(hdu.index()),
            #[cfg(not(feature = "fits"))]
            DataSource::Hdu(_) => error,
            DataSource::Inline(_) => error,
        }
    }

    /// All elements one behind the other, in the byte order of the array, when they lie like that
    /// in a block or an HDU.
    fn reader(&self) -> Result<Option<Box<dyn Read + Send + 'f>>> {
        if !self.is_contiguous() {
            return Ok(None);
        }
        let size = self.byte_len();
        if let Some(block) = self.data.bytes() {
            let mut reader = block.reader()?;
            stream::skip(&mut reader, self.spec.offset)?;
            return Ok(Some(reader));
        }
        match self.data {
            DataSource::Hdu(hdu) if size > 0 && self.spec.offset == 0 => Ok(Some(Box::new(
                hdu.reader(self.shape(), self.datatype().size()),
            ))),
            _ => Ok(None),
        }
    }

    /// A view that names the same bytes again and again may be much larger than its block.
    fn check_repetition(&self, count: u64, size: u64, extent: &Range<u64>) -> Result<()> {
        // Elements without a byte are walked over all the same.
        let needed = count.saturating_mul(size.max(1));
        let stored = extent.end.saturating_sub(extent.start);
        let allowed = self.limits.view_bytes;
        if needed > stored && needed > allowed {
            let what = "bytes of a view that repeats its data";
            return Err(LimitExceeded {
                what,
                name: "view_bytes",
                needed,
                allowed,
            }
            .into());
        }
        Ok(())
    }

    /// How many whole rows the block has for `*`.
    fn star_rows(&self, size: u64) -> u64 {
        let Some(block) = self.data.bytes() else {
            return 0;
        };
        if !block.header().is_streamed() {
            self.warn(WarningKind::StarNotStreamed);
        }
        let inner = self.spec.shape.get(1..).unwrap_or_default();
        let row = shape::count(inner)
            .and_then(|count| count.checked_mul(size))
            .unwrap_or(u64::MAX);
        let available = block.decoded_size().saturating_sub(self.spec.offset);
        let stride = self
            .spec
            .strides
            .as_ref()
            .and_then(|strides| strides.first().copied());
        match stride {
            None => available.checked_div(row).unwrap_or(0),
            Some(stride) => {
                let strides = self
                    .spec
                    .strides
                    .as_deref()
                    .and_then(|all| all.get(1..))
                    .unwrap_or_default();
                let reach = shape::extent(inner, strides, size)
                    .map_or(u64::MAX, |extent| extent.end.unsigned_abs());
                match (u64::try_from(stride), available.checked_sub(reach)) {
                    (Ok(stride), Some(rest)) if stride > 0 => rest / stride + 1,
                    _ => 0,
                }
            }
        }
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

    /// True when the node has a mask (inline `null`s are seen on loading only).
    pub fn is_masked(&self) -> bool {
        self.mask.is_some()
    }

    /// Reads and decodes the whole array: without a copy when its block is not compressed.
    pub fn load(&self) -> Result<ArrayData<'f>> {
        self.load_slices(&[])
    }

    /// Reads and decodes a window, a range for each axis; only what it needs.
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
    pub fn load_slices(&self, slices: &[Slice]) -> Result<ArrayData<'f>> {
        self.masked(slices, Access::Mapped)
    }

    fn masked(&self, slices: &[Slice], access: Access) -> Result<ArrayData<'f>> {
        let found = self.data_by(slices, access).at_path(|| &self.path);
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
            let (part, _) = mask.data_by(slices, Access::Copied)?;
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
            bytes: Cow::Owned(whole),
            first: u64::try_from(part.first).unwrap_or(u64::MAX),
            datatype: Datatype::Scalar(Scalar::Bool8),
            byteorder: ByteOrder::NATIVE,
            shape: data.shape.clone(),
            strides: part.strides,
            mask: None,
            path: self.path.clone(),
        };
        Ok(bytes.view::<bool>()?.to_vec())
    }

    pub(super) fn load_unmasked(&self) -> Result<ArrayData<'f>> {
        self.load_data(&[])
            .map(|loaded| loaded.0)
            .at_path(|| &self.path)
    }

    /// The elements, and which of them are `null` in the tree.
    fn load_data(&self, slices: &[Slice]) -> Result<(ArrayData<'f>, Option<Vec<bool>>)> {
        self.data_by(slices, Access::Mapped)
    }

    fn data_by(
        &self,
        slices: &[Slice],
        access: Access,
    ) -> Result<(ArrayData<'f>, Option<Vec<bool>>)> {
        let size = self.spec.datatype.size();
        let part = self.placement.slice(slices)?;
        let (bytes, first, nulls) = match self.data {
            DataSource::Block(block) => self.stored_part(block, &part, access)?,
            DataSource::Hdu(hdu) => match hdu.raw() {
                Some(bytes) => self.stored_part(bytes, &part, access)?,
                None => {
                    let (bytes, first) = hdu.part(self.shape(), size, &part)?;
                    (Cow::Owned(bytes), first, None)
                }
            },
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
                (
                    Cow::Owned(built.bytes),
                    u64::try_from(part.first).unwrap_or(0),
                    nulls,
                )
            }
        };
        let data = ArrayData {
            bytes,
            first,
            datatype: self.spec.datatype.clone(),
            byteorder: self.spec.byteorder,
            shape: part.shape,
            strides: part.strides,
            mask: None,
            path: self.path.clone(),
        };
        Ok((data, nulls))
    }

    /// The bytes of a block that a part needs, and where its first element is in them; no nulls.
    fn stored_part(
        &self,
        block: Block<'f>,
        part: &Placement,
        access: Access,
    ) -> Result<(Cow<'f, [u8]>, u64, Option<Vec<bool>>)> {
        let size = self.spec.datatype.size();
        let extent = part
            .extent(size)
            .ok_or_else(|| self.past_block(block.decoded_size()))?;
        let copied = match access {
            Access::Copied => part::copied(block, part, &extent, size)?,
            Access::Mapped => None,
        };
        let (bytes, first) = match copied {
            Some(copied) => copied,
            None => Self::block_bytes(block, part, &extent)?,
        };
        Ok((bytes, first, None))
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
    ) -> Result<(Cow<'f, [u8]>, u64)> {
        let first = u64::try_from(part.first).unwrap_or(0);
        if part.shape.contains(&0) {
            return Ok((Cow::Borrowed(&[]), 0));
        }
        if block.header().codec() == Codec::None {
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
