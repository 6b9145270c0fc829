//! Which elements are masked: those equal to a number, or those whose place in another array is true.

use super::ArrayRef;
use super::data::ArrayData;
use super::datatype::{Datatype, NULLS, Scalar};
use super::number::Number;
use super::shape;
use super::shape::Rows;
use super::spec;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Node;
use half::f16;
use num_complex::Complex;

/// The `mask` of an ndarray node.
#[derive(Debug)]
pub enum MaskSource<'f> {
    /// Elements equal to this number are masked; NaN is equal to NaN here.
    Value(Node<'f>),
    /// Elements whose place in this array is not zero are masked; it is broadcast to the shape.
    Array(Box<ArrayRef<'f>>),
}

/// What says which elements of an ndarray node have no value: its `mask`, else `nulls`, which means the same to us, while
/// other readers see the stored elements.
pub(crate) fn mask_node(node: Node<'_>) -> Option<Node<'_>> {
    node.get("mask").or_else(|| node.get(NULLS))
}

/// The number that masks the elements equal to it, and what these are.
///
/// # Errors
/// The mask is neither a number nor an array, or the elements are not numbers.
pub(super) fn value(node: Node<'_>, datatype: &Datatype) -> Result<(Number, Scalar)> {
    let number = if node.tag().is_some_and(|tag| tag.is_core("core/complex")) {
        node.text().and_then(Number::parse_complex)
    } else if node.tag().is_none() && !matches!(node.value(), crate::tree::Value::Str(_)) {
        Number::of(node.value())
    } else {
        None
    };
    let number = number.ok_or_else(|| spec::bad(node, "mask", "a number or an array"))?;
    let Some(scalar) = datatype.scalar() else {
        return Err(spec::bad(
            node,
            "mask",
            "no number for an array of text or records",
        ));
    };
    Ok((number, scalar))
}

/// The mask of loaded elements, one truth value each in C order.
pub(super) fn by_value(node: Node<'_>, data: &ArrayData<'_>) -> Result<Vec<bool>> {
    let (number, scalar) = value(node, &data.datatype)?;
    Ok(match scalar {
        Scalar::Int8 => ints(data.view::<i8>()?.iter().map(i128::from), number),
        Scalar::Int16 => ints(data.view::<i16>()?.iter().map(i128::from), number),
        Scalar::Int32 => ints(data.view::<i32>()?.iter().map(i128::from), number),
        Scalar::Int64 => ints(data.view::<i64>()?.iter().map(i128::from), number),
        Scalar::Uint8 => ints(data.view::<u8>()?.iter().map(i128::from), number),
        Scalar::Uint16 => ints(data.view::<u16>()?.iter().map(i128::from), number),
        Scalar::Uint32 => ints(data.view::<u32>()?.iter().map(i128::from), number),
        Scalar::Uint64 => ints(data.view::<u64>()?.iter().map(i128::from), number),
        Scalar::Bool8 => ints(data.view::<bool>()?.iter().map(i128::from), number),
        Scalar::Float16 => close(
            data.view::<f16>()?
                .iter()
                .map(|value| Complex::from(value.to_f64())),
            number,
        ),
        Scalar::Float32 => close(
            data.view::<f32>()?
                .iter()
                .map(|value| Complex::from(f64::from(value))),
            number,
        ),
        Scalar::Float64 => close(data.view::<f64>()?.iter().map(Complex::from), number),
        Scalar::Complex64 => {
            let wide = |value: Complex<f32>| Complex::new(f64::from(value.re), f64::from(value.im));
            close(data.view::<Complex<f32>>()?.iter().map(wide), number)
        }
        Scalar::Complex128 => close(data.view::<Complex<f64>>()?.iter(), number),
    })
}

/// Floats are masked when they are close to the number, with the tolerances of numpy's
/// `masked_values`, which the reference uses: a sentinel survives a conversion to text and back.
fn close(values: impl Iterator<Item = Complex<f64>>, number: Number) -> Vec<bool> {
    const RELATIVE: f64 = 1e-5;
    const ABSOLUTE: f64 = 1e-8;
    let wanted = number.complex();
    if wanted.is_nan() {
        return values.map(Complex::is_nan).collect();
    }
    let tolerance = if wanted.is_finite() {
        ABSOLUTE + RELATIVE * wanted.norm()
    } else {
        0.0
    };
    values
        .map(|value| value == wanted || (value - wanted).norm() <= tolerance)
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an integer is compared with a float"
)]
fn ints(values: impl Iterator<Item = i128>, number: Number) -> Vec<bool> {
    match number {
        Number::Int(wanted) => values.map(|value| value == wanted).collect(),
        Number::Float(wanted) | Number::Complex(wanted, 0.0) => values
            .map(|value| (value as f64).total_cmp(&wanted).is_eq() || (value == 0 && wanted == 0.0))
            .collect(),
        Number::Complex(..) => values.map(|_| false).collect(),
    }
}

/// For each axis of a shape whether the mask has it, and not just a length of 1; those that it lacks
/// come first.
///
/// # Errors
/// The mask is text or records, or cannot be broadcast to the shape.
pub(super) fn broadcast(mask: &ArrayRef<'_>, wanted: &[u64]) -> Result<Vec<bool>> {
    let fact = || Malformed::MaskShape {
        mask: mask.shape().into(),
        array: wanted.into(),
    };
    let place = |error: Error| error.at_path(|| mask.path());
    if !matches!(mask.datatype(), Datatype::Scalar(_)) {
        return Err(place(
            Malformed::MaskType {
                found: mask.datatype().to_string().into(),
            }
            .into(),
        ));
    }
    let missing = wanted
        .len()
        .checked_sub(mask.shape().len())
        .ok_or_else(|| place(fact().into()))?;
    let mut moves = vec![false; missing];
    for (length, wanted) in mask.shape().iter().zip(wanted.iter().skip(missing)) {
        match length {
            length if length == wanted => moves.push(true),
            1 => moves.push(false),
            _ => return Err(place(fact().into())),
        }
    }
    Ok(moves)
}

/// The mask of a window: `mask` has been cut like the window and must broadcast to its shape.
pub(super) fn by_array(mask: &ArrayRef<'_>, wanted: &[u64]) -> Result<Vec<bool>> {
    let moves = broadcast(mask, wanted)?;
    let data = mask.load_unmasked()?;
    let missing = wanted.len().saturating_sub(data.shape.len());
    let own = std::iter::repeat_n(&0, missing).chain(&data.strides);
    let strides = moves
        .iter()
        .zip(own)
        .map(|(moves, stride)| if *moves { *stride } else { 0 })
        .collect();
    let broadcast = ArrayData {
        shape: wanted.to_vec(),
        strides,
        ..data
    };
    Ok(is_set(&broadcast))
}

/// For each element in C order whether it is not zero.
pub(super) fn is_set(data: &ArrayData<'_>) -> Vec<bool> {
    let count = shape::count(&data.shape)
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0);
    let mut out = Vec::with_capacity(count);
    if data.datatype.size() == 1 && Rows::new(&data.shape, &data.strides, 1).is_contiguous(1) {
        let first = usize::try_from(data.first).unwrap_or(usize::MAX);
        let bytes = data
            .bytes
            .get(first..first.saturating_add(count))
            .unwrap_or_default();
        out.extend(bytes.iter().map(|byte| *byte != 0));
    } else {
        out.extend(
            data.elements()
                .map(|bytes| bytes.iter().any(|byte| *byte != 0)),
        );
    }
    out
}
