//! Quantities and moments in one line.

use crate::usage::refused;
use asdf_core::file::FileNode;
use asdf_core::inspect::scaled;
use asdf_core::tagged::{Quantity, Time};
use asdf_core::tree::float_json;
use asdf_core::{AsdfFile, Result};
use serde_json::{Value, json};

/// A quantity, or a moment that is a mapping, as people read it; `None` for other nodes.
pub(super) fn line(at: FileNode<'_>) -> Option<String> {
    let quantity = Quantity::single(at).map(|quantity| quantity.to_string());
    quantity.or_else(|| Time::single(at).map(|time| time.to_string()))
}

/// A quantity in the unit that was asked for.
pub(super) struct Converted<'u> {
    value: String,
    unit: &'u str,
}

impl Converted<'_> {
    pub(super) fn text(&self) -> String {
        format!("{} {}", self.value, self.unit)
    }

    pub(super) fn to_json(&self) -> Value {
        let number = self.value.parse().map_or(Value::Null, float_json);
        json!({ "value": number, "unit": self.unit })
    }
}

/// Converts a quantity.
///
/// # Errors
/// The node is not a quantity of one number, or its unit does not convert.
pub(super) fn convert<'u>(
    file: &AsdfFile,
    at: FileNode<'_>,
    unit: &'u str,
) -> Result<Converted<'u>> {
    let wrong = |reason: &str| file.name_in(refused(format!("{}: {reason}", at.node.path())));
    let quantity = Quantity::single(at);
    let number = quantity
        .as_ref()
        .and_then(|quantity| quantity.values.number());
    let (Some(quantity), Some(number)) = (quantity, number) else {
        return Err(wrong(
            "--unit converts a quantity of one number, and this node is something else",
        ));
    };
    let factor = quantity.unit.factor_to(unit);
    let factor = factor.map_err(|error| wrong(&error.to_string()))?;
    Ok(Converted {
        value: scaled(number, factor),
        unit,
    })
}
