//! Whether a condition holds for a row.

use super::{Comparison, Expr, Operand};
use crate::columns::{Cell, Valued};

impl Expr {
    /// True when it holds. What is missing fits no comparison, nor do values of different kinds; `!=` and `!~` are no
    /// comparisons with what is missing either.
    pub(crate) fn holds(&self, get: &impl Fn(&str) -> Valued) -> bool {
        self.value(get) == Some(true)
    }

    /// Its truth value; `None` where something is missing.
    fn value(&self, get: &impl Fn(&str) -> Valued) -> Option<bool> {
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
            Self::Compare(a, comparison, b) => compare(&a.valued(get), *comparison, &b.valued(get)),
            Self::Matches(operand, expression) => match operand.cell(get) {
                Cell::Empty => None,
                cell => Some(expression.is_match(&cell.text())),
            },
            Self::In(operand, list) => {
                let valued = operand.valued(get);
                let is_it = |value: &Cell| {
                    let value = Valued::from(value.clone());
                    compare(&valued, Comparison::Equal, &value) == Some(true)
                };
                (!valued.cell.is_empty()).then(|| list.iter().any(is_it))
            }
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
    fn valued(&self, get: &impl Fn(&str) -> Valued) -> Valued {
        match self {
            Self::Name(name) => get(name),
            Self::Value(value) => value.clone().into(),
        }
    }

    fn cell(&self, get: &impl Fn(&str) -> Valued) -> Cell {
        self.valued(get).cell
    }
}

fn compare(a: &Valued, comparison: Comparison, b: &Valued) -> Option<bool> {
    if a.cell.is_empty() || b.cell.is_empty() {
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
