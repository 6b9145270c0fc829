//! Which rows of a table show, and in which order.

use super::Column;
use super::Filter;
use super::Sorting;
use super::load;
use asdf_core::AsdfFile;
use asdf_core::Error;
use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Rows that are read at a time.
const BATCH: u64 = 1 << 16;
/// Rows that are kept.
const MOST_ROWS: usize = 20_000_000;

/// What is to be picked.
#[derive(Debug, Clone)]
pub struct PickAsk {
    /// The columns of the table.
    pub columns: Arc<Vec<Column>>,
    /// Its rows.
    pub rows: u64,
    /// The order.
    pub sorting: Option<Sorting>,
    /// The condition.
    pub filter: Option<Filter>,
}

/// The rows of the table in the order in which they show.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    /// Numbers of rows.
    pub rows: Arc<Vec<u64>>,
}

/// What stands in a cell, in the order of a column: numbers, then texts, then what is not a number.
#[derive(Debug, Clone, PartialEq)]
enum Sort {
    Number(Number),
    Text(String),
    Nothing,
}

/// A number, and what it is exactly if it is whole: floats hold integers up to 2^53 only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub(super) float: f64,
    whole: i128,
}

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let float: f64 = text.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "of floats alike, fractions are too"
        )]
        let whole = text.parse().unwrap_or(float as i128);
        Some(Self { float, whole })
    }

    pub(super) fn total_cmp(self, other: Self) -> Ordering {
        let order = self.float.total_cmp(&other.float);
        order.then(self.whole.cmp(&other.whole))
    }

    /// `None` when one of them is NaN.
    pub(super) fn partial_cmp(self, other: Self) -> Option<Ordering> {
        let order = self.float.partial_cmp(&other.float)?;
        Some(order.then(self.whole.cmp(&other.whole)))
    }
}

impl Sort {
    fn of(cell: &str) -> Self {
        match (cell, Number::parse(cell)) {
            ("--", _) => Self::Nothing,
            (_, Some(value)) if value.float.is_nan() => Self::Nothing,
            (_, Some(value)) => Self::Number(value),
            _ => Self::Text(cell.to_owned()),
        }
    }

    /// What is not a number stays behind in either direction.
    fn compare(&self, other: &Self, is_descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(*b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Nothing, Self::Nothing) => return Ordering::Equal,
            (Self::Nothing, _) => return Ordering::Greater,
            (_, Self::Nothing) => return Ordering::Less,
        };
        if is_descending {
            order.reverse()
        } else {
            order
        }
    }
}

/// Goes over the rows; `None` when it was cancelled.
pub fn pick(
    file: &AsdfFile,
    ask: &PickAsk,
    cancel: &AtomicBool,
    tell: &dyn Fn(u64, u64),
) -> Option<Result<Pick, String>> {
    let mut found: Vec<(Sort, u64)> = Vec::new();
    let mut first = 0;
    while first < ask.rows {
        if cancel.load(std::sync::atomic::Ordering::Relaxed) {
            return None;
        }
        let rows = first..(first + BATCH).min(ask.rows);
        first = rows.end;
        if let Err(error) = batch(file, ask, rows, &mut found) {
            return Some(Err(error.kind().to_string()));
        }
        if found.len() > MOST_ROWS {
            let most = MOST_ROWS;
            return Some(Err(format!("more than {most} rows would have to be kept")));
        }
        tell(first, ask.rows);
    }
    if let Some(sorting) = ask.sorting {
        found.sort_by(|a, b| a.0.compare(&b.0, sorting.is_descending));
    }
    let rows = found.into_iter().map(|found| found.1).collect();
    Some(Ok(Pick {
        rows: Arc::new(rows),
    }))
}

fn batch(
    file: &AsdfFile,
    ask: &PickAsk,
    rows: std::ops::Range<u64>,
    found: &mut Vec<(Sort, u64)>,
) -> Result<(), Error> {
    let count = rows.end - rows.start;
    let cells = |column: &Column| -> Result<Vec<String>, Error> {
        let data = load::elements(file, column, rows.clone())?;
        Ok(load::texts(&data, column, count))
    };
    let mut passes = vec![ask.filter.is_none(); usize::try_from(count).unwrap_or(0)];
    if let Some(filter) = &ask.filter {
        passes = filter.passes(
            passes.len(),
            &mut |number| {
                let column = ask.columns.get(number);
                column.map_or_else(|| Ok(Vec::new()), &cells)
            },
            ask.columns.len(),
        )?;
    }
    let keys = match ask
        .sorting
        .and_then(|sorting| ask.columns.get(sorting.column))
    {
        Some(column) => cells(column)?.iter().map(|cell| Sort::of(cell)).collect(),
        None => vec![Sort::Nothing; passes.len()],
    };
    let kept = passes.into_iter().zip(keys).zip(rows);
    found.extend(
        kept.filter(|((pass, _), _)| *pass)
            .map(|((_, key), row)| (key, row)),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_stays_behind() {
        let mut cells: Vec<Sort> = ["nan", "3", "--", "-1.5", "b"].map(Sort::of).into();
        cells.sort_by(|a, b| a.compare(b, true));
        assert_eq!(cells[..3], ["b", "3", "-1.5"].map(Sort::of));
        let large = ["9007199254740993", "9007199254740992"].map(Sort::of);
        assert_eq!(large[0].compare(&large[1], false), Ordering::Greater);
    }
}
