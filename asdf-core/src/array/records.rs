//! serde: each element of an array deserializes into any type, a record into a struct.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::{Datatype, Field, Scalar};
use super::element::Element;
use super::field_masks::FieldMasks;
use super::text;
use crate::error::{Error, Locate, Mismatch, Result};
use half::f16;
use num_complex::Complex;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt;

impl ArrayData<'_> {
    /// The elements in C order, each as a value of any type that implements serde's `Deserialize`.
    ///
    /// A record becomes a struct or a map with its fields by name, or a tuple with its fields in order; unnamed fields are `f0`,
    /// `f1`, …. A sub-array becomes nested lists, text a string without its padding, a complex number a pair of its real and
    /// imaginary part. Numbers must fit the type that they are read into. What is masked is `None` of an `Option`, and an error where
    /// no `Option` is.
    ///
    /// # Errors
    /// Each item on its own: the element does not fit the type, or is masked where no `Option` is. The error names the element and the field.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/record_simple.asdf");
    /// use asdf_core::AsdfFile;
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, Deserialize)]
    /// struct Star {
    ///     id: i64, // stored as int32
    ///     flux: f64,
    ///     name: String,
    /// }
    ///
    /// let file = AsdfFile::open(path)?;
    /// let table = file.array("t")?.load()?;
    /// for star in table.records::<Star>() {
    ///     let Star { id, flux, name } = star?;
    ///     println!("{id} {name}: {flux}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn records<T: DeserializeOwned>(&self) -> impl Iterator<Item = Result<T>> {
        let cell = Cell::new(&self.datatype, self.byteorder, &[], None);
        self.elements().enumerate().map(move |(index, bytes)| {
            let masked = self.mask.as_ref().and_then(|mask| mask.get(index)) == Some(&true);
            let value = ValueDeserializer {
                cell: &cell,
                bytes,
                shape: &[],
                place: Place {
                    masks: &self.field_masks,
                    record: index,
                    field: None,
                    value: 0,
                },
                masked,
            };
            T::deserialize(value).map_err(|trouble| {
                let detail = format!("element {index}{}", trouble.0).into();
                Error::from(Mismatch::Value { detail }).at_path(|| &self.path)
            })
        })
    }
}

/// What the bytes of an element mean, worked out once for all elements.
struct Cell {
    kind: Kind,
    order: ByteOrder,
    /// Lengths of the axes of a sub-array.
    shape: Vec<usize>,
    /// Bytes of one value of a sub-array.
    size: usize,
    /// The field, when a number of it stands for no value.
    null: Option<Field>,
}

enum Kind {
    Scalar(Scalar),
    Ascii,
    Ucs4,
    Record(Vec<(String, Cell)>),
}

impl Cell {
    fn new(datatype: &Datatype, order: ByteOrder, shape: &[u64], null: Option<&Field>) -> Self {
        let kind = match datatype {
            Datatype::Scalar(scalar) => Kind::Scalar(*scalar),
            Datatype::Ascii(_) => Kind::Ascii,
            Datatype::Ucs4(_) => Kind::Ucs4,
            Datatype::Record(fields) => {
                let cells = fields.iter().enumerate().map(|(index, field)| {
                    let null = field.null.map(|_| field);
                    let cell = Self::new(&field.datatype, field.byteorder, &field.shape, null);
                    (field.label(index), cell)
                });
                Kind::Record(cells.collect())
            }
        };
        Self {
            kind,
            order,
            shape: shape.iter().map(|length| as_usize(*length)).collect(),
            size: as_usize(datatype.size()),
            null: null.cloned(),
        }
    }

    /// Bytes of the whole field.
    fn bytes(&self) -> usize {
        self.shape
            .iter()
            .fold(self.size, |size, length| size.saturating_mul(*length))
    }
}

fn as_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// What is wrong, after the names of the fields that lead to it.
#[derive(Debug)]
struct Trouble(String);

impl Trouble {
    fn in_field(self, name: &str) -> Self {
        Self(format!(", field `{}`{}", name.escape_debug(), self.0))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

impl de::Error for Trouble {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(format!(": {message}"))
    }
}

/// A value: an element, a field of one, or a part of a sub-array.
#[derive(Clone, Copy)]
struct ValueDeserializer<'c> {
    cell: &'c Cell,
    bytes: &'c [u8],
    /// The axes of a sub-array that are left.
    shape: &'c [usize],
    masked: bool,
    place: Place<'c>,
}

/// Where a value is among the records, for the masks of their fields.
#[derive(Clone, Copy)]
struct Place<'c> {
    masks: &'c FieldMasks,
    record: usize,
    /// None of a record itself, and of what is in a record within one.
    field: Option<usize>,
    /// Values of the field before this one.
    value: usize,
}

impl<'c> ValueDeserializer<'c> {
    /// True when the element is masked or the number stands for no value.
    fn is_missing(self) -> bool {
        let null = self.cell.null.as_ref().filter(|_| self.shape.is_empty());
        let Place {
            masks,
            record,
            field,
            value,
        } = self.place;
        let is_masked = self.shape.is_empty()
            && field.is_some_and(|field| masks.is_masked(record, field, value));
        self.masked
            || is_masked
            || null.is_some_and(|field| field.is_null(self.bytes, self.cell.order))
    }

