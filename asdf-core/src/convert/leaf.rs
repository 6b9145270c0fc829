//! The values within an array, one by one, as other formats write them.

use crate::array::{ArrayRef, Datatype, Element, Field, Scalar};
use crate::array::{ByteOrder, FieldMasks, ascii, check_lists, exact_ucs4};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::tree::{float_text, short_single};
use half::f16;
use num_complex::Complex;
use std::borrow::Cow;

/// A value that has no parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Leaf<'b> {
    /// A masked element.
    Null,
    Bool(bool),
    /// Both 64-bit types fit.
    Int(i128),
    /// In the fewest digits that read back to the element's own type.
    Float(f64),
    /// As `core/complex-1.0.0` writes it.
    Complex(String),
    Text(Cow<'b, str>),
}

/// What takes an array apart.
pub(super) trait Sink {
    /// A list begins: along an axis, a record or a sub-array.
    fn open(&mut self) -> Result<()>;
    /// The list that was opened last ends.
    fn close(&mut self) -> Result<()>;
    /// A value.
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<()>;
}

/// Hands all elements in C order to `sink`, in bounded memory; records are lists. `format` is the name
/// of the format, for errors.
pub(super) fn walk(array: &ArrayRef<'_>, format: &'static str, sink: &mut dyn Sink) -> Result<()> {
    check_lists(array.shape(), array.datatype()).at_path(|| array.path())?;
    let shape = array.shape();
    if array.is_empty() {
        return empty(shape, sink);
    }
    let size = usize::try_from(array.datatype().size()).unwrap_or(usize::MAX);
    let mut index = vec![0_u64; shape.len()];
    let masks = array.load_field_masks(&[]).at_path(|| array.path())?;
    let mut record = 0_usize;
    let mut one = |bytes: &[u8], masked: bool| -> Result<()> {
        let starts = index.iter().rev().take_while(|at| **at == 0).count();
        (0..starts).try_for_each(|_| sink.open())?;
        if masked {
            sink.leaf(Leaf::Null)?;
        } else {
            element(
                bytes,
                array.datatype(),
                format,
                Some((&masks, record)),
                sink,
            )?;
        }
        record = record.saturating_add(1);
        for (at, length) in index.iter_mut().zip(shape).rev() {
            *at += 1;
            if *at < *length {
                break;
            }
            *at = 0;
            sink.close()?;
        }
        Ok(())
    };
    let walked = array.stream_masked_le(&mut |bytes, mask| {
        if size == 0 {
            return one(&[], mask.first() == Some(&true));
        }
        let mut elements = bytes.chunks_exact(size).enumerate();
        elements.try_for_each(|(at, bytes)| one(bytes, mask.get(at) == Some(&true)))
    });
    walked.at_path(|| array.path())
}

/// The lists of an array without elements.
fn empty(shape: &[u64], sink: &mut dyn Sink) -> Result<()> {
    sink.open()?;
    if let Some((length, inner)) = shape.split_first()
        && !inner.is_empty()
    {
        (0..*length).try_for_each(|_| empty(inner, sink))?;
    }
    sink.close()
}

/// An element in little-endian bytes, its fields too.
pub(super) fn element(
    bytes: &[u8],
    datatype: &Datatype,
    format: &'static str,
    record: Option<(&FieldMasks, usize)>,
    sink: &mut dyn Sink,
) -> Result<()> {
    match datatype {
        Datatype::Scalar(scalar) => sink.leaf(number(*scalar, bytes)),
        Datatype::Ascii(_) => {
            let text = ascii(bytes);
            if !text.is_ascii() {
                let what = format!(
                    "ascii text with bytes beyond 127: {:?}",
                    bytes.escape_ascii().to_string()
                );
                return Err(cannot(format, what));
            }
            sink.leaf(Leaf::Text(text))
        }
        Datatype::Ucs4(_) => {
            let text = exact_ucs4(bytes, ByteOrder::Little, format)?;
            sink.leaf(Leaf::Text(text.into()))
        }
        Datatype::Record(fields) => {
            sink.open()?;
            let mut rest = bytes;
            for (index, field) in fields.iter().enumerate() {
                let (own, behind) = split(rest, field.size());
                rest = behind;
                let mut value = 0_usize;
                let mut is_null = |bytes: &[u8]| {
                    let masked =
                        record.is_some_and(|(masks, at)| masks.is_masked(at, index, value));
                    value = value.saturating_add(1);
                    masked || field.is_null(bytes, ByteOrder::Little)
                };
                sub_array(own, &field.shape, (field, &mut is_null), format, sink)?;
            }
            sink.close()
        }
    }
}

