//! Whether a condition holds for a row.

use super::{Comparison, Expr, Operand};
use crate::columns::Cell;

impl Expr {
    /// True when it holds. What is missing fits no comparison, nor do values of different kinds; `!=` and `!~` are no
    /// comparisons with what is missing either.
    pub(crate) fn holds(&self, get: &impl Fn(&str) -> Cell) -> bool {
        self.value(get) == Some(true)
    }

    /// Its truth value; `None` where something is missing.
    fn value(&self, get: &impl Fn(&str) -> Cell) -> Option<bool> {
        match self {
            Self::And(a, b) => match (a.value(get), b.value(get)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.value(get), b.value(get)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Not(inner) => inner.value(get).map(|value| !value),
            Self::Compare(a, comparison, b) => compare(&a.cell(get), *comparison, &b.cell(get)),
            Self::Matches(operand, expression) => match operand.cell(get) {
                Cell::Empty => None,
                cell => Some(expression.is_match(&cell.text())),
            },
            Self::In(operand, list) => match operand.cell(get) {
                Cell::Empty => None,
                cell => Some(
                    list.iter()
                        .any(|value| compare(&cell, Comparison::Equal, value) == Some(true)),
                ),
            },
            Self::IsNull(operand) => Some(operand.cell(get).is_empty()),
            Self::True(operand) => match operand.cell(get) {
                Cell::Bool(value) => Some(value),
                Cell::Empty => None,
                _ => Some(false),
            },
        }
    }
}

impl Operand {
    fn cell(&self, get: &impl Fn(&str) -> Cell) -> Cell {
        match self {
            Self::Name(name) => get(name),
            Self::Value(value) => value.clone(),
        }
    }
}

fn compare(a: &Cell, comparison: Comparison, b: &Cell) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let order = a.compare(b);
    Some(match comparison {
        Comparison::Equal => order.is_some_and(std::cmp::Ordering::is_eq),
        Comparison::NotEqual => !order.is_some_and(std::cmp::Ordering::is_eq),
        Comparison::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Comparison::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
        Comparison::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Comparison::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
    })
}
