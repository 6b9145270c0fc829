//! Values for elements that are there already: each exactly what was asked for, or refused.

use super::byte_order::ByteOrder;
use super::datatype::{Datatype, Field, Scalar};
use super::element::Element;
use super::number::Number;
use super::patch::Patch;
use super::shape;
use super::slice::{Placement, Slice};
use super::{ArrayRef, DataSource};
use crate::error::ElementsFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::tree::{Node, Value};
use half::f16;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Elements beyond which it is taken for granted that two arrays share some.
const COMPARED: usize = 100_000;

impl ArrayRef<'_> {
    /// The part of the array that slices take, which must lie within it and be something.
    pub(crate) fn selected(&self, slices: &[Slice]) -> Result<Selected> {
        self.place_of(slices).at_path(|| &self.path)
    }

    fn place_of(&self, slices: &[Slice]) -> Result<Selected> {
        for (axis, (slice, length)) in slices.iter().zip(self.shape()).enumerate() {
            let length = i64::try_from(*length).unwrap_or(i64::MAX);
            let low = length.saturating_neg();
            let outside = |at: Option<i64>| at.is_some_and(|at| at < low || at > length);
            if let Slice::Range { start, stop, .. } = slice
                && (outside(*start) || outside(*stop))
            {
                return Err(ElementsFault::SliceOutside {
                    slice: slice.to_string().into(),
                    axis,
                    length,
                }
                .into());
            }
        }
        let place = self.placement.slice(slices)?;
        let count = shape::count(&place.shape).unwrap_or(u64::MAX);
        if count == 0 {
            return Err(ElementsFault::NoElement {
                shape: self.shape().into(),
            }
            .into());
        }
        Ok(Selected { place, count })
    }

    /// The bytes that a value has in a part of the array: one value for all elements, or lists of the
    /// part's shape; of records a mapping of some fields, or lists of whole records. With names the value is that of the
    /// field which they lead to, of which the slices take a part: of the axes of the part first, then of the field's own.
    ///
    /// # Errors
    /// The value is not of the array's datatype, or not exactly one that it can hold (floats are
    /// rounded, integers and text never); the shape is another; elements share bytes.
    pub(crate) fn patches(
        &self,
        part: &Selected,
        (names, slices): (&[String], &[Slice]),
        value: Node<'_>,
    ) -> Result<Vec<Arc<Patch>>> {
        let patches = self.patches_of(part, (names, slices), value);
        patches.at_path(|| &self.path)
    }

    fn patches_of(
        &self,
        part: &Selected,
        (names, slices): (&[String], &[Slice]),
        value: Node<'_>,
    ) -> Result<Vec<Arc<Patch>>> {
        let size = self.spec.datatype.size();
        if !Patch::is_apart(&self.placement, size) {
            return Err(ElementsFault::Overlapping.into());
        }
        let (mut place, mut datatype) = (part.place.clone(), &self.spec.datatype);
        let mut order = self.spec.byteorder;
        for name in names {
            let fields = match datatype {
                Datatype::Record(fields) => fields.as_slice(),
                _ => &[],
            };
            let (offset, field) = find_field(fields, name)?;
            place = field_place(&place, offset, field);
            (datatype, order) = (&field.datatype, field.byteorder);
        }
        place = place.slice(slices)?;
        let mut out = Vec::new();
        if let (Datatype::Record(fields), Some(map)) = (datatype, value.as_map()) {
            for (key, value) in map {
                let (offset, field) = find_field(fields, &key.key_text())?;
                let place = field_place(&place, offset, field);
                push(&mut out, &place, &field.datatype, field.byteorder, value)?;
            }
            return Ok(out);
        }
        push(&mut out, &place, datatype, order, value)?;
        Ok(out)
    }

    /// True when some of the part's bytes are elements of another array of the same block.
    pub(crate) fn shares(&self, part: &Selected, other: &ArrayRef<'_>) -> bool {
        let size = self.spec.datatype.size();
        let other_size = other.spec.datatype.size();
        let (Some(own), Some(theirs)) =
            (part.place.extent(size), other.placement.extent(other_size))
        else {
            return true;
        };
        if own.start >= theirs.end || theirs.start >= own.end {
            return false;
        }
        let bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let (Some(patch), Some(there)) = (
            Patch::new(&part.place, size, bytes),
            Patch::new(&other.placement, other_size, Vec::new()),
        ) else {
            return true;
        };
        let mut runs = patch.runs();
        for (place, bytes) in runs.by_ref().take(COMPARED) {
            if (0..bytes.len() as u64).any(|byte| there.holds(place.saturating_add(byte))) {
                return true;
            }
        }
        runs.next().is_some()
    }

    /// The elements in the tree that patches touch: where each is in the lists, and its new bytes.
    pub(crate) fn patched_elements(
        &self,
        patches: &[Arc<Patch>],
    ) -> Result<Vec<(Vec<usize>, Vec<u8>)>> {
        let DataSource::Inline(node) = self.data else {
            return Ok(Vec::new());
        };
        let mut bytes = super::inline::build(node, &self.spec, self.limits)?.bytes;
        let size = usize::try_from(self.spec.datatype.size()).unwrap_or(usize::MAX);
        let mut touched = BTreeSet::new();
        for (place, new) in patches.iter().flat_map(|patch| patch.runs()) {
            super::patch::put(&mut bytes, 0, place, new);
            let first = usize::try_from(place).unwrap_or(usize::MAX);
            let last = first.saturating_add(new.len().saturating_sub(1));
            let number = |at: usize| at.checked_div(size).unwrap_or(0);
            touched.extend(number(first)..=number(last));
        }
        let lengths = self.shape().iter().rev();
        let index = |mut number: usize| -> Vec<usize> {
            let mut index: Vec<usize> = lengths
                .clone()
                .map(|length| {
                    let length = usize::try_from(*length).unwrap_or(usize::MAX);
                    let at = number.checked_rem(length).unwrap_or(0);
                    number = number.checked_div(length).unwrap_or(0);
                    at
                })
                .collect();
            index.reverse();
            index
        };
        let element = |number: usize| {
            let start = number.saturating_mul(size);
            let own = bytes.get(start..start.saturating_add(size));
            own.unwrap_or_default().to_vec()
        };
        Ok(touched
            .into_iter()
            .map(|number| (index(number), element(number)))
            .collect())
    }

    /// True when the elements stand in the tree.
    pub(crate) fn is_in_tree(&self) -> bool {
        matches!(self.data, DataSource::Inline(_))
    }
}

