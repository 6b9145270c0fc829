//! Values of a tree, compared with those of a profile.

use asdf_core::Node;
use asdf_core::tree::{Value, float_text};

/// The text of a scalar: numbers as the tree means them.
pub(super) fn text(node: Node<'_>) -> Option<String> {
    match node.value() {
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Timestamp(_)
        | Value::Str(_) => Some(node.key_text().into_owned()),
        _ => None,
    }
}

/// The number of a scalar.
pub(super) fn number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        #[expect(clippy::cast_precision_loss, reason = "limits are floats")]
        Value::Int(value) => Some(value as f64),
        Value::BigInt(value) => value.as_str().parse().ok(),
        Value::Float(value) => Some(value),
        _ => None,
    }
}

/// True when a node has that value: text, number, truth value. Integers and floats are compared as numbers.
pub(super) fn equals(node: Node<'_>, wanted: &toml::Value) -> bool {
    match (node.value(), wanted) {
        (Value::Str(text), toml::Value::String(wanted)) => text == wanted,
        (Value::Timestamp(time), toml::Value::String(wanted)) => time.to_string() == *wanted,
        (Value::Bool(value), toml::Value::Boolean(wanted)) => value == *wanted,
        (Value::Int(value), toml::Value::Integer(wanted)) => value == *wanted,
        #[expect(
            clippy::cast_precision_loss,
            reason = "one that is not an integer is a float"
        )]
        (_, toml::Value::Integer(wanted)) => number(node) == Some(*wanted as f64),
        (_, toml::Value::Float(wanted)) => number(node) == Some(*wanted),
        _ => false,
    }
}

/// A value as a message shows it.
pub(super) fn shown(node: Node<'_>) -> String {
    match (node.value(), text(node)) {
        (Value::Str(text), _) => format!("\"{text}\""),
        (_, Some(text)) => text,
        _ => node.describe().into(),
    }
}

/// A value of a profile as a message shows it.
pub(super) fn wanted(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("\"{text}\""),
        toml::Value::Integer(value) => value.to_string(),
        toml::Value::Float(value) => float_text(*value),
        toml::Value::Boolean(value) => value.to_string(),
        toml::Value::Datetime(time) => time.to_string(),
        toml::Value::Array(_) => "a list".to_owned(),
        toml::Value::Table(_) => "a table".to_owned(),
    }
}
