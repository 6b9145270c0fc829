//! Values as Arrow's arrays, and back.

use super::{Cell, Kind};
use arrow_array::builder::{
    BooleanBuilder, FixedSizeBinaryBuilder, Float64Builder, Int32Builder, Int64Builder,
    StringBuilder, TimestampMicrosecondBuilder, TimestampMillisecondBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
};
use arrow_array::{Array, ArrayRef, ListArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Field};
use asdf_core::tree::float_text;
use std::sync::Arc;

/// An array of that kind; a value of a narrower kind is widened, one that does not fit is missing.
///
/// # Errors
/// The array is larger than Arrow's.
pub fn to_array(kind: &Kind, cells: &[Option<Cell>]) -> Result<ArrayRef, ArrowError> {
    let cells = cells.iter().map(Option::as_ref);
    Ok(match kind {
        Kind::Bool => {
            let mut out = BooleanBuilder::new();
            cells.for_each(|cell| {
                out.append_option(match cell {
                    Some(Cell::Bool(value)) => Some(*value),
                    _ => None,
                });
            });
            Arc::new(out.finish())
        }
        Kind::Int32 => {
            let mut out = Int32Builder::new();
            cells.for_each(|cell| {
                out.append_option(integer(cell).and_then(|value| i32::try_from(value).ok()));
            });
            Arc::new(out.finish())
        }
        Kind::Int => {
            let mut out = Int64Builder::new();
            cells.for_each(|cell| out.append_option(integer(cell)));
            Arc::new(out.finish())
        }
        Kind::Float => {
            let mut out = Float64Builder::new();
            cells.for_each(|cell| out.append_option(cell.and_then(number)));
            Arc::new(out.finish())
        }
        Kind::Millis => {
            let mut out = TimestampMillisecondBuilder::new().with_timezone("UTC");
            cells.for_each(|cell| out.append_option(integer(cell)));
            Arc::new(out.finish())
        }
        Kind::Time => {
            let mut out = TimestampMicrosecondBuilder::new().with_timezone("UTC");
            cells.for_each(|cell| out.append_option(integer(cell)));
            Arc::new(out.finish())
        }
        Kind::Text => {
            let mut out = StringBuilder::new();
            cells.for_each(|cell| match cell {
                Some(Cell::Text(text)) => out.append_value(text),
                other => out.append_option(other.map(Cell::plain_text)),
            });
            Arc::new(out.finish())
        }
        Kind::Digest => {
            let mut out = FixedSizeBinaryBuilder::new(16);
            for cell in cells {
                match cell {
                    Some(Cell::Digest(bytes)) => out.append_value(bytes)?,
                    _ => out.append_null(),
                }
            }
            Arc::new(out.finish())
        }
        Kind::List(item) => list(item, cells)?,
    })
}

fn list<'c>(
    item: &Kind,
    cells: impl Iterator<Item = Option<&'c Cell>>,
) -> Result<ArrayRef, ArrowError> {
    let (mut values, mut lengths, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let items = match cell {
            Some(Cell::List(items)) => Some(items),
            _ => None,
        };
        lengths.push(items.map_or(0, Vec::len));
        there.push(items.is_some());
        values.extend(items.into_iter().flatten().cloned().map(Some));
    }
    let field = Arc::new(Field::new("item", item.data_type(), true));
    let values = to_array(item, &values)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    let there = NullBuffer::from(there);
    let list = ListArray::try_new(field, offsets, values, Some(there))?;
    Ok(Arc::new(list))
}

fn integer(cell: Option<&Cell>) -> Option<i64> {
    match cell? {
        Cell::Int(value) | Cell::Time(value) => Some(*value),
        _ => None,
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a column of integers and numbers is one of numbers"
        )]
        Cell::Int(value) => Some(*value as f64),
        Cell::Float(value) => Some(*value),
        _ => None,
    }
}

impl Cell {
    /// Bytes of its text, and of that in a list.
    pub(crate) fn heap(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(Self::heap).sum(),
            _ => 0,
        }
    }

    /// The value as text, where whole numbers look alike: integers beside numbers have become numbers in some rows, depending on which rows
    /// were together, before texts beside them made all of them text.
    fn plain_text(&self) -> String {
        /// From here on not every integer is a number.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number below the limit"
            )]
            Self::Float(value) if value.fract() == 0.0 && value.abs() < WHOLE => {
                (*value as i64).to_string()
            }
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::plain_text).collect();
                format!("[{}]", items.join(", "))
            }
            other => other.text(),
        }
    }

    /// A number as text with its unit; what is not a number stays as it is.
    pub(crate) fn with_unit(self, unit: &str) -> Self {
        match self {
            Self::Int(_) | Self::Float(_) => Self::Text(format!("{} {unit}", self.text())),
            other => other,
        }
    }

    /// The value as text.
    pub fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => float_text(*value),
            Self::Time(microseconds) => time_text(*microseconds),
            Self::Text(text) => text.clone(),
            Self::Digest(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::text).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }
}