/// Whether the next value of a field is masked, by its bytes.
type IsNull<'a> = &'a mut dyn FnMut(&[u8]) -> bool;

fn sub_array(
    bytes: &[u8],
    shape: &[u64],
    (field, is_null): (&Field, IsNull<'_>),
    format: &'static str,
    sink: &mut dyn Sink,
) -> Result<()> {
    let Some((length, inner)) = shape.split_first() else {
        if is_null(bytes) {
            return sink.leaf(Leaf::Null);
        }
        return element(bytes, &field.datatype, format, None, sink);
    };
    let one = inner.iter().fold(field.datatype.size(), |size, length| {
        size.saturating_mul(*length)
    });
    sink.open()?;
    let mut rest = bytes;
    for _ in 0..*length {
        let (own, behind) = split(rest, one);
        rest = behind;
        sub_array(own, inner, (field, &mut *is_null), format, sink)?;
    }
    sink.close()
}

pub(super) fn split(bytes: &[u8], size: u64) -> (&[u8], &[u8]) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    bytes.split_at_checked(size).unwrap_or((bytes, &[]))
}

pub(super) fn cannot(format: &'static str, what: impl Into<Box<str>>) -> Error {
    let what = what.into();
    Unsupported::Format { format, what }.into()
}

fn number(scalar: Scalar, bytes: &[u8]) -> Leaf<'static> {
    const ORDER: ByteOrder = ByteOrder::Little;
    match scalar {
        Scalar::Int8 => Leaf::Int(i8::read(bytes, ORDER).into()),
        Scalar::Int16 => Leaf::Int(i16::read(bytes, ORDER).into()),
        Scalar::Int32 => Leaf::Int(i32::read(bytes, ORDER).into()),
        Scalar::Int64 => Leaf::Int(i64::read(bytes, ORDER).into()),
        Scalar::Uint8 => Leaf::Int(u8::read(bytes, ORDER).into()),
        Scalar::Uint16 => Leaf::Int(u16::read(bytes, ORDER).into()),
        Scalar::Uint32 => Leaf::Int(u32::read(bytes, ORDER).into()),
        Scalar::Uint64 => Leaf::Int(u64::read(bytes, ORDER).into()),
        Scalar::Float16 => Leaf::Float(short_half(f16::read(bytes, ORDER))),
        Scalar::Float32 => Leaf::Float(short_single(f32::read(bytes, ORDER))),
        Scalar::Float64 => Leaf::Float(f64::read(bytes, ORDER)),
        Scalar::Bool8 => Leaf::Bool(bool::read(bytes, ORDER)),
        Scalar::Complex64 => {
            let value = Complex::<f32>::read(bytes, ORDER);
            Leaf::Complex(complex_text(short_single(value.re), short_single(value.im)))
        }
        Scalar::Complex128 => {
            let value = Complex::<f64>::read(bytes, ORDER);
            Leaf::Complex(complex_text(value.re, value.im))
        }
    }
}

fn short_half(value: f16) -> f64 {
    let short = short_single(value.to_f32());
    if f16::from_f64(short).to_bits() == value.to_bits() {
        short
    } else {
        value.to_f64()
    }
}

fn complex_text(re: f64, im: f64) -> String {
    let im = float_text(im);
    let sign = if im.starts_with('-') { "" } else { "+" };
    format!("{}{sign}{im}j", float_text(re))
}
