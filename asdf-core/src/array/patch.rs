//! Elements of a block that get other bytes: where they are, in the order of their places.

use super::slice::Placement;
use std::io::Read;

/// Bytes for some elements of a block's decoded data.
#[derive(Debug)]
pub(crate) struct Patch {
    first: u64,
    axes: Vec<Axis>,
    /// Bytes of an element.
    size: usize,
    /// The elements in C order, or one for all of them.
    bytes: Vec<u8>,
    value_first: usize,
}

/// An axis that is walked upwards.
#[derive(Debug, Clone, Copy)]
struct Axis {
    length: u64,
    /// Bytes of the block from one element to the next.
    stride: u64,
    /// Bytes of the values from one to the next.
    value: i64,
}

impl Patch {
    /// Values for the elements of a placement: one for all, or as many as there are, in C order.
    /// `None` when elements share bytes with each other, or places leave 64 bits.
    pub(super) fn new(place: &Placement, size: u64, bytes: Vec<u8>) -> Option<Self> {
        let element = usize::try_from(size).ok()?;
        let values = if bytes.len() == element {
            vec![0; place.shape.len()]
        } else {
            super::shape::c_strides(&place.shape, size)
        };
        let (mut first, mut value_first) = (place.first, 0_i64);
        let mut axes = Vec::with_capacity(place.shape.len());
        for ((length, stride), value) in place.shape.iter().zip(&place.strides).zip(values) {
            let (mut stride, mut value) = (*stride, value);
            if *length == 1 {
                continue;
            }
            if stride < 0 {
                let steps = i64::try_from(length.checked_sub(1)?).ok()?;
                first = first.checked_add(stride.checked_mul(steps)?)?;
                value_first = value_first.checked_add(value.checked_mul(steps)?)?;
                (stride, value) = (stride.checked_neg()?, value.checked_neg()?);
            }
            axes.push(Axis {
                length: *length,
                stride: u64::try_from(stride).ok()?,
                value,
            });
        }
        axes.sort_by_key(|axis| std::cmp::Reverse(axis.stride));
        is_apart(&axes, size).then_some(Self {
            first: u64::try_from(first).ok()?,
            axes,
            size: element,
            bytes,
            value_first: usize::try_from(value_first).ok()?,
        })
    }

    /// Whether no element of a placement shares bytes with another.
    pub(super) fn is_apart(place: &Placement, size: u64) -> bool {
        place.shape.contains(&0) || Self::new(place, size, Vec::new()).is_some()
    }

    /// The places in ascending order, each with its new bytes.
    pub(crate) fn runs(&self) -> Runs<'_> {
        let row = self.axes.last().copied().filter(|axis| {
            // One element after the other, here and there.
            axis.stride == self.size as u64 && u64::try_from(axis.value).ok() == Some(axis.stride)
        });
        let outer = self.axes.len() - usize::from(row.is_some());
        let length = row.map_or(1, |row| usize::try_from(row.length).unwrap_or(usize::MAX));
        Runs {
            patch: self,
            outer: self.axes.get(..outer).unwrap_or_default(),
            length: length.saturating_mul(self.size),
            index: vec![0; outer],
            next: Some((self.first, i64::try_from(self.value_first).unwrap_or(0))),
        }
    }

    /// True when the byte at that offset belongs to one of the elements.
    pub(super) fn holds(&self, offset: u64) -> bool {
        let Some(mut rest) = offset.checked_sub(self.first) else {
            return false;
        };
        for axis in &self.axes {
            let step = rest.checked_div(axis.stride).unwrap_or(0);
            let step = step.min(axis.length.saturating_sub(1));
            rest = rest.saturating_sub(step.saturating_mul(axis.stride));
        }
        rest < self.size as u64
    }
}

/// True when what lies within a step of each axis is smaller than the step.
fn is_apart(axes: &[Axis], size: u64) -> bool {
    let mut extent = Some(size).filter(|size| *size > 0);
    for axis in axes.iter().rev() {
        extent = extent
            .filter(|extent| axis.stride >= *extent && axis.length > 0)
            .and_then(|extent| {
                let reach = axis.stride.checked_mul(axis.length.checked_sub(1)?)?;
                extent.checked_add(reach)
            });
    }
    extent.is_some()
}

/// Places and new bytes of a [`Patch`].
#[derive(Debug)]
pub(crate) struct Runs<'p> {
    patch: &'p Patch,
    outer: &'p [Axis],
    /// Bytes of a run.
    length: usize,
    index: Vec<u64>,
    next: Option<(u64, i64)>,
}

impl<'p> Iterator for Runs<'p> {
    type Item = (u64, &'p [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (place, value) = self.next?;
        let (mut next, mut next_value) = (place, value);
        self.next = None;
        for (axis, index) in self.outer.iter().zip(&mut self.index).rev() {
            *index += 1;
            if *index < axis.length {
                next = next.saturating_add(axis.stride);
                next_value = next_value.saturating_add(axis.value);
                self.next = Some((next, next_value));
                break;
            }
            let back = *index - 1;
            next = next.saturating_sub(axis.stride.saturating_mul(back));
            let back = i64::try_from(back).unwrap_or(i64::MAX);
            next_value = next_value.saturating_sub(axis.value.saturating_mul(back));
            *index = 0;
        }
        let start = usize::try_from(value).unwrap_or(usize::MAX);
        let bytes = self
            .patch
            .bytes
            .get(start..start.saturating_add(self.length));
        Some((place, bytes.unwrap_or_default()))
    }
}