/// A part of an array, at least one element of it.
#[derive(Debug)]
pub(crate) struct Selected {
    place: Placement,
    /// How many elements it has.
    pub(crate) count: u64,
}

/// Offset and description of a field.
fn find_field<'d>(fields: &'d [Field], name: &str) -> Result<(u64, &'d Field)> {
    let mut offset = 0_u64;
    for (index, field) in fields.iter().enumerate() {
        if field.label(index) == name {
            return Ok((offset, field));
        }
        offset = offset.saturating_add(field.size());
    }
    let known: Vec<String> = (0..)
        .zip(fields)
        .map(|(at, field)| field.label(at))
        .collect();
    Err(ElementsFault::NoField {
        name: name.escape_debug().to_string().into(),
        known: known.join(", ").into(),
    }
    .into())
}

fn field_place(records: &Placement, offset: u64, field: &Field) -> Placement {
    let mut place = records.clone();
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    place.first = place.first.saturating_add(offset);
    place.shape.extend(&field.shape);
    let strides = shape::c_strides(&field.shape, field.datatype.size());
    place.strides.extend(strides);
    place
}

/// Adds the patch that puts a value, or values of that shape, into a placement.
fn push(
    out: &mut Vec<Arc<Patch>>,
    place: &Placement,
    datatype: &Datatype,
    order: ByteOrder,
    value: Node<'_>,
) -> Result<()> {
    let mut bytes = Vec::new();
    let levels = levels(value, datatype);
    if levels == 0 {
        encode(value, datatype, order, &mut bytes)?;
    } else {
        nested(
            value,
            &place.shape,
            &place.shape,
            datatype,
            order,
            &mut bytes,
        )?;
    }
    let patch = Patch::new(place, datatype.size(), bytes);
    let patch = patch.ok_or(ElementsFault::Shared)?;
    out.push(Arc::new(patch));
    Ok(())
}

