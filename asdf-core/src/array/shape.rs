//! Shapes and strides: products and extents, all checked.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use std::ops::Range;

/// Number of elements; `None` when it leaves 64 bits. Any zero makes it zero.
pub(crate) fn count(shape: &[u64]) -> Option<u64> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape
        .iter()
        .try_fold(1_u64, |product, extent| product.checked_mul(*extent))
}

/// The strides in bytes of a C-ordered array; saturating, since an empty array may have absurd ones.
pub(crate) fn c_strides(shape: &[u64], size: u64) -> Vec<i64> {
    let mut stride = size;
    let mut out: Vec<i64> = shape
        .iter()
        .rev()
        .map(|extent| {
            let this = i64::try_from(stride).unwrap_or(i64::MAX);
            stride = stride.saturating_mul(*extent);
            this
        })
        .collect();
    out.reverse();
    out
}

/// The bytes that an array touches, relative to where its first element starts: `-8..16`.
/// `None` when that leaves 64 bits. Empty arrays touch nothing.
pub(crate) fn extent(shape: &[u64], strides: &[i64], size: u64) -> Option<Range<i64>> {
    if shape.contains(&0) {
        return Some(0..0);
    }
    let (mut low, mut high) = (0_i64, i64::try_from(size).ok()?);
    for (length, stride) in shape.iter().zip(strides) {
        let steps = i64::try_from(length.checked_sub(1)?).ok()?;
        let reach = stride.checked_mul(steps)?;
        if reach < 0 {
            low = low.checked_add(reach)?;
        } else {
            high = high.checked_add(reach)?;
        }
    }
    Some(low..high)
}

/// An array walked row by row: the last axes, as far as they can be taken in one step, are the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Elements of one row.
    pub(crate) length: u64,
    /// Bytes from one element of a row to the next.
    pub(crate) stride: i64,
    outer: Vec<(u64, i64)>,
    index: Vec<u64>,
    next: Option<i64>,
}

impl Rows {
    /// Joins axes that lie one after the other.
    pub(crate) fn new(shape: &[u64], strides: &[i64], size: u64) -> Self {
        let empty = shape.contains(&0);
        let element = i64::try_from(size).unwrap_or(i64::MAX);
        let mut axes: Vec<(u64, i64)> = Vec::with_capacity(shape.len());
        for (length, stride) in shape.iter().copied().zip(strides.iter().copied()) {
            if length == 1 {
                continue;
            }
            match axes.last_mut() {
                Some((outer, step))
                    if i64::try_from(length)
                        .ok()
                        .and_then(|length| stride.checked_mul(length))
                        == Some(*step) =>
                {
                    *outer = outer.saturating_mul(length);
                    *step = stride;
                }
                _ => axes.push((length, stride)),
            }
        }
        let (length, stride) = axes.pop().unwrap_or((1, element));
        let index = vec![0; axes.len()];
        Self {
            length,
            stride,
            outer: axes,
            index,
            next: (!empty).then_some(0),
        }
    }

    /// True when the whole array is one row of elements one after the other.
    pub(crate) fn is_contiguous(&self, size: u64) -> bool {
        self.next.is_none()
            || (self.outer.is_empty()
                && (i64::try_from(size) == Ok(self.stride) || self.length <= 1))
    }
}

impl Iterator for Rows {
    /// Where a row starts, relative to the first element of the array.
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let this = self.next?;
        let mut position = this;
        let mut axis = self.outer.len();
        loop {
            let Some(inner) = axis.checked_sub(1) else {
                self.next = None;
                break;
            };
            axis = inner;
            let (Some((length, stride)), Some(index)) =
                (self.outer.get(axis), self.index.get_mut(axis))
            else {
                self.next = None;
                break;
            };
            *index = index.saturating_add(1);
            if *index < *length {
                position = position.saturating_add(*stride);
                self.next = Some(position);
                break;
            }
            let back =
                stride.saturating_mul(i64::try_from(length.saturating_sub(1)).unwrap_or(i64::MAX));
            position = position.saturating_sub(back);
            *index = 0;
        }
        Some(this)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contiguous_axes_become_one_row() {
        let rows = Rows::new(&[2, 3, 4], &[96, 32, 8], 8);
        assert!(rows.is_contiguous(8));
        assert_eq!((rows.length, rows.collect::<Vec<_>>()), (24, vec![0]));
    }

    #[test]
    fn a_transposed_array_is_walked_by_its_last_axis() {
        let rows = Rows::new(&[3, 2], &[2, 6], 2);
        assert!(!rows.is_contiguous(2));
        assert_eq!((rows.length, rows.stride), (2, 6));
        assert_eq!(rows.collect::<Vec<_>>(), [0, 2, 4]);
    }

    #[test]
    fn outer_axes_count_like_an_odometer() {
        let rows = Rows::new(&[2, 2, 3], &[-100, 10, 2], 1);
        assert_eq!(rows.collect::<Vec<_>>(), [0, 10, -100, -90]);
    }

    #[test]
    fn the_extent_reaches_both_ways() {
        assert_eq!(extent(&[3, 4], &[-8, 2], 2), Some(-16..8));
        assert_eq!(extent(&[0, u64::MAX], &[1, 1], 2), Some(0..0));
        assert_eq!(extent(&[5, 5], &[1 << 62, 1 << 62], 1), None);
        assert_eq!(extent(&[2], &[i64::MIN], 1), Some(i64::MIN..1));
    }
}
