//! Loaded elements as nested JSON lists.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::{Datatype, Field, Scalar};
use super::element::Element;
use super::empty::check_lists;
use super::field_masks::FieldMasks;
use super::text;
use crate::error::Locate;
use crate::error::Result;
use crate::tree::{float_text, float32_text};
use half::f16;
use num_complex::Complex;
use std::io::Write;

/// Integers that JSON readers take for exact.
const EXACT: i128 = 1 << 53;

impl ArrayData<'_> {
    /// Writes the elements as nested lists in C order: masked ones as `null`, records as objects,
    /// text without its padding; what JSON lacks as in tagged JSON (`{"$float": "nan"}`,
    /// `{"$int": "…"}`, complex numbers under their tag).
    ///
    /// # Errors
    /// Lists would be nested too deeply; the sink fails.
    pub fn write_json(&self, out: &mut impl Write) -> Result<()> {
        check_lists(&self.shape, &self.datatype).at_path(|| &self.path)?;
        let mut elements = self.elements().enumerate();
        let mut next = |out: &mut dyn Write| -> Result<()> {
            let Some((index, bytes)) = elements.next() else {
                return Ok(());
            };
            if self.mask.as_ref().and_then(|mask| mask.get(index)) == Some(&true) {
                return Ok(out.write_all(b"null")?);
            }
            let record = Some((&self.field_masks, index));
            element(bytes, &self.datatype, self.byteorder, record, out).at_path(|| &self.path)
        };
        nest(&self.shape, out, &mut next)
    }
}

/// Writes the brackets and commas of a shape around what `next` writes.
fn nest(
    shape: &[u64],
    out: &mut dyn Write,
    next: &mut dyn FnMut(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let Some((length, inner)) = shape.split_first() else {
        return next(out);
    };
    out.write_all(b"[")?;
    for index in 0..*length {
        if index > 0 {
            out.write_all(b",")?;
        }
        nest(inner, out, next)?;
    }
    Ok(out.write_all(b"]")?)
}

/// The masks of the fields of records, and the place of one among them.
type Masked<'m> = Option<(&'m FieldMasks, usize)>;

fn element(
    bytes: &[u8],
    datatype: &Datatype,
    order: ByteOrder,
    masked: Masked<'_>,
    out: &mut dyn Write,
) -> Result<()> {
    match datatype {
        Datatype::Scalar(scalar) => {
            Ok(out.write_all(scalar_json(*scalar, bytes, order).as_bytes())?)
        }
        Datatype::Ascii(_) => string(&text::ascii(bytes), out),
        Datatype::Ucs4(_) => {
            let text = text::exact_ucs4(bytes, order, "JSON")?;
            string(&text, out)
        }
        Datatype::Record(fields) => record(bytes, fields, masked, out),
    }
}

fn string(text: &str, out: &mut dyn Write) -> Result<()> {
    Ok(serde_json::to_writer(out, text).map_err(std::io::Error::from)?)
}

fn record(bytes: &[u8], fields: &[Field], masked: Masked<'_>, out: &mut dyn Write) -> Result<()> {
    out.write_all(b"{")?;
    let mut rest = bytes;
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        string(&field.label(index), out)?;
        out.write_all(b":")?;
        let (own, behind) = split(rest, field.size());
        rest = behind;
        let mut own = own;
        let mut value = 0_usize;
        nest(&field.shape, out, &mut |out| {
            let (one, behind) = split(own, field.datatype.size());
            own = behind;
            let is_masked = masked.is_some_and(|(masks, at)| masks.is_masked(at, index, value));
            value = value.saturating_add(1);
            if is_masked || field.is_null(one, field.byteorder) {
                return Ok(out.write_all(b"null")?);
            }
            element(one, &field.datatype, field.byteorder, None, out)
        })?;
    }
    Ok(out.write_all(b"}")?)
}

fn split(bytes: &[u8], size: u64) -> (&[u8], &[u8]) {
    bytes
        .split_at_checked(usize::try_from(size).unwrap_or(usize::MAX))
        .unwrap_or((bytes, &[]))
}

fn float_json(value: f64, text: String) -> String {
    if value.is_finite() {
        text
    } else {
        format!("{{\"$float\":\"{text}\"}}")
    }
}

fn int_json(value: i128) -> String {
    if (-EXACT..=EXACT).contains(&value) {
        value.to_string()
    } else {
        format!("{{\"$int\":\"{value}\"}}")
    }
}

fn complex_json(text: &str) -> String {
    format!("{{\"$tag\":\"tag:stsci.edu:asdf/core/complex-1.0.0\",\"$value\":\"{text}\"}}")
}

fn scalar_json(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> String {
    match scalar {
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => float_json(
            widen(scalar, bytes, order),
            scalar_text(scalar, bytes, order),
        ),
        Scalar::Complex64 | Scalar::Complex128 => complex_json(&complex_text(scalar, bytes, order)),
        Scalar::Bool8 => bool::read(bytes, order).to_string(),
        _ => int_json(scalar_text(scalar, bytes, order).parse().unwrap_or(0)),
    }
}

fn widen(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> f64 {
    match scalar {
        Scalar::Float16 => f16::read(bytes, order).to_f64(),
        Scalar::Float32 => f64::from(f32::read(bytes, order)),
        _ => f64::read(bytes, order),
    }
}

fn complex_parts(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> (String, String) {
    if scalar == Scalar::Complex64 {
        let value = Complex::<f32>::read(bytes, order);
        return (float32_text(value.re), float32_text(value.im));
    }
    let value = Complex::<f64>::read(bytes, order);
    (float_text(value.re), float_text(value.im))
}

/// A float whose shortest text is the shortest that leads back to the element.
pub(super) fn float_value(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> f64 {
    let wide = widen(scalar, bytes, order);
    if scalar == Scalar::Float64 || !wide.is_finite() {
        return wide;
    }
    scalar_text(scalar, bytes, order).parse().unwrap_or(wide)
}

/// `1.0+2.0j`
pub(super) fn complex_text(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> String {
    let (re, im) = complex_parts(scalar, bytes, order);
    let sign = if im.starts_with('-') { "" } else { "+" };
    format!("{re}{sign}{im}j")
}

/// A number as Python writes it.
pub(super) fn scalar_text(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> String {
    match scalar {
        Scalar::Int8 => i8::read(bytes, order).to_string(),
        Scalar::Int16 => i16::read(bytes, order).to_string(),
        Scalar::Int32 => i32::read(bytes, order).to_string(),
        Scalar::Int64 => i64::read(bytes, order).to_string(),
        Scalar::Uint8 => u8::read(bytes, order).to_string(),
        Scalar::Uint16 => u16::read(bytes, order).to_string(),
        Scalar::Uint32 => u32::read(bytes, order).to_string(),
        Scalar::Uint64 => u64::read(bytes, order).to_string(),
        Scalar::Float16 => float32_text(f16::read(bytes, order).to_f32()),
        Scalar::Float32 => float32_text(f32::read(bytes, order)),
        Scalar::Float64 => float_text(f64::read(bytes, order)),
        Scalar::Bool8 => if bool::read(bytes, order) {
            "True"
        } else {
            "False"
        }
        .to_owned(),
        Scalar::Complex64 | Scalar::Complex128 => complex_text(scalar, bytes, order),
    }
}
