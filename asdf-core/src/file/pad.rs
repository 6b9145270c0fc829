//! Windows of arrays that reach over their edges.

use crate::array::{ArrayRef, ByteOrder, Datatype, NewArray, Scalar};
use crate::error::{CutoutFault, LimitExceeded, Result};
use crate::limits::{Limit, Limits};
use std::ops::Range;

/// The window as one within an array of that shape; `None` of one that reaches over an edge and may do so.
pub(super) fn within(
    window: &[Range<i64>],
    shape: &[u64],
    may_reach_over: bool,
) -> Option<Vec<Range<u64>>> {
    // What is not within is told by the range that it is then.
    let unsigned = |position: i64| u64::try_from(position).unwrap_or(u64::MAX);
    let sides = window
        .iter()
        .map(|side| unsigned(side.start)..unsigned(side.end));
    let sides: Vec<Range<u64>> = sides.collect();
    let is_within = sides
        .iter()
        .zip(shape)
        .all(|(side, length)| side.start <= side.end && side.end <= *length);
    (is_within || !may_reach_over).then_some(sides)
}

/// A window with `fill` in all elements that lie outside of the array, and whether that is 0 because integers have no NaN.
///
/// # Errors
/// The type of the array has no such value; the window is larger than the limit.
pub(super) fn padded<'f>(
    array: &ArrayRef<'f>,
    window: &[Range<i64>],
    fill: Option<f64>,
    limits: &Limits,
) -> Result<(NewArray<'f>, bool)> {
    let length = |side: &Range<i64>| side.end.abs_diff(side.start);
    let shape: Vec<u64> = window.iter().map(length).collect();
    let count = shape
        .iter()
        .try_fold(1_u64, |count, length| count.checked_mul(*length));
    let size = array.datatype().size();
    let bytes = count
        .and_then(|count| count.checked_mul(size))
        .unwrap_or(u64::MAX);
    let what = "bytes of a window with its edges";
    LimitExceeded::check(what, Limit::DecodedBytes, bytes, limits.decoded_bytes)?;
    let clipped = window.iter().zip(array.shape()).map(|(side, length)| {
        let inside = |position: i64| u64::try_from(position).unwrap_or(0).min(*length);
        let start = inside(side.start);
        start..inside(side.end).max(start)
    });
    let clipped: Vec<Range<u64>> = clipped.collect();
    let data = array.load_window(&clipped)?;
    let (order, kind) = (data.byteorder(), data.datatype().clone());
    let fill = fill.unwrap_or(f64::NAN);
    let element = element(&kind, fill, order).ok_or_else(|| CutoutFault::Fill {
        fill: fill.to_string().into(),
        datatype: kind.to_string().into(),
    })?;
    let count = usize::try_from(count.unwrap_or(0)).unwrap_or(0);
    let mut out = element.repeat(count);
    copy(
        &data.packed(),
        &clipped,
        window,
        usize::try_from(size).unwrap_or(0),
        &mut out,
    );
    let is_zero = fill.is_nan() && !kind.scalar().is_some_and(Scalar::is_inexact);
    Ok((NewArray::from_bytes(out, kind, order, &shape)?, is_zero))
}

/// Copies rows of the part within to their place.
fn copy(from: &[u8], clipped: &[Range<u64>], window: &[Range<i64>], size: usize, out: &mut [u8]) {
    let number = |length: u64| usize::try_from(length).unwrap_or(0);
    let inner: Vec<usize> = clipped
        .iter()
        .map(|side| number(side.end - side.start))
        .collect();
    let outer: Vec<usize> = window
        .iter()
        .map(|side| number(side.end.abs_diff(side.start)))
        .collect();
    let before: Vec<usize> = clipped
        .iter()
        .zip(window)
        .map(|(own, side)| {
            let start = i64::try_from(own.start).unwrap_or(i64::MAX);
            number(u64::try_from(start.saturating_sub(side.start)).unwrap_or(0))
        })
        .collect();
    let Some((row, axes)) = inner.split_last() else {
        return;
    };
    let width = row.saturating_mul(size);
    if width == 0 || from.is_empty() {
        return;
    }
    for (index, row) in from.chunks_exact(width).enumerate() {
        let (mut left, mut place, mut stride) =
            (index, 0_usize, outer.last().copied().unwrap_or(0));
        for axis in (0..axes.len()).rev() {
            let length = axes.get(axis).copied().unwrap_or(1).max(1);
            let start = before.get(axis).copied().unwrap_or(0);
            place =
                place.saturating_add((left % length).saturating_add(start).saturating_mul(stride));
            left /= length;
            stride = stride.saturating_mul(outer.get(axis).copied().unwrap_or(0));
        }
        place = place
            .saturating_add(before.last().copied().unwrap_or(0))
            .saturating_mul(size);
        if let Some(to) = out.get_mut(place..place.saturating_add(width)) {
            to.copy_from_slice(row);
        }
    }
}

