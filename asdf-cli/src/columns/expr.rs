//! Conditions on rows: `exposure_time > 100 and detector == "WFI01"`. The grammar is in `docs/table.md`.

mod holds;
mod parser;
mod token;

use crate::columns::{Cell, Valued};
use regex::Regex;
use std::str::FromStr;

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Compare(Operand, Comparison, Operand),
    /// The text has a part that is like this.
    Matches(Operand, Regex),
    In(Operand, Vec<Cell>),
    IsNull(Operand),
    /// A truth value by itself.
    True(Operand),
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A column, or a path.
    Name(String),
    Value(Cell),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl FromStr for Expr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parser::parse(text)
    }
}

impl Expr {
    /// The columns and paths that it names.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut out = Vec::new();
        self.add_names(&mut out);
        out
    }

    /// Those of them that values are compared of: not asked only whether they are null.
    pub(crate) fn compared(&self) -> Vec<&str> {
        match self {
            Self::And(a, b) | Self::Or(a, b) => [a.compared(), b.compared()].concat(),
            Self::Not(inner) => inner.compared(),
            Self::IsNull(_) => Vec::new(),
            _ => self.names(),
        }
    }

    /// The names that are compared with values, each with the unit that is written with the value, if there is one.
    pub(crate) fn units(&self) -> Vec<(&str, Option<String>)> {
        match self {
            Self::And(a, b) | Self::Or(a, b) => [a.units(), b.units()].concat(),
            Self::Not(inner) => inner.units(),
            Self::Compare(Operand::Name(name), _, Operand::Value(value))
            | Self::Compare(Operand::Value(value), _, Operand::Name(name)) => {
                vec![(name, unit(value))]
            }
            Self::In(Operand::Name(name), list) => list
                .iter()
                .map(|value| (name.as_str(), unit(value)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn add_names<'e>(&'e self, out: &mut Vec<&'e str>) {
        match self {
            Self::And(a, b) | Self::Or(a, b) => {
                a.add_names(out);
                b.add_names(out);
            }
            Self::Not(inner) => inner.add_names(out),
            Self::Compare(a, _, b) => out.extend([a, b].into_iter().filter_map(Operand::name)),
            Self::Matches(a, _) | Self::In(a, _) | Self::IsNull(a) | Self::True(a) => {
                out.extend(a.name());
            }
        }
    }
}

/// The unit in a text such as `2 m`.
fn unit(value: &Cell) -> Option<String> {
    let valued = Valued::from(value.clone());
    valued.written().map(|(_, unit)| unit.to_owned())
}

impl Operand {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Value(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
