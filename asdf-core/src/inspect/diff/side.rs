//! What one of two files has at a place.

use crate::array::is_array;
use crate::inspect::ArrayInfo;
use crate::tree::{Node, Value, float_json, float_text};
use std::fmt;

/// What one file has at a place: a few words, and the number when it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    text: String,
    number: Option<serde_json::Value>,
}

impl Side {
    pub(super) fn of(node: Node<'_>) -> Self {
        let number = match node.value() {
            Value::Int(value) if value.unsigned_abs() <= 1 << 53 => Some(value.into()),
            Value::Int(value) => Some(serde_json::json!({ "$int": value.to_string() })),
            Value::BigInt(value) => Some(serde_json::json!({ "$int": value.as_str() })),
            Value::Float(value) => Some(float_json(value)),
            _ => None,
        };
        Self {
            text: shown(node),
            number,
        }
    }

    /// In a few words, for people.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number as tagged JSON has it, else the words.
    pub fn to_json(&self) -> serde_json::Value {
        let text = || self.text.as_str().into();
        self.number.clone().unwrap_or_else(text)
    }
}

impl From<&str> for Side {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Side {
    fn from(text: String) -> Self {
        Self { text, number: None }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A node in a few words.
fn shown(node: Node<'_>) -> String {
    if is_array(node) {
        return match ArrayInfo::of_node(node) {
            Ok(info) => format!("array {} {}", info.datatype.to_json(), info.shape_text()),
            Err(_) => "array".to_owned(),
        };
    }
    match node.value() {
        Value::Float(value) => float_text(value),
        Value::Str(text) => {
            let cut: String = text.chars().take(60).collect();
            let more = if cut.len() < text.len() { "…" } else { "" };
            format!("{cut:?}{more}")
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Timestamp(_) => {
            node.key_text().into_owned()
        }
        _ => node.describe().into(),
    }
}