/// The bytes of an element of that value; NaN of a type that has none is 0.
fn element(kind: &Datatype, fill: f64, order: ByteOrder) -> Option<Vec<u8>> {
    let Some(scalar) = kind.scalar() else {
        let size = usize::try_from(kind.size()).ok()?;
        return fill.is_nan().then(|| vec![0; size]);
    };
    let unit = usize::try_from(scalar.unit()).ok()?;
    let mut bytes = match scalar {
        Scalar::Float64 | Scalar::Complex128 => fill.to_le_bytes().to_vec(),
        #[expect(clippy::cast_possible_truncation, reason = "the type of the array")]
        Scalar::Float32 | Scalar::Complex64 => (fill as f32).to_le_bytes().to_vec(),
        Scalar::Float16 => half::f16::from_f64(fill).to_le_bytes().to_vec(),
        Scalar::Bool8 if fill.is_nan() || fill == 0.0 => vec![0],
        Scalar::Bool8 if (fill - 1.0).abs() < f64::EPSILON => vec![1],
        Scalar::Bool8 => return None,
        _ => {
            let whole = if fill.is_nan() { 0.0 } else { fill };
            #[expect(clippy::cast_precision_loss, reason = "compared with powers of two")]
            let (least, most) = match unit {
                8 if scalar == Scalar::Int64 => (i64::MIN as f64, -(i64::MIN as f64)),
                8 => (0.0, 2.0 * -(i64::MIN as f64)),
                unit => {
                    let values = 1_i64 << (8 * unit);
                    let is_signed = matches!(scalar, Scalar::Int8 | Scalar::Int16 | Scalar::Int32);
                    let least = if is_signed { -(values / 2) } else { 0 };
                    (least as f64, (least + values) as f64)
                }
            };
            if whole.fract() != 0.0 || !(least..most).contains(&whole) {
                return None;
            }
            #[expect(clippy::cast_possible_truncation, reason = "within the range")]
            let number = whole as i128;
            number.to_le_bytes().get(..unit)?.to_vec()
        }
    };
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    if matches!(scalar, Scalar::Complex64 | Scalar::Complex128) {
        bytes = bytes.repeat(2);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_of_the_type() {
        let of = |scalar: Scalar, fill| element(&scalar.into(), fill, ByteOrder::Big);
        assert_eq!(of(Scalar::Int16, -2.0), Some(vec![0xff, 0xfe]));
        assert_eq!(of(Scalar::Uint16, -2.0), None);
        assert_eq!(of(Scalar::Uint8, 255.0), Some(vec![255]));
        assert_eq!(of(Scalar::Uint8, 256.0), None);
        assert_eq!(of(Scalar::Int32, 0.5), None);
        assert_eq!(of(Scalar::Uint64, f64::NAN), Some(vec![0; 8]));
        assert_eq!(of(Scalar::Float32, 1.0), Some(vec![0x3f, 0x80, 0, 0]));
        assert_eq!(of(Scalar::Int64, 1e19), None);
    }

    /// `numpy.pad` of `arange(6).reshape(2, 3)`.
    #[test]
    fn rows_go_to_their_place() {
        let mut out = vec![9; 20];
        let from = [0, 1, 2, 3, 4, 5];
        copy(&from, &[0..2, 0..3], &[-1..3, -1..4], 1, &mut out);
        assert_eq!(
            out,
            [9, 9, 9, 9, 9, 9, 0, 1, 2, 9, 9, 3, 4, 5, 9, 9, 9, 9, 9, 9]
        );
    }
}
