//! The elements of a view, one by one.

use super::byte_order::ByteOrder;
use super::element::Element;
use super::shape::Rows;
use super::view::ArrayView;
use std::marker::PhantomData;

/// The elements of an [`ArrayView`] in C order.
#[derive(Debug)]
pub struct ViewIter<'a, T> {
    pub(super) bytes: &'a [u8],
    /// Byte of the first element of the view.
    pub(super) first: i64,
    pub(super) order: ByteOrder,
    /// Bytes from an element to the next of its row.
    pub(super) stride: isize,
    pub(super) rows: Rows,
    /// Elements of the row that are left, and the byte of the next.
    pub(super) row_left: u64,
    pub(super) at: isize,
    /// Elements that are left.
    pub(super) left: usize,
    pub(super) element: PhantomData<T>,
}

impl<T: Element> Iterator for ViewIter<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        if self.row_left == 0 {
            self.row_left = self.rows.length;
            let row = self.rows.next();
            let place = row.and_then(|row| isize::try_from(self.first.wrapping_add(row)).ok());
            self.at = place.unwrap_or(0);
        }
        let start = usize::try_from(self.at).unwrap_or(usize::MAX);
        self.row_left = self.row_left.saturating_sub(1);
        self.at = self.at.wrapping_add(self.stride);
        let found = self.bytes.get(start..).and_then(|rest| rest.get(..T::SIZE));
        Some(T::read(found.unwrap_or_default(), self.order))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T: Element> ExactSizeIterator for ViewIter<'_, T> {}

impl<'a, T: Element> IntoIterator for ArrayView<'a, T> {
    type Item = T;
    type IntoIter = ViewIter<'a, T>;

    fn into_iter(self) -> ViewIter<'a, T> {
        self.iter()
    }
}

impl<'a, T: Element> IntoIterator for &ArrayView<'a, T> {
    type Item = T;
    type IntoIter = ViewIter<'a, T>;

    fn into_iter(self) -> ViewIter<'a, T> {
        self.iter()
    }
}
