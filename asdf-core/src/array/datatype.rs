//! Datatypes of array elements. Source: `core/ndarray-1.1.0` (and `core/datatype-1.0.0`).

use super::byte_order::ByteOrder;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Map;
use crate::tree::Node;
use crate::tree::Value;
use serde_json::json;
use std::collections::HashSet;
use std::fmt;

/// Levels of records within records.
const DEPTH: u64 = 64;
/// The largest element: an element is handled as a whole.
const ELEMENT: u64 = 1 << 32;
/// Fields of one element, those of records in sub-arrays counted each time.
const FIELDS: u64 = 1 << 20;

/// A number or a truth value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the standard's own")]
pub enum Scalar {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float16,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Bool8,
}

/// Name, size of an element and size of the unit whose bytes have an order.
const SCALARS: [(Scalar, &str, u64, u64); 14] = [
    (Scalar::Int8, "int8", 1, 1),
    (Scalar::Int16, "int16", 2, 2),
    (Scalar::Int32, "int32", 4, 4),
    (Scalar::Int64, "int64", 8, 8),
    (Scalar::Uint8, "uint8", 1, 1),
    (Scalar::Uint16, "uint16", 2, 2),
    (Scalar::Uint32, "uint32", 4, 4),
    (Scalar::Uint64, "uint64", 8, 8),
    (Scalar::Float16, "float16", 2, 2),
    (Scalar::Float32, "float32", 4, 4),
    (Scalar::Float64, "float64", 8, 8),
    (Scalar::Complex64, "complex64", 8, 4),
    (Scalar::Complex128, "complex128", 16, 8),
    (Scalar::Bool8, "bool8", 1, 1),
];

impl Scalar {
    /// True for integers, signed or not.
    pub fn is_integer(self) -> bool {
        matches!(
            self,
            Self::Int8
                | Self::Int16
                | Self::Int32
                | Self::Int64
                | Self::Uint8
                | Self::Uint16
                | Self::Uint32
                | Self::Uint64
        )
    }

    /// True for numbers that can be NaN: real and complex ones.
    pub(crate) fn is_inexact(self) -> bool {
        matches!(
            self,
            Self::Float16 | Self::Float32 | Self::Float64 | Self::Complex64 | Self::Complex128
        )
    }

    /// The scalar of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = SCALARS.iter().find(|entry| entry.1 == name);
        found.map(|entry| entry.0)
    }

    /// The names of all.
    pub(super) fn names() -> [&'static str; SCALARS.len()] {
        SCALARS.map(|entry| entry.1)
    }

    fn entry(self) -> (Self, &'static str, u64, u64) {
        // The table lists every variant in the order of declaration.
        SCALARS
            .get(self as usize)
            .copied()
            .unwrap_or((Self::Bool8, "bool8", 1, 1))
    }

    /// The standard's name.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Bytes of one element.
    pub fn size(self) -> u64 {
        self.entry().2
    }

    /// Bytes of the unit that is swapped: half of a complex number.
    pub(crate) fn unit(self) -> u64 {
        self.entry().3
    }

    fn from_name(name: &str) -> Option<Self> {
        SCALARS
            .iter()
            .find(|entry| entry.1 == name)
            .map(|entry| entry.0)
    }
}

/// What one element of an array is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datatype {
    /// A number or a truth value.
    Scalar(Scalar),
    /// That many bytes of ASCII text, padded with NUL.
    Ascii(u64),
    /// That many UTF-32 code points, padded with NUL.
    Ucs4(u64),
    /// A record: named fields one after the other.
    Record(Vec<Field>),
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name; fields may go without.
    pub name: Option<Box<str>>,
    /// What the field holds.
    pub datatype: Datatype,
    /// The byte order in force: the field's own, else that of what encloses it.
    pub byteorder: ByteOrder,
    /// The shape of a sub-array; empty for a single value.
    pub shape: Vec<u64>,
    /// The integer that stands for no value, if there is one (spec-notes N-20).
    pub null: Option<i128>,
}

impl Field {
    /// Bytes of the whole field.
    pub fn size(&self) -> u64 {
        self.shape
            .iter()
            .fold(self.datatype.size(), |size, extent| {
                size.saturating_mul(*extent)
            })
    }

    /// True for the bytes of a value of this field that stand for no value.
    pub(crate) fn is_null(&self, value: &[u8], order: ByteOrder) -> bool {
        let (Some(null), Datatype::Scalar(scalar)) = (self.null, &self.datatype) else {
            return false;
        };
        integer(*scalar, value, order) == Some(null)
    }

    /// The name, or `f3` for the fourth field when it has none.
    pub fn label(&self, index: usize) -> String {
        self.name
            .as_deref()
            .map_or_else(|| format!("f{index}"), str::to_owned)
    }
}