/// A moment as ISO 8601 has it.
fn time_text(microseconds: i64) -> String {
    let day = microseconds.div_euclid(86_400_000_000);
    let rest = microseconds.rem_euclid(86_400_000_000);
    // Years from March on: the leap day is the last of its year.
    let days = day + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = format!("{fraction:06}");
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}{dot}{fraction}")
}

/// The values of an array of that kind.
pub fn cells(kind: &Kind, array: &dyn Array) -> Vec<Option<Cell>> {
    let rows = 0..array.len();
    let there = |row: usize| !array.is_null(row);
    let make = |value: &dyn Fn(usize) -> Cell| {
        rows.clone()
            .map(|row| there(row).then(|| value(row)))
            .collect()
    };
    match kind {
        Kind::Bool => {
            let array = array.as_boolean();
            make(&|row| Cell::Bool(array.value(row)))
        }
        Kind::Int32 => {
            let array = array.as_primitive::<Int32Type>();
            make(&|row| Cell::Int(array.value(row).into()))
        }
        Kind::Int => {
            let array = array.as_primitive::<Int64Type>();
            make(&|row| Cell::Int(array.value(row)))
        }
        Kind::Float => {
            let array = array.as_primitive::<Float64Type>();
            make(&|row| Cell::Float(array.value(row)))
        }
        Kind::Millis => {
            let array = array.as_primitive::<TimestampMillisecondType>();
            make(&|row| Cell::Time(array.value(row).saturating_mul(1000)))
        }
        Kind::Time => {
            let array = array.as_primitive::<TimestampMicrosecondType>();
            make(&|row| Cell::Time(array.value(row)))
        }
        Kind::Text => {
            let array = array.as_string::<i32>();
            make(&|row| Cell::Text(array.value(row).to_owned()))
        }
        Kind::Digest => {
            let array = array.as_fixed_size_binary();
            make(&|row| {
                let bytes = array.value(row).first_chunk();
                Cell::Digest(bytes.copied().unwrap_or_default())
            })
        }
        Kind::List(item) => {
            let array = array.as_list::<i32>();
            make(&|row| {
                let items = cells(item, &array.value(row));
                Cell::List(items.into_iter().flatten().collect())
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_from_arrays_and_widen() {
        let back = |kind: &Kind, values: &[Option<Cell>]| {
            let array = to_array(kind, values).unwrap();
            assert_eq!(array.data_type(), &kind.data_type());
            cells(kind, &array)
        };
        let values = [Some(Cell::Int(3)), None];
        assert_eq!(back(&Kind::Int, &values), values);
        assert_eq!(back(&Kind::Int32, &values), values);
        assert_eq!(back(&Kind::Float, &values), [Some(Cell::Float(3.0)), None]);
        for three in [Cell::Int(3), Cell::Float(3.0)] {
            assert_eq!(
                back(&Kind::Text, &[Some(three), None]),
                [Some(Cell::Text("3".into())), None]
            );
        }
        let values = [
            Some(Cell::List(vec![Cell::Int(1), Cell::Int(2)])),
            None,
            Some(Cell::List(Vec::new())),
        ];
        assert_eq!(back(&Kind::Int.list(), &values), values);
        let values = [Some(Cell::Digest([7; 16])), None];
        assert_eq!(back(&Kind::Digest, &values), values);
        let values = [Some(Cell::Time(1_805_036_966_535_000)), None];
        assert_eq!(back(&Kind::Time, &values), values);
    }

    /// By `datetime.fromtimestamp(s, timezone.utc).isoformat()`.
    #[test]
    fn moments_are_iso_texts() {
        for (microseconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (1_805_036_966_535_000, "2027-03-14T15:09:26.535"),
            (-1, "1969-12-31T23:59:59.999999"),
            (951_782_400_000_000, "2000-02-29T00:00:00"),
        ] {
            assert_eq!(Cell::Time(microseconds).text(), text);
        }
    }
}
