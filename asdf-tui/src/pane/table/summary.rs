//! Statistics and frequencies of a column, over the rows that show.

use super::Column;
use super::load;
use super::pick::Number;
use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::array::NumberStats;
use asdf_core::tree::float_text;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// The rows of a table that show.
#[derive(Debug, Clone)]
pub struct ShownRows {
    /// How many.
    pub count: u64,
    /// Their numbers, when they are not all in their own order.
    pub picked: Option<Arc<Vec<u64>>>,
}

impl ShownRows {
    /// The numbers of some of them.
    pub(super) fn numbers(&self, range: &Range<u64>) -> Option<&[u64]> {
        let picked = self.picked.as_ref()?;
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
        Some(
            picked
                .get(at(range.start)..at(range.end).min(picked.len()))
                .unwrap_or_default(),
        )
    }

    /// Batches of rows.
    pub(super) fn batches(&self) -> impl Iterator<Item = Range<u64>> + use<> {
        const BATCH: u64 = 1 << 15;
        let count = self.count;
        let batches = count.div_ceil(BATCH);
        (0..batches).map(move |batch| batch * BATCH..((batch + 1) * BATCH).min(count))
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SummaryAsk {
    /// The column.
    pub column: Column,
    /// The rows.
    pub rows: ShownRows,
}

/// Different values that are counted.
const MOST_VALUES: usize = 1_000_000;
/// Numbers that are kept for the quantiles.
const MOST_NUMBERS: usize = 50_000_000;

/// Numbers of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// Least and greatest, as the cells have them.
    pub range: [String; 2],
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (by N).
    pub deviation: f64,
    /// Quarter, median, three quarters: between two numbers linearly.
    pub quartiles: [f64; 3],
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Rows.
    pub rows: u64,
    /// Cells without a value: masked, or NaN.
    pub missing: u64,
    /// The numbers, where all cells with a value are finite numbers.
    pub numbers: Option<Numbers>,
    /// How many different values there are; `None` when there are too many to be counted.
    pub distinct: Option<usize>,
    /// The values that occur most, with how often they do: most first, then in the order in which they come.
    pub frequent: Vec<(String, u64)>,
}

/// The state of the overlay.
#[derive(Debug)]
pub struct SummaryPane {
    /// What is asked for.
    pub ask: SummaryAsk,
    /// What was found, or why nothing; `None` while it is computed.
    pub found: Option<Result<Arc<Summary>, String>>,
    /// Rows done, and all.
    pub progress: Option<(u64, u64)>,
    /// The first line that shows.
    pub cursor: Cursor,
}

impl SummaryPane {
    /// A summary that has been asked for.
    pub fn new(ask: SummaryAsk) -> Self {
        Self {
            ask,
            found: None,
            progress: None,
            cursor: Cursor::default(),
        }
    }
}

/// Names and values, a line each; the values that occur most after a heading, which has no value.
impl Summary {
    /// The lines that show.
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines = vec![
            ("rows".to_owned(), self.rows.to_string()),
            ("without value".to_owned(), self.missing.to_string()),
        ];
        let distinct = self.distinct.map_or_else(
            || format!("more than {MOST_VALUES}"),
            |count| count.to_string(),
        );
        lines.push(("different values".to_owned(), distinct));
        if let Some(numbers) = &self.numbers {
            let [low, high] = &numbers.range;
            let [first, median, third] = numbers.quartiles;
            for (name, value) in [
                ("min", low.clone()),
                ("25 %", float_text(first)),
                ("median", float_text(median)),
                ("75 %", float_text(third)),
                ("max", high.clone()),
                ("mean", float_text(numbers.mean)),
                ("std (N)", float_text(numbers.deviation)),
            ] {
                lines.push((name.to_owned(), value));
            }
        }
        if !self.frequent.is_empty() {
            lines.push(("most frequent".to_owned(), String::new()));
            let each = self.frequent.iter();
            lines.extend(each.map(|(value, count)| (format!("  {value}"), count.to_string())));
        }
        lines
    }
}

impl SummaryAsk {
    /// Reads the column; `None` when it was cancelled.
    pub fn find(
        &self,
        file: &AsdfFile,
        cancel: &AtomicBool,
        tell: &dyn Fn(u64, u64),
    ) -> Option<Result<Summary, String>> {
        let mut tally = Tally::default();
        for range in self.rows.batches() {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            let numbers = self.rows.numbers(&range);
            match load::raw(file, &self.column, numbers, range.clone()) {
                Ok(cells) => {
                    for cell in cells {
                        tally.add(cell);
                    }
                }
                Err(error) => return Some(Err(error.kind().to_string())),
            }
            if tally.numbers.len() > MOST_NUMBERS {
                return Some(Err(format!(
                    "more than {MOST_NUMBERS} numbers; 6 has the statistics of whole arrays"
                )));
            }
            tell(range.end, self.rows.count);
        }
        Some(Ok(tally.finish()))
    }
}