/// The number that bytes are, of an integer type.
fn integer(scalar: Scalar, bytes: &[u8], order: ByteOrder) -> Option<i128> {
    let signed = scalar.name().starts_with("int");
    if !signed && !scalar.name().starts_with("uint") {
        return None;
    }
    let next = |number: i128, byte: &u8| number.wrapping_shl(8) | i128::from(*byte);
    let number = match order {
        ByteOrder::Big => bytes.iter().fold(0, next),
        ByteOrder::Little => bytes.iter().rev().fold(0, next),
    };
    let bits = u32::try_from(bytes.len()).ok()?.checked_mul(8)?;
    let half = 1_i128.checked_shl(bits.checked_sub(1)?)?;
    Some(if signed && number >= half {
        number.wrapping_sub(half.wrapping_mul(2))
    } else {
        number
    })
}

impl Datatype {
    /// True for records with a field that has a number for no value.
    pub(crate) fn has_nulls(&self) -> bool {
        match self {
            Self::Record(fields) => fields
                .iter()
                .any(|field| field.null.is_some() || field.datatype.has_nulls()),
            _ => false,
        }
    }

    /// Reads a `datatype` node; `outer` is the byte order where none is given.
    ///
    /// # Errors
    /// The node does not describe a datatype, or one element is larger or has more fields than is supported.
    pub fn parse(node: Node<'_>, outer: ByteOrder) -> Result<Self> {
        let datatype = parse_level(node, outer, 0, &mut FIELDS.clone())?;
        let size = checked_size(&datatype).unwrap_or(u64::MAX);
        LimitExceeded::fixed("size of one element in bytes", size, ELEMENT)
            .at(node.span())
            .at_path(|| node.path())?;
        LimitExceeded::fixed("number of fields of one element", datatype.fields(), FIELDS)
            .at(node.span())
            .at_path(|| node.path())?;
        LimitExceeded::fixed(
            "number of values in one element",
            datatype.values(),
            ELEMENT,
        )
        .at(node.span())
        .at_path(|| node.path())?;
        Ok(datatype)
    }

    /// The order to tell: that of single bytes and of records as a whole means nothing, and the
    /// reference says `big`.
    pub(super) fn shown_order(&self, order: ByteOrder) -> ByteOrder {
        let ordered = match self {
            Self::Scalar(scalar) => scalar.unit() > 1,
            Self::Ucs4(_) => true,
            Self::Ascii(_) | Self::Record(_) => false,
        };
        if ordered { order } else { ByteOrder::Big }
    }

    /// Fields that are not records, those in sub-arrays of records counted each time.
    fn fields(&self) -> u64 {
        let Self::Record(fields) = self else { return 1 };
        let one = |field: &Field| match &field.datatype {
            Self::Record(_) => product(field.datatype.fields(), &field.shape),
            _ => 1,
        };
        fields.iter().map(one).fold(0, u64::saturating_add)
    }

    /// Numbers and texts in one element.
    pub(crate) fn values(&self) -> u64 {
        let Self::Record(fields) = self else { return 1 };
        let one = |field: &Field| product(field.datatype.values(), &field.shape);
        fields.iter().map(one).fold(0, u64::saturating_add)
    }

    /// The same with every field in that order.
    pub(crate) fn in_order(&self, byteorder: ByteOrder) -> Self {
        let Self::Record(fields) = self else {
            return self.clone();
        };
        let fields = fields.iter().map(|field| Field {
            byteorder,
            datatype: field.datatype.in_order(byteorder),
            ..field.clone()
        });
        Self::Record(fields.collect())
    }

    /// Bytes of one element.
    pub fn size(&self) -> u64 {
        checked_size(self).unwrap_or(u64::MAX)
    }

    /// The number or truth value that an element is, if it is one.
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Scalar(scalar) => Some(*scalar),
            _ => None,
        }
    }

    /// The datatype as the standard writes it: a string, `["ascii", 5]`, or a list of fields.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Scalar(scalar) => json!(scalar.name()),
            Self::Ascii(length) => json!(["ascii", length]),
            Self::Ucs4(length) => json!(["ucs4", length]),
            Self::Record(fields) => fields
                .iter()
                .enumerate()
                .map(|(index, field)| field_json(index, field))
                .collect(),
        }
    }
}

fn field_json(index: usize, field: &Field) -> serde_json::Value {
    let order = field.datatype.shown_order(field.byteorder);
    let mut out = json!({
        "name": field.label(index),
        "datatype": field.datatype.to_json(),
        "byteorder": order.name(),
    });
    if let (false, Some(map)) = (field.shape.is_empty(), out.as_object_mut()) {
        map.insert("shape".into(), json!(field.shape));
    }
    out
}

fn checked_size(datatype: &Datatype) -> Option<u64> {
    match datatype {
        Datatype::Scalar(scalar) => Some(scalar.size()),
        Datatype::Ascii(length) => Some(*length),
        Datatype::Ucs4(length) => length.checked_mul(4),
        Datatype::Record(fields) => fields.iter().try_fold(0_u64, |sum, field| {
            let one = checked_size(&field.datatype)?;
            let all = field
                .shape
                .iter()
                .try_fold(one, |size, extent| size.checked_mul(*extent))?;
            sum.checked_add(all)
        }),
    }
}