/// 0 for the value of a single element.
fn levels(value: Node<'_>, datatype: &Datatype) -> usize {
    let Some(seq) = value.as_seq() else {
        return 0;
    };
    // A record is a list of its fields, or a mapping.
    let single = matches!(datatype, Datatype::Record(fields) if fields.len() == seq.len()
        && seq.iter().all(|item| item.as_map().is_none() && item.as_seq().is_none()));
    usize::from(!single)
}

fn nested(
    value: Node<'_>,
    shape: &[u64],
    whole: &[u64],
    datatype: &Datatype,
    order: ByteOrder,
    out: &mut Vec<u8>,
) -> Result<()> {
    let Some((length, inner)) = shape.split_first() else {
        if value.as_seq().is_some() && !matches!(datatype, Datatype::Record(_)) {
            return Err(shape_error(value, "a single value", whole));
        }
        return encode(value, datatype, order, out);
    };
    match value.as_seq() {
        Some(seq) if seq.len() as u64 == *length => seq
            .iter()
            .try_for_each(|item| nested(item, inner, whole, datatype, order, out)),
        _ => Err(shape_error(value, &format!("a list of {length}"), whole)),
    }
}

fn shape_error(value: Node<'_>, wanted: &str, whole: &[u64]) -> Error {
    ElementsFault::Shape {
        found: value.describe(),
        wanted: wanted.into(),
        shape: whole.into(),
    }
    .into()
}

fn misfit(value: Node<'_>, datatype: &Datatype) -> Error {
    ElementsFault::Value {
        found: value.describe(),
        datatype: datatype.to_string().into(),
    }
    .into()
}

/// Appends the bytes of an element.
fn encode(value: Node<'_>, datatype: &Datatype, order: ByteOrder, out: &mut Vec<u8>) -> Result<()> {
    match datatype {
        Datatype::Scalar(scalar) => {
            let number = number(value, *scalar).ok_or_else(|| misfit(value, datatype))?;
            number.write(*scalar, order, out);
            Ok(())
        }
        Datatype::Ascii(length) | Datatype::Ucs4(length) => {
            let wide = matches!(datatype, Datatype::Ucs4(_));
            text(value, *length, wide, order, out).ok_or_else(|| misfit(value, datatype))
        }
        Datatype::Record(fields) => record(value, datatype, fields, out),
    }
}

fn text(
    value: Node<'_>,
    length: u64,
    wide: bool,
    order: ByteOrder,
    out: &mut Vec<u8>,
) -> Option<()> {
    let Value::Str(text) = value.value() else {
        return None;
    };
    let padding = length.checked_sub(text.chars().count() as u64)?;
    if (!wide && !text.is_ascii()) || text.ends_with('\0') {
        return None;
    }
    let padding = std::iter::repeat_n('\0', usize::try_from(padding).ok()?);
    for char in text.chars().chain(padding) {
        let code = u32::from(char);
        match (wide, order) {
            (false, _) => out.push(u8::try_from(code).ok()?),
            (true, ByteOrder::Little) => out.extend(code.to_le_bytes()),
            (true, ByteOrder::Big) => out.extend(code.to_be_bytes()),
        }
    }
    Some(())
}

