//! Nodes of trees as values of cards.

use super::value::CardValue;
use crate::array::Number;
use crate::error::{Error, HeaderFault, Locate, Result};
use crate::tree::{Node, Value};

/// The value of a card that a node of a tree stands for.
///
/// # Errors
/// It is a list or a mapping, or a number beyond 128 bits.
pub fn node_value(node: Node<'_>) -> Result<CardValue> {
    let complex = node.tag().is_some_and(|tag| tag.is_core("core/complex"));
    let found = match node.value() {
        Value::Null => Some(CardValue::Undefined),
        Value::Bool(value) => Some(CardValue::Logical(value)),
        Value::Int(number) => Some(CardValue::Integer(number.into())),
        Value::BigInt(number) => number.as_str().parse().ok().map(CardValue::Integer),
        Value::Float(number) => Some(CardValue::Float(number)),
        Value::Str(text) if complex => Number::parse_complex(text).map(|number| {
            let number = number.complex();
            CardValue::Complex(number.re, number.im)
        }),
        Value::Str(text) => Some(CardValue::Text(text.to_owned())),
        // A date without quotes is text to FITS.
        Value::Timestamp(_) => node.text().map(|text| CardValue::Text(text.to_owned())),
        _ => None,
    };
    found.ok_or_else(|| unlike(node, "a number, a truth value, text or null"))
}

/// The error of a node that is not a part of a header.
pub(crate) fn unlike(node: Node<'_>, wanted: &'static str) -> Error {
    let found = node.describe();
    Error::from(HeaderFault::Node { wanted, found }).at_path(|| node.path())
}
