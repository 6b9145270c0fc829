//! What cells are compared with.

use super::super::Column;
use super::super::pick::Number;
use super::{MISSING, Operator, bare};
use asdf_core::tagged::{Instant, TimeScale};
use std::cmp::Ordering;

/// A value as it was typed, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    text: String,
    kind: Kind,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    Number(Number),
    Truth(bool),
    Time(Instant),
}

impl Value {
    /// A part of a text.
    pub(super) fn part(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            kind: Kind::Text,
        }
    }

    /// A value that cells of a column are compared with.
    ///
    /// # Errors
    /// It is of another kind than the cells are.
    pub(super) fn of(typed: &str, column: &Column) -> Result<Self, String> {
        let text = bare(typed);
        let (name, datatype) = (&column.name, &column.datatype);
        let is_quoted = text.len() < typed.len();
        if text.eq_ignore_ascii_case("null") && !is_quoted {
            return Err(format!("no value equals null: `{name} is null`"));
        }
        let number = Number::parse(text);
        let kind = if is_number(column) {
            let number = number
                .ok_or_else(|| format!("`{text}` is not a number, and {name} is {datatype}"))?;
            if number.float.is_nan() {
                return Err(format!("no value equals NaN: `{name} is nan`"));
            }
            Kind::Number(number)
        } else if datatype.starts_with("bool") && !datatype.contains('[') {
            let truth = truth(text);
            Kind::Truth(truth.ok_or_else(|| {
                format!("`{text}` is not true or false, and {name} is {datatype}")
            })?)
        } else if let Some(number) = number {
            Kind::Number(number)
        } else {
            time(text).map_or(Kind::Text, Kind::Time)
        };
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// As it was typed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a cell stands so to the value.
    pub(super) fn holds(&self, operator: Operator, cell: &str) -> bool {
        if cell == MISSING && !matches!(self.kind, Kind::Text) {
            return false;
        }
        let order = self.order(cell);
        // A text may look like a number: the letters are compared then.
        let is_same = order == Some(Ordering::Equal) || cell == self.text;
        match operator {
            Operator::Equal => is_same,
            Operator::Unequal => !is_same,
            Operator::Less => order == Some(Ordering::Less),
            Operator::LessEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::GreaterEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Operator::Contains => cell.to_lowercase().contains(&self.text),
        }
    }

    fn order(&self, cell: &str) -> Option<Ordering> {
        match &self.kind {
            Kind::Number(value) => Number::parse(cell)?.partial_cmp(*value),
            Kind::Truth(value) => Some(truth(cell)?.cmp(value)),
            Kind::Time(value) => time(cell)?.compare(value),
            // Numbers and texts have no order.
            Kind::Text if Number::parse(cell).is_some() => None,
            Kind::Text => Some(cell.cmp(&self.text)),
        }
    }
}

/// Whether a cell is NaN.
pub(super) fn is_nan(cell: &str) -> bool {
    cell.parse::<f64>().is_ok_and(f64::is_nan)
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => Some(true),
        "false" | "f" | "0" => Some(false),
        _ => None,
    }
}

/// A date with the year first, or such a date and a time of day.
fn time(text: &str) -> Option<Instant> {
    Instant::of_calendar(text, &TimeScale::Utc)
}

/// Whether the cells of a column are numbers, one each.
fn is_number(column: &Column) -> bool {
    let datatype = column.datatype.as_str();
    let begins = ["int", "uint", "float"]
        .iter()
        .any(|kind| datatype.starts_with(kind));
    begins && !datatype.contains('[')
}
