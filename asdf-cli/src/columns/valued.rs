//! Values with their units, compared.

use super::Cell;
use asdf_core::inspect::scaled;
use asdf_core::tagged::UnitName;
use std::cmp::Ordering;

/// A value, and the unit of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Valued {
    pub(crate) cell: Cell,
    pub(crate) unit: Option<String>,
}

impl From<Cell> for Valued {
    fn from(cell: Cell) -> Self {
        Self { cell, unit: None }
    }
}

impl Valued {
    /// The number and the unit: of a quantity, or of a text such as `2 m`.
    fn quantity(&self) -> Option<(f64, &str)> {
        if let Some(unit) = &self.unit {
            return Some((self.cell.number()?, unit));
        }
        self.written()
    }

    /// The number and the unit of a text.
    pub(crate) fn written(&self) -> Option<(f64, &str)> {
        let Cell::Text(text) = &self.cell else {
            return None;
        };
        let (number, unit) = text.trim().split_once(' ')?;
        Some((number.parse().ok()?, unit.trim()))
    }

    /// Whether it is a text with a number and a unit that is known.
    fn is_quantity_text(&self) -> bool {
        let unit = self.written().map(|(_, unit)| unit);
        unit.is_some_and(|unit| UnitName::new(unit).factor_to(unit).is_ok())
    }

    /// The order of two values; `None` of those that cannot be compared. Quantities of several units, and a quantity and a text
    /// with a unit, are compared in one unit; a number without one is compared with the number of a quantity.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        let are_texts = self.unit.is_none() && other.unit.is_none();
        if are_texts && (self.is_quantity_text() || other.is_quantity_text()) {
            // Neither is greater when only one of them is a quantity: `name > "1 K"` asks for quantities.
            if !(self.is_quantity_text() && other.is_quantity_text()) {
                return None;
            }
        } else if self.unit == other.unit {
            return self.cell.compare(&other.cell);
        }
        let (Some((a, unit)), Some((b, other_unit))) = (self.quantity(), other.quantity()) else {
            return self.cell.compare(&other.cell);
        };
        let factor = UnitName::new(other_unit).factor_to(unit).ok()?;
        // To the digits that people write, so that 250 cm are 2.5 m.
        let b: f64 = scaled(b, factor).parse().ok()?;
        a.partial_cmp(&b)
    }
}