    fn scalar<'de, V: Visitor<'de>>(self, scalar: Scalar, visitor: V) -> Result<V::Value, Trouble> {
        let (bytes, order) = (self.bytes, self.cell.order);
        match scalar {
            Scalar::Int8 => visitor.visit_i8(i8::read(bytes, order)),
            Scalar::Int16 => visitor.visit_i16(i16::read(bytes, order)),
            Scalar::Int32 => visitor.visit_i32(i32::read(bytes, order)),
            Scalar::Int64 => visitor.visit_i64(i64::read(bytes, order)),
            Scalar::Uint8 => visitor.visit_u8(u8::read(bytes, order)),
            Scalar::Uint16 => visitor.visit_u16(u16::read(bytes, order)),
            Scalar::Uint32 => visitor.visit_u32(u32::read(bytes, order)),
            Scalar::Uint64 => visitor.visit_u64(u64::read(bytes, order)),
            Scalar::Float16 => visitor.visit_f32(f16::read(bytes, order).to_f32()),
            Scalar::Float32 => visitor.visit_f32(f32::read(bytes, order)),
            Scalar::Float64 => visitor.visit_f64(f64::read(bytes, order)),
            Scalar::Bool8 => visitor.visit_bool(bool::read(bytes, order)),
            Scalar::Complex64 => {
                let value = Complex::<f32>::read(bytes, order);
                visitor.visit_seq(de::value::SeqDeserializer::new(
                    [value.re, value.im].into_iter(),
                ))
            }
            Scalar::Complex128 => {
                let value = Complex::<f64>::read(bytes, order);
                visitor.visit_seq(de::value::SeqDeserializer::new(
                    [value.re, value.im].into_iter(),
                ))
            }
        }
    }

    fn list(self, inner: &'c [usize]) -> List<'c> {
        let each = inner
            .iter()
            .fold(self.cell.size, |size, length| size.saturating_mul(*length));
        List {
            left: self.shape.first().copied().unwrap_or(0),
            each,
            value: Self {
                shape: inner,
                ..self
            },
        }
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = Trouble;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        if let Some((_, inner)) = self.shape.split_first() {
            return visitor.visit_seq(self.list(inner));
        }
        if self.is_missing() {
            return Err(de::Error::custom(
                "it is masked, and the type is not an `Option`",
            ));
        }
        match &self.cell.kind {
            Kind::Scalar(scalar) => self.scalar(*scalar, visitor),
            Kind::Ascii => visitor.visit_str(&text::ascii(self.bytes)),
            Kind::Ucs4 => {
                let found = text::ucs4(self.bytes, self.cell.order);
                let found = found.map_err(|code| {
                    de::Error::custom(format_args!("{code:#x} is not a code point"))
                })?;
                visitor.visit_string(found)
            }
            Kind::Record(fields) => visitor.visit_map(Fields::new(fields, self)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        if self.is_missing() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        match &self.cell.kind {
            Kind::Record(fields) if self.shape.is_empty() && !self.is_missing() => {
                visitor.visit_seq(Fields::new(fields, self))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        self.deserialize_seq(visitor)
    }

    /// Text names a variant.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        let name: String = de::Deserialize::deserialize(self)?;
        visitor.visit_enum(name.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct map struct
        identifier ignored_any
    }
}

/// The fields of a record, by name or in order.
struct Fields<'c> {
    left: std::slice::Iter<'c, (String, Cell)>,
    rest: &'c [u8],
    /// The field whose name was given, and whose value comes next.
    current: Option<(&'c str, ValueDeserializer<'c>)>,
    place: Place<'c>,
    /// The place of the next field, when masks of fields are those of this record.
    next: Option<usize>,
}

impl<'c> Fields<'c> {
    fn new(fields: &'c [(String, Cell)], record: ValueDeserializer<'c>) -> Self {
        Self {
            left: fields.iter(),
            rest: record.bytes,
            current: None,
            place: record.place,
            next: record.place.field.is_none().then_some(0),
        }
    }

    fn advance(&mut self) -> Option<(&'c str, ValueDeserializer<'c>)> {
        let (name, cell) = self.left.next()?;
        let (bytes, rest) = self
            .rest
            .split_at_checked(cell.bytes())
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        let field = self.next;
        self.next = field.map(|field| field.saturating_add(1));
        let value = ValueDeserializer {
            cell,
            bytes,
            shape: &cell.shape,
            masked: false,
            place: Place {
                field: field.or(Some(usize::MAX)),
                ..self.place
            },
        };
        Some((name, value))
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Trouble;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Trouble> {
        self.current = self.advance();
        let Some((name, _)) = self.current else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Trouble> {
        match self.current.take() {
            Some((name, value)) => seed
                .deserialize(value)
                .map_err(|trouble| trouble.in_field(name)),
            None => Err(de::Error::custom("a value before its name")),
        }
    }
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Trouble;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Trouble> {
        match self.advance() {
            Some((name, value)) => seed
                .deserialize(value)
                .map(Some)
                .map_err(|trouble| trouble.in_field(name)),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The values along one axis of a sub-array.
struct List<'c> {
    left: usize,
    /// Bytes of one of them.
    each: usize,
    /// Those that are left.
    value: ValueDeserializer<'c>,
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Trouble;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Trouble> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        let (bytes, rest) = self
            .value
            .bytes
            .split_at_checked(self.each)
            .unwrap_or((self.value.bytes, &[]));
        self.value.bytes = rest;
        let value = ValueDeserializer {
            bytes,
            ..self.value
        };
        let count = self.each.checked_div(value.cell.size).unwrap_or(0);
        let place = &mut self.value.place;
        place.value = place.value.saturating_add(count);
        seed.deserialize(value).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}
