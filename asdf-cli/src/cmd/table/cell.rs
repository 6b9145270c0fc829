//! The value in a cell.

use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::fits::CardValue;
use asdf_core::inspect::short_tag;
use asdf_core::tree::{Value, float_text};
use asdf_core::{AsdfFile, Limits, Node};
use std::cmp::Ordering;

/// A value, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Cell {
    /// The value of a node, and the unit when it is a quantity. A list or a mapping is its JSON.
    pub(super) fn of(file: &AsdfFile, node: Node<'_>, limits: &Limits) -> (Self, Option<String>) {
        if let Some((value, unit)) = quantity(node) {
            return (Self::of(file, value, limits).0, Some(unit));
        }
        let cell = match node.value() {
            Value::Null => Self::Empty,
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::BigInt(value) => Self::Text(value.as_str().to_owned()),
            Value::Float(value) => Self::Float(value),
            Value::Timestamp(time) => Self::Text(time.to_string()),
            Value::Str(text) => Self::Text(text.to_owned()),
            _ => Self::Text(json(FileNode { file, node }, limits)),
        };
        (cell, None)
    }

    /// The value of a card.
    pub(super) fn of_card(value: CardValue) -> Self {
        match value {
            CardValue::Text(text) | CardValue::Unreadable(text) => Self::Text(text),
            CardValue::Logical(value) => Self::Bool(value),
            CardValue::Integer(value) => {
                i64::try_from(value).map_or_else(|_| Self::Text(value.to_string()), Self::Int)
            }
            CardValue::Float(value) => Self::Float(value),
            CardValue::Complex(real, imaginary) => {
                Self::Text(format!("({}, {})", float_text(real), float_text(imaginary)))
            }
            _ => Self::Empty,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The number; truth values are none.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "numbers are compared as floats")]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// As it is written; nothing for an empty cell.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => float_text(*value),
            Self::Text(text) => text.clone(),
        }
    }

    /// The order of cells of one kind; `None` for cells that cannot be compared.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    /// An order of all cells for sorting: numbers, truth values, text, and empty ones last.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let rank = |cell: &Self| match cell {
            Self::Int(_) | Self::Float(_) => 0,
            Self::Bool(_) => 1,
            Self::Text(_) => 2,
            Self::Empty => 3,
        };
        let nan = |cell: &Self| cell.number().is_some_and(f64::is_nan);
        rank(self).cmp(&rank(other)).then_with(|| {
            self.compare(other)
                .unwrap_or_else(|| nan(self).cmp(&nan(other)))
        })
    }
}

/// The value and the unit of a quantity.
fn quantity(node: Node<'_>) -> Option<(Node<'_>, String)> {
    if !short_tag(node.tag()?).starts_with("unit/quantity-") {
        return None;
    }
    let value = node.get("value").filter(|value| value.text().is_some())?;
    Some((value, node.get("unit")?.text()?.to_owned()))
}

fn json(at: FileNode<'_>, limits: &Limits) -> String {
    let mut out = Vec::new();
    match write_json(at, References::Keep, &mut out, limits) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        // What is too large for a document says what it is.
        Err(_) => at.node.describe().into(),
    }
}
