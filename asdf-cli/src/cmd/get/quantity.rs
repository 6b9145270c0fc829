//! Quantities and moments in one line.

use crate::usage::refused;
use asdf_core::inspect::{Moment, Quantity, scaled, unit_factor};
use asdf_core::tree::float_json;
use asdf_core::{AsdfFile, Node, Result};
use serde_json::{Value, json};

/// A quantity, or a moment that is a mapping, as people read it; `None` for other nodes.
pub(super) fn line(node: Node<'_>) -> Option<String> {
    let quantity = Quantity::of(node).map(|quantity| quantity.to_string());
    quantity.or_else(|| Moment::of(node).map(|moment| moment.to_string()))
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
pub(super) fn convert<'u>(file: &AsdfFile, node: Node<'_>, unit: &'u str) -> Result<Converted<'u>> {
    let wrong = |reason: &str| file.name_in(refused(format!("{}: {reason}", node.path())));
    let quantity = Quantity::of(node);
    let number = quantity.and_then(|quantity| quantity.number());
    let (Some(quantity), Some(number)) = (quantity, number) else {
        return Err(wrong(
            "--unit converts a quantity of one number, and this node is something else",
        ));
    };
    let Some(factor) = unit_factor(quantity.unit, unit) else {
        let reason = format!(
            "`{}` does not convert into `{}`",
            quantity.unit.escape_debug(),
            unit.escape_debug()
        );
        return Err(wrong(&reason));
    };
    Ok(Converted {
        value: scaled(number, factor),
        unit,
    })
}