/// A whole record: a list of its fields in their order, or a mapping of all of them.
fn record(value: Node<'_>, datatype: &Datatype, fields: &[Field], out: &mut Vec<u8>) -> Result<()> {
    if let Some(map) = value.as_map() {
        for (key, _) in map {
            find_field(fields, &key.key_text())?;
        }
    }
    for (index, field) in fields.iter().enumerate() {
        let label = field.label(index);
        let own = match (value.as_map(), value.as_seq()) {
            (Some(map), _) => map
                .iter()
                .find(|pair| pair.0.key_text() == label)
                .map(|pair| pair.1),
            (_, Some(seq)) if seq.len() == fields.len() => seq.iter().nth(index),
            _ => None,
        };
        let own = own.ok_or_else(|| misfit(value, datatype))?;
        let count = shape::count(&field.shape).unwrap_or(0);
        if field.shape.is_empty() || own.as_seq().is_some() {
            let (order, shape) = (field.byteorder, &field.shape);
            nested(own, shape, shape, &field.datatype, order, out)?;
        } else {
            for _ in 0..count {
                encode(own, &field.datatype, field.byteorder, out)?;
            }
        }
    }
    Ok(())
}

/// The number that an element becomes; `None` when it cannot be exactly that.
fn number(value: Node<'_>, scalar: Scalar) -> Option<Number> {
    let found = match value.value() {
        Value::Bool(value) => {
            return (scalar == Scalar::Bool8).then_some(Number::Int(i128::from(value)));
        }
        Value::Int(value) => Number::Int(value.into()),
        Value::BigInt(value) => Number::Int(value.as_str().parse().ok()?),
        Value::Float(value) => Number::Float(value),
        Value::Str(text) => word(text, value, scalar)?,
        _ => return None,
    };
    if value.tag().is_some() && !matches!(found, Number::Complex(..)) {
        return None;
    }
    let holds = match scalar {
        Scalar::Bool8 => false,
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => match found {
            Number::Complex(..) => false,
            _ => is_held(found, scalar),
        },
        Scalar::Complex64 => is_held(found, Scalar::Float32),
        Scalar::Complex128 => is_held(found, Scalar::Float64),
        _ => found.fits(scalar),
    };
    holds.then_some(found)
}

/// Text that is a number all the same: `nan` and `inf`, which look like words, and complex numbers.
fn word(text: &str, value: Node<'_>, scalar: Scalar) -> Option<Number> {
    let complex = matches!(scalar, Scalar::Complex64 | Scalar::Complex128);
    if complex && (value.tag().is_none() || value.tag()?.is_core("core/complex")) {
        return Number::parse_complex(text);
    }
    let (sign, bare) = match text.strip_prefix('-') {
        Some(bare) => (-1.0, bare),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match bare.trim_start_matches('.').to_ascii_lowercase().as_str() {
        "nan" => Some(Number::Float(f64::NAN)),
        "inf" | "infinity" => Some(Number::Float(sign * f64::INFINITY)),
        _ => None,
    }
}

/// True when a float type has the number: an integer exactly, a float as near as it can, but neither
/// infinite nor zero when it is not.
fn is_held(number: Number, scalar: Scalar) -> bool {
    let one = |value: f64| {
        let near = rounded(value, scalar);
        value.is_finite() == near.is_finite() && (value == 0.0) == (near == 0.0)
    };
    match number {
        Number::Int(value) => {
            let mut bytes = Vec::new();
            number.write(scalar, ByteOrder::Little, &mut bytes);
            exact(&bytes, scalar) == Some(value)
        }
        Number::Float(value) => one(value),
        Number::Complex(re, im) => one(re) && one(im),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "floats are rounded as numpy does"
)]
fn rounded(value: f64, scalar: Scalar) -> f64 {
    match scalar {
        Scalar::Float16 => f16::from_f64(value).to_f64(),
        Scalar::Float32 => f64::from(value as f32),
        _ => value,
    }
}

/// The integer that a float element is.
fn exact(bytes: &[u8], scalar: Scalar) -> Option<i128> {
    let order = ByteOrder::Little;
    let value = match scalar {
        Scalar::Float16 => f16::read(bytes, order).to_f64(),
        Scalar::Float32 => f64::from(f32::read(bytes, order)),
        _ => f64::read(bytes, order),
    };
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^127")]
    (value.fract() == 0.0 && value.abs() < 1e38).then_some(value as i128)
}