/// The data of a block as a stream, some elements of it replaced.
pub(crate) struct PatchedReader<'p> {
    inner: Box<dyn Read + Send + 'p>,
    at: u64,
    runs: Runs<'p>,
    pending: Option<(u64, &'p [u8])>,
}

impl<'p> PatchedReader<'p> {
    /// `inner` is the data from its first byte on.
    pub(crate) fn new(inner: Box<dyn Read + Send + 'p>, patch: &'p Patch) -> Self {
        Self {
            inner,
            at: 0,
            runs: patch.runs(),
            pending: None,
        }
    }
}

impl Read for PatchedReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(out)?;
        let piece = out.get_mut(..count).unwrap_or_default();
        let end = self.at.saturating_add(count as u64);
        while let Some((place, bytes)) = self.pending.take().or_else(|| self.runs.next()) {
            if place >= end {
                self.pending = Some((place, bytes));
                break;
            }
            put(piece, self.at, place, bytes);
            if place.saturating_add(bytes.len() as u64) > end {
                self.pending = Some((place, bytes));
                break;
            }
        }
        self.at = end;
        Ok(count)
    }
}

/// Copies what of a run lies within a piece that begins at `at`.
pub(crate) fn put(piece: &mut [u8], at: u64, place: u64, bytes: &[u8]) {
    let as_usize = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let skip = as_usize(at.saturating_sub(place));
    let to = as_usize(place.saturating_sub(at));
    let from = bytes.get(skip..).unwrap_or_default();
    let Some(target) = piece.get_mut(to..) else {
        return;
    };
    let length = from.len().min(target.len());
    if let (Some(target), Some(from)) = (target.get_mut(..length), from.get(..length)) {
        target.copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(first: i64, shape: &[u64], strides: &[i64]) -> Placement {
        Placement {
            first,
            shape: shape.to_vec(),
            strides: strides.to_vec(),
        }
    }

    #[test]
    fn elements_that_share_bytes_are_seen() {
        assert!(Patch::is_apart(&place(0, &[3, 4], &[16, 4]), 4));
        assert!(Patch::is_apart(&place(8, &[3], &[-4]), 4));
        assert!(Patch::is_apart(&place(0, &[4, 3], &[4, 16]), 4));
        assert!(!Patch::is_apart(&place(0, &[3], &[0]), 4));
        assert!(!Patch::is_apart(&place(0, &[3], &[2]), 4));
        assert!(!Patch::is_apart(&place(0, &[3, 3], &[4, 4]), 4));
        assert!(!Patch::is_apart(&place(0, &[3], &[4]), 0));
    }

    proptest! {
        #[test]
        fn a_patch_does_what_the_elements_say_in_their_order(
            lengths in prop::collection::vec(1_u64..5, 1..4),
            order in 0_usize..6,
            flips in prop::collection::vec(any::<bool>(), 3),
            gap in 0_u64..3,
            single in any::<bool>(),
            piece in 1_usize..20,
        ) {
            // Axes in any order of strides, some downwards.
            let mut axes: Vec<usize> = (0..lengths.len()).collect();
            let count = axes.len();
            axes.rotate_left(order % count);
            let (mut stride, mut strides, mut first) = (2 + i64::try_from(gap).unwrap(), vec![0; count], 1);
            for axis in axes {
                let length = i64::try_from(lengths[axis]).unwrap();
                strides[axis] = if flips[axis] { -stride } else { stride };
                if flips[axis] {
                    first += stride * (length - 1);
                }
                stride *= length;
            }
            let whole = usize::try_from(stride).unwrap() + 2;
            let place = place(first, &lengths, &strides);
            let elements: u64 = lengths.iter().product();
            let values: Vec<u8> = if single { vec![201, 202] } else {
                (0..elements * 2).map(|value| 100 + u8::try_from(value % 100).unwrap()).collect()
            };
            let mut wanted = vec![0_u8; whole];
            let rows = crate::array::shape::Rows::new(&lengths, &strides, 2);
            let (length, step) = (rows.length, rows.stride);
            let mut index = 0;
            for row in rows {
                for at in 0..length {
                    let to = usize::try_from(first + row + step * i64::try_from(at).unwrap()).unwrap();
                    let from = if single { 0 } else { index * 2 };
                    wanted[to..to + 2].copy_from_slice(&values[from..from + 2]);
                    index += 1;
                }
            }
            let patch = Patch::new(&place, 2, values).unwrap();
            let zeros = vec![0_u8; whole];
            let mut reader = PatchedReader::new(Box::new(&zeros[..]), &patch);
            let mut found = Vec::new();
            let mut buffer = vec![0; piece];
            loop {
                let count = reader.read(&mut buffer).unwrap();
                if count == 0 { break; }
                found.extend_from_slice(&buffer[..count]);
            }
            prop_assert_eq!(&found, &wanted);
            for (at, byte) in wanted.iter().enumerate() {
                prop_assert_eq!(patch.holds(at as u64), *byte != 0);
            }
        }
    }
}
