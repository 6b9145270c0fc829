//! Loaded arrays: bytes with everything needed to make sense of them.

use super::byte_order::ByteOrder;
use super::datatype::{Datatype, Field, Scalar};
use super::element::Element;
use super::field_masks::FieldMasks;
use super::packed_reader::Walk;
use super::packing::Packing;
use super::shape;
use super::shape::Rows;
use super::view::ArrayView;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::memory::Bytes;
use crate::tree::TreePath;
use half::f16;

/// The elements of an array, or of a window of one, in memory or in the mapped file.
#[derive(Debug, Clone)]
pub struct ArrayData<'f> {
    pub(super) bytes: Bytes<'f>,
    /// Byte of the first element; every element lies within `bytes`.
    pub(super) first: u64,
    pub(super) datatype: Datatype,
    pub(super) byteorder: ByteOrder,
    pub(super) shape: Vec<u64>,
    pub(super) strides: Vec<i64>,
    /// For each element in C order whether it is masked.
    pub(super) mask: Option<Vec<bool>>,
    /// Of records: which values of their fields are masked.
    pub(super) field_masks: FieldMasks,
    pub(super) path: TreePath,
}

impl ArrayData<'_> {
    /// Lengths of the axes.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// What an element is.
    pub fn datatype(&self) -> &Datatype {
        &self.datatype
    }

    /// The order of bytes in memory.
    pub fn byteorder(&self) -> ByteOrder {
        self.byteorder
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        shape::count(&self.shape)
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(usize::MAX)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For each element in C order whether it is masked; `None` when the array has no mask.
    pub fn mask(&self) -> Option<&[bool]> {
        self.mask.as_deref()
    }

    /// The elements as a Rust type; costs nothing. The type must be the datatype's own.
    ///
    /// # Errors
    /// [`Mismatch::ElementType`]: `T` is not the datatype's type, or the array has records.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let data = file.array("roman/data")?.load()?;
    /// let finite = data.view::<f32>()?.iter().filter(|value| value.is_finite()).count();
    /// assert_eq!(finite, 4096 - 32);
    /// assert!(data.view::<f64>().is_err_and(|error| error.is_mismatch()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn view<T: Element>(&self) -> Result<ArrayView<'_, T>> {
        if self.datatype.scalar() != Some(T::SCALAR) {
            let found = self.datatype.to_string().into();
            let error = Error::from(Mismatch::ElementType {
                found,
                asked: T::SCALAR.name(),
            });
            return Err(error.at_path(|| &self.path));
        }
        Ok(ArrayView::new(
            &self.bytes,
            self.first,
            &self.shape,
            &self.strides,
            self.byteorder,
        ))
    }

    /// All elements as `f64`: integers rounded where they must be, truth values 0 and 1. Complex
    /// numbers, text and records are a [`Mismatch::ElementType`].
    ///
    /// # Errors
    /// [`Mismatch::ElementType`], as above.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let variance = file.array("roman/var_poisson")?.load()?.to_f64()?; // stored as float16
    /// assert_eq!(variance.len(), 4096);
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_f64(&self) -> Result<Vec<f64>> {
        #[expect(clippy::cast_precision_loss, reason = "the caller asked for floats")]
        Ok(match self.datatype.scalar() {
            Some(Scalar::Int8) => self.view::<i8>()?.iter().map(f64::from).collect(),
            Some(Scalar::Int16) => self.view::<i16>()?.iter().map(f64::from).collect(),
            Some(Scalar::Int32) => self.view::<i32>()?.iter().map(f64::from).collect(),
            Some(Scalar::Int64) => self
                .view::<i64>()?
                .iter()
                .map(|value| value as f64)
                .collect(),
            Some(Scalar::Uint8) => self.view::<u8>()?.iter().map(f64::from).collect(),
            Some(Scalar::Uint16) => self.view::<u16>()?.iter().map(f64::from).collect(),
            Some(Scalar::Uint32) => self.view::<u32>()?.iter().map(f64::from).collect(),
            Some(Scalar::Uint64) => self
                .view::<u64>()?
                .iter()
                .map(|value| value as f64)
                .collect(),
            Some(Scalar::Float16) => self.view::<f16>()?.iter().map(f64::from).collect(),
            Some(Scalar::Float32) => self.view::<f32>()?.iter().map(f64::from).collect(),
            Some(Scalar::Float64) => self.view::<f64>()?.to_vec(),
            Some(Scalar::Bool8) => self
                .view::<bool>()?
                .iter()
                .map(|value| f64::from(u8::from(value)))
                .collect(),
            Some(Scalar::Complex64 | Scalar::Complex128) | None => {
                self.view::<f64>()?;
                Vec::new()
            }
        })
    }

    /// All elements packed in C order, every number little-endian.
    pub fn to_le_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // What takes the pieces cannot fail.
        let _ = self.pack(&mut |piece| {
            out.extend_from_slice(piece);
            Ok(())
        });
        out
    }

    /// One field of a record array as an array of its own, without a copy; the axes of a sub-array
    /// come last. `None` when there is no such field. Unnamed fields are `f0`, `f1`, ….
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/record_simple.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let (place, _) = file.arrays()?.remove(0);
    /// let table = file.array(&place)?.load()?;
    /// assert!(table.field("no such column").is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn field(&self, name: &str) -> Option<ArrayData<'_>> {
        let (index, (label, offset, field)) = self
            .field_places()
            .enumerate()
            .find(|(_, place)| place.0 == name)?;
        Some(self.field_at(index, &label, offset, field))
    }

    /// As [`field`](Self::field), for data that are not needed otherwise.
    pub fn into_field(self, name: &str) -> Option<Self> {
        let place = self.field(name)?.without_bytes();
        Some(Self {
            bytes: self.bytes,
            ..place
        })
    }

    /// The same of no bytes: what a part of them is, when the whole is to be moved into it.
    pub(super) fn without_bytes(self) -> ArrayData<'static> {
        ArrayData {
            bytes: Bytes::from(&[][..]),
            first: self.first,
            datatype: self.datatype,
            byteorder: self.byteorder,
            shape: self.shape,
            strides: self.strides,
            mask: self.mask,
            field_masks: self.field_masks,
            path: self.path,
        }
    }

    /// All fields of a record array with their names; none of any other array.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, ArrayData<'_>)> {
        let places = self.field_places().enumerate();
        places.map(|(index, (label, offset, field))| {
            let data = self.field_at(index, &label, offset, field);
            (label, data)
        })
    }

    /// Name and offset of each field within a record.
    fn field_places(&self) -> impl Iterator<Item = (String, u64, &Field)> {
        let fields = match &self.datatype {
            Datatype::Record(fields) => fields.as_slice(),
            _ => &[],
        };
        fields
            .iter()
            .enumerate()
            .scan(0_u64, |behind, (index, field)| {
                let offset = *behind;
                *behind = offset.saturating_add(field.size());
                Some((field.label(index), offset, field))
            })
    }

    fn field_at(&self, index: usize, label: &str, offset: u64, field: &Field) -> ArrayData<'_> {
        let mut shape = self.shape.clone();
        shape.extend(&field.shape);
        let mut strides = self.strides.clone();
        strides.extend(shape::c_strides(&field.shape, field.datatype.size()));
        // A record is masked with all that is in it.
        let count = shape::count(&field.shape).and_then(|count| usize::try_from(count).ok());
        let repeated = |mask: &Vec<bool>| {
            let each = mask
                .iter()
                .flat_map(|masked| std::iter::repeat_n(*masked, count.unwrap_or(0)));
            each.collect()
        };
        let mut data = ArrayData {
            bytes: Bytes::from(&*self.bytes),
            first: self.first.saturating_add(offset),
            datatype: field.datatype.clone(),
            byteorder: field.byteorder,
            shape,
            strides,
            mask: self.mask.as_ref().map(repeated),
            field_masks: FieldMasks::default(),
            path: self.path.clone().key(label),
        };
        if field.null.is_some() {
            data.mask_nulls(field);
        }
        if let Some(own) = self.field_masks.of(index) {
            data.mask = match data.mask.take() {
                None => Some(own.to_vec()),
                Some(mask) => Some(mask.iter().zip(own).map(|(a, b)| *a || *b).collect()),
            };
        }
        data
    }

    /// Masks the values that stand for none as well.
    fn mask_nulls(&mut self, field: &Field) {
        let nulls = self
            .elements()
            .map(|value| field.is_null(value, self.byteorder));
        let nulls: Vec<bool> = match &self.mask {
            Some(mask) => nulls
                .zip(mask)
                .map(|(null, masked)| null || *masked)
                .collect(),
            None => nulls.collect(),
        };
        if nulls.contains(&true) {
            self.mask = Some(nulls);
        }
    }

    /// The bytes of each element in C order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &[u8]> {
        let size = usize::try_from(self.datatype.size()).unwrap_or(usize::MAX);
        let rows = Rows::new(&self.shape, &self.strides, self.datatype.size());
        let (length, stride) = (rows.length, rows.stride);
        let first = i64::try_from(self.first).unwrap_or(i64::MAX);
        rows.flat_map(move |row| {
            (0..length).map(move |index| {
                let step = stride.wrapping_mul(i64::try_from(index).unwrap_or(0));
                let start = usize::try_from(first.wrapping_add(row).wrapping_add(step))
                    .unwrap_or(usize::MAX);
                self.bytes
                    .get(start..start.saturating_add(size))
                    .unwrap_or_default()
            })
        })
    }

    /// Hands the elements in C order, little-endian and packed, to `sink`, a megabyte at a time.
    pub(super) fn pack(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let packing = Packing::new(&self.datatype, self.byteorder);
        let mut walk = Walk::new(self, packing.size);
        let mut piece = Vec::new();
        loop {
            walk.next_piece(&self.bytes, &mut piece);
            if piece.is_empty() {
                return Ok(());
            }
            packing.swap(&mut piece);
            sink(&piece)?;
        }
    }
}
