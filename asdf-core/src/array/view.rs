//! Typed views of loaded data.

use super::byte_order::ByteOrder;
use super::element::Element;
use super::shape;
use super::shape::Rows;
use super::view_iter::ViewIter;
use crate::error::Result;
use crate::error::Usage;
use rayon::prelude::*;
use std::marker::PhantomData;

/// An array seen as elements of one type; copying it copies a few words.
#[derive(Debug, Clone, Copy)]
pub struct ArrayView<'a, T> {
    bytes: &'a [u8],
    /// Byte of the first element.
    first: i64,
    shape: &'a [u64],
    strides: &'a [i64],
    order: ByteOrder,
    slice: Option<&'a [T]>,
    element: PhantomData<T>,
}

impl<'a, T: Element> ArrayView<'a, T> {
    /// The caller has checked that every element lies within `bytes`.
    pub(super) fn new(
        bytes: &'a [u8],
        first: u64,
        shape: &'a [u64],
        strides: &'a [i64],
        order: ByteOrder,
    ) -> Self {
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        let mut view = Self {
            bytes,
            first,
            shape,
            strides,
            order,
            slice: None,
            element: PhantomData,
        };
        if order == ByteOrder::NATIVE || T::SIZE == 1 {
            view.slice = view.contiguous_bytes().and_then(T::cast);
        }
        view
    }

    fn rows(&self) -> Rows {
        Rows::new(self.shape, self.strides, T::SIZE as u64)
    }

    /// The elements' bytes when they lie one after the other in C order.
    fn contiguous_bytes(&self) -> Option<&'a [u8]> {
        if !self.rows().is_contiguous(T::SIZE as u64) {
            return None;
        }
        let start = usize::try_from(self.first).ok()?;
        self.bytes
            .get(start..start.checked_add(self.len().checked_mul(T::SIZE)?)?)
    }

    /// The elements from the lowest to the highest place in memory and, in elements, the strides; when they are this machine's own.
    #[cfg(feature = "ndarray")]
    pub(super) fn native_span(&self) -> Option<(&'a [T], Vec<isize>)> {
        if self.order != ByteOrder::NATIVE && T::SIZE > 1 {
            return None;
        }
        let size = i64::try_from(T::SIZE).ok()?;
        let extent = shape::extent(self.shape, self.strides, T::SIZE as u64)?;
        let place = |offset: i64| usize::try_from(self.first.checked_add(offset)?).ok();
        let bytes = self.bytes.get(place(extent.start)?..place(extent.end)?)?;
        let in_elements = |stride: &i64| match stride.checked_rem(size)? {
            0 => isize::try_from(stride.checked_div(size)?).ok(),
            _ => None,
        };
        let strides: Option<Vec<isize>> = self.strides.iter().map(in_elements).collect();
        Some((T::cast(bytes)?, strides?))
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &'a [u64] {
        self.shape
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        shape::count(self.shape)
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(usize::MAX)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at an index, an axis each; `None` outside of the shape.
    pub fn get(&self, index: &[u64]) -> Option<T> {
        if index.len() != self.shape.len() {
            return None;
        }
        let mut at = self.first;
        for ((index, length), stride) in index.iter().zip(self.shape).zip(self.strides) {
            if index >= length {
                return None;
            }
            at = at.checked_add(stride.checked_mul(i64::try_from(*index).ok()?)?)?;
        }
        self.bytes
            .get(usize::try_from(at).ok()?..)?
            .get(..T::SIZE)
            .map(|bytes| T::read(bytes, self.order))
    }

    /// All elements in C order.
    pub fn iter(&self) -> ViewIter<'a, T> {
        let rows = self.rows();
        ViewIter {
            bytes: self.bytes,
            first: self.first,
            order: self.order,
            stride: isize::try_from(rows.stride).unwrap_or(0),
            rows,
            row_left: 0,
            at: 0,
            left: self.len(),
            element: PhantomData,
        }
    }

    /// The elements as a slice without a copy: only when they lie in C order one after the other,
    /// aligned, in this machine's byte order (never for `bool`).
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
    /// let total: f32 = match pixels.as_slice() {
    ///     Some(slice) => slice.iter().sum(), // in the machine's byte order, one after the other
    ///     None => pixels.iter().sum(),
    /// };
    /// # assert!(total.is_nan());
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_slice(&self) -> Option<&'a [T]> {
        self.slice
    }

    /// The elements in C order, copied.
    pub fn to_vec(&self) -> Vec<T> {
        if let Some(slice) = self.slice {
            return slice.to_vec();
        }
        if let Some(bytes) = self.contiguous_bytes() {
            return read_all(bytes, self.order);
        }
        if let Some(places) = self.even_places() {
            let mut out = Vec::new();
            let read = |index: usize| {
                let start = places.0.saturating_add(index.saturating_mul(places.1));
                let found = self.bytes.get(start..).and_then(|rest| rest.get(..T::SIZE));
                T::read(found.unwrap_or_default(), self.order)
            };
            let all = (0..self.len()).into_par_iter().with_min_len(PARALLEL);
            all.map(read).collect_into_vec(&mut out);
            return out;
        }
        let mut out = Vec::with_capacity(self.len());
        out.extend(self.iter());
        out
    }

    /// Byte of the first element and bytes from each to the next, when that is the same everywhere and forward.
    fn even_places(&self) -> Option<(usize, usize)> {
        let mut rows = self.rows();
        let (length, stride) = (rows.length, usize::try_from(rows.stride).ok()?);
        let first = usize::try_from(self.first.checked_add(rows.next()?)?).ok()?;
        (usize::try_from(length).ok()? == self.len()).then_some((first, stride))
    }

    /// A view of values in memory.
    ///
    /// # Errors
    /// [`Usage::Window`] when the shape does not have as many elements as `values`.
    pub fn from_slice(values: &'a [T], shape: &'a [u64], strides: &'a mut Vec<i64>) -> Result<Self>
    where
        T: bytemuck::NoUninit,
    {
        if shape::count(shape) != Some(values.len() as u64) {
            let reason = format!(
                "a shape of {shape:?} does not have {} elements",
                values.len()
            )
            .into();
            return Err(Usage::Window { reason }.into());
        }
        *strides = shape::c_strides(shape, T::SIZE as u64);
        Ok(Self::new(
            bytemuck::cast_slice(values),
            0,
            shape,
            strides,
            ByteOrder::NATIVE,
        ))
    }
}

/// Elements that are worth a job of their own.
const PARALLEL: usize = 1 << 16;

/// All elements that lie one after the other.
fn read_all<T: Element>(bytes: &[u8], order: ByteOrder) -> Vec<T> {
    let mut out = Vec::new();
    let elements = bytes.par_chunks_exact(T::SIZE).with_min_len(PARALLEL);
    // The order is asked for once, so that the loops have no branches.
    match order {
        ByteOrder::Big => elements
            .map(|bytes| T::read(bytes, ByteOrder::Big))
            .collect_into_vec(&mut out),
        ByteOrder::Little => elements
            .map(|bytes| T::read(bytes, ByteOrder::Little))
            .collect_into_vec(&mut out),
    }
    out
}
