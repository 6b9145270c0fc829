//! The value in a cell.

use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::fits::CardValue;
use asdf_core::tagged::{Instant, Quantity, Tagged, Time, TimeScale};
use asdf_core::tree::{Value, float_text};
use asdf_core::{AsdfFile, Limits, Node};
use std::cmp::Ordering;

/// A value, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Bool(bool),
    /// Of up to 128 bits, exact.
    Int(i128),
    Float(f64),
    Text(String),
    /// A moment, as it is written.
    Time(String, Instant),
}

impl Cell {
    /// The value of a node, and the unit when it is a quantity. A list or a mapping is its JSON.
    pub(crate) fn of(file: &AsdfFile, node: Node<'_>, limits: &Limits) -> (Self, Option<String>) {
        let at = FileNode { file, node };
        Self::of_scalar(at).unwrap_or_else(|| (Self::Text(json(at, limits)), None))
    }

    /// The same of a scalar and a quantity; `None` for what holds more.
    pub(crate) fn of_scalar(at: FileNode<'_>) -> Option<(Self, Option<String>)> {
        if let Some(quantity) = Quantity::single(at) {
            let node = quantity.values.scalar()?;
            let (cell, _) = Self::of_scalar(FileNode { node, ..at })?;
            return Some((cell, Some(quantity.unit.to_string())));
        }
        if let Some(cell) = moment(at) {
            return Some((cell, None));
        }
        let cell = match at.node.value() {
            Value::Null => Self::Empty,
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value.into()),
            Value::BigInt(value) => match value.as_str().parse() {
                Ok(value) => Self::Int(value),
                Err(_) => Self::Text(value.as_str().to_owned()),
            },
            Value::Float(value) => Self::Float(value),
            Value::Timestamp(time) => Self::Text(time.to_string()),
            Value::Str(text) => Self::Text(text.to_owned()),
            _ => return None,
        };
        Some((cell, None))
    }

    /// The value of a card.
    pub(crate) fn of_card(value: CardValue) -> Self {
        match value {
            CardValue::Text(text) | CardValue::Unreadable(text) => Self::Text(text),
            CardValue::Logical(value) => Self::Bool(value),
            CardValue::Integer(value) => Self::Int(value),
            CardValue::Float(value) => Self::Float(value),
            CardValue::Complex(real, imaginary) => {
                Self::Text(format!("({}, {})", float_text(real), float_text(imaginary)))
            }
            _ => Self::Empty,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The number, rounded where it is an integer that no float is; truth values are none.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "for what is rounded anyway")]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// As it is written; nothing for an empty cell.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => float_text(*value),
            Self::Text(text) | Self::Time(text, _) => text.clone(),
        }
    }

    /// The order of cells of one kind; `None` for cells that cannot be compared.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Time(_, a), Self::Time(_, b)) => a.compare(b),
            // A date without a zone is of the scale of the moment that it is compared with.
            (Self::Time(_, a), Self::Text(b)) => a.compare(&Instant::of_calendar(b, a.scale())?),
            (Self::Text(a), Self::Time(_, b)) => Instant::of_calendar(a, b.scale())?.compare(b),
            (Self::Text(a), Self::Text(b)) => match (date(a), date(b)) {
                (Some(a), Some(b)) => a.compare(&b),
                _ => Some(a.cmp(b)),
            },
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Float(b)) => exact_order(*a, *b),
            (Self::Float(a), Self::Int(b)) => exact_order(*b, *a).map(Ordering::reverse),
            _ => None,
        }
    }

    /// True for an integer that is not a float.
    pub(crate) fn is_rounded(&self) -> bool {
        match (self, self.number()) {
            (Self::Int(value), Some(number)) => {
                exact_order(*value, number) != Some(Ordering::Equal)
            }
            _ => false,
        }
    }

    /// The moment that it is, or that its text is.
    fn instant(&self) -> Option<Instant> {
        match self {
            Self::Time(_, instant) => Some(instant.clone()),
            Self::Text(text) => date(text),
            _ => None,
        }
    }

    /// An order of all cells for sorting: numbers, truth values, moments, text, and empty ones last.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        if let (Some(a), Some(b)) = (self.instant(), other.instant()) {
            return a.order(&b);
        }
        let rank = |cell: &Self| match cell {
            Self::Int(_) | Self::Float(_) => 0,
            Self::Bool(_) => 1,
            Self::Time(..) => 2,
            Self::Text(text) if date(text).is_some() => 2,
            Self::Text(_) => 3,
            Self::Empty => 4,
        };
        let nan = |cell: &Self| cell.number().is_some_and(f64::is_nan);
        rank(self).cmp(&rank(other)).then_with(|| {
            self.compare(other)
                .unwrap_or_else(|| nan(self).cmp(&nan(other)))
        })
    }
}

/// The moment of a text that is a date.
fn date(text: &str) -> Option<Instant> {
    Instant::of_calendar(text, &TimeScale::Utc)
}

/// A single moment: one of the tag, with or without a mapping, or a timestamp of YAML.
fn moment(at: FileNode<'_>) -> Option<Cell> {
    let Value::Timestamp(time) = at.node.value() else {
        let is_text = at.node.text().is_some() && at.is_tagged::<Time<'_>>();
        let time = if is_text {
            Time::from_node(at).ok()?
        } else {
            Time::single(at)?
        };
        return Some(Cell::Time(time.to_string(), time.instant()?));
    };
    let text = time.to_string();
    let instant = date(&text)?;
    Some(Cell::Time(text, instant))
}

/// The order of an integer and a float, without rounding the integer; `None` for NaN.
fn exact_order(a: i128, b: f64) -> Option<Ordering> {
    /// 2^127, which is a float.
    const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
    if b.is_nan() {
        return None;
    }
    if b >= BEYOND {
        return Some(Ordering::Less);
    }
    if b < -BEYOND {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range")]
    let whole = b.trunc() as i128;
    Some(
        a.cmp(&whole)
            .then_with(|| 0.0_f64.total_cmp(&(b.fract() + 0.0))),
    )
}

fn json(at: FileNode<'_>, limits: &Limits) -> String {
    let mut out = Vec::new();
    match write_json(at, References::Keep, &mut out, limits) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        // What is too large for a document says what it is.
        Err(_) => at.node.describe().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_are_compared_without_rounding() {
        let order = |a: i128, b: f64| Cell::Int(a).compare(&Cell::Float(b));
        for (a, b, wanted) in [
            (
                9_007_199_254_740_993,
                9_007_199_254_740_992.0,
                Ordering::Greater,
            ),
            (
                9_223_372_036_854_775_807,
                9_223_372_036_854_775_808.0,
                Ordering::Less,
            ),
            (
                9_223_372_036_854_775_808,
                9_223_372_036_854_775_808.0,
                Ordering::Equal,
            ),
            (
                18_446_744_073_709_551_617,
                18_446_744_073_709_551_616.0,
                Ordering::Greater,
            ),
            (i128::MAX, 1e300, Ordering::Less),
            (i128::MIN, f64::NEG_INFINITY, Ordering::Greater),
            (2, 2.5, Ordering::Less),
            (-2, -2.5, Ordering::Greater),
            (0, -0.0, Ordering::Equal),
        ] {
            assert_eq!(order(a, b), Some(wanted), "{a} {b}");
            let turned = Cell::Float(b).compare(&Cell::Int(a));
            assert_eq!(turned, Some(wanted.reverse()), "{b} {a}");
        }
        assert_eq!(order(1, f64::NAN), None);
    }
}