/// What is counted on the way.
#[derive(Debug, Default)]
struct Tally {
    rows: u64,
    missing: u64,
    has_others: bool,
    numbers: Vec<f64>,
    range: Option<[(Number, String); 2]>,
    /// How often each value occurs, and where it did first.
    counts: HashMap<String, (u64, u64)>,
    is_over: bool,
}

impl Tally {
    fn add(&mut self, cell: String) {
        self.rows += 1;
        let number = Number::parse(&cell);
        if cell == "--" || number.is_some_and(|number| number.float.is_nan()) {
            self.missing += 1;
            return;
        }
        match number.filter(|number| number.float.is_finite()) {
            Some(number) => {
                self.numbers.push(number.float);
                let own = || (number, cell.clone());
                match &mut self.range {
                    None => self.range = Some([own(), own()]),
                    Some([low, high]) => {
                        if number.total_cmp(low.0).is_lt() {
                            *low = own();
                        }
                        if number.total_cmp(high.0).is_gt() {
                            *high = own();
                        }
                    }
                }
            }
            None => self.has_others = true,
        }
        if self.is_over {
            return;
        }
        let place = self.rows;
        self.counts.entry(cell).or_insert((0, place)).0 += 1;
        self.is_over = self.counts.len() > MOST_VALUES;
    }

    fn finish(mut self) -> Summary {
        const SHOWN: usize = 20;
        let distinct = (!self.is_over).then_some(self.counts.len());
        let mut counts: Vec<(String, (u64, u64))> = self.counts.drain().collect();
        counts.sort_by_key(|(_, (count, place))| (u64::MAX - count, *place));
        // What occurs once is not frequent, unless all of it can be shown.
        let shows_all = counts.len() <= SHOWN;
        let frequent = counts.into_iter().take(SHOWN);
        let frequent = frequent.filter(|(_, (count, _))| shows_all || *count > 1);
        let frequent = frequent.map(|(value, (count, _))| (value, count));
        let frequent: Vec<(String, u64)> = if self.is_over {
            Vec::new()
        } else {
            frequent.collect()
        };
        let range = self.range.take().filter(|_| !self.has_others);
        let stats = range.and_then(|range| Some((range, NumberStats::of(&self.numbers)?)));
        let numbers = stats.map(|([low, high], stats)| Numbers {
            range: [low.1, high.1],
            mean: stats.mean,
            deviation: stats.std,
            quartiles: [25, 50, 75].map(|percent| stats.percentile(percent)),
        });
        Summary {
            rows: self.rows,
            missing: self.missing,
            numbers,
            distinct,
            frequent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(cells: &[&str]) -> Summary {
        let mut tally = Tally::default();
        for cell in cells {
            tally.add((*cell).to_owned());
        }
        tally.finish()
    }

    #[test]
    fn numbers_are_as_numpy_has_them() {
        // numpy: mean, std, quantile of [1, 2, 2, 10.5].
        let found = summary(&["2", "10.5", "nan", "1", "--", "2"]);
        let numbers = found.numbers.as_ref().unwrap();
        assert_eq!(numbers.range, ["1", "10.5"]);
        assert_eq!(
            (numbers.mean, numbers.quartiles),
            (3.875, [1.75, 2.0, 4.125])
        );
        assert!((numbers.deviation - 3.846_670_638_357_279_5).abs() < 1e-15);
        assert_eq!((found.rows, found.missing, found.distinct), (6, 2, Some(3)));
        assert_eq!(found.frequent[0], ("2".to_owned(), 2));
    }

    #[test]
    fn texts_have_frequencies_only() {
        let found = summary(&["NGC 1", "M 31", "NGC 1", "12"]);
        assert_eq!(found.numbers, None);
        assert_eq!(
            found.frequent,
            [
                ("NGC 1".to_owned(), 2),
                ("M 31".to_owned(), 1),
                ("12".to_owned(), 1)
            ]
        );
        let whole = summary(&["9007199254740993", "9007199254740992"]);
        let range = whole.numbers.unwrap().range;
        assert_eq!(range, ["9007199254740992", "9007199254740993"]);
    }
}