fn product(one: u64, shape: &[u64]) -> u64 {
    shape
        .iter()
        .fold(one, |product, length| product.saturating_mul(*length))
}

fn bad(node: Node<'_>, wanted: &'static str) -> Error {
    let fact = Malformed::Datatype {
        found: node.describe(),
        wanted,
    };
    Error::from(fact).at(node.span()).at_path(|| node.path())
}

/// `room` is how many fields there may still be: shared nodes can name far more than they are.
fn parse_level(node: Node<'_>, outer: ByteOrder, depth: u64, room: &mut u64) -> Result<Datatype> {
    LimitExceeded::fixed("nesting depth of a datatype", depth, DEPTH)
        .at(node.span())
        .at_path(|| node.path())?;
    if let Value::Str(name) = node.value() {
        return Scalar::from_name(name)
            .map(Datatype::Scalar)
            .ok_or_else(|| bad(node, "a datatype of the standard"));
    }
    let Some(seq) = node.as_seq() else {
        return Err(bad(node, "a datatype name or a list"));
    };
    let mut items = seq.iter();
    match items.next().map(Node::value) {
        None => return Err(bad(node, "at least one field")),
        Some(Value::Str(kind @ ("ascii" | "ucs4"))) => {
            let length = match (items.next().map(Node::value), items.next()) {
                (Some(Value::Int(length)), None) => u64::try_from(length).ok(),
                _ => None,
            };
            let length = length.ok_or_else(|| bad(node, "a text type with one length"))?;
            return Ok(if kind == "ascii" {
                Datatype::Ascii(length)
            } else {
                Datatype::Ucs4(length)
            });
        }
        Some(_) => {}
    }
    let mut fields = Vec::new();
    let mut names = HashSet::new();
    for item in seq {
        let met = FIELDS.saturating_sub(*room).saturating_add(1);
        LimitExceeded::fixed("number of fields of one element", met, FIELDS)
            .at(node.span())
            .at_path(|| node.path())?;
        *room = room.saturating_sub(1);
        let field = parse_field(item, outer, depth + 1, room)?;
        if let Some(name) = &field.name
            && !names.insert(name.clone())
        {
            return Err(bad(item, "a field name that is not taken"));
        }
        fields.push(field);
    }
    Ok(Datatype::Record(fields))
}

/// The key for what stands for no value, of a field and of an array.
pub(crate) const NULLS: &str = "nulls";

fn parse_field(node: Node<'_>, outer: ByteOrder, depth: u64, room: &mut u64) -> Result<Field> {
    let Some(map) = node.as_map() else {
        let datatype = parse_level(node, outer, depth, room)?;
        return Ok(Field {
            name: None,
            datatype,
            byteorder: outer,
            shape: Vec::new(),
            null: None,
        });
    };
    let byteorder = map.get("byteorder").map_or(Ok(outer), ByteOrder::parse)?;
    let datatype = map
        .get("datatype")
        .ok_or_else(|| bad(node, "a field with a datatype"))?;
    let datatype = parse_level(datatype, byteorder, depth, room)?;
    let name = match map.get("name") {
        None => None,
        Some(name) => match name.value() {
            Value::Str(text) => Some(text.into()),
            _ => return Err(bad(name, "a field name that is a string")),
        },
    };
    Ok(Field {
        name,
        datatype,
        byteorder,
        shape: parse_shape(map)?,
        null: match map.get(NULLS).map(Node::value) {
            Some(Value::Int(null)) => Some(null.into()),
            _ => None,
        },
    })
}

/// The `shape` of a field: a list of lengths, or nothing.
fn parse_shape(map: Map<'_>) -> Result<Vec<u64>> {
    let Some(node) = map.get("shape") else {
        return Ok(Vec::new());
    };
    let seq = node
        .as_seq()
        .ok_or_else(|| bad(node, "a list of lengths"))?;
    let length = |item: Node<'_>| match item.value() {
        Value::Int(length) => u64::try_from(length).ok(),
        _ => None,
    };
    seq.iter()
        .map(|item| length(item).ok_or_else(|| bad(item, "a length")))
        .collect()
}

impl fmt::Display for Datatype {
    /// `float32`, `ascii[5]`, `{x: float32, y: int16[3]}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(scalar) => f.write_str(scalar.name()),
            Self::Ascii(length) => write!(f, "ascii[{length}]"),
            Self::Ucs4(length) => write!(f, "ucs4[{length}]"),
            Self::Record(fields) => {
                f.write_str("{")?;
                for (index, field) in fields.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{}: {}", field.label(index), field.datatype)?;
                    if !field.shape.is_empty() {
                        write!(f, "{:?}", field.shape)?;
                    }
                }
                f.write_str("}")
            }
        }
    }
}
