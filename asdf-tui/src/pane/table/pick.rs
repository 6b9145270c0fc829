//! Which rows of a table show, and in which order.

use super::Column;
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

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Contains,
}

/// The operators as they are typed; those that begin with another stand before it.
const OPERATORS: [(&str, Operator); 8] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::LessEqual),
    (">=", Operator::GreaterEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
    ("~", Operator::Contains),
];

/// A condition on rows: `flux > 3.5`, `name ~ NGC`, or a text that some cell contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As it was typed.
    pub text: String,
    /// The column; `None` for any.
    column: Option<usize>,
    operator: Operator,
    value: String,
}

impl Filter {
    /// Parses a condition; names of columns need not be written in full.
    ///
    /// # Errors
    /// There is an operator, and what stands before it names no column.
    pub fn parse(text: &str, columns: &[Column]) -> Result<Self, String> {
        let text = text.trim();
        let split = OPERATORS.iter().filter_map(|(sign, operator)| {
            let at = text.find(sign)?;
            Some((at, sign.len(), *operator))
        });
        // Of those at the same place the longest, which stands first.
        let Some((at, length, operator)) = split.min_by_key(|found| found.0) else {
            return Ok(Self {
                text: text.to_owned(),
                column: None,
                operator: Operator::Contains,
                value: text.to_lowercase(),
            });
        };
        let name = text.get(..at).unwrap_or_default().trim();
        let value = text.get(at + length..).unwrap_or_default().trim();
        let exact = columns.iter().position(|column| column.name == name);
        let begins = |column: &Column| column.name.to_lowercase().starts_with(&name.to_lowercase());
        let column = exact.or_else(|| columns.iter().position(begins));
        match column.filter(|_| !name.is_empty()) {
            Some(column) => Ok(Self {
                text: text.to_owned(),
                column: Some(column),
                operator,
                value: value.trim_matches(['"', '\'']).to_owned(),
            }),
            None => Err(format!("no column `{name}`")),
        }
    }

    fn holds(&self, cell: &str) -> bool {
        let order = || match (Number::parse(cell), Number::parse(&self.value)) {
            (Some(cell), Some(value)) => cell.partial_cmp(value),
            _ => Some(cell.cmp(&self.value)),
        };
        match self.operator {
            Operator::Contains => cell.to_lowercase().contains(&self.value.to_lowercase()),
            Operator::Equal => order() == Some(Ordering::Equal),
            Operator::Unequal => order() != Some(Ordering::Equal),
            Operator::Less => order() == Some(Ordering::Less),
            Operator::LessEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order() == Some(Ordering::Greater),
            Operator::GreaterEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

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
struct Number {
    float: f64,
    whole: i128,
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let float: f64 = text.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "of floats alike, fractions are too"
        )]
        let whole = text.parse().unwrap_or(float as i128);
        Some(Self { float, whole })
    }

    fn total_cmp(self, other: Self) -> Ordering {
        let order = self.float.total_cmp(&other.float);
        order.then(self.whole.cmp(&other.whole))
    }

    /// `None` when one of them is NaN.
    fn partial_cmp(self, other: Self) -> Option<Ordering> {
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
        for (number, column) in ask.columns.iter().enumerate() {
            if filter.column.is_some_and(|wanted| wanted != number) {
                continue;
            }
            for (pass, cell) in passes.iter_mut().zip(cells(column)?) {
                *pass |= filter.holds(&cell);
            }
        }
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

    fn columns() -> Vec<Column> {
        let file = AsdfFile::open(crate::testing::file("made/record_simple.asdf")).unwrap();
        let column = |name: &str| Column {
            name: name.to_owned(),
            unit: None,
            datatype: String::new(),
            node: file.tree().root().id(),
            field: None,
        };
        vec![column("flux"), column("flag"), column("name")]
    }

    #[test]
    fn a_condition_names_a_column_by_its_beginning() {
        let columns = columns();
        let filter = Filter::parse("fla >= 3", &columns).unwrap();
        assert_eq!(
            (filter.column, filter.operator),
            (Some(1), Operator::GreaterEqual)
        );
        assert!(filter.holds("3") && filter.holds("12") && !filter.holds("2"));
        let filter = Filter::parse("name ~ ngc", &columns).unwrap();
        assert!(filter.holds("NGC 7027") && !filter.holds("M 57"));
        let error = Filter::parse("mass > 3", &columns).unwrap_err();
        assert_eq!(error, "no column `mass`");
    }

    #[test]
    fn without_an_operator_any_cell_may_contain_the_text() {
        let filter = Filter::parse("57", &columns()).unwrap();
        assert_eq!(filter.column, None);
        assert!(filter.holds("M 57"));
    }

    #[test]
    fn what_is_no_number_stays_behind() {
        let mut cells: Vec<Sort> = ["nan", "3", "--", "-1.5", "b"].map(Sort::of).into();
        cells.sort_by(|a, b| a.compare(b, true));
        assert_eq!(cells[..3], ["b", "3", "-1.5"].map(Sort::of));
        let large = ["9007199254740993", "9007199254740992"].map(Sort::of);
        assert_eq!(large[0].compare(&large[1], false), Ordering::Greater);
        let filter = Filter::parse("fla > 9007199254740992", &columns()).unwrap();
        assert!(filter.holds("9007199254740993") && !filter.holds("9007199254740992"));
    }
}
