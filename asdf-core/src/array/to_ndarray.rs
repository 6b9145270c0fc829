//! Arrays of the crate `ndarray`.

use super::element::Element;
use super::view::ArrayView;
use crate::error::{Result, Usage};
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn, ShapeBuilder};

impl<'a, T: Element> ArrayView<'a, T> {
    /// The elements as a view of `ndarray`, without a copy; whatever their strides. `None` when the bytes are not those of this machine:
    /// another byte order, not aligned, strides that are not whole elements, or `bool`.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::array::ndarray::Axis;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let data = file.array("roman/dq")?.load()?;
    /// if let Some(flags) = data.view::<u32>()?.as_ndarray() {
    ///     assert_eq!(flags.len_of(Axis(0)), 64);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_ndarray(&self) -> Option<ArrayViewD<'a, T>> {
        let shape = self.ndarray_shape()?;
        if let Some(slice) = self.as_slice() {
            return ArrayViewD::from_shape(shape, slice).ok();
        }
        // `ndarray` takes a slice and steps forward; axes that go backward are turned round afterwards.
        let (slice, strides) = self.native_span()?;
        let steps: Vec<usize> = strides.iter().map(|stride| stride.unsigned_abs()).collect();
        let mut view = ArrayViewD::from_shape(shape.strides(IxDyn(&steps)), slice).ok()?;
        for (axis, _) in (0..).zip(&strides).filter(|(_, stride)| **stride < 0) {
            view.invert_axis(Axis(axis));
        }
        Some(view)
    }

    /// The elements as an array of `ndarray`, copied, in C order and in this machine's byte order.
    ///
    /// # Errors
    /// The shape is larger than `ndarray` supports.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let image = file.array("roman/data")?.load()?.view::<f32>()?.to_ndarray()?;
    /// assert_eq!(image[[0, 0]], 0.63062763);
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_ndarray(&self) -> Result<ArrayD<T>> {
        let shape = self.ndarray_shape().unwrap_or_else(|| IxDyn(&[0]));
        ArrayD::from_shape_vec(shape, self.to_vec()).map_err(|error| {
            let reason = error.to_string().into();
            Usage::Window { reason }.into()
        })
    }

    fn ndarray_shape(&self) -> Option<IxDyn> {
        let lengths: Option<Vec<usize>> = self
            .shape()
            .iter()
            .map(|length| usize::try_from(*length).ok())
            .collect();
        Some(IxDyn(&lengths?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ArrayView, ByteOrder};

    #[test]
    fn strides_of_any_sign_are_seen_without_a_copy() {
        let values: Vec<f64> = (0..12).map(f64::from).collect();
        let bytes: &[u8] = bytemuck::cast_slice(&values);
        // Columns 3, 1 of rows 2, 1, 0 of a matrix of 3 by 4.
        let view = ArrayView::<f64>::new(bytes, 88, &[3, 2], &[-32, -16], ByteOrder::NATIVE);
        let seen = view.as_ndarray().unwrap();
        assert_eq!(
            seen,
            ndarray::array![[11.0, 9.0], [7.0, 5.0], [3.0, 1.0]].into_dyn()
        );
        assert_eq!(view.to_ndarray().unwrap(), seen);
        assert_eq!(seen.as_ptr(), &raw const values[11]);
    }

    #[test]
    fn an_axis_of_stride_zero_repeats_its_elements() {
        let values = [1.5_f64, 2.5];
        let bytes: &[u8] = bytemuck::cast_slice(&values);
        let view = ArrayView::<f64>::new(bytes, 0, &[3, 2], &[0, 8], ByteOrder::NATIVE);
        let copied = view.to_ndarray().unwrap();
        assert_eq!(
            copied,
            ndarray::array![[1.5, 2.5], [1.5, 2.5], [1.5, 2.5]].into_dyn()
        );
        assert!(view.as_ndarray().is_none_or(|seen| seen == copied));
    }

    #[test]
    fn another_byte_order_is_only_copied() {
        let bytes: Vec<u8> = [1_u16, 2]
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        let order = ByteOrder::Big;
        let view = ArrayView::<u16>::new(&bytes, 0, &[2], &[2], order);
        assert_eq!(view.as_ndarray().is_some(), order == ByteOrder::NATIVE);
        assert_eq!(view.to_ndarray().unwrap(), ndarray::array![1, 2].into_dyn());
    }
}
